#!/usr/bin/env python3
"""One list of misfortunes through all three clients at once: C++ (`nutgraf tail`), Python and Node (docs/clients).

After each of them every client has what the log holds for its prefixes, byte for byte; nothing twice but after a kill or a
new epoch; and it knew of each loss within 1.1 s of the next heartbeat that arrived. What the clients asked and were sent is
as docs/schema says. Node's part is left out, with a printed reason, where there is no Node or no zeromq for it.
"""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from harness import PROJECT, Daemon, Stopwatch, Web, ask, program, scratch, until
from lossy_proxy import Proxy, Thief
from newswriter import item, rss
from store_edit import edit_store

sys.path.insert(0, str(PROJECT / "tests" / "wire"))
from check_schemas import faults  # noqa: E402  (Ends with ctest's code for skipped where there is no jsonschema.)

PREFIXES = ["story.en.world.", "story.en.tech."]
TOPICS = {"world": "story.en.world.", "tech": "story.en.tech.", "sport": "story.en.sport."}  # The last for nobody.
KNOWN_WITHIN = 1.1  # Seconds of a Stopwatch.
PATIENCE = 60
HERE = Path(__file__).resolve().parent


class Press:
    """A feed for each category; stories that came stay."""

    def __init__(self, web):
        self.web, self.number = web, 0
        self.items = {c: [] for c in TOPICS}
        self.feeds = [{"id": c, "url": web.url(f"/{c}"), "category": c, "language": "en", "allow_private": True,
                       "full_text": "feed"} for c in TOPICS]
        for category in TOPICS:
            self.write(category, 3)

    def write(self, category, count):
        for _ in range(count):
            self.items[category].insert(0, item(self.number, self.web.url(f"/story/{self.number}"), time.time()))
            self.number += 1
        self.web.put(f"/{category}", rss(category, self.items[category]), "application/rss+xml")


class Witness:
    """Everything that passed between the daemon and its clients, once each, to be held against the schemas."""

    def __init__(self):
        self.lock = threading.Lock()
        self.seen = {}

    def __call__(self, frames):
        if frames[0].startswith(b"$hello"):
            name, body = "hello-1", frames[0][len(b"$hello"):]
        elif frames[0] == b"$hb":
            name, body = "hb-1", frames[1]
        elif frames[0] in (b"END", b"ERR"):
            name, body = {b"END": "sync-end-1", b"ERR": "sync-error-1"}[frames[0]], frames[1]
        elif len(frames) == 1:
            name, body = "sync-request-1", frames[0]
        else:
            body = frames[-1]
            name = frames[-2].split(b".")[0].decode() + "-1"
        with self.lock:
            self.seen.setdefault(body, name)

    def check(self, needed):
        folder = PROJECT / "docs" / "schema"
        schemas = {f.stem: json.loads(f.read_text()) for f in folder.glob("*.json")}
        problems = [(name, fault, body[:200]) for body, name in self.seen.items()
                    for fault in faults(schemas[name], json.loads(body)) if name in schemas]
        assert not problems, problems[:5]
        kinds = Counter(self.seen.values())
        assert kinds.keys() >= needed, f"never seen: {needed - kinds.keys()}"
        return kinds


class Client:
    """One of the three, as a process that is started again and again on one cursor file."""

    def __init__(self, name, command, folder, daemon, thief, witness):
        self.name, self.command = name, command
        self.cursor = folder / f"{name}.cursor"
        self.live = Proxy(daemon.live, thief.judge(name), witness)
        self.sync = Proxy(daemon.sync, see=witness)
        self.lock = threading.Lock()
        self.lives = []      # A Counter of bodies for each run of the process.
        self.notices = []    # (time, line)
        self.process = None

    def start(self, start="all"):
        self.process = subprocess.Popen(
            self.command(self.live.endpoint, self.sync.endpoint, str(self.cursor), start), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        bodies = Counter()
        self.lives.append(bodies)
        self.readers = [threading.Thread(target=self.read, args=(self.process.stdout, lambda line: bodies.update([line]))),
                        threading.Thread(target=self.read, args=(self.process.stderr, self.heard))]
        for reader in self.readers:
            reader.start()

    def read(self, pipe, take):
        for line in pipe:
            if line.endswith(b"\n"):  # What a kill cut off was not taken.
                with self.lock:
                    take(line[:-1])

    def heard(self, line):
        self.notices.append((time.monotonic(), line.decode(errors="replace")))

    def has(self):
        with self.lock:
            return {body for bodies in self.lives for body in bodies}

    def twice(self):
        with self.lock:
            return [body for body, count in self.lives[-1].items() if count > 1]

    def told(self, words, since):
        with self.lock:
            return [(at, line) for at, line in self.notices if words in line and at >= since]

    def signal(self, number):
        self.process.send_signal(number)

    def end(self, number):
        if self.process is None:
            return
        self.signal(number)
        until(lambda: self.process.poll() is not None, PATIENCE, f"{self.name} ends")
        status = self.process.returncode
        for reader in self.readers:
            reader.join()
        self.process = None
        assert number == signal.SIGKILL or status in (0, -number), f"{self.name} ended with {status}: {self.notices[-5:]}"


def log_of(daemon):
    """Bodies of the messages that the clients want, as a fetch gives them."""
    bodies, after = [], 0
    while True:
        *messages, end = ask(daemon, {"op": "fetch", "after": after, "prefixes": PREFIXES})
        assert end[0] == b"END", end
        bodies += [m[2] for m in messages]
        page = json.loads(end[1])
        after = page["next"]
        if not page["more"]:
            return bodies


class Scene:
    def __init__(self, press, daemon, clients, thief):
        self.press, self.daemon, self.clients, self.thief = press, daemon, clients, thief
        self.ever = set()  # Every body that any log held.
        self.figures = {}

    def write(self, count=4):
        for category in TOPICS:
            self.press.write(category, count)

    def published(self):
        """Waits until the daemon has published all that the press wrote; the log."""
        wanted = sum(len(self.press.items[c]) for c in TOPICS)

        def complete():
            guids, after = set(), 0
            while True:
                *messages, end = ask(self.daemon, {"op": "fetch", "after": after, "prefixes": ["story."], "limit": 1000})
                guids |= {json.loads(m[2])["story"].get("guid") for m in messages}
                page = json.loads(end[1])
                after = page["next"]
                if not page["more"]:
                    return len(guids) >= wanted - self.pruned
        until(complete, PATIENCE, "everything is published")
        log = log_of(self.daemon)
        self.ever |= set(log)
        return log

    pruned = 0

    def settle(self, what, once=True):
        """Every client comes to have what the log holds."""
        log = self.published()
        for client in self.clients:
            try:
                until(lambda: client.has() >= set(log), PATIENCE, "all is there")
            except AssertionError:
                missing = [json.loads(b)["seq"] for b in set(log) - client.has()]
                raise AssertionError(f"{what}: {client.name} lacks {sorted(missing)} of {len(log)}; it said\n"
                                     + "\n".join(line for _, line in client.notices[-8:])) from None
            assert client.has() <= self.ever, f"{what}: {client.name} has what no log held"
            assert not once or not client.twice(), f"{what}: {client.name} got twice {client.twice()[:3]}"
        return log

    def everyone(self, words, since, what):
        for client in self.clients:
            until(lambda: client.told(words, since), PATIENCE, f"{what}: {client.name} says \"{words}\"; it said "
                                                               f"{client.notices[-6:]}")

    # The misfortunes.

    def join(self):
        for client in self.clients:
            client.start()
        self.settle("join")

    def lose(self, what, category, stories, stolen):
        """`stolen` of `stories` messages of one topic; where it is all of them nothing comes after them."""
        since, watch = time.monotonic(), Stopwatch()
        before = self.thief.stolen()
        self.thief.steal(TOPICS[category], stolen)
        self.press.write(category, stories)
        self.settle(what)
        assert self.thief.stolen() == before + stolen
        for client in self.clients:
            thefts = self.thief.thefts[client.name]
            told = [at for at, _ in client.told("fetching them", since)]
            assert thefts and told, f"{what}: {client.name} noticed nothing"
            until(lambda: all(beat for _, beat in thefts), PATIENCE, "a heartbeat comes")
            for stolen_at, beat_at in thefts:
                known = min((at for at in told if at >= stolen_at), default=told[0])
                late = (known - beat_at) * watch.share()
                self.figures["latest"] = max(late, self.figures.get("latest", -1))
                assert late <= KNOWN_WITHIN, f"{what}: {client.name} knew {late:.2f} s after the heartbeat"

    def loss_in_the_middle(self):
        self.lose("loss in the middle", "world", 4, 1)

    def loss_at_the_tail(self):
        self.lose("loss at the tail", "tech", 1, 1)
        self.lose("loss of all", "world", 3, 3)

    def restart_daemon(self):
        self.daemon.stop()
        self.write()
        self.daemon.start()
        self.settle("restart of the daemon")
        self.daemon.kill()
        self.write()
        self.daemon.start()
        self.settle("kill of the daemon")

    def kill_clients(self):
        """In the middle of what they get, three times."""
        rng = random.Random(1)
        for _ in range(3):
            self.write(8)
            time.sleep(rng.uniform(0.3, 1.6))
            for client in self.clients:
                client.end(signal.SIGKILL)
            self.write(2)
            for client in self.clients:
                client.start()
        self.settle("kill of the clients")

    def slow_clients(self):
        """They stand still while more comes than anyone keeps for them, twice: so they are told that they are too slow."""
        since = time.monotonic()
        for _ in range(2):
            time.sleep(1.2)
            for client in self.clients:
                client.signal(signal.SIGSTOP)
            self.press.write("world", 300)
            self.published()
            for client in self.clients:
                client.signal(signal.SIGCONT)
            self.press.write("tech", 1)
            self.settle("slow clients")
        self.everyone("too slow", since, "slow clients")

    def no_sync(self):
        since = time.monotonic()
        for client in self.clients:
            client.sync.close()
        self.thief.steal(TOPICS["tech"], 1)
        self.press.write("tech", 2)
        self.everyone("fetching them", since, "no sync")
        time.sleep(3)
        for client in self.clients:
            client.sync.reopen()
        self.settle("no sync")

    def store(self):
        return self.daemon.folder / "nutgraf.db"

    def new_epoch(self):
        with edit_store(self.store()) as db:
            db.execute("UPDATE counter SET epoch = lower(hex(randomblob(16)))")
        db.close()

    def restore_under_clients(self):
        """The store goes back to a copy, and says so by its epoch."""
        self.daemon.stop()
        copy = self.daemon.folder / "copy.db"
        shutil.copy(self.store(), copy)
        self.daemon.start()
        self.write()
        self.settle("before the restore")
        self.daemon.stop()
        for end in ("-wal", "-shm"):
            Path(str(self.store()) + end).unlink(missing_ok=True)
        shutil.copy(copy, self.store())
        self.new_epoch()
        since = time.monotonic()
        self.daemon.start()
        self.everyone("another store", since, "restore")
        self.write()
        self.settle("restore", once=False)

    def new_epoch_behind_clients(self):
        """What was published while a client was away is in the log under the epoch of that time; it lacks nothing of it."""
        for client in self.clients:
            client.end(signal.SIGTERM)
        self.write()
        self.published()
        self.daemon.stop()
        self.new_epoch()
        self.daemon.start()
        since = time.monotonic()
        for client in self.clients:
            client.start()
        self.everyone("another store", since, "new epoch")
        self.write()
        self.settle("new epoch", once=False)

    def pruned_log(self):
        """The log is cut, as retention does it, beyond what the clients have."""
        for client in self.clients:
            client.end(signal.SIGTERM)
        self.write()
        log = self.published()
        self.daemon.stop()
        with edit_store(self.store()) as db:
            head = db.execute("SELECT head FROM counter").fetchone()[0]
            db.execute("UPDATE counter SET floor = ?", (head - 1,))
            db.execute("DELETE FROM log WHERE seq < ?", (head - 1,))
            # What is left may be of an event.
            stories_left = db.execute("SELECT count(*) FROM log WHERE topic LIKE 'story.%'").fetchone()[0]
        db.close()
        self.daemon.start()
        self.pruned = sum(len(self.press.items[c]) for c in TOPICS)
        since = time.monotonic()
        for client in self.clients:
            client.start()
        self.everyone("keeps no messages before", since, "cut log")
        self.pruned -= stories_left
        self.settle("cut log")
        for client in self.clients:
            client.end(signal.SIGTERM)
        assert any(set(log) - c.has() for c in self.clients), "nothing was cut that a client lacked"


def with_zeromq(folder):
    """Fills `folder` if a registry answers; it is there whole or not at all."""
    if (folder / "node_modules" / "zeromq").is_dir():
        return
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="clients-node-") as place:
        subprocess.run(["npm", "install", "--prefix", place, "--no-audit", "--no-fund", "--ignore-scripts",
                        "--fetch-retries=0", "--fetch-timeout=10000", "zeromq@6"], timeout=300, check=True, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(place, folder, symlinks=True)


def node_folder():
    """Where the Node client finds zeromq: a folder of the build. None, with the reason, where it cannot be had."""
    folder = Path(program("nutgrafd")).parents[2] / "clients-node"
    if not shutil.which("node"):
        return None, "there is no node"
    try:
        with_zeromq(folder)
    except (OSError, subprocess.SubprocessError):
        return None, f"no zeromq for node: npm install --prefix {folder} zeromq@6"
    for file in (PROJECT / "docs" / "clients" / "node" / "nutgraf.mjs", HERE / "drive_client.mjs"):
        shutil.copy(file, folder)
    # A socket that refuses what is no address is one that works.
    probe = subprocess.run(["node", str(folder / "drive_client.mjs"), "tcp://no endpoint:1", "-", str(folder / "none"), "all"],
                           capture_output=True, timeout=300, check=False)
    said = probe.stderr.decode(errors="replace").strip()
    return (folder, "") if "EINVAL" in said else (None, f"node cannot load zeromq: {said[-300:]}")


def commands():
    def tail(live, sync, cursor, start):
        topics = [word for prefix in PREFIXES for word in ("--topic", prefix)]
        return [program("nutgraf"), "tail", "--json", "--cursor", cursor, "--sync", sync, "--" + start, *topics, live]

    def python(live, sync, cursor, start):
        return [sys.executable, str(HERE / "drive_client.py"), live, sync, cursor, start, *PREFIXES]

    folder, reason = node_folder()

    def node(live, sync, cursor, start):
        return ["node", str(folder / "drive_client.mjs"), live, sync, cursor, start, *PREFIXES]

    found = {"c++": tail, "python": python}
    if folder:
        found["node"] = node
    else:
        print(f"SKIPPED for Node: {reason}")
    return found


def main():
    wanted = commands()
    # ZeroMQ keeps little for a client that stands still, and messages are large: a few hundred are too many.
    sections = {"poll": {"interval": "1s", "start_spread": "0s"}, "event": {"debounce": "1s"},
                "wire": {"send_hwm": 60, "publish_text": True}}
    thief, witness = Thief(), Witness()
    with scratch() as folder, Web() as web:
        press = Press(web)
        with Daemon(folder, press.feeds, sections).start() as daemon:
            clients = [Client(name, command, Path(folder), daemon, thief, witness) for name, command in wanted.items()]
            scene = Scene(press, daemon, clients, thief)
            try:
                play(scene)
            finally:
                for client in clients:
                    if client.process:
                        client.process.kill()
            daemon.stop()
    kinds = witness.check({"hello-1", "hb-1", "story-1", "sync-request-1", "sync-end-1", "sync-error-1"})
    print(json.dumps({"clients": [c.name for c in clients], "messages": len(scene.ever), "stolen": thief.stolen(),
                      "known_after_beat_s": round(scene.figures["latest"], 3), "validated": kinds}))


def play(scene):
    acts = [
        scene.join,
        scene.loss_in_the_middle,
        scene.loss_at_the_tail,
        scene.restart_daemon,
        scene.kill_clients,
        scene.slow_clients,
        scene.no_sync,
        scene.restore_under_clients,
        scene.new_epoch_behind_clients,
        scene.pruned_log,
    ]
    for act in acts:
        start = time.monotonic()
        act()
        if os.environ.get("NUTGRAF_VERBOSE"):
            print(f"{time.monotonic() - start:6.1f} s  {act.__name__}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except AssertionError as error:
        print(f"FAILED: {error}", file=sys.stderr)
        sys.exit(1)

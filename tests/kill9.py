#!/usr/bin/env python3
"""The crash harness: the daemon dies again and again while news comes in, then everyone's account is compared.

  kill9.py [--kills 60] [--losses 0] [--restores 0] [--seed 1] [--feeds 8] [--keep]

  --kills     SIGKILL: at any moment of a run, of its start, at a change of its files or before one, at a message
  --losses    the same with the power: what was written after the last sync of a file is lost in part, in any order, torn
  --restores  the state folder is replaced by an older copy of itself

Accounts: what the newsroom served; every message that a plain SUB socket ever got; what three subscribers applied (all of
it, through `nutgraf tail`; the topics of one prefix; all, always late and back again and again); the log at the end. Holds
if each item served is in the log as one story, in words that were served, and nothing else is; the sequence is dense; no
number was ever used for two bodies; each message ever sent stands in the log byte for byte; each subscriber applied every
message of the log; `nutgraf verify` finds the store sound; one more start publishes nothing. After a restore the numbers
of another epoch are others, and what the copy did not have is published again. Exit status 0 and a line of figures, or 1
and what broke.
"""
import argparse
import collections
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "integration"))
from harness import Daemon, Live, Web, check_log, program, until, whole_log  # noqa: E402
from newswriter import item, rss, story  # noqa: E402
from power_loss import Disk  # noqa: E402

HERE = Path(__file__).resolve().parent
PREFIX = "story.en.world."
SETTLE_EVERY = 40  # Deaths between two moments of rest, in which all that was served has to come out.


class Press:
    """Feeds that gain stories. One leaves its feed only when it has come out: what leaves before a poll nobody could read."""

    def __init__(self, web, feeds):
        self.web, self.items = web, {f: [] for f in range(feeds)}
        self.served = {}  # GUID: its title.

    def write(self, stories, rng):
        for feed in {self.add(rng) for _ in range(stories)}:
            self.put(feed)

    def add(self, rng):
        feed, number = rng.randrange(len(self.items)), len(self.served)
        self.items[feed].insert(0, item(number, self.web.url(f"/story/{number}"), time.time()))
        self.served[f"n-{number}"] = story(number)[0]
        return feed

    def put(self, feed):
        self.web.put(f"/feed/{feed}", rss(f"Feed {feed}", self.items[feed]), "application/rss+xml")

    def forget(self, keep=3):
        for feed, items in self.items.items():
            del items[keep:]
            self.put(feed)


class Mortal(Daemon):
    """A daemon that is killed in many ways."""

    def __init__(self, folder, feeds):
        self.state = Path(folder) / "state"
        self.state.mkdir()
        super().__init__(folder, feeds, {
            "store": {"path": str(self.state / "nutgraf.db"), "high_water": str(Path(folder) / "mark")},
            "wire": {"heartbeat": "100ms", "publish_text": True},
            "poll": {"interval": "1s", "min_interval": "1s", "start_spread": "0s", "catch_up_spread": "0s",
                     "adaptive": False},
            "event": {"debounce": "1s"}, "log": {"level": "warn"}})
        self.journal = Path(folder) / "journal"
        self.shim = Path(os.environ["NUTGRAF_BUILD"]) / "tests" / "support" / "nutgraf_power_loss.so"

    def spawn(self, death=None):
        """Starts it and does not wait. `death`: "N" or "N:SUFFIX", at the Nth change of its files."""
        if self.journal.exists():
            self.journal.replace(self.journal.with_suffix(".last"))
        path = self.folder / "notify.sock"
        path.unlink(missing_ok=True)
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(str(path))
        environment = {**os.environ, "NOTIFY_SOCKET": str(path)}
        if self.shim.exists():  # Not with sanitizers: their run-time wants to be loaded first.
            environment |= {"LD_PRELOAD": str(self.shim), "NUTGRAF_POWER_FOLDER": str(self.state),
                            "NUTGRAF_POWER_JOURNAL": str(self.journal), "NUTGRAF_POWER_DEATH": death or ""}
        with open(self.folder / "daemon.log", "ab") as log:
            self.process = subprocess.Popen([program("nutgrafd"), "--config", str(self.config)], stderr=log, stdout=log,
                                            env=environment)

    def ready(self, timeout=60):
        """Whether it became ready, and did not die before."""
        end = time.monotonic() + timeout
        self.notify.settimeout(0.05)
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if b"READY=1" in self.notify.recv(4096):
                    return True
            except socket.timeout:
                pass
        assert time.monotonic() < end, f"not ready after {timeout} s\n{self.log()[-3000:]}"
        return False

    def died(self):
        """None while it lives. It may only die by our hand."""
        status = self.process.poll()
        assert status in (None, -signal.SIGKILL), f"nutgrafd ended with {status}\n{self.log()[-3000:]}"
        return status

    def bury(self):
        self.process.kill()
        self.process.wait()
        self.died()
        self.notify.close()


class Subscribers:
    """Three, each in a process of its own that writes what it applied to a file."""

    def __init__(self, daemon, folder):
        live, sync = (f"tcp://127.0.0.1:{port}" for port in (daemon.live, daemon.sync))
        applier = ["/usr/bin/python3", str(HERE / "integration" / "applier.py"), live, sync]
        self.files = {name: folder / f"applied.{name}" for name in ("all", "prefix", "late")}
        commands = {
            "all": [program("nutgraf"), "tail", live, "--sync", sync, "--json", "--all", "--cursor", str(folder / "cursor")],
            "prefix": applier + [str(self.files["prefix"]), "steady", PREFIX],
            "late": applier + [str(self.files["late"]), "late"]}
        self.processes = {}
        for name, command in commands.items():
            with open(self.files[name] if name == "all" else folder / f"{name}.out", "ab") as out, \
                    open(folder / f"{name}.err", "ab") as err:
                self.processes[name] = subprocess.Popen(command, stdout=out, stderr=err)

    def applied(self, name):
        """{(epoch, seq): message}; each came the same whenever it came."""
        assert self.processes[name].poll() is None, f"subscriber {name} has ended"
        messages = {}
        for line in self.files[name].read_bytes().split(b"\n")[:-1]:
            message = json.loads(line)
            if "seq" not in message:
                continue
            key = message["epoch"], message["seq"]
            assert messages.setdefault(key, message) == message, f"{name} got two bodies with {key}"
        return messages

    def stop(self):
        for process in self.processes.values():
            process.kill()
            process.wait()


class Trial:
    def __init__(self, args, folder, web):
        self.rng = random.Random(args.seed)
        self.args, self.folder = args, folder
        self.press = Press(web, args.feeds)
        self.press.write(20, self.rng)
        self.daemon = Mortal(folder, [
            {"id": f"feed-{n}", "url": web.url(f"/feed/{n}"), "allow_private": True, "full_text": "feed", "language": "en",
             "category": ("world", "tech")[n % 2]} for n in range(args.feeds)])
        self.tap = Live(self.daemon)
        self.sent = {}  # (epoch, seq): each message that ever went out.
        self.disk = Disk(self.daemon.state)
        self.ways = collections.Counter()
        self.copies = []

    def collect(self, seconds=0.0):
        end = time.monotonic() + seconds
        while True:
            message = self.tap.receive(max(0.001, min(0.02, end - time.monotonic())))
            if message is not None:
                body = message[1]
                key = body["epoch"], body["seq"]
                assert self.sent.setdefault(key, body) == body, f"two bodies with {key}"
            elif time.monotonic() >= end:
                return
            if self.daemon.died() is not None and time.monotonic() >= end:
                return

    # How it dies. Each returns when it is dead, or as good as dead.

    def any_time(self):
        self.daemon.spawn()
        if self.daemon.ready():
            self.collect(self.rng.uniform(0, 0.5))

    def at_start(self):
        self.daemon.spawn()
        time.sleep(self.rng.uniform(0, 0.15))

    def at_change(self):
        self.daemon.spawn(str(int(2 ** self.rng.uniform(0, 8))))
        self.wait_for_death()

    def at_checkpoint(self):
        self.daemon.spawn(f"{int(2 ** self.rng.uniform(0, 8))}:.db")
        self.wait_for_death()

    def wait_for_death(self):
        if self.daemon.ready():
            end = time.monotonic() + 0.8
            while self.daemon.died() is None and time.monotonic() < end:
                self.collect(0.02)

    def at_message(self):
        self.daemon.spawn()
        if not self.daemon.ready():
            return
        before, wanted = len(self.sent), self.rng.randrange(1, 6)
        end = time.monotonic() + 0.8
        while len(self.sent) < before + wanted and time.monotonic() < end:
            self.collect()

    WAYS = ((any_time, 3), (at_start, 2), (at_change, 4), (at_checkpoint, 1), (at_message, 2))

    def die(self):
        self.press.write(self.rng.choice((1, 2, 4, 8)), self.rng)
        way = self.rng.choices([w for w, _ in self.WAYS], [n for _, n in self.WAYS])[0]
        self.ways[way.__name__] += 1
        way(self)
        self.daemon.bury()
        self.collect()

    def run(self):
        fates = ["kill"] * self.args.kills + ["loss"] * self.args.losses + ["restore"] * self.args.restores
        self.rng.shuffle(fates)
        for n, fate in enumerate(fates):
            if fate == "restore":
                self.restore()
            else:
                if fate == "loss":
                    self.disk.look()
                self.die()
                if fate == "loss" and self.daemon.journal.exists():
                    self.disk.lose(self.daemon.journal, self.rng)
            if (n + 1) % SETTLE_EVERY == 0:
                self.rest(f"after {n + 1} deaths")
        self.rest("at the end")

    def restore(self):
        """An older copy of the state comes back; the high-water mark, which is elsewhere, stays."""
        copy = self.folder / "copy"
        shutil.copytree(self.daemon.state, copy)
        before = self.start_and_read()[1]["head"]
        self.press.write(4, self.rng)
        self.come_out()
        epoch = whole_log(self.daemon)[0][-1]["epoch"]
        self.daemon.bury()
        shutil.rmtree(self.daemon.state)
        copy.rename(self.daemon.state)
        self.start_and_read()
        # What the copy lacked is published again, in another epoch.
        self.come_out()
        bodies, _ = whole_log(self.daemon)
        assert bodies[-1]["epoch"] != epoch or bodies[-1]["seq"] < before, "a restored store goes on in the old epoch"
        self.collect(0.2)
        self.daemon.bury()

    def start_and_read(self):
        self.daemon.spawn()
        assert self.daemon.ready(), self.daemon.log()[-3000:]
        return whole_log(self.daemon)

    def guids(self):
        bodies, _ = whole_log(self.daemon)
        return {b["story"]["guid"] for b in bodies if b["type"] == "story/1"}

    def come_out(self):
        def complete():
            self.collect()
            return self.guids() >= self.press.served.keys()
        until(complete, 120, "every item served is in the log")

    def rest(self, when):
        """It lives until all that was served is in the log; then the accounts are compared."""
        self.daemon.spawn()
        assert self.daemon.ready(), self.daemon.log()[-3000:]
        self.come_out()
        self.collect(0.2)
        self.compare()
        self.daemon.bury()
        self.collect()
        if not self.args.restores:  # A copy may lack what is forgotten here.
            self.press.forget()
        if sys.stderr.isatty() or self.args.verbose:
            print(f"{when}: {len(self.press.served)} items, {len(self.sent)} messages sent, {self.disk.dropped} writes lost",
                  file=sys.stderr, flush=True)

    def compare(self):
        """The log against what was served and what was sent."""
        bodies, _ = whole_log(self.daemon)
        log = {(b["epoch"], b["seq"]): b for b in bodies}
        assert [b["seq"] for b in bodies] == list(range(1, len(bodies) + 1)), "the sequence is not dense"
        if not self.args.restores:
            created = check_log(bodies)
            assert len({s["guid"] for s in created.values()}) == len(created), "a GUID published twice"
            for key, body in self.sent.items():
                assert log.get(key) == body, f"what was sent as {key} is not what the log holds"
        stories = [b["story"] for b in bodies if b["type"] == "story/1"]
        for told in stories:
            assert self.press.served.get(told["guid"]) == told["title"], f"invented or changed: {told}"
        missing = self.press.served.keys() - {s["guid"] for s in stories}
        assert not missing, f"lost {len(missing)}: {sorted(missing)[:5]}"
        return log

    def end(self, subscribers):
        self.daemon.spawn()
        assert self.daemon.ready()

        def lacks(name):
            applied = subscribers.applied(name)  # Before the log is read: an event may be told at any moment.
            log = self.compare()
            wanted = {k: b for k, b in log.items() if name != "prefix" or b["topic"].startswith(PREFIX)}
            for key, body in wanted.items():
                assert applied.get(key, body) == body, f"{name} applied another {key} than the log holds"
            if not self.args.restores:
                phantoms = applied.keys() - wanted.keys()
                assert not phantoms, f"{name} applied what is not in the log: {sorted(phantoms)[:5]}"
            return wanted.keys() - applied.keys()
        for name in subscribers.files:
            end = time.monotonic() + 120
            while missing := sorted(lacks(name), key=lambda k: k[1]):
                assert time.monotonic() < end, f"{name} lacks {len(missing)}, from {missing[0]} to {missing[-1]}"
                time.sleep(0.5)
        self.collect(0.2)
        log = self.compare()
        sound = subprocess.run([program("nutgraf"), "verify", str(self.daemon.state / "nutgraf.db")], capture_output=True,
                               text=True)
        assert sound.returncode == 0, sound.stdout + sound.stderr
        assert self.daemon.stop() == 0
        head = max(log.values(), key=lambda b: b["seq"])["seq"]
        self.daemon.spawn()
        assert self.daemon.ready()
        time.sleep(2)
        after = whole_log(self.daemon)[0]
        stories = [b for b in after[head:] if b["type"] == "story/1"]
        assert not stories, f"a restart published {len(stories)} stories"
        assert self.daemon.stop() == 0
        return log


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("kills", 60), ("losses", 0), ("restores", 0), ("feeds", 8), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--keep", action="store_true", help="leave the folder")
    parser.add_argument("--verbose", action="store_true", help="a line at each rest")
    args = parser.parse_args()
    os.environ.setdefault("NUTGRAF_BUILD", str(Path(program("nutgrafd")).parents[2]))
    shim = Path(os.environ["NUTGRAF_BUILD"]) / "tests" / "support" / "nutgraf_power_loss.so"
    if args.losses and not shim.exists():
        parser.error(f"--losses needs {shim}: build nutgraf_power_loss")
    folder = Path(tempfile.mkdtemp(prefix="nutgraf-kill9-"))
    begin = time.monotonic()
    subscribers = None
    try:
        with Web() as web:
            trial = Trial(args, folder, web)
            subscribers = Subscribers(trial.daemon, folder)
            try:
                trial.run()
                log = trial.end(subscribers)
            finally:
                subscribers.stop()
                if trial.daemon.process and trial.daemon.process.poll() is None:
                    trial.daemon.kill()
    except AssertionError:
        args.keep = True
        print(f"(what is left is in {folder})", file=sys.stderr)
        raise
    finally:
        if not args.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps({"kills": args.kills, "losses": args.losses, "restores": args.restores, "seed": args.seed,
                      "seconds": round(time.monotonic() - begin), "items": len(trial.press.served), "messages": len(log),
                      "sent_live": len(trial.sent), "writes_lost": trial.disk.dropped, **trial.ways,
                      "missing": 0, "changed": 0, "invented": 0, "numbers_reused": 0}))


if __name__ == "__main__":
    try:
        main()
    except AssertionError as error:
        print(f"FAILED: {error}", file=sys.stderr)
        sys.exit(1)

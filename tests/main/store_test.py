#!/usr/bin/env python3
"""The store and the encrypted wire from outside, with a real daemon: usage: store_test.py NUTGRAF NUTGRAFD"""
import http.server
import json
import os
import pathlib
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

DAEMON = os.path.abspath(sys.argv.pop(2))
TOOL = os.path.abspath(sys.argv.pop(1))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from store_edit import edit_store  # noqa: E402

DEADLINE = 60  # Nothing takes this long; it only ends a test that would hang.

WORDS = ("harbour council bridge winter engine teacher orchard museum letter glacier market violin captain "
         "lantern river senate kitchen cathedral signal railway").split()


def run(*arguments, timeout=DEADLINE):
    return subprocess.run([TOOL, *map(str, arguments)], capture_output=True, text=True, errors="replace", timeout=timeout)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition, what):
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError("never came about: " + what)


class Feed(http.server.BaseHTTPRequestHandler):
    items = 3

    def do_GET(self):
        items = "".join(
            f"<item><guid>g{n}</guid><title>The {WORDS[n]} of {WORDS[-n]}</title><description>" +
            " ".join(f"The {WORDS[(n * 7 + k * (n + 3)) % 20]} near the {WORDS[(n + k * 5) % 20]} was {WORDS[k % 20]} {n}."
                     for k in range(30)) + "</description></item>"
            for n in range(1, self.items + 1))
        body = f"<rss version='2.0'><channel><title>F</title>{items}</channel></rss>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class WithDaemon(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="nutgraf-store-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.state = self.folder / "state"
        self.state.mkdir()
        self.store = self.state / "nutgraf.db"
        self.config = self.folder / "nutgraf.toml"
        Feed.items = 3
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Feed)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.live, self.sync, self.status = free_port(), free_port(), free_port()
        self.daemon = None
        self.addCleanup(self.stop)

    def start(self, wire=""):
        self.config.write_text(f"""
[store]
path = "{self.store}"
high_water = "{self.folder}/mark"
[control]
path = "{self.folder}/control.sock"
[wire]
live = ["tcp://127.0.0.1:{self.live}"]
sync = ["tcp://127.0.0.1:{self.sync}"]
heartbeat = "100ms"
{wire}
[status]
listen = "127.0.0.1:{self.status}"
[poll]
interval = "1s"
min_interval = "1s"
start_spread = "0s"
first_poll = "all"
adaptive = false
[fetch]
robots = false
[[feed]]
id = "f"
url = "http://127.0.0.1:{self.server.server_port}/f.xml"
full_text = "feed"
allow_private = true
""")
        self.log = open(self.folder / "log", "ab")
        self.addCleanup(self.log.close)
        self.daemon = subprocess.Popen([DAEMON, "--config", str(self.config)], stderr=self.log)
        until(lambda: self.asked("status"), "a daemon that answers")

    def stop(self):
        if self.daemon is not None:
            self.daemon.send_signal(signal.SIGTERM)
            self.daemon.wait(DEADLINE)
            self.daemon = None

    def asked(self, command):
        answer = run(command, "--json", "--control", self.folder / "control.sock")
        return json.loads(answer.stdout) if answer.returncode == 0 else None

    def until_head(self, head):
        return until(lambda: (self.asked("status") or {}).get("head", 0) >= head, f"message {head}")

    def tail(self, *arguments, timeout=DEADLINE):
        return run("tail", f"127.0.0.1:{self.live}", "--no-follow", "--json", *arguments, timeout=timeout)


class Store(WithDaemon):
    def test_a_running_store_is_verified_and_copied(self):
        self.start()
        self.until_head(3)
        sound = run("verify", "--json", self.store)
        self.assertEqual(sound.returncode, 0, sound.stdout + sound.stderr)
        report = json.loads(sound.stdout)
        self.assertTrue(report["sound"])
        self.assertGreaterEqual(report["messages"], 3)
        self.assertEqual(run("verify", "--config", self.config).returncode, 0)

        copy = self.folder / "copy.db"
        self.assertEqual(run("backup", copy, "--config", self.config).returncode, 0)
        self.assertEqual(run("verify", copy).returncode, 0)
        self.assertEqual(copy.stat().st_mode, self.store.stat().st_mode)
        os.chmod(self.store, 0o600)
        private = self.folder / "private.db"
        self.assertEqual(run("backup", private, "--store", self.store).returncode, 0)
        self.assertEqual(stat.S_IMODE(private.stat().st_mode), 0o600)
        again = run("backup", copy, "--store", self.store)
        self.assertEqual(again.returncode, 1)
        self.assertIn("never written over", again.stderr)

        db = edit_store(copy)
        db.execute("UPDATE log SET body = replace(body, 'seq', 'sex') WHERE seq = 2")
        db.commit()
        db.close()
        damaged = run("verify", copy)
        self.assertEqual(damaged.returncode, 1)
        self.assertIn("message 2 does not match its checksum", damaged.stdout)
        self.assertIn("restore a backup", damaged.stdout)

    def test_what_is_no_store(self):
        self.assertEqual(run("verify", self.folder / "none.db").returncode, 66)
        self.assertEqual(run("backup", self.folder / "x", "--store", self.folder / "none.db").returncode, 66)
        junk = self.folder / os.fsdecode(b"junk\xff.db")
        junk.write_bytes(b"SQLite format 3\0" + b"x" * 9000)
        broken = run("verify", "--json", junk)
        self.assertEqual(broken.returncode, 1)
        self.assertFalse(json.loads(broken.stdout)["sound"])
        junk.write_text("a letter\n" * 900)
        letter = run("verify", junk)
        self.assertEqual(letter.returncode, 1)
        self.assertIn("it is no store", letter.stderr)
        self.assertNotIn("nutgraf verify` finds", letter.stderr)

    def test_a_daemon_refuses_a_damaged_store_and_names_the_next_step(self):
        self.start()
        self.until_head(3)
        self.stop()
        db = edit_store(self.store)
        db.execute("UPDATE log SET body = 'x' WHERE seq = (SELECT head FROM counter)")
        db.commit()
        db.close()
        refused = subprocess.run([DAEMON, "--config", str(self.config)], capture_output=True, text=True,
                                 timeout=DEADLINE)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("nutgraf verify", refused.stderr)

    def test_a_restored_folder_has_a_new_epoch_and_clients_find_out(self):
        self.start()
        self.until_head(3)
        first = self.asked("status")["epoch"]
        self.stop()
        shutil.copytree(self.state, self.folder / "copy")
        Feed.items = 5
        self.start()
        self.until_head(5)
        self.assertEqual(self.asked("status")["epoch"], first)
        cursor = self.folder / "cursor"
        before = self.tail("--all", "--cursor", cursor)
        self.assertEqual(before.returncode, 0, before.stderr)
        self.stop()
        shutil.rmtree(self.state)
        (self.folder / "copy").rename(self.state)
        Feed.items = 8
        self.start()
        self.until_head(8)
        second = self.asked("status")["epoch"]
        self.assertNotEqual(second, first)
        after = self.tail("--cursor", cursor)
        self.assertEqual(after.returncode, 0, after.stderr)
        self.assertIn("messages may come twice", after.stderr)
        seen = {}
        for line in (before.stdout + after.stdout).splitlines():
            message = json.loads(line)
            place = (message["epoch"], message["seq"])
            self.assertEqual(seen.setdefault(place, line), line, "a number was used twice")
        stories = {json.loads(line)["story"]["guid"] for line in seen.values() if '"story/1"' in line}
        self.assertEqual(stories, {f"g{n}" for n in range(1, 9)})
        self.assertIn("epoch=new", (self.folder / "log").read_text())

    def test_what_clients_ask_is_counted(self):
        self.start()
        self.until_head(3)
        self.assertEqual(self.tail("--all").returncode, 0)

        def metrics():
            with urllib.request.urlopen(f"http://127.0.0.1:{self.status}/metrics", timeout=DEADLINE) as page:
                return dict(line.rsplit(" ", 1) for line in page.read().decode().splitlines() if line[0] != "#")

        self.assertGreaterEqual(float(metrics()['nutgraf_sync_requests_total{op="fetch",outcome="served"}']), 1)
        follower = subprocess.Popen([TOOL, "tail", f"127.0.0.1:{self.live}"], stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL)
        until(lambda: metrics()["nutgraf_subscribers"] != "0", "a subscriber")
        follower.terminate()
        follower.wait(DEADLINE)
        until(lambda: metrics()["nutgraf_subscribers"] == "0", "no subscriber")


class Keys(WithDaemon):
    def keygen(self, name):
        made = run("keygen", self.folder / name)
        self.assertEqual(made.returncode, 0, made.stderr)
        return made.stdout.strip()

    def allow(self, name, key, topics):
        folder = self.folder / "clients"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.toml").write_text(f"key = '{key}'\ntopics = {json.dumps(topics)}\n")

    def test_a_key_is_its_owners_and_never_overwritten(self):
        public = self.keygen("k")
        self.assertEqual(len(public), 40)
        path = self.folder / "k"
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        secret = path.read_text()
        again = run("keygen", path)
        self.assertEqual((again.returncode, again.stdout, path.read_text()), (1, "", secret))
        self.assertEqual(run("keygen", "--public", path).stdout.strip(), public)
        self.assertEqual(run("keygen").returncode, 64)

    def test_clients_by_their_keys_and_reload(self):
        server, alice, bob = self.keygen("server.key"), self.keygen("alice.key"), self.keygen("bob.key")
        self.allow("alice", alice, ["feed."])
        self.allow("bob", bob, [""])
        self.start(f'curve_key = "{self.folder}/server.key"\nclients = "{self.folder}/clients"')
        self.until_head(3)
        as_alice = ("--server-key", server, "--key", self.folder / "alice.key")
        as_bob = ("--server-key", server, "--key", self.folder / "bob.key")

        everything = self.tail("--all", *as_bob)
        self.assertEqual(everything.returncode, 0, everything.stderr)
        self.assertGreaterEqual(len(everything.stdout.splitlines()), 3)
        refused = self.tail("--all", *as_alice)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("forbidden", refused.stderr)
        own = self.tail("--all", "--topic", "feed.", *as_alice)
        self.assertEqual((own.returncode, own.stdout), (0, ""), own.stderr)

        # More for the one, nothing for the other any more; a bad file changes nothing.
        self.allow("alice", alice, ["story."])
        (self.folder / "clients/bob.toml").unlink()
        (self.folder / "clients/bad.toml").write_text("key = 1\n")
        control = ("--control", self.folder / "control.sock")
        bad = run("reload", *control)
        self.assertEqual(bad.returncode, 1)
        self.assertIn("bad.toml", bad.stderr)
        self.assertEqual(self.tail("--all", *as_bob).returncode, 0)
        (self.folder / "clients/bad.toml").unlink()
        self.assertEqual(run("reload", *control).returncode, 0)
        stories = self.tail("--all", "--topic", "story.", *as_alice)
        self.assertEqual(stories.returncode, 0, stories.stderr)
        self.assertEqual(len(stories.stdout.splitlines()), 3)
        # To a stranger the daemon says nothing at all.
        for stranger in (as_bob, (), ("--server-key", bob, "--key", self.folder / "alice.key")):
            silent = self.tail("--all", *stranger)
            self.assertEqual((silent.returncode, silent.stdout), (75, ""))
            self.assertIn("key", silent.stderr)

    def test_keys_go_in_pairs_and_exist(self):
        public = self.keygen("k")
        self.assertEqual(run("tail", "--server-key", public).returncode, 64)
        self.assertEqual(run("tail", "--server-key", public, "--key", self.folder / "none").returncode, 64)
        self.assertEqual(run("tail", "--server-key", "short", "--key", self.folder / "k").returncode, 64)


if __name__ == "__main__":
    unittest.main(verbosity=2)

#!/usr/bin/env python3
"""The subcommands that ask a running daemon, against a daemon that only talks: usage: ask_test.py NUTGRAF"""
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

TOOL = os.path.abspath(sys.argv.pop(1))

ANSWERS = {
    "status": {"ok": True, "version": "0.1.0", "pid": 7, "started_at": "2026-11-21T10:00:00Z",
               "feeds": {"total": 3, "ok": 2, "unwell": 1, "paused": 0}, "pending": 4, "head": 12, "floor": 1,
               "memory_bytes": 64 << 20, "live": ["tcp://127.0.0.1:5556"], "problems": ["clock stepped"]},
    "feeds": {"ok": True, "feeds": [
        {"id": "a", "state": "ok", "items": 12, "last_poll": "2026-11-21T10:00:00.123Z", "last_status": 304},
        {"id": "much-longer", "state": "failing", "reason": "timeouts", "last_error": "no\nanswer"}],
        "quarantined": [{"feed": "a", "title": "T", "attempts": 5, "error": "bad page"}]},
    "pause": {"ok": True, "changed": ["a"]},
    "log-level": {"ok": True, "level": "debug"},
    "reload": {"ok": False, "code": "bad_config", "error": "nutgraf.toml:3:1: unknown key"},
    "why": {"ok": True, "trail": [{"at": "2026-11-21T10:00:00Z", "feed": "a", "what": "duplicate",
                                   "reason": "near 0.93", "story": "f00"}],
            "message": {"seq": 9, "op": "create", "topic": "story.en.world.", "story": {"title": "T"}}},
}


class Daemon:
    """Answers one request a connection and remembers it."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "control.sock")
        self.asked = []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(5)
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            with connection, connection.makefile("rw") as stream:
                request = json.loads(stream.readline())
                self.asked.append(request)
                stream.write(json.dumps(ANSWERS[request["cmd"]]) + "\n")


class AskTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.daemon = Daemon(self.folder.name)

    def tearDown(self):
        self.folder.cleanup()

    def tool(self, *arguments, expect=0):
        done = subprocess.run([TOOL, *arguments, "--control", self.daemon.path], text=True, timeout=60,
                              capture_output=True)
        self.assertEqual(done.returncode, expect, done.stderr)
        return done

    def test_status(self):
        out = self.tool("status").stdout
        self.assertIn("3 (2 ok, 1 unwell, 0 paused)", out)
        self.assertIn("64 MiB", out)
        self.assertIn("problem: clock stepped", out)

    def test_feeds_are_a_table(self):
        lines = self.tool("feeds").stdout.splitlines()
        self.assertEqual(lines[0].split()[:3], ["FEED", "STATE", "ITEMS"])
        self.assertEqual(lines[1].split()[:6], ["a", "ok", "12", "11-21", "10:00:00", "304"])
        self.assertEqual(lines[0].index("STATE"), lines[2].index("failing"))
        self.assertIn("timeouts; no answer", lines[2])
        self.assertIn("bad page", lines[-1])
        self.assertEqual(self.tool("feeds", "list").stdout.splitlines(), lines)
        self.assertEqual([each["cmd"] for each in self.daemon.asked], ["feeds", "feeds"])

    def test_feeds_verbs_name_feeds(self):
        self.assertEqual(self.tool("feeds", "pause", "a").stdout, "a\n")
        self.assertEqual(self.daemon.asked, [{"cmd": "pause", "feeds": ["a"]}])
        self.tool("feeds", "pause", "--all")
        self.assertEqual(self.daemon.asked[-1], {"cmd": "pause", "feeds": []})
        self.tool("feeds", "pause", expect=64)
        self.assertEqual(len(self.daemon.asked), 2)

    def test_json_is_the_answer_itself(self):
        self.assertEqual(json.loads(self.tool("feeds", "--json").stdout), ANSWERS["feeds"])

    def test_log_level(self):
        self.assertEqual(self.tool("log-level", "debug").stdout, "debug\n")
        self.assertEqual(self.daemon.asked, [{"cmd": "log-level", "level": "debug"}])
        self.tool("log-level", "loud", expect=64)

    def test_why(self):
        out = self.tool("why", "https://example.org/a").stdout
        self.assertIn("near 0.93", out)
        self.assertIn("seq 9, create on story.en.world.", out)

    def test_a_refusal_is_said_and_fails(self):
        done = self.tool("reload", "--wait", expect=1)
        self.assertIn("nutgraf.toml:3:1: unknown key", done.stderr)

    def test_no_daemon_is_temporary(self):
        os.unlink(self.daemon.path)
        self.assertIn("control.sock", self.tool("status", expect=75).stderr)

    def test_the_config_says_where(self):
        config = os.path.join(self.folder.name, "n.toml")
        with open(config, "w") as file:
            file.write(f'[store]\npath = "{self.folder.name}/nutgraf.db"\n')
        environment = {key: value for key, value in os.environ.items() if key != "RUNTIME_DIRECTORY"}
        done = subprocess.run([TOOL, "log-level", "--config", config], text=True, capture_output=True,
                              env=environment, timeout=60)
        self.assertEqual(done.stdout, "debug\n", done.stderr)


class CheckConfigTest(unittest.TestCase):
    def run_on(self, text, *more):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "n.toml")
            with open(path, "w") as file:
                file.write(text)
            return subprocess.run([TOOL, "check-config", path, *more], text=True, capture_output=True, timeout=60)

    def test_names_all_problems(self):
        done = self.run_on('[poll]\nintervall = "1m"\n[log]\nlevel = 3\n')
        self.assertEqual(done.returncode, 78)
        self.assertEqual(len(done.stderr.splitlines()), 2)
        self.assertIn("n.toml:2:1: unknown key \"intervall\"; did you mean \"interval\"?", done.stderr)

    def test_prints_what_is_in_force(self):
        done = self.run_on('[poll]\ninterval = "1m"\n', "--print")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r'interval = "1m"  # .*n\.toml:2')

    def test_missing_file(self):
        done = subprocess.run([TOOL, "check-config", "/nonexistent.toml"], capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 66)


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""The subcommands that ask a running daemon, against a daemon that only talks: usage: ask_test.py NUTGRAF"""
import fcntl
import json
import os
import pty
import re
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import unittest

TOOL = os.path.abspath(sys.argv.pop(1))

ANSWERS = {
    "status": {"ok": True, "version": "0.1.0", "pid": 7, "started_at": "2026-11-21T10:00:00Z",
               "feeds": {"total": 3, "ok": 2, "unwell": 1, "paused": 0}, "pending": 4, "head": 12, "floor": 1,
               "memory_bytes": 64 << 20, "live": ["tcp://127.0.0.1:5556"], "problems": ["clock stepped"]},
    "feeds": {"ok": True, "feeds": [
        {"id": "much-longer", "state": "failing", "since": "2020-01-01T00:00:00Z", "reason": "timeouts",
         "last_error": "no\nanswer", "failures": 3.5, "quarantined": 1, "items": 7, "next_reason": "backoff",
         "asks": {"ttl": 3600, "skip_hours": [0, 1]}},
        {"id": "a", "name": "The A", "state": "ok", "items": 12, "items_per_day": 3.44, "failures": 0,
         "last_poll": "2020-01-01T00:00:00.123Z", "last_status": 304, "quarantined": 0,
         "usual": {"gap_s": 7200, "characters": 2900, "silent_after_s": 259200, "walls": 0.25},
         "furniture": {"version": 4, "lines": [{"text": "Read us on paper", "since": "2020-01-01T00:00:00Z"}]}}],
        "total": 2,
        "quarantined": [{"feed": "a", "title": "T", "attempts": 5, "error": "bad page"}]},
    "pause": {"ok": True, "changed": ["a", "b", "c"], "feeds": [
        {"id": "a", "name": "The A\u001b[31m", "url": "https://a.example/rss", "paused": False},
        {"id": "b", "name": "b", "url": "https://b.example/", "paused": True}]},
    "log-level": {"ok": True, "level": "debug"},
    "reload": {"ok": False, "code": "bad_config", "error": "nutgraf.toml:3:1: unknown key"},
    "why": {"ok": True, "trail": [{"at": "2026-11-21T10:00:00Z", "feed": "a", "what": "duplicate",
                                   "reason": "near 0.93", "story": "f00"},
                                  {"at": "2026-11-21T10:00:01Z", "feed": "a", "what": "event",
                                   "reason": "joined e1: 0.2134 like it, 0.135 joins", "story": "f00",
                                   "event": {"how": "joined", "id": "e1", "similarity": 0.2134, "threshold": 0.135}},
                                  {"at": "2026-11-21T10:00:02Z", "feed": "a", "what": "event",
                                   "reason": "moved to e2: with all of e1, f01 is\u001b like both", "story": "f00",
                                   "event": {"how": "moved", "id": "e2", "from": "e1", "because_of": "f01"}}],
            "message": {"seq": 9, "op": "create", "topic": "story.en.world.", "story": {"title": "T"}}},
}
NOTHING = {"ok": True, "trail": [], "nothing": "nothing is known of unheard-of"}


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
                answer = self.answer(request)
                stream.write(json.dumps(answer) + "\n")

    def answer(self, request):
        unknown = [feed for feed in request.get("feeds", []) if feed not in ("a", "b")]
        if unknown:
            return {"ok": False, "code": "malformed", "error": f"no feed {unknown[0]}; `nutgraf feeds` lists them"}
        return NOTHING if request.get("what") == "unheard-of" else ANSWERS[request["cmd"]]


class AskTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.daemon = Daemon(self.folder.name)

    def tearDown(self):
        self.folder.cleanup()

    def tool(self, *arguments, expect=0):
        done = subprocess.run([TOOL, *arguments, "--control", self.daemon.path], text=True, timeout=300,
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
        self.assertEqual(lines[0].split()[:4], ["FEED", "STATE", "SINCE", "ITEMS"])
        self.assertRegex(lines[1], r"^much-longer  failing  \d+d +7 .* backoff +3.5 +1  ttl 60m, not at 0,1h  timeouts; no answer$")
        self.assertRegex(lines[2], r"^a            ok +12 +3\.4 +\d+d +304$")
        self.assertEqual(lines[3], "1 item was given up on: `nutgraf feeds FEED` shows them")
        self.assertEqual(self.tool("feeds", "list").stdout.splitlines(), lines)
        self.assertEqual([each["cmd"] for each in self.daemon.asked], ["feeds", "feeds"])

    def test_a_feed_is_shown_in_full(self):
        out = self.tool("feeds", "a").stdout
        self.assertEqual(self.daemon.asked, [{"cmd": "feeds", "feeds": ["a"]}])
        for part in ("a  The A", "3.4 a day of late", "something new every 2h", "silent after 3d", "25 % of late walls",
                     "2900 characters are usual", "GIVEN UP ON", "bad page",
                     "furniture   1 line learned and left out of its stories:", "\"Read us on paper\", "):
            self.assertIn(part, out)
        self.assertNotIn("\033", out)

    def test_on_a_terminal_it_fits_and_is_coloured(self):
        for columns in (60, 80, 200):
            master, slave = pty.openpty()
            fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 25, columns, 0, 0))
            environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"} | {"TERM": "xterm"}
            subprocess.run([TOOL, "feeds", "--control", self.daemon.path], stdout=slave, timeout=300, env=environment)
            os.close(slave)
            text = os.read(master, 65536).decode()
            os.close(master)
            self.assertIn("\033[31mfailing\033[0m", text)
            for line in re.sub(r"\033\[\d*m", "", text).splitlines()[:3]:
                self.assertLessEqual(len(line), columns)

    def test_bytes_that_are_no_text_are_asked_for_as_such(self):
        self.tool("why", b"caf\xe9")
        self.assertEqual(self.daemon.asked, [{"cmd": "why", "what": "caf\ufffd"}])

    def test_feeds_verbs_name_feeds(self):
        self.assertEqual(self.tool("feeds", "pause", "a").stdout.splitlines(),
                         ["paused: The A [31m (https://a.example/rss)", "was paused already: b (https://b.example/)", "and 1 more"])
        self.assertEqual(self.daemon.asked, [{"cmd": "pause", "feeds": ["a"]}])
        self.tool("feeds", "pause", "--all")
        self.assertEqual(self.daemon.asked[-1], {"cmd": "pause", "feeds": []})
        self.tool("feeds", "pause", expect=64)
        self.assertEqual(len(self.daemon.asked), 2)

    def test_a_verb_that_was_misspelt_is_suggested(self):
        for words, verb in (("pasue a", "pause"), ("pollnow a", "poll-now"), ("resum", "resume")):
            told = self.tool("feeds", *words.split(), expect=1).stderr.splitlines()
            self.assertEqual(told, [f"nutgraf: no feed {words.split()[0]}; `nutgraf feeds` lists them",
                                    f"nutgraf: or did you mean `nutgraf feeds {verb}`?"])
        self.assertEqual(len(self.tool("feeds", "harbour", expect=1).stderr.splitlines()), 1)

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
        lines = out.splitlines()
        self.assertRegex(lines[2], r"event +joined, 0\.2134 +f00$")
        self.assertRegex(lines[3], r"event +moved +f00$")
        self.assertEqual(lines[5], "event: joined e1: 0.2134 like it, 0.135 joins")
        self.assertIn("event: moved to e2: with all of e1, f01 is", lines[6])
        self.assertNotIn("\033", out)

    def test_what_nothing_is_known_of_is_told_and_fails(self):
        for more in ([], ["--json"]):
            done = self.tool("why", "unheard-of", *more, expect=1)
            self.assertEqual(done.stderr, "nutgraf: nothing is known of unheard-of\n")
            self.assertEqual(done.stdout != "", more != [])

    def test_a_refusal_is_said_and_fails(self):
        done = self.tool("reload", "--wait", expect=1)
        self.assertIn("nutgraf.toml:3:1: unknown key", done.stderr)

    def test_no_daemon_is_temporary(self):
        os.unlink(self.daemon.path)
        complaint = self.tool("status", expect=75).stderr
        self.assertIn("control.sock", complaint)
        self.assertIn("--config FILE says where", complaint)

    def test_the_config_says_where(self):
        config = os.path.join(self.folder.name, "n.toml")
        with open(config, "w") as file:
            file.write(f'[store]\npath = "{self.folder.name}/nutgraf.db"\n')
        environment = {key: value for key, value in os.environ.items() if key != "RUNTIME_DIRECTORY"}
        done = subprocess.run([TOOL, "log-level", "--config", config], text=True, capture_output=True,
                              env=environment, timeout=300)
        self.assertEqual(done.stdout, "debug\n", done.stderr)

    @unittest.skipIf(os.path.exists("/run/nutgraf") or os.path.exists("/var/lib/nutgraf"), "nutgraf runs here")
    def test_the_service_s_config_leads_to_the_service_s_socket(self):
        config = os.path.join(self.folder.name, "n.toml")
        open(config, "w").close()
        environment = {key: value for key, value in os.environ.items() if not key.endswith("_DIRECTORY")}
        for more in ([], ["--config", config]):
            done = subprocess.run([TOOL, "status", *more], text=True, capture_output=True, env=environment, timeout=300)
            self.assertEqual(done.returncode, 75)
            self.assertIn("control socket /run/nutgraf/control.sock: ", done.stderr)

    def test_a_config_that_says_nothing_is_not_passed_over(self):
        config = os.path.join(self.folder.name, "n.toml")

        def told(line):
            done = subprocess.run([TOOL, *line.split(), "--config", config], text=True, capture_output=True, timeout=300)
            return done.returncode, done.stderr.partition("\n")[0].partition(": ")[2]
        lines = "status", "feeds", "verify", f"backup {config}.copy"
        for line in lines:
            self.assertEqual(told(line), (66, f"no such file: {config}"))
        with open(config, "w") as file:
            file.write("[[feed]\n")
        for line in lines:
            code, message = told(line)
            self.assertEqual(code, 78)
            self.assertTrue(message.startswith(f"{config}:1:8: Error while parsing"), message)


class CheckConfigTest(unittest.TestCase):
    def run_on(self, text, *more):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "n.toml")
            with open(path, "w") as file:
                file.write(text)
            return subprocess.run([TOOL, "check-config", path, *more], text=True, capture_output=True, timeout=300)

    def test_names_all_problems(self):
        done = self.run_on('[poll]\nintervall = "1m"\n[log]\nlevel = 3\n')
        self.assertEqual(done.returncode, 78)
        self.assertEqual(len(done.stderr.splitlines()), 2)
        self.assertIn("n.toml:2:1: unknown key \"intervall\"; did you mean \"interval\"?", done.stderr)

    def test_prints_what_is_in_force(self):
        done = self.run_on('[poll]\ninterval = "1m"\n', "--print")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r'interval = "1m"  # .*n\.toml:2')

    def test_a_file_that_cannot_be_read_is_a_warning(self):
        done = self.run_on('[[feed]]\nurl = "https://a.example/feed"\nauth_file = "/nonexistent/login"\n')
        self.assertEqual((done.returncode, done.stdout.endswith(": well, 1 feed\n")), (0, True), done.stdout)
        self.assertRegex(done.stderr, r"^warning: .*n\.toml:3: feed a-example-feed: auth_file: /nonexistent/login cannot be read: No such file or directory; ")
        self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_missing_file(self):
        done = subprocess.run([TOOL, "check-config", "/nonexistent.toml"], capture_output=True, timeout=300)
        self.assertEqual(done.returncode, 66)


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""A command line that cannot be taken is answered with the command, the fault, what was perhaps meant, and where help is.

  usage_test.py NUTGRAF NUTGRAFD"""
import os
import resource
import shlex
import subprocess
import sys
import tempfile
import unittest

DAEMON, TOOL = sys.argv.pop(), sys.argv.pop()

WRONG = {
    "": "nutgraf: which command?",
    "sumarize x.txt": 'nutgraf: unknown command "sumarize"; did you mean "summarize"?',
    "frobnicate": 'nutgraf: unknown command "frobnicate"\n',
    "opml impurt x": 'nutgraf opml: unknown command "impurt"; did you mean "import"?',
    "opml": "nutgraf opml: which command?",
    "tail --cursr=x": 'nutgraf tail: unknown option "--cursr=x"; did you mean "--cursor"?',
    "feeds list --jsn": 'nutgraf feeds list: unknown option "--jsn"; did you mean "--json"?',
    "keygen a b": 'nutgraf keygen: too many arguments: "b"\n',
    "why": "nutgraf why: WHAT is required",
    "why ''": "nutgraf why: WHAT: it is empty",
    "summarize --sentences x": "nutgraf summarize: --sentences: Value x not in range 1 to 200",
    "summarize --jobs 100000": "nutgraf summarize: --jobs: Value 100000 not in range 0 to 256",
    "clean --jobs -1": "nutgraf clean: --jobs: Value -1 not in range 0 to 256",
    "tail --after -5": "nutgraf tail: --after: Value -5 not in range 0 to 9007199254740991",
    "tail --topic Story.": "nutgraf tail: --topic: at most 256 of a-z 0-9 . - _",
    "tail localhost": "nutgraf tail: ENDPOINT: localhost is no host:port, tcp://host:port or ipc://path",
    "tail --sync ftp://a:1 a:1": "nutgraf tail: --sync: ftp://a:1 is no host:port, tcp://host:port or ipc://path",
    # What would be without effect.
    "summarize --method textrank --query x": "nutgraf summarize: --query: textrank knows no query",
    "explain --method textrank --query x": "nutgraf explain: --query: textrank knows no query",
    "summarize --together --query x a b": "nutgraf summarize: --query excludes --together",
    "summarize --together --jsonl": "nutgraf summarize: --jsonl excludes --together",
    "summarize --by-title x.txt": "nutgraf summarize: --by-title requires --jsonl",
    "explain --by-title x.txt": 'nutgraf explain: unknown option "--by-title"\n',  # A text has no title.
    "summarize --method best": "nutgraf summarize: --method: best not in {lexrank,nutgraf,textrank}",
}


class Usage(unittest.TestCase):
    def run_program(self, program, line):
        return subprocess.run([program, *shlex.split(line)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)

    def test_what_is_wrong_is_said(self):
        for line, wanted in WRONG.items():
            with self.subTest(line):
                done = self.run_program(TOOL, line)
                self.assertEqual((done.returncode, done.stdout), (64, ""))
                self.assertTrue(done.stderr.startswith(wanted), done.stderr)
                command = wanted.partition(":")[0]
                self.assertTrue(done.stderr.endswith(f"\n`{command} --help` says how.\n"), done.stderr)

    def test_the_daemon_says_so_too(self):
        done = self.run_program(DAEMON, "--conf x")
        self.assertEqual(done.returncode, 64)
        self.assertIn('nutgrafd: unknown option "--conf"; did you mean "--config"?', done.stderr)

    def test_both_programs_warn_of_the_same(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "n.toml")
            with open(path, "w") as file:
                file.write('[[feed]]\nurl = "https://a.example/"\ntls_verify = false\n'
                           '[[feed]]\nurl = "https://b.example/"\nauth_file = "/nonexistent/login"\n'
                           f'[wire]\ncurve_key = "{folder}/key"\nclients = "{folder}/clients"\n')
            self.run_program(TOOL, f"keygen {folder}/key")
            os.mkdir(f"{folder}/clients")
            for name in "ann", "bob":
                with open(f"{folder}/clients/{name}.toml", "w") as file:
                    file.write('key = "short"\n')
            tool = self.run_program(TOOL, f"check-config {path}")
            daemon = self.run_program(DAEMON, f"--check-config --config {path}")
            self.assertEqual((tool.returncode, daemon.returncode), (0, 0))
            self.assertEqual((tool.stdout, tool.stderr), (daemon.stdout, daemon.stderr))
            lines = tool.stderr.splitlines()
            self.assertEqual(len(lines), 4)
            self.assertRegex(lines[0], r"^warning: .*n\.toml:3: feed a-example has tls_verify = false: ")
            self.assertRegex(lines[1], r"^warning: .*n\.toml:6: feed b-example: auth_file: /nonexistent/login cannot be read: No such file or directory; ")
            for line, name in zip(lines[2:], ("ann", "bob")):
                self.assertRegex(line, f"^warning: .*/clients/{name}.toml:1: key is not the 40 characters ")

    def test_output_that_is_lost_is_an_error(self):
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as config, open("/dev/full", "w") as full:
            for option in ("--print-config", "--check-config"):
                done = subprocess.run([DAEMON, "--config", config.name, option], stdout=full, stderr=subprocess.PIPE, text=True, timeout=300)
                self.assertEqual((done.returncode, done.stderr.split(":")[:2]), (1, ["nutgrafd", " the output could not be written"]))

    def test_a_closed_stderr_is_nobody_elses_socket(self):
        with tempfile.TemporaryDirectory() as folder:
            config, control = os.path.join(folder, "n.toml"), os.path.join(folder, "control.sock")
            with open(config, "w") as file:
                file.write(f'[store]\npath = "{folder}/n.db"\n[control]\npath = "{control}"\n[status]\nlisten = ""\n'
                           '[wire]\nlive = ["tcp://127.0.0.1:0"]\nsync = ["tcp://127.0.0.1:0"]\n')
            daemon = subprocess.Popen([DAEMON, "--config", config], preexec_fn=lambda: os.closerange(0, 3))
            try:
                while not os.path.exists(control):
                    self.assertIsNone(daemon.poll())
                held = [os.readlink(f"/proc/{daemon.pid}/fd/{number}") for number in range(3)]
            finally:
                daemon.terminate()
                daemon.wait(60)
            self.assertEqual(held, ["/dev/null"] * 3)

    def test_a_log_that_nobody_reads_holds_nothing_up(self):
        with tempfile.TemporaryDirectory() as folder:
            config, control = os.path.join(folder, "n.toml"), os.path.join(folder, "control.sock")
            with open(config, "w") as file:
                file.write(f'[store]\npath = "{folder}/n.db"\n[control]\npath = "{control}"\n[status]\nlisten = ""\n'
                           '[wire]\nlive = ["tcp://127.0.0.1:0"]\nsync = ["tcp://127.0.0.1:0"]\n')
            unread, full = os.pipe()
            os.set_blocking(full, False)
            try:
                while os.write(full, b"x" * 4096):
                    pass
            except BlockingIOError:
                os.set_blocking(full, True)
            daemon = subprocess.Popen([DAEMON, "--config", config], stderr=full)
            try:
                while not os.path.exists(control):
                    self.assertIsNone(daemon.poll())
                status = self.run_program(TOOL, f"reload --control {control}")
                self.assertEqual((status.returncode, status.stderr), (0, ""))
                daemon.terminate()
                self.assertEqual(daemon.wait(30), 0)
            finally:
                daemon.kill()
                daemon.wait()
                os.close(unread)
                os.close(full)

    def test_few_descriptors_are_said_and_no_abort(self):
        with tempfile.TemporaryDirectory() as folder:
            config = os.path.join(folder, "n.toml")
            with open(config, "w") as file:
                file.write(f'[store]\npath = "{folder}/n.db"\n[status]\nlisten = ""\n'
                           '[wire]\nlive = ["tcp://127.0.0.1:0"]\nsync = ["tcp://127.0.0.1:0"]\n')
            # With four the sanitizers' runtime cannot look at memory, and takes sound objects for none.
            for few in 5, 8, 12, 20, 30, 40:
                for line, least in (([DAEMON, "--config", config], 64), ([TOOL, "tail", "127.0.0.1:9", "--no-follow"], 32),
                                    ([TOOL, "try", "x"], 16)):
                    if few >= least:
                        continue
                    with self.subTest(line=line, few=few):
                        done = subprocess.run(line, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (few, few)),
                                              capture_output=True, text=True, timeout=300)
                        self.assertEqual(done.returncode, 78)
                        self.assertIn(f": only {few} files may be open, and {least} are needed at least: raise LimitNOFILE=", done.stderr)

    def test_a_soft_limit_is_lifted(self):
        done = subprocess.run([TOOL, "tail", "127.0.0.1:9", "--no-follow"], capture_output=True, text=True, timeout=300,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (8, 256)))
        self.assertEqual(done.returncode, 75, done.stderr)  # Nobody answers there.

    def test_help_is_no_error(self):
        for line in ("--help", "feeds --help", "feeds pause --help", "--version"):
            done = self.run_program(TOOL, line)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("nutgraf", done.stdout)


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""A command line that cannot be taken is answered with the command, the fault, what was perhaps meant, and where help is.

  usage_test.py NUTGRAF NUTGRAFD"""
import shlex
import subprocess
import sys
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
    "summarize --method best": "nutgraf summarize: --method: best not in {lexrank,nutgraf,textrank}",
}


class Usage(unittest.TestCase):
    def run_program(self, program, line):
        return subprocess.run([program, *shlex.split(line)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)

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

    def test_help_is_no_error(self):
        for line in ("--help", "feeds --help", "feeds pause --help", "--version"):
            done = self.run_program(TOOL, line)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("nutgraf", done.stdout)


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""nutgraf opml from outside: usage: opml_test.py NUTGRAF"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOL = os.path.abspath(sys.argv.pop(1))

LIST = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.1"><head><title>mine</title></head><body>
  <outline text="World News" title="World News">
    <outline type="rss" text="Harbour" xmlUrl="https://harbour.example/rss.xml" htmlUrl="https://harbour.example/"/>
    <outline type="rss" text="Valley" xmlUrl="https://valley.example/feed" category="/Europe,/Alps"/>
  </outline>
  <outline type="atom" text="Loose" xmlUrl="http://loose.example/atom"/>%s
</body></opml>
"""


class Opml(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="nutgraf-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "nutgraf.d").mkdir()
        self.config = self.folder / "nutgraf.toml"
        self.config.write_text("")
        self.list = self.folder / "list.opml"
        self.list.write_text(LIST % "")
        self.drop_in = self.folder / "nutgraf.d" / "reader.toml"

    def run_tool(self, *arguments, **more):
        return subprocess.run([TOOL, *map(str, arguments)], capture_output=True, text=True, timeout=300, **more)

    def load(self, *more):
        return self.run_tool("opml", "import", self.list, "--config", self.config, *more)

    def check(self):
        return self.run_tool("check-config", self.config)

    def test_a_list_becomes_a_drop_in_that_is_well(self):
        done = self.load("--output", self.drop_in)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        self.assertIn("3 feeds", done.stderr)
        self.assertIn("3 feeds", self.check().stdout)
        text = self.drop_in.read_text()
        self.assertIn('category = "world-news"\ntags = ["World News", "Europe", "Alps"]\n', text)
        self.assertIn('id = "loose-example-atom"\nurl = "http://loose.example/atom"\nname = "Loose"\n', text)

    def test_without_output_it_is_printed(self):
        done = self.run_tool("opml", "import", "--config", self.config, input=LIST % "")
        self.assertEqual(done.returncode, 0)
        self.config.write_text(done.stdout)
        self.assertIn("3 feeds", self.check().stdout)

    def test_a_file_is_never_overwritten(self):
        self.drop_in.write_text("# mine\n")
        done = self.load("--output", self.drop_in)
        self.assertEqual(done.returncode, 1)
        self.assertIn("exists already", done.stderr)
        self.assertEqual(self.drop_in.read_text(), "# mine\n")

    def test_what_is_configured_is_not_taken_again(self):
        self.load("--output", self.drop_in)
        again = self.load("--output", self.folder / "nutgraf.d" / "again.toml")
        self.assertEqual(again.returncode, 0)
        self.assertIn("0 feeds, 3 more are configured already", again.stderr)
        self.assertIn("3 feeds", self.check().stdout)

    def test_out_and_in_again_is_the_same(self):
        self.load("--output", self.drop_in)
        out = self.run_tool("opml", "export", "--config", self.config)
        self.assertEqual(out.returncode, 0)
        empty = self.folder / "empty.toml"
        empty.write_text("")
        self.drop_in.rename(self.folder / "before.toml")
        back = self.run_tool("opml", "import", "--config", empty, input=out.stdout)
        # Publishers are complete in what is exported.
        before = [line for line in (self.folder / "before.toml").read_text().splitlines()]
        after = [line for line in back.stdout.splitlines() if not line.startswith("publisher")]
        self.assertEqual(after, before)
        self.assertEqual(back.returncode, 0)

    def test_what_is_not_taken_is_said_and_the_rest_is(self):
        self.list.write_text(LIST % '<outline text="x" xmlUrl="gopher://old.example/"/>')
        done = self.load("--output", self.drop_in)
        self.assertEqual(done.returncode, 1)
        self.assertIn("left out: no http(s) URL: gopher://old.example/", done.stderr)
        self.assertIn("3 feeds", self.check().stdout)

    def test_errors_have_their_codes(self):
        self.assertEqual(self.run_tool("opml", "import", self.folder / "none.opml").returncode, 66)
        self.assertEqual(self.run_tool("opml", "export", "--config", self.folder / "none.toml").returncode, 66)
        self.assertEqual(self.run_tool("opml").returncode, 64)
        self.list.write_text("<html></html>")
        self.assertEqual(self.load().returncode, 1)
        self.config.write_text("[poll]\nintervall = 1\n")
        self.list.write_text(LIST % "")
        done = self.load()
        self.assertEqual(done.returncode, 78)
        self.assertIn("intervall", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)

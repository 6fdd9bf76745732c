#!/usr/bin/env python3
"""The documents as installed: each link of theirs leads to a file that is installed too. usage: installed_docs_test.py BUILD"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

BUILD = sys.argv.pop(1)


class InstalledDocsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)
        subprocess.run(["cmake", "--install", BUILD, "--component", "documents", "--prefix", "/usr"], check=True,
                       env=os.environ | {"DESTDIR": self.folder.name}, stdout=subprocess.DEVNULL)
        self.doc = self.root / "usr/share/doc/nutgraf"

    def test_every_link_leads_to_what_is_installed(self):
        links = 0
        for file in self.doc.rglob("*.md"):
            text = file.read_text()
            for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text) + re.findall(r'src="([^":]+)"', text):
                to = self.root / link[1:] if link.startswith("/") else file.parent / link
                self.assertTrue(to.exists(), f"{file.relative_to(self.doc)}: no {link}")
                links += 1
        self.assertGreater(links, 20)

    def test_the_readme_names_nothing_of_the_project_s_docs_folder(self):
        self.assertNotIn("docs/", (self.doc / "README.md").read_text())


if __name__ == "__main__":
    unittest.main()

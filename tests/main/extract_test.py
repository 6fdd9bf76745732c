#!/usr/bin/env python3
"""nutgraf extract, as a shell sees it: usage: extract_test.py NUTGRAF"""
import html.parser
import json
import os
import subprocess
import sys
import tempfile
import unittest

TOOL = os.path.abspath(sys.argv.pop(1))
STORY = "The council decided on Monday that the old bridge must be closed for good this year."
PAGE = f"""<html lang=en><head><title>Bridge closed | Example</title></head><body>
<nav><a href=/>Home</a></nav><article><h1>Bridge closed</h1><p>{STORY}</p><p>{STORY[:-1]}, &lt;b&gt; &amp; all.</p>
<p>Photo: Jane &lt;script&gt;alert(1)&lt;/script&gt;</p></article></body></html>"""


class Sections(html.parser.HTMLParser):
    """The (class, rule, text) of every section of an explanation, and all tags of the page."""

    def __init__(self, page):
        super().__init__()
        self.sections, self.tags = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag == "section":
            self.sections.append([dict(attributes)["class"], "", ""])

    def handle_data(self, data):
        if self.sections and self.tags[-1] in ("b", "p"):
            self.sections[-1][1 if self.tags[-1] == "b" else 2] += data.strip()


class ExtractTest(unittest.TestCase):
    def tool(self, *arguments, text=PAGE, expect=0):
        done = subprocess.run([TOOL, "extract", *arguments], input=text, text=True, capture_output=True, timeout=300)
        self.assertEqual(done.returncode, expect, done.stderr)
        return done.stdout

    def test_a_page_gives_title_and_text(self):
        self.assertEqual(self.tool(), f"Bridge closed\n\n{STORY}\n\n{STORY[:-1]}, <b> & all.\n")

    def test_json_lines_name_the_page(self):
        with tempfile.NamedTemporaryFile("w", suffix=".html") as page:
            page.write(PAGE)
            page.flush()
            line = json.dumps({"id": 7, "file": page.name, "url": "https://example.org/a"})
            answer = json.loads(self.tool("--jsonl", text=line + "\n"))
        self.assertEqual((answer["id"], answer["title"], answer["kind"]), (7, "Bridge closed", "report"))
        self.assertTrue(answer["text"].startswith(STORY))

    def test_an_explanation_shows_every_block_and_its_rule(self):
        page = Sections(self.tool("--explain"))
        self.assertEqual([(kind, rule) for kind, rule, _ in page.sections],
                         [("out", "chrome"), ("out", "headline"), ("in", ""), ("in", ""), ("out", "junk")])
        self.assertEqual(page.sections[2][2], STORY)
        self.assertEqual(page.sections[3][2], f"{STORY[:-1]}, <b> & all.")

    def test_an_explanation_holds_nothing_live_of_the_page(self):
        page = Sections(self.tool("--explain"))
        self.assertFalse({"script", "img", "link", "iframe"} & set(page.tags))

    def test_selectors_say_what_the_article_is(self):
        self.assertEqual(self.tool("--select", "article > p", "--drop", "//p[2]", "--drop", "p:last-child"),
                         f"Bridge closed\n\n{STORY}\n")
        page = Sections(self.tool("--explain", "--select", "p", "--drop", "nav"))
        self.assertEqual([(kind, rule) for kind, rule, _ in page.sections],
                         [("out", "page-drop"), ("out", "unselected")] + 3 * [("in", "page-select")])
        self.assertEqual(self.tool("--select", "table"), self.tool())

    def test_a_wrong_selector_is_refused(self):
        done = subprocess.run([TOOL, "extract", "--select", "p:hover"], input=PAGE, text=True, capture_output=True,
                              timeout=300)
        self.assertEqual((done.returncode, done.stdout), (64, ""))
        self.assertIn('"p:hover" is wrong at 3: ', done.stderr)

    def test_what_is_no_page_fails_alone(self):
        self.tool(text="%PDF-1.7 nothing", expect=1)
        self.tool("--explain", text="%PDF-1.7 nothing", expect=1)
        self.tool("--explain", "--jsonl", expect=64)


if __name__ == "__main__":
    unittest.main()

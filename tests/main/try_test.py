#!/usr/bin/env python3
"""`nutgraf try` over loopback: a feed, a site that names its feeds, and what is neither.

  try_test.py PATH-OF-nutgraf"""

import http.server
import json
import subprocess
import sys
import threading
import unittest

TEXT = "The harbour bridge opened on Friday after two years of work, the city said. " * 8
ITEM = """<item><title>%s</title><link>/%s</link><guid>%s</guid>
<pubDate>Sat, 21 Nov 2026 10:11:12 +0100</pubDate><description>%s</description></item>"""
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>%s</title><link>/</link>%s</channel></rss>"""

PAGES = {
    "/": ("text/html", """<!doctype html><html><head><title>Site</title>
          <!-- <link rel="alternate" type="application/rss+xml" href="/commented.xml"> -->
          <link rel="stylesheet" href="x.css">
          <link rel=alternate type=application/rss+xml title="News &amp; more" href="news.xml">
          <link rel="alternate" type="application/atom+xml" href="/gone.xml">
          </head><body><p>Welcome.</p></body></html>"""),
    "/news.xml": ("text/xml", FEED % ("News", ITEM % ("Bridge opens", "bridge", "b1", TEXT))),
    # A feed that calls itself a page is one all the same.
    "/mislabelled": ("text/html", FEED % ("Mislabelled", ITEM % ("Bridge opens", "bridge", "b1", TEXT))),
    "/headless": ("text/xml", "tion></item>%s</channel></rss>" % (ITEM % ("Bridge opens", "bridge", "b1", TEXT))),
    "/plain": ("text/html", "<!doctype html><html><body><p>No feeds here.</p></body></html>"),
    "/bridge": ("text/html", "<!doctype html><html><head><title>Bridge opens</title></head><body><article>"
                "<h1>Bridge opens</h1><p>%s</p></article></body></html>" % TEXT),
}


class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        kind, text = PAGES.get(self.path, ("text/plain", None))
        self.send_response(200 if text else 404)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write((text or "").encode())

    def log_message(self, *_):
        pass


class Try(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
        cls.root = "http://127.0.0.1:%d" % cls.server.server_address[1]
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()

    def run_try(self, *paths):
        done = subprocess.run([PROGRAM, "try", "--allow-private", "--json", *(self.root + path for path in paths)],
                              capture_output=True, text=True, timeout=120)
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr

    def assert_bridge(self, path):
        code, stories, said = self.run_try(path)
        self.assertEqual(code, 0, said)
        self.assertEqual([s["title"] for s in stories], ["Bridge opens"], said)
        self.assertEqual(stories[0]["url"], self.root + "/bridge")
        return said

    def test_a_feed_is_read(self):
        self.assert_bridge("/news.xml")

    def test_a_site_leads_to_its_feed(self):
        said = self.assert_bridge("/")
        self.assertIn("names the feed " + self.root + "/news.xml", said)
        self.assertNotIn("commented", said)

    def test_the_content_decides_not_its_label(self):
        self.assert_bridge("/mislabelled")

    def test_a_feed_without_a_head_is_read(self):
        self.assert_bridge("/headless")

    def test_several_are_tried_one_after_the_other(self):
        code, stories, said = self.run_try("/news.xml", "/plain", "/headless")
        self.assertEqual((code, [s["title"] for s in stories]), (1, ["Bridge opens"] * 2), said)

    def test_a_page_without_feeds_is_told_apart(self):
        code, stories, said = self.run_try("/plain")
        self.assertEqual((code, stories), (1, []))
        self.assertIn("no feed, and no page that names one", said)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()

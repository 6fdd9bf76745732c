#!/usr/bin/env python3
"""The five seed reports, as pages behind five feeds on loopback: five stories arrive, clean, with three whole sentences."""
import html
import json
import re
import time
from email.utils import formatdate

from harness import Daemon, Live, Web, scratch, shared

PAGE = """<!doctype html><html lang="en"><head><title>{title} | The Daily Loop</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="The Daily Loop"></head>
<body><header><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav></header>
<main><article><h1>{title}</h1>{paragraphs}</article></main>
<footer><p>Copyright The Daily Loop</p></footer></body></html>"""

FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Loop {n}</title>
<link>{link}</link><item><title>{title}</title><link>{link}</link><guid isPermaLink="false">seed-{n}</guid>
<pubDate>{date}</pubDate><description>{teaser}</description></item></channel></rss>"""


def words(text):
    return " ".join(re.findall(r"\w+", text.lower()))


def page_of(text, title):
    """The seed as a page: each block of lines one paragraph, furniture still in, the title's own line left to the h1."""
    blocks = [b.strip() for b in re.split(r"\n\s*\n", text) if b.strip()]
    blocks = [b for b in blocks if words(b) != words(title)]
    return PAGE.format(title=html.escape(title),
                       paragraphs="\n".join(f"<p>{html.escape(b)}</p>" for b in blocks))


def main():
    seeds = shared() / "corpus" / "seeds"
    gold = json.loads((seeds / "gold.json").read_text())
    with scratch() as folder, Web() as web:
        expected, feeds = {}, []
        for n, (name, entry) in enumerate(sorted(gold.items())):
            # One of the texts has no title of its own: its feed's title is the first words of its body.
            title = entry["title"] or " ".join(entry["body"][0].split()[:9])
            link = web.url(f"/news/{n}.html")
            web.put(f"/news/{n}.html", page_of((seeds / name).read_text(), title), "text/html; charset=utf-8")
            web.put(f"/feed/{n}.xml", FEED.format(
                n=n, title=html.escape(title), link=link, date=formatdate(time.time() - 3600),
                teaser=html.escape(entry["body"][0][:120])), "application/rss+xml")
            feeds.append({"id": f"seed-{n}", "url": web.url(f"/feed/{n}.xml"), "allow_private": True,
                          "full_text": "page"})
            expected[link] = (title, entry)
        with Daemon(folder, feeds).start() as daemon, Live(daemon) as live:
            stories = {}
            while len(stories) < 5:
                message = live.receive(120)
                assert message, f"only {len(stories)} stories\n{daemon.log()[-3000:]}"
                topic, body = message
                if body["type"] == "story/1":
                    assert topic == body["topic"] and topic.startswith("story.en."), topic
                    stories[body["story"]["url"]] = body["story"]
            extra = live.receive(3)
            assert extra is None or extra[1]["type"] != "story/1", extra
            assert daemon.stop() == 0, daemon.log()[-2000:]
    assert set(stories) == set(expected), set(stories) ^ set(expected)
    for link, (title, entry) in expected.items():
        check_story(stories[link], title, entry)
    print("5 stories, right titles and links, 3 whole sentences each, no furniture")


def check_story(story, title, entry):
    assert words(story["title"]) == words(title), (story["title"], title)
    sentences = [s["text"] for s in story["summary"]["sentences"]]
    assert len(sentences) == 3, sentences
    body = words(" ".join(entry["body"]))
    for sentence in sentences:
        assert words(sentence) in body, f"not in the body of {title!r}: {sentence!r}"
        assert re.search(r"[.!?…][\"'”’)\]]*$", sentence), f"not whole: {sentence!r}"
    summary = words(story["summary"]["text"])
    for line in entry["boilerplate"]:
        if len(words(line)) >= 12:
            assert words(line) not in summary, f"furniture in the summary: {line!r}"


if __name__ == "__main__":
    main()

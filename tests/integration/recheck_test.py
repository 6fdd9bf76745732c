#!/usr/bin/env python3
"""Pages that are asked for again: a changed figure is a revision, what says the same is nothing, what is gone is taken back."""
import html
import time
from email.utils import formatdate

from harness import Daemon, Live, Web, check_log, scratch, until, whole_log
from newswriter import rss, story

FIGURE = "The bridge will cost 412 million crowns, the council said, and it is to open in spring."


def page(number, extra=()):
    title, paragraphs = story(number)
    text = "".join(f"<p>{html.escape(p)}</p>" for p in [paragraphs[0], *extra, *paragraphs[1:]])
    return (f"<!doctype html><html lang='en'><head><title>{html.escape(title)}</title></head><body><main><article>"
            f"<h1>{html.escape(title)}</h1>{text}</article></main></body></html>")


def teaser(number, link):
    title, paragraphs = story(number)
    return (f"<item><title>{html.escape(title)}</title><link>{link}</link><guid isPermaLink=\"false\">n{number}</guid>"
            f"<pubDate>{formatdate(time.time() - 60)}</pubDate><description>{html.escape(paragraphs[0][:150])}</description></item>")


def main():
    with scratch() as folder, Web() as web:
        numbers = {"same": 1, "changed": 2, "gone": 3, "clock": 4}
        for name, number in numbers.items():
            web.put(f"/{name}", page(number, [FIGURE]), "text/html; charset=utf-8")
        web.put("/feed.xml", rss("F", [teaser(n, web.url(f"/{name}")) for name, n in numbers.items()]), "application/rss+xml")
        feeds = [{"id": "f", "url": web.url("/feed.xml"), "allow_private": True, "full_text": "page"}]
        daemon = Daemon(folder, feeds, {"fetch": {"recheck": ["8s", "14s"], "robots": False}})
        with daemon.start(), Live(daemon) as live:
            live.wait_hello()
            until(lambda: len(check_log(whole_log(daemon)[0])) == 4, 7, "four stories")
            stories = {s["url"].rsplit("/", 1)[1]: s for s in check_log(whole_log(daemon)[0]).values()}
            web.put("/changed", page(numbers["changed"], [FIGURE.replace("412", "587")]), "text/html; charset=utf-8")
            web.put("/clock", page(numbers["clock"], [FIGURE, "Updated 12:03"]), "text/html; charset=utf-8")
            with web.lock:
                del web.pages["/gone"]
            daemon.kill()  # What is planned survives.
        with daemon.start():
            def said(name, op):
                return [m for m in whole_log(daemon)[0] if m["type"] == "story/1" and m["op"] == op
                        and m["story"]["id"] == stories[name]["id"]]

            until(lambda: said("changed", "update"), 40, "an update")
            until(lambda: said("gone", "retract"), 40, "a retract")
            until(lambda: all(sum(path == f"/{name}" for path, _, _ in web.seen()) == 3 for name in numbers), 40, "two looks")
            time.sleep(2)
            update, = said("changed", "update")
            assert update["story"]["revision"] == 2, update
            change, = update["story"]["changes"]
            assert "412" in change["was"] and "587" in change["now"], change
            retract, = said("gone", "retract")
            assert retract["reason"] == "its page is gone (HTTP 404, twice)", retract
            assert not said("clock", "update") and not said("same", "update")
            looks = {name: [(status, conditional) for path, status, conditional in web.seen() if path == f"/{name}"]
                     for name in numbers}
            assert looks["same"] == [(200, False), (304, True), (304, True)], looks
            assert looks["changed"] == [(200, False), (200, True), (304, True)], looks
            assert looks["clock"] == [(200, False), (200, True), (304, True)], looks
            assert looks["gone"] == [(200, False), (404, True), (404, True)], looks
            assert daemon.stop() == 0
    print("looked at again: one update, one retract, nothing of what says the same; over a kill")


if __name__ == "__main__":
    main()

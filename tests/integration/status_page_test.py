#!/usr/bin/env python3
"""The status page in headless Chromium, on a whole daemon: it is live, hostile titles stay text, links lead to http(s)
only, the ill feeds stand first, and ten thousand feeds do not make it long. Skips where there is no Chromium."""
import html
import json
import sys
import time
from email.utils import formatdate
from pathlib import Path

import harness
import newswriter
from harness import Daemon, Web, scratch, until
from status_stage import COAST

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import chromium  # noqa: E402

HOSTILE = [
    "<img src=x onerror=\"document.title='owned'\">",
    "</script><script>document.title='owned'</script>",
    "<b>bold</b> &amp; &lt;i&gt; \u202eright to left\u202c",
    "w" * 3000,
    "{{7*7}} ${7*7} javascript:alert(1) @NONCE@",
]
PUBLISHED = "document.querySelectorAll('#stories .story').length"


def item(web, number, title, link=None):
    _, paragraphs = newswriter.story(number)
    text = html.escape("".join(f"<p>{p}</p>" for p in paragraphs))
    return (f"<item><title>{html.escape(html.escape(title))}</title><link>{html.escape(link or web.url(f'/h/{number}'))}</link>"
            f"<guid>h-{number}</guid><pubDate>{formatdate(time.time())}</pubDate>"
            f"<content:encoded>{text}</content:encoded></item>")


def ferry(web, paper):
    """What a paper tells of the accident of the stage, on whose injured the papers disagree."""
    title, lead, more = COAST[paper][1]
    text = html.escape(f"<p>{lead}</p><p>{more}</p>")
    return (f"<item><title>{title}</title><link>{web.url('/f/' + paper.split()[0])}</link><guid>f-{paper}</guid>"
            f"<pubDate>{formatdate(time.time())}</pubDate><content:encoded>{text}</content:encoded></item>")


def check_hostile(browser, web, put):
    for number, title in enumerate(HOSTILE):
        put("a", item(web, 700 + number, title, "javascript:alert(1)//" if number == 4 else None))
    browser.wait(f"{PUBLISHED} >= 2 + {len(HOSTILE)}")
    assert "owned" not in browser.ask("document.title")
    titles = browser.ask("[...document.querySelectorAll('#stories h3')].map(e => e.textContent)")
    assert any("<img src=x" in t for t in titles), titles
    assert browser.ask("document.querySelectorAll('main img, main script, main b b').length") == 0
    links = browser.ask("[...document.querySelectorAll('main a')].map(a => [a.protocol, a.rel, a.target])")
    assert links and all(p in ("http:", "https:") and "noopener" in r and t == "_blank" for p, r, t in links), links


def check_layout(browser):
    for width, phone in ((1320, False), (768, False), (360, True), (320, True)):
        browser.show(width, 800, phone=phone)
        assert browser.ask("document.documentElement.scrollWidth") <= width, f"wider than {width} px"
    browser.show(1320, 800)


def check_accessible(browser):
    """Of what can be asked without a tool: names, headings in order, contrast of the small print."""
    assert browser.ask("document.documentElement.lang") == "en"
    assert browser.ask("[...document.querySelectorAll('svg')].every(s => s.getAttribute('aria-label') || s.ariaHidden === 'true')")
    assert browser.ask("[...document.querySelectorAll('button, a, summary')].every(b => b.textContent.trim())")
    levels = browser.ask("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    assert levels[0] == 1 and all(b - a <= 1 for a, b in zip(levels, levels[1:])), levels
    contrast = """(() => {
      const c = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
      const rgb = color => { c.clearRect(0, 0, 1, 1); c.fillStyle = color; c.fillRect(0, 0, 1, 1); return c.getImageData(0, 0, 1, 1).data; };
      const lum = d => [0.2126, 0.7152, 0.0722].reduce((s, w, i) => {
        const v = d[i] / 255; return s + w * (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); }, 0);
      const ground = e => { for (; e; e = e.parentElement) { const d = rgb(getComputedStyle(e).backgroundColor); if (d[3] > 250) return d; } return [255, 255, 255]; };
      const poor = [];
      for (const e of document.querySelectorAll('main *, header *')) {
        if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !e.getClientRects().length) continue;
        const [a, b] = [lum(rgb(getComputedStyle(e).color)), lum(ground(e))].sort((x, y) => y - x);
        if ((a + 0.05) / (b + 0.05) < 4.5) poor.push(e.className + '|' + e.textContent.slice(0, 30) + '|' + ((a + 0.05) / (b + 0.05)).toFixed(2));
      }
      return poor; })()"""
    for dark in (False, True):
        browser.show(1320, 800, dark=dark)
        poor = browser.ask(contrast)
        assert not poor, f"{'dark' if dark else 'light'}: contrast below 4.5: {poor[:8]}"
    browser.show(1320, 800)


def check_many_feeds(browser, daemon, web):
    """Ten thousand feeds, never polled within this test but for the first few: the page shows the worst and says how many."""
    feeds = [{"id": f"m{n}", "url": web.url(f"/m{n}.xml"), "interval": "10d", "allow_private": True} for n in range(10_000)]
    with open(daemon.config, "a") as file:
        for feed in feeds:
            file.write("[[feed]]\n" + "".join(f"{k} = {harness.toml(v)}\n" for k, v in feed.items()))
    answer = harness.control(daemon, {"cmd": "reload"})
    assert answer["ok"], answer
    browser.wait("document.querySelector('#feeds-note').textContent.includes('10,00')", 60)
    begin = time.monotonic()
    assert len(json.loads(browser.ask("fetch('status.json').then(a => a.text())"))["feeds"]["listed"]) == 200
    print(f"status.json of 10,000 feeds: {(time.monotonic() - begin) * 1000:.0f} ms")
    assert browser.ask("document.querySelectorAll('#feeds li').length") < 300


def main():
    chromium.find()
    with scratch() as folder, Web() as web:
        web.server.handle_error = lambda *_: None  # Ten thousand feeds are dropped in the midst of a poll.
        told = {"a": [], "b": []}

        def put(paper, one):
            told[paper].append(one)
            web.put(f"/{paper}.xml", newswriter.rss(paper.upper(), told[paper]), "application/rss+xml")

        put("a", newswriter.item(1, web.url("/n/1"), time.time()))
        put("b", newswriter.item(2, web.url("/n/2"), time.time()))
        feeds = [{"id": name, "url": web.url(f"/{name}.xml"), "publisher": name.upper(), "allow_private": True,
                  "interval": "1s"} for name in ("a", "b", "ill")]
        sections = {"poll": {"interval": "1s", "max_interval": "2s"}, "event": {"debounce": "1s"}}
        with Daemon(folder, feeds, sections) as daemon:
            daemon.sections["status"]["listen"] = f"127.0.0.1:{daemon.status}"
            daemon.write(feeds)
            daemon.start()
            with chromium.Browser() as browser:
                browser.show(1320, 800)
                browser.open(f"http://127.0.0.1:{daemon.status}/")
                browser.wait(f"{PUBLISHED} === 2")
                check_hostile(browser, web, put)
                # An event of two who disagree, live.
                put("a", ferry(web, "Castermouth Mercury"))
                put("b", ferry(web, "Straits Herald"))
                browser.wait("document.querySelector('#events .clash')?.textContent.includes('12')")
                clash = browser.ask("document.querySelector('.clash').innerText")
                assert "injured" in clash and "9" in clash and "A" in clash and "B" in clash, clash
                assert "independent source" in browser.ask("document.querySelector('#events .event').innerText")
                browser.wait("document.querySelector('#ill .s-failing')", 60)
                ill = browser.ask("document.querySelector('#ill .feed').innerText")
                assert "HTTP 404" in ill and "failing for" in ill, ill
                browser.wait("document.title.startsWith('(1)')")
                check_layout(browser)
                check_accessible(browser)
                # While it is paused nothing moves; then what came meanwhile is there.
                browser.ask("document.querySelector('#pause').click()")
                before = browser.ask("document.querySelector('#stories').textContent")
                put("a", newswriter.item(3, web.url("/n/3"), time.time()))
                until(lambda: f"{newswriter.story(3)[0]}" in browser.ask(
                    "fetch('feed.json').then(a => a.text())"), 30, "the story is published")
                assert browser.ask("document.querySelector('#stories').textContent") == before
                browser.ask("document.querySelector('#pause').click()")
                browser.wait(f"document.querySelector('#stories').textContent.includes({json.dumps(newswriter.story(3)[0])})")
                check_many_feeds(browser, daemon, web)
                # A daemon that is gone is told, and found again.
                daemon.stop()
                browser.wait("!document.querySelector('#lost').hidden", 60)
                expected = [line for line in browser.console if "ERR_" not in line and "status of 503" not in line]
                assert not expected, expected
                daemon.write(feeds)
                daemon.start()
                browser.wait("document.querySelector('#lost').hidden", 60)
                put("b", newswriter.item(4, web.url("/n/4"), time.time()))
                browser.wait(f"document.querySelector('#stories').textContent.includes({json.dumps(newswriter.story(4)[0])})", 60)
                print("page well")
            daemon.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())

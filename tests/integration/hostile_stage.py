"""A daemon between hostile hosts and thirty well-behaved neighbours: what hostile_test.py and bench/hostile.py share."""
import contextlib
import re
import threading
import time

from harness import Live
from hostile_cases import CASES, MARK, SILENT, Request, evil_feed, evil_page, item
from hostile_web import HostileDaemon, HostileWeb, certificates
from newswriter import item as news_item
from newswriter import rss, story

NEIGHBOURS = 30
# What a daemon is told that is to meet them all within minutes.
SECTIONS = {
    "fetch": {"timeout": "4s", "connect_timeout": "2s", "publish_teaser_after": "0s"},
    "poll": {"interval": "1s", "start_spread": "0s"},
    "event": {"debounce": "1h"},
    "wire": {"publish_text": True},
}
CERTIFICATES = {  # name: host, begin, end, signed by the authority
    "sound": ("20200101000000Z", "20400101000000Z", True),
    "expired": ("20200101000000Z", "20200201000000Z", True),
    "early": ("20390101000000Z", "20400101000000Z", True),
    "wrong": ("20200101000000Z", "20400101000000Z", True),
    "self": ("", "", False),
    "h2": ("20200101000000Z", "20400101000000Z", True),
    "tickets": ("20200101000000Z", "20400101000000Z", True),
}


class Neighbours:
    """Thirty feeds on hosts of their own, each with a new story a second, and a subscriber that counts what arrives."""

    def __init__(self, web):
        self.web = web
        self.number = 0
        self.bodies = {}
        self.items = {n: [] for n in range(NEIGHBOURS)}
        self.stop = threading.Event()
        self.arrived = set()
        self.feeds = [{"id": f"neighbour-{n}", "url": web.add(f"neighbour-{n}.test", lambda p, n=n: self.serve(p, n)) + "/feed",
                       "interval": "1s", "full_text": "feed"} for n in range(NEIGHBOURS)]
        self.publish()

    def serve(self, peer, n):
        while request := peer.request():
            self.web.count(peer.name, request[0])
            peer.reply(self.bodies[n], "Content-Type: application/rss+xml")

    def publish(self):
        for n, items in self.items.items():
            items.insert(0, news_item(self.number, f"http://neighbour-{n}.test/{self.number}", time.time()))
            self.number += 1
            del items[5:]
            self.bodies[n] = rss(f"Neighbour {n}", items)

    def run(self, daemon):
        def write():
            while not self.stop.wait(1):
                self.publish()

        def read():
            with Live(daemon, "story.") as live:
                while not self.stop.is_set():
                    if message := live.receive(0.5):
                        guid = message[1]["story"].get("guid", "")
                        if guid.startswith("n-"):
                            self.arrived.add(guid)

        for work in (write, read):
            threading.Thread(target=work, daemon=True).start()

    def figures(self):
        """(polls, stories) so far."""
        return self.web.counted("neighbour-"), len(self.arrived)


class Stage:
    """The hosts of `cases`, their feeds, and the daemon (not started). Use as a context manager.

    Each case is a feed "SLUG" on a host of its own, and an honest feed "c-SLUG" whose items link to another such host;
    both are polled each `interval`, while the neighbours are each second.
    """

    def __init__(self, folder, cases=CASES, copies=1, interval="1s"):
        self.cases = [c for c in cases if not (c.host.get("tls") and not self.make_certificates(folder))]
        self.phase = "evil"
        self.web = HostileWeb(folder)
        self.origins = {}
        self.web.origin_of = lambda name: self.origins[name]
        self.web.names.update({"inside.test": ["10.0.0.7"], "looped.test": ["127.0.0.1"], "fine.test": ["50.0.1.1"]})
        self.copies = copies
        self.web.silent = int(self.web.add("silent-0.test", lambda p: p.wait()).rpartition(":")[2])
        self.web.names.update({f"silent-{n}.test": self.web.names["silent-0.test"] for n in range(SILENT)})
        self.carrier = self.web.add("carrier.test", self.carry)
        self.neighbours = Neighbours(self.web)
        self.pages = {}
        self.feeds = []
        for n, case in enumerate(self.cases):
            for copy in range(copies):
                more = f"-{copy}" if copy else ""
                self.feeds.append({"id": case.slug + more, "url": self.place(case, f"f{n}{more}.test") + "/feed",
                                   "interval": interval,
                                   "full_text": "feed", **case.host.get("feed", {})})
            if case.page:
                self.pages[case.slug] = self.place(case, f"p{n}.test")
                self.feeds.append({"id": "c-" + case.slug, "url": f"{self.carrier}/{case.slug}", "interval": interval, "full_text": "page"})
        self.daemon = HostileDaemon(self.web, self.neighbours.feeds, SECTIONS)

    def by_kind(self):
        """The feeds of the cases: those that are hostile themselves, and those whose pages are."""
        page = [f for f in self.feeds if f["id"].startswith("c-")]
        return {"feed": [f for f in self.feeds if f not in page], "page": page}

    def acts(self):
        """The feeds of the cases that are light on the workers, and of the others."""
        heavy = {c.slug for c in self.cases if c.heavy}
        light = [f for f in self.feeds if f["id"].removeprefix("c-") not in heavy]
        return light, [f for f in self.feeds if f not in light]

    def make_certificates(self, folder):
        if not hasattr(self, "contexts"):
            hosts = {f"{kind}-{name}": ("elsewhere.test" if kind == "wrong" else f"*.{kind}-{name}.test", *times)
                     for kind, times in CERTIFICATES.items() for name in "fp"}
            self.contexts = certificates(folder, hosts)
        return self.contexts

    def place(self, case, name):
        """A host of the case; its origin."""
        host = case.host
        if "url" in host:
            return host["url"].format(canary=self.web.canary).rstrip("/")
        tls = None
        if host.get("tls"):
            certificate = f"{host['tls']}-{name[0]}"
            name, tls = f"{name.removesuffix('.test')}.{certificate}.test", self.contexts[certificate]
        if host.get("deaf"):
            return self.web.add_deaf(name)
        origin = self.web.add(name, lambda p: self.serve(case, p), tls)
        if "scheme" in host:
            origin = origin.replace("http:", host["scheme"] + ":")
        if "answers" in host:
            own = self.web.names[name][0]
            self.web.names[name] = [a.format(own=own, dead="50.0.250.1") for a in host["answers"]]
        if "port" in host:
            origin = origin.rpartition(":")[0] + ":" + host["port"].format(canary=self.web.canary)
        self.origins[name] = origin
        return origin

    def serve(self, case, peer):
        if case.host.get("raw") and self.phase == "evil":
            return case.serve(peer, None)
        while request := peer.request():
            path, headers = request
            self.web.count(peer.name, path)
            if path == "/robots.txt":
                peer.send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            elif self.phase == "healed":
                self.serve_healed(case, peer, headers)
            else:
                kind = "feed" if path.startswith("/feed") else "page"
                body = evil_feed(peer.name) if kind == "feed" else evil_page(peer.name)
                kinds = {"feed": "application/rss+xml", "page": "text/html"}
                case.serve(peer, Request(kind, path, headers, body, kinds[kind], self.web))
                if not peer.whole:
                    return None
        return None

    def serve_healed(self, case, peer, headers):
        """Sound again. A validator of the evil days would hide the story."""
        if "evil" in headers.get("if-none-match", ""):
            peer.send(b'HTTP/1.1 304 Not Modified\r\nETag: "evil"\r\n\r\n')
            return
        title, paragraphs = story(1_000_000 + self.cases.index(case))
        body = rss("healed", [item(title, f"http://{peer.name}/healed", paragraphs[0], "healed-" + case.slug)])
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    def carry(self, peer):
        """The honest feeds: a short text, and a link to where the evil page is."""
        while request := peer.request():
            slug = request[0][1:]
            place = [c.slug for c in self.cases].index(slug)
            items = []
            for n in range(self.cases[place].pages):
                title, paragraphs = story(2_000_000 + place * 100 + n)
                items.append(item(title, f"{self.pages[slug]}/page/{n}", paragraphs[0], f"{slug}-{n}"))
            body = rss("carrier", items)
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    def heals(self, case):
        """Whether the case's host can be sound later, and will be asked."""
        return not (case.paused or case.host.keys() & {"url", "deaf", "answers", "scheme"} or case.host.get("tls") not in (None, "sound"))

    def __enter__(self):
        self.stack = contextlib.ExitStack()
        self.stack.enter_context(self.web)
        self.stack.enter_context(self.daemon)
        return self

    def __exit__(self, *_):
        self.neighbours.stop.set()
        self.stack.close()


def matches(case, state):
    """Whether `state`, of `nutgraf feeds`, is the outcome that is documented for the case."""
    error = state.get("last_error", "")
    if case.error:
        return bool(re.search(case.error, error))
    return state["polls"] > 0 and not error and case.items in (None, state["items"])


def has_mark(text):
    return any(mark in text for mark in (MARK, "SMUGGLED", "root:x:"))

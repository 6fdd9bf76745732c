#!/usr/bin/env python3
"""The status port of a whole daemon, by a plain HTTP client: the stream is the log byte for byte, it goes on from any
cursor, tells gaps, is live within milliseconds, and a reader that does not read harms nobody. With feed.json and
/metrics against their schemas."""
import contextlib
import http.client
import json
import socket
import statistics
import sys
import time

import harness
import newswriter
from harness import Daemon, Live, Stopwatch, Web, ask, control, scratch, until

SCHEMAS = harness.PROJECT / "docs" / "schema"


class Events:
    """A connection to /stream, read event by event."""

    def __init__(self, daemon, query="", last=None, timeout=120):
        self.connection = http.client.HTTPConnection("127.0.0.1", daemon.status, timeout=timeout)
        self.connection.request("GET", "/stream" + query, headers={"Last-Event-ID": last} if last else {})
        self.answer = self.connection.getresponse()
        assert self.answer.status == 200, self.answer.read()

    def next(self):
        """{"id", "event", "data"} of the next event with data, by the rules of the HTML standard."""
        event, last = {}, None
        while True:
            line = self.answer.fp.readline().decode()
            assert line.endswith("\n"), "the stream ended"
            name, _, value = line[:-1].partition(":")
            value = value.removeprefix(" ")
            if name == "data":
                event["data"] = event["data"] + "\n" + value if "data" in event else value
            elif name in ("id", "event"):
                event[name] = value
            elif line == "\n":
                last = event.get("id", last)
                if "data" in event:
                    return {"id": last, **event}
                event = {}

    def take(self, count):
        return [self.next() for _ in range(count)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.answer.close()
        self.connection.close()


def get(daemon, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", daemon.status, timeout=120)
    with contextlib.closing(connection):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def fetched(daemon, **request):
    """The log as the sync socket has it: [(topic, body)]."""
    *messages, end = ask(daemon, {"op": "fetch", "after": 0, "limit": 1000, **request})
    assert end[0] == b"END" and not json.loads(end[1])["more"], end
    return [(m[1].decode(), m[2].decode()) for m in messages]


def check_schema(name, value):
    try:
        import jsonschema
    except ImportError:
        print(f"{name}: not checked: no python3-jsonschema")
        return
    jsonschema.validate(value, json.loads((SCHEMAS / name).read_text()))


def test_the_stream_is_the_log(daemon):
    log = fetched(daemon)
    assert len(log) > 20
    with Events(daemon, "?after=0") as stream:
        hello, *events = stream.take(1 + len(log))
    epoch = json.loads(log[0][1])["epoch"]
    assert hello["event"] == "hello"
    check_schema("hello-1.json", json.loads(hello["data"]))
    assert [e["data"] for e in events] == [body for _, body in log], "not the bytes of the wire"
    assert [e["id"] for e in events] == [f"{epoch}:{json.loads(body)['seq']}" for _, body in log]
    assert not any("event" in e for e in events)
    # From the middle, by either way to say so.
    middle = events[len(events) // 2]["id"]
    for query, last in ((f"?after={middle}", None), ("?after=0", middle), (f"?after={middle.split(':')[1]}", None)):
        with Events(daemon, query, last) as stream:
            hello, *rest = stream.take(len(events) - len(events) // 2)
        assert rest == events[len(events) // 2 + 1:], query
    # By topic.
    told = [body for topic, body in log if topic.startswith("event.") or topic.startswith("feed.")]
    with Events(daemon, "?topic=event.&topic=feed.&after=0") as stream:
        assert [e["data"] for e in stream.take(1 + len(told))[1:]] == told
    print(f"{len(log)} messages, byte for byte")


def test_gaps_are_told(daemon):
    epoch = json.loads(fetched(daemon)[0][1])["epoch"]
    for last, code in ((f"{'0' * 32}:5", "epoch_changed"), (f"{epoch}:99999999", "future_cursor")):
        with Events(daemon, "", last) as stream:
            hello, gap, first = stream.take(3)
        assert hello["event"] == "hello" and gap["event"] == "gap", (hello, gap)
        gap = json.loads(gap["data"])
        check_schema("http/gap-1.json", gap)
        assert gap["code"] == code and gap["epoch"] == epoch
        assert json.loads(first["data"])["seq"] == gap["floor"]


def test_stories_arrive_at_once(daemon, web, feed):
    """From when ZeroMQ brings a story until /stream does: the commit wakes it, no clock."""
    late, watch = [], Stopwatch()
    with Live(daemon) as live, Events(daemon, "?topic=story.") as stream:
        live.wait_hello()
        stream.next()
        for number in range(500, 512):
            feed.append(newswriter.item(number, web.url(f"/s/{number}"), time.time()))
            web.put("/a.xml", newswriter.rss("A", feed[-20:]), "application/rss+xml")
            topic, body = live.receive(120)
            while not topic.startswith("story."):
                topic, body = live.receive(120)
            begin = time.monotonic()
            event = stream.next()
            late.append((time.monotonic() - begin) * 1000)
            assert json.loads(event["data"]) == body
    print(f"/stream after ZeroMQ: median {statistics.median(late):.2f} ms, worst {max(late):.2f} ms")
    if "sanitize" not in str(harness.program("nutgrafd")):
        assert statistics.median(late) * watch.share() < 50, late


def test_a_stuck_reader_harms_nobody(daemon, web, feed):
    """Readers that ask for the whole log and never read: others are live, the daemon grows by their buffers only."""
    assert sum(len(body) for _, body in fetched(daemon)) > 1e6, "the log fits into the kernel's buffers"
    before = daemon.memory()
    with contextlib.ExitStack() as stack:
        for _ in range(20):
            stuck = stack.enter_context(socket.socket())
            stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            stuck.connect(("127.0.0.1", daemon.status))
            stuck.sendall(b"GET /stream?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        until(lambda: b"nutgraf_streams 20\n" in get(daemon, "/metrics")[2], 20, "20 streams")
        with Events(daemon, "?topic=story.") as stream:
            stream.next()
            for number in range(520, 530):
                feed.append(newswriter.item(number, web.url(f"/s/{number}"), time.time()))
                web.put("/a.xml", newswriter.rss("A", feed[-20:]), "application/rss+xml")
                assert json.loads(stream.next()["data"])["story"]["guid"] == f"n-{number}"
        grown = daemon.memory() - before
        print(f"20 stuck readers: {grown / 1e6:.1f} MB")
        assert grown < 40e6
        # A house full of streams says so, and the rest of the port goes on.
        for _ in range(40):
            extra = stack.enter_context(socket.create_connection(("127.0.0.1", daemon.status)))
            extra.sendall(b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        until(lambda: get(daemon, "/stream")[0] == 503, 20, "503")
        assert get(daemon, "/healthz")[0] == 200
    until(lambda: b"nutgraf_streams 0\n" in get(daemon, "/metrics")[2], 20, "no stream left")


def test_feed_json(daemon):
    status, headers, body = get(daemon, "/feed.json?topic=story.&limit=7")
    assert status == 200 and headers["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(body)
    check_schema("http/json-feed-1.1.json", feed)
    assert len(feed["items"]) == 7
    by_seq = {json.loads(message)["seq"]: message for _, message in fetched(daemon)}
    for item in feed["items"]:
        assert by_seq[item["_nutgraf"]["seq"]].encode() in body, "not the bytes of the wire"
        assert item["id"] == item["_nutgraf"]["story"]["id"]
    assert get(daemon, "/feed.json?topic=story.&limit=7", **{"If-None-Match": headers["ETag"]})[0] == 304
    # Page after page, every story once, newest first, as it was told last.
    latest, seen, path = {}, [], "/feed.json?topic=story.&limit=7"
    for _, message in fetched(daemon):
        parsed = json.loads(message)
        if parsed["type"] == "story/1":
            latest[parsed["story"]["id"]] = parsed["seq"]
    while path:
        page = json.loads(get(daemon, path)[2])
        check_schema("http/json-feed-1.1.json", page)
        seen += [(item["id"], item["_nutgraf"]["seq"]) for item in page["items"]]
        path = page["next_url"].split("/", 3)[3] and "/" + page["next_url"].split("/", 3)[3] if "next_url" in page else None
    assert seen == sorted(latest.items(), key=lambda pair: -pair[1])
    events = json.loads(get(daemon, "/feed.json?topic=event.")[2])
    check_schema("http/json-feed-1.1.json", events)
    assert events["items"]


def test_refusals(daemon):
    for path, status in (("/nothing", 404), ("/stream?after=x", 400), ("/stream?topic=%22", 400), ("/feed.json?limit=0", 400)):
        assert get(daemon, path)[0] == status, path
    assert get(daemon, "/status.json", Host="rebound.example")[0] == 421
    connection = http.client.HTTPConnection("127.0.0.1", daemon.status, timeout=120)
    with contextlib.closing(connection):
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            connection.request(method, "/")
            answer = connection.getresponse()
            assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD"), method
            answer.read()
        connection.request("HEAD", "/status.json")
        answer = connection.getresponse()
        assert answer.status == 200 and answer.read() == b""


def test_figures_of_reloads(daemon):
    whole = daemon.config.read_text()
    daemon.config.write_text(whole + "[pol]\n")
    assert not control(daemon, {"cmd": "reload"})["ok"]
    metrics = get(daemon, "/metrics")[2].decode()
    assert 'nutgraf_reloads_total{outcome="refused"} 1\n' in metrics and "nutgraf_last_reload_successful 0\n" in metrics
    assert json.loads(get(daemon, "/status.json")[2])["reload"]["ok"] is False
    daemon.config.write_text(whole)
    assert control(daemon, {"cmd": "reload"})["ok"]
    assert "nutgraf_last_reload_successful 1\n" in get(daemon, "/metrics")[2].decode()


def test_a_cursor_outlives_a_restart(daemon):
    with Events(daemon, "?after=0") as stream:
        first = stream.take(2)[1]["id"]
    daemon.stop()
    daemon.start()
    with Events(daemon, "", first) as stream:
        hello, event = stream.take(2)
    assert hello["event"] == "hello" and "event" not in event
    assert event["id"] == first.replace(":1", ":2")


def main():
    with scratch() as folder, Web() as web:
        feed = [newswriter.item(n, web.url(f"/s/{n}"), time.time()) for n in range(20)]
        web.put("/a.xml", newswriter.rss("A", feed), "application/rss+xml")
        # B reports the same as A, a little shorter: duplicates, and events of two.
        web.put("/b.xml", newswriter.rss("B", [newswriter.item(n, web.url(f"/b/{n}"), time.time()) for n in range(15, 340)]),
                "application/rss+xml")
        web.put("/ill.xml", b"no feed", "text/plain")
        feeds = [{"id": name, "url": web.url(f"/{name}.xml"), "publisher": name, "allow_private": True}
                 for name in ("a", "b", "ill")]
        sections = {"wire": {"publish_text": True}, "poll": {"interval": "1s", "max_interval": "1s"}, "event": {"debounce": "1s"}}
        with Daemon(folder, feeds, sections) as daemon:
            daemon.sections["status"]["listen"] = f"127.0.0.1:{daemon.status}"
            daemon.write(feeds)
            daemon.start()
            until(lambda: sum(t.startswith("story.") for t, _ in fetched(daemon)) >= 340, 120, "340 stories")
            until(lambda: any(t.startswith("event.") for t, _ in fetched(daemon)), 60, "an event")
            until(lambda: any(t.startswith("feed.") for t, _ in fetched(daemon)), 60, "an ill feed")
            test_the_stream_is_the_log(daemon)
            test_gaps_are_told(daemon)
            test_feed_json(daemon)
            test_stories_arrive_at_once(daemon, web, feed)
            test_a_stuck_reader_harms_nobody(daemon, web, feed)
            test_refusals(daemon)
            test_figures_of_reloads(daemon)
            test_a_cursor_outlives_a_restart(daemon)
            daemon.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())

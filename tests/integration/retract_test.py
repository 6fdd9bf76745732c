#!/usr/bin/env python3
"""Stories that are withdrawn: subscribers, the log, its event, the lists and the store all know, and it stays so."""
import json
import subprocess
import time
import urllib.request
from email.utils import formatdate

from harness import Daemon, Live, Stopwatch, Web, ask, check_log, control, program, scratch, until, whole_log
from newswriter import item, rss, story


ALONE = """Astronomers measured a comet whose tail had split in two. Its dust reflected more light than any model foresaw, so
telescopes on three continents followed the nucleus for eleven nights. Spectra showed carbon chains and sodium. The object
will pass the sun in June, unless gravity tears it apart before. Amateurs may see it with binoculars, low above the horizon,
shortly after dusk. A probe that was launched for an asteroid could be turned towards the comet, engineers reckon."""


def lone_item(link, when):
    """An item that no other report is like."""
    return (f"<item><title>A comet with two tails</title><link>{link}</link><guid isPermaLink=\"false\">comet</guid>"
            f"<pubDate>{formatdate(when)}</pubDate><description>{ALONE}</description></item>")


def report(number, body_of, link, when):
    """A report of what story `number` tells, half of it in the words of story `body_of`."""
    mixed = item(body_of, link, when)
    own, event = story(body_of), story(number)
    for mine, shared in zip(own[1][2:], event[1][2:]):
        mixed = mixed.replace(mine, shared)
    return mixed.replace(own[0], event[0] + ", say witnesses")


def tool(daemon, *arguments, expect=0):
    done = subprocess.run([program("nutgraf"), *arguments, "--control", str(daemon.folder / "control.sock")],
                          text=True, capture_output=True, timeout=60)
    assert expect is None or done.returncode == expect, (arguments, done.returncode, done.stdout, done.stderr)
    return done


def verify(daemon):
    done = subprocess.run([program("nutgraf"), "verify", daemon.sections["store"]["path"]], text=True,
                          capture_output=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def latest(daemon, **what):
    messages = [json.loads(f[2]) for f in ask(daemon, {"op": "get", **what}) if f[0] == b"MSG"]
    return messages[0] if messages else None


def snapshot(daemon):
    return [json.loads(f[2]) for f in ask(daemon, {"op": "snapshot", "page": 0}) if f[0] == b"MSG"]


def listed(daemon):
    with urllib.request.urlopen(f"http://127.0.0.1:{daemon.status}/feed.json?limit=100", timeout=10) as answer:
        return {each["id"] for each in json.load(answer)["items"]}


def holding(folder, words):
    """The files of the store that hold these words."""
    return [path.name for path in folder.glob("nutgraf.db*") if words.encode() in path.read_bytes()]


def next_of(live, kind, op):
    watch = Stopwatch()
    while watch.seconds() < 60:
        message = live.receive(1)
        if message and message[1]["type"] == kind and message[1]["op"] == op:
            return message[1]
    raise AssertionError(f"no {op} of {kind}")


def main():
    now = time.time() - 3600
    with scratch() as folder, Web() as web:
        def serve(a, b):
            web.put("/a.xml", rss("A", a), "application/rss+xml")
            web.put("/b.xml", rss("B", b), "application/rss+xml")

        first = [item(1, web.url("/a/1"), now), lone_item(web.url("/a/2"), now)]
        second = [report(1, 71, web.url("/b/1"), now), report(1, 72, web.url("/b/2"), now)]
        serve(first, second)
        feeds = [{"id": f, "url": web.url(f"/{f}.xml"), "publisher": f"Paper {f}", "allow_private": True,
                  "full_text": "feed"} for f in "ab"]
        daemon = Daemon(folder, feeds, {"event": {"debounce": "1s"}, "wire": {"publish_text": True},
                                        "log": {"level": "debug"}})
        daemon.sections["status"]["listen"] = f"127.0.0.1:{daemon.status}"
        daemon.write(feeds)
        with daemon.start(), Live(daemon) as live:
            live.wait_hello()
            until(lambda: len(check_log(whole_log(daemon)[0])) == 4, 30, "four stories")
            until(lambda: any(e["event"]["size"] == 3 for e in snapshot(daemon)), 30, "an event of three")
            stories = {s["url"]: s for s in check_log(whole_log(daemon)[0]).values()}
            of_event, alone = stories[web.url("/a/1")], stories[web.url("/a/2")]
            before = snapshot(daemon)
            event = next(e["event"] for e in before if e["event"]["size"] == 3)
            assert event["sources"] == 2, event
            assert of_event["id"] in listed(daemon)

            # How each came into the event.
            members = [s["url"] for s in stories.values() if s["event"]["id"] == event["id"]]
            steps = [t["event"] for url in members for t in json.loads(tool(daemon, "why", url, "--json").stdout)["trail"]
                     if t["what"] == "event"]
            assert sorted(s["how"] for s in steps) == ["joined", "joined", "opened"], steps
            assert all(s["id"] == event["id"] and s["threshold"] == 0.135 for s in steps), steps
            assert all((s["similarity"] >= 0.135) == (s["how"] == "joined") for s in steps), steps
            for url, step in zip(members, steps):
                assert f"event: {step['how']} {event['id']}: " in tool(daemon, "why", url).stdout

            # Unknown: an error, a code, nothing sent.
            head = whole_log(daemon)[1]["head"]
            assert "no story nonsense" in tool(daemon, "retract", "nonsense", expect=1).stderr
            assert whole_log(daemon)[1]["head"] == head

            # One of an event.
            out = tool(daemon, "retract", of_event["id"], "--reason", "The paper took it back.").stdout
            sent = next_of(live, "story/1", "retract")
            assert out == f"retracted, seq {sent['seq']}\n", out
            assert sent["reason"] == "The paper took it back." and sent["topic"] == "story.en.other.", sent
            assert sent["story"]["id"] == of_event["id"] and sent["story"]["revision"] == 2, sent
            assert not {"text", "summary", "keywords"} & set(sent["story"]), sent
            without = next_of(live, "event/1", "grow")["event"]
            assert without["id"] == event["id"] and without["size"] == 2, without
            assert (without["sources"], without["independent"]) == (1, 1), without
            assert without["revision"] == event["revision"] + 1, without
            assert of_event["id"] not in json.dumps(without), without
            assert latest(daemon, story=of_event["id"]) == sent == latest(daemon, url=of_event["url"])
            assert of_event["id"] not in listed(daemon)
            assert of_event["id"] not in json.dumps(snapshot(daemon))
            why = tool(daemon, "why", of_event["url"]).stdout
            assert "retracted" in why and "reason: The paper took it back." in why, why

            # Again: a clear answer, nothing sent.
            time.sleep(1)  # The event's new summary, if it differs.
            head = whole_log(daemon)[1]["head"]
            again = tool(daemon, "retract", of_event["id"])
            assert again.stdout == f"already retracted, seq {sent['seq']}\n", again.stdout
            assert whole_log(daemon)[1]["head"] == head

            # The only one of its event: that is over.
            tool(daemon, "retract", alone["id"])
            next_of(live, "story/1", "retract")

            # It does not come back: not edited, not as another paper's copy.
            edited = first[0].replace("&lt;/p&gt;", "&lt;/p&gt;&lt;p&gt;" + story(50)[1][0] + "&lt;/p&gt;", 1)
            serve([edited, *first[1:]], [*second, item(1, web.url("/b/copy"), now)])
            until(lambda: "of a retracted story" in tool(daemon, "why", web.url("/b/copy"), expect=None).stdout, 30, "a copy left out")
            until(lambda: tool(daemon, "why", of_event["url"]).stdout.count("of a retracted story") == 1, 30,
                  "an edition left out")
            assert whole_log(daemon)[1]["head"] == head + 1
            log = whole_log(daemon)[0]
            daemon.kill()

        # Nothing is decided again by a restart; a purge takes the words out of all that is stored.
        verify(daemon)
        with daemon.start(), Live(daemon) as live:
            live.wait_hello()
            time.sleep(3)
            assert whole_log(daemon)[0] == log
            words = [sentence["text"] for sentence in of_event["summary"]["sentences"]] + [of_event["text"][-60:]]
            assert all(holding(daemon.folder, w) for w in words)
            out = tool(daemon, "retract", of_event["id"], "--purge-text").stdout
            assert out == f"already retracted, seq {sent['seq']}, its text is purged\n", out
            other = [s for s in stories.values() if s["url"] == web.url("/b/1")][0]
            own = [w for w in words if w not in other["text"]]
            assert own, words
            for w in own:
                assert not holding(daemon.folder, w), (w, holding(daemon.folder, w))
            purged, end = whole_log(daemon)
            assert end["head"] == log[-1]["seq"], "something was sent"
            check_log(purged)
            assert not any(of_event["title"] == json.loads(json.dumps(m)).get("story", {}).get("title") for m in purged)
            for was, is_ in zip(log, purged):
                keys = ("type", "epoch", "seq", "prev", "topic", "decided_at")
                assert [was[k] for k in keys] == [is_[k] for k in keys], (was, is_)
                if "story" in was and was["story"]["id"] == of_event["id"]:
                    assert is_["op"] == "retract" and "text" not in is_["story"], is_
            # And at once, of a story that stands.
            last = stories[web.url("/b/1")]
            answer = control(daemon, {"cmd": "retract", "id": last["id"], "purge_text": True})
            assert answer["ok"] and answer["purged"] and "already" not in answer, answer
            said = next_of(live, "story/1", "retract")
            assert said["seq"] == answer["seq"] and "title" not in said["story"], said
            assert not holding(daemon.folder, story(71)[1][0][:80])
            verify(daemon)
            assert daemon.stop() == 0
        verify(daemon)
    print("retracted: sent, left its event, stays out, survives a kill; purged: no word of it in the store")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""The crash harness: kills the daemon with SIGKILL again and again while news comes in, then reads the log.

  kill9.py [--kills 40] [--feeds 8] [--seed 1]

Holds if every item that any feed ever showed is in the log exactly once, the sequence is dense and no number was used
for two bodies, every message that a live subscriber got stands in the log byte for byte, and one more restart publishes
nothing. Exit status 0 and one line of figures, or 1 and what broke.
"""
import argparse
import json
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "integration"))
from harness import Daemon, Live, Web, check_log, control, scratch, until, whole_log  # noqa: E402
from newswriter import item, rss  # noqa: E402


class Press:
    """Feeds that gain stories and keep them all: what leaves a feed between two polls nobody could have read."""

    def __init__(self, web, feeds):
        self.web, self.items = web, {f: [] for f in range(feeds)}
        self.count = 0

    def write(self, stories, rng):
        touched = set()
        for _ in range(stories):
            feed = rng.randrange(len(self.items))
            self.items[feed].insert(0, item(self.count, self.web.url(f"/story/{self.count}"), time.time()))
            self.count += 1
            touched.add(feed)
        for feed in touched or self.items:
            self.web.put(f"/feed/{feed}", rss(f"Feed {feed}", self.items[feed]), "application/rss+xml")


def collect(live, seen):
    while (message := live.receive(0.001)) is not None:
        body = message[1]
        key = body["seq"]
        assert seen.setdefault(key, body) == body, f"two bodies with sequence {key}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--feeds", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    with scratch() as folder, Web() as web:
        press = Press(web, args.feeds)
        press.write(40, rng)
        feeds = [{"id": f"feed-{n}", "url": web.url(f"/feed/{n}"), "allow_private": True, "full_text": "feed"}
                 for n in range(args.feeds)]
        with Daemon(folder, feeds, {"poll": {"interval": "1s"}, "event": {"debounce": "1h"}}) as daemon, Live(daemon) as live:
            seen = {}
            for _ in range(args.kills):
                daemon.start()
                end = time.monotonic() + rng.uniform(0.05, 1.5)
                while time.monotonic() < end:
                    collect(live, seen)
                    if rng.random() < 0.3:
                        press.write(rng.randrange(1, 4), rng)
                    time.sleep(0.02)
                daemon.kill()
            collect(live, seen)
            daemon.start()
            shown = {f"n-{n}" for n in range(press.count)}

            def complete():
                bodies, _ = whole_log(daemon)
                return {b["story"].get("guid") for b in bodies if b["type"] == "story/1"} >= shown
            try:
                until(complete, 60, "every item is in the log")
            except AssertionError:
                bodies, _ = whole_log(daemon)
                missing = shown - {b["story"].get("guid") for b in bodies if b["type"] == "story/1"}
                trails = [json.dumps(control(daemon, {"cmd": "why", "what": guid})["trail"])
                          for guid in sorted(missing)[:5]]
                raise AssertionError(f"lost {len(missing)} of {len(shown)}; what is known of them:\n"
                                     + "\n".join(trails))
            collect(live, seen)
            bodies, end = whole_log(daemon)
            created = check_log(bodies)
            guids = [s["guid"] for s in created.values()]
            assert len(guids) == len(set(guids)), "a GUID published twice"
            log = {b["seq"]: b for b in bodies}
            for seq, body in seen.items():
                assert log.get(seq) == body, f"live message {seq} is not what the log holds"
            assert daemon.stop() == 0
            daemon.start()
            time.sleep(3)
            assert whole_log(daemon)[1]["head"] == end["head"], "a restart published something"
            assert daemon.stop() == 0
    print(json.dumps({"kills": args.kills, "items": press.count, "messages": len(bodies), "live": len(seen),
                      "lost": 0, "twice": 0, "phantom": 0}))


if __name__ == "__main__":
    try:
        main()
    except AssertionError as error:
        print(f"FAILED: {error}", file=sys.stderr)
        sys.exit(1)

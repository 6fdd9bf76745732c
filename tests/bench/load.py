#!/usr/bin/env python3
"""A load on the whole daemon: 200 feeds, 4,000 stories at the start, then a steady stream.

  load.py [--feeds 200] [--stories 4000] [--rate 50] [--seconds 120]

Prints JSON: stories a second of the burst; resident memory (maximum over the run, sampled twice a second); and in the
steady part the time from a feed's response (its last byte handed to the socket) to the subscriber's receipt.
"""
import argparse
import json
import random
import statistics
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))
from harness import Daemon, Live, Web, check_log, scratch, whole_log  # noqa: E402
from newswriter import item, rss  # noqa: E402


class TimedWeb(Web):
    """Notes when each item was first handed out."""

    def __init__(self):
        super().__init__()
        self.newest = {}  # body: GUIDs of its newest items
        self.served = {}  # GUID: time

    def handed_out(self, body):
        now = time.monotonic()
        for guid in self.newest.get(body, ()):
            self.served.setdefault(guid, now)


def stories_in_log(daemon):
    return len(check_log(whole_log(daemon)[0]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--stories", type=int, default=4000)
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=120)
    args = parser.parse_args()
    rng = random.Random(7)
    with scratch() as folder, TimedWeb() as web:
        shown = {n: [] for n in range(args.feeds)}  # newest first: (guid, item)
        keep = max(30, args.stories // args.feeds + 5)

        def publish(feed, timed=False):
            items = shown[feed][:keep]
            body = rss(f"Feed {feed}", [i for _, i in items])
            if timed:
                web.newest[body] = [g for g, _ in items[:10]]
            web.put(f"/feed/{feed}", body, "application/rss+xml")

        for n in range(args.stories):
            shown[n % args.feeds].insert(0, (f"n-{n}", item(n, web.url(f"/story/{n}"), time.time())))
        for feed in shown:
            publish(feed)
        feeds = [{"id": f"feed-{n}", "url": web.url(f"/feed/{n}"), "allow_private": True, "full_text": "feed"}
                 for n in range(args.feeds)]
        with Daemon(folder, feeds, {"poll": {"interval": "2s", "per_host_concurrency": 64}}) as daemon, Live(daemon) as live:
            begin = time.monotonic()
            daemon.start()
            received, peak = {}, 0
            stop = threading.Event()

            def watch():
                nonlocal peak
                while not stop.wait(0.5):
                    peak = max(peak, daemon.memory())

            threading.Thread(target=watch, daemon=True).start()

            def drain(until_time):
                while (left := until_time - time.monotonic()) > 0:
                    message = live.receive(left)
                    if message and message[1]["type"] == "story/1" and message[1]["op"] == "create":
                        received.setdefault(message[1]["story"]["guid"], time.monotonic())

            # A plain subscriber that reads slower than the burst comes may miss some of it: the log then says when
            # it is over.
            while len(received) < args.stories and time.monotonic() - begin < 120:
                drain(time.monotonic() + 0.2)
                if time.monotonic() - max(received.values(), default=begin) > 3 and stories_in_log(daemon) == args.stories:
                    break
            burst = max(received.values()) - min(received.values()) if received else 0
            print(f"burst: {len(received)} stories, {len(received) / max(burst, 1e-9):.0f} a second", file=sys.stderr)

            # Steady: a writer adds stories; when each was first handed out is noted right after its last byte was written.
            done_writing = threading.Event()
            number = [args.stories]

            def write():
                start = time.monotonic()
                for k in range(args.rate * args.seconds):
                    time.sleep(max(0, start + k / args.rate - time.monotonic()))
                    n = number[0]
                    number[0] += 1
                    feed = rng.randrange(args.feeds)
                    shown[feed].insert(0, (f"n-{n}", item(n, web.url(f"/story/{n}"), time.time())))
                    del shown[feed][keep:]
                    publish(feed, timed=True)
                done_writing.set()

            threading.Thread(target=write, daemon=True).start()
            while not done_writing.is_set():
                drain(time.monotonic() + 0.5)
            drain(time.monotonic() + 6)
            stop.set()
            waits = sorted(received[g] - t for g, t in web.served.items()
                           if g in received and int(g[2:]) >= args.stories)
            created = {s["guid"] for s in check_log(whole_log(daemon)[0]).values()}
            missing = [n for n in range(number[0]) if f"n-{n}" not in created]
            unseen = [n for n in range(number[0]) if f"n-{n}" not in received]
            assert daemon.stop() == 0
        print(json.dumps({
            "feeds": args.feeds, "burst_stories": args.stories, "burst_stories_per_s": round(args.stories / max(burst, 1e-9)),
            "steady_stories": len(waits), "not_in_log": len(missing), "missed_live": len(unseen), "rss_peak_mb": round(peak / 1e6, 1),
            "response_to_receipt_ms": {"p50": round(1000 * statistics.median(waits), 1),
                                       "p99": round(1000 * waits[int(.99 * len(waits))], 1),
                                       "max": round(1000 * waits[-1], 1)}}))


if __name__ == "__main__":
    main()

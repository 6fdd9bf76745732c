#!/usr/bin/env python3
"""Many feeds that mostly have nothing new: what a poll costs, over real HTTP on loopback.

  polls.py [--feeds 100000] [--hosts 5000] [--rates 2000,111] [--seconds 30]

A first round fetches every document. Then, for each rate, the times in the store are spread evenly over an interval of
feeds / rate, the daemon starts on that store, and for --seconds it polls as it would in the middle of its life; every
answer is 304. At 111 polls a second 100,000 feeds have an interval of 15 minutes; faster rates are the same in less
time: interval and spacing per host shrink alike. A bare libcurl loop makes the same requests right after, at the pace
that the daemon really had: what the daemon uses beyond it is its own. A loaded machine shifts both, so --rounds repeats
the measurement, daemon and loops in turn, on a store spread anew.

Prints JSON. CPU is user and system time of the whole process; `late_s` is by how much the most overdue feed was late
(nutgraf_oldest_due_seconds, looked at once a second). If it grows over the stretch, or polls_a_second is not the planned
rate, then the daemon did not keep up, or was catching up, and the CPU of a poll is not that of the rate.
"""
import argparse
import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))
from harness import PROJECT, Daemon, control, scratch  # noqa: E402
from store_edit import edit_store  # noqa: E402

INTERVAL = 900  # What the operator would have: the rate of the real thing is feeds / INTERVAL.
SPACING = 5
TRANSFERS = 64
CONNECTIONS = 64


def bench(name):
    build = os.environ.get("NUTGRAF_BUILD", str(PROJECT / "build" / "release"))
    return str(Path(build) / "tests" / "bench" / name)


class Web:
    """polls_server in its own process."""

    def __enter__(self):
        self.process = subprocess.Popen([bench("polls_server")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        return self

    def counts(self):
        self.process.stdin.write("?\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(5)


def url(feed, hosts, port):
    """As tests/bench/polls_floor.cc makes them."""
    host = feed % hosts
    return f"http://127.{1 + host // 62500}.{host // 250 % 250}.{1 + host % 250}:{port}/f/{feed}"


def cpu(pid):
    """Seconds of user and system time."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid):
    """(now, highest so far) in MB."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return tuple(round(int(lines[key].split()[0]) * 1024 / 1e6, 1) for key in ("VmRSS", "VmHWM"))


def figures(daemon):
    """The daemon's own counters, summed over labels."""
    out = {}
    with urllib.request.urlopen(f"http://127.0.0.1:{daemon.status}/metrics", timeout=20) as page:
        for line in page.read().decode().splitlines():
            if not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                out[name] = float(value)
    return out


def lead(feeds):
    """Seconds from the spreading to the first poll: the daemon is to be ready by then, else it has to catch up."""
    return 4 + feeds / 5_000


def spread(store, feeds, interval):
    """As if the daemon had been running for long: the next polls lie evenly in the interval to come. The order is
    that of the ids by a stride, so that hosts mix."""
    db = edit_store(store)
    ids = [row[0] for row in db.execute("SELECT feed_id FROM feed ORDER BY feed_id")]
    begin = time.time() + lead(feeds)
    place = {feed: n * 7919 % feeds / feeds * interval for n, feed in enumerate(ids)}
    rows = []
    for feed, state in db.execute("SELECT feed_id, state FROM feed"):
        state = json.loads(state)
        at = begin + place[feed]
        state["next_poll"] = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{int(at % 1 * 1000):03}Z"
        rows.append((json.dumps(state), feed))
    db.executemany("UPDATE feed SET state = ? WHERE feed_id = ?", rows)
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def configure(daemon, feeds, interval):
    """The daemon's file again, with everything in time divided alike."""
    text = daemon.config.read_text()
    head, tail = text.split("[poll]\n", 1)
    tail = tail[tail.index("[["):] if "\n[" not in tail[:tail.index("[[")] else tail[tail.index("\n["):]
    ms = max(1, round(1000 * SPACING * interval / INTERVAL))
    daemon.config.write_text(
        head + f'[poll]\ninterval = "{max(1, round(interval))}s"\nmin_interval = "1s"\nadaptive = false\n'
               f'per_host_spacing = "{ms}ms"\nfirst_poll = "none"\n\n' + tail.lstrip())


def timed_start(daemon, timeout=120):
    begin = time.monotonic()
    daemon.start(timeout)
    return round(time.monotonic() - begin, 2)


def first_round(daemon, web, feeds):
    """All documents, and how long it took."""
    ready = timed_start(daemon)
    begin = time.monotonic()
    while web.counts()["documents"] < feeds:
        assert daemon.process.poll() is None, daemon.log()[-2000:]
        time.sleep(0.1)
    took = time.monotonic() - begin
    time.sleep(2)
    now, peak = memory(daemon.process.pid)
    daemon.stop(60)
    return {"ready_s": ready, "seconds": round(took, 1), "rss_mb": now, "peak_mb": peak}


def floor(web, args, rate, connections):
    out = subprocess.run([bench("polls_floor"), *map(str, (web.port, args.feeds, args.hosts, rate, args.seconds,
                                                           TRANSFERS, connections))],
                         stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(out.stdout)


def steady(daemon, web, args, rate):
    """A stretch in the middle of the daemon's life at `rate` polls a second."""
    interval = args.feeds / rate
    configure(daemon, args.feeds, interval)
    spread_at = time.monotonic()
    spread(daemon.folder / "nutgraf.db", args.feeds, interval)
    ready = timed_start(daemon)
    time.sleep(max(5, lead(args.feeds) + 5 - (time.monotonic() - spread_at)))
    pid = daemon.process.pid
    before, answered, begin, used = figures(daemon), web.counts(), time.monotonic(), cpu(pid)
    late = []
    while time.monotonic() < begin + args.seconds:
        time.sleep(1)
        late.append(figures(daemon)["nutgraf_oldest_due_seconds"])
    used = cpu(pid) - used
    took = time.monotonic() - begin
    after, counts = figures(daemon), web.counts()
    polls = counts["not_modified"] - answered["not_modified"]
    rss, peak = memory(pid)
    delta = {key: after[key] - before[key] for key in after if key in before}
    out = {
        "polls_a_second": round(polls / took, 1), "planned": round(rate, 1), "interval_s": round(interval, 1),
        "cpu_us_a_poll": round(1e6 * used / polls, 1),
        "connections_a_poll": round((counts["connections"] - answered["connections"]) / polls, 2),
        "commits_a_second": round(delta['nutgraf_commits_total{outcome="ok"}'] / took, 1),
        "late_s": max(late), "late_at_end_s": late[-1],
        "failed": delta['nutgraf_polls_total{outcome="failed"}'],
        "messages": delta["nutgraf_messages_total"], "rss_mb": rss, "peak_mb": peak, "ready_s": ready}
    if args.reload:
        begin = time.monotonic()
        assert control(daemon, {"cmd": "status"})["feeds"]["total"] == args.feeds
        out["status_answer_s"] = round(time.monotonic() - begin, 3)
        begin = time.monotonic()
        assert control(daemon, {"cmd": "reload"})["ok"]
        out["reload_s"] = round(time.monotonic() - begin, 2)
        begin = time.monotonic()
        answer = control(daemon, {"cmd": "feeds"})
        out["feeds_answer_s"] = round(time.monotonic() - begin, 2)
        assert len(answer["feeds"]) == min(args.feeds, 10_000)
        time.sleep(1)
        out["rss_after_mb"], out["peak_after_mb"] = memory(pid)
    daemon.stop(60)
    for name, connections in ("libcurl_us_a_poll", CONNECTIONS), ("libcurl_tuned_us_a_poll", 0):
        bare = floor(web, args, out["polls_a_second"], connections)
        out[name.replace("us_a_poll", "polls_a_second")] = round(bare["polls"] / bare["seconds"], 1)
        out[name] = round(bare["cpu_us"] / bare["polls"], 1)
    out["beyond_tuned_us"] = round(out["cpu_us_a_poll"] - out["libcurl_tuned_us_a_poll"], 1)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=100_000)
    parser.add_argument("--hosts", type=int, default=5_000)
    parser.add_argument("--rates", default="2000,111.1")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--no-reload", dest="reload", action="store_false", help="nor the listing of all feeds")
    parser.add_argument("--log", default="info", help="the daemon's log level")
    args = parser.parse_args()
    with scratch() as folder, Web() as web:
        feeds = [{"id": f"feed-number-{n}", "url": url(n, args.hosts, web.port), "allow_private": True}
                 for n in range(args.feeds)]
        with Daemon(folder, feeds, {"fetch": {"full_text": "feed", "concurrency": TRANSFERS},
                                    "log": {"level": args.log},
                                    "poll": {"interval": "1h", "first_poll": "none"}}) as daemon:
            text = daemon.config.read_text().replace('listen = ""', f'listen = "127.0.0.1:{daemon.status}"')
            daemon.config.write_text(text)
            result = {"feeds": args.feeds, "hosts": args.hosts, "first_round": first_round(daemon, web, args.feeds)}
            print(json.dumps(result["first_round"]), file=sys.stderr)
            result["steady"] = []
            for rate in args.rates.split(",") * args.rounds:
                result["steady"].append(steady(daemon, web, args, float(rate)))
                print(json.dumps(result["steady"][-1]), file=sys.stderr)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()

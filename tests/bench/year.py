#!/usr/bin/env python3
"""What a year asks of the daemon, in minutes: NUTGRAF_BUILD names the build (default build/release).

  year.py week  [--feeds 1000] [--interval 2] [--polls 672] [--rate 4] [--patience 1]
  year.py idle  [--feeds 1000] [--seconds 120]
  year.py start [--feeds 10000] [--stories 100000] [--cold]

week   as many seconds as 672 intervals of --interval have: a week has 672 of 15 minutes. New stories come at --rate a second;
       what is remembered of them is bounded (dedup and event max_stories, log_count: 1,000), so that memory has no reason to
       grow for long; it is pruned each second, as each 10 minutes of a week. The account is kept from the daemon's log: after
       each poll it says when the next one is due ("next=", whole seconds, rounded down); a request that comes more than
       --patience after that is late, one that comes only when the next is due is missed. There are fewer of them than 672: to
       each interval comes the jitter, 1 % on average, and what a poll takes until it is noted, which at 2 seconds is much and
       at 15 minutes nothing.
idle   the feeds have nothing, polls lie evenly in 15 minutes: CPU and memory of a stretch of it.
start  from exec to READY=1 on a store with so many stories that are remembered (a thousand real ones, copied), and how long
       until the first of a new feed's stories is published. With --cold the store's file is out of the kernel's memory.

Prints JSON, with the load average at the beginning and the end, and the share of the processors' time that the host of a
virtual machine left to it: on a busy machine CPU shares hold and times do not."""
import argparse
import collections
import contextlib
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))
from harness import PROJECT, Daemon, Stopwatch, control, free_ports, scratch, until  # noqa: E402
from polls import cpu, figures, memory, spread  # noqa: E402
from store_edit import edit_store  # noqa: E402


@contextlib.contextmanager
def newsroom(feeds, stories, rate):
    """Its port."""
    build = os.environ.get("NUTGRAF_BUILD", str(PROJECT / "build" / "release"))
    [port] = free_ports(1)
    process = subprocess.Popen([f"{build}/tests/support/nutgraf-newsroom", "load", "--port", str(port), "--feeds", str(feeds),
                                "--stories", str(stories), "--rate", str(rate)], stdout=subprocess.DEVNULL)
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


def daemon_on(folder, port, feeds, sections):
    sources = [{"id": f"feed-{n}", "url": f"http://127.0.0.1:{port}/feed/{n}.xml", "allow_private": True} for n in range(feeds)]
    daemon = Daemon(folder, sources, {"fetch": {"full_text": "feed"}, **sections})
    daemon.sections["status"]["listen"] = f"127.0.0.1:{daemon.status}"
    daemon.write(sources)
    return daemon


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def resident(pid):
    """MB of memory of its own, and of pages of files."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return tuple(int(lines[key].split()[0]) * 1024 / 1e6 for key in ("RssAnon", "RssFile"))


POLL = re.compile(rb"^(\S{10})T(\d\d):(\d\d):(\S+)Z level=\w+ poll feed=(\S+) .* ms=(\d+) next=(\d+)s")


def promises(log, patience, interval):
    """What the daemon promised and did, by its own log: how late each request was, after the promise that the poll before made.
    One that came only when the next was due is missed."""
    promised, late, polls, when, begin = {}, [], collections.Counter(), [], 0
    with open(log, "rb") as lines:
        for line in lines:
            if found := POLL.match(line):
                day, hour, minute, second, feed, took, wait = found.groups()
                noted = int(hour) * 3600 + int(minute) * 60 + float(second) + 86400 * int(day[-2:])
                if feed in promised:
                    late.append(noted - int(took) / 1000 - promised[feed])
                    when += [noted] if late[-1] > patience else []
                promised[feed] = noted + int(wait)
                polls[feed] += 1
                begin, end = begin or noted, noted
    late.sort()
    return {"promises": len(late) + len(promised), "kept": sum(lag <= patience for lag in late),
            "late": sum(lag > patience for lag in late), "missed": sum(lag > interval for lag in late),
            "never": sum(end > due + interval for due in promised.values()),
            "due_after_the_end": sum(end <= due + interval for due in promised.values()),
            "late_in_seconds_of_the_run": len({round(at - begin) for at in when}),
            "behind_s": {"p50": round(late[len(late) // 2], 3), "p99": round(late[len(late) * 99 // 100], 3),
                         "max": round(late[-1], 3)},
            "polls_a_feed": [min(polls.values()), statistics.median(polls.values()), max(polls.values())]}


def slope(values, seconds):
    """MB an hour of a straight line through them."""
    return round(3600 * statistics.linear_regression(range(len(values)), values).slope * len(values) / seconds, 2)


def polls_of(daemon):
    return {feed["id"]: feed["polls"] for feed in control(daemon, {"cmd": "feeds"})["feeds"]}


def week(args):
    sections = {"poll": {"interval": f"{args.interval}s", "min_interval": "1s", "max_interval": f"{args.interval}s",
                         "adaptive": False, "per_host_spacing": "0s", "per_host_concurrency": 64, "first_poll": "all",
                         "start_spread": f"{args.interval}s"},
                "dedup": {"max_stories": 1000}, "event": {"max_stories": 1000}, "store": {"log_count": 1000, "prune_every": "1s"},
                "log": {"level": "debug"}}
    length = args.interval * args.polls
    with scratch() as folder, newsroom(args.feeds, 2, args.rate) as port, \
            daemon_on(folder, port, args.feeds, sections) as daemon:
        daemon.start(60)
        until(lambda: min(polls_of(daemon).values()) >= 2, 300, "two rounds")
        pid, begin, late, own, files, fds = daemon.process.pid, time.monotonic(), [], [], [], []
        used, before = cpu(pid), figures(daemon)
        while time.monotonic() < begin + length:
            time.sleep(length / 200)
            late.append(figures(daemon)["nutgraf_oldest_due_seconds"])
            for series, value in zip((own, files), resident(pid)):
                series.append(value)
            fds.append(descriptors(pid))
        took, used, counters = time.monotonic() - begin, cpu(pid) - used, figures(daemon)
        daemon.stop(60)
        account = promises(daemon.folder / "daemon.log", args.patience, args.interval)
    polls = sum(counters[key] - before[key] for key in counters if key.startswith("nutgraf_polls_total"))
    quarter = len(own) // 4

    def by_quarter(series, what):
        return [round(what(series[n * quarter:(n + 1) * quarter]), 1) for n in range(4)]

    return {
        "feeds": args.feeds, "seconds": round(took, 1), "polls_a_second": round(polls / took, 1), **account,
        "every_s": round(took * args.feeds / polls, 3), "most_overdue_s": max(late),
        "own_mb_by_quarter": by_quarter(own, statistics.median), "file_mb_by_quarter": by_quarter(files, statistics.median),
        "own_mb": [round(mb, 1) for mb in own[::10]],
        "own_mb_an_hour_in_second_half": slope(own[2 * quarter:], took / 2), "fds_by_quarter": by_quarter(fds, max),
        "cpu_percent_of_a_core": round(100 * used / took, 1), "messages": counters["nutgraf_messages_total"],
        "failed": counters['nutgraf_polls_total{outcome="failed"}']}


def idle(args):
    sections = {"poll": {"interval": "15m", "min_interval": "1s", "per_host_spacing": "0s", "per_host_concurrency": 64,
                         "first_poll": "none", "adaptive": False}}
    with scratch() as folder, newsroom(args.feeds, 2, 0) as port, daemon_on(folder, port, args.feeds, sections) as daemon:
        daemon.start(60)
        until(lambda: min(polls_of(daemon).values()) >= 1, 300, "one round")
        daemon.stop(60)
        spread(daemon.folder / "nutgraf.db", args.feeds, 900)
        daemon.start(60)
        time.sleep(15)
        pid = daemon.process.pid
        before, begin, used = figures(daemon), time.monotonic(), cpu(pid)
        time.sleep(args.seconds)
        used, took, after = cpu(pid) - used, time.monotonic() - begin, figures(daemon)
        rss, peak = memory(pid)
        daemon.stop(60)
    polls = sum(after[key] - before[key] for key in after if key.startswith("nutgraf_polls_total"))
    return {"feeds": args.feeds, "seconds": round(took, 1), "polls": polls, "rss_mb": rss, "peak_mb": peak,
            "cpu_percent_of_a_core": round(100 * used / took, 2)}


def multiply(store, stories):
    """Copies of what is remembered of stories, until there are so many."""
    db = edit_store(store)
    have = db.execute("SELECT count(*) FROM story").fetchone()[0]
    assert have > 100, have
    columns = {table: [row[1] for row in db.execute(f"PRAGMA table_xinfo({table})") if row[1] not in ("id", "sum")]
               for table in ("story", "fingerprint", "member")}
    for copy in range(1, stories // have):
        for table, names in columns.items():
            taken = ", ".join(f"story_id || '-{copy}'" if name == "story_id" else
                              f"dedup_group || '-{copy}'" if name == "dedup_group" else name for name in names)
            db.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {taken} FROM {table} WHERE story_id NOT LIKE '%-%'")
    db.commit()
    counts = {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in columns}
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return counts


def out_of_memory(path):
    """Its pages are dropped: the disk has to be read."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def start(args):
    sections = {"poll": {"interval": "15m", "min_interval": "1s", "per_host_spacing": "0s", "per_host_concurrency": 64,
                         "first_poll": "all", "adaptive": False}}
    with scratch() as folder, newsroom(args.feeds, 1, 0) as port:
        with daemon_on(folder, port, min(args.feeds, 1000), sections) as daemon:
            daemon.start(60)
            until(lambda: figures(daemon)["nutgraf_messages_total"] >= 1000, 300, "1,000 messages")
            daemon.stop(60)
        counts = multiply(Path(folder) / "nutgraf.db", args.stories)
        took = []
        with daemon_on(folder, port, args.feeds, sections) as daemon:
            for _ in range(args.times):
                if args.cold:
                    out_of_memory(f"{folder}/nutgraf.db")
                begin = time.monotonic()
                daemon.start(120)
                took.append(round(time.monotonic() - begin, 2))
                begin = time.monotonic()
                until(lambda: figures(daemon)["nutgraf_commits_total{outcome=\"ok\"}"] > 0, 120, "a commit")
                first = round(time.monotonic() - begin, 2)
                rss, peak = memory(daemon.process.pid)
                daemon.stop(120)
            restored = [line for line in daemon.log().splitlines() if "restored" in line][-1]
        size = os.path.getsize(f"{folder}/nutgraf.db")
    return {"feeds": args.feeds, **counts, "store_mb": round(size / 1e6), "ready_s": took, "first_commit_after_ready_s": first,
            "restored": restored.partition("restored ")[2], "rss_mb": rss, "peak_mb": peak}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["week", "idle", "start"])
    parser.add_argument("--feeds", type=int)
    parser.add_argument("--interval", type=int, default=2)
    parser.add_argument("--polls", type=int, default=672)
    parser.add_argument("--rate", type=float, default=4)
    parser.add_argument("--patience", type=float, default=1, help="seconds")
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--stories", type=int, default=100_000)
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--times", type=int, default=3)
    args = parser.parse_args()
    args.feeds = args.feeds or (10_000 if args.what == "start" else 1_000)
    load, watch = os.getloadavg()[0], Stopwatch()
    result = {"week": week, "idle": idle, "start": start}[args.what](args)
    print(json.dumps({**result, "load_average": [round(load, 1), round(os.getloadavg()[0], 1)],
                      "machine_was_ours": round(watch.share(), 2)}, indent=1))


if __name__ == "__main__":
    main()

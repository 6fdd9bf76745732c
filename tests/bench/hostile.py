#!/usr/bin/env python3
"""What each hostile server does to the whole daemon: one daemon a case, thirty honest feeds beside it.

  hostile.py [REGEX] [--seconds 8] [--jobs 2] [--copies 1] [--rounds 1] [--markdown]

First the honest feeds alone; then a reload brings the case as a feed; then another, in its place, an honest feed whose items
link to such a page. Columns: the case; what the daemon says of the feed; by how many MB resident memory rose over its
highest with the honest feeds alone, for the feed and for the page; of the honest feeds, polls and stories a second against
before, the worse of both; and the seconds from SIGTERM to the end.

A ratio of two stretches, one after the other, tells a stall and not a percent. --rounds N (4 or more) has two daemons side by
side, each with thirty honest feeds of its own, for the feed and then for the page: the case is with one of them, then with the
other, --seconds each, and what is counted is counted in the same seconds of the same machine. The geometric mean of both
ratios, with the case to without, is one round's: what one daemon has before the other cancels out. Given are the mean of the
rounds and where it lies with a certainty of 95 % (Student's t of the logarithms), for polls and stories of the feed, then of
the page, and at the end of all cases together. "unchanged": surely above .95.
"""
import argparse
import concurrent.futures
import math
import re
import statistics
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))
from harness import control, scratch  # noqa: E402
from hostile_cases import CASES  # noqa: E402
from hostile_stage import Stage, matches  # noqa: E402


class Memory:
    """The highest of the resident memory, looked at fifty times a second."""

    def __init__(self, daemon):
        self.daemon, self.highest = daemon, 0
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self):
        while self.daemon.process.poll() is None:
            try:
                self.highest = max(self.highest, self.daemon.memory())
            except (OSError, IndexError):
                return
            time.sleep(0.02)

    def take(self):
        highest, self.highest = self.highest, 0
        return highest


def rates(stage, seconds):
    before, begin = stage.neighbours.figures(), time.monotonic()
    time.sleep(seconds)
    after, took = stage.neighbours.figures(), time.monotonic() - begin
    return [(b - a) / took for a, b in zip(before, after)]


# Student's t, two-sided 95 %, by degrees of freedom from 1 on; more are no less than the normal's.
STUDENT = [12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13]


def interval(ratios):
    """(mean, low, high) of ratios of pairs; from one pair the ratio alone."""
    logs = [math.log(max(r, 1e-3)) for r in ratios]
    mean = statistics.fmean(logs)
    if len(logs) < 2:
        return math.exp(mean), 0, math.inf
    t = STUDENT[len(logs) - 2] if len(logs) - 2 < len(STUDENT) else 1.96 * 1.08
    half = t * statistics.stdev(logs) / math.sqrt(len(logs))
    return math.exp(mean), math.exp(mean - half), math.exp(mean + half)


def counted(stages, seconds):
    """(polls, stories) of each stage's honest feeds, in the same stretch of time."""
    before = [stage.neighbours.figures() for stage in stages]
    time.sleep(seconds)
    after = [stage.neighbours.figures() for stage in stages]
    return [[max(1, b - a) for a, b in zip(*figures)] for figures in zip(before, after)]


def one_round(stages, kind, seconds):
    """Of polls and of stories: with the case against without it."""
    logs = [0, 0]
    for host, other in stages, stages[::-1]:
        other.daemon.feeds_are(other.neighbours.feeds)
        host.daemon.feeds_are(host.neighbours.feeds + host.by_kind()[kind])
        time.sleep(1)
        with_case, without = counted((host, other), seconds)
        logs = [total + math.log(w / o) / 2 for total, w, o in zip(logs, with_case, without)]
    return [math.exp(total) for total in logs]


def side_by_side(case, args):
    """The rounds' ratios: polls and stories with the feed, polls and stories with the page."""
    with scratch() as one, scratch() as two, Stage(one, [case] if case else []) as a, Stage(two, [case] if case else []) as b:
        for stage in a, b:
            stage.neighbours.run(stage.daemon.start())
        time.sleep(3)
        ratios = []
        for kind in ["feed", "page"] if not case or case.page else ["feed"]:
            ratios += zip(*[one_round((a, b), kind, args.seconds) for _ in range(args.rounds)])
        for stage in a, b:
            stage.daemon.stop()
    return ratios


def verdict(intervals):
    low, high = min(i[1] for i in intervals), min(i[2] for i in intervals)
    return "unchanged" if low >= 0.95 else "slower" if high < 0.95 else "not sure"


def measure(case, args):
    with scratch() as folder, Stage(folder, [case] if case else [], args.copies) as stage:
        daemon = stage.daemon.start()
        stage.neighbours.run(daemon)
        memory = Memory(daemon)
        time.sleep(2)
        calm = rates(stage, args.seconds / 2)
        base = memory.take()
        rise, stormy = {}, {}
        for kind, feeds in stage.by_kind().items():
            daemon.feeds_are(stage.neighbours.feeds + feeds)
            stormy[kind] = rates(stage, args.seconds)
            rise[kind] = (memory.take() - base) / 1e6
            if kind == "feed":
                known = {f["id"]: f for f in control(daemon, {"cmd": "feeds"})["feeds"]}
        begin = time.monotonic()
        daemon.stop()
        stopped = time.monotonic() - begin
    ratios = side_by_side(case, args) if args.rounds > 1 else []
    turns = [interval(r) for r in ratios]
    state = known[case.slug] if case else {"polls": 1}
    did = state.get("last_error") or (case.did if case and case.did else f"reads it: {state.get('items', 0)} items")
    return {"case": case.name if case else "(none)", "did": did, "state": state, "as documented": not case or matches(case, state),
            "rise": rise["feed"], "rise_page": rise["page"], "polls": min(s[0] for s in stormy.values()) / calm[0],
            "stories": min(s[1] for s in stormy.values()) / calm[1], "stop": stopped,
            "ratios": ratios, "turns": verdict(turns) + " " + " ".join(f"{m:.2f} ({a:.2f}–{b:.2f})" for m, a, b in turns) if turns else ""}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("regex", nargs="?", default="")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--markdown", action="store_true")
    args = parser.parse_args()
    cases = [None] + [c for c in CASES if re.search(args.regex, c.name)]
    rows = []
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for work in [pool.submit(measure, case, args) for case in cases]:
            row = work.result()
            rows.append(row)
            flag = "" if row["as documented"] else "  <-- not as documented"
            columns = [row["case"], row["did"][:60], f"{row['rise']:.1f}", f"{row['rise_page']:.1f}", f"{row['polls']:.2f}", f"{row['stories']:.2f}", f"{row['stop']:.1f}"]
            flag = ("  " + row["turns"] if row["turns"] else "") + flag
            if args.markdown:
                print("| " + " | ".join(c.replace("|", "\\|") for c in columns) + " |" + flag, flush=True)
            else:
                print("{:44} {:60} {:>6} {:>6} {:>5} {:>5} {:>5}".format(*columns) + flag, flush=True)
    worst = {key: f(rows, key=lambda r: r[key]) for key, f in (("rise", max), ("rise_page", max), ("polls", min), ("stories", min), ("stop", max))}
    for key, row in worst.items():
        print(f"worst {key}: {row[key]:.2f} ({row['case']})")
    for kind, name in enumerate(["polls", "stories"] if args.rounds > 1 else []):
        every = [ratio for row in rows[1:] for ratios in row["ratios"][kind::2] for ratio in ratios]
        print("{}, all cases and rounds: {:.3f} ({:.3f}–{:.3f})".format(name, *interval(every)))
    return 0 if all(r["as documented"] for r in rows) else 1


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""What each rule of the article is worth, on two halves of the pages.

  ablation.py BUILD [RULE…]       (default: all rules)

BUILD/tests/bench/article_ablation extracts the pages of the shared corpus, once with all rules and
once without each; the scorer of $NUTGRAF_SHARED (default ../shared) judges. The halves are split by
host, so that no site is in both. Printed: F1 (or share of right titles) with the rule minus without
it, in thousandths, for each set and half; then on how many pages it does good and harm.
"""
import os
import random
import sys
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("NUTGRAF_SHARED", ROOT.parent / "shared"))
sys.path.insert(0, str(SHARED / "score"))
import corpus  # noqa: E402
import pages  # noqa: E402

SETS = ("scrapinghub", "trafilatura", "wcxb")
HALVES = (0, 1)
LEAST = 0.005  # Of a page's score: less is noise.


def half_of(case):
    host = urlsplit(case["url"]).netloc
    return random.Random(host if host != "fakehost" else case["id"]).randrange(2)


def page_scores(case, answer):
    """The two figures of a page: of its text, and whether its title is right (None: no gold)."""
    text = pages.METRICS[case["set"]][0](case, answer.get("text") or "")
    title = pages.same_title(case["title"], answer.get("title") or "") if case.get("title") else None
    return text, title


def figures(cases, scores):
    """(set, half) -> F1, ("title", half) -> share of titles that are right."""
    result = {}
    for half in HALVES:
        rows = [(c, s) for c, s in zip(cases, scores) if half_of(c) == half]
        for name in SETS:
            result[name, half] = pages.METRICS[name][1]([text for c, (text, _) in rows if c["set"] == name])["f1"]
        result["title", half] = pages.mean(title for _, (_, title) in rows if title is not None)
    return result


def good_and_harm(with_rule, without):
    """Pages that are better with the rule, and worse."""
    gains = [(a["score"] - b["score"]) + ((at or 0) - (bt or 0)) for (a, at), (b, bt) in zip(with_rule, without)]
    return sum(g > LEAST for g in gains), sum(g < -LEAST for g in gains)


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    program = [str(Path(sys.argv[1]) / "tests/bench/article_ablation")]
    folder = corpus.unpack("pages")
    cases = [c for c in pages.load(folder, None) if c["set"] in SETS]

    def run(*rules):
        answers = pages.run(program + list(rules), folder, cases, 600)[0]
        return [page_scores(case, answer) for case, answer in zip(cases, answers)]

    everything = run()
    total = figures(cases, everything)
    columns = [(name, half) for name in SETS + ("title",) for half in HALVES]
    print(f"{'rule':<24}" + "".join(f"{name[:6] + '/' + 'ab'[half]:>10}" for name, half in columns) + "    good    harm")
    print(f"{'all rules':<24}" + "".join(f"{total[c]:>10.4f}" for c in columns))
    rules = sys.argv[2:] or os.popen(program[0] + " --list").read().split()
    for rule in rules:
        scores = run(rule)
        fewer = figures(cases, scores)
        good, harm = good_and_harm(everything, scores)
        gains = "".join(f"{1000 * (total[c] - fewer[c]):>+10.1f}" for c in columns)
        print(f"{rule:<24}{gains}{good:>8}{harm:>8}", flush=True)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""What each ingredient of a story's summary is worth, on two random halves of the stories.

  summary_ablation.py [--disturbed] BUILD [INGREDIENT…]       (default: all)

BUILD/tests/bench/summary_ablation summarizes the CNN/DM stories of the shared corpus ($NUTGRAF_SHARED, default
../shared), once with all ingredients and once without each. Printed: the mean of ROUGE-1, 2 and L with the ingredient
minus without it, of all stories and of each half (by a hash of the id), for three sentences and for 75 words.

--disturbed: each score times a random factor, six times, and the mean of 65, 75 and 85 words for 75. The rules were picked
on these very stories, so that any change of them looks like a loss; disturbed, both sides have the same luck.
"""
import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get('NUTGRAF_SHARED', ROOT.parent / 'shared'))
sys.path.insert(0, str(SHARED / 'score'))
import rouge  # noqa: E402
import summaries  # noqa: E402


DISTURBED = 6  # Times.


def half_of(doc):
    return hashlib.md5(doc['id'].encode()).digest()[-1] & 1


def scores_of_run(program, docs, budget, flags):
    answers, _, _ = summaries.run([program] + flags, docs, 3600)
    return [100 * sum(rouge.score(doc['refs'], summaries.cut(a or [], budget))) / 3 for a, doc in zip(answers, docs)]


def scores(program, docs, runs, without):
    """Of each document, the mean of the runs: (budget, flags)."""
    every = [scores_of_run(program, docs, budget, without + flags) for budget, flags in runs]
    return [summaries.mean(of_document) for of_document in zip(*every)]


def runs_of(budget, flags, disturbed):
    if not disturbed:
        return [(budget, flags)]
    sizes = ('65', '75', '85') if flags[0] == '--words' else ('3',)
    return [(budget.replace(flags[1], size), [flags[0], size, '--disturb', str(seed)])
            for size in sizes for seed in range(DISTURBED)]


def gains(whole, without, docs):
    """Of all documents and of each half."""
    diff = [(a - b, half_of(d)) for a, b, d in zip(whole, without, docs)]
    return [summaries.mean([x for x, h in diff if h in halves]) for halves in ((0, 1), (0,), (1,))]


def main():
    args = sys.argv[1:]
    disturbed = args[:1] == ['--disturbed']
    args = args[disturbed:]
    if not args or args[0].startswith('-'):
        sys.exit(__doc__)
    program = str(Path(args[0]) / 'tests/bench/summary_ablation')
    ingredients = args[1:] or os.popen(program + ' --list').read().split()
    docs = summaries.read_jsonl(SHARED / 'corpus/summaries/cnndm.jsonl')
    budgets = [runs_of(budget, flags, disturbed) for budget, flags in summaries.BUDGETS['cnndm']]
    whole = [scores(program, docs, runs, []) for runs in budgets]
    print('| ingredient | 3 sentences: all (half, half) | 75 words: all (half, half) |\n|---|---|---|')
    for name in ingredients:
        cells = ['%+.2f (%+.2f, %+.2f)' % tuple(gains(w, scores(program, docs, runs, [name]), docs))
                 for w, runs in zip(whole, budgets)]
        print('| %s | %s |' % (name, ' | '.join(cells)), flush=True)


if __name__ == '__main__':
    main()

#!/usr/bin/env python3
"""What each ingredient of a story's summary is worth, on two random halves of the stories.

  summary_ablation.py BUILD [INGREDIENT…]       (default: all)

BUILD/tests/bench/summary_ablation summarizes the CNN/DM stories of the shared corpus ($NUTGRAF_SHARED, default
../shared), once with all ingredients and once without each. Printed: the mean of ROUGE-1, 2 and L with the ingredient
minus without it, of all stories and of each half (by a hash of the id), for three sentences and for 75 words.
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


def half_of(doc):
    return hashlib.md5(doc['id'].encode()).digest()[-1] & 1


def scores(program, docs, budget, flags, without):
    answers, _, _ = summaries.run([program] + without + flags, docs, 3600)
    return [100 * sum(rouge.score(doc['refs'], summaries.cut(a or [], budget))) / 3 for a, doc in zip(answers, docs)]


def gains(whole, without, docs):
    """Of all documents and of each half."""
    diff = [(a - b, half_of(d)) for a, b, d in zip(whole, without, docs)]
    return [summaries.mean([x for x, h in diff if h in halves]) for halves in ((0, 1), (0,), (1,))]


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith('-'):
        sys.exit(__doc__)
    program = str(Path(sys.argv[1]) / 'tests/bench/summary_ablation')
    ingredients = sys.argv[2:] or os.popen(program + ' --list').read().split()
    docs = summaries.read_jsonl(SHARED / 'corpus/summaries/cnndm.jsonl')
    budgets = summaries.BUDGETS['cnndm']
    whole = [scores(program, docs, budget, flags, []) for budget, flags in budgets]
    print('| ingredient | 3 sentences: all (half, half) | 75 words: all (half, half) |\n|---|---|---|')
    for name in ingredients:
        cells = ['%+.2f (%+.2f, %+.2f)' % tuple(gains(w, scores(program, docs, budget, flags, [name]), docs))
                 for w, (budget, flags) in zip(whole, budgets)]
        print('| %s | %s |' % (name, ' | '.join(cells)), flush=True)


if __name__ == '__main__':
    main()

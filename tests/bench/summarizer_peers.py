#!/usr/bin/env python3
"""Stories summarized a second on one core: ours and the summarizers that Debian and npm offer, in one run.

  summarizer_peers.py [--build build/release] [--seconds 8] [--rounds 3]

Reads the stories of the shared corpus ($NUTGRAF_SHARED). Each summarizer splits, ranks and picks three sentences of
each story, in one process (ots, which is a program, in one for each story, whose start is taken off); processor time
counts. The npm packages are installed below BUILD/peers; ots is used where it is installed. Rounds alternate between
all of them; the best of each counts.
"""
import argparse
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = {'sum': '0.1.4', 'textrank': '1.0.5', 'lexrank': '1.0.5', 'node-summarizer': '1.0.7'}


def install(folder):
    """Names of the packages that are there."""
    if not shutil.which('npm'):
        print('npm is not installed: no peers of npm', file=sys.stderr)
        return []
    folder.mkdir(parents=True, exist_ok=True)
    for name, version in PACKAGES.items():
        if not (folder / 'node_modules' / name).exists():
            subprocess.run(['npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts', name + '@' + version],
                           cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return [name for name in PACKAGES if (folder / 'node_modules' / name).exists()]


def of_npm(name, folder, stories, seconds):
    done = subprocess.run(['node', str(HERE / 'summarizer_peers.js'), name, str(seconds)], input=stories, check=False,
                          env={**os.environ, 'NODE_PATH': str(folder / 'node_modules')}, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL)
    try:
        answer = json.loads(done.stdout.splitlines()[-1])
        return answer['stories'] / answer['seconds']
    except (IndexError, ValueError):
        return None


def children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def of_ots(texts):
    def run(text):
        before = children()
        subprocess.run(['ots', '--ratio=10'], input=text.encode(), stdout=subprocess.DEVNULL, check=False)
        return children() - before
    start = min(run('') for _ in range(5))
    sample = texts[:60]
    return len(sample) / max(sum(run(t) - start for t in sample), 1e-9)


def ours(build):
    out = subprocess.run([str(build / 'tests/bench/summarizer_bench'), '--benchmark_filter=corpus',
                          '--benchmark_format=json'], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return json.loads(out.stdout)['benchmarks'][0]['items_per_second']


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--build', type=pathlib.Path, default=pathlib.Path('build/release'))
    ap.add_argument('--seconds', type=float, default=8)
    ap.add_argument('--rounds', type=int, default=3)
    a = ap.parse_args()
    shared = os.environ.get('NUTGRAF_SHARED', str(HERE.parents[1] / '../shared'))
    stories = (pathlib.Path(shared) / 'corpus/summaries/cnndm.jsonl').read_bytes()
    texts = [json.loads(line)['text'] for line in stories.splitlines()]
    folder = a.build.resolve() / 'peers'
    peers = {name: lambda name=name: of_npm(name, folder, stories, a.seconds) for name in install(folder)}
    if shutil.which('ots'):
        peers['ots'] = lambda: of_ots(texts)
    best = {}
    for _ in range(a.rounds):
        for name, run in {'nutgraf': lambda: ours(a.build), **peers}.items():
            rate = run()
            if rate:
                best[name] = max(best.get(name, 0), rate)
    print('%-16s %12s %12s' % ('', 'stories/s', 'ours : it'))
    for name, rate in sorted(best.items(), key=lambda x: -x[1]):
        print('%-16s %12.0f %12.1f' % (name, rate, best['nutgraf'] / rate))
    return 0 if len(best) > 1 else 1


if __name__ == '__main__':
    sys.exit(main())

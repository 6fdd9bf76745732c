#!/usr/bin/env python3
"""nutgraf's feed parser, the bare XML parser below it and the fastest full feed parsers of others, on the same feeds in
one run.

  feed_peers.py [--build build/release] [--mb 1 10] [--peers FOLDER]

Feeds are made of real items (feed_inputs.py). The peers come from npm (feedsmith, @extractus/feed-extractor,
rss-parser) and Debian (feedparser) into FOLDER, default BUILD/feed_peers; one that cannot be had is left out and said
to be. The slowest, feedparser, reads only the feeds of 1 MB.
Everything is measured in CPU seconds of its process, the best of several rounds; only MB/s of the same line compare.
"Peer" is the fastest peer that read the feed."""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys

import feed_inputs

HERE = pathlib.Path(__file__).resolve().parent
NPM = ["feedsmith", "@extractus/feed-extractor", "rss-parser"]
FEEDPARSER = """
import json, sys, time, feedparser
for file in sys.argv[1:]:
    data = open(file, "rb").read()
    best = 1e9
    for _ in range(2):
        start = time.process_time()
        items = len(feedparser.parse(data).entries)
        best = min(best, time.process_time() - start)
    print(json.dumps({"file": file, "peer": "feedparser", "mb_s": len(data) / best / 1e6, "items": items, "error": None}))
"""


def lines_of(command, **kind):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=3600, **kind)
    if done.returncode != 0:
        print("left out: %s: %s" % (command[0], done.stderr.strip()[-200:]), file=sys.stderr)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def npm_peers(folder, files):
    if shutil.which("npm") is None:
        print("left out: no npm here", file=sys.stderr)
        return []
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "node_modules").is_dir():
        (folder / "package.json").write_text('{"private": true}')
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent", *NPM], cwd=folder, check=False)
    return lines_of(["node", str(HERE / "feed_peers.mjs"), *files], cwd=folder)


def python_peers(folder, files):
    """Debian's feedparser, unpacked beside the others: no root, nothing installed."""
    target = folder / "python"
    if not target.is_dir():
        target.mkdir(parents=True)
        subprocess.run(["apt-get", "download", "-qq", "python3-feedparser", "python3-sgmllib3k"], cwd=target, check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for package in target.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", str(package), str(target)], check=False)
    return lines_of(["/usr/bin/python3", "-c", FEEDPARSER, *files],
                    env={**os.environ, "PYTHONPATH": str(target / "usr/lib/python3/dist-packages")})


def ours(build, files):
    program = build / "tests/bench/feed_bench"
    done = subprocess.run([str(program), "--benchmark_filter=parse_given", "--benchmark_format=json"],
                          env={**os.environ, "NUTGRAF_BENCH_FEED": ":".join(files)}, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True)
    return {b["name"].split("/", 1)[1]: b for b in json.loads(done.stdout)["benchmarks"]}


def print_table(files, measured, peers):
    names = list(dict.fromkeys(p["peer"] for p in peers))
    head = ["feed", "MB", "items", "nutgraf", "bare", "of bare"] + names + ["x peer"]
    print("MB/s".ljust(14) + "".join(h.rjust(12) for h in head[1:]))
    for file in files:
        us = measured[file]
        row = [p for p in peers if p["file"] == file]
        speed = {p["peer"]: p["mb_s"] for p in row if p["mb_s"] and p["items"] == us["items"]}
        cells = ["%.1f" % (os.path.getsize(file) / 1e6), "%d" % us["items"], "%.0f" % us["MB/s"],
                 "%.0f" % us["bare_MB/s"], "%.2f" % us["of_bare"]]
        cells += ["%.1f" % speed[n] if n in speed else "–" for n in names]
        cells.append("%.1f" % (us["MB/s"] / max(speed.values())) if speed else "–")
        print(pathlib.Path(file).stem.ljust(14) + "".join(c.rjust(12) for c in cells))
    for p in peers:
        if p["error"] or p["items"] != measured[p["file"]]["items"]:
            print("%s on %s: %s" % (p["peer"], pathlib.Path(p["file"]).stem, p["error"] or "%d items" % p["items"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=feed_inputs.ROOT / "build/release")
    parser.add_argument("--mb", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--peers", type=pathlib.Path)
    options = parser.parse_args()
    folder = (options.peers or options.build / "feed_peers").resolve()
    inputs = feed_inputs.write_all(folder / "feeds", feed_inputs.default_folder(), options.mb)
    files = [str(path) for path, _ in inputs]
    measured = ours(options.build, files)
    peers = npm_peers(folder, files) + python_peers(folder, [f for f in files if os.path.getsize(f) < 4e6])
    print_table(files, measured, peers)


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Real feeds over loopback: every distinct item is published, or linked as a duplicate, once; a second round polls with
validators and publishes nothing, a restart neither; kill -9 in the middle loses and doubles nothing."""
import json
import random
import subprocess
import sys
import time

from harness import Daemon, Web, check_log, control, program, scratch, shared, until, whole_log


def parse(files):
    """What `nutgraf parse` reads from the same files: {feed: [entry]}."""
    lines = "".join(json.dumps({"file": str(path), "content_type": ctype, "base_url": url}) + "\n"
                    for path, ctype, url in files.values())
    done = subprocess.run([program("nutgraf"), "parse", "--jsonl"], input=lines.encode(), stdout=subprocess.PIPE)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(files)
    return dict(zip(files, (a.get("entries", []) for a in answers)))


def settled(daemon, feeds):
    """Every feed was polled at least once, and nothing waits any more."""
    answer = control(daemon, {"cmd": "feeds"})
    rows = answer["feeds"]
    return len(rows) == feeds and all(r["polls"] >= 1 for r in rows)


def unaccounted(daemon, entries, bodies):
    """Items that are neither published nor linked: (feed, key)."""
    published = set()
    for body in bodies:
        if body["type"] == "story/1":
            published |= {body["story"].get("guid"), body["story"].get("url")}
    missing = []
    for feed, items in entries.items():
        for item in items:
            keys = [k for k in (item.get("id"), item.get("link")) if k]
            if not keys or any(k in published for k in keys):
                continue
            trail = [t for k in keys for t in control(daemon, {"cmd": "why", "what": k})["trail"]]
            if not any(t["what"] in ("published", "duplicate", "updated", "unchanged") for t in trail):
                missing.append((feed, keys[0]))
    return missing


def second_round(daemon, web, entries):
    """Polls every feed again: each that could be read is asked with its validators."""
    before = len(web.seen())
    control(daemon, {"cmd": "poll-now", "feeds": []})
    readable = {f"/{feed.removeprefix('feed-')}" for feed, items in entries.items() if items}
    until(lambda: {path for path, _, _ in web.seen()[before:]} >= readable, 60, "every feed polled again")
    bare = {path for path, status, conditional in web.seen()[before:] if not conditional and path in readable}
    assert not bare, f"polled without validators: {sorted(bare)}"
    until(lambda: control(daemon, {"cmd": "status"})["in_flight"] == 0, 20, "nothing in flight")
    time.sleep(1)


def main():
    corpus = shared() / "corpus" / "feeds"
    cases = [json.loads(line) for line in (corpus / "manifest.jsonl").open(encoding="utf-8")]
    cases = [c for c in cases if c["category"] == "realworld"]
    with scratch() as folder, Web() as web:
        files, feeds = {}, []
        for n, case in enumerate(cases):
            path, url = corpus / "files" / case["file"], web.url(f"/{n}")
            web.put(f"/{n}", path.read_bytes(), case["content_type"])
            files[f"feed-{n}"] = (path, case["content_type"], url)
            feeds.append({"id": f"feed-{n}", "url": url, "allow_private": True, "full_text": "feed"})
        entries = parse(files)
        total = sum(map(len, entries.values()))
        assert total > 1000, total
        with Daemon(folder, feeds, {"poll": {"interval": "2s"}, "event": {"debounce": "1h"}}) as daemon:
            kills = random.Random(3)
            daemon.start()
            for _ in range(3):
                time.sleep(kills.uniform(0.3, 1.2))
                daemon.kill()
                daemon.start()
            until(lambda: settled(daemon, len(feeds)), 60, "every feed polled")
            until(lambda: not unaccounted(daemon, entries, whole_log(daemon)[0]), 90,
                  "every item published or linked")
            bodies, end = whole_log(daemon)
            created = check_log(bodies)
            # Some of these feeds ask for hours between polls, so the rounds are asked for.
            second_round(daemon, web, entries)
            assert whole_log(daemon)[1]["head"] == end["head"], "a second round published something"
            assert daemon.stop() == 0
            daemon.start()
            second_round(daemon, web, entries)
            assert whole_log(daemon)[1]["head"] == end["head"], "a restart published something"
            assert daemon.stop() == 0
    print(f"{len(feeds)} feeds, {total} items: {len(created)} stories, the rest linked; none twice, none lost")


if __name__ == "__main__":
    sys.exit(main())

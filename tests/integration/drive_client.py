#!/usr/bin/env python3
"""The Python client as `nutgraf tail --json` would be: messages on stdout, what happened on stderr.

  drive_client.py LIVE SYNC CURSOR START PREFIX...        SYNC -: as the server says; $CLIENT_OPTIONS: more, in JSON
"""
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docs" / "clients" / "python"))
import nutgraf  # noqa: E402


def tell(notice):
    print(f"{notice.kind}: {notice.text}", file=sys.stderr, flush=True)


def follow(stream):
    for m in stream:
        if isinstance(m, nutgraf.Notice):
            tell(m)
        else:
            sys.stdout.buffer.write(m.body + b"\n")
            sys.stdout.buffer.flush()


def main():
    live, sync, cursor, start, *prefixes = sys.argv[1:]
    options = {"breaks": "yield", **json.loads(os.environ.get("CLIENT_OPTIONS", "{}"))}
    with nutgraf.subscribe(*prefixes, live=live, sync=None if sync == "-" else sync, cursor=cursor, start=start, on_notice=tell,
                           **options) as stream:
        while True:
            try:
                return follow(stream)
            except nutgraf.Broken as broken:
                print(f"raised {broken.notice.kind}: {broken}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

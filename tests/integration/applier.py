#!/usr/bin/env python3
"""A subscriber that writes down what it applied, one message a line, and its cursor with it.

  applier.py LIVE SYNC FILE MODE [PREFIX]

MODE: "steady"; or "late": it takes its time, leaves every while, and comes back with the cursor that it had written down.
"""
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docs" / "clients" / "python"))
import nutgraf  # noqa: E402


def main():
    live, sync, path, mode, *prefixes = sys.argv[1:]
    cursor, late, taken = None, mode == "late", 0
    with open(path, "ab", buffering=0) as out:
        while True:
            with nutgraf.subscribe(*prefixes, live=live, sync=sync, cursor=cursor, start="all", breaks="yield",
                                   on_notice=lambda notice: None) as stream:
                until = time.monotonic() + (3 if late else 1e9)
                while time.monotonic() < until:
                    m = stream.receive(0.5)
                    # Asked for the next: the one before has been applied, and the cursor may have passed it.
                    cursor = stream.cursor
                    if m is None:
                        continue
                    if isinstance(m, nutgraf.Notice):
                        out.write(json.dumps({"notice": m.kind}).encode() + b"\n")
                    else:
                        out.write(m.body + b"\n")
                        taken += 1
                    if late and taken % 50 == 0:
                        time.sleep(0.2)
            time.sleep(2)


if __name__ == "__main__":
    main()

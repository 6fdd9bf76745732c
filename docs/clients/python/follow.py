#!/usr/bin/env python3
"""Prints every story in English once, over restarts of the daemon and of this program. Needs python3-zmq."""
import nutgraf

with nutgraf.subscribe("story.en.", cursor="stories.cursor", start="all", breaks="yield") as stream:
    for m in stream:
        if isinstance(m, nutgraf.Notice):  # The log is another, or keeps no longer what we lack: the text says which.
            print("!", m.text)
        elif m["op"] != "retract":
            print(m.seq, m["story"]["title"], "-", m["story"].get("url", ""))

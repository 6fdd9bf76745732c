#!/usr/bin/env python3
"""Prints what a nutgraf daemon publishes. Needs python3-zmq; see docs/protocol.md for how to miss nothing."""
import json
import sys
import zmq

socket = zmq.Context().socket(zmq.SUB)
socket.connect(sys.argv[1] if len(sys.argv) > 1 else "tcp://127.0.0.1:5556")
socket.subscribe("")  # Or only some: "story.en.", "event.", "feed.example-world."
while True:
    # Topic and body; they are two frames, but one for $hello. No topic contains a brace.
    topic, brace, rest = b"".join(socket.recv_multipart()).decode().partition("{")
    message = json.loads(brace + rest)
    payload = message.get("story") or message.get("event") or message.get("feed") or {}
    print(topic, message.get("seq", ""), message.get("op", ""), payload.get("title", ""), flush=True)

#!/usr/bin/env python3
"""What the Python and the Node client promise, against a server that does what is rare: refuses, falls silent, talks
garbage, closes events under a reader, encrypts."""
import contextlib
import datetime
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

from clients_test import HERE, PROJECT, node_folder
from harness import free_ports, program, scratch, until
from scripted_server import ScriptedServer, verdict

sys.path.insert(0, str(PROJECT / "docs" / "clients" / "python"))
import nutgraf  # noqa: E402
import zmq  # noqa: E402

PATIENCE = 60


class Driven:
    """A driver of one client as a process: seqs of its messages, lines of its notices."""

    def __init__(self, command, server, *prefixes, cursor="none", start="all", sync="-", **options):
        self.process = subprocess.Popen(command(server.endpoint, sync, str(cursor), start, prefixes), stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env={**os.environ, "CLIENT_OPTIONS": json.dumps(options)})
        self.seqs, self.said = [], []
        for pipe, take in ((self.process.stdout, lambda line: self.seqs.append(json.loads(line)["seq"])),
                           (self.process.stderr, lambda line: self.said.append(line.decode()))):
            threading.Thread(target=lambda p=pipe, t=take: [t(line) for line in p], daemon=True).start()

    def ends(self, status):
        self.until(lambda: self.process.poll() is not None, "ends")
        assert self.process.returncode == status, f"it ended with {self.process.returncode} and said {self.said}"

    def heard(self, word):
        return any(line.startswith(word) for line in self.said)

    def until(self, condition, what):
        try:
            until(condition, PATIENCE, what)
        except AssertionError as error:
            raise AssertionError(f"{error}; it has {self.seqs} and said {self.said}") from None

    def has(self, seqs):
        self.until(lambda: sorted(self.seqs) == list(seqs), f"has {seqs}")

    def says(self, word):
        self.until(lambda: self.heard(word), f"says {word}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def busy_is_asked_again(command, folder):
    refusals = iter(range(3))

    def answer(request):
        return [verdict(b"ERR", request, code="busy", retry_ms=20)] if next(refusals, None) is not None else None
    with ScriptedServer(answer=answer) as server:
        server.append("story.en.x.")
        with Driven(command, server, cursor=folder / "busy") as client:
            client.has([1])
        assert len(server.requests) == 4


def a_snapshot_misses_no_live_event(command, folder):
    """An event of the first page closes before the second is read; another opens and one grows."""
    def answer(request):
        if request["op"] == "snapshot" and request["page"] == 1 and "e2" in server.events:
            server.append("event.en.x.", "close", "e2")
            server.append("event.en.x.", "grow", "e4")
            server.append("event.en.x.", "open", "new")
        return None
    with ScriptedServer(answer=answer) as server:
        for n in range(12):
            server.append("event.en.x.", "open", f"e{n}")
        with Driven(command, server, "event.", cursor=folder / "snapshot", start="snapshot") as client:
            client.until(lambda: 15 in client.seqs, "has the new event")
            server.append("event.en.x.", "grow", "e0")
            client.until(lambda: 16 in client.seqs, "is live")
            # All that were live, once, then what happened since; never the middle of the log twice.
            assert len(set(client.seqs)) == len(client.seqs), client.seqs
            assert set(client.seqs) >= set(range(1, 17)) - {3, 5}, client.seqs
            assert client.seqs[-4:] == [13, 14, 15, 16], client.seqs


def a_future_cursor_is_raised_and_can_be_gone_on_from(command, folder):
    (folder / "future").write_text(json.dumps({"epoch": "e1", "seq": 900}))
    with ScriptedServer() as server:
        for _ in range(3):
            server.append("story.en.x.")
        with Driven(command, server, cursor=folder / "future", breaks="raise") as client:
            client.has([1, 2, 3])
            client.says("raised future_cursor")
        with Driven(command, server, cursor=folder / "future2", breaks="raise") as client:
            client.has([1, 2, 3])
            assert not client.heard("raised")


def another_epoch_is_told(command, folder):
    (folder / "epoch").write_text(json.dumps({"epoch": "e0", "seq": 2}))
    with ScriptedServer() as server:
        server.append("story.en.x.")
        for breaks, words in (("raise", "raised epoch_changed"), ("yield", "epoch_changed")):
            with Driven(command, server, cursor=folder / "epoch", breaks=breaks) as client:
                client.has([1])
                client.says(words)
            (folder / "epoch").write_text(json.dumps({"epoch": "e0", "seq": 2}))


def a_cursor_that_is_too_old_is_told(command, folder):
    def answer(request):
        return [verdict(b"ERR", request, code="cursor_too_old", floor=3)] if request.get("after", 9) < 2 else None
    (folder / "old").write_text(json.dumps({"epoch": "e1", "seq": 1}))
    with ScriptedServer(answer=answer) as server:
        for _ in range(4):
            server.append("story.en.x.")
        with Driven(command, server, cursor=folder / "old", breaks="raise") as client:
            client.has([3, 4])
            client.says("raised cursor_too_old: the server keeps no messages before 3; those from 2 on")


def silence_is_told_and_ended(command, folder):
    with ScriptedServer() as server:
        with Driven(command, server, cursor=folder / "silence") as client:
            client.says("caught_up")
            server.beating = False
            client.says("stale")
            client.says("reconnected")
            server.beating = True
            server.append("story.en.x.")
            client.has([1])


def losses_are_found(command, folder):
    with ScriptedServer() as server:
        with Driven(command, server, "story.en.", cursor=folder / "losses") as client:
            client.says("caught_up")
            server.append("story.en.x.", live=False)  # Only a heartbeat can tell.
            client.has([1])
            server.beating = False
            server.append("story.en.x.", live=False)
            server.append("story.de.x.", live=False)
            server.append("story.en.x.")
            client.has([1, 2, 4])
            client.says("too_slow")


def garbage_is_told_and_dropped(command, folder):
    with ScriptedServer() as server:
        with Driven(command, server, cursor=folder / "garbage") as client:
            client.says("caught_up")
            for frames in ([b"story.en.x.", b"{"], [b"story.en.x."], [b"\xff\xfe", b"[]"], [b"$hb", b'{"epoch":"e1"}'],
                           [b"$hb", b'{"epoch":"e1","head":1,"after":0,"topics":[[1]]}'], [b"$hello[]"], [b"a", b"b", b"c"],
                           [b"story.en.x.", b'{"epoch":"e1","seq":"1","prev":0}'], [b"$new", b"?"]):
                server.send(*frames)
            server.append("story.en.x.")
            client.has([1])
            client.until(lambda: sum(line.startswith("malformed") for line in client.said) == 8, "told eight times")


def another_protocol_is_refused(command, folder):
    with ScriptedServer(protocol=2) as server, Driven(command, server, cursor=folder / "protocol") as client:
        client.ends(1)
        client.until(lambda: "speaks protocol 2" in "".join(client.said), "says why")


def keys_are_used(command, folder):
    public, secret = zmq.curve_keypair()
    with ScriptedServer(curve=(public, secret)) as server:
        server.append("story.en.x.")
        key = public.decode()
        own, own_secret = (k.decode() for k in zmq.curve_keypair())
        for options in ({"server_key": key}, {"server_key": key, "public_key": own, "secret_key": own_secret}):
            with Driven(command, server, cursor=folder / "none", **options) as client:
                client.has([1])
            (folder / "none").unlink(missing_ok=True)
        with Driven(command, server, cursor=folder / "none", patience=1 if command.__name__ == "python" else 1000) as client:
            client.says("waiting")
            assert not client.seqs


def the_end_of_the_log_can_be_the_end(command, folder):
    with ScriptedServer(sync_host="*") as server:  # It does not know its own name.
        for _ in range(7):
            server.append("story.en.x.")
        with Driven(command, server, cursor=folder / "end", follow=False, page=3) as client:
            client.ends(0)
            client.has(range(1, 8))
        cursor = json.loads((folder / "end").read_text())
        assert (cursor["epoch"], cursor["seq"]) == ("e1", 7), cursor
        server.append("story.en.x.")
        with Driven(command, server, cursor=folder / "end", follow=False) as client:
            client.has([8])
        assert server.requests[-1]["after_time"] == "2026-01-01T00:00:07Z"


def no_cursor_is_not_taken_for_one(command, folder):
    (folder / "broken").write_text("{}")
    with ScriptedServer() as server, Driven(command, server, cursor=folder / "broken") as client:
        client.ends(1)
        client.until(lambda: "holds no cursor" in "".join(client.said), "says why")


def an_endpoint_needs_no_scheme(command, folder):
    with ScriptedServer() as server:
        server.append("story.en.x.")
        bare = SimpleNamespace(endpoint=server.endpoint.removeprefix("tcp://"))
        with Driven(command, bare, cursor=folder / "bare") as client:
            client.has([1])


def what_is_no_endpoint_is_told(command, folder):
    for wrong in ("127.0.0.1", "http://127.0.0.1:9556", "tcp://127.0.0.1:5556/", "127.0.0.1:99999"):
        with Driven(command, SimpleNamespace(endpoint=wrong), cursor=folder / "wrong") as client:
            client.ends(64 if command.__name__ == "tail" else 1)
            client.until(lambda: "no host:port, tcp://host:port or ipc://path" in "".join(client.said), "says what one is")


def what_begins_no_topic_is_told(command, folder):
    with ScriptedServer() as server, Driven(command, server, "Story.", cursor=folder / "topic") as client:
        client.ends(64 if command.__name__ == "tail" else 1)
        client.until(lambda: "at most 256 of a-z 0-9 . - _" in "".join(client.said), "says what does")


FACTS = [busy_is_asked_again, a_snapshot_misses_no_live_event, a_future_cursor_is_raised_and_can_be_gone_on_from,
         another_epoch_is_told, a_cursor_that_is_too_old_is_told, silence_is_told_and_ended, losses_are_found,
         garbage_is_told_and_dropped, another_protocol_is_refused, keys_are_used, the_end_of_the_log_can_be_the_end,
         no_cursor_is_not_taken_for_one, an_endpoint_needs_no_scheme, what_is_no_endpoint_is_told,
         what_begins_no_topic_is_told]


def the_cursor_covers_what_was_taken():
    """Python's, from inside: a message counts as done when the next is asked for."""
    with ScriptedServer() as server:
        for _ in range(2):
            server.append("story.en.x.")
        with nutgraf.subscribe(live=server.endpoint, start="all", page=1, on_notice=lambda n: None) as stream:
            assert stream.cursor is None
            assert stream.receive(PATIENCE).seq == 1 and stream.cursor is None
            assert stream.receive(PATIENCE).seq == 2 and stream.cursor["seq"] == 1
            assert stream.receive(0.5) is None and stream.cursor["seq"] == 2
            stored = stream.cursor
        server.append("story.en.x.")
        with nutgraf.subscribe(live=server.endpoint, cursor=stored, on_notice=lambda n: None) as stream:
            assert stream.receive(PATIENCE).seq == 3
        with nutgraf.subscribe(live=server.endpoint, start=datetime.timedelta(hours=1), on_notice=lambda n: None) as stream:
            assert stream.receive(PATIENCE).seq == 1 and "since" in server.requests[-1]


def options_are_checked():
    port = free_ports(1)[0]
    with nutgraf.Subscription("story.", live=f"127.0.0.1:{port}") as stream:
        assert stream._prefixes == ["story."], "one prefix is not its letters"
    for bad in ({"start": "yesterday"}, {"breaks": "ignore"}, {"public_key": "k", "secret_key": "k"},
                {"start": datetime.datetime(2026, 1, 1)}):
        with contextlib.suppress(ValueError):
            nutgraf.subscribe(live=f"tcp://127.0.0.1:{port}", **bad)
            raise AssertionError(f"accepted {bad}")


def commands():
    """Each client's command line, and the facts that it can be asked for."""
    def tail(live, sync, cursor, start, prefixes):
        return [program("nutgraf"), "tail", "--json", "--cursor", cursor, "--" + start,
                *(word for prefix in prefixes for word in ("--topic", prefix)), live]

    def python(live, sync, cursor, start, prefixes):
        return [sys.executable, str(HERE / "drive_client.py"), live, sync, cursor, start, *prefixes]

    folder, reason = node_folder()

    def node(live, sync, cursor, start, prefixes):
        return ["node", str(folder / "drive_client.mjs"), live, sync, cursor, start, *prefixes]

    # Most of what is asked of the C++ client is in tests/client.
    found = {tail: [busy_is_asked_again, a_snapshot_misses_no_live_event, no_cursor_is_not_taken_for_one,
                    an_endpoint_needs_no_scheme, what_is_no_endpoint_is_told, what_begins_no_topic_is_told], python: FACTS}
    if folder:
        found[node] = FACTS
    else:
        print(f"SKIPPED for Node: {reason}")
    return found


def main():
    failed, held = 0, {}
    for command, facts in commands().items():
        held[command.__name__] = len(facts)
        for fact in facts:
            with scratch() as place:
                try:
                    fact(command, Path(place))
                except AssertionError as error:
                    failed += 1
                    print(f"FAILED: {command.__name__}: {fact.__name__}: {error}", file=sys.stderr)
    the_cursor_covers_what_was_taken()
    options_are_checked()
    print(f"facts of {held}, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

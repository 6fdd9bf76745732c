"""A subscriber of a nutgraf daemon that misses nothing. One file; needs pyzmq (Debian: python3-zmq).

    import nutgraf

    for m in nutgraf.subscribe("story.en.", cursor="my.cursor"):
        print(m.topic, m["op"], m["story"]["title"])

It joins as docs/protocol.md says: subscribes, waits for the greeting, fetches what the log holds after its cursor while
live messages queue, then follows live and drops what it has had. A message whose predecessor never came, and a heartbeat
that names a message that never came, mean a loss, which it fetches, as after a reconnection.

To ask for the next message says that the one before has taken effect. Only then does the cursor pass it, and the file is
written at most once a second: after a crash a second's worth comes again, and nothing is missing.

One thread at a time; nothing happens between two calls.
"""
import collections
import dataclasses
import datetime
import json
import logging
import os
import pathlib
import re
import time

import zmq

PROTOCOL = 1

# Heartbeats that may be missing before we say so, and before we connect anew.
STALE_BEATS, RECONNECT_BEATS = 3, 10
# Greetings and answers that disagree on the epoch, in a row: a restart between the two explains one.
EPOCH_REFUSALS = 3
# Another epoch is read from so long before what we know: clocks may have been set meanwhile.
EPOCH_MARGIN = datetime.timedelta(seconds=60)
# Two losses within this time are no accident; and how often to say so.
SLOW_WINDOW = 60.0
SAVE_INTERVAL = 1.0

_log = logging.getLogger("nutgraf")


class Message(dict):
    """A message as published: its members are the dict's. Once, and after every earlier one of its topic."""

    def __init__(self, topic, body, members, live):
        super().__init__(members)
        self.topic = topic
        self.body = body  # The bytes.
        self.live = live  # False: it was fetched from the log.

    @property
    def seq(self):
        return self["seq"]


@dataclasses.dataclass(frozen=True)
class Notice:
    """What happened to the stream itself. `kind` is one of

    waiting, caught_up, gap_found, gap_mended, too_slow, stale, reconnected, malformed: nothing is lost by these;
    cursor_too_old: the log no longer keeps what we lack; it goes on with the oldest that is kept;
    epoch_changed, future_cursor: another store, or one that went back in time; messages may come twice.
    """
    kind: str
    text: str
    count: int = 0  # Messages that were fetched, for caught_up and gap_mended.


class Broken(Exception):
    """The stream is not what the cursor promised. Iterate again to go on as the notice says."""

    def __init__(self, notice):
        super().__init__(notice.text)
        self.notice = notice


class CursorTooOld(Broken):
    pass


class EpochChanged(Broken):
    pass


class FutureCursor(Broken):
    pass


class Refused(Exception):
    """Final: the server refuses us, or speaks another protocol."""


BREAKS = {"cursor_too_old": CursorTooOld, "epoch_changed": EpochChanged, "future_cursor": FutureCursor}
_WARNINGS = {"too_slow", "stale", "waiting", "malformed"}


def subscribe(*prefixes, **options):
    """A Subscription to the topics that begin with any of `prefixes`; none: to all. For the options see there."""
    return Subscription(prefixes, **options)


class Subscription:
    """An iterator of messages; end it with close() or use it in `with`.

    live       the daemon's live endpoint: "host:port", "tcp://host:port" or "ipc://path"
    sync       the sync endpoint, where the one that the daemon names cannot be reached
    cursor     a file: begin where it says if it is there, and keep it up to date (`nutgraf tail --cursor` reads it too);
               or a cursor itself, a dict as from the property `cursor`, which you store with your own data
    start      where to begin without a cursor: "live", from now on; "all", with the oldest that is kept; "snapshot", with
               the latest message of every live event, then live; a timedelta ago or a datetime with its zone
    breaks     what to do at cursor_too_old, epoch_changed and future_cursor: "raise" the exception of that name, after
               which iterating again goes on; or "yield" the Notice among the messages and go on
    on_notice  is called with every other Notice; else the logger "nutgraf" gets them
    follow     False: end when all that is there was delivered
    server_key, public_key, secret_key
               CURVE keys in Z85; the first alone: with a key pair made for this run
    receive_hwm  live messages that may queue here
    page         messages asked for at once
    patience     seconds that the server may be silent to a greeting or a request that is due
    """

    def __init__(self, prefixes=(), *, live="tcp://127.0.0.1:5556", sync=None, cursor=None, start="live", breaks="raise",
                 on_notice=None, follow=True, server_key=None, public_key=None, secret_key=None, receive_hwm=10_000, page=500,
                 patience=5.0):
        if breaks not in ("raise", "yield"):
            raise ValueError("breaks is \"raise\" or \"yield\"")
        self._prefixes = _check_prefixes(prefixes)
        live, sync = _endpoint("live", live), _endpoint("sync", sync) if sync else None
        self._endpoint, self._sync_given = live, sync
        self._breaks, self._on_notice, self._follow = breaks, on_notice or _tell_log, follow
        self._curve = _curve_options(server_key, public_key, secret_key)
        self._receive_hwm, self._page, self._patience = receive_hwm, page, patience

        self._file = None if cursor is None or isinstance(cursor, dict) else pathlib.Path(cursor)
        self._cursor = _read_cursor(self._file) if self._file else dict(cursor or {}) or None  # As may be saved.
        self._resumes = self._cursor is not None
        self._start = _check_start(start)
        self._saved, self._saved_at = self._cursor, float("-inf")

        self._out = collections.deque()  # Messages, notices, and cursors (dicts that are no messages) between them.
        self._phase = "joining"  # joining, snapshot, fetching, live
        self._fatal = None
        self._closed = self._caught_up = False

        # What has come: everything up to _complete, and of each topic the newest above it.
        self._epoch = None
        self._complete = 0
        self._newest = {}
        self._server_time = _time(self._cursor.get("server_time")) if self._cursor else None
        self._last_seq, self._last_time = 0, None  # Of the message with the highest seq.

        # What is being asked for.
        self._request = self._fetched = self._epoch_refusals = 0
        self._since = self._retry_at = self._snapshot = None
        self._mending = False

        # Signs of life.
        self._heartbeat = 1.0
        self._heard = time.monotonic()
        self._told_stale = self._told_waiting = False
        self._last_gap = self._told_slow = float("-inf")

        self._context = zmq.Context()
        self._live = self._sync = None
        self._connect_live()
        if sync:
            self._connect_sync(sync)

    # What the consumer calls.

    def __iter__(self):
        return self

    def __next__(self):
        item = self.receive()
        if item is None:
            raise StopIteration
        return item

    def receive(self, timeout=None):
        """The next message (or Notice, as `breaks` says); None when none came within `timeout` seconds, or at the end."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            while self._out:
                item = self._out.popleft()
                if isinstance(item, Message):
                    return item
                if isinstance(item, Notice):
                    if item.kind in BREAKS:
                        if self._breaks == "raise":
                            raise BREAKS[item.kind](item)
                        return item
                    self._on_notice(item)
                else:
                    self._cursor = item
            self._save()
            if self._fatal:
                raise Refused(self._fatal)
            if self._closed or (self._caught_up and not self._follow):
                self.close()
                return None
            if self._receive_one():
                continue
            self._run_timers()
            if self._out:
                continue
            left = self._until_timer()
            if deadline is not None:
                left = min(left, deadline - time.monotonic())
                if left <= 0:
                    return None
            self._wait(left)

    @property
    def cursor(self):
        """From where to start next time: covers what was returned before the last call; None before the first page."""
        return dict(self._cursor) if self._cursor else None

    def close(self):
        """Saves the cursor and closes the sockets. What was returned last counts as not done: it will come again."""
        if not self._closed:
            self._closed = True
            self._out.clear()
            self._save(now=True)
            self._context.destroy(linger=0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # Sockets.

    def _socket(self, kind):
        socket = self._context.socket(kind)
        for option, value in ((zmq.LINGER, 0), (zmq.IPV6, 1), (zmq.HEARTBEAT_IVL, 10_000), (zmq.HEARTBEAT_TIMEOUT, 30_000),
                              (zmq.RECONNECT_IVL, 100), (zmq.RECONNECT_IVL_MAX, 2_000), *self._curve):
            socket.setsockopt(option, value)
        return socket

    def _connect_live(self):
        """Afresh; what was queued on the old connection is dropped."""
        if self._live:
            self._live.close(0)
        self._live = self._socket(zmq.SUB)
        self._live.setsockopt(zmq.RCVHWM, self._receive_hwm)
        for prefix in [*self._prefixes, "$hello", "$hb"] if self._prefixes else [""]:
            self._live.subscribe(prefix)
        self._live.connect(self._endpoint)

    def _connect_sync(self, endpoint):
        if self._sync:
            self._sync.close(0)
        self._sync_endpoint = endpoint
        self._sync = self._socket(zmq.DEALER)
        self._sync.setsockopt(zmq.RCVHWM, 0)  # One page at a time was asked for.
        self._sync.connect(endpoint)

    @staticmethod
    def _take(socket):
        try:
            return socket.recv_multipart(zmq.DONTWAIT) if socket else None
        except zmq.Again:
            return None

    def _asking(self):
        return self._phase in ("fetching", "snapshot")

    def _receive_one(self):
        frames = self._take(self._sync)
        if frames is not None:
            self._take_answer(frames)
            return True
        # While a page is fetched live messages queue. Too many are a loss like any other.
        frames = None if self._asking() else self._take(self._live)
        if frames is not None:
            self._take_live(frames)
        return frames is not None

    def _wait(self, seconds):
        poller = zmq.Poller()
        if self._sync:
            poller.register(self._sync, zmq.POLLIN)
        if not self._asking():
            poller.register(self._live, zmq.POLLIN)
        poller.poll(max(1, int(seconds * 1000) + 1))

    # Time.

    def _until_timer(self):
        now = time.monotonic()
        if self._asking() and self._retry_at is not None:
            return max(0.001, self._retry_at - now)
        limit = self._patience
        if self._phase == "live":
            limit = self._heartbeat * (RECONNECT_BEATS if self._told_stale else STALE_BEATS)
        return max(0.001, self._heard + limit - now)

    def _run_timers(self):
        """Called when there was nothing to receive: one who was away for long finds heartbeats queued, and no silence."""
        now = time.monotonic()
        silence = now - self._heard
        if self._phase == "joining":
            if silence > self._patience:
                self._heard = now
                if not self._told_waiting:
                    self._told_waiting = True
                    self._tell("waiting", f"nobody answers at {self._endpoint}; waiting")
        elif self._phase == "live":
            if silence > self._heartbeat * STALE_BEATS and not self._told_stale:
                self._told_stale = True
                self._tell("stale", f"no heartbeat for {silence:.1f} s")
            if silence > self._heartbeat * RECONNECT_BEATS:
                self._rejoin()
        elif self._retry_at is not None:
            if now >= self._retry_at:
                self._send_request()
        elif silence > self._patience:
            if not self._told_stale:
                self._told_stale = True
                self._tell("stale", f"{self._sync_endpoint} does not answer; trying on")
            self._rejoin()

    def _alive(self, server_time=None):
        self._heard = time.monotonic()
        if not self._asking():
            self._told_stale = False
        self._told_waiting = False
        if server_time and (self._server_time is None or server_time > self._server_time):
            self._server_time = server_time

    def _rejoin(self):
        self._phase = "joining"
        self._heard = time.monotonic()
        self._retry_at = None
        self._connect_live()

    # What comes.

    def _take_live(self, frames):
        topic = frames[0]
        if len(frames) == 1 and topic.startswith(b"$hello"):
            return self._take_hello(topic[len(b"$hello"):])
        if self._phase == "joining":
            return None  # Of the time before the greeting: the page has it.
        self._heard = time.monotonic()
        if len(frames) != 2:
            return self._tell("malformed", f"a message of {len(frames)} frames was dropped")
        if topic == b"$hb":
            return self._take_beat(frames[1])
        return None if topic.startswith(b"$") else self._take_message(topic.decode("utf-8", "replace"), frames[1])

    def _take_hello(self, body):
        hello = self._read(body, "$hello", protocol=int, epoch=str, head=int)
        if hello is None:
            return None
        if hello["protocol"] != PROTOCOL:
            self._fatal = f"{self._endpoint} speaks protocol {hello['protocol']}, this client {PROTOCOL}"
            return None
        self._heartbeat = max(1, hello.get("heartbeat_ms", 1000)) / 1000
        self._alive()
        try:
            self._connect_sync(self._sync_given or _reachable(hello.get("sync", ""), self._endpoint))
        except zmq.ZMQError as error:
            self._fatal = f"{self._sync_endpoint}: cannot connect: {error}"
            return None
        if self._epoch is None:
            return self._begin(hello)
        if hello["epoch"] != self._epoch:
            return self._begin_epoch(hello["epoch"], "epoch_changed", "the server has another store")
        self._tell("reconnected", "connected again; fetching what was missed")
        self._mending = True
        return self._ask_snapshot() if self._snapshot else self._fetch(self._since)

    def _begin(self, hello):
        self._epoch = hello["epoch"]
        if self._resumes:
            if self._cursor["epoch"] != self._epoch:
                return self._begin_epoch(self._epoch, "epoch_changed", "the cursor is of another store, or of one since restored")
            self._complete = self._cursor["seq"]
            return self._fetch()
        if self._start == "snapshot":
            return self._ask_snapshot()
        if isinstance(self._start, datetime.timedelta):
            return self._fetch(datetime.datetime.now(datetime.timezone.utc) - self._start)
        if isinstance(self._start, datetime.datetime):
            return self._fetch(self._start)
        self._complete = hello["head"] if self._start == "live" else 0
        return self._fetch()

    def _begin_epoch(self, epoch, kind, why):
        """Sequence numbers of one epoch mean nothing in another; the time does."""
        self._tell(kind, why + "; messages may come twice")
        self._epoch = epoch
        self._complete = self._last_seq = 0
        self._newest.clear()
        self._snapshot = None
        self._fetch(self._server_time - EPOCH_MARGIN if self._server_time else None)

    def _take_beat(self, body):
        beat = self._read(body, "$hb", epoch=str, head=int, after=int, topics=list)
        if beat is None:
            return
        if beat["epoch"] != self._epoch:
            return self._rejoin()  # The greeting tells.
        self._alive()
        heads = [entry for entry in beat["topics"] if isinstance(entry, list) and [type(e) for e in entry[:2]] == [str, int]]
        if len(heads) < len(beat["topics"]):
            return self._tell("malformed", "$hb: not as the protocol says; dropped")
        if any(seq > self._known(topic) for topic, seq, *_ in heads if self._subscribed(topic)):
            return self._found_loss(f"a heartbeat names messages up to {beat['head']} that never came")
        if beat["after"] <= self._complete:
            self._alive(_time(beat.get("time")))
            self._complete_to(beat["head"])
            self._move_cursor()

    def _take_message(self, topic, body):
        message = self._read(body, topic, epoch=str, seq=int, prev=int)
        if message is None:
            return
        if message["epoch"] != self._epoch:
            return self._rejoin()
        known = self._known(topic)
        if message["seq"] <= known:
            return
        if message["prev"] > known:
            return self._found_loss(f"{topic} has lost messages after {known} up to {message['prev']}")
        self._accept(topic, body, message, live=True)

    def _accept(self, topic, body, message, live):
        self._newest[topic] = self._last_seq = message["seq"]
        self._last_time = message.get("decided_at")
        self._out.append(Message(topic, body, message, live))

    def _found_loss(self, text):
        self._tell("gap_found", text + "; fetching them")
        now = time.monotonic()
        again = now - self._last_gap < SLOW_WINDOW
        self._last_gap = now
        if again and now - self._told_slow >= SLOW_WINDOW:
            self._told_slow = now
            self._tell("too_slow", "losses keep coming: messages are read too slowly here")
        self._mending = True
        self._fetch()

    # What is asked for, and the answers.

    def _fetch(self, since=None):
        self._phase = "fetching"
        self._since = since
        self._fetched = 0
        self._send_request()

    def _ask_snapshot(self):
        self._phase = "snapshot"
        self._snapshot = {"page": 0, "step": 1, "next": None, "seen": set()}
        self._send_request()

    def _send_request(self):
        self._retry_at = None
        self._heard = time.monotonic()
        self._request += 1
        call = {"id": str(self._request)}
        if self._prefixes:
            call["prefixes"] = self._prefixes
        if self._phase == "snapshot":
            call.update(op="snapshot", page=self._snapshot["page"])
        elif self._since is not None:
            call.update(op="fetch", epoch=self._epoch, limit=self._page, since=_rfc3339(self._since))
        else:
            call.update(op="fetch", epoch=self._epoch, limit=self._page, after=self._complete)
            saved = self._cursor or {}
            if self._complete == saved.get("seq") and self._epoch == saved.get("epoch") and "message_time" in saved:
                call["after_time"] = saved["message_time"]
            elif self._complete == self._last_seq and self._last_time:
                call["after_time"] = self._last_time
        try:
            self._sync.send(json.dumps(call).encode(), zmq.DONTWAIT)
        except zmq.Again:
            pass  # Then there is no answer in time, and we join again.

    def _take_answer(self, frames):
        if not self._asking():
            return
        self._heard = time.monotonic()
        if len(frames) == 3 and frames[0] == b"MSG":
            return self._take_page_message(frames[1].decode("utf-8", "replace"), frames[2])
        answer = self._read(frames[-1], "an answer") if len(frames) == 2 else None
        if answer is None or answer.get("id") != str(self._request):
            return
        if frames[0] == b"ERR":
            self._take_error(answer)
        elif self._phase == "snapshot":
            self._take_snapshot_end(answer)
        else:
            self._take_end(answer)

    def _take_page_message(self, topic, body):
        # Its epoch is not looked at: a restored log holds messages of the one before, and the request named the log.
        message = self._read(body, topic, epoch=str, seq=int, prev=int)
        if message is None:
            return
        if self._phase == "snapshot":
            # Above `next` it comes with the pages of the log, in its place.
            seq, end = message["seq"], self._snapshot["next"]
            if seq not in self._snapshot["seen"] and (end is None or seq <= end):
                self._snapshot["seen"].add(seq)
                self._out.append(Message(topic, body, message, False))
        elif message["seq"] > self._known(topic):
            self._fetched += 1
            self._accept(topic, body, message, live=False)

    def _take_snapshot_end(self, end):
        """Pages are counted from the oldest event, and one that closes meanwhile moves those after it forward, past a
        reader who goes up. So if anything happened while we went up, we go down again and drop what we had."""
        at = self._snapshot
        if at["next"] is None:
            at["next"] = end.get("next", 0)
        if at["step"] > 0 and not end.get("more") and end.get("head") != at["next"]:
            at["step"] = -1
        if at["step"] > 0 and not end.get("more") or at["step"] < 0 and at["page"] == 0:
            self._snapshot = None
            self._complete = at["next"]
            return self._fetch()
        at["page"] += at["step"]
        return self._send_request()

    def _take_end(self, end):
        following = end.get("next")
        moved = isinstance(following, int) and (following > self._complete or self._since is not None)
        if not isinstance(following, int) or (end.get("more") and not moved):
            self._fatal = f"{self._sync_endpoint} sends pages that lead nowhere"
            return
        self._since = None
        self._epoch_refusals = 0
        self._complete_to(following)
        self._alive(_time(self._last_time))
        self._move_cursor()
        if end.get("more"):
            return self._send_request()
        self._phase = "live"
        self._alive()
        if not self._caught_up:
            self._caught_up = True
            self._tell("caught_up", "caught up", self._fetched)
        elif self._mending:
            self._tell("gap_mended", f"nothing is missing now; {self._fetched} messages were fetched", self._fetched)
        self._mending = False

    def _take_error(self, error):
        code = error.get("code")
        if code == "busy":
            self._retry_at = time.monotonic() + max(0, error.get("retry_ms", 250)) / 1000
        elif code == "epoch_changed":
            # The greeting tells; live messages of the old epoch that still queue are of no use.
            self._epoch_refusals += 1
            if self._epoch_refusals < EPOCH_REFUSALS:
                return self._rejoin()
            self._fatal = f"{self._endpoint} and {self._sync_endpoint} are not of the same server"
        elif code == "future_cursor":
            self._begin_epoch(self._epoch, "future_cursor", "the server's store went back in time")
        elif code == "cursor_too_old":
            floor = error.get("floor", 1)
            self._tell("cursor_too_old", f"the server keeps no messages before {floor}; those from {self._complete + 1} on "
                                         "are lost; going on from there")
            self._complete_to(floor - 1)
            self._send_request()
        else:
            self._fatal = f"{self._sync_endpoint} refuses: {code} {error.get('message', '')}"

    # What is known.

    def _known(self, topic):
        return self._newest.get(topic, self._complete)

    def _subscribed(self, topic):
        return not self._prefixes or any(topic.startswith(p) for p in self._prefixes)

    def _complete_to(self, seq):
        if seq > self._complete:
            self._complete = seq
            self._newest = {t: s for t, s in self._newest.items() if s > seq}

    def _move_cursor(self):
        """At the end of a page and at heartbeats, never with a message: another topic's older loss may yet be found."""
        cursor = {"epoch": self._epoch, "seq": self._complete}
        if self._complete == self._last_seq and self._last_time:
            cursor["message_time"] = self._last_time
        elif self._cursor and (self._cursor["epoch"], self._cursor["seq"]) == (self._epoch, self._complete):
            cursor.update({k: v for k, v in self._cursor.items() if k == "message_time"})
        if self._server_time:
            cursor["server_time"] = _rfc3339(self._server_time)
        self._out.append(cursor)

    def _save(self, now=False):
        if not self._file or self._cursor is None or self._cursor == self._saved:
            return
        if not now and time.monotonic() - self._saved_at < SAVE_INTERVAL:
            return
        _write_cursor(self._file, self._cursor)
        self._saved, self._saved_at = self._cursor, time.monotonic()

    def _tell(self, kind, text, count=0):
        self._out.append(Notice(kind, text, count))

    def _read(self, body, what, **needed):
        """The JSON object with members of these types, or None, which is told."""
        try:
            members = json.loads(body)
        except ValueError:
            members = None
        if isinstance(members, dict) and all(isinstance(members.get(name), kind) for name, kind in needed.items()):
            return members
        self._tell("malformed", f"{what}: not as the protocol says; dropped")
        return None


def _tell_log(notice):
    _log.log(logging.WARNING if notice.kind in _WARNINGS else logging.INFO, "%s: %s", notice.kind, notice.text)


def _check_prefixes(prefixes):
    prefixes = [prefixes] if isinstance(prefixes, str) else list(prefixes)
    for prefix in prefixes:
        if not isinstance(prefix, str) or not re.fullmatch(r"[a-z0-9._-]{0,256}", prefix):
            raise ValueError(f"{prefix!r} begins no topic: at most 256 of a-z 0-9 . - _")
    return prefixes


def _endpoint(name, given):
    """With its scheme, as ZeroMQ wants it, whose own word for anything else is "Invalid argument"."""
    endpoint = given if "://" in given else "tcp://" + given
    tcp = re.fullmatch(r"tcp://[^/]+:([0-9]{1,5})", endpoint)
    if not (0 < int(tcp[1]) < 65536 if tcp else re.fullmatch(r"ipc://.+", endpoint)):
        raise ValueError(f"{name} is {given!r}, no host:port, tcp://host:port or ipc://path")
    return endpoint


def _check_start(start):
    known = isinstance(start, (datetime.timedelta, datetime.datetime)) or start in ("live", "all", "snapshot")
    if not known:
        raise ValueError("start is \"live\", \"all\", \"snapshot\", a timedelta or a datetime")
    if isinstance(start, datetime.datetime) and start.tzinfo is None:
        raise ValueError("start needs a time zone: datetime.now(timezone.utc)")
    return start


def _curve_options(server, public, secret):
    if server is None:
        if public or secret:
            raise ValueError("CURVE needs server_key")
        return ()
    if (public is None) != (secret is None):
        raise ValueError("public_key and secret_key go together")
    if public is None:
        public, secret = zmq.curve_keypair()
    keys = [k.encode() if isinstance(k, str) else k for k in (server, public, secret)]
    return tuple(zip((zmq.CURVE_SERVERKEY, zmq.CURVE_PUBLICKEY, zmq.CURVE_SECRETKEY), keys))


def _reachable(told, live):
    """What a server tells that does not know its own name, "tcp://*:5557": on the host that we reached it by."""
    host, _, port = told.removeprefix("tcp://").rpartition(":")
    if told.startswith("tcp://") and live.startswith("tcp://") and host in ("*", "0.0.0.0", "[::]"):
        return f"{live.rpartition(':')[0]}:{port}"
    return told


def _time(text):
    try:
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None
    except ValueError:
        return None


def _rfc3339(moment):
    utc = moment.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return utc.isoformat(timespec="milliseconds") + "Z"


def _read_cursor(path):
    try:
        cursor = json.loads(path.read_text())
        if isinstance(cursor["epoch"], str) and isinstance(cursor["seq"], int) and cursor["seq"] >= 0:
            return cursor
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        pass
    raise ValueError(f"{path} holds no cursor; remove it to begin anew")


def _write_cursor(path, cursor):
    """Beside the file, synced, then renamed over it: a crash leaves the old cursor or the new one."""
    beside = path.with_name(path.name + ".new")
    with open(beside, "w", encoding="utf-8") as file:
        file.write(json.dumps(cursor) + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)

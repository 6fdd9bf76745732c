"""A server of the protocol that does what a test wants, where nutgrafd would rarely."""
import json
import threading
import time

import zmq

BEAT = 0.1
SNAPSHOT_PAGE = 5


class ScriptedServer:
    """A log in memory behind both sockets. `answer`: asked before the log is; frames of an answer, or None for the log's.
    `curve`: (public, secret) keys of a server that encrypts."""

    def __init__(self, epoch="e1", curve=None, protocol=1, answer=lambda request: None, sync_host="127.0.0.1"):
        self.epoch, self.protocol, self.answer, self.sync_host = epoch, protocol, answer, sync_host
        self.log, self.events = [], {}  # Bodies as dicts; live events: id -> seq.
        self.requests, self.subscriptions = [], 0
        self.beating, self.beat = True, 0
        self.outbox = []
        self.lock = threading.RLock()
        self.context = zmq.Context()
        self.live, self.sync = self.context.socket(zmq.XPUB), self.context.socket(zmq.ROUTER)
        for s in (self.live, self.sync):
            s.setsockopt(zmq.LINGER, 0)
            s.setsockopt(zmq.SNDHWM, 0)
            if curve:
                s.setsockopt(zmq.CURVE_SERVER, 1)
                s.setsockopt(zmq.CURVE_PUBLICKEY, curve[0])
                s.setsockopt(zmq.CURVE_SECRETKEY, curve[1])
        self.live.setsockopt(zmq.XPUB_VERBOSE, 1)
        self.live_port = self.live.bind_to_random_port("tcp://127.0.0.1")
        self.sync_port = self.sync.bind_to_random_port("tcp://127.0.0.1")
        self.endpoint = f"tcp://127.0.0.1:{self.live_port}"
        self.done = threading.Event()
        self.greet()

    def __enter__(self):
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()
        self.context.destroy(linger=0)

    # What a test does.

    def append(self, topic, op="create", event=None, live=True):
        """The next message; `live` False: it is lost on the way."""
        with self.lock:
            seq = len(self.log) + 1
            prev = max((m["seq"] for m in self.log if m["topic"] == topic), default=0)
            message = {"type": topic.split(".")[0] + "/1", "epoch": self.epoch, "seq": seq, "prev": prev, "topic": topic,
                       "decided_at": f"2026-01-01T00:{seq // 60:02}:{seq % 60:02}Z", "op": op}
            if event is not None:
                message["event"] = {"id": event}
                self.events[event] = seq
                if op == "close":
                    del self.events[event]
            self.log.append(message)
            if live:
                self.outbox.append([topic.encode(), json.dumps(message).encode()])
            return seq

    def send(self, *frames):
        with self.lock:
            self.outbox.append(list(frames))

    # The thread.

    def run(self):
        next_beat = time.monotonic()
        while not self.done.is_set():
            with self.lock:
                out, self.outbox = self.outbox, []
                for frames in out:
                    self.live.send_multipart(frames)
                if time.monotonic() >= next_beat:
                    next_beat += BEAT
                    self.send_beat()
            while self.live.poll(0):
                self.subscriptions += self.live.recv()[:1] == b"\1"
            if self.sync.poll(5):
                self.take(*self.sync.recv_multipart())

    def send_beat(self):
        self.greet()
        if not self.beating:
            return
        self.beat += 1
        heads = {m["topic"]: m["seq"] for m in self.log}
        self.live.send_multipart([b"$hb", json.dumps({
            "type": "hb/1", "epoch": self.epoch, "beat": self.beat, "head": len(self.log), "floor": 1, "after": 0,
            "time": "2026-01-01T01:00:00Z", "topics": list(heads.items())}).encode()])

    def greet(self):
        self.live.setsockopt(zmq.XPUB_WELCOME_MSG, b"$hello" + json.dumps({
            "type": "hello/1", "protocol": self.protocol, "epoch": self.epoch, "head": len(self.log), "floor": 1,
            "server": "scripted", "version": "1", "sync": f"tcp://{self.sync_host}:{self.sync_port}",
            "heartbeat_ms": int(BEAT * 1000)}).encode())

    def take(self, who, body):
        request = json.loads(body)
        self.requests.append(request)
        with self.lock:
            answer = self.answer(request) or getattr(self, request["op"])(request)
            for frames in answer:
                self.sync.send_multipart([who, *frames])

    def page(self, request, seqs, **end):
        messages = [self.log[s - 1] for s in seqs]
        frames = [[b"MSG", m["topic"].encode(), json.dumps(m).encode()] for m in messages]
        return frames + [verdict(b"END", request, head=len(self.log), floor=1, **end)]

    def fetch(self, request):
        if request.get("after", 0) > len(self.log):
            return [verdict(b"ERR", request, code="future_cursor")]
        last = min(len(self.log), request.get("after", 0) + request["limit"])
        wanted = [m["seq"] for m in self.log[request.get("after", 0):last]
                  if any(m["topic"].startswith(p) for p in request.get("prefixes", [""]))]
        return self.page(request, wanted, next=last, more=last < len(self.log))

    def snapshot(self, request):
        """Live events from the oldest, by place: as nutgrafd counts them."""
        first = request["page"] * SNAPSHOT_PAGE
        seqs = list(self.events.values())
        return self.page(request, seqs[first:first + SNAPSHOT_PAGE], next=len(self.log), more=len(seqs) > first + SNAPSHOT_PAGE)


def verdict(verb, request, **members):
    return [verb, json.dumps({**members, "id": request["id"]}).encode()]

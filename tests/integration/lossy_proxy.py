"""A proxy between a daemon and its clients that reads along (ZMTP 3, NULL) and loses what it is told to lose."""
import contextlib
import json
import socket
import threading
import time

# A segment so small that the kernel's buffers, which grow with it, hold little beside those of ZeroMQ.
SEGMENT = 1_000
BUFFER = 16_384


class Splitter:
    """Bytes of one direction of a connection, cut into what may be lost as a whole: (raw, frames), where frames is None
    for the greeting and for commands. [ZMTP 3.1, https://rfc.zeromq.org/spec/37/]"""

    def __init__(self):
        self.buffer = b""
        self.greeting = 64  # Bytes of it that are still to come; each side waits for a part of the other's.
        self.raw, self.frames = b"", []

    def feed(self, data):
        self.buffer += data
        if self.greeting and self.buffer:
            part = self.take(self.greeting)
            self.greeting -= len(part)
            yield part, None
        while (frame := self.frame()) is not None:
            raw, flags, body = frame
            if flags & 4:
                yield raw, None
                continue
            self.raw += raw
            self.frames.append(body)
            if not flags & 1:
                yield self.raw, self.frames
                self.raw, self.frames = b"", []

    def frame(self):
        if len(self.buffer) < 2:
            return None
        flags = self.buffer[0]
        header = 9 if flags & 2 else 2
        if len(self.buffer) < header:
            return None
        size = int.from_bytes(self.buffer[1:header], "big")
        if len(self.buffer) < header + size:
            return None
        raw = self.take(header + size)
        return raw, flags, raw[header:]

    def take(self, count):
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken


class Proxy:
    """One port of ours for one of the daemon's. `judge(frames)`: whether a message of the daemon passes; `see(frames)` gets
    every message of either side. Commands pass."""

    def __init__(self, port, judge=lambda frames: True, see=lambda frames: None):
        self.upstream, self.judge, self.see = port, judge, see
        self.up = True
        self.open = set()
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"tcp://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
            except OSError:
                return
            client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
            server = socket.socket()
            server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
            try:
                if not self.up:
                    raise OSError("closed for now")
                server.connect(("127.0.0.1", self.upstream))
            except OSError:
                client.close()
                server.close()
                continue
            with self.lock:
                self.open |= {client, server}
            for source, target, judge in ((client, server, lambda frames: True), (server, client, self.judge)):
                threading.Thread(target=self.carry, args=(source, target, judge), daemon=True).start()

    def carry(self, source, target, judge):
        splitter = Splitter()
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                for raw, frames in splitter.feed(data):
                    if frames is not None:
                        self.see(frames)
                    if frames is None or judge(frames):
                        target.sendall(raw)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with self.lock:
            self.open -= {source, target}

    def close(self):
        """Ends the connections, and while it is closed each new one at once."""
        self.up = False
        with self.lock:
            for end in self.open:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def reopen(self):
        self.up = True


class Thief:
    """Takes the same messages from every client, and notes when each could have known."""

    def __init__(self):
        self.lock = threading.Lock()
        self.wanted = None  # topic, how many more
        self.verdicts = {}  # (epoch, seq): stolen?
        self.thefts = {}    # Client: [[time of the theft, time of the next heartbeat or None]]

    def steal(self, topic, count):
        """The next `count` messages of the topics that begin so."""
        with self.lock:
            self.wanted = [topic, count]
            self.thefts = {}

    def stolen(self):
        with self.lock:
            return sum(self.verdicts.values())

    def judge(self, client):
        def passes(frames):
            now = time.monotonic()
            with self.lock:
                mine = self.thefts.setdefault(client, [])
                if frames[0] == b"$hb":
                    for theft in mine:
                        theft[1] = theft[1] or now
                if len(frames) != 2 or frames[0].startswith(b"$"):
                    return True
                message = json.loads(frames[1])
                key = message["epoch"], message["seq"]
                if key not in self.verdicts:
                    take = bool(self.wanted and self.wanted[1] > 0 and frames[0].decode().startswith(self.wanted[0]))
                    self.wanted = [self.wanted[0], self.wanted[1] - 1] if take else self.wanted
                    self.verdicts[key] = take
                if self.verdicts[key]:
                    mine.append([now, None])
                return not self.verdicts[key]
        return passes

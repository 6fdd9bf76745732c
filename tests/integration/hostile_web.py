"""A web of many hosts on loopback, for servers that misbehave: each host is an address of its own with a handler on the
bare socket, and the daemon finds it by name through tests/support/loopback_net.cc.

50.b.c.d is what the daemon sees of 127.b.c.d, so the hosts count as public and the address guard is at work. What must never
be reached is the canary: it listens on 127.0.0.1 and [::1] and counts who comes.
"""
import contextlib
import os
import select
import socket
import ssl
import struct
import subprocess
import sys
import threading
import urllib.request
import zlib
from pathlib import Path

from harness import Daemon, control, program

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from http2_frame import frame  # noqa: E402


class Peer:
    """One connection of the daemon's."""

    def __init__(self, web, name, connection):
        self.web, self.name, self.socket = web, name, connection
        self.buffer = b""
        self.whole = False  # The last response was framed: another request may follow.

    def request(self):
        """(path, headers by lower-case name) of the next request; None when the peer has closed."""
        while b"\r\n\r\n" not in self.buffer:
            part = self.socket.recv(65536)
            if not part:
                return None
            self.buffer += part
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
        return lines[0].split(" ")[1], {k.lower(): v for k, v in headers.items()}

    def send(self, data):
        self.whole = False
        self.socket.sendall(data)

    def reply(self, body=b"", *headers, status="200 OK", length=None):
        """A response with a Content-Length (right, if `length` does not say otherwise) and the validator "evil"."""
        fields = ["HTTP/1.1 " + status, f"Content-Length: {len(body) if length is None else length}", 'ETag: "evil"', *headers]
        self.send("\r\n".join(fields).encode("latin-1") + b"\r\n\r\n" + body)
        self.whole = length is None

    def forever(self, piece):
        """Sends `piece` until the peer has had enough (or the web ends)."""
        while not self.web.closing.is_set():
            self.send(piece)

    def wait(self, seconds=3600):
        """Silence; ends early with the web, or when the peer closes."""
        self.socket.settimeout(seconds)
        with contextlib.suppress(OSError):
            while self.socket.recv(65536):
                pass

    def reset(self):
        """Closes with RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


class HostileWeb:
    """add() hosts, then start a HostileDaemon on it. Handlers run on a thread a connection; `handler(peer)` returns to
    close it."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self.requests = {}     # (name, path): how often
        self.connections = {}  # name: accepted
        self.names = {}        # name: answers of the resolver
        self.peers = set()
        self.listeners = []
        self.last = 0
        self.canary = self.free_canary()

    def free_canary(self):
        """A port that answers on 127.0.0.1 and on [::1] (where there is IPv6): whoever comes is counted, and served."""
        for _ in range(50):
            four = socket.create_server(("127.0.0.1", 0))
            port = four.getsockname()[1]
            try:
                six = socket.create_server(("::1", port), family=socket.AF_INET6)
            except OSError as error:
                if error.errno in (97, 99):  # No IPv6 here.
                    six = None
                else:
                    four.close()
                    continue
            for listener in filter(None, (four, six)):
                self.listen("canary", listener, self.be_canary)
            return port
        raise AssertionError("no port that is free on both loopback addresses")

    @staticmethod
    def be_canary(peer):
        while peer.request():
            peer.reply(b"<rss><channel><title>EVILMARK</title><item><title>EVILMARK canary</title></item></channel></rss>")

    def new_address(self):
        self.last += 1
        return f"{self.last // 250}.{self.last % 250 + 1}.1"

    def add(self, name, handler, tls=None, backlog=128):
        """A host; "http://name:port" of it. `tls`: an ssl.SSLContext."""
        rest = self.new_address()
        listener = socket.create_server(("127." + rest, 0), backlog=backlog)
        self.names[name] = ["50." + rest]
        if handler:
            self.listen(name, listener, handler, tls)
        else:
            self.listeners.append(listener)
        return f"{'https' if tls else 'http'}://{name}:{listener.getsockname()[1]}"

    def add_deaf(self, name):
        """A host that does not answer the first packet: its queue is full."""
        origin = self.add(name, None, backlog=0)
        listener = self.listeners[-1]
        for _ in range(4):
            caller = socket.socket()
            caller.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                caller.connect(listener.getsockname())
            self.listeners.append(caller)
        return origin

    def listen(self, name, listener, handler, tls=None):
        self.listeners.append(listener)
        self.connections.setdefault(name, 0)
        threading.Thread(target=self.accept, args=(name, listener, handler, tls), daemon=True).start()

    def accept(self, name, listener, handler, tls):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with self.lock:
                self.connections[name] += 1
                self.peers.add(connection)
            threading.Thread(target=self.converse, args=(name, connection, handler, tls), daemon=True).start()

    def converse(self, name, connection, handler, tls):
        try:
            served = tls.wrap_socket(connection, server_side=True) if tls else connection
            handler(Peer(self, name, served))
            served.close()
        except (OSError, ValueError):  # The daemon has had enough.
            pass
        finally:
            with self.lock:
                self.peers.discard(connection)
            connection.close()

    def count(self, name, path):
        with self.lock:
            self.requests[name, path] = self.requests.get((name, path), 0) + 1

    def counted(self, prefix):
        """Requests to the hosts whose names begin so."""
        with self.lock:
            return sum(n for (name, _), n in self.requests.items() if name.startswith(prefix))

    def write_hosts(self):
        path = self.folder / "hosts"
        path.write_text("".join(f"{name} {' '.join(answers)}\n" for name, answers in self.names.items()))
        return path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closing.set()
        with self.lock:
            for listener in self.listeners:
                with contextlib.suppress(OSError):
                    listener.shutdown(socket.SHUT_RDWR)
                listener.close()
            for peer in self.peers:
                with contextlib.suppress(OSError):
                    peer.shutdown(socket.SHUT_RDWR)


class HostileDaemon(Daemon):
    """nutgrafd whose whole network is a HostileWeb."""

    def __init__(self, web, feeds, sections=None):
        super().__init__(web.folder, feeds, sections)
        self.sections["status"] = {"listen": f"127.0.0.1:{self.status}"}
        self.write(feeds)
        self.net_log = web.folder / "net.log"
        build = Path(program("nutgrafd")).parents[2]
        self.environment = {
            "LD_PRELOAD": str(build / "tests" / "support" / "nutgraf_loopback_net.so"),
            "NUTGRAF_NET_HOSTS": str(web.write_hosts()),
            "NUTGRAF_NET_LOG": str(self.net_log),
            # A sanitizer wants to come first of all preloaded libraries; ours needs nothing of it.
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0",
        }

        authority = web.folder / "ca.pem"
        if authority.exists():
            self.environment["NUTGRAF_NET_CA"] = str(authority)

    def net(self):
        """What the daemon asked of the network: ["lookup x", "socket", "connect 50.0.2.1:80", …]."""
        return self.net_log.read_text().splitlines() if self.net_log.exists() else []

    def feeds_are(self, feeds):
        """Another set of feeds, by a reload."""
        self.write(feeds)
        answer = control(self, {"cmd": "reload"})
        assert answer["ok"], answer

    def metrics(self):
        """{name: value} of /metrics."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.status}/metrics", timeout=10) as answer:
            lines = [line.split(" ") for line in answer.read().decode().splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in lines}

    def memory_now(self):
        """(resident, anonymous) bytes."""
        fields = {}
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            key, _, value = line.partition(":")
            fields[key] = value.split()
        return int(fields["VmRSS"][0]) << 10, int(fields["RssAnon"][0]) << 10

    def sanitized(self):
        return b"__asan_init" in Path(program("nutgrafd")).read_bytes() or b"__tsan_init" in Path(program("nutgrafd")).read_bytes()


# ---- HTTP/2

class Http2:
    """The server's side of a connection [RFC 9113]: takes requests, whatever they say, and sends the frames that it is told."""

    DATA, HEADERS, SETTINGS, PING, CONTINUATION = 0, 1, 4, 6, 9
    END_STREAM, ACK, END_HEADERS, PADDED = 1, 1, 4, 8
    STATUS_200 = b"\x88"  # In the static table [RFC 7541, appendix A].

    def __init__(self, peer):
        self.socket, self.closing, self.buffer = peer.socket, peer.web.closing, b""
        self.take(24)  # "PRI * HTTP/2.0 …"
        self.send(self.SETTINGS)

    def take(self, count):
        while len(self.buffer) < count:
            part = self.socket.recv(65536)
            if not part:
                raise OSError("closed")
            self.buffer += part
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def send(self, *parts):
        self.socket.sendall(frame(*parts))

    def request(self):
        """The stream of the next request."""
        while True:
            head = self.take(9)
            self.take(int.from_bytes(head[:3], "big"))
            if head[3] == self.SETTINGS and not head[4] & self.ACK:
                self.send(self.SETTINGS, self.ACK)
            if head[3] == self.HEADERS:
                return int.from_bytes(head[5:], "big")

    def flood(self, *parts):
        """Sends the frame until the peer has had enough, reading what it says to it."""
        piece = frame(*parts)
        piece *= max(1, 60_000 // len(piece))
        while not self.closing.is_set():
            self.socket.sendall(piece)
            while select.select([self.socket], [], [], 0)[0]:
                if not self.socket.recv(65536):
                    return


# ---- bodies

def chunked(data, size=4000):
    pieces = [data[i:i + size] for i in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"


def brotli(data):
    """A brotli stream of stored blocks [RFC 7932, section 9.2]."""
    out, first = b"", True
    for at in range(0, len(data), 65536):
        piece = data[at:at + 65536]
        header = (len(piece) - 1) << 3 | 1 << 19
        out += (header << 1 if first else header).to_bytes(3, "little") + piece
        first = False
    return out + (b"\x06" if first else b"\x03")


def zstd(data):
    """A zstd frame of raw blocks, without size and checksum [RFC 8878, section 3.1.1]."""
    out = b"\x28\xb5\x2f\xfd\x00\x58"  # Window of 2 MiB.
    pieces = [data[i:i + 65536] for i in range(0, len(data), 65536)]
    for n, piece in enumerate(pieces):
        out += (len(piece) << 3 | (n == len(pieces) - 1)).to_bytes(3, "little") + piece
    return out


def zstd_bomb(megabytes):
    """Four bytes for each 128 KiB of blanks."""
    out, blocks = b"\x28\xb5\x2f\xfd\x00\x58", megabytes * 8
    for n in range(blocks):
        out += (131072 << 3 | 1 << 1 | (n == blocks - 1)).to_bytes(3, "little") + b" "
    return out


# 64 MiB of blanks.
BROTLI_BOMB = bytes.fromhex("cfffff7ff82540e2b14020f7fe9ffffffff04b00c4610180eefd3fffffffe1970088c32200ddfbfffcffffc72f0110870500baf7ff")


def gzip_bomb(megabytes):
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b" " * (1 << 20)) for _ in range(megabytes)) + packer.flush()


# ---- certificates

CA_CONFIG = """[ca]
default_ca=d
[d]
database={0}/index
serial={0}/serial
new_certs_dir={0}
default_md=sha256
policy=p
copy_extensions=copy
[p]
commonName=supplied
"""


def certificates(folder, names):
    """An authority (folder/ca.pem) and an ssl.SSLContext for each of `names`: {name: (host, begin, end)}, times as
    YYYYMMDDHHMMSSZ. Host "self" is one that no authority signed; "h2…" speak HTTP/2, "tickets…" never end to hand out tickets
    [RFC 8446, section 4.6.1]. None without openssl(1)."""
    folder = Path(folder)

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    try:
        openssl("version")
    except (OSError, subprocess.CalledProcessError):
        return None
    key = ["-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    openssl("req", "-x509", *key, "-days", "2", "-subj", "/CN=Loopback Authority", "-keyout", "ca.key", "-out", "ca.pem")
    (folder / "ca.conf").write_text(CA_CONFIG.format(folder))
    (folder / "index").write_text("")
    (folder / "index.attr").write_text("unique_subject = no\n")
    (folder / "serial").write_text("01\n")
    contexts = {}
    for name, (host, begin, end, signed) in names.items():
        subject = ["-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"]
        if signed:
            openssl("req", "-new", *key, *subject, "-keyout", f"{name}.key", "-out", f"{name}.csr")
            openssl("ca", "-batch", "-config", "ca.conf", "-cert", "ca.pem", "-keyfile", "ca.key", "-in", f"{name}.csr",
                    "-startdate", begin, "-enddate", end, "-notext", "-out", f"{name}.pem")
        else:
            openssl("req", "-x509", *key, "-days", "2", *subject, "-keyout", f"{name}.key", "-out", f"{name}.pem")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
        if name.startswith("h2"):
            context.set_alpn_protocols(["h2"])
        if name.startswith("tickets"):
            context.num_tickets = 10 ** 9
        contexts[name] = context
    return contexts

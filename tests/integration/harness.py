"""What the end-to-end tests share: a loopback web server, a daemon under test, and a subscriber.

Everything listens on 127.0.0.1 and ends with the test: use each as a context manager. The daemon is told when it is ready
through a NOTIFY_SOCKET of ours, as systemd would be.
"""
import contextlib
import hashlib
import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

try:
    import zmq
except ImportError:
    print("SKIPPED: python3-zmq is not installed")
    sys.exit(77)

PROJECT = Path(__file__).resolve().parents[2]


def shared():
    """The folder of the corpora, or the end of the test with ctest's code for skipped."""
    folder = Path(os.environ.get("NUTGRAF_SHARED") or PROJECT / ".." / "shared").resolve()
    if not (folder / "corpus").is_dir():
        print(f"SKIPPED: no corpora: {folder} is not there (NUTGRAF_SHARED)")
        sys.exit(77)
    return folder


def program(name):
    """A program of the build under test: $NUTGRAF_BUILD, else the newest of the usual builds."""
    builds = [os.environ["NUTGRAF_BUILD"]] if "NUTGRAF_BUILD" in os.environ else [
        PROJECT / "build" / b for b in ("release", "dev")]
    for build in builds:
        path = Path(build) / "daemon" / "main" / name
        if path.exists():
            return str(path)
    sys.exit(f"{name} is not built in {', '.join(map(str, builds))}")


def free_ports(count):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        return [s.getsockname()[1] for s in sockets]


class Stopwatch:
    """Seconds that this machine was ours since the watch was made.

    On a virtual machine the host may give most of the processors' time to others ("steal" in proc(5), /proc/stat). A test
    waits for its seconds, not for those of the others: what is awaited does not come sooner for their passing."""

    LEAST = 0.02  # Of the time is ours at least, so that every wait has an end.

    def __init__(self):
        self.begin, (self.busy, self.stolen) = time.monotonic(), self.processors()

    @staticmethod
    def processors():
        """Ticks that they worked, and ticks that they had work and were not there."""
        user, nice, system, _, _, irq, softirq, stolen = map(int, Path("/proc/stat").read_text().split(None, 9)[1:9])
        return user + nice + system + irq + softirq, stolen

    def share(self):
        """Of the time in which there was work: from LEAST to 1."""
        busy, stolen = (now - then for now, then in zip(self.processors(), (self.busy, self.stolen)))
        return max(self.LEAST, busy / (busy + stolen)) if stolen > 0 else 1

    def seconds(self):
        return (time.monotonic() - self.begin) * self.share()


class Web:
    """A web server on loopback: pages by path, with validators, and a log of what was asked."""

    def __init__(self):
        self.pages = {}
        self.requests = []  # (path, status, had validators)
        self.lock = threading.Lock()
        web = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                with web.lock:
                    page = web.pages.get(self.path)
                conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
                if page is None:
                    status, body, headers = 404, b"not here", {}
                else:
                    body, content_type = page
                    etag = '"%s"' % hashlib.sha1(body).hexdigest()
                    headers = {"ETag": etag}
                    if content_type:
                        headers["Content-Type"] = content_type
                    status = 200
                    if self.headers.get("If-None-Match") == etag:
                        status, body = 304, b""
                with web.lock:
                    web.requests.append((self.path, status, conditional))
                self.send_response(status)
                for key, value in headers.items():
                    self.send_header(key, value)
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # The daemon may be killed meanwhile.
                    self.end_headers()
                    self.wfile.write(body)
                    web.handed_out(body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

            def handle_error(self, *request):  # A daemon that was killed in the middle of a request.
                if not isinstance(sys.exc_info()[1], ConnectionError):
                    super().handle_error(*request)

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    def put(self, path, body, content_type):
        with self.lock:
            self.pages[path] = (body if isinstance(body, bytes) else body.encode(), content_type)

    def handed_out(self, body):
        """Called after a body went to the socket, on the connection's own thread."""

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def seen(self):
        with self.lock:
            return list(self.requests)

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def toml(value):
    return json.dumps(value, ensure_ascii=False)


class Daemon:
    """nutgrafd on a configuration of the test's own. `feeds`: dicts of [[feed]] keys; `sections`: {"poll": {...}}."""

    def __init__(self, folder, feeds, sections=None):
        self.folder = Path(folder)
        self.live, self.sync, self.status = free_ports(3)
        merged = {
            "store": {"path": str(self.folder / "nutgraf.db")},
            "wire": {"live": [f"tcp://127.0.0.1:{self.live}"], "sync": [f"tcp://127.0.0.1:{self.sync}"]},
            "status": {"listen": ""},
            "control": {"path": str(self.folder / "control.sock")},
            "poll": {"interval": "2s", "min_interval": "1s", "per_host_spacing": "0s",
                     "per_host_concurrency": 16, "first_poll": "all"},
        }
        for name, keys in (sections or {}).items():
            merged.setdefault(name, {}).update(keys)
        self.sections = merged
        self.config = self.folder / "nutgraf.toml"
        self.write(feeds)
        self.process = None
        self.environment = {}  # In addition to ours.

    def write(self, feeds):
        """The configuration's file, with these feeds."""
        text = ""
        for name, keys in self.sections.items():
            text += f"[{name}]\n" + "".join(f"{k} = {toml(v)}\n" for k, v in keys.items()) + "\n"
        for feed in feeds:
            text += "[[feed]]\n" + "".join(f"{k} = {toml(v)}\n" for k, v in feed.items()) + "\n"
        self.config.write_text(text)

    def start(self, timeout=60):
        """Starts it and waits until it says READY=1."""
        path = self.folder / "notify.sock"
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(str(path))
            notify.settimeout(0.2)
            with open(self.folder / "daemon.log", "ab") as log:
                self.process = subprocess.Popen(
                    [program("nutgrafd"), "--config", str(self.config)], stderr=log, stdout=log,
                    env={**os.environ, **self.environment, "NOTIFY_SOCKET": str(path)})
            watch = Stopwatch()
            while watch.seconds() < timeout:
                if self.process.poll() is not None:
                    raise AssertionError(f"nutgrafd ended with {self.process.returncode}\n{self.log()[-3000:]}")
                try:
                    if b"READY=1" in notify.recv(4096):
                        return self
                except socket.timeout:
                    pass
        raise AssertionError(f"nutgrafd is not ready after {timeout} s\n{self.log()[-3000:]}")

    def stop(self, timeout=40):
        """SIGTERM; 0, or an AssertionError with what it logged (or a sanitizer found)."""
        self.process.send_signal(signal.SIGTERM)
        until(lambda: self.process.poll() is not None, timeout, "nutgrafd ends after SIGTERM")
        status = self.process.returncode
        log = self.log()
        assert status == 0, f"nutgrafd ended with {status}\n" + log[max(0, log.find("WARNING: ") - 100):][:6000]
        return status

    def kill(self):
        self.process.kill()
        self.process.wait()

    def log(self):
        return (self.folder / "daemon.log").read_text(errors="replace")

    def memory(self):
        """Resident bytes."""
        fields = Path(f"/proc/{self.process.pid}/statm").read_text().split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.kill()


class Live:
    """A plain SUB socket."""

    def __init__(self, daemon, prefix=""):
        self.socket = zmq.Context.instance().socket(zmq.SUB)
        self.socket.setsockopt(zmq.RCVHWM, 0)
        self.socket.subscribe(prefix)
        self.socket.connect(f"tcp://127.0.0.1:{daemon.live}")

    def receive(self, timeout):
        """(topic, body) of the next message that is no $hello and no $hb; None after `timeout` seconds."""
        end = time.monotonic() + timeout
        while (left := end - time.monotonic()) > 0:
            if not self.socket.poll(max(1, int(left * 1000))):
                return None
            frames = self.socket.recv_multipart()
            if len(frames) == 2 and not frames[0].startswith(b"$"):
                return frames[0].decode(), json.loads(frames[1])
        return None

    def wait_hello(self, timeout=30):
        """The $hello message: from then on nothing is missed."""
        watch = Stopwatch()
        while watch.seconds() < timeout:
            if self.socket.poll(100):
                frames = self.socket.recv_multipart()
                if frames[0].startswith(b"$hello"):
                    return json.loads(frames[0][len(b"$hello"):])
        raise AssertionError("no $hello")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close(0)


def ask(daemon, request, timeout=30):
    """One request to the sync socket; all frames of each answer until END or ERR."""
    with zmq.Context.instance().socket(zmq.DEALER) as dealer:
        dealer.setsockopt(zmq.LINGER, 0)
        dealer.connect(f"tcp://127.0.0.1:{daemon.sync}")
        dealer.send(json.dumps(request).encode())
        answers = []
        while True:
            until(lambda: dealer.poll(100), timeout, f"an answer to {request}")
            frames = dealer.recv_multipart()
            answers.append(frames)
            if frames[0] in (b"END", b"ERR"):
                return answers


def control(daemon, request):
    """One request to the control socket, and its answer."""
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(120)
        s.connect(str(daemon.folder / "control.sock"))
        s.sendall(json.dumps(request).encode() + b"\n")
        answer = b""
        while not answer.endswith(b"\n"):
            part = s.recv(1 << 20)
            assert part, "the control socket closed"
            answer += part
    return json.loads(answer)


def whole_log(daemon):
    """Every message of the log, by pages: [body], and the epoch-consistent end."""
    bodies, after = [], 0
    while True:
        *messages, end = ask(daemon, {"op": "fetch", "after": after, "limit": 500})
        assert end[0] == b"END", end
        bodies += [json.loads(m[2]) for m in messages]
        page = json.loads(end[1])
        after = page["next"]
        if not page["more"]:
            return bodies, page


def check_log(bodies):
    """The promises of the log: dense sequence, one epoch, `prev` the last of the same topic, no story created twice."""
    last, created = {}, {}
    for n, body in enumerate(bodies):
        assert body["seq"] == bodies[0]["seq"] + n, f"sequence {body['seq']} after {bodies[n - 1]['seq']}"
        assert body["epoch"] == bodies[0]["epoch"]
        assert body["prev"] == last.get(body["topic"], body["prev"] if bodies[0]["seq"] > 1 else 0), body["seq"]
        last[body["topic"]] = body["seq"]
        if body["type"] == "story/1" and body["op"] == "create":
            assert body["story"]["id"] not in created, f"published twice: {body['story']['url']}"
            created[body["story"]["id"]] = body["story"]
    return created


def until(condition, timeout, what):
    """Polls `condition` until it is true; an AssertionError that names `what` otherwise. `timeout` is in a Stopwatch's seconds."""
    watch = Stopwatch()
    while watch.seconds() < timeout:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"after {timeout} s still not: {what}; the machine was ours for {watch.share():.0%} of its time")


def scratch():
    return tempfile.TemporaryDirectory(prefix="nutgraf-")

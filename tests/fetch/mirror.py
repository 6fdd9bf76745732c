#!/usr/bin/env python3
"""A web server on the loopback interface that answers every GET with what it saw of it, one "name=value" a line.

mirror.py [--tls CERT KEY] [--connect CERT KEY] [--clients CA] [--socks]

/to?URL redirects to URL. CONNECT is answered by the server itself, as whatever host was asked for (TLS with CERT), but
for refused.*; with --socks it first speaks SOCKS5 as such a proxy. Prints "PORT n".
"""
import argparse
import http.server
import itertools
import ssl
import struct

parser = argparse.ArgumentParser()
parser.add_argument("--tls", nargs=2)
parser.add_argument("--connect", nargs=2, help="CERT KEY of the servers behind CONNECT")
parser.add_argument("--clients", help="certificates of clients that are known")
parser.add_argument("--socks", action="store_true")
arguments = parser.parse_args()
numbers = itertools.count(1)


def context(pair):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*pair)
    if arguments.clients:
        made.verify_mode = ssl.CERT_OPTIONAL
        made.load_verify_locations(arguments.clients)
    return made


class Mirror(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def setup(self):
        self.seen = {"connection": next(numbers), "to": "-", "connect-headers": "-"}
        if arguments.tls:
            self.request = context(arguments.tls).wrap_socket(self.request, server_side=True)
        if arguments.socks:
            self.seen["to"] = self.shake_hands(self.request)
        super().setup()

    @staticmethod
    def shake_hands(socket):
        """RFC 1928: no authentication, CONNECT; the host as the client named it."""
        stream = socket.makefile("rb")
        _, count = stream.read(2)
        stream.read(count)
        socket.sendall(b"\5\0")
        _, _, _, kind = stream.read(4)
        length = {1: 4, 4: 16}.get(kind) or stream.read(1)[0]
        host = stream.read(length)
        (port,) = struct.unpack("!H", stream.read(2))
        socket.sendall(b"\5\0\0\1\0\0\0\0\0\0")
        return f"{host.decode() if kind == 3 else host.hex()}:{port}"

    def do_CONNECT(self):
        if self.path.startswith("refused."):
            self.send_error(403)
            return
        self.seen["to"] = self.path
        self.seen["connect-headers"] = ",".join(sorted(self.headers.keys()))
        self.wfile.write(b"HTTP/1.1 200 Connected\r\nETag: \"proxy\"\r\n\r\n")
        self.request = context(arguments.connect).wrap_socket(self.request, server_side=True)
        super().setup()
        self.close_connection = False

    def do_GET(self):
        if self.path.startswith("/to?"):
            self.send_response(302)
            self.send_header("Location", self.path[4:])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        peer = self.request.getpeercert() if isinstance(self.request, ssl.SSLSocket) else None
        subject = dict(pair[0] for pair in peer["subject"]) if peer else {}
        facts = {**self.seen, "path": self.path, "client": subject.get("commonName", "-"),
                 "authorization": self.headers.get("Authorization", "-"), "key": self.headers.get("X-Key", "-")}
        body = "".join(f"{name}={value}\n" for name, value in facts.items()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """Handshakes that the client breaks off are part of the tests."""


if __name__ == "__main__":
    with Server(("127.0.0.1", 0), Mirror) as server:
        print(f"PORT {server.server_port}", flush=True)
        server.serve_forever()

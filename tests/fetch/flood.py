#!/usr/bin/env python3
"""A TLS 1.3 server that says all it has to say as fast as the client takes it: flood.py CERT KEY COUNT

COUNT session tickets [RFC 8446, section 4.6.1], and then an answer to the request; or, if COUNT is "pings", PINGs of HTTP/2
without end; or, if it is "hello", requests of a TLS 1.2 server to begin the handshake, without end [RFC 5246, section
7.4.1.1]; or, if it is "http/1.1" or "h2", a body of 8,000,000 bytes. Prints "PORT n".
"""
import select
import socket
import ssl
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from http2_frame import frame  # noqa: E402

CERT, KEY, COUNT = sys.argv[1:]


def converse(connection):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.num_tickets = int(COUNT)
    context.load_cert_chain(CERT, KEY)
    heard, said = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(heard, said, server_side=True)

    def step(act):
        while True:
            try:
                return act()
            except ssl.SSLWantReadError:
                connection.sendall(said.read())
                data = connection.recv(65536)
                if not data:
                    raise OSError("closed") from None
                heard.write(data)

    step(tls.do_handshake)  # The tickets are in `said` now.
    request = b""
    while b"\r\n\r\n" not in request:
        try:
            request += tls.read(65536)
        except ssl.SSLWantReadError:
            heard.write(connection.recv(65536))
    body = f"tickets={COUNT}"
    tls.write(f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
    connection.sendall(said.read())


SETTINGS, HEAD, PING = frame(4, 0, 0), frame(1, 4, 1, b"\x88"), frame(6, 0, 0, bytes(8))  # "\x88": ":status: 200".


def speak(connection, protocol):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols([protocol])
    context.load_cert_chain(CERT, KEY)
    return context.wrap_socket(connection, server_side=True)


def ping(connection):
    with speak(connection, "h2") as tls:
        tls.sendall(SETTINGS)
        while True:
            tls.sendall(PING * 3000)
            while select.select([tls], [], [], 0)[0] and tls.recv(65536):
                pass


def hello(connection):
    connection.recv(65536)
    while True:
        connection.sendall(b"\x16\x03\x03\x00\x04\x00\x00\x00\x00" * 7000)


def is_request(heard):
    """Whether it ends a request: of HTTP/1.1, or of HTTP/2, behind the preface."""
    if COUNT != "h2":
        return b"\r\n\r\n" in heard
    at = 24
    while at + 9 <= len(heard):
        if heard[at + 3] == HEAD[3]:
            return True
        at += 9 + int.from_bytes(heard[at:at + 3], "big")
    return False


def body(connection):
    with speak(connection, COUNT) as tls:
        heard = b""
        while not is_request(heard):
            heard += tls.recv(65536)
        if COUNT == "h2":
            tls.sendall(SETTINGS + HEAD + frame(0, 0, 1, bytes(16000)) * 499 + frame(0, 1, 1, bytes(16000)))
        else:
            tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 8000000\r\n\r\n" + bytes(8000000))
        while tls.recv(65536):
            pass


with socket.create_server(("127.0.0.1", 0)) as listener:
    print(f"PORT {listener.getsockname()[1]}", flush=True)
    while True:
        with listener.accept()[0] as one:
            try:
                {"pings": ping, "hello": hello, "h2": body, "http/1.1": body}.get(COUNT, converse)(one)
            except OSError:  # The client has had enough.
                pass

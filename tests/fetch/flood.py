#!/usr/bin/env python3
"""A TLS 1.3 server that says all it has to say as fast as the client takes it: flood.py CERT KEY COUNT

COUNT session tickets [RFC 8446, section 4.6.1], and then an answer to the request; or, if COUNT is "pings", PINGs of HTTP/2
without end. Prints "PORT n".
"""
import select
import socket
import ssl
import sys

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


def ping(connection):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["h2"])
    context.load_cert_chain(CERT, KEY)
    with context.wrap_socket(connection, server_side=True) as tls:
        tls.sendall(bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))  # SETTINGS [RFC 9113, section 6]
        while True:
            tls.sendall(bytes([0, 0, 8, 6, 0, 0, 0, 0, 0, *range(8)]) * 3000)
            while select.select([tls], [], [], 0)[0] and tls.recv(65536):
                pass


with socket.create_server(("127.0.0.1", 0)) as listener:
    print(f"PORT {listener.getsockname()[1]}", flush=True)
    while True:
        with listener.accept()[0] as one:
            try:
                (ping if COUNT == "pings" else converse)(one)
            except OSError:  # The client has had enough.
                pass

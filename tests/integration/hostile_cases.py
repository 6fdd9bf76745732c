"""What servers do to a reader of news, one Case each: as a feed, and as the page of an item of a feed that is sound.

A case's handler gets (peer, request) once the request is read and answers as it likes; request.body is what an honest server
would have sent: a feed with one item, or a page, both with MARK in every text. What must not be published has MARK.
"""
import gzip
import html
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Callable

from hostile_web import BROTLI_BOMB, Http2, brotli, chunked, gzip_bomb, zstd, zstd_bomb
from newswriter import rss

MARK = "EVILMARK"
MB = 1 << 20


@dataclass
class Request:
    kind: str  # feed or page
    path: str
    headers: dict
    body: bytes
    type: str
    web: object


@dataclass
class Case:
    name: str
    serve: Callable
    error: str = ""      # What `nutgraf feeds` then says of the feed, a regular expression; "": the poll is a success.
    page: object = None  # What becomes of the item: "teaser" (the feed's text), "any" (the page may be used), or None: not tried.
    paused: bool = False    # The host is left alone afterwards, as it asked.
    did: str = ""        # For the table, where the error's text says too little.
    pages: int = 1
    host: dict = field(default_factory=dict)  # tls=…, answers=…, deaf=True, url=…, feed={keys of [[feed]]}
    heavy: bool = False  # A document of megabytes.
    items: object = None  # How many a successful poll finds, if that matters.

    @property
    def slug(self):
        return "".join(c if c.isalnum() else "-" for c in self.name.lower()).strip("-").replace("--", "-")


CASES = []


def case(name, error="", **more):
    def add(serve):
        CASES.append(Case(name, serve, error, **more))
        return serve
    return add


def text(words=160):
    return f"{MARK} " + " ".join(f"word{n % 37} {MARK}." if n % 12 == 11 else f"word{n % 37}" for n in range(words))


def item(title, link, body, guid):
    return (f"<item><title>{html.escape(title)}</title><link>{html.escape(link)}</link><guid isPermaLink=\"false\">{guid}</guid>"
            f"<pubDate>{formatdate(time.time() - 60)}</pubDate><description>{html.escape(body)}</description></item>")


def evil_feed(name):
    return rss(f"{MARK} feed", [item(f"{MARK} {name}", f"http://{name}/{MARK}", text(), f"{MARK}-{name}")])


def evil_page(name):
    paragraphs = "".join(f"<p>{text(60)}</p>" for _ in range(6))
    return f"<!doctype html><html><head><title>{MARK} {name}</title></head><body><article><h1>{MARK}</h1>{paragraphs}</article></body></html>".encode()


def type_of(request):
    return "Content-Type: " + request.type


# ---- slow and silent

case("slow headers", "timed out|too slow", page="teaser")(
    lambda p, r: [p.send(b"HTTP/1.1 200 OK\r\n")] + [(time.sleep(0.5), p.send(b"X-%d: y\r\n" % n)) for n in range(1000)])
case("slow body", "timed out|too slow", page="teaser")(
    lambda p, r: (p.reply(b"", type_of(r), length=len(r.body)), [(p.send(r.body[n:n + 1]), time.sleep(0.5)) for n in range(len(r.body))]))
case("silence after the request", "timed out", page="teaser")(lambda p, r: p.wait())


@case("silence after connect", "timed out", page="teaser", host={"raw": True})
def _(p, r):
    p.wait()


case("no answer to SYN", "Timeout was reached", page="teaser", host={"deaf": True})(None)


# ---- cut off

def cut(data):
    return data[:len(data) // 2]


case("truncated gzip", "cut off", page="teaser")(lambda p, r: p.reply(gzip.compress(r.body)[:-12], "Content-Encoding: gzip", type_of(r)))
case("truncated zstd", "cut off", page="teaser")(lambda p, r: p.reply(zstd(r.body)[:-1], "Content-Encoding: zstd", type_of(r)))
case("truncated brotli", "cut off", page="teaser")(lambda p, r: p.reply(brotli(r.body)[:-1], "Content-Encoding: br", type_of(r)))
case("short of its Content-Length", "bytes remaining|closed", page="teaser")(
    lambda p, r: p.reply(r.body, type_of(r), length=len(r.body) + 100))
case("chunks without the last", "chunk|closed|remaining|incomplete", page="teaser")(
    lambda p, r: p.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(r.body)[:-5]))
case("reset in mid-body", "reset|Recv failure|closed|remaining", page="teaser")(
    lambda p, r: (p.reply(r.body[:50], type_of(r), length=len(r.body)), time.sleep(0.05), p.reset()))
case("closed within the headers", "closed within the headers", page="teaser")(lambda p, r: p.send(b"HTTP/1.1 200 OK\r\nContent-Ty"))
case("closed at once", "Empty reply", page="teaser")(lambda p, r: None)


# ---- bad bodies

case("bad gzip", "broken gzip", page="teaser")(lambda p, r: p.reply(b"this is no gzip " * 20, "Content-Encoding: gzip", type_of(r)))


@case("gzip with a wrong checksum", "broken gzip", page="teaser")
def _(p, r):
    good = gzip.compress(r.body)
    p.reply(good[:-8] + b"\0\0\0\0" + good[-4:], "Content-Encoding: gzip", type_of(r))


case("bad zstd", "broken zstd", page="teaser")(lambda p, r: p.reply(b"no zstd " * 20, "Content-Encoding: zstd", type_of(r)))
case("bad brotli", "broken brotli", page="teaser")(lambda p, r: p.reply(b"\xff" * 100, "Content-Encoding: br", type_of(r)))
case("gzip with trailing garbage", "", page="any", did="reads it; what follows the stream is padding")(
    lambda p, r: p.reply(gzip.compress(r.body) + b"\0" * 100 + b"garbage", "Content-Encoding: gzip", type_of(r)))
case("gzip bomb, 256 MB", "exceeds", page="teaser")(lambda p, r: p.reply(the(gzip_bomb, 256), "Content-Encoding: gzip", type_of(r)))
case("brotli bomb", "exceeds", page="teaser")(lambda p, r: p.reply(BROTLI_BOMB, "Content-Encoding: br", type_of(r)))
case("zstd bomb, 1 GB", "exceeds", page="teaser")(lambda p, r: p.reply(the(zstd_bomb, 1024), "Content-Encoding: zstd", type_of(r)))
case("gzip in gzip", "not asked for", page="teaser")(
    lambda p, r: p.reply(gzip.compress(the(gzip_bomb, 256)), "Content-Encoding: gzip, gzip", type_of(r)))
case("two Content-Encoding lines", "not asked for", page="teaser")(
    lambda p, r: p.reply(gzip.compress(the(gzip_bomb, 256)), "Content-Encoding: gzip", "Content-Encoding: gzip", type_of(r)))
case("zstd that wants a window of 128 MB", "broken zstd", page="teaser")(
    lambda p, r: p.reply(b"\x28\xb5\x2f\xfd\x00\x88" + zstd(r.body)[6:], "Content-Encoding: zstd", type_of(r)))


# ---- endless

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

case("endless chunks", "exceeds", page="teaser")(
    lambda p, r: (p.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), p.forever(b"10000\r\n" + b"x" * 65536 + b"\r\n")))
case("endless body without a length", "exceeds", page="teaser")(
    lambda p, r: (p.send(b"HTTP/1.0 200 OK\r\n\r\n"), p.forever(b"x" * 65536)))
case("endless headers", "endless headers|[Tt]oo large|headers", page="teaser")(
    lambda p, r: (p.send(b"HTTP/1.1 200 OK\r\n"), p.forever(b"X-Header: some value or other\r\n" * 100)))
case("one header of 1 MB", "header", page="teaser")(
    lambda p, r: p.send(b"HTTP/1.1 200 OK\r\nX: " + b"y" * MB + b"\r\nContent-Length: 0\r\n\r\n"))
case("endless 1xx", "endless headers|[Tt]oo large|headers", page="teaser")(lambda p, r: p.forever(b"HTTP/1.1 100 Continue\r\n\r\n" * 100))
case("endless trailers", "endless headers|[Tt]oo large|headers", page="teaser")(
    lambda p, r: (p.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(r.body)[:-2]), p.forever(b"X: y\r\n" * 200)))
case("endless status line", "header", page="teaser")(lambda p, r: (p.send(b"HTTP/1.1 200 "), p.forever(b"O" * 65536)))
case("endless lines of one header", "header", page="teaser")(
    lambda p, r: (p.send(b"HTTP/1.1 200 OK\r\nX: y\r\n"), p.forever(b" more of it\r\n" * 100)))
case("blank lines without end", "0.9", page="teaser")(lambda p, r: p.forever(b"\r\n" * 30000))
case("one chunk extension without end", "endless framing", page="teaser")(
    lambda p, r: (p.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;"), p.forever(b"x" * 65536)))
case("extensions of 16 KB, chunks of a byte", "endless framing", page="teaser")(
    lambda p, r: (p.send(CHUNKED), p.forever((b"1;" + b"x" * 16384 + b"\r\n \r\n") * 4)))
case("carriage returns behind a chunk", "endless framing|chunk", page="teaser")(
    lambda p, r: (p.send(CHUNKED + b"1\r\nx"), p.forever(b"\r" * 65536)))
case("zeros before the size of a chunk", "hex|chunk", page="teaser")(lambda p, r: (p.send(CHUNKED), p.forever(b"0" * 65536)))
case("blanks before the size of a chunk", "hex|chunk", page="teaser")(lambda p, r: (p.send(CHUNKED), p.forever(b" " * 65536)))
case("blanks behind the size of a chunk", "endless framing", page="teaser")(
    lambda p, r: (p.send(CHUNKED + b"5"), p.forever(b" " * 65536)))
case("redirect with a chunk extension without end", "redirects|timed out", page="teaser")(
    lambda p, r: (p.send(f"HTTP/1.1 302 Found\r\nLocation: {r.path}x\r\nTransfer-Encoding: chunked\r\n\r\n5;".encode()), p.forever(b"x" * 65536)))


def compressed(coding, head, piece):
    """What decompresses to nothing, without end."""
    return lambda p, r: (p.send(f"HTTP/1.0 200 OK\r\nContent-Encoding: {coding}\r\n\r\n".encode() + head), p.forever(piece))


case("gzip of empty blocks", "exceeds", page="teaser")(compressed("gzip", gzip.compress(b"")[:10], b"\0\0\0\xff\xff" * 13000))
case("gzip of empty members", "exceeds", page="teaser")(compressed("gzip", b"", gzip.compress(b"") * 3000))
case("gzip with endless padding", "exceeds", page="teaser")(compressed("gzip", gzip.compress(b"x"), bytes(65536)))
case("gzip with an endless file name", "exceeds", page="teaser")(compressed("gzip", b"\x1f\x8b\x08\x08" + bytes(6), b"n" * 65536))
case("brotli of metadata", "exceeds", page="teaser")(  # [RFC 7932, section 9.2]
    compressed("br", b"\xac\x7f" + bytes(256), (b"\xd6\x3f" + bytes(256)) * 250))
case("zstd of frames to skip", "exceeds", page="teaser")(  # [RFC 8878, section 3.1.2]
    compressed("zstd", b"", (b"\x50\x2a\x4d\x18\x00\x04\0\0" + bytes(1024)) * 64))
case("zstd of empty blocks", "exceeds", page="teaser")(compressed("zstd", zstd(b"")[:6], b"\0\0\0" * 20000))


# ---- HTTP/2

def http2(name, *frame, error="endless framing", answer=True):
    """After the request, and (unless not `answer`) the head of a response to it: the frame, without end. Stream 1."""
    def serve(p, _):
        talk = Http2(p)
        talk.request()
        if answer:
            talk.send(Http2.HEADERS, Http2.END_HEADERS, 1, Http2.STATUS_200)
        talk.flood(*frame)
    case("HTTP/2: " + name, error, page="teaser", host={"tls": "h2", "raw": True})(serve)


@case("HTTP/2: sound", "", page="any", host={"tls": "h2", "raw": True}, did="reads it (so the others fail for their frames)")
def _(p, r):
    talk = Http2(p)
    while True:
        stream = talk.request()
        talk.send(Http2.HEADERS, Http2.END_HEADERS, stream, Http2.STATUS_200)
        talk.send(Http2.DATA, Http2.END_STREAM, stream, evil_feed(p.name))


http2("PINGs without end", Http2.PING, 0, 0, bytes(8))
http2("PINGs before the head of the response", Http2.PING, 0, 0, bytes(8), answer=False)
http2("SETTINGS without end", Http2.SETTINGS, error="framing|nghttp2")
http2("acknowledgements without end", Http2.PING, Http2.ACK, 0, bytes(8))
http2("empty DATA without end", Http2.DATA, 0, 1)
http2("DATA that is padding without end", Http2.DATA, Http2.PADDED, 1, b"\xff" + bytes(255))
http2("frames of no known type without end", 0xbb, 0, 0, bytes(16000))
http2("DATA of a stream nobody asked for", Http2.DATA, 0, 3, bytes(8000), error="framing|HTTP/2|empty document")
http2("a head without end", Http2.CONTINUATION, 0, 1, b"\x00\x01x\x01y" * 1000, error="framing|HTTP/2|empty document")


# ---- a body that is too long

case("page of 50 MB", "exceeds", page="teaser")(
    lambda p, r: (p.reply(b"", type_of(r), length=50 * MB), [p.send(r.body[:1000].ljust(65536)) for _ in range(800)]))


# ---- no HTTP

case("HTTP/0.9", "0.9", page="teaser")(lambda p, r: p.send(r.body))
case("garbage status line", "0.9|[Ww]eird|unsupported|[Uu]nsupported", page="teaser")(lambda p, r: p.send(b"HTTP/1.1 banana\r\n\r\n" + r.body))
case("another protocol", "0.9", page="teaser")(lambda p, r: (p.send(b"220 mail.example ESMTP ready\r\n"), p.wait(1)))
case("binary noise", "0.9", page="teaser")(lambda p, r: p.send(bytes(n * 7919 % 251 for n in range(5000))))
case("status 999", "HTTP 999", page="teaser")(lambda p, r: p.reply(r.body, type_of(r), status="999 Denied"))
case("chunk sizes of nonsense", "chunk|hex|[Ii]llegal|closed", page="teaser")(
    lambda p, r: p.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + r.body))
case("chunk size of 2^64", "chunk|hex|[Ii]llegal|closed", page="teaser")(
    lambda p, r: p.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\n" + r.body))
case("negative Content-Length", "Content-Length|Invalid", page="teaser")(lambda p, r: p.reply(r.body, length=-5))
case("Content-Length of 2^70", "exceeds", page="teaser")(lambda p, r: p.reply(r.body, length=1 << 70))
case("Content-Length of 4 GB, closed", "exceeds", page="teaser")(lambda p, r: p.reply(r.body, length=1 << 32))


@case("a response nobody asked for behind the first", "", page="any", did="reads the first, drops the connection")
def _(p, r):
    p.reply(r.body, type_of(r))
    p.reply(r.body.replace(MARK.encode(), b"SMUGGLED"), type_of(r))


# ---- redirects

def to(target, status="302 Found", more=()):
    return lambda p, r: p.reply(b"", "Location: " + (target(p, r) if callable(target) else target), *more, status=status)


def origin(p):
    return p.web.origin_of(p.name)


case("redirect loop", "redirects", page="teaser")(to(lambda p, r: r.path))
case("redirects without end, each another", "redirects", page="teaser")(to(lambda p, r: r.path + "x"))
case("redirect without Location", "HTTP 302", page="teaser")(lambda p, r: p.reply(b"", status="302 Found"))
case("redirect to 60 KB of URL", "header", page="teaser")(to(lambda p, r: r.path + "?" + "x" * 60000))
case("two Location lines", "redirects|not public|HTTP", page="teaser")(
    to(lambda p, r: r.path, more=("Location: http://127.0.0.1:1/",)))
case("slow redirects, each in time", "timed out|redirects", page="teaser")(
    lambda p, r: (time.sleep(0.9), p.reply(b"", f"Location: {r.path}x", status="302 Found")))
for target, error in {
        "file:///etc/passwd": "rotocol|scheme", "ftp://127.0.0.1/x": "rotocol", "gopher://127.0.0.1/x": "rotocol",
        "dict://127.0.0.1/x": "rotocol", "javascript:alert(1)": "rotocol|URL|redirects|HTTP", "data:text/xml,<rss/>": "rotocol|URL|redirects|HTTP",
        "http://": "URL|host|HTTP|redirects"}.items():
    case("redirect to " + target, error, page="teaser")(to(target))
ADDRESSES = {
    "loopback": "127.0.0.1", "another loopback": "127.9.9.9", "localhost": "localhost", "short": "127.1", "decimal": "2130706433",
    "octal": "0177.0.0.1", "hex": "0x7f000001", "hex with dots": "0x7f.0.0.1", "IPv6 loopback": "[::1]", "v4-mapped": "[::ffff:127.0.0.1]",
    "v4-mapped in hex": "[::ffff:7f00:1]", "NAT64": "[64:ff9b::7f00:1]", "this network": "0.0.0.0", "any IPv6": "[::]",
    "private 10": "10.0.0.1", "private 172": "172.16.0.1", "private 192": "192.168.1.1", "link-local metadata": "169.254.169.254",
    "IPv6 link-local": "[fe80::1]", "unique local": "[fd00::1]", "carrier NAT": "100.64.0.1", "multicast": "224.0.0.1",
    "broadcast": "255.255.255.255", "a name for 10.0.0.1": "inside.test", "a name for loopback": "looped.test",
    "full-width digits": "１２７.0.0.1", "user info before it": "fine.test@127.0.0.1", "trailing dot": "127.0.0.1."}
for what, address in ADDRESSES.items():
    case("redirect to " + what, "not public|resolve|URL|HTTP|malformed" if what in ("full-width digits", "trailing dot") else "not public",
         page="teaser")(
        lambda p, r, a=address: p.send(f"HTTP/1.1 302 Found\r\nLocation: http://{a}:{r.web.canary}/\r\nContent-Length: 0\r\n\r\n".encode()))
case("link to loopback itself", "not public", page="teaser", host={"url": "http://127.0.0.1:{canary}/"})(None)
case("link to [::1] itself", "not public", page="teaser", host={"url": "http://[::1]:{canary}/"})(None)


case("redirect with an endless body", "redirects|timed out", page="teaser")(
    lambda p, r: (p.send(f"HTTP/1.1 302 Found\r\nLocation: {r.path}x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()),
                  p.forever(b"10000\r\n" + b"x" * 65536 + b"\r\n")))


# ---- the resolver

case("resolver that hangs", "[Rr]esolving timed out|timed out", page="teaser", host={"answers": ["hang"]})(None)
case("name that does not exist", "[Cc]ould not resolve|resolve host", page="teaser", host={"answers": ["none"]})(None)
case("name for a private address", "not public", page="teaser", host={"answers": ["10.1.2.3"]})(None)
case("name for a public and a loopback address", "not public|refused", page="teaser",
     host={"answers": ["{dead},127.0.0.1"], "port": "{canary}"})(None)


@case("name that rebinds after the first look-up", "not public", page="teaser", host={"answers": ["{own}", "127.0.0.1"]})
def _(p, r):
    p.reply(b"", f"Location: http://{p.name}:{r.web.canary}/", status="302 Found")  # Another port: another look-up.


# ---- TLS

case("TLS: expired certificate", "certificate", page="teaser", host={"tls": "expired"})(lambda p, r: p.reply(r.body, type_of(r)))
case("TLS: not yet valid", "certificate", page="teaser", host={"tls": "early"})(lambda p, r: p.reply(r.body, type_of(r)))
case("TLS: self-signed", "certificate", page="teaser", host={"tls": "self"})(lambda p, r: p.reply(r.body, type_of(r)))
case("TLS: wrong name", "certificate|name", page="teaser", host={"tls": "wrong"})(lambda p, r: p.reply(r.body, type_of(r)))
case("TLS: sound", "", page="any", host={"tls": "sound"}, did="reads it (so the others fail for their certificates)")(
    lambda p, r: p.reply(r.body, type_of(r)))
# A session that is resumed has but one ticket; the server then closes.
case("TLS: session tickets without end", "framing|Empty reply|reset|timed out", page="teaser", host={"tls": "tickets"})(lambda p, r: None)
case("TLS: silence in the handshake", "timeout", page="teaser", host={"raw": True, "scheme": "https"})(lambda p, r: p.wait())
case("TLS: plain HTTP instead", "SSL|TLS|wrong version", page="teaser", host={"raw": True, "scheme": "https"})(
    lambda p, r: (p.send(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), p.wait(1)))


# ---- answers with another meaning

case("304 without having been asked", "304 without", page="teaser")(lambda p, r: p.reply(b"", status="304 Not Modified"))
case("200 with an HTML error page", "HTML|not a feed", page=None)(
    lambda p, r: p.reply(b"<!doctype html><html><body><h1>Sorry</h1><p>The page cannot be displayed.</p></body></html>", "Content-Type: text/html"))
case("200 with nothing", "empty document", page="teaser")(lambda p, r: p.reply(b"", type_of(r)))
case("204", "empty|HTTP 204|not a feed", page="teaser")(lambda p, r: p.send(b"HTTP/1.1 204 No Content\r\n\r\n"))
case("206 with a part", "HTTP 206", page="teaser")(lambda p, r: p.reply(r.body[:200], status="206 Partial Content"))
case("401", "HTTP 401", page="teaser")(lambda p, r: p.reply(r.body, 'WWW-Authenticate: Basic realm="x"', status="401 Unauthorized"))
case("407", "HTTP 407", page="teaser")(lambda p, r: p.reply(r.body, 'Proxy-Authenticate: Basic realm="x"', status="407 Proxy"))
case("410", "HTTP 410", page="teaser")(lambda p, r: p.reply(r.body, status="410 Gone"))
case("500 with a feed as its body", "HTTP 500", page="teaser")(lambda p, r: p.reply(r.body, type_of(r), status="500 Oops"))
CONSENT = ("<!doctype html><html><head><title>Before you continue</title></head><body><div class='consent'><h1>Before you continue to "
           f"our site {MARK}</h1>" + f"<p>We and our 814 partners {MARK} use cookies and data to deliver and maintain our services, "
           "track outages and protect against spam, fraud and abuse, and to measure audience engagement and site statistics.</p>" * 6 +
           "<form action='/save'><button>Reject all</button><button>Accept all</button></form></div></body></html>").encode()
case("one consent page at thirty URLs", "HTML", page="teaser", pages=30)(lambda p, r: p.reply(CONSENT, "Content-Type: text/html"))
for status in ("429 Too Many", "503 Busy"):
    for what, value, paused in [
            ("3600", "3600", True), ("a date", formatdate(time.time() + 7200, usegmt=True), True), ("-5", "-5", False),
            ("10^12", "1000000000000", True), ("10^30", "1" + "0" * 30, True), ("garbage", "soon, maybe", False), ("1.5", "1.5", False),
            ("the year 9999", "Fri, 31 Dec 9999 23:59:59 GMT", True), ("the past", "Sun, 06 Nov 1994 08:49:37 GMT", False)]:
        case(f"{status[:3]}, Retry-After: {what}", "HTTP " + status[:3], page="teaser", paused=paused)(
            lambda p, r, s=status, v=value: p.reply(b"", "Retry-After: " + v, status=s))
case("200 with max-age of 10^30", "", page="any", paused=True, did="reads it; asks again after 24 h")(
    lambda p, r: p.reply(r.body, type_of(r), "Cache-Control: max-age=1" + "0" * 30))
case("200 that expires in the year 9999", "", page="any", paused=True, did="reads it; asks again after 24 h")(
    lambda p, r: p.reply(r.body, type_of(r), "Expires: Fri, 31 Dec 9999 23:59:59 GMT"))


SILENT = 200


@case("links to 200 silent hosts", "", host={"feed": {"full_text": "page"}}, did="reads it; asks for 8 of its pages at a time")
def _(p, r):
    links = [item(f"{MARK} {n}", f"http://silent-{n}.test:{r.web.silent}/", f"{MARK} short {n}", f"silent-{n}") for n in range(SILENT)]
    p.reply(rss("links", links), type_of(r))


# ---- documents

def document(name, make, error="", **more):
    """`make`: the feed, as bytes, made once."""
    def serve(p, r):
        p.reply(the(make), type_of(r)) if r.kind == "feed" else p.reply(b"", status="404 Not Found")
    case(name, error, heavy=True, **more)(serve)


KEPT = {}


def the(make, *arguments):
    """make(*arguments), made once."""
    key = make, arguments
    if key not in KEPT:
        KEPT[key] = make(*arguments)
    return KEPT[key]


def padded(head, piece, tail=b"", size=8 * MB - 1000):
    return head + piece * ((size - len(head) - len(tail)) // len(piece)) + tail


RSS = b"<?xml version='1.0'?><rss version='2.0'><channel><title>t</title>"
END = b"</channel></rss>"
document("feed of 1,100,000 empty items", lambda: padded(RSS, b"<item/>", END), "", items=0)
document("feed of 8 MB, 50,000 small items", lambda: RSS + b"".join(
    b"<item><guid>%d</guid><title>%s number %d of many</title><description>Text %d of it.</description></item>" % (n, MARK.encode(), n, n)
    for n in range(70000)) [:8 * MB - 2000].rpartition(b"</item>")[0] + b"</item>" + END, "", items=2000, did="reads the first 2,000",
    host={"feed": {"drop": ["title ~ /of many/"]}})
document("feed of 8 MB in one title", lambda: padded(RSS + b"<item><guid>1</guid><title>" + MARK.encode(), b" word", b"</title></item>" + END), "", items=1)
document("feed of 8 MB in one text", lambda: padded(
    RSS + b"<item><guid>1</guid><title>" + MARK.encode() + b"</title><description>", b"A sentence of eight words stands here today. ",
    b"</description></item>" + END), "", items=1)
document("feed of 8 MB of elements", lambda: padded(RSS, b"<a><b/></a>", END), "", items=0)
document("feed of 8 MB of attributes", lambda: padded(RSS + b"<a ", b"b='' ", b"/>" + END), "", items=0)
document("feed of 8 MB of ampersands", lambda: padded(RSS, b"&", END), "", items=0)
document("feed of 8 MB of '<'", lambda: padded(RSS, b"<", END), "", items=0)
document("feed nested a million deep", lambda: padded(RSS, b"<a>"), "", items=0)
document("billion laughs", lambda: (
    b"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a0 'EVILMARK'>" +
    b"".join(b"<!ENTITY a%d '%s'>" % (n + 1, (b"&a%d;" % n) * 10) for n in range(12)) +
    b"]><rss version='2.0'><channel><title>t</title><item><guid>1</guid><title>laughs</title><description>&a12;</description></item></channel></rss>"), "", items=1)
document("external entity", lambda: (
    b"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss version='2.0'><channel><title>t</title>"
    b"<item><guid>1</guid><title>passwords</title><description>&x; and more text</description></item></channel></rss>"), "", items=1)
document("JSON nested eight million deep", lambda: padded(b"", b"["), "it has no items")
document("JSON of 4,000,000 numbers", lambda: padded(b'{"version":"https://jsonfeed.org/version/1","items":[', b"0,", b"0]}"), "", items=0)
document("JSON of 1,000,000 keys", lambda: b'{"version":"https://jsonfeed.org/version/1","items":[{' + b",".join(
    b'"%x":0' % n for n in range(800000)) + b"}]}", "", items=0)
document("NUL bytes, 8 MB", lambda: bytes(8 * MB - 1000), "empty document")
document("feed of 8 MB of quotes", lambda: padded(RSS, b'"', b"<a>"), "", items=0)
document("feed of 8 MB of quotes in an attribute", lambda: padded(RSS + b"<a b='", b'"', b"'><c>"), "", items=0)
document("gigantic element name", lambda: padded(RSS + b"<", b"x", b">" + END), "", items=0)


def page(name, make, **more):
    def serve(p, r):
        p.reply(the(make), type_of(r)) if r.kind == "page" else p.reply(b"", status="404 Not Found")
    case(name, "HTTP 404", page="any", heavy=True, **more)(serve)


HTML = b"<!doctype html><html><head><title>t</title></head><body>"
page("page of 8 MB in one paragraph", lambda: padded(HTML + b"<p>", b"A sentence of eight words stands here today. "))
page("page of 8 MB without a blank", lambda: padded(HTML + b"<p>", b"x"))
page("page of 1,000,000 paragraphs", lambda: padded(HTML, b"<p>a b. "))
page("page of 8 MB of links", lambda: padded(HTML, b"<a href=/x>y</a> "))
page("page nested a million deep", lambda: padded(HTML, b"<div>"))
page("page of 8 MB of '<'", lambda: padded(HTML, b"<"))
page("page of 8 MB of attributes", lambda: padded(HTML + b"<p ", b"b='' "))
page("page of 8 MB of JSON-LD", lambda: padded(HTML + b"<script type='application/ld+json'>", b'{"a":['))
page("page of 8 MB of meta", lambda: padded(b"<html><head>", b"<meta property=og:title content=x>"))
page("page of 8 MB of tables in tables", lambda: padded(HTML, b"<table><tr><td>"))

"""Frames of HTTP/2 for servers that tests make up."""


def frame(kind, flags=0, stream=0, payload=b""):
    """[RFC 9113, section 4.1]"""
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload

"""To change a store by hand: its tables have a checksum of each row."""
import sqlite3
import zlib


def row_sum(*values):
    """The checksum of a row of the store [daemon/store/sqlite_row_sum.h]."""
    total = 0
    for value in values:
        if value is None:
            total = zlib.crc32(b"n", total)
        elif isinstance(value, int):
            total = zlib.crc32(b"i%d;" % value, total)
        else:
            kind, data = ("t", value.encode()) if isinstance(value, str) else ("b", value)
            total = zlib.crc32(f"{kind}{len(data)}:".encode() + data, total)
    return total


def edit_store(path):
    """The store, to be changed by hand."""
    db = sqlite3.connect(path)
    db.create_function("row_sum", -1, row_sum, deterministic=True)
    return db

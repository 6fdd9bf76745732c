#!/usr/bin/env python3
"""Feeds of any size made of the items of real ones, for measuring.

  feed_inputs.py OUT [--mb 1 10] [--from FOLDER]

writes OUT/SHAPE_N.xml for the shapes teasers, fulltext, atom, rdf and cp1252 (the teasers in windows-1252) and prints
their names. FOLDER holds feeds, at any depth; default: $NUTGRAF_SHARED/corpus/feeds/files, else the project's own
fixtures. Only well-formed items of sound UTF-8 feeds are taken, each once, in the order of their files' names, and
repeated from the first one on until the size is reached. A shape for which FOLDER has no items is left out."""

import argparse
import os
import pathlib
import re
import sys
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHORT, LONG = 250, 2000  # bytes of an item; from LONG on it carries its text
ITEM = re.compile(r"<(item|entry)[\s>].*?</\1>", re.S)
DECLARATION = re.compile(r"""\sxmlns(?::[\w.-]+)?\s*=\s*("[^"]*"|'[^']*')""")
OPEN = {
    "rss": '<rss version="2.0"%s><channel><title>Measured</title><link>https://news.example/</link>\n',
    "rdf": "<rdf:RDF%s><channel><title>Measured</title><link>https://news.example/</link></channel>\n",
    "feed": '<feed%s><title>Measured</title><link href="https://news.example/"/>\n',
}
CLOSE = {"rss": "</channel></rss>\n", "rdf": "</rdf:RDF>\n", "feed": "</feed>\n"}


def sound(item, names):
    try:
        xml.etree.ElementTree.fromstring("<x%s>%s</x>" % (names, item))
        return True
    except xml.etree.ElementTree.ParseError:
        return False


def items_of(path):
    """(kind of root, its namespace declarations, items)."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    root = re.search(r"<(rss|rdf:RDF|feed)(\s[^>]*)?>", text)
    if root is None:
        return None
    names = "".join(dict.fromkeys(m.group(0) for m in DECLARATION.finditer(root.group(2) or "")))
    found = (m.group(0) for m in ITEM.finditer(text))
    return root.group(1)[:4].rstrip(":").lower(), names, [i for i in found if len(i) >= SHORT and sound(i, names)]


def collect(folder):
    """shape -> [(namespace declarations, item)]"""
    shapes = {"teasers": [], "fulltext": [], "atom": [], "rdf": []}
    seen = set()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        read = items_of(path)
        if read is None:
            continue
        kind, names, items = read
        for item in items:
            if item in seen:
                continue
            seen.add(item)
            shape = {"feed": "atom", "rdf": "rdf"}.get(kind) or ("fulltext" if len(item) >= LONG else "teasers")
            shapes[shape].append((names, item))
    return shapes


def merged(declarations):
    """One set of declarations; of two that bind the same prefix the first one."""
    bound = {}
    for names in declarations:
        for m in DECLARATION.finditer(names):
            bound.setdefault(m.group(0).split("=")[0].strip(), m.group(0).strip())
    return "".join(" " + d for d in bound.values())


def feed_of(shape, pool, size):
    kind = {"atom": "feed", "rdf": "rdf"}.get(shape, "rss")
    parts = ['<?xml version="1.0"?>\n', OPEN[kind] % merged(names for names, _ in pool)]
    length = sum(map(len, parts))
    while length < size:
        for _, item in pool:
            parts.append(item + "\n")
            length += len(parts[-1].encode())
            if length >= size:
                break
    return "".join(parts) + CLOSE[kind]


def write_all(out, folder, sizes):
    """The files written, with how many different items each is made of."""
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for shape, pool in collect(folder).items():
        for size in sizes if pool else []:
            text = feed_of(shape, pool, size << 20)
            forms = [(shape, text.encode())]
            if shape == "teasers":
                text = text.replace('"1.0"?>', '"1.0" encoding="windows-1252"?>', 1)
                forms.append(("cp1252", text.encode("cp1252", "xmlcharrefreplace")))
            for name, data in forms:
                path = out / ("%s_%d.xml" % (name, size))
                path.write_bytes(data)
                written.append((path, len(pool)))
    return written


def default_folder():
    shared = pathlib.Path(os.environ.get("NUTGRAF_SHARED", ROOT.parent / "shared")) / "corpus/feeds/files"
    return shared if shared.is_dir() else ROOT / "tests/feeds"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--mb", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--from", dest="folder", type=pathlib.Path, default=default_folder())
    options = parser.parse_args()
    for path, items in write_all(options.out, options.folder, options.mb):
        print(path, "%d bytes, %d different items" % (path.stat().st_size, items))


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Writes entities_table.inc: the named character references of HTML, sorted by name.

Source: Python's html.entities.html5, which is the table of the WHATWG standard
(https://html.spec.whatwg.org/multipage/named-characters.html). Run:  make_entities.py > entities_table.inc
"""
import html.entities


def c_string(text: str) -> str:
    # Each byte as a three-digit octal escape, which no following character can extend.
    return '"' + ''.join('\\%03o' % byte for byte in text.encode()) + '"'


print('// Written by make_entities.py; do not edit.')
for name, text in sorted(html.entities.html5.items(), key=lambda pair: pair[0].encode()):
    print('{"%s", %s},' % (name, c_string(text)))

#!/usr/bin/env python3
"""Writes nutgraf.toml.5 from the commented default, so that there is one text: make_toml_page.py [--check]"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent / "config" / "nutgraf.toml"
PAGE = HERE / "nutgraf.toml.5"

HEAD = r""".\" Written by make_toml_page.py from config/nutgraf.toml; do not edit.
.TH NUTGRAF.TOML 5 "" nutgraf "File Formats"
.SH NAME
nutgraf.toml \- configuration of nutgrafd
.SH DESCRIPTION
"""

TAIL = r""".SH SEE ALSO
.BR nutgrafd (8),
.BR nutgraf (1)
"""


def escape(text):
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return r"\&" + text if text[:1] in ".'" else text


def page(toml):
    out = [HEAD]
    settings = False
    for line in toml.splitlines():
        section = re.fullmatch(r"#?(\[\[?\w+\]?\])", line)
        setting = line.startswith("#") and line[1:2] not in ("", " ")
        if settings and not (setting and not section):
            out.append(".fi\n.RE\n")
            settings = False
        if section:
            out.append(f".SH {section[1]}\n")
        elif setting:
            if not settings:
                out.append(".RS\n.nf\n")
                settings = True
            out.append(escape(line[1:]) + "\n")
        elif line.startswith("# "):
            out.append(escape(line[2:]) + "\n")
        elif not out[-1].startswith((".PP", ".SH")):
            out.append(".PP\n")
    if settings:
        out.append(".fi\n.RE\n")
    out.append(TAIL)
    return "".join(out)


def main():
    text = page(SOURCE.read_text(encoding="utf-8"))
    if "--check" in sys.argv:
        if PAGE.read_text(encoding="utf-8") == text:
            return 0
        print(f"{PAGE} is not what {SOURCE} says: run {__file__}")
        return 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

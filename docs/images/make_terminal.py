#!/usr/bin/env python3
"""A terminal's output as a picture: make_terminal.py [--from TEXT] [--lines N] < typescript > picture.svg

The input is what a program wrote to a terminal (`script -qfc 'nutgraf tail …' FILE`); of it the SGR codes for bold, dim and
colours are kept. --from begins at the line that has TEXT, the last if there are several."""
import argparse
import re
import sys
from xml.sax.saxutils import escape

COLOURS = {31: "#e06c75", 32: "#98c379", 33: "#e5c07b", 34: "#61afef", 35: "#c678dd", 36: "#56b6c2"}
WIDTH, HEIGHT, MARGIN = 7.8, 19, 16


def spans(line):
    """(style, text) pieces."""
    style = {}
    for code, text in re.findall(r"\x1b\[([\d;]*)m|([^\x1b]+)", line):
        for number in [int(n or 0) for n in code.split(";")] if not text else []:
            if number == 0:
                style = {}
            elif number == 1:
                style = {**style, "font-weight": "bold"}
            elif number == 2:
                style = {**style, "fill": "#7f848e"}
            elif number in COLOURS:
                style = {**style, "fill": COLOURS[number]}
        if text:
            yield dict(style), text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="begin", default="")
    parser.add_argument("--lines", type=int, default=40)
    args = parser.parse_args()
    lines = [line.rstrip("\r") for line in re.sub(r"\x1b\[[\d;]*[^\d;m]", "", sys.stdin.read()).split("\n")]
    begin = max([n for n, line in enumerate(lines) if args.begin in line] or [0])
    lines = lines[begin:begin + args.lines]
    while lines and not lines[-1].strip():
        lines.pop()
    columns = max(len(re.sub(r"\x1b\[[\d;]*m", "", line)) for line in lines)
    width, height = columns * WIDTH + 2 * MARGIN, len(lines) * HEIGHT + 2 * MARGIN
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" height="{height}">\n'
          f'<rect width="100%" height="100%" rx="8" fill="#21252b"/>\n'
          f'<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="13" fill="#d7dae0">')
    for row, line in enumerate(lines):
        column = 0
        for style, text in spans(line):
            attributes = "".join(f' {name}="{value}"' for name, value in style.items())
            word = text.strip()
            if word:
                x = MARGIN + (column + len(text) - len(text.lstrip())) * WIDTH
                print(f'<text x="{x:.1f}" y="{MARGIN + (row + 0.75) * HEIGHT:.1f}" textLength="{len(word) * WIDTH:.1f}"'
                      f'{attributes}>{escape(word)}</text>')
            column += len(text)
    print("</g>\n</svg>")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Time and memory of a story in the desk's indexes, by the stories that they hold, as a picture.

  index_scale | index_plot.py > index_scale.svg
"""
import json
import math
import sys

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT, GAP = 736, 360, 62, 48, 40, 36, 76
COLOURS = {'dedup': '#0b6e4f', 'events': '#b7791f'}


def panel(x0, width, title, runs, key, step, bars):
    """One panel: `key` of the rows of each index over the stories (logarithmic)."""
    stories = [r['stories'] for rows in runs.values() for r in rows]
    low, high = math.log10(min(stories)), math.log10(max(stories))
    top = step * math.ceil(1.15 * max([r[key] for rows in runs.values() for r in rows] + list(bars.values())) / step)

    def x(n):
        return x0 + (math.log10(n) - low) / (high - low) * width

    def y(v):
        return HEIGHT - BOTTOM - v / top * (HEIGHT - BOTTOM - TOP)
    out = ["<text class='t' x='%.0f' y='22'>%s</text>" % (x0, title)]
    for k in range(0, int(top / step) + 1):
        out.append("<path class='a' d='M%.1f %.1fh%.1f'/><text class='t' x='%.1f' y='%.1f' text-anchor='end'>%s</text>" % (
            x0, y(k * step), width, x0 - 6, y(k * step) + 4, format(int(k * step), ',')))
    for n in (10_000, 100_000, 1_000_000):
        if min(stories) <= n <= max(stories):
            out.append("<text class='t' x='%.1f' y='%d' text-anchor='middle'>%s</text>" % (x(n), HEIGHT - BOTTOM + 20, format(n, ',')))
    for name, rows in runs.items():
        colour = COLOURS[name]
        out.append("<path fill='none' stroke='%s' stroke-width='2.5' d='M%s'/>" % (
            colour, 'L'.join('%.1f %.1f' % (x(r['stories']), y(r[key])) for r in rows)))
        out += ["<circle fill='%s' cx='%.1f' cy='%.1f' r='4'><title>%s, %d stories: %s</title></circle>" % (
            colour, x(r['stories']), y(r[key]), name, r['stories'], r[key]) for r in rows]
        out.append("<text fill='%s' x='%.1f' y='%.1f' text-anchor='end'>%s</text>" % (colour, x(rows[-1]['stories']), y(rows[-1][key]) - 9, name))
    for name, bar in bars.items():
        out.append("<path fill='none' stroke='%s' stroke-dasharray='5 4' d='M%.1f %.1fh%.1f'/>" % (COLOURS[name], x0, y(bar), width))
    return out


def main():
    runs = {}
    for line in sys.stdin:
        row = json.loads(line)
        runs.setdefault(row['index'], []).append(row)
    width = (WIDTH - LEFT - RIGHT - GAP) / 2
    out = ["<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='13'>" % (WIDTH, HEIGHT),
           '<style>.a{stroke:#888;stroke-opacity:.35}.t{fill:#777}</style>']
    out += panel(LEFT, width, 'µs a story (dashed: aims)', runs, 'us', 50, {'dedup': 100, 'events': 200})
    out += panel(LEFT + width + GAP, width, 'bytes a story (dashed: aim)', runs, 'bytes', 1000, {'dedup': 2500})
    out.append("<text class='t' x='%d' y='%d' text-anchor='middle'>stories in the index</text></svg>" % (WIDTH // 2, HEIGHT - 8))
    print('\n'.join(out))


if __name__ == '__main__':
    main()

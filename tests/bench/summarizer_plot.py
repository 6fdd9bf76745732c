#!/usr/bin/env python3
"""Time of a summary by the sentences of its text, as a picture.

  summarizer_bench --benchmark_filter=Sentences --benchmark_format=json | summarizer_plot.py > summarizer_time.svg

Prints the exponent of the growth above 200 sentences (least squares, both axes logarithmic) on stderr and in the
picture.
"""
import json
import math
import sys

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 720, 420, 74, 52, 34, 22


def best_times(report):
    """{sentences: seconds}, the best of the repetitions."""
    unit = {'ns': 1e-9, 'us': 1e-6, 'ms': 1e-3, 's': 1}
    out = {}
    for b in report['benchmarks']:
        parts = b['name'].split('/')
        if b.get('run_type') != 'iteration' or len(parts) < 3 or not parts[2].isdigit():
            continue
        seconds = b['cpu_time'] * unit[b['time_unit']]
        out[int(parts[2])] = min(out.get(int(parts[2]), math.inf), seconds)
    return out


def exponent(points):
    xy = [(math.log(n), math.log(t)) for n, t in points]
    mx, my = (sum(v[k] for v in xy) / len(xy) for k in (0, 1))
    return sum((x - mx) * (y - my) for x, y in xy) / sum((x - mx) ** 2 for x, _ in xy)


def label(seconds):
    return '%g s' % seconds if seconds >= 1 else '%g ms' % (seconds * 1e3) if seconds >= 1e-3 else '%g µs' % (seconds * 1e6)


def draw(times, grown):
    points = sorted(times.items())
    x0, x1 = math.log10(points[0][0]), math.log10(points[-1][0])
    y0 = math.floor(math.log10(min(times.values())))
    y1 = math.ceil(math.log10(max(times.values())))

    def x(n):
        return LEFT + (math.log10(n) - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT)

    def y(t):
        return HEIGHT - BOTTOM - (math.log10(t) - y0) / (y1 - y0) * (HEIGHT - BOTTOM - TOP)
    out = ["<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='13'>" % (WIDTH, HEIGHT),
           '<style>.a{stroke:#888;stroke-opacity:.35}.t{fill:#777}.l{fill:none;stroke:#0b6e4f;stroke-width:2.5}'
           '.p{fill:#0b6e4f}.g{stroke:#b7791f;stroke-dasharray:5 4;fill:none}</style>']
    for k in range(y0, y1 + 1):
        out.append("<path class='a' d='M%d %.1fH%d'/><text class='t' x='%d' y='%.1f' text-anchor='end'>%s</text>" % (
            LEFT, y(10 ** k), WIDTH - RIGHT, LEFT - 8, y(10 ** k) + 4, label(10.0 ** k)))
    for n, _ in points:
        if str(n)[0] in '15' or n in (30, 200, 2000):
            out.append("<text class='t' x='%.1f' y='%d' text-anchor='middle'>%s</text>" % (
                x(n), HEIGHT - BOTTOM + 20, format(n, ',')))
    first, last = points[0], points[-1]
    out.append("<path class='g' d='M%.1f %.1fL%.1f %.1f'/>" % (
        x(last[0]), y(last[1]), x(first[0]), y(last[1] * first[0] / last[0])))
    out.append("<path class='l' d='M%s'/>" % 'L'.join('%.1f %.1f' % (x(n), y(t)) for n, t in points))
    out += ["<circle class='p' cx='%.1f' cy='%.1f' r='4'><title>%d sentences: %.3g ms</title></circle>" % (x(n), y(t), n, 1e3 * t)
            for n, t in points]
    out.append("<text class='t' x='%d' y='20'>One summary by the sentences of its text, one core; above 200 sentences time grows as n^%.2f"
               " (dashed: n)</text>" % (LEFT, grown))
    out.append("<text class='t' x='%d' y='%d' text-anchor='middle'>sentences</text></svg>" % ((LEFT + WIDTH) // 2, HEIGHT - 10))
    return '\n'.join(out) + '\n'


def main():
    times = best_times(json.load(sys.stdin))
    grown = exponent([(n, t) for n, t in times.items() if n >= 200])
    print('exponent above 200 sentences: %.3f' % grown, file=sys.stderr)
    sys.stdout.write(draw(times, grown))


if __name__ == '__main__':
    main()

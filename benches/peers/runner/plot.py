"""Draws the ratios to raw C, as SVG that reads in light and in dark."""

from html import escape
from itertools import groupby
from math import floor, log10

from . import report, workloads

LEFT, WIDTH, RIGHT = 290, 600, 20
TOP, ROW, GAP = 64, 17, 24
# By name: the colour, and whether it is one of ours, which are drawn larger and last.
COLOURS = {
    "CZMQ": ("#8c6d46", False),
    "rust-zmq": ("#d1495b", False),
    "arzmq": ("#e58a1f", False),
    "tmq": ("#b565c9", False),
    "zeromq": ("#4a9d6f", False),
    "omq-tokio": ("#1f9fb5", False),
    "rzmq": ("#8a8f2a", False),
    "pyzmq": ("#7f8794", False),
    "czmq-like": ("#6ea8ff", True),
    "zmqx": ("#1d6df2", True),
}
STYLE = """
  :root { color: #1f2328; font: 12px system-ui, sans-serif; }
  @media (prefers-color-scheme: dark) { :root { color: #d6dbe1; } }
  text { fill: currentColor; }
  line { stroke: currentColor; stroke-opacity: .15; }
  .one { stroke-opacity: .7; }
  .group { font-weight: 600; }
  .end { text-anchor: end; }
  .middle { text-anchor: middle; }
"""


def draw(result):
    names = [name for name in COLOURS if any(name == peer["name"] for peer in result["peers"])]
    rows = [row for row in workloads.rows() if report.ratios(result, row)]
    values = {row.key: report.ratios(result, row) for row in rows}
    every = [value for each in values.values() for name, value in each.items() if name in names]
    # Whole powers of ten. What is further out than these is drawn at the edge.
    least, most = max(floor(log10(min(every))), -3), min(floor(log10(max(every))) + 1, 2)

    def x(ratio):
        return LEFT + WIDTH * (min(max(log10(ratio), least), most) - least) / (most - least)

    body, y = [], TOP
    for group, members in groupby(rows, lambda row: row.group):
        y += GAP
        body.append(f'<text class="group end" x="{LEFT - 12}" y="{y - 6}">{escape(group)}</text>')
        for row in members:
            body.append(f'<text class="end" x="{LEFT - 12}" y="{y + 12}">{escape(row.name)}</text>')
            body.append(f'<line x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y + 8}" y2="{y + 8}"/>')
            for name in names:
                if name in values[row.key]:
                    body.append(dot(x(values[row.key][name]), y + 8, name, row, values[row.key][name]))
            y += ROW
    height = y + 40
    axis = []
    for power in range(least, most + 1):
        at = LEFT + WIDTH * (power - least) / (most - least)
        kind = ' class="one"' if power == 0 else ""
        axis.append(f'<line{kind} x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" y2="{y}"/>')
        label = {least: "≤ ", most: "≥ "}.get(power, "") + f"{10 ** power:g}"
        axis.append(f'<text class="middle" x="{at:.1f}" y="{y + 18}">{label}</text>')
    axis.append(f'<text class="middle" x="{LEFT + WIDTH / 2}" y="{y + 34}">time, as the ratio to raw C\'s</text>')
    total = LEFT + WIDTH + RIGHT
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {height}" width="{total}" height="{height}" role="img">',
            "<title>Time of each workload, as the ratio to raw C's, by library: less is better</title>",
            f"<style>{STYLE}</style>",
            *legend(names),
            *axis,
            *body,
            "</svg>\n",
        ]
    )


def dot(x, y, name, row, ratio):
    colour, ours = COLOURS[name]
    radius = 5.5 if ours else 4
    tip = f"<title>{escape(f'{name}, {row.group}, {row.name}: {report.number(ratio)}')}</title>"
    return f'<circle cx="{x:.1f}" cy="{y}" r="{radius}" fill="{colour}" fill-opacity="{1 if ours else 0.75}">{tip}</circle>'


def legend(names):
    # Ours first.
    ordered = [name for name in reversed(names)]
    step = (LEFT + WIDTH - 20) / len(ordered)
    for place, name in enumerate(ordered):
        at = 20 + place * step
        yield f'<circle cx="{at:.1f}" cy="24" r="5" fill="{COLOURS[name][0]}"/>'
        yield f'<text x="{at + 10:.1f}" y="28">{name}</text>'

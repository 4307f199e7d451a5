"""Tables, in Markdown, of what was measured."""

from itertools import groupby
from statistics import median

from . import workloads
from .build import RAW
from .measure import MORE_ROUNDS

BEGIN = "<!-- written by benches/peers/run -->"
END = "<!-- end of what benches/peers/run writes -->"
NOTHING = "–"
# Ratios that are no further apart are the same, on most machines.
CLOSE = 1.05


def ratios(result, row):
    """Each peer's time to raw C's in the same round: the median."""
    times = result["times"].get(row.key, {})
    reference = result["times"].get(row.reference, {}).get(RAW)
    if not reference:
        return {}
    return {name: median(a / b for a, b in zip(each, reference)) for name, each in times.items()}


def number(value):
    if value >= 10:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def table(heading, names, rows, cells):
    """`cells` gives a row's texts by peer. Peers that have none of the rows are no column."""
    texts = {row.key: cells(row) for row in rows}
    columns = [name for name in names if any(name in texts[row.key] for row in rows)]
    lines = [f"| {heading} | {' | '.join(columns)} |", "|---|" + "---:|" * len(columns)]
    for row in rows:
        if texts[row.key]:
            lines.append(f"| {row.name} | {' | '.join(texts[row.key].get(name, NOTHING) for name in columns)} |")
    return "\n".join(lines)


def ratio_cells(result):
    def cells(row):
        values = ratios(result, row)
        others = [value for name, value in values.items() if name != RAW]
        texts = {name: number(value) for name, value in values.items()}
        for name, value in values.items():
            if name != RAW and value <= CLOSE * min(others):
                texts[name] = f"**{texts[name]}**"
        # Raw C is 1, save where the row is against another of its own.
        if row.key == row.reference:
            texts.pop(RAW, None)
        return texts

    return cells


def time_cells(result):
    return lambda row: {name: f"{min(each):,.0f}" for name, each in result["times"].get(row.key, {}).items()}


def count_cells(result):
    def cells(row):
        counted = result["counts"].get(row.key, {})
        if RAW not in counted:
            return {}
        executed, allocated = counted[RAW]
        texts = {RAW: f"{executed:,.0f}; {few(allocated)}"}
        for name, (mine, allocations) in counted.items():
            if name != RAW:
                texts[name] = f"{number(mine / executed)}; {few(allocations)}"
        return texts

    return cells


def few(allocations):
    """How many, where a tenth of one is from a buffer that grows now and then."""
    return f"{abs(allocations):.0f}" if allocations > 9.95 or abs(allocations - round(allocations)) < 0.05 else f"{allocations:.1f}"


def tables(result):
    names = [peer["name"] for peer in result["peers"]]
    rows = [row for row in workloads.rows() if row.key in result["times"] or row.key in result["counts"]]
    parts = []
    if result["times"]:
        parts.append("### Time, as the ratio to raw C's")
        parts.append(f"The median of {result['rounds']} rounds, or with two threads of {MORE_ROUNDS * result['rounds']}; the least of a row is bold, with what comes within a twentieth of it.")
        for group, members in groupby(rows, lambda row: row.group):
            parts.append(table(group, names, list(members), ratio_cells(result)))
        parts.append("### Nanoseconds")
        parts.append("Of one message, request with its reply, or event: the least of the rounds.")
        for group, members in groupby(rows, lambda row: row.group):
            parts.append(table(group, names, list(members), time_cells(result)))
    counted = [row for row in rows if result["counts"].get(row.key)]
    if counted:
        parts.append("### Instructions and allocations")
        parts.append("Of one message or event: raw C's instructions, and the others' ratio to them; then the allocations.")
        for group, members in groupby(counted, lambda row: row.group):
            parts.append(table(group, names, list(members), count_cells(result)))
    parts.append("### What was measured, on what")
    parts.append(about(result))
    return "\n\n".join(parts)


def about(result):
    machine = result["machine"]
    lines = [
        "| | |",
        "|---|---|",
        f"| date | {machine['date']} |",
        f"| processor | {machine['processor']} |",
        f"| system | {machine['system']} |",
        f"| tools | {machine['tools']} |",
        f"| load over the last 15 minutes, of which 2 at most are the measurement's own | {result['load']} |",
    ]
    for peer in result["peers"]:
        libzmq = "no libzmq" if peer["libzmq"] == "none" else f"libzmq {peer['libzmq']}"
        version = peer["version"] if peer["name"] != RAW else ""
        lines.append(f"| {peer['name']} | {', '.join(text for text in (version, libzmq) if text)} |")
    for name, reason in result["left out"].items():
        lines.append(f"| {name} | left out, as it does not build: {reason} |")
    for what, reason in result["failures"].items():
        lines.append(f"| {what} | failed: {reason} |")
    return "\n".join(lines)


def write(result, document):
    """Puts the tables where the document has its marks."""
    text = document.read_text()
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    document.write_text(f"{before}{BEGIN}\n\n{tables(result)}\n\n{END}{after}")

"""The rows as a table: how many times assay does what a peer does."""

from collections.abc import Sequence

from bench.rows import Row

MORE_IS_BETTER = ("records/CPU s", "records/s")
HEADS = ("who", "records", "figure", "assay beside it", "CPU s", "wall s", "MB", "runs")


def find_ratio(row: Row, rows: Sequence[Row]) -> float | None:
    """Return how many times better assay is than a peer; None where nothing compares.

    >>> ours = Row("parse", "assay", 10, 30.0, "records/CPU s")
    >>> find_ratio(Row("parse", "other", 10, 10.0, "records/CPU s"), [ours])
    3.0
    >>> ours = Row("query", "assay", 10, 2.0, "ms CPU, p50")
    >>> find_ratio(Row("query", "other", 10, 1.0, "ms CPU, p50"), [ours])
    0.5
    """
    own = [
        each
        for each in rows
        if each.who == "assay"
        and (each.part, each.records, each.unit) == (row.part, row.records, row.unit)
    ]
    if row.who == "assay" or not own or not row.value or not own[0].value:
        return None
    ratio = own[0].value / row.value
    return ratio if row.unit in MORE_IS_BETTER else 1 / ratio


def say_number(value: float) -> str:
    """Return a number with three digits that count, or all before the point.

    >>> say_number(12345.6), say_number(12.34), say_number(0.01234), say_number(0)
    ('12,346', '12.3', '0.0123', '–')
    """
    if not value:
        return "–"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def cells_of(row: Row, rows: Sequence[Row]) -> tuple[str, ...]:
    """Return a row's cells, as HEADS has them."""
    ratio = find_ratio(row, rows)
    return (
        row.who,
        f"{row.records:,}" if row.records else "–",
        f"{say_number(row.value)} {row.unit}",
        f"{ratio:.2g} ×" if ratio else "",
        say_number(row.cpu),
        say_number(row.wall),
        say_number(row.memory),
        str(row.runs),
    )


def render_text(rows: Sequence[Row], left: Sequence[str]) -> str:
    """Return the table for a terminal."""
    lines = [("part", *HEADS)]
    lines += [(row.part, *cells_of(row, rows)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    told = [
        "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join([*told, *(f"left out: {line}" for line in left)])


def render_markdown(rows: Sequence[Row], every: Sequence[Row]) -> str:
    """Return some rows as a table for a page; notes stand under it.

    Args:
        rows: those shown.
        every: all rows, among which assay's are looked for.
    """
    lines = [f"| {' | '.join(HEADS)} |", "|" + "---|" * len(HEADS)]
    lines += [f"| {' | '.join(cells_of(row, every))} |" for row in rows]
    notes: dict[str, list[str]] = {}
    for row in rows:
        if row.note:
            name = row.who if not row.note.startswith(("article", "the ex")) else ""
            where = f"{name} ({row.records:,})" if name else f"{row.records:,} records"
            told = notes.setdefault(row.note, [])
            if where not in told:
                told.append(where)
    for note, where in notes.items():
        lines += ["", f"{', '.join(where)}: {note}."]
    return "\n".join(lines)

"""The picture of the evidence: one sign a study, by design and by what it says.

Drawn 360 units wide, so that its letters are as large on a phone as the text. Each
stance has its own column and its own shape, so that colour is never needed.
"""

from typing import NamedTuple

from assay.output.tally import DesignRow
from assay.output.words import say_number

WIDTH = 360
LANE = 90
LANES = (
    ("for", "For", "supported"),
    ("against", "Against", "contradicted"),
    ("limits", "With limits", "mixed"),
    ("neutral", "Neutral", "unchecked"),
)
"""(shape, heading, style) of the columns, in the order of `DesignRow`."""

STEP = 13
"""Distance between two signs."""
A_LINE = 6
MOST = 30
"""Signs drawn in one place; the number of the others is written."""
TOP = 34
LABEL = 24
GAP = 14


class Sign(NamedTuple):
    """One study, at its middle."""

    x: int
    y: int
    shape: str
    style: str


class Words(NamedTuple):
    """Something written; y is the base line."""

    x: int
    y: int
    text: str


class Picture(NamedTuple):
    """All that is drawn."""

    height: int
    headings: tuple[Words, ...]
    designs: tuple[Words, ...]
    lines: tuple[int, ...]
    """Heights of the thin lines between designs."""
    signs: tuple[Sign, ...]
    more: tuple[Words, ...]
    description: str


def draw_evidence(rows: tuple[DesignRow, ...]) -> Picture:
    """Return the picture of these counts.

    >>> draw_evidence(()).height
    34
    """
    y = TOP
    designs: list[Words] = []
    lines: list[int] = []
    signs: list[Sign] = []
    more: list[Words] = []
    for row in rows:
        lines.append(y)
        designs.append(Words(0, y + LABEL - 7, str(row.design)))
        y += LABEL
        for lane, count in enumerate(row[1:]):
            drawn = min(count, MOST)
            signs += [_sign(lane, at, y) for at in range(drawn)]
            if count > drawn:
                below = y + _lines(drawn) * STEP + 10
                more.append(Words(lane * LANE, below, f"+ {count - drawn:,}"))
        y += max(_lines(min(n, MOST)) + (n > MOST) for n in row[1:]) * STEP + GAP
    headings = tuple(Words(i * LANE, 18, name) for i, (_, name, _) in enumerate(LANES))
    return Picture(
        y, headings, tuple(designs), tuple(lines), tuple(signs), tuple(more),
        _describe(rows),
    )  # fmt: skip


def _lines(count: int) -> int:
    return -(-count // A_LINE)


def _sign(lane: int, at: int, y: int) -> Sign:
    shape, _, style = LANES[lane]
    x = lane * LANE + 6 + at % A_LINE * STEP
    return Sign(x, y + 6 + at // A_LINE * STEP, shape, style)


def _describe(rows: tuple[DesignRow, ...]) -> str:
    parts = [
        f"{row.design}: {row.supports} for, {row.contradicts} against, "
        f"{row.qualifies} with limits, {row.neutral} neutral"
        for row in rows
    ]
    kinds = say_number(len(rows), "study design")
    return f"{kinds}, the most trustworthy first. {'; '.join(parts)}."

"""The picture of a claim's history: a column a weighing, for above, against below.

Drawn 360 units wide, so that its letters are as large on a phone as the text. Each side
has its own direction or shape, so that colour is never needed.
"""

from collections.abc import Sequence
from typing import NamedTuple

from assay.model import Label
from assay.output.history import Bar, History, Moment
from assay.output.page import STYLES
from assay.output.words import SYMBOLS, say_number

WIDTH = 360
LEFT = 62
"""Room for the names of the sides."""
TALLEST = 78
"""Height of the heaviest bar."""
TOP = 34
AXIS = TOP + TALLEST + 4
BAND = 26
"""Height of the band between for and against, in which the signs stand."""
HEIGHT = AXIS + BAND + TALLEST + 34
BAR = 16
LIMITS = 5
"""Width of the bar of what qualifies, beside that of for."""
MOST = 12
"""Weighings drawn: the last ones, and always those that moved as far as they fit."""
DATES = 4
"""Dates that fit side by side."""


class Rect(NamedTuple):
    """One bar."""

    x: float
    y: float
    width: float
    height: float
    style: str


class Mark(NamedTuple):
    """The sign of a verdict, or words; y is the base line, x the middle."""

    x: float
    y: float
    text: str
    style: str


class Drawing(NamedTuple):
    """All that is drawn."""

    rects: tuple[Rect, ...]
    signs: tuple[Mark, ...]
    """One for each weighing drawn."""
    dates: tuple[Mark, ...]
    moved: tuple[float, ...]
    """Where a verdict moved: the middles between the columns."""
    above: int
    """Height of the line that for stands on."""
    below: int
    """Height of the line that against hangs from."""
    left_out: int
    """Weighings that are not drawn; the words tell them all."""
    description: str


def draw_history(history: History) -> Drawing:
    """Return the picture of a history; without a moment nothing is drawn."""
    drawn = choose_moments(history.moments)
    step = (WIDTH - LEFT) / max(len(drawn), 1)
    middles = [LEFT + step * (at + 0.5) for at in range(len(drawn))]
    rects: list[Rect] = []
    for x, moment in zip(middles, drawn, strict=True):
        rects += _bars(x, moment.bars, history.heaviest)
    placed = list(zip(middles, drawn, strict=True))
    every = -(-len(drawn) // DATES)
    last = len(drawn) - 1
    return Drawing(
        rects=tuple(rects),
        signs=tuple(
            Mark(x, AXIS + 19, SYMBOLS[m.weighing.label], STYLES[m.weighing.label])
            for x, m in placed
        ),
        dates=tuple(
            Mark(x, HEIGHT - 8, m.day, "")
            for at, (x, m) in enumerate(placed)
            if (last - at) % every == 0
        ),
        moved=tuple(x - step / 2 for at, (x, m) in enumerate(placed) if at and m.moved),
        above=AXIS,
        below=AXIS + BAND,
        left_out=len(history.moments) - len(drawn),
        description=_describe(history),
    )


def choose_moments(moments: Sequence[Moment]) -> tuple[Moment, ...]:
    """Return the moments that are drawn: all, else moves before what only added.

    The first and the last are always among them.

    >>> choose_moments(())
    ()
    """
    if len(moments) <= MOST:
        return tuple(moments)
    end = len(moments) - 1
    told = sorted(
        range(len(moments)),
        key=lambda at: (at not in {0, end}, not moments[at].moved, -at),
    )
    return tuple(moments[at] for at in sorted(told[:MOST]))


def _bars(x: float, bars: Sequence[Bar], heaviest: float) -> list[Rect]:
    for_, against, limits = (
        round(bar.weight / heaviest * TALLEST, 1) if heaviest else 0.0 for bar in bars
    )
    every = [
        Rect(x - BAR / 2, AXIS - for_, BAR, for_, STYLES[Label.SUPPORTED]),
        Rect(x - BAR / 2, AXIS + BAND, BAR, against, STYLES[Label.CONTRADICTED]),
        Rect(x + BAR / 2 + 2, AXIS - limits, LIMITS, limits, STYLES[Label.MIXED]),
    ]
    return [rect for rect in every if rect.height]


def _describe(history: History) -> str:
    told = [f"{m.day}: {m.verdict[2:]}" for m in history.moments]
    number = say_number(len(history.moments), "weighing")
    return f"{number}, the oldest first. {'; '.join(told)}."

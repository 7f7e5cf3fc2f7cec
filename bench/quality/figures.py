"""A figure, its floor, and the table of all of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tests.eval.floors import CEILING, is_worse

from bench.quality.intervals import Interval

DIGITS = 4
"""Places to which a figure is rounded before it is shown, kept or compared."""


class Figure(NamedTuple):
    """One number that says how good something is."""

    name: str
    """What was measured, on what: "stance-rules/scifact.train/macro-f1"."""
    value: float
    low: float | None = None
    """The interval in which 95 % of the resamples lie; None where there is none."""
    high: float | None = None
    n: int | None = None
    """Rows that it rests on."""


class Held(NamedTuple):
    """A figure beside its floor."""

    floor: float | None
    """None when no floor is kept for it."""
    sank: bool
    mark: str
    """The floor as the table shows it."""


def make_figures(
    prefix: str, intervals: Mapping[str, Interval], n: int
) -> tuple[Figure, ...]:
    """Return named intervals as figures, rounded.

    >>> make_figures("a", {"f1": Interval(0.12345, 0.1, 0.2)}, 7)
    (Figure(name='a/f1', value=0.1235, low=0.1, high=0.2, n=7),)
    """
    return tuple(
        Figure(f"{prefix}/{name}", *(round(float(v), DIGITS) for v in interval), n)
        for name, interval in intervals.items()
    )


def hold(figure: Figure, floors: Mapping[str, float]) -> Held:
    """Return whether a figure keeps to its floor, or to its ceiling.

    >>> hold(Figure("a", 0.2), {"a": 0.3}).sank
    True
    >>> hold(Figure("wrong", 0.2), {"wrong-at-most": 0.3})
    Held(floor=0.3, sank=False, mark='≤ 0.3')
    """
    for name, sign in ((f"{figure.name}{CEILING}", "≤"), (figure.name, "≥")):
        floor = floors.get(name)
        if floor is not None:
            return Held(floor, is_worse(name, figure.value, floor), f"{sign} {floor:g}")
    return Held(None, False, "")


def find_sunk(
    figures: Iterable[Figure], floors: Mapping[str, float]
) -> tuple[str, ...]:
    """Return one sentence for each figure that sank."""
    held = [(figure, hold(figure, floors)) for figure in figures]
    return tuple(
        f"{figure.name} is {figure.value:g}; it must be {own.mark}."
        for figure, own in held
        if own.sank
    )


def render_table(figures: Sequence[Figure], floors: Mapping[str, float]) -> str:
    """Return the figures as lines, those of one thing under its name.

    >>> print(render_table([Figure("a/b", 0.5, 0.4, 0.6, 9)], {"a/b": 0.7}), end="")
    a (9 rows)
      b                                 0.5000   0.4000 to 0.6000   ≥ 0.7 SANK
    """
    lines, above = [], None
    for figure in figures:
        group, _, name = figure.name.rpartition("/")
        heading = f"{group or 'others'}{_rows(figure)}"
        if heading != above:
            lines.append(heading)
            above = heading
        held = hold(figure, floors)
        parts = f"  {name:<28}{_number(figure.value):>12}   {_interval(figure):<19}"
        mark = f"{held.mark}{' SANK' if held.sank else ''}"
        lines.append(f"{parts}{mark}".rstrip())
    return "".join(f"{line}\n" for line in lines)


def _rows(figure: Figure) -> str:
    return f" ({figure.n:,} rows)" if figure.n is not None else ""


def _number(value: float) -> str:
    return f"{value:,d}" if isinstance(value, int) else f"{value:.4f}"


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f"{_number(figure.low)} to {_number(figure.high)}"

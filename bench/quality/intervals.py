"""How sure a figure is: the paired bootstrap by cluster.

Claims on one abstract stand or fall together, so whole clusters are drawn again and
never single rows. Two systems are always compared on the same draws.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple, TypeVar

ROUNDS = 1000
"""Resamples, where nothing else is asked for."""
SEED = 20261122
CERTAIN = 0.95
"""Share of the resamples that an interval holds."""

Row = TypeVar("Row")


class Interval(NamedTuple):
    """A figure with the interval that holds 95 % of its resamples."""

    value: float
    low: float
    high: float


class Difference(NamedTuple):
    """How far one system is ahead of another."""

    value: float
    """The one's figure less the other's."""
    low: float
    high: float
    ahead: float
    """Share of resamples in which the one is better; ties count half."""


def bootstrap(
    rows: Sequence[Row],
    cluster_of: Callable[[Row], Hashable],
    figures_of: Callable[[Sequence[Row]], Mapping[str, float]],
    *,
    rounds: int = ROUNDS,
    seed: int = SEED,
) -> dict[str, Interval]:
    """Return every figure of the rows with its interval; no rows, no figures.

    Args:
        rows: in any order that is the same every time.
        cluster_of: what must be drawn together, e.g. a row's document.
        figures_of: the figures of some rows; always the same names.

    >>> def mean(rows): return {"mean": sum(rows) / len(rows)}
    >>> bootstrap([1, 1, 1], lambda row: row, mean, rounds=9)
    {'mean': Interval(value=1.0, low=1.0, high=1.0)}
    """
    if not rows:
        return {}
    draws = [figures_of(drawn) for drawn in _draw(rows, cluster_of, rounds, seed)]
    return {
        name: Interval(value, *_middle([drawn[name] for drawn in draws]))
        for name, value in figures_of(rows).items()
    }


def compare(
    rows: Sequence[Row],
    cluster_of: Callable[[Row], Hashable],
    one: Callable[[Sequence[Row]], float],
    other: Callable[[Sequence[Row]], float],
    *,
    rounds: int = ROUNDS,
    seed: int = SEED,
) -> Difference:
    """Return how far one figure lies above another on the same rows (more is better).

    Each row holds what both systems said, so both see the same draws.

    Raises:
        ValueError: there are no rows.

    >>> compare([(1, 0), (1, 1)], lambda r: r, lambda rows: sum(a for a, _ in rows),
    ...     lambda rows: sum(b for _, b in rows), rounds=99).value
    1
    """
    if not rows:
        raise ValueError("there is nothing to compare")
    drawn = [one(d) - other(d) for d in _draw(rows, cluster_of, rounds, seed)]
    ahead = sum((gap > 0) + (gap == 0) / 2 for gap in drawn) / len(drawn)
    return Difference(one(rows) - other(rows), *_middle(drawn), ahead)


def _draw(
    rows: Sequence[Row], cluster_of: Callable[[Row], Hashable], rounds: int, seed: int
) -> Iterator[list[Row]]:
    clusters: dict[Hashable, list[Row]] = {}
    for row in rows:
        clusters.setdefault(cluster_of(row), []).append(row)
    whole, chance = list(clusters.values()), Random(seed)
    for _ in range(rounds):
        drawn = chance.choices(whole, k=len(whole))
        yield [row for cluster in drawn for row in cluster]


def _middle(drawn: Sequence[float]) -> tuple[float, float]:
    """Return the bounds of the middle 95 %, each one of the values drawn."""
    ordered = sorted(drawn)
    cut = int(len(ordered) * (1 - CERTAIN) / 2)
    return ordered[cut], ordered[-1 - cut]

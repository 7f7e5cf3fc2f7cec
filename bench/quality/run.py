"""What every section of the measurement is handed, and what it is."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from bench.quality.data import Pair, Topic, folds, group_pairs, read_pairs, read_topics
from bench.quality.figures import Figure
from bench.quality.intervals import ROUNDS

Row = TypeVar("Row")


class Run(NamedTuple):
    """What a section is handed."""

    data: Path
    """The folder data/ of the shared data."""
    tell: Callable[[str], None] = lambda _what: None
    """Says on standard error what is being done."""
    rounds: int = ROUNDS
    """Resamples of the bootstrap."""
    sample: int = 0
    """About so many rows of each set are taken, whole groups of them; 0 for all."""

    def pairs(self, name: str) -> list[Pair]:
        """Return a stance set, or the sample of it."""
        pairs = read_pairs(self.data, name)
        names = dict(zip((p.id for p in pairs), group_pairs(pairs), strict=True))
        return take(pairs, self.sample, lambda pair: names[pair.id])

    def topics(self) -> list[Topic]:
        """Return the claims with the abstracts cited for them, or a sample of them."""
        return take(read_topics(self.data), self.sample, lambda topic: topic.id)


Section = Callable[[Run], Iterator[Figure]]
"""Yields its figures as they are reached."""


class NotThereError(Exception):
    """The section has nothing to measure yet; str() says what is missing."""


def take(rows: Sequence[Row], size: int, key: Callable[[Row], str]) -> list[Row]:
    """Return about `size` of the rows, whole groups of them; all of them for 0.

    >>> take([1, 2, 3, 4], 0, str), len(take([1, 2, 3, 4], 2, str))
    ([1, 2, 3, 4], 2)
    """
    parts = max(1, len(rows) // size) if size else 1
    return folds(rows, parts, key)[-1]

"""What became of files that were to be loaded, one by one and in sum."""

from collections import Counter
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NamedTuple

from assay.search import Problem

Tell = Callable[[str, int, int], None]
"""Called with what is done just now and how far it is; a total of 0 is not known."""


class Fate(StrEnum):
    """What became of one file."""

    LOADED = "loaded"
    """Into the mirror."""
    ADDED = "added"
    """To the library, where a file bears no name of NLM's."""
    SKIPPED = "skipped"
    """It was taken in before."""
    LEFT_OUT = "left out"
    """Older than what is there, or a second file of its number."""
    REFUSED = "refused"
    """Damaged, cut, or not what was announced; nothing of it is kept."""
    FAILED = "failed"
    """It could not be had or worked on; another run may bring it."""


class FileOutcome(NamedTuple):
    """What became of one file. The numbers are of records and 0 unless it came in."""

    name: str
    fate: Fate
    records: int = 0
    """That it holds."""
    new: int = 0
    replaced: int = 0
    """That took another copy's place."""
    withdrawn: int = 0
    """That were there and stand no more."""
    problems: tuple[Problem, ...] = ()


class Sums(NamedTuple):
    """What became of all files."""

    files: Counter[Fate]
    records: int
    new: int
    replaced: int
    withdrawn: int


def sum_up(outcomes: Iterable[FileOutcome]) -> Sums:
    """Return the sums over files.

    >>> sum_up([FileOutcome("a", Fate.LOADED, 3, 2, 1)])[1:]
    (3, 2, 1, 0)
    """
    listed = tuple(outcomes)
    return Sums(
        Counter(each.fate for each in listed),
        sum(each.records for each in listed),
        sum(each.new for each in listed),
        sum(each.replaced for each in listed),
        sum(each.withdrawn for each in listed),
    )


class AtHand(NamedTuple):
    """How much there is; None where it cannot be counted, or there is none."""

    library: int | None = None
    """Records in the library."""
    mirror: int | None = None
    """Records in the mirror."""
    files: int | None = None
    """NLM's files that they came from."""
    indexed: int | None = None
    """Records in the mirror's index."""

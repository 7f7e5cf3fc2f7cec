"""Two ranked lists of one search made one: the library's and the mirror's.

Pure: what the two indexes found comes in as keys and numbers.
"""

from collections.abc import Iterable, Sequence
from math import log
from typing import NamedTuple

DIGITS = 4
"""Places to which scores are rounded before they are compared: beyond them the order of
summing shows."""


class Scored(NamedTuple):
    """A record that an index found."""

    key: str
    score: float


class Rarity(NamedTuple):
    """How often a word stands in the records of one index."""

    holding: int
    """Records that hold it."""
    records: int
    """Records in all."""


def sum_idf(rarities: Iterable[Rarity]) -> float:
    """Return the summed inverse document frequency of a search's words; 0.0 for none.

    Each is ln(1 + (N - n + 0.5) / (n + 0.5)), as in tantivy's and Lucene's BM25.

    >>> round(sum_idf([Rarity(1, 100), Rarity(100, 100)]), 3)
    4.215
    """
    return sum(
        log(1 + (each.records - each.holding + 0.5) / (each.holding + 0.5))
        for each in rarities
    )


def find_scale(small: Iterable[Rarity], large: Iterable[Rarity]) -> float:
    """Return what a score of the small index is multiplied by to stand in the large.

    BM25 is a sum over words of their rarity times a share of 0 to 2.2 that hangs on
    the record alone (and on the average length, which differs little); so the ratio of
    the summed rarities carries a score from one index to the other. 1.0 where either
    knows nothing of rarity.

    >>> find_scale([Rarity(1, 3)], [Rarity(1, 3)])
    1.0
    >>> find_scale([], [Rarity(1, 3)])
    1.0
    """
    over, under = sum_idf(large), sum_idf(small)
    return over / under if over > 0 and under > 0 else 1.0


def join_scored(
    small: Sequence[Scored], large: Sequence[Scored], scale: float = 1.0
) -> tuple[Scored, ...]:
    """Return the hits of both, best first; equal ones by their keys.

    A record that both found stands once, as the small one found it.

    >>> join_scored([Scored("b", 1.0)], [Scored("b", 9.0), Scored("a", 2.0)], 2.0)
    (Scored(key='a', score=2.0), Scored(key='b', score=2.0))
    """
    own = {hit.key for hit in small}
    joined = [Scored(hit.key, hit.score * scale) for hit in small]
    joined += (hit for hit in large if hit.key not in own)
    joined.sort(key=lambda hit: (-round(hit.score, DIGITS), hit.key))
    return tuple(joined)

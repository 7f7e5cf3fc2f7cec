"""Two lists of one search made one: what the library found and what the mirror found.

Pure: what the two indexes found comes in as keys and numbers.
"""

from collections.abc import Iterable
from math import log
from typing import NamedTuple

DIGITS = 4
"""Places to which scores are rounded before they are compared: beyond them the order of
summing shows."""


class Placed(NamedTuple):
    """A record that was found, where it stands: records are ordered as these compare.

    All of one list bear the same kind of `order`.
    """

    order: float | str
    """A score below zero, a day below zero, or a name."""
    newest: int
    """Its PMID below zero, so that the newest stands first among equals; 0 where that
    does not count or is not known."""
    key: str
    """Such as "pmid:90000001"."""
    score: float = 0.0
    """BM25; higher is nearer. 0.0 in an order that does not hang on it."""


class Rarity(NamedTuple):
    """How often a word stands in the records of one index."""

    holding: int
    """Records that hold it."""
    records: int
    """Records in all."""


def place_score(score: float) -> float:
    """Return where a score stands in an order that begins with the best.

    >>> place_score(2.000012)
    -2.0
    """
    return -round(score, DIGITS)


def sum_idf(rarities: Iterable[Rarity]) -> float:
    """Return the summed inverse document frequency of words; 0.0 for none.

    Each is ln(1 + (N - n + 0.5) / (n + 0.5)), as in Lucene's and tantivy's BM25; of a
    word that no record holds it is 0, for it scores nothing.

    >>> round(sum_idf([Rarity(1, 100), Rarity(100, 100), Rarity(0, 100)]), 3)
    4.215
    """
    return sum(
        log(1 + (each.records - each.holding + 0.5) / (each.holding + 0.5))
        for each in rarities
        if each.holding
    )


def find_scale(small: Iterable[Rarity], large: Iterable[Rarity]) -> float:
    """Return what a score of the small index is multiplied by to stand in the large.

    BM25 is a sum over words of their rarity times a share of 0 to 2.2 that hangs on the
    record (and on the average length of records, which differs little). So the ratio
    of the summed rarities carries a score from one index to the other. It is 1.0 where
    either knows nothing of the words.

    >>> find_scale([Rarity(1, 3)], [Rarity(1, 3)])
    1.0
    >>> find_scale([], [Rarity(1, 3)])
    1.0
    """
    over, under = sum_idf(large), sum_idf(small)
    return over / under if over > 0 and under > 0 else 1.0


def scale_placed(placed: Iterable[Placed], scale: float) -> list[Placed]:
    """Return hits with their scores carried over to another index, in the same order.

    >>> scale_placed([Placed(-1.5, 0, "a", 1.5)], 2.0)
    [Placed(order=-3.0, newest=0, key='a', score=3.0)]
    """
    return [
        Placed(place_score(each.score) * scale, *each[1:3], each.score * scale)
        for each in placed
    ]


def join_placed(own: Iterable[Placed], more: Iterable[Placed]) -> list[Placed]:
    """Return the hits of both in one order; what both found stands as `own` has it.

    >>> own, more = [Placed(-1, 0, "b")], [Placed(-9, 0, "b"), Placed(-2, 0, "a")]
    >>> [(each.order, each.key) for each in join_placed(own, more)]
    [(-2, 'a'), (-1, 'b')]
    """
    joined = list(own)
    known = {each.key for each in joined}
    joined += (each for each in more if each.key not in known)
    joined.sort()
    return joined

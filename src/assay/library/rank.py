"""Which records are nearest to a claim: rankings by words and by meaning made one.

Pure: what the index and the encoder say comes in as numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from assay.library.search_words import split_words
from assay.record import Record

STOP_WORDS = frozenset(
    """
    a an and are as at be but by for if in into is it no not of on or such that the
    their then there these they this to was will with
    """.split()
)
"""Words that are not ranked by: Lucene's English list (EnglishAnalyzer, read 2026-11).
On SciFact's claims, with it and without it: nDCG@10 .703 and .703."""

RRF_K = 60
"""What is added to every rank: Cormack, Clarke and Büttcher, "Reciprocal rank fusion
outperforms Condorcet and individual rank learning methods", SIGIR 2009, 758-759,
doi:10.1145/1571941.1572114."""

BY_MEANING = 0.6
"""Weight of the score by meaning, 0 to 1; that by words has the rest. Chosen under
cross-validation on SciFact's 809 training claims (python -m bench.quality.retrieval);
0.5 and 0.7 differ by .001 nDCG@10."""

DIGITS = 4
"""Places to which scores are rounded before they are compared: beyond them the order of
summing shows."""


Matters: TypeAlias = Callable[[Record], bool]
"""Says whether it is of any use to know how near a record is."""

Order: TypeAlias = Callable[[], Sequence[Record]]
"""Returns records in order, once what that takes is known."""

Ranking: TypeAlias = Callable[[str, Sequence[Record], int, Matters], Order]
"""Begins to put the records found for a claim's text in order, nearest first; with
fewer than a number found, filled up to it with the nearest others."""


class Ranked(NamedTuple):
    """A record's place in a ranking."""

    key: str
    score: float


def claim_words(text: str) -> tuple[str, ...]:
    """Return the words of a claim to rank by, each once, in the order first met.

    >>> claim_words("The valerian in the tea")
    ('valerian', 'tea')
    """
    words = dict.fromkeys(split_words(text))
    return tuple(word for word in words if word not in STOP_WORDS)


def fuse_scores(
    by_words: Mapping[str, float],
    by_meaning: Mapping[str, float],
    *,
    meaning: float = BY_MEANING,
) -> tuple[Ranked, ...]:
    """Return the records of either ranking, best first; equal ones by their keys.

    A score by words is taken as a share of the best one, since BM25 has no upper
    bound; one by meaning is a cosine and taken as it is. A record that is missing from
    a ranking gets 0 there.

    Args:
        by_words: BM25 by the record's key, 0 or more.
        by_meaning: cosine by the record's key, -1 to 1.
        meaning: weight of the latter; the former has 1 less it.

    >>> fuse_scores({"a": 8.0, "b": 4.0}, {"b": 0.9, "c": 0.1})[0].key
    'b'
    """
    best = max(by_words.values(), default=0.0) or 1.0
    scores = {
        key: (1 - meaning) * by_words.get(key, 0.0) / best
        + meaning * by_meaning.get(key, 0.0)
        for key in {**by_words, **by_meaning}
    }
    return _ordered(scores, digits=DIGITS)


def fuse_ranks(
    rankings: Sequence[Sequence[str]], *, k: float = RRF_K
) -> tuple[Ranked, ...]:
    """Return the records of several rankings by the sum of 1 / (k + rank), best first.

    Ranks count from 1; equal sums go by key. On SciFact it stays .01 to .02 nDCG@10
    below `fuse_scores`, which also knows by how much a record is ahead.

    >>> [key for key, _ in fuse_ranks([("a", "b"), ("b", "c")])]
    ['b', 'a', 'c']
    """
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, key in enumerate(dict.fromkeys(ranking), start=1):
            scores[key] = scores.get(key, 0.0) + 1 / (k + rank)
    return _ordered(scores, digits=12)


def _ordered(scores: Mapping[str, float], digits: int) -> tuple[Ranked, ...]:
    ranked = (Ranked(key, score) for key, score in scores.items())
    return tuple(sorted(ranked, key=lambda r: (-round(r.score, digits), r.key)))

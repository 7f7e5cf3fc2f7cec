"""Which pieces of evidence count, and which records tell of one and the same study.

What makes records one study is told in library/studies.py. Alike authors, sizes and
titles are no proof: such records are counted apart, and told as maybe the same.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from assay.evidence.design import OF_MANY
from assay.evidence.trust import find_size
from assay.library.studies import find_contained, group_records, name_of
from assay.model import Evidence, Stance
from assay.notice import Standing
from assay.record import Record

NOT_COUNTED = frozenset(
    {Standing.REPLACED, Standing.RETRACTED, Standing.WITHDRAWN, Standing.NOTICE}
)
"""Records of these standings are shown, struck out, and never counted."""
ALIKE_WORDS = 0.5
"""Share of the shorter title's telling words that two titles must share to be alike."""


def counted(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return the evidence that may count: it speaks, stands, and weighs something."""
    return tuple(
        e
        for e in evidence
        if e.stance is not Stance.NEUTRAL
        and e.standing not in NOT_COUNTED
        and e.weight > 0
        and e.sentence
    )


def study_key(evidence: Evidence) -> tuple[str, ...]:
    """Return what identifies the record behind a piece of evidence."""
    return name_of(evidence.record)


def group_studies(evidence: Iterable[Evidence]) -> tuple[tuple[Evidence, ...], ...]:
    """Return the evidence by study, in the order of the first piece of each.

    >>> group_studies(())
    ()
    """
    by_record: dict[tuple[str, ...], list[Evidence]] = {}
    for e in evidence:
        by_record.setdefault(study_key(e), []).append(e)
    firsts = [own[0] for own in by_record.values()]
    reviews = [e.record for e in firsts if e.design in OF_MANY]
    studies = group_records([e.record for e in firsts], reviews)
    return tuple(
        tuple(e for record in study.records for e in by_record[name_of(record)])
        for study in studies
    )


def count_papers(evidence: Iterable[Evidence]) -> int:
    """Return how many records speak: several may be papers of one study.

    >>> count_papers(())
    0
    """
    return len({study_key(e) for e in evidence})


def find_counted_in(evidence: Iterable[Evidence]) -> tuple[tuple[Record, int], ...]:
    """Return the reviews that contain studies already counted, and how many each.

    By their lists of references; a review is counted as a review all the same.

    >>> find_counted_in(())
    ()
    """
    studies = group_studies(evidence)
    apart = [
        [e.record for e in study]
        for study in studies
        if not any(e.design in OF_MANY for e in study)
    ]
    reviews = dict.fromkeys(
        e.record for study in studies for e in study if e.design in OF_MANY
    )
    told = ((review, len(find_contained(review, apart))) for review in reviews)
    return tuple((review, number) for review, number in told if number)


def find_maybe_same(
    studies: Sequence[tuple[Evidence, ...]],
) -> tuple[tuple[tuple[Evidence, ...], tuple[Evidence, ...]], ...]:
    """Return the pairs of studies that may be one: first author, size, title alike.

    Nothing is joined on these grounds; a person is told.

    >>> find_maybe_same(())
    ()
    """
    told = [(study, _likeness(study[0].record)) for study in studies]
    return tuple(
        (one, two)
        for (one, a), (two, b) in combinations(told, 2)
        if a and b and _alike(a, b)
    )


class _Likeness(NamedTuple):
    """What two reports of one study would share."""

    author: str
    size: int
    words: frozenset[str]


def _likeness(record: Record) -> _Likeness | None:
    size = find_size(record)
    first = record.authors[0].last_name.lower() if record.authors else ""
    words = frozenset(re.findall(r"[a-z]{5,}", record.title.lower()))
    return _Likeness(first, size, words) if size and first and words else None


def _alike(a: _Likeness, b: _Likeness) -> bool:
    shorter = min(len(a.words), len(b.words))
    return a[:2] == b[:2] and len(a.words & b.words) >= ALIKE_WORDS * shorter

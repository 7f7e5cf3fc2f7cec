"""Which pieces of evidence count, and which records tell of one and the same study.

Several papers may report one trial, and a comment or a preprint adds no participants.
Records are one study only when an identifier says so: a trial registration that both
name, or a link that PubMed keeps between them. Alike authors, sizes and titles are no
proof: such records are counted apart, and told as maybe the same.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from assay.evidence.design import OF_MANY
from assay.evidence.trust import find_size
from assay.ids import find_trial_numbers
from assay.model import Evidence, Stance
from assay.notice import Standing
from assay.record import Record
from assay.text import record_text

NOT_COUNTED = frozenset(
    {Standing.REPLACED, Standing.RETRACTED, Standing.WITHDRAWN, Standing.NOTICE}
)
"""Records of these standings are shown, struck out, and never counted."""
SAME_WORK = frozenset(
    """
    UpdateIn UpdateOf CommentIn CommentOn ErratumIn ErratumFor RepublishedIn
    RepublishedFrom CorrectedandRepublishedIn CorrectedandRepublishedFrom
    SummaryForPatientsIn OriginalReportIn ReprintIn ReprintOf PreprintIn PreprintOf
    """.split()
)
"""PubMed's links that join a study with its preprint, its later version, or a comment.

`UpdateIn` stands on a preprint and points at the article. Source: NLM, "Errata,
Retractions, and Other Linked Citations in PubMed", read with real records.
"""
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
    return _key(evidence.record)


def _key(record: Record) -> tuple[str, ...]:
    ids = (record.pmid, record.doi, record.pmcid)
    return ids if any(ids) else (record.source, record.title, str(record.year))


@lru_cache(maxsize=8192)
def find_registrations(record: Record) -> tuple[str, ...]:
    """Return the trial registrations that a record gives as its own, each once.

    Those of its data bank entries and of its abstract. () when it names two of one
    registry: it pools trials then, and is the report of neither.

    >>> find_registrations(Record(source="x", title="Tea and sleep (NCT90000001)"))
    ('NCT90000001',)
    >>> find_registrations(Record(source="x", title="NCT90000001 and NCT90000002"))
    ()
    """
    banks = " ".join(a.number for a in record.accessions)
    found = find_trial_numbers(f"{banks} {record_text(record)}")
    registries = [re.sub(r"\d.*", "", number) for number in found]
    return found if len(set(registries)) == len(registries) else ()


def group_studies(evidence: Iterable[Evidence]) -> tuple[tuple[Evidence, ...], ...]:
    """Return the evidence by study, in the order of the first piece of each.

    >>> group_studies(())
    ()
    """
    by_record: dict[tuple[str, ...], list[Evidence]] = {}
    for e in evidence:
        by_record.setdefault(study_key(e), []).append(e)
    home = {key: key for key in by_record}
    for first, second in _joined([own[0] for own in by_record.values()]):
        old, new = home[first], home[second]
        home = {key: new if at == old else at for key, at in home.items()}
    studies: dict[tuple[str, ...], list[Evidence]] = {}
    for key, own in by_record.items():
        studies.setdefault(home[key], []).extend(own)
    return tuple(map(tuple, studies.values()))


def _joined(
    firsts: Sequence[Evidence],
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return pairs of records that an identifier says are one study."""
    by_name: dict[str, tuple[str, ...]] = {}
    pairs = []
    for e in firsts:
        for name in _names(e):
            other = by_name.setdefault(name, study_key(e))
            pairs.append((study_key(e), other))
    known = {e.record.pmid: study_key(e) for e in firsts if e.record.pmid}
    pairs += [(study_key(e), known[p]) for e in firsts for p in _links(e) if p in known]
    return [pair for pair in pairs if pair[0] != pair[1]]


def _names(e: Evidence) -> tuple[str, ...]:
    return () if e.design in OF_MANY else find_registrations(e.record)


def _links(e: Evidence) -> tuple[str, ...]:
    return tuple(
        c.pmid for c in e.record.corrections if c.ref_type in SAME_WORK and c.pmid
    )


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

"""Which records tell of one and the same study, and which studies a review contains.

Several papers may report one trial, and a comment or a preprint adds no participants.
Records are one study only when something says so: a trial registration that both give
as their own, a link that a source keeps between them, or a title that calls itself a
secondary analysis of the trial that the other one names. Alike authors, sizes and
titles are no proof.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from assay.ids import find_trial_numbers, normal_doi, normal_pmid
from assay.library.merge import keys_of
from assay.record import Record
from assay.text import record_text

SAME_WORK = frozenset(
    """
    UpdateIn UpdateOf CommentIn CommentOn ErratumIn ErratumFor RepublishedIn
    RepublishedFrom CorrectedandRepublishedIn CorrectedandRepublishedFrom
    SummaryForPatientsIn OriginalReportIn ReprintIn ReprintOf PreprintIn PreprintOf
    ResultsIn DerivedIn
    """.split()
)
"""Links that join a study with its preprint, its later version, a comment, its reports.

`UpdateIn` stands on a preprint and points at the article. `ResultsIn` and `DerivedIn`
stand on a registration of ClinicalTrials.gov and point at papers of that trial. Source:
NLM, "Errata, Retractions, and Other Linked Citations in PubMed", read with real
records.
"""
_SECONDARY = re.compile(
    r"(?:secondary|post[- ]hoc|ancillary|exploratory|subgroup|follow-up|mediation)"
    r"\s+(?:\w+\s+){0,2}?(?:analys[ei]s|study|results?)\s+(?:of|from)\s+"
    r"(?:\w+\s+){0,4}?(?P<name>[A-Z][\w:+/-]*[A-Z0-9][\w:+/-]*)\s+"
    r"(?:[a-z-]+\s+){0,4}?(?:trial|study|cohort)\b"
)
"""A title or sentence that calls itself a secondary analysis, and the trial's name.

A name has two capitals or digits, as trials' acronyms have: no ordinary word has.
"""
_POOLED = re.compile(
    r"\bpool(?:s|ed|ing)\b|\bindividual (?:participant|patient) data\b"
)


class Study(NamedTuple):
    """The records that tell of one study."""

    records: tuple[Record, ...]
    """In the order given."""
    why: tuple[str, ...] = ()
    """What joins them, each reason once; () for a single record."""


def name_of(record: Record) -> tuple[str, ...]:
    """Return what tells a record from others: its identifiers, else what it says.

    >>> name_of(Record(source="x", pmid="90000001"))
    ('90000001', '', '')
    """
    ids = (record.pmid, record.doi, record.pmcid)
    return ids if any(ids) else (record.source, record.title, str(record.year))


@lru_cache(maxsize=8192)
def find_registrations(record: Record) -> tuple[str, ...]:
    """Return the trial registrations that a record gives as its own, each once.

    Those of its data bank entries and of its abstract. () when it names two of one
    registry, or two and its title tells of pooling: it is the report of neither then.

    >>> find_registrations(Record(source="x", title="Tea and sleep (NCT90000001)"))
    ('NCT90000001',)
    >>> find_registrations(Record(source="x", title="NCT90000001 and NCT90000002"))
    ()
    """
    banks = " ".join(a.number for a in record.accessions)
    found = find_trial_numbers(f"{banks} {record_text(record)}")
    registries = [re.sub(r"\d.*", "", number) for number in found]
    pooled = len(found) > 1 and _POOLED.search(record.title.lower())
    return found if len(set(registries)) == len(registries) and not pooled else ()


def find_parent(record: Record) -> str:
    """Return the name of the trial that a record is a secondary analysis of.

    "" when it does not call itself one, or pools several.

    >>> find_parent(Record(source="x", title="A post hoc analysis of the TEA-1 trial"))
    'TEA-1'
    >>> find_parent(Record(source="x", title="A secondary analysis of a trial of tea"))
    ''
    """
    text = record_text(record)
    found = {match["name"] for match in _SECONDARY.finditer(text)}
    pooled = _POOLED.search(text.lower())
    return next(iter(found)) if len(found) == 1 and not pooled else ""


def group_records(
    records: Iterable[Record], reviews: Collection[Record] = ()
) -> tuple[Study, ...]:
    """Return the studies that records tell of, in the order of their first records.

    Args:
        records: the same one twice counts once.
        reviews: those that tell of many studies: one that names a trial is not its
            report.

    >>> a, b = (Record(source="x", pmid=p, title="NCT90000001") for p in "12")
    >>> [len(study.records) for study in group_records([a, b])]
    [2]
    """
    by_name: dict[tuple[str, ...], Record] = {}
    for record in records:
        by_name.setdefault(name_of(record), record)
    every = list(by_name.values())
    home = list(range(len(every)))
    why: dict[int, list[str]] = {}
    many = {name_of(review) for review in reviews}
    for one, other, reason in _joined(every, many):
        first, second = _root(home, one), _root(home, other)
        kept, gone = min(first, second), max(first, second)
        said = [*why.get(kept, ()), *(why.pop(gone, []) if gone != kept else ())]
        home[gone] = kept
        why[kept] = list(dict.fromkeys([*said, reason]))
    studies: dict[int, list[Record]] = {}
    for at, record in enumerate(every):
        studies.setdefault(_root(home, at), []).append(record)
    return tuple(
        Study(tuple(own), tuple(sorted(why.get(at, ())))) for at, own in studies.items()
    )


def _root(home: list[int], at: int) -> int:
    while home[at] != at:
        home[at] = home[home[at]]
        at = home[at]
    return at


def _joined(
    every: Sequence[Record], reviews: Collection[tuple[str, ...]]
) -> Iterator[tuple[int, int, str]]:
    """Yield pairs of records that something says are one study, and what says so."""
    own = [at for at, record in enumerate(every) if name_of(record) not in reviews]
    by_trial: dict[str, int] = {}
    for at in own:
        for number in find_registrations(every[at]):
            other = by_trial.setdefault(number, at)
            if other != at:
                yield at, other, f"both give {number} as their registration"
    known = {key: at for at, record in enumerate(every) for key in keys_of(record)}
    for at, record in enumerate(every):
        for link in record.corrections:
            ends = (f"pmid:{link.pmid}", f"doi:{link.doi.lower()}")
            to = next((known[end] for end in ends if end in known), at)
            if link.ref_type in SAME_WORK and to != at:
                yield at, to, f"linked by {record.source} ({link.ref_type})"
    yield from _parents(every, own)


def _parents(
    every: Sequence[Record], own: Sequence[int]
) -> Iterator[tuple[int, int, str]]:
    """Yield secondary analyses with the reports of the trial that they name.

    The report must name the trial in its title and share an author.
    """
    children = {at: name for at in own if (name := find_parent(every[at]))}
    for at, name in children.items():
        word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        people = _people(every[at])
        for to in own:
            named = to != at and word.search(every[to].title)
            if named and people & _people(every[to]):
                yield at, to, f"a secondary analysis of the {name} trial"


def _people(record: Record) -> frozenset[str]:
    return frozenset(
        f"{a.last_name} {(a.initials or a.fore_name)[:1]}".lower()
        for a in record.authors
        if a.last_name
    )


def find_contained(
    review: Record, studies: Sequence[Iterable[Record]]
) -> tuple[int, ...]:
    """Return which of the studies are in a review, by its list of references.

    The places in `studies`, in order; () when none is, or the list is not known.

    >>> from assay.record import Reference
    >>> review = Record(source="x", references=(Reference("", (("pubmed", "9"),)),))
    >>> find_contained(review, [[Record(source="x", pmid="9")], [review]])
    (0,)
    """
    cited = _cited(review)
    return tuple(
        at
        for at, study in enumerate(studies)
        if any(r is not review and cited & _ids(r) for r in study)
    )


@lru_cache(maxsize=1024)
def _cited(review: Record) -> frozenset[str]:
    ids = [pair for reference in review.references for pair in reference.ids]
    pmids = {f"pmid:{normal_pmid(value)}" for kind, value in ids if kind == "pubmed"}
    dois = {f"doi:{normal_doi(value)}" for kind, value in ids if kind == "doi"}
    return frozenset(pmids | dois) - {"pmid:", "doi:"}


def _ids(record: Record) -> frozenset[str]:
    named = (f"pmid:{record.pmid}", f"doi:{record.doi.lower()}")
    return frozenset(named) - {"pmid:", "doi:"}

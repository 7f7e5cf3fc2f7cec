"""What a search found, each work once: which services gave it, which study it is of.

found records ─► works (one row for one work) ─► studies (papers of one trial together)
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, overload

from assay.library.decided import names_of
from assay.library.dedupe import (
    Decision,
    Deduplicated,
    Merged,
    deduplicate,
    records_of,
)
from assay.library.packed import PackedRecords
from assay.library.studies import group_records, name_of
from assay.library.versions import Link
from assay.record import Record

MOST_GROUPED = 20_000
"""Works among which studies are looked for; among more the search is kept quick."""
OF_MANY = frozenset(
    {"Review", "Systematic Review", "Meta-Analysis", "Practice Guideline", "Guideline"}
)
"""Publication types of what tells of many studies: it is no report of one of them."""


class Doubt(NamedTuple):
    """Two works that may be one; a person can decide (assay library review)."""

    one: int
    """Place in `Works.rows`."""
    other: int
    probability: float
    """0 to 1."""
    reasons: tuple[str, ...]


class Group(NamedTuple):
    """The works of one study, where there is more than one."""

    rows: tuple[int, ...]
    """Places in `Works.rows`, in order."""
    why: tuple[str, ...]
    """What joins them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """The records of a search, each work once."""

    rows: Sequence[Merged] = ()
    """In the order in which the first record of each was found."""
    found: int = 0
    """Records that were given."""
    groups: tuple[Group, ...] | None = ()
    """Studies with more than one work; None when there were too many to look."""
    doubts: tuple[Doubt, ...] = ()
    """The likeliest first."""
    links: tuple[Link, ...] = ()

    @property
    def duplicates(self) -> int:
        """Return how many records another one stands for."""
        return self.found - len(self.rows)

    @property
    def studies(self) -> int | None:
        """Return how many studies the works belong to; None when not looked for."""
        if self.groups is None:
            return None
        return len(self.rows) - sum(len(group.rows) - 1 for group in self.groups)

    def records(self) -> Iterator[Record]:
        """Yield one record for every work."""
        return records_of(self.rows)


def find_works(records: Sequence[Record], decisions: Iterable[Decision] = ()) -> Works:
    """Return the works among records, with their studies and what is in doubt.

    decisions: what persons decided about pairs before.

    >>> one = Record(source="pubmed", pmid="90000001", doi="10.99999/x", title="Tea")
    >>> works = find_works([one, Record(source="crossref", doi="10.99999/x")])
    >>> works.rows[0].sources, works.duplicates, works.studies
    (('pubmed', 'crossref'), 1, 1)
    """
    if _cannot_repeat(records):
        rows: Sequence[Merged] = _Singles(records)
        return Works(rows=rows, found=len(records), groups=None)
    sifted = deduplicate(records, decisions=decisions)
    return Works(
        rows=sifted.merged,
        found=len(records),
        groups=_groups(sifted),
        doubts=_doubts(sifted),
        links=sifted.links,
    )


def _cannot_repeat(records: Sequence[Record]) -> bool:
    """Say whether many records all have PMIDs of their own: then none is another."""
    if not isinstance(records, PackedRecords) or len(records) <= MOST_GROUPED:
        return False
    pmids = {record.pmid for record in records}
    return "" not in pmids and len(pmids) == len(records)


class _Singles(Sequence[Merged]):
    """Works of one record each, made when asked for."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = records

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Merged]:
        return map(_single, self._records)

    @overload
    def __getitem__(self, at: int) -> Merged: ...
    @overload
    def __getitem__(self, at: slice) -> "_Singles": ...
    def __getitem__(self, at: int | slice) -> "Merged | _Singles":
        if isinstance(at, slice):
            return _Singles(self._records[at])
        return _single(self._records[at])


def _single(record: Record) -> Merged:
    return Merged(record=record, members=(record,))


def _groups(sifted: Deduplicated) -> tuple[Group, ...] | None:
    if len(sifted.merged) > MOST_GROUPED:
        return None
    works = sifted.records
    reviews = [work for work in works if OF_MANY & set(work.publication_types)]
    place: dict[tuple[str, ...], int] = {}
    for at, work in enumerate(works):
        place.setdefault(name_of(work), at)
    return tuple(
        Group(tuple(sorted(place[name_of(r)] for r in study.records)), study.why)
        for study in group_records(works, reviews)
        if len(study.records) > 1
    )


def _doubts(sifted: Deduplicated) -> tuple[Doubt, ...]:
    asked = [[names_of(r)[0] for r in pair[:2]] for pair in sifted.maybe]
    wanted = {name for pair in asked for name in pair}
    place = {
        name: at
        for at, names in enumerate(sifted.names() if wanted else ())
        for name in names
        if name in wanted
    }
    found = []
    for pair, names in zip(sifted.maybe, asked, strict=True):
        one, other = map(place.get, names)
        if one is not None and other is not None and one != other:
            first, second = sorted((one, other))
            found.append(Doubt(first, second, pair.probability, pair.reasons))
    return tuple(found)

"""Where the services that describe one work do not agree."""

from collections.abc import Iterable
from typing import NamedTuple

from assay.library.levels import differ
from assay.library.merge import giver_of
from assay.library.prepare import Prepared, prepare
from assay.record import Record

COMPARED = (
    "pmid",
    "doi",
    "pmcid",
    "title",
    "year",
    "journal",
    "volume",
    "issue",
    "pages",
)
"""Fields in which members are looked over for what contradicts."""


class Conflict(NamedTuple):
    """A field on which the members of a merged record do not agree."""

    field: str
    values: tuple[tuple[str, str], ...]
    """(source, what it says), the kept one first."""


def find_conflicts(
    record: Record, members: Iterable[tuple[Record, Prepared]]
) -> tuple[Conflict, ...]:
    """Return the fields on which members do not agree, in the order of `COMPARED`.

    Case, markup and short names of journals are no contradiction.

    >>> a, b = Record(source="pubmed", year=2001), Record(source="crossref", year=2000)
    >>> find_conflicts(a, [(a, prepare(a)), (b, prepare(b))])
    (Conflict(field='year', values=(('pubmed', '2001'), ('crossref', '2000'))),)
    """
    kept, every = prepare(record), list(members)
    found = []
    for name in COMPARED:
        values = [(giver_of(record, name), str(getattr(record, name)))]
        for each, card in every:
            if getattr(each, name) and differ(name, kept, card):
                values.append((each.source, str(getattr(each, name))))
        if len(values) > 1:
            found.append(Conflict(name, tuple(dict.fromkeys(values))))
    return tuple(found)

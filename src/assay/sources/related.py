"""One step along citations: what a work cites, and what cites it, by whom it is said.

PubMed and Crossref give the list that the publisher deposited, Europe PMC its own
list and who cites the work, OpenAlex both. No list is complete; each is named.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from assay.errors import SourceError
from assay.ids import normal_doi, normal_pmcid, normal_pmid
from assay.record import Record, Reference
from assay.search import Problem, Query, SearchLog, Translation
from assay.sources import (
    crossref,
    europepmc,
    europepmc_related,
    openalex,
    pubmed,
)
from assay.sources.base import Getter
from assay.sources.paging import Items, walk

DIRECTIONS = ("references", "citations")
"""What the work cites, and what cites it."""
CITED = "As cited: "
"""Begins the note that holds the words of a reference list."""

Finder = Callable[[Record, str, Getter], Items]
"""Yield the records in a direction, problems, and one log."""


class Related(NamedTuple):
    """A work one step away, and who says so."""

    record: Record
    """What is known of it; at least its words in a reference list, as a note."""
    said_by: tuple[str, ...]
    """Names of the sources that list it."""


def complete(wanted: Record, getter: Getter) -> Record:
    """Return the identifiers of a work, with those that Europe PMC adds to them.

    As it is where Europe PMC does not know it or cannot be asked: what then lacks is
    told by the sources that need it.

    Raises:
        StoreError: the recorded answers are damaged.
    """
    if wanted.pmid and wanted.doi:
        return wanted
    try:
        found = europepmc_related.find_record(wanted, getter)
    except SourceError:
        return wanted
    if found is None:
        return wanted
    return replace(
        wanted,
        pmid=wanted.pmid or found.pmid,
        doi=wanted.doi or found.doi,
        pmcid=wanted.pmcid or found.pmcid,
        title=wanted.title or found.title,
    )


def find_related(
    wanted: Record, direction: str, names: Iterable[str], getter: Getter
) -> Items:
    """Yield what the sources of these names list in a direction, with a log for each.

    A source that fails yields a problem and a log with `failed`.

    Raises:
        StoreError: the recorded answers are damaged.
    """
    for name in names:
        finder = FINDERS[name].get(direction)
        if finder is None:
            continue
        try:
            yield from finder(wanted, direction, getter)
        except SourceError as error:
            yield Problem(
                where=error.where, what=error.what, what_to_do=error.what_to_do
            )
            yield SearchLog(source=name, query=_asked(wanted, direction), failed=True)


def group_related(records: Iterable[Record]) -> tuple[Related, ...]:
    """Return each work once, with all who list it, in the order of its first mention.

    Works are the same by PMID, DOI or PMCID only; one without any is its own.

    >>> one = Record(source="pubmed", pmid="90000001")
    >>> two = Record(source="openalex", pmid="90000001", doi="10.99999/a", title="T")
    >>> (work,) = group_related([one, two])
    >>> work.said_by, work.record.doi, work.record.title
    (('pubmed', 'openalex'), '10.99999/a', 'T')
    """
    works: list[Related | None] = []
    place: dict[str, int] = {}
    for record in records:
        keys = _keys(record)
        met = sorted({place[key] for key in keys if key in place})
        at = met[0] if met else len(works)
        if not met:
            works.append(None)
        joined = Related(record, (record.source,))
        for other in reversed(met):
            known = works[other]
            joined = _join(known, joined) if known else joined
            works[other] = None
        works[at] = joined
        for key in _keys(joined.record):
            place[key] = at
    return tuple(work for work in works if work)


def _keys(record: Record) -> list[str]:
    return [key for key in (record.pmid, record.doi, record.pmcid) if key]


def _join(first: Related, second: Related) -> Related:
    """Return two mentions of a work as one; the first one's words come first."""
    one, two = first.record, second.record
    record = replace(
        one if one.title or not two.title else two,
        pmid=one.pmid or two.pmid,
        doi=one.doi or two.doi,
        pmcid=one.pmcid or two.pmcid,
        year=one.year or two.year,
        journal=one.journal or two.journal,
        authors=one.authors or two.authors,
        notes=tuple(dict.fromkeys((*one.notes, *two.notes))),
        publication_types=one.publication_types or two.publication_types,
        corrections=tuple(dict.fromkeys((*one.corrections, *two.corrections))),
        flags=tuple(dict.fromkeys((*one.flags, *two.flags))),
    )
    return Related(record, tuple(dict.fromkeys((*first.said_by, *second.said_by))))


# --- the sources ---------------------------------------------------------------------


def _asked(wanted: Record, direction: str) -> str:
    return f"{direction} of {wanted.pmid or wanted.doi or wanted.pmcid}"


def _from_pubmed(wanted: Record, direction: str, getter: Getter) -> Items:
    """Yield the reference list of PubMed's record."""
    if not wanted.pmid:
        raise SourceError(
            "PubMed", "it lists references by PMID only, which is unknown"
        )
    found = list(pubmed.fetch_records([wanted.pmid], getter))
    yield from (one for one in found if isinstance(one, Problem))
    records = [one for one in found if isinstance(one, Record)]
    if not records:
        yield SearchLog(source="pubmed", query=_asked(wanted, direction), failed=True)
        return
    yield from _listed("pubmed", records[0], _asked(wanted, direction))


def _from_crossref(wanted: Record, direction: str, getter: Getter) -> Items:
    """Yield the references deposited with the DOI."""
    if not wanted.doi:
        raise SourceError(
            "Crossref", "it lists references by DOI only, which is unknown"
        )
    looked = next(crossref.fetch_works([wanted.doi], getter))
    if looked.problem:
        yield looked.problem
        yield SearchLog(source="crossref", query=_asked(wanted, direction), failed=True)
        return
    record = looked.record or Record(source="crossref")
    yield from _listed("crossref", record, _asked(wanted, direction), looked.when)


def _listed(
    source: str, record: Record, asked: str, when: str = ""
) -> Iterator[Record | SearchLog]:
    """Yield a record's reference list as records, and a log."""
    for reference in record.references:
        yield _cited(source, reference)
    number = len(record.references)
    yield SearchLog(
        source=source,
        query=asked,
        count=number,
        wanted=number,
        retrieved=number,
        when=when,
    )


def _cited(source: str, reference: Reference) -> Record:
    """Return the record of an entry of a reference list.

    >>> _cited("pubmed", Reference("Roe 2020.", (("pubmed", "90000001"),))).pmid
    '90000001'
    """
    ids = dict(reference.ids)
    return Record(
        source=source,
        pmid=normal_pmid(ids.get("pubmed", "")),
        doi=normal_doi(ids.get("doi", "")),
        pmcid=normal_pmcid(ids.get("pmc", "")),
        notes=(CITED + reference.citation,) if reference.citation else (),
    )


def _from_openalex(wanted: Record, direction: str, getter: Getter) -> Items:
    """Yield what OpenAlex lists: `cited_by` and `cites` of its own number."""
    looked = next(openalex.fetch_works([wanted.doi or wanted.pmid], getter))
    if looked.problem or looked.record is None:
        unknown = Problem(where=openalex.WHERE, what="it does not have this record")
        yield looked.problem or unknown
        yield SearchLog(source="openalex", query=_asked(wanted, direction), failed=True)
        return
    number = openalex.PAGING.key(looked.record)
    name = "cited_by" if direction == "references" else "cites"
    asked = f"{name}:{number}"
    translation = Translation(sent=asked, params=(("filter", asked),))
    query = Query(text=_asked(wanted, direction), limit=None)
    yield from walk(openalex.PAGING, query, translation, getter)


FINDERS: dict[str, dict[str, Finder]] = {
    pubmed.SOURCE.name: {"references": _from_pubmed},
    europepmc.SOURCE.name: {
        "references": europepmc_related.find_related,
        "citations": europepmc_related.find_related,
    },
    openalex.SOURCE.name: {"references": _from_openalex, "citations": _from_openalex},
    crossref.SOURCE.name: {"references": _from_crossref},
}
"""Who lists what, in the order in which they are asked."""

"""PubMed's own records of works, so that their marks can be read: by PMID or by DOI.

Retractions reach PubMed's records late and old records are changed: they are asked for
again. Source: "Entrez Programming Utilities Help" (NBK25499, 2025).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from assay.errors import SourceDownError, SourceError
from assay.ids import normal_doi, normal_pmcid
from assay.record import Record
from assay.search import Query
from assay.sources.base import Answer, Getter
from assay.sources.notices import ask_all
from assay.sources.pubmed_errors import LATER, WHERE, judge_json, judge_set
from assay.sources.pubmed_request import fetch_request, search_request
from assay.sources.pubmed_search import parse_search
from assay.sources.pubmed_xml import parse_set

BATCH = 200
"""Records asked for in one request."""
NAMES = 25
"""DOIs or PMCIDs looked for in one search."""
LISTED = 500
"""Most PMIDs taken from it: a notice may have its work's DOI, so several fit one."""
REFERENCES = 400
"""PMIDs of reference lists asked about in one search."""


class Held(NamedTuple):
    """PubMed's records of one work that was asked for."""

    records: tuple[Record, ...] = ()
    """() when it holds none; several where a notice shares the DOI."""
    when: str = ""
    """ISO time of the answer."""
    error: SourceError | None = None
    """Why it is not known what PubMed holds."""


def ask_by_pmid(pmids: Sequence[str], getter: Getter) -> dict[str, Held]:
    """Return what PubMed holds under each PMID; one outcome for every PMID given."""
    wanted = list(dict.fromkeys(pmids))
    batches = [wanted[at : at + BATCH] for at in range(0, len(wanted), BATCH)]
    outcomes = ask_all([fetch_request(b) for b in batches], judge_set, getter)
    found: dict[str, Held] = {}
    for batch, outcome in zip(batches, outcomes, strict=True):
        found |= _of_set(batch, outcome)
    return found


def _of_set(batch: Sequence[str], outcome: Answer | SourceError) -> dict[str, Held]:
    try:
        if isinstance(outcome, SourceError):
            raise outcome
        parsed = parse_set(outcome.body)
    except SourceError as error:
        return dict.fromkeys(batch, Held(error=error))
    by_pmid: dict[str, tuple[Record, ...]] = {}
    for record in parsed.records:
        by_pmid[record.pmid] = (*by_pmid.get(record.pmid, ()), record)
    cut = SourceDownError(WHERE, "its answer broke off", LATER)
    rest = Held(when=outcome.when, error=None if parsed.complete else cut)
    return {
        pmid: Held(by_pmid[pmid], outcome.when) if pmid in by_pmid else rest
        for pmid in batch
    }


def ask_by_name(names: Sequence[str], getter: Getter) -> dict[str, Held]:
    """Return what PubMed holds under each DOI or PMCID; one outcome for every one.

    Where PubMed does not know a phrase it looks for its words: what it finds is taken
    only if it has the very identifier.
    """
    wanted = list(dict.fromkeys(names))
    batches = [wanted[at : at + NAMES] for at in range(0, len(wanted), NAMES)]
    terms = [" OR ".join(map(_quoted, batch)) for batch in batches]
    listed = _list_pmids(terms, getter)
    pmids = [pmid for each in listed if not each.error for pmid in each.pmids]
    held = ask_by_pmid(pmids, getter)
    found: dict[str, Held] = {}
    for batch, each in zip(batches, listed, strict=True):
        found |= _of_names(batch, each, held)
    return found


def _quoted(name: str) -> str:
    words = name.replace('"', " ")
    return name if normal_pmcid(name) == name else f'"{words}"[aid]'


class _Listed(NamedTuple):
    """What one search lists."""

    pmids: tuple[str, ...] = ()
    whole: bool = True
    when: str = ""
    error: SourceError | None = None


def _list_pmids(terms: Sequence[str], getter: Getter) -> list[_Listed]:
    requests = [search_request(Query(text=term, limit=LISTED)) for term in terms]
    return [_of_search(outcome) for outcome in ask_all(requests, judge_json, getter)]


def _of_search(outcome: Answer | SourceError) -> _Listed:
    try:
        if isinstance(outcome, SourceError):
            raise outcome
        reply = parse_search(outcome.body)
    except SourceError as error:
        return _Listed(error=error)
    return _Listed(reply.pmids, reply.total <= len(reply.pmids), outcome.when)


def _of_names(
    batch: Sequence[str], listed: _Listed, held: dict[str, Held]
) -> dict[str, Held]:
    if listed.error:
        return dict.fromkeys(batch, Held(error=listed.error))
    fetched = [held[pmid] for pmid in listed.pmids]
    lost = next((each.error for each in fetched if each.error), None)
    if not listed.whole:
        lost = SourceDownError(WHERE, "it lists only a part of what it found", LATER)
    records = [record for each in fetched for record in each.records]
    found = {}
    for name in batch:
        own = tuple(r for r in records if name in {normal_doi(r.doi), r.pmcid})
        found[name] = Held(own, listed.when, None if own else lost)
    return found


def find_retracted(
    pmids: Iterable[str], getter: Getter
) -> Iterator[tuple[str, str] | SourceError]:
    """Yield (PMID, ISO time) of those among many that PubMed marks as retracted.

    One search for 400 of them, so that reference lists can be looked through. A part
    that could not be looked through is an error among the outcomes.
    """
    wanted = list(dict.fromkeys(pmids))
    batches = [wanted[at : at + REFERENCES] for at in range(0, len(wanted), REFERENCES)]
    terms = [
        f"({' OR '.join(f'{pmid}[uid]' for pmid in batch)})"
        ' AND "retracted publication"[pt]'
        for batch in batches
    ]
    for batch, listed in zip(batches, _list_pmids(terms, getter), strict=True):
        if listed.error:
            yield listed.error
        else:
            asked = set(batch)
            yield from ((p, listed.when) for p in listed.pmids if p in asked)

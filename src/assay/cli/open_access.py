"""Where a record's full text is open to all, as those say who keep track of it."""

from dataclasses import replace

from assay.cli.fetching import open_fetcher
from assay.cli.session import Session
from assay.record import Link, Record
from assay.sources import openalex, unpaywall
from assay.sources.lookup import Looked


def find_places(
    session: Session, record: Record, *, offline: bool, refresh: bool
) -> tuple[Record, bool]:
    """Return a record with the places Unpaywall and OpenAlex name, and if both could.

    Places that were known stand first; each address is named once. A record without
    a DOI stays as it is. A service that could not be asked is told on standard error.
    """
    if not record.doi:
        session.complain("assay: without a DOI nobody can be asked for open places.")
        return record, False
    fetcher = open_fetcher(session, offline=offline, refresh=refresh)
    asked = (
        *unpaywall.find_open_access([record.doi], fetcher),
        *openalex.fetch_works([record.doi], fetcher),
    )
    for looked in asked:
        _tell(session, looked)
    links = (*record.links, *(link for looked in asked for link in _links(looked)))
    named: dict[str, Link] = {}
    for link in links:
        named.setdefault(link.url, link)
    complete = not any(looked.problem for looked in asked)
    return replace(record, links=tuple(named.values())), complete


def _links(looked: Looked) -> tuple[Link, ...]:
    return looked.record.links if looked.record else ()


def _tell(session: Session, looked: Looked) -> None:
    if (problem := looked.problem) is not None:
        words = f"assay: {problem.where}: {problem.what}. {problem.what_to_do}"
        session.complain(words.rstrip())

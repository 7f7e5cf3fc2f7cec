"""A search of the library in PubMed's words: what `assay search --offline` asks."""

from collections.abc import Callable
from typing import TypeAlias

from assay.edge.holdings import Holdings
from assay.library.boolean import parse_days, parse_search
from assay.library.search_tree import Every, Node
from assay.record import Record
from assay.search import Found, Problem, Query, SearchLog

NAME = "library"

EVERY = 1_000_000
"""Most records listed where every one is wanted."""

SortKey: TypeAlias = Callable[[Record], tuple[int, str]]

SORTS: dict[str, SortKey] = {
    "pub_date": lambda record: (-(record.year or 0), ""),
    "Author": lambda record: (0, _first_author(record)),
    "JournalName": lambda record: (0, record.journal.casefold()),
}
"""PubMed's orders, as far as the library knows them; any other is by relevance."""


def search_library(holdings: Holdings, query: Query) -> Found:
    """Return what the library at hand holds on a query, in the query's own order.

    Words are looked for as they stand: nothing is mapped to MeSH or widened, so PubMed
    itself may know more. A part that cannot be looked up is named in the log.

    Raises:
        StoreError: the library cannot be read.
    """
    parsed = parse_search(query.text)
    ignored = list(parsed.ignored)
    tree = parsed.tree
    if tree is not None:
        tree = _bounded(tree, query, ignored)
    most = query.limit or EVERY
    hits, count = holdings.search(tree, limit=most) if tree else ((), 0)
    records = [record for hit in hits if (record := holdings.get(hit.key))]
    if query.sort in SORTS:
        records.sort(key=SORTS[query.sort])
    log = SearchLog(
        source=NAME,
        query=query.text,
        count=count,
        wanted=min(count, most),
        retrieved=len(records),
        ignored=tuple(ignored),
        failed=tree is None,
    )
    return Found(records=tuple(records), problems=_problems(tree), logs=(log,))


def _bounded(tree: Node, query: Query, ignored: list[str]) -> Node:
    """Return the tree held to the query's own dates."""
    if not query.since and not query.until:
        return tree
    days = parse_days(f"{query.since or '0001'}:{query.until or '9999'}", "published")
    if days is None:
        ignored.append(f"The dates {query.since}:{query.until} were left out.")
        return tree
    return Every((tree, days))


def _problems(tree: Node | None) -> tuple[Problem, ...]:
    if tree is not None:
        return ()
    return (
        Problem(
            where=NAME,
            what="nothing in the query can be looked up in the library",
            what_to_do="Name a word, a phrase in quotes, or an identifier.",
        ),
    )


def _first_author(record: Record) -> str:
    first = next(iter(record.authors), None)
    return (first.last_name or first.collective).casefold() if first else ""

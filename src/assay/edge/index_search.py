"""Asks a tantivy index: the first hits, in an order that never hangs on its files.

tantivy settles ties by where a record happens to lie. Here equal hits stand newest
first or by their keys, so ties at the end of what is wanted are looked at as well.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from tantivy import DocAddress, Occur, Order, Query, Schema, Searcher, SearchResult

from assay.library.joining import Placed, place_score

Keys: TypeAlias = Callable[[Searcher, Sequence[DocAddress]], list[tuple[int, str]]]
"""Gives how new each record is (`Placed.newest`) and its key."""

PMID = "pmid"
"""The field that says how new a record is: PubMed numbers records as they come."""

RELEVANCE = "relevance"
"""The order by score, best first."""

BY_FIELD: dict[str, tuple[str, Order]] = {
    "added": (PMID, Order.Desc),
    "pub_date": ("day", Order.Desc),
    "Author": ("first_name", Order.Asc),
    "JournalName": ("journal_name", Order.Asc),
}
"""Other orders → the field that they go by; records without it stand last."""

COUNT_ABOVE = 10_000
"""With more hits wanted than this they are counted first: tantivy reserves room for
every hit that it may have to hold."""

AHEAD = 200
"""Hits looked at beyond those wanted: mostly ties end among them, and looking at so
many more costs far less than searching again."""

ALL_TIED = 2_000
"""Where so many of the first hits have one score, nothing in the search ranks: then the
newest stand first, however many there are."""

MOST_TIED = 20_000
"""Of more hits with one score at the end of what is wanted, tantivy's choice stands."""

_LAST = "\U0010ffff"
"""Stands after every name."""


class Page(NamedTuple):
    """The first hits of a search, in order."""

    placed: list[Placed]
    total: int | None
    """How many there are in all; None where it was not asked for."""


class Asked(NamedTuple):
    """An index at one commit, and how its records are named."""

    searcher: Searcher
    schema: Schema
    keys: Keys
    by_pmid: bool = False
    """Every record has a PMID, and there may be millions: hits that nothing ranks stand
    newest first, and not all ties are looked at (ALL_TIED, MOST_TIED)."""


def find_hits(
    asked: Asked, query: Query, limit: int, sort: str, *, counted: bool = True
) -> Page:
    """Return the first hits in an order.

    Args:
        asked: the index.
        query: made for it.
        limit: most hits returned, 1 or more.
        sort: RELEVANCE or one of BY_FIELD.
        counted: False saves the time of counting, where the order allows it.
    """
    if limit >= COUNT_ABOVE:
        limit = max(1, min(limit, count_hits(asked.searcher, query)))
    if sort == RELEVANCE:
        return _best(asked, query, limit, counted=counted)
    return _sorted(asked, query, limit, sort)


def count_hits(searcher: Searcher, query: Query) -> int:
    """Return how many records a query finds."""
    return _count(searcher.search(query, limit=1))


def pmid_keys(
    searcher: Searcher, addresses: Sequence[DocAddress]
) -> list[tuple[int, str]]:
    """Return how new records are, and their keys, by the PMIDs that they all have."""
    pmids = searcher.fast_field_values(PMID, list(addresses))
    return [(-int(pmid or 0), f"pmid:{pmid}") for pmid in pmids]


def _best(asked: Asked, query: Query, limit: int, *, counted: bool) -> Page:
    search, wanted = asked.searcher.search, limit + AHEAD
    found = search(query, wanted, count=counted)
    count, hits = _count(found) if counted else None, found.hits
    while len(hits) == wanted and _tied(hits[-1], hits[limit - 1]):
        if asked.by_pmid and wanted > ALL_TIED and _tied(hits[0], hits[ALL_TIED - 1]):
            newest = search(query, limit, count=False, order_by_field=PMID)
            hits = [(hits[0][0], address) for _, address in newest.hits]
            break
        if asked.by_pmid and wanted > limit + MOST_TIED:
            hits = hits[:limit]
            break
        wanted *= 4
        hits = search(query, wanted, count=False).hits
    if len(hits) > limit:
        last = place_score(hits[limit - 1][0])
        place = bisect_right(hits, last, limit, key=lambda hit: place_score(hit[0]))
        hits = hits[:place]
    return Page(place_hits(asked, hits)[:limit], count)


def place_hits(asked: Asked, hits: Sequence[tuple[float, DocAddress]]) -> list[Placed]:
    """Return hits with their scores as they are placed, in order."""
    named = asked.keys(asked.searcher, [address for _, address in hits])
    return sorted(
        Placed(place_score(score), *name, score)
        for (score, _), name in zip(hits, named, strict=True)
    )


def _sorted(asked: Asked, query: Query, limit: int, sort: str) -> Page:
    field, order = BY_FIELD[sort]
    search = asked.searcher.search
    found = search(query, limit + 1, order_by_field=field, order=order)
    hits = found.hits
    if len(hits) > limit and hits[limit][0] == hits[limit - 1][0]:
        last = hits[limit][0]
        hits = [hit for hit in hits if hit[0] != last]
        equal = _equal(asked.schema, query, field, last)
        if asked.by_pmid:
            more = limit - len(hits)
            rest = search(equal, more, count=False, order_by_field=PMID)
        else:
            rest = search(equal, count_hits(asked.searcher, equal), count=False)
        hits += [(last, address) for _, address in rest.hits]
    named = asked.keys(asked.searcher, [address for _, address in hits])
    placed = [
        Placed(_place(value, order), *name)
        for (value, _), name in zip(hits, named, strict=True)
    ]
    placed.sort()
    return Page(placed[:limit], _count(found))


def _equal(schema: Schema, query: Query, field: str, value: int | str | None) -> Query:
    """Return the query held to the records that have one value of a field, or none."""
    other = (
        (Occur.MustNot, Query.exists_query(field))
        if value is None
        else (Occur.Must, Query.term_query(schema, field, value))
    )
    return Query.boolean_query([(Occur.Must, query), other])


def _place(value: int | str | None, order: Order) -> float | str:
    if order == Order.Asc:
        return _LAST if value is None else str(value)
    return -int(value or 0)


def _tied(one: tuple[float, DocAddress], other: tuple[float, DocAddress]) -> bool:
    return place_score(one[0]) == place_score(other[0])


def _count(found: SearchResult) -> int:
    number: int = found.count  # type: ignore[attr-defined]  # missing in the stubs
    return number

"""A search of the library in PubMed's words: what `assay search --offline` asks."""

from collections.abc import Callable

from assay.edge.holdings import Holdings
from assay.edge.index import Hit
from assay.edge.mesh_file import open_explode
from assay.library.boolean import parse_days, parse_search
from assay.library.search_tree import Every, Node
from assay.search import Found, Problem, Query, SearchLog

NAME = "library"

EVERY = 1_000_000
"""Most records listed where every one is wanted."""

Nearest = Callable[[Query, Node, int], tuple[tuple[Hit, ...], int]]
"""Return a query's hits, nearest first, and how many there are: (query, tree, most)."""


def search_library(
    holdings: Holdings, query: Query, nearest: Nearest | None = None
) -> Found:
    """Return what library and mirror hold on a query, in the query's own order.

    Headings find those below them; words are looked for as they stand: nothing is
    mapped to MeSH or widened, so PubMed itself may know more. A part that cannot be
    looked up is named in the log.

    Args:
        holdings: library and mirror.
        query: its sort is one of `holdings.SORTS`; not looked at with `nearest`.
        nearest: asked in place of the holdings' own orders: `Meaning.search`. Plain
            words then find what is near to them.

    Raises:
        StoreError: the library, the mirror or the headings cannot be read.
    """
    parsed = parse_search(query.text, open_explode(holdings.library.path.parent))
    ignored = list(parsed.ignored)
    tree = parsed.tree
    if tree is not None:
        tree = _bounded(tree, query, ignored)
    most = query.limit or EVERY
    hits: tuple[Hit, ...] = ()
    count = 0
    if tree is not None and nearest:
        hits, count = nearest(query, tree, most)
    elif tree is not None:
        hits, count = holdings.search(tree, limit=most, sort=query.sort)
    records = [record for hit in hits if (record := holdings.get(hit.key))]
    log = SearchLog(
        source=NAME,
        query=query.text,
        translation=" ".join(parsed.told),
        count=count,
        wanted=min(count, most),
        retrieved=len(records),
        ignored=tuple(ignored),
        failed=tree is None,
    )
    problems = _problems(parsed.refused) if tree is None else ()
    return Found(records=tuple(records), problems=problems, logs=(log,))


def _bounded(tree: Node, query: Query, ignored: list[str]) -> Node:
    """Return the tree held to the query's own dates."""
    if not query.since and not query.until:
        return tree
    days = parse_days(f"{query.since or '0001'}:{query.until or '9999'}", "published")
    if days is None:
        ignored.append(f"The dates {query.since}:{query.until} were left out.")
        return tree
    return Every((tree, days))


def _problems(refused: str) -> tuple[Problem, ...]:
    if refused:
        what, what_to_do = refused, "Ask for less at a time."
    else:
        what = "nothing in the query can be looked up in the library"
        what_to_do = "Name a word, a phrase in quotes, or an identifier."
    return (Problem(where=NAME, what=what.rstrip("."), what_to_do=what_to_do),)

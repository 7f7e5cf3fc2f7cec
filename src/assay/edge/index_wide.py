"""ORs of many words in a large index: the best are looked for first, then counted.

Ranking all that an OR of fifty words finds looks fifty words up for each of several
hundred thousand records. Here the words alone say which records stand first, those that
the OR does not find are left out (a stem is wider than a word), and the rest is only
counted. The hits, their order and their number are those of one search for it all.
"""

from collections.abc import Sequence

from tantivy import Occur, Query, Searcher

from assay.edge.index_filter import shared_filter
from assay.edge.index_query import any_stem, stems_of
from assay.edge.index_schema import STEMS
from assay.edge.index_search import PMID, Asked, Page, place_hits
from assay.library.joining import Placed
from assay.library.search_tree import Either, Node, Words

MANY = 10
"""Stems from which on it pays."""

MOST_STEMS = 15
"""Stems that rank in such an OR, the rarest. The others say least and cost most: in a
million records 50 common words were ranked in 12 ms, the rarest 15 of them in 2.0."""

LARGE = 100_000
"""Records from which on an index is asked so; in smaller ones every stem ranks."""

AHEAD = 100
"""Hits looked at beyond four times those wanted: to rank so many more costs nothing."""

FIRST = 20
"""Hits looked up at first beyond twice those wanted; the others where too few of these
are found. Of 220 an OR in all fields finds every one, and looking them up took 9 ms in
a million records; of a [ti] it may be a third, and looking them up took 1.3."""

MOST_WANTED = 1_000
"""Hits up to which it pays: each is looked up again."""


def choose_stems(tree: Node, searcher: Searcher) -> tuple[str, ...]:
    """Return the stems that rank in an OR of many words, the rarest first.

    () where it is none, or the index is small: all stems rank. A word that may go on
    makes it none: the rarest of what it stands for would say nothing.
    """
    if not isinstance(tree, Either) or searcher.num_docs < LARGE:
        return ()
    leaves = [part for part in tree.parts if isinstance(part, Words)]
    if len(leaves) < len(tree.parts) or any(leaf.prefix for leaf in leaves):
        return ()
    stems = stems_of(word for leaf in leaves for word in leaf.words)
    if len(stems) < MANY:
        return ()
    rarest = sorted(stems, key=lambda stem: (searcher.doc_freq(STEMS, stem), stem))
    return tuple(rarest[:MOST_STEMS])


def find_best(
    asked: Asked, tree: Node, stems: Sequence[str], limit: int, *, counted: bool
) -> Page | None:
    """Return the first hits of an OR, best first; None where too few are sure.

    Args:
        asked: an index of which every record has a PMID.
        tree: the OR.
        stems: that rank it (`choose_stems`).
        limit: most hits returned, 1 or more.
        counted: False saves the time of counting.
    """
    if limit > MOST_WANTED:
        return None
    found = Query.const_score_query(shared_filter(tree), 0.0)
    wanted = 4 * limit + AHEAD
    ranked = any_stem(stems, asked.schema)
    hits = asked.searcher.search(ranked, wanted, count=False).hits
    placed, many = place_hits(asked, hits), 2 * limit + FIRST
    if len(hits) == wanted:  # those with the score of the last may not all be there
        placed = [each for each in placed if each.order != placed[-1].order]
    sure = _found_of(asked, found, placed[:many])
    if len(sure) < limit:
        sure += _found_of(asked, found, placed[many:])
    if len(sure) < limit:
        return None
    return Page(sure[:limit], count_all(asked.searcher, found) if counted else None)


def _found_of(asked: Asked, found: Query, placed: Sequence[Placed]) -> list[Placed]:
    """Return those of some hits that a query finds as well."""
    pmids = [-each.newest for each in placed]
    known = [Query.term_query(asked.schema, PMID, pmid, "basic") for pmid in pmids]
    any_of = Query.boolean_query([(Occur.Should, query) for query in known])
    both = Query.boolean_query([(Occur.Must, found), (Occur.Must, any_of)])
    many = max(1, len(pmids))
    kept = asked.searcher.search(both, many, count=False, order_by_field=PMID).hits
    sure = {int(pmid) for pmid, _ in kept}
    return [each for each in placed if -each.newest in sure]


def count_all(searcher: Searcher, found: Query) -> int:
    """Return how many records a query finds, each of which has a PMID.

    Nothing is ranked on the way: 384,000 are counted in 2.7 ms and not in 3.6.
    """
    told = searcher.aggregate(found, {"all": {"value_count": {"field": PMID}}})
    return int(told["all"]["value"])

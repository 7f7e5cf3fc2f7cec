"""A query in PubMed's own words: as it was written, every clause exact."""

from assay.query.parse import parse_query
from assay.query.translate import Piece, make_clause
from assay.query.tree import Leaf, Lost, find_leaves
from assay.search import Fidelity, Query, Translation


def translate_query(query: Query) -> Translation:
    """Return a query as PubMed is sent it: `params` holds "term", without the bounds.

    It is sent even where its form is faulty, for PubMed says what it made of it; the
    clauses tell which parts of it ask for nothing. When all of it does, nothing is.

    >>> translate_query(Query(text="tea[ti] milk")).params
    (('term', 'tea[ti] milk'),)
    """
    tree = parse_query(query.text).tree
    leaves = tuple(find_leaves(tree)) if tree is not None else ()
    clauses = tuple(
        make_clause(query.text, leaf.start, leaf.end, _piece(leaf, query.text))
        for leaf in leaves
    )
    if query.since or query.until:
        end = len(query.text)
        first, last = query.since or "…", query.until or "…"
        bound = Piece(f"{query.since or 1000}:{query.until or 3000}[dp]")
        clause = make_clause(query.text, end, end, bound)
        clauses += (clause._replace(text=f"published {first}–{last}"),)
    if all(isinstance(leaf, Lost) for leaf in leaves):
        return Translation(sent="", clauses=clauses, whole=Fidelity.UNSUPPORTED)
    params = (("term", query.text),)
    return Translation(sent=query.text, params=params, clauses=clauses)


def _piece(leaf: Leaf, text: str) -> Piece:
    if isinstance(leaf, Lost):
        return Piece(why=leaf.why)
    return Piece(text[leaf.start : leaf.end])

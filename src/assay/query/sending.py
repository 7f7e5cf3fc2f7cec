"""What is sent of a query: its words, what limits them, and its days of publication."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from assay.query.clauses import Days, make_days
from assay.query.translate import (
    LEFT_OUT,
    Piece,
    Said,
    Speak,
    decide_fidelity,
    make_clause,
    say_tree,
)
from assay.query.tree import Chain, Group, Join, Node, Range, Term
from assay.search import Clause, Fidelity, Query, Translation

Params: TypeAlias = tuple[tuple[str, str], ...]
"""Names and values as a service takes them."""


class Conjuncts(NamedTuple):
    """What must hold for every record of a search, and what must not."""

    wanted: tuple[Node, ...] = ()
    unwanted: tuple[Node, ...] = ()


def find_conjuncts(node: Node | None) -> Conjuncts:
    """Return the parts of a tree that must all hold, outermost parentheses opened.

    `(a OR b) AND c NOT d AND e` wants (a OR b), c and e, and does not want d.

    >>> from assay.query.parse import parse_query
    >>> found = find_conjuncts(parse_query("(a[ti] NOT b[ti]) c").tree)
    >>> [part.start for part in found.wanted], found.unwanted[0].start
    ([1, 18], 11)
    """
    if isinstance(node, Group):
        return find_conjuncts(node.body)
    if not isinstance(node, Chain):
        return Conjuncts((node,) if node is not None else ())
    last = max(
        (n for n, j in enumerate(node.joins, 1) if j.operator == "OR"), default=0
    )
    first = node.parts[: last + 1]
    if last:
        wanted: tuple[Node, ...] = (
            Chain(node.start, first[-1].end, first, node.joins[:last]),
        )
        unwanted: tuple[Node, ...] = ()
    else:
        wanted, unwanted = find_conjuncts(first[0])
    for join, part in zip(node.joins[last:], node.parts[last + 1 :], strict=True):
        more = (
            Conjuncts((), (part,)) if join.operator == "NOT" else find_conjuncts(part)
        )
        wanted, unwanted = wanted + more.wanted, unwanted + more.unwanted
    return Conjuncts(wanted, unwanted)


class Limit(NamedTuple):
    """What a service asks for beside the words, and what became of it."""

    leaves: tuple[Term | Range, ...]
    """One clause, or several of which one has to hold."""
    piece: Piece


Either: TypeAlias = Callable[[tuple[Term | Range, ...]], Piece]
"""Put clauses of which one has to hold in a service's words, all together."""


def split_limits(
    node: Node | None, limit: Speak, either: Either | None = None
) -> tuple[Conjuncts, tuple[Limit, ...]]:
    """Return the parts of a tree that must all hold, and those of them that are limits.

    `limit` gives an empty piece without a reason for a clause that is none; so does
    `either` for a list of clauses of which one has to hold.

    >>> year = Term(0, 4, "2020")
    >>> split_limits(year, lambda leaf: Piece("year:2020"))[1][0].piece.sent
    'year:2020'
    """
    others: list[Node] = []
    limits: list[Limit] = []
    wanted, unwanted = find_conjuncts(node)
    for part in wanted:
        if isinstance(part, Term | Range):
            leaves: tuple[Term | Range, ...] = (part,)
            piece = limit(part)
        else:
            leaves = _alternatives(part)
            piece = either(leaves) if either and len(leaves) > 1 else Piece()
        if piece.sent or piece.why:
            limits.append(Limit(leaves, piece))
        else:
            others.append(part)
    return Conjuncts(tuple(others), unwanted), tuple(limits)


def _alternatives(node: Node) -> tuple[Term | Range, ...]:
    """Return the clauses of a list of nothing but OR; () when it is none."""
    match node:
        case Term() | Range():
            return (node,)
        case Group():
            return _alternatives(node.body)
        case Chain() if all(join.operator == "OR" for join in node.joins):
            parts = [_alternatives(part) for part in node.parts]
            return tuple(leaf for part in parts for leaf in part) if all(parts) else ()
        case _:
            return ()


def say_all(parts: Conjuncts, source: str, speak: Speak) -> Said:
    """Return parts that must all hold, or must not, in a service's words.

    >>> say_all(Conjuncts(), "", lambda leaf: Piece()).text
    ''
    """
    wanted, unwanted = parts
    if not wanted:
        lost = (say_tree(part, source, lambda _leaf: _NOTHING) for part in unwanted)
        return Said(clauses=tuple(clause for said in lost for clause in said.clauses))
    joins = [Join("AND", "", part.start, part.start) for part in wanted[1:]]
    joins += [Join("NOT", "", part.start, part.start) for part in unwanted]
    if not joins:
        return say_tree(wanted[0], source, speak)
    both = wanted + unwanted
    chain = Chain(both[0].start, both[-1].end, both, tuple(joins))
    return say_tree(chain, source, speak)


_NOTHING = Piece(why="Nothing is sent that it could be taken away from.")


def add_limits(
    saids: tuple[Said, ...], limits: tuple[Limit, ...], source: str, text: str
) -> Said:
    """Return parts that must all hold, and limits, as one that reads `text`.

    >>> limits = (Limit((Term(0, 4, "2020"),), Piece("y")),)
    >>> add_limits((Said(),), limits, "2020", "y").clauses[0].sent
    'y'
    """
    clauses = [clause for said in saids for clause in _left_out(said, told=bool(text))]
    pieces = [piece for _, piece in limits]
    for leaves, piece in limits:
        why = piece.why if piece.sent else f"{piece.why} {LEFT_OUT}".strip()
        for leaf in leaves:
            clause = make_clause(source, leaf.start, leaf.end, piece)
            clauses.append(clause._replace(why=why))
    lost = any(said.clauses and not said.text for said in saids)
    lost = lost or not all(piece.sent for piece in pieces)
    sent = [piece for piece in pieces if piece.sent]
    kept = [said for said in saids if said.text]
    return Said(
        text,
        "AND",
        tuple(clauses),
        lost or any(p.wider for p in sent) or any(s.wider for s in kept),
        any(p.narrower for p in sent) or any(s.narrower for s in kept),
        any(p.subject for p in sent) or any(s.subject for s in kept),
    )


def _left_out(said: Said, *, told: bool) -> tuple[Clause, ...]:
    """Return receipts; those of a part of which nothing is sent say what that does."""
    if said.text or not told:
        return said.clauses
    return tuple(
        clause._replace(why=f"{clause.why} {LEFT_OUT}".strip())
        if LEFT_OUT not in clause.why
        else clause
        for clause in said.clauses
    )


def find_bounds(query: Query) -> Days | None:
    """Return the days of publication that a query asks for beside its text.

    None when it names none.

    >>> find_bounds(Query(text="tea", since="2015", until="2016/02"))
    Days(first='2015-01-01', last='2016-02-29')
    """
    if not query.since and not query.until:
        return None
    return make_days(query.since, query.until)


def make_translation(
    query: Query, said: Said, params: Params, bound: Piece | None = None
) -> Translation:
    """Return what is sent for a query, with the receipts in the order of its text.

    Nothing is sent when nothing is left that says what the search is about: what asks
    for a topic and only sends a year would bring everything of that year.

    Args:
        said: the whole text in the service's words, limits included.
        params: as the service takes them, the bounds included.
        bound: what became of the query's own since and until.
    """
    clauses = sorted(said.clauses, key=lambda clause: clause.start)
    lost = any(clause.fidelity is Fidelity.UNSUPPORTED for clause in clauses)
    wider, narrower = said.wider, said.narrower
    if bound is not None:
        end = len(query.text)
        span = f"published {query.since or '…'}–{query.until or '…'}"
        clause = make_clause(query.text, end, end, bound)
        clauses.append(clause._replace(text=span))
        wider, narrower = (
            wider or bound.wider or not bound.sent,
            narrower or bound.narrower,
        )
    if not said.text or (lost and not said.subject):
        dropped = [_unsent(clause) for clause in clauses]
        return Translation(sent="", clauses=tuple(dropped), whole=Fidelity.UNSUPPORTED)
    shown = " ".join(value for _, value in params)
    if len(params) > 1:
        shown = " ".join(f"{name}={value}" for name, value in params)
    whole = decide_fidelity(said._replace(wider=wider, narrower=narrower))
    return Translation(sent=shown, params=params, clauses=tuple(clauses), whole=whole)


def _unsent(clause: Clause) -> Clause:
    if not clause.sent:
        return clause
    why = "Nothing is sent, for nothing that says what the search is about can be."
    return clause._replace(sent="", fidelity=Fidelity.UNSUPPORTED, why=why)

"""Lints of how clauses are combined: what left to right does, and what MeSH misses."""

import re
from collections.abc import Iterator

from assay.query.clauses import field_of
from assay.query.lint_codes import Lint
from assay.query.render import render_plain, render_query
from assay.query.sending import find_conjuncts
from assay.query.services import CHECK_TAGS, find_filter
from assay.query.tokens import STRAIGHT
from assay.query.tree import Chain, Group, Lost, Node, Term, find_leaves
from assay.text import fold

INDEXED = frozenset(
    {"meshterms", "meshmajortopic", "meshsubheading", "pharmacologicalaction"}
)
"""Fields that a record has only once people or programs at NLM have indexed it."""


def lint_structure(tree: Node, text: str) -> Iterator[Lint]:
    """Yield what is odd about how the clauses of a query are combined.

    >>> from assay.query.parse import parse_query
    >>> text = "tea[ti] OR milk[ti] AND rest[ti]"
    >>> [lint.fix for lint in lint_structure(parse_query(text).tree, text)]
    ['(tea[ti] OR milk[ti]) AND rest[ti]']
    """
    for chain in _chains(tree):
        yield from _lint_order(chain, text)
        yield from _lint_signs(chain, text)
        yield from _lint_not(chain)
        yield from _lint_repeated(chain)
    for part in find_conjuncts(tree).wanted:
        if _only_indexed(part):
            message = (
                "Only MeSH is asked for here: records that are not indexed yet, which "
                "all new ones are, are missed. Add words with [tiab]."
            )
            yield Lint("mesh-only", message, part.start, part.end)


def _chains(node: Node) -> Iterator[Chain]:
    match node:
        case Group():
            yield from _chains(node.body)
        case Chain():
            yield node
            for part in node.parts:
                yield from _chains(part)


def _lint_order(chain: Chain, text: str) -> Iterator[Lint]:
    """Yield a chain that left to right reads otherwise than AND before OR would."""
    operators = [join.operator for join in chain.joins]
    if "OR" not in operators:
        return
    after = operators[operators.index("OR") :]
    if set(after) == {"OR"}:
        return
    plain = render_plain(chain)
    shown = plain if len(plain) < 100 else "(… OR …) AND …"
    message = f"PubMed reads strictly from left to right: {shown}."
    written = fold(text[chain.start : chain.end].translate(STRAIGHT))
    sound = re.sub(r"\s", "", render_query(chain)) == re.sub(r"\s", "", written)
    fix = plain if sound else None  # else what is wrong would vanish without a word
    yield Lint("mixed-operators", message, chain.start, chain.end, fix)


def _lint_signs(chain: Chain, text: str) -> Iterator[Lint]:
    for join in chain.joins:
        if join.written not in {"&", "|"}:
            continue
        apart = text[join.start - 1 : join.start].isspace() and (
            text[join.end : join.end + 1].isspace()
        )
        message = f"PubMed reads {join.written} as {join.operator}."
        fix = join.operator if apart else None
        yield Lint("sign-operator", message, join.start, join.end, fix)


def _lint_not(chain: Chain) -> Iterator[Lint]:
    for join, part in zip(chain.joins, chain.parts[1:], strict=True):
        if join.operator != "NOT":
            continue
        leaves = [leaf for leaf in find_leaves(part) if isinstance(leaf, Term)]
        if [leaf.text.lower() for leaf in leaves] == ["animals"]:
            message = (
                "This drops studies of animals and people alike; "
                "NOT (animals[mh] NOT humans[mh]) keeps the people's."
            )
            yield Lint("not-animals", message, part.start, part.end)
        for inner in _chains(part):
            yield from _lint_inner(inner)


def _lint_inner(chain: Chain) -> Iterator[Lint]:
    """Yield what takes away records for lacking headings that nobody gave them yet."""
    for number, join in enumerate(chain.joins, 1):
        before = chain.parts[:number]
        if (
            join.operator == "NOT"
            and _only_indexed(chain.parts[number])
            and not all(map(_only_indexed, before))
        ):
            message = (
                "Records that are not indexed yet lack these headings, so they are "
                "taken away as well."
            )
            yield Lint("not-unindexed", message, chain.start, chain.end)


def _lint_repeated(chain: Chain) -> Iterator[Lint]:
    seen: set[str] = set()
    for number, part in enumerate(chain.parts):
        alone = isinstance(part, Term) and (
            number == 0 or chain.joins[number - 1].operator == "OR"
        )
        written = render_query(part).lower() if alone else ""
        if written and written in seen:
            message = f"{render_query(part)} stands in this list already."
            yield Lint("repeated-clause", message, part.start, part.end)
        seen.add(written)


def _only_indexed(node: Node) -> bool:
    leaves = [leaf for leaf in find_leaves(node) if not isinstance(leaf, Lost)]
    return bool(leaves) and all(
        field_of(leaf) in INDEXED or find_filter(leaf) in CHECK_TAGS for leaf in leaves
    )

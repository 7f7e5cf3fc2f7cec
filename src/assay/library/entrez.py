"""What esearch is asked, as one search: term, field, dates, order, earlier sets.

Parameters mean what they mean to NCBI (Entrez Programming Utilities Help, chapter 4):
`field` goes to every part without a tag of its own, dates are ANDed, `#1` in a term is
a set of the same session.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from assay.library.boolean import MAX_DEPTH, MAX_LETTERS, TOO_DEEP, parse_search
from assay.library.search_cost import MOST_COST, TOO_DEAR, cost_of, merge_numbers
from assay.library.search_read import Explode, no_explosion
from assay.library.search_tree import (
    Either,
    Every,
    Node,
    Numbers,
    Without,
    depth_of,
)
from assay.query.parse import parse_query
from assay.query.render import render_query
from assay.query.tree import Chain, Group, Tag, Term
from assay.query.tree import Node as QueryNode

DATE_TAGS = {
    "": "dp", "pdat": "dp", "edat": "edat", "mdat": "lr", "crdt": "crdt",
    "mhda": "mhda", "ppdt": "ppdat", "epdt": "epdat", "dp": "dp", "lr": "lr",
}  # fmt: skip
"""What `datetype` may be, in small letters, and the tag that it stands for."""

SORTS = {
    "": "added", "most recent": "added", "recently added": "added", "date": "added",
    "relevance": "relevance", "best match": "relevance",
    "pub_date": "pub_date", "pub date": "pub_date", "publication date": "pub_date",
    "pubdate": "pub_date", "author": "Author", "first author": "Author",
    "journalname": "JournalName", "journal": "JournalName",
}  # fmt: skip
"""What `sort` may be, in small letters, and the order that it stands for."""

FAR = "3000"
"""The year that stands for no end, as in PubMed's own searches."""

_SET = re.compile(r'"[^"]*"|#(\d{1,4})\b')
_MARKS = re.compile(r"999(\d{6})\[uid\]")
_MARK = 999_000_000
"""Above every PMID: a number of this size stands for a set while a term is read."""


class Question(NamedTuple):
    """What is searched for."""

    term: str
    field: str = ""
    """A tag for every part of the term that has none."""
    datetype: str = ""
    first: str = ""
    """First day, month or year; "" for no bound."""
    last: str = ""
    sort: str = ""


class Read(NamedTuple):
    """A question as a tree, and how it was understood."""

    tree: Node | None
    """None: nothing to look for is left."""
    translation: str = ""
    sort: str = "added"
    ignored: tuple[str, ...] = ()
    """What was left out or read in another way, one sentence each."""


def read_question(
    asked: Question, sets: Mapping[int, Node], explode: Explode = no_explosion
) -> Read:
    """Return what is to be looked up; never fails.

    Args:
        asked: the question.
        sets: what the sets of the session ask for, by their numbers.
        explode: which headings are narrower than one.

    >>> read_question(Question("tea", field="ti", first="2020"), {}).translation
    'tea[ti] AND 2020:3000[dp]'
    """
    if len(asked.term) > MAX_LETTERS:  # which it says itself, sooner
        return Read(None, ignored=parse_search(asked.term).ignored)
    ignored: list[str] = []
    parts: list[Node] = []
    shown: list[str] = []
    if asked.term.strip():
        term, text = _term(asked, sets, explode, ignored)
        shown.append(text)
        if term is None:
            return Read(None, text, ignored=tuple(ignored))
        parts.append(term)
    if asked.first or asked.last:
        span = _span(asked, ignored)
        found = parse_search(span)
        ignored += found.ignored
        parts += [found.tree] if found.tree else []
        shown = [f"({text})" if " " in text else text for text in shown] + [span]
    tree = parts[0] if len(parts) == 1 else Every(tuple(parts)) if parts else None
    if tree is not None:
        if depth_of(tree) > MAX_DEPTH:
            return Read(None, ignored=(f"The search was not made: {TOO_DEEP}.",))
        tree = merge_numbers(tree)
        if cost_of(tree) > MOST_COST:
            return Read(None, ignored=(TOO_DEAR,))
    return Read(tree, " AND ".join(shown), _sort(asked.sort, ignored), tuple(ignored))


def find_sets(term: str) -> frozenset[int]:
    """Return the numbers of the sets that a term names.

    >>> find_sets('#2 AND tea OR "#3"')
    frozenset({2})
    """
    return frozenset(int(found[1]) for found in _SET.finditer(term) if found[1])


def days_until(today: date, days: int) -> tuple[str, str]:
    """Return the first and last day of the last so many days, as `reldate` has them.

    >>> days_until(date(2026, 3, 1), 1)
    ('2026/02/28', '2026/03/01')
    >>> days_until(date(2026, 3, 1), 10**9)[0]
    '0001/01/01'
    """
    first = today - timedelta(days=min(days, today.toordinal() - 1))
    # not %Y: it writes the year 1 with one digit
    return first.isoformat().replace("-", "/"), today.isoformat().replace("-", "/")


def find_clauses(
    term: str, field: str = "", explode: Explode = no_explosion
) -> Iterator[tuple[str, Node]]:
    """Yield each clause of a term as it was typed, with what it asks for.

    >>> [text for text, _ in find_clauses("tea AND (cup OR pot)")]
    ['tea', 'cup', 'pot']
    """
    tree = parse_query(term).tree
    waiting = [] if tree is None else [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Group):
            waiting.append(node.body)
        elif isinstance(node, Chain):
            waiting += reversed(node.parts)
        else:
            text = render_query(_tagged(node, field))
            asked = parse_search(text, explode).tree
            if asked is not None:
                yield render_query(node), asked


def _term(
    asked: Question, sets: Mapping[int, Node], explode: Explode, ignored: list[str]
) -> tuple[Node | None, str]:
    """Return what the term asks for, and how it is shown."""
    named: Counter[int] = Counter()

    def mark(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0]
        named[int(found[1])] += 1
        return f"{_MARK + int(found[1])}[uid]"

    marked = _SET.sub(mark, asked.term)
    if unknown := sorted(named.keys() - sets.keys()):
        ignored += [f"Unable to obtain query #{number}" for number in unknown]
        return None, asked.term
    if sum(cost_of(sets[key]) * times for key, times in named.items()) > MOST_COST:
        ignored.append(TOO_DEAR)  # before they are put in: sets of sets grow fast
        return None, asked.term
    query = parse_query(marked).tree
    shown = marked if query is None else render_query(_tagged(query, asked.field))
    text = shown if asked.field.strip() else marked  # with whatever is wrong with it
    parsed = parse_search(text, explode)
    ignored += parsed.ignored
    tree = parsed.tree
    if tree is not None and marked != asked.term:
        tree = _with_sets(tree, sets)
    return tree, _MARKS.sub(_numbered, shown)


def _numbered(mark: re.Match[str]) -> str:
    return f"#{int(mark[1])}"


def _tagged(node: QueryNode, field: str) -> QueryNode:
    """Return a query with a tag on every part that has none."""
    if not field.strip():
        return node
    match node:
        case Group():
            return replace(node, body=_tagged(node.body, field))
        case Chain():
            parts = tuple(_tagged(part, field) for part in node.parts)
            return replace(node, parts=parts)
        case Term(tag=None):
            name = re.sub(r"[^\w /-]", "", field).strip()
            return replace(node, tag=Tag(name, "", node.end, node.end))
        case _:
            return node


def _with_sets(tree: Node, sets: Mapping[int, Node]) -> Node:
    """Return a tree with its sets in the place of the numbers that stood for them."""
    match tree:
        case Every() | Either():
            parts = tuple(_with_sets(part, sets) for part in tree.parts)
            return replace(tree, parts=parts)
        case Without():
            return Without(_with_sets(tree.left, sets), _with_sets(tree.right, sets))
        case Numbers(field="pmid", values=(number,)) if number - _MARK in sets:
            return sets[number - _MARK]
        case _:
            return tree


def _span(asked: Question, ignored: list[str]) -> str:
    kind = asked.datetype.strip().lower()
    if kind not in DATE_TAGS:
        ignored.append(f"The datetype {kind[:20]} is not known; pdat was taken.")
    tag = DATE_TAGS.get(kind, "dp")
    return f"{asked.first or '1'.zfill(4)}:{asked.last or FAR}[{tag}]"


def _sort(wanted: str, ignored: list[str]) -> str:
    name = " ".join(wanted.replace("+", " ").lower().split())
    if name not in SORTS:
        ignored.append(f"The order {name[:40]} is not known; the newest stand first.")
    return SORTS.get(name, "added")

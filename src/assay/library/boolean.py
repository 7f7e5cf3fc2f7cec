"""A search in PubMed's syntax as a tree: what is asked, before anything is looked up.

The grammar is that of `query.parse`; here its tree is put in the words of the library's
own index, and what these cannot say is left out and named.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from assay.library.search_clauses import read_clause
from assay.library.search_read import Explode, no_explosion
from assay.library.search_tree import (
    Either,
    Every,
    Node,
    Span,
    Without,
    Words,
    count_terms,
    depth_of,
)
from assay.library.search_words import split_words
from assay.query import tree as query
from assay.query.parse import parse_query
from assay.query.render import render_query

MIN_STEM = 3
"""Letters that must stand before a * in a term of a claim."""

MAX_DEPTH = 50
"""Parts within parts of a search; PubMed's own strategies stay below ten. Reading a
tree takes stack at every level: half a megabyte, the least that a thread has anywhere
Python is common, sufficed for 100 levels and not for 120."""

MAX_LETTERS = 200_000
"""Letters in a search. The longest published strategies have some 30,000."""

MAX_TERMS = 10_000
"""Words, values and numbers that are looked up for one search, as `count_terms` counts
them. The longest published strategies have some 2,000, with 200 stars."""

TOO_DEEP = (
    f"it is nested more than {MAX_DEPTH} deep (AND and OR by turns nest as well: put "
    "what belongs together in one pair of parentheses)"
)
TOO_LONG = f"it has more than {MAX_LETTERS:,} letters"
TOO_MANY = f"it has more than {MAX_TERMS:,} terms"


class Parsed(NamedTuple):
    """A search as a tree, with what could not be understood."""

    tree: Node | None
    """None: nothing to look for is left."""
    ignored: tuple[str, ...] = ()
    """What was left out or read in another way, one sentence each."""
    told: tuple[str, ...] = ()
    """What was looked for beyond what was written, one sentence each."""
    refused: str = ""
    """Why the search as a whole is not made, one sentence: it is too large."""


def words_of(term: str, field: str = "text") -> Words | None:
    """Return a term as it is looked up; None when it holds no letter or digit.

    A * at the end lets the last word go on, if three letters stand before it.

    >>> words_of("sleep laten*")
    Words(field='text', words=('sleep', 'laten'), prefix=True)
    """
    words = tuple(split_words(term))
    if not words:
        return None
    stem = term.rstrip()
    open_end = stem.endswith("*") and stem[-2:-1].isalnum()
    return Words(field, words, open_end and len(words[-1]) >= MIN_STEM)


def groups_tree(groups: Iterable[Iterable[str]]) -> Every | None:
    """Return groups of terms as a tree: one term at least of every group.

    None when there is no group, or one without a term that can be looked up: then
    nothing can be found.

    >>> groups_tree([["kratom"], ["sleep", "insomnia"]]).parts[0].parts[0].words
    ('kratom',)
    """
    parts = tuple(
        Either(tuple(filter(None, (words_of(term) for term in group))))
        for group in groups
    )
    return Every(parts) if parts and all(part.parts for part in parts) else None


def parse_search(text: str, explode: Explode = no_explosion) -> Parsed:
    """Return a search in PubMed's syntax as a tree.

    Never fails: what cannot be read is left out and named in `ignored`; a search that
    is too large for anybody to have meant it is `refused`.

    Args:
        text: the search; "last 5 years" and the like already settled.
        explode: which headings are narrower than one.

    >>> parse_search('kratom (sleep[ti] OR insomni*) NOT "case reports"[pt]').ignored
    ()
    >>> parse_search("tea[pa]").ignored
    ('tea[pa] was left out: no record says it.',)
    """
    if len(text) > MAX_LETTERS:
        return _refused(TOO_LONG)
    parsed = parse_query(text)
    if parsed.tree is None:
        first = parsed.faults[0]
        if first.code == "empty":
            return Parsed(None, ("There is nothing in it to look for.",))
        return (
            _refused(first.message.rstrip("."))
            if first.code == "too-deep"
            else (Parsed(None, (f"The search was left out: {first.message}",)))
        )
    compiler = _Compiler(explode)
    tree = compiler.compiled(parsed.tree)
    if compiler.terms > MAX_TERMS:
        return _refused(TOO_MANY)
    if tree is not None and depth_of(tree) > MAX_DEPTH:
        return _refused(TOO_DEEP)
    faults = (fault.message for fault in parsed.faults)
    ignored = tuple(dict.fromkeys((*faults, *compiler.ignored)))
    return Parsed(tree, ignored, tuple(dict.fromkeys(compiler.told)))


def _refused(why: str) -> Parsed:
    sentence = f"The search was not made: {why}."
    return Parsed(None, (sentence,), refused=sentence)


def parse_days(text: str, field: str) -> Node | None:
    """Return a day, month, year, or a span of them; None if it is none.

    >>> parse_days("2019/05:2020", "created")
    Span(field='created', first=20190500, last=20209999)
    """
    first, colon, last = (part.strip() for part in text.partition(":"))
    start, end = _DAY.fullmatch(first), _DAY.fullmatch(last if colon else first)
    if not start or not end:
        return None
    span = Span(field, _number(start, 0), _number(end, 99))
    if field != "published" or not colon:
        return span
    return Either((span, span._replace(field="published_late")))


def _number(day: re.Match[str], missing: int) -> int:
    year, month, date = (int(part) if part else missing for part in day.groups())
    return year * 10_000 + month * 100 + date


_DAY = re.compile(r"(\d{4})(?:/(\d{1,2})(?:/(\d{1,2}))?)?")


class _Compiler:
    """Puts a query's tree in the library's words."""

    def __init__(self, explode: Explode) -> None:
        self.explode = explode
        self.ignored: list[str] = []
        self.told: list[str] = []
        self.terms = 0

    def compiled(self, node: query.Node) -> Node | None:
        match node:
            case query.Group():
                return self.compiled(node.body)
            case query.Chain():
                tree = self.compiled(node.parts[0])
                for operator, parts in query.split_runs(node)[1:]:
                    right = [self.compiled(part) for part in parts]
                    tree = self.combined(tree, operator, right)
                return tree
            case query.Lost():
                return None  # it is told of among the faults
            case _:
                return self.clause(node)

    def combined(
        self, left: Node | None, operator: str, right: list[Node | None]
    ) -> Node | None:
        known = [node for node in right if node is not None]
        if operator == "NOT":
            if left is None and known:
                self.ignored.append("NOT without anything before it was left out.")
            if left is None or not known:
                return left
            return Without(left, known[0] if len(known) == 1 else Either(tuple(known)))
        kind = Every if operator == "AND" else Either
        before: tuple[Node, ...] = () if left is None else (left,)
        if isinstance(left, kind) and left.parts:
            before = left.parts
        parts = (*before, *known)
        return parts[0] if len(parts) == 1 else kind(parts) if parts else None

    def clause(self, leaf: query.Leaf) -> Node | None:
        read = read_clause(leaf, self.explode)
        self.ignored += [f"{render_query(leaf)}: {said}" for said in read.ignored]
        self.told += read.told
        if read.tree is None:
            self.ignored.append(f"{render_query(leaf)} was left out: {read.why}.")
            return None
        self.terms += count_terms(read.tree)
        return read.tree

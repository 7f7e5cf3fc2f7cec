"""A search in PubMed's syntax as a tree: what is asked, before anything is looked up.

The grammar is that of `query.parse`; here its tree is put in the words of the library's
own index, and what these cannot say is left out and named.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from assay.library.searchable import DATE_FIELDS, split_words
from assay.query import fields
from assay.query import tree as query
from assay.query.parse import parse_query
from assay.query.render import render_query

MIN_STEM = 3
"""Letters that must stand before a *."""

MAX_DEPTH = 200
"""Parts within parts of a search; PubMed's own strategies stay below ten."""

TOO_DEEP = f"The search was left out: it is nested more than {MAX_DEPTH} deep."

TAGS = {
    "text": ("all", "all fields", "tw", "text word", "text words"),
    "tiab": ("tiab", "title/abstract"),
    "title": ("ti", "title"),
    "mesh": ("mh", "mesh", "mesh terms", "mh:noexp", "mesh:noexp"),
    "majr": ("majr", "mj", "mesh major topic", "majr:noexp"),
    "substance": ("nm", "supplementary concept", "substance name"),
    "pubtype": ("pt", "publication type", "pt:noexp"),
    "author": ("au", "author"),
    "journal": ("ta", "journal", "jour"),
    "published": ("dp", "pdat", "date - publication", "publication date"),
    "created": ("crdt", "date - create", "create date"),
    "id": ("pmid", "uid", "doi", "aid"),
}
"""Fields of the library → the PubMed tags, in small letters, that name them."""

FIELDS = {tag: field for field, tags in TAGS.items() for tag in tags}

STOPWORDS = fields.STOPWORDS | {"or"}
"""Words that PubMed passes over where they stand alone (PubMed help)."""


class Words(NamedTuple):
    """A word, or several in a row; with `prefix` the last may go on."""

    field: str
    words: tuple[str, ...]
    prefix: bool = False


class Days(NamedTuple):
    """A span of days, both ends included, as numbers such as 20210314."""

    field: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Every:
    """All of the parts (AND); of none: everything."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of the parts (OR); of none: nothing."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The left part, but not the right one (NOT)."""

    left: "Node"
    right: "Node"


Node: TypeAlias = Words | Days | Every | Either | Without


class Parsed(NamedTuple):
    """A search as a tree, with what could not be understood."""

    tree: Node | None
    """None: nothing to look for is left."""
    ignored: tuple[str, ...] = ()
    """What was left out or read in another way, one sentence each."""


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


def parse_search(text: str) -> Parsed:
    """Return a search in PubMed's syntax as a tree.

    Never fails: what cannot be read is left out and named in `ignored`.

    >>> parse_search('kratom (sleep[ti] OR insomni*) NOT "case reports"[pt]').ignored
    ()
    >>> parse_search("harvard[ad]").ignored
    ('harvard[ad] was left out: the library cannot be searched by [ad].',)
    """
    parsed = parse_query(text)
    if parsed.tree is None:
        first = parsed.faults[0]
        if first.code == "empty":
            return Parsed(None, ("There is nothing in it to look for.",))
        return Parsed(None, (f"The search was left out: {first.message}",))
    compiler = _Compiler()
    tree = compiler.compiled(parsed.tree)
    if tree is not None and _depth(tree) > MAX_DEPTH:
        return Parsed(None, (TOO_DEEP,))
    faults = (fault.message for fault in parsed.faults)
    ignored = tuple(dict.fromkeys((*faults, *compiler.ignored)))
    return Parsed(tree, ignored)


def parse_days(text: str, field: str) -> Days | None:
    """Return a day, month, year, or a span of them as days; None if it is none.

    >>> parse_days("2019/05:2020", "published")
    Days(field='published', first=20190500, last=20209999)
    """
    first, colon, last = (part.strip() for part in text.partition(":"))
    start, end = _DAY.fullmatch(first), _DAY.fullmatch(last if colon else first)
    if not start or not end:
        return None
    return Days(field, _number(start, 0), _number(end, 99))


def _number(day: re.Match[str], missing: int) -> int:
    year, month, date = (int(part) if part else missing for part in day.groups())
    return year * 10_000 + month * 100 + date


_DAY = re.compile(r"(\d{4})(?:/(\d{1,2})(?:/(\d{1,2}))?)?")
_ID = re.compile(r"(?P<pmid>\d{5,8})|(?P<pmcid>PMC\d+)|(?P<doi>10\.\d{4,}/\S+)", re.I)


class _Compiler:
    """Puts a query's tree in the library's words."""

    def __init__(self) -> None:
        self.ignored: list[str] = []

    def compiled(self, node: query.Node) -> Node | None:
        match node:
            case query.Group():
                return self.compiled(node.body)
            case query.Chain():
                tree = self.compiled(node.parts[0])
                for join, part in zip(node.joins, node.parts[1:], strict=True):
                    tree = self.combined(tree, join.operator, self.compiled(part))
                return tree
            case query.Lost():
                return None  # it is told of among the faults
            case _:
                return self.term(node)

    def combined(
        self, left: Node | None, operator: str, right: Node | None
    ) -> Node | None:
        if left is None and operator == "NOT":
            self.ignored.append("NOT without anything before it was left out.")
            return None
        if left is None or right is None:
            return left or right
        if operator == "NOT":
            return Without(left, right)
        kind = Every if operator == "AND" else Either
        parts = left.parts if isinstance(left, kind) else (left,)
        return kind((*parts, right))

    def term(self, leaf: query.Term | query.Range) -> Node | None:
        text = _text(leaf)
        field = "text" if leaf.tag is None else FIELDS.get(_plain(leaf.tag), "")
        loose = isinstance(leaf, query.Term) and not leaf.quoted and leaf.tag is None
        tree: Node | None
        if not field:
            tree, why = None, f"the library cannot be searched by {_shown(leaf.tag)}"
        elif field in DATE_FIELDS:
            tree, why = parse_days(text, field), "it is no date such as 2020/05/31"
        elif field == "id" or (leaf.tag is None and _are_ids(text)):
            tree, why = _ids(text), "it is no PMID, PMCID or DOI"
        else:
            tree = _each(text) if loose else words_of(text, field)
            why = "there is no word in it to look for"
        if tree is None:
            self.ignored.append(f"{render_query(leaf)} was left out: {why}.")
        return tree


def _text(leaf: query.Term | query.Range) -> str:
    if isinstance(leaf, query.Range):
        return f"{leaf.first}:{leaf.last}"
    return leaf.text


def _shown(tag: query.Tag | None) -> str:
    return f"[{':'.join(filter(None, tag[:2]))}]" if tag else ""


def _plain(tag: query.Tag) -> str:
    """Return a tag in small letters, single blanks, with its modifier."""
    return ":".join(filter(None, tag[:2])).lower()


def _depth(tree: Node) -> int:
    depth, level = 0, [tree]
    while level:
        depth += 1
        level = [part for node in level for part in _parts(node)]
    return depth


def _parts(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Without):
        return node.left, node.right
    return node.parts if isinstance(node, Every | Either) else ()


def _each(text: str) -> Node | None:
    """Return loose words as PubMed takes them: all of them, stopwords passed over."""
    words = [word for word in text.split() if word.lower() not in STOPWORDS]
    parts = tuple(filter(None, map(words_of, words)))
    return parts[0] if len(parts) == 1 else Every(parts) if parts else None


def _are_ids(text: str) -> bool:
    return bool(text) and all(map(_ID.fullmatch, text.split()))


def _ids(text: str) -> Node | None:
    matches = list(map(_ID.fullmatch, text.split()))
    keys = [
        f"{m.lastgroup}:{m[0].upper() if m['pmcid'] else m[0].lower()}"
        for m in matches
        if m
    ]
    parts = tuple(Words("id", (key,)) for key in keys)
    return Either(parts) if parts else None

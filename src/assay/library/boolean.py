"""A search in PubMed's syntax as a tree: what is asked, before anything is looked up.

The grammar is PubMed's, as its help describes it: AND, OR and NOT in capitals, read
strictly from left to right; parentheses; quoted phrases; * at the end of a word; a tag
in brackets binds to the term before it. Words side by side are joined by AND.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from assay.library.searchable import DATE_FIELDS, split_words

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

STOPWORDS = frozenset(
    """
    a about again all almost also although always among an and another any are as at be
    because been before being between both but by can could did do does done due during
    each either enough especially etc for found from further had has have having here
    how however i if in into is it its itself just kg km made mainly make may mg might
    ml mm most mostly must nearly neither no nor obtained of often on or our overall
    perhaps pmid quite rather really regarding seem seen several should show showed
    shown shows significantly since so some such than that the their theirs them then
    there therefore these they this those through thus to upon various very was we were
    what when which while with within without would
    """.split()
)
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
    reader = _Reader(text)
    try:
        tree = reader.read()
    except RecursionError:
        return Parsed(None, (TOO_DEEP,))
    if tree is not None and _depth(tree) > MAX_DEPTH:
        return Parsed(None, (TOO_DEEP,))
    if tree is None and not reader.ignored:
        return Parsed(None, ("There is nothing in it to look for.",))
    return Parsed(tree, tuple(reader.ignored))


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


_TOKEN = re.compile(
    r"""(?P<open>\() | (?P<close>\)) | \[(?P<tag>[^\]]*)\]? | "(?P<phrase>[^"]*)"?
      | (?P<sign>[&|]) | (?P<word>[^\s()\[\]"&|]+)""",
    re.VERBOSE,
)
_QUOTES = str.maketrans("“”„", '"""')
_SIGNS = {"&": "AND", "|": "OR"}
_OPERATORS = frozenset({"AND", "OR", "NOT"})
_DAY = re.compile(r"(\d{4})(?:/(\d{1,2})(?:/(\d{1,2}))?)?")
_ID = re.compile(r"(?P<pmid>\d{5,8})|(?P<pmcid>PMC\d+)|(?P<doi>10\.\d{4,}/\S+)", re.I)


class _Reader:
    """Reads one search from left to right."""

    def __init__(self, text: str) -> None:
        found = _TOKEN.finditer(text.translate(_QUOTES))
        self.tokens = [(str(m.lastgroup), m[str(m.lastgroup)]) for m in found]
        self.at = 0
        self.ignored: list[str] = []

    def read(self) -> Node | None:
        tree = self.expression()
        while self.take("close") is not None:
            self.ignored.append("A closing parenthesis without an opening one.")
            tree = self.combined(tree, "AND", self.expression())
        return tree

    def take(self, kind: str) -> str | None:
        """Return the next token's text and step on, if it is of that kind."""
        if self.at < len(self.tokens) and self.tokens[self.at][0] == kind:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def expression(self) -> Node | None:
        tree: Node | None = None
        operator = "AND"
        while self.at < len(self.tokens) and self.tokens[self.at][0] != "close":
            sign = self.operator()
            if sign:
                operator = sign
                continue
            tree = self.combined(tree, operator, self.operand())
            operator = "AND"
        return tree

    def operator(self) -> str:
        kind, text = self.tokens[self.at]
        if kind == "sign" or (kind == "word" and text in _OPERATORS):
            self.at += 1
            return _SIGNS.get(text, text)
        return ""

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

    def operand(self) -> Node | None:
        if self.take("open") is not None:
            return self.group()
        phrase = self.take("phrase")
        text = self.words() if phrase is None else phrase
        tag = self.take("tag")
        field = "text" if tag is None else FIELDS.get(_plain(tag), "")
        if field in DATE_FIELDS and self.take_colon():
            text = f"{text}:{self.take('phrase') or self.take('word') or ''}"
            self.take("tag")
        shown = text if phrase is None else f'"{phrase}"'
        if tag is not None:
            shown += f"[{tag}]"
        return self.term(text, field, tag, shown, quoted=phrase is not None)

    def group(self) -> Node | None:
        tree = self.expression()
        if self.take("close") is None:
            self.ignored.append("A parenthesis that is never closed.")
        if (tag := self.take("tag")) is not None:
            self.ignored.append(f"[{tag}] after a parenthesis binds to nothing.")
        return tree

    def words(self) -> str:
        found = []
        while self.at < len(self.tokens):
            kind, text = self.tokens[self.at]
            if kind != "word" or text in _OPERATORS:
                break
            found.append(text)
            self.at += 1
        return " ".join(found)

    def take_colon(self) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at] == ("word", ":"):
            self.at += 1
            return True
        return False

    def term(
        self, text: str, field: str, tag: str | None, shown: str, *, quoted: bool
    ) -> Node | None:
        tree: Node | None
        if not field:
            tree, why = None, f"the library cannot be searched by [{tag}]"
        elif field in DATE_FIELDS:
            tree, why = parse_days(text, field), "it is no date such as 2020/05/31"
        elif field == "id" or (tag is None and _are_ids(text)):
            tree, why = _ids(text), "it is no PMID, PMCID or DOI"
        else:
            loose = not quoted and tag is None
            tree = _each(text) if loose else words_of(text, field)
            why = "there is no word in it to look for"
        if tree is None:
            self.ignored.append(f"{shown} was left out: {why}.")
        return tree


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


def _plain(tag: str) -> str:
    return " ".join(tag.lower().split())


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

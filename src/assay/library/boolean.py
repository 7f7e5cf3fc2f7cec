"""A search in PubMed's syntax as a tree: what is asked, before anything is looked up.

The grammar is PubMed's, as its help describes it: AND, OR and NOT in capitals, read
strictly from left to right; parentheses; quoted phrases; * at the end of a word; a tag
in brackets binds to the term before it. Words side by side are joined by AND.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from assay.library.searchable import split_words

MIN_STEM = 3
"""Letters that must stand before a *."""

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
    ml mm most mostly must nearly neither no nor obtained of often on our overall
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

"""A search as a tree in the words of the index: all that is to be looked up."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb, factorial
from typing import Literal, NamedTuple, TypeAlias

STAR = 20
"""Words that one which may go on counts for: it took some ten times as long as a word
to be looked up among 50,000 records, and its continuations grow with the records."""


class Words(NamedTuple):
    """A word, or several in a row; with `prefix` the last may go on."""

    field: str
    """A level, or a field of words (library/search_fields.py)."""
    words: tuple[str, ...]
    prefix: bool = False


class Near(NamedTuple):
    """Words in one value of a field, in any order, few others between them."""

    field: str
    words: tuple[str, ...]
    """Two or more, each once: it is not asked how often one stands there."""
    between: int
    """Most other words from the first of them to the last, 0 or more."""


More: TypeAlias = Literal["", "letters", "words"]
"""What may follow in the record's value: nothing, anything, or whole words."""


class Value(NamedTuple):
    """A whole value of a field of values: any one of these."""

    field: str
    values: tuple[str, ...]
    more: More = ""


class Span(NamedTuple):
    """A number of a field from one to another, both included; days as 20210314."""

    field: str
    first: int
    last: int


class Numbers(NamedTuple):
    """Any one of these numbers."""

    field: str
    values: tuple[int, ...]


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


Node: TypeAlias = Words | Near | Value | Span | Numbers | Every | Either | Without


def either(parts: tuple[Node, ...]) -> Node:
    """Return one of several parts as a tree; one alone stands for itself.

    >>> either((Words("title", ("tea",)),))
    Words(field='title', words=('tea',), prefix=False)
    """
    return parts[0] if len(parts) == 1 else Either(parts)


def parts_of(node: Node) -> tuple[Node, ...]:
    """Return the parts of a node, () of one that has none.

    >>> parts_of(Every((Span("pmid", 1, 2),)))
    (Span(field='pmid', first=1, last=2),)
    """
    match node:
        case Without():
            return node.left, node.right
        case Every() | Either():
            return node.parts
        case _:
            return ()


def find_wanted(node: Node) -> Iterator[Node]:
    """Yield the leaves of a tree, without those that stand behind a NOT.

    >>> tea, cup = Words("all", ("tea",)), Words("all", ("cup",))
    >>> list(find_wanted(Without(tea, cup))) == [tea]
    True
    """
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Without):
            waiting.append(here.left)
        elif isinstance(here, Every | Either):
            waiting += reversed(here.parts)
        else:
            yield here


def count_places(words: int, between: int) -> int:
    """Return in how many ways so many words may stand near each other, 1 or more.

    >>> count_places(3, 1), count_places(2, 99)
    (18, 200)
    """
    return factorial(words) * comb(between + words - 1, words - 1)


def count_terms(tree: Node) -> int:
    """Return how much a clause asks for, in words that are looked up; 1 or more.

    Exploded headings count as one. What costs more counts for more: see STAR.

    >>> count_terms(Numbers("pmid", (90000001, 90000002)))
    2
    """
    match tree:
        case Words():
            return len(tree.words) + (STAR if tree.prefix else 0)
        case Near() if len(tree.words) > 2:
            return count_places(len(tree.words), tree.between)
        case Numbers():
            return len(tree.values)
        case Value() if tree.more:
            return STAR // 4 * len(tree.values)
        case _:
            return 1 + sum(map(count_terms, parts_of(tree)))


def depth_of(tree: Node) -> int:
    """Return how many levels of parts within parts a tree has, 1 or more.

    >>> depth_of(Every((Words("all", ("tea",)),)))
    2
    """
    depth, level = 0, [tree]
    while level:
        depth += 1
        level = [part for node in level for part in parts_of(node)]
    return depth

"""A query as a tree, each part with its place in the text it was read from.

Boolean operators stay in the order in which they were written, for PubMed reads them
strictly from left to right: `a OR b AND c` is one `Chain`, and means (a OR b) AND c.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

Operator: TypeAlias = Literal["AND", "OR", "NOT"]


class Tag(NamedTuple):
    """A field tag in brackets."""

    name: str
    """As written, without what follows a colon: "tiab", "MeSH Terms"."""
    modifier: str
    """What follows the colon, as written: "noexp", "~3"; "" for none."""
    start: int
    """Of its opening bracket."""
    end: int


class Join(NamedTuple):
    """What stands between two parts of a chain."""

    operator: Operator
    written: str
    """As written, e.g. "AND" or "&"; "" where parts stand side by side (AND)."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """A word, several words that belong together, or a phrase, with its tag."""

    start: int
    end: int
    """After the tag."""
    text: str
    """As written, without quotes and tag, white space made single blanks."""
    quoted: bool = False
    tag: Tag | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """From one date or number to another, both included."""

    start: int
    end: int
    first: str
    last: str
    tag: Tag
    first_tag: Tag | None = None
    """The tag behind the first of them, where it was written twice."""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """A part that asks for nothing that can be looked up."""

    start: int
    end: int
    text: str
    why: str
    """One plain sentence."""


@dataclass(frozen=True, slots=True)
class Group:
    """Something in parentheses."""

    start: int
    end: int
    body: "Node"
    tag: Tag | None = None
    """PubMed ignores it: a tag binds to a term only."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Two parts or more, combined strictly from left to right."""

    start: int
    end: int
    parts: tuple["Node", ...]
    joins: tuple[Join, ...]
    """One fewer than the parts."""


Leaf: TypeAlias = Term | Range | Lost
Node: TypeAlias = Term | Range | Lost | Group | Chain


def find_leaves(node: Node) -> Iterator[Leaf]:
    """Yield the clauses of a tree in the order in which they were written.

    >>> list(find_leaves(Group(0, 5, Term(1, 4, "tea"))))[0].text
    'tea'
    """
    match node:
        case Group():
            yield from find_leaves(node.body)
        case Chain():
            for part in node.parts:
                yield from find_leaves(part)
        case _:
            yield node


def split_runs(chain: Chain) -> tuple[tuple[Operator, tuple[Node, ...]], ...]:
    """Return a chain's parts, those with the same operator side by side together.

    The first part stands alone, with the operator of the run after it. Reading the
    runs from left to right is reading the chain.

    >>> a, b, c = (Term(0, 1, text) for text in "abc")
    >>> joins = (Join("OR", "OR", 0, 1), Join("AND", "", 0, 1))
    >>> [(how, len(parts)) for how, parts in split_runs(Chain(0, 1, (a, b, c), joins))]
    [('OR', 1), ('OR', 1), ('AND', 1)]
    """
    runs: list[tuple[Operator, list[Node]]] = []
    for join, part in zip(chain.joins, chain.parts[1:], strict=True):
        if runs and runs[-1][0] == join.operator:
            runs[-1][1].append(part)
        else:
            runs.append((join.operator, [part]))
    first: tuple[Operator, tuple[Node, ...]] = (runs[0][0], chain.parts[:1])
    return (first, *((how, tuple(parts)) for how, parts in runs))

"""Whether PubMed reads a query otherwise than it did the last time."""

from collections.abc import Iterable

from assay.query.parse import parse_query
from assay.query.render import render_query
from assay.query.tree import Chain, Group, Leaf, Node, find_leaves, split_runs

MOST = 8
"""Clauses that are named of those added, and of those gone."""


def find_changes(before: str, now: str) -> tuple[str, ...]:
    """Return what changed between two of PubMed's translations of one query.

    () when they mean the same, or when one of them is not known (""). The order of
    what stands side by side in AND or OR does not count, nor do case, white space and
    parentheses without effect.

    Args:
        before: `querytranslation` of an earlier run.
        now: that of this run.

    >>> tea, more = '"tea"[Title]', '"tea"[Title] OR "teas"[Title]'
    >>> print(*find_changes(tea, more))
    PubMed now reads your query differently: "teas"[Title] was added.
    >>> find_changes(more, '("teas"[Title]  OR "tea"[title])')
    ()
    """
    old, new = parse_query(before).tree, parse_query(now).tree
    if old is None or new is None:
        return ()
    meanings = _Meanings()
    if meanings.of(old) == meanings.of(new):
        return ()
    first, second = _clauses(old), _clauses(new)
    added = [text for key, text in second.items() if key not in first]
    gone = [text for key, text in first.items() if key not in second]
    told = [*_told(added, "was", "were", "added"), *_told(gone, "is", "are", "gone")]
    if not told:
        told = ["its clauses are the same, but are combined in another way"]
    return (f"PubMed now reads your query differently: {'; '.join(told)}.",)


def _told(clauses: list[str], one: str, many: str, what: str) -> Iterable[str]:
    if not clauses:
        return
    more = len(clauses) - MOST
    named = ", ".join(clauses[:MOST]) + (f" and {more} more" if more > 0 else "")
    yield f"{named} {one if len(clauses) == 1 else many} {what}"


def _clauses(tree: Node) -> dict[str, str]:
    """Return what each clause is compared by, and how it is written."""
    return {_key(leaf): render_query(leaf) for leaf in find_leaves(tree)}


def _key(leaf: Leaf) -> str:
    return render_query(leaf).lower()


class _Meanings:
    """Numbers for what trees mean: the same for all that mean the same."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, frozenset[int | str]], int] = {}
        self.members: list[tuple[str, frozenset[int | str]]] = []

    def number(self, how: str, members: frozenset[int | str]) -> int:
        meaning = (how, members)
        if meaning not in self.numbers:
            self.numbers[meaning] = len(self.members)
            self.members.append(meaning)
        return self.numbers[meaning]

    def of(self, node: Node) -> int:
        match node:
            case Group():
                return self.of(node.body)
            case Chain():
                return self.of_chain(node)
            case _:
                return self.number("clause", frozenset({_key(node)}))

    def of_chain(self, chain: Chain) -> int:
        runs = split_runs(chain)
        left = self.of(runs[0][1][0])
        for operator, parts in runs[1:]:
            numbers = [self.of(part) for part in parts]
            if operator == "NOT":
                right = sorted(set(numbers))
                left = self.number("NOT", frozenset({left, f"not {right}"}))
                continue
            members: set[int | str] = set()
            for number in (left, *numbers):
                how, inner = self.members[number]
                members |= inner if how == operator else {number}
            only = len(members) == 1
            left = left if only else self.number(operator, frozenset(members))
        return left

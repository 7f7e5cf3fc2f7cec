"""What one clause of a search asks of the index, and how the star in it is read."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from assay.library.search_tree import Node
from assay.query.clauses import MIN_STEM

Explode: TypeAlias = Callable[[str, str], tuple[str, ...]]
"""Kind (mesh, pubtype or subheading) and a name → the heading's name with those of all
narrower ones, as values; () where the name is not known."""


class Read(NamedTuple):
    """What a clause asks of the index."""

    tree: Node | None
    """None: it is left out, and `why` says the reason in a few words."""
    why: str = ""
    ignored: tuple[str, ...] = ()
    """What of it was changed, one sentence each."""
    told: tuple[str, ...] = ()
    """What was looked for beyond it, one sentence each."""


def no_explosion(_kind: str, _name: str) -> tuple[str, ...]:
    """Return () for every name: no heading is known.

    >>> no_explosion("mesh", "sleep")
    ()
    """
    return ()


def read_star(text: str) -> tuple[bool, str]:
    """Say whether the last word may go on, and what is wrong with the star if not.

    >>> read_star("sleep laten*"), read_star("sle*")[0]
    ((True, ''), False)
    """
    stem = text.rstrip()
    if "*" not in stem:
        return False, ""
    if not stem.endswith("*") or stem.count("*") > 1 or not stem[-2:-1].isalnum():
        return False, "A * counts only at the end of the last word."
    last = stem[:-1].split(" ")[-1]
    if sum(map(str.isalnum, last)) < MIN_STEM:
        return False, f"Fewer than {MIN_STEM} letters before a *: it was passed over."
    return True, ""

"""What every E-utility is handed, and which records a request means."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple, TypeAlias

from assay.edge.eutils_history import History, Kept
from assay.edge.eutils_shelf import Shelf
from assay.library.boolean import MAX_LETTERS
from assay.library.entrez import Question, Read, find_sets, read_question
from assay.library.search_tree import Node, Numbers
from assay.output.eutils import (
    LOST_SET,
    MOST_IDS,
    TOO_MANY_IDS,
    Asked,
    Reply,
    read_pmids,
)

MOST_NAMED = 100
"""Sets of a session that one search may rest on."""

SLOW_SORTS = frozenset({"Author", "JournalName"})
"""Orders by names, which take a tenth of a millisecond for every record passed."""

MOST_SLOW = 10_000
"""Records that are listed in such an order; NCBI lists 9,999 in any."""

TOO_SLOW = (
    f"In the order of {{}} only the first {MOST_SLOW:,} records are listed, and {{:,}} "
    "were found: ask for fewer at once, or in another order."
)

TOO_MANY_SETS = (
    f"The search was not made: it rests on more than {MOST_NAMED} earlier sets, or on "
    "sets whose searches are too long together. Write it out anew."
)


class Desk(NamedTuple):
    """Where requests are answered: the records, and the sets of the sessions."""

    shelf: Shelf
    history: History
    clock: Callable[[], float] = time.time
    """Seconds since 1970."""

    def today(self) -> date:
        """Return the day, in UTC."""
        return datetime.fromtimestamp(self.clock(), UTC).date()


Program: TypeAlias = Callable[[Asked, Desk], Reply]


class RefusedError(Exception):
    """A request that cannot be answered; the text is for the program that asks."""

    def __init__(self, *messages: str, status: int = 200) -> None:
        self.messages, self.status = messages, status
        super().__init__(" ".join(messages))


def wanted_pmids(asked: Asked, desk: Desk, most: int = MOST_IDS) -> tuple[int, ...]:
    """Return the PMIDs that a request means: its ids, or a page of a set.

    `retstart` and `retmax` count with a set only, as NCBI has it.

    Raises:
        RefusedError: too many ids, or a set that is not known.
    """
    if not names_set(asked):
        if len(asked.ids) > MOST_IDS:
            raise RefusedError(TOO_MANY_IDS, status=400)
        return read_pmids(asked.ids)[0]
    start = asked.number("retstart", 0)
    limit = min(asked.number("retmax", most), most)
    kept = stored_set(asked, desk)
    if kept.question is None:
        return kept.ids[start : start + limit]
    read = read_kept(kept.question, asked, desk)
    if read.tree is None or not limit:
        return ()
    return search_page(read.tree, read.sort, start, limit, desk)[0]


def search_page(
    tree: Node, sort: str, start: int, limit: int, desk: Desk
) -> tuple[tuple[int, ...], int]:
    """Return a page of what is found, and how many there are, as `Shelf.search` does.

    Raises:
        RefusedError: it lies too far on in an order that is slow.
    """
    if sort in SLOW_SORTS and limit and start + limit > MOST_SLOW:
        total = desk.shelf.search(tree, limit=0)[1]
        if total > MOST_SLOW:
            raise RefusedError(TOO_SLOW.format(sort, total))
    return desk.shelf.search(tree, sort=sort, start=start, limit=limit)


def names_set(asked: Asked) -> bool:
    """Say whether a request means a set of a session."""
    return bool(asked.params.get("webenv") and asked.params.get("query_key"))


def stored_set(asked: Asked, desk: Desk) -> Kept:
    """Return the set that a request names.

    Raises:
        RefusedError: it is not known, or was forgotten.
    """
    key = asked.number("query_key", 0)
    kept = desk.history.get(asked.params["webenv"], key, desk.clock())
    if kept is None:
        raise RefusedError(LOST_SET.format(asked.params["query_key"][:20]))
    return kept


def tree_of(kept: Kept, asked: Asked, desk: Desk) -> Node:
    """Return a set as a part of a search.

    Raises:
        RefusedError: a set that it rests on was forgotten.
    """
    term = "" if kept.question is None else kept.question.term
    return _tree(kept, sets_named(term, asked, desk), desk)


def read_kept(question: Question, asked: Asked, desk: Desk) -> Read:
    """Return a kept question as a tree, with the sets that it names."""
    sets = sets_named(question.term, asked, desk)
    return read_question(question, sets, desk.shelf.explode)


def sets_named(term: str, asked: Asked, desk: Desk) -> dict[int, Node]:
    """Return the sets of the session that a term names with #1, #2 …

    A set may rest on others. Each is read once, the earliest first: it can only name
    sets that were there before it.

    Raises:
        RefusedError: one of them rests on a set that was forgotten, or they are too
            many.
    """
    webenv = asked.params.get("webenv", "")
    if not webenv:
        return {}
    kept: dict[int, Kept] = {}
    waiting, letters = set(find_sets(term)), len(term)
    while waiting:
        key = waiting.pop()
        one = desk.history.get(webenv, key, desk.clock())
        if one is None:
            continue  # who names it is told so
        kept[key] = one
        if one.question is not None:
            letters += len(one.question.term)
            waiting |= find_sets(one.question.term) - kept.keys()
        if len(kept) > MOST_NAMED or letters > MAX_LETTERS:
            raise RefusedError(TOO_MANY_SETS)
    found: dict[int, Node] = {}
    for key in sorted(kept):
        found[key] = _tree(kept[key], found, desk)
    return found


def _tree(kept: Kept, sets: Mapping[int, Node], desk: Desk) -> Node:
    if kept.question is None:
        return Numbers("pmid", kept.ids)
    read = read_question(kept.question, sets, desk.shelf.explode)
    if read.tree is None:
        raise RefusedError(*read.ignored)
    return read.tree

"""What every E-utility is handed, and which records a request means."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import NamedTuple, TypeAlias

from assay.edge.eutils_history import History, Kept
from assay.edge.eutils_shelf import Shelf
from assay.library.entrez import Question, Read, read_question
from assay.library.search_tree import Node, Numbers
from assay.output.eutils import (
    LOST_SET,
    MOST_IDS,
    TOO_MANY_IDS,
    Asked,
    Reply,
    read_pmids,
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
    return desk.shelf.search(read.tree, sort=read.sort, start=start, limit=limit)[0]


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
    if kept.question is None:
        return Numbers("pmid", kept.ids)
    read = read_kept(kept.question, asked, desk)
    if read.tree is None:
        raise RefusedError(*read.ignored)
    return read.tree


def read_kept(question: Question, asked: Asked, desk: Desk) -> Read:
    """Return a kept question as a tree, with the sets that it names."""
    sets = sets_named(question.term, asked, desk)
    return read_question(question, sets, desk.shelf.explode)


def sets_named(term: str, asked: Asked, desk: Desk) -> dict[int, Node]:
    """Return the sets of the session that a term names with #1, #2 …

    Raises:
        RefusedError: one of them rests on a set that was forgotten.
    """
    webenv = asked.params.get("webenv", "")
    if "#" not in term or not webenv:
        return {}
    found: dict[int, Node] = {}
    for key in desk.history.numbers(webenv):
        if f"#{key}" in term:
            kept = desk.history.get(webenv, key, desk.clock())
            if kept is not None:
                found[key] = tree_of(kept, asked, desk)
    return found

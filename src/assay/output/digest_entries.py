"""What a feed tells of all digests: one entry a work, a moved verdict, a failure.

digests, oldest first ─► told again under the same id ─► the newest entries
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from assay.digest.model import Digest, Fallen, Item, Move
from assay.notice import Standing
from assay.output.digest_passages import (
    Passage,
    mark_of,
    tell_fallen,
    tell_item,
    tell_move,
)
from assay.output.digest_words import FAILED_HEADING, find_alarms, say_title
from assay.output.links import Link

MOST = 200
"""Entries that a feed holds. What falls out of it stays in the digests themselves."""
NAMESPACE = UUID("25ac0e56-1fae-4bc5-bf07-f7dea572f55a")
"""Under which the ids of entries are made: drawn at random once, never changed."""
_TICK = timedelta(seconds=1)
_GRAVITY = {standing: at for at, standing in enumerate(Standing)}


class Entry(NamedTuple):
    """One entry of a feed."""

    id: str
    """Permanent: it stays when title, links or standing change."""
    title: str
    published: datetime
    """When it was first told, in UTC."""
    updated: datetime
    """When it was last told, in UTC; later with each telling, whatever the clock
    did."""
    passages: tuple[Passage, ...] = ()
    lines: tuple[str, ...] = ()
    """Sentences before them."""
    links: tuple[Link, ...] = ()
    """Addresses of the work; () where the entry is about no single work."""
    queries: tuple[str, ...] = ()
    """Names of the saved queries that found it, sorted."""


_Thing = Item | Fallen | Move | Digest
"""What is told: a digest stands for what failed in it."""
_Parts = tuple[str, ...]
"""What an entry is about: its id is made of it."""


class _Told(NamedTuple):
    """What the digests so far have told under one id."""

    published: datetime
    updated: datetime
    digest: Digest
    """The one that told of it last."""
    things: tuple[_Thing, ...]
    """Of a work its fall before the item."""


def entry_id(workspace: str, *parts: str) -> str:
    """Return the permanent id of an entry, or of the feed when nothing more is named.

    A UUID made from a name (RFC 9562, version 5). Atom asks for an IRI that never
    changes and that nobody else uses (RFC 4287, 4.2.6). A `tag:` would say the same in
    words, but only who holds a domain may mint one (RFC 4151, 2.1), and a workspace
    holds none.

    >>> entry_id("5f", "item", "pmid:90000001")
    'urn:uuid:a861ae8a-20f3-5730-86f1-ae0daf6664fe'
    """
    return uuid5(NAMESPACE, "\n".join((workspace, *parts))).urn


def find_entries(digests: Iterable[Digest], workspace: str) -> tuple[Entry, ...]:
    """Return the newest `MOST` entries of all digests, the newest first.

    A work has one entry, by whichever of its names it was told; its id is made of the
    key it was first told by. When it is told again, or falls, its entry comes first
    again. A digest that alone would fill the feed gets one entry that names the rest
    of it. A quiet digest has none.

    >>> find_entries((), "5f")
    ()
    """
    told: dict[_Parts, _Told] = {}
    keys: dict[str, str] = {}
    for digest in sorted(digests, key=lambda each: each.number):
        things = tuple(_things(digest))
        if len(things) > MOST:
            things, rest = things[: MOST - 1], things[MOST - 1 :]
            _note(told, ("rest", str(digest.number)), digest, rest)
        for thing in reversed(things):
            parts = _parts_of(thing, digest, keys)
            _note(told, parts, digest, _joined(told.get(parts), thing))
    newest = list(reversed(told.items()))[:MOST]
    return tuple(_entry(entry_id(workspace, *p), p[0], each) for p, each in newest)


def _things(digest: Digest) -> Iterator[_Thing]:
    """Return what a digest tells, the gravest first."""
    if digest.problems or not all(asked.whole for asked in digest.receipt.asked):
        yield digest
    yield from digest.fallen
    yield from digest.moves
    yield from digest.items


def _parts_of(thing: _Thing, digest: Digest, keys: dict[str, str]) -> _Parts:
    """Return what a thing's entry is about; the names of a work are noted in `keys`."""
    if isinstance(thing, Digest):
        return ("failed", str(thing.number))
    if isinstance(thing, Move):
        return ("move", str(thing.watched.id), str(digest.number))
    names = (thing.work.key, *thing.work.names)
    key = next((keys[name] for name in names if name in keys), thing.work.key)
    for name in names:
        keys.setdefault(name, key)
    return ("item", key)


def _note(
    told: dict[_Parts, _Told],
    parts: _Parts,
    digest: Digest,
    things: tuple[_Thing, ...],
) -> None:
    """Put what is told in front, dated after all that was told under its id before."""
    now = datetime.fromisoformat(digest.made).astimezone(UTC).replace(microsecond=0)
    before = told.pop(parts, None)
    if before is None:
        told[parts] = _Told(now, now, digest, things)
        return
    again = before.digest.number != digest.number
    updated = max(now, before.updated + _TICK) if again else before.updated
    told[parts] = _Told(before.published, updated, digest, things)


def _joined(before: _Told | None, thing: _Thing) -> tuple[_Thing, ...]:
    """Return all that the entry of a thing tells, with what was told of it before."""
    known = before.things if before else ()
    items = [each for each in known if isinstance(each, Item)]
    if isinstance(thing, Fallen):  # it tells of the standing, so the item need not
        bare = [replace(i, standing=Standing.SOUND, notices=()) for i in items]
        return (thing, *bare)
    if isinstance(thing, Item):
        queries = {name for item in (*items, thing) for name in item.queries}
        falls = [each for each in known if isinstance(each, Fallen)]
        return (*falls, replace(thing, queries=tuple(sorted(queries))))
    return (thing,)


def _entry(id_: str, kind: str, told: _Told) -> Entry:
    """Return the entry of what was told under one id."""
    bare = Entry(id_, "", told.published, told.updated)
    passages = tuple(p for thing in told.things for p in _tell(thing))
    if kind == "rest":
        short = tuple(Passage(p.title, mark=p.mark, links=p.links) for p in passages)
        title = f"{len(short):,} more in {say_title(told.digest)}"
        return bare._replace(title=title, passages=short)
    if kind == "failed":
        title = f"{say_title(told.digest)}: {FAILED_HEADING.lower()}"
        return bare._replace(title=title, lines=find_alarms(told.digest))
    if kind == "move":
        return bare._replace(title=passages[0].title, passages=passages)
    mark, items = _mark(told.things), [i for i in told.things if isinstance(i, Item)]
    return bare._replace(
        title=f"{mark}: {passages[-1].title}" if mark else passages[-1].title,
        passages=passages,
        links=tuple(dict.fromkeys(link for p in passages for link in p.links)),
        queries=items[0].queries if items else (),
    )


def _tell(thing: _Thing) -> Iterator[Passage]:
    if isinstance(thing, Fallen):
        yield tell_fallen(thing)
    elif isinstance(thing, Move):
        yield tell_move(thing)
    elif isinstance(thing, Item):
        yield tell_item(thing)


def _mark(things: Iterable[_Thing]) -> str:
    """Return in capitals the gravest that is told of a work; "" when nothing is."""
    marks = []
    for thing in things:
        if isinstance(thing, Fallen):
            marks.append((_GRAVITY[thing.after], tell_fallen(thing).mark))
        elif isinstance(thing, Item):
            marks.append((_GRAVITY[thing.standing], mark_of(thing.standing)))
    return next((mark for _, mark in sorted(marks) if mark), "")

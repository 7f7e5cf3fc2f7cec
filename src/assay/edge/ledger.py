"""What was asked, found and told, in cache/state.db: a run's whole outcome at once.

An outcome is written in one transaction. So a run that is killed has changed nothing,
or all that it was to change, its digest waiting in the outbox.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from assay.digest.asked import Asked, Mark
from assay.digest.model import Digest, Heading, heading_of
from assay.digest.outcome import Delivered, Outcome, Sent
from assay.edge.lease import Lease
from assay.edge.state_file import open_state, read_state
from assay.edge.state_values import (
    Cell,
    cells,
    pack_value,
    parse_value,
    render_value,
    unpack_value,
)
from assay.edge.used_works import put_standings, put_used
from assay.edge.watch_file import put_note, put_weighings
from assay.errors import StoreError


def write_outcome(path: Path, outcome: Outcome, *, lease: Lease | None) -> None:
    """Write all that a run changes, together or not at all; durable when it returns.

    An outcome without a digest is that of a run which has nothing to tell: what was
    asked and the marks are written, and nothing else, so that nothing counts as told.

    Args:
        path: cache/state.db of the workspace.
        outcome: its digest's number is that of `next_number`.
        lease: under which the run was made; None in a copy that nobody else writes to.

    Raises:
        StoreError: another process has taken over the lease, the digest's number was
            used before, or the file cannot be written; nothing was changed.
    """
    with open_state(path) as db:
        if lease is not None:
            lease.check(db)
        digest = outcome.digest
        if digest is not None:
            _put_digest(db, path, digest, outcome.channels)
        _put_asked(db, outcome.asked, digest.number if digest else None)
        _put_marks(db, outcome.marks)
        if digest is not None:
            _put_items(db, outcome.delivered, digest.number)
            put_weighings(db, outcome.weighings)
            put_used(db, path, outcome.used)
            put_standings(db, outcome.standings, outcome.checked)
            for name, value in outcome.notes:
                put_note(db, name, value)


def _put_digest(
    db: sqlite3.Connection, path: Path, digest: Digest, channels: Sequence[str]
) -> None:
    if digest.number < _next(db):
        raise StoreError(
            f"Digest {digest.number} is in {path} already, so this one was not "
            "written. Run it again: it gets the next number."
        )
    heading, content = render_value(heading_of(digest)), pack_value(digest)
    row = (digest.number, digest.made, heading, content)
    db.execute("INSERT INTO digests VALUES (?, ?, ?, ?)", cells(*row))
    sql = "INSERT INTO outbox VALUES (?, ?, 'pending', 0, '', '', '', '')"
    rows = [cells(digest.number, channel) for channel in dict.fromkeys(channels)]
    db.executemany(sql, rows)


def _put_asked(
    db: sqlite3.Connection, asked: Sequence[Asked], digest: int | None
) -> None:
    sql = "INSERT INTO texts (text) VALUES (?) ON CONFLICT DO NOTHING"
    texts = dict.fromkeys(each.text for each in asked)
    db.executemany(sql, [cells(text) for text in texts])
    sql = """INSERT INTO asks (digest, query, source, text, asked)
        SELECT ?, ?, ?, id, ? FROM texts WHERE text = ?"""
    db.executemany(sql, [_asked_row(each, digest) for each in asked])


def _asked_row(asked: Asked, digest: int | None) -> tuple[Cell, ...]:
    value = render_value(replace(asked, text=""))
    return cells(digest, asked.query, asked.source, value, asked.text)


def _put_marks(db: sqlite3.Connection, marks: Iterable[Mark]) -> None:
    rows = [cells(mark.query, mark.source, render_value(mark)) for mark in marks]
    db.executemany("REPLACE INTO marks VALUES (?, ?, ?)", rows)


def _put_items(
    db: sqlite3.Connection, delivered: Iterable[Delivered], digest: int
) -> None:
    sql = "INSERT INTO items VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
    rows = [
        cells(query, name, work.key, digest, int(work.preprint))
        for query, work in delivered
        for name in dict.fromkeys((work.key, *work.names))
    ]
    db.executemany(sql, rows)


def read_marks(path: Path) -> tuple[Mark, ...]:
    """Return how far each query was asked, by query and source; () without a file.

    Raises:
        StoreError: the file cannot be read, or is damaged.
    """
    rows = _read(path, "SELECT mark FROM marks ORDER BY query, source")
    return tuple(parse_value(Mark, mark, path) for (mark,) in rows)


_SENT = """SELECT items.identity, items.work, items.digest, substr(digests.made, 1, 10),
    items.preprint FROM items JOIN digests ON digests.number = items.digest"""


def read_sent(path: Path, query: str) -> dict[str, Sent]:
    """Return all that was delivered for a query, by every name of each work.

    Raises:
        StoreError: as for `read_marks`.
    """
    return _sent(_read(path, f"{_SENT} WHERE items.query = ?", query))


def _sent(rows: Iterable[Sequence[object]]) -> dict[str, Sent]:
    return {
        str(name): Sent(str(work), int(str(digest)), str(day), bool(preprint))
        for name, work, digest, day, preprint in rows
    }


def next_number(path: Path) -> int:
    """Return the number of the next digest, 1 or more; none is given twice.

    Raises:
        StoreError: as for `read_marks`.
    """
    with read_state(path, since=2) as db:
        return _next(db) if db else 1


def _next(db: sqlite3.Connection) -> int:
    sql = "SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'digests'"
    return int(db.execute(sql).fetchone()[0])


def read_digests(path: Path, newest: int) -> tuple[Digest, ...]:
    """Return the newest so many digests, the newest first; () without a file.

    Raises:
        StoreError: as for `read_marks`.
    """
    sql = "SELECT content FROM digests ORDER BY number DESC LIMIT ?"
    rows = _read(path, sql, max(newest, 0))
    return tuple(unpack_value(Digest, content, path) for (content,) in rows)


def read_digest(path: Path, number: int) -> Digest | None:
    """Return the digest of that number, or None.

    Raises:
        StoreError: as for `read_marks`.
    """
    rows = _read(path, "SELECT content FROM digests WHERE number = ?", number)
    return unpack_value(Digest, rows[0][0], path) if rows else None


def read_headings(path: Path) -> tuple[Heading, ...]:
    """Return the headings of all digests, the newest first; () without a file.

    Raises:
        StoreError: as for `read_marks`.
    """
    rows = _read(path, "SELECT heading FROM digests ORDER BY number DESC")
    return tuple(parse_value(Heading, heading, path) for (heading,) in rows)


_ASKED = "SELECT asked, texts.text FROM asks JOIN texts ON texts.id = asks.text"


def read_asks(
    path: Path, *, query: str = "", most: int | None = None
) -> tuple[Asked, ...]:
    """Return what was asked, the newest first; () without a file.

    Args:
        path: cache/state.db of the workspace.
        query: name of the only query that is wanted; "" for all.
        most: no more than so many; None for all.

    Raises:
        StoreError: as for `read_marks`.
    """
    where = "WHERE query = ?1" if query else "WHERE ?1 = ''"
    sql = f"{_ASKED} {where} ORDER BY asks.id DESC LIMIT ?2"
    return _asked(path, _read(path, sql, query, -1 if most is None else most))


def last_asks(path: Path) -> tuple[Asked, ...]:
    """Return how each query was asked of each source last, by query and source.

    Raises:
        StoreError: as for `read_marks`.
    """
    ids = "SELECT max(id) FROM asks GROUP BY query, source"
    sql = f"{_ASKED} WHERE asks.id IN ({ids}) ORDER BY query, source"
    return _asked(path, _read(path, sql))


def _asked(path: Path, rows: Iterable[Sequence[object]]) -> tuple[Asked, ...]:
    return tuple(
        replace(parse_value(Asked, asked, path), text=str(text)) for asked, text in rows
    )


def _read(path: Path, sql: str, *values: Cell) -> list[tuple[Cell, ...]]:
    """Return the rows of a statement; [] where there is no table yet."""
    with read_state(path, since=2) as db:
        return db.execute(sql, cells(*values)).fetchall() if db else []

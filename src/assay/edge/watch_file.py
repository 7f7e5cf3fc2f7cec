"""The claims that are watched, with their articles and their verdicts over time."""

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from assay.digest.model import Watched, Weighing
from assay.edge.state_file import open_state, read_state
from assay.edge.state_values import (
    cells,
    pack_text,
    pack_value,
    parse_value,
    render_value,
    storable,
    unpack_text,
    unpack_value,
)


def write_watched(
    path: Path,
    claims: Iterable[tuple[Watched, str]],
    first: Iterable[Weighing] = (),
) -> tuple[Watched, ...]:
    """Watch claims, all of them or none; return them with their ids, in the same order.

    One whose words are watched already for the same article stays as it is, with its
    verdicts; it is returned as it was.

    Args:
        path: cache/state.db of the workspace.
        claims: each with the text of its article; what they say of an id is passed
            over.
        first: their first verdicts, in the same order, of any claim's id; () for none.

    Raises:
        ValueError: there are verdicts, but not one for each claim.
        StoreError: the file cannot be written, or is damaged.
    """
    new, weighed = tuple(claims), tuple(first)
    if weighed and len(weighed) != len(new):
        raise ValueError("one first verdict for each claim")
    with open_state(path) as db:
        return tuple(
            _watch(db, path, claim, text, weighed[at : at + 1])
            for at, (claim, text) in enumerate(new)
        )


def _watch(
    db: sqlite3.Connection,
    path: Path,
    claim: Watched,
    text: str,
    first: Sequence[Weighing],
) -> Watched:
    sql = """SELECT id, content FROM watched
        WHERE article = ? AND claim = ? AND dropped = ''"""
    if row := db.execute(sql, cells(claim.article, claim.claim.text)).fetchone():
        return _parse_watched(path, row)
    sql = """INSERT INTO watched (article, claim, content, sha256, dropped)
        VALUES (?, ?, ?, ?, '')"""
    content = render_value(replace(claim, id=0))
    row = cells(claim.article, claim.claim.text, content, _put_article(db, text))
    kept = replace(claim, id=int(db.execute(sql, row).lastrowid or 0))
    put_weighings(db, [replace(weighing, claim=kept.id) for weighing in first])
    return kept


def _put_article(db: sqlite3.Connection, text: str) -> str:
    digest = hashlib.sha256(storable(text).encode()).hexdigest()
    sql = "INSERT INTO articles VALUES (?, ?) ON CONFLICT DO NOTHING"
    db.execute(sql, (digest, pack_text(text)))
    return digest


def read_watched(path: Path, *, dropped: bool = False) -> tuple[Watched, ...]:
    """Return the claims that are watched, in the order of their ids.

    Args:
        path: cache/state.db of the workspace.
        dropped: those too that were watched once.

    Raises:
        StoreError: the file cannot be read, or is damaged.
    """
    sql = "SELECT id, content FROM watched WHERE ? OR dropped = '' ORDER BY id"
    with read_state(path, since=2) as db:
        rows = db.execute(sql, (dropped,)).fetchall() if db else ()
    return tuple(_parse_watched(path, row) for row in rows)


def _parse_watched(path: Path, row: Sequence[object]) -> Watched:
    number, content = row
    return replace(parse_value(Watched, content, path), id=int(str(number)))


def read_article_text(path: Path, claim: int) -> str:
    """Return the text of the article that a claim is from; "" when there is none.

    Raises:
        StoreError: the file cannot be read, or is damaged.
    """
    sql = """SELECT text FROM articles
        WHERE sha256 = (SELECT sha256 FROM watched WHERE id = ?)"""
    with read_state(path, since=2) as db:
        row = db.execute(sql, (claim,)).fetchone() if db else None
    return unpack_text(row[0], path) if row else ""


def drop_watched(path: Path, claims: Iterable[int], when: str) -> None:
    """Watch claims no longer; they and their verdicts are kept.

    Args:
        path: cache/state.db of the workspace.
        claims: their ids; one that is dropped already keeps its time.
        when: ISO time.

    Raises:
        StoreError: the file cannot be written, or is damaged.
    """
    sql = "UPDATE watched SET dropped = ? WHERE id = ? AND dropped = ''"
    rows = [cells(when, claim) for claim in claims]
    with open_state(path) as db:
        db.executemany(sql, rows)


def read_weighings(path: Path, claim: int) -> tuple[Weighing, ...]:
    """Return the verdicts on a claim, the oldest first; () when there is none.

    Raises:
        StoreError: the file cannot be read, or is damaged.
    """
    sql = "SELECT content FROM weighings WHERE claim = ? ORDER BY id"
    with read_state(path, since=2) as db:
        rows = db.execute(sql, (claim,)).fetchall() if db else ()
    return tuple(unpack_value(Weighing, content, path) for (content,) in rows)


def last_weighings(path: Path) -> dict[int, Weighing]:
    """Return the newest verdict on each claim that is watched, by the claim's id.

    Raises:
        StoreError: the file cannot be read, or is damaged.
    """
    sql = """SELECT claim, content FROM weighings WHERE id IN (
        SELECT (SELECT max(id) FROM weighings WHERE claim = watched.id)
        FROM watched WHERE dropped = '') ORDER BY claim"""
    with read_state(path, since=2) as db:
        rows = db.execute(sql).fetchall() if db else ()
    return {claim: unpack_value(Weighing, content, path) for claim, content in rows}


def put_weighings(db: sqlite3.Connection, weighings: Iterable[Weighing]) -> None:
    """Add verdicts inside a transaction."""
    sql = "INSERT INTO weighings (claim, content) VALUES (?, ?)"
    db.executemany(sql, ((each.claim, pack_value(each)) for each in weighings))


def read_note(path: Path, name: str) -> str:
    """Return a small fact that was noted; "" when it was not.

    Raises:
        StoreError: the file cannot be read, or is damaged.
    """
    sql = "SELECT value FROM notes WHERE name = ?"
    with read_state(path, since=2) as db:
        row = db.execute(sql, cells(name)).fetchone() if db else None
    return str(row[0]) if row else ""


def write_note(path: Path, name: str, value: str) -> None:
    """Note a small fact in the place of what was noted under its name before.

    Raises:
        StoreError: the file cannot be written, or is damaged.
    """
    with open_state(path) as db:
        put_note(db, name, value)


def put_note(db: sqlite3.Connection, name: str, value: str) -> None:
    """Note a small fact inside a transaction."""
    db.execute("REPLACE INTO notes VALUES (?, ?)", cells(name, value))

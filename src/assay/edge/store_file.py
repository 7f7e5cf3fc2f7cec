"""The library's SQLite file: its tables, how it is opened, what its errors mean."""

import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from assay.errors import StoreError

FORMAT = 2
"""PRAGMA user_version of the file; 2 added parts, pairs and decisions."""

LOCK_WAIT_S = 20.0
"""How long one process waits while another one writes."""

_TABLES = (
    """CREATE TABLE records (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        seq INTEGER NOT NULL UNIQUE,   -- grows with every insertion and change
        key TEXT NOT NULL,             -- the firmest of the record's names
        origin TEXT NOT NULL,          -- Record.source
        first_seen TEXT NOT NULL,      -- ISO time
        last_seen TEXT NOT NULL,
        value BLOB NOT NULL            -- library/codec.py
    )""",
    """CREATE TABLE gone (               -- rows that were joined to another one
        id INTEGER PRIMARY KEY,
        seq INTEGER NOT NULL UNIQUE    -- from the same count as records.seq
    )""",
    """CREATE TABLE identity (           -- each name under which a record is known
        key TEXT NOT NULL,
        id INTEGER NOT NULL,
        PRIMARY KEY (key, id)
    ) WITHOUT ROWID""",
    "CREATE INDEX identity_id ON identity (id)",
    """CREATE TABLE provenance (         -- where a record was found
        id INTEGER NOT NULL,
        source TEXT NOT NULL,
        query TEXT NOT NULL,
        first TEXT NOT NULL,           -- ISO time
        last TEXT NOT NULL,
        PRIMARY KEY (id, source, query)
    ) WITHOUT ROWID""",
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
)

_REVIEW_TABLES = (
    """CREATE TABLE parts (              -- the records that a joined row is made of
        part INTEGER PRIMARY KEY AUTOINCREMENT,
        id INTEGER NOT NULL,           -- the row that stands for them
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        value BLOB NOT NULL
    )""",
    "CREATE INDEX parts_id ON parts (id)",
    """CREATE TABLE part_provenance (    -- where each part was found
        part INTEGER NOT NULL,
        source TEXT NOT NULL,
        query TEXT NOT NULL,
        first TEXT NOT NULL,
        last TEXT NOT NULL,
        PRIMARY KEY (part, source, query)
    ) WITHOUT ROWID""",
    """CREATE TABLE pairs (              -- records that may be one, and what became
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        one TEXT NOT NULL,
        other TEXT NOT NULL,
        probability REAL NOT NULL,
        reasons TEXT NOT NULL,         -- one a line
        state TEXT NOT NULL,           -- asked, merged or gone
        UNIQUE (one, other)
    )""",
    """CREATE TABLE decisions (          -- what persons decided, never deleted
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        one TEXT NOT NULL,
        other TEXT NOT NULL,
        verdict TEXT NOT NULL,         -- same or apart
        who TEXT NOT NULL,
        made TEXT NOT NULL,            -- ISO time
        undone TEXT NOT NULL           -- ISO time, or empty
    )""",
)
"""Tables that came with format 2."""

DISK_REMEDIES = {
    sqlite3.SQLITE_FULL: "The disk is full. Free some space and run it again.",
    sqlite3.SQLITE_READONLY: "It may not be written. Allow writing there, or name "
    "another folder with --workspace.",
    sqlite3.SQLITE_CANTOPEN: "It cannot be opened. Allow reading and writing there, or "
    "name another folder with --workspace.",
    sqlite3.SQLITE_BUSY: "Another assay keeps it locked. Wait for it to end.",
}
"""What to do about errors of SQLite that lie in the disk or in another process."""
_REMEDIES = {
    **DISK_REMEDIES,
    sqlite3.SQLITE_CORRUPT: "It is damaged. Put a copy back, or move it away to start "
    "an empty one; assay leaves it as it is.",
    sqlite3.SQLITE_NOTADB: "It is not a library, or it is damaged. Put a copy back, or "
    "move it away to start an empty one; assay leaves it as it is.",
}


def open_file(path: Path) -> sqlite3.Connection:
    """Return a connection to the library's file, made with its tables if need be.

    Raises:
        StoreError: it cannot be opened, is no library, or a newer assay wrote it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The library's folder {path.parent} cannot be made ({error.strerror}). "
            "Name another folder with --workspace."
        ) from error
    with explained(path):
        db = sqlite3.connect(path, timeout=LOCK_WAIT_S, isolation_level=None)
    try:
        with explained(path):
            _prepare(db, path)
    except BaseException:
        db.close()
        raise
    return db


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    if _format(db) == 0:
        with transaction(db, path):
            _create(db, path)
    elif _format(db) < FORMAT:
        with transaction(db, path):
            _extend(db)
    if _format(db) > FORMAT:
        raise StoreError(
            f"The library {path} was written by a newer assay (format {_format(db)}, "
            f"this one reads {FORMAT}). Update assay."
        )
    if db.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        db.execute("PRAGMA journal_mode = WAL")
    db.execute(
        "PRAGMA synchronous = FULL"
    )  # a batch that was added survives power cuts


def _format(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _create(db: sqlite3.Connection, path: Path) -> None:
    if _format(db):  # another process was quicker
        return
    if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise StoreError(
            f"{path} is a database, but not a library of assay. Move it away, or name "
            "another folder with --workspace."
        )
    for table in (*_TABLES, *_REVIEW_TABLES):
        db.execute(table)
    db.execute("INSERT INTO meta VALUES ('library', ?)", (secrets.token_hex(8),))
    db.execute(f"PRAGMA user_version = {FORMAT}")


def _extend(db: sqlite3.Connection) -> None:
    """Give a library of format 1 the tables of format 2."""
    if _format(db) != 1:  # another process was quicker
        return
    for table in _REVIEW_TABLES:
        db.execute(table)
    db.execute(f"PRAGMA user_version = {FORMAT}")


@contextmanager
def transaction(db: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Do everything inside or nothing; durable when it ends.

    Raises:
        StoreError: SQLite could not do it; nothing was changed.
    """
    with explained(path), atomic(db):
        yield


@contextmanager
def atomic(db: sqlite3.Connection) -> Iterator[None]:
    """Do everything inside or nothing; errors of SQLite come as they are."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


@contextmanager
def explained_as(what: str, remedies: Mapping[int, str]) -> Iterator[None]:
    """Turn SQLite's errors into one sentence for the person.

    Args:
        what: the file as the person knows it, e.g. "The library cache/…".
        remedies: what to do, by SQLite's primary error code.

    Raises:
        StoreError: instead of any sqlite3.Error.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without the extended part
        remedy = remedies.get(code, "Check the disk, then run it again.")
        raise StoreError(f"{what} cannot be used ({error}). {remedy}") from error


def explained(path: Path) -> AbstractContextManager[None]:
    """Turn SQLite's errors on the library's file into one sentence for the person."""
    return explained_as(f"The library {path}", _REMEDIES)

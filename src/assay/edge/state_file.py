"""The file of what was done (cache/state.db): how it is opened, what its errors mean.

It is only ever added to. Several processes may write at a time, and one that is killed
leaves what it had written before.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from assay.edge.state_backup import back_up
from assay.edge.state_tables import DIGEST_TABLES
from assay.edge.store_file import DISK_REMEDIES, LOCK_WAIT_S, atomic
from assay.errors import StoreError

FORMAT = 2
"""PRAGMA user_version of the file; 2 added the tables of the digest."""

_TABLES = (
    """CREATE TABLE IF NOT EXISTS runs (     -- one row a search that was made
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        query TEXT NOT NULL,                 -- JSON: text, since, until
        command TEXT NOT NULL,
        started TEXT NOT NULL,               -- ISO time
        log TEXT NOT NULL                    -- schema assay/search-log/1
    )""",
    "CREATE INDEX IF NOT EXISTS runs_query ON runs (query)",
    """CREATE TABLE IF NOT EXISTS rests (    -- what each report rests on
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        outcome TEXT NOT NULL,               -- sha256 of the report as JSON
        note BLOB NOT NULL                   -- zlib: edge/rests.py
    )""",
    "CREATE INDEX IF NOT EXISTS rests_outcome ON rests (outcome)",
    *DIGEST_TABLES,
)

_DAMAGED = "Put a copy back, or move it away to begin anew; assay leaves it as it is."
_REMEDIES = {
    **DISK_REMEDIES,
    sqlite3.SQLITE_IOERR: "The disk may be full or failing. Free some space or check "
    "it, then run it again.",
    sqlite3.SQLITE_CORRUPT: f"It is damaged. {_DAMAGED}",
    sqlite3.SQLITE_NOTADB: f"It is damaged, or no file of assay's. {_DAMAGED}",
}


@contextmanager
def open_state(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection inside one transaction: all that is done in it, or nothing.

    The file and its tables are made when they lack. One of an older format is checked,
    copied beside itself, and brought to this format first.

    Raises:
        StoreError: it cannot be read or written, is damaged, or is a newer assay's.
    """
    with _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(_connect(path)) as db:
            _check_format(db, path)
            with suppress(sqlite3.OperationalError):  # another process is just doing it
                db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")  # what was told survives power cuts
            with atomic(db):
                _prepare(db, path)
                yield db


@contextmanager
def read_state(path: Path, since: int = 1) -> Iterator[sqlite3.Connection | None]:
    """Give a connection that only reads; None where nothing is there yet.

    Args:
        path: cache/state.db of the workspace.
        since: the format with which the tables came that are to be read; None is given
            where the file is of an earlier one. It is left as it is.

    Raises:
        StoreError: as for `open_state`.
    """
    if not _exists(path):
        yield None
        return
    with _explained(path), closing(_connect_reading(path)) as db:
        db.execute("PRAGMA query_only = ON")
        yield db if _check_format(db, path) >= since else None


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:  # which is not the same as that nothing is there
        raise StoreError(
            f"The file {path} cannot be read ({error.strerror}). Allow reading there, "
            "or name another folder with --workspace."
        ) from error


def check_pages(db: sqlite3.Connection, path: Path) -> None:
    """Read the whole file once, and refuse it where its pages do not hold together.

    A second for some hundred megabytes: for when much is about to rest on it.

    Raises:
        StoreError: it is damaged.
    """
    found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        what = " ".join(str(found).split())
        raise StoreError(f"The file {path} is damaged ({what}). {_DAMAGED}")


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=LOCK_WAIT_S, isolation_level=None)


def _connect_reading(path: Path) -> sqlite3.Connection:
    """Connect so that a file in a folder where nobody may write can be read too."""
    log = path.with_name(f"{path.name}-wal")
    if os.access(path.parent, os.W_OK) or log.exists():
        return _connect(path)
    return sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    """Bring the file to this format, inside a transaction that keeps others out."""
    found = _check_format(db, path)
    if found == FORMAT:
        return
    if found:
        check_pages(db, path)
        back_up(path, found)
    for table in _TABLES:
        db.execute(table)
    db.execute(f"PRAGMA user_version = {FORMAT}")


def _check_format(db: sqlite3.Connection, path: Path) -> int:
    """Return the format of the file; 0 for one without a table.

    Raises:
        StoreError: a newer assay wrote it, or another program.
    """
    with _one_moment(db):
        found = int(db.execute("PRAGMA user_version").fetchone()[0])
        tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        names = {name for (name,) in tables}
    if found > FORMAT:
        raise StoreError(
            f"The file {path} was written by a newer assay (format {found}, this one "
            f"reads {FORMAT}). Update assay."
        )
    if (found and "runs" not in names) or (names and not found):
        raise StoreError(
            f"{path} is a database, but not the one of assay's runs. Move it away, or "
            "name another folder with --workspace."
        )
    return found


@contextmanager
def _one_moment(db: sqlite3.Connection) -> Iterator[None]:
    """Let all that is read inside be of one moment, whoever writes meanwhile."""
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN")
    try:
        yield
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without the extended part
        remedy = _REMEDIES.get(code, "Check the disk, then run it again.")
        if path.is_dir():
            remedy = "It is a folder. Move it away, so that assay can make its file."
        elif "decode" in str(error).lower():  # a text that is not UTF-8
            remedy = _REMEDIES[sqlite3.SQLITE_CORRUPT]
        raise StoreError(
            f"The file {path} cannot be used ({error}). {remedy}"
        ) from error
    except OSError as error:
        raise StoreError(
            f"The folder {path.parent} cannot be made ({error.strerror}). Name another "
            "folder with --workspace."
        ) from error

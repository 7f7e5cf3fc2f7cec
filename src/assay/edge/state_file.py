"""The file of what was done (cache/state.db): how it is opened, what its errors mean.

It is only ever added to. Several processes may write at a time, and one that is killed
leaves what it had written before.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

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

_REMEDIES = {
    **DISK_REMEDIES,
    sqlite3.SQLITE_CORRUPT: "It is damaged. Put a copy back, or move it away to begin "
    "anew; assay leaves it as it is.",
    sqlite3.SQLITE_NOTADB: "It is damaged, or no file of assay's. Put a copy back, or "
    "move it away to begin anew; assay leaves it as it is.",
}


@contextmanager
def open_state(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection inside one transaction: all that is done in it, or nothing.

    The file and its tables are made when they lack.

    Raises:
        StoreError: it cannot be read or written, is damaged, or is a newer assay's.
    """
    with _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(_connect(path)) as db:
            with suppress(sqlite3.OperationalError):  # another process is just doing it
                db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")  # what was told survives power cuts
            with atomic(db):
                _prepare(db, path)
                yield db


@contextmanager
def read_state(path: Path) -> Iterator[sqlite3.Connection | None]:
    """Give a connection that only reads; None where there is no file yet.

    Raises:
        StoreError: as for `open_state`.
    """
    if not path.exists():
        yield None
        return
    with _explained(path), closing(_connect(path)) as db:
        _check_format(db, path)
        known = db.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'")
        yield db if known.fetchone()[0] else None


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=LOCK_WAIT_S, isolation_level=None)


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    _check_format(db, path)
    for table in _TABLES:
        db.execute(table)
    db.execute(f"PRAGMA user_version = {FORMAT}")


def _check_format(db: sqlite3.Connection, path: Path) -> None:
    found = db.execute("PRAGMA user_version").fetchone()[0]
    if found > FORMAT:
        raise StoreError(
            f"The runs in {path} were written by a newer assay (format {found}, this "
            f"one reads {FORMAT}). Update assay."
        )


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without the extended part
        remedy = _REMEDIES.get(code, "Check the disk, then run it again.")
        raise StoreError(
            f"The runs in {path} cannot be used ({error}). {remedy}"
        ) from error
    except OSError as error:
        raise StoreError(
            f"The folder {path.parent} cannot be made ({error.strerror}). Name another "
            "folder with --workspace."
        ) from error

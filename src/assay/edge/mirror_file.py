"""The mirror's SQLite file: its tables, how it is opened, what its errors mean.

Which record of a PMID stands must not depend on the order in which files were loaded.
So beside the records that stand the file keeps what a later load could bring to bear:
every withdrawal, and those copies that a withdrawal yet to come could bring up again.
"""

import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path

from assay.edge.store_file import DISK_REMEDIES, LOCK_WAIT_S, explained_as
from assay.errors import StoreError

FILE = "pubmed.db"
"""Name of the file in its generation's folder."""
FORMAT = 1
"""PRAGMA user_version of the file."""

PAGE_BYTES = 16_384
CACHE_KIB = 65_536
"""Of the loader; what it has changed beyond that goes to the log on the disk."""
MAPPED_BYTES = 1 << 31
"""Of the file that a reader sees as memory; SQLite allows no more by default."""

_TABLES = (
    """CREATE TABLE records (             -- of each PMID the copy that stands
        pmid INTEGER PRIMARY KEY,
        version INTEGER NOT NULL,
        place INTEGER NOT NULL,           -- library/nlm_files.py: place_of
        value BLOB NOT NULL               -- NLM's XML as a zstd frame
    )""",
    """CREATE TABLE spares (              -- of a lower version but from a later place:
        pmid INTEGER NOT NULL,            -- they stand once the higher is withdrawn
        version INTEGER NOT NULL,
        place INTEGER NOT NULL,
        value BLOB NOT NULL,
        PRIMARY KEY (pmid, place)
    )""",
    """CREATE TABLE withdrawals (         -- DeleteCitation: what stands below is gone
        pmid INTEGER PRIMARY KEY,
        place INTEGER NOT NULL            -- the greatest
    )""",
    """CREATE TABLE names (               -- what a record was ever called: a hint, to
        hash INTEGER NOT NULL,            -- be held against the record itself
        pmid INTEGER NOT NULL,
        PRIMARY KEY (hash, pmid)
    ) WITHOUT ROWID""",
    """CREATE TABLE new_names (           -- those not yet sorted into `names`
        hash INTEGER NOT NULL,
        pmid INTEGER NOT NULL,
        PRIMARY KEY (hash, pmid)
    ) WITHOUT ROWID""",
    """CREATE TABLE files (
        year INTEGER NOT NULL,
        number INTEGER NOT NULL,
        name TEXT NOT NULL,
        md5 TEXT NOT NULL,
        records INTEGER NOT NULL,
        withdrawn INTEGER NOT NULL,
        problems TEXT NOT NULL,           -- JSON: [where, what, what_to_do]
        loaded TEXT NOT NULL,             -- ISO time
        load INTEGER NOT NULL UNIQUE,     -- from 1, in the order of loading
        PRIMARY KEY (year, number)
    ) WITHOUT ROWID""",
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) WITHOUT ROWID",
)

_REMEDIES = {
    **DISK_REMEDIES,
    sqlite3.SQLITE_CORRUPT: "It is damaged: put a copy back, or move its folder away "
    "and load the files again.",
    sqlite3.SQLITE_NOTADB: "It is no mirror, or it is damaged: put a copy back, or "
    "move its folder away and load the files again.",
}


def make_mirror_file(path: Path, dictionary: str) -> None:
    """Make an empty mirror's file.

    Args:
        path: of a file that is not there yet.
        dictionary: the sha256 of the dictionary that its values need; "" for none.

    Raises:
        StoreError: it cannot be written.
    """
    with explained_mirror(path):
        db = sqlite3.connect(path, timeout=LOCK_WAIT_S, isolation_level=None)
        try:
            db.execute(f"PRAGMA page_size = {PAGE_BYTES}")
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("BEGIN IMMEDIATE")
            for table in _TABLES:
                db.execute(table)
            rows = (("records", 0), ("dictionary", dictionary))
            db.executemany("INSERT INTO meta VALUES (?, ?)", rows)
            db.execute(f"PRAGMA user_version = {FORMAT}")
            db.execute("COMMIT")
        finally:
            db.close()


def open_to_load(path: Path) -> sqlite3.Connection:
    """Return a connection that may write.

    Raises:
        StoreError: there is no such file, or it cannot be written or read.
    """
    db = _connect(path, "rw")
    with explained_mirror(path):
        db.execute("PRAGMA synchronous = FULL")  # the index never knows more loads
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        db.execute(f"PRAGMA journal_size_limit = {CACHE_KIB << 10}")
    return db


def open_to_read(path: Path) -> sqlite3.Connection:
    """Return a connection that can only read; any thread may use it, one at a time.

    Where not even the folder may be written, SQLite cannot note that somebody reads:
    there it takes the file for one that nobody changes (a copy on read-only media).

    Raises:
        StoreError: there is no such file, it is damaged, or a newer assay wrote it.
    """
    try:
        db = _connect(path, "ro")
    except StoreError:
        log = path.with_name(f"{path.name}-wal")
        if not path.exists() or log.exists():
            raise
        db = _connect(path, "ro&immutable=1")  # a folder that may not be written
    db.execute(f"PRAGMA mmap_size = {MAPPED_BYTES}")
    return db


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    if not path.exists():
        raise StoreError(
            f"The mirror of PubMed lacks its file {path}: put a copy back, or move "
            "its folder away and load the files again."
        )
    with explained_mirror(path):
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=LOCK_WAIT_S,
            isolation_level=None,
            check_same_thread=False,
        )
    try:
        with explained_mirror(path):
            _check_format(db, path)
    except BaseException:
        db.close()
        raise
    return db


def _check_format(db: sqlite3.Connection, path: Path) -> None:
    found = int(db.execute("PRAGMA user_version").fetchone()[0])
    if found > FORMAT:
        raise StoreError(
            f"The mirror {path} was written by a newer assay (format {found}, this "
            f"one reads {FORMAT}). Update assay."
        )
    if found < FORMAT:
        raise StoreError(
            f"{path} is no mirror of PubMed. Move its folder away and load the files "
            "again."
        )


def explained_mirror(path: Path) -> AbstractContextManager[None]:
    """Turn SQLite's errors on the mirror's file into one sentence for the person."""
    return explained_as(f"The mirror of PubMed {path}", _REMEDIES)

"""NLM's MeSH headings as they are kept beside the library, and asked.

One SQLite file (mesh.db), written anew as a whole and put in place at once: whoever
reads meanwhile reads the one before. It can be made again from NLM's file at any time.
"""

import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import cache, lru_cache
from pathlib import Path

from assay.edge.packaged import read_packaged_text
from assay.errors import StoreError
from assay.library.mesh_tree import KINDS, Heading, Kept, make_explode, parse_shipped
from assay.library.search_read import Explode
from assay.library.search_words import normal_value

NAME = "mesh.db"
FORMAT = 1
"""PRAGMA user_version; a file of another format counts as none."""

MOST_KEPT = 4096
"""Headings that a process remembers: a server runs for months."""

_TABLES = """
CREATE TABLE heading (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,                -- descriptor or qualifier
    value TEXT NOT NULL                -- the name as it is compared
);
CREATE TABLE name (                    -- every name of a heading
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    heading INTEGER NOT NULL,
    PRIMARY KEY (kind, value)
) WITHOUT ROWID;
CREATE TABLE tree (                    -- every place of a heading in the tree
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    heading INTEGER NOT NULL,
    PRIMARY KEY (kind, number, heading)
) WITHOUT ROWID;
"""

_BELOW = """
SELECT DISTINCT other.value FROM tree AS here
JOIN tree AS below ON below.kind = here.kind
    AND below.number > here.number || '.' AND below.number < here.number || '/'
JOIN heading AS other ON other.id = below.heading
WHERE here.heading = ? ORDER BY other.value
"""


def write_mesh(folder: Path, headings: Iterable[Heading]) -> Kept:
    """Keep headings in a library's folder, in place of those of their kinds.

    Raises:
        StoreError: the file cannot be written; the one before stays.
    """
    place = folder / NAME
    draft = folder / f"{NAME}.{secrets.token_hex(4)}.draft"
    try:
        with closing(sqlite3.connect(draft, isolation_level=None)) as db:
            db.executescript(f"PRAGMA user_version = {FORMAT}; {_TABLES}")
            db.execute("BEGIN")
            kinds = _fill(db, headings)
            if is_mesh(place):
                _keep_others(db, place, kinds)
            db.execute("COMMIT")
            counted = _count(db)
        os.replace(draft, place)  # noqa: PTH105 - atomic on every platform
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{place} cannot be written: {error}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return counted


def _fill(db: sqlite3.Connection, headings: Iterable[Heading]) -> set[str]:
    """Write headings; return their kinds. A heading's own name goes before others."""
    kinds: set[str] = set()
    for kind, name, trees, names in headings:
        kinds.add(kind)
        value = normal_value(name)
        own = db.execute(
            "INSERT INTO heading (kind, value) VALUES (?, ?)", (kind, value)
        ).lastrowid
        db.execute("INSERT OR REPLACE INTO name VALUES (?, ?, ?)", (kind, value, own))
        db.executemany(
            "INSERT OR IGNORE INTO name VALUES (?, ?, ?)",
            ((kind, normal_value(other), own) for other in names),
        )
        db.executemany(
            "INSERT OR IGNORE INTO tree VALUES (?, ?, ?)",
            ((kind, number, own) for number in trees),
        )
    return kinds


def _keep_others(db: sqlite3.Connection, place: Path, kinds: set[str]) -> None:
    """Take over from the file in place what is of other kinds than those written."""
    with closing(_opened(place)) as before:
        for kind in set(KINDS.values()) - kinds:
            shift = db.execute("SELECT coalesce(max(id), 0) FROM heading").fetchone()[0]
            for table, columns in (
                ("heading", "id + ?, kind, value"),
                ("name", "kind, value, heading + ?"),
                ("tree", "kind, number, heading + ?"),
            ):
                rows = before.execute(
                    f"SELECT {columns} FROM {table} WHERE kind = ?",
                    (shift, kind),
                )
                db.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", rows)


def _count(db: sqlite3.Connection) -> Kept:
    numbers = dict(db.execute("SELECT kind, count(*) FROM heading GROUP BY kind"))
    names = db.execute("SELECT count(*) FROM name").fetchone()[0]
    return Kept(numbers.get("descriptor", 0), numbers.get("qualifier", 0), names)


def is_mesh(place: Path) -> bool:
    """Tell whether headings of this format lie there."""
    if not place.is_file():
        return False
    try:
        with closing(_opened(place)) as db:
            found: int = db.execute("PRAGMA user_version").fetchone()[0]
            return found == FORMAT
    except sqlite3.Error:
        return False


def open_explode(folder: Path) -> Explode:
    """Return what finds headings: NLM's where they are kept, else those that ship.

    The file is opened for each question that was not asked before, and closed again.
    """
    place = folder / NAME
    if not is_mesh(place):
        return _explode_shipped

    @lru_cache(MOST_KEPT)
    def explode(kind: str, name: str) -> tuple[str, ...]:
        with _explained(place), closing(_opened(place)) as db:
            asked = (KINDS[kind], name)
            found = db.execute(
                "SELECT h.id, h.value FROM name JOIN heading AS h ON h.id = heading "
                "WHERE name.kind = ? AND name.value = ?",
                asked,
            ).fetchone()
            if found is None:
                return ()
            below = [value for (value,) in db.execute(_BELOW, found[:1])]
            return tuple(dict.fromkeys((found[1], *below)))

    return explode


@lru_cache(MOST_KEPT)
def _explode_shipped(kind: str, name: str) -> tuple[str, ...]:
    return _shipped()(kind, name)


@cache
def _shipped() -> Explode:
    return make_explode(parse_shipped(read_packaged_text("headings.tsv")))


def _opened(place: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{place.absolute().as_uri()}?mode=ro", uri=True)


@contextmanager
def _explained(place: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(
            f"The headings in {place} cannot be read ({error}); "
            "run assay library mesh again."
        ) from error

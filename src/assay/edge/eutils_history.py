"""The sets of esearch and epost, kept for a while under a session's name (WebEnv).

A set is the PMIDs that were found, or, of more than KEPT_IDS, the question that finds
them, which is then asked again for every page. They lie in SQLite: in memory, or in a
file of this run where several processes serve.
"""

import json
import secrets
import sqlite3
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from assay.library.entrez import Question

KEPT_IDS = 10_000
"""PMIDs of one set that are kept; NCBI itself lists no more than 9,999."""

EXPIRY_S = 8 * 3600.0
"""Seconds after which a session that nobody used is forgotten."""

MOST_SETS = 2_000
"""Sets of all sessions together; then those that were used longest ago go."""

_TABLE = """CREATE TABLE IF NOT EXISTS sets (
    webenv TEXT NOT NULL, key INTEGER NOT NULL, used REAL NOT NULL,
    ids BLOB, question TEXT, PRIMARY KEY (webenv, key)) WITHOUT ROWID"""


class Kept(NamedTuple):
    """One set."""

    ids: tuple[int, ...] = ()
    question: Question | None = None
    """What finds the set where its PMIDs are not kept."""


class History:
    """The sets of all sessions. For one thread."""

    def __init__(self, path: Path | None = None) -> None:
        """Open it, in memory or in a file that other processes share."""
        place = ":memory:" if path is None else str(path)
        self._db = sqlite3.connect(place, timeout=20.0, isolation_level=None)
        self._db.execute("PRAGMA synchronous = OFF")  # it does not outlive this run
        self._db.execute(_TABLE)
        self._db.execute("CREATE INDEX IF NOT EXISTS used ON sets (used)")

    def close(self) -> None:
        """Forget what is in memory."""
        self._db.close()

    def keep(self, kept: Kept, webenv: str, now: float) -> tuple[str, int]:
        """Keep a set; return its session and its number there.

        Args:
            kept: the set.
            webenv: the session that it is added to; "" or a forgotten one begins a new
                one.
            now: seconds since 1970.
        """
        self._forget(now)
        sql = "SELECT max(key) FROM sets WHERE webenv = ?"
        last = self._db.execute(sql, (webenv,)).fetchone()[0]
        if not last:
            webenv, last = f"MCID_{secrets.token_hex(12)}", 0
        question = None if kept.question is None else json.dumps(kept.question)
        row = (webenv, last + 1, now, pack_ids(kept.ids), question)
        self._db.execute("REPLACE INTO sets VALUES (?, ?, ?, ?, ?)", row)
        return webenv, last + 1

    def get(self, webenv: str, key: int, now: float) -> Kept | None:
        """Return a set; None when it is not known, or forgotten by now."""
        sql = (
            "UPDATE sets SET used = ?3 WHERE webenv = ?1 AND key = ?2 AND used > ?4 "
            "RETURNING ids, question"
        )
        row = self._db.execute(sql, (webenv, key, now, now - EXPIRY_S)).fetchone()
        if row is None:
            return None
        question = None if row[1] is None else Question(*json.loads(row[1]))
        return Kept(unpack_ids(row[0]), question)

    def _forget(self, now: float) -> None:
        self._db.execute("DELETE FROM sets WHERE used <= ?", (now - EXPIRY_S,))
        count = self._db.execute("SELECT count(*) FROM sets").fetchone()[0]
        if count >= MOST_SETS:
            sql = (
                "DELETE FROM sets WHERE (webenv, key) IN "
                "(SELECT webenv, key FROM sets ORDER BY used LIMIT ?)"
            )
            self._db.execute(sql, (count - MOST_SETS + 1,))


def pack_ids(ids: Sequence[int]) -> bytes:
    """Return PMIDs as four bytes each.

    >>> unpack_ids(pack_ids((90000001, 7)))
    (90000001, 7)
    """
    return array("I", ids).tobytes()


def unpack_ids(packed: bytes) -> tuple[int, ...]:
    """Return the numbers that were packed."""
    numbers = array("I")
    numbers.frombytes(packed)
    return tuple(numbers)

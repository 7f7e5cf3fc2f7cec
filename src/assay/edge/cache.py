"""Recorded answers in one SQLite file that may be deleted at any time.

Only answers that a judge found good and whole are recorded; failures never are. What
says who asked (key, e-mail, tool) is neither part of a key nor of what is stored.
"""

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TypeVar

from assay.errors import StoreError
from assay.sources.base import Answer, Params, Request

IDENTITY = frozenset({"api_key", "email", "mailto", "tool"})
"""Parameters that say who asks."""

FORMAT = 1
"""PRAGMA user_version of the file."""

LOCK_WAIT_S = 20.0
COMPRESSION = 3
"""zlib's level: PubMed XML shrinks sixfold at 3, and hardly more at 9."""

_TABLE = """
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY,     -- sha256 of method, address, parameters, JSON body
    method TEXT NOT NULL,
    url TEXT NOT NULL,
    params TEXT NOT NULL,     -- JSON, sorted, without who asked
    time TEXT NOT NULL,       -- ISO, of the answer
    status INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    sha256 TEXT NOT NULL,     -- of the body
    body BLOB NOT NULL        -- zlib
) WITHOUT ROWID
"""

_BY_DIGEST = "CREATE INDEX IF NOT EXISTS answers_sha256 ON answers (sha256)"
"""Bundles name bodies by their digest."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheStats:
    """How much is recorded."""

    path: str
    answers: int
    bytes: int
    """Size of the file on disk; 0 when there is none."""
    oldest: str
    """ISO time of the oldest answer; "" when there is none."""
    newest: str


def public_params(params: Params) -> Params:
    """Return the parameters that may be stored, sorted.

    >>> public_params((("term", "tea"), ("api_key", "s"), ("db", "pubmed")))
    (('db', 'pubmed'), ('term', 'tea'))
    """
    return tuple(sorted(pair for pair in params if pair[0] not in IDENTITY))


def cache_key(
    method: str, url: str, params: Params, body: str = "", turn: int = 0
) -> str:
    """Return the key of an exchange: 64 hexadecimal digits.

    A POST's body is the form made of its parameters, so these stand for the body,
    unless it has a `body` of its own. turn: as in `Request`.

    >>> one = cache_key("GET", "https://example.org/", (("a", "1"), ("b", "2")))
    >>> two = cache_key("GET", "https://example.org/", (("b", "2"), ("a", "1")))
    >>> one == two, one == cache_key("POST", "https://example.org/", (("a", "1"),))
    (True, False)
    """
    own: list[str | int] = [body] if body else []
    own += [turn] if turn else []
    public = json.dumps([method, url, public_params(params), *own])
    return hashlib.sha256(public.encode()).hexdigest()


def _key_of(request: Request) -> str:
    return cache_key(
        request.method, request.url, request.params, request.body, request.turn
    )


class Cache:
    """The file of recorded answers; threads and processes may share it."""

    def __init__(self, path: Path) -> None:
        """Open `path`, making it and its folder when needed.

        Raises:
            StoreError: when the file is damaged, from another version, or cannot be
                opened. It is left as it is.
        """
        self.path = path
        self._lock = Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                path, timeout=LOCK_WAIT_S, check_same_thread=False, isolation_level=None
            )
        except (sqlite3.Error, OSError) as error:
            raise StoreError(_cannot("open", path, error)) from error
        self._guard("open", self._prepare)

    def _prepare(self) -> None:
        found = self._db.execute("PRAGMA user_version").fetchone()[0]
        if found not in (0, FORMAT):
            raise StoreError(
                f"The recorded answers in {self.path} were written by another version "
                "of assay. Delete the file: it only saves asking again."
            )
        if found == 0:
            self._make()
        with suppress(sqlite3.OperationalError):  # read-only: looked for without it
            self._db.execute(_BY_DIGEST)
        with suppress(sqlite3.OperationalError):  # another process is just doing it
            self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")

    def _make(self) -> None:
        """Make the table; a process that comes at the same time waits meanwhile."""
        self._db.execute("BEGIN IMMEDIATE")
        self._db.execute(_TABLE)
        self._db.execute(f"PRAGMA user_version = {FORMAT}")
        self._db.execute("COMMIT")

    def read(self, request: Request) -> Answer | None:
        """Return the recorded answer to `request`, or None.

        Raises:
            StoreError: when the file, or what is recorded in it, is damaged.
        """
        key = _key_of(request)
        row = self._guard(
            "read",
            lambda: self._db.execute(
                "SELECT time, status, media_type, sha256, body FROM answers"
                " WHERE key = ?",
                (key,),
            ).fetchone(),
        )
        if row is None:
            return None
        when, status, media_type, digest, packed = row
        return Answer(
            status=status,
            body=self._unpack(packed, digest),
            media_type=media_type,
            url=request.url,
            when=when,
            recorded=True,
        )

    def _unpack(self, packed: bytes, digest: str) -> bytes:
        try:
            body = zlib.decompress(packed)
        except zlib.error:
            body = b""
        if hashlib.sha256(body).hexdigest() != digest:
            raise StoreError(_damaged(self.path))
        return body

    def write(self, request: Request, answer: Answer) -> None:
        """Record `answer`, in place of an earlier one to the same request.

        Raises:
            StoreError: when it cannot be written (full disk, read-only, damaged).
        """
        row = (
            _key_of(request),
            request.method,
            request.url,
            json.dumps(public_params(request.params)),
            answer.when,
            answer.status,
            answer.media_type,
            hashlib.sha256(answer.body).hexdigest(),
            zlib.compress(answer.body, COMPRESSION),
        )
        self._guard(
            "write",
            lambda: self._db.execute(
                "INSERT OR REPLACE INTO answers VALUES (?,?,?,?,?,?,?,?,?)", row
            ),
        )

    def holds(self, digest: str) -> bool:
        """Tell whether a body with this SHA-256 is recorded.

        Raises:
            StoreError: when the file cannot be read.
        """
        sql = "SELECT 1 FROM answers WHERE sha256 = ? LIMIT 1"
        row = self._guard("read", lambda: self._db.execute(sql, (digest,)).fetchone())
        return row is not None

    def read_body(self, digest: str) -> bytes | None:
        """Return the recorded body with this SHA-256, or None.

        Raises:
            StoreError: when the file, or what is recorded in it, is damaged.
        """
        sql = "SELECT body FROM answers WHERE sha256 = ? LIMIT 1"
        row = self._guard("read", lambda: self._db.execute(sql, (digest,)).fetchone())
        return None if row is None else self._unpack(row[0], digest)

    def stats(self) -> CacheStats:
        """Return how much is recorded.

        Raises:
            StoreError: when the file cannot be read.
        """
        query = "SELECT count(*), coalesce(min(time), ''), coalesce(max(time), '')"
        answers, oldest, newest = self._guard(
            "read", lambda: self._db.execute(f"{query} FROM answers").fetchone()
        )
        size = self.path.stat().st_size if self.path.exists() else 0
        return CacheStats(
            path=str(self.path),
            answers=answers,
            bytes=size,
            oldest=oldest,
            newest=newest,
        )

    def clear(self) -> int:
        """Forget every answer; return how many there were.

        Raises:
            StoreError: when the file cannot be written.
        """
        removed = self._guard(
            "write", lambda: self._db.execute("DELETE FROM answers").rowcount
        )
        self._guard("write", lambda: self._db.execute("VACUUM"))
        return removed

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def _guard(self, verb: str, work: Callable[[], _T]) -> _T:
        try:
            with self._lock:
                return work()
        except sqlite3.OperationalError as error:  # locked, full, read-only, no disk
            raise StoreError(_cannot(verb, self.path, error)) from error
        except sqlite3.DatabaseError as error:  # not a database, malformed
            raise StoreError(_damaged(self.path)) from error


def _damaged(path: Path) -> str:
    return (
        f"The recorded answers in {path} are damaged. "
        "Delete the file: it only saves asking again."
    )


def _cannot(verb: str, path: Path, error: Exception) -> str:
    return (
        f"Cannot {verb} the recorded answers in {path} ({error}). "
        "Check the folder's rights and the free space, or delete the file."
    )

"""What a service's daily credits are spent on, counted for every process together.

OpenAlex charges credits and tells with each answer how many are left (headers seen in
2026). They are counted here before a request leaves, in one SQLite file beside the
pace, so that assay stops before the service does: a service that is asked beyond its
budget answers "come back in 15 hours". Its own count, where it gives one, is believed.
"""

import hashlib
import logging
import sqlite3
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

from assay.edge.services import Service
from assay.errors import RefusedError

LOG = logging.getLogger(__name__)

LOCK_WAIT_S = 10.0
FORGOTTEN_AFTER = 600.0
"""Seconds after which a request is taken to have died with its process."""
MEMORY = ":memory:"

_TABLES = """
CREATE TABLE IF NOT EXISTS days (
    who TEXT NOT NULL,           -- service and hashed key: see _who
    day TEXT NOT NULL,           -- ISO, UTC
    given INTEGER NOT NULL,      -- credits of that day, as far as known
    remaining INTEGER NOT NULL,  -- not yet charged, as far as known
    used INTEGER NOT NULL,       -- charged for requests from this machine
    turn INTEGER NOT NULL,       -- rises with each request and each answer
    PRIMARY KEY (who, day)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held (  -- requests whose answer has not come
    id INTEGER PRIMARY KEY,
    who TEXT NOT NULL,
    day TEXT NOT NULL,
    cost INTEGER NOT NULL,
    since REAL NOT NULL          -- seconds since 1970
);
"""

_T = TypeVar("_T")


class Charge(NamedTuple):
    """What an answer says about credits; None where it says nothing."""

    used: int | None = None
    """Charged for this request."""
    limit: int | None = None
    """Given a day."""
    remaining: int | None = None
    """Left of them."""


class Hold(NamedTuple):
    """Credits set aside for a request that is on its way."""

    id: int
    who: str
    day: str
    cost: int
    turn: int


class Balance(NamedTuple):
    """How many credits may still be spent today."""

    left: int
    of: int
    """What the service gives, or the person's own budget where that is what ends."""
    own: bool = False
    """True when it is the person's own budget that ends first."""


def parse_charge(headers: Mapping[str, str]) -> Charge:
    """Return what the headers of an answer say about credits (OpenAlex, 2026).

    >>> parse_charge({"x-ratelimit-credits-used": "10", "x-ratelimit-remaining": "-"})
    Charge(used=10, limit=None, remaining=None)
    """
    names = ("credits-used", "limit", "remaining")
    return Charge(*(_number(headers.get(f"x-ratelimit-{name}", "")) for name in names))


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() else None


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Meter:
    """Counts credits, a day (UTC) and an identity at a time.

    Threads and processes may share the file. Where it cannot be used, this process
    counts for itself and `shared` turns False.
    """

    def __init__(
        self, path: Path | None = None, now: Callable[[], datetime] = _utc_now
    ) -> None:
        """Count in `path`, made with its folder when needed; None counts in memory."""
        self.path, self._now = path, now
        self._lock = Lock()
        self._db: sqlite3.Connection | None = None
        self.shared = True

    def reserve(self, service: Service, cost: int) -> Hold:
        """Set credits aside for a request that is about to be sent.

        Raises:
            RefusedError: fewer are left than it costs. Says how many of how many.
        """
        outcome = self._guard(lambda db: self._reserve(db, service, cost))
        if isinstance(outcome, Hold):
            return outcome
        whose = "your own limit" if outcome.own else "today's credits"
        raise RefusedError(
            service.title,
            f"the next request costs {cost} credits and {outcome.left:,} are left "
            f"of {whose} ({outcome.of:,}), so it was not sent",
            "Raise openalex_credits, or wait for midnight UTC."
            if outcome.own
            else service.when_spent,
        )

    def settle(self, hold: Hold, charge: Charge) -> None:
        """Count what a request has cost, by its answer: a `Charge()` for no answer."""
        self._guard(lambda db: self._settle(db, hold, charge))

    def balance(self, service: Service) -> Balance:
        """Return what may still be spent today."""
        return self._guard(
            lambda db: self._balance(db, service, *self._row(db, service))
        )

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    # --- inside one write transaction ----------------------------------------------

    def _reserve(
        self, db: sqlite3.Connection, service: Service, cost: int
    ) -> Hold | Balance:
        who, day = self._row(db, service)
        balance = self._balance(db, service, who, day)
        if cost and cost > balance.left:
            return balance
        where = "WHERE who = ? AND day = ?"
        db.execute(f"UPDATE days SET turn = turn + 1 {where}", (who, day))
        turn = db.execute(f"SELECT turn FROM days {where}", (who, day)).fetchone()[0]
        added = db.execute(
            "INSERT INTO held (who, day, cost, since) VALUES (?, ?, ?, ?)",
            (who, day, cost, time.time()),
        )
        return Hold(added.lastrowid or 0, who, day, cost, turn)

    def _row(self, db: sqlite3.Connection, service: Service) -> tuple[str, str]:
        """Return the key of today's row, which is there afterwards."""
        who, day = _who(service), self._now().date().isoformat()
        db.execute("DELETE FROM days WHERE day < date(?, '-7 days')", (day,))
        db.execute("DELETE FROM held WHERE since < ?", (time.time() - FORGOTTEN_AFTER,))
        db.execute(
            "INSERT OR IGNORE INTO days VALUES (?, ?, ?, ?, 0, 0)",
            (who, day, service.credits, service.credits),
        )
        return who, day

    def _balance(
        self, db: sqlite3.Connection, service: Service, who: str, day: str
    ) -> Balance:
        key = (who, day)
        given, remaining, used = db.execute(
            "SELECT given, remaining, used FROM days WHERE who = ? AND day = ?", key
        ).fetchone()
        held = db.execute(
            "SELECT coalesce(sum(cost), 0) FROM held WHERE who = ? AND day = ?", key
        ).fetchone()[0]
        theirs = Balance(max(0, remaining - held), given)
        if service.budget is None:
            return theirs
        ours = Balance(max(0, service.budget - used - held), service.budget, own=True)
        return min(theirs, ours, key=lambda balance: balance.left)

    def _settle(self, db: sqlite3.Connection, hold: Hold, charge: Charge) -> None:
        db.execute("DELETE FROM held WHERE id = ?", (hold.id,))
        row = db.execute(
            "SELECT given, remaining, used, turn FROM days WHERE who = ? AND day = ?",
            (hold.who, hold.day),
        ).fetchone()
        if row is None:  # the file was begun anew meanwhile
            return
        given, remaining, used, turn = row
        cost = charge.used or 0
        limit = given if charge.limit is None else charge.limit
        left = max(0, remaining + limit - given - cost)
        today = hold.day == self._now().date().isoformat()
        if charge.remaining is not None and today:
            # With others on their way an answer may tell of a moment gone by: then
            # the lower count is the safe one. Alone, the service knows better.
            alone = turn == hold.turn
            left = charge.remaining if alone else min(left, charge.remaining)
        db.execute(
            "UPDATE days SET given = ?, remaining = ?, used = ?, turn = turn + 1 "
            "WHERE who = ? AND day = ?",
            (limit, left, used + cost, hold.who, hold.day),
        )

    # --- the file ------------------------------------------------------------------

    def _guard(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Do `work` in one write transaction, on the file or else in memory."""
        with self._lock:
            try:
                return self._transact(work)
            except (sqlite3.Error, OSError) as error:
                LOG.warning("Credits are counted by this process alone: %s", error)
                self.shared = False
                if self._db is not None:
                    self._db.close()
                    self._db = None
                return self._transact(work)

    def _transact(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        db = self._open()
        db.execute("BEGIN IMMEDIATE")
        with db:  # commits, or rolls back what failed
            return work(db)

    def _open(self) -> sqlite3.Connection:
        if self._db is None:
            path = self.path if self.shared else None
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                path or MEMORY,
                timeout=LOCK_WAIT_S,
                check_same_thread=False,
                isolation_level=None,
            )
            self._db.execute("PRAGMA synchronous = OFF")  # the service counts as well
            self._db.executescript(_TABLES)
        return self._db


def _who(service: Service) -> str:
    """Return a name for who asks whom that does not tell the key."""
    keys = "\n".join(service.api_keys())
    who = hashlib.sha256(keys.encode()).hexdigest()[:16] if keys else "keyless"
    return " ".join(filter(None, (service.title, who, urlsplit(service.at).netloc)))

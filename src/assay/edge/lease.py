"""One run at a time: a lease in cache/state.db, which ends with whoever holds it.

A lease is held until a time that its holder moves on while it runs. One whose process
has ended is free at once where that can be seen, on the same machine; else when its
time has passed. A time that lies further ahead than any holder sets it was written
under another clock, and holds nobody up.
"""

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from assay.edge.process import Process, is_gone, this_process
from assay.edge.state_file import check_pages, open_state, read_state
from assay.edge.state_values import damaged, parse_value, render_value
from assay.errors import StoreError

LEASE_S = 1800.0
"""How long a lease holds that is not renewed: longer than any one wait of a run."""
SKEW_S = 60.0
"""By how much two machines' clocks may differ."""
_RENEW_SHARE = 4
"""A lease is written anew after this part of its time: renewing often costs nothing."""


class Holder(NamedTuple):
    """Who holds a lease."""

    process: Process
    token: str
    """Of this one lease, never used again."""
    since: str
    """ISO time in UTC."""
    until: str
    """ISO time in UTC at which it ends unless it is renewed."""
    seconds: float
    """How far ahead `until` was set."""

    def __str__(self) -> str:
        """Return the holder in words for people."""
        when = f"{self.since[:16].replace('T', ' ')} UTC"
        return f"process {self.process.pid} on {self.process.host}, since {when}"


class Lease:
    """A lease that this process holds."""

    def __init__(self, path: Path, name: str, now: Callable[[], datetime]) -> None:
        """Keep what is needed to renew it; `hold_lease` takes it."""
        self.path, self.name, self.token = path, name, secrets.token_hex(8)
        self._now = now
        self._holder: Holder | None = None

    def renew(self) -> None:
        """Hold it for its whole time from now on; does nothing when it is still fresh.

        Raises:
            StoreError: another process has taken it over, since this one did not renew
                it in time; or the file cannot be written.
        """
        if self._holder is not None and not self._is_fresh(self._holder):
            self._write(self._holder.seconds)

    def _is_fresh(self, holder: Holder) -> bool:
        left = (_time(holder.until) - self._now()).total_seconds()
        return holder.seconds * (1 - 1 / _RENEW_SHARE) < left <= holder.seconds

    def _write(self, seconds: float) -> None:
        now = self._now().astimezone(UTC)
        until = (now + timedelta(seconds=seconds)).isoformat()
        with open_state(self.path) as db:
            self.check(db)
            held = self._holder
            assert held is not None
            self._holder = held._replace(until=until, seconds=seconds)
            _put(db, self.name, self._holder)

    def take(self, seconds: float) -> bool:
        """Take it if nobody holds it; tell whether it was taken.

        Raises:
            StoreError: the file cannot be written, or is damaged.
        """
        now, me = self._now().astimezone(UTC), this_process()
        until = (now + timedelta(seconds=seconds)).isoformat()
        with read_state(self.path) as db:  # apart, for it keeps nobody from writing
            if db is not None:
                check_pages(db, self.path)
        with open_state(self.path) as db:
            held = _find(db, self.path, self.name)
            if held is not None and is_held(held, now, me):
                return False
            self._holder = Holder(me, self.token, now.isoformat(), until, seconds)
            _put(db, self.name, self._holder)
        return True

    def check(self, db: sqlite3.Connection) -> None:
        """Make sure, inside a transaction, that it is still held.

        Raises:
            StoreError: another process has taken it over.
        """
        held = _find(db, self.path, self.name)
        if held is None or held.token != self.token:
            by = f"by {held}" if held else "and gave it back"
            raise StoreError(
                f"Another assay took over while this one ran ({by}), so nothing of "
                "this run was written. What it found comes with the next run."
            )

    def release(self) -> None:
        """Give it back; another's is left as it is.

        Raises:
            StoreError: the file cannot be written.
        """
        with open_state(self.path) as db:
            held = _find(db, self.path, self.name)
            if held is not None and held.token == self.token:
                db.execute("DELETE FROM leases WHERE name = ?", (self.name,))


@contextmanager
def hold_lease(
    path: Path, name: str, *, now: Callable[[], datetime], seconds: float = LEASE_S
) -> Iterator[Lease | None]:
    """Hold the lease of that name while the block runs; None where another holds it.

    `read_holder` then tells who. The whole file is read once, so that no run begins
    on a damaged one.

    Args:
        path: cache/state.db of the workspace; made when it lacks.
        name: e.g. "digest".
        now: the clock; its times have a zone.
        seconds: how long it holds without `Lease.renew`.

    Raises:
        StoreError: the file cannot be written, or is damaged.
    """
    lease = Lease(path, name, now)
    if not lease.take(seconds):
        yield None
        return
    try:
        yield lease
    finally:
        with suppress(StoreError):  # it ends with this process all the same
            lease.release()


def read_holder(path: Path, name: str) -> Holder | None:
    """Return who holds a lease or left it behind; None when nobody does.

    Raises:
        StoreError: the file cannot be read, or is damaged.
    """
    with read_state(path, since=2) as db:
        return _find(db, path, name) if db else None


def is_held(holder: Holder, now: datetime, me: Process) -> bool:
    """Tell whether a lease still holds, as seen at `now` by the process `me`."""
    left = (_time(holder.until) - now).total_seconds()
    return 0 < left <= holder.seconds + SKEW_S and not is_gone(holder.process, me)


def _find(db: sqlite3.Connection, path: Path, name: str) -> Holder | None:
    sql = "SELECT holder FROM leases WHERE name = ?"
    row = db.execute(sql, (name,)).fetchone()
    if row is None:
        return None
    holder = parse_value(Holder, row[0], path)
    try:
        _time(holder.until)
    except ValueError as error:
        raise damaged("lease", path, str(error)) from error
    return holder


def _put(db: sqlite3.Connection, name: str, holder: Holder) -> None:
    db.execute("REPLACE INTO leases VALUES (?, ?)", (name, render_value(holder)))


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)

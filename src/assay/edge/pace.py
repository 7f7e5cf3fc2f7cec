"""One pace for every process of this machine, kept in a small SQLite file.

pyrate-limiter's SQLite bucket holds the starts. It is used without its `Limiter`,
whose waiting polls in steps of 50 ms and wakes all waiters at once: here each caller
books the next free start inside one SQLite write transaction (which is also the lock
between processes) and sleeps until exactly then.
"""

import logging
import re
import sqlite3
import time
from pathlib import Path
from threading import Event, Lock

from pyrate_limiter import InMemoryBucket, Rate, RateItem, SQLiteBucket

LOG = logging.getLogger(__name__)

LONGEST_QUEUE = 120.0
"""Seconds. A booking further ahead means that the clock was set back: start afresh."""

LOCK_WAIT_MS = 10_000
TIDY_AFTER = 200
"""Bookings after which old rows are removed."""


class Pace:
    """Starts at even distances, shared by all who use the same file.

    Where the file cannot be used, the pace is kept within this process only and
    `shared` turns False.
    """

    def __init__(self, path: Path) -> None:
        """Keep the pace in `path`; its folder is made when needed."""
        self.path = path
        self._lock = Lock()
        self._queues: dict[str, Lock] = {}
        """One a name: whoever waits for a start on one holds up no other."""
        self._buckets: dict[str, SQLiteBucket | InMemoryBucket] = {}
        self._booked, self._closed = 0, False
        self.shared = True

    def wait(self, name: str, pause: float, stop: Event | None = None) -> float:
        """Wait for the next start on `name` and return its time (seconds since 1970).

        Two starts on one name are never booked less than `pause` seconds apart. Ends
        early when `stop` is set. A pause of 0 does not wait.
        """
        if pause <= 0:
            return time.time()
        stop = stop or Event()
        with self._lock:
            queue = self._queues.setdefault(name, Lock())
        with queue:
            if stop.is_set():
                return time.time()
            with self._lock:
                if self._closed:
                    return time.time()
                start = self._book(name, pause)
            stop.wait(max(0.0, start - time.time()))
            return start

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._closed = True
            for bucket in self._buckets.values():
                bucket.close()
            self._buckets.clear()

    def _book(self, name: str, pause: float) -> float:
        try:
            return self._book_in(self._bucket(name, pause))
        except (sqlite3.Error, OSError) as error:
            LOG.warning("The pace is kept by this process alone: %s", error)
            self.shared = False
            self._buckets.pop(name, None)
            return self._book_in(self._bucket(name, pause))

    def _bucket(self, name: str, pause: float) -> SQLiteBucket | InMemoryBucket:
        if name not in self._buckets:
            # The bucket counts both ends of its window, hence one ms less.
            rates = [Rate(1, max(1, round(pause * 1000) - 1))]
            self._buckets[name] = (
                self._open(name, rates) if self.shared else InMemoryBucket(rates)
            )
        return self._buckets[name]

    def _open(self, name: str, rates: list[Rate]) -> SQLiteBucket:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        table = re.sub(r"\W+", "_", name)
        bucket = SQLiteBucket.init_from_file(rates, table=table, db_path=str(self.path))
        bucket.conn.isolation_level = None  # transactions are begun by hand
        bucket.conn.execute(f"PRAGMA busy_timeout = {LOCK_WAIT_MS}")
        bucket.conn.execute("PRAGMA synchronous = OFF")  # nothing here must last
        return bucket

    def _book_in(self, bucket: SQLiteBucket | InMemoryBucket) -> float:
        if isinstance(bucket, InMemoryBucket):
            return _next_start(bucket, _now())
        bucket.conn.execute("BEGIN IMMEDIATE")
        try:
            start = _next_start(bucket, _now())
        finally:
            if bucket.conn.in_transaction:
                bucket.conn.rollback()
        self._booked += 1
        if self._booked % TIDY_AFTER == 1:
            bucket.leak(_now())
        return start


def _now() -> int:
    return time.time_ns() // 1_000_000


def _next_start(bucket: SQLiteBucket | InMemoryBucket, now: int) -> float:
    """Book the earliest free start at or after `now` (ms); return it in seconds."""
    item = RateItem("start", now)
    if not bucket.put(item):
        ahead = bucket.waiting(item)
        if not isinstance(ahead, int) or ahead > LONGEST_QUEUE * 1000:
            bucket.flush()
        else:
            item.timestamp += max(0, ahead)
        bucket.put(item)
    return item.timestamp / 1000

"""The library: every record at hand, in one SQLite file that survives crashes.

A record is known by its identifiers. One that arrives again is merged with the one at
hand (library/merge.py). Every insertion and every change takes the next number of
`seq`, so that whoever has read up to a number can read on from there.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from assay.edge.beside import Held, MirrorBeside
from assay.edge.packaged import STARTER, read_packaged
from assay.edge.store_file import explained, open_file, transaction
from assay.edge.store_parts import (
    Description,
    Provenance,
    absorb,
    is_apart,
    read_descriptions,
    write_parts,
)
from assay.edge.store_rows import (
    find_rows,
    insert_row,
    join_rows,
    name_row,
    read_last_seq,
    remove_row,
    touch_row,
    update_row,
)
from assay.library.codec import decode_record
from assay.library.merge import PUBMED, conflict, first_key, keys_of, merge, order_of
from assay.library.merge import STARTER as STARTER_ORIGIN
from assay.library.starter import parse_starter
from assay.record import Record
from assay.search import Problem

BATCH = 500
"""Records in one transaction: what a kill can lose of a running `add`."""

PAGE = 500
"""Records read at a time by `since`."""


class Added(NamedTuple):
    """What became of records that were added."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: tuple[Problem, ...] = ()

    def plus(self, other: "Added") -> "Added":
        """Return what became of the records of both."""
        return Added(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.problems + other.problems,
        )


class Change(NamedTuple):
    """One step of the library's history that still counts."""

    seq: int
    id: int
    """Number of the row; never used again."""
    key: str
    record: Record | None
    """None: the row was joined to another one."""


class Library:
    """The records at hand. For one thread; several processes may share the file."""

    def __init__(
        self, db: sqlite3.Connection, path: Path, beside: MirrorBeside
    ) -> None:
        self._db, self.path, self._beside = db, path, beside

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; nothing more can be asked."""
        self._db.close()
        self._beside.close()

    def add(
        self, records: Iterable[Record], *, source: str, query: str, when: str
    ) -> Added:
        """Add records that a search found; return what became of them.

        Every 500 records are made durable together. When the iterable itself fails,
        those that it gave before are kept, and then its error is raised.

        Args:
            records: in any order; the same one twice does no harm.
            source: where they were found, e.g. "pubmed".
            query: the words that found them.
            when: ISO time of the answer.

        Raises:
            StoreError: the file cannot be written; batches before that are kept.
        """
        total = Added()
        pending: list[Record] = []
        try:
            for record in records:
                pending.append(record)
                if len(pending) == BATCH:
                    batch, pending = pending, []
                    total = total.plus(self._add(batch, source, query, when))
        finally:
            total = total.plus(self._add(pending, source, query, when))
        return total

    def get(self, key: str) -> Record | None:
        """Return the record known under a key such as "pmid:90000001", or None."""
        sql = (
            "SELECT value FROM identity JOIN records USING (id) WHERE identity.key = ? "
            "ORDER BY records.key != ?1, id LIMIT 1"
        )
        row = self._one(sql, key)
        return decode_record(row[0]) if row else None

    def find(self, *, pmid: str = "", doi: str = "", pmcid: str = "") -> Record | None:
        """Return the record with the first identifier given that is known, or None."""
        asked = Record(source="", pmid=pmid, doi=doi, pmcid=pmcid)
        known = keys_of(asked) if pmid or doi or pmcid else ()
        return next(filter(None, map(self.get, known)), None)

    def records(self) -> Iterator[Record]:
        """Yield every record, those that changed longest ago first."""
        return (change.record for change in self.since(0) if change.record)

    def in_order(self) -> Iterator[Record]:
        """Yield every record, by rising PMID, then those without one by their names."""
        rows = self.ask("SELECT key, id FROM records")
        for _, number in sorted(rows, key=lambda row: order_of(str(row[0]))):
            with explained(self.path):
                sql = "SELECT value FROM records WHERE id = ?"
                row = self._db.execute(sql, (number,)).fetchone()
            if row:
                yield decode_record(row[0])

    def pmids(self) -> frozenset[int]:
        """Return every PMID by which a record is known here."""
        sql = "SELECT key FROM identity WHERE key >= 'pmid:' AND key < 'pmid;'"
        found = (str(row[0]).partition(":")[2] for row in self.ask(sql))
        return frozenset(int(pmid) for pmid in found if pmid.isdecimal())

    def since(self, seq: int) -> Iterator[Change]:
        """Yield what changed after `seq`, in order; 0 yields everything."""
        sql = (
            "SELECT seq, id, key, value FROM records WHERE seq > ?1 UNION ALL "
            "SELECT seq, id, '', NULL FROM gone WHERE seq > ?1 ORDER BY seq LIMIT ?2"
        )
        while True:
            with explained(self.path):
                rows = self._db.execute(sql, (seq, PAGE)).fetchall()
            for at, number, key, value in rows:
                record = None if value is None else decode_record(value)
                yield Change(at, number, key, record)
            if len(rows) < PAGE:
                return
            seq = rows[-1][0]

    def count(self) -> int:
        """Return how many records there are."""
        return int(self._value("SELECT count(*) FROM records"))

    def last_seq(self) -> int:
        """Return the number of the last change; 0 for an empty library."""
        with explained(self.path):
            return read_last_seq(self._db)

    def name(self) -> str:
        """Return the random name that this file was born with."""
        return self._value("SELECT value FROM meta WHERE name = 'library'")

    def origins(self) -> tuple[tuple[str, int, str], ...]:
        """Return (origin, how many records, ISO date last seen), sorted by origin."""
        sql = (
            "SELECT origin, count(*), substr(max(last_seen), 1, 10) FROM records "
            "GROUP BY origin ORDER BY origin"
        )
        with explained(self.path):
            return tuple(self._db.execute(sql).fetchall())

    def provenance(self, key: str) -> tuple[Provenance, ...]:
        """Return the searches that found the record under a key, oldest first."""
        sql = (
            "SELECT source, query, first, last FROM provenance WHERE id IN "
            "(SELECT id FROM identity WHERE key = ?) ORDER BY first, source, query"
        )
        with explained(self.path):
            return tuple(map(Provenance._make, self._db.execute(sql, (key,))))

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        """Return the rows of a question about pairs and decisions."""
        with explained(self.path):
            return self._db.execute(sql).fetchall()

    def write(self, sql: str, values: Iterable[Sequence[object]]) -> None:
        """Write pairs or decisions, all or none."""
        with transaction(self._db, self.path):
            self._db.executemany(sql, values)

    def note(self, name: str) -> str:
        """Return a note about the library itself; "" when there is none."""
        row = self._one("SELECT value FROM meta WHERE name = ?", name)
        return str(row[0]) if row else ""

    def descriptions(self) -> Iterator[tuple[int, tuple[Description, ...]]]:
        """Yield each row's number with the records that it is made of: mostly one."""
        with explained(self.path):
            yield from read_descriptions(self._db)

    def regroup(
        self, gone: Iterable[int], groups: Iterable[tuple[Record, list[Description]]]
    ) -> None:
        """Put rows, each with the records that it is made of, in the place of others.

        Raises:
            StoreError: the file cannot be written; nothing was changed.
        """
        with transaction(self._db, self.path):
            for number in gone:
                remove_row(self._db, number)
            for record, made_of in groups:
                first, last = (
                    min(d.first for d in made_of),
                    max(d.last for d in made_of),
                )
                number = insert_row(self._db, record, first)
                touch_row(self._db, number, last)
                write_parts(self._db, number, made_of)
                name_row(self._db, number, record)

    def load_starter(self) -> Added:
        """Bring in the shipped starter library where it is not in yet, or changed.

        A fetched record is never overwritten; a summary that ships no longer goes.

        Raises:
            StoreError: the shipped file or the library cannot be read or written.
        """
        data = read_packaged(STARTER)
        digest = hashlib.sha256(data).hexdigest()
        if self._one("SELECT 1 FROM meta WHERE name = 'starter' AND value = ?", digest):
            return Added()
        records = parse_starter(data.decode("utf-8").splitlines())
        with transaction(self._db, self.path):
            added = Added()
            for record in records:
                when = record.summary.written_on if record.summary else ""
                added = added.plus(self._place(record, STARTER_ORIGIN, "", when))
            self._drop_summaries_except(records)
            self._db.execute("REPLACE INTO meta VALUES ('starter', ?)", (digest,))
        return added

    def _add(self, batch: list[Record], source: str, query: str, when: str) -> Added:
        added = Added()
        if batch:
            with transaction(self._db, self.path):
                for record in batch:
                    added = added.plus(self._place(record, source, query, when))
        return added

    def _place(self, record: Record, source: str, query: str, when: str) -> Added:
        """Insert a record or merge it with those that it is the same as."""
        merged, rows, problems = record, [], []
        for number, old in find_rows(self._db, record):
            if is_apart(self._db, old, record):
                continue
            if why := conflict(old, merged):
                problems.append(_contradiction(why))
            else:
                merged = merge(old, merged)
                rows.append((number, old))
        if len(rows) == 1 and rows[0][1] == merged:
            number, outcome = rows[0][0], Added(unchanged=1)
            absorb(self._db, [number], record, (source, query, when))
            touch_row(self._db, number, when)
        elif rows:
            number, outcome = rows[0][0], Added(changed=1)
            absorb(self._db, [at for at, _ in rows], record, (source, query, when))
            join_rows(self._db, number, [other for other, _ in rows[1:]])
            update_row(self._db, number, merged, when)
        elif held := self._held(record):
            self._place(held.record, PUBMED, held.file, held.when)
            added = self._place(record, source, query, when)
            return added._replace(new=1, changed=0, unchanged=0)
        else:
            number, outcome = insert_row(self._db, merged, when), Added(new=1)
        self._db.execute(
            "INSERT INTO provenance VALUES (?1, ?2, ?3, ?4, ?4) ON CONFLICT DO UPDATE "
            "SET first = min(first, ?4), last = max(last, ?4)",
            (number, source, query, when),
        )
        return outcome._replace(problems=tuple(problems))

    def _held(self, record: Record) -> Held | None:
        """Return the mirror's copy of a record that is new here, if it adds to it."""
        held = self._beside(record)
        if not held or held.record == record or is_apart(self._db, held.record, record):
            return None
        return held

    def _drop_summaries_except(self, kept: Iterable[Record]) -> None:
        keys = {first_key(record) for record in kept}
        sql = "SELECT id, key FROM records WHERE origin = ?"
        for number, key in self._db.execute(sql, (STARTER_ORIGIN,)).fetchall():
            if key not in keys:
                remove_row(self._db, number)

    def _one(self, sql: str, *values: str) -> tuple[bytes, ...] | None:
        with explained(self.path):
            row: tuple[bytes, ...] | None = self._db.execute(sql, values).fetchone()
        return row

    def _value(self, sql: str) -> str:
        with explained(self.path):
            return str(self._db.execute(sql).fetchone()[0])


def open_library(folder: Path, *, starter: bool = True) -> Library:
    """Return the library in a folder (cache/library), made if need be.

    Args:
        folder: holds records.db.
        starter: also bring in the shipped starter library when it is not in yet.

    Raises:
        StoreError: it cannot be opened or written, is damaged, or is too new.
    """
    path = folder / "records.db"
    library = Library(open_file(path), path, MirrorBeside(folder))
    try:
        if starter:
            library.load_starter()
    except BaseException:
        library.close()
        raise
    return library


def _contradiction(why: str) -> Problem:
    return Problem(
        where="library",
        what=why,
        what_to_do="Both records are kept; a notice often has its article's DOI.",
    )

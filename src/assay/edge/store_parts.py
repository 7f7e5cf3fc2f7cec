"""The records that a joined row is made of, so that it can be taken apart again.

A row that assay or a person joined of several keeps each of them as a part. A record
that arrives again is merged with the part that has its identifier as well as with the
row, so nothing is lost when the row is taken apart.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assay.library.codec import decode_record, encode_record
from assay.library.decided import SPLIT, names_of
from assay.library.merge import conflict, keys_of, merge
from assay.record import Record


class Provenance(NamedTuple):
    """One search that found a record."""

    source: str
    query: str
    first: str
    """ISO time."""
    last: str


class Description(NamedTuple):
    """One record of a row, as it was found."""

    record: Record
    first: str
    """ISO time at which it was first seen."""
    last: str
    searches: tuple[Provenance, ...]


def read_descriptions(
    db: sqlite3.Connection,
) -> Iterator[tuple[int, tuple[Description, ...]]]:
    """Yield each row's number with what it is made of, in the order of the rows."""
    rows = db.execute(
        "SELECT id, first_seen, last_seen, value FROM records ORDER BY id"
    ).fetchall()
    for row in rows:
        number = row[0]
        parts = db.execute(
            "SELECT part, first_seen, last_seen, value FROM parts WHERE id = ? "
            "ORDER BY part",
            (number,),
        ).fetchall()
        if parts:
            yield (
                number,
                tuple(
                    _description(db, "part_provenance WHERE part", part)
                    for part in parts
                ),
            )
        else:
            own = _description(db, "provenance WHERE id", row)
            yield number, (own,)


def _description(
    db: sqlite3.Connection, where: str, row: tuple[int, str, str, bytes]
) -> Description:
    number, first, last, value = row
    sql = f"SELECT source, query, first, last FROM {where} = ?"
    found = tuple(map(Provenance._make, db.execute(sql, (number,))))
    return Description(decode_record(value), first, last, found)


def part_keys(db: sqlite3.Connection, number: int) -> tuple[str, ...]:
    """Return the names of the records that a row is made of; () where it has no parts.

    The row goes by them too, so that each is found, and known when it comes again.
    """
    rows = db.execute("SELECT value FROM parts WHERE id = ?", (number,)).fetchall()
    return tuple(key for (value,) in rows for key in keys_of(decode_record(value)))


def write_parts(
    db: sqlite3.Connection, number: int, made_of: Sequence[Description]
) -> None:
    """Write what a new row is made of, and every search that found any of it."""
    for each in made_of:
        db.executemany(
            "INSERT INTO provenance VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE "
            "SET first = min(first, ?4), last = max(last, ?5)",
            [(number, *search) for search in each.searches],
        )
        if len(made_of) > 1:
            _write_part(db, number, each)


def _write_part(db: sqlite3.Connection, number: int, each: Description) -> None:
    sql = "INSERT INTO parts (id, first_seen, last_seen, value) VALUES (?, ?, ?, ?)"
    values = (number, each.first, each.last, encode_record(each.record))
    part = db.execute(sql, values).lastrowid
    db.executemany(
        "INSERT INTO part_provenance VALUES (?, ?, ?, ?, ?)",
        [(part, *search) for search in each.searches],
    )


def drop_parts(db: sqlite3.Connection, number: int) -> None:
    """Delete what a row is made of, along with the row."""
    db.execute(
        "DELETE FROM part_provenance WHERE part IN "
        "(SELECT part FROM parts WHERE id = ?)",
        (number,),
    )
    db.execute("DELETE FROM parts WHERE id = ?", (number,))


def absorb(
    db: sqlite3.Connection,
    rows: Sequence[int],
    record: Record,
    found: tuple[str, str, str],
) -> None:
    """Give a record that arrived again to the parts that share an identifier with it.

    Where several rows become one by it and one of them has parts, all of them become
    parts of the first. Does nothing for rows without parts.

    Args:
        rows: the rows that are the same as the record; the first is kept.
        found: (source, query, ISO time) of the search that found it.
    """
    marks = ", ".join("?" * len(rows))
    sql = f"SELECT count(*) FROM parts WHERE id IN ({marks})"
    if not db.execute(sql, rows).fetchone()[0]:
        return
    known = dict(_made_of(db, rows)) if len(rows) > 1 else {}
    for number, made_of in known.items():
        if number != rows[0] or not _has_parts(db, number):
            drop_parts(db, number)
            for each in made_of:
                _write_part(db, rows[0], each)
    keys = set(keys_of(record))
    sql = "SELECT part, value FROM parts WHERE id = ?"
    for part, value in db.execute(sql, (rows[0],)).fetchall():
        old = decode_record(value)
        if keys & set(keys_of(old)) and not conflict(old, record):
            _add_to_part(db, part, merge(old, record), found)


def _made_of(
    db: sqlite3.Connection, rows: Sequence[int]
) -> Iterator[tuple[int, tuple[Description, ...]]]:
    return (each for each in read_descriptions(db) if each[0] in rows)


def _has_parts(db: sqlite3.Connection, number: int) -> bool:
    return bool(db.execute("SELECT 1 FROM parts WHERE id = ?", (number,)).fetchone())


def _add_to_part(
    db: sqlite3.Connection, part: int, record: Record, found: tuple[str, str, str]
) -> None:
    source, query, when = found
    db.execute(
        "UPDATE parts SET value = ?, last_seen = max(last_seen, ?) WHERE part = ?",
        (encode_record(record), when, part),
    )
    db.execute(
        "INSERT INTO part_provenance VALUES (?1, ?2, ?3, ?4, ?4) ON CONFLICT DO UPDATE "
        "SET first = min(first, ?4), last = max(last, ?4)",
        (part, source, query, when),
    )


def is_apart(db: sqlite3.Connection, one: Record, other: Record) -> bool:
    """Say whether a person's last word on two records is that they are two."""
    sql = (
        "SELECT verdict FROM decisions WHERE undone = '' AND "
        "((one = ?1 AND other = ?2) OR (one = ?2 AND other = ?1)) "
        "ORDER BY number DESC LIMIT 1"
    )
    first = db.execute("SELECT 1 FROM decisions WHERE undone = ''").fetchone()
    if not first:
        return False
    ends = names_of(one)[0], names_of(other)[0]
    return ends[0] != ends[1] and db.execute(sql, ends).fetchone() == (SPLIT,)

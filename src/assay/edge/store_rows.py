"""Rows of the library: found by their names, inserted, changed, joined, removed.

All of it happens inside a transaction of edge/store.py. Every insertion and every
change takes the next number of `seq`.
"""

import sqlite3
from collections.abc import Iterable

from assay.edge.store_parts import drop_parts, part_keys
from assay.library.codec import decode_record, encode_record
from assay.library.merge import first_key, keys_of
from assay.record import Record


def read_last_seq(db: sqlite3.Connection) -> int:
    """Return the number of the last change; 0 for an empty library."""
    sql = (
        "SELECT max((SELECT coalesce(max(seq), 0) FROM records),"
        " (SELECT coalesce(max(seq), 0) FROM gone))"
    )
    return int(db.execute(sql).fetchone()[0])


def find_rows(db: sqlite3.Connection, record: Record) -> list[tuple[int, Record]]:
    """Return the rows that share a name with a record, oldest number first."""
    keys = keys_of(record)
    marks = ", ".join("?" * len(keys))
    sql = (
        "SELECT id, value FROM records WHERE id IN "
        f"(SELECT id FROM identity WHERE key IN ({marks})) ORDER BY id"
    )
    rows = db.execute(sql, keys).fetchall()
    return [(number, decode_record(value)) for number, value in rows]


def insert_row(db: sqlite3.Connection, record: Record, when: str) -> int:
    """Write a new row and its names; return its number."""
    sql = (
        "INSERT INTO records (seq, key, origin, first_seen, last_seen, value) "
        "VALUES (?, ?, ?, ?4, ?4, ?5)"
    )
    values = (read_last_seq(db) + 1, first_key(record), record.source, when)
    number = db.execute(sql, (*values, encode_record(record))).lastrowid or 0
    name_row(db, number, record)
    return number


def update_row(db: sqlite3.Connection, number: int, record: Record, when: str) -> None:
    """Write a row anew, and its names."""
    sql = (
        "UPDATE records SET seq = ?, key = ?, origin = ?, value = ?, "
        "last_seen = max(last_seen, ?) WHERE id = ?"
    )
    value = encode_record(record)
    seq = read_last_seq(db) + 1
    parts = (seq, first_key(record), record.source, value, when, number)
    db.execute(sql, parts)
    db.execute("DELETE FROM identity WHERE id = ?", (number,))
    name_row(db, number, record)


def touch_row(db: sqlite3.Connection, number: int, when: str) -> None:
    """Note that a row was seen at a time; no change of it."""
    sql = "UPDATE records SET last_seen = max(last_seen, ?) WHERE id = ?"
    db.execute(sql, (when, number))


def name_row(db: sqlite3.Connection, number: int, record: Record) -> None:
    """Let a row be found by its record's names and by those of its parts."""
    keys = (*keys_of(record), *part_keys(db, number))
    named = [(key, number) for key in dict.fromkeys(keys)]
    db.executemany("INSERT OR IGNORE INTO identity VALUES (?, ?)", named)


def join_rows(db: sqlite3.Connection, number: int, others: Iterable[int]) -> None:
    """Give what other rows stand for to one row, and note that they are gone."""
    for other in others:
        db.execute(
            "INSERT INTO provenance SELECT ?, source, query, first, last FROM "
            "provenance WHERE id = ? ON CONFLICT DO UPDATE SET "
            "first = min(first, excluded.first), last = max(last, excluded.last)",
            (number, other),
        )
        remove_row(db, other)


def remove_row(db: sqlite3.Connection, number: int) -> None:
    """Delete a row, and note that it is gone."""
    seq = read_last_seq(db) + 1
    drop_parts(db, number)
    for table in ("records", "identity", "provenance"):
        db.execute(f"DELETE FROM {table} WHERE id = ?", (number,))
    db.execute("INSERT INTO gone VALUES (?, ?)", (number, seq))

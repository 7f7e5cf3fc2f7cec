"""How rows of the mirror are found: by PMIDs, and by the numbers of other names."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

ASKED = 10_000
"""PMIDs in one question; SQLite takes up to 32,766."""
MOST_NEW = 1_000_000
"""Names kept apart before they are sorted in. Their numbers lie anywhere, so that each
sorting-in writes nearly all of the table: at 5 million names 2 GB for each 2.5 million
more, against 9 GB without this."""


def hash_name(key: str) -> int:
    """Return the number of a name such as "doi:10.99999/x", from -2**63 to 2**63 - 1.

    Two names can have one number: what is found by it is held against the record.

    >>> hash_name("doi:10.99999/x") == hash_name("doi:10.99999/x")
    True
    """
    digest = blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def write_names(db: sqlite3.Connection, names: Iterable[tuple[int, int]]) -> None:
    """Write names as (number, PMID); one that is known already does no harm."""
    db.executemany("INSERT OR IGNORE INTO new_names VALUES (?, ?)", sorted(names))


def sort_in_names(db: sqlite3.Connection, most: int = MOST_NEW) -> None:
    """Put the names that are kept apart in with the others, once they are too many."""
    if db.execute("SELECT count(*) FROM new_names").fetchone()[0] > most:
        db.execute(
            "INSERT OR IGNORE INTO names "
            "SELECT hash, pmid FROM new_names ORDER BY hash, pmid"
        )
        db.execute("DELETE FROM new_names")


def find_named(db: sqlite3.Connection, key: str) -> tuple[int, ...]:
    """Return the PMIDs that were ever called so, in rising order."""
    sql = (
        "SELECT pmid FROM names WHERE hash = ?1 UNION "
        "SELECT pmid FROM new_names WHERE hash = ?1 ORDER BY pmid"
    )
    return tuple(row[0] for row in db.execute(sql, (hash_name(key),)))


def find_among(
    db: sqlite3.Connection, what: str, pmids: Sequence[int]
) -> Iterator[tuple[int, ...]]:
    """Yield columns of a table's rows whose PMID is among some.

    Args:
        db: the mirror's file.
        what: e.g. "pmid, place FROM records".
        pmids: any number.
    """
    for start in range(0, len(pmids), ASKED):
        asked = pmids[start : start + ASKED]
        marks = ",".join("?" * len(asked))
        yield from db.execute(f"SELECT {what} WHERE pmid IN ({marks})", asked)


def find_places(
    db: sqlite3.Connection, table: str, pmids: Sequence[int]
) -> dict[int, int]:
    """Return the place of each PMID that a table holds, of some."""
    found = find_among(db, f"pmid, place FROM {table}", pmids)
    return {row[0]: row[1] for row in found}

"""How rows of the mirror are found: by PMIDs, and by the numbers of other names."""

import sqlite3
from collections.abc import Iterator, Sequence
from hashlib import blake2b

ASKED = 10_000
"""PMIDs in one question; SQLite takes up to 32,766."""


def hash_name(key: str) -> int:
    """Return the number of a name such as "doi:10.99999/x", from -2**63 to 2**63 - 1.

    Two names can have one number: what is found by it is held against the record.

    >>> hash_name("doi:10.99999/x") == hash_name("doi:10.99999/x")
    True
    """
    digest = blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


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

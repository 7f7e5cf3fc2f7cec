"""Writes rows of one file into the mirror's tables, inside the loader's transaction."""

import sqlite3
from collections.abc import Sequence

from assay.edge.mirror_names import find_among, find_places, hash_name, write_names
from assay.library.nlm_files import Row
from assay.library.nlm_order import Copy, keep_copies

_PUT = "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)"


class RowWriter:
    """Writes the rows of one file; nothing of it outlasts the transaction."""

    def __init__(self, db: sqlite3.Connection, base: int) -> None:
        """Keep the connection, and the place of the file's first row."""
        self._db, self._base = db, base
        self._known: dict[int, tuple[int, int]] = {}
        self._gone: dict[int, int] = {}
        self._many: set[int] = set()
        self._puts: dict[int, tuple[int, int, int, bytes]] = {}

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows that are sorted by PMID and position."""
        self._look_up(sorted({row.pmid for row in rows}))
        before = len(self._known)
        for row in rows:
            self._place(row)
        self._flush()
        names = ((hash_name(name), row.pmid) for row in rows for name in row.names)
        write_names(self._db, names)
        sql = "UPDATE meta SET value = value + ? WHERE name = 'records'"
        self._db.execute(sql, (len(self._known) - before,))

    def _look_up(self, pmids: Sequence[int]) -> None:
        found = find_among(self._db, "pmid, version, place FROM records", pmids)
        self._known = {pmid: (version, place) for pmid, version, place in found}
        self._gone = find_places(self._db, "withdrawals", pmids)
        self._many = {row[0] for row in find_among(self._db, "pmid FROM spares", pmids)}

    def _place(self, row: Row) -> None:
        """Decide on a row: mostly it is plainly the first, newer, or older."""
        place = self._base + row.position
        if row.withdrawn or row.value is None:
            self._withdraw(row.pmid, place)
            return
        known = self._known.get(row.pmid)
        plain = row.pmid not in self._many
        if place <= self._gone.get(row.pmid, 0):
            return
        if plain and (known is None or _is_before(known, (row.version, place))):
            self._known[row.pmid] = row.version, place
            self._puts[row.pmid] = row.pmid, row.version, place, row.value
        elif not (plain and known and _is_before((row.version, place), known)):
            self._settle(row.pmid, (Copy(row.version, place, row.value),))

    def _withdraw(self, pmid: int, place: int) -> None:
        if place > self._gone.get(pmid, 0):
            self._gone[pmid] = place
            self._db.execute("REPLACE INTO withdrawals VALUES (?, ?)", (pmid, place))
            self._settle(pmid, ())

    def _settle(self, pmid: int, new: tuple[Copy, ...]) -> None:
        """Weigh all copies of a PMID anew."""
        self._flush()
        old = [
            Copy(*row)
            for table in ("records", "spares")
            for row in self._db.execute(
                f"SELECT version, place, value FROM {table} WHERE pmid = ?", (pmid,)
            )
        ]
        kept = keep_copies((*old, *new), self._gone.get(pmid, 0))
        self._db.execute("DELETE FROM records WHERE pmid = ?", (pmid,))
        self._db.execute("DELETE FROM spares WHERE pmid = ?", (pmid,))
        self._known.pop(pmid, None)
        self._many.discard(pmid)
        if kept:
            self._db.execute(_PUT, (pmid, *kept[0]))
            self._known[pmid] = kept[0][:2]
        if kept[1:]:
            spares = [(pmid, *copy) for copy in kept[1:]]
            self._db.executemany("INSERT INTO spares VALUES (?, ?, ?, ?)", spares)
            self._many.add(pmid)

    def _flush(self) -> None:
        self._db.executemany(_PUT, self._puts.values())
        self._puts.clear()


def _is_before(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Say whether a copy can never stand beside another: (version, place) of each."""
    return one[0] <= other[0] and one[1] <= other[1]

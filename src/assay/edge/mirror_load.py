"""Loads partitions into the mirror: each one is one transaction, or nothing."""

import json
import sqlite3
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from assay.edge.mirror_file import FILE, explained_mirror, open_to_load
from assay.edge.mirror_names import find_places, sort_in_names
from assay.edge.mirror_write import RowWriter
from assay.edge.store_file import atomic
from assay.errors import StoreError
from assay.library.nlm_files import (
    NlmFile,
    Partition,
    Row,
    parse_nlm_name,
    place_of,
    split_place,
)

BATCH = 4096
"""Rows that are looked at together; bounds the memory of a load."""


class LoadOutcome(NamedTuple):
    """What one load changed for the index: the same again when it is loaded again."""

    load: int
    """Its number, from 1."""
    written: tuple[int, ...]
    """PMIDs whose record this file gave, or that it brought up again, in rising order:
    `read_documents` gives their documents."""
    gone: tuple[int, ...]
    """PMIDs that it names and that stand no more, in rising order."""


def load_partition(
    generation: Path, partition: Partition, rows: Iterable[Row], when: str
) -> LoadOutcome:
    """Bring one file's records and withdrawals in; durable when it returns.

    A file that is in already changes nothing, and has the outcome that it would have
    now: so the index can be brought up after a kill.

    Args:
        generation: its folder, as `make_generation` gives it.
        partition: the done-marker.
        rows: all of the partition's, in any order.
        when: ISO time of the load.

    Raises:
        StoreError: the name is none of NLM's, another file of that number is in, its
            values need another dictionary, or the disk cannot be written. Nothing was
            changed.
    """
    file = parse_nlm_name(partition.file)
    if file is None:
        raise StoreError(f"{partition.file} is no file of NLM's; nothing was loaded.")
    path = generation / FILE
    db = open_to_load(path)
    try:
        with explained_mirror(path), atomic(db):
            return _load(db, file, partition, rows, when)
    finally:
        db.close()


def _load(
    db: sqlite3.Connection,
    file: NlmFile,
    partition: Partition,
    rows: Iterable[Row],
    when: str,
) -> LoadOutcome:
    known = _known_load(db, file, partition)
    named: dict[int, bool] = {}
    writer = RowWriter(db, place_of(file, 0))
    rest = iter(rows)
    while batch := list(islice(rest, BATCH)):
        for row in batch:
            named[row.pmid] = row.withdrawn or named.get(row.pmid, False)
        if not known:
            writer.write(sorted(batch, key=_by_pmid))
    sort_in_names(db)
    load = known or _note(db, file, partition, when)
    return _outcome(db, file, load, named)


def _by_pmid(row: Row) -> tuple[int, int]:
    return row.pmid, row.position


def _known_load(db: sqlite3.Connection, file: NlmFile, partition: Partition) -> int:
    """Return the number of the load that brought the file in; 0 when it is not in."""
    sql = "SELECT load, md5 FROM files WHERE year = ? AND number = ?"
    row = db.execute(sql, file[:2]).fetchone()
    if row and row[1] != partition.md5:
        raise StoreError(
            f"{file.name} is in the mirror of PubMed with other content (md5 {row[1]}, "
            f"now {partition.md5}). To take the new one, move the mirror's folder away "
            "and load all files again."
        )
    sql = "SELECT value FROM meta WHERE name = 'dictionary'"
    wanted = db.execute(sql).fetchone()[0]
    if partition.dictionary not in {wanted, ""}:
        raise StoreError(
            f"The partition of {file.name} was packed for another mirror of PubMed. "
            "Take it away; it is made anew."
        )
    return int(row[0]) if row else 0


def _note(
    db: sqlite3.Connection, file: NlmFile, partition: Partition, when: str
) -> int:
    sql = "SELECT coalesce(max(load), 0) + 1 FROM files"
    load = int(db.execute(sql).fetchone()[0])
    problems = [(each.where, each.what, each.what_to_do) for each in partition.problems]
    values = (
        *file, partition.md5, partition.records, partition.withdrawn,
        json.dumps(problems), when, load,
    )  # fmt: skip
    db.execute("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    return load


def _outcome(
    db: sqlite3.Connection, file: NlmFile, load: int, named: dict[int, bool]
) -> LoadOutcome:
    pmids = sorted(named)
    places = find_places(db, "records", pmids)
    written = tuple(
        pmid
        for pmid in pmids
        if pmid in places and (named[pmid] or split_place(places[pmid])[:2] == file[:2])
    )
    gone = tuple(pmid for pmid in pmids if pmid not in places)
    return LoadOutcome(load, written, gone)

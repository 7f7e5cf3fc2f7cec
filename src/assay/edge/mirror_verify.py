"""Proves a generation's store: every record, every name, every count."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from assay.edge.mirror import Mirror
from assay.edge.mirror_file import explained_mirror, open_to_read
from assay.errors import BadAnswerError, StoreError
from assay.library.merge import keys_of
from assay.search import Problem
from assay.sources.pubmed_xml import read_article_bytes

_AGAIN = "Move the mirror's folder away and load the files again."

_NEVER = {
    "SELECT count(*) FROM records JOIN withdrawals USING (pmid) "
    "WHERE records.place <= withdrawals.place": "records stand that were withdrawn",
    "SELECT count(*) FROM spares LEFT JOIN records USING (pmid) "
    "WHERE records.pmid IS NULL OR spares.place <= records.place "
    "OR spares.version >= records.version": "copies wait behind no record, or one that "
    "is less than they",
}
"""What never holds, as questions that count where it does."""


def verify_store(generation: Path) -> Iterator[Problem]:
    """Yield what is wrong with a generation's store; nothing when all is right.

    Every page and every value is read: some minutes for each ten million records.

    Args:
        generation: its folder.
    """
    try:
        with Mirror(generation) as mirror:
            yield from _check_pages(mirror.path)
            yield from _check_records(mirror)
            yield from _check_spares(mirror)
    except StoreError as error:  # which says what to do
        yield Problem(where=str(generation), what=str(error))


def _check_pages(path: Path) -> Iterator[Problem]:
    db = open_to_read(path)
    try:
        with explained_mirror(path):
            db.execute("BEGIN")  # so that a load meanwhile changes nothing
            for (told,) in db.execute("PRAGMA quick_check"):
                if told != "ok":
                    yield _problem(path, str(told))
            yield from _check_counts(db, path)
    finally:
        db.close()


def _check_counts(db: sqlite3.Connection, path: Path) -> Iterator[Problem]:
    counted = db.execute("SELECT count(*) FROM records").fetchone()[0]
    kept = db.execute("SELECT value FROM meta WHERE name = 'records'").fetchone()[0]
    if counted != kept:
        yield _problem(path, f"it holds {counted:,} records, but counts {kept:,}")
    for sql, what in _NEVER.items():
        if wrong := db.execute(sql).fetchone()[0]:
            yield _problem(path, f"{wrong:,} {what}")


def _check_records(mirror: Mirror) -> Iterator[Problem]:
    for pmid in mirror.pmids():
        where = f"{mirror.path}, PMID {pmid}"
        try:
            xml = mirror.xml(pmid)
            record = read_article_bytes(xml) if xml is not None else None
        except (StoreError, BadAnswerError) as error:
            yield _problem(where, str(error))
            continue
        if record is not None and record.pmid != str(pmid):
            yield _problem(where, f"the record in its place is PMID {record.pmid}")
        elif record is not None:
            missing = [
                key for key in keys_of(record)[1:] if pmid not in mirror.candidates(key)
            ]
            if missing:
                yield _problem(where, f"it is not found as {missing[0]}")


def _check_spares(mirror: Mirror) -> Iterator[Problem]:
    try:
        for pmid, xml in mirror.spares():
            record = read_article_bytes(xml)
            if record.pmid != str(pmid):
                yield _problem(mirror.path, f"a copy of PMID {pmid} is {record.pmid}")
    except (StoreError, BadAnswerError) as error:
        yield _problem(mirror.path, str(error))


def _problem(where: object, what: str) -> Problem:
    return Problem(where=str(where), what=what, what_to_do=_AGAIN)

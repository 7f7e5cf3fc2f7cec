"""The mirror: a local copy of PubMed, made of NLM's own files, as its readers see it.

A reader waits for nobody and holds nobody up: each question is a short look at what was
committed last, and a load that is committed meanwhile is seen by the next one.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from assay.edge.mirror_file import FILE, explained_mirror, open_to_read
from assay.edge.mirror_generation import DICTIONARY, current_generation
from assay.edge.mirror_names import find_named, find_places
from assay.edge.zstd_rows import RowPacker, name_dictionary
from assay.errors import BadAnswerError, StoreError
from assay.library.merge import keys_of
from assay.library.nlm_files import Loaded, NlmFile, split_place
from assay.record import Record
from assay.search import Problem
from assay.sources.pubmed_xml import read_article_bytes

_FILES = (
    "SELECT year, number, name, md5, records, withdrawn, problems, loaded, load "
    "FROM files"
)


class Mirror:
    """One generation of the mirror, to read. Threads may share it."""

    def __init__(self, generation: Path) -> None:
        """Open it: `open_mirror` finds the one in use.

        Raises:
            StoreError: it is damaged, lacks a file, or a newer assay wrote it.
        """
        self.generation = generation
        """Its folder: pubmed.db, dictionary, index/ and, if made, vectors/."""
        self.path = generation / FILE
        self._free: list[sqlite3.Connection] = []
        self._closed = False
        try:
            self._packer = RowPacker(self._dictionary())
        except BaseException:
            self.close()
            raise

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
        """Close the files; nothing more can be asked."""
        self._closed = True
        while self._free:
            self._free.pop().close()

    def is_outdated(self) -> bool:
        """Say whether another generation has taken its place: then open it anew.

        What is asked of this one is still answered from its files.
        """
        return current_generation(self.generation.parent.parent) != self.generation

    def count(self) -> int:
        """Return how many records there are; at once, however many."""
        return int(self._value("SELECT value FROM meta WHERE name = 'records'"))

    def loads(self) -> int:
        """Return the number of the last load; 0 before the first."""
        return int(self._value("SELECT coalesce(max(load), 0) FROM files"))

    def files(self) -> tuple[Loaded, ...]:
        """Return the files that were loaded, in the order in which they are read."""
        return tuple(map(_loaded, self._all(f"{_FILES} ORDER BY year, number")))

    def origin(self, pmid: int) -> Loaded | None:
        """Return the file that gave a record; None when it is not held."""
        place = self.places((pmid,)).get(pmid)
        if place is None:
            return None
        sql = f"{_FILES} WHERE year = ? AND number = ?"
        return _loaded(self._all(sql, *split_place(place)[:2])[0])

    def xml(self, pmid: int) -> bytes | None:
        """Return NLM's own bytes of a record (`<PubmedArticle>…`), or None."""
        return next((xml for _, xml in self.xmls((pmid,))), None)

    def xmls(self, pmids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """Yield PMID and NLM's bytes of each record that is held, in the order asked.

        Raises:
            StoreError: one is damaged, or the file cannot be read.
        """
        sql = "SELECT value FROM records WHERE pmid = ?"
        with self._connection() as db:
            for pmid in pmids:
                row = db.execute(sql, (pmid,)).fetchone()
                if row:
                    yield pmid, self._unpack(pmid, row[0])

    def get(self, key: str) -> Record | None:
        """Return the record known under a key, or None.

        Args:
            key: "pmid:90000001", "doi:10.99999/x" or "pmcid:PMC90000001", as
                `keys_of` makes them. Where several records bear a DOI, as an erratum
                does now and then, the one with the lowest PMID is meant.
        """
        kind, _, value = key.partition(":")
        if kind == "pmid":
            xml = self.xml(int(value)) if value.isdecimal() else None
            return None if xml is None else self._read(xml)
        for pmid in self.candidates(key):
            record = self.get(f"pmid:{pmid}")
            if record is not None and key in keys_of(record):
                return record
        return None

    def candidates(self, key: str) -> tuple[int, ...]:
        """Return the PMIDs that a name such as "doi:10.99999/x" may be of, rising.

        Some of them may be called otherwise now, or be withdrawn: read the record.
        """
        with self._connection() as db:
            return find_named(db, key)

    def pmids(self) -> Iterator[int]:
        """Yield the PMIDs that are held, in rising order."""
        last = -1
        sql = "SELECT pmid FROM records WHERE pmid > ? ORDER BY pmid LIMIT 10000"
        while rows := self._all(sql, last):
            yield from (pmid for (pmid,) in rows)
            last = rows[-1][0]

    def records(self) -> Iterator[Record]:
        """Yield every record, in rising order of their PMIDs."""
        last = -1
        sql = "SELECT pmid, value FROM records WHERE pmid > ? ORDER BY pmid LIMIT 500"
        while rows := self._all(sql, last):
            yield from (self._read(self._unpack(*row)) for row in rows)
            last = rows[-1][0]

    def spares(self) -> Iterator[tuple[int, bytes]]:
        """Yield PMID and bytes of the copies that stand once another is withdrawn.

        There are hardly any: lower versions that came in a later file.
        """
        for pmid, value in self._all("SELECT pmid, value FROM spares ORDER BY pmid"):
            yield pmid, self._unpack(pmid, value)

    def places(self, pmids: Sequence[int]) -> dict[int, int]:
        """Return the place (`place_of`) of each record that is held, of some PMIDs."""
        with self._connection() as db:
            return find_places(db, "records", pmids)

    def _read(self, xml: bytes) -> Record:
        try:
            return read_article_bytes(xml)
        except BadAnswerError as error:
            raise StoreError(
                f"A record in the mirror of PubMed {self.path} cannot be read: "
                f"{error.what}. Run assay library verify."
            ) from error

    def _unpack(self, pmid: int, frame: bytes) -> bytes:
        try:
            return self._packer.unpack(frame)
        except ValueError as error:
            raise StoreError(
                f"PMID {pmid} is damaged in the mirror of PubMed {self.path} "
                f"({error}). Run assay library verify."
            ) from error

    def _dictionary(self) -> bytes:
        path = self.generation / DICTIONARY
        wanted = self._value("SELECT value FROM meta WHERE name = 'dictionary'")
        try:
            found = path.read_bytes()
        except OSError as error:
            raise StoreError(
                f"The mirror of PubMed lacks its file {path} ({error.strerror}). Run: "
                "assay library verify --repair, which puts its copy back; or move its "
                "folder away and load the files again."
            ) from error
        if name_dictionary(found) != wanted:
            raise StoreError(
                f"{path} is damaged. Run: assay library verify --repair, which puts "
                "its copy back; or move its folder away and load the files again."
            )
        return found

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection to one thread: a free one, or one more."""
        try:
            db = self._free.pop()
        except IndexError:
            db = self._open()
        try:
            with explained_mirror(self.path):
                yield db
        finally:
            if self._closed:
                db.close()
            else:
                self._free.append(db)

    def _open(self) -> sqlite3.Connection:
        try:
            return open_to_read(self.path)
        except StoreError as error:
            if self.path.exists() or not self.is_outdated():
                raise
            raise StoreError(
                "The mirror of PubMed was just replaced by a newer one. Ask again."
            ) from error

    def _value(self, sql: str) -> str:
        return str(self._all(sql)[0][0])

    def _all(self, sql: str, *values: int) -> list[Any]:
        with self._connection() as db:
            return db.execute(sql, values).fetchall()


def open_mirror(folder: Path) -> Mirror | None:
    """Return the mirror in use; None where there is none.

    Args:
        folder: the library's (cache/library).

    Raises:
        StoreError: it is damaged, lacks a file, or a newer assay wrote it.
    """
    generation = current_generation(folder)
    while generation is not None:
        try:
            return Mirror(generation)
        except StoreError:
            before, generation = generation, current_generation(folder)
            if generation == before:  # else it was replaced in this very moment
                raise
    return None


def _loaded(row: Any) -> Loaded:
    problems = tuple(
        Problem(where=where, what=what, what_to_do=remedy)
        for where, what, remedy in json.loads(row[6])
    )
    file = NlmFile(row[0], row[1], row[2])
    return Loaded(file, row[3], row[4], row[5], problems, row[7], row[8])

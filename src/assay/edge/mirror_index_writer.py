"""Writes the mirror's full-text index: one load at a time, each one durable commit."""

import json
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import tantivy
from tantivy import Order, Query

from assay.edge.index_schema import make_document, make_schema
from assay.edge.index_search import PMID
from assay.edge.mirror_index_file import (
    FOLDER,
    Standing,
    explained,
    open_tantivy,
    place_of_index,
    read_standing,
    sweep,
    write_standing,
)
from assay.errors import StoreError
from assay.library.searchable import searchable_document
from assay.record import Record

HEAP = 200_000_000
"""Bytes that tantivy may hold before it writes a segment: one load's records fit in."""

COMMIT_EACH = 30_000
"""Records after which an index that is made anew is made durable: those of one of NLM's
files, so that it comes in as many parts as one that was loaded. With 200,000 it had ten
parts for a million records and not six, and p95 was a fifth more."""

TELL_EACH = 1_000


class MirrorIndexWriter:
    """The one writer of a generation's index; for the loader alone.

    A context manager: leaving it waits for merges and gives tantivy's lock back.
    """

    def __init__(self, generation: Path, standing: Standing) -> None:
        """Take the lock: `open_mirror_index_writer` says when that fails."""
        self._generation, self._standing = generation, standing
        self._place = place_of_index(generation, standing)
        self._index = open_tantivy(self._place)
        self._schema = self._index.schema
        with explained(self._place):
            self._writer = take_writer(self._index)

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
        """Wait for merges, and give the lock back. What was not committed is lost."""
        with explained(self._place):
            self._writer.wait_merging_threads()

    def load(self) -> int:
        """Return the number of the last load that is in it; 0 before the first."""
        return self._standing.load

    def apply(
        self, documents: Iterable[tuple[int, bytes]], gone: Iterable[int], load: int
    ) -> None:
        """Bring one load in, as one durable commit. The same load again does no harm.

        Args:
            documents: PMID and the JSON of `searchable_document` of each record that
                the store wrote (`read_documents`), new or in place of another; a PMID
                stands in them once.
            gone: PMIDs that the store let go (`LoadOutcome.gone`).
            load: the load's number; loads come in rising order.

        Raises:
            StoreError: the index cannot be written, or a document is damaged; nothing
                of the load is in.
        """
        with explained(self._place):
            try:
                self._change(documents, gone, load)
            except BaseException:
                self._writer.rollback()
                raise
            self._writer.commit()
            self._index.reload()
            self._standing = Standing(self._standing.folder, load)
            write_standing(self._generation, self._standing)

    def _change(
        self, documents: Iterable[tuple[int, bytes]], gone: Iterable[int], load: int
    ) -> None:
        searcher = self._index.searcher()
        for pmid in gone:
            self._delete(searcher, pmid)
        for pmid, document in documents:
            self._delete(searcher, pmid)
            fields = {**json.loads(document), PMID: [pmid]}
            self._writer.add_document(make_document(fields, self._schema, seq=load))

    def _delete(self, searcher: tantivy.Searcher, pmid: int) -> None:
        if searcher.doc_freq(PMID, pmid):  # most are new: looking costs a microsecond
            # not delete_documents_by_term: it finds no unsigned number, silently
            self._writer.delete_documents_by_query(
                Query.term_query(self._schema, PMID, pmid)
            )


def make_index(generation: Path) -> str:
    """Make an empty index in a new folder that is not in use yet; return its name.

    Raises:
        StoreError: the disk cannot be written.
    """
    name = secrets.token_hex(8)
    place = generation / FOLDER / name
    with explained(place):
        place.mkdir(parents=True)
        # newest first in every segment, so that equal hits come out so as well
        schema = make_schema()
        tantivy.Index(schema, str(place), sort_by_field=PMID, sort_order=Order.Desc)
    return name


def take_writer(index: tantivy.Index) -> tantivy.IndexWriter:
    """Return the one writer that there may be of an index.

    Raises:
        StoreError: another process has it.
    """
    try:
        return index.writer(HEAP, 1)
    except ValueError as error:
        if "LockBusy" not in str(error):
            raise
        raise StoreError(
            "Another assay writes the index of the mirror of PubMed just now. Wait for "
            "it to end."
        ) from error


def open_mirror_index_writer(generation: Path) -> MirrorIndexWriter:
    """Return the writer of a generation's index; an empty one is made if there is none.

    Raises:
        StoreError: another process writes it, or it cannot be written; or it is
            damaged or of another format: `rebuild_mirror_index` makes it anew.
    """
    standing = read_standing(generation)
    if standing is None:
        standing = Standing(make_index(generation), 0)
        with explained(generation / FOLDER):
            write_standing(generation, standing)
    return MirrorIndexWriter(generation, standing)


def rebuild_mirror_index(
    generation: Path,
    records: Iterable[Record],
    load: int,
    tell: Callable[[int], None] = lambda _done: None,
) -> int:
    """Make the index of a generation anew from its store's records; return how many.

    The old one stays in use until the new one is whole.

    Args:
        generation: the folder with pubmed.db; its index/ is replaced.
        records: every record of the store (`Mirror.records()`).
        load: the number of the store's last load (`Mirror.loads()`).
        tell: told now and then how many are done.

    Raises:
        StoreError: the disk cannot be written, or a record cannot be read.
    """
    name = make_index(generation)
    place = place_of_index(generation, Standing(name, load))
    done = 0
    with explained(place):
        index = open_tantivy(place)
        schema, writer = index.schema, take_writer(index)
        try:
            for record in records:
                fields = searchable_document(record)
                writer.add_document(make_document(fields, schema, seq=load))
                done += 1
                if done % COMMIT_EACH == 0:
                    writer.commit()
                if done % TELL_EACH == 0:
                    tell(done)
            writer.commit()
        finally:
            writer.wait_merging_threads()
        write_standing(generation, Standing(name, load))
    sweep(generation, name)
    tell(done)
    return done

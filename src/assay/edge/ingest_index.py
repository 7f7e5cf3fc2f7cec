"""Keeps the mirror's index in step with its store while files are loaded."""

from pathlib import Path
from types import TracebackType
from typing import Self

from assay.edge.mirror import Mirror
from assay.edge.mirror_documents import read_documents
from assay.edge.mirror_index_writer import (
    MirrorIndexWriter,
    open_mirror_index_writer,
    rebuild_mirror_index,
)
from assay.edge.mirror_load import LoadOutcome, load_partition
from assay.edge.partition import open_partition, read_marker
from assay.edge.partition_rows import PartitionRows
from assay.errors import StoreError
from assay.library.ingested import Tell
from assay.library.nlm_files import Partition


class IndexFollower:
    """The index of a generation that is being loaded. Use it in `with`."""

    def __init__(self, generation: Path, tell: Tell) -> None:
        """Open the index; one that is damaged or of another format is made anew.

        Raises:
            StoreError: it cannot be written.
        """
        self._generation, self._tell = generation, tell
        try:
            self._writer: MirrorIndexWriter = open_mirror_index_writer(generation)
        except StoreError:
            self._rebuild()
            self._writer = open_mirror_index_writer(generation)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.close()

    def apply(self, made: Partition, rows: PartitionRows, load: LoadOutcome) -> None:
        """Bring a load in that is in the store."""
        documents = read_documents(self._generation, made, iter(rows), load)
        self._writer.apply(documents, load.gone, load.load)

    def catch_up(self, place: str, when: str) -> None:
        """Bring the index up to the store, which a kill may have left one load ahead.

        Args:
            place: where the partition of that load may still be.
            when: ISO time.
        """
        with Mirror(self._generation) as mirror:
            files = {each.load: each for each in mirror.files()}
        last = max(files, default=0)
        if self._writer.load() == last:
            return
        if self._writer.load() == last - 1:
            made = read_marker(place, files[last].file.name)
            if made and made.md5 == files[last].md5 and self._again(place, made, when):
                return
        self._writer.close()
        self._rebuild()
        self._writer = open_mirror_index_writer(self._generation)

    def _again(self, place: str, made: Partition, when: str) -> bool:
        """Bring in the last load from its partition; False where that is not whole."""
        try:
            with open_partition(place, made) as rows:
                load = load_partition(self._generation, made, iter(rows), when)
                self.apply(made, rows, load)
        except StoreError:
            return False
        return True

    def _rebuild(self) -> None:
        with Mirror(self._generation) as mirror:
            total = mirror.count()

            def tell(done: int) -> None:
                self._tell("Building the index anew, records", done, total)

            records, load = mirror.records(), mirror.loads()
            rebuild_mirror_index(self._generation, records, load, tell)

"""Writes the mirror's full-text index: one load at a time, each one durable commit."""

from collections.abc import Callable, Iterable
from pathlib import Path

from assay.record import Record


class MirrorIndexWriter:
    """The one writer of a generation's index; for the loader alone.

    A context manager: leaving it waits for merges and gives the lock back.
    """

    def __init__(self, generation: Path) -> None:
        self._generation = generation

    def __enter__(self) -> "MirrorIndexWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def load(self) -> int:
        """Return the number of the last load that is in it; 0 before the first."""
        return 0

    def apply(
        self, documents: Iterable[tuple[int, bytes]], gone: Iterable[int], load: int
    ) -> None:
        """Bring one load in, as one durable commit. The same load again does no harm.

        Args:
            documents: PMID and the JSON of `searchable_document` of each record that
                the store wrote (`LoadOutcome.written`), new or in place of another.
            gone: PMIDs that the store let go (`LoadOutcome.gone`).
            load: the load's number, one above the last; loads come in rising order.

        Raises:
            StoreError: the index cannot be written, or another process writes it.
        """

    def close(self) -> None:
        """Wait for merges, and give the lock back."""


def open_mirror_index_writer(generation: Path) -> MirrorIndexWriter:
    """Return the writer of a generation's index, made if need be.

    Raises:
        StoreError: another process writes it, or it cannot be written; or it is
            damaged or of another format: `rebuild_mirror_index` makes it anew.
    """
    return MirrorIndexWriter(generation)


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
        StoreError: the disk cannot be written.
    """
    return 0

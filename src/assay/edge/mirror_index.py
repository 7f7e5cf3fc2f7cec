"""The mirror's full-text index as its readers see it: never written, never waited for.

A reader sees what the loader has committed last, and takes the next commit when it
comes by; it holds no lock and makes nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from assay.edge.index import Hit
from assay.library.boolean import Node, Words

FOLDER = "index"
"""Where the index lies in its generation's folder."""


class MirrorIndex:
    """The index of a generation, for reading. For one thread."""

    def __init__(self, generation: Path) -> None:
        self._generation = generation

    def load(self) -> int:
        """Return the number of the last load that is in it; 0 before the first."""
        return 0

    def count(self) -> int:
        """Return how many records are in it."""
        return 0

    def pmids(self) -> Iterator[int]:
        """Yield the PMIDs that are in it, in rising order."""
        return iter(())

    def search(
        self,
        tree: Node,
        *,
        boost: Sequence[Words] = (),
        limit: int = 400,
        sort: str = "relevance",
        without: Iterable[int] = (),
    ) -> tuple[tuple[Hit, ...], int]:
        """Return what a tree asks for but some PMIDs, and how many there are."""
        return (), 0


def open_mirror_index(generation: Path) -> MirrorIndex:
    """Return the index of a generation's folder, to read.

    Raises:
        StoreError: it is missing, damaged, or of another format.
    """
    return MirrorIndex(generation)

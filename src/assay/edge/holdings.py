"""The holdings: what everybody asks, the library and the mirror of PubMed together.

The library's word stands before the mirror's: a record that is in both is found and
read as the library has it. Without a mirror the holdings are the library and its index.
"""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from assay.edge.index import Hit, Index, open_index
from assay.edge.store import Library
from assay.library.boolean import Node, Words
from assay.record import Record

SORTS = ("relevance", "added", "pub_date", "Author", "JournalName")
"""Orders of a search. added: newest PMID first; pub_date: newest first."""


class Holdings:
    """The library and the mirror, asked as one. For one thread."""

    def __init__(self, library: Library, index: Index) -> None:
        self.library = library
        """The working records: small, and the only part that is written to."""
        self._index = index

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
        """Close the mirror; the library stays open, for it was handed in open."""

    def count(self) -> int:
        """Return how many records there are, each once."""
        return self.library.count()

    def get(self, key: str) -> Record | None:
        """Return the record known under a key such as "pmid:90000001", or None.

        Raises:
            StoreError: it cannot be read.
        """
        return self.library.get(key)

    def find(
        self,
        groups: Sequence[Sequence[str]],
        *,
        boost: Sequence[str] = (),
        limit: int = 400,
    ) -> tuple[Hit, ...]:
        """Return the records that hold a term of every group, best first.

        As `Index.find`, over library and mirror.
        """
        return self._index.find(groups, boost=boost, limit=limit)

    def find_text(self, text: str, limit: int = 400) -> tuple[Hit, ...]:
        """Return the records that a search typed by a person finds, best first."""
        return self._index.find_text(text, limit)

    def find_alike(self, text: str, limit: int = 400) -> tuple[Hit, ...]:
        """Return the records nearest to a text by its words, best first."""
        return self._index.find_alike(text, limit)

    def search(
        self,
        tree: Node,
        *,
        boost: Sequence[Words] = (),
        limit: int = 400,
        sort: str = "relevance",
        start: int = 0,
    ) -> tuple[tuple[Hit, ...], int]:
        """Return a page of what a tree asks for, and how many there are in all.

        Args:
            tree: as `parse_search` gives it.
            boost: words that only raise the score of what is found.
            limit: most hits returned, 1 or more.
            sort: one of SORTS; equal ones stand by their keys.
            start: hits passed over, for paging; 0 or more.

        Raises:
            StoreError: the mirror cannot be read.
        """
        hits, count = self._index.search(tree, boost=boost, limit=start + limit)
        return hits[start:], count


def open_holdings(folder: Path, library: Library) -> Holdings:
    """Return the holdings of a library's folder; close them before the library.

    Args:
        folder: the library's (cache/library): its index and the mirror lie in it.
        library: opened from that folder.

    Raises:
        StoreError: there is a mirror, and it cannot be read.
    """
    return Holdings(library, open_index(folder, library))

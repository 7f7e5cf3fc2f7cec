"""What is served: the records at hand that have a PMID, to search and to read.

Nothing is written. Records that come in while it serves are seen by the next question;
when a new baseline has taken the mirror's place, the old one is let go.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from assay.edge.holdings import open_holdings
from assay.edge.mesh_file import open_explode
from assay.edge.store import open_library
from assay.library.search_filters import NAMELESS
from assay.library.search_read import Explode
from assay.library.search_tree import Node, Numbers, Value, Without
from assay.output.pubmed_xml import render_article
from assay.record import Record
from assay.sources.pubmed_xml import read_article_bytes

WITHOUT_PMID = Value("filter", (NAMELESS,))
"""Records without a PMID, which nobody can ask for by E-utilities."""

LOOK_S = 10.0
"""Seconds after which it is looked up whether the mirror was replaced."""


class Shelf:
    """The records at hand. For one thread."""

    def __init__(self, folder: Path) -> None:
        """Open the library of a folder (cache/library), and the mirror in it.

        Raises:
            StoreError: one of them cannot be read.
        """
        self._folder = folder
        self._library = open_library(folder, starter=False)
        try:
            self._holdings = open_holdings(folder, self._library)
        except BaseException:
            self._library.close()
            raise
        self._looked = 0.0
        self.explode: Explode = open_explode(folder)
        """Which headings are narrower than one."""

    def close(self) -> None:
        """Close the files; nothing more can be asked."""
        self._holdings.close()
        self._library.close()

    def refresh(self, now: float) -> None:
        """Take the mirror and the headings in use, if others have come in their place.

        The mirror follows every search by itself; this is for those who only fetch.

        Raises:
            StoreError: it cannot be read.
        """
        if now - self._looked >= LOOK_S:
            self._holdings.count()
            self.explode = open_explode(self._folder)
            self._looked = now  # until it can be read, every request is told

    def count(self) -> int:
        """Return how many records there are that have a PMID."""
        _, nameless = self._holdings.search(WITHOUT_PMID, limit=1)
        return self._holdings.count() - nameless

    def search(
        self, tree: Node, *, sort: str = "added", start: int = 0, limit: int = 20
    ) -> tuple[tuple[int, ...], int]:
        """Return a page of the PMIDs that a tree finds, and how many there are in all.

        Args:
            tree: what is asked.
            sort: one of `holdings.SORTS`.
            start: PMIDs passed over.
            limit: most PMIDs returned; with 0 they are only counted.

        Raises:
            StoreError: they cannot be read.
        """
        hits, count = self._holdings.search(
            Without(tree, WITHOUT_PMID), sort=sort, start=start, limit=max(limit, 1)
        )
        keys = (hit.key.partition(":") for hit in hits[:limit])
        return tuple(int(pmid) for kind, _, pmid in keys if kind == "pmid"), count

    def citing(self, pmids: Sequence[int], limit: int) -> tuple[int, ...]:
        """Return the records that cite any of these, the newest first."""
        if not pmids:
            return ()
        return self.search(Numbers("cites", tuple(pmids)), limit=limit)[0]

    def articles(self, pmids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """Yield each record's XML, in the order asked; unknown ones are left out.

        NLM's own bytes where the mirror holds them; else it is written from the record.

        Raises:
            StoreError: one cannot be read.
        """
        own = self._mirrored(pmids)
        following = next(own, None)
        for pmid in pmids:
            if following is not None and following[0] == pmid:
                yield following
                following = next(own, None)
            elif record := self._library.get(f"pmid:{pmid}"):
                yield pmid, render_article(record)

    def records(self, pmids: Sequence[int]) -> Iterator[tuple[int, Record]]:
        """Yield the records, as `articles` does."""
        own = self._mirrored(pmids)
        following = next(own, None)
        for pmid in pmids:
            if following is not None and following[0] == pmid:
                yield pmid, read_article_bytes(following[1])
                following = next(own, None)
            elif record := self._library.get(f"pmid:{pmid}"):
                yield pmid, record

    def known(self, pmids: Sequence[int]) -> frozenset[int]:
        """Return those of the PMIDs that there are records of."""
        tree = Numbers("pmid", tuple(pmids))
        return (
            frozenset(self.search(tree, limit=len(pmids))[0]) if pmids else frozenset()
        )

    def built(self) -> tuple[str, str]:
        """Return what the records are made of, and when a file came in last."""
        mirror = self._holdings.mirror
        files = mirror.files() if mirror else ()
        if not files:
            return "library", ""
        last = max(file.when for file in files)
        return f"{files[-1].file.name} and library", last[:16].replace(
            "-", "/"
        ).replace("T", " ")

    def _mirrored(self, pmids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        mirror = self._holdings.mirror
        return iter(()) if mirror is None else mirror.xmls(pmids)

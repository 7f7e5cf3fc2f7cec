"""The holdings: what everybody asks, the library and the mirror of PubMed together.

The library's word stands before the mirror's: a record that is in both is found and
read as the library has it. Without a mirror the holdings are the library and its index.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

from assay.edge.index import Hit, Index, hits_of, open_index
from assay.edge.index_query import stems_of
from assay.edge.index_search import BY_FIELD, RELEVANCE, Page
from assay.edge.mirror import Mirror, open_mirror
from assay.edge.mirror_generation import current_generation
from assay.edge.mirror_index import MirrorIndex, open_mirror_index
from assay.edge.store import Library
from assay.errors import StoreError
from assay.library.boolean import groups_tree, parse_search, words_of
from assay.library.counterparts import FILTERS, mark_told, works_in_xml, works_of
from assay.library.joining import find_scale, join_placed, scale_placed
from assay.library.rank import claim_words
from assay.library.search_tree import Near, Node, Value, Words, find_wanted
from assay.record import Record

SORTS = (RELEVANCE, *BY_FIELD)
"""Orders of a search. relevance; added: newest PMID first; pub_date: newest first;
Author: by the first author's name; JournalName: by the journal's title. Records that
lack what is sorted by stand last; equal ones stand newest PMID first."""

Told: TypeAlias = dict[str, dict[str, None]]
"""PMID of a work → keys of the notices about it, each once."""

MOST_NOTICES = 1_000_000
"""Notices of retraction and the like that are looked at: all of them."""


class Holdings:
    """The library and the mirror, asked as one. For one thread."""

    def __init__(self, folder: Path, library: Library) -> None:
        """Open them: `open_holdings` says when that fails."""
        self.library = library
        """The working records: small, and the only part that is written to."""
        self.mirror: Mirror | None = None
        """The mirror in use; None where there is none."""
        self._folder = folder
        self._index: Index = open_index(folder, library)
        self._mirrored: MirrorIndex | None = None
        self._own: tuple[int, frozenset[int]] = (-1, frozenset())
        self._gone = False
        self._told: tuple[tuple[MirrorIndex | None, int, int], Told] = (
            (None, -1, -1),
            {},
        )
        self._follow()

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
        mirror, self.mirror, self._mirrored = self.mirror, None, None
        if mirror:
            mirror.close()

    def count(self) -> int:
        """Return how many records there are, each once.

        Raises:
            StoreError: one of the two cannot be read.
        """
        self._follow()
        if self.mirror is None:
            return self.library.count()
        both = self.mirror.places(sorted(self._own_pmids()))
        return self.library.count() + self.mirror.count() - len(both)

    def get(self, key: str) -> Record | None:
        """Return the record known under a key such as "pmid:90000001", or None.

        A work that a notice at hand says to be retracted bears that mark, also where
        its own record does not say so yet.

        Raises:
            StoreError: it cannot be read.
        """
        return self.read([key]).get(key)

    def read(self, keys: Iterable[str]) -> dict[str, Record]:
        """Return the records known under keys, as `get` gives them, where there are.

        Raises:
            StoreError: one cannot be read.
        """
        notices = self._notices()
        found = {key: record for key in keys if (record := self._read(key))}
        for key, record in found.items():
            if record.pmid and (told := notices.get(record.pmid)):
                found[key] = mark_told(record, filter(None, map(self._read, told)))
        return found

    def _read(self, key: str) -> Record | None:
        record = self.library.get(key)
        if record is None and self.mirror is not None:
            return self.mirror.get(key)
        return record

    def _notices(self) -> Told:
        """Return the notices at hand.

        Of all of PubMed these are some 30,000, read once after each change.
        """
        if self._gone:  # what was known before it went
            return self._told[1]
        mirrored = self._mirrored or self._follow()
        seq = self.library.last_seq()
        now = (mirrored, mirrored.load() if mirrored else 0, seq)
        if self._told[0] != now:
            told: Told = {}
            hits = self._page(Value("filter", FILTERS), (), MOST_NOTICES, "added")
            keys = [hit.key for hit in reversed(hits.placed)]
            own = {key: record for key in keys if (record := self.library.get(key))}
            more = (k[5:] for k in keys if k not in own)
            pmids = [int(pmid) for pmid in more if pmid.isdecimal()]
            for key, notice in own.items():
                for pmid in works_of(notice):
                    told.setdefault(pmid, {})[key] = None
            for number, xml in self.mirror.xmls(pmids) if self.mirror else ():
                for pmid in works_in_xml(xml):
                    told.setdefault(pmid, {})[f"pmid:{number}"] = None
            self._told = now, told
        return self._told[1]

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
        tree = groups_tree(groups)
        wished = tuple(filter(None, map(words_of, boost)))
        return hits_of(self._page(tree, wished, limit).placed) if tree else ()

    def find_text(self, text: str, limit: int = 400) -> tuple[Hit, ...]:
        """Return the records that a search typed by a person finds, best first.

        As `Index.find_text`, over library and mirror.
        """
        tree = parse_search(text).tree
        return hits_of(self._page(tree, (), limit).placed) if tree else ()

    def find_alike(self, text: str, limit: int = 400) -> tuple[Hit, ...]:
        """Return the records nearest to a text by its words, best first.

        As `Index.find_alike`, over library and mirror.
        """
        words = claim_words(text)
        mirrored = self._follow()
        own = self._index.alike(words, limit, newest=mirrored is not None)
        if mirrored is None:
            return hits_of(own.placed)
        more = mirrored.alike(words, limit, self._own_pmids())
        return hits_of(self._joined(own, more, stems_of(words)).placed[:limit])

    def search(
        self,
        tree: Node,
        *,
        boost: Sequence[Words] = (),
        limit: int = 400,
        sort: str = RELEVANCE,
        start: int = 0,
    ) -> tuple[tuple[Hit, ...], int]:
        """Return a page of what a tree asks for, and how many there are in all.

        Args:
            tree: as `parse_search` gives it.
            boost: words that only raise the score of what is found.
            limit: most hits returned, 1 or more.
            sort: one of SORTS.
            start: hits passed over, for paging; 0 or more.

        Raises:
            StoreError: the mirror cannot be read.
        """
        page = self._page(tree, boost, start + limit, sort, counted=True)
        return hits_of(page.placed[start:]), page.total or 0

    def _page(
        self,
        tree: Node,
        boost: Sequence[Words],
        limit: int,
        sort: str = RELEVANCE,
        *,
        counted: bool = False,
    ) -> Page:
        mirrored = self._follow()
        ask = self._index.page
        if mirrored is None:
            return ask(tree, boost=boost, limit=limit, sort=sort, counted=counted)
        if sort == RELEVANCE and not (boost or _ranks(tree)):
            sort = "added"
        ranked = sort == RELEVANCE
        stems = mirrored.choose_stems(tree) if ranked and not boost else ()
        own = ask(
            tree,
            boost=boost,
            limit=limit,
            sort=sort,
            counted=counted,
            newest=True,
            stems=stems,
        )
        more = mirrored.search(
            tree,
            boost=boost,
            limit=limit,
            sort=sort,
            counted=counted,
            without=self._own_pmids(),
            stems=stems,
        )
        if ranked:
            stems = stems or stems_of(_words(tree, boost))
        page = self._joined(own, more, stems)
        return Page(page.placed[:limit], page.total)

    def _joined(self, own: Page, more: Page, stems: Sequence[str]) -> Page:
        """Return both lists as one; with stems, they are in the order of scores."""
        placed, mirrored = own.placed, self._mirrored
        if stems and placed and more.placed:
            assert mirrored
            scale = find_scale(self._index.rarities(stems), mirrored.rarities(stems))
            placed = scale_placed(placed, scale)
        total = None if more.total is None else (own.total or 0) + more.total
        return Page(join_placed(placed, more.placed), total)

    def _own_pmids(self) -> frozenset[int]:
        """Return every PMID that the library knows a record by."""
        seq = self.library.last_seq()
        if self._own[0] != seq:
            sql = (
                "SELECT substr(key, 6) FROM identity "
                "WHERE key >= 'pmid:' AND key < 'pmid;'"
            )
            pmids = (str(pmid) for (pmid,) in self.library.ask(sql))
            self._own = seq, frozenset(int(p) for p in pmids if p.isdecimal())
        return self._own[1]

    def _follow(self) -> MirrorIndex | None:
        """Return the index of the mirror in use: one may come to be, or be replaced.

        One that was there and is not (a disk that was taken away) is no empty one.

        Raises:
            StoreError: it is there no longer, or cannot be read.
        """
        generation = current_generation(self._folder)
        if generation is None and self.mirror:
            self._gone = True
            raise StoreError(
                f"{self.mirror.generation}: the mirror of PubMed is there no longer. "
                "Put it back, or start again to ask the library alone."
            )
        if self._gone or generation != (
            self.mirror.generation if self.mirror else None
        ):
            self._gone = False
            self.close()
            self.mirror = open_mirror(self._folder)
            if self.mirror:
                self._mirrored = open_mirror_index(self.mirror.generation)
        return self._mirrored


def _ranks(tree: Node) -> bool:
    """Tell whether anything that a tree asks for says which record is nearer."""
    return any(isinstance(leaf, Words | Near) for leaf in find_wanted(tree))


def _words(tree: Node, boost: Sequence[Words]) -> tuple[str, ...]:
    """Return the words that rank, but those of which only the beginning is known."""
    leaves = [leaf for leaf in find_wanted(tree) if isinstance(leaf, Words | Near)]
    return tuple(
        word
        for leaf in (*leaves, *boost)
        for word in (leaf.words[:-1] if _is_open(leaf) else leaf.words)
    )


def _is_open(leaf: Words | Near) -> bool:
    return isinstance(leaf, Words) and leaf.prefix


def open_holdings(folder: Path, library: Library) -> Holdings:
    """Return the holdings of a library's folder; close them before the library.

    Args:
        folder: the library's (cache/library): its index and the mirror lie in it.
        library: opened from that folder.

    Raises:
        StoreError: there is a mirror, and it or its index cannot be read.
    """
    return Holdings(folder, library)

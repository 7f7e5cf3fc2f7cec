"""The mirror's full-text index as its readers see it: never written, never waited for.

A reader sees what the loader has committed last, and takes the next commit when it
comes by. It makes nothing: a missing or damaged index is told, with what mends it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import tantivy
from tantivy import Occur, Query, Searcher

from assay.edge.index_query import alike_query, compile_tree
from assay.edge.index_schema import STEMS
from assay.edge.index_search import (
    PMID,
    RELEVANCE,
    Asked,
    Page,
    count_hits,
    find_hits,
    pmid_keys,
)
from assay.edge.index_wide import choose_stems, find_best
from assay.edge.mirror_index_file import (
    REMEDY,
    Standing,
    explained,
    open_tantivy,
    place_of_index,
    read_stamp,
    read_standing,
)
from assay.errors import StoreError
from assay.library.joining import Rarity
from assay.library.search_tree import Node, Words

ROWS_FOR_ONE = 20
"""A PMID looked up in a search takes as long as so many hits that are listed."""

MORE = 100
"""Hits looked at beyond those wanted, at least, where some had to be left out."""


class MirrorIndex:
    """The index of a generation, to read. For one thread."""

    def __init__(self, generation: Path) -> None:
        """Open it: `open_mirror_index` says when that fails."""
        self._generation = generation
        self._standing = Standing("", -1)
        self._place = generation
        self._stamp = (0, 0)
        self._index: tantivy.Index
        self._searcher: Searcher
        self._without: tuple[frozenset[int], tuple[int, ...]] = (frozenset(), ())
        self.follow()

    def follow(self) -> None:
        """Take the last commit, if it is not the one at hand; at once if it is.

        Raises:
            StoreError: the index is missing, damaged, or of another format.
        """
        while (stamp := read_stamp(self._generation)) != self._stamp:
            standing = read_standing(self._generation)
            if standing is None:
                raise StoreError(
                    f"The mirror of PubMed in {self._generation} lacks its index. "
                    f"{REMEDY}"
                )
            try:
                self._open(standing)
            except StoreError:
                if read_stamp(self._generation) == stamp:
                    raise
                continue  # another one took its place in this very moment
            self._standing, self._stamp = standing, stamp
            self._without = (frozenset(), ())

    def _open(self, standing: Standing) -> None:
        place = place_of_index(self._generation, standing)
        with explained(place):
            if standing.folder == self._standing.folder:
                self._index.reload()
            else:
                self._index = open_tantivy(place)
            self._searcher, self._place = self._index.searcher(), place

    def load(self) -> int:
        """Return the number of the last load that is in it; 0 before the first."""
        self.follow()
        return self._standing.load

    def count(self) -> int:
        """Return how many records are in it."""
        return self._searcher.num_docs

    def pmids(self) -> Iterator[int]:
        """Yield the PMIDs that are in it, in rising order."""
        searcher, last = self._searcher, -1
        while True:
            rest = Query.range_query(
                self._index.schema,
                PMID,
                tantivy.FieldType.Unsigned,
                last + 1,
                None,
            )
            with explained(self._place):
                hits = searcher.search(
                    rest,
                    10_000,
                    count=False,
                    order_by_field=PMID,
                    order=tantivy.Order.Asc,
                ).hits
            if not hits:
                return
            yield from (int(pmid) for pmid, _ in hits)
            last = int(hits[-1][0])

    def search(
        self,
        tree: Node,
        *,
        boost: Sequence[Words] = (),
        limit: int = 400,
        sort: str = RELEVANCE,
        counted: bool = True,
        without: frozenset[int] = frozenset(),
        stems: Sequence[str] = (),
    ) -> Page:
        """Return the first of what a tree asks for, and how many there are.

        Args:
            tree: as `parse_search` gives it.
            boost: words that only raise the score of what is found.
            limit: most hits returned, 1 or more.
            sort: relevance, or one of `BY_FIELD`; equal ones stand newest first.
            counted: False saves the time of counting.
            without: PMIDs that are left out, of the hits and of the count; the same
                object again costs least.
            stems: from `choose_stems`, for a search by relevance; () else.

        Raises:
            StoreError: the index is damaged.
        """
        self.follow()
        with explained(self._place):
            asked = self._asked()
            query = compile_tree(tree, asked.schema, asked.searcher, boost, stems)

            def hits(wanted: int) -> Page:
                best = stems and find_best(asked, tree, stems, wanted, counted=counted)
                return best or find_hits(asked, query, wanted, sort, counted=counted)

            return self._page(query, limit, hits, without)

    def choose_stems(self, tree: Node) -> tuple[str, ...]:
        """Return the stems that rank in an OR of many words; () where all do."""
        self.follow()
        with explained(self._place):
            return choose_stems(tree, self._searcher)

    def alike(
        self, words: Iterable[str], limit: int, without: frozenset[int] = frozenset()
    ) -> Page:
        """Return the records nearest to a claim's words, best first, uncounted.

        Raises:
            StoreError: the index is damaged.
        """
        self.follow()
        with explained(self._place):
            query = alike_query(words, self._index.schema)

            def hits(wanted: int) -> Page:
                return find_hits(self._asked(), query, wanted, RELEVANCE, counted=False)

            return self._page(query, limit, hits, without)

    def _asked(self) -> Asked:
        return Asked(self._searcher, self._index.schema, pmid_keys, by_pmid=True)

    def rarities(self, stems: Iterable[str]) -> tuple[Rarity, ...]:
        """Return how often each stem stands in the records."""
        number = self._searcher.num_docs
        with explained(self._place):
            return tuple(
                Rarity(self._searcher.doc_freq(STEMS, stem), number) for stem in stems
            )

    def _page(
        self,
        query: Query,
        limit: int,
        hits: Callable[[int], Page],
        without: frozenset[int],
    ) -> Page:
        """Return hits without some PMIDs; `hits` gives so many of the first."""
        held = self._held(without)
        wanted = limit
        while True:
            page = hits(wanted)
            left = [each for each in page.placed if -each.newest not in without]
            if len(left) >= limit or len(page.placed) < wanted:
                break
            wanted += max(MORE, wanted)
        total = page.total
        if total is not None and held:
            total -= self._overlap(query, total, held)
        return Page(left[:limit], total)

    def _held(self, pmids: frozenset[int]) -> tuple[int, ...]:
        """Return those of some PMIDs that are in the index."""
        if self._without[0] is not pmids:
            known = self._searcher.doc_freq
            held = tuple(pmid for pmid in pmids if known(PMID, pmid))
            self._without = (pmids, held)
        return self._without[1]

    def _overlap(self, query: Query, total: int, held: Sequence[int]) -> int:
        """Return how many of the records that a query finds are among some PMIDs."""
        if total <= ROWS_FOR_ONE * len(held):
            pmids = frozenset(held)
            hits = self._searcher.search(
                query, max(total, 1), count=False, order_by_field=PMID
            ).hits
            return sum(pmid in pmids for pmid, _ in hits)
        schema = self._index.schema
        any_of = Query.boolean_query(
            [(Occur.Should, Query.term_query(schema, PMID, pmid)) for pmid in held]
        )
        both = Query.boolean_query([(Occur.Must, any_of), (Occur.Must, query)])
        return count_hits(self._searcher, both)


def open_mirror_index(generation: Path) -> MirrorIndex:
    """Return the index of a generation's folder, to read.

    Raises:
        StoreError: it is missing, damaged, or of another format.
    """
    return MirrorIndex(generation)

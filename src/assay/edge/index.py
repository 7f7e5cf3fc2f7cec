"""The full-text index of the library: finds records by their words, best first.

It is derived: whatever becomes of it, it is made again from the library. A missing,
damaged, locked or unwritable index is never an error for the person.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from tantivy import DocAddress, Query, Searcher
from tantivy import Index as TantivyIndex

from assay.edge.index_file import (
    Built,
    UnusableError,
    follow,
    guarded,
    open_built,
    rebuild,
)
from assay.edge.index_query import alike_query, compile_tree
from assay.edge.index_schema import STEMS
from assay.edge.index_search import PMID, RELEVANCE, Asked, Page, find_hits
from assay.edge.store import Library
from assay.library.boolean import groups_tree, parse_search, words_of
from assay.library.joining import Placed, Rarity
from assay.library.rank import claim_words
from assay.library.search_tree import Node, Words


class Hit(NamedTuple):
    """A record that was found."""

    key: str
    """For `Library.get`."""
    score: float
    """BM25; higher is nearer. Comparable within one search only."""


class Index:
    """The full-text index; every search first catches up with the library."""

    def __init__(self, folder: Path, library: Library, built: Built) -> None:
        self._folder, self._library, self._built = folder, library, built

    def find(
        self,
        groups: Sequence[Sequence[str]],
        *,
        boost: Sequence[str] = (),
        limit: int = 400,
    ) -> tuple[Hit, ...]:
        """Return the records that hold a term of every group, best first.

        A term is a word, a phrase of several words (in a row), or either of them with
        a * at its end that lets the last word go on (three letters before it, or it
        is passed over). Looked through are title, abstract or summary, population,
        keywords, MeSH headings, chemicals and supplementary concepts.

        Args:
            groups: no group, or one without a usable term, finds nothing.
            boost: terms that only raise the score of what the groups find.
            limit: most hits returned, 1 or more.

        Returns:
            Hits by falling score, then by key: the same for the same library.
        """
        tree = groups_tree(groups)
        wished = tuple(filter(None, map(words_of, boost)))
        if tree is None:
            return ()
        page = self.page(tree, boost=wished, limit=limit, counted=False)
        return hits_of(page.placed)

    def find_text(self, text: str, limit: int = 400) -> tuple[Hit, ...]:
        """Return the records that a search typed by a person finds, best first.

        Words are ANDed; quoted phrases, AND, OR, NOT, parentheses and PubMed's tags
        are understood (library/boolean.py). What is not understood is left out:
        `parse_search` says what that is.
        """
        tree = parse_search(text).tree
        if tree is None:
            return ()
        return hits_of(self.page(tree, limit=limit, counted=False).placed)

    def find_alike(self, text: str, limit: int = 400) -> tuple[Hit, ...]:
        """Return the records nearest to a text by its words, best first.

        One word in common is enough; endings do not matter; words that are everywhere
        ("the", "in") do not count. A text without any other word finds nothing.
        """
        return hits_of(self.alike(claim_words(text), limit).placed)

    def search(
        self, tree: Node, *, boost: Sequence[Words] = (), limit: int = 400
    ) -> tuple[tuple[Hit, ...], int]:
        """Return the records that a tree asks for, best first, and how many there are.

        The hits are in the order of `find`; their number is not limited by `limit`.
        """
        page = self.page(tree, boost=boost, limit=limit)
        return hits_of(page.placed), page.total or 0

    def page(
        self,
        tree: Node,
        *,
        boost: Sequence[Words] = (),
        limit: int = 400,
        sort: str = RELEVANCE,
        counted: bool = True,
        newest: bool = False,
        stems: Sequence[str] = (),
    ) -> Page:
        """Return the first of what a tree asks for, as it is joined with the mirror's.

        Args:
            tree: as `parse_search` gives it.
            boost: words that only raise the score of what is found.
            limit: most hits returned, 1 or more.
            sort: RELEVANCE or one of `BY_FIELD`.
            counted: False saves the time of counting.
            newest: equal hits stand newest first, not by their keys alone.
            stems: that alone rank, as in the mirror; () for all.
        """
        return self._asked(
            lambda index: compile_tree(
                tree, index.schema, index.searcher(), boost, stems
            ),
            limit,
            sort,
            counted=counted,
            newest=newest,
        )

    def alike(self, words: Sequence[str], limit: int, *, newest: bool = False) -> Page:
        """Return the records nearest to a claim's words, best first, uncounted."""
        return self._asked(
            lambda index: alike_query(words, index.schema),
            limit,
            RELEVANCE,
            counted=False,
            newest=newest,
        )

    def rarities(self, stems: Sequence[str]) -> tuple[Rarity, ...]:
        """Return how often each stem stands in the records, as last searched."""
        with guarded():
            searcher = self._built.index.searcher()
            number = searcher.num_docs
            return tuple(Rarity(searcher.doc_freq(STEMS, s), number) for s in stems)

    def _asked(
        self,
        compiled: Callable[[TantivyIndex], Query],
        limit: int,
        sort: str,
        *,
        counted: bool,
        newest: bool,
    ) -> Page:
        def ask(index: TantivyIndex) -> Page:
            named = newest_keys if newest else keys
            with guarded():
                asked = Asked(index.searcher(), index.schema, named)
                return find_hits(asked, compiled(index), limit, sort, counted=counted)

        self._catch_up()
        try:
            return ask(self._built.index)
        except UnusableError:
            self._built = rebuild(self._folder, self._library)
            return ask(self._built.index)

    def _catch_up(self) -> None:
        try:
            self._built = follow(self._built, self._library)
        except UnusableError:
            self._built = open_built(self._folder, self._library)


def hits_of(placed: Iterable[Placed]) -> tuple[Hit, ...]:
    """Return hits without what they were ordered by."""
    return tuple(Hit(each.key, each.score) for each in placed)


def keys(searcher: Searcher, addresses: Sequence[DocAddress]) -> list[tuple[int, str]]:
    """Return the keys of records; how new they are does not count."""
    return [(0, searcher.doc(address)["key"][0]) for address in addresses]


def newest_keys(
    searcher: Searcher, addresses: Sequence[DocAddress]
) -> list[tuple[int, str]]:
    """Return how new records are, by their PMIDs (0 without one), and their keys."""
    pmids = searcher.fast_field_values(PMID, list(addresses))
    named = (searcher.doc(address)["key"][0] for address in addresses)
    return [(-int(p or 0), key) for p, key in zip(pmids, named, strict=True)]


def open_index(folder: Path, library: Library) -> Index:
    """Return the index of a library, level with it; made or made again if need be.

    Args:
        folder: the library's folder (cache/library): the index lies in its index/.
        library: what is indexed.
    """
    place = folder / "index"
    return Index(place, library, open_built(place, library))

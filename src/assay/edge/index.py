"""The full-text index of the library: finds records by their words, best first.

It is derived: whatever becomes of it, it is made again from the library. A missing,
damaged, locked or unwritable index is never an error for the person.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from tantivy import Index as TantivyIndex
from tantivy import Query, SearchResult

from assay.edge.index_file import (
    Built,
    UnusableError,
    follow,
    guarded,
    open_built,
    rebuild,
)
from assay.edge.index_query import alike_query, compile_tree
from assay.edge.store import Library
from assay.library.boolean import Node, Words, groups_tree, parse_search, words_of
from assay.library.rank import claim_words

_RANK_DIGITS = 4
"""Scores are compared to so many places; beyond them the order of summing shows."""


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
        return self.search(tree, boost=wished, limit=limit)[0] if tree else ()

    def find_text(self, text: str, limit: int = 400) -> tuple[Hit, ...]:
        """Return the records that a search typed by a person finds, best first.

        Words are ANDed; quoted phrases, AND, OR, NOT, parentheses and PubMed's tags
        are understood (library/boolean.py). What is not understood is left out:
        `parse_search` says what that is.
        """
        tree = parse_search(text).tree
        return self.search(tree, limit=limit)[0] if tree else ()

    def find_alike(self, text: str, limit: int = 400) -> tuple[Hit, ...]:
        """Return the records nearest to a text by its words, best first.

        One word in common is enough; endings do not matter; words that are everywhere
        ("the", "in") do not count. A text without any other word finds nothing.
        """
        words = claim_words(text)
        hits, _ = self._ranked(lambda index: alike_query(words, index.schema), limit)
        return hits

    def search(
        self, tree: Node, *, boost: Sequence[Words] = (), limit: int = 400
    ) -> tuple[tuple[Hit, ...], int]:
        """Return the records that a tree asks for, best first, and how many there are.

        The hits are in the order of `find`; their number is not limited by `limit`.
        """
        return self._ranked(
            lambda index: compile_tree(tree, index.schema, index.searcher(), boost),
            limit,
        )

    def _ranked(
        self, compiled: Callable[[TantivyIndex], Query], limit: int
    ) -> tuple[tuple[Hit, ...], int]:
        self._catch_up()
        try:
            return _search(self._built.index, compiled, limit)
        except UnusableError:
            self._built = rebuild(self._folder, self._library)
            return _search(self._built.index, compiled, limit)

    def _catch_up(self) -> None:
        try:
            self._built = follow(self._built, self._library)
        except UnusableError:
            self._built = open_built(self._folder, self._library)


def _search(
    index: TantivyIndex, compiled: Callable[[TantivyIndex], Query], limit: int
) -> tuple[tuple[Hit, ...], int]:
    with guarded():
        searcher, query = index.searcher(), compiled(index)
        count = _count(searcher.search(query, limit=1))
        wanted = min(limit + 1, max(count, 1))
        found = searcher.search(query, limit=wanted, count=False).hits
        while len(found) < count and _rank(found[-1][0]) == _rank(found[limit - 1][0]):
            wanted = min(2 * wanted, count)  # ties at the limit: see them all
            found = searcher.search(query, limit=wanted, count=False).hits
        hits = [Hit(searcher.doc(at)["key"][0], score) for score, at in found]
    hits.sort(key=lambda hit: (-_rank(hit.score), hit.key))
    return tuple(hits[:limit]), count


def _count(found: SearchResult) -> int:
    number: int = found.count  # type: ignore[attr-defined]  # missing in the stubs
    return number


def _rank(score: float) -> float:
    return round(score, _RANK_DIGITS)


def open_index(folder: Path, library: Library) -> Index:
    """Return the index of a library, level with it; made or made again if need be.

    Args:
        folder: the library's folder (cache/library): the index lies in its index/.
        library: what is indexed.
    """
    place = folder / "index"
    return Index(place, library, open_built(place, library))

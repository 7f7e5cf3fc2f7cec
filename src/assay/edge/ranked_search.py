"""What is at hand, nearest first: by words (BM25) and by meaning (vectors), as one.

Plain words ask for what is near to them: no word need be there. A query with operators,
tags, quotes or dates asks for what it says, and meaning only orders it.

Where the mirror's vectors are kept (`assay library embed`), all of them are gone
through. Without them, and for records of the library, the nearest by words alone are
put in order by meaning: `ranking.POOL` of them, whose vectors are made where they lack.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from assay.edge.encoder import Model, Numbers, encode_texts, open_model
from assay.edge.holdings import Holdings
from assay.edge.index import Hit
from assay.edge.mirror_generation import FOLDER as MIRROR
from assay.edge.mirror_vectors import MirrorVectors, open_mirror_vectors
from assay.edge.ranking import POOL
from assay.edge.vectors import Vectors, open_vectors
from assay.library.rank import fuse_scores
from assay.library.search_tree import Node
from assay.search import Query
from assay.text import record_text

FEWEST = 100
"""Of either ranking, at least so many are joined, also where fewer are wanted."""
MOST = 10_000
"""Of either ranking, at most so many: beyond, nothing is near."""

_SYNTAX = re.compile(r'[\[\]()":*]|\b(?:AND|OR|NOT)\b')


_TAG = re.compile(r"\[[^\]]*\]")


def plain_words(text: str) -> str:
    """Return the words of a query, without anything of PubMed's syntax.

    >>> plain_words('"moonbark tea"[tiab] AND (sleep* OR rest)')
    'moonbark tea sleep rest'
    """
    return " ".join(_SYNTAX.sub(" ", _TAG.sub(" ", text)).split())


def is_plain(text: str) -> bool:
    """Tell whether a query is words alone, without anything of PubMed's syntax.

    >>> is_plain("does tea help people sleep?"), is_plain("tea AND sleep[ti]")
    (True, False)
    """
    return not _SYNTAX.search(text)


class Meaning:
    """Puts what is at hand in order by words and meaning. For one thread."""

    def __init__(
        self, holdings: Holdings, vectors: Vectors, kept: MirrorVectors | None, m: Model
    ) -> None:
        self._holdings, self._vectors, self._kept = holdings, vectors, kept
        self._model = m

    def search(
        self, query: Query, tree: Node, limit: int
    ) -> tuple[tuple[Hit, ...], int]:
        """Return what a query asks for, nearest first, and how many were found.

        Args:
            query: as it was asked; plain words find what is near to them.
            tree: what it means where it is not plain.
            limit: most records returned, 1 or more.
        """
        wanted = min(max(limit, FEWEST), MOST)
        if is_plain(query.text) and not (query.since or query.until):
            hits = self.find(query.text, wanted)
            return hits[:limit], len(hits)
        hits, count = self._holdings.search(tree, limit=wanted)
        if limit <= wanted:
            return self.order(query.text, hits)[:limit], count
        rest, _ = self._holdings.search(tree, limit=limit - wanted, start=wanted)
        return (*self.order(query.text, hits), *rest), count

    def find(self, text: str, limit: int) -> tuple[Hit, ...]:
        """Return the records nearest to plain words, nearest first.

        Args:
            text: a question or some words.
            limit: of either ranking so many are joined.
        """
        vector = encode_texts(self._model, [text])[0]
        by_words = {h.key: h.score for h in self._holdings.find_alike(text, limit)}
        near = self._kept.nearest(vector, limit) if self._kept else ()
        by_meaning = {f"pmid:{each.pmid}": each.cosine for each in near}
        return self._fused(vector, by_words, by_meaning)

    def order(self, text: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """Return hits of a search, best first, put in order by meaning too.

        text: the query that found them.
        """
        vector = encode_texts(self._model, [plain_words(text)])[0]
        return self._fused(vector, {hit.key: hit.score for hit in hits}, {})

    def _fused(
        self, vector: Numbers, by_words: Mapping[str, float], near: Mapping[str, float]
    ) -> tuple[Hit, ...]:
        """Return both rankings as one; last, by words, what meaning was not asked."""
        known = {
            **near,
            **self._cosines(vector, [k for k in by_words if k not in near]),
        }
        fused = fuse_scores({k: by_words.get(k, 0.0) for k in known}, known)
        rest = (key for key in by_words if key not in known)
        return (*(Hit(*each) for each in fused), *(Hit(key, 0.0) for key in rest))

    def _cosines(self, vector: Numbers, keys: Sequence[str]) -> dict[str, float]:
        """Return how near records are: all whose vectors are kept, and POOL others."""
        numbers = {k: int(k[5:]) for k in keys if re.fullmatch(r"pmid:\d{1,18}", k)}
        held = self._kept.cosines(vector, numbers.values()) if self._kept else {}
        found = {key: held[pmid] for key, pmid in numbers.items() if pmid in held}
        others = [key for key in keys if key not in found][:POOL]
        read = ((key, self._holdings.get(key)) for key in others)
        texts = {key: record_text(each) for key, each in read if each is not None}
        rows = self._vectors.of_records(list(texts.values())) @ vector
        return found | dict(zip(texts, map(float, rows), strict=True))


@contextmanager
def open_meaning(folder: Path, holdings: Holdings) -> Iterator[Meaning]:
    """Give what orders the holdings of a library's folder by words and meaning.

    Raises:
        StoreError: the encoder that ships is missing or spoilt.
    """
    model = open_model()
    vectors = open_vectors(folder, model)
    kept = open_mirror_vectors(folder / MIRROR, model.digest)
    try:
        yield Meaning(holdings, vectors, kept, model)
    finally:
        vectors.close()

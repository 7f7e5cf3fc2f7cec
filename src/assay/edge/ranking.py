"""Ranks the library's records for a claim: by words (tantivy), then by meaning."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assay.edge.encoder import open_model
from assay.edge.holdings import Holdings
from assay.edge.index import Index
from assay.edge.spare import Spare
from assay.edge.vectors import open_vectors
from assay.library.merge import first_key
from assay.library.rank import Matters, Order, fuse_scores
from assay.record import Record
from assay.text import record_text

POOL = 40
"""Of the records found for a claim, so many are also ranked by meaning: the nearest by
words. Over SciFact's 5,183 abstracts nDCG@10 was .739 with 30, .741 with 50, .741 with
100, .742 with all; with the encoder that ships, which has seen those claims, .770 with
30, .776 with 40, .777 with 50, .782 with 100. So a large library takes hardly longer
than a small one: of a million records 40 were 0.9 s faster than 50, for 70 claims."""

Nearness = Callable[[str, Sequence[str]], Sequence[float]]
"""How near each text is to a claim in meaning, -1 to 1: `Vectors.nearness`."""
Ahead = Callable[[Sequence[str]], None]
"""Begins with what the nearness of texts takes, while others go on: `Vectors.ahead`."""


def _always(_record: Record) -> bool:
    return True


class Ranker:
    """Ranks records for claims. The same library gives the same ranking."""

    def __init__(
        self,
        index: Index | Holdings,
        get: Callable[[str], Record | None],
        nearness: Nearness,
        ahead: Ahead = lambda _texts: None,
    ) -> None:
        self._index, self._get = index, get
        self._nearness, self._ahead = nearness, ahead

    def rank(
        self, claim: str, found: Sequence[Record], wanted: int
    ) -> Sequence[Record]:
        """Return the records found for a claim, nearest first, filled up to `wanted`.

        As `begin`, at once.
        """
        return self.begin(claim, found, wanted)()

    def begin(
        self,
        claim: str,
        found: Sequence[Record],
        wanted: int,
        matters: Matters = _always,
    ) -> Order:
        """Begin to rank the records found for a claim; return what gives their order.

        Which records are returned hangs on words alone; meaning only orders them. So
        the last digits of a model, which differ between processors, let none in or out.

        Args:
            claim: the claim's text.
            found: what the searches found, in their order; all are returned.
            wanted: with fewer than so many found, the nearest others by words are
                returned too, in one order with them.
            matters: records that do not are ordered by their words alone.
        """
        own = {first_key(record): record for record in found}
        hits = {hit.key: hit.score for hit in self._index.find_alike(claim)}
        first = sorted(own, key=lambda key: -hits.get(key, 0.0))[:POOL]
        room = max(0, wanted - len(own))
        others = self._read([key for key in hits if key not in own][:room])
        known = {key: own[key] for key in first} | others
        texts = {key: record_text(r) for key, r in known.items() if matters(r)}
        self._ahead(tuple(texts.values()))

        def order() -> tuple[Record, ...]:
            near = self._nearness(claim, tuple(texts.values()))
            fused = fuse_scores(
                {key: hits.get(key, 0.0) for key in known},
                dict(zip(texts, near, strict=True)),
            )
            rest = [own[key] for key in own if key not in known]
            return (*(known[key] for key, _ in fused), *rest)

        return order

    def _read(self, keys: Sequence[str]) -> dict[str, Record]:
        read = ((key, self._get(key)) for key in keys)
        return {key: record for key, record in read if record is not None}


@contextmanager
def open_ranker(
    folder: Path,
    index: Index | Holdings,
    get: Callable[[str], Record | None],
    spare: Spare | None = None,
) -> Iterator[Ranker]:
    """Give the ranker of a library; its vectors are kept in the library's folder.

    Args:
        folder: the library's.
        index: how the library is asked.
        get: reads a record by its key.
        spare: computes vectors ahead.

    Raises:
        StoreError: the encoder that ships is missing or spoilt.
    """
    vectors = open_vectors(folder, open_model(), spare)
    try:
        yield Ranker(index, get, vectors.nearness, vectors.ahead)
    finally:
        vectors.close()

"""The vectors of the mirror's records, found by nearness: sign bits, then exact.

cache/library/pubmed/vectors/ lies beside the generations, so that a new baseline finds
them again. It is derived, and known by the model's digest as `edge/vectors.py` has it:
whatever is missing, damaged or of another model counts for nothing and is made again.

current.json     format, model, width, rows, and the folder in use
FOLDER/pmids     int64, rising
FOLDER/places    int64: the place in NLM's files of the record that was read
FOLDER/keys      16 bytes of the digest of its text
FOLDER/rows      the vector, 16 bits a number
FOLDER/signs     its signs, 64 to a word: the first words of all rows, then the second …
FOLDER/sorted    the first 8 bytes of every key, rising
FOLDER/order     uint32: the row of each of these
blocks/          what is made and not yet put into a folder (edge/vector_files.py)

All are mapped into memory, so that they are not read before they are needed and all
processes share them. A search goes over the signs of every row, 48 bytes each, and
reads the vectors of the few that are nearest by them.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assay.edge.encoder import Numbers

FORMAT = 1
"""Of current.json and the files that it names."""
FOLDER = "vectors"
"""In the mirror's folder (cache/library/pubmed)."""
CURRENT = "current.json"
KEY = 16
"""Bytes of a text's digest."""

CHUNK = 1 << 16
"""Rows gone over at a time: what is in hand then stays in the processor's cache."""

POOL = 5000
"""Of the nearest by their signs, so many are compared exactly: at least, and at least
POOL_TIMES as many as are wanted. Of the true nearest 10 (100) among 55,971 real vectors
.999 (.998) were so found, .997 (.973) among a million made from them; with 1,000 it was
.997 (.957) and .986 (.876). They take 4 and 7 ms longer (python -m bench.vectors)."""
POOL_TIMES = 25

Words = NDArray[np.uint64]


class Near(NamedTuple):
    """A record that is near to a vector."""

    pmid: int
    cosine: float
    """-1 to 1."""


class MirrorVectors:
    """The vectors in one folder, to read. Threads may share it."""

    def __init__(self, folder: Path, rows: int, width: int) -> None:
        """Map the files; OSError or ValueError where one is not as it should be."""
        self.width = width

        def mapped(name: str, kind: Any, *shape: int) -> Any:
            path, wanted = folder / name, np.dtype(kind).itemsize
            for each in shape:
                wanted *= each
            if path.stat().st_size != wanted:
                raise ValueError(name)
            if not wanted:
                return np.zeros(shape, kind)
            return np.memmap(path, kind, "r", shape=shape)

        self.pmids: NDArray[np.int64] = mapped("pmids", "<i8", rows)
        self.places: NDArray[np.int64] = mapped("places", "<i8", rows)
        self.keys: NDArray[np.void] = mapped("keys", f"V{KEY}", rows)
        self.rows: NDArray[np.float16] = mapped("rows", "<f2", rows, width)
        self._signs: Words = mapped("signs", "<u8", width // 64, rows)
        self._sorted: Words = mapped("sorted", "<u8", rows)
        self._order: NDArray[np.uint32] = mapped("order", "<u4", rows)

    def __len__(self) -> int:
        return len(self.pmids)

    def nearest(self, vector: Numbers, limit: int, pool: int = 0) -> tuple[Near, ...]:
        """Return the records nearest to a vector, the nearest first; equal by PMID.

        Args:
            vector: of length 1, as `encode_texts` gives it.
            limit: most records returned, 1 or more.
            pool: rows that are compared exactly; 0 for the usual number.
        """
        pool = max(pool or max(POOL, POOL_TIMES * limit), limit)
        rows = find_near_signs(self._signs, pack_signs(vector[None])[:, 0], pool)
        exact = self.rows[rows].astype(np.float32)
        cosines = np.einsum("ij,j->i", exact, vector)  # no threads for so little
        order = np.lexsort((self.pmids[rows], -cosines))[:limit]
        return tuple(Near(int(self.pmids[rows[n]]), float(cosines[n])) for n in order)

    def cosines(self, vector: Numbers, pmids: Iterable[int]) -> dict[int, float]:
        """Return how near records are to a vector, of those that are here."""
        asked = np.fromiter(pmids, np.int64)
        at = np.searchsorted(self.pmids, asked)
        here = at < len(self)
        here[here] = self.pmids[at[here]] == asked[here]
        exact = self.rows[at[here]].astype(np.float32)
        near = np.einsum("ij,j->i", exact, vector)
        return dict(zip(asked[here].tolist(), near.tolist(), strict=True))

    def known(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return the vectors of texts by their digests, of those that are here."""
        asked = list(dict.fromkeys(keys))
        heads = np.array([int.from_bytes(key[:8], "big") for key in asked], np.uint64)
        first = np.searchsorted(self._sorted, heads)
        last = np.searchsorted(self._sorted, heads, "right")
        found = {}
        for key, start, end in zip(asked, first, last, strict=True):
            for row in self._order[start:end]:
                if self.keys[row].tobytes() == key:
                    found[key] = self.rows[row].tobytes()
        return found


def open_mirror_vectors(mirror: Path, model: str) -> MirrorVectors | None:
    """Return the vectors in a mirror's folder; None where there are none to use.

    Args:
        mirror: cache/library/pubmed.
        model: the encoder's digest.
    """
    try:
        told = json.loads((mirror / FOLDER / CURRENT).read_bytes())
        if (told["format"], told["model"]) != (FORMAT, model):
            return None
        place = mirror / FOLDER / Path(str(told["folder"])).name
        return MirrorVectors(place, int(told["rows"]), int(told["width"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def pack_signs(vectors: Numbers | NDArray[np.float16]) -> Words:
    """Return the signs of vectors, 64 a word: (words, vectors).

    >>> pack_signs(np.array([[1.0] * 63 + [-1.0]], np.float32))
    array([[9223372036854775807]], dtype=uint64)
    """
    bits = np.packbits(vectors > 0, axis=1, bitorder="little")
    return np.ascontiguousarray(bits.view("<u8").T)


def find_near_signs(signs: Words, asked: Words, most: int) -> NDArray[np.int64]:
    """Return the rows whose signs differ least from those asked for, rising.

    As many as `most`, and those that are equal to the last of them: so the answer does
    not depend on the order of the rows. In memory are CHUNK rows and the answer.

    Args:
        signs: (words, rows).
        asked: (words,).
        most: 1 or more.

    >>> find_near_signs(np.array([[7, 0, 3]], np.uint64), np.array([1], np.uint64), 1)
    array([1, 2])
    """
    bound = 64 * len(asked)
    rows: list[NDArray[np.int64]] = []
    distances: list[NDArray[np.uint16]] = []
    held = 0
    for start in range(0, signs.shape[1], CHUNK):
        away = _distances(signs[:, start : start + CHUNK], asked)
        near = np.flatnonzero(away <= bound)
        rows.append(near + start)
        distances.append(away[near])
        held += len(near)
        if held > 2 * most:
            all_rows, all_away = np.concatenate(rows), np.concatenate(distances)
            bound = _bound(all_away, most)
            kept = all_away <= bound
            rows, distances = [all_rows[kept]], [all_away[kept]]
            held = len(rows[0])
    if not rows:
        return np.zeros(0, np.int64)
    away, found = np.concatenate(distances), np.concatenate(rows)
    return found[away <= _bound(away, most)]


def _distances(signs: Words, asked: Words) -> NDArray[np.uint16]:
    """Return in how many bits each row differs."""
    away = np.zeros(signs.shape[1], np.uint16)
    for words, word in zip(signs, asked, strict=True):
        away += np.bitwise_count(words ^ word)
    return away


def _bound(away: NDArray[np.uint16], most: int) -> int:
    """Return the least distance within which there are so many rows, if there are."""
    return int(np.searchsorted(np.cumsum(np.bincount(away)), most))

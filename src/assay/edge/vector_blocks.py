"""The mirror's records put into vectors: planned, made block by block, put together.

A block is some records in the order of their PMIDs, and one task. What a task makes is
written whole to blocks/, with a done-marker; a run puts all that is done into one
folder before it plans and when it ends. So one that was interrupted goes on where it
was, and has lost the blocks that were on their way at most.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter, time_ns
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assay.edge.encoder import Model, encode_texts, open_model
from assay.edge.jobs import Task
from assay.edge.mirror import Mirror
from assay.edge.mirror_vectors import MirrorVectors, open_mirror_vectors
from assay.edge.vector_files import row_type, write_block
from assay.edge.vectors import digest_text, pack
from assay.errors import BadAnswerError
from assay.search import Problem
from assay.sources.pubmed_xml import read_article_bytes
from assay.text import record_text

BLOCK = 1000
"""Most records in a block: some 15 seconds of one processor."""

BLOCKS = 50
"""Blocks into which fewer records are cut, so that all workers have some, and little
is lost when a run is interrupted."""

LEAST = 100
"""Records in a block even then."""

SAMPLE = 16
"""Texts by which the pace is told before the work begins."""

Pmids = NDArray[np.int64]


class Embedded(NamedTuple):
    """What became of a block."""

    new: int
    """Vectors that were computed."""
    kept: int
    """Vectors of texts that were known, under this PMID or another."""
    problems: tuple[Problem, ...] = ()
    """Records that could not be read."""


def read_missing(mirror: Mirror, vectors: MirrorVectors | None) -> Pmids:
    """Return the PMIDs without a vector of the copy that stands, rising."""
    pmids = np.fromiter(mirror.pmids(), np.int64)
    if vectors is None or not len(pmids):
        return pmids
    missing = [
        part[~_is_known(vectors, part, mirror.places(part.tolist()))]
        for part in np.array_split(pmids, 1 + len(pmids) // 10_000)
    ]
    return np.concatenate(missing)


def _is_known(
    vectors: MirrorVectors, pmids: Pmids, places: dict[int, int]
) -> NDArray[np.bool_]:
    at = np.searchsorted(vectors.pmids, pmids)
    inside = np.minimum(at, len(vectors) - 1)
    wanted = np.array([places.get(int(pmid), -1) for pmid in pmids], np.int64)
    same = (vectors.pmids[inside] == pmids) & (vectors.places[inside] == wanted)
    return np.asarray(same & (at < len(vectors)))


def plan_blocks(mirror: Mirror, missing: Pmids) -> Iterator[Task]:
    """Yield a task for each block of PMIDs."""
    run = f"{time_ns():020d}"  # so that later blocks sort after these
    size = min(BLOCK, max(LEAST, len(missing) // BLOCKS))
    for number, start in enumerate(range(0, len(missing), size)):
        pmids = tuple(missing[start : start + size].tolist())
        name = f"{run}-{number:06d}"
        yield Task(name, embed_block, (str(mirror.generation), name, pmids))


def embed_block(generation: str, name: str, pmids: Sequence[int]) -> Embedded:
    """Write the vectors of some records to blocks/, and then the done-marker.

    The model runs on one processor, for there is a process for each.

    Raises:
        StoreError: the mirror cannot be read.
        OSError: the disk cannot be written.
    """
    model, mirror = open_model(), Path(generation).parent
    problems: list[Problem] = []
    with Mirror(Path(generation)) as opened:
        places = opened.places(pmids)  # before the texts: then none passes for newer
        texts = dict(_read_texts(opened, pmids, problems))
    texts = {pmid: text for pmid, text in texts.items() if pmid in places}
    keys = {pmid: digest_text(text) for pmid, text in texts.items()}
    vectors = open_mirror_vectors(mirror, model.digest)
    known = vectors.known(keys.values()) if vectors else {}
    lacking = {key: texts[pmid] for pmid, key in keys.items() if key not in known}
    packed = pack(encode_texts(model, lacking.values()))
    known |= dict(zip(lacking, packed, strict=True))
    rows = np.zeros(len(keys), row_type(model.width))
    for at, (pmid, key) in enumerate(keys.items()):
        row = np.frombuffer(known[key], "<f2")
        rows[at] = (pmid, places[pmid], np.void(key), row)
    write_block(mirror, name, rows, model)
    return Embedded(len(lacking), len(keys) - len(lacking), tuple(problems))


def measure_pace(mirror: Mirror, missing: Pmids, model: Model) -> float:
    """Return how many records of these one processor embeds a second, by a sample."""
    step = max(1, len(missing) // SAMPLE)
    texts = _read_texts(mirror, missing[::step][:SAMPLE].tolist(), [])
    sample = [text for _, text in texts]
    begun = perf_counter()
    encode_texts(model, sample)
    return len(sample) / max(perf_counter() - begun, 1e-6)


def _read_texts(
    mirror: Mirror, pmids: Sequence[int], problems: list[Problem]
) -> Iterator[tuple[int, str]]:
    for pmid, xml in mirror.xmls(pmids):
        try:
            yield pmid, record_text(read_article_bytes(xml))
        except BadAnswerError as error:
            problems.append(Problem(where=f"PMID {pmid}", what=error.what))

"""How near the search by sign bits comes to going through every vector, and how fast.

    python -m bench.vectors [--rows 200000 1000000 2000000] [--queries 100]
    python -m bench.vectors --library cache/library    # ranked search over a mirror

The vectors are real: SciFact's 5,183 abstracts, and the records of NLM's two files
where ASSAY_NLM names their folder (their vectors are kept in cache/bench; making them
takes a quarter of an hour once). Larger collections are these, and copies of them to
which noise was added, so that the cosine of a copy with its record is 0.75 on average.
(Of 2,000 real records, each with the nearest of 50,000 others, it was 0.60 in the
median, 0.76 for one in ten.) The queries are claims of SciFact.

Recall is the share of the true nearest 10 or 100 that were found. Times are CPU
milliseconds of one process for the nearest 10, everything in memory.
"""

import argparse
import gzip
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from assay.edge.encoder import encode_texts, open_model
from assay.edge.holdings import open_holdings
from assay.edge.mirror_generation import FOLDER as MIRROR
from assay.edge.mirror_vectors import CHUNK, POOL, POOL_TIMES, open_mirror_vectors
from assay.edge.ranked_search import open_meaning
from assay.edge.store import open_library
from assay.edge.vector_files import join_blocks, row_type, write_block
from assay.edge.vectors import Vectors
from assay.library.boolean import parse_search
from assay.record import Record
from assay.search import Query
from assay.sources.pubmed_xml import iter_records
from assay.text import record_text
from bench.quality.data import find_data, read_corpus, read_topics

ROWS = (200_000, 1_000_000, 2_000_000)
POOLS = (500, 1000, 2000, 5000, 10_000)
NOISE = (1 / 0.75**2 - 1) ** 0.5
"""Length of the noise added to a vector of length 1."""
PART = 100_000
KEPT = Path(__file__).parents[1] / "cache/bench/vectors.db"
FILES = ("pubmed20n0014.xml.gz", "pubmed21n1298.xml.gz")


def main():
    """Print one table a collection."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, nargs="*", default=ROWS)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--library", type=Path)
    given = parser.parse_args()
    data = find_data()
    claims = [topic.claim for topic in read_topics(data)]
    step = max(1, len(claims) // given.queries)
    if given.library:
        search(given.library, claims[::step][: given.queries])
        return
    queries = encode_texts(open_model(), claims[::step][: given.queries])
    scifact = embed(record_text(r) for r in read_corpus(data).values())
    measure("SciFact's abstracts", scifact, len(scifact), queries)
    real = np.concatenate([scifact, *read_nlm()])
    if len(real) > len(scifact):
        measure("SciFact's abstracts and NLM's two files", real, len(real), queries)
    for rows in given.rows:
        measure("these and copies of them with noise", real, rows, queries)


def search(folder, claims):
    """Print how long the parts of a ranked search take, and the whole of it."""
    with (
        open_library(folder) as library,
        open_holdings(folder, library) as holdings,
        open_meaning(folder, holdings) as meaning,
    ):
        model, text = open_model(), claims[0]
        kept = open_mirror_vectors(folder / MIRROR, model.digest)
        vector = encode_texts(model, [text])[0]
        tree = parse_search(text).tree
        parts = {
            "the query's vector": lambda text: encode_texts(model, [text]),
            "100 by words": lambda text: holdings.find_alike(text, 100),
            "100 by meaning": lambda _: kept.nearest(vector, 100),
            "ranked, 20": lambda text: meaning.search(Query(text=text), tree, 20),
        }
        print(f"{holdings.count():,} records, {len(kept):,} vectors")
        print("part | CPU ms p50 | p95 | wall ms p50 | p95")
        for part, run in parts.items():
            run(text)
            times = np.array([clock(run, claim) for claim in claims])
            cpu, wall = np.percentile(times, [50, 95], axis=0).T
            print(
                f"{part} | {cpu[0]:.1f} | {cpu[1]:.1f} | {wall[0]:.1f} | {wall[1]:.1f}"
            )


def clock(run, claim):
    """Return the milliseconds of CPU and of wall time that one call takes."""
    cpu, wall = time.process_time(), time.perf_counter()
    run(claim)
    spent = time.process_time() - cpu, time.perf_counter() - wall
    return [1000 * each for each in spent]


def embed(texts):
    """Return the vectors of texts, kept from run to run."""
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    vectors = Vectors(open_model(), KEPT, {})
    rows, texts = [], list(texts)
    for start in range(0, len(texts), 1000):
        rows.append(vectors.of_records(texts[start : start + 1000]).astype("<f2"))
        print(f"embedding {start:,} of {len(texts):,}", end="\r", file=sys.stderr)
    vectors.close()
    return np.concatenate(rows)


def read_nlm():
    """Yield the vectors of each of NLM's files, where they are."""
    folder = os.environ.get("ASSAY_NLM")
    for name in FILES if folder else ():
        with gzip.open(Path(folder) / name) as file:
            items = iter_records(iter(lambda file=file: file.read(1 << 18), b""))
            yield embed(record_text(r) for r in items if isinstance(r, Record))


def measure(title, real, rows, queries):
    """Print recall and time by the number of rows that are compared exactly."""
    with tempfile.TemporaryDirectory() as name:
        start = time.process_time()
        found = write(Path(name), real, rows)
        spent = time.process_time() - start
        exact = find_exact(found.rows, queries, 100)
        size = sum(path.stat().st_size for path in Path(name).rglob("*"))
        print(f"\n{rows:,} rows: {title}")
        print(f"made in {spent:.1f} s of CPU, {size / rows:.0f} bytes a row")
        print("pool | recall@10 | recall@100 | p50 ms | p95 ms")
        for pool in POOLS:
            recall = {10: [], 100: []}
            times = []
            for query, best in zip(queries, exact, strict=True):
                near = find(found, query, pool, times)
                for most, shares in recall.items():
                    both = set(near[:most]) & set(best[:most].tolist())
                    shares.append(len(both) / most)
            ten, hundred = (sum(s) / len(s) for s in recall.values())
            p50, p95 = np.percentile(times, [50, 95])
            usual = " usual" if pool == max(POOL, 10 * POOL_TIMES) else ""
            print(f"{pool} | {ten:.4f} | {hundred:.4f} | {p50:.1f} | {p95:.1f}{usual}")


def find(found, query, pool, times):
    """Return the nearest 100 rows, noting how long the nearest 10 take."""
    start = time.process_time()
    found.nearest(query, 10, pool)
    times.append(1000 * (time.process_time() - start))
    return [each.pmid for each in found.nearest(query, 100, max(pool, 100))]


def write(folder, real, rows):
    """Write vectors as the mirror keeps them; return them opened."""
    rng, model = np.random.default_rng(20261123), open_model()
    for start in range(0, rows, PART):
        size = min(PART, rows - start)
        block = np.zeros(size, row_type(model.width))
        block["pmid"] = np.arange(start, start + size)
        at = block["pmid"] % len(real)
        made = real[at].astype(np.float32)
        if start + size > len(real):
            noise = rng.normal(size=made.shape, scale=NOISE / model.width**0.5)
            noise[block["pmid"] < len(real)] = 0
            made += noise.astype(np.float32)
            made /= np.linalg.norm(made, axis=1, keepdims=True)
        block["row"] = made
        block["key"] = np.frombuffer(rng.bytes(16 * size), "V16")
        write_block(folder, f"{start:09d}", block, model)
    return join_blocks(folder, model, np.arange(rows))


def find_exact(rows, queries, most):
    """Return the rows nearest to each query by going through all of them."""
    best = np.full((len(queries), most), -2.0, np.float32)
    names = np.zeros((len(queries), most), np.int64)
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK].astype(np.float32)
        scores = np.concatenate([best, queries @ part.T], axis=1)
        own = np.broadcast_to(
            np.arange(start, start + len(part)), (len(queries), len(part))
        )
        ids = np.concatenate([names, own], axis=1)
        top = np.argpartition(-scores, most - 1, axis=1)[:, :most]
        best, names = (np.take_along_axis(each, top, 1) for each in (scores, ids))
    order = np.argsort(-best, axis=1, kind="stable")
    return np.take_along_axis(names, order, 1)


if __name__ == "__main__":
    main()

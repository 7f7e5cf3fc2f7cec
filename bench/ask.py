"""How fast library and mirror are asked: a fixed set of searches of every kind.

    python -m bench.ask WORKSPACE [WORKSPACE ...] [--runs 7] [--each] [--json FILE]
    python -m bench.ask WORKSPACE --fts5        # the same words asked of SQLite's FTS5

A workspace is one whose library or mirror is filled (`assay library ingest`). Each
search is made in this process with the first 20 hits and the exact count, once to warm
up and then `--runs` times; its time is the median of those. p50 and p95 are over the
searches. Reading the query and asking are both in it; reading the 20 records from the
store is told apart. With several workspaces the growth from one to the next is shown.

CPU is the process's own processor time: on a busy machine the fairer figure. Of a
search that tantivy does in one thread it is what a wall clock shows on an idle one.
"""

import argparse
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import NamedTuple

from assay.edge.holdings import open_holdings
from assay.edge.mesh_file import open_explode
from assay.edge.store import open_library
from assay.library.boolean import parse_search
from bench.ask_queries import CLAIMS, GROUPS, QUERIES

OPEN = """
import sys, time
from pathlib import Path
from assay.edge.mirror_index import open_mirror_index
from assay.library.boolean import parse_search
start, cpu = time.perf_counter(), time.process_time()
index = open_mirror_index(Path(sys.argv[1]))
print(time.perf_counter() - start, time.process_time() - cpu)
"""


class Took(NamedTuple):
    """What one search took."""

    kind: str
    text: str
    hits: int
    cpu: float
    """Milliseconds of processor time, the median of the runs."""
    wall: float
    """Milliseconds on the clock, likewise."""


def main():
    """Measure each workspace and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path, nargs="+")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--fts5", action="store_true")
    args = parser.parse_args()
    told = [measure(place, args.runs, args.each) for place in args.workspace]
    show(told)
    if args.fts5:
        beside_fts5(args.workspace[0], args.runs)
    if args.json:
        args.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return 0


def measure(workspace, runs, each):
    """Return the figures of one workspace."""
    folder = workspace / "cache" / "library"
    with (
        open_library(folder, starter=False) as library,
        open_holdings(folder, library) as holdings,
    ):
        explode = open_explode(folder)
        records = holdings.count()
        found = {}

        def ask(text):
            found[text] = holdings.search(parse_search(text, explode).tree, limit=20)

        def read(text):
            for hit in found[text][0]:
                holdings.get(hit.key)

        texts = [text for _, text in QUERIES]
        times = in_turn(ask, texts, runs)
        took = [
            Took(kind, text, found[text][1], *times[text]) for kind, text in QUERIES
        ]
        full = [text for text in texts if len(found[text][0]) == 20]
        decoded = [cpu for cpu, _ in in_turn(read, full, runs).values()]
        claims = in_turn(holdings.find_alike, CLAIMS, runs).values()
        groups = in_turn(holdings.find, GROUPS, runs).values()
        generation = holdings.mirror.generation if holdings.mirror else None
    if each:
        print(f"\n{workspace} ({records:,} records)")
        for one in took:
            print(
                f"{one.cpu:9.2f} ms CPU {one.wall:9.2f} ms {one.hits:9,} "
                f"{one.kind:<9} {one.text[:60]}"
            )
    index = size_of(generation / "index") if generation else size_of(folder / "index")
    store = (generation / "pubmed.db").stat().st_size if generation else 0
    return {
        "records": records,
        "p50_cpu_ms": quantile([one.cpu for one in took], 0.5),
        "p95_cpu_ms": quantile([one.cpu for one in took], 0.95),
        "most_cpu_ms": max(one.cpu for one in took),
        "p50_ms": quantile([one.wall for one in took], 0.5),
        "p95_ms": quantile([one.wall for one in took], 0.95),
        "claim_cpu_ms": median(cpu for cpu, _ in claims),
        "groups_cpu_ms": median(cpu for cpu, _ in groups),
        "decode_20_cpu_ms": median(decoded),
        "open_ms": opening(generation) if generation else 0.0,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        "anonymous_mb": anonymous_mb(),
        "index_bytes": index,
        "store_bytes": store,
        "each": [one._asdict() for one in took],
    }


def in_turn(step, things, runs):
    """Return thing → (CPU, wall) milliseconds, medians; all are done in every round.

    So no round finds what the last search left in a cache for its like.
    """
    cpus, walls = defaultdict(list), defaultdict(list)
    for turn in range(runs + 1):
        for thing in things:
            cpu, wall = time.process_time(), time.perf_counter()
            step(thing)
            if turn:  # the first is to warm up
                cpus[thing].append(time.process_time() - cpu)
                walls[thing].append(time.perf_counter() - wall)
    return {t: (median(cpus[t]) * 1e3, median(walls[t]) * 1e3) for t in things}


def quantile(values, share):
    """Return the value that so much of all do not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * round(share * 100) // 100) - 1)]


def opening(generation):
    """Return the milliseconds that a new process takes to open the mirror's index."""
    command = [sys.executable, "-c", OPEN, generation]
    found = [
        float(
            subprocess.run(command, check=True, capture_output=True).stdout.split()[1]
        )
        for _ in range(5)
    ]
    return median(found) * 1e3


def anonymous_mb():
    """Return the memory of this process that is not files', where Linux tells."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0.0
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(lines["RssAnon"].split()[0]) / 1000


def size_of(folder):
    """Return the bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


ROWS = {
    "p50_cpu_ms": "a search, p50 (ms CPU)",
    "p95_cpu_ms": "a search, p95 (ms CPU)",
    "most_cpu_ms": "the slowest (ms CPU)",
    "p50_ms": "a search, p50 (ms)",
    "p95_ms": "a search, p95 (ms)",
    "claim_cpu_ms": "nearest to a claim (ms CPU)",
    "groups_cpu_ms": "candidates of a claim (ms CPU)",
    "decode_20_cpu_ms": "reading 20 records (ms CPU)",
    "open_ms": "opening the index (ms CPU)",
    "anonymous_mb": "memory of the process (MB)",
}


def show(told):
    """Print a table with a column for each workspace."""
    print(f"\n{'records':<32}" + "".join(f"{one['records']:>12,}" for one in told))
    for name, title in ROWS.items():
        print(f"{title:<32}" + "".join(f"{one[name]:>12.2f}" for one in told))
    for name in ("index_bytes", "store_bytes"):
        title = f"{name.removesuffix('_bytes')}, bytes a record"
        each = (one[name] / max(1, one["records"]) for one in told)
        print(f"{title:<32}" + "".join(f"{size:>12,.0f}" for size in each))


def beside_fts5(workspace, runs):
    """Ask SQLite's FTS5 for the words of the searches that are words alone."""
    folder = workspace / "cache" / "library"
    with (
        tempfile.TemporaryDirectory() as name,
        open_library(folder, starter=False) as library,
        open_holdings(folder, library) as holdings,
    ):
        db = sqlite3.connect(Path(name) / "fts.db")
        db.execute("CREATE VIRTUAL TABLE t USING fts5(words, content='')")
        start = time.process_time()
        records = holdings.mirror.records() if holdings.mirror else library.records()
        for record in records:
            parts = [section.text for section in record.abstract]
            words = " ".join((record.title, *parts))
            sql = "INSERT INTO t (rowid, words) VALUES (?, ?)"
            db.execute(sql, (int(record.pmid or 0) or None, words))
        db.commit()
        print(
            f"\nFTS5 built in {time.process_time() - start:.0f} s CPU, reading included"
        )
        ranked = "SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 20"
        counted = "SELECT count(*) FROM t WHERE t MATCH ?"
        words = [text for kind, text in QUERIES if kind in {"word", "words"}]

        def ask(text):
            tagged = " AND ".join(f"{word}[tiab]" for word in text.split())
            holdings.search(parse_search(tagged).tree, limit=20)

        def ask_fts5(text):
            match = " AND ".join(text.split())
            db.execute(ranked, (match,)).fetchall()
            db.execute(counted, (match,)).fetchall()

        ours, theirs = in_turn(ask, words, runs), in_turn(ask_fts5, words, runs)
        for text in words:
            both = f"{ours[text][0]:9.2f} {theirs[text][0]:9.2f} ms CPU"
            print(f"{text:<44}{both}")
        for share in (50, 95):
            both = " ".join(
                f"{quantile([cpu for cpu, _ in each.values()], share / 100):9.2f}"
                for each in (ours, theirs)
            )
            print(f"{f'p{share}, assay and FTS5':<44}{both} ms CPU")


if __name__ == "__main__":
    sys.exit(main())

"""Do readers wait for a load? Ten processes ask while files of PubMed are loaded.

    python -m bench.ask_while FILE.xml.gz FILE.xml.gz ... [--readers 10] [--idle 20]

The first file is loaded into a workspace of its own. Then the readers ask the searches
of bench.ask_queries, each in an order of its own, for `--idle` seconds; they go on
while `assay library ingest` loads the other files. Printed are the searches made, the
errors, and p50 and p95 of both times, on the clock and in processor time. With more
readers than processors they wait for each other too, before the load as much as in it.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from random import Random

from assay.edge.holdings import open_holdings
from assay.edge.store import open_library
from assay.library.boolean import parse_search
from bench.ask import quantile
from bench.ask_queries import QUERIES


def main():
    """Load, ask, load and ask; print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="+")
    parser.add_argument("--readers", type=int, default=10)
    parser.add_argument("--idle", type=float, default=20.0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        workspace = Path(name)
        ingest(workspace, args.file[:1])
        context = get_context("spawn")
        phase, told = context.Value("i", 0), context.Queue()
        readers = [
            context.Process(target=read_on, args=(workspace, number, phase, told))
            for number in range(args.readers)
        ]
        for reader in readers:
            reader.start()
        while phase.value < args.readers:  # each is warm
            time.sleep(0.1)
        phase.value = 100
        time.sleep(args.idle)
        phase.value = 200
        start = time.perf_counter()
        ingest(workspace, args.file[1:])
        took = time.perf_counter() - start
        phase.value = 300
        results = [told.get() for _ in readers]
        for reader in readers:
            reader.join()
    show(results, took)
    return 0


def ingest(workspace, files):
    """Load files as a person does."""
    command = [sys.executable, "-m", "assay", "--workspace", workspace]
    subprocess.run([*command, "library", "ingest", *files], check=True)


def read_on(workspace, number, phase, told):
    """Ask on and on; tell (phase, wall, CPU) of each search, errors and last count."""
    folder = workspace / "cache" / "library"
    took, errors, count = [], [], 0
    texts = [text for _, text in QUERIES]
    Random(number).shuffle(texts)
    with (
        open_library(folder, starter=False) as library,
        open_holdings(folder, library) as holdings,
    ):
        trees = [parse_search(text).tree for text in texts]
        for tree in trees:
            holdings.search(tree, limit=20)
        with phase.get_lock():
            phase.value += 1
        while phase.value < 300:
            for tree in trees:
                now, wall, cpu = phase.value, time.perf_counter(), time.process_time()
                try:
                    holdings.search(tree, limit=20)
                except Exception as error:
                    errors.append(repr(error))
                wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
                took.append((now, wall * 1e3, cpu * 1e3))
        count = holdings.count()
    told.put((took, errors, count))


def show(results, seconds):
    """Print what the readers saw before and during the load."""
    errors = [error for _, found, _ in results for error in found]
    counts = {count for _, _, count in results}
    print(f"{len(results)} readers, a load of {seconds:.0f} s, {len(errors)} errors")
    print(*sorted(set(errors))[:5], sep="\n")
    print(f"records that they saw in the end: {sorted(counts)}")
    for phase, title in ((100, "before the load"), (200, "during the load")):
        took = [one for told, _, _ in results for one in told if one[0] == phase]
        figures = [
            f"{name} p50 {quantile(values, 0.5):7.2f} p95 {quantile(values, 0.95):7.2f}"
            for name, values in (
                ("ms", [wall for _, wall, _ in took]),
                ("ms CPU", [cpu for _, _, cpu in took]),
            )
        ]
        print(f"{title:<16} {len(took):7,} searches, {', '.join(figures)}")


if __name__ == "__main__":
    sys.exit(main())

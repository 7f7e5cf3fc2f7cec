"""Processor seconds and memory that each format takes to write and read many records.

    python -m bench.exchange FILE [--records 60000]

FILE is PubMed XML; its records are taken again and again under new PMIDs, made as
they are asked for. Each format is measured in a process of its own.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from assay.exchange import EXPORTS, parse_bibliography
from assay.record import Record
from assay.sources.pubmed_xml import iter_records


def many(file: Path, number: int) -> Iterator[Record]:
    known = [
        record
        for record in iter_records([file.read_bytes()])
        if isinstance(record, Record)
    ]
    for n in range(number):
        record = known[n % len(known)]
        yield replace(record, pmid=str(90_000_001 + n), doi=f"10.99999/{n}", pmcid="")


def peak() -> float:
    """Return the most memory that this process held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(file: Path, ending: str, number: int) -> str:
    records = many(file, number)
    next(records)  # reads the file
    idle = peak()
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / f"records{ending}"
        start = time.process_time()
        with path.open("wb") as out:
            out.writelines(EXPORTS[ending](records))
        wrote, held = time.process_time() - start, peak() - idle
        size = path.stat().st_size / 1e6
        start = time.process_time()
        read, problems = parse_bibliography(path.read_bytes(), path.name)
        took = time.process_time() - start
    counts = f"{len(read):,} read, {len(problems)} problems"
    return (
        f"{ending:10} write {wrote:5.1f} s, +{held:4.0f} MB, file {size:5.0f} MB; "
        f"read {took:5.1f} s, +{peak() - idle:5.0f} MB ({counts})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--records", type=int, default=60_000)
    parser.add_argument("--ending", default="")
    asked = parser.parse_args()
    if asked.ending:
        print(measure(asked.file, asked.ending, asked.records))
        return
    for ending in EXPORTS:
        if ending != ".csl":
            words = [sys.executable, "-m", "bench.exchange", str(asked.file)]
            words += ["--records", str(asked.records), "--ending", ending]
            subprocess.run(words, check=True)


if __name__ == "__main__":
    main()

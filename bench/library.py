"""How fast the library keeps and finds records: one file of PubMed XML, one process.

    python bench/library.py PATH/pubmed21n1298.xml.gz [most records]

Prints records per CPU second of each step, sizes, and the time of a cold opening with
the starter library in it (a process of its own).
"""

import gzip
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from assay.edge.index import open_index
from assay.edge.store import open_library
from assay.library.codec import decode_record, encode_record
from assay.record import Record
from assay.sources.pubmed_xml import iter_records

GROUPS = (
    [["sleep", "insomnia"], ["withdrawal", "cessation"]],
    [["opioid*"], ["random*", "placebo"]],
    [["liver injury", "hepatotox*"]],
    [["cell*"], ["rat", "rats", "mice"], ["increas*"]],
)
OPEN = """
import sys, time
start = time.perf_counter()
from pathlib import Path
from assay.edge.index import open_index
from assay.edge.store import open_library
folder = Path(sys.argv[1])
index = open_index(folder, open_library(folder))
index.find([["kratom"], ["sleep*"]])
print(f"{time.perf_counter() - start:.3f}")
"""


def main():
    """Run every step and print its figures."""
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    most = int(sys.argv[2]) if len(sys.argv) > 2 else None
    records = timed("parse", lambda: read(Path(sys.argv[1]), most))
    rows = timed("encode", lambda: list(map(encode_record, records)))
    back = timed("decode", lambda: list(map(decode_record, rows)))
    assert back == records
    print(f"{'row':<10} {sum(map(len, rows)) / len(rows):10,.0f} bytes on average")
    with tempfile.TemporaryDirectory() as name:
        measure_library(Path(name), records)
        measure_opening(Path(name) / "cold")
    return 0


def read(path, most):
    """Return the file's records, at most so many."""
    unpack = gzip.open if path.suffix == ".gz" else open
    with unpack(path, "rb") as file:
        chunks = iter(lambda: file.read(1 << 20), b"")
        found = (part for part in iter_records(chunks) if isinstance(part, Record))
        return list(islice(found, most))


def timed(name, step):
    """Run a step that returns records, and print how many it did in a CPU second."""
    start, wall = time.process_time(), time.perf_counter()
    result = step()
    took, waited = time.process_time() - start, time.perf_counter() - wall
    number = len(result)
    speed = f"{number / took:10,.0f} records/s CPU"
    print(f"{name:<10} {speed}, {waited:6.1f} s for {number:,}")
    return result


def measure_library(folder, records):
    """Print how fast records are added, indexed and found."""
    with open_library(folder, starter=False) as library:

        def add():
            library.add(records, source="pubmed", query="q", when="2026-11-22")
            return records

        timed("add", add)
        timed("add again", add)
        index = []
        timed("index", lambda: index.append(open_index(folder, library)) or records)
        size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
        print(f"{'on disk':<10} {size / len(records):10,.0f} bytes a record")
        for groups in GROUPS:
            took = []
            for _ in range(20):
                start = time.perf_counter()
                hits = index[0].find(groups)
                took.append(time.perf_counter() - start)
            took.sort()
            median = f"{took[10] * 1e3:10.2f} ms median"
            print(f"{'find':<10} {median}, {len(hits)} hits: {groups}")


def measure_opening(folder):
    """Print what the first and the second opening take, imports included."""
    for name in ("first", "second", "third"):
        command = [sys.executable, "-c", OPEN, folder]
        took = subprocess.run(command, check=True, capture_output=True, text=True)
        print(f"{name + ' open':<12} {took.stdout.strip()} s")


if __name__ == "__main__":
    sys.exit(main())

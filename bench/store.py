"""How fast PubMed's records are stored and fetched again, and what that takes on disk.

    python -m bench.store FILE.xml.gz ... [--runs 3] [--only NAME ...]

The files are NLM's own; unpacking them is part of building. No store makes a search
index here. Every step is a process of its own (EDirect's: a pipe of several), and its
CPU seconds are user and system time of all of them, start included. Given is the
median of the runs, which take turns.

- assay: the mirror: SQLite, each record's own bytes as a zstd frame with a dictionary
  trained on 2,000 records spread over the first file. Building reads every field of
  every record, since it checks them and needs their DOI and PMCID.
- EDirect: one gzip file a record, made as its `archive-pubmed` does (transmute, then
  rchive), fetched by `rchive -fetch` as in `fetch-pubmed`, which unpacks, and by
  `rchive -stream` with gunzip behind it, as in `stream-pubmed`.
- SQLite with zlib: the plain way: bytes cut at `</PubmedArticle>`, PMID by a regular
  expression, zlib at level 1, one row each.

Fetched are all records, in random order, written to /dev/null; and 1,000 of them one
by one (50 where each takes a process).
"""

import argparse
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ASSAY_BUILD = """
import gzip, hashlib, sys
from itertools import islice
from pathlib import Path
from assay.edge.mirror_generation import make_generation
from assay.edge.mirror_load import load_partition
from assay.edge.zstd_rows import RowPacker, name_dictionary, train_dictionary
from assay.library.merge import keys_of
from assay.library.nlm_files import Partition, Row
from assay.sources.pubmed_xml import Article, Deleted, iter_articles

def items(path):
    with gzip.open(path) as file:
        yield from iter_articles(iter(lambda: file.read(1 << 18), b""))

def rows(path, packer):
    for at, item in enumerate(items(path)):
        if isinstance(item, Article):
            record = item.record
            yield Row(
                at, int(record.pmid), int(record.version or 0), False,
                packer.pack(item.xml), keys_of(record)[1:],
            )
        elif isinstance(item, Deleted):
            yield Row(at, int(item.pmid), 0, True, None)

def train():
    some = islice(items(sys.argv[2]), 0, 30_000, 15)
    return train_dictionary([i.xml for i in some if isinstance(i, Article)])

generation = make_generation(Path(sys.argv[1]), "mixed", train)
dictionary = (generation / "dictionary").read_bytes()
packer = RowPacker(dictionary)
for name in sys.argv[2:]:
    md5 = hashlib.md5(Path(name).read_bytes()).hexdigest()
    made = Partition(Path(name).name, md5, "", 0, 0, (), name_dictionary(dictionary))
    load_partition(generation, made, rows(name, packer), "2026-11-23T00:00:00+00:00")
"""
ASSAY_FETCH = """
import sys
from pathlib import Path
from assay.edge.mirror import open_mirror
pmids = [int(line) for line in open(sys.argv[2])]
with open_mirror(Path(sys.argv[1])) as mirror, open("/dev/null", "wb") as out:
    for _, xml in mirror.xmls(pmids):
        out.write(xml)
"""
ASSAY_ONE = """
import sys, time
from pathlib import Path
from assay.edge.mirror import open_mirror
with open_mirror(Path(sys.argv[1])) as mirror:
    for line in open(sys.argv[2]):
        start = time.perf_counter()
        mirror.xml(int(line))
        print(time.perf_counter() - start)
"""
ZLIB_BUILD = """
import gzip, re, sqlite3, sys, zlib
pmid = re.compile(rb"<PMID[^>]*>([0-9]+)")
db = sqlite3.connect(sys.argv[1] + "/zlib.db")
db.execute("CREATE TABLE records (pmid INTEGER PRIMARY KEY, value BLOB)")
def rows(path):
    rest = b""
    with gzip.open(path) as file:
        while chunk := file.read(1 << 18):
            *parts, rest = (rest + chunk).split(b"</PubmedArticle>")
            for part in parts:
                xml = part[part.index(b"<PubmedArticle>"):] + b"</PubmedArticle>"
                yield int(pmid.search(xml)[1]), zlib.compress(xml, 1)
for path in sys.argv[2:]:
    db.executemany("REPLACE INTO records VALUES (?, ?)", rows(path))
    db.commit()
"""
ZLIB_FETCH = """
import sqlite3, sys, zlib
db = sqlite3.connect(sys.argv[1] + "/zlib.db")
with open("/dev/null", "wb") as out:
    for line in open(sys.argv[2]):
        row = db.execute("SELECT value FROM records WHERE pmid = ?", (line,)).fetchone()
        out.write(zlib.decompress(row[0]))
"""
ZLIB_ONE = """
import sqlite3, sys, time, zlib
db = sqlite3.connect(sys.argv[1] + "/zlib.db")
for line in open(sys.argv[2]):
    start = time.perf_counter()
    row = db.execute("SELECT value FROM records WHERE pmid = ?", (line,)).fetchone()
    zlib.decompress(row[0])
    print(time.perf_counter() - start)
"""
EDIRECT_BUILD = """
set -e
folder=$1; shift
mkdir -p "$folder/Archive" "$folder/Index" "$folder/Invert"
for file; do
  base="$folder/$(basename "${file%.gz}")"
  gunzip -c "$file" | transmute -strict -normalize pubmed |
    transmute -compress -strict -wrp PubmedArticleSet \
      -pattern "PubmedArticleSet/*" -format flush > "$base"
  rchive -gzip -db pubmed -input "$base" -archive "$folder/Archive" "$folder/Index" \
    "$folder/Invert" -index MedlineCitation/PMID^Version -pattern PubmedArticle \
    < /dev/null > /dev/null 2>&1
  rm "$base"
done
"""
EDIRECT_FETCH = 'cat "$2" | rchive -gzip -db pubmed -fetch "$1/Archive" > /dev/null'
EDIRECT_STREAM = 'cat "$2" | rchive -stream "$1/Archive" | gunzip -c > /dev/null'
EDIRECT_ONE = """
while read -r pmid; do
  start=$(date +%s%N)
  echo "$pmid" | rchive -gzip -db pubmed -fetch "$1/Archive" > /dev/null
  echo "$start $(date +%s%N)" | awk '{ print ($2 - $1) / 1e9 }'
done < "$2"
"""


class Store(NamedTuple):
    """A way of storing: how it is built, fetched from, and asked for one record."""

    kind: str
    build: str
    fetch: dict[str, str]
    """By the name of the way."""
    one: str
    asked: int = 1000
    """Records asked for one by one."""


STORES = {
    "assay": Store("python", ASSAY_BUILD, {"assay": ASSAY_FETCH}, ASSAY_ONE),
    "EDirect": Store(
        "sh",
        EDIRECT_BUILD,
        {"EDirect": EDIRECT_FETCH, "EDirect, stream": EDIRECT_STREAM},
        EDIRECT_ONE,
        50,
    ),
    "SQLite with zlib": Store(
        "python", ZLIB_BUILD, {"SQLite with zlib": ZLIB_FETCH}, ZLIB_ONE
    ),
}


class Figure(NamedTuple):
    """One figure of the table."""

    step: str
    """build, fetch, one or disk."""
    name: str
    """Of the way of storing or fetching."""
    value: float
    """records per CPU second; milliseconds (one: the median); megabytes (disk)."""
    cpu: float = 0.0
    """Seconds: the median of the runs."""
    wall: float = 0.0


def main():
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.store")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.xml.gz")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", action="append", choices=STORES)
    asked = parser.parse_args()
    for figure in measure(asked.files, asked.runs, asked.only):
        print(render(figure), flush=True)
    return 0


def render(figure):
    """Return a figure as a line.

    >>> render(Figure("disk", "assay", 79.4))
    'disk   assay                         79.4 MB'
    """
    unit = {"disk": "MB", "one": "ms, median"}.get(figure.step, "records/s CPU")
    number = f"{figure.value:,.3f}" if figure.step == "one" else f"{figure.value:,.0f}"
    if figure.step == "disk":
        number = f"{figure.value:,.1f}"
    line = f"{figure.step:<6} {figure.name:<20} {number:>13} {unit}"
    if figure.cpu:
        line += f" (CPU {figure.cpu:.2f} s, wall {figure.wall:.2f} s)"
    return line


def measure(files, runs=3, only=None):
    """Yield the figures of every store that is installed.

    Args:
        files: NLM's, packed.
        runs: how often each step is done; they take turns.
        only: names of STORES; None for all.
    """
    files = [str(Path(file).absolute()) for file in files]
    wanted = [name for name in STORES if only is None or name in only]
    if "EDirect" in wanted and not (shutil.which("rchive") and shutil.which("xtract")):
        print("EDirect is not installed (Debian: ncbi-entrez-direct): left out.")
        wanted.remove("EDirect")
    with tempfile.TemporaryDirectory(prefix="store") as top:
        built = {name: [] for name in wanted}
        for _ in range(runs):
            for name in wanted:
                folder = Path(top) / name.replace(" ", "")
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                store = STORES[name]
                built[name].append(run(store.kind, store.build, folder, *files)[:2])
        pmids = list_pmids(files)
        for name, took in built.items():
            yield figure_of("build", name, len(pmids), took)
        for name in wanted:
            yield Figure("disk", name, disk(Path(top) / name.replace(" ", "")) / 1e6)
        yield from measure_fetch(top, wanted, pmids, runs)


def measure_fetch(top, wanted, pmids, runs):
    """Yield the figures of fetching all, and one."""
    random.Random(1).shuffle(pmids)
    asked = Path(top) / "asked"
    asked.write_text("".join(f"{pmid}\n" for pmid in pmids))
    took = {way: [] for name in wanted for way in STORES[name].fetch}
    for _ in range(runs):
        for name in wanted:
            folder = Path(top) / name.replace(" ", "")
            for way, code in STORES[name].fetch.items():
                took[way].append(run(STORES[name].kind, code, folder, asked)[:2])
    for way, times in took.items():
        yield figure_of("fetch", way, len(pmids), times)
    for name in wanted:
        store, folder = STORES[name], Path(top) / name.replace(" ", "")
        asked.write_text("".join(f"{pmid}\n" for pmid in pmids[: store.asked]))
        told = run(store.kind, store.one, folder, asked)[2].split()
        yield Figure("one", name, statistics.median(map(float, told)) * 1e3)


def figure_of(step, name, number, took):
    """Return the figure of a step that was done some times."""
    cpu, wall = (statistics.median(times) for times in zip(*took, strict=True))
    return Figure(step, name, number / cpu, cpu, wall)


def run(kind, code, *words):
    """Run code of a kind; return its CPU seconds, wall seconds and output."""
    command = (
        [sys.executable, "-c", code] if kind == "python" else ["sh", "-c", code, "x"]
    )
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [*command, *map(str, words)], check=True, stdout=subprocess.PIPE, text=True
    )
    wall, after = (
        time.perf_counter() - start,
        resource.getrusage(resource.RUSAGE_CHILDREN),
    )
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall, done.stdout


def list_pmids(files):
    """Return the PMIDs of the records that the files hold, in rising order."""
    code = (
        "import gzip, re, sys\n"
        "found = set()\n"
        "for path in sys.argv[1:]:\n"
        "    whole = gzip.open(path).read()\n"
        "    found |= set(map(int, re.findall(\n"
        "        rb'<MedlineCitation[^>]*>\\s*<PMID[^>]*>([0-9]+)', whole)))\n"
        "print(*sorted(found))\n"
    )
    return [int(pmid) for pmid in run("python", code, *files)[2].split()]


def disk(folder):
    """Return the bytes that a folder takes on the disk, in whole blocks."""
    found = (Path(top) / name for top, _, names in os.walk(folder) for name in names)
    return sum(path.stat().st_blocks * 512 for path in found)


if __name__ == "__main__":
    sys.exit(main())

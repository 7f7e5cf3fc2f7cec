"""The parts of the table. PARTS is the registry: a function and a line each.

Every part gives its rows, and says which peers it left out and why.
"""

import json
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import bench.ask
import bench.parse
import bench.store
from bench.rows import Options, Row, Taken, median_of, take, take_once

Left = list[str]
"""Peers that were left out, each with the reason."""
Part = Callable[[Options, Left], list[Row]]

ROOT = Path(__file__).parents[1]
PER_SECOND = "records/CPU s"
MADE: list[Path] = []
"""Folders of the files that were made in this run."""
METAPUB = """
import gzip, re, sys
from metapub.pubmedarticle import PubMedArticle
whole = gzip.open(sys.argv[1]).read()
found = re.findall(rb"<PubmedArticle>.*?</PubmedArticle>", whole, re.DOTALL)
head, tail = b"<PubmedArticleSet>", b"</PubmedArticleSet>"
print(sum(bool(PubMedArticle(head + xml + tail).pmid) for xml in found))
"""
FTS5 = """
import gzip, sqlite3, sys, zlib
from pathlib import Path
from assay.sources.pubmed_xml import Article, iter_articles
db = sqlite3.connect(Path(sys.argv[1]) / "fts.db")
db.execute("CREATE TABLE records (pmid INTEGER PRIMARY KEY, xml BLOB)")
db.execute("CREATE VIRTUAL TABLE words USING fts5(title, abstract, mesh, content='')")
for name in sys.argv[2:]:
    with gzip.open(name) as file:
        for item in iter_articles(iter(lambda: file.read(1 << 18), b"")):
            if isinstance(item, Article):
                record, pmid = item.record, int(item.record.pmid)
                abstract = " ".join(part.text for part in record.abstract)
                mesh = " ; ".join(each.descriptor for each in record.mesh)
                xml = zlib.compress(item.xml, 1)
                db.execute("REPLACE INTO records VALUES (?, ?)", (pmid, xml))
                db.execute(
                    "INSERT INTO words (rowid, title, abstract, mesh)"
                    " VALUES (?, ?, ?, ?)",
                    (pmid, record.title, abstract, mesh),
                )
    db.commit()
"""
DIGEST = """
import json, sys, tempfile
from pathlib import Path
from bench.digest.cost import time_bookkeeping
with tempfile.TemporaryDirectory() as folder:
    print(json.dumps(time_bookkeeping(int(sys.argv[1]), Path(folder))[-1]))
"""
LIVE = """
import json, sys
from bench.fetch import redirect_biopython, run_assay, run_biopython, serving, timed
who, records, latency = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
with serving(records, latency) as url:
    redirect_biopython(url)
    run_assay(url, 1)
    work = {
        "assay": lambda: run_assay(url, records),
        "Biopython": lambda: run_biopython(records, read=True),
    }
    print(json.dumps(timed(work[who])))
"""


@cache
def made_files(real: Path, records: int) -> tuple[Path, ...]:
    """Return the packed files of so many records, made of the real ones.

    By a process of its own: what it takes would count as its children's memory here.
    """
    folder = Path(tempfile.mkdtemp(prefix="assay-bench-"))
    MADE.append(folder)
    command = [sys.executable, "-m", "bench.grow", str(records), folder]
    if take_once([*command, "--real", real]) is None:
        raise SystemExit(f"No files of {records} records could be made of {real}.")
    return tuple(sorted(folder.glob("*.xml.gz")))


def forget_files() -> None:
    """Remove the files that `made_files` made in this run."""
    while MADE:
        shutil.rmtree(MADE.pop(), ignore_errors=True)
    made_files.cache_clear()


def parse(options: Options, left: Left) -> list[Row]:
    """Return how fast PubMed's XML is read, by everybody."""
    commands = bench.parse.readers(options.peers)
    commands.pop("libxml2 alone", None)
    commands["metapub"] = [options.peers, "-c", METAPUB]
    for name in list(commands):
        reason = bench.parse.why_left_out(name, options.peers)
        if name == "metapub" and not take((options.peers, "-c", "import metapub")):
            reason = "metapub is not installed"
        if reason:
            left.append(f"parse: {name}: {reason}")
            del commands[name]
    rows = []
    for size in options.sizes:
        files = made_files(options.real, size)
        for name, command in in_turns(commands, options.runs, files, left):
            note = "every field" if name.startswith("assay") else ""
            rate = size / command.cpu
            rows.append(row("parse", name, size, rate, command, options, note))
    return rows


def in_turns(
    commands: dict[str, list[str]], runs: int, files: tuple[Path, ...], left: Left
) -> list[tuple[str, Taken]]:
    """Run commands in turns over each file; return each one's sums over the files."""
    took: dict[str, list[Taken]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            each = [take_once([*command, path]) for path in files]
            if None in each:
                left.append(f"parse: {name}: it failed on the input")
                continue
            cpu, wall = sum(t.cpu for t in each), sum(t.wall for t in each)
            took[name].append(Taken(cpu, wall, max(t.memory for t in each), ""))
    return [(name, median_of(done)) for name, done in took.items() if len(done) == runs]


def ingest(options: Options, left: Left) -> list[Row]:
    """Return how fast files become a mirror that can be searched, beside FTS5."""
    rows = []
    for size in options.sizes:
        files = made_files(options.real, size)
        took: dict[str, list[Taken]] = {}
        for _ in range(options.runs):
            for name in ("assay", "SQLite: zlib and FTS5"):
                with tempfile.TemporaryDirectory() as folder:
                    own = [sys.executable, "-m", "assay", "library", "ingest", *files]
                    command = [*own, "--workspace", folder, "--quiet"]
                    if name != "assay":
                        command = [sys.executable, "-c", FTS5, folder, *files]
                    done = take_once(command)
                    if done is None:
                        left.append(f"ingest: {name}: it failed")
                        continue
                    disk = bench.store.disk(Path(folder)) / size
                    took.setdefault(name, []).append(done._replace(said=str(disk)))
        for name, runs in took.items():
            one = median_of(runs)
            note = f"{float(one.said):,.0f} bytes a record, index included"
            rows.append(row("ingest", name, size, size / one.cpu, one, options, note))
    return rows


def store(options: Options, left: Left) -> list[Row]:
    """Return how fast records are stored and fetched, and what they take on disk."""
    if not shutil.which("rchive"):
        left.append("store: EDirect: rchive is not installed")
    rows = []
    for size in options.sizes:
        files = made_files(options.real, size)
        for step, name, value, cpu, wall in bench.store.measure(files, options.runs):
            part = "fetch" if step in ("fetch", "one") else "store"
            unit, note = PER_SECOND, ""
            if step == "disk":
                value, unit = value * 1e6 / size, "bytes a record"  # noqa: PLW2901
            elif step == "one":
                unit, note = "ms a record alone", "the median"
            elif step == "build":
                note = "no index"
            runs = options.runs if step in ("fetch", "build") else 1
            took = Taken(cpu, wall, 0.0, "")
            one = row(part, name, size, value, took, options, note)
            rows.append(one._replace(unit=unit, runs=runs))
    return rows


def query(options: Options, left: Left) -> list[Row]:
    """Return how fast library and mirror are asked, beside FTS5, and how that grows."""
    rows = []
    runs = max(3, options.runs)
    with tempfile.TemporaryDirectory() as top:
        places = []
        for size in options.sizes if options.real else ():
            place = Path(top) / str(size)
            files = made_files(options.real, size)
            command = [sys.executable, "-m", "assay", "library", "ingest", *files]
            if take_once([*command, "--workspace", place, "--quiet"]) is None:
                left.append(f"query: {size} records: they could not be loaded")
                continue
            places.append(place)
        for place in (*places, *options.workspaces):
            rows += query_one(place, runs, left, beside=place in places)
    return rows


def query_one(place: Path, runs: int, left: Left, *, beside: bool) -> list[Row]:
    """Return the figures of one workspace."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.json"
        command = [sys.executable, "-m", "bench.ask", place, "--runs", str(runs)]
        command += ["--fts5"] if beside else []
        took = take_once([*command, "--json", told])
        if took is None:
            left.append("query: a workspace could not be asked")
            return []
        (found,) = json.loads(told.read_text("utf-8"))
    size, rows = found["records"], []
    searches = len(found["each"])
    for name in ("p50", "p95"):
        made = Row(
            "query",
            "assay",
            size,
            found[f"{name}_cpu_ms"],
            f"ms CPU, {name}",
            wall=found[f"{name}_ms"] / 1e3,
            cpu=found[f"{name}_cpu_ms"] / 1e3,
            memory=found["anonymous_mb"],
            runs=runs,
            note=f"{searches} searches of every kind, 20 hits and the count",
        )
        rows.append(made)
        both = re.search(rf"{name}, assay and FTS5 +(\S+) +(\S+)", took.said)
        if both:
            words = "words alone, 20 hits and the count"
            for who, value in zip(("assay", "FTS5"), both.groups(), strict=True):
                unit = f"ms CPU, {name} of words alone"
                one = Row("query", who, size, float(value), unit, runs=runs, note=words)
                rows.append(one)
    index = (found["index_bytes"] + found["store_bytes"]) / size
    rows.append(
        Row("query", "assay", size, index, "bytes a record", note="index and store")
    )
    return rows


def check(options: Options, left: Left) -> list[Row]:
    """Return what `assay check` of an article takes, each in a process of its own."""
    rows = []
    with tempfile.TemporaryDirectory() as fresh:
        for place in (Path(fresh), *options.workspaces):
            size = records_of(place)
            for number, article in enumerate(options.articles or ("--example",), 1):
                command = [sys.executable, "-m", "assay", "check", article]
                command += ["--offline", "--workspace", place, "--quiet"]
                which = f"article {number}" if options.articles else "the example"
                for when, took in _first_and_later(command, place, options.runs):
                    if took is None:
                        left.append(f"check: {which} over {size} records: failed")
                        continue
                    one = row("check", "assay", size, took.wall, took, options, "")
                    rows.append(one._replace(unit=f"s, {which}, {when}"))
    return rows


def _first_and_later(
    command: list[str | Path], workspace: Path, runs: int
) -> Iterator[tuple[str, Taken | None]]:
    """Yield what a check takes without kept vectors, and with them."""
    first = []
    for _ in range(runs):
        for kept in (workspace / "cache" / "library").glob("vectors.db*"):
            kept.unlink()
        first.append(take_once(command))
    took = [each for each in first if each]
    yield "first", median_of(took) if len(took) == runs else None
    yield "later", take(command, runs)


def records_of(workspace: Path) -> int:
    """Return how many records a workspace's library and mirror hold."""
    command = [sys.executable, "-m", "assay", "library", "--workspace", workspace]
    told = take_once([*command, "--json"])
    found = json.loads(told.said) if told else {}
    mirror = found.get("mirror") or {}
    return int(found.get("records", 0)) + int(mirror.get("records", 0))


def digest(options: Options, left: Left) -> list[Row]:
    """Return what a quiet week costs: the bookkeeping of many queries."""
    number = 50 if options.small else 500
    command = [sys.executable, "-c", DIGEST, str(number)]
    took = [take_once(command) for _ in range(options.runs)]
    if None in took:
        left.append("digest: it failed")
        return []
    told = [json.loads(each.said) for each in took]
    whole = [Taken(cpu, wall, 0.0, "") for _, cpu, wall in told]
    one = median_of(whole)
    note = f"{number} queries, nothing new, the stand-in answers at once, no pace"
    each = row("digest", "assay", 0, one.cpu / number * 1e3, one, options, note)
    return [each._replace(unit="ms CPU a query")]


def live(options: Options, left: Left) -> list[Row]:
    """Return how fast records come from a service that answers slowly."""
    number, latency = (600, 0.1) if options.small else (3_000, 0.4)
    rows = []
    for who in ("assay", "Biopython"):
        command = [sys.executable, "-c", LIVE, who, str(number), str(latency)]
        took = [take_once(command) for _ in range(options.runs)]
        if None in took:
            left.append(f"live: {who}: it failed")
            continue
        told = [json.loads(each.said.splitlines()[-1]) for each in took]
        one = median_of([Taken(cpu, wall, 0.0, "") for wall, cpu, _ in told])
        note = f"each answer after {latency} s, at the pace allowed with a key"
        made = row("live", who, number, number / one.wall, one, options, note)
        rows.append(made._replace(unit="records/s"))
    return rows


def row(
    part: str,
    who: str,
    records: int,
    value: float,
    took: Taken,
    options: Options,
    note: str,
) -> Row:
    """Return a row in records per CPU second."""
    return Row(
        part,
        who,
        records,
        value,
        PER_SECOND,
        took.cpu,
        took.wall,
        took.memory,
        options.runs,
        note,
    )


PARTS: dict[str, Part] = {
    "parse": parse,
    "ingest": ingest,
    "store": store,
    "query": query,
    "check": check,
    "digest": digest,
    "live": live,
}
NEED_FILES = frozenset({"parse", "ingest", "store"})
"""Parts that cannot be measured without NLM's files."""

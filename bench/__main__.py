"""Every figure of speed in one table, each beside its peer in the same run.

    python -m bench [--small] [--only NAME ...] [--real FOLDER] [--peers PYTHON]
                    [--sizes N ...] [--runs 3] [--workspace FOLDER ...]
                    [--article FILE ...] [--json FILE] [--write PAGE]

    parse   PubMed's XML, every field     pubmed_parser, Biopython, metapub, xtract
    ingest  files become a mirror         SQLite with zlib and FTS5
    store   records on disk, and fetched  EDirect's archive, SQLite with zlib
    query   searches, p50 and p95         FTS5
    check   an article's claims
    digest  a week in which nothing is new
    live    from a slow service           Biopython

The input is made of NLM's two files (`bench.grow`; --real, else $ASSAY_NLM): without
them parse, ingest and store are left out. Peers that are not installed are named and
left out; --peers is the interpreter of an environment with those written in Python
(pip install pubmed_parser metapub biopython). --workspace names workspaces with larger
mirrors, for query and check.

--json keeps the figures: parts that were measured now replace those of the file.
--write writes the page from the file that --json names, and nothing is measured unless
--only says what.
"""

import argparse
import json
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.page import render_page, render_pictures
from bench.parts import NEED_FILES, PARTS, forget_files
from bench.rows import Options, Row
from bench.table import render_text

KEPT = Path(__file__).parent / "results/performance.json"
VERSIONS = ("lxml", "tantivy", "zstandard", "pyarrow", "onnxruntime", "biopython")


def main() -> int:
    """Measure, print the table, keep the figures, write the page."""
    given = read_words()
    rows: list[Row] = []
    left: list[str] = []
    names = given.only or ([] if given.write else list(PARTS))
    options = choose(given)
    try:
        for name in names:
            if name in NEED_FILES and options.real is None:
                left.append(f"{name}: NLM's files are not here (--real)")
                continue
            print(f"{name} …", file=sys.stderr, flush=True)
            rows += PARTS[name](options, left)
            if given.json:
                keep(given.json, rows, left)
    finally:
        forget_files()
    if rows:
        print(render_text(rows, left))
    if given.write:
        write_page(given.write, given.json or KEPT)
    return 0


def read_words() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--small", action="store_true", help="a quick run")
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="NAME")
    parser.add_argument("--real", type=Path, default=os.environ.get("ASSAY_NLM"))
    parser.add_argument("--peers", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--sizes", type=int, nargs="+", metavar="N")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--workspace", type=Path, nargs="+", default=[])
    parser.add_argument("--article", type=Path, nargs="+", default=[])
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--write", type=Path, metavar="PAGE")
    return parser.parse_args()


def choose(given: argparse.Namespace) -> Options:
    """Return the options of a run."""
    usual = (1_000, 3_000) if given.small else (10_000, 50_000)
    return Options(
        real=given.real,
        sizes=tuple(sorted(given.sizes or usual)),
        runs=1 if given.small else given.runs,
        peers=given.peers,
        workspaces=tuple(given.workspace),
        articles=tuple(given.article),
        small=given.small,
    )


def keep(path: Path, rows: list[Row], left: list[str]) -> None:
    """Write the figures beside those of other parts that the file holds."""
    held = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    parts = {row.part for row in rows} | {line.partition(":")[0] for line in left}
    before = [row for row in held.get("rows", []) if row["part"] not in parts]
    gone = [line for line in held.get("left", []) if line.split(":")[0] not in parts]
    told = {
        "made": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "versions": {name: version(name) for name in VERSIONS},
        "rows": [*before, *(row._asdict() for row in rows)],
        "left": [*gone, *left],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def write_page(page: Path, figures: Path) -> None:
    """Write the page and its pictures from the kept figures."""
    told = json.loads(figures.read_text("utf-8"))
    page.write_text(render_page(told), "utf-8")
    folder = page.parent.parent / "images"
    for name, picture in render_pictures(told).items():
        (folder / name).write_text(picture, "utf-8")


if __name__ == "__main__":
    sys.exit(main())

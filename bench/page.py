"""The page on speed, written from the kept figures of a run."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from bench.picture import Points, draw_growth
from bench.rows import Row
from bench.table import render_markdown, say_number

ALL = 40_000_000
"""Records of PubMed, in round figures."""
TITLES = {
    "parse": "Reading PubMed's XML",
    "ingest": "Loading files: read, stored, indexed",
    "store": "Storing records",
    "fetch": "Fetching records in random order",
    "query": "Searching",
    "check": "Checking an article",
    "digest": "A week in which nothing is new",
    "live": "Records from a slow service",
}
TELLS = {
    "parse": "Every reader is a process of its own; unpacking is part of the time. "
    "assay reads every field of every record; pubmed_parser some 25, the others as the "
    "notes in `bench/parse.py` say. `gunzip alone` is the floor for one process.",
    "ingest": "`assay library ingest`: the file's sum is checked, every field read, "
    "NLM's own bytes kept, every tag of PubMed's made searchable. The peer keeps the "
    "bytes with zlib and indexes title, abstract and headings with SQLite's FTS5, "
    "reading them with assay's parser.",
    "store": "No index here. EDirect's archive is made as its `archive-pubmed` makes "
    "it: one file a record.",
    "fetch": "All records once, in random order, as XML to nowhere.",
    "query": "Times are of the process's own processor; reading the query and asking "
    "are in them. The searches stand in `bench/ask_queries.py`; none is left out for "
    "being slow. FTS5 is asked only for what it can answer alike: words.",
    "check": "`assay check --offline` of whole articles, on the clock, each in a "
    "process of its own, start included. The first time over a mirror the encoder "
    "makes the vectors of the records whose order matters; they are kept, so later "
    "runs find them. Most of the processor's time is the built-in reader's and the "
    "encoder's.",
    "digest": "The run itself, its HTTP included, without the paces of the services.",
    "live": "On the clock, at the pace that NCBI allows with a key. Biopython is used "
    "as in its tutorial.",
}
RATE, SEARCH = "performance-rates.svg", "performance-searches.svg"
HEAD = """# How fast assay is

<!-- Written by `python -m bench --write docs/explanation/performance.md` from the
figures in bench/results/performance.json. Do not edit. -->

Measured on {made} with Python {python} on {processors} processors. Searches and
checks had them for themselves; the rest ran beside other work: there processor seconds
are what to compare, and seconds on the clock are not. Every figure is the median of the
runs in its last column; peers ran in turn with assay, on the same input. "assay beside
it" says how many times as good assay's figure is: above 1 it is ahead, below 1 behind.

Versions: {versions}.

Files of any size are made of NLM's own (`bench/grow.py` says how: every copy has
identifiers of its own, one word of 33 is a made one so that the vocabulary grows as it
does in the real files, one of 33 changes its place). Up to 50,788 records they are the
real ones with other identifiers, in shuffled order.

To repeat it: `python -m bench --real FOLDER --peers PYTHON`; what that needs stands in
[bench/README.md](../../bench/README.md).
"""


def render_page(told: Mapping[str, Any]) -> str:
    """Return the page, in Markdown."""
    rows = [Row(**each) for each in told["rows"]]
    versions = ", ".join(f"{name} {at}" for name, at in told["versions"].items())
    parts = [HEAD.format_map({**told, "versions": versions})]
    for part, title in TITLES.items():
        own = [row for row in rows if row.part == part]
        if own:
            table = render_markdown(own, rows)
            parts.append(f"## {title}\n\n{TELLS[part]}\n\n{table}\n")
    parts.append(_growth())
    parts.append(_extrapolated(rows))
    parts.append(_left_out(rows, told["left"]))
    return "\n".join(parts)


def render_pictures(told: Mapping[str, Any]) -> dict[str, str]:
    """Return the page's drawings by the names of their files."""
    rows = [Row(**each) for each in told["rows"]]
    parts = ("parse", "ingest", "store", "fetch")
    rates = {part: _points(rows, part, "records/CPU s") for part in parts}
    searches = {
        name: _points(rows, "query", f"ms CPU, {name}") for name in ("p50", "p95")
    }
    return {
        RATE: draw_growth("Records a processor second", "a second", rates),
        SEARCH: draw_growth("A search of library and mirror", "ms CPU", searches),
    }


def _points(rows: Sequence[Row], part: str, unit: str) -> Points:
    return sorted(
        (row.records, row.value)
        for row in rows
        if (row.part, row.who, row.unit) == (part, "assay", unit) and row.value
    )


def _growth() -> str:
    return (
        "## How it grows\n\n"
        f"![Records a processor second by number of records](../images/{RATE})\n\n"
        f"![Milliseconds of a search by number of records](../images/{SEARCH})\n"
    )


def find_exponent(points: Points) -> float | None:
    """Return by which power of the size the last two values differ; None below two.

    >>> find_exponent([(10, 1.0), (100, 2.0), (1000, 20.0)])
    1.0
    """
    if len(points) < 2:
        return None
    (size, value), (larger, other) = points[-2:]
    return round(math.log(other / value) / math.log(larger / size), 2)


def _extrapolated(rows: Sequence[Row]) -> str:
    """Return what all of PubMed would take, and how that was found."""
    lines = [
        f"## All of PubMed: {ALL:,} records, extrapolated",
        "",
        "Nobody measured this. Each figure is carried on from the largest sizes above "
        "by the rule beside it.",
        "",
        "| what | figure | how |",
        "|---|---|---|",
    ]
    loaded = _last(rows, "ingest", "records/CPU s")
    if loaded:
        hours = ALL / loaded.value / 3600
        lines.append(
            f"| loading | {say_number(hours)} processor hours | "
            f"{say_number(loaded.value)} records a second at {loaded.records:,}, "
            "taken to stay so; the work divides among processors and machines but for "
            "what one loader writes |"
        )
        lines.append(
            f"| memory of loading | {say_number(loaded.memory)} MB a process | the "
            f"largest process at {loaded.records:,}; files are read as streams |"
        )
    disk = _last(rows, "query", "bytes a record")
    if disk:
        lines.append(
            f"| disk | {say_number(disk.value * ALL / 1e9)} GB | "
            f"{say_number(disk.value)} bytes a record, index included, at "
            f"{disk.records:,}; modern records are longer than those of the 1970s, of "
            "which the files hold 59 % |"
        )
    for name in ("p50", "p95"):
        points = _points(rows, "query", f"ms CPU, {name}")
        power = find_exponent(points)
        if power is not None:
            size, value = points[-1]
            power = max(0.0, power)
            far = value * (ALL / size) ** power
            lines.append(
                f"| a search, {name} | {say_number(far)} ms of one processor | "
                f"{say_number(value)} ms at {size:,.0f}, times (40 M / that) to the "
                f"power {power:g}, by which it grew between the last two sizes |"
            )
    return "\n".join(
        [
            *lines,
            "",
            "What could break it: the made records share most sentences with the real "
            "ones, so that lists of hits grow as fast as the records and compress as "
            "real ones would not; an index that no longer fits into memory is read "
            "from the disk at every search; merging the index's parts needs its size "
            "again on the disk for a while; and a search for very common words grows "
            "with the records, whatever the median does.",
            "",
        ]
    )


def _last(rows: Sequence[Row], part: str, unit: str) -> Row | None:
    own = [r for r in rows if (r.part, r.who, r.unit) == (part, "assay", unit)]
    return max(own, key=lambda row: row.records, default=None)


def _left_out(rows: Sequence[Row], left: Sequence[str]) -> str:
    lines = [f"- {line}." for line in left]
    lines += [
        f"- {part}: not in this run."
        for part in TITLES
        if part not in {row.part for row in rows}
    ]
    lines += [
        "- EDirect's own search index, which takes all of PubMed and hours to make.",
        "- Real services: everything here ran without the network.",
        "- More than two processors, and disks slower than this machine's.",
    ]
    return "\n".join(["## What was not measured", "", *lines, ""])

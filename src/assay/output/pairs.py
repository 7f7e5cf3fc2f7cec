"""Pairs of records that may be one, side by side, with what differs marked."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from assay.library.levels import differ
from assay.library.prepare import Prepared, prepare
from assay.output.clean import one_line
from assay.output.json import Json
from assay.record import Author, Record

MOST_AUTHORS = 6
"""Authors shown of each record; the rest is counted."""
MOST_LETTERS = 300
"""Letters of an abstract that are shown."""
MARK = "≠"
"""Stands before a line on which the two do not agree."""
COMPARED = {
    "Title": "title", "Authors": "people", "Year": "year", "Journal": "journal",
    "Volume": "volume", "Issue": "issue", "Pages": "pages", "PMID": "pmid",
    "DOI": "doi", "PMCID": "pmcid", "Abstract": "opening",
}  # fmt: skip
"""The lines of a pair, and by which field each is compared."""


class Line(NamedTuple):
    """One field of two records."""

    name: str
    one: str
    other: str
    differs: bool
    """True when both tell it and do not agree, as services write it or not."""


def compare_lines(one: Record, other: Record) -> tuple[Line, ...]:
    """Return the fields that either record tells, side by side.

    >>> a, b = Record(source="x", year=2001), Record(source="y", year=2002)
    >>> [tuple(line) for line in compare_lines(a, b)]
    [('From', 'x', 'y', False), ('Year', '2001', '2002', True)]
    """
    told, its = dict(_lines(one)), dict(_lines(other))
    a, b = prepare(one), prepare(other)
    found = [Line("From", one.source, other.source, differs=False)]
    for name, field in COMPARED.items():
        if told[name] or its[name]:
            both = bool(told[name] and its[name])
            found.append(
                Line(name, told[name], its[name], both and _differ(field, a, b))
            )
    return tuple(found)


def _differ(field: str, one: Prepared, other: Prepared) -> bool:
    if field == "people":
        return one.people != other.people
    return differ(field, one, other)


def _lines(record: Record) -> Iterator[tuple[str, str]]:
    yield "Title", record.title
    yield "Authors", _authors(record.authors)
    yield "Year", str(record.year or "")
    yield "Journal", record.journal or record.journal_abbreviation
    yield "Volume", record.volume
    yield "Issue", record.issue
    yield "Pages", record.pages
    yield "PMID", record.pmid
    yield "DOI", record.doi
    yield "PMCID", record.pmcid
    abstract = " ".join(section.text for section in record.abstract)
    cut = len(abstract) > MOST_LETTERS
    yield "Abstract", abstract[:MOST_LETTERS].rstrip() + ("…" if cut else "")


def _authors(authors: Sequence[Author]) -> str:
    named = [
        a.collective or f"{a.last_name} {a.initials or a.fore_name}".strip()
        for a in authors
    ]
    more = len(named) - MOST_AUTHORS
    shown = ", ".join(named[:MOST_AUTHORS])
    return f"{shown} and {more} more" if more > 0 else shown


def print_pair(lines: Sequence[Line], out: Console) -> None:
    """Print two records side by side; lines that differ begin with a mark."""
    table = Table(box=None, pad_edge=False, show_header=False, expand=True)
    table.add_column(width=1)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    for line in lines:
        style = "bold" if line.differs else ""
        cells = (line.one, line.other)
        table.add_row(
            MARK if line.differs else "",
            line.name,
            *(Text(one_line(cell), style=style) for cell in cells),
        )
    out.print(table)


def pair_json(lines: Sequence[Line]) -> Json:
    """Return the lines of a pair as JSON takes them.

    >>> pair_json([Line("Year", "2001", "2002", True)])
    [{'field': 'Year', 'one': '2001', 'other': '2002', 'differs': True}]
    """
    return [
        {"field": name, "one": one, "other": other, "differs": differs}
        for name, one, other, differs in lines
    ]

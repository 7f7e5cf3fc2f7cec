"""CSV (RFC 4180): a table for a spreadsheet, R, ASReview or a data frame.

A text that a spreadsheet would take for a formula has an apostrophe before it, which
goes again when assay reads the file.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from assay.exchange.flat import Parsed
from assay.exchange.reading import quoted, read_text
from assay.exchange.table import COLUMNS, name_of_column, record_of, row_of
from assay.record import Record
from assay.search import Problem

SOURCE = "csv"
LONGEST = 1 << 30
"""Characters of one field: csv's own limit of 131,072 would refuse long abstracts."""

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_NEEDED = {"title", "doi", "pmid", "pmcid"}


def stream_csv(records: Iterable[Record]) -> Iterator[bytes]:
    r"""Yield the records as CSV, UTF-8, lines ended by \n: a header, then rows."""
    line = io.StringIO(newline="")
    writer = csv.writer(line, lineterminator="\n")
    writer.writerow(COLUMNS)
    for record in records:
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()
        writer.writerow(map(_inert, row_of(record)))
    yield line.getvalue().encode()


def render_csv(records: Iterable[Record]) -> str:
    r"""Return the records as CSV with a header.

    >>> render_csv([Record(source="x", pmid="90000001", title="=1")])[-41:-26]
    "90000001,,,'=1,"
    """
    return b"".join(stream_csv(records)).decode()


def parse_csv(data: bytes, name: str = "CSV") -> Parsed:
    r"""Return the records of a table with a header, and what could not be read.

    Parted by comma, semicolon or tab. Columns whose name says nothing are notes.

    >>> parse_csv(b"Title;PMID\nT;90000001\n")[0][0].pmid
    '90000001'
    """
    read = read_text(data, name)
    problems = list(read.problems)
    if not read.text:
        return (), tuple(problems)
    csv.field_size_limit(LONGEST)
    text = read.text.replace("\0", "")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    header = next(rows, [])
    if not _NEEDED & set(map(name_of_column, header)):
        what = "its first line names no column for title, DOI, PMID or PMCID"
        return (), (*problems, Problem(where=name, what=what))
    records = []
    for row in _rows(rows, header, name):
        if isinstance(row, Problem):
            problems.append(row)
        else:
            records.append(record_of(SOURCE, row))
    if text.count('"') % 2:
        what = "a quotation mark is never closed; the last row may be more than one"
        problems.append(Problem(where=name, what=what))
    return tuple(records), tuple(problems)


def _delimiter(text: str) -> str:
    head = re.split(r"[\r\n]", text, maxsplit=1)[0]
    return max(",;\t", key=head.count)


def _rows(
    rows: Iterator[list[str]], header: list[str], name: str
) -> Iterator[dict[str, str] | Problem]:
    """Yield each row by header; equal headers get a number."""
    names = [
        title if title not in header[:at] else f"{title} {at + 1}"
        for at, title in enumerate(header)
    ]
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        where = f"{name}, line {rows.line_num}"  # type: ignore[attr-defined]
        if len(row) < len(names):
            what = f"this row has {len(row)} of {len(names)} columns; it is kept"
            yield Problem(where=where, what=what)
        extra = row[len(names) :]
        cells = dict(zip(names, map(_freed, row), strict=False))
        if extra:
            what = f"{quoted(' '.join(extra))} stands in no column; it is kept as note"
            yield Problem(where=where, what=what)
            cells["notes"] = "; ".join((cells.get("notes", ""), *extra)).strip("; ")
        yield cells


def _inert(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _freed(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text

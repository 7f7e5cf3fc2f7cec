"""Reads a file of records, of PubMed's or another tool's, into the library."""

import gzip
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from assay.cli.progress import Progress
from assay.cli.session import Session
from assay.edge.store import Added, Library
from assay.errors import BadAnswerError
from assay.exchange import parse_bibliography, sniff
from assay.output.clean import one_line
from assay.output.words import say_number
from assay.record import Record
from assay.search import Problem
from assay.sources.pubmed_xml import Deleted, iter_records

CHUNK = 1 << 18
"""Bytes read at a time."""

MOST_SHOWN = 20
"""Problems told one by one; the rest is counted."""


def add_file(
    records: Library, path: Path, problems: list[Problem], tell: Progress
) -> Added:
    """Add one file's records; what cannot be read of it is put into `problems`."""
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return records.add(
        _read(path, problems, tell),
        source="file",
        query=path.name,
        when=changed.isoformat(timespec="seconds"),
    )


def _read(path: Path, problems: list[Problem], tell: Progress) -> Iterator[Record]:
    withdrawn = 0
    try:
        for item in _items(path, tell):
            if isinstance(item, Record):
                yield item
            elif isinstance(item, Deleted):
                withdrawn += 1
            elif item.where.startswith(str(path)):
                problems.append(item)
            else:
                problems.append(_in_file(path, item.what))
    except BadAnswerError as error:
        problems.append(_in_file(path, error.what))
    except (OSError, EOFError, zlib.error) as error:
        problems.append(_in_file(path, f"it cannot be read further: {error}"))
    if withdrawn:
        named = say_number(withdrawn, "record")
        problems.append(_in_file(path, f"{named} withdrawn by PubMed, kept here"))


def _items(path: Path, tell: Progress) -> Iterator[Record | Deleted | Problem]:
    """Yield what a file holds; PubMed XML, which may be huge, as it is read."""
    chunks = _chunks(path, tell)
    head = next(chunks, b"")
    if sniff(head) == "xml":
        yield from iter_records(chain((head,), chunks))
        return
    name = str(path).removesuffix(".gz")
    records, problems = parse_bibliography(b"".join((head, *chunks)), name)
    yield from records
    yield from problems


def _chunks(path: Path, tell: Progress) -> Iterator[bytes]:
    size = path.stat().st_size
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        source = gzip.GzipFile(fileobj=file) if packed else file
        while chunk := source.read(CHUNK):
            tell(file.tell() >> 10, size >> 10, f"{path.name}, kilobytes")
            yield chunk


def _in_file(path: Path, what: str) -> Problem:
    return Problem(where=str(path), what=what)


def say_unread(problem: Problem) -> str:
    """Return a problem as one line."""
    what = problem.what.rstrip(".")
    return one_line(f"{problem.where}: {what}. {problem.what_to_do}")


def tell_unread(session: Session, problems: list[Problem]) -> None:
    """Tell the person what could not be read; of very much, how much more it was."""
    for problem in problems[:MOST_SHOWN]:
        session.complain(f"assay: {say_unread(problem)}")
    if len(problems) > MOST_SHOWN:
        more = say_number(len(problems) - MOST_SHOWN, "more problem")
        session.complain(f"assay: and {more}.")

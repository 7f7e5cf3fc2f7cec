"""`assay library`: what lies in the library; files of records in and out."""

import gzip
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from assay.cli.files import choose_formats, write_output
from assay.cli.opening import open_records
from assay.cli.progress import Progress, show_progress
from assay.cli.review import review
from assay.cli.session import NOT_ALL, Session
from assay.edge.store import Added, Library
from assay.errors import AssayError, BadAnswerError
from assay.exchange import EXPORTS, parse_bibliography, sniff
from assay.output.clean import one_line
from assay.output.json import render_library_json
from assay.output.words import say_number
from assay.record import Record
from assay.search import Problem
from assay.sources.pubmed_xml import Deleted, iter_records

app = typer.Typer(
    help="Say how many records there are, from where and of what date.",
    epilog="Example: assay library",
    add_completion=False,
)

CHUNK = 1 << 18
"""Bytes read at a time."""

MOST_SHOWN = 20
"""Problems told one by one; the rest is counted."""


@app.callback(invoke_without_command=True)
def library(ctx: typer.Context) -> None:
    """Say how many records there are, from where and of what date."""
    if ctx.invoked_subcommand is None:
        _show(ctx.obj, open_records(ctx.obj))


app.command("review", epilog="Example: assay library review show 1")(review)


@app.command("add", epilog="Example: assay library add pubmed26n0001.xml.gz")
def add(
    ctx: typer.Context,
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="PubMed XML (plain or gzip), .nbib, .ris, .bib, .csl.json, .csv, "
            ".parquet, .jsonl, or a .docx or .txt that lists DOIs or PMIDs.",
        ),
    ],
) -> int:
    """Add the records of files to the library: PubMed's, and those of other tools."""
    session: Session = ctx.obj
    for path in files:
        if not path.is_file():
            raise AssayError(f"There is no file {path}; nothing was added.")
    records = open_records(session)
    problems: list[Problem] = []
    new = changed = unchanged = 0
    with show_progress(session, "Reading") as tell:
        for path in files:
            added = _add_file(records, path, problems, tell)
            new += added.new
            changed += added.changed
            unchanged += added.unchanged
            problems += added.problems
    if problems and not new + changed + unchanged:
        raise AssayError(f"No record could be read. {_say(problems[0])}")
    for problem in problems[:MOST_SHOWN]:
        session.complain(f"assay: {_say(problem)}")
    if len(problems) > MOST_SHOWN:
        more = say_number(len(problems) - MOST_SHOWN, "more problem")
        session.complain(f"assay: and {more}.")
    if session.as_json:
        _show(session, records)
    else:
        session.write(
            f"{say_number(new, 'new record')}, {changed:,} changed, "
            f"{unchanged:,} as before.\n"
        )
    return NOT_ALL if problems else 0


@app.command("export", epilog="Example: assay library export records.ris")
def export(
    ctx: typer.Context,
    path: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help=f"Where to: its ending is one of {', '.join(EXPORTS)}."
        ),
    ],
) -> None:
    """Write every record of the library for another tool, or as a table."""
    session: Session = ctx.obj
    ((_, write),) = choose_formats([path], EXPORTS)
    records = open_records(session)
    write_output(session, path, write(records.records()))
    if session.as_json:
        _show(session, records)


def _add_file(
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


def _say(problem: Problem) -> str:
    what = problem.what.rstrip(".")
    return f"{problem.where}: {what}. {problem.what_to_do}".rstrip()


def _show(session: Session, records: Library) -> None:
    origins, path = records.origins(), str(records.path)
    if session.as_json:
        session.write(render_library_json(origins, path))
        return
    session.write(f"{say_number(records.count(), 'record')} in {path}\n")
    if not session.out.is_terminal:
        for origin, number, date in origins:
            session.write(f"{one_line(origin)}\t{number}\t{date}\n")
        return
    table = Table(box=None, pad_edge=False)
    for name, side in (("From", "left"), ("Records", "right"), ("Last seen", "left")):
        table.add_column(name, justify=side)  # type: ignore[arg-type]
    for origin, number, date in origins:
        table.add_row(Text(one_line(origin)), f"{number:,}", date)
    session.out.print(table)

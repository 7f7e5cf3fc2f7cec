"""`assay library`: what lies in the library and the mirror; files in and out."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from assay.cli.adding import add_file, say_unread, tell_unread
from assay.cli.embed import embed
from assay.cli.files import choose_formats, write_output
from assay.cli.ingest import ingest
from assay.cli.mesh import mesh
from assay.cli.mirror import open_beside, say_mirror, tell_mirror
from assay.cli.opening import open_records
from assay.cli.progress import show_progress
from assay.cli.review import review
from assay.cli.session import NOT_ALL, Session
from assay.cli.verify import verify
from assay.edge.export import read_holdings
from assay.edge.store import Library
from assay.errors import AssayError, UsageError
from assay.exchange import EXPORTS
from assay.output.clean import one_line
from assay.output.json import render_library_json
from assay.output.words import say_number
from assay.search import Problem

WRITTEN = 200
"""Records written to standard output at a time."""

app = typer.Typer(
    help="Say how many records there are, from where and of what date.",
    epilog="Example: assay library",
    add_completion=False,
)


@app.callback(invoke_without_command=True)
def library(ctx: typer.Context) -> None:
    """Say how many records there are, from where and of what date."""
    if ctx.invoked_subcommand is None:
        _show(ctx.obj, open_records(ctx.obj))


app.command("review", epilog="Example: assay library review show 1")(review)
app.command("ingest", epilog="Example: assay library ingest pubmed/baseline")(ingest)
app.command("mesh", epilog="Example: assay library mesh desc2026.xml")(mesh)
app.command("verify", epilog="Example: assay library verify")(verify)
app.command("embed", epilog="Example: assay library embed --workers 4")(embed)


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
            added = add_file(records, path, problems, tell)
            new += added.new
            changed += added.changed
            unchanged += added.unchanged
            problems += added.problems
    if problems and not new + changed + unchanged:
        raise AssayError(f"No record could be read. {say_unread(problems[0])}")
    tell_unread(session, problems)
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
        Path | None,
        typer.Argument(
            metavar="FILE",
            help=f"Where to: its ending is one of {', '.join(EXPORTS)}.",
        ),
    ] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Write JSON Lines to standard output.")
    ] = False,
) -> None:
    """Write every record at hand for another tool, or as a table.

    Those of the library and of the mirror of PubMed, by rising PMID, then those
    without one. A record that is in both is written as the library has it.
    """
    session: Session = ctx.obj
    if jsonl == (path is not None):
        raise UsageError("Name a file to write, or give --jsonl for standard output.")
    if jsonl and session.as_json:
        raise UsageError("--json and --jsonl both write to standard output; give one.")
    formats = choose_formats([path], EXPORTS) if path else ()
    records = open_records(session)
    every = read_holdings(records, open_beside(session))
    for file, write in formats:
        write_output(session, file, write(every))
    if jsonl:
        for lines in _gathered(EXPORTS[".jsonl"](every)):
            session.write(lines.decode())
    if session.as_json:
        _show(session, records)


def _gathered(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield chunks joined to some more, for fewer writes."""
    while some := b"".join(islice(chunks, WRITTEN)):
        yield some


def _show(session: Session, records: Library) -> None:
    mirror = open_beside(session)
    held = tell_mirror(mirror) if mirror else None
    origins, path = records.origins(), str(records.path)
    if session.as_json:
        session.write(render_library_json(origins, path, mirror=held))
        return
    session.write(f"{say_number(records.count(), 'record')} in {path}\n")
    if session.out.is_terminal:
        session.out.print(_table(origins))
    else:
        for origin, number, date in origins:
            session.write(f"{one_line(origin)}\t{number}\t{date}\n")
    if held:
        session.write(f"{say_mirror(held)}\n")


def _table(origins: Iterable[tuple[str, int, str]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name, side in (("From", "left"), ("Records", "right"), ("Last seen", "left")):
        table.add_column(name, justify=side)  # type: ignore[arg-type]
    for origin, number, date in origins:
        table.add_row(Text(one_line(origin)), f"{number:,}", date)
    return table

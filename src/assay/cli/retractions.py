"""`assay retractions`: a bibliography checked for retractions and other notices."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from assay.cli.fetching import open_fetcher
from assay.cli.files import choose_formats, write_output
from assay.cli.keeping import renew_known
from assay.cli.opening import open_records
from assay.cli.options import Offline, Refresh
from assay.cli.progress import show_progress
from assay.cli.session import ERROR, NOT_ALL, Session
from assay.cli.show import parse_identifier
from assay.edge.side_by_side import run_side_by_side
from assay.edge.store import Library
from assay.errors import AssayError, UsageError
from assay.exchange import parse_bibliography
from assay.library.notices import Checked, check_standings
from assay.notice import Standing
from assay.output.retractions import (
    Audit,
    Row,
    find_grave,
    is_known,
    print_audit,
)
from assay.output.retractions_files import FORMATS, render_retractions_json
from assay.output.words import say_number
from assay.record import Record
from assay.search import Problem

app = typer.Typer(add_completion=False)

STDIN = "standard input"

FAIL_ON = {
    "retracted": Standing.WITHDRAWN,
    "partial": Standing.PARTLY,
    "doubtful": Standing.DOUBTFUL,
    "concern": Standing.CONCERN,
    "corrected": Standing.CORRECTED,
}
"""What `--fail-on` takes: the least grave standing that makes the run fail."""


class Bibliography(NamedTuple):
    """What was given to be checked."""

    name: str
    records: tuple[Record, ...]
    unread: tuple[Problem, ...]


@app.command(epilog="Example: assay retractions references.bib --output checked.csv")
def retractions(
    ctx: typer.Context,
    *,
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            help="A bibliography (.bib, .ris, .nbib, .csl, .json, .jsonl, .csv, .xml), "
            "a .docx or plain text with a reference list, or - for standard input; or "
            "DOIs, PMIDs and PMCIDs themselves.",
        ),
    ],
    offline: Offline = False,
    refresh: Refresh = False,
    every: Annotated[
        bool,
        typer.Option(
            "--all", help="List the references without a notice too, not only count."
        ),
    ] = False,
    fail_on: Annotated[
        str,
        typer.Option(
            "--fail-on",
            metavar="STANDING",
            help="Exit with status 1 when a reference is at least so grave: retracted "
            "(replaced and withdrawn too), partial, doubtful, concern or corrected.",
            show_default=False,
        ),
    ] = "",
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write every reference to a file: .csv, .md, .html or .json. May be "
            "repeated.",
        ),
    ] = None,
) -> int:
    """Check a bibliography for retractions, corrections and other notices.

    PubMed, Crossref (with Retraction Watch) and OpenAlex are asked about each
    reference, and it is shown who says what since when. A reference that could not be
    checked is unknown, never clean: the exit status is then 3.
    """
    session: Session = ctx.obj
    if offline and refresh:
        raise UsageError("--offline and --refresh contradict each other.")
    if fail_on and fail_on not in FAIL_ON:
        raise UsageError(f"--fail-on must be one of {', '.join(FAIL_ON)}.")
    outputs = choose_formats(output or (), FORMATS, targets[0])
    given = read_targets(targets)
    audit = _check(session, given, offline=offline, refresh=refresh)
    for path, render in outputs:
        write_output(session, path, render(audit))
    if session.as_json:
        session.write(render_retractions_json(audit))
    elif not (outputs and session.asked.get("quiet")):
        print_audit(audit, session.out, every=every)
    return _status(session, audit, fail_on)


def _status(session: Session, audit: Audit, fail_on: str) -> int:
    """Return the exit status: 1 for what `fail_on` names, 3 for what is not known."""
    grave = find_grave(audit, FAIL_ON[fail_on]) if fail_on else ()
    if grave:
        found = say_number(len(grave), "reference is", "references are")
        session.complain(f"assay: {found} at least as grave as --fail-on {fail_on}.")
        return ERROR
    return 0 if is_known(audit) else NOT_ALL


def read_targets(targets: Sequence[str]) -> Bibliography:
    """Return the records that files and identifiers name, each once.

    Raises:
        UsageError: a target is neither a file nor an identifier.
        AssayError: a file cannot be read.
    """
    records: list[Record] = []
    unread: list[Problem] = []
    for target in targets:
        found, problems = _read_target(target)
        records += found
        unread += problems
    name = ", ".join(STDIN if target == "-" else target for target in targets)
    return Bibliography(name, tuple(dict.fromkeys(records)), tuple(unread))


def _read_target(target: str) -> tuple[tuple[Record, ...], tuple[Problem, ...]]:
    if target == "-":
        return parse_bibliography(sys.stdin.buffer.read(), STDIN)
    path = Path(target)
    if path.is_file():
        return parse_bibliography(_read_file(path), path.name)
    try:
        return (parse_identifier(target),), ()
    except UsageError:
        if path.is_dir():
            raise UsageError(f"{target} is a folder; name a file in it.") from None
        raise UsageError(
            f"{target} is no file, and no PMID, DOI or PMCID either."
        ) from None


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AssayError(f"{path} cannot be read: {error.strerror}.") from error


def _check(
    session: Session, given: Bibliography, *, offline: bool, refresh: bool
) -> Audit:
    """Return what is known of the records given, with the library's help."""
    library = open_records(session)
    asked = [fill_up(record, library) for record in given.records]
    with show_progress(session, "Asking for notices", lanes=True) as tell:
        fetcher = open_fetcher(session, offline=offline, refresh=refresh, progress=tell)
        checked = check_standings(asked, fetcher, run_side_by_side)
    renew_known(library, checked)
    return Audit(
        name=given.name,
        rows=tuple(_rows(asked, checked)),
        unread=given.unread,
        problems=checked.problems,
        offline=offline,
    )


def fill_up(record: Record, library: Library) -> Record:
    """Return the library's record of a reference, or else the reference as given.

    Identifiers that only the reference names are kept.
    """
    known = library.find(pmid=record.pmid, doi=record.doi, pmcid=record.pmcid)
    if known is None:
        return record
    return replace(
        known,
        pmid=known.pmid or record.pmid,
        doi=known.doi or record.doi,
        pmcid=known.pmcid or record.pmcid,
        title=known.title or record.title,
    )


def _rows(asked: Sequence[Record], checked: Checked) -> Iterator[Row]:
    """Yield the references, named as PubMed does where they had no title."""
    fresh = {r.pmid: r for r in checked.found}
    fresh |= {r.doi: r for r in checked.found if r.doi}
    for number, (record, report) in enumerate(
        zip(asked, checked.reports, strict=True), 1
    ):
        better = fresh.get(record.pmid) or fresh.get(record.doi)
        shown = _named(record, better) if better else record
        yield Row(number, shown, report)


def _named(record: Record, better: Record) -> Record:
    return replace(
        record,
        pmid=record.pmid or better.pmid,
        doi=record.doi or better.doi,
        title=record.title or better.title,
        year=record.year or better.year,
        journal=record.journal or better.journal,
    )

"""`assay bundle`: pack what a report of an earlier `assay check` rests on."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.article_check import EXAMPLE
from assay.cli.bundling import check_bundle_path, open_cache, pack_bundle
from assay.cli.opening import open_records
from assay.cli.repeating import repeat
from assay.cli.session import Session
from assay.edge.bundle import OUTCOME, Bundle
from assay.edge.bundle_file import render_manifest
from assay.edge.packaged import read_packaged
from assay.edge.rests import AGAIN, Bodies, gather_bundle, read_rest
from assay.edge.tape import Note
from assay.errors import AssayError, StoreError, UsageError
from assay.output.replay import find_difference

app = typer.Typer(add_completion=False)

REPORT = f"{OUTCOME}report.json"


@app.command(epilog="Example: assay bundle report.json --output evidence.assay")
def bundle(
    ctx: typer.Context,
    *,
    report: Annotated[
        Path,
        typer.Argument(
            metavar="REPORT",
            help="A report that `assay check --output FILE.json` wrote here.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The bundle to write (.assay).",
            show_default=False,
        ),
    ],
    article: Annotated[
        Path | None,
        typer.Option(
            "--article",
            metavar="FILE",
            help="The article as it was checked, where it is not where it was.",
            show_default=False,
        ),
    ] = None,
) -> int:
    """Pack all that a report rests on into one file that can be repeated elsewhere.

    The article, the queries and their translations, the answers of the services as
    they came, the records, the claims and verdicts, each with its SHA-256. Neither a
    key nor your e-mail address is in it. `assay replay` repeats it.
    """
    session: Session = ctx.obj
    check_bundle_path(output)
    told = _read(report)
    found = read_rest(session.workspace.state_db, told)
    if found is None:
        raise StoreError(
            f"{report}: nothing is noted here of what it rests on. It was made in "
            f"another workspace, or changed since. {AGAIN}"
        )
    note, bodies = found
    body = _article(note, article, bodies)
    held = Bodies(bodies, open_cache(session))
    packed = gather_bundle(note, body, open_records(session), held)
    manifest = pack_bundle(session, output, _with_outcome(packed, told, report))
    if session.as_json:
        session.write(render_manifest(manifest))
    return 0


def _with_outcome(packed: Bundle, told: bytes, report: Path) -> Bundle:
    """Return the bundle with its reports; the one at hand must be among them.

    A second reader's opinions have no part in a verdict and are left out: nobody
    elsewhere could ask that reader again.
    """
    outcome = repeat(packed)
    alone = json.loads(outcome[REPORT])
    given = json.loads(told)
    for claim in given["claims"]:
        claim["second"] = None
    if alone != given:
        shown = {REPORT: json.dumps(given, indent=2).encode()}
        came = {REPORT: json.dumps(alone, indent=2).encode()}
        different = find_difference(shown, came)
        assert different is not None
        raise StoreError(
            f"{report} does not come out again: its line {different.line} has "
            f"{different.bundle!r}, and now it is {different.here!r}. {AGAIN}"
        )
    return replace(packed, outcome=outcome)


def _read(path: Path) -> bytes:
    if path.suffix.lower() != ".json":
        raise UsageError(f"{path}: name the report as JSON (.json).")
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UsageError(f"There is no file {path}. Check the name.") from error
    except OSError as error:
        raise AssayError(f"{path} cannot be read: {error.strerror}.") from error


def _article(note: Note, path: Path | None, bodies: Mapping[str, bytes]) -> bytes:
    """Return the article's bytes: the file named, else as or where it was read."""
    given = note.article
    if given is None:
        return b""
    if path is None and given.sha256 in bodies:
        return bodies[given.sha256]
    if path is None and given.name == EXAMPLE and not given.target:
        return read_packaged(f"examples/{EXAMPLE}")
    place = path or (Path(given.target) if given.target else None)
    try:
        if place is not None:
            return place.read_bytes()
    except (OSError, ValueError) as error:
        if path is not None:
            raise UsageError(f"{path} cannot be read. Check the name.") from error
    raise UsageError(
        f"The article ({given.name}) is not where it was. Name its file with --article."
    )

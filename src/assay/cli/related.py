"""`assay related`: what a work cites, and what cites it, one step."""

from typing import Annotated

import typer

from assay.cli.fetching import open_fetcher
from assay.cli.opening import open_records
from assay.cli.options import Offline, Refresh, Sources
from assay.cli.progress import show_progress
from assay.cli.session import NOT_ALL, Session
from assay.cli.show import parse_identifier
from assay.errors import UsageError
from assay.output.related import Step, print_step, render_related_json
from assay.record import Record
from assay.search import Problem, SearchLog
from assay.sources.base import Getter
from assay.sources.related import (
    DIRECTIONS,
    FINDERS,
    complete,
    find_related,
    group_related,
)

app = typer.Typer(add_completion=False)

BOTH = "both"


@app.command(epilog="Example: assay related 33384303 --direction citations")
def related(
    ctx: typer.Context,
    *,
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="A PMID, a DOI or a PMCID.")
    ],
    direction: Annotated[
        str,
        typer.Option(
            metavar="WHICH",
            help="references (what it cites), citations (what cites it) or both.",
        ),
    ] = BOTH,
    source: Sources = None,
    offline: Offline = False,
    refresh: Refresh = False,
) -> int:
    """Follow the references and citations of a work one step, and say who says so.

    PubMed and Crossref list references, Europe PMC and OpenAlex both. No list is
    complete, so each work names the sources that list it. Works that a source cannot
    name by an identifier are listed too.
    """
    session: Session = ctx.obj
    if offline and refresh:
        raise UsageError("--offline and --refresh contradict each other.")
    directions = choose_directions(direction)
    names = choose_names(source or ())
    wanted = _known(session, parse_identifier(identifier))
    with show_progress(session, "Asking for references and citations") as tell:
        fetcher = open_fetcher(session, offline=offline, refresh=refresh, progress=tell)
        step = find_step(wanted, directions, names, fetcher)
    if session.as_json:
        session.write(render_related_json(step))
    else:
        print_step(step, session.out)
    return NOT_ALL if step.problems else 0


def choose_directions(text: str) -> tuple[str, ...]:
    """Return the directions that are asked for.

    Raises:
        UsageError: there is no such direction.

    >>> choose_directions("both")
    ('references', 'citations')
    """
    if text == BOTH:
        return DIRECTIONS
    if text not in DIRECTIONS:
        raise UsageError("--direction must be references, citations or both.")
    return (text,)


def choose_names(given: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the sources to ask, all of them where none is given.

    Raises:
        UsageError: a source does not list references.

    >>> choose_names(["openalex"])
    ('openalex',)
    """
    wanted = [name.strip().lower() for name in given] or ["all"]
    for name in wanted:
        if name not in FINDERS and name != "all":
            known = ", ".join((*FINDERS, "all"))
            raise UsageError(f'"{name[:40]}" lists no references; known: {known}.')
    return tuple(name for name in FINDERS if name in wanted or "all" in wanted)


def find_step(
    wanted: Record,
    directions: tuple[str, ...],
    names: tuple[str, ...],
    getter: Getter,
) -> Step:
    """Return what the sources say of a work, each work once.

    Raises:
        StoreError: the recorded answers are damaged.
    """
    wanted = complete(wanted, getter)
    logs: list[SearchLog] = []
    problems: list[Problem] = []
    found = {}
    for direction in directions:
        records: list[Record] = []
        for item in find_related(wanted, direction, names, getter):
            if isinstance(item, Record):
                records.append(item)
            elif isinstance(item, Problem):
                problems.append(item)
            else:
                logs.append(item)
        found[direction] = group_related(records)
    return Step(
        wanted=wanted,
        related=found,
        logs=tuple(logs),
        problems=tuple(dict.fromkeys(problems)),
    )


def _known(session: Session, wanted: Record) -> Record:
    """Return the library's record of a work, or what was typed."""
    library = open_records(session)
    known = library.find(pmid=wanted.pmid, doi=wanted.doi, pmcid=wanted.pmcid)
    return known or wanted

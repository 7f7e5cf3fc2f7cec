"""`assay queries`: list, show, add, remove and lint saved queries."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from assay.cli.options import (
    DEFAULTS,
    Limit,
    Since,
    Sort,
    Sources,
    Until,
    choose_sources,
)
from assay.cli.session import ERROR, NOT_ALL, Session
from assay.edge.saved import (
    Stored,
    read_all_saved,
    read_saved,
    remove_saved,
    write_saved,
)
from assay.errors import QueryError, UsageError
from assay.output.clean import one_line
from assay.output.json import render_queries_json
from assay.output.lints import Linted, render_lints, render_lints_json
from assay.query.lint import fix_query, lint
from assay.query.saved import (
    EVERY,
    parse_bound,
    parse_limit,
    parse_range,
    parse_sort,
    render_saved,
)
from assay.query.schedules import KEYS, parse_schedule, say_schedule
from assay.search import Query, SavedQuery
from assay.text import fold

app = typer.Typer(
    help="List, show, add, remove and lint saved queries: the files in queries/.",
    epilog="Example: assay queries show kratom-sleep",
    add_completion=False,
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the saved query.")]


@app.callback(invoke_without_command=True)
def queries(ctx: typer.Context) -> int:
    """List, show, add, remove and lint saved queries: the files in queries/."""
    return 0 if ctx.invoked_subcommand else list_queries(ctx)


@app.command("list", epilog="Example: assay queries list --json")
def list_queries(ctx: typer.Context) -> int:
    """List the saved queries: those of the workspace, and those that ship."""
    session: Session = ctx.obj
    stored, problems = read_all_saved(session.workspace.queries)
    for problem in problems:
        session.complain(f"assay: {problem.what}")
    if session.as_json:
        session.write(render_queries_json(one.saved for one in stored))
    elif session.out.is_terminal:
        session.out.print(_table(stored))
        session.say(f"In {session.workspace.queries}. To ask one: assay search NAME")
    else:
        for one in stored:
            session.write(f"{one.saved.name}\t{one_line(one.saved.title)}\n")
    return NOT_ALL if problems else 0


@app.command("show", epilog="Example: assay queries show kratom-sleep")
def show(ctx: typer.Context, name: Name) -> None:
    """Show one saved query as its file has it."""
    session: Session = ctx.obj
    stored = read_saved(session.workspace.queries, name)
    if session.as_json:
        session.write(render_queries_json([stored.saved]))
        return
    ships = " (ships with assay)" if stored.shipped else ""
    session.say(f"{stored.path}{ships}")
    zone = session.settings.digest.time_zone
    session.say(f"In the digest: {say_schedule(stored.saved.schedule, zone)}.")
    session.out.print(Text(render_saved(stored.saved)), end="", soft_wrap=True)


@app.command(
    "add", epilog="Example: assay queries add tea-sleep 'tea AND sleep' --since 2015"
)
def add(
    ctx: typer.Context,
    *,
    name: Name,
    text: Annotated[
        list[str],
        typer.Argument(metavar="QUERY", help="The query, in PubMed's syntax."),
    ],
    title: Annotated[
        str,
        typer.Option(metavar="TEXT", help="A title for people.", show_default=False),
    ] = "",
    source: Sources = None,
    since: Since = "",
    until: Until = "",
    limit: Limit = str(DEFAULTS.limit),
    sort: Sort = DEFAULTS.sort,
    notes: Annotated[
        str,
        typer.Option(metavar="TEXT", help="Why these words.", show_default=False),
    ] = "",
    every: Annotated[
        str,
        typer.Option(
            metavar="RHYTHM",
            help="When the digest asks it: daily, weekly, weekdays, monthly, never, "
            '"3 days" or "monday, friday".',
            show_default="monday",
        ),
    ] = "",
    day: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Day of the month of a monthly run; the last where it is shorter.",
            show_default="1",
        ),
    ] = None,
    at: Annotated[
        str,
        typer.Option(metavar="HH:MM", help="Time of that day.", show_default="06:00"),
    ] = "",
    time_zone: Annotated[
        str,
        typer.Option(
            metavar="ZONE",
            help="Where that time holds, e.g. Europe/Berlin.",
            show_default="the settings'",
        ),
    ] = "",
    jitter: Annotated[
        int | None,
        typer.Option(
            metavar="MINUTES",
            help="Put each run off by up to so many minutes, by the query's name.",
            show_default="0",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the query of that name.")
    ] = False,
) -> None:
    """Save a query under a name: small letters, digits and hyphens."""
    session: Session = ctx.obj
    query = Query(
        text=fold(" ".join(text)),
        since=parse_bound(since),
        until=parse_bound(until),
        limit=parse_limit(limit),
        sort=parse_sort(sort),
    )
    parse_range(query.since, query.until)
    told = (every, day, at, time_zone, jitter)
    table = {k: v for k, v in zip(KEYS, told, strict=True) if v not in {"", None}}
    sources = tuple(one.name for one in choose_sources(source or ()))
    saved = SavedQuery(
        name=name,
        query=query,
        title=fold(title),
        sources=sources,
        notes=notes.strip(),
        schedule=parse_schedule(table, "--"),
    )
    if any("\ud800" <= char <= "\udfff" for char in render_saved(saved)):
        raise QueryError("The query holds bytes that are not text in your locale.")
    path = write_saved(session.workspace.queries, saved, replace=force)
    session.say(f"Saved: {path}")
    if table:
        zone = session.settings.digest.time_zone
        session.say(f"In the digest: {say_schedule(saved.schedule, zone)}.")
    if any(one.level == "damage" for one in lint(query.text)):
        session.complain(
            f"PubMed will not read it as it is written; `assay queries lint {name}` "
            "tells why."
        )
    if session.as_json:
        session.write(render_queries_json([saved]))


@app.command("remove", epilog="Example: assay queries remove tea-sleep")
def remove(ctx: typer.Context, name: Name) -> None:
    """Remove a saved query's file from the workspace."""
    session: Session = ctx.obj
    path = remove_saved(session.workspace.queries, name)
    session.say(f"Removed: {path}")
    if session.as_json:
        list_queries(ctx)


@app.command("lint", epilog="Example: assay queries lint --text 'tea[ab] or sleep'")
def lint_queries(
    ctx: typer.Context,
    *,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME",
            help="Saved queries; all of them when none is named.",
            show_default=False,
        ),
    ] = None,
    text: Annotated[
        list[str] | None,
        typer.Option(
            metavar="QUERY",
            help="Look at this query instead. May be repeated.",
            show_default=False,
        ),
    ] = None,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix",
            help="Print the queries with everything mended that has a sure fix; no "
            "file is changed. What is left is told on standard error.",
        ),
    ] = False,
) -> int:
    """Tell what of a query PubMed would silently read otherwise than it was meant.

    Asks nobody. The exit status is 1 when something has to be mended, 0 when there is
    nothing or only advice.
    """
    session: Session = ctx.obj
    asked, problems = _asked(session, tuple(names or ()), tuple(text or ()))
    if fix and not session.as_json:
        for name, query in asked:
            mended = fix_query(query)
            session.write(f"{name}\t{mended}\n" if name else f"{mended}\n")
        asked = tuple((name, fix_query(query)) for name, query in asked)
    found = tuple(Linted(name, query, lint(query)) for name, query in asked)
    if session.as_json:
        session.write(render_lints_json(found))
    elif fix:
        if left := render_lints(one for one in found if one.lints):
            session.say(left.rstrip("\n"))
    else:
        session.write(render_lints(found))
    damaged = any(one.level == "damage" for query in found for one in query.lints)
    return ERROR if damaged else NOT_ALL if problems else 0


def _asked(
    session: Session, names: tuple[str, ...], texts: tuple[str, ...]
) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Return names and texts of what is to be linted, and whether a file is broken."""
    if names and texts:
        raise UsageError("Name saved queries, or give texts with --text; not both.")
    if texts:
        return tuple(("", fold(one)) for one in texts), False
    if names:
        stored = [read_saved(session.workspace.queries, name) for name in names]
        return tuple((one.saved.name, one.saved.query.text) for one in stored), False
    every, problems = read_all_saved(session.workspace.queries)
    for problem in problems:
        session.complain(f"assay: {problem.what}")
    return tuple((one.saved.name, one.saved.query.text) for one in every), bool(
        problems
    )


def _table(stored: tuple[Stored, ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("Name", style="bold", no_wrap=True)
    table.add_column("Asks for")
    table.add_column("Published", no_wrap=True)
    table.add_column("Limit", justify="right", no_wrap=True)
    table.add_column("Digest")
    for one in stored:
        query = one.saved.query
        title = one_line(one.saved.title or query.text)
        bounds = (query.since or "…", query.until or "…")
        when = "–".join(bounds) if query.since or query.until else "at any time"
        due = Text(say_schedule(one.saved.schedule))
        table.add_row(Text(one.saved.name), Text(title), when, _limit(query), due)
    return table


def _limit(query: Query) -> str:
    return EVERY if query.limit is None else f"{query.limit:,}"

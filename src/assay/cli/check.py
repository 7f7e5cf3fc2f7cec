"""`assay check`: an article's claims against the research."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.article_check import Asked, Made, make_report, read_example, read_page
from assay.cli.bundling import check_bundle_path, pack_bundle, read_bodies
from assay.cli.check_explain import EVERY, ExplainCommand, choose_claim
from assay.cli.check_second import open_second
from assay.cli.files import choose_formats, write_output
from assay.cli.keeping import is_partial
from assay.cli.many import Way, check_many, choose_endings
from assay.cli.options import (
    BundleFile,
    Cluster,
    Offline,
    Refresh,
    Sources,
    Workers,
    choose_sources,
)
from assay.cli.repeating import render_check
from assay.cli.session import NOT_ALL, Session
from assay.edge.bundle import Bundle
from assay.edge.jobs import choose_pool
from assay.errors import UsageError
from assay.model import Report
from assay.output.explain import print_explained
from assay.output.explain_json import render_explained_json
from assay.output.formats import FORMATS
from assay.output.json import render_json
from assay.output.terminal import print_report
from assay.query.saved import parse_limit
from assay.workflows import PER_SEARCH

app = typer.Typer(add_completion=False)

PATIENCE_S = 3600.0
"""How long one article of a list may take. Most take seconds; where many workers share
the pace of one service, an article with a hundred claims may take long."""

MANY = "Options for many articles"
ALONE = (
    "--many goes with neither ARTICLE, --example, --explain nor --bundle, and takes "
    "one --output."
)


@app.command(
    cls=ExplainCommand,
    epilog="Example: assay check article.html --output report.html",
)
def check(
    ctx: typer.Context,
    *,
    article: Annotated[
        str,
        typer.Argument(
            metavar="ARTICLE",
            help="A file (HTML, Markdown, text or PDF), an address, or - for standard "
            "input.",
            show_default=False,
        ),
    ] = "",
    example: Annotated[
        bool, typer.Option("--example", help="Check the example article that ships.")
    ] = False,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write the report to a file: .html, .md or .json. May be repeated. "
            "With --many, the folder of the reports.",
        ),
    ] = None,
    bundle: BundleFile = None,
    offline: Offline = False,
    refresh: Refresh = False,
    explain: Annotated[
        str,
        typer.Option(
            "--explain",
            metavar="[CLAIM]",
            help="Show every step from a claim to its verdict: its number, or words "
            "of it. Without CLAIM, the words, queries and rules of every claim.",
            show_default=False,
        ),
    ] = "",
    reader: Annotated[
        str,
        typer.Option(
            "--reader",
            metavar="NAME",
            help="Show a second opinion beside each verdict, by a reader that "
            "assay.toml names. It decides nothing.",
            show_default=False,
        ),
    ] = "",
    source: Sources = None,
    limit: Annotated[
        int, typer.Option(metavar="N", help="Most records wanted from each search.")
    ] = PER_SEARCH,
    allow_local: Annotated[
        bool,
        typer.Option(
            "--allow-local", help="Let an address lead to this or a private network."
        ),
    ] = False,
    many: Annotated[
        str,
        typer.Option(
            "--many",
            metavar="LIST",
            help="Check every article of a list: a file with a path or an address a "
            "line, a folder of articles, or - for standard input.",
            show_default=False,
            rich_help_panel=MANY,
        ),
    ] = "",
    format_: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="NAME",
            help="Write reports as this: html and json where nothing else is said, or "
            "md. May be repeated.",
            show_default=False,
            rich_help_panel=MANY,
        ),
    ] = None,
    again: Annotated[
        bool,
        typer.Option(
            "--again",
            help="Make also the reports that are there and still hold.",
            rich_help_panel=MANY,
        ),
    ] = False,
    timeout: Annotated[
        float,
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            help="Give up an article that takes longer; 0 for never.",
            rich_help_panel=MANY,
        ),
    ] = PATIENCE_S,
    workers: Workers = 0,
    cluster: Cluster = "",
) -> int:
    """Test an article's claims against the research.

    Finds the claims that can be checked, searches the library and PubMed (or what
    --source names), and shows for each claim what the studies say, in their own
    sentences.
    """
    session: Session = ctx.obj
    asked = Asked(tuple(source or ()), limit, offline, refresh, reader, allow_local)
    if many:
        if article or example or explain or bundle or len(output or ()) > 1:
            raise UsageError(ALONE)
        _check_options(asked)
        pool = choose_pool(cluster, workers)
        way = Way(choose_endings(tuple(format_ or ())), pool, again, timeout)
        return check_many(session, many, next(iter(output or ()), None), asked, way)
    if format_ or again or workers or cluster:
        raise UsageError("--format, --again, --workers and --cluster need --many.")
    if explain and not (article or example):
        article, explain = explain, EVERY  # `--explain ARTICLE` names no claim
    if bool(article) == example:
        raise UsageError("Name an article (a file, an address or -), or say --example.")
    _check_options(asked)
    outputs = choose_formats(output or (), FORMATS, article)
    check_bundle_path(bundle)
    second = open_second(session, reader, offline=offline, refresh=refresh)
    page = (
        read_example()
        if example
        else read_page(session, article, offline=offline, allow_local=allow_local)
    )
    made = make_report(session, page, article, asked, second=second)
    if bundle:
        packed = Bundle(
            note=made.note,
            article=page.body,
            records=made.tape.records,
            read=read_bodies(session, made.tape),
            outcome=render_check(made.report),
        )
        pack_bundle(session, bundle, packed)
    return _give(session, made, outputs, explain)


def _check_options(asked: Asked) -> None:
    """See that the options make sense together, before any work is done."""
    if asked.offline and asked.refresh:
        raise UsageError("--offline and --refresh contradict each other.")
    parse_limit(str(asked.limit))
    choose_sources(asked.sources)


def _give(
    session: Session,
    made: Made,
    outputs: Sequence[tuple[Path, Callable[[Report], str]]],
    explain: str,
) -> int:
    """Write the report wherever it was asked for; return the exit status."""
    report = made.shown
    for path, render in outputs:
        text = made.json if render is render_json else render(report)
        write_output(session, path, text)
    if not (outputs and session.asked.get("quiet") and not session.as_json):
        _show(session, made, explain)
    return NOT_ALL if is_partial(report.problems, report.searched) else 0


def _show(session: Session, made: Made, explain: str) -> None:
    """Write the report, or every step to one of its verdicts, to standard output."""
    report = made.shown
    number = 0 if explain in {"", EVERY} else choose_claim(report, explain)
    if session.as_json:
        session.write(render_explained_json(report, number) if number else made.json)
    elif number:
        print_explained(report, number, session.out)
    else:
        print_report(report, session.out, explain=bool(explain))

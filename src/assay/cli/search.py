"""`assay search`: ask a query or a saved query, and list the records."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.bundling import bundle_search, check_bundle_path, open_tape
from assay.cli.files import choose_formats, write_output
from assay.cli.keeping import is_partial
from assay.cli.options import (
    BundleFile,
    Offline,
    Refresh,
    Since,
    Sources,
    Until,
    choose_sources,
)
from assay.cli.runs import keep_run, last_search, now, show_log
from assay.cli.searching import MEANING, ask_library, ask_sources, sift
from assay.cli.session import NOT_ALL, Session
from assay.edge.saved import read_all_saved
from assay.errors import QueryError, UsageError
from assay.exchange import EXPORTS, Export
from assay.library.works import Works
from assay.output.search_json import stream_search_json
from assay.output.translations import (
    render_translations,
    render_translations_json,
)
from assay.output.works import print_works
from assay.query.relative import settle_dates
from assay.query.saved import (
    SORTS,
    parse_bound,
    parse_limit,
    parse_range,
    parse_sort,
)
from assay.search import Found, Query, SavedQuery
from assay.sources.base import Source
from assay.text import fold

app = typer.Typer(add_completion=False)

ADDED = "added"
"""An order of the library's own: newest PMID first."""

Stream = Callable[[Query, Found, Works, str], Iterable[bytes]]


def _stream_json(
    query: Query, found: Found, works: Works, name: str
) -> Iterator[bytes]:
    for piece in stream_search_json(query, found, works, name):
        yield piece.encode("utf-8", "replace")


def _of_works(write: Export) -> Stream:
    """Return what writes the works of a search, and nothing else of it."""
    return lambda _query, _found, works, _name: write(works.records())


FORMATS: dict[str, Stream] = {
    ".json": _stream_json,
    **{ending: _of_works(write) for ending, write in EXPORTS.items()},
}
"""What a search can be written as, by the ending of the file."""


@app.command(epilog="Example: assay search 'kratom AND sleep' --since 2015 --limit 50")
def search(
    ctx: typer.Context,
    *,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="QUERY",
            help="In PubMed's syntax, or the name of a saved query.",
            show_default=False,
        ),
    ] = None,
    source: Sources = None,
    since: Since = "",
    until: Until = "",
    limit: Annotated[
        str,
        typer.Option(
            metavar="N",
            help='Most records wanted from each source; "all" for every one. 200 when '
            "nothing else is said.",
            show_default=False,
        ),
    ] = "",
    sort: Annotated[
        str,
        typer.Option(
            metavar="ORDER",
            help="relevance (when nothing else is said), pub_date, Author, "
            "JournalName; with --library also added (newest PMID first) and meaning "
            "(plain words find what is near to them).",
            show_default=False,
        ),
    ] = "",
    library: Annotated[
        bool,
        typer.Option(
            "--library",
            help="Ask only what is at hand, in the same syntax: the library, and the "
            "mirror of PubMed where there is one.",
        ),
    ] = False,
    offline: Offline = False,
    refresh: Refresh = False,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Show the query in each source's words, clause by clause, and ask "
            "nobody.",
        ),
    ] = False,
    log: Annotated[
        bool,
        typer.Option(
            "--log",
            help="Show the search's log, after PRISMA-S, in place of its records; "
            "without QUERY that of the last search.",
        ),
    ] = False,
    bundle: BundleFile = None,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write the records to a file whose ending is one of "
            f"{', '.join(FORMATS)}. May be repeated.",
        ),
    ] = None,
) -> int:
    """Ask a query, or a saved query by its name, and list what there is.

    PubMed is asked where neither --source nor the saved query names another.

    What is found is kept in the library. With --library nobody is asked: library and
    mirror of PubMed answer in PubMed's syntax, e.g. assay search --library
    '"sleep laten*"[tiab] AND humans[mh]'. With --offline a search that was made before
    is answered as it was then, and any other from the library alone. Every search
    leaves a log: what was asked of whom, in which words, and what came back.
    """
    session: Session = ctx.obj
    alone = {"--source": source, "--refresh": refresh, "--explain": explain}
    _check_options(offline, refresh, library, {**alone, "--bundle": bundle})
    outputs = choose_formats(output or (), FORMATS)
    if log and not words:
        show_log(session, last_search(session))
        return 0
    saved = _saved_or_typed(session, fold(" ".join(words or ())))
    order = (
        parse_sort(sort, (*SORTS, ADDED, MEANING) if library else SORTS) if sort else ""
    )
    query = _settled(_adjusted(saved.query, since, until, limit, order))
    sources = () if library else choose_sources(source or (), saved.sources)
    if explain:
        _explain(session, query, sources)
        return 0
    check_bundle_path(bundle)
    tape = open_tape(session) if bundle else None
    started = now()
    if library:
        found = ask_library(session, query, started)
    else:
        found = ask_sources(
            session, query, sources, offline=offline, refresh=refresh, tape=tape
        )
    works = sift(session, found)
    asked = replace(saved, query=query)
    run = keep_run(session, asked, sources, found, works, started=started)
    if bundle and tape:
        bundle_search(session, bundle, tape, run, found, offline=offline)
    for path, stream in outputs:
        write_output(session, path, stream(query, found, works, saved.name))
    if log:
        show_log(session, run)
    else:
        _show(session, asked, found, works, outputs=bool(outputs))
    return NOT_ALL if is_partial(found.problems, found.logs) else 0


def _check_options(
    offline: bool, refresh: bool, library: bool, others: Mapping[str, object]
) -> None:
    """Make sure that the options agree; `others` are those for asking somebody.

    Raises:
        UsageError: names what contradicts what.
    """
    if offline and refresh:
        raise UsageError("--offline and --refresh contradict each other.")
    for option, given in others.items():
        if library and given:
            raise UsageError(
                f"--library asks only what is at hand; {option} is for asking others. "
                "Leave one of them out."
            )


def _show(
    session: Session, asked: SavedQuery, found: Found, works: Works, *, outputs: bool
) -> None:
    """Write what was found to standard output, unless files and quiet were wanted."""
    if session.as_json:
        for piece in stream_search_json(asked.query, found, works, asked.name):
            session.write(piece)
    elif not (outputs and session.asked.get("quiet")):
        print_works(found, works, session.out)


def _explain(session: Session, query: Query, sources: Iterable[Source]) -> None:
    """Show what each source would be asked, and what it cannot be asked."""
    made = {source.title: source.translate(query) for source in sources}
    if session.as_json:
        session.write(render_translations_json(query, made))
    else:
        session.write(render_translations(query, made))


def _saved_or_typed(session: Session, words: str) -> SavedQuery:
    """Return the saved query of that name, or one made of the words themselves."""
    stored, _ = read_all_saved(session.workspace.queries)
    known = {one.saved.name: one.saved for one in stored}
    if words in known:
        return known[words]
    if not words:
        raise QueryError("The query is empty; say what to look for.")
    if any("\ud800" <= char <= "\udfff" for char in words):
        raise QueryError("The query holds bytes that are not text in your locale.")
    near = get_close_matches(words, known, n=1, cutoff=0.8)
    if near and " " not in words and "-" in words:
        session.say(
            f'No saved query is called "{words}" (there is "{near[0]}"); '
            "PubMed is asked for these words."
        )
    return SavedQuery(name="", query=Query(text=words))


def _settled(query: Query) -> Query:
    """Return the query with "last 5 years" and the like as days: not all know them."""
    return replace(query, text=settle_dates(query.text, now()[:10]))


def _adjusted(query: Query, since: str, until: str, limit: str, order: str) -> Query:
    """Return the query with what was said on the command line in place of its own."""
    adjusted = replace(
        query,
        since=parse_bound(since) or query.since,
        until=parse_bound(until) or query.until,
        limit=parse_limit(limit) if limit else query.limit,
        sort=order or query.sort,
    )
    parse_range(adjusted.since, adjusted.until)
    return adjusted

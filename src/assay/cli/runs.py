"""What is kept of every search: its log, and how it compares with the one before."""

from collections.abc import Iterable
from datetime import UTC, datetime

from assay.cli.session import Session
from assay.edge.runs import name_tools, read_runs, write_run
from assay.errors import UsageError
from assay.library.works import Works
from assay.output.search_log import render_search_log
from assay.output.search_log_json import render_search_log_json
from assay.search import Found, SavedQuery, SearchRun
from assay.sources import SOURCES
from assay.sources.base import Source


def now() -> str:
    """Return the time as ISO text, to the second, in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def keep_run(
    session: Session,
    saved: SavedQuery,
    sources: Iterable[Source],
    found: Found,
    works: Works,
    *,
    started: str,
) -> SearchRun:
    """Write a search with its log to the workspace's file of searches; return it."""
    run = SearchRun(
        query=saved.query,
        name=saved.name,
        sources=tuple(source.name for source in sources),
        logs=found.logs,
        problems=found.problems,
        found=works.found,
        duplicates=works.duplicates,
        merged=len(works.rows),
        studies=works.studies,
        started=started,
        finished=now(),
        tools=name_tools(),
    )
    write_run(session.workspace.state_db, run)
    return run


def last_search(session: Session) -> SearchRun:
    """Return the search that was made last in this workspace.

    Raises:
        UsageError: none was made yet.
    """
    runs = read_runs(session.workspace.state_db, command="search", most=1)
    if not runs:
        raise UsageError(
            "No search was made here yet; name a query: assay search QUERY --log."
        )
    return runs[0]


def show_log(session: Session, run: SearchRun) -> None:
    """Write a search's log to standard output, as Markdown or as JSON."""
    if session.as_json:
        session.write(render_search_log_json(run, SOURCES))
    else:
        session.write(render_search_log(run, SOURCES))

"""Every search that was made, with its log, in cache/state.db. Nothing is overwritten.

What was asked yesterday can so be compared with what comes today, and the log of a
search can be printed long after it.
"""

import json
import platform
from collections.abc import Iterable
from contextlib import closing
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from assay import __version__
from assay.edge.state_file import open_state, read_state
from assay.output.search_log_json import (
    parse_search_log_json,
    render_search_log_json,
)
from assay.search import Query, SearchRun, Tool

LIBRARIES = ("httpx", "lxml", "tantivy")
"""Packages whose version may show in what a search brings: fetching, reading XML,
finding in the library."""


def name_tools() -> tuple[Tool, ...]:
    """Return what has a part in a search, with its version: assay first."""
    tools = [Tool("assay", __version__), Tool("Python", platform.python_version())]
    for name in LIBRARIES:
        try:
            tools.append(Tool(name, version(name)))
        except PackageNotFoundError:  # a build that holds it without its metadata
            tools.append(Tool(name, "of unknown version"))
    return tuple(tools)


def write_runs(path: Path, runs: Iterable[SearchRun]) -> None:
    """Add searches to the file at `path`; durable when it returns, all or none.

    Raises:
        StoreError: the file cannot be written; what it holds is unchanged.
    """
    rows = [
        (_key(run.query), run.command, run.started, render_search_log_json(run))
        for run in runs
    ]
    sql = "INSERT INTO runs (query, command, started, log) VALUES (?, ?, ?, ?)"
    with open_state(path) as db:
        db.executemany(sql, rows)


def write_run(path: Path, run: SearchRun) -> None:
    """Add one search to the file at `path`.

    Raises:
        StoreError: as for `write_runs`.
    """
    write_runs(path, (run,))


def read_runs(
    path: Path, *, command: str = "", most: int | None = None
) -> tuple[SearchRun, ...]:
    """Return the searches that were made, the newest first; () without a file.

    Args:
        path: cache/state.db of the workspace.
        command: only those that this command made; "" for all.
        most: no more than so many; None for all.

    Raises:
        StoreError: the file, or a row of it, is damaged or a newer assay's.
    """
    sql = "SELECT log FROM runs WHERE ?1 IN ('', command) ORDER BY id DESC LIMIT ?2"
    with read_state(path) as db:
        if db is None:
            return ()
        rows = db.execute(sql, (command, -1 if most is None else most)).fetchall()
    return tuple(parse_search_log_json(log) for (log,) in rows)


def last_run(path: Path, query: Query, sources: Iterable[str] = ()) -> SearchRun | None:
    """Return the newest search for the same words and dates, or None.

    Args:
        path: cache/state.db of the workspace.
        query: its limit and order do not matter.
        sources: names of sources; a search where one of them was not asked, or
            failed, is passed over.

    Raises:
        StoreError: as for `read_runs`.
    """
    wanted = frozenset(sources)
    sql = "SELECT log FROM runs WHERE query = ? ORDER BY id DESC"
    with read_state(path) as db:
        if db is None:
            return None
        with closing(db.execute(sql, (_key(query),))) as rows:
            for (log,) in rows:
                run = parse_search_log_json(log)
                if wanted <= {each.source for each in run.logs if not each.failed}:
                    return run
    return None


def _key(query: Query) -> str:
    return json.dumps([query.text, query.since, query.until])

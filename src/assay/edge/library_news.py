"""What is new in the library: how a digest asks it when it may ask nobody else.

The library knows no create date. So the first time a query is asked what can have come
out since the window began is new, and later also whatever was put into the library
since the last time, however old it is.
"""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from assay.digest.asked import Asked, Mark
from assay.digest.windows import gap_of, is_published_since, make_window
from assay.edge.holdings import open_holdings
from assay.edge.library_source import NAME, search_library
from assay.edge.store import Library
from assay.library.merge import first_key
from assay.query.relative import settle_dates
from assay.search import Found, SavedQuery

__all__ = ["NAME", "ask_library"]


def ask_library(
    library: Library,
    folder: Path,
    saved: SavedQuery,
    mark: Mark | None,
    now: datetime,
    *,
    since: str = "",
) -> tuple[Found, Asked]:
    """Return what of the library may be new for a query, and what came of asking it.

    What was delivered before is among it: `news.find_news` tells.

    Args:
        folder: the library's; its index lies in it.
        mark: of the source "library"; None when it was never asked.
        since: YYYY[-MM[-DD]], as `make_window` takes it.

    Raises:
        StoreError: the library cannot be read.
        QueryError: `since` is no date.
    """
    text = saved.query.text
    window = make_window(mark, text, now, since=since)
    newest = last_number(library)
    words = settle_dates(text, now.date().isoformat())
    query = replace(saved.query, text=words, limit=None)
    with open_holdings(folder, library) as holdings:
        found = search_library(holdings, query)
    came = frozenset[str]()
    if mark is not None and mark.until:
        came = find_arrived(library, mark.read_to)
    records = tuple(
        record
        for record in found.records
        if first_key(record) in came or is_published_since(record, window.first)
    )
    failed = any(log.failed for log in found.logs)
    asked = Asked(
        query=saved.name,
        source=NAME,
        window=window,
        text=text,
        started=now.isoformat(timespec="seconds"),
        failed=failed,
        problem="; ".join(problem.what for problem in found.problems),
        found=None if failed else len(records),
        made_up=gap_of(mark),
        read_to=newest,
    )
    return replace(found, records=records), asked


def last_number(library: Library) -> int:
    """Return the number of the record that came into a library last; 0 for none."""
    ((number,),) = library.ask("SELECT coalesce(max(id), 0) FROM records")
    assert isinstance(number, int)
    return number


def find_arrived(library: Library, after: int) -> frozenset[str]:
    """Return every name of the records that came into a library after one of them.

    A record that came before and was changed since is not among them.
    """
    sql = f"SELECT key FROM identity WHERE id > {int(after)}"
    return frozenset(str(key) for (key,) in library.ask(sql))

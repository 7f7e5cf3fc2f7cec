"""New studies on watched claims: searched for in few requests, kept in the library."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assay.cli.keeping import keep_found
from assay.digest.asked import Asked, Mark, Window
from assay.digest.following import join_queries
from assay.digest.model import Watched, Weighing
from assay.digest.windows import OVERLAP, gap_of, make_window, word_window
from assay.edge.store import Library
from assay.library.searching import search
from assay.search import Found, Problem, Query
from assay.sources import SOURCES
from assay.sources.base import Getter

WATCH = "watched claims"
"""Under this name it is noted how far the claims' searches went. A saved query cannot
be called so: its name has no blank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchNews:
    """What came of searching for the watched claims."""

    asked: tuple[Asked, ...] = ()
    """One for each source; one that failed does not move its mark."""
    problems: tuple[Problem, ...] = ()

    @property
    def nobody_answers(self) -> bool:
        """Whether every source failed: then nobody is asked about notices either."""
        return bool(self.asked) and all(each.failed for each in self.asked)


def search_watched(
    library: Library,
    watched: Sequence[Watched],
    last: Mapping[int, Weighing],
    getter: Getter | None,
    marks: Sequence[Mark],
    *,
    now: datetime,
    sources: Sequence[str],
    since: str = "",
    name: str = WATCH,
) -> WatchNews:
    """Ask the sources for what is new on the claims; the library keeps what they give.

    Nothing is asked without a getter. One mark a source holds for all claims.
    """
    if getter is None or not watched:
        return WatchNews()
    queries = join_queries(query for one in watched for query in one.queries)
    asked, problems = [], []
    for source in sources if queries else ():
        mark = next((m for m in marks if (m.query, m.source) == (name, source)), None)
        window = find_window(watched, last, mark, now, since=since)
        found = [_ask(query, window, source, getter, library) for query in queries]
        begun = Asked(
            query=name,
            source=source,
            window=window,
            text=WATCH,
            started=now.isoformat(timespec="seconds"),
            made_up=gap_of(mark),
        )
        asked.append(_sum(begun, found))
        problems += [  # the next run makes up for it by itself
            replace(problem, what_to_do="")
            for each in found
            for problem in each.problems
        ]
    return WatchNews(asked=tuple(asked), problems=tuple(dict.fromkeys(problems)))


def find_window(
    watched: Sequence[Watched],
    last: Mapping[int, Weighing],
    mark: Mark | None,
    now: datetime,
    *,
    since: str = "",
) -> Window:
    """Return from which day on studies on the claims are asked for.

    From the mark; of claims that are watched since it was made, from their first
    weighing, which may be that of an old report. A record made on that day is found
    only days later, so from as much before as windows overlap.

    Raises:
        QueryError: `since` is no date.

    >>> from datetime import UTC
    >>> find_window((), {}, None, datetime(2026, 11, 23, tzinfo=UTC), since="2026")
    Window(first='2026/01/01', began='2026/01/01')
    """
    fresh = [one for one in watched if not mark or one.added > mark.until]
    times = [one.added for one in fresh]
    times += [last[one.id].when for one in fresh if one.id in last]
    began = min((_before(time) for time in times if time), default="")
    windows = [make_window(mark, WATCH, now, since=each) for each in (since, began)]
    known = windows[1:] if began and not (since or mark) else windows
    return Window(min(w.first for w in known), min(w.began for w in known))


def _before(time: str) -> str:
    return (datetime.fromisoformat(time) - OVERLAP).date().isoformat()


def _ask(
    query: str, window: Window, source: str, getter: Getter, library: Library
) -> Found:
    asked = Query(text=word_window(query, window, source), limit=None)
    found = search(asked, [SOURCES[source]], getter)
    keep_found(library, found)
    return found


def _sum(asked: Asked, found: Sequence[Found]) -> Asked:
    """Return what came of asking a source all the queries: whole if each of them is."""
    logs = [log for each in found for log in each.logs]
    failed = any(log.failed for log in logs)
    return replace(
        asked,
        failed=failed,
        problem=next(_reasons(found), ""),
        found=None if failed else sum(log.retrieved for log in logs),
        requests=sum(log.requests for log in logs),
        credits=sum(log.credits for log in logs),
    )


def _reasons(found: Sequence[Found]) -> Iterator[str]:
    """Yield why a search failed, or what of it did not come."""
    for each in found:
        yield from (problem.what for problem in each.problems)
        for log in each.logs:
            if log.missing:
                yield f"{len(log.missing)} records asked for did not come"

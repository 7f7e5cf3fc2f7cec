"""New studies on watched claims: searched for in few requests, kept in the library."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assay.cli.keeping import keep_found
from assay.digest.asked import Asked, Mark, Window
from assay.digest.following import join_queries
from assay.digest.model import Watched
from assay.digest.windows import OVERLAP, gap_of, make_window, word_window
from assay.edge.store import Library
from assay.search import Found, Problem, Query
from assay.sources import SOURCES
from assay.sources.base import Getter
from assay.workflows import search

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
    getter: Getter | None,
    marks: Sequence[Mark],
    now: datetime,
    *,
    sources: Sequence[str],
    since: str = "",
    name: str = WATCH,
) -> WatchNews:
    """Ask the sources for what is new on the claims; the library keeps what they give.

    Nothing is asked without a getter. A claim that is watched since the last search
    was searched for when its watch began, so one mark a source holds for all of them.
    """
    if getter is None or not watched:
        return WatchNews()
    queries = join_queries(query for one in watched for query in one.queries)
    asked, problems = [], []
    for source in sources if queries else ():
        mark = next((m for m in marks if (m.query, m.source) == (name, source)), None)
        first = since or ("" if mark else _begun(watched))
        window = make_window(mark, name, now, since=first)
        found = [_ask(query, window, source, getter, library) for query in queries]
        begun = Asked(
            query=name,
            source=source,
            window=window,
            text=name,
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


def _begun(watched: Sequence[Watched]) -> str:
    """Return the day from which the first search asks: before the first watch began.

    By as much as windows overlap: what was made that day is found only days later.
    """
    began = datetime.fromisoformat(min(one.added for one in watched))
    return (began - OVERLAP).date().isoformat()


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

"""Asks each query that is due of each of its sources, and keeps what comes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from importlib import import_module
from typing import NamedTuple

from assay.cli.keeping import keep_found
from assay.cli.progress import Progress
from assay.cli.session import Session
from assay.digest.asked import Asked, Mark
from assay.digest.due import Due
from assay.digest.gather import QueryNews
from assay.digest.news import (
    find_news,
    gap_of,
    is_within,
    make_window,
    word_window,
)
from assay.digest.outcome import Sent
from assay.edge.ledger import read_sent
from assay.edge.side_by_side import run_side_by_side
from assay.edge.store import Library
from assay.errors import QueryError
from assay.library.merge import keys_of
from assay.library.prepare import is_preprint
from assay.library.searching import Item, search
from assay.query.relative import settle_dates
from assay.record import Record
from assay.search import Found, Problem, Query, SavedQuery, SearchLog
from assay.sources import SOURCES
from assay.sources.base import Getter, Source

LIBRARY = "library"
"""The source that an offline run asks."""
LIBRARY_NEWS = "assay.edge.library_news"
"""Asks it; imported only then, for it brings the index."""


class _Answered(NamedTuple):
    """What one source gave."""

    asked: Asked
    found: Found


class Asking(NamedTuple):
    """What all queries of a run have in common."""

    session: Session
    library: Library
    getter: Getter | None
    """The way to the services; None where only the library is asked."""
    now: datetime
    since: str
    """YYYY[/MM[/DD]] that the person named; "" for the query's own window."""
    marks: Mapping[tuple[str, str], Mark]


def ask_due(
    asking: Asking, due: Sequence[Due], tell: Progress, renew: Callable[[], None]
) -> Iterator[QueryNews]:
    """Yield what each due query brings; a source that fails costs its own part only.

    What comes is kept in the library at once; what was delivered is not fetched again.
    """
    for number, one in enumerate(due):
        tell(number, len(due), "Queries")
        renew()
        yield ask_query(asking, one)
    tell(len(due), len(due), "Queries")


def ask_query(asking: Asking, due: Due) -> QueryNews:
    """Return what one due query brings, from all sources that it is to be asked of."""
    saved = due.saved
    sent = read_sent(asking.session.workspace.state_db, saved.name)
    answers = tuple(_ask_sources(asking, due, sent))
    for each in answers:
        keep_found(asking.library, each.found)
    records = [record for each in answers for record in _within(each)]
    return QueryNews(
        query=saved.name,
        text=saved.query.text,
        asked=tuple(_counted(each, sent) for each in answers),
        news=find_news(records, sent, _others(asking.library, records, sent)),
        problems=tuple(
            replace(problem, what_to_do="")  # the next run makes up for it by itself
            for each in answers
            for problem in each.found.problems
        ),
        slot=due.slot,
    )


def _others(
    library: Library, records: Iterable[Record], sent: Mapping[str, Sent]
) -> Iterator[Record]:
    """Yield what was delivered that a new record may be the preprint or article of.

    Where no source links the two, their titles and authors tell, which only the
    library has.
    """
    kinds = {
        is_preprint(record)
        for record in records
        if not any(name in sent for name in keys_of(record))
    }
    works = {one.work for one in sent.values() if (not one.preprint) in kinds}
    yield from filter(None, map(library.get, sorted(works)))


def _ask_sources(
    asking: Asking, due: Due, sent: Mapping[str, Sent]
) -> Iterator[_Answered]:
    """Yield what each source gives, in the order of the query, asked side by side."""
    if asking.getter is None:
        mark = asking.marks.get((due.saved.name, LIBRARY))
        yield _Answered(
            *import_module(LIBRARY_NEWS).ask_library(
                asking.library,
                asking.session.workspace.library,
                due.saved,
                mark,
                asking.now,
                since=asking.since,
            )[::-1]
        )
        return
    streams = [
        partial(_ask_source, asking, asking.getter, due.saved, SOURCES[name], sent)
        for name in due.sources
    ]
    if len(streams) == 1:
        yield from streams[0]()
        return
    order = {name: at for at, name in enumerate(due.sources)}
    given = (answer for _, answer in run_side_by_side(streams))
    yield from sorted(given, key=lambda each: order[each.asked.source])


def _ask_source(
    asking: Asking,
    getter: Getter,
    saved: SavedQuery,
    source: Source,
    sent: Mapping[str, Sent],
) -> Iterator[_Answered]:
    """Yield the one answer of a source to a query's window."""
    mark = asking.marks.get((saved.name, source.name))
    text = saved.query.text
    window = make_window(mark, text, asking.now, since=asking.since)
    asked = Asked(
        query=saved.name,
        source=source.name,
        window=window,
        text=text,
        started=asking.now.isoformat(timespec="seconds"),
        made_up=gap_of(mark),
    )
    try:
        words = word_window(
            settle_dates(text, asking.now.date().isoformat()), window, source.name
        )
    except QueryError as error:
        problem = Problem(where=saved.name, what=str(error))
        found = Found(problems=(problem,))
        yield _Answered(replace(asked, failed=True, problem=str(error)), found)
        return
    query = replace(saved.query, text=words, limit=None)
    found = search(query, [without(source, sent)], getter)
    yield _Answered(_outcome(asked, found), found)


def without(source: Source, sent: Mapping[str, Sent]) -> Source:
    """Return a source that does not fetch what was delivered, where it can."""
    if source.search_new is None:
        return source
    known = frozenset(n.removeprefix("pmid:") for n in sent if n.startswith("pmid:"))
    again = source.search_new

    def search_rest(query: Query, getter: Getter) -> Iterator[Item]:
        return again(query, getter, known)

    return replace(source, search=search_rest)


def _outcome(asked: Asked, found: Found) -> Asked:
    """Return what came of asking: whole only where nothing lacks."""
    log = found.logs[0] if found.logs else SearchLog(source="", query="", failed=True)
    problem = "; ".join(dict.fromkeys(each.what for each in found.problems))
    return replace(
        asked,
        failed=log.failed,
        problem=problem,
        found=None if log.failed else log.retrieved + log.passed_over - log.set_aside,
        requests=log.requests,
        credits=log.credits,
    )


def _within(answer: _Answered) -> Iterator[Record]:
    """Yield the records that may be new, where the source could not be asked so."""
    asked = answer.asked
    for record in answer.found.records:
        if is_within(record, asked.window, asked.source):
            yield record


def _counted(answer: _Answered, sent: Mapping[str, Sent]) -> Asked:
    """Return what came of asking, with what of it is new and what was sent before."""
    asked = answer.asked
    if asked.found is None:
        return asked
    new = len(find_news(_within(answer), sent).fresh)
    return replace(asked, new=new, already=max(0, asked.found - new))

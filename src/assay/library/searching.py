"""A search: every source is asked the same query, and what each gives is kept.

query ─► sources ─► records
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

from assay.errors import SourceError
from assay.library.holds import holds, parse_wanted
from assay.library.packed import Pile, join_piles, pack_records
from assay.record import Record
from assay.search import Fidelity, Found, Problem, Query, SearchLog
from assay.sources.base import Getter, Source

DEFAULT_SORT = Query(text="").sort
"""The order that every source knows."""

Item = Record | Problem | SearchLog
Streams = Sequence[Callable[[], Iterator[Item]]]


def one_by_one(streams: Streams) -> Iterator[tuple[int, Item]]:
    """Yield (number of the stream, item), one stream after the other."""
    for number, stream in enumerate(streams):
        for item in stream():
            yield number, item


def search(
    query: Query,
    sources: Sequence[Source],
    getter: Getter,
    *,
    together: Callable[[Streams], Iterator[tuple[int, Item]]] = one_by_one,
    instead: Mapping[str, Sequence[Source]] = {},
) -> Found:
    """Ask every source. One that fails becomes a `Problem`; what it gave is kept.

    Args:
        together: how the sources' streams are joined, e.g. side by side.
        instead: the sources to ask where the one of a name fails, unless they are
            asked anyway.
    """
    found = _ask(query, sources, getter, together)
    down = [log.source for log in found.logs if log.failed]
    known = {source.name for source in sources}
    for name in down:
        spare = [s for s in instead.get(name, ()) if s.name not in known]
        known |= {source.name for source in spare}
        if spare:
            more = _ask(query, spare, getter, together)
            title = next(s.title for s in sources if s.name == name)
            found = _joined(found, more, title, spare, query)
    return found


def _ask(
    query: Query,
    sources: Sequence[Source],
    getter: Getter,
    together: Callable[[Streams], Iterator[tuple[int, Item]]],
) -> Found:
    wanted = parse_wanted(query.text)
    piles = [Pile() for _ in sources]
    problems: list[list[Problem]] = [[] for _ in sources]
    logs: dict[int, SearchLog] = {}
    aside = Counter[int]()
    streams = [partial(_stream, source, query, getter) for source in sources]
    for number, item in together(streams):
        if isinstance(item, Record):
            loose = wanted if sources[number].loose else None
            if loose and holds(loose, item) is False:
                aside[number] += 1
            else:
                piles[number].add(item)
        elif isinstance(item, Problem):
            problems[number].append(item)
        else:
            told = _sorted_otherwise(sources[number], query, item)
            ignored = (*item.ignored, *told)
            logs[number] = replace(item, set_aside=aside[number], ignored=ignored)
    return Found(
        records=join_piles(piles),
        problems=tuple(problem for each in problems for problem in each),
        logs=tuple(logs[number] for number in sorted(logs)),
    )


def _sorted_otherwise(source: Source, query: Query, log: SearchLog) -> Iterator[str]:
    """Yield which of many hits came where they could not be sorted as was asked."""
    known = query.sort == DEFAULT_SORT or query.sort in source.sorts
    if not (known or log.failed) and log.wanted < (log.count or 0):
        yield (
            f"{source.title} cannot sort by {query.sort}: its first {log.wanted:,} by "
            f"{DEFAULT_SORT} came."
        )


def _stream(source: Source, query: Query, getter: Getter) -> Iterator[Item]:
    """Yield what a source gives; its own failure becomes a problem and a failed log."""
    try:
        yield from source.search(query, getter)
    except SourceError as error:
        yield Problem(where=error.where, what=error.what, what_to_do=error.what_to_do)
        yield SearchLog(source=source.name, query=query.text, failed=True)


def _joined(
    found: Found, more: Found, title: str, spare: Sequence[Source], query: Query
) -> Found:
    """Return both outcomes as one, and say what was asked instead and what differs."""
    told = Problem(
        where=title,
        what=f"the same search was made in {' and '.join(s.title for s in spare)} "
        "instead",
        what_to_do=" ".join(_differences(query, spare)),
    )
    return Found(
        records=pack_records(chain(found.records, more.records)),
        problems=(*found.problems, told, *more.problems),
        logs=found.logs + more.logs,
    )


def _differences(query: Query, spare: Sequence[Source]) -> Iterator[str]:
    """Yield what a query means elsewhere that it does not mean in PubMed."""
    for source in spare:
        for clause in source.translate(query).clauses:
            if clause.fidelity is not Fidelity.EXACT:
                yield f"{source.title} on {clause.text}: {clause.why}"

"""From what each query found to the items of a digest: each work once, and why.

news of each query ─► items, what bears on a watched claim first
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from assay.digest.asked import Asked
from assay.digest.bearing import choose_quote, order_items, words_of
from assay.digest.model import Bearing, Item, Quote, Use
from assay.digest.news import Fresh, News, find_news
from assay.digest.outcome import Delivered, Used
from assay.digest.works import work_of
from assay.library.merge import first_key, keys_of
from assay.library.standing import report_of
from assay.notice import StandingReport
from assay.record import Record
from assay.search import Problem


class QueryNews(NamedTuple):
    """What one query brought in one run."""

    query: str
    """Name of the saved query."""
    text: str
    """Its own words."""
    asked: tuple[Asked, ...] = ()
    """One for each source."""
    news: News = News((), 0)
    problems: tuple[Problem, ...] = ()
    slot: str = ""
    """`due.Due.slot` that it serves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What new works say of watched claims, by any name of the work."""

    bearings: Mapping[str, tuple[Bearing, ...]] = field(default_factory=dict)
    quotes: Mapping[str, Quote] = field(default_factory=dict)


NOTHING_SAID = Said()
"""Where no claim is watched."""


@dataclass(slots=True)
class _Found:
    """One work, with every query that found it."""

    fresh: Fresh
    queries: dict[str, str] = field(default_factory=dict)
    """Name of the query → its words."""


def gather_items(
    news: Sequence[QueryNews], said: Said = NOTHING_SAID
) -> tuple[Item, ...]:
    """Return the new works in the order of a digest, each once however many found it.

    >>> gather_items(())
    ()
    """
    return order_items(tuple(_item(one, said) for one in _join(news)))


def _join(news: Sequence[QueryNews]) -> tuple[_Found, ...]:
    """Return the new works of all queries, told apart as those of one query are.

    A notice that bears the DOI of its work is not that work; of a preprint that one
    query found and the article that another one did, the article is told.
    """
    every = [(one, fresh) for one in news for fresh in one.news.fresh]
    records = [record for _, fresh in every for record in _records(fresh)]
    works = [_Found(fresh) for fresh in find_news(records, {}).fresh]
    by_name: dict[str, _Found] = {}
    for at_first in (True, False):  # the firmest name of each decides
        for work in works:
            for record in _records(work.fresh):
                names = keys_of(record)
                for name in names[:1] if at_first else names[1:]:
                    by_name.setdefault(name, work)
    for one, fresh in every:
        work = next(by_name[n] for n in keys_of(fresh.record) if n in by_name)
        work.queries[one.query] = one.text
        if fresh.before and not work.fresh.before:
            work.fresh = work.fresh._replace(kind=fresh.kind, before=fresh.before)
    return tuple(works)


def _records(fresh: Fresh) -> tuple[Record, ...]:
    return (fresh.record, *fresh.also)


def _item(found: _Found, said: Said) -> Item:
    fresh, record = found.fresh, found.fresh.record
    names = tuple(name for each in _records(fresh) for name in keys_of(each))
    quote = next((said.quotes[name] for name in names if name in said.quotes), None)
    report = report_of(record)
    return Item(
        work=work_of(record),
        queries=tuple(sorted(found.queries)),
        kind=fresh.kind,
        told_before=fresh.before.day if fresh.before else "",
        before=fresh.before.work if fresh.before else "",
        also=tuple(first_key(other) for other in fresh.also),
        bears_on=next((said.bearings[n] for n in names if n in said.bearings), ()),
        quote=quote or choose_quote(record, words_of(found.queries.values())),
        standing=report.standing,
        notices=report.notices,
    )


def deliver(news: Sequence[QueryNews]) -> tuple[Delivered, ...]:
    """Return what is noted as delivered: each work of a query by all its names.

    What another query found of it is noted with it; so are new names of what was
    delivered before.

    >>> deliver(())
    ()
    """
    told = (
        Delivered(query, work_of(record))
        for found in _join(news)
        for query in found.queries
        for record in _records(found.fresh)
    )
    noted = (
        Delivered(one.query, work_of(record))
        for one in news
        for record in one.news.noted
    )
    return (*told, *noted)


def use_items(items: Iterable[Item], number: int, day: str) -> tuple[Used, ...]:
    """Return the items as works that were used in digest `number` of that day.

    >>> use_items((), 3, "2026-11-23")
    ()
    """
    return tuple(
        Used(
            item.work,
            Use("digest", str(number), day, ", ".join(item.queries)),
            StandingReport(standing=item.standing, notices=item.notices),
        )
        for item in items
    )

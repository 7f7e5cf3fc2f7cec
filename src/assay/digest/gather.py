"""From what each query found to the items of a digest: each work once, and why.

news of each query ─► items, what bears on a watched claim first
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from assay.digest.asked import Asked
from assay.digest.bearing import choose_quote, order_items, words_of
from assay.digest.model import Bearing, Item, Quote, Use
from assay.digest.news import Fresh, News
from assay.digest.outcome import Delivered, Used
from assay.digest.works import work_of
from assay.library.merge import keys_of
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
    queries: dict[str, str]
    """Name of the query → its words."""


def gather_items(
    news: Iterable[QueryNews], said: Said = NOTHING_SAID
) -> tuple[Item, ...]:
    """Return the new works in the order of a digest, each once however many found it.

    >>> gather_items(())
    ()
    """
    found: dict[str, _Found] = {}
    each: list[_Found] = []
    for one in news:
        for fresh in one.news.fresh:
            names = tuple(_names(fresh))
            known = next((found[name] for name in names if name in found), None)
            if known is None:
                known = _Found(fresh, {})
                each.append(known)
            known.queries[one.query] = one.text
            found |= dict.fromkeys(names, known)
    return order_items(tuple(_item(one, said) for one in each))


def _names(fresh: Fresh) -> Iterator[str]:
    for record in (fresh.record, *fresh.also):
        yield from keys_of(record)


def _item(found: _Found, said: Said) -> Item:
    fresh, record = found.fresh, found.fresh.record
    names = tuple(_names(fresh))
    quote = next((said.quotes[name] for name in names if name in said.quotes), None)
    report = report_of(record)
    return Item(
        work=work_of(record),
        queries=tuple(sorted(found.queries)),
        kind=fresh.kind,
        told_before=fresh.before.day if fresh.before else "",
        before=fresh.before.work if fresh.before else "",
        also=tuple(keys_of(other)[0] for other in fresh.also),
        bears_on=next((said.bearings[n] for n in names if n in said.bearings), ()),
        quote=quote or choose_quote(record, words_of(found.queries.values())),
        standing=report.standing,
        notices=report.notices,
    )


def deliver(news: Iterable[QueryNews]) -> tuple[Delivered, ...]:
    """Return what is noted as delivered: each work of a query by all its names.

    New names of what was delivered before are noted too.

    >>> deliver(())
    ()
    """
    return tuple(
        Delivered(one.query, work_of(record))
        for one in news
        for record in (*_delivered(one.news), *one.news.noted)
    )


def _delivered(news: News) -> Iterator[Record]:
    for fresh in news.fresh:
        yield from (fresh.record, *fresh.also)


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

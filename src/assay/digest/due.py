"""Which saved queries are due, and when the next one will be: pure, `now` is handed in.

A query has one *slot* a time that its schedule names, counted in its own time zone: a
time of day that a clock change leaves out is the moment after it, one that comes twice
is the first of the two. It is due when its latest slot is of a later day than the one
that was served last, however many lie between: one run makes up for all of them.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from assay.digest.asked import Mark
from assay.query.schedules import (
    parse_schedule,
    render_schedule,
    say_schedule,
    zone_of,
)
from assay.schedule import Rhythm, Schedule
from assay.search import SavedQuery

__all__ = [
    "RETRY_AFTER",
    "Due",
    "find_due",
    "next_run",
    "parse_schedule",
    "render_schedule",
    "say_schedule",
]

RETRY_AFTER = timedelta(hours=1)
"""Time after which a source that failed is asked again."""

_DAY = timedelta(days=1)


class Due(NamedTuple):
    """A query that is to be asked now, and of whom."""

    saved: SavedQuery
    sources: tuple[str, ...]
    """In the order of the query."""
    slot: str
    """ISO time in the query's zone of the slot that is served, before it is put off;
    for `Mark.slot`."""
    retry: bool
    """True when only sources that failed are asked again."""


def find_due(
    saved: Sequence[SavedQuery],
    marks: Sequence[Mark],
    now: datetime,
    *,
    zone: str = "UTC",
    every: bool = False,
) -> tuple[Due, ...]:
    """Return the queries that are due, in their order.

    One that was never asked is due at once; so is a source that it did not have
    before, alone. Sources that failed are due alone, `RETRY_AFTER` their last try.
    Marks that lie in the future of `now` (the clock was wrong) count for nothing.

    Args:
        now: an aware time.
        zone: IANA name, for queries that name none.
        every: all are due, of all their sources, whatever their schedule.

    Raises:
        QueryError: a time zone that does not exist.

    >>> from assay.search import Query
    >>> tea = SavedQuery(name="tea", query=Query(text="tea"))
    >>> now = datetime(2026, 11, 23, 7, tzinfo=UTC)
    >>> [(due.sources, due.slot) for due in find_due([tea], [], now)]
    [(('pubmed',), '2026-11-23T06:00:00+00:00')]
    """
    known = _by_query(marks)
    found = (
        _due(_Plan(each, zone), known.get(each.name, {}), now, every=every)
        for each in saved
    )
    return tuple(due for due in found if due is not None)


def next_run(
    saved: Sequence[SavedQuery],
    marks: Sequence[Mark],
    now: datetime,
    zone: str = "UTC",
) -> datetime | None:
    """Return when `find_due` will first say so, `now` or later, in UTC.

    None when nothing will ever be due by itself.

    Raises:
        QueryError: a time zone that does not exist.

    >>> next_run([], [], datetime(2026, 11, 23, tzinfo=UTC)) is None
    True
    """
    known = _by_query(marks)
    times = (_next(_Plan(each, zone), known.get(each.name, {}), now) for each in saved)
    return min((each for each in times if each is not None), default=None)


Marks = Mapping[str, Mark]
"""Of one query: source → mark."""


def _by_query(marks: Iterable[Mark]) -> Mapping[str, Marks]:
    found: defaultdict[str, dict[str, Mark]] = defaultdict(dict)
    for mark in marks:
        found[mark.query][mark.source] = mark
    return found


class _Plan:
    """The slots of one query."""

    def __init__(self, saved: SavedQuery, zone: str) -> None:
        self.saved = saved
        self.schedule = saved.schedule
        self.zone: tzinfo = zone_of(saved.schedule.zone or zone)
        self.delay = find_delay(saved.name, saved.schedule.jitter)

    @property
    def never(self) -> bool:
        return self.schedule.rhythm is Rhythm.NEVER

    def named(self, day: date) -> datetime:
        """Return the slot of a day as it is named: in the zone, not put off."""
        hour, minute = map(int, self.schedule.at.split(":"))
        local = datetime.combine(day, time(hour, minute), self.zone)
        return local.astimezone(UTC).astimezone(self.zone)

    def starts(self, day: date) -> datetime:
        """Return when the slot of a day begins, in UTC."""
        return self.named(day).astimezone(UTC) + self.delay

    def latest(self, when: datetime) -> date:
        """Return the day of the latest slot that has begun."""
        day = _local(when, self.zone) + _DAY
        while not (is_slot_day(self.schedule, day) and self.starts(day) <= when):
            day -= _DAY
        return day

    def after(self, day: date) -> date:
        """Return the day of the next slot after one."""
        day += _DAY
        while not is_slot_day(self.schedule, day):
            day += _DAY
        return day


def find_delay(name: str, jitter: int) -> timedelta:
    """Return for how long a query's runs are put off: 0 to `jitter` minutes.

    >>> find_delay("tea", 0)
    datetime.timedelta(0)
    """
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8])
    return timedelta(minutes=number % (jitter + 1))


def is_slot_day(schedule: Schedule, day: date) -> bool:
    """Say whether a schedule has a slot on a day.

    Every so many days are counted from 1 January of the year 1, so that a late run
    shifts none of those that follow. False on every day for `Rhythm.NEVER`.

    >>> is_slot_day(Schedule(rhythm=Rhythm.MONTHLY, day=31), date(2026, 2, 28))
    True
    """
    match schedule.rhythm:
        case Rhythm.DAYS:
            return day.toordinal() % schedule.days == 0
        case Rhythm.WEEKDAYS:
            return day.weekday() in schedule.weekdays
        case Rhythm.MONTHLY:
            ends = (day + _DAY).month != day.month
            return day.day == schedule.day or (ends and day.day < schedule.day)
        case Rhythm.NEVER:
            return False


def _local(when: datetime, zone: tzinfo) -> date:
    return when.astimezone(zone).date()


def _due(plan: _Plan, marks: Marks, now: datetime, *, every: bool) -> Due | None:
    saved = plan.saved
    if plan.never:
        slot = now.astimezone(plan.zone).isoformat(timespec="seconds")
        return Due(saved, saved.sources, slot, retry=False) if every else None
    day = plan.latest(now)
    slot = plan.named(day).isoformat(timespec="seconds")
    tries = _tries(saved, marks, now)
    served = _served(plan, tries)
    if every or served is None or served < day:
        return Due(saved, saved.sources, slot, retry=False)
    new = [source for source in saved.sources if source not in tries]
    again = [each.mark.source for each in _failed(tries) if each.again <= now]
    wanted = tuple(s for s in saved.sources if s in new or s in again)
    return Due(saved, wanted, slot, retry=not new) if wanted else None


def _next(plan: _Plan, marks: Marks, now: datetime) -> datetime | None:
    if plan.never:
        return None
    if _due(plan, marks, now, every=False):
        return now.astimezone(UTC)
    return min(_comings(plan, _tries(plan.saved, marks, now), now))


class _Try(NamedTuple):
    """The last time that one source was asked."""

    mark: Mark
    when: datetime

    @property
    def again(self) -> datetime:
        return (self.when + RETRY_AFTER).astimezone(UTC)


Tries = Mapping[str, _Try]


def _comings(plan: _Plan, tries: Tries, now: datetime) -> Iterator[datetime]:
    """Yield when the next slot begins, and when sources that failed may be asked."""
    yield from (each.again for each in _failed(tries))
    served = _served(plan, tries) or plan.latest(now)
    yield plan.starts(plan.after(max(served, plan.latest(now))))


def _tries(saved: SavedQuery, marks: Marks, now: datetime) -> Tries:
    """Return when each of a query's sources was last asked, unless it is to come."""
    return {
        source: _Try(mark, when)
        for source in saved.sources
        if (mark := marks.get(source)) and (when := _tried(mark)) and when <= now
    }


def _failed(tries: Tries) -> Iterator[_Try]:
    return (each for each in tries.values() if each.mark.problem)


def _served(plan: _Plan, tries: Tries) -> date | None:
    """Return the day of the newest slot that was served; None when none was.

    A mark that names none was made for the latest slot of its time, as the schedule
    is now.
    """
    days = (_slot_day(each.mark) or plan.latest(each.when) for each in tries.values())
    return max(days, default=None)


def _slot_day(mark: Mark) -> date | None:
    try:
        return date.fromisoformat(mark.slot[:10])
    except ValueError:
        return None


def _tried(mark: Mark) -> datetime | None:
    """Return when a source was last asked; None where that cannot be read."""
    try:
        when = datetime.fromisoformat(mark.tried or mark.until)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)

"""What is due: one run a slot, none missed, through clock changes and wrong clocks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.digest.asked import Asked, Mark, Window
from assay.digest.due import (
    RETRY_AFTER,
    find_delay,
    find_due,
    is_slot_day,
    next_run,
)
from assay.digest.windows import move_mark
from assay.errors import QueryError
from assay.schedule import WEEKLY, Rhythm, Schedule
from assay.search import Query, SavedQuery
from tests.test_schedule import schedules

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TICK = timedelta(microseconds=1)
DAILY = Schedule(rhythm=Rhythm.DAYS, days=1)
BERLIN = ZoneInfo("Europe/Berlin")


def at(text, zone=UTC):
    """Return an aware time of "2026-11-23 07:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def saved(schedule=WEEKLY, name="tea", sources=("pubmed",)):
    query = Query(text="tea")
    return SavedQuery(name=name, query=query, sources=sources, schedule=schedule)


def run(marks, due, now, *, failing=()):
    """Return the marks after a run of what is due, in which some sources fail."""
    known = {(mark.query, mark.source): mark for mark in marks}
    for each in due:
        for source in each.sources:
            key = each.saved.name, source
            bad = source in failing
            asked = Asked(
                query=each.saved.name,
                source=source,
                window=Window("2026/10/01", "2026/10/01"),
                text=each.saved.query.text,
                started=now.isoformat(),
                failed=bad,
                problem="It is down." if bad else "",
            )
            known[key] = move_mark(known.get(key), asked, now, each.slot)
    return list(known.values())


def ask(query, marks, now, **more):
    """Return the one due, or None, and the marks after its run."""
    due = find_due([query], marks, now)
    return (due[0] if due else None), run(marks, due, now, **more)


def started(query, now):
    """Return the marks of a query whose first run was at a time."""
    return run([], find_due([query], [], now), now)


# --- slots ----------------------------------------------------------------------------


def test_a_query_that_was_never_run_is_due_at_once_and_then_on_its_day():
    query = saved()
    marks = started(query, at("2026-11-19 12:00"))  # a Thursday
    assert not find_due([query], marks, at("2026-11-23 05:59"))
    (due,) = find_due([query], marks, at("2026-11-23 06:00"))
    assert (due.sources, due.slot, due.retry) == (
        ("pubmed",),
        "2026-11-23T06:00:00+00:00",
        False,
    )


def test_however_many_slots_were_missed_one_run_makes_up_for_them():
    query = saved(DAILY)
    marks = started(query, at("2026-01-01 12:00"))
    due, marks = ask(query, marks, at("2026-11-23 12:00"))
    assert due.slot.startswith("2026-11-23")
    assert not find_due([query], marks, at("2026-11-23 12:01"))


def test_a_time_that_a_clock_change_leaves_out_is_the_moment_after_it():
    query = saved(replace(DAILY, at="02:30", zone="Europe/Berlin"))
    marks = started(query, at("2026-03-28 12:00", BERLIN))
    when = next_run([query], marks, at("2026-03-28 12:00", BERLIN))
    assert when == at("2026-03-29 03:30", BERLIN)
    (due,) = find_due([query], marks, when)
    assert due.slot == "2026-03-29T03:30:00+02:00"


def test_a_time_that_comes_twice_counts_once():
    query = saved(replace(DAILY, at="02:30", zone="Europe/Berlin"))
    marks = started(query, at("2026-10-24 12:00", BERLIN))
    first = at("2026-10-25 00:30")
    assert next_run([query], marks, at("2026-10-24 12:00", BERLIN)) == first
    due, marks = ask(query, marks, first)
    assert due.slot == "2026-10-25T02:30:00+02:00"
    assert next_run([query], marks, first) == at("2026-10-26 02:30", BERLIN)


def test_a_day_that_a_place_skipped_has_no_run_of_its_own():
    query = saved(replace(DAILY, zone="Pacific/Apia"))  # no 30 December 2011 there
    now = at("2011-12-28 00:00")
    marks, slots = [], []
    for _ in range(24 * 5):
        due, marks = ask(query, marks, now)
        slots += [due.slot] if due else []
        now += HOUR
    days = [slot[:10] for slot in slots]
    assert days == sorted(set(days))
    assert [day for day in days if "2011-12-29" <= day <= "2012-01-01"] == [
        "2011-12-29",
        "2011-12-31",
        "2012-01-01",
    ]


@pytest.mark.parametrize(
    ("day", "days"),
    [
        (31, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        (29, ["2026-01-29", "2026-02-28", "2026-03-29", "2026-04-29"]),
        (15, ["2026-01-15", "2026-02-15", "2026-03-15", "2026-04-15"]),
    ],
)
def test_a_month_that_is_shorter_has_its_run_on_its_last_day(day, days):
    query = saved(Schedule(rhythm=Rhythm.MONTHLY, day=day))
    now = at("2026-01-01 12:00")
    marks = started(query, now)
    for wanted in days:
        now = next_run([query], marks, now)
        due, marks = ask(query, marks, now)
        assert due.slot[:10] == wanted


@given(st.integers(1, 366), st.integers(0, 400), st.timedeltas(HOUR, 30 * DAY))
def test_runs_every_so_many_days_do_not_drift_when_one_is_late(days, start, late):
    query = saved(Schedule(rhythm=Rhythm.DAYS, days=days))
    now = at("2026-01-01 12:00") + start * DAY
    marks = started(query, now)
    first = next_run([query], marks, now)
    _, marks = ask(query, marks, first + late)
    then = next_run([query], marks, first + late)
    assert (then - first) % (days * DAY) == timedelta(0)
    assert then - (first + late) <= days * DAY


@given(st.text(max_size=20), st.integers(0, 720))
def test_a_run_is_put_off_by_its_name_and_by_no_more_than_is_said(name, jitter):
    delay = find_delay(name, jitter)
    assert timedelta(0) <= delay <= timedelta(minutes=jitter)
    assert delay == find_delay(name, jitter)


def test_queries_of_one_schedule_are_spread_over_its_jitter():
    delays = {find_delay(f"query-{number}", 60) for number in range(300)}
    assert len(delays) > 50


def test_a_run_put_off_past_midnight_still_comes_every_day():
    schedule = replace(DAILY, at="23:50", jitter=720)
    names = (name for name in map(str, range(99)) if find_delay(name, 720) > HOUR)
    query = saved(schedule, name=next(names))
    now = at("2026-11-01 00:00")
    marks = started(query, now)
    times = []
    for _ in range(5):
        now = next_run([query], marks, now)
        due, marks = ask(query, marks, now)
        times.append(now)
        assert due.slot.endswith("23:50:00+00:00")
    assert {later - early for early, later in pairwise(times)} == {DAY}


# --- laws -----------------------------------------------------------------------------

gaps = st.lists(
    st.one_of(
        st.timedeltas(timedelta(0), timedelta(minutes=5)),
        st.timedeltas(HOUR, 2 * DAY),
        st.timedeltas(DAY, 40 * DAY),
    ),
    min_size=1,
    max_size=40,
)
moments = st.datetimes(
    datetime.fromisoformat("2020-01-01"),
    datetime.fromisoformat("2027-01-01"),
    timezones=st.just(UTC),
)


def begun(query, now):
    """Return how many days there are with a slot that has begun, by trying each."""
    schedule, zone = query.schedule, ZoneInfo(query.schedule.zone or "UTC")
    hour, minute = map(int, schedule.at.split(":"))
    delay = find_delay(query.name, schedule.jitter)
    today = now.astimezone(zone).date()
    return [
        day
        for back in range(-1, 800)
        if is_slot_day(schedule, day := today - back * DAY)
        and datetime(
            day.year, day.month, day.day, hour, minute, tzinfo=zone
        ).astimezone(UTC)
        + delay
        <= now
    ]


@settings(max_examples=60)
@given(schedules(), moments, gaps)
def test_at_most_one_run_a_slot_and_none_missed_longer_than_the_calls_are_apart(
    schedule, now, gaps
):
    query = saved(schedule)
    marks, served = [], []
    for gap in gaps:
        due, marks = ask(query, marks, now)
        if due:
            served.append(due.slot[:10])
        if schedule.rhythm is not Rhythm.NEVER:
            assert served[-1] >= begun(query, now)[0].isoformat()
        assert not find_due([query], marks, now)
        now += gap
    assert served == sorted(set(served))


@settings(max_examples=100)
@given(
    st.lists(schedules(), max_size=3),
    moments,
    gaps,
    st.lists(st.sampled_from(["pubmed", "europepmc"]), max_size=2),
)
def test_the_next_run_is_exactly_when_something_is_first_due(
    several, now, gaps, failing
):
    queries = [
        saved(each, name=str(number), sources=("pubmed", "europepmc"))
        for number, each in enumerate(several)
    ]
    marks = []
    for gap in gaps[:5]:
        then = next_run(queries, marks, now)
        if then is None:
            assert all(each.rhythm is Rhythm.NEVER for each in several)
            return
        assert then >= now
        assert find_due(queries, marks, then)
        if then > now:
            assert not find_due(queries, marks, then - TICK)
            assert not find_due(queries, marks, now)
        marks = run(marks, find_due(queries, marks, then), then, failing=failing)
        now = then + gap


@given(schedules(), moments)
def test_what_is_due_and_when_the_next_is_due_are_the_same_in_any_zone(schedule, now):
    query = saved(schedule)
    marks = started(query, now)
    there = (now + 3 * DAY).astimezone(ZoneInfo("Asia/Kolkata"))
    assert find_due([query], marks, there) == find_due([query], marks, now + 3 * DAY)
    assert next_run([query], marks, there) == next_run([query], marks, now + 3 * DAY)


# --- sources that fail, sources that are new ------------------------------------------


TWO = ("pubmed", "europepmc")


def test_only_the_source_that_failed_is_asked_again_and_not_before_its_time():
    query, now = saved(sources=TWO), at("2026-11-23 06:00")
    _, marks = ask(query, [], now, failing=["europepmc"])
    assert not find_due([query], marks, now + RETRY_AFTER - TICK)
    (due,) = find_due([query], marks, now + RETRY_AFTER)
    assert (due.sources, due.retry) == (("europepmc",), True)


def test_a_source_that_fails_on_and_on_is_asked_once_in_each_such_time():
    query, now = saved(sources=TWO), at("2026-11-23 06:00")
    marks, tries = [], 0
    for _ in range(24 * 6):
        due, marks = ask(query, marks, now, failing=["europepmc"])
        tries += due is not None
        now += HOUR / 6
    assert tries == 24


def test_at_its_next_slot_a_source_that_failed_is_asked_with_the_others():
    query = saved(DAILY, sources=TWO)
    _, marks = ask(query, [], at("2026-11-23 05:50"), failing=TWO)
    (due,) = find_due([query], marks, at("2026-11-23 06:00"))
    assert (due.sources, due.retry) == (TWO, False)


def test_when_all_sources_fail_the_slot_is_not_run_at_each_call():
    query, now = saved(sources=TWO), at("2026-11-23 06:00")
    _, marks = ask(query, [], now, failing=TWO)
    assert not find_due([query], marks, now + HOUR / 2)
    (due,) = find_due([query], marks, now + HOUR)
    assert (due.sources, due.retry) == (TWO, True)


def test_a_source_that_is_new_to_a_query_is_due_at_once_and_alone():
    marks = started(saved(), at("2026-11-23 06:00"))
    query, now = saved(sources=TWO), at("2026-11-24 09:00")
    due, marks = ask(query, marks, now)
    assert (due.sources, due.retry) == (("europepmc",), False)
    assert not find_due([query], marks, now)


def test_a_source_that_a_query_no_longer_asks_does_not_count():
    _, marks = ask(saved(sources=TWO), [], at("2026-11-23 06:00"), failing=["pubmed"])
    query = saved(sources=("europepmc",))
    assert not find_due([query], marks, at("2026-11-24 09:00"))


def test_marks_of_other_queries_do_not_count():
    marks = started(saved(name="milk"), at("2026-11-23 06:00"))
    assert find_due([saved()], marks, at("2026-11-23 06:01"))


# --- clocks, zones and schedules that change ------------------------------------------


@pytest.mark.parametrize("back", [HOUR, DAY, 30 * DAY, 70 * 365 * DAY])
def test_a_clock_that_was_ahead_makes_one_run_more_and_blocks_nothing(back):
    query, now = saved(DAILY, sources=TWO), at("2026-11-23 12:00")
    marks = started(query, now + back)
    due, marks = ask(query, marks, now)
    assert due.sources == TWO
    assert not find_due([query], marks, now + HOUR)
    assert next_run([query], marks, now) == at("2026-11-24 06:00")


def test_a_clock_that_was_ahead_does_not_make_a_query_fail_at_each_call():
    query, now = saved(), at("2026-11-23 12:00")
    marks = started(query, now + 365 * DAY)
    _, marks = ask(query, marks, now, failing=["pubmed"])
    assert marks[0].until > now.isoformat()  # what was asked with success is kept
    assert not find_due([query], marks, now + HOUR / 2)
    assert find_due([query], marks, now + HOUR)[0].retry


@given(
    st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Auckland", "Pacific/Honolulu"]),
    st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Auckland", "Pacific/Honolulu"]),
    st.integers(0, 60),
)
def test_a_zone_that_changes_repeats_no_day_and_skips_one_at_most(old, new, hours):
    before = saved(replace(DAILY, zone=old))
    after = saved(replace(DAILY, zone=new))
    now = at("2026-11-20 00:00")
    marks, days = [], []
    for hour in range(24 * 9):
        query = before if hour < 24 * 3 + hours else after
        due, marks = ask(query, marks, now)
        days += [datetime.fromisoformat(due.slot).date()] if due else []
        now += HOUR
    assert days == sorted(set(days))
    assert all(later - early <= 2 * DAY for early, later in pairwise(days))


def test_an_hour_that_changes_after_the_run_does_not_repeat_it():
    marks = started(saved(DAILY), at("2026-11-23 06:00"))
    later = saved(replace(DAILY, at="18:00"))
    assert not find_due([later], marks, at("2026-11-23 23:00"))
    assert find_due([later], marks, at("2026-11-24 18:00"))


def test_a_mark_without_a_slot_counts_for_the_latest_one_of_its_time():
    when = "2026-11-23T06:30:00+00:00"
    mark = Mark("tea", "pubmed", "tea", "2026/10/24", when, when)
    assert not find_due([saved()], [mark], at("2026-11-29 12:00"))
    assert find_due([saved()], [mark], at("2026-11-30 06:00"))


@pytest.mark.parametrize("text", ["", "soon", "2026-13-45"])
def test_a_mark_whose_time_cannot_be_read_counts_for_nothing(text):
    mark = Mark("tea", "pubmed", "tea", "2026/10/24", text, text)
    assert find_due([saved()], [mark], at("2026-11-23 12:00"))


def test_the_zone_of_the_settings_holds_where_a_query_names_none():
    marks = started(saved(DAILY), at("2026-11-22 12:00"))
    night = at("2026-11-23 05:00")
    assert find_due([saved(DAILY)], marks, night, zone="Europe/Berlin")
    assert not find_due([saved(DAILY)], marks, night)
    with pytest.raises(QueryError, match="is no time zone"):
        find_due([saved(DAILY)], marks, night, zone="Mars/Base")


# --- named outright -------------------------------------------------------------------


def test_a_query_that_is_never_due_is_run_only_when_every_one_is_wanted():
    query, now = saved(Schedule(rhythm=Rhythm.NEVER)), at("2026-11-23 12:00")
    assert not find_due([query], [], now)
    assert next_run([query], [], now) is None
    (due,) = find_due([query], [], now, every=True)
    assert due.sources == ("pubmed",)
    assert not find_due([query], run([], [due], now), now + 999 * DAY)


@given(st.lists(schedules(), max_size=4), moments)
def test_every_query_is_due_with_all_its_sources_when_all_are_wanted(several, now):
    queries = [
        saved(each, name=str(number), sources=TWO)
        for number, each in enumerate(several)
    ]
    marks = [mark for query in queries for mark in started(query, now)]
    due = find_due(queries, marks, now, every=True)
    assert [(each.saved, each.sources, each.retry) for each in due] == [
        (query, TWO, False) for query in queries
    ]

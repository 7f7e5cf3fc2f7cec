"""A schedule is strict to read, plain to write, and said in words."""

import tomllib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import QueryError
from assay.query.schedules import (
    MOST_DAYS,
    MOST_JITTER,
    parse_schedule,
    render_schedule,
    say_schedule,
    zone_of,
)
from assay.schedule import WEEKLY, Rhythm, Schedule

ZONES = ("", "UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Asia/Kolkata")

weekdays = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))
rhythms = st.one_of(
    st.builds(Schedule, days=st.integers(1, MOST_DAYS), rhythm=st.just(Rhythm.DAYS)),
    st.builds(Schedule, weekdays=weekdays),
    st.builds(Schedule, day=st.integers(1, 31), rhythm=st.just(Rhythm.MONTHLY)),
    st.just(Schedule(rhythm=Rhythm.NEVER)),
)


@st.composite
def schedules(draw):
    """Return any schedule; what its rhythm has no use for stands at its default."""
    rhythm = draw(rhythms)
    return Schedule(
        rhythm=rhythm.rhythm,
        days=rhythm.days,
        weekdays=rhythm.weekdays,
        day=rhythm.day,
        at=draw(st.times()).strftime("%H:%M"),
        zone=draw(st.sampled_from(ZONES)),
        jitter=draw(st.integers(0, MOST_JITTER)),
    )


def read(content):
    return parse_schedule(tomllib.loads(content).get("digest", {}))


@given(schedules())
def test_what_is_written_is_read_back_as_it_was(schedule):
    assert read(render_schedule(schedule)) == schedule


@given(schedules())
def test_every_schedule_is_said_in_one_line_of_words(schedule):
    said = say_schedule(schedule, "UTC")
    assert said
    assert "\n" not in said
    assert schedule.rhythm is Rhythm.NEVER or schedule.at in said


def test_a_query_without_the_table_is_weekly_and_writes_none():
    assert parse_schedule({}) == WEEKLY
    assert not render_schedule(WEEKLY)


@pytest.mark.parametrize(
    ("every", "schedule", "said"),
    [
        ("daily", Schedule(rhythm=Rhythm.DAYS, days=1), "every day at 06:00"),
        ("weekly", WEEKLY, "every Monday at 06:00"),
        ("3 days", Schedule(rhythm=Rhythm.DAYS, days=3), "every 3 days at 06:00"),
        ("Every 2 weeks", Schedule(rhythm=Rhythm.DAYS, days=14), "every 14 days"),
        ("weekdays", Schedule(weekdays=(0, 1, 2, 3, 4)), "Thursday and Friday at"),
        (" Thursday,monday", Schedule(weekdays=(0, 3)), "every Monday and Thursday at"),
        (["sunday", "sunday"], Schedule(weekdays=(6,)), "every Sunday at 06:00"),
        ("monthly", Schedule(rhythm=Rhythm.MONTHLY), "on day 1 of each month at"),
        ("never", Schedule(rhythm=Rhythm.NEVER), "only when it is named"),
    ],
)
def test_rhythms_are_written_as_people_say_them(every, schedule, said):
    assert parse_schedule({"every": every}) == schedule
    assert said in say_schedule(schedule)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"evry": "daily"}, 'unknown key "digest.evry"; did you mean "digest.every"?'),
        ({"every": "mondya"}, 'digest.every: "mondya" is no rhythm; did you mean "mon'),
        ({"every": "mondya"}, "Write daily, weekly, weekdays, monthly, never"),
        ({"every": "monday, "}, 'digest.every: "" is no rhythm'),
        ({"every": "0 days"}, "must be from 1 to 366 days, but is 0"),
        ({"every": "53 weeks"}, "must be from 1 to 366 days, but is 371"),
        ({"every": 3}, "digest.every must be a text in quotes"),
        ({"every": []}, "digest.every must be a text in quotes"),
        ({"day": 15}, "digest.day goes with a monthly run only"),
        ({"every": "monthly", "day": 32}, "digest.day must be from 1 to 31, but is 32"),
        ({"every": "monthly", "day": "1"}, "digest.day must be a whole number"),
        (
            {"at": "24:00"},
            'digest.at: "24:00" is no time of day; write it from "00:00"',
        ),
        ({"at": "7.30"}, "is no time of day"),
        ({"at": 7}, "digest.at must be a text in quotes"),
        ({"jitter": True}, "digest.jitter must be a whole number"),
        ({"jitter": -1}, "digest.jitter must be from 0 to 720, but is -1"),
        ({"time_zone": "Europe/Berln"}, 'did you mean "Europe/Berlin"?'),
        ({"time_zone": "europe"}, "is no time zone"),
        ({"time_zone": "../../etc/passwd"}, "is no time zone"),
        ({"time_zone": "/etc/localtime"}, "is no time zone"),
        ({"time_zone": "\0"}, "is no time zone"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_its_remedy(table, said):
    with pytest.raises(QueryError) as told:
        parse_schedule(table)
    assert said in str(told.value)
    assert str(told.value).endswith(".")


def test_a_mistake_on_the_command_line_names_the_option():
    with pytest.raises(QueryError, match='--time-zone: "Mars" is no time zone'):
        parse_schedule({"time_zone": "Mars"}, "--")


values = st.one_of(st.text(max_size=30), st.integers(), st.booleans(), st.floats())
keys = st.sampled_from(["every", "day", "at", "time_zone", "jitter", "atx"])


@given(st.dictionaries(keys, values))
def test_any_table_is_a_schedule_or_a_query_error(table):
    with suppress(QueryError):
        schedule = parse_schedule(table)
        assert read(render_schedule(schedule)) == schedule


def test_where_no_table_of_zones_is_installed_the_remedy_is_told(monkeypatch):
    monkeypatch.setattr("assay.query.schedules.available_timezones", frozenset)
    with pytest.raises(QueryError, match="install the package tzdata, or write UTC"):
        zone_of("Europe/Nowhere")

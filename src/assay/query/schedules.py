"""Schedules as the table [digest] of a saved query: strict to read, plain to write.

[digest]
every = "monday"     # daily, weekly, weekdays, "monday, thursday", "3 days" …
day = 15             # of the month, with every = "monthly"
at = "07:30"
time_zone = "Europe/Berlin"
jitter = 30          # minutes
"""

import json
import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, tzinfo
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from assay.errors import QueryError
from assay.schedule import WEEKLY, Rhythm, Schedule
from assay.text import fold

KEYS = ("every", "day", "at", "time_zone", "jitter")
DAY_NAMES = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
MOST_DAYS = 366
"""Most days from one run to the next."""
MOST_JITTER = 720
"""Most minutes that a run can be put off."""

_WORDS: dict[str, Schedule] = {
    "daily": Schedule(rhythm=Rhythm.DAYS, days=1),
    "weekly": WEEKLY,
    "weekdays": Schedule(weekdays=(0, 1, 2, 3, 4)),
    "monthly": Schedule(rhythm=Rhythm.MONTHLY),
    "never": Schedule(rhythm=Rhythm.NEVER),
}
_REMEDY = 'Write daily, weekly, weekdays, monthly, never, "3 days" or "monday, friday".'
_SPAN = re.compile(r"(?:every )?(\d{1,4}) (day|week)s?")
_AT = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def parse_schedule(table: Mapping[str, object], where: str = "digest.") -> Schedule:
    """Return the schedule that a table tells; an empty one is `WEEKLY`.

    What a rhythm has no use for stands at its default. `where` is put before a key's
    name in errors: "digest." for a file, "--" for the command line.

    Raises:
        QueryError: an unknown key, rhythm or time zone, or a value out of range.

    >>> parse_schedule({"every": "monday, thursday", "at": "7:30"}).weekdays
    (0, 3)
    >>> parse_schedule({}) == WEEKLY
    True
    """
    for key in table:
        if key not in KEYS:
            known = ", ".join(_name(where, each) for each in KEYS)
            near = _near(key, KEYS, lambda each: _name(where, each))
            raise QueryError(f'unknown key "{where}{key}"{near} Known keys: {known}.')
    rhythm = _rhythm(table, where)
    if "day" in table and rhythm.rhythm is not Rhythm.MONTHLY:
        raise QueryError(
            f"{where}day goes with a monthly run only; leave it out, or set "
            f"{where}every to monthly."
        )
    return Schedule(
        rhythm=rhythm.rhythm,
        days=rhythm.days,
        weekdays=rhythm.weekdays,
        day=_number(table, where, "day", WEEKLY.day, (1, 31)),
        at=_at(table, where),
        zone=_zone(table, where),
        jitter=_number(table, where, "jitter", WEEKLY.jitter, (0, MOST_JITTER)),
    )


def zone_of(name: str) -> tzinfo:
    """Return the time zone of an IANA name; UTC for "".

    Raises:
        QueryError: no zone is called so; names the nearest ones.

    >>> zone_of("Europe/Berln")
    Traceback (most recent call last):
    assay.errors.QueryError: "Europe/Berln" is no time zone; did you mean \
"Europe/Berlin"? Write an IANA name such as Europe/Berlin or UTC.
    """
    if name in {"", "UTC"}:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        shown = fold(name)[:40]
        known = available_timezones()
        if not known:
            raise QueryError(
                f'"{shown}" cannot be looked up, for this system has no table of time '
                "zones; install the package tzdata, or write UTC."
            ) from None
        raise QueryError(
            f'"{shown}" is no time zone{_near(shown, known)} Write an IANA name such '
            "as Europe/Berlin or UTC."
        ) from None


def _name(where: str, key: str) -> str:
    return where + (key.replace("_", "-") if where == "--" else key)


def _near(
    written: str, known: Collection[str], shown: Callable[[str], str] = str
) -> str:
    folded = {each.lower(): each for each in sorted(known)}
    near = get_close_matches(written.lower(), folded, n=1)
    return f'; did you mean "{shown(folded[near[0]])}"?' if near else "."


def _text(table: Mapping[str, object], where: str, key: str, usual: str) -> str:
    value = table.get(key, usual)
    if not isinstance(value, str):
        raise QueryError(f"{_name(where, key)} must be a text in quotes.")
    return fold(value)


def _number(
    table: Mapping[str, object], where: str, key: str, usual: int, span: tuple[int, int]
) -> int:
    value, (least, most) = table.get(key, usual), span
    if isinstance(value, bool) or not isinstance(value, int):
        raise QueryError(f"{_name(where, key)} must be a whole number.")
    if not least <= value <= most:
        raise QueryError(
            f"{_name(where, key)} must be from {least} to {most}, but is {value}."
        )
    return value


def _rhythm(table: Mapping[str, object], where: str) -> Schedule:
    """Return a schedule of which the rhythm with its days and weekdays counts."""
    value = table.get("every", "weekly")
    if isinstance(value, list) and value and all(isinstance(v, str) for v in value):
        value = ", ".join(value)
    if not isinstance(value, str):
        raise QueryError(f"{_name(where, 'every')} must be a text in quotes. {_REMEDY}")
    written = fold(value).lower()
    if written in _WORDS:
        return _WORDS[written]
    if span := _SPAN.fullmatch(written):
        days = int(span[1]) * (7 if span[2] == "week" else 1)
        if not 1 <= days <= MOST_DAYS:
            raise QueryError(
                f"{_name(where, 'every')} must be from 1 to {MOST_DAYS} days, but is "
                f"{days}."
            )
        return Schedule(rhythm=Rhythm.DAYS, days=days)
    names = [name.strip() for name in written.split(",")]
    for name in names:
        if name not in DAY_NAMES:
            near = _near(name, (*_WORDS, *DAY_NAMES))
            raise QueryError(
                f'{_name(where, "every")}: "{name[:40]}" is no rhythm{near} {_REMEDY}'
            )
    return Schedule(weekdays=tuple(sorted({DAY_NAMES.index(name) for name in names})))


def _at(table: Mapping[str, object], where: str) -> str:
    written = _text(table, where, "at", WEEKLY.at)
    match = _AT.fullmatch(written)
    if match is None:
        raise QueryError(
            f'{_name(where, "at")}: "{written[:40]}" is no time of day; write it from '
            '"00:00" to "23:59".'
        )
    return f"{int(match[1]):02}:{match[2]}"


def _zone(table: Mapping[str, object], where: str) -> str:
    written = _text(table, where, "time_zone", WEEKLY.zone)
    try:
        zone_of(written)
    except QueryError as error:
        raise QueryError(f"{_name(where, 'time_zone')}: {error}") from error
    return written


def render_schedule(schedule: Schedule) -> str:
    """Return the table [digest] that `parse_schedule` reads back; "" for `WEEKLY`.

    >>> print(render_schedule(Schedule(rhythm=Rhythm.DAYS, days=3, zone="UTC")))
    [digest]
    every = "3 days"
    time_zone = "UTC"
    """
    lines = ["[digest]", f'every = "{_every(schedule)}"']
    if schedule.rhythm is Rhythm.MONTHLY and schedule.day != WEEKLY.day:
        lines.append(f"day = {schedule.day}")
    if schedule.at != WEEKLY.at:
        lines.append(f'at = "{schedule.at}"')
    if schedule.zone:
        lines.append(f"time_zone = {json.dumps(schedule.zone)}")
    if schedule.jitter:
        lines.append(f"jitter = {schedule.jitter}")
    usual = ["[digest]", 'every = "monday"']
    return "" if lines == usual else "\n".join(lines)


def _every(schedule: Schedule) -> str:
    match schedule.rhythm:
        case Rhythm.DAYS:
            return "daily" if schedule.days == 1 else f"{schedule.days} days"
        case Rhythm.WEEKDAYS:
            return ", ".join(DAY_NAMES[each] for each in schedule.weekdays)
        case Rhythm.MONTHLY:
            return "monthly"
        case Rhythm.NEVER:
            return "never"


def say_schedule(schedule: Schedule, zone: str = "") -> str:
    """Return a schedule in words; `zone` is the settings', told where it has none.

    >>> say_schedule(Schedule(zone="Europe/Berlin"))
    'every Monday at 06:00 (Europe/Berlin)'
    >>> say_schedule(Schedule(rhythm=Rhythm.MONTHLY, day=31, jitter=5), "UTC")
    'on the last day of each month at 06:00 (UTC), put off by up to 5 minutes'
    """
    if schedule.rhythm is Rhythm.NEVER:
        return "only when it is named"
    place = schedule.zone or zone
    said = f"{_said(schedule)} at {schedule.at}{f' ({place})' if place else ''}"
    if schedule.jitter:
        minutes = "minute" if schedule.jitter == 1 else "minutes"
        said += f", put off by up to {schedule.jitter} {minutes}"
    return said


def _said(schedule: Schedule) -> str:
    match schedule.rhythm:
        case Rhythm.DAYS:
            return "every day" if schedule.days == 1 else f"every {schedule.days} days"
        case Rhythm.MONTHLY if schedule.day == 31:
            return "on the last day of each month"
        case Rhythm.MONTHLY:
            return f"on day {schedule.day} of each month"
        case _:
            names = [DAY_NAMES[each].capitalize() for each in schedule.weekdays]
            last = names.pop()
            return f"every {', '.join(names)} and {last}" if names else f"every {last}"

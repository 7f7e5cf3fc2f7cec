"""The noun of time: when a saved query is due for the next digest."""

from dataclasses import dataclass
from enum import StrEnum


class Rhythm(StrEnum):
    """How often a query is due."""

    DAYS = "days"
    """Every so many days."""
    WEEKDAYS = "weekdays"
    """On certain days of the week."""
    MONTHLY = "monthly"
    """On one day of each month."""
    NEVER = "never"
    """Only when it is named outright."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a query is due: a rhythm, a time of day where the person lives, a spread."""

    rhythm: Rhythm = Rhythm.WEEKDAYS
    days: int = 7
    """Days from one run to the next, 1 to 366; counts with `Rhythm.DAYS`."""
    weekdays: tuple[int, ...] = (0,)
    """0 (Monday) to 6, ascending, each once; counts with `Rhythm.WEEKDAYS`."""
    day: int = 1
    """Day of the month, 1 to 31, the last one where the month is shorter."""
    at: str = "06:00"
    """Time of day in `zone`, HH:MM."""
    zone: str = ""
    """IANA name, e.g. "Europe/Berlin"; "" for the zone of the settings, else UTC."""
    jitter: int = 0
    """Most minutes that a run is put off, 0 to 720; how many follows from the query's
    name, so that it is the same each time."""


WEEKLY = Schedule()
"""What holds where nothing is said: Mondays."""

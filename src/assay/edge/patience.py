"""How often, and after which wait, a request is tried again."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from assay.errors import SourceDownError


class Patience(NamedTuple):
    """How often and when a request is tried again; all times in seconds."""

    attempts: int = 5
    first: float = 1.0
    """Wait before the second try; doubled with each further one."""
    most: float = 30.0
    jitter: float = 1.0
    """Up to this much is added at random, so that clients do not return together."""
    longest_demand: float = 60.0
    """A service that asks for a longer wait (Retry-After) is given up at once."""
    silences: int = 2
    """So many requests without a single byte in answer, and a service is given up:
    each has cost a person a minute."""


class AskAgainError(Exception):
    """An outcome that is worth another try, after `wait` seconds where given."""

    def __init__(
        self,
        error: SourceDownError,
        wait: float | None = None,
        *,
        silent: bool = False,
    ) -> None:
        super().__init__(str(error))
        self.error, self.wait, self.silent = error, wait, silent


def worth_another_try(error: Exception) -> bool | float:
    """Return whether to try again, or after how many seconds (stamina's hook).

    >>> worth_another_try(ValueError())
    False
    """
    if not isinstance(error, AskAgainError):
        return False
    return True if error.wait is None else error.wait


def seconds_demanded(retry_after: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for; None for none.

    It holds a number of seconds or a date (RFC 9110, section 10.2.3).

    >>> from datetime import UTC
    >>> now = datetime(2026, 1, 1, tzinfo=UTC)
    >>> seconds_demanded("2", now), seconds_demanded("soon", now)
    (2.0, None)
    >>> seconds_demanded("Thu, 01 Jan 2026 00:01:00 GMT", now)
    60.0
    """
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
        return max(0.0, (moment - now).total_seconds())
    except (TypeError, ValueError):
        return None


def say_wait(seconds: float) -> str:
    """Return a time to wait in words, in minutes or, from two hours on, in hours.

    >>> say_wait(90), say_wait(54_000)
    ('2 minutes', '15 hours')
    """
    if seconds < 7_200:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.0f} hours"

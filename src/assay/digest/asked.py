"""The nouns of asking: the window of a query, how far it got, what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Window(NamedTuple):
    """Which records a query asks for in one run."""

    first: str
    """The day (YYYY/MM/DD) from which records created are asked for, overlap
    included."""
    began: str
    """The day from which the query is followed at all: the first run's `first`."""


class Mark(NamedTuple):
    """How far a query has been asked of one source."""

    query: str
    """Name of the saved query."""
    source: str
    text: str
    """The query's words as they were asked; others are asked anew from `began`."""
    began: str
    """Day, YYYY/MM/DD: as `Window.began`."""
    until: str
    """ISO time up to which it was asked with success; "" when it never was."""
    tried: str
    """ISO time of the last try."""
    problem: str = ""
    """Why the last try failed; "" when it did not."""
    slot: str = ""
    """ISO time of the slot (`due.Due.slot`) that the last try served; "" when none is
    known."""
    read_to: int = 0
    """Where the library was asked, the number of its newest record then; else 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came of asking one source one query in one run."""

    query: str
    source: str
    window: Window
    text: str
    """The query's own words (its window is not in them)."""
    started: str
    """ISO time; becomes `Mark.until` where nothing failed."""
    failed: bool = False
    problem: str = ""
    """Why it failed or what did not come, in one sentence; "" when all came."""
    found: int | None = None
    """Records in the window; None when it failed."""
    new: int = 0
    already: int = 0
    """Of those found, records that were sent before."""
    requests: int = 0
    credits: int = 0
    made_up: str = ""
    """Day since which it had not been asked with success, where an earlier run had
    failed: this one made up for the gap."""
    read_to: int = 0
    """Where the library was asked, the number of its newest record; else 0."""

    @property
    def whole(self) -> bool:
        """Whether everything was asked and came, so that the mark may move."""
        return not self.failed and not self.problem


def count_found(asked: Sequence[Asked]) -> int:
    """Return how many records were found, as each source counted them.

    >>> count_found([])
    0
    """
    return sum(each.found or 0 for each in asked)

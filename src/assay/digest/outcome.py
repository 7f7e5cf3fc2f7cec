"""The nouns of what a run changes, and of what was delivered before."""

from dataclasses import dataclass
from typing import NamedTuple

from assay.digest.asked import Asked, Mark
from assay.digest.model import Digest, Use, Weighing, Work
from assay.notice import StandingReport


class Sent(NamedTuple):
    """One name under which a work was delivered for a query."""

    work: str
    """Key of the work."""
    digest: int
    day: str
    """YYYY-MM-DD."""
    preprint: bool


class Delivered(NamedTuple):
    """A work that a digest delivers for a query: each of its names is noted."""

    query: str
    work: Work


class Used(NamedTuple):
    """A work with one place where it was used."""

    work: Work
    use: Use
    told: StandingReport | None = None
    """What was said of its standing there: no news later. None where nothing was. It
    is kept with the work's first use only: a reader of that one has yet to hear what
    was said at a later one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """All that one run changes, written together or not at all."""

    digest: Digest | None = None
    """None when there is nothing to tell, e.g. a retry that failed again."""
    channels: tuple[str, ...] = ()
    """Where the digest is to go."""
    asked: tuple[Asked, ...] = ()
    marks: tuple[Mark, ...] = ()
    delivered: tuple[Delivered, ...] = ()
    weighings: tuple[Weighing, ...] = ()
    used: tuple[Used, ...] = ()
    standings: tuple[tuple[str, StandingReport], ...] = ()
    """(key of a work, what is known of it now)."""
    checked: str = ""
    """ISO time at which the standings were asked for."""
    notes: tuple[tuple[str, str], ...] = ()


class Parcel(NamedTuple):
    """A digest on its way to one channel."""

    digest: int
    channel: str
    state: str
    """"pending" or "sent"."""
    tries: int = 0
    next_try: str = ""
    """ISO time before which it is not tried again."""
    problem: str = ""
    place: str = ""
    sent: str = ""
    """ISO time; "" when not yet."""

"""The outbox, emptied: each parcel that is due goes to its channel, once.

A parcel is noted as sent after it was handed over. Killed between the two, the next run
hands it over again, under the same file name or Message-ID.
"""

import logging
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from traceback import format_tb
from uuid import uuid4

from assay.digest.outcome import Parcel
from assay.edge.channels import (
    CHANNELS,
    PartlyHandedOverError,
    Place,
    Post,
    open_channel,
)
from assay.edge.outbox import note_sent, note_unsent, read_parcels
from assay.edge.secrets import environ_secrets, hide_words
from assay.edge.watch_file import read_note, write_note
from assay.errors import AssayError, DeliveryError
from assay.search import Problem

LOG = logging.getLogger(__name__)

FIRST_WAIT = timedelta(hours=1)
"""Before the second try; doubled with each further one."""
LONGEST_WAIT = timedelta(days=1)
"""Also what is waited where trying again does not help by itself."""
WORKSPACE = "workspace"
"""The note that holds the workspace's id."""


class NotSetUpError(DeliveryError):
    """A channel lacks a setting: looking again costs nothing."""


def hand_over(
    state: Path,
    post_of: Callable[[int], Post],
    place: Place,
    now: datetime,
    *,
    only: Collection[str] = (),
    at_once: bool = False,
    renew: Callable[[], object] = lambda: None,
) -> tuple[Problem, ...]:
    """Hand over every parcel that is due, the oldest first; tell what did not go.

    Whatever goes wrong with one parcel, the others go on.

    Args:
        state: cache/state.db.
        post_of: gives what a channel needs for the digest of a number.
        only: names of the channels to hand over to; () for all.
        at_once: also what is not yet to be tried again.
        renew: called before each parcel, of which one may take three minutes.

    Raises:
        StoreError: the outbox cannot be read.
    """
    parcels = [
        parcel
        for parcel in read_parcels(state)
        if (not only or parcel.channel in only)
        and (at_once or _has_come(parcel.next_try, now))
    ]
    if parcels:
        place = place._replace(workspace=place.workspace or read_workspace_id(state))
    problems: list[Problem] = []
    for parcel in sorted(parcels, key=lambda parcel: parcel.digest):
        renew()
        problems += _send(state, parcel, post_of, place, now)
    return tuple(problems)


def read_workspace_id(state: Path) -> str:
    """Return the id of a workspace, which is drawn when it is first asked for.

    Raises:
        StoreError: it cannot be kept.
    """
    known = read_note(state, WORKSPACE)
    if not known:
        known = str(uuid4())
        write_note(state, WORKSPACE, known)
    return known


def find_next_try(tries: int, error: DeliveryError, now: datetime) -> datetime | None:
    """Return when a parcel is tried again that was tried so often before.

    None for at the next run: only a setting lacks. Else after an hour, then two, four …
    at most a day; a day where something must be changed first; later where the other
    side asks for that, but within a day.

    >>> from datetime import UTC
    >>> now = datetime(2026, 1, 1, tzinfo=UTC)
    >>> [find_next_try(n, DeliveryError("x"), now).hour for n in range(4)]
    [1, 2, 4, 8]
    >>> find_next_try(0, DeliveryError("x", lasting=True), now).day
    2
    """
    if isinstance(error, NotSetUpError):
        return None
    if error.lasting:
        return now + LONGEST_WAIT
    own = FIRST_WAIT * (1 << min(tries, 10))
    asked = min(error.wait, LONGEST_WAIT.total_seconds())
    return now + min(max(own, timedelta(seconds=asked)), LONGEST_WAIT)


def _has_come(time: str, now: datetime) -> bool:
    """Say whether a time is past; one beyond any wait was set by another clock."""
    if not time:
        return True
    due = datetime.fromisoformat(time)
    return due <= now or due > now + LONGEST_WAIT


def _send(
    state: Path,
    parcel: Parcel,
    post_of: Callable[[int], Post],
    place: Place,
    now: datetime,
) -> Iterator[Problem]:
    """Hand one parcel over and note what came of it; yield what went wrong."""
    try:
        where = _deliver(parcel, post_of, place)
    except PartlyHandedOverError as error:
        yield _problem(parcel, _inert(error, place))
        yield from _noted(parcel, note_sent, state, error.place, now)
    except DeliveryError as error:
        again = find_next_try(parcel.tries, error, now)
        told = _inert(error, place)
        yield _problem(parcel, told, _say_next(again))
        yield from _noted(parcel, note_unsent, state, told, again)
    else:
        yield from _noted(parcel, note_sent, state, where, now)


def _give(parcel: Parcel, post_of: Callable[[int], Post], place: Place) -> str:
    """Give a parcel to its channel, if there is one and it is set up."""
    if parcel.channel not in CHANNELS:
        raise DeliveryError(
            f"This assay knows no such channel; there are {', '.join(CHANNELS)}. "
            "Update assay.",
            lasting=True,
        )
    channel = open_channel(parcel.channel)
    if missing := channel.check(place):
        raise NotSetUpError(missing)
    return channel.deliver(post_of(parcel.digest), place)


def _deliver(parcel: Parcel, post_of: Callable[[int], Post], place: Place) -> str:
    """Return where a parcel went; every other outcome is a DeliveryError."""
    try:
        return _give(parcel, post_of, place)
    except DeliveryError:
        raise
    except AssayError as error:  # the digest that is kept cannot be read
        raise DeliveryError(str(error)) from error
    except Exception as error:
        # Its own words are told nowhere: they might quote a password.
        kind = type(error).__name__
        trace = "".join(format_tb(error.__traceback__))
        LOG.debug("%s in the channel %s\n%s", kind, parcel.channel, trace)
        raise DeliveryError(
            f"It failed in a way that was not foreseen ({kind}), which is a mistake in "
            "assay: please report it."
        ) from None


def _noted(
    parcel: Parcel,
    note: Callable[[Path, int, str, str, str], None],
    state: Path,
    told: str,
    when: datetime | None,
) -> Iterator[Problem]:
    """Note what came of a parcel; yield that this cannot be done."""
    time = when.isoformat(timespec="seconds") if when else ""
    try:
        note(state, parcel.digest, parcel.channel, told, time)
    except AssayError as error:
        what = f"What came of it cannot be noted, so that it is made again: {error}"
        yield _problem(parcel, what)


def _say_next(again: datetime | None) -> str:
    if again is None:
        return "It goes with the next run after that."
    return f"It is tried again from {again:%Y-%m-%d %H:%M} {again:%Z} on."


def _inert(error: DeliveryError, place: Place) -> str:
    """Return what an error says; the channels hide secrets, here it is made sure."""
    secrets = environ_secrets(place.environ)
    return hide_words(str(error), (*secrets, *place.settings.people()))


def _problem(parcel: Parcel, what: str, what_to_do: str = "") -> Problem:
    where = f"digest {parcel.digest} by {parcel.channel}"
    return Problem(where=where, what=what.removesuffix("."), what_to_do=what_to_do)

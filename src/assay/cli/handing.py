"""Handing over: what lies in the outbox goes to its channels, and what came of it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import NamedTuple

from assay.cli.digest_wanted import LEASE, find_place
from assay.cli.opening import open_records
from assay.cli.session import Session
from assay.digest.model import Digest
from assay.digest.outcome import Outcome, Parcel
from assay.edge.channels import Place, Post
from assay.edge.hand_over import hand_over
from assay.edge.lease import Lease, hold_lease, read_holder
from assay.edge.ledger import read_digest, read_digests, read_headings
from assay.edge.outbox import read_parcels
from assay.errors import StoreError
from assay.search import Problem

Clock = Callable[[], datetime]


class Made(NamedTuple):
    """What came of a run."""

    digest: Digest | None = None
    parcels: tuple[Parcel, ...] = ()
    """Where it went, and where it did not yet; in a dry run, where it would go."""
    problems: tuple[Problem, ...] = ()
    """What could not be handed over."""
    holder: str = ""
    """Who else is running one; "" when nobody is."""
    next_run: str = ""
    """ISO time; "" when nothing is scheduled."""

    @property
    def partial(self) -> bool:
        """Whether something was not searched, asked or delivered."""
        return bool(self.problems) or bool(self.digest and self.digest.problems)


def handed(
    session: Session,
    place: Place,
    outcome: Outcome,
    now: datetime,
    lease: Lease | None,
) -> Made:
    """Hand the digest of an outcome over, and tell where it went; nothing unleased."""
    digest = outcome.digest
    assert digest is not None
    if lease is None:
        parcels = (Parcel(digest.number, name, "pending") for name in outcome.channels)
        return Made(digest, tuple(parcels), next_run=digest.next_run)
    problems = hand_out(session, place, now, lease)
    every = read_parcels(session.workspace.state_db, pending=False)
    mine = tuple(parcel for parcel in every if parcel.digest == digest.number)
    return Made(digest, mine, problems, next_run=digest.next_run)


def resend(session: Session, now: Clock) -> Made:
    """Hand over what lies in the outbox, also what was to be tried again later.

    Raises:
        StoreError: the outbox cannot be read.
    """
    state = session.workspace.state_db
    place = find_place(session, session.workspace.root)
    waiting = {(parcel.digest, parcel.channel) for parcel in read_parcels(state)}
    with hold_lease(state, LEASE, now=now) as lease:
        if lease is None:
            return Made(holder=str(read_holder(state, LEASE) or "another process"))
        problems = hand_out(session, place, now(), lease, at_once=True)
    every = read_parcels(state, pending=False)
    gone = tuple(each for each in every if (each.digest, each.channel) in waiting)
    return Made(parcels=gone, problems=problems)


def hand_out(
    session: Session,
    place: Place,
    now: datetime,
    lease: Lease,
    *,
    at_once: bool = False,
) -> tuple[Problem, ...]:
    """Hand over what lies in the outbox; return what could not be."""
    state = session.workspace.state_db
    library = partial(open_records, session)

    def post_of(number: int) -> Post:
        digest = read_digest(state, number)
        if digest is None:
            raise StoreError(f"Digest {number} is not in {state} any more.")
        return Post(
            digest=digest,
            past=partial(read_digests, state),
            headings=partial(read_headings, state),
            record=lambda key: library().get(key),
        )

    return hand_over(state, post_of, place, now, at_once=at_once, renew=lease.renew)

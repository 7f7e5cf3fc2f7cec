"""`assay digest --status`: when each query last ran, what came of it, what is next."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from assay.cli.asking_due import LIBRARY
from assay.cli.digest_wanted import LEASE, Wanted, choose_queries
from assay.cli.session import NOT_ALL, Session
from assay.cli.watch_search import WATCH
from assay.digest.asked import Asked, Mark
from assay.digest.due import next_run
from assay.edge.lease import is_held, read_holder
from assay.edge.ledger import last_asks, read_headings, read_marks
from assay.edge.outbox import read_parcels
from assay.edge.process import this_process
from assay.edge.used_works import count_works
from assay.edge.watch_file import read_watched
from assay.output.digest_status import (
    QueryStatus,
    Status,
    render_status,
    render_status_json,
)
from assay.query.schedules import say_schedule
from assay.search import Query, SavedQuery

LOOKED_AT = "watched claims and works used before"
"""What is looked at in each run, and at least weekly, though no file names it."""


def show_status(session: Session, names: Sequence[str], *, offline: bool) -> int:
    """Show how the digests stand; return 3 where something failed or lies undelivered.

    names: the only queries that are shown; all where none is named.
    offline: what is due when nobody but the library is asked.
    """
    now = datetime.now(UTC)
    status = _status(session, names, now, offline=offline)
    if session.as_json:
        session.write(render_status_json(status))
    else:
        session.write(render_status(status, now))
    failed = any(a.failed or a.problem for q in status.queries for a in q.asked)
    unsent = any(parcel.tries for parcel in status.parcels)
    return NOT_ALL if failed or unsent or status.problems else 0


def _status(
    session: Session, names: Sequence[str], now: datetime, *, offline: bool
) -> Status:
    state = session.workspace.state_db
    chosen, problems = choose_queries(session, Wanted(names=tuple(names)))
    claims, works = len(read_watched(state)), count_works(state)
    saved = list(chosen)
    if (claims or works) and not names:
        saved.append(SavedQuery(name=WATCH, query=Query(text=WATCH)))
    if offline:
        saved = [replace(one, sources=(LIBRARY,)) for one in saved]
    marks, asks = read_marks(state), last_asks(state)
    zone = session.settings.digest.time_zone
    holder = read_holder(state, LEASE)
    held = holder is not None and is_held(holder, now, this_process())
    return Status(
        queries=tuple(_of_query(each, marks, asks, now, zone) for each in saved),
        digests=read_headings(state),
        parcels=read_parcels(state),
        claims=claims,
        works=works,
        holder=str(holder) if held else "",
        problems=problems,
    )


def _of_query(
    saved: SavedQuery,
    marks: Sequence[Mark],
    asks: Sequence[Asked],
    now: datetime,
    zone: str,
) -> QueryStatus:
    soon = next_run([saved], marks, now, zone)
    own = [mark.tried for mark in marks if mark.query == saved.name]
    return QueryStatus(
        name=saved.name if saved.name != WATCH else LOOKED_AT,
        schedule=say_schedule(saved.schedule, zone),
        next_run=soon.isoformat(timespec="seconds") if soon else "",
        tried=max(own, default=""),
        asked=tuple(each for each in asks if each.query == saved.name),
    )

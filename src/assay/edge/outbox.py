"""The digests that are still to be handed over, one parcel a channel, and those sent.

A parcel is noted as sent after it was handed over. A run that is killed between the two
hands it over again, which each channel makes harmless.
"""

from pathlib import Path

from assay.digest.outcome import Parcel
from assay.edge.state_file import open_state, read_state
from assay.edge.state_values import cells


def read_parcels(path: Path, *, pending: bool = True) -> tuple[Parcel, ...]:
    """Return the parcels, those of the oldest digest first; () without a file.

    Args:
        path: cache/state.db of the workspace.
        pending: only those that are still to be handed over.

    Raises:
        StoreError: the file cannot be read, or is damaged.
    """
    sql = f"""SELECT {", ".join(Parcel._fields)} FROM outbox
        WHERE ? OR state = 'pending' ORDER BY digest, channel"""
    with read_state(path, since=2) as db:
        rows = db.execute(sql, (not pending,)).fetchall() if db else ()
    return tuple(Parcel(*row) for row in rows)


def note_sent(path: Path, digest: int, channel: str, place: str, when: str) -> None:
    """Note that a parcel was handed over; the first time counts.

    Args:
        path: cache/state.db of the workspace.
        digest: its number.
        channel: name in the registry of channels.
        place: where it went, for people; "" when there is nothing to say.
        when: ISO time.

    Raises:
        StoreError: the file cannot be written.
    """
    sql = """UPDATE outbox SET state = 'sent', tries = tries + 1, next_try = '',
        problem = '', place = ?, sent = ?
        WHERE digest = ? AND channel = ? AND state = 'pending'"""
    with open_state(path) as db:
        db.execute(sql, cells(place, when, digest, channel))


def note_unsent(
    path: Path, digest: int, channel: str, problem: str, next_try: str
) -> None:
    """Note that a parcel could not be handed over; one that was sent stays sent.

    Args:
        path: cache/state.db of the workspace.
        digest: its number.
        channel: name in the registry of channels.
        problem: why, in one sentence.
        next_try: ISO time before which it is not tried again; "" for at once.

    Raises:
        StoreError: the file cannot be written.
    """
    sql = """UPDATE outbox SET tries = tries + 1, next_try = ?, problem = ?
        WHERE digest = ? AND channel = ? AND state = 'pending'"""
    with open_state(path) as db:
        db.execute(sql, cells(next_try, problem, digest, channel))

"""Whether watched claims are to be weighed again: a quiet week loads nothing for it.

searched for ─► library moved? assay, words or notices other than last? ─► weighed again
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module

from assay import __version__
from assay.cli.opening import open_records
from assay.cli.progress import Progress
from assay.cli.session import Session
from assay.cli.watch_search import WATCH, search_watched
from assay.digest.asked import Asked, Mark
from assay.digest.model import Bearing, Move, Quote, Watched, Weighing
from assay.digest.outcome import Used
from assay.edge.store import Library
from assay.edge.watch_file import read_note
from assay.notice import StandingReport
from assay.search import Problem
from assay.sources.base import Getter

NOTE = "weighed"
"""Name of the note that tells with what the claims were weighed last."""
WEIGHING = "assay.cli.weighing"
"""Loaded when it is used: it brings the index, the encoder and the reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What came of looking at the watched claims again."""

    weighings: tuple[Weighing, ...] = ()
    """Those that tell something else than the last ones."""
    moves: tuple[Move, ...] = ()
    bearings: Mapping[str, tuple[Bearing, ...]] = field(default_factory=dict)
    """What works say of the claims, by every name of a work."""
    sentences: Mapping[str, Quote] = field(default_factory=dict)
    asked: tuple[Asked, ...] = ()
    """One for each source that was searched; `digest.news.move_mark` takes it."""
    used: tuple[Used, ...] = ()
    """The works that new weighings rest on."""
    problems: tuple[Problem, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    """For the outcome: with what the claims were weighed."""
    claims: int = 0


def look_at_watched(
    session: Session,
    watched: Sequence[Watched],
    last: Mapping[int, Weighing],
    *,
    now: datetime,
    getter: Getter | None = None,
    marks: Sequence[Mark] = (),
    sources: Sequence[str] = ("pubmed",),
    since: str = "",
    standings: Mapping[str, StandingReport] = {},
    fell: bool = False,
    number: int = 0,
    name: str = WATCH,
    tell: Progress = lambda _done, _total, _what: None,
) -> Weighed:
    """Search for the claims, and weigh them again where anything moved.

    Args:
        watched: the claims.
        last: their last weighings, by `Watched.id`.
        now: the time of the run.
        getter: the way to the services; None offline.
        marks: how far the searches for claims had got, among others.
        sources: names of those that are searched.
        since: day from which to search, YYYY[/MM[/DD]]; "" to go on from the marks.
        standings: what was learned in this run of works, by any of their names.
        fell: whether a notice came to be known, so that all is weighed in any case.
        number: of the digest that tells it.
        name: under which the searches have their marks.
        tell: told how far it is.

    Raises:
        StoreError: the library cannot be read.
    """
    if not watched:
        return Weighed()
    library = open_records(session)
    news = search_watched(
        library,
        watched,
        last,
        getter,
        marks,
        now=now,
        sources=sources,
        since=since,
        name=name,
    )
    gate = find_gate(session, library, watched)
    closed = not fell and all(one.id in last for one in watched)
    if closed and read_note(session.workspace.state_db, NOTE) == gate:
        return Weighed(asked=news.asked, problems=news.problems, claims=len(watched))
    weighed: Weighed = import_module(WEIGHING).weigh_watched(
        session,
        watched,
        last,
        now=now,
        getter=None if news.nobody_answers else getter,
        standings=standings,
        number=number,
        tell=tell,
    )
    return Weighed(
        weighings=weighed.weighings,
        moves=weighed.moves,
        bearings=weighed.bearings,
        sentences=weighed.sentences,
        asked=news.asked,
        used=weighed.used,
        problems=news.problems + weighed.problems,
        notes=() if weighed.problems else ((NOTE, gate),),
        claims=len(watched),
    )


def find_gate(session: Session, library: Library, watched: Sequence[Watched]) -> str:
    """Return with what the claims are weighed now: as long as it stays, verdicts do."""
    own = session.workspace.vocabulary
    words = own.read_bytes() if own.is_file() else b""
    claims = ",".join(str(one.id) for one in watched)
    parts = (
        library.name(),
        str(library.last_seq()),
        __version__,
        hashlib.sha256(words).hexdigest()[:16],
        hashlib.sha256(claims.encode()).hexdigest()[:16],
    )
    return " ".join(parts)

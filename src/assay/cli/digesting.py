"""One run of the digest, from what is due to what is handed over.

due queries ─► asked ─► news ─► items ┐
watched claims ─► weighed again ─► moves ├─► outcome ─► state.db ─► channels
works used before ─► asked about ─► fallen ┘

Nothing is changed before the outcome is written, and that is done whole or not at all.
A run that is killed before is made again; one killed after is handed over by the next.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from assay.cli.asking_due import LIBRARY, Asking, ask_due
from assay.cli.digest_wanted import (
    LEASE,
    NOTHING_SAVED,
    Wanted,
    choose_channels,
    choose_queries,
    find_place,
    follows,
)
from assay.cli.fetching import open_fetcher
from assay.cli.handing import Clock, Made, hand_out, handed
from assay.cli.noticing import Noticed, Tally, ask_about_used
from assay.cli.opening import open_records
from assay.cli.progress import Progress, show_progress
from assay.cli.session import Session
from assay.cli.watch_search import WATCH
from assay.cli.weighing_gate import Weighed, look_at_watched
from assay.digest.asked import Asked, Mark
from assay.digest.due import Due, find_due, next_run
from assay.digest.gather import (
    QueryNews,
    Said,
    deliver,
    gather_items,
    use_items,
)
from assay.digest.model import Digest, Item, Receipt
from assay.digest.outcome import Outcome
from assay.digest.windows import move_mark
from assay.edge.lease import Lease, hold_lease, read_holder
from assay.edge.ledger import (
    next_number,
    read_marks,
    write_outcome,
)
from assay.edge.store import Library
from assay.edge.used_works import count_works, read_uses, read_works
from assay.edge.watch_file import last_weighings, read_watched
from assay.errors import UsageError
from assay.search import Problem, Query, SavedQuery
from assay.sources.base import Getter


def run_digest(
    session: Session, wanted: Wanted, now: Clock, *, folder: Path | None = None
) -> Made:
    """Make a digest of what is due, and hand it over.

    folder: the workspace that files are written to, where it is not the session's own.

    Raises:
        UsageError: a name, a channel or a setting is not right; nothing was done.
        StoreError: what was done cannot be kept, or what is kept cannot be read.
    """
    state = session.workspace.state_db
    place = find_place(session, folder or session.workspace.root)
    channels = choose_channels(wanted.to, place)
    chosen = choose_queries(session, wanted)
    with hold_lease(state, LEASE, now=now) as lease:
        if lease is None:
            return Made(holder=str(read_holder(state, LEASE) or "another process"))
        late = () if wanted.dry else hand_out(session, place, now(), lease)
        run = _Run(session, wanted, now(), lease, chosen)
        outcome = run.outcome(channels, late)
        if outcome is None:
            soon = run.next_run(run.marks)
            # where nothing ever comes due, no digest will tell of a file that is none
            return Made(problems=late if soon else (*late, *run.unread), next_run=soon)
        write_outcome(state, outcome, lease=lease)
        if outcome.digest is None:
            marks = read_marks(state)
            return Made(problems=_failures(outcome), next_run=run.next_run(marks))
        return handed(session, place, outcome, now(), None if wanted.dry else lease)


def _failures(outcome: Outcome) -> tuple[Problem, ...]:
    """Return what failed again, of which no digest is made: one told of it before."""
    told = (each.problem or "The search failed" for each in outcome.asked)
    return tuple(Problem(where="digest", what=each) for each in dict.fromkeys(told))


def _say_nothing_saved(unread: Sequence[Problem]) -> str:
    """Return why nothing can ever be due: no query is there, or none can be read."""
    told = " ".join(f"{one.what} {one.what_to_do}".rstrip() for one in unread)
    return f"No saved query can be read. {told}" if told else NOTHING_SAVED


# --- one run --------------------------------------------------------------------------


class _Run:
    """What one run knows: who asks for what, when, and how far all had got before."""

    def __init__(
        self,
        session: Session,
        wanted: Wanted,
        now: datetime,
        lease: Lease,
        chosen: tuple[tuple[SavedQuery, ...], tuple[Problem, ...]],
    ) -> None:
        self.session, self.wanted, self.now, self.lease = session, wanted, now, lease
        self.state = session.workspace.state_db
        self.settings = session.settings.digest
        self.marks = read_marks(self.state)
        self.watched = read_watched(self.state)
        self.works = count_works(self.state)
        self.sources = (LIBRARY,) if wanted.offline else ("pubmed",)
        saved, self.unread = chosen
        self.saved = [self._asked(one) for one in saved]
        if self.watched or self.works:
            watch = SavedQuery(name=WATCH, query=Query(text=WATCH))
            self.saved.append(self._asked(watch))

    def _asked(self, saved: SavedQuery) -> SavedQuery:
        """Return a query with the sources that it is asked of in this run."""
        return replace(saved, sources=(LIBRARY,)) if self.wanted.offline else saved

    def next_run(self, marks: Sequence[Mark]) -> str:
        """Return when something is due again, as ISO time; "" when nothing ever is."""
        soon = next_run(self.saved, marks, self.now, zone=self.settings.time_zone)
        return soon.isoformat(timespec="seconds") if soon else ""

    def outcome(
        self, channels: tuple[str, ...], late: tuple[Problem, ...]
    ) -> Outcome | None:
        """Return all that this run changes; None when nothing is due.

        Raises:
            UsageError: there is nothing that could ever be due.
        """
        if not self.saved:
            raise UsageError(_say_nothing_saved(self.unread))
        due = find_due(
            self.saved,
            self.marks,
            self.now,
            zone=self.settings.time_zone,
            every=self.wanted.every or bool(self.wanted.since),
        )
        if not due:
            return None
        with show_progress(self.session, "Making the digest", lanes=True) as tell:
            return self._made(due, channels, late, tell)

    def _made(
        self,
        due: Sequence[Due],
        channels: tuple[str, ...],
        late: tuple[Problem, ...],
        tell: Progress,
    ) -> Outcome:
        fetcher = (
            None
            if self.wanted.offline
            else open_fetcher(self.session, refresh=True, record=False)
        )
        tally = Tally(fetcher) if fetcher else None
        library = open_records(self.session)
        asking = Asking(
            session=self.session,
            library=library,
            getter=tally,
            now=self.now,
            since=self.wanted.since,
            marks={(mark.query, mark.source): mark for mark in self.marks},
        )
        queries = [one for one in due if one.saved.name != WATCH]
        news = tuple(ask_due(asking, queries, tell, self.lease.renew))
        looks = len(queries) < len(due) or not all(one.retry for one in due)
        number = next_number(self.state)
        noticed, weighed = Noticed(), Weighed()
        if looks:
            noticed = self._notice(library, tally, tell)
            weighed = self._weigh(tally, noticed, number, tell)
        looked = _Looked(news, noticed, weighed, late, tally, looks=looks)
        return self._close(looked, due, channels, number)

    def _renewing(self, tell: Progress) -> Progress:
        """Return what tells how far it is, and that this run is alive.

        Thousands of works, or hundreds of new studies, take longer than a lease lasts.
        """

        def told(done: int, total: int, what: str) -> None:
            self.lease.renew()
            tell(done, total, what)

        return told

    def _notice(
        self, library: Library, getter: Getter | None, tell: Progress
    ) -> Noticed:
        """Return what is known now of all that was used before."""
        return ask_about_used(
            partial(read_works, self.state),
            getter,
            library=library,
            uses=partial(read_uses, self.state),
            tell=self._renewing(tell),
        )

    def _weigh(
        self, getter: Getter | None, noticed: Noticed, number: int, tell: Progress
    ) -> Weighed:
        """Return the watched claims as they are weighed now."""
        self.lease.renew()
        return look_at_watched(
            self.session,
            self.watched,
            last_weighings(self.state),
            now=self.now,
            getter=getter,
            marks=self.marks,
            sources=self.sources,
            since=self.wanted.since,
            standings=dict(noticed.standings),
            fell=bool(noticed.fallen),
            number=number,
            tell=self._renewing(tell),
        )

    def _close(
        self,
        looked: "_Looked",
        due: Sequence[Due],
        channels: tuple[str, ...],
        number: int,
    ) -> Outcome:
        """Return the outcome of a run that has looked at everything."""
        marks = self._marks(looked, due)
        asked = looked.asked
        if not looked.looks and not any(each.whole for each in asked):
            return Outcome(asked=asked, marks=marks)  # told when it failed first
        later = {(mark.query, mark.source): mark for mark in (*self.marks, *marks)}
        made = self.now.astimezone(UTC).isoformat(timespec="seconds")
        items = self._with_past(
            gather_items(
                looked.news,
                Said(bearings=looked.weighed.bearings, quotes=looked.weighed.sentences),
            )
        )
        digest = Digest(
            number=number,
            made=made,
            title=self.settings.title,
            queries=tuple(one.query for one in looked.news),
            fallen=looked.noticed.fallen,
            moves=looked.weighed.moves,
            items=items,
            problems=tuple(dict.fromkeys((*self.unread, *looked.problems))),
            receipt=looked.receipt(),
            offline=self.wanted.offline,
            next_run=self.next_run(tuple(later.values())),
        )
        return Outcome(
            digest=digest,
            channels=channels,
            asked=asked,
            marks=marks,
            delivered=deliver(looked.news),
            weighings=looked.weighed.weighings,
            used=(*use_items(items, number, made[:10]), *looked.weighed.used),
            standings=looked.noticed.standings,
            checked=made,
            notes=(*looked.weighed.notes, *self._followed()),
        )

    def _with_past(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        """Return the items with the day on which another query had brought them."""
        told = []
        for item in items:
            uses = read_uses(self.state, item.work.key)
            days = [use.when for use in uses if use.kind == "digest"]
            day = item.told_before or next(iter(days), "")
            told.append(replace(item, told_before=day))
        return tuple(told)

    def _followed(self) -> Iterator[tuple[str, str]]:
        """Yield the notes that queries were named: they take part from now on."""
        for name in self.wanted.names:
            yield follows(name), self.now.date().isoformat()

    def _marks(self, looked: "_Looked", due: Sequence[Due]) -> tuple[Mark, ...]:
        """Return how far everything that was asked is asked now."""
        known = {(mark.query, mark.source): mark for mark in self.marks}
        slots = {one.saved.name: one.slot for one in due}
        moved = [
            move_mark(
                known.get((a.query, a.source)), a, self.now, slots.get(a.query, "")
            )
            for a in looked.asked
        ]
        if looked.looks and not looked.weighed.asked:
            moved += self._looked_marks(slots.get(WATCH, ""))
        return tuple(moved)

    def _looked_marks(self, slot: str) -> Iterator[Mark]:
        """Yield that claims and works were looked at, where nobody was searched."""
        when = self.now.astimezone(UTC).isoformat(timespec="seconds")
        day = when[:10].replace("-", "/")
        for source in self.sources:
            yield Mark(WATCH, source, WATCH, day, when, when, "", slot)


class _Looked(NamedTuple):
    """All that a run has seen."""

    news: tuple[QueryNews, ...]
    noticed: Noticed
    weighed: Weighed
    late: tuple[Problem, ...]
    """What of earlier digests could not be handed over."""
    tally: Tally | None
    looks: bool
    """False when only queries that had failed were asked again."""

    @property
    def asked(self) -> tuple[Asked, ...]:
        queries = (each for one in self.news for each in one.asked)
        return (*queries, *self.weighed.asked)

    @property
    def problems(self) -> tuple[Problem, ...]:
        queries = (each for one in self.news for each in one.problems)
        return (*queries, *self.weighed.problems, *self.noticed.problems, *self.late)

    def receipt(self) -> Receipt:
        """Return what was done, in figures."""
        return Receipt(
            asked=self.asked,
            claims=self.weighed.claims,
            works=self.noticed.works,
            unknown=self.noticed.unknown,
            unknown_since=self.noticed.unknown_since,
            left=self.noticed.left,
            requests=self.tally.requests if self.tally else 0,
            credits=self.tally.credits if self.tally else 0,
        )

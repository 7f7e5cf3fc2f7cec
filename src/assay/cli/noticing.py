"""Asks whether works that were cited or sent before have a notice on them now.

works used ─► twenty at a time ─► PubMed, Crossref, OpenAlex ─► what is news

Twenty records are held at a time, so that a quiet run stays small however many works
there are. A service that is down is given up for the rest of the run.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from threading import Lock
from typing import NamedTuple
from urllib.parse import urlsplit

from assay.cli.keeping import renew_known
from assay.digest.fallen import Known, find_fallen, is_unknown, keep_known
from assay.digest.model import Fallen, Use, Work
from assay.edge.side_by_side import run_side_by_side
from assay.edge.store import Library
from assay.edge.used_works import UsedWork
from assay.errors import NotRecordedError, SourceDownError, SourceError
from assay.library.notices import check_standings, find_problems
from assay.library.standing import decide_standing, own_signal
from assay.notice import Check, Standing, StandingReport
from assay.record import Record
from assay.search import Problem
from assay.sources.base import Answer, Getter, Judge, Request
from assay.sources.notices import GIVE_UP_AFTER

MOST_ASKED = 5_000
"""Works asked about in one run. A thousand take 150 requests in lists, and one each of
OpenAlex's free look-ups: two to three minutes at the pace that Crossref allows without
an e-mail address. What is beyond has its turn in the next runs, those asked longest ago
first."""

AT_ONCE = 20
"""Works asked about together: a whole list of Crossref's. Twenty records with long
reference lists take some three megabytes, a hundred fourteen."""

WHAT = "Asking for notices on works used before"

Works = Callable[[], Iterable[UsedWork]]
"""Read every work that was used; called twice, so that none need be held."""
UsesOf = Callable[[str], tuple[Use, ...]]
"""Return where a work was used, by its key."""
Tell = Callable[[int, int, str], None]
"""Told (done, total, what is being done) again and again, e.g. to renew a lease."""


class Noticed(NamedTuple):
    """What came of asking about the works that were used before."""

    fallen: tuple[Fallen, ...] = ()
    """The gravest first."""
    standings: tuple[tuple[str, StandingReport], ...] = ()
    """(key of a work, what is known of it now), to be kept with what was told."""
    problems: tuple[Problem, ...] = ()
    """One for each service that failed, with what is not known because of it."""
    works: int = 0
    """Whose turn it was; those that have no identifier to ask with do not count."""
    unknown: int = 0
    """Of those, works of which it is not known whether there is a notice."""
    unknown_since: str = ""
    """As `Receipt.unknown_since`."""
    left: int = 0
    """Works whose turn comes in one of the next runs."""
    requests: int = 0
    credits: int = 0


class Tally:
    """A `Getter` that counts what it asks, and leaves a service that is down alone.

    A request to which no answer came counts once, however often it was tried.
    """

    def __init__(self, getter: Getter) -> None:
        """Ask `getter`."""
        self.requests = 0
        """Requests that went over the network."""
        self.credits = 0
        self._getter = getter
        self._silent = Counter[str]()
        """Requests in a row to which no answer came, by service."""
        self._down: dict[str, SourceError] = {}
        """Services that are not asked any more, and why."""
        self._lock = Lock()

    def get(self, request: Request, judge: Judge) -> Answer:
        """Return the answer to one request.

        Raises:
            SourceError: there is none.
        """
        (outcome,) = self.get_many((request,), judge)
        if isinstance(outcome, SourceError):
            raise outcome
        return outcome

    def get_many(
        self, requests: Sequence[Request], judge: Judge
    ) -> Iterator[Answer | SourceError]:
        """Yield the outcome of each request, in order; all are for one service."""
        service = urlsplit(requests[0].url).netloc if requests else ""
        if service in self._down:
            yield from [self._down[service]] * len(requests)
            return
        for outcome in self._getter.get_many(requests, judge):
            self._count(service, outcome)
            yield outcome

    def _count(self, service: str, outcome: Answer | SourceError) -> None:
        with self._lock:  # services are asked side by side
            if isinstance(outcome, Answer):
                self.requests += 0 if outcome.recorded else outcome.attempt
                self.credits += outcome.cost
            else:
                self.requests += not isinstance(outcome, NotRecordedError)
            if not isinstance(outcome, SourceDownError):
                self._silent[service] = 0
                return
            self._silent[service] += 1
            if self._silent[service] >= GIVE_UP_AFTER:
                self._down[service] = outcome


@dataclass(slots=True)
class _Notes:
    """What is found out, one work after the other."""

    fell: list[Known] = field(default_factory=list)
    heard: dict[str, StandingReport] = field(default_factory=dict)
    """What is known now of those that fell."""
    standings: dict[str, StandingReport] = field(default_factory=dict)
    failed: list[StandingReport] = field(default_factory=list)
    works: int = 0
    unknown: int = 0
    since: str = ""

    def miss(self, used: UsedWork) -> None:
        """Note that it is not known whether there is a notice on a work."""
        since = known_since(used)
        self.since = min(self.since, since) if self.unknown else since
        self.unknown += 1

    def recall(self, used: UsedWork, library: Library, uses: UsesOf) -> None:
        """Note what the library's record of a work tells, where nobody is asked.

        A notice in it may be news, as when the record was added again; it is no answer,
        so it takes back nothing that is known.
        """
        self.works += 1
        own = own_signal(find_record(used.work, library))
        if not own.notices:
            self.miss(used)
            return
        now = decide_standing([own._replace(check=Check.NOT_ASKED)])
        if self._hear(used, now, uses):
            self.standings[used.work.key] = keep_known(used.told, now)

    def _hear(self, used: UsedWork, now: StandingReport, uses: UsesOf) -> bool:
        """Say whether there is something to tell of a work, and note it if so."""
        key = used.work.key
        if not find_fallen([(used.work, used.told, ())], {key: now}):
            return False
        self.fell.append((used.work, used.told, uses(key)))
        self.heard[key] = now
        return True

    def note(self, used: UsedWork, now: StandingReport, uses: UsesOf) -> None:
        """Note what was found out about a work."""
        kept = keep_known(used.told, now)
        lost = [s for s in now.signals if s.check is Check.FAILED]
        if kept != used.told or not lost:
            self.standings[used.work.key] = kept
        self._hear(used, now, uses)
        if is_unknown(now):
            self.miss(used)
        if lost:  # of the others nothing is needed any more
            self.failed.append(replace(now, notices=(), signals=tuple(lost)))


def ask_about_used(
    works: Works,
    getter: Getter | None,
    *,
    library: Library,
    uses: UsesOf,
    most: int = MOST_ASKED,
    tell: Tell = lambda _done, _total, _what: None,
) -> Noticed:
    """Return what the services know now of works that were used before.

    Nothing is written but the library's records of them, where PubMed has newer ones;
    `standings` are to be kept together with the digest that tells what fell.

    Args:
        works: how every work that was used is read, with what was told of it.
        getter: how the services are asked; None for nobody, and then all is unknown but
            the notices that the library's records tell of.
        library: whose records of the works are asked with, and renewed.
        uses: how it is read where a work was used; of those that fell only.
        most: works asked about in this run, those asked longest ago first.
        tell: told how far it is, before each twenty works and at the end.
    """
    notes = _Notes()
    if getter is None:
        for used in _named(works):
            notes.recall(used, library, uses)
        return Noticed(
            fallen=find_fallen(notes.fell, notes.heard),
            standings=tuple(notes.standings.items()),
            works=notes.works,
            unknown=notes.unknown,
            unknown_since=notes.since,
        )
    turn, left = _take_turns(works, most)
    tally = Tally(getter)
    for some in _batches(used for used in _named(works) if used.work.key in turn):
        tell(notes.works, len(turn), WHAT)
        for used, now in zip(some, _ask(some, tally, library), strict=True):
            notes.note(used, now, uses)
        notes.works += len(some)
    tell(notes.works, len(turn), WHAT)
    return Noticed(
        fallen=find_fallen(notes.fell, notes.heard),
        standings=tuple(notes.standings.items()),
        problems=tuple(find_problems(notes.failed)),
        works=notes.works,
        unknown=notes.unknown,
        unknown_since=notes.since,
        left=left,
        requests=tally.requests,
        credits=tally.credits,
    )


def _named(works: Works) -> Iterator[UsedWork]:
    """Yield the works that services can be asked about."""
    for used in works():
        if used.work.pmid or used.work.doi or used.work.pmcid:
            yield used


def _take_turns(works: Works, most: int) -> tuple[frozenset[str], int]:
    """Return the keys of the works whose turn it is, and how many are left."""
    turns = sorted((used.checked, used.work.key) for used in _named(works))
    return frozenset(key for _, key in turns[:most]), len(turns[most:])


def _batches(works: Iterable[UsedWork]) -> Iterator[tuple[UsedWork, ...]]:
    rest = iter(works)
    while some := tuple(islice(rest, AT_ONCE)):
        yield some


def _ask(
    some: Sequence[UsedWork], getter: Getter, library: Library
) -> tuple[StandingReport, ...]:
    """Return what is known of works now, and renew the library's records of them."""
    records = [find_record(used.work, library) for used in some]
    checked = check_standings(records, getter, run_side_by_side)
    renew_known(library, checked)
    return checked.reports


def find_record(work: Work, library: Library) -> Record:
    """Return the library's record of a work, else one that holds only its names."""
    bare = Record(
        source="", pmid=work.pmid, doi=work.doi, pmcid=work.pmcid, title=work.title
    )
    known = library.find(pmid=work.pmid, doi=work.doi, pmcid=work.pmcid)
    if known is None or (known.pmid and work.pmid and known.pmid != work.pmid):
        return bare  # a notice may share the DOI of its work
    return replace(
        known,
        pmid=known.pmid or work.pmid,
        doi=known.doi or work.doi,
        pmcid=known.pmcid or work.pmcid,
    )


def known_since(used: UsedWork) -> str:
    """Return the ISO time at which all of a work's standing was last known.

    "" when it never was. Where only a report told of it, it is that report's day.

    >>> known_since(UsedWork(Work(key="pmid:9", names=()), None, "2026-11-23"))
    ''
    """
    told = used.told
    if told is None or told.standing is Standing.UNKNOWN:
        return ""
    times = [s.when for s in told.signals if s.check is Check.ANSWERED and s.when]
    return min(times, default=used.checked)

"""The journeys of assay, each on one screen. Read this file first.

search:  query ─► sources ─► records (library/searching.py)
check:   article ─► claims ─► searches ─► library ─► evidence ─► verdicts ─► report
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from assay.claims.find import find_claims
from assay.claims.terms import Plan, Step, oppose, plan_search
from assay.claims.topics import widen
from assay.claims.vocabulary import Vocabulary
from assay.evidence.reading import Study, read_record
from assay.evidence.scores import Ahead, Ask, await_asking
from assay.evidence.select import begin_claim, end_claim, may_speak
from assay.library.distinct import Distinct
from assay.library.merge import first_key
from assay.library.once import Once
from assay.library.rank import Matters, Order, Ranking
from assay.library.searching import search
from assay.model import Article, Claim, Counts, Finding, Report
from assay.record import Record
from assay.search import Fidelity, Found, Problem, Query, SearchLog

__all__ = [
    "ENOUGH_FOUND",
    "GIVE_UP_AFTER",
    "MOST_CANDIDATES",
    "PER_SEARCH",
    "Candidates",
    "LookUp",
    "Progress",
    "Reader",
    "Searches",
    "check",
    "search",
]

ENOUGH_FOUND = 20
"""Hits at which a claim's search is not widened any further."""
GIVE_UP_AFTER = 3
"""Searches in a row that may fail before the rest are not made."""
PER_SEARCH = 200
"""Most records fetched for one search."""

MOST_CANDIDATES = 400
"""Most records that the library gives for one search."""

_CLAIMS_AHEAD = 4
"""Claims whose records are found while the encoder is still at those of earlier ones.
With all of them found first, the reader began late and a check took a tenth longer."""

LookUp = Callable[[Query], Found]
"""Ask the sources one query, and keep what they give."""
Candidates = Callable[[Sequence[Sequence[str]]], Sequence[Record]]
"""Return the library's records that hold a word of every group, best first."""
Progress = Callable[[int, int, str], None]
"""Told (done, total, what is being done)."""
Ending = Callable[[], Finding]
"""Returns the finding on a claim that was begun, once the reader has been heard."""
Beginning = Callable[[], Ending]
"""Reads what was found for a claim, once it is in order, and returns how it ends."""


def as_found(
    _claim: str, found: Sequence[Record], _wanted: int, _matters: Matters
) -> Order:
    """Return what leaves records in the order in which they were found."""
    return lambda: found


def check(
    article: Article,
    vocabulary: Vocabulary,
    *,
    candidates: Candidates,
    ranked: Ranking = as_found,
    ask: Ask | None = None,
    ahead: Ahead = await_asking,
    look_up: LookUp | None = None,
    offline: bool = False,
    library: tuple[tuple[str, int, str], ...] = (),
    progress: Progress = lambda _done, _total, _what: None,
) -> Report:
    """Return the report on an article.

    Args:
        candidates: how the library is asked.
        ranked: how what it gives is ordered, and filled up where it is little.
        ask: the built-in reader; None to go by the rules alone.
        ahead: told what it will be asked, as soon as that is known.
        look_up: how the services are asked first; None when they are not to be asked.
        offline: True when `look_up` only knows recorded answers.
        library: (origin, records, date) of what the library holds.
    """
    words = widen(vocabulary, article)
    claims = find_claims(article, words)
    plans = [
        plan_search(c, words) if c.checkable else Plan(steps=(), words=())
        for c in claims
    ]
    asked = Searches()
    if look_up is not None:
        for at, plan in enumerate(plans):
            progress(at, len(plans), "Searching")
            asked.run(plan, look_up)
    reader = Reader(words, candidates, ranked, ask, ahead)
    found: deque[Beginning] = deque()
    begun: list[Ending] = []
    for claim, plan in zip(claims, plans, strict=True):
        progress(len(begun), len(claims), "Reading")
        found.append(reader.find(claim, plan))
        if len(found) > _CLAIMS_AHEAD:
            begun.append(found.popleft()())
    begun += [begin() for begin in found]
    findings: list[Finding] = []
    for end in begun:
        progress(len(findings), len(claims), "Weighing")
        findings.append(end())
    return Report(
        article=article,
        findings=tuple(
            replace(finding, queries=(*finding.queries, *asked.against(plan)))
            for finding, plan in zip(findings, plans, strict=True)
        ),
        searched=tuple(asked.logs),
        problems=asked.reported(),
        library=library,
        offline=offline or look_up is None,
        counts=Counts(found=len(asked.distinct), read=reader.read()),
    )


@dataclass
class Searches:
    """The searches made for an article: each query once, given up when all fail."""

    logs: list[SearchLog] = field(default_factory=list)
    problems: dict[tuple[str, str], Problem] = field(default_factory=dict)
    hits: dict[str, int] = field(default_factory=dict)
    """Query → the most that one source counted: another's may be the same works."""
    distinct: Distinct = field(default_factory=Distinct)
    """The records found, each counted once."""
    cut: set[str] = field(default_factory=set)
    """Queries that had more hits than were fetched."""
    failures: int = 0
    skipped: int = 0

    def run(self, plan: Plan, look_up: LookUp) -> None:
        """Make a plan's searches, narrow to wide, until enough is found.

        Where the last one had more hits than were fetched, what speaks against the
        claim is asked for too: else the best hits by the claim's words would decide.
        """
        for step in plan.steps:
            if not self._made(step, look_up):
                return
            if self.hits.get(step.query, 0) >= ENOUGH_FOUND:
                if plan.against and step.query in self.cut:
                    self._made(oppose(step, plan.against), look_up)
                return

    def against(self, plan: Plan) -> tuple[str, ...]:
        """Return the searches made for what speaks against a plan's claim."""
        asked = {log.query for log in self.logs}
        wanted = (oppose(s, plan.against).query for s in plan.steps if plan.against)
        return tuple(query for query in wanted if query in asked)

    def _made(self, step: Step, look_up: LookUp) -> bool:
        """Make a search, unless it was made; False once too many have failed."""
        if step.query not in self.hits:
            if self.failures >= GIVE_UP_AFTER:
                self.skipped += 1
                return False
            self._ask(step, look_up)
        return True

    def _ask(self, step: Step, look_up: LookUp) -> None:
        found = look_up(Query(text=step.query, limit=PER_SEARCH))
        self.logs += found.logs
        for record in found.records:
            self.distinct.add(record)
        for problem in found.problems:
            self.problems.setdefault((problem.where, problem.what), problem)
        failed = bool(found.logs) and all(log.failed for log in found.logs)
        self.failures = self.failures + 1 if failed else 0
        self.hits[step.query] = max(map(_hits, found.logs), default=0)
        if any(0 < log.wanted < (log.count or 0) for log in found.logs):
            self.cut.add(step.query)

    def reported(self) -> tuple[Problem, ...]:
        """Return every problem once, and how many searches were not made."""
        problems = tuple(self.problems.values())
        if not self.skipped:
            return problems
        gave_up = Problem(
            where="search",
            what=f"{self.skipped} claims were not searched for, since "
            f"{GIVE_UP_AFTER} searches in a row failed",
            what_to_do="Try again later; the library alone was read for them.",
        )
        return (*problems, gave_up)


def _by_name(records: Iterable[Record]) -> dict[str, Record]:
    return {first_key(record): record for record in records}


def _hits(log: SearchLog) -> int:
    """Return what a source counted, 0 where it was asked for more than was meant."""
    wider = any(clause.fidelity is Fidelity.WIDENED for clause in log.clauses)
    return 0 if wider or log.set_aside else log.count or 0


@dataclass
class Reader:
    """Asks the library each thing once and reads each record once, for all claims.

    Nothing may be added to the library meanwhile.
    """

    words: Vocabulary
    candidates: Candidates
    ranked: Ranking
    ask: Ask | None = None
    ahead: Ahead = await_asking
    _found: dict[tuple[tuple[str, ...], ...], Sequence[Record]] = field(
        default_factory=dict
    )
    """What the library gave for a step's groups: claims of an article share many."""
    _once: Once = field(default_factory=Once)
    _studies: dict[int, Study] = field(default_factory=dict)
    """By the record's identity, since the study holds it: to compare whole records took
    half a second."""
    _read: set[str] = field(default_factory=set)

    def weigh(self, claim: Claim, plan: Plan) -> Finding:
        """Return the finding on a claim from the library's records for its plan."""
        return self.find(claim, plan)()()

    def find(self, claim: Claim, plan: Plan) -> Beginning:
        """Find the library's records for a claim's plan; return how they are read.

        A claim that names nothing to look for is not given the nearest records: they
        would be on something else.
        """
        records: dict[str, Record] = {}
        for step in plan.steps:
            found = self._ask_library(step)
            records |= _by_name(found)
            if plan.against and len(found) >= MOST_CANDIDATES:
                more = self._ask_library(oppose(step, plan.against))
                records |= _by_name(more)
            if len(records) >= ENOUGH_FOUND:
                break
        order: Order = tuple
        if plan.steps:

            def matters(record: Record) -> bool:
                return may_speak(claim, self._study(record), self.words)

            found = tuple(records.values())
            order = self.ranked(claim.text, found, ENOUGH_FOUND, matters)
        return partial(self._begin, claim, plan, order)

    def _begin(self, claim: Claim, plan: Plan, order: Order) -> Ending:
        records = _by_name(order())
        studies = [
            self._study(record) for record in self._once.of(tuple(records.values()))
        ]
        self._read |= {first_key(study.record) for study in studies}
        return partial(
            end_claim,
            begin_claim(claim, studies, self.words, self.ahead),
            self.words,
            queries=tuple(step.query for step in plan.steps),
            looked_for=dict(plan.words),
            ask=self.ask,
        )

    def _ask_library(self, step: Step) -> Sequence[Record]:
        found = self._found.get(step.groups)
        if found is None:
            found = self._found[step.groups] = self.candidates(step.groups)
        return found

    def read(self) -> int:
        """Return how many records were read, each counted once."""
        return len(self._read)

    def _study(self, record: Record) -> Study:
        study = self._studies.get(id(record))
        if study is None:
            study = self._studies[id(record)] = read_record(record, self.words)
        return study

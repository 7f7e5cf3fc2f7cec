"""Simulated years: a living PubMed, saved queries, runs at random times.

Between two runs lie minutes to months. Now and then the clock is wrong (a day back, two
days ahead), a schedule moves to another time zone, the words of a query are written
otherwise, a run is killed, or two are started at once. The truth is kept by `oracle`.
"""

import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from tests.standin.living import START
from tests.standin.living_records import Wish
from tests.standin.living_server import LivingServer, Told, serve_living

from assay.cli.digesting import Wanted
from assay.digest.model import Digest, ItemKind
from assay.edge.ledger import read_digest, read_headings
from bench.digest.files import check_files
from bench.digest.forks import Forks, open_forks
from bench.digest.oracle import Item, Oracle
from bench.digest.place import (
    CHANNELS,
    LONGEST,
    ZONES,
    environment,
    make_digest,
    name_of,
    number_of,
    quickly,
    rhythm_of,
    set_environment,
    write_query,
    write_settings,
)
from bench.digest.services import serve_others

STEPS = (  # share of the pauses between two runs, and their length in days
    (0.08, 0.001, 0.04), (0.25, 0.04, 0.6), (0.42, 0.6, 1.6), (0.17, 2, 6),
    (0.07, 7, 20), (0.01, 30, 60),
)  # fmt: skip
RETRY = timedelta(hours=2)
"""After bad days, queries are asked again within this time."""
LINES = 9_000
"""Executed lines of a run, about (`forks` tells which count): one is killed before."""
SLACK = timedelta(days=2)
"""Beyond a schedule's longest pause, for time zones and clocks that were wrong."""


class Plan(NamedTuple):
    """The size of a simulation."""

    seed: int
    queries: int = 200
    years: float = 3
    a_year: int = 20
    """Records born a year for each query."""
    channels: tuple[str, ...] = CHANNELS
    kills: float = 0.03
    """Share of the runs that are killed."""
    pairs: float = 0.02
    """Share of the runs of which two are started at once."""
    stretch: float = 1
    """By how much longer the pauses between runs are than STEPS says."""
    works: int = 60
    """Works sent before that are asked about in one run; assay's own number would
    make the long simulation one of that alone."""


@dataclass
class Story:
    """What happened in a simulation, beside the oracle's account."""

    runs: int = 0
    asked: int = 0
    """Queries asked, over all runs."""
    requests: Counter[str] = field(default_factory=Counter)
    faults: int = 0
    events: Counter[str] = field(default_factory=Counter)
    digests: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)
    """What is wrong beside what was delivered."""
    unsearched: int = 0
    """Queries that failed, over all runs."""
    sent: dict[int, datetime] = field(default_factory=dict)
    """PMID → when it was first sent."""
    fallen: Counter[int] = field(default_factory=Counter)
    """PMID → how often it was told that it fell."""
    at_year: list[tuple[float, int, int]] = field(default_factory=list)
    """(years, bytes of state.db, items delivered)."""


class Simulation:
    """One workspace that lives through a plan."""

    def __init__(
        self, plan: Plan, server: LivingServer, folder: Path, forks: Forks | None
    ) -> None:
        self.plan, self.server, self.folder, self.forks = plan, server, folder, forks
        self.chance = random.Random(plan.seed + 1)
        self.oracle = Oracle(server.living, plan.queries)
        self.story = Story()
        self.read_up_to = 0
        self.answered: dict[int, datetime] = {}
        """Query → when it was last asked with success."""
        self.zones = ["UTC"] * plan.queries
        self.brackets = [False] * plan.queries
        for number in range(plan.queries):
            self.write(number)
        write_settings(folder, plan.channels)

    @property
    def state(self) -> Path:
        """The state file."""
        return self.folder / "cache" / "state.db"

    def write(self, number: int) -> None:
        """Write a saved query as it is now."""
        write_query(
            self.folder,
            Wish(number),
            zone=self.zones[number],
            brackets=self.brackets[number],
        )

    def live(self) -> None:
        """Live through the plan, and end with two runs of everything on good days."""
        began = time.perf_counter()
        end = START + timedelta(days=365 * self.plan.years)
        year = 1
        while self.server.now < end:
            self.fiddle()
            self.run(Wanted())
            self.server.now += self.pause()
            if self.server.now >= START + timedelta(days=365 * year):
                self.note_size(year)
                year += 1
        self.server.outages, self.server.often = [], 0.0
        self.server.refusals = []
        self.server.living.hidden.clear()
        names = tuple(map(name_of, range(self.plan.queries)))
        for _ in range(2):
            self.server.now += timedelta(days=1)
            self.run(Wanted(names=names, every=True), plainly=True)
        self.oracle.close()
        self.story.seconds = time.perf_counter() - began
        self.check_files()
        self.check_fallen()

    def note_size(self, year: float) -> None:
        """Note how large the state is."""
        size = self.state.stat().st_size if self.state.exists() else 0
        items = sum(sheet.counts["delivered"] for sheet in self.oracle.sheets)
        self.story.at_year.append((year, size, items))

    def pause(self) -> timedelta:
        """Return the time to the next run."""
        shares = [share for share, _, _ in STEPS]
        [(_, least, most)] = self.chance.choices(STEPS, shares)
        return timedelta(days=self.chance.uniform(least, most) * self.plan.stretch)

    def fiddle(self) -> None:
        """Change what a person changes now and then."""
        number = self.chance.randrange(self.plan.queries)
        roll = self.chance.random()
        if roll < 0.05:
            self.zones[number] = self.chance.choice(ZONES)
            self.story.events["another time zone"] += 1
        elif roll < 0.08:
            self.brackets[number] = not self.brackets[number]
            self.story.events["another wording"] += 1
        else:
            return
        self.write(number)

    def run(self, wanted: Wanted, *, plainly: bool = False) -> None:
        """Make one run, in whichever way comes up, and hold it against the truth."""
        self.story.runs += 1
        self.server.told.clear()
        self.server.requests.clear()
        self.server.headers.clear()
        self.server.living.advance(self.server.now)
        roll = 1.0 if plainly or self.forks is None else self.chance.random()
        began, skew = self.server.now, timedelta()
        if roll < self.plan.kills:
            self.kill()
        elif roll < self.plan.kills + self.plan.pairs:
            self.run_two()
        else:
            skew = timedelta() if plainly else self.skew()
            make_digest(self.folder, lambda: self.server.now + skew, wanted)
        self.note(began, steady=roll >= self.plan.kills + self.plan.pairs and not skew)

    def skew(self) -> timedelta:
        """Return by how much the clock is wrong in this run."""
        roll = self.chance.random()
        if roll < 0.04:
            self.story.events["clock set back a day"] += 1
            return timedelta(days=-1)
        if roll < 0.055:
            self.story.events["clock two days ahead"] += 1
            return timedelta(days=2)
        return timedelta()

    def kill(self) -> None:
        """Make a run that is killed at some line of its code."""
        assert self.forks
        at = self.chance.randint(1, LINES)
        [ended] = self.forks.run(self.folder, self.server.now, die_at=at)
        what = "killed" if ended.killed else "to be killed, was through"
        self.story.events[what] += 1
        self.blame(ended.said)

    def run_two(self) -> None:
        """Start two runs at once: one works, the other says so."""
        assert self.forks
        ended = self.forks.run(self.folder, self.server.now, together=2)
        self.story.events["two at once"] += 1
        for each in ended:
            self.blame(each.said)

    def blame(self, said: object) -> None:
        """Note an error of a forked run."""
        if isinstance(said, dict) and said.get("error"):
            self.story.wrong.append(f"{self.server.now}: {said['error']}")

    # --- what came of a run -----------------------------------------------------------

    def note(self, began: datetime, *, steady: bool) -> None:
        """Hold a run against the truth."""
        told = tuple(self.server.told)
        self.story.requests.update(request.program for request in self.server.requests)
        self.story.faults += sum(not each.faithful for each in told)
        digests = self.new_digests()
        said = f"run {self.story.runs} at {began:%Y-%m-%d %H:%M}"
        if not digests:
            if told:
                self.oracle.note_killed(told)
            if steady and any(each.faithful and each.wish is not None for each in told):
                self.story.wrong.append(f"{said}: asked, and no digest came of it")
        asked = {each.wish for each in told if each.wish is not None}
        self.story.asked += len(asked)
        for number, digest in enumerate(digests):
            self.story.digests += 1
            self.story.unsearched += sum(each.failed for each in digest.receipt.asked)
            items = list(items_of(digest))
            for item in items:
                self.story.sent.setdefault(item.pmid, self.server.now)
            self.story.fallen.update(int(fell.work.pmid) for fell in digest.fallen)
            self.oracle.note_run(told if number == 0 else (), items, said)
            self.hold_receipt(digest, told, said)
        if steady and not self.server.troubled(RETRY):
            self.hold_schedules(began, asked, said)
        for each in told:
            if each.wish is not None and each.faithful and digests:
                self.answered[each.wish] = began

    def new_digests(self) -> list[Digest]:
        """Return the digests made since this was last asked."""
        if not self.state.exists():
            return []
        numbers = sorted(h.number for h in read_headings(self.state))
        fresh = [number for number in numbers if number > self.read_up_to]
        self.read_up_to = max([self.read_up_to, *fresh])
        found = (read_digest(self.state, number) for number in fresh)
        return [digest for digest in found if digest is not None]

    def hold_receipt(self, digest: Digest, told: Sequence[Told], said: str) -> None:
        """See that no search that failed is told as one that found nothing."""
        good = {each.wish for each in told if each.wish is not None and each.faithful}
        for each in digest.receipt.asked:
            number = number_of(each.query)
            if not each.failed and number not in good:
                self.story.wrong.append(f"{said}: {each.query} failed untold")
            if each.failed and not digest.problems:
                self.story.wrong.append(f"{said}: {each.query} failed, not in problems")

    def hold_schedules(self, began: datetime, asked: set[int], said: str) -> None:
        """See that nothing is left unasked for longer than its schedule says."""
        for number in range(self.plan.queries):
            last = self.answered.get(number)
            if self.server.refused(number, RETRY):
                continue
            longest = timedelta(days=LONGEST[rhythm_of(number)]) + SLACK
            if number not in asked and (last is None or began - last > longest):
                self.story.wrong.append(
                    f"{said}: {name_of(number)} ({rhythm_of(number)}) was not asked, "
                    f"though it was asked last {last}"
                )

    def check_fallen(self) -> None:
        """See that each work that fell after it was sent was told so, once.

        Where not all works are asked about in each run, one may not have had its turn.
        """
        living, story = self.server.living, self.story
        for pmid, often in story.fallen.items():
            if often > 1 or pmid not in living.retracted:
                story.wrong.append(f"PMID {pmid} was told {often} times to have fallen")
        for pmid, when in living.retracted.items():
            sent = story.sent.get(pmid)
            if sent and sent < when and pmid in living.states:
                story.events["fell after it was sent"] += 1
                story.events["told so"] += story.fallen[pmid]
                if not story.fallen[pmid] and len(story.sent) <= self.plan.works:
                    story.wrong.append(
                        f"PMID {pmid} fell on {when}, and nobody said so"
                    )

    def check_files(self) -> None:
        """See that every channel holds each item of every digest, once."""
        digests = [
            read_digest(self.state, heading.number)
            for heading in read_headings(self.state)
        ]

        self.story.wrong += check_files(
            self.folder / "digests", [d for d in digests if d], self.plan.channels
        )


def items_of(digest: Digest) -> Iterator[Item]:
    """Yield what a digest delivers, query by query."""
    for item in digest.items:
        for query in item.queries:
            yield Item(
                query=number_of(query),
                pmid=int(item.work.pmid),
                published=item.kind is ItemKind.PUBLISHED,
                alone=len(item.queries) == 1,
            )


@contextmanager
def simulate(plan: Plan, folder: Path | None = None) -> Iterator[Simulation]:
    """Live through a plan; the services go on answering while the block runs.

    The workspace is thrown away unless a folder is given.
    """
    with ExitStack() as stack:
        if folder is None:
            folder = Path(tempfile.mkdtemp(prefix="assay-years-"))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        (folder / "queries").mkdir(parents=True, exist_ok=True)
        server = stack.enter_context(
            serve_living(
                seed=plan.seed,
                wishes=plan.queries,
                years=plan.years,
                a_year=plan.a_year,
            )
        )
        others = stack.enter_context(serve_others())
        environ = environment({"eutils": server.url, **others}, folder / "data")
        stack.enter_context(set_environment(environ))
        forking = plan.kills or plan.pairs
        forks = stack.enter_context(open_forks(environ)) if forking else None
        simulation = Simulation(plan, server, folder, forks)
        with quickly(works=plan.works):
            simulation.live()
        yield simulation


def totals(simulations: Iterable[Simulation]) -> Counter[str]:
    """Return the counts of all queries of all simulations together."""
    found: Counter[str] = Counter()
    for simulation in simulations:
        for sheet in simulation.oracle.sheets:
            found.update(sheet.counts)
    return found

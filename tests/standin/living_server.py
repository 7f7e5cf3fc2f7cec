"""The stand-in that serves a living PubMed: its clock, its bad days, and its log."""

import random
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tests.standin.faults import FAULTS
from tests.standin.living import START, Living, Script
from tests.standin.living_records import State
from tests.standin.replies import Asked, Reply, render_records
from tests.standin.server import Server

NUMBER = re.compile(r"(?:kelp|condition )(\d{3})", re.IGNORECASE)
"""What tells which wish a search is for."""
A_REQUEST = timedelta(seconds=0.4)
"""Of simulated time."""
OUTAGES = ("http-503", "reset", "html-200", "empty-body", "http-502", "plain-exception")
BAD_MOMENTS = (
    "rate-limit-429", "rate-limit-200", "http-502", "truncated-chunked", "cut-body",
    "backend-failed", "reset", "truncated-sized",
)  # fmt: skip
BAD_FETCHES = (*BAD_MOMENTS, "missing-ids", "missing-ids", "cut-root", "duplicate-ids")
HARMLESS = {"", "duplicate-ids"}
OFTEN = 0.01
"""Share of requests that meet a bad moment on a good day."""
STORM = 0.5
"""Share of requests that are refused for speed while the service is crowded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One request as the truth has it."""

    when: datetime
    program: str
    faithful: bool
    """Whether the right answer went out, whole."""
    wish: int | None = None
    """Whose search it was; None when of none, or no search."""
    matched: tuple[State, ...] = ()
    """Of a search: what holds the wish at that moment."""
    asked: frozenset[int] = frozenset()
    """Of efetch: the PMIDs asked for."""
    given: frozenset[int] = frozenset()
    """Of a faithful efetch: the PMIDs given."""


class LivingServer(Server):
    """Serves the world as it is at `now`; each request takes a moment of that time."""

    def __init__(self, script: Script, seed: int) -> None:
        super().__init__([], latency=0.0, enforce_rate=False, port=0)
        self.living, self.now = Living(self.world, script), START
        self.living.advance(START)
        self.chance = random.Random(seed)
        self.often = OFTEN
        self.outages = self.draw_outages(365 * script.years)
        self.refusals = self.draw_refusals(365 * script.years)
        self.told: list[Told] = []
        self.drawn = ""
        self.shuffle = False

    def draw_outages(self, days: float) -> list[tuple[datetime, datetime, str]]:
        """Return when nothing works (hours to days) and when it is crowded."""
        chance, found = self.chance, []
        for number in range(int(days / 40) + 1):
            begin = START + timedelta(days=chance.uniform(5, max(days, 6)))
            hours = chance.choice((2, 5, 12, 30, 60, 100))
            kind = "storm" if number % 3 == 2 else chance.choice(OUTAGES)
            found.append((begin, begin + timedelta(hours=hours), kind))
        return found

    def draw_refusals(self, days: float) -> list[tuple[datetime, datetime, int]]:
        """Return when the searches of one wish fail for weeks, and which."""
        wishes, chance = len(self.living.script.all), self.chance
        found = []
        for _ in range(int(wishes * days / 800)):
            begin = START + timedelta(days=chance.uniform(0, days))
            end = begin + timedelta(days=chance.uniform(8, 50))
            found.append((begin, end, chance.randrange(wishes)))
        return found

    def refused(self, wish: int | None, before: timedelta = timedelta()) -> bool:
        """Say whether a wish's searches fail now, or did so long before."""
        return any(
            a < self.now and self.now - before < b and one == wish
            for a, b, one in self.refusals
        )

    def weather(self) -> str:
        """Return what is wrong at this time, "" when nothing is."""
        return next((k for a, b, k in self.outages if a <= self.now < b), "")

    def troubled(self, before: timedelta) -> bool:
        """Say whether anything was wrong for hours now or so long before."""
        return any(a < self.now and self.now - before < b for a, b, _ in self.outages)

    def next_fault(self, program: str) -> str:
        """Return this request's fault; the clock moves before it."""
        self.now += A_REQUEST
        self.living.advance(self.now)
        self.drawn = super().next_fault(program) or self._draw(program)
        return self.drawn

    def _draw(self, program: str) -> str:
        weather = self.weather()
        if weather == "storm":
            refused = self.chance.random() < STORM
            return self.chance.choice(BAD_MOMENTS[:2]) if refused else ""
        if weather:
            return weather
        if self.chance.random() < self.often:
            kinds = BAD_FETCHES if program == "efetch" else BAD_MOMENTS
            return self.chance.choice(kinds)
        return ""

    def answer(self, asked: Asked) -> Reply:
        """Return the right answer, and note what is true at this moment."""
        faithful = self.drawn in HARMLESS
        if asked.program == "esearch":
            found = NUMBER.search(asked.params.get("term", ""))
            number = int(found[1]) if found else None
            refused = self.refused(number)
            self._note_search(number, faithful and not refused)
            if refused:
                return FAULTS["backend-failed"](Reply(b""), asked)
        elif asked.program == "efetch":
            return self._fetch(asked, faithful)
        return super().answer(asked)

    def _note_search(self, number: int | None, faithful: bool) -> None:
        held = self.living.holding[number] if number is not None else ()
        matched = tuple(self.living.states[pmid] for pmid in held)
        self.told.append(
            Told(
                when=self.now,
                program="esearch",
                faithful=faithful,
                wish=number,
                matched=matched,
            )
        )

    def _fetch(self, asked: Asked, faithful: bool) -> Reply:
        hidden = self.living.hidden
        wanted = frozenset(int(one) for one in asked.ids if one.isdecimal())
        given = {pmid for pmid in wanted - hidden if pmid in self.world.rows}
        self.told.append(
            Told(
                when=self.now,
                program="efetch",
                faithful=faithful,
                asked=wanted,
                given=frozenset(given if faithful else ()),
            )
        )
        if not wanted & hidden:
            return super().answer(asked)
        left = tuple(
            tuple(one for one in group if int(one) not in hidden)
            for group in asked.id_groups
        )
        if not any(left):
            return render_records(())
        return super().answer(replace(asked, id_groups=left))


@contextmanager
def serve_living(
    *, seed: int, wishes: int, years: float, a_year: int = 20
) -> Iterator[LivingServer]:
    """Serve a living PubMed on loopback while the block runs.

    Set `server.now`, which nothing but requests moves otherwise. `a_year` records a
    year are born for each wish.

    Raises: AssertionError at the end, when the stand-in itself made a mistake.
    """
    server = LivingServer(Script(seed, wishes, years, a_year), seed)
    thread = threading.Thread(
        target=server.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield server
    finally:
        server.http.stop()
        thread.join(5)
    assert not server.errors, "the stand-in failed:\n" + "\n".join(server.errors)

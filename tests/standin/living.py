"""A PubMed that lives: what happens to its records, day by day, drawn from a seed.

Records appear (some searchable days after their create date, some back-dated), get
their abstract and their MeSH headings later, are revised, merged, retracted and
deleted; preprints become articles; every December all records are touched and
headings renamed.

Which record holds which wish (saved query) at any time is known by a rule of its own:
no engine is asked, so that it can contradict both the stand-in and the package.
"""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

from tests.standin.living_records import State, Wish, row_of
from tests.standin.world import World

START = datetime(2022, 1, 3, tzinfo=UTC)
"""A Monday: the first day on which anybody asks."""
BEFORE = 75
"""Days before it in which records appeared already."""
FIRST_PMID = 92_000_001

Op = tuple[str, object]
"""What a change does, e.g. ("+headings", "Invented Condition 003")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happens to one record, or to all of them."""

    when: datetime
    kind: str
    """appear, change, vanish, hide, show or december."""
    pmid: int = 0
    state: State | None = None
    """Of one that appears."""
    ops: tuple[Op, ...] = ()


def change(state: State, ops: tuple[Op, ...]) -> State:
    """Return a record after a change: "+x" adds to x, "-x" takes away, "x" sets x."""
    for op, value in ops:
        name = op.lstrip("+-")
        held = () if op == name else getattr(state, name) or ()
        fresh = {
            "+": (*held, *((value,) if value else ())),
            "-": tuple(one for one in held if one != value),
        }.get(op[0], value)
        state = replace(state, **{name: fresh})
    return state


class Script:
    """Draws everything that will happen."""

    def __init__(self, seed: int, wishes: int, years: float, a_year: int) -> None:
        """Write for so many wishes; `a_year` records a year are born for each."""
        self.chance = random.Random(seed)
        self.all = [Wish(number) for number in range(wishes)]
        self.years, self.a_year = years, a_year
        self.events: list[Event] = []
        self.pmids, self.families = count(FIRST_PMID), count(1)

    def write(self) -> list[Event]:
        """Return all events in their order."""
        first = START - timedelta(days=BEFORE)
        end = START + timedelta(days=365 * self.years)
        days = (end - first).days
        for _ in range(int(len(self.all) * self.a_year * days / 365)):
            self.live(first + timedelta(seconds=self.chance.uniform(0, days * 86_400)))
        for year in range(first.year, end.year + 1):
            self.december(datetime(year, 12, self.chance.randint(8, 14), 5, tzinfo=UTC))
        self.events.sort(key=lambda event: event.when)  # stable: as they were written
        return self.events

    def happen(self, when: datetime, kind: str, pmid: int = 0, *ops: Op) -> None:
        """Write an event; a change is dated up to a day before it can be seen."""
        if kind == "change":
            lag = timedelta(days=self.chance.choice((0, 0, 0, 1)))
            ops = (*ops, ("revised", (when - lag).date()))
        self.events.append(Event(when=when, kind=kind, pmid=pmid, ops=ops))

    def after(self, when: datetime, least: float, most: float) -> datetime:
        """Return a time so many days later."""
        return when + timedelta(days=self.chance.uniform(least, most))

    def live(self, when: datetime) -> None:
        """Write one record's life, and that of those which belong to it."""
        number = self.chance.choice((0, 1, 1, 1, 1, 2, 3))
        about = self.chance.sample(self.all, min(len(self.all), number))
        lives: tuple[tuple[float, Callable[[datetime, list[Wish]], None]], ...] = (
            (0.05, self.become_article),
            (0.02, self.be_deleted),
            (0.03, self.be_merged),
            (0.02, self.be_retracted),
            (0.02, self.have_a_twin),
            (0.03, self.get_a_doi),
            (0.03, self.be_withheld),
            (1.0, self.be_quiet),
        )
        roll = self.chance.random()
        for share, life in lives:
            roll -= share
            if roll < 0:
                life(when, about)
                return

    def birth(self, when: datetime, about: list[Wish], **given: object) -> State:
        """Write that a record appears, and how it comes to hold what it will hold."""
        chance, pmid = self.chance, next(self.pmids)
        lag = chance.choice((0, 0, 0, 0, 0, 0, 1, 2, 3, 5))
        created = (when - timedelta(days=lag)).date()
        late = chance.random() < 0.1
        printed = created - timedelta(days=chance.randint(400, 2000) if late else 0)
        published = (printed.year, printed.month, printed.day)
        facts: dict[str, object] = {
            "family": 0,
            "subject": pmid,
            "doi": f"10.99999/living.{pmid}",
            "abstract": () if chance.random() < 0.7 else None,
            "published": published[: chance.choice((1, 1, 2, 2, 3))],
        }
        facts |= given
        facts["family"] = facts["family"] or next(self.families)
        state = State(
            pmid=pmid,
            created=created,
            entered=printed if late else created,
            revised=created,
            **facts,
        )
        later: list[tuple[datetime, Op]] = []
        for wish in about:
            first, then = self.fulfil(when, wish)
            state = change(state, first)
            later += then
        self.events.append(Event(when=when, kind="appear", pmid=pmid, state=state))
        for moment, op in later:
            self.happen(moment, "change", pmid, op)
        if chance.random() < 0.3:
            edition = self.after(when, 5, 300)
            self.happen(edition, "change", pmid, ("edition", 2))
        return state

    def fulfil(
        self, when: datetime, wish: Wish
    ) -> tuple[tuple[Op, ...], list[tuple[datetime, Op]]]:
        """Return what a record holds of a wish at first, and what it gets or loses."""
        roll, after = self.chance.random(), self.after
        one, other = ("+words", wish.one), ("+abstract", wish.other)
        kind = wish.kind
        if kind == "either":
            kind = self.chance.choice(("word", "mesh"))
        if kind == "mesh":
            heading = ("+headings", wish.heading)
            if roll < 0.1:
                return (heading,), []
            if roll < 0.8:
                return (), [(after(when, 20, 270), heading)]
            return (), [(after(when, 20, 200), ("+headings", wish.former))]
        if kind == "both":
            if roll < 0.5:
                return (one, other), []
            return (one,), [(after(when, 1, 120), other)]
        if kind == "without":
            if roll < 0.2:
                gone = ("-abstract", wish.other)
                return (one, other), [(after(when, 5, 150), gone)]
            come = [(after(when, 1, 60), other)] if roll < 0.3 else []
            return (one,), come
        if roll < 0.55:
            return (one,), []
        if roll < 0.8:
            return (), [(after(when, 1, 90), ("+abstract", wish.one))]
        if roll < 0.9:
            return (), [(after(when, 10, 300), one)]
        return (one,), [(after(when, 5, 200), ("-words", wish.one))]

    # --- lives -----------------------------------------------------------------------

    def be_quiet(self, when: datetime, about: list[Wish]) -> None:
        """Write nothing beside the birth."""
        self.birth(when, about, **self.chance.choice(({}, {}, {}, {"doi": ""})))

    def be_deleted(self, when: datetime, about: list[Wish]) -> None:
        """Write that it vanishes."""
        born = self.birth(when, about)
        self.happen(self.after(when, 3, 200), "vanish", born.pmid)

    def be_withheld(self, when: datetime, about: list[Wish]) -> None:
        """Write that it can be found for hours before it can be fetched."""
        born = self.birth(when, about)
        self.happen(when, "hide", born.pmid)
        self.happen(self.after(when, 0.1, 2), "show", born.pmid)

    def get_a_doi(self, when: datetime, about: list[Wish]) -> None:
        """Write that its DOI comes later."""
        born = self.birth(when, about, doi="")
        doi = ("doi", f"10.99999/living.{born.pmid}")
        self.happen(self.after(when, 1, 60), "change", born.pmid, doi)

    def be_merged(self, when: datetime, about: list[Wish]) -> None:
        """Write that another record comes in its place and keeps the DOI."""
        born = self.birth(when, about)
        moment = self.after(when, 3, 200)
        self.happen(moment, "vanish", born.pmid)
        self.birth(moment, about, **_same(born))

    def have_a_twin(self, when: datetime, about: list[Wish]) -> None:
        """Write that another record has its DOI; often the first one goes later."""
        born = self.birth(when, about)
        moment = self.after(when, 0, 120)
        self.birth(moment, about, **_same(born))
        if self.chance.random() < 0.5:
            self.happen(self.after(moment, 1, 200), "vanish", born.pmid)

    def be_retracted(self, when: datetime, about: list[Wish]) -> None:
        """Write that it is retracted; the notice is a record, some bear its DOI too."""
        born = self.birth(when, about)
        moment = self.after(when, 0.5, 250)
        words = tuple(wish.one for wish in about if wish.kind in {"word", "without"})
        notice = self.birth(
            moment,
            [],
            subject=born.subject,
            **({"doi": born.doi} if self.chance.random() < 0.3 else {}),
            types=("Retraction of Publication",),
            links=(("RetractionOf", born.pmid),),
            words=words,
            abstract=None,
        )
        marks = (
            ("+types", "Retracted Publication"),
            (
                "+links",
                ("RetractionIn", notice.pmid),
            ),
        )
        self.happen(self.after(moment, 0, 9), "change", born.pmid, *marks)

    def become_article(self, when: datetime, about: list[Wish]) -> None:
        """Write a preprint and its article, known by a link or by title and authors."""
        linked = self.chance.random() < 0.7
        types = ("Journal Article", "Preprint")
        early = self.birth(
            when, about, types=types, keywords=not linked, published=(when.year,)
        )
        moment = self.after(when, 0.5, 300)
        given: dict[str, object] = {
            "family": early.family,
            "writers": early.writers or early.pmid,
        }
        given |= {"published": (moment.year, moment.month)}
        if linked:
            given |= {"links": (("UpdateOf", early.pmid),)}
        else:
            given |= {"subject": early.subject, "keywords": True}
        article = self.birth(moment, about, **given)
        if linked:
            back = ("+links", ("UpdateIn", article.pmid))
            self.happen(self.after(moment, 0, 30), "change", early.pmid, back)

    def december(self, when: datetime) -> None:
        """Write a MeSH year-end: every record touched, former headings renamed."""
        self.happen(when, "december", 0)


def _same(state: State) -> dict[str, object]:
    """Return what another record of the same work shares with it."""
    return {
        "family": state.family,
        "doi": state.doi,
        "subject": state.subject,
        "writers": state.writers or state.pmid,
    }


@dataclass
class Living:
    """The world of a stand-in, moved through the script by `advance`."""

    world: World
    script: Script
    now: datetime = START - timedelta(days=BEFORE)
    states: dict[int, State] = field(default_factory=dict)
    """Of the records that can be found now."""
    families: dict[int, int] = field(default_factory=dict)
    """Of every PMID that there ever was."""
    preprints: set[int] = field(default_factory=set)
    """Every PMID that there ever was of a preprint."""
    retracted: dict[int, datetime] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    """PMIDs that are found but not given out."""
    holding: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Number of a wish → the PMIDs that hold it now."""
    at: int = 0
    counted: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """How often each kind of event happened."""

    def __post_init__(self) -> None:
        self.events = self.script.write()

    def advance(self, to: datetime) -> None:
        """Let everything happen up to a time; the world never goes back."""
        while self.at < len(self.events) and self.events[self.at].when <= to:
            event = self.events[self.at]
            self.at += 1
            self.counted[event.kind] += 1
            self._make(event)
        self.now = max(self.now, to)

    def _make(self, event: Event) -> None:
        pmid = event.pmid
        if event.kind == "appear" and event.state:
            self._put(event.state)
        elif event.kind == "vanish":
            self._take(pmid)
        elif event.kind == "hide":
            self.hidden.add(pmid)
        elif event.kind == "show":
            self.hidden.discard(pmid)
        elif event.kind == "december":
            for state in list(self.states.values()):
                self._touch(state, event.when.date())
        elif pmid in self.states:
            changed = change(self.states[pmid], event.ops)
            if changed.headings and not changed.indexed:
                changed = replace(changed, indexed=event.when.date())
            if "Retracted Publication" in changed.types:
                self.retracted.setdefault(pmid, event.when)
            self._put(changed)

    def _touch(self, state: State, day: date) -> None:
        """Give a record its December: renamed headings, and another date."""
        headings = tuple(name.replace("Former", "Invented") for name in state.headings)
        touched = replace(state, headings=headings, revised=day)
        if headings != state.headings:
            self._put(touched)
            return
        self.states[state.pmid] = touched
        row = self.world.rows[state.pmid]  # nothing else changes: no need to index
        row.make_xml = row_of(touched).make_xml
        row.facts.dates["lr"] = (day.year * 10_000 + day.month * 100 + day.day,)
        self.world.index.ordered.clear()

    def _put(self, state: State) -> None:
        old = self.states.get(state.pmid)
        self.states[state.pmid] = state
        self.families[state.pmid] = state.family
        if state.preprint:
            self.preprints.add(state.pmid)
        self.world.add(row_of(state))
        for wish in state.wishes() | (old.wishes() if old else set()):
            held = self.holding[wish.number]
            (held.add if wish.holds(state) else held.discard)(state.pmid)

    def _take(self, pmid: int) -> None:
        state = self.states.pop(pmid, None)
        if state is not None:
            self.world.remove(pmid)
            for wish in state.wishes():
                self.holding[wish.number].discard(pmid)

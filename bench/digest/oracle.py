"""What a digest should have delivered, from the script alone; and what it did deliver.

The rule is written down here once more, apart from the code under test:

- A work is *deliverable* for a query when a record of it held the query while the query
  was asked with success, and was created no earlier than the query is followed
  (`FIRST_LOOK` before its first run). What could be found but was not given out, or not
  in a whole answer, could not be known in that run.
- All records of a DOI, and what others were merged into, are one work. A preprint and
  its article are told once each at most, the preprint never after the article.
- It is *late* when more than one further successful run of the query went by.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from tests.standin.living import Living
from tests.standin.living_records import State
from tests.standin.living_server import Told

FIRST_LOOK = timedelta(days=30)
"""How far the first run of a query looks back; as the documentation says."""
ARTICLE, PREPRINT = "article", "preprint"


class Item(NamedTuple):
    """One thing that a digest delivered for one query."""

    query: int
    pmid: int
    published: bool
    """Told as the article of a preprint that was sent before."""
    alone: bool
    """Whether no other query shares the item."""


@dataclass(slots=True)
class Sheet:
    """The account of one query."""

    number: int
    runs: int = 0
    """Successful ones."""
    tried: int = 0
    first: date | None = None
    """Day of the first run, successful or not."""
    began: date | None = None
    """Day from which it is followed, by its first success."""
    seen: set[int] = field(default_factory=set)
    """Every family of which a record held it while it was asked at all."""
    due: dict[tuple[int, str], int] = field(default_factory=dict)
    """(family, role) that could be known → the run in which it first could."""
    told: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Family → the roles in which it was delivered."""
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    """What is wrong, in words."""


class Truth(NamedTuple):
    """What one run of one query could know."""

    tried: bool
    whole: bool
    matched: tuple[State, ...]
    knowable: tuple[State, ...]


class Oracle:
    """Keeps the account of every query."""

    def __init__(self, living: Living, queries: int) -> None:
        self.living = living
        self.sheets = [Sheet(number) for number in range(queries)]

    def note_run(self, told: Sequence[Told], items: Iterable[Item], said: str) -> None:
        """Note a run that was finished: what was asked, and what was delivered."""
        truths = find_truths(told)
        for number, truth in truths.items():
            self._note_truth(self.sheets[number], truth, told[0].when.date())
        for item in items:
            self._note_item(self.sheets[item.query], item, said)

    def note_killed(self, told: Sequence[Told]) -> None:
        """Note a run that changed nothing: whatever it saw may still come."""
        for number, truth in find_truths(told).items():
            sheet = self.sheets[number]
            sheet.first = sheet.first or told[0].when.date()
            sheet.seen |= {state.family for state in truth.matched}

    def _note_truth(self, sheet: Sheet, truth: Truth, today: date) -> None:
        sheet.tried += 1
        sheet.first = sheet.first or today
        sheet.seen |= {state.family for state in truth.matched}
        if truth.whole:
            sheet.runs += 1
        if not (truth.knowable or truth.whole):
            return
        sheet.began = sheet.began or today - FIRST_LOOK
        now: dict[int, set[str]] = defaultdict(set)
        for state in truth.knowable:
            if state.created >= sheet.began:
                now[state.family].add(PREPRINT if state.preprint else ARTICLE)
        for family, roles in now.items():
            role = ARTICLE if ARTICLE in roles else PREPRINT
            history = sheet.told[family]
            if role not in history and ARTICLE not in history:
                sheet.due.setdefault((family, role), sheet.runs)

    def _note_item(self, sheet: Sheet, item: Item, said: str) -> None:
        family = self.living.families[item.pmid]
        role = PREPRINT if item.pmid in self.living.preprints else ARTICLE
        history = sheet.told[family]
        name = f"{said}: query {sheet.number}, PMID {item.pmid} ({role})"
        if role in history or ARTICLE in history:
            sheet.counts["repeated"] += 1
            sheet.wrong.append(f"{name} was told before as {history}")
            return
        if family not in sheet.seen:
            sheet.counts["strange"] += 1
            sheet.wrong.append(f"{name} never held the query when it was asked")
        if item.alone and item.published != (role == ARTICLE and PREPRINT in history):
            sheet.counts["misnamed"] += 1
            sheet.wrong.append(
                f"{name} is called {'' if item.published else 'not '}"
                "the article of a preprint sent before"
            )
        waiting = {role, PREPRINT} - set(history)
        history.append(role)
        sheet.counts["delivered"] += 1
        for other in waiting:
            known = sheet.due.get((family, other), sheet.runs)
            if sheet.runs - known > 1:
                sheet.counts["late"] += 1
                sheet.wrong.append(f"{name} came {sheet.runs - known} runs late")
            elif sheet.runs - known == 1:
                sheet.counts["one run later"] += 1

    def close(self) -> None:
        """Count what never came."""
        for sheet in self.sheets:
            for (family, role), known in sheet.due.items():
                told = sheet.told[family]
                if not told or (role == ARTICLE and ARTICLE not in told):
                    sheet.counts["missing"] += 1
                    pmids = [p for p, f in self.living.families.items() if f == family]
                    sheet.wrong.append(
                        f"query {sheet.number}: {role} of {pmids} never came; it could "
                        f"be known in run {known} of {sheet.runs}"
                    )
            counts = sheet.counts
            counts["deliverable"] = counts["delivered"] + counts["missing"]


def find_truths(told: Sequence[Told]) -> Mapping[int, Truth]:
    """Return what each query that was asked in a run could know."""
    given: set[int] = set()
    refused: set[int] = set()
    for each in told:
        if each.program == "efetch":
            given |= each.given
            refused |= each.asked - each.given
    found = {}
    for number in {each.wish for each in told if each.wish is not None}:
        searches = [each for each in told if each.wish == number]
        good = [each for each in searches if each.faithful]
        matched = {state.pmid: state for each in searches for state in each.matched}
        held = {state.pmid: state for state in good[-1].matched} if good else {}
        lost = refused - given
        found[number] = Truth(
            tried=True,
            whole=bool(good) and not lost & held.keys(),
            matched=tuple(matched.values()),
            knowable=tuple(s for pmid, s in held.items() if pmid not in lost),
        )
    return found

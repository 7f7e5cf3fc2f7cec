"""Pairs of the library that may be one record: shown, decided, and undone.

What the rows are follows from the records as found and from what persons decided: to
undo a decision is to ask again without it. So nothing is lost, and split is the
opposite of accept.
"""

from collections.abc import Iterable
from typing import NamedTuple

from assay.edge.store import Library
from assay.edge.store_parts import Description
from assay.errors import UsageError
from assay.library.decided import SAME, names_of
from assay.library.dedupe import Decision, Deduplicated, deduplicate
from assay.record import Record

ASKED, MERGED, GONE = "asked", "merged", "gone"
"""States of a pair: a person is asked; it is one row; it is neither any more."""

ALIKE = "like:"
"""How the name of a record begins that has no identifier (`names_of`)."""
MOST_LETTERS = 60
"""Letters of a title that stand for such a record."""


class Pair(NamedTuple):
    """Two records that may be one."""

    number: int
    """Stays the same as long as the library does."""
    one: str
    """The firmest name of the one."""
    other: str
    probability: float
    reasons: tuple[str, ...]
    state: str
    """"asked", or "merged" by probability or by a person."""


class Decided(NamedTuple):
    """What a person decided, and when."""

    number: int
    one: str
    other: str
    verdict: str
    """"same" or "apart"."""
    who: str
    made: str
    """ISO time."""
    undone: str
    """ISO time, or "" while it stands."""


class Settled(NamedTuple):
    """What looking the library over came to."""

    rows: int
    """Rows of the library."""
    merged: int
    """Pairs that are merged as all but certain, or because a person said so."""
    asked: int
    """Pairs that a person should look at."""


class Review:
    """The pairs of one library, and what was decided on them."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def settle(self) -> Settled:
        """Look the library over if it has changed; merge what is all but certain.

        Raises:
            StoreError: the library cannot be read or written.
        """
        seen = self._library.note("reviewed")
        if seen != str(self._library.last_seq()):
            self._look_over()
        pairs = self.pairs()
        merged = sum(pair.state == MERGED for pair in pairs)
        return Settled(self._library.count(), merged, len(pairs) - merged)

    def pairs(self) -> tuple[Pair, ...]:
        """Return the pairs to be decided and those that are merged, by number."""
        sql = (
            "SELECT number, one, other, probability, reasons, state FROM pairs "
            f"WHERE state != '{GONE}' ORDER BY number"
        )
        return tuple(
            Pair._make(row)._replace(reasons=tuple(str(row[4]).splitlines()))
            for row in self._library.ask(sql)
        )

    def find(self, number: int) -> Pair:
        """Return a pair by its number.

        Raises:
            UsageError: there is none of that number.
        """
        found = [pair for pair in self.pairs() if pair.number == number]
        if not found:
            raise UsageError(
                f"There is no pair {number}. `assay library review` lists them."
            )
        return found[0]

    def records(self, pair: Pair) -> tuple[Record, Record]:
        """Return both records of a pair as they were found.

        Raises:
            UsageError: they are in the library no more.
        """
        named = self._named({pair.one, pair.other})
        if len(named) < 2:
            raise UsageError(f"The records of pair {pair.number} are here no more.")
        return named[pair.one], named[pair.other]

    def labels(self, names: Iterable[str]) -> dict[str, str]:
        """Return what people call the records of these names: an identifier or title.

        One that is here no more keeps its name.
        """
        every = tuple(names)
        nameless = {name for name in every if name.startswith(ALIKE)}
        found = self._named(nameless) if nameless else {}
        said = {
            name: f"“{record.title[:MOST_LETTERS]}” ({record.source})"
            for name, record in found.items()
            if record.title
        }
        return {name: said.get(name, name) for name in every}

    def _named(self, names: set[str]) -> dict[str, Record]:
        """Return the records of these names as they were found."""
        return {
            name: each.record
            for _, made_of in self._library.descriptions()
            for each in made_of
            for name in names_of(each.record)[:1]
            if name in names
        }

    def decide(self, number: int, verdict: str, *, who: str, when: str) -> Pair:
        """Keep what a person decided on a pair, and act on it.

        Args:
            verdict: SAME or SPLIT of library/dedupe.py.
            who: the person's name.
            when: ISO time.

        Raises:
            UsageError: there is no such pair, or two PMIDs are to be one.
        """
        pair = self.find(number)
        firm = pair.one.startswith("pmid:") and pair.other.startswith("pmid:")
        if verdict == SAME and firm:
            raise UsageError("Both have a PMID of their own, so they are two records.")
        self._library.write(
            "INSERT INTO decisions (one, other, verdict, who, made, undone) "
            "VALUES (?, ?, ?, ?, ?, '')",
            [(pair.one, pair.other, verdict, who, when)],
        )
        self._look_over()
        return pair

    def undo(self, *, when: str) -> Decided | None:
        """Take the last decision back; None when there is none.

        It stays in the history with the time at which it was taken back.
        """
        standing = [each for each in self.history() if not each.undone]
        if not standing:
            return None
        last = standing[-1]
        sql = "UPDATE decisions SET undone = ? WHERE number = ?"
        self._library.write(sql, [(when, last.number)])
        self._look_over()
        return last

    def history(self) -> tuple[Decided, ...]:
        """Return every decision ever made, the oldest first."""
        sql = (
            "SELECT number, one, other, verdict, who, made, undone FROM decisions "
            "ORDER BY number"
        )
        return tuple(map(Decided._make, self._library.ask(sql)))

    def decisions(self) -> tuple[Decision, ...]:
        """Return the decisions that stand, for `deduplicate`."""
        return tuple(
            Decision(each.one, each.other, each.verdict)
            for each in self.history()
            if not each.undone
        )

    def _look_over(self) -> None:
        rows = list(self._library.descriptions())
        every = [each for _, made_of in rows for each in made_of]
        outcome = deduplicate(
            (each.record for each in every), decisions=self.decisions()
        )
        gone, groups = _changes(rows, outcome)
        if gone:
            self._library.regroup(gone, groups)
        self._note_pairs(outcome)

    def _note_pairs(self, outcome: Deduplicated) -> None:
        found = [
            (*_ends(*m.names), m.probability, m.reasons, ASKED) for m in outcome.maybe
        ]
        found += [
            (*_ends(j.one, j.other), j.probability, j.reasons, MERGED)
            for work in outcome.merged
            for j in work.joints
            if j.one != j.other
            and (j.probability < 1 or "decided the same" in j.reasons)
        ]
        self._library.write(f"UPDATE pairs SET state = '{GONE}'", [()])
        self._library.write(
            "INSERT INTO pairs (one, other, probability, reasons, state) "
            "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET probability = "
            "excluded.probability, reasons = excluded.reasons, state = excluded.state",
            [(a, b, p, "\n".join(why), state) for a, b, p, why, state in found],
        )
        self._library.write(
            "REPLACE INTO meta VALUES ('reviewed', ?)",
            [(str(self._library.last_seq()),)],
        )


def _changes(
    rows: Iterable[tuple[int, tuple[Description, ...]]], outcome: Deduplicated
) -> tuple[list[int], list[tuple[Record, list[Description]]]]:
    """Return the rows to take away, and those to put in their place.

    Rows that hold what one work holds stay as they are.
    """
    of: dict[Record, list[tuple[int, Description]]] = {}
    sizes: dict[int, int] = {}
    for number, made_of in rows:
        sizes[number] = len(made_of)
        for each in made_of:
            of.setdefault(each.record, []).append((number, each))
    gone: set[int] = set()
    groups = []
    for work in outcome.merged:
        own = [pair for member in work.members for pair in of[member]]
        numbers = {number for number, _ in own}
        if len(numbers) > 1 or len(own) != sizes[next(iter(numbers))]:
            gone |= numbers
            groups.append((work.record, [each for _, each in own]))
    return sorted(gone), groups


def _ends(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)

"""Which verdicts moved, and what moved them, found by leaving one out.

before ─┐
        ├─► what is new, taken back, restored, changed, gone ─► each left out in turn
finding ┘

Whatever gives the verdict of before when it alone is left out, moved it. Where nothing
does so alone, the fewest that do so together did. Where the same studies give another
verdict, the rules or the words changed.

Laws (held by property tests): leaving all causes out gives the label of before, as long
as they are new studies and notices; a neutral study is never a cause; the order of the
evidence does not matter; the same evidence never moves.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

from assay.digest.model import Cause, CauseKind, Move, Voice, Watched, Weighing
from assay.digest.voices import (
    evidence_of,
    group_pieces,
    is_heard,
    voice_of,
    weighing_of,
)
from assay.evidence.studies import NOT_COUNTED, group_studies, study_key
from assay.evidence.verdict import decide, decide_label, least_weight, sum_sides
from assay.model import Certainty, Evidence, Finding, Label, Verdict

MOST_PAIRED = 8
"""The weightiest differences of which every pair is tried."""
MOST_PARTS = 64
"""Parts into which many differences are split at most, to leave out each in turn."""

Undo = tuple["Unit", ...]
Test = Callable[[Undo], bool]
"""Whether leaving these out gives the verdict that is looked for."""


class Difference(NamedTuple):
    """One record that does not say what it said."""

    kind: CauseKind
    now: tuple[Evidence, ...]
    """Its pieces; () when it is gone."""
    then: Voice | None
    """What it said before; None when it is new."""

    @property
    def told(self) -> Voice:
        """What is shown of it: as it is now, where there is still something."""
        return voice_of(self.now) if self.now or not self.then else self.then


class Unit(NamedTuple):
    """What is left out together: all that is alike of one study."""

    kind: CauseKind
    differences: tuple[Difference, ...]
    """The weightiest first."""

    @property
    def told(self) -> Voice:
        """What is shown of it."""
        return self.differences[0].told


def find_move(
    watched: Watched, before: Weighing, finding: Finding, when: str, version: str
) -> Move | None:
    """Return how the verdict on a watched claim moved; None when it did not.

    Args:
        watched: the claim.
        before: how it was weighed last.
        finding: what is found on it now.
        when: ISO time of `finding`.
        version: of assay, whose rules weighed now.
    """
    after = weighing_of(finding, watched.id, when, version)
    if (after.label, after.certainty) == (before.label, before.certainty):
        return None
    causes = find_causes(before, finding, version)
    return Move(watched=watched, before=before, after=replace(after, causes=causes))


def find_causes(before: Weighing, finding: Finding, version: str) -> tuple[Cause, ...]:
    """Return what moved a verdict that is not what it was, the weightiest first."""
    units = find_units(before, finding.evidence)
    if not units:
        return (Cause(CauseKind.RULES),)
    gives_before = _looks_for(finding, before.label, before.certainty)
    if gives_before(units):
        return tuple(_search(units, gives_before))
    return _with_rules(before, finding, units, version)


def _with_rules(
    before: Weighing, finding: Finding, units: Undo, version: str
) -> tuple[Cause, ...]:
    """Return the causes where leaving all that differs out does not suffice."""
    inexact = tuple(u for u in units if u.kind in _INEXACT)
    if inexact and version == before.version:
        alone = len(units) == 1
        return tuple(_cause(u, u.kind, alone=alone) for u in inexact)
    as_it_was = _without(finding, units)
    now = finding.verdict
    if (as_it_was.label, as_it_was.certainty) == (now.label, now.certainty):
        return (Cause(CauseKind.RULES),)
    found = _search(units, _looks_for(finding, as_it_was.label, as_it_was.certainty))
    beside = (
        c._replace(kind=CauseKind.TOGETHER, alone=False) if c.alone else c
        for c in found
    )
    return (Cause(CauseKind.RULES, alone=False), *beside)


_INEXACT = frozenset({CauseKind.CHANGED, CauseKind.GONE})
"""Differences that a kept voice undoes nearly, but for what hangs on the abstract."""


def _looks_for(finding: Finding, label: Label, certainty: Certainty) -> Test:
    """Return the test for a verdict: of its label; where that stayed, its certainty."""
    if finding.verdict.label != label:
        least = least_weight(finding.claim)
        return lambda chosen: (
            decide_label(sum_sides(_rest(finding, chosen)), least) == label
        )

    def test(chosen: Undo) -> bool:
        verdict = _without(finding, chosen)
        return (verdict.label, verdict.certainty) == (label, certainty)

    return test


def _search(units: Undo, reaches: Test) -> Iterator[Cause]:
    """Yield the causes: those that suffice alone, else the fewest that do together."""
    chosen: Undo = ()
    for unit in units:
        if reaches((unit,)) and reaches((*chosen, unit)):
            chosen = (*chosen, unit)
    if chosen:
        yield from (_cause(unit, unit.kind, alone=True) for unit in chosen)
        return
    for unit in _fewest(units, reaches):
        yield _cause(unit, CauseKind.TOGETHER, alone=False)


def _fewest(units: Undo, reaches: Test) -> Undo:
    """Return few units that suffice together: a pair, else as found by taking away."""
    for pair in combinations(units[:MOST_PAIRED], 2):
        if reaches(pair):
            return pair
    lengths = range(len(units))
    enough = bisect_left(lengths, x=True, key=lambda n: reaches(units[: n + 1]))
    return _thin(units[: enough + 1], reaches)


def _thin(chosen: Undo, reaches: Test) -> Undo:
    """Return units without what is not needed: ever smaller parts, the lightest first.

    Of hundreds some may stay of which nothing hangs: to try each takes a minute.
    """
    least = -(-len(chosen) // MOST_PARTS)
    size = max(least, len(chosen) // 2)
    while chosen:
        for end in range(len(chosen), 0, -size):
            fewer = chosen[: max(0, end - size)] + chosen[end:]
            if reaches(fewer):
                chosen = fewer
        if size <= least:
            break
        size = max(least, size // 2)
    return chosen


def _cause(unit: Unit, kind: CauseKind, *, alone: bool) -> Cause:
    voice = unit.told
    return Cause(kind, voice.work, voice.stance, voice.sentence, voice.standing, alone)


def find_units(before: Weighing, evidence: Sequence[Evidence]) -> Undo:
    """Return what differs in what counts from a weighing, the weightiest first.

    Records of one study that differ alike are one: else a trial that comes with two
    papers would have no cause.
    """
    homes = {
        study_key(e): at
        for at, study in enumerate(group_studies(evidence))
        for e in study
    }
    units: dict[tuple[CauseKind, int | str], list[Difference]] = {}
    for each in _differences(before.voices, group_pieces(evidence)):
        home = homes[study_key(each.now[0])] if each.now else each.told.work.key
        units.setdefault((each.kind, home), []).append(each)
    ordered = [
        Unit(kind, tuple(sorted(own, key=_weight))) for (kind, _), own in units.items()
    ]
    return tuple(sorted(ordered, key=lambda unit: _weight(unit.differences[0])))


def _weight(difference: Difference) -> tuple[float, str]:
    heard = [difference.told, difference.then or difference.told]
    return (-max(v.weight for v in heard), difference.told.work.key)


def _differences(
    then: Iterable[Voice], now: Iterable[tuple[Evidence, ...]]
) -> Iterator[Difference]:
    """Yield the records that count or counted and say something else than before."""
    named = {name: voice for voice in then for name in voice.work.names}
    met: set[str] = set()
    for own in now:
        voice = voice_of(own)
        names = (name for name in voice.work.names if name in named)
        past = next((named[name] for name in names), None)
        past = None if past and past.work.key in met else past
        met |= {past.work.key} if past else set()
        if kind := _compare(past, voice):
            yield Difference(kind, own, past)
    for voice in dict.fromkeys(named.values()):
        if is_heard(voice) and voice.work.key not in met:
            yield Difference(CauseKind.GONE, (), voice)


def _compare(then: Voice | None, now: Voice) -> CauseKind | None:
    """Return how a record differs; None when it does not, or counted never."""
    if not is_heard(now) and not (then and is_heard(then)):
        return None
    if then is None:
        return CauseKind.STUDY
    if (then.standing in NOT_COUNTED) is not (now.standing in NOT_COUNTED):
        return CauseKind.NOTICE
    return None if _is_same(then, now) else CauseKind.CHANGED


def _is_same(then: Voice, now: Voice) -> bool:
    """Say whether a record says what it said; a size told by one only is no change."""
    sizes = {then.work.size, now.work.size} - {None}
    return _said(then) == _said(now) and len(sizes) < 2


def _said(voice: Voice) -> tuple[object, ...]:
    return (voice.stance, voice.weight, voice.sentence, voice.work.design)


def _without(finding: Finding, units: Undo) -> Verdict:
    """Return the verdict as it would be had these not come about."""
    return decide(finding.claim, _rest(finding, units))


def _rest(finding: Finding, units: Undo) -> tuple[Evidence, ...]:
    """Return the evidence as it would be had these not come about."""
    undone = [each for unit in units for each in unit.differences]
    touched = {study_key(e) for each in undone for e in each.now}
    kept = [e for e in finding.evidence if study_key(e) not in touched]
    restored = [e for each in undone for e in _as_before(each)]
    return (*kept, *restored)


def _as_before(difference: Difference) -> Iterator[Evidence]:
    then = difference.then
    if then is None:
        return
    if difference.now and _is_same(then, voice_of(difference.now)):
        for e in difference.now:
            yield replace(e, standing=then.standing)
    else:
        yield evidence_of(then)

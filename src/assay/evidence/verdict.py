"""From evidence to a verdict: one table of thresholds, a pure function, a few laws.

Laws (held by property tests): the order of the evidence does not matter; a neutral or
retracted study never changes the label; one more supporting study never makes a claim
less supported; without a sentence that speaks there is no verdict but "insufficient".
"""

from collections.abc import Iterable, Sequence
from math import fsum
from typing import NamedTuple

from assay.evidence.certainty import STRONG, rate_certainty
from assay.evidence.studies import (
    count_papers,
    counted,
    find_counted_in,
    group_studies,
    study_key,
)
from assay.model import (
    Certainty,
    CertaintyStep,
    Claim,
    Design,
    Evidence,
    Label,
    Stance,
    Verdict,
)
from assay.notice import Standing

ENOUGH = 0.6
"""Least weight of a side before it counts, e.g. one randomised trial or two surveys."""
ENOUGH_FOR_THINGS = 0.4
"""The same for descriptions of a substance, where one laboratory study suffices."""
DOMINANCE = 2.0
"""How many times the weight of the other side one side needs to decide alone."""
STRONG_DOMINANCE = 4.0
"""The same against good evidence: trials and reviews that weigh enough by themselves.

So good studies that conflict are mixed, and never an average.
"""
CAVEATS = frozenset({"research-limited"})
"""Rules whose answer takes no finding back: nearly every report asks for more research.

They speak for a record that finds nothing else.
"""
GONE = frozenset({Standing.REPLACED, Standing.RETRACTED, Standing.WITHDRAWN})
"""Standings of work that was taken back."""
_THINGS = frozenset({"acts-on", "contains", "varies", "located", "is", "used-for"})
_OF_OTHERS = frozenset({"other-population"})


class Sides(NamedTuple):
    """The weight on each side, each study counted once."""

    supports: float
    contradicts: float
    qualifies: float
    studies: int
    good_supports: float = 0.0
    """Of `supports`, what trials by chance, reviews and guidelines weigh."""
    good_contradicts: float = 0.0
    caveats: float = 0.0
    """Of `qualifies`, what only calls the research too limited: it finds nothing."""


class Voice(NamedTuple):
    """What one study says about a claim, all its records and sentences together."""

    stance: Stance
    weight: float
    good: bool
    """True when its weight is that of a strong design."""
    evidence: tuple[Evidence, ...]


def hear_studies(evidence: Iterable[Evidence]) -> tuple[Voice, ...]:
    """Return what each study that counts says, in the order of its first sentence.

    A record that speaks on both sides qualifies; one that finds something and asks for
    more research keeps its side. Of several records of one study the weightiest speak
    for it; where they disagree, it qualifies.

    >>> hear_studies(())
    ()
    """
    return tuple(_hear(study) for study in group_studies(counted(evidence)))


def _hear(study: tuple[Evidence, ...]) -> Voice:
    by_record: dict[tuple[str, ...], list[Evidence]] = {}
    for e in study:
        by_record.setdefault(study_key(e), []).append(e)
    said = [_of_record(own) for own in by_record.values()]
    weight = max(weight for _, weight in said)
    stance = _one_of({stance for stance, each in said if each == weight})
    good = any(e.design in STRONG for e in study if e.weight == weight)
    return Voice(stance, weight, good, study)


def _of_record(own: Sequence[Evidence]) -> tuple[Stance, float]:
    found = [e for e in own if e.rule not in CAVEATS] or own
    return _one_of({e.stance for e in found}), max(e.weight for e in found)


def _one_of(stances: set[Stance]) -> Stance:
    return next(iter(stances)) if len(stances) == 1 else Stance.QUALIFIES


def sum_sides(evidence: Iterable[Evidence]) -> Sides:
    """Add up the sides, a study that speaks on both sides counting as qualifying.

    >>> sum_sides(())[:4]
    (0.0, 0.0, 0.0, 0)
    """
    voices = hear_studies(evidence)

    def total(stance: Stance, *, good: bool = False) -> float:
        own = [v.weight for v in voices if v.stance is stance and (v.good or not good)]
        return round(fsum(own), 6)  # the same in any order

    return Sides(
        total(Stance.SUPPORTS),
        total(Stance.CONTRADICTS),
        total(Stance.QUALIFIES),
        len(voices),
        total(Stance.SUPPORTS, good=True),
        total(Stance.CONTRADICTS, good=True),
        round(fsum(v.weight for v in voices if _only_warns(v)), 6),
    )


def _only_warns(voice: Voice) -> bool:
    """Say whether a study does no more than call the research too limited."""
    warns = all(e.rule in CAVEATS for e in voice.evidence)
    return warns and voice.stance is Stance.QUALIFIES


def decide(claim: Claim, evidence: Sequence[Evidence]) -> Verdict:
    """Return the verdict on a claim; the same evidence always gives the same one."""
    if not claim.checkable:
        return Verdict(
            label=Label.NOT_CHECKABLE,
            certainty=Certainty.VERY_LOW,
            reason=claim.why_not or "Nothing in it can be checked.",
        )
    sides = sum_sides(evidence)
    label = decide_label(sides, least_weight(claim))
    steps = decide_certainty(label, counted(evidence), sides)
    return Verdict(
        label=label,
        certainty=steps[-1].level if steps else Certainty.VERY_LOW,
        reason=say_why(label, evidence, sides),
        steps=steps,
    )


def least_weight(claim: Claim) -> float:
    """Return the weight that a side needs for a claim: `ENOUGH`, or that for things."""
    return ENOUGH_FOR_THINGS if claim.frame.relation in _THINGS else ENOUGH


def decide_label(sides: Sides, enough: float = ENOUGH) -> Label:
    """Return the label for summed sides.

    A side decides alone when it has enough weight, `DOMINANCE` times the other's, and
    no less than what only qualifies. Against good evidence on the other side that
    weighs enough by itself it needs `STRONG_DOMINANCE` times. Sides of which none
    decides are mixed.

    >>> decide_label(Sides(0.8, 0.0, 0.0, 1)).value
    'supported'
    >>> decide_label(Sides(1.6, 0.8, 0.0, 3, 1.6, 0.8)).value
    'mixed'
    >>> decide_label(Sides(0, 0, 0, 0)).value
    'insufficient'
    """
    return next(row.label for row in decision_table(sides, enough) if row.holds)


class Row(NamedTuple):
    """One row of the table that decides: the first that holds gives the label."""

    label: Label
    test: str
    """What is asked, with the numbers."""
    holds: bool


def decision_table(sides: Sides, enough: float = ENOUGH) -> tuple[Row, ...]:
    """Return the table of a decision with its numbers filled in; its last row holds.

    >>> [row.holds for row in decision_table(Sides(0.8, 0.0, 0.0, 1))]
    [True, False, True, False, True]
    """
    for_, against = sides[:2]
    limits = round(sides.qualifies - sides.caveats, 6)
    return (
        _one_side(Label.SUPPORTED, sides, enough),
        _one_side(Label.CONTRADICTED, sides, enough),
        Row(
            Label.MIXED,
            f"for {for_:.2f} or against {against:.2f} is at least {enough:.2f}",
            max(for_, against) >= enough,
        ),
        Row(
            Label.MIXED,
            f"with limits found {limits:.2f} is at least {enough:.2f}",
            limits >= enough,
        ),
        Row(Label.INSUFFICIENT, "anything else", True),
    )


def _one_side(label: Label, sides: Sides, enough: float) -> Row:
    """Return the row of the table on which one side decides alone."""
    if label is Label.SUPPORTED:
        name, own, other = "for", sides.supports, sides.contradicts
        good = sides.good_contradicts
    else:
        name, own, other = "against", sides.contradicts, sides.supports
        good = sides.good_supports
    times, limits = _times(good), sides.qualifies
    because = f", since {good:.2f} of it is good evidence" if good >= ENOUGH else ""
    test = (
        f"{name} {own:.2f} is at least {enough:.2f}, {times:g} times the other side's "
        f"{other:.2f}{because}, and no less than with limits {limits:.2f}"
    )
    return Row(label, test, own >= max(enough, other * times, limits))


def _times(good: float) -> float:
    """Return how many times a side must outweigh another with so much good evidence."""
    return STRONG_DOMINANCE if good >= ENOUGH else DOMINANCE


def decide_certainty(
    label: Label, evidence: Sequence[Evidence], sides: Sides
) -> tuple[CertaintyStep, ...]:
    """Return the steps to GRADE's level for a label; () when nothing is decided."""
    if label in {Label.INSUFFICIENT, Label.NOT_CHECKABLE}:
        return ()
    wanted = {Label.SUPPORTED: Stance.SUPPORTS, Label.CONTRADICTED: Stance.CONTRADICTS}
    side = [e for e in evidence if e.stance is wanted.get(label, e.stance)]
    return rate_certainty(side or evidence, sides.supports, sides.contradicts)


def say_why(label: Label, evidence: Sequence[Evidence], sides: Sides) -> str:
    """Return the reason for a label in one sentence."""
    told = counted(evidence)
    if label is Label.INSUFFICIENT:
        return _why_insufficient(evidence, sides)
    parts = [
        _side([e for e in told if e.stance is stance], verb)
        for stance, verb in (
            (Stance.SUPPORTS, "support"),
            (Stance.CONTRADICTS, "contradict"),
            (Stance.QUALIFIES, "qualify"),
        )
    ]
    best = ", ".join(_designs(told))
    return f"{_join([p for p in parts if p])} ({best}){_say_contained(told)}."


def _side(side: Sequence[Evidence], verb: str) -> str:
    """Return how many studies do what; "" for none. "3 papers of 2 studies support"."""
    count, papers = len(group_studies(side)), count_papers(side)
    if not count:
        return ""
    if papers > count:
        return f"{papers} papers of {count} {_plural(count)} {verb} it"
    told = f"{count} {_plural(count)} {verb} it"
    return _singular(told) if count == 1 else told


def _say_contained(told: Sequence[Evidence]) -> str:
    """Return what reviews contain of what is counted beside them; "" when nothing."""
    found = find_counted_in(told)
    if not found:
        return ""
    most = max(number for _, number in found)
    which = "a review" if len(found) == 1 else f"one of {len(found)} reviews"
    of = "study" if most == 1 else "studies"
    return f"; {which} contains {most} of the {of} already counted"


def _why_insufficient(evidence: Sequence[Evidence], sides: Sides) -> str:
    speaking = [e for e in evidence if e.stance is not Stance.NEUTRAL]
    retracted = any(e.standing in GONE for e in speaking)
    if retracted and not sides.studies:
        return "Only retracted work speaks of it, and that does not count."
    if sides.caveats >= ENOUGH and not sides.supports and not sides.contradicts:
        return "Reviews of it call the research too limited to conclude."
    if sides.studies:
        verb = "speaks" if sides.studies == 1 else "speak"
        told = f"{sides.studies} {_plural(sides.studies)} {verb} of it"
        return f"{told}, too little or too indirect to tell."
    weightless = [e for e in speaking if not e.weight]
    if weightless and all(_OF_OTHERS & {f.code for f in e.flags} for e in weightless):
        return "It was studied only in other people than the claim is about."
    if weightless:
        return (
            "Only animal or laboratory work speaks of it, which cannot tell about"
            " people."
        )
    if evidence:
        return "The studies found do not speak of what it asserts."
    return "No study was found that speaks of it."


def _designs(evidence: Sequence[Evidence]) -> list[str]:
    order = list(Design)
    met = sorted({e.design for e in evidence}, key=order.index)
    return [d.value for d in met[:3]] + (["and others"] if len(met) > 3 else [])


def _plural(count: int) -> str:
    return "study" if count == 1 else "studies"


def _singular(words: str) -> str:
    for verb in ("support", "contradict"):
        words = words.replace(f" {verb} it", f" {verb}s it")
    return words.replace(" qualify it", " qualifies it")


def _join(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"

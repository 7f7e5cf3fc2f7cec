"""From evidence to a verdict: one table of thresholds, a pure function, a few laws.

Laws (held by property tests): the order of the evidence does not matter; a neutral or
retracted study never changes the label; one more supporting study never makes a claim
less supported; without a sentence that speaks there is no verdict but "insufficient".
"""

from collections.abc import Iterable, Sequence
from math import fsum
from typing import NamedTuple

from assay.model import (
    Certainty,
    Claim,
    Design,
    Evidence,
    Label,
    Stance,
    Standing,
    Verdict,
)

NOT_COUNTED = frozenset({Standing.RETRACTED, Standing.NOTICE})
"""Records of these standings are shown, struck out, and never counted."""
ENOUGH = 0.6
"""Least weight of a side before it counts, e.g. one randomised trial or two surveys."""
ENOUGH_FOR_THINGS = 0.4
"""The same for descriptions of a substance, where one laboratory study suffices."""
DOMINANCE = 2.0
"""How many times the weight of the other side one side needs to decide alone."""
_THINGS = frozenset({"acts-on", "contains", "varies", "located", "is", "used-for"})
_STRONG = frozenset(
    {
        Design.META_ANALYSIS, Design.SYSTEMATIC_REVIEW, Design.RANDOMISED_TRIAL,
        Design.GUIDELINE,
    }
)  # fmt: skip
_FAIR = frozenset(
    {
        Design.NONRANDOMISED_TRIAL, Design.COHORT, Design.CASE_CONTROL,
        Design.CROSS_SECTIONAL, Design.PHARMACOKINETIC,
    }
)  # fmt: skip
_OF_OTHERS = frozenset({"other-population"})
_LEVELS = (Certainty.VERY_LOW, Certainty.LOW, Certainty.MODERATE, Certainty.HIGH)


class Sides(NamedTuple):
    """The weight on each side, each study counted once."""

    supports: float
    contradicts: float
    qualifies: float
    studies: int


def counted(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return the evidence that may count: it speaks, stands, and weighs something."""
    return tuple(
        e
        for e in evidence
        if e.stance is not Stance.NEUTRAL
        and e.standing not in NOT_COUNTED
        and e.weight > 0
        and e.sentence
    )


def sum_sides(evidence: Iterable[Evidence]) -> Sides:
    """Add up the sides, a study that speaks on both sides counting as qualifying.

    >>> sum_sides(())
    Sides(supports=0.0, contradicts=0.0, qualifies=0.0, studies=0)
    """
    by_study: dict[tuple[str, ...], list[Evidence]] = {}
    for e in counted(evidence):
        by_study.setdefault(study_key(e), []).append(e)
    weights: dict[Stance, list[float]] = {stance: [] for stance in Stance}
    for own in by_study.values():
        stances = {e.stance for e in own}
        stance = stances.pop() if len(stances) == 1 else Stance.QUALIFIES
        weights[stance].append(max(e.weight for e in own))
    totals = {stance: fsum(own) for stance, own in weights.items()}  # in any order
    return Sides(
        round(totals[Stance.SUPPORTS], 6),
        round(totals[Stance.CONTRADICTS], 6),
        round(totals[Stance.QUALIFIES], 6),
        len(by_study),
    )


def study_key(evidence: Evidence) -> tuple[str, ...]:
    """Return what identifies the study behind a piece of evidence."""
    record = evidence.record
    ids = (record.pmid, record.doi, record.pmcid)
    return ids if any(ids) else (record.source, record.title, str(record.year))


def decide(claim: Claim, evidence: Sequence[Evidence]) -> Verdict:
    """Return the verdict on a claim; the same evidence always gives the same one."""
    if not claim.checkable:
        return Verdict(
            label=Label.NOT_CHECKABLE,
            certainty=Certainty.VERY_LOW,
            reason=claim.why_not or "Nothing in it can be checked.",
        )
    sides = sum_sides(evidence)
    label = decide_label(sides, _enough(claim))
    return Verdict(
        label=label,
        certainty=decide_certainty(label, counted(evidence), sides),
        reason=say_why(label, evidence, sides),
    )


def _enough(claim: Claim) -> float:
    return ENOUGH_FOR_THINGS if claim.frame.relation in _THINGS else ENOUGH


def decide_label(sides: Sides, enough: float = ENOUGH) -> Label:
    """Return the label for summed sides.

    A side decides alone when it has enough weight, `DOMINANCE` times the other's, and
    no less than what only qualifies. Sides of which none decides are mixed.

    >>> decide_label(Sides(0.8, 0.0, 0.0, 1)).value
    'supported'
    >>> decide_label(Sides(0.8, 0.8, 0.0, 2)).value
    'mixed'
    >>> decide_label(Sides(0, 0, 0, 0)).value
    'insufficient'
    """
    for_, against = sides.supports, sides.contradicts
    if max(for_, against) >= enough:
        if for_ >= max(against * DOMINANCE, sides.qualifies):
            return Label.SUPPORTED
        if against >= max(for_ * DOMINANCE, sides.qualifies):
            return Label.CONTRADICTED
        return Label.MIXED
    return Label.MIXED if sides.qualifies >= enough else Label.INSUFFICIENT


def decide_certainty(
    label: Label, evidence: Sequence[Evidence], sides: Sides
) -> Certainty:
    """Return GRADE's level, reached by its way: start by design, then step down or up.

    Start: high with randomised trials, moderate with reviews (assay reads abstracts and
    cannot see what they rest on), low with other studies in people, very low otherwise.
    Down one step each: weight on both sides; a single study; every study flagged as
    indirect. High needs three strong studies.
    """
    if label in {Label.INSUFFICIENT, Label.NOT_CHECKABLE} or not evidence:
        return Certainty.VERY_LOW
    wanted = {Label.SUPPORTED: Stance.SUPPORTS, Label.CONTRADICTED: Stance.CONTRADICTS}
    side = [e for e in evidence if e.stance is wanted.get(label, e.stance)] or evidence
    designs = {e.design for e in side}
    level = 2 if designs & _STRONG else 1 if designs & _FAIR else 0
    level += Design.RANDOMISED_TRIAL in designs
    strong = {study_key(e) for e in side if e.design in _STRONG}
    if level == 3 and len(strong) < 3:
        level -= 1
    against = min(sides.supports, sides.contradicts)
    level -= against > 0 and against * 4 >= max(sides.supports, sides.contradicts)
    level -= len({study_key(e) for e in side}) == 1
    level -= all(e.flags for e in side)
    return _LEVELS[max(0, level)]


def say_why(label: Label, evidence: Sequence[Evidence], sides: Sides) -> str:
    """Return the reason for a label in one sentence."""
    told = counted(evidence)
    counts = {
        stance: len({study_key(e) for e in told if e.stance is stance})
        for stance in Stance
    }
    if label is Label.INSUFFICIENT:
        return _why_insufficient(evidence, sides)
    best = ", ".join(_designs(told))
    parts = [
        f"{count} {_plural(count)} {verb} it"
        for stance, verb in (
            (Stance.SUPPORTS, "support"),
            (Stance.CONTRADICTS, "contradict"),
            (Stance.QUALIFIES, "qualify"),
        )
        if (count := counts[stance])
    ]
    told_how = _join([p if not p.startswith("1 ") else _singular(p) for p in parts])
    return f"{told_how} ({best})."


def _why_insufficient(evidence: Sequence[Evidence], sides: Sides) -> str:
    speaking = [e for e in evidence if e.stance is not Stance.NEUTRAL]
    retracted = any(e.standing is Standing.RETRACTED for e in speaking)
    if retracted and not sides.studies:
        return "Only retracted work speaks of it, and that does not count."
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

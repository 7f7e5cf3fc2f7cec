"""What one sentence of a record says about a claim: one rule per relation.

Every rule is a question with a plain answer; a sentence that answers none of them is
neutral. A rule names itself in the evidence it gives, so that a reader can follow it.
"""

from collections.abc import Callable

from assay.claims.vocabulary import Vocabulary
from assay.evidence.effect import judge_effect
from assay.evidence.judged import NEUTRAL, Judged, neutral
from assay.evidence.match import wanted_exposures
from assay.evidence.occurrence import judge_occurrence, judge_safety
from assay.evidence.reading import Line, Study
from assay.evidence.special import (
    compare_doses,
    judge_acting,
    judge_common,
    judge_contents,
    judge_place,
    judge_recommended,
    judge_regulated,
    judge_same_words,
    judge_state,
    judge_use,
    judge_varying,
)
from assay.evidence.tradition import is_of_tradition, judge_tradition
from assay.model import Claim

Rule = Callable[[Claim, Line, Study, Vocabulary], Judged]

RULES: dict[str, Rule] = {
    "effect": judge_effect,
    "occurs": judge_occurrence,
    "precaution": judge_occurrence,
    "safe": judge_safety,
    "acts-on": judge_acting,
    "contains": judge_contents,
    "used-for": judge_use,
    "common": judge_common,
    "varies": judge_varying,
    "located": judge_place,
    "evidence-state": judge_state,
    "regulated": judge_regulated,
    "recommended": judge_recommended,
    "dose": compare_doses,
    "is": judge_same_words,
}
"""Relation of the claim to the rule that reads sentences for it."""


IN_PASSING = frozenset({judge_place, judge_tradition})
"""Rules that hear introductions too: what they ask for is told nowhere else."""
WITHOUT_EXPOSURE = frozenset({"common", "recommended"})
"""Relations that can be asserted of an outcome alone."""


def judge_line(claim: Claim, line: Line, study: Study, words: Vocabulary) -> Judged:
    """Return what a sentence says about a claim; neutral when it does not know."""
    rule = RULES.get(claim.frame.relation)
    if rule is None:
        return NEUTRAL
    nothing_acts = not wanted_exposures(claim, words)
    if nothing_acts and claim.frame.relation not in WITHOUT_EXPOSURE:
        return neutral("no-exposure", "The claim names nothing that acts.")
    if is_of_tradition(claim):
        rule = judge_tradition
    told_in_passing = rule in IN_PASSING and line.background
    if line.aim and not told_in_passing:
        return neutral("aim", "It states a question or a method, not a finding.")
    return rule(claim, line, study, words)

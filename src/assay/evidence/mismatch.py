"""What a study's answer weighs for a claim, and where the claim goes beyond it."""

from assay.claims.vocabulary import Vocabulary
from assay.evidence.card import FLAGS, Asked
from assay.evidence.card_people import (
    find_field,
    is_about_things,
    is_of_special_people,
    speaks_of_animals,
    studied_other_people,
)
from assay.evidence.card_study import find_study_flags
from assay.evidence.design import WEIGHTS
from assay.evidence.judged import Judged
from assay.evidence.reading import Line, Study
from assay.evidence.tradition import is_of_tradition
from assay.model import Claim, ClaimType, Design, Flag, Stance

__all__ = ["FLAGS", "speaks_of_animals", "weigh"]

THING_WEIGHT = 0.4
"""Weight of laboratory and animal work for a claim about a substance: its field."""
TOLD_BY_ANY = frozenset({"located", "contains", "evidence-state"})
"""Relations that any study can tell of, whatever its design."""
THEIR_OWN = frozenset({"children", "pregnant-women"})
"""People whose bodies answer otherwise: studies of other people weigh nothing."""
UNCONTROLLED = frozenset(
    {
        Design.CROSS_SECTIONAL, Design.CASE_SERIES, Design.CASE_REPORT, Design.UNCLEAR,
        Design.QUALITATIVE, Design.NARRATIVE_REVIEW, Design.EDITORIAL,
    }
)  # fmt: skip
EFFECT_UNCONTROLLED = 0.5
"""Share kept by a design without a comparison when a claim says something works."""
NO_HARM_SEEN = 0.5
"""Share kept by a study that saw no harm: one study cannot show that there is none."""
OTHER_PEOPLE = 0.4
"""Share of its weight that a study keeps when it studied other people than claimed."""


def weigh(
    claim: Claim, study: Study, line: Line, judged: Judged, words: Vocabulary
) -> tuple[float, tuple[Flag, ...]]:
    """Return what a study's answer weighs for a claim, 0 to 1, and the flags it raises.

    Animal and laboratory work weighs nothing for a claim about people, so that it can
    never by itself support one.
    """
    weight = WEIGHTS[study.design] * judged.closeness
    if find_field(study, line) is not None:
        if is_about_things(claim) or speaks_of_animals(claim.text):
            weight = THING_WEIGHT * judged.closeness
        elif claim.type is not ClaimType.DESCRIPTION:
            weight = 0.0
    elif is_of_tradition(claim) or claim.frame.relation in TOLD_BY_ANY:
        weight = max(weight, THING_WEIGHT * judged.closeness)
    elif claim.type is ClaimType.EFFICACY and study.design in UNCONTROLLED:
        weight *= EFFECT_UNCONTROLLED
    if judged.stance is Stance.SUPPORTS and _denies_harm(claim):
        weight *= NO_HARM_SEEN
    if studied_other_people(claim, study, words):
        weight *= 0.0 if _about_the_young(claim) else OTHER_PEOPLE
    elif is_of_special_people(claim, study, words):
        weight *= OTHER_PEOPLE
    flags = find_study_flags(Asked(claim, study, line, judged, words))
    return round(weight, 4), flags


def _denies_harm(claim: Claim) -> bool:
    """Say whether a claim says that something is safe, or does not do a harm."""
    frame = claim.frame
    return frame.relation == "safe" or (frame.relation == "occurs" and frame.negated)


def _about_the_young(claim: Claim) -> bool:
    """Say whether a claim is about the unborn or children, unlike adults."""
    return any(t.concept in THEIR_OWN for t in claim.frame.population)

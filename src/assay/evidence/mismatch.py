"""Ways in which a claim goes beyond a study: species, laboratory, people, cause, outcome."""

from assay.claims.vocabulary import Vocabulary
from assay.evidence.design import WEIGHTS
from assay.evidence.judged import Judged
from assay.evidence.reading import Study
from assay.model import Claim, ClaimType, Design, Flag

NOT_IN_PEOPLE = frozenset({Design.ANIMAL, Design.IN_VITRO})
OBSERVATIONAL = frozenset(
    {
        Design.COHORT, Design.CASE_CONTROL, Design.CROSS_SECTIONAL, Design.CASE_SERIES,
        Design.CASE_REPORT, Design.QUALITATIVE,
    }
)  # fmt: skip
ABOUT_THINGS = frozenset({"acts-on", "contains", "varies", "located", "is"})
"""Relations that assert something of a substance or product, not of people."""
THING_WEIGHT = 0.4
"""Weight of laboratory and animal work for a claim about a substance: it is its field."""
OTHER_PEOPLE = 0.4
"""Share of its weight that a study keeps when it studied other people than claimed."""

FLAGS = {
    "other-species": "The study is in animals; the claim is about people.",
    "in-vitro-only": "The study is in the laboratory; the claim is about people.",
    "association-as-cause": (
        "The claim speaks of cause and effect; the study could only see that the two go"
        " together."
    ),
    "other-outcome": "The study measured a neighbouring outcome, not the one claimed.",
    "other-population": "The study looked at other people than the claim is about.",
}


def weigh(
    claim: Claim, study: Study, judged: Judged, words: Vocabulary
) -> tuple[float, tuple[Flag, ...]]:
    """Return what a study's answer weighs for a claim, 0 to 1, and the flags it raises.

    Animal and laboratory work weighs nothing for a claim about people, so that it can
    never by itself support one.
    """
    weight, codes = WEIGHTS[study.design] * judged.closeness, []
    if study.design in NOT_IN_PEOPLE:
        if claim.frame.relation in ABOUT_THINGS:
            weight = THING_WEIGHT * judged.closeness
        elif claim.type is not ClaimType.DESCRIPTION:
            weight = 0.0
            animal = study.design is Design.ANIMAL
            codes.append("other-species" if animal else "in-vitro-only")
    elif claim.frame.relation in {"located", "contains", "evidence-state"}:
        weight = max(weight, THING_WEIGHT * judged.closeness)
    if judged.other_outcome:
        codes.append("other-outcome")
    if _other_people(claim, study, words):
        weight *= OTHER_PEOPLE
        codes.append("other-population")
    if (
        study.design in OBSERVATIONAL
        and claim.frame.causal
        and claim.frame.relation in {"effect", "occurs"}
    ):
        codes.append("association-as-cause")
    return round(weight, 4), tuple(Flag(code, FLAGS[code]) for code in codes)


def _other_people(claim: Claim, study: Study, words: Vocabulary) -> bool:
    """Say whether the claim is about certain people whom the record never mentions."""
    wanted = [t.concept for t in claim.frame.population if t.concept]
    met = {c for c in study.concepts if words.concepts[c].kind == "population"}
    if wanted:
        return not any(words.within(c, w) for c in met for w in wanted)
    special = {"people-on-opioid-treatment", "people-in-opioid-withdrawal"}
    general = claim.frame.relation == "common" and not claim.frame.exposure
    return general and bool(met & special)

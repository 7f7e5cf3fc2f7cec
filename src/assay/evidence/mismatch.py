"""Ways in which a claim goes beyond a study: species, people, cause, outcome."""

import re

from assay.claims.vocabulary import Vocabulary
from assay.evidence.design import WEIGHTS
from assay.evidence.judged import Judged
from assay.evidence.reading import Line, Study
from assay.model import Claim, ClaimType, Design, Flag, Stance

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
"""Weight of laboratory and animal work for a claim about a substance: its field."""
SPECIAL_PEOPLE = frozenset(
    {"people-on-opioid-treatment", "people-in-opioid-withdrawal", "regular-users"}
)
"""People of whom a figure cannot be carried over to everybody."""
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
    claim: Claim, study: Study, line: Line, judged: Judged, words: Vocabulary
) -> tuple[float, tuple[Flag, ...]]:
    """Return what a study's answer weighs for a claim, 0 to 1, and the flags it raises.

    Animal and laboratory work weighs nothing for a claim about people, so that it can
    never by itself support one.
    """
    weight, codes = WEIGHTS[study.design] * judged.closeness, []
    animals = speaks_of_animals(line.text) or speaks_of_animals(study.record.title)
    known = study.design in NOT_IN_PEOPLE
    design = Design.ANIMAL if animals and not known else study.design
    if design in NOT_IN_PEOPLE:
        if _is_about_things(claim) or speaks_of_animals(claim.text):
            weight = THING_WEIGHT * judged.closeness
        elif claim.type is not ClaimType.DESCRIPTION:
            weight = 0.0
            animal = design is Design.ANIMAL
            codes.append("other-species" if animal else "in-vitro-only")
    elif claim.frame.relation in {"located", "contains", "evidence-state"}:
        weight = max(weight, THING_WEIGHT * judged.closeness)
    elif claim.type is ClaimType.EFFICACY and study.design in UNCONTROLLED:
        weight *= EFFECT_UNCONTROLLED
    if judged.stance is Stance.SUPPORTS and _denies_harm(claim):
        weight *= NO_HARM_SEEN
    if judged.other_outcome:
        codes.append("other-outcome")
    if _other_people(claim, study, words):
        weight *= 0.0 if _about_the_young(claim) else OTHER_PEOPLE
        codes.append("other-population")
    if (
        study.design in OBSERVATIONAL
        and claim.frame.causal
        and claim.frame.relation in {"effect", "occurs"}
    ):
        codes.append("association-as-cause")
    return round(weight, 4), tuple(Flag(code, FLAGS[code]) for code in codes)


def _denies_harm(claim: Claim) -> bool:
    """Say whether a claim says that something is safe, or does not do a harm."""
    frame = claim.frame
    return frame.relation == "safe" or (frame.relation == "occurs" and frame.negated)


_ANIMAL_WORDS = re.compile(
    r"\b(?:rats?|mice|mouse|rodents?|animals?|murine|monkeys?|dogs?|zebrafish|"
    r"preclinical|in vitro|in cells?)\b",
    re.IGNORECASE,
)
_PEOPLE_WORDS = re.compile(
    r"\b(?:human|people|patients?|participants?|adults?|users?|volunteers?|men|women|"
    r"persons?|trial)s?\b",
    re.IGNORECASE,
)


def speaks_of_animals(sentence: str) -> bool:
    """Say whether a sentence tells of animals or cells and of no people.

    >>> speaks_of_animals("All rodent studies showed an effect")
    True
    """
    return bool(_ANIMAL_WORDS.search(sentence)) and not _PEOPLE_WORDS.search(sentence)


def _is_about_things(claim: Claim) -> bool:
    """Say whether a claim describes a substance; "is" may describe people too."""
    frame = claim.frame
    of_people = frame.relation == "is" and (frame.outcome or frame.population)
    return frame.relation in ABOUT_THINGS and not of_people


def _about_the_young(claim: Claim) -> bool:
    """Say whether a claim is about the unborn or children, unlike adults."""
    return any(t.concept in THEIR_OWN for t in claim.frame.population)


def _other_people(claim: Claim, study: Study, words: Vocabulary) -> bool:
    """Say whether the claim is about certain people whom the record never mentions."""
    wanted = [t.concept for t in claim.frame.population if t.concept]
    met = {c for c in study.concepts if words.concepts[c].kind == "population"}
    if wanted:
        return not any(words.within(c, w) for c in met for w in wanted)
    general = claim.frame.relation == "common" and not claim.frame.exposure
    treated = any(
        words.concepts[m.concept].kind == "exposure" for m in study.title_mentions
    )
    return general and (treated or bool(met & SPECIAL_PEOPLE))

"""When a trial says that its groups did not differ, and only its title says in what."""

import re

from assay.claims.vocabulary import Vocabulary
from assay.evidence.judged import NEUTRAL, Judged
from assay.evidence.match import wanted_exposures
from assay.evidence.reading import Line, Study
from assay.model import Claim, Design, Direction, Stance

GROUPS_ALIKE = 0.75
"""Closeness of "the groups did not differ", when only the title names the outcome."""
_GROUPS = re.compile(
    r"\b(?:primary (?:outcome|end ?point)|outcome (?:variables?|measures?)|(?:between|"
    r"among) (?:the )?(?:two |three |study |treatment |trial )*(?:groups|arms)|and "
    r"(?:the )?(?:placebo|control|sham)(?: \w+)? groups?|"
    r"(?:placebo|control|sham) groups?)\b",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(
    r"\b(?:baseline characteristics|at baseline|demographic|adverse|safety|side "
    r"effects?|secondary|tolerability|dropouts?|drop-outs?|compliance|adherence)\b",
    re.IGNORECASE,
)


_SINCE_BEFORE = re.compile(
    r"\b(?:compared (?:to|with)|relative to|from|over|than|versus|vs\.?) "
    r"(?:the |their )?(?:baseline|before|pre-?treatment|pre-?intervention|initial)\b|"
    r"\bbefore and after\b|\b(?:pre|before)[- ](?:to|and|versus)[- ](?:post|after)\b",
    re.IGNORECASE,
)
_OTHER_GROUP = re.compile(
    r"\b(?:placebo|controls?|sham|between|both|other group|waiting|wait-list|"
    r"usual care|comparator|groups)\b",
    re.IGNORECASE,
)


def tells_of_one_group(line: Line) -> bool:
    """Say whether a trial's sentence compares one group with itself before.

    What its other group did meanwhile is not told, so chance or time may have done it.
    """
    alone = _SINCE_BEFORE.search(line.text)
    return bool(alone) and not _OTHER_GROUP.search(line.text)


_SOME = re.compile(
    r"\b(?:a|one|the|this|in) (?:\w+ )?(?:sub-?group|subset|subsample) of\b|"
    r"\bonly (?:in|among) (?:the |a )?(?:sub-?group|subset|those|women|men|"
    r"patients with)\b",
    re.IGNORECASE,
)


def tells_of_some(line: Line, claim: Claim) -> bool:
    """Say whether a sentence found something in a part of the people only.

    Of a claim about just such people nothing is said.
    """
    return bool(_SOME.search(line.text)) and not claim.frame.population


def judge_groups(claim: Claim, line: Line, study: Study, words: Vocabulary) -> Judged:
    """Tell whether a trial of just what is claimed says that its groups did not differ.

    Its title must name the claimed exposure and outcome, and the sentence no other
    outcome: "no significant difference was seen between the groups".
    """
    alike = _are_alike(claim, line, study, words)
    if not alike or not _is_of_the_claim(claim, study, words):
        return NEUTRAL
    why = "Its groups did not differ in the outcome that its title names."
    return Judged(Stance.CONTRADICTS, "groups-alike", why, GROUPS_ALIKE)


def _are_alike(claim: Claim, line: Line, study: Study, words: Vocabulary) -> bool:
    if study.design is not Design.RANDOMISED_TRIAL or line.place == "TITLE":
        return False
    if claim.frame.direction is Direction.NO_EFFECT or claim.frame.negated:
        return False
    null = any(cue.kind == "null" for cue in line.cues)
    if not null or not _GROUPS.search(line.text) or _NOT_AFTER.search(line.text):
        return False
    if any(_is_special(m[1]) for m in _DIFFERENCE_IN.finditer(line.text)):
        return False
    return all(words.concepts[m.concept].kind != "outcome" for m in line.mentions)


_DIFFERENCE_IN = re.compile(
    r"\bdiffer(?:ed|ences?|ent)? (?:\w+ )?(?:in|for|on|with respect to|regarding)"
    r" (?:the |terms of )*(\w+)",
    re.IGNORECASE,
)


def _is_special(word: str) -> bool:
    """Say whether groups were alike in one thing only ("no difference in survival")."""
    general = (
        r"(?:any|all|outcomes?|primary|main|end\w*|efficacy|effects?|either|both|these)"
    )
    return not re.fullmatch(general, word, re.IGNORECASE)


def _is_of_the_claim(claim: Claim, study: Study, words: Vocabulary) -> bool:
    titled = {m.concept for m in study.title_mentions}
    wanted = [t.concept for t in claim.frame.outcome if t.concept]
    of_it = any(words.within(c, w) for c in titled for w in wanted)
    return of_it and not titled.isdisjoint(words.family(wanted_exposures(claim, words)))

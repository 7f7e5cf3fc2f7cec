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
    return all(words.concepts[m.concept].kind != "outcome" for m in line.mentions)


def _is_of_the_claim(claim: Claim, study: Study, words: Vocabulary) -> bool:
    titled = {m.concept for m in study.title_mentions}
    wanted = [t.concept for t in claim.frame.outcome if t.concept]
    of_it = any(words.within(c, w) for c in titled for w in wanted)
    return of_it and not titled.isdisjoint(words.family(wanted_exposures(claim, words)))

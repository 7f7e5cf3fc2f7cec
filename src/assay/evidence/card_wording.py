"""What the words of a claim make of a study: a dropped hedge, a sign for the thing."""

import re

from assay.evidence.card import Asked, raise_by_line
from assay.evidence.match import SAME, match_outcomes
from assay.evidence.nearest import nearest_cue
from assay.evidence.stance import judge_line
from assay.model import Flag, Stance

_SUPPOSED = re.compile(
    r"(?<!we )\b(?:may(?! (?:19|20)\d\d)|might|could(?! not)|appears? to|seems? to|"
    r"possibly|"
    r"potentially|(?:has|have|shows?|showed) (?:the )?potential|"
    r"is thought to|are thought to|hypothesi[sz]ed?)\b",
    re.IGNORECASE,
)
_SOFTENED = re.compile(
    r"\b(?:may|might|could|can|possibl[ey]|potential(?:ly)?|seems?|appears?|suggests?|"
    r"suggested|likely|perhaps|probably|some (?:people|studies|evidence|research|"
    r"users)|thought to|believed|said to|reported|reportedly|promis\w+|hints?|"
    r"help some|"
    r"preliminary|early)\b",
    re.IGNORECASE,
)
_NEAR = re.compile(r"[^.,;:()]{1,25}")
_ABLE = re.compile(r"\bcould (?:be (?:shown|seen|found|demonstrated)|not)\b", re.I)


def find_dropped_hedge(asked: Asked) -> Flag | None:
    """Return the flag of a claim that states what its study only supposes.

    Not where another sentence of the study states it too, nor where the claim's whole
    sentence softens it anywhere.
    """
    claim, line = asked.claim, asked.line
    if asked.judged.stance is not Stance.SUPPORTS or claim.frame.relation != "effect":
        return None
    soft = claim.frame.hedge or _SOFTENED.search(claim.sentence)
    if soft or not _supposes_change(asked):
        return None
    for other in asked.study.lines:
        if other is line or is_supposed(other.text):
            continue
        told = judge_line(claim, other, asked.study, asked.words)
        if told.stance is Stance.SUPPORTS:
            return None
    return raise_by_line("hedge-dropped", line)


def _supposes_change(asked: Asked) -> bool:
    """Say whether the hedge stands right before the change that the claim states."""
    line, words = asked.line, asked.words
    for match in match_outcomes(asked.claim.frame.outcome, line, words):
        cue = nearest_cue(line, match, line.segment_at(match.mention.start), words)
        for hedge in _SUPPOSED.finditer(line.text):
            gap = line.text[hedge.end() : cue.start] if cue else ","
            if cue and hedge.end() <= cue.start and _NEAR.fullmatch(gap):
                return True
    return False


def is_supposed(sentence: str) -> bool:
    """Say whether a sentence only supposes what it tells.

    >>> is_supposed("Tea may improve sleep."), is_supposed("Tea improved sleep.")
    (True, False)
    """
    return bool(_SUPPOSED.search(sentence)) and not _ABLE.search(sentence)


# --- a sign that stands in for the thing ---------------------------------------------

_SIGN_BEFORE = re.compile(
    r"\b(?:bio)?markers? (?:of|for) (?:\w+ ){0,2}$|\brisk factors? (?:of|"
    r"for) (?:\w+ ){0,3}$|"
    r"\bsurrogates? (?:of|for) (?:\w+ ){0,2}$|\bpredictors? of (?:\w+ ){0,2}$",
    re.IGNORECASE,
)
_SIGN_AFTER = re.compile(
    r"^(?:[- ]related)? (?:bio)?(?:markers?|hormones?|genes?)\b|^ risk (?:scores?|"
    r"factors?)\b",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"\b(?:cortisol|bone (?:mineral )?density|sperm (?:count|motility)|testosterone|"
    r"biomarkers?)\b",
    re.IGNORECASE,
)
"""Measurements that stand for a state, and are not what defines it (as HbA1c is)."""


def find_surrogate(asked: Asked) -> Flag | None:
    """Return the flag of a measured sign for a claim about what it stands for."""
    if asked.claim.frame.relation != "effect":
        return None
    named = _MEASURED.search(asked.claim.text) or re.search(
        r"\b(?:markers?|levels?|risk factors?)\b", asked.claim.text, re.IGNORECASE
    )
    if named:
        return None
    line = asked.line
    matches = match_outcomes(asked.claim.frame.outcome, line, asked.words)
    if not matches:
        return None

    def is_sign(start: int, end: int) -> bool:
        own = _MEASURED.fullmatch(line.text[start:end].strip())
        before = _SIGN_BEFORE.search(line.text[:start])
        return bool(own or before or _SIGN_AFTER.match(line.text[end:]))

    near = [m for m in matches if m.closeness == SAME] or list(matches)
    if all(is_sign(m.mention.start, m.mention.end) for m in near):
        return raise_by_line("surrogate-outcome", line)
    return None

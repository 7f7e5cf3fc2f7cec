"""The word of change that speaks of an outcome, as its sentence leaves it.

Of several the nearest; a noun of change is what its verb makes of it, and a denial in
front denies what follows.
"""

import re

from assay.claims.cues import OTHERS, Cue
from assay.claims.vocabulary import Vocabulary
from assay.evidence.match import OutcomeMatch
from assay.evidence.reading import Line
from assay.model import Span

AFTER_PENALTY = 15
"""Characters by which a cue behind an outcome counts as farther than one before it."""
FAR = 90
"""Characters beyond which a cue is not taken to speak of an outcome."""
FAR_NULL = 160
"""The same for "no difference", which often ends a sentence full of numbers."""
_NO_CHANGE = re.compile(
    r"support\w*|limits?|aids?|faster|managing|manage|buil[dt]\w*|treat(?:ed|ing|s)?|"
    r"prevention|remed(?:y|ies)",
    re.IGNORECASE,
)
"""Words of change that in studies seldom tell what happened."""
_COMPARATIVES = frozenset(
    word for kind in ("good", "up", "down") for word in OTHERS[kind].split()
)
_CAUSE_VERBS = re.compile(
    r"(?:caus|induc|produc|trigger|provok)\w+|leads?|led", re.IGNORECASE
)


def nearest_cue(
    line: Line, match: OutcomeMatch, segment: Span, words: Vocabulary
) -> Cue | None:
    """Return the word of change that speaks of an outcome, in one piece of a sentence.

    A wording of "no difference" wins over others unless one stands between.
    """
    best: tuple[int, Cue] | None = None
    for cue in line.cues:
        if not (segment.start <= cue.start and cue.end <= segment.end):
            continue
        if not _tells_change(cue, line) or _is_of_the_next(cue, match, line, words):
            continue
        gap = _gap(cue, match)
        if gap is not None and (best is None or gap < best[0]):
            best = (gap, cue)
    if best is None:
        return None
    whole = _with_verb(best[1], line, segment)
    return _denied(whole, line, segment) or whole


_NOUNS = re.compile(
    r"(?:decline|reductions?|increases?|improvements?|worsening|impairment|loss|gains?|"
    r"rise|decreases?|risks?)",
    re.IGNORECASE,
)
_TURNED = {"up": "down", "down": "up", "good": "bad", "bad": "good"}


def _with_verb(cue: Cue, line: Line, segment: Span) -> Cue:
    """Return a noun of change as its verb leaves it: "did not reduce the decline".

    A denied verb denies it; one that lessens turns it round.
    """
    if not _NOUNS.fullmatch(line.text[cue.start : cue.end]):
        return cue
    for verb in line.cues:
        gap = line.text[verb.end : cue.start]
        own = segment.start <= verb.start and verb.end < cue.start
        if not own or verb.kind in {"null", "link"} or not _OBJECT.fullmatch(gap):
            continue
        if verb.negated:
            return cue._replace(negated=True)
        if verb.kind in {"down", "ease"}:
            return cue._replace(kind=_TURNED.get(cue.kind, cue.kind))
    return cue


_OBJECT = re.compile(
    r"\s(?:(?!(?:in|of|with|by|was|were|to|that|from|on|for)\b)[\w-]+\s){0,5}"
)


_OF_WHAT_FOLLOWS = re.compile(
    r"\b(?:associations?|links?|relationships?|correlations?|evidence|effects?|that|"
    r"use|hypothesis|idea|notion|view)$",
    re.IGNORECASE,
)


_ANEW = re.compile(
    r"[;,:]|\b(?:but|whereas|while|and \w+ed|interactions?|heterogeneity|bias|modif\w+|"
    r"moderat\w+|mediat\w+|genotypes?|subgroups?|dose|differences?)\b",
    re.IGNORECASE,
)
"""What ends the reach of a denial, or is itself what is denied."""


def _denied(cue: Cue, line: Line, segment: Span) -> Cue | None:
    """Return the wording that denies a change named behind it.

    "Did not support an association of X and a decline" tells of no decline.
    """
    for null in line.cues:
        word = line.text[null.start : null.end]
        before = segment.start <= null.start and null.end <= cue.start
        if null.kind == "null" and before and _OF_WHAT_FOLLOWS.search(word):
            gap = line.text[null.end : cue.start]
            if not _ANEW.search(gap):
                return null
    return None


def _tells_change(cue: Cue, line: Line) -> bool:
    """Say whether a word of change tells of one here, and is no link and no name."""
    word = line.text[cue.start : cue.end]
    if cue.kind == "link" or _NO_CHANGE.fullmatch(word):
        return False
    if cue.kind == "cause":
        return bool(_CAUSE_VERBS.fullmatch(word))
    named = any(m.start <= cue.start and cue.end <= m.end for m in line.mentions)
    # "slow wave sleep" is a name, "better sleep" says it by itself
    return not named or cue.kind == "null" or word.lower() in _COMPARATIVES


def _is_of_the_next(
    cue: Cue, match: OutcomeMatch, line: Line, words: Vocabulary
) -> bool:
    """Say whether a cue behind an outcome is of the next thing ("with less pain")."""
    if cue.start < match.mention.end or cue.kind == "null":
        return False
    follows = [m for m in line.mentions if 0 <= m.start - cue.end <= 12]
    return any(
        m.concept != match.mention.concept
        and words.concepts[m.concept].kind != "exposure"
        for m in follows
    )


def _gap(cue: Cue, match: OutcomeMatch) -> int | None:
    """Return how many characters a cue is from an outcome; None when too far."""
    mention = match.mention
    if mention.start <= cue.start < mention.end and cue.kind != "null":
        return 0
    if cue.end <= mention.start:
        gap = mention.start - cue.end
    else:
        gap = max(0, cue.start - mention.end) + AFTER_PENALTY
    if gap > (FAR_NULL if cue.kind == "null" else FAR):
        return None
    return gap - AFTER_PENALTY if cue.kind == "null" else gap

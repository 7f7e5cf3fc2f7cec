"""Rules for claims that a harm arises with an exposure, or that it is safe."""

import re
from dataclasses import replace

from assay.claims.cues import NEGATIONS
from assay.claims.vocabulary import Vocabulary
from assay.evidence.apart import another_acts, tell_apart
from assay.evidence.effect import BY_DOSE, HEDGED, MODAL, is_hedged, read_effect
from assay.evidence.judged import NEUTRAL, Judged, neutral
from assay.evidence.match import (
    SAME,
    OutcomeMatch,
    match_exposure,
    match_outcomes,
    own_mentions,
    wanted_exposures,
)
from assay.evidence.reading import Line, Study
from assay.evidence.telling import find_obstacle
from assay.model import Claim, Stance, Term

OCCURRING = re.compile(
    r"\d|\b(?:met|had|has|have|develop\w*|experienc\w+|caus\w+|link\w*|associat\w+|"
    r"documented"
    r"|common\w*|can|predict\w+|odds|more|higher|severe|marked|reported|reports|"
    r"occurr\w+|lead\w*|led|risk|attributed|judged|show\w*|harm\w*|worse|concern\w*|"
    r"likely|inhibit\w*|raised|serious|interact\w*|plausible)\b",
    re.IGNORECASE,
)
_TITLE_FINDS = re.compile(
    r"\b(?:induced?|caus(?:es|ed)|leads? to|led to|associated with|linked to)\b",
    re.IGNORECASE,
)


_TREATED = re.compile(
    r"\b(?:treat\w*|therap\w+|remed\w+|prevention|management) (?:for|of) "
    r"(?:\w+ ){0,2}$",
    re.IGNORECASE,
)
"""Words that make a problem what something is given for."""


def is_absent(line: Line, start: int, end: int) -> bool:
    """Say whether a sentence says that a mentioned thing was not there.

    True when a negation stands within three words before it, or a "no difference"
    wording stands in the same piece of the sentence.
    """
    segment = line.segment_at(start)
    before = re.findall(r"[\w'’-]+", line.text[segment.start : start].lower())[-4:]
    if set(before) & (NEGATIONS - {"without"} | {"lack", "absence", "free"}):
        return True
    return any(
        cue.kind == "null" and segment.start <= cue.start and cue.end <= segment.end
        for cue in line.cues
    ) or bool(re.match(r"\W+(?:was|were|is|are) not\b", line.text[end:]))


def judge_occurrence(
    claim: Claim, line: Line, study: Study, words: Vocabulary
) -> Judged:
    """Tell whether a harm was met with the exposure, or looked for and not met."""
    matches = [
        m
        for m in match_outcomes(claim.frame.outcome, line, words)
        if m.closeness == SAME and not _is_foreign(m, claim, words)
    ]
    how = match_exposure(claim, line, study, words) if matches else ""
    if not how:
        return NEUTRAL
    match = matches[0]
    apart = tell_apart(claim, line, words)
    if apart:
        return apart
    if line.place == "TITLE" and not _TITLE_FINDS.search(line.text):
        return neutral("title", "The title names its subject but states no finding.")
    segment = line.segment_at(match.mention.start)
    denied = claim.frame.negated
    own = own_mentions(line, wanted_exposures(claim, words), words)
    obstacle = find_obstacle(line, match, segment, how, own)
    if obstacle:
        return obstacle
    if BY_DOSE.search(line.text[segment.start : segment.end]):
        return neutral("by-dose", "It compares doses, not use with no use.")
    if is_absent(line, match.mention.start, match.mention.end):
        stance = Stance.SUPPORTS if denied else Stance.CONTRADICTS
        return Judged(stance, "looked-for-not-met", "It reports that this was not met.")
    effect = read_effect(line, match, words)
    problem = words.concepts[match.mention.concept].sense < 0
    treated = _TREATED.search(line.text[: match.mention.start])
    eased = treated or (effect and problem and effect.amount < 0)
    if eased or (effect and another_acts(claim, line, segment, effect.cue, words)):
        return neutral(
            "eased", "It tells what lessens the problem, not whether it arises."
        )
    if not OCCURRING.search(line.text):
        return neutral(
            "named", "It names the problem but does not say that it was met."
        )
    if _as_often_without(line):
        return neutral("as-often-without", "It was met about as often without it.")
    stance = Stance.CONTRADICTS if denied else Stance.SUPPORTS
    hedged = MODAL.search(line.text) and not is_hedged(claim)
    hedge = HEDGED if hedged else 1.0
    return Judged(
        stance, "met", "It reports that this was met.", match.closeness * hedge
    )


def _is_foreign(match: OutcomeMatch, claim: Claim, words: Vocabulary) -> bool:
    """Say whether a withdrawal is from something else than the claim's exposure."""
    if not words.within(match.mention.concept, "opioid-withdrawal"):
        return False
    wanted = wanted_exposures(claim, words)
    return not any(
        words.within("opioids", w) or words.within(w, "opioids") for w in wanted
    )


def judge_safety(claim: Claim, line: Line, study: Study, words: Vocabulary) -> Judged:
    """Turn "is safe" round: a harm that was met speaks against it.

    Where nothing but safety is claimed, any side effect is a harm, and being called
    safe is an answer.
    """
    frame = claim.frame
    if all(t.concept in {"safety", ""} for t in frame.outcome):
        called = _called_safe(claim, line, study, words)
        if called:
            return called
        harm = Term("side effects", "adverse-effects")
        claim = replace(claim, frame=replace(frame, outcome=(harm,)))
    judged = judge_occurrence(claim, line, study, words)
    turned = {
        Stance.SUPPORTS: Stance.CONTRADICTS,
        Stance.CONTRADICTS: Stance.SUPPORTS,
    }
    return judged._replace(stance=turned.get(judged.stance, judged.stance))


_CALLED_SAFE = re.compile(
    r"\b(?P<not>not |un)?(?:well[- ]tolerated|safe\b(?! use)|safely)", re.IGNORECASE
)


def _called_safe(
    claim: Claim, line: Line, study: Study, words: Vocabulary
) -> Judged | None:
    """Return the answer of a sentence that calls the exposure safe, or unsafe."""
    found = _CALLED_SAFE.search(line.text)
    if not found or line.place == "TITLE":
        return None
    if not match_exposure(claim, line, study, words):
        return None
    stance = Stance.CONTRADICTS if found["not"] else Stance.SUPPORTS
    return Judged(stance, "called-safe", "It says whether it was safe or tolerated.")


ALIKE = 1.2
"""How many times as often a harm must be met with the thing as without it."""
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s?%")


def _as_often_without(line: Line) -> bool:
    """Say whether two percentages show a harm about as often with a placebo."""
    if not re.search(r"\b(?:placebo|controls?|sham)\b", line.text, re.IGNORECASE):
        return False
    shares = [float(s) for s in _SHARE.findall(line.text)]
    return len(shares) == 2 and shares[0] <= shares[1] * ALIKE

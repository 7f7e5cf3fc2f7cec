"""The rule for claims that an exposure moves an outcome."""

import re
from typing import NamedTuple

from assay.claims.cues import VERBS, Cue, amount, goodness
from assay.claims.verbs import inflect
from assay.claims.vocabulary import Mention, Vocabulary
from assay.evidence.alike import judge_groups, tells_of_one_group, tells_of_some
from assay.evidence.apart import STOPPING, another_acts, tell_apart
from assay.evidence.judged import NEUTRAL, Judged, neutral
from assay.evidence.match import (
    NEIGHBOUR,
    OutcomeMatch,
    closeness_of,
    is_own_withdrawal,
    match_exposure,
    match_outcomes,
    own_mentions,
    wanted_exposures,
)
from assay.evidence.nearest import nearest_cue
from assay.evidence.reading import Line, Study
from assay.evidence.telling import (
    find_obstacle,
    is_in_both_groups,
    names_other_agent,
)
from assay.evidence.wording import GRADED
from assay.model import Claim, Design, Direction, Stance

REVIEWS = frozenset(
    {
        Design.META_ANALYSIS,
        Design.SYSTEMATIC_REVIEW,
        Design.GUIDELINE,
        Design.NARRATIVE_REVIEW,
    }
)
LINK_REACH = 40
"""Characters between "associated with" and the harm that it names."""
HEDGED = 0.5
"""Share of its weight that a sentence keeps when it only supposes ("might")."""
BY_DOSE = re.compile(
    r"\b(?:(?:rise|rose|increase|vary|differ|change)\w* with (?:the )?dose|"
    r"dose[- ]related|dose[- ]response|dose groups)\b",
    re.IGNORECASE,
)
MODAL = re.compile(
    r"\b(?:may|might|could|possibl[ey]|potential(?:ly)?)\b", re.IGNORECASE
)
_AFTER_PREPOSITION = re.compile(
    r"\b(?:for|of|in|on|with|by|to|from)\s+(?:\w+\s+)?$", re.I
)
_FINITE = frozenset(
    form
    for verbs in VERBS.values()
    for verb in verbs.split()
    for form in inflect(verb)[:-1]
)


class Effect(NamedTuple):
    """Which way a sentence says an outcome went."""

    amount: int
    """+1 more, -1 less, 0 not said or not moved."""
    good: int
    """+1 better, -1 worse, 0 not said or not moved."""
    none: bool
    """True when it says that nothing moved."""
    cue: Cue


def read_effect(line: Line, match: OutcomeMatch, words: Vocabulary) -> Effect | None:
    """Return what a sentence says happened to a mentioned outcome; None if nothing."""
    segment = line.segment_at(match.mention.start)
    cue = nearest_cue(line, match, segment, words)
    if cue is None:
        return None
    if cue.kind == "null" or cue.negated:
        return Effect(0, 0, True, cue)
    sense = words.concepts[match.mention.concept].sense
    more, better = amount(cue.kind), goodness(cue.kind)
    if sense > 0 and _counts_trouble(line, match):
        more = -more  # a lower score on it is more of the good thing
    return Effect(more or better * sense, better or more * sense, False, cue)


_TROUBLE_SCORE = re.compile(
    r"\bPSQI\b|\bPittsburgh? Sleep Quality Index\b", re.IGNORECASE
)
"""Scales named after something good on which a higher score is worse: the studies that
use this one call a score above 5 poor sleep."""


def _counts_trouble(line: Line, match: OutcomeMatch) -> bool:
    """Say whether a mention of something good is the name of a scale of trouble."""
    return any(
        found.start() <= match.mention.start < found.end()
        for found in _TROUBLE_SCORE.finditer(line.text)
    )


_LINKED = re.compile(r"(?:associated|linked|link|association)s?", re.IGNORECASE)


def _read_link(
    line: Line, match: OutcomeMatch, own: tuple[Mention, ...], words: Vocabulary
) -> Effect | None:
    """Return "X was associated with a harm" as more of that harm; None if not said.

    Only where X is named before the link: "insomnia was linked to X" says another.
    """
    sense = words.concepts[match.mention.concept].sense
    for cue in line.cues:
        near = 0 <= match.mention.start - cue.end <= LINK_REACH
        link = _LINKED.fullmatch(line.text[cue.start : cue.end])
        bound = line.text[cue.start - 1 : cue.start] == "-"  # "smoking-associated"
        acts = own and own[0].end <= cue.start and not bound
        if sense < 0 and near and link and acts and not cue.negated:
            return Effect(1, -1, False, cue)
    return None


def judge_effect(claim: Claim, line: Line, study: Study, words: Vocabulary) -> Judged:
    """Compare the direction that a sentence reports with the one that is claimed."""
    matches = match_outcomes(claim.frame.outcome, line, words)
    if not matches and study.design not in REVIEWS:
        return judge_groups(claim, line, study, words)
    how = match_exposure(claim, line, study, words)
    limits = judge_limits(claim, line, study, words)
    graded = GRADED.search(line.text)
    if not how or not matches or (limits is not NEUTRAL and not graded):
        return limits
    apart = tell_apart(claim, line, words)
    if apart:
        return apart
    told = [_one_effect(claim, line, m, how, words) for m in matches]
    said = [j for j in told if j.stance is not Stance.NEUTRAL]
    other = next((j for j in told if j.rule == "another-agent"), None)
    if other and all(j.rule == "no-effect" for j in said):
        return other  # what it did not change is told of the same agent
    if not said:
        return limits if limits is not NEUTRAL else told[0]
    nearest = max(j.closeness for j in said)
    said = [j for j in said if j.closeness == nearest]
    stances = {j.stance for j in said}
    if len(stances) > 1:
        return Judged(
            Stance.QUALIFIES,
            "part-only",
            "It reports the claimed change for one part of the outcome and not "
            "another.",
            nearest,
        )
    chosen = said[0]
    if chosen.stance is Stance.SUPPORTS and tells_of_some(line, claim):
        why = "It found it in a part of its people only."
        return chosen._replace(stance=Stance.QUALIFIES, rule="part-only", why=why)
    if study.design is Design.RANDOMISED_TRIAL and tells_of_one_group(line):
        chosen = chosen._replace(closeness=chosen.closeness * HEDGED)
    if graded or (MODAL.search(line.text) and not is_hedged(claim)):
        return chosen._replace(closeness=chosen.closeness * HEDGED)
    return chosen


def _one_effect(
    claim: Claim, line: Line, match: OutcomeMatch, how: str, words: Vocabulary
) -> Judged:
    segment = line.segment_at(match.mention.start)
    own = own_mentions(line, wanted_exposures(claim, words), words)
    obstacle = find_obstacle(line, match, segment, how, own)
    if obstacle:
        return obstacle
    piece = line.text[segment.start : segment.end]
    stops = STOPPING.search(piece) and not STOPPING.search(claim.text)
    if is_own_withdrawal(match, claim, line, words) or stops:
        return neutral("on-stopping", "It tells what happens when the use stops.")
    effect = read_effect(line, match, words) or _read_link(line, match, own, words)
    if effect is None:
        return neutral(
            "no-direction", "It names the outcome but not which way it went."
        )
    word = line.text[effect.cue.start : effect.cue.end].lower()
    named = word not in _FINITE or _AFTER_PREPOSITION.search(
        line.text[: effect.cue.start]
    )
    if line.place == "TITLE" and effect.cue.kind != "null" and named:
        return neutral("title", "The title names its subject but states no finding.")
    if effect.none and BY_DOSE.search(piece):
        return neutral("by-dose", "It compares doses, not use with no use.")
    unknown = how == "study" and names_other_agent(line, segment, effect.cue, match)
    if unknown or another_acts(claim, line, segment, effect.cue, words):
        return neutral("another-agent", "It tells what something else did.")
    if is_in_both_groups(line, segment, effect.cue):
        return neutral("both-groups", "It was met with and without it.")
    stance = compare(claim, effect, match, words)
    if (
        stance is Stance.CONTRADICTS
        and not effect.none
        and _is_caused(claim, match, words)
    ):
        return neutral(
            "own-withdrawal", "It tells of withdrawal that the use brings about."
        )
    return Judged(
        stance,
        *_SAID[stance, effect.none],
        match.closeness,
        match.closeness == NEIGHBOUR,
    )


def is_hedged(claim: Claim) -> bool:
    """Say whether the claim itself only supposes; a precaution always does."""
    return bool(claim.frame.hedge) or claim.frame.relation == "precaution"


_SAID = {
    (Stance.SUPPORTS, False): ("same-direction", "It reports a change the same way."),
    (Stance.CONTRADICTS, False): ("opposite", "It reports a change the other way."),
    (Stance.CONTRADICTS, True): ("no-effect", "It reports that nothing changed."),
    (Stance.SUPPORTS, True): (
        "no-effect",
        "It reports that nothing changed, as claimed.",
    ),
    (Stance.NEUTRAL, False): (
        "no-direction",
        "It does not say whether that is better.",
    ),
    (Stance.NEUTRAL, True): ("no-direction", "It does not say whether that is better."),
}


def compare(
    claim: Claim, effect: Effect, match: OutcomeMatch, words: Vocabulary
) -> Stance:
    """Return how a reported effect stands to the claimed direction."""
    direction = claim.frame.direction
    if direction is Direction.NO_EFFECT:
        return Stance.SUPPORTS if effect.none else Stance.CONTRADICTS
    if effect.none:
        return Stance.CONTRADICTS
    sense = words.concepts[match.wanted].sense
    if direction is Direction.ASSOCIATED:
        return _compare_link(effect, sense)
    good = {Direction.IMPROVES: 1, Direction.WORSENS: -1}.get(direction, 0)
    more = {Direction.INCREASES: 1, Direction.DECREASES: -1}.get(direction, 0)
    good, more = good or more * sense, more or good * sense
    if good and effect.good:
        return Stance.SUPPORTS if good == effect.good else Stance.CONTRADICTS
    same = words.within(match.mention.concept, match.wanted)
    if more and effect.amount and same:
        return Stance.SUPPORTS if more == effect.amount else Stance.CONTRADICTS
    return Stance.NEUTRAL


def _compare_link(effect: Effect, sense: int) -> Stance:
    """Compare a change with "is linked to": with a harm, that means more of it."""
    if sense < 0 and effect.amount:
        return Stance.SUPPORTS if effect.amount > 0 else Stance.CONTRADICTS
    return Stance.NEUTRAL if sense > 0 and effect.good < 0 else Stance.SUPPORTS


def _is_caused(claim: Claim, match: OutcomeMatch, words: Vocabulary) -> bool:
    """Say whether a rise in "withdrawal" may be of the exposure's own making."""
    eases = claim.frame.direction in {Direction.DECREASES, Direction.IMPROVES}
    own = ("withdrawal", "craving", "dependence")
    return eases and any(words.within(match.mention.concept, key) for key in own)


def judge_limits(claim: Claim, line: Line, study: Study, words: Vocabulary) -> Judged:
    """Tell whether a review says that the research does not allow to conclude."""
    if study.design not in REVIEWS or line.place == "TITLE":
        return NEUTRAL
    if not line.limited:
        return NEUTRAL
    if match_exposure(claim, line, study, words) not in {"own", "study"}:
        return NEUTRAL
    here = match_outcomes(claim.frame.outcome, line, words)
    wanted = [t.concept for t in claim.frame.outcome]
    near = any(
        closeness_of(c, w, words) > NEIGHBOUR for c in study.concepts for w in wanted
    )
    elsewhere = any(words.concepts[m.concept].kind == "outcome" for m in line.mentions)
    if not here and (elsewhere or not near):
        return NEUTRAL
    why = "It says that the research is too limited to conclude."
    return Judged(Stance.QUALIFIES, "research-limited", why, 1.0 if here else HEDGED)

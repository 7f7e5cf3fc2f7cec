"""What a clause asserts: exposure, relation, outcome, which way, of whom, how surely.

The relations are decided by one table, first match first; each row is a pattern of the
clause and what it makes of it. A clause that no row fits is a plain description.
"""

import re
from dataclasses import replace
from typing import NamedTuple

from assay.claims.circumstance import find_circumstances
from assay.claims.cues import Cue, amount, goodness
from assay.claims.parts import Parts, find_terms, governing_cue, sense_of
from assay.claims.relation import decide_relation, goes_by_itself
from assay.claims.vocabulary import Vocabulary
from assay.claims.way import find_way
from assay.claims.wording import (
    AGENT,
    ASIDE,
    CAUSAL,
    COMPARED,
    DENIED,
    DOSE,
    GENERIC,
    HEDGES,
    PEOPLE,
    STATE_STRONG,
    TAKERS,
)
from assay.model import ClaimType, Direction, Frame, Term


class Reading(NamedTuple):
    """What a clause was read as."""

    frame: Frame
    type: ClaimType
    checkable: bool = True
    why_not: str = ""


def read_clause(parts: Parts, vocabulary: Vocabulary) -> Reading:
    """Return what a clause asserts, or why it is not checkable."""
    relation = decide_relation(parts, vocabulary)
    outcome = find_terms(
        parts, vocabulary, ("outcome", "target"), prefer_predicate=True
    )
    exposure = _exposure(parts, vocabulary, relation)
    if not exposure and relation in _OF_STATES:
        exposure = _risk_factor(parts, outcome, vocabulary)
    state = (
        find_circumstances(parts, outcome, vocabulary) if relation in _OF_STATES else ()
    )
    outcome = tuple(term for term in outcome if term not in state)
    cue = governing_cue(parts, outcome)
    frame = Frame(
        exposure=exposure,
        outcome=_with_places(parts, vocabulary, relation, outcome),
        population=(*find_terms(parts, vocabulary, ("population",)), *state),
        comparator=_comparator(parts, relation),
        direction=_direction(relation, cue, parts),
        negated=_is_denied(relation, parts, cue),
        hedge=_first(HEDGES, parts.predicate),
        causal=bool(CAUSAL.search(parts.predicate)),
        relation=relation,
    )
    return _judge(frame, relation, vocabulary)


_OF_STATES = frozenset({"effect", "occurs"})
"""Relations in which an ailment may be the state that people are in."""


def deny(reading: Reading) -> Reading:
    """Turn a reading round, for what "there is no evidence that" introduces."""
    frame = reading.frame
    if frame.relation == "effect":
        return reading._replace(frame=replace(frame, direction=Direction.NO_EFFECT))
    way = frame.direction
    if frame.relation in _PLAINLY and way is not Direction.IS:
        way = Direction.NO_EFFECT
    denied = replace(frame, negated=not frame.negated, direction=way)
    return reading._replace(frame=denied)


def with_condition(
    reading: Reading, condition: tuple[Term, ...], vocabulary: Vocabulary
) -> Reading:
    """Add the ailment that an article is about to a reading that names nothing.

    "Men are affected twice as often" tells of it, in an article on an ailment.
    """
    frame = reading.frame
    nameless = not frame.exposure and not frame.outcome and not reading.checkable
    if not nameless or not condition or frame.relation in _WHY_NOT:
        return reading
    told = replace(frame, outcome=condition)
    return _judge(told, frame.relation, vocabulary)


def with_exposure(
    reading: Reading, exposure: tuple[Term, ...], vocabulary: Vocabulary
) -> Reading:
    """Add what is spoken of to a reading that names nothing and asserts something."""
    frame = reading.frame
    if frame.exposure or frame.outcome or not exposure or frame.relation in _WHY_NOT:
        return reading
    told = replace(frame, exposure=exposure)
    return _judge(told, frame.relation, vocabulary)


def _exposure(parts: Parts, vocabulary: Vocabulary, relation: str) -> tuple[Term, ...]:
    """Take the exposure from the subject, the predicate, or what was spoken of."""
    own = find_terms(parts, vocabulary, ("exposure",), until=len(parts.subject))
    if own:
        return own
    here = find_terms(parts, vocabulary, ("exposure",))
    if not here and (TAKERS.search(parts.subject) or _POINTS.search(parts.whole)):
        return parts.inherited
    subject = {
        vocabulary.concepts[m.concept].kind
        for m in parts.mentions
        if m.start < len(parts.subject)
    }
    if not here and (DOSE.search(parts.subject) or goes_by_itself(parts, subject)):
        return parts.inherited
    acts = relation in {"effect", "occurs", "contains", "acts-on", "safe"}
    passive = here and AGENT.search(parts.predicate)
    if acts and not passive and not _is_spoken_of(parts, vocabulary):
        people = set(parts.subject.lower().split()[:3]) & PEOPLE
        return here if people else ()
    if here:
        return here
    kinds = {vocabulary.concepts[m.concept].kind for m in parts.mentions}
    if relation == "common" and "outcome" in kinds:
        return ()
    return parts.inherited


def _risk_factor(
    parts: Parts, outcome: tuple[Term, ...], vocabulary: Vocabulary
) -> tuple[Term, ...]:
    """Take an ailment that does something to another one: "obesity raises the risk"."""
    acts = find_terms(parts, vocabulary, ("outcome",), until=len(parts.subject))
    acts = tuple(
        term
        for term in acts
        if sense_of(term, vocabulary) < 0 and _is_head(term, parts.subject)
    )
    others = {term.concept for term in outcome} - {term.concept for term in acts}
    return acts[:1] if others else ()


_POINTS = re.compile(
    r"\b(?:of|on|with|from|to|tak(?:e|es|ing)|took|us(?:e|es|ed|ing)|drink\w*|eat\w*|"
    r"lick\w*|smok(?:e|es|ing)|swallow\w*|stop\w*|quit\w*) (?:it|them|the stuff)\b",
    re.IGNORECASE,
)
"""What is spoken of, met again as a pronoun: "big eaters of it"."""


def _is_head(term: Term, subject: str) -> bool:
    """Say whether nothing follows a term in the subject but where and in whom."""
    rest = subject[subject.find(term.words) + len(term.words) :].strip()
    return not rest or bool(_WHERE.match(rest))


_WHERE = re.compile(
    r"(?:in|among|during|at|after|before|itself|alone|and|or)\b|[(,]", re.IGNORECASE
)


def _is_spoken_of(parts: Parts, vocabulary: Vocabulary) -> bool:
    """Say whether a subject names nothing new: then what was spoken of acts.

    "Regular use", "the calming effects" do not; "baking soda" does, known or not.
    """
    subject = parts.subject
    named = [m for m in parts.mentions if m.end <= len(subject)]
    property_ = re.search(r"\b(?:effect|propert|qualit|action|activit|poten)", subject)
    known = [
        m
        for m in named
        if property_ or vocabulary.concepts[m.concept].kind not in {"outcome", "target"}
    ]
    rest = subject
    for mention in reversed(known):
        rest = f"{rest[: mention.start]} {rest[mention.end :]}"
    words = re.findall(r"[a-z][a-z-]+", rest.lower())
    return all(w in GENERIC or w in _SMALL or w.endswith("ly") for w in words)


_SMALL = frozenset(
    """
    a an the of in on at by to for from with without and or as its their your his her
    our my any no not who whose before after during over than more less all each every
    such other about up is are was were has have had can may might could also even just
    only very both either neither nor often you we us
    """.split()
)
"""Words that name no thing."""


def _with_places(
    parts: Parts, vocabulary: Vocabulary, relation: str, outcome: tuple[Term, ...]
) -> tuple[Term, ...]:
    if relation == "contains":
        inside = find_terms(
            parts, vocabulary, ("outcome", "exposure"), prefer_predicate=True
        )
        own = {m.concept for m in parts.mentions if m.start < len(parts.subject)}
        return tuple(t for t in inside if t.concept not in own) or outcome
    if relation == "located":
        return find_terms(parts, vocabulary, ("place",))
    if relation == "regulated":
        return find_terms(parts, vocabulary, ("agency",)) or outcome
    return outcome


def _direction(relation: str, cue: Cue | None, parts: Parts) -> Direction:
    if relation == "occurs":
        asserted = ASIDE.split(parts.predicate, maxsplit=1)[0]
        denied = cue is not None and cue.negated and DENIED.search(asserted)
        return Direction.NO_EFFECT if denied else Direction.INCREASES
    if relation in _PLAINLY:
        return find_way(parts.subject, parts.predicate) or Direction.IS
    if relation != "effect":
        return Direction.IS
    if cue is None:  # "has sedative effects"
        denied = DENIED.search(parts.predicate)
        return Direction.NO_EFFECT if denied else Direction.INCREASES
    if cue.kind == "null" or cue.negated:
        return Direction.NO_EFFECT
    if goodness(cue.kind):
        return Direction.IMPROVES if goodness(cue.kind) > 0 else Direction.WORSENS
    way = amount(cue.kind) or (_correlation(parts) if cue.kind == "link" else 0)
    return {1: Direction.INCREASES, -1: Direction.DECREASES}.get(
        way, Direction.ASSOCIATED
    )


_PLAINLY = frozenset(["is", "common", "used-for", "dose"])
"""Relations that may tell of a change, though of no outcome that is known."""


def _correlation(parts: Parts) -> int:
    """Return the sign of "a positive correlation", 0 where none is told."""
    if re.search(r"\bpositive(?:ly)? (?:cor|ass|rel|link)", parts.whole):
        return 1
    return -bool(
        re.search(r"\b(?:negative|inverse)(?:ly)? (?:cor|ass|rel)", parts.whole)
    )


def _comparator(parts: Parts, relation: str) -> str:
    """Return what an effect is compared with ("better than X"), "" when nothing."""
    found = COMPARED.search(parts.predicate) if relation == "effect" else None
    return found["what"].strip() if found else ""


def _is_denied(relation: str, parts: Parts, cue: Cue | None) -> bool:
    if relation == "evidence-state":
        return bool(STATE_STRONG.search(parts.whole))
    if relation in {"effect", "safe"}:
        return False  # told by the direction
    nobody = re.match(r"(?:nobody|no one|none|no)\b", parts.subject, re.IGNORECASE)
    asserted = ASIDE.split(parts.predicate, maxsplit=1)[0]
    return bool(nobody or DENIED.search(asserted) or (cue and cue.negated))


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[0] if found else ""


_TYPES = {
    "acts-on": ClaimType.MECHANISM,
    "advice": ClaimType.ADVICE,
    "precaution": ClaimType.ADVICE,
    "recommended": ClaimType.ADVICE,
    "regulated": ClaimType.REGULATORY,
    "dose": ClaimType.DOSAGE,
    "varies": ClaimType.SAFETY,
    "used-for": ClaimType.PREVALENCE,
    "common": ClaimType.PREVALENCE,
    "occurs": ClaimType.SAFETY,
    "safe": ClaimType.SAFETY,
    "effect": ClaimType.EFFICACY,
    "attention": ClaimType.PREVALENCE,
}
_WHY_NOT = {
    "attention": "It says that something is talked about, not that it is so.",
    "advice": "It gives advice; there is nothing in it that a study could show.",
    "meta": "It speaks about the article itself.",
    "anecdote": "It tells what one person went through; studies cannot show that.",
    "ongoing": "It says that research is under way, which publications cannot show.",
}


def _judge(frame: Frame, relation: str, vocabulary: Vocabulary) -> Reading:
    """Say what type of claim it is, and whether anything in it can be checked."""
    why = _WHY_NOT.get(relation, "")
    kind = _TYPES.get(relation, ClaimType.DESCRIPTION)
    if relation == "effect" and _is_harm(frame, vocabulary):
        kind = ClaimType.SAFETY
    if relation == "occurs" and all(
        sense_of(t, vocabulary) == 0 for t in frame.outcome
    ):
        kind = ClaimType.EFFICACY
    if not why and not frame.exposure and not frame.outcome:
        why = "It names nothing that research could be searched for."
    return Reading(frame, kind, not why, why)


def _is_harm(frame: Frame, vocabulary: Vocabulary) -> bool:
    if frame.direction is Direction.WORSENS:
        return True
    senses = {vocabulary.concepts[t.concept].sense for t in frame.outcome if t.concept}
    return frame.direction is Direction.INCREASES and senses == {-1}

"""What a clause asserts: exposure, relation, outcome, which way, of whom, how surely.

The relations are decided by one table, first match first; each row is a pattern of the
clause and what it makes of it. A clause that no row fits is a plain description.
"""

import re
from typing import NamedTuple

from assay.claims.cues import Cue, amount, find_cues, goodness
from assay.claims.vocabulary import Mention, Vocabulary
from assay.claims.wording import (
    ACTS,
    ADVICE,
    AGENCY_ACT,
    ATTENTION,
    CAUSAL,
    COMMON,
    CONTAINS,
    DENIED,
    DOSE,
    FIRST_LINE,
    HEDGES,
    LOCATED,
    META,
    ONGOING,
    PRAISED,
    PRECAUTION,
    REGULATORY,
    SAFE,
    SHARE,
    STATE_STRONG,
    STATE_WEAK,
    USED,
    VARIES,
)
from assay.model import ClaimType, Direction, Frame, Term


class Reading(NamedTuple):
    """What a clause was read as."""

    frame: Frame
    type: ClaimType
    checkable: bool = True
    why_not: str = ""


class Parts(NamedTuple):
    """A clause made ready: its words and the concepts in them."""

    subject: str
    predicate: str
    whole: str
    """Subject and predicate, as one text."""
    mentions: tuple[Mention, ...]
    """In `whole`."""
    inherited: tuple[Term, ...]
    """The exposure spoken of so far."""


def read_clause(parts: Parts, vocabulary: Vocabulary) -> Reading:
    """Return what a clause asserts, or why it is not checkable."""
    relation = decide_relation(parts, vocabulary)
    outcome = _terms(parts, vocabulary, ("outcome", "target"), prefer_predicate=True)
    cue = governing_cue(parts, outcome)
    frame = Frame(
        exposure=_exposure(parts, vocabulary, relation),
        outcome=_with_places(parts, vocabulary, relation, outcome),
        population=_terms(parts, vocabulary, ("population",)),
        direction=_direction(relation, cue),
        negated=_is_denied(relation, parts, cue),
        hedge=_first(HEDGES, parts.predicate),
        causal=bool(CAUSAL.search(parts.predicate)),
        relation=relation,
    )
    return _judge(frame, relation, vocabulary)


_ANY: frozenset[str] = frozenset()
_BY_WORDING: tuple[tuple[str, re.Pattern[str], frozenset[str]], ...] = (
    ("meta", META, _ANY),
    ("recommended", FIRST_LINE, _ANY),
    ("advice", ADVICE, _ANY),
    ("regulated", AGENCY_ACT, frozenset({"agency"})),
    ("evidence-state", STATE_STRONG, _ANY),
    ("ongoing", ONGOING, _ANY),
    ("evidence-state", STATE_WEAK, _ANY),
)
"""Relation, its wording anywhere in the clause, kinds of concept it must name."""
_BY_PREDICATE: tuple[tuple[str, re.Pattern[str], frozenset[str]], ...] = (
    ("regulated", REGULATORY, _ANY),
    ("dose", DOSE, _ANY),
    ("varies", VARIES, _ANY),
    ("located", LOCATED, frozenset({"place"})),
)
"""The same for wordings that must stand in the predicate."""


def decide_relation(parts: Parts, vocabulary: Vocabulary) -> str:
    """Return the relation that a clause asserts (see `model.Frame.relation`)."""
    kinds = {vocabulary.concepts[m.concept].kind for m in parts.mentions}
    for relation, wording, wanted in _BY_WORDING:
        if wanted <= kinds and wording.search(parts.whole):
            risky = "exposure" in kinds and PRECAUTION.search(parts.whole)
            return "precaution" if relation == "advice" and risky else relation
    for relation, wording, wanted in _BY_PREDICATE:
        if wanted <= kinds and wording.search(parts.predicate):
            return relation
    return _decide_by_concepts(parts, kinds, vocabulary)


def _decide_by_concepts(parts: Parts, kinds: set[str], vocabulary: Vocabulary) -> str:
    predicate = parts.predicate
    after = {
        vocabulary.concepts[m.concept].kind
        for m in parts.mentions
        if m.start >= len(parts.subject)
    }
    if "target" in kinds and ACTS.search(parts.whole):
        return "acts-on"
    if SAFE.search(predicate):
        return "safe"
    if USED.search(parts.whole):
        return "used-for"
    if CONTAINS.search(parts.whole):
        return "contains"
    frequent = COMMON.search(predicate) or SHARE.search(parts.whole)
    if "exposure" not in kinds and "outcome" in kinds and frequent:
        return "common"
    praised = {"exposure", "outcome"} <= kinds and PRAISED.search(predicate)
    if "outcome" in after or "target" in after or praised:
        return _effect_or_occurrence(parts, vocabulary)
    if ATTENTION.search(predicate):
        return "attention"
    return "common" if COMMON.search(predicate) else "is"


def is_about_frequency(predicate: str) -> bool:
    """Say whether a predicate tells how common something is.

    >>> is_about_frequency("are common during detoxification")
    True
    """
    return bool(COMMON.search(predicate))


def _effect_or_occurrence(parts: Parts, vocabulary: Vocabulary) -> str:
    """Tell "moves an outcome" from "a harm arises with it"."""
    outcome = _terms(parts, vocabulary, ("outcome", "target"), prefer_predicate=True)
    cue = governing_cue(parts, outcome)
    bad = any(vocabulary.concepts[t.concept].sense < 0 for t in outcome if t.concept)
    if cue and cue.kind == "cause" and bad:
        return "occurs"
    if not cue and bad and re.search(r"\b(?:can|may|might|could)\b", parts.predicate):
        return "occurs"
    plain = not cue or cue.kind == "cause"
    named = re.search(r"\b(?:effects?|propert\w+|qualit\w+)\b", parts.predicate)
    if plain and named and all(_sense(t, vocabulary) == 0 for t in outcome):
        return "occurs"  # "has sedative effects": that it is met is all that is said
    if cue or re.search(
        r"\b(?:effects?|propert|qualit|aid|remedy|sedat)", parts.predicate
    ):
        return "effect"
    return "is"


def _sense(term: Term, vocabulary: Vocabulary) -> int:
    return vocabulary.concepts[term.concept].sense if term.concept else 0


def governing_cue(parts: Parts, outcome: tuple[Term, ...]) -> Cue | None:
    """Return the word of change that speaks of the outcome: the nearest before it."""
    cues = list(find_cues(parts.whole))
    places = [
        m.start
        for m in parts.mentions
        if m.concept in {t.concept for t in outcome} and m.start >= len(parts.subject)
    ]
    at = places[0] if places else len(parts.whole)
    before = [c for c in cues if len(parts.subject) <= c.start < at]
    after = [c for c in cues if c.start >= at]
    weak = [c for c in before if c.kind == "link"]
    telling = [c for c in before if c.kind not in {"cause", "link"}]
    causing = [c for c in before if c.kind == "cause"]
    in_subject = [c for c in cues if c.end <= len(parts.subject) and c.kind != "link"]
    later = [c for c in after if c.kind != "link"]
    for chosen in (telling[-1:], causing[-1:], weak[-1:], later[:1], in_subject[-1:]):
        if chosen:
            return chosen[0]
    return None


def _exposure(parts: Parts, vocabulary: Vocabulary, relation: str) -> tuple[Term, ...]:
    """Take the exposure from the subject, the predicate, or what was spoken of."""
    own = _terms(parts, vocabulary, ("exposure",), until=len(parts.subject))
    if own:
        return own
    here = _terms(parts, vocabulary, ("exposure",))
    if here:
        return here
    kinds = {vocabulary.concepts[m.concept].kind for m in parts.mentions}
    if relation == "common" and "outcome" in kinds:
        return ()
    return parts.inherited


def _terms(
    parts: Parts,
    vocabulary: Vocabulary,
    kinds: tuple[str, ...],
    *,
    until: int | None = None,
    prefer_predicate: bool = False,
) -> tuple[Term, ...]:
    """Return the distinct concepts of some kinds, in the order met."""
    met = [
        m
        for m in parts.mentions
        if vocabulary.concepts[m.concept].kind in kinds
        and (until is None or m.start < until)
    ]
    if prefer_predicate:
        said = [m for m in met if len(parts.subject) <= m.start < _reason_at(parts)]
        met = said or [m for m in met if m.start >= len(parts.subject)] or met
    found: dict[str, Term] = {}
    for mention in met:
        words = parts.whole[mention.start : mention.end]
        found.setdefault(mention.concept, Term(words, mention.concept))
    return tuple(found.values())


def _reason_at(parts: Parts) -> int:
    """Return where a given reason begins ("thanks to its …"): it is not the outcome."""
    reason = re.search(
        r",? (?:thanks to|due to|because of|owing to)\b", parts.predicate
    )
    offset = len(parts.whole) - len(parts.predicate)
    return offset + reason.start() if reason else len(parts.whole)


def _with_places(
    parts: Parts, vocabulary: Vocabulary, relation: str, outcome: tuple[Term, ...]
) -> tuple[Term, ...]:
    if relation == "contains":
        inside = _terms(
            parts, vocabulary, ("outcome", "exposure"), prefer_predicate=True
        )
        own = {m.concept for m in parts.mentions if m.start < len(parts.subject)}
        return tuple(t for t in inside if t.concept not in own) or outcome
    if relation == "located":
        return _terms(parts, vocabulary, ("place",))
    if relation == "regulated":
        return _terms(parts, vocabulary, ("agency",)) or outcome
    return outcome


def _direction(relation: str, cue: Cue | None) -> Direction:
    if relation == "occurs":
        return Direction.INCREASES
    if relation != "effect":
        return Direction.IS
    if cue is None:
        return Direction.INCREASES  # "has sedative effects"
    if cue.kind == "null" or (cue.negated and cue.kind != "ease"):
        return Direction.NO_EFFECT
    if goodness(cue.kind):
        return Direction.IMPROVES if goodness(cue.kind) > 0 else Direction.WORSENS
    return {1: Direction.INCREASES, -1: Direction.DECREASES}.get(
        amount(cue.kind), Direction.ASSOCIATED
    )


def _is_denied(relation: str, parts: Parts, cue: Cue | None) -> bool:
    if relation == "evidence-state":
        return bool(STATE_STRONG.search(parts.whole))
    if relation in {"effect", "safe"}:
        return False  # told by the direction
    return bool(DENIED.search(parts.predicate)) or bool(cue and cue.negated)


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
    "ongoing": "It says that research is under way, which publications cannot show.",
}


def _judge(frame: Frame, relation: str, vocabulary: Vocabulary) -> Reading:
    """Say what type of claim it is, and whether anything in it can be checked."""
    why = _WHY_NOT.get(relation, "")
    kind = _TYPES.get(relation, ClaimType.DESCRIPTION)
    if relation == "effect" and _is_harm(frame, vocabulary):
        kind = ClaimType.SAFETY
    if relation == "occurs" and all(_sense(t, vocabulary) == 0 for t in frame.outcome):
        kind = ClaimType.EFFICACY
    if not why and not frame.exposure and not frame.outcome:
        why = "It names nothing that research could be searched for."
    return Reading(frame, kind, not why, why)


def _is_harm(frame: Frame, vocabulary: Vocabulary) -> bool:
    if frame.direction is Direction.WORSENS:
        return True
    senses = {vocabulary.concepts[t.concept].sense for t in frame.outcome if t.concept}
    return frame.direction is Direction.INCREASES and senses == {-1}

"""Which relation a clause asserts: one table, first match first, then its concepts."""

import re

from assay.claims.cues import find_cues
from assay.claims.parts import Parts, find_terms, governing_cue, sense_of
from assay.claims.vocabulary import Vocabulary
from assay.claims.wording import (
    ACTS,
    ADVICE,
    AGENCY_ACT,
    AGENT,
    ANECDOTE,
    ATTENTION,
    COMMON,
    CONTAINS,
    DOSE,
    DOSING,
    FIRST_LINE,
    HARMS,
    IN_PASSING,
    INCLUDE,
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

_ANY: frozenset[str] = frozenset()
_BY_WORDING: tuple[tuple[str, re.Pattern[str], frozenset[str]], ...] = (
    ("meta", META, _ANY),
    ("anecdote", ANECDOTE, _ANY),
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
            if relation == "dose" and not _is_about_dose(parts, vocabulary):
                continue
            if relation == "regulated" and _merely_legal(parts, vocabulary):
                continue
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
    if USED.search(IN_PASSING.split(parts.whole, maxsplit=1)[0]):
        return "used-for"
    if CONTAINS.search(predicate) or _is_a_part(parts):
        return "contains"
    if HARMS.search(parts.subject) and INCLUDE.match(predicate) and "outcome" in after:
        return "occurs"
    frequent = COMMON.search(predicate) or SHARE.search(parts.whole)
    if "exposure" not in kinds and "outcome" in kinds and frequent:
        return "common"
    both = {"exposure", "outcome"} <= kinds
    praised = both and PRAISED.search(predicate)
    passive = both and "exposure" in after and AGENT.search(predicate)
    if (
        {"outcome", "target"} & after
        or praised
        or passive
        or goes_by_itself(parts, kinds)
    ):
        return _effect_or_occurrence(parts, vocabulary)
    if ATTENTION.search(predicate):
        return "attention"
    return "common" if COMMON.search(predicate) else "is"


_GOES = re.compile(
    r"(?:(?:also|can|may|might|will|could|seems? to|tends? to|get|gets|become|becomes|"
    r"is|are|was|were|be|stays?)\s+)*"
    r"(?:(?:drop|fall|rise|decline|decrease|increase|improve|worsen)(?:s|p?ed|d)?|fell|"
    r"rose|(?:a bit |a little |much |slightly )?(?:longer|shorter|slower|faster|higher|"
    r"lower|better|worse|weaker|stronger|milder|less \w+|more \w+))\b",
    re.IGNORECASE,
)


def goes_by_itself(parts: Parts, kinds: set[str]) -> bool:
    """Say whether the subject is an outcome that goes up or down by itself.

    `kinds` are those of the concepts named.
    """
    spoken_of = "exposure" in kinds or parts.inherited
    return bool("outcome" in kinds and spoken_of and _GOES.match(parts.predicate))


def _is_a_part(parts: Parts) -> bool:
    """Say whether the subject is "one of the main compounds in …"."""
    plain = re.match(r"(?:is|are|was|were|called|known as)\b", parts.predicate)
    part = plain and CONTAINS.search(parts.subject)
    return bool(part) and not find_cues(parts.predicate)


def _merely_legal(parts: Parts, vocabulary: Vocabulary) -> bool:
    """Say whether "legal" only describes what moves an outcome."""
    said = {m[0].lower() for m in REGULATORY.finditer(parts.predicate)}
    return said <= {"legal", "over-the-counter"} and _moves_an_outcome(
        parts, vocabulary
    )


def _is_about_dose(parts: Parts, vocabulary: Vocabulary) -> bool:
    """Say whether an amount is what a clause is about, not what was taken for it."""
    moves = _moves_an_outcome(parts, vocabulary)
    return bool(DOSING.search(parts.whole)) and not moves


def _moves_an_outcome(parts: Parts, vocabulary: Vocabulary) -> bool:
    """Say whether a word of change in the predicate speaks of an outcome in it."""
    outcome = find_terms(parts, vocabulary, ("outcome",), since=len(parts.subject))
    cue = governing_cue(parts, outcome) if outcome else None
    return bool(cue and cue.kind not in {"cause", "link"})


def is_about_frequency(predicate: str) -> bool:
    """Say whether a predicate tells how common something is.

    >>> is_about_frequency("are common during detoxification")
    True
    """
    return bool(COMMON.search(predicate))


def _effect_or_occurrence(parts: Parts, vocabulary: Vocabulary) -> str:
    """Tell "moves an outcome" from "a harm arises with it"."""
    outcome = find_terms(
        parts, vocabulary, ("outcome", "target"), prefer_predicate=True
    )
    cue = governing_cue(parts, outcome)
    bad = any(vocabulary.concepts[t.concept].sense < 0 for t in outcome if t.concept)
    if cue and cue.kind == "cause" and bad:
        return "occurs"
    happens = (
        r"\b(?:can|may|might|could|has|have|had|nobody|no one|never|develops?|"
        r"interacts?)\b"
    )
    if not cue and bad and re.search(happens, parts.whole):
        return "occurs"
    plain = not cue or cue.kind == "cause"
    named = re.search(r"\b(?:effects?|propert\w+|qualit\w+)\b", parts.predicate)
    if plain and named and all(sense_of(t, vocabulary) == 0 for t in outcome):
        return "occurs"  # "has sedative effects": that it is met is all that is said
    if cue or re.search(
        r"\b(?:effects?|propert|qualit|aid|remedy|sedat|mak(?:e|es|ing) (?:you|people|"
        r"them|users|us|some people)\b)",
        parts.predicate,
    ):
        return "effect"
    return "is"

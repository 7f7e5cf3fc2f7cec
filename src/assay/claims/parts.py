"""A clause made ready: its words, the concepts in them, the change it tells of."""

import re
from typing import NamedTuple

from assay.claims.cues import Cue, find_cues
from assay.claims.vocabulary import Mention, Vocabulary
from assay.model import Term


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
    nulls = [c for c in before if c.kind == "null"]
    if nulls:
        return nulls[0]
    for chosen in (telling[-1:], causing[-1:], weak[-1:], later[:1], in_subject[-1:]):
        if chosen:
            return chosen[0]
    return None


def sense_of(term: Term, vocabulary: Vocabulary) -> int:
    """Return whether more of a term is good (+1), bad (-1) or neither for a person."""
    return vocabulary.concepts[term.concept].sense if term.concept else 0


def find_terms(
    parts: Parts,
    vocabulary: Vocabulary,
    kinds: tuple[str, ...],
    *,
    since: int = 0,
    until: int | None = None,
    prefer_predicate: bool = False,
) -> tuple[Term, ...]:
    """Return the distinct concepts of some kinds, in the order met."""
    met = [
        m
        for m in parts.mentions
        if vocabulary.concepts[m.concept].kind in kinds
        and since <= m.start
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

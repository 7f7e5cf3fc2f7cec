"""Whom or what a clause speaks of: pronouns, "which", shared subjects, the topic."""

import re
from collections import Counter
from typing import NamedTuple

from assay.claims.clauses import Clause, split_clauses
from assay.claims.cues import inflect
from assay.claims.frame import Parts, is_about_frequency
from assay.claims.vocabulary import Vocabulary
from assay.model import Article, Frame, Term

PRONOUN = re.compile(
    r"(?:it|they|this|these|that|such|both|he|she)"
    r"|(?:the|this|these|that|such) (?:herb|plant|supplement|substance|drug|product|"
    r"remedy|compound|interaction|effect|tea|leaf|medication|treatment|practice|"
    r"vitamin|mineral|botanical|herbal tea|property|combination)s?",
    re.IGNORECASE,
)
_DUMMY_IT = re.compile(
    r"(?:is|was|would be|may be|'s|’s) (?:\w+ )?(?:crucial|essential|important|"
    r"advisable|prudent|best|wise|recommended|vital|possible|clear|necessary|worth|"
    r"unclear|unlikely|likely|better|true|common|easy|hard|time)\b",
    re.IGNORECASE,
)


class Topic(NamedTuple):
    """What is being spoken of, as sentences go by."""

    terms: tuple[Term, ...]
    label: str


_ADVICE_START = re.compile(
    r"^(?:it(?:'s|’s| is) (?:also )?(?:crucial|essential|important|advisable|prudent|"
    r"best|wise|recommended|vital)\b|you should|users should|always|never|consult|talk "
    r"to|speak)",
    re.IGNORECASE,
)


def join_advice(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """Keep a piece of advice whole: "consult a doctor if you have A or take B"."""
    whole: list[Clause] = []
    for clause in clauses:
        first = whole[-1] if whole else None
        advice = first and _ADVICE_START.match(f"{first.subject} {first.predicate}")
        if first and advice and clause.link in {"and", "participle", "which"}:
            joint = " or " if clause.link == "and" else ", "
            predicate = f"{first.predicate}{joint}{clause.predicate}"
            whole[-1] = first._replace(end=clause.end, predicate=predicate)
        else:
            whole.append(clause)
    return tuple(whole)


def shared_modal(before: str, clause: Clause) -> str:
    """Return the "may " that a coordinated verb shares with the one before it."""
    first = clause.predicate.split()[0] if clause.predicate else ""
    shares = clause.link == "and" and not clause.subject and inflect(first)[0] == first
    modal = re.match(r"(?:can|could|may|might|will|would)\b", before, re.IGNORECASE)
    bare = first.lower() not in _NOT_BARE and not first.endswith(("s", "ed", "ing"))
    return f"{modal[0]} " if shares and modal and bare else ""


_NOT_BARE = frozenset(
    "is are was were has have had can could may might will would does do did be".split()
)


def find_antecedent(clause: Clause, before: str, vocabulary: Vocabulary) -> str:
    """Return what "which" stands for when a known thing was named right before it.

    A list ("A and B, which …") is taken whole. An outcome counts only where the clause
    says how common it is: "sedative effects, which may help" still speaks of the drug.
    """
    if clause.link != "which" or clause.subject:
        return ""
    common = is_about_frequency(clause.predicate)
    start, end = len(before), len(before)
    for mention in reversed(vocabulary.mentions(before)):
        kind = vocabulary.concepts[mention.concept].kind
        wanted = kind == "exposure" or (common and kind == "outcome")
        gap = before[mention.end : start]
        if not wanted or not re.fullmatch(r"\W*(?:and|or)?\W*", gap):
            break
        start = mention.start
    return before[start:end].strip(" ,")


def find_subject(clause: Clause, subject: str, topic: Topic) -> str:
    """Return the words for the subject, pronouns replaced by what they stand for."""
    if not clause.subject or (clause.link == "which" and not clause.subject):
        return subject
    own = re.match(r"(?:its|their)\s+(.+)$", clause.subject, re.IGNORECASE)
    if own and topic.label:
        return f"{topic.label}'s {own[1]}"
    if clause.subject.lower() == "it" and _DUMMY_IT.match(clause.predicate):
        return clause.subject
    if PRONOUN.fullmatch(clause.subject):
        return topic.label or subject or clause.subject
    return clause.subject


def with_short_subject(
    parts: Parts, clause: Clause, frame: Frame, vocabulary: Vocabulary
) -> Parts:
    """Name the substance itself where a clause hangs on a subject with an outcome.

    "X's efficacy in insomnia …, by reducing Y" asserts that X reduces Y.
    """
    if clause.link not in {"by", "participle", "and"} or clause.subject:
        return parts
    met = vocabulary.mentions(parts.subject)
    if all(vocabulary.concepts[m.concept].kind == "exposure" for m in met):
        return parts
    label = " and ".join(t.words for t in frame.exposure)
    offset = len(label) - len(parts.subject)
    moved = [m for m in parts.mentions if m.start >= len(parts.subject)]
    return parts._replace(
        subject=label,
        whole=f"{label} {parts.predicate}",
        mentions=tuple(
            m._replace(start=m.start + offset, end=m.end + offset) for m in moved
        ),
    )


def first_topic(article: Article, vocabulary: Vocabulary) -> Topic:
    """Take the exposure of the title, else the one the article names most."""
    for text in (article.title, article.text):
        met = [
            m
            for m in vocabulary.mentions(text)
            if vocabulary.concepts[m.concept].kind == "exposure"
        ]
        if met:
            key = Counter(m.concept for m in met).most_common(1)[0][0]
            label = vocabulary.concepts[key].label
            return Topic((Term(label, key),), label)
    return Topic((), "")


def next_topic(topic: Topic, sentence: str, vocabulary: Vocabulary) -> Topic:
    """Follow the subject: the exposure that opened the last sentence with one."""
    for clause in split_clauses(sentence)[:1]:
        met = [
            m
            for m in vocabulary.mentions(clause.subject)
            if vocabulary.concepts[m.concept].kind == "exposure"
        ]
        if met and met[0].start <= 12:
            key = met[0].concept
            label = vocabulary.concepts[key].label
            return Topic((Term(label, key),), label)
    return topic

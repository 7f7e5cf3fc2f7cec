"""The claims of one sentence: its clauses read, framed, and put into words."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from assay.claims.clauses import Clause
from assay.claims.frame import (
    Reading,
    deny,
    read_clause,
    with_condition,
    with_exposure,
)
from assay.claims.health import is_measured, speaks_of_health
from assay.claims.parts import Parts
from assay.claims.statement import split_outcomes
from assay.claims.subject import (
    Topic,
    find_antecedent,
    find_subject,
    shared_modal,
    with_short_subject,
)
from assay.claims.vocabulary import Vocabulary
from assay.claims.wording import OPINION
from assay.model import Claim, Frame, Span, Term


class About(NamedTuple):
    """What a whole article is about, and the words for it."""

    main: Topic
    condition: tuple[Term, ...]
    """The ailment it is about; () when it is about something that acts."""
    vocabulary: Vocabulary


def claims_of_sentence(
    sentence: str,
    span: Span,
    clauses: tuple[Clause, ...],
    topic: Topic,
    about: About,
    *,
    likely: bool = False,
) -> Iterator[Claim]:
    """Yield the claims of one sentence, which stands at `span` of its article.

    `topic` is what the sentences before it spoke of; `likely` says that the sentence
    is taken to assert something, so that a plain clause of it is listed too.
    """
    for clause, parts, reading in _readings(clauses, topic, about, likely=likely):
        for text, frame in split_outcomes(parts, reading, clause):
            yield Claim(
                sentence=sentence,
                start=span.start,
                end=span.end,
                clause=Span(span.start + clause.start, span.start + clause.end),
                text=text,
                type=reading.type,
                frame=_with_source(frame, clause),
                checkable=reading.checkable,
                why_not=reading.why_not,
            )


def _readings(
    clauses: tuple[Clause, ...], topic: Topic, about: About, *, likely: bool
) -> Iterator[tuple[Clause, Parts, Reading]]:
    """Yield the clauses that assert something, each with its words and reading."""
    words, subject, terms = about.vocabulary, topic.label, topic.terms
    before, idle, acting = "", False, False
    for clause in clauses:
        spoken = find_antecedent(clause, before, words) or subject
        said = find_subject(clause, spoken, topic, words)
        if clause.link == "by" and not acting:
            continue  # "it gets better by changing habits": nothing is said to act
        before = f"{shared_modal(before, clause)}{clause.predicate}"
        clause = clause._replace(predicate=before)  # noqa: PLW2901
        points_back = not clause.subject or said != clause.subject
        known = terms if points_back else about.main.terms
        parts = _parts(clause, said, known, words)
        reading = _read(clause, parts, about)
        acting = bool(reading.frame.exposure)
        if idle and clause.link in {"participle", "by", "and", "which"}:
            continue  # what hangs on a piece of advice asserts nothing by itself
        idle = reading.frame.relation in {"advice", "ongoing", "meta"}
        subject = subject if _NO_SUBJECT.search(said) else said or subject
        if likely:
            reading = with_exposure(reading, topic.terms or about.main.terms, words)
        if not (likely and reading.checkable) and not _worth_listing(reading, parts):
            continue
        if reading.frame.exposure and clause.link not in {"which", "who"}:
            terms = reading.frame.exposure
        yield clause, with_short_subject(parts, clause, reading.frame, words), reading


_NO_SUBJECT = re.compile(r"\bthere$", re.IGNORECASE)


def _read(clause: Clause, parts: Parts, about: About) -> Reading:
    """Read a clause, turned round where it is denied, of the ailment if of nothing."""
    reading = read_clause(parts, about.vocabulary)
    if clause.denied:
        reading = deny(reading)
    return with_condition(reading, about.condition, about.vocabulary)


def _parts(
    clause: Clause,
    subject: str,
    inherited: tuple[Term, ...],
    vocabulary: Vocabulary,
) -> Parts:
    whole = f"{subject} {clause.predicate}".strip()
    return Parts(
        subject=subject,
        predicate=clause.predicate,
        whole=whole,
        mentions=vocabulary.mentions(whole),
        inherited=inherited,
    )


def _worth_listing(reading: Reading, parts: Parts) -> bool:
    """Leave out what names nothing, and talk about the article itself."""
    frame = reading.frame
    if frame.relation == "meta":
        return False
    if not parts.mentions and not reading.checkable:
        return False
    by_itself = frame.relation != "is" or _names_an_outcome(frame, parts)
    return by_itself or _describes(parts, frame)


def _names_an_outcome(frame: Frame, parts: Parts) -> bool:
    here = {m.concept for m in parts.mentions}
    return any(t.concept in here for t in frame.outcome)


def _describes(parts: Parts, frame: Frame) -> bool:
    """Say whether an "is" clause says something of a thing that is spoken of."""
    if OPINION.search(parts.predicate):
        return False
    if _PRESENT.match(parts.whole):
        return bool(frame.exposure or frame.outcome)
    words = len(parts.predicate.split())
    health = speaks_of_health(parts.whole)
    if words < 2 or (words < 3 and not health and not is_measured(parts.whole)):
        return False
    if parts.mentions:
        return True
    known = (frame.exposure or frame.outcome) and parts.subject
    return bool(known) and (health or is_measured(parts.whole))


_PRESENT = re.compile(
    r"there (?:is|are|was|were) (?:no|hardly any|barely any|little|plenty of|lots of|"
    r"traces of|some)\b.*\bin\b",
    re.IGNORECASE,
)
"""What is in something, or is not."""


def _with_source(frame: Frame, clause: Clause) -> Frame:
    """Note whom the article says it has it from."""
    if not clause.frame:
        return frame
    source = re.sub(r"(?:\s+that)?$", "", clause.frame.strip(" ,"))
    if re.search(r"\b(?:means?|remember)$", source):
        return frame
    return replace(frame, attribution=source)

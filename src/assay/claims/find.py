"""The claims of an article: which sentences assert something, and what exactly."""

import re
from collections.abc import Iterator
from dataclasses import replace

from assay.claims.clauses import LONGEST, Clause, spell_out, split_clauses
from assay.claims.fragments import SELLING, lists_harms, read_fragment
from assay.claims.frame import Reading, deny, read_clause
from assay.claims.health import is_measured, speaks_of_health
from assay.claims.parts import Parts
from assay.claims.statement import split_outcomes
from assay.claims.subject import (
    Topic,
    find_antecedent,
    find_subject,
    first_topic,
    heading_topic,
    join_advice,
    next_topic,
    shared_modal,
    with_short_subject,
)
from assay.claims.vocabulary import Vocabulary
from assay.claims.wording import OPINION
from assay.model import Article, Block, Claim, Frame, Span, Term

READ_KINDS = frozenset({"paragraph", "item", "quote", "caption", "table"})
"""Blocks that are read for claims; a title or heading asserts nothing."""


def find_claims(article: Article, vocabulary: Vocabulary) -> tuple[Claim, ...]:
    """Return the claims of an article in reading order, checkable or not.

    >>> from assay.model import Block
    >>> text = "Tea improves sleep."
    >>> article = Article(name="a", title="Tea", text=text, sentences=(Span(0, 19),),
    ...                   blocks=(Block("paragraph", 0, 19),))
    >>> words = '[tea]\\nkind="exposure"\\nwords=["tea"]\\n[sleep]\\nkind="outcome"\\n'
    >>> from assay.claims.vocabulary import parse_vocabulary
    >>> vocabulary = parse_vocabulary(words + 'sense="good"\\nwords=["sleep"]')
    >>> [(c.text, str(c.frame.direction)) for c in find_claims(article, vocabulary)]
    [('Tea improves sleep', 'improves')]
    """
    main = section = topic = first_topic(article, vocabulary)
    selling = SELLING.search(article.text) is not None
    claims: list[Claim] = []
    block, harms = None, False
    for span in article.sentences:
        here = _block_at(article, span)
        sentence = article.text[span.start : span.end]
        if here.kind != "item":
            harms = lists_harms(sentence)
        if here.kind == "heading":
            section = heading_topic(sentence, vocabulary) or main
        if here.kind not in READ_KINDS or len(sentence) > LONGEST:
            continue
        if here != block:
            block, topic = here, section
        clauses = read_clauses(sentence)
        topic = (heading_topic(sentence, vocabulary) if not clauses else None) or topic
        if not clauses and here.kind == "item" and topic.label:
            clauses = read_fragment(sentence, selling=selling, harms=harms)
        claims += _claims_of(sentence, clauses, span, topic, main, vocabulary)
        topic = next_topic(topic, sentence, vocabulary)
    return tuple(claims)


def read_clauses(sentence: str) -> tuple[Clause, ...]:
    """Return the clauses of a sentence, shortened verbs written in full.

    >>> [c.predicate for c in read_clauses("It’s safe.")]
    ['is safe']
    >>> read_clauses("Is it safe?")
    ()
    """
    if sentence.rstrip("\"'”’)").endswith("?"):
        return ()
    return join_advice(tuple(map(spell_out, split_clauses(sentence))))


def _block_at(article: Article, span: Span) -> Block:
    for block in article.blocks:
        if block.start <= span.start < block.end:
            return block
    return Block("paragraph", 0, len(article.text))


def _claims_of(
    sentence: str,
    clauses: tuple[Clause, ...],
    span: Span,
    topic: Topic,
    main: Topic,
    vocabulary: Vocabulary,
) -> Iterator[Claim]:
    """Yield the claims of one sentence."""
    subject, terms = topic.label, topic.terms
    before, idle, acting = "", False, False
    for clause in clauses:
        spoken = find_antecedent(clause, before, vocabulary) or subject
        said = find_subject(clause, spoken, topic, vocabulary)
        if clause.link == "by" and not acting:
            continue  # "it gets better by changing habits": nothing is said to act
        before = f"{shared_modal(before, clause)}{clause.predicate}"
        clause = clause._replace(predicate=before)  # noqa: PLW2901
        points_back = not clause.subject or said != clause.subject
        parts = _parts(clause, said, terms if points_back else main.terms, vocabulary)
        reading = read_clause(parts, vocabulary)
        acting = bool(reading.frame.exposure)
        if clause.denied:
            reading = deny(reading)
        if idle and clause.link in {"participle", "by", "and", "which"}:
            continue  # what hangs on a piece of advice asserts nothing by itself
        idle = reading.frame.relation in {"advice", "ongoing", "meta"}
        if not _worth_listing(reading, parts):
            subject = subject if _NO_SUBJECT.search(said) else said or subject
            continue
        subject = subject if _NO_SUBJECT.search(said) else said or subject
        if reading.frame.exposure and clause.link not in {"which", "who"}:
            terms = reading.frame.exposure
        parts = with_short_subject(parts, clause, reading.frame, vocabulary)
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


_NO_SUBJECT = re.compile(r"\bthere$", re.IGNORECASE)


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
    return frame.relation != "is" or bool(frame.outcome) or _describes(parts, frame)


def _describes(parts: Parts, frame: Frame) -> bool:
    """Say whether an "is" clause says something of a thing that is spoken of."""
    if OPINION.search(parts.predicate):
        return False
    words = len(parts.predicate.split())
    if words < 2 or (words < 3 and not is_measured(parts.whole)):
        return False
    if parts.mentions:
        return True
    known = frame.exposure and parts.subject
    return bool(known) and (speaks_of_health(parts.whole) or is_measured(parts.whole))


def _with_source(frame: Frame, clause: Clause) -> Frame:
    """Note whom the article says it has it from."""
    if not clause.frame:
        return frame
    source = re.sub(r"(?:\s+that)?$", "", clause.frame.strip(" ,"))
    if re.search(r"\b(?:means?|remember)$", source):
        return frame
    return replace(frame, attribution=source)

"""The claims of an article: which sentences assert something, and what exactly."""

from collections.abc import Iterator

from assay.claims.chance import LIKELY, chance
from assay.claims.clauses import LONGEST, Clause, spell_out, split_clauses
from assay.claims.fragments import SELLING, Lead, is_fragment, name_lead, read_fragment
from assay.claims.sentence import About, claims_of_sentence
from assay.claims.subject import (
    Topic,
    first_topic,
    heading_topic,
    join_advice,
    main_condition,
    next_topic,
)
from assay.claims.vocabulary import Vocabulary
from assay.model import Article, Block, Claim, Span

READ_KINDS = frozenset({"paragraph", "item", "quote", "caption", "table"})
"""Blocks that are read for claims; a title or heading asserts nothing."""


def find_claims(
    article: Article, vocabulary: Vocabulary, *, second_opinion: bool = True
) -> tuple[Claim, ...]:
    """Return the claims of an article in reading order, checkable or not.

    A sentence in which the rules find none is read again where its words make one
    likely (see `chance`), unless no `second_opinion` is wanted.

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
    main = first_topic(article, vocabulary)
    if not main.terms:
        main = first_topic(article, vocabulary, plainly=False)
    condition = () if main.terms else main_condition(article, vocabulary)
    if condition:
        main = Topic((), condition[0].words)
    about = About(main=main, condition=condition, vocabulary=vocabulary)
    claims: list[Claim] = []
    for span, topic, clauses in _read_through(article, main, vocabulary):
        sentence = article.text[span.start : span.end]
        told = [*claims_of_sentence(sentence, span, clauses, topic, about)]
        asked = second_opinion and not told and not sentence.endswith("?")
        if asked and chance(sentence) > LIKELY:
            clauses = clauses or whole_sentence(sentence)  # noqa: PLW2901
            told = [
                *claims_of_sentence(sentence, span, clauses, topic, about, likely=True)
            ]
        claims += told
    return tuple(claims)


def _read_through(
    article: Article, main: Topic, vocabulary: Vocabulary
) -> Iterator[tuple[Span, Topic, tuple[Clause, ...]]]:
    """Yield each sentence that is read with what is spoken of and its clauses.

    A heading says what the blocks under it are about; in a block the topic moves on.
    """
    section = topic = main
    selling = SELLING.search(article.text) is not None
    block, lead = None, Lead.OTHER
    for span in article.sentences:
        here = _block_at(article, span)
        sentence = article.text[span.start : span.end]
        if here.kind != "item":
            lead = name_lead(sentence, heading=here.kind == "heading")
        if here.kind == "heading" or sentence.isupper():
            section = heading_topic(sentence, vocabulary) or main
        if not _is_read(here, sentence):
            continue
        if here != block:
            block, topic = here, section
        clauses = read_clauses(sentence)
        topic = (heading_topic(sentence, vocabulary) if not clauses else None) or topic
        if here.kind == "item" and topic.label and is_fragment(clauses, lead):
            clauses = read_fragment(sentence, selling=selling, lead=lead) or clauses
        yield span, topic, clauses
        topic = next_topic(topic, sentence, vocabulary)


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


def whole_sentence(sentence: str) -> tuple[Clause, ...]:
    """Return a sentence without a clause as one, its words all of a subject.

    >>> [c.subject for c in whole_sentence("Good for knees.")]
    ['Good for knees']
    """
    words = sentence.strip(" .!,;:•*–—-")
    start = sentence.index(words)
    return (Clause(start, start + len(words), words, "", "main"),) if words else ()


def _is_read(block: Block, sentence: str) -> bool:
    """Say whether a sentence is read: no heading, nor a line in capitals."""
    short = len(sentence) <= LONGEST
    return block.kind in READ_KINDS and short and not sentence.isupper()


def _block_at(article: Article, span: Span) -> Block:
    for block in article.blocks:
        if block.start <= span.start < block.end:
            return block
    return Block("paragraph", 0, len(article.text))

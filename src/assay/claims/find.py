"""The claims of an article: which sentences assert something, and what exactly."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from assay.claims.clauses import Clause, split_clauses
from assay.claims.cues import inflect
from assay.claims.frame import Parts, Reading, is_about_frequency, read_clause
from assay.claims.vocabulary import Concept, Vocabulary
from assay.model import Article, Block, Claim, Frame, Span, Term

READ_KINDS = frozenset({"paragraph", "item", "quote", "caption", "table"})
"""Blocks that are read for claims; a title or heading asserts nothing."""
_PRONOUN = re.compile(
    r"(?:it|they|this|these|that|such|both|he|she)"
    r"|(?:the|this|these|that|such) (?:herb|plant|supplement|substance|drug|product|remedy|"
    r"compound|interaction|effect|tea|leaf|medication|treatment|practice|vitamin|mineral|"
    r"botanical|herbal tea|property|combination)s?",
    re.IGNORECASE,
)
_DUMMY_IT = re.compile(
    r"(?:is|was|would be|may be|'s|’s) (?:\w+ )?(?:crucial|essential|important|advisable|"
    r"prudent|best|wise|recommended|vital|possible|clear|necessary|worth|unclear|unlikely|"
    r"likely|better|true|common|easy|hard|time)\b",
    re.IGNORECASE,
)
_GENERIC = frozenset(
    """
    people person research researchers study studies evidence users user experts doctors
    many some most this that these those they which what there here article effects effect
    benefits benefit risk risks use symptoms individuals patients adults women men children
    health body brain sleep quality leaves leaf tree plant plants alkaloids compounds it its
    regular certain typical overall strains natural herbal important common potential
    """.split()
)


class _Topic(NamedTuple):
    """What is being spoken of, as sentences go by."""

    terms: tuple[Term, ...]
    label: str


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
    main = topic = _first_topic(article, vocabulary)
    claims: list[Claim] = []
    block = None
    for span in article.sentences:
        here = _block_at(article, span)
        if here.kind not in READ_KINDS:
            continue
        if here != block:
            block, topic = here, main
        sentence = article.text[span.start : span.end]
        claims += _claims_of(sentence, span, topic, main, vocabulary)
        topic = _next_topic(topic, sentence, vocabulary)
    return tuple(claims)


def widen(vocabulary: Vocabulary, article: Article) -> Vocabulary:
    """Return the vocabulary with the article's own topic added if it has no word for it.

    The topic is a word of the title that opens several sentences, e.g. an unknown herb.
    """
    title = article.title or article.text[:120]
    mentioned = {
        vocabulary.concepts[m.concept].kind for m in vocabulary.mentions(title)
    }
    if "exposure" in mentioned:
        return vocabulary
    counted = Counter(_subject_words(article))
    known = {w for c in vocabulary.concepts.values() for w in c.words}
    fresh = [
        word
        for word in dict.fromkeys(re.findall(r"[a-z][a-z-]{3,}", title.lower()))
        if counted[word] >= 2 and word not in _GENERIC and word not in known
    ]
    concepts = tuple(
        Concept(key=f"topic-{word}", kind="exposure", label=word, words=(word,))
        for word in fresh[:2]
    )
    if not concepts:
        return vocabulary
    return Vocabulary((*vocabulary.concepts.values(), *concepts))


def _subject_words(article: Article) -> Iterator[str]:
    for span in article.sentences:
        for clause in split_clauses(article.text[span.start : span.end])[:1]:
            yield from re.findall(r"[a-z][a-z-]{3,}", clause.subject.lower())


def _block_at(article: Article, span: Span) -> Block:
    for block in article.blocks:
        if block.start <= span.start < block.end:
            return block
    return Block("paragraph", 0, len(article.text))


def _claims_of(
    sentence: str, span: Span, topic: _Topic, main: _Topic, vocabulary: Vocabulary
) -> Iterator[Claim]:
    """Yield the claims of one sentence."""
    if sentence.rstrip("\"'”’)").endswith("?"):
        return
    subject, terms = topic.label, topic.terms
    before, idle = "", False
    for clause in _joined(split_clauses(sentence)):
        said = _subject_of(
            clause, _antecedent(clause, before, vocabulary) or subject, topic
        )
        before = f"{_modal(before, clause)}{clause.predicate}"
        clause = clause._replace(predicate=before)  # noqa: PLW2901
        points_back = not clause.subject or said != clause.subject
        parts = _parts(clause, said, terms if points_back else main.terms, vocabulary)
        reading = read_clause(parts, vocabulary)
        if idle and clause.link in {"participle", "by", "and", "which"}:
            continue  # what hangs on a piece of advice asserts nothing by itself
        idle = reading.frame.relation in {"advice", "ongoing", "meta"}
        if not _worth_listing(reading, parts):
            subject = said or subject
            continue
        subject = said or subject
        if reading.frame.exposure and clause.link not in {"which", "who"}:
            terms = reading.frame.exposure
        parts = _with_short_subject(parts, clause, reading.frame, vocabulary)
        for text, frame in _one_outcome_each(parts, reading, clause, vocabulary):
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


_ADVICE_START = re.compile(
    r"^(?:it(?:'s|’s| is) (?:also )?(?:crucial|essential|important|advisable|prudent|best|"
    r"wise|recommended|vital)\b|you should|users should|always|never|consult|talk to|speak)",
    re.IGNORECASE,
)


def _joined(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
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


def _modal(before: str, clause: Clause) -> str:
    """Return the "may " that a coordinated verb shares with the one before it."""
    first = clause.predicate.split()[0] if clause.predicate else ""
    shares = clause.link == "and" and not clause.subject and inflect(first)[0] == first
    modal = re.match(r"(?:can|could|may|might|will|would)\b", before, re.IGNORECASE)
    bare = first.lower() not in _NOT_BARE and not first.endswith(("s", "ed", "ing"))
    return f"{modal[0]} " if shares and modal and bare else ""


_NOT_BARE = frozenset(
    "is are was were has have had can could may might will would does do did be".split()
)


def _antecedent(clause: Clause, before: str, vocabulary: Vocabulary) -> str:
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


def _subject_of(clause: Clause, subject: str, topic: _Topic) -> str:
    """Return the words for the subject, pronouns replaced by what they stand for."""
    if not clause.subject or (clause.link == "which" and not clause.subject):
        return subject
    own = re.match(r"(?:its|their)\s+(.+)$", clause.subject, re.IGNORECASE)
    if own and topic.label:
        return f"{topic.label}'s {own[1]}"
    if clause.subject.lower() == "it" and _DUMMY_IT.match(clause.predicate):
        return clause.subject
    if _PRONOUN.fullmatch(clause.subject):
        return topic.label or subject or clause.subject
    return clause.subject


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


def _with_short_subject(
    parts: Parts, clause: Clause, frame: Frame, vocabulary: Vocabulary
) -> Parts:
    """Name the substance itself where a clause hangs on a subject with an outcome in it.

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


def _worth_listing(reading: Reading, parts: Parts) -> bool:
    """Leave out what names nothing, and talk about the article itself."""
    if reading.frame.relation == "meta":
        return False
    if not parts.mentions and not reading.checkable:
        return False
    trivial = reading.frame.relation == "is" and not reading.frame.outcome
    return not (trivial and not _describes(parts))


def _describes(parts: Parts) -> bool:
    """Say whether an "is" clause says something of a known thing."""
    return bool(parts.mentions) and len(parts.predicate.split()) >= 3


def _one_outcome_each(
    parts: Parts, reading: Reading, clause: Clause, vocabulary: Vocabulary
) -> Iterator[tuple[str, Frame]]:
    """Split "reduces A and B" into one claim each; leave everything else whole."""
    frame = reading.frame
    lists = frame.relation in {"effect", "occurs"} and len(frame.outcome) > 1
    pieces = _conjuncts(parts, frame, vocabulary) if lists else ()
    if not pieces:
        yield _sentence_of(parts, clause, parts.predicate), frame
        return
    for term, predicate in pieces:
        yield (
            _sentence_of(parts, clause, predicate),
            _replace_outcome(frame, term),
        )


def _conjuncts(
    parts: Parts, frame: Frame, vocabulary: Vocabulary
) -> tuple[tuple[Term, str], ...]:
    """Return each outcome of a plain list with the predicate that names only it."""
    offset = len(parts.whole) - len(parts.predicate)
    wanted = {t.concept: t for t in frame.outcome}
    met = [m for m in parts.mentions if m.concept in wanted and m.start >= offset]
    if len(met) < 2 or len({m.concept for m in met}) < 2:
        return ()
    between = [parts.whole[a.end : b.start] for a, b in zip(met, met[1:], strict=False)]
    if not all(
        re.fullmatch(r",?\s*(?:and|or|and/or|,)?\s*(?:\w+\s+){0,2}", gap)
        and re.search(r"and|or|,", gap)
        for gap in between
    ):
        return ()
    head, tail = parts.whole[offset : met[0].start], parts.whole[met[-1].end :]
    return tuple(
        (wanted[m.concept], f"{head}{parts.whole[m.start : m.end]}{tail}") for m in met
    )


def _replace_outcome(frame: Frame, term: Term) -> Frame:
    return Frame(
        exposure=frame.exposure,
        comparator=frame.comparator,
        outcome=(term,),
        population=frame.population,
        direction=frame.direction,
        negated=frame.negated,
        hedge=frame.hedge,
        attribution=frame.attribution,
        causal=frame.causal,
        relation=frame.relation,
    )


def _is_plural(subject: str) -> bool:
    """Say whether a subject takes a plural verb: by its first noun, or by an "and"."""
    head = re.split(r"\s(?:of|in|from|with|present|for|to|that)\s", subject)[0]
    return " and " in subject or bool(re.search(r"[^su]s$", head))


_FINITE_OF = {
    inflect(verb)[-1]: (inflect(verb)[1], verb)
    for verb in (
        "help reduce decrease increase improve promote offer mimic relieve alleviate aid"
        " ease enhance boost prevent produce cause lower shorten support restore provide"
        " make allow enable lead result ensure normalise normalize stimulate calm"
    ).split()
}
"""-ing forms with their finite forms, singular and plural."""


def _sentence_of(parts: Parts, clause: Clause, predicate: str) -> str:
    """Put a claim's words together so that it can stand alone."""
    words = predicate.split()
    at = 0 if words and words[0] in _FINITE_OF else 1 if len(words) > 1 else 0
    if clause.link in {"participle", "by", "and"} and words[at] in _FINITE_OF:
        words[at] = _FINITE_OF[words[at]][_is_plural(parts.subject)]
    own = parts.subject == clause.subject
    comma = "," if own and clause.comma else ""
    text = " ".join((*f"{parts.subject}{comma}".split(), *words)).strip(" ,;")
    return text[:1].upper() + text[1:]


def _with_source(frame: Frame, clause: Clause) -> Frame:
    """Note whom the article says it has it from."""
    if not clause.frame:
        return frame
    source = re.sub(r"(?:\s+that)?$", "", clause.frame.strip(" ,"))
    if re.search(r"\b(?:means?|remember)$", source):
        return frame
    return Frame(
        exposure=frame.exposure,
        comparator=frame.comparator,
        outcome=frame.outcome,
        population=frame.population,
        direction=frame.direction,
        negated=frame.negated,
        hedge=frame.hedge or "",
        attribution=source,
        causal=frame.causal,
        relation=frame.relation,
    )


def _first_topic(article: Article, vocabulary: Vocabulary) -> _Topic:
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
            return _Topic((Term(label, key),), label)
    return _Topic((), "")


def _next_topic(topic: _Topic, sentence: str, vocabulary: Vocabulary) -> _Topic:
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
            return _Topic((Term(label, key),), label)
    return topic

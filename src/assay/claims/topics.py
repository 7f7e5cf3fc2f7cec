"""Words for what the vocabulary does not know: taken from the article itself.

A claim on an unknown herb or symptom still gets a sensible search: the words before
the verb become an exposure, those after it an outcome.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from assay.claims.clauses import LONGEST, Clause, split_clauses
from assay.claims.cues import KIND_OF, VERBS, Cue, find_cues
from assay.claims.heads import AUXILIARIES
from assay.claims.health import speaks_of_health
from assay.claims.subject import PRONOUN, first_topic
from assay.claims.verbs import inflect
from assay.claims.vocabulary import Concept, Vocabulary
from assay.claims.wording import ANECDOTE, CONTAINS, GENERIC, META, OPINION, PEOPLE
from assay.model import Article

MOST = 60
"""Most concepts taken from one article."""
FORM_WORDS = frozenset(
    """
    tea extract oil supplement supplements powder juice root leaf leaves seed seeds
    capsules
    tablets drink pills tincture bark flower flowers gel cream
    """.split()
)
"""Last words of a name that say how it is taken; the thing stands before them."""
_EDGE = re.compile(
    r"\s(?:of|in|from|with|for|that|such|who|which|on|at|by|to|during|after|before|"
    r"among|when|while|if|because|either|too|again|and|or|as|than|is|are|can|may|like|including)\b|"
    r"[,;:(–—]",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:the|a|an|your|our|their|his|her|its|some|any|most|many|all|regular|daily|"
    r"taking|using|drinking|eating|consuming|your|more|also|even|just|use of|intake "
    r"of)\s+)+",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"^(?:\w+ )?(?:likelihood|percentage|development|progression|onset|spread|presence|"
    r"prevalence|production|risk|rate|number|level|amount|severity|symptom|sign|feeling|chance|"
    r"incidence|frequency|duration|odds|growth|effect)s? of\s+"
)
"""Words that say how something is measured, and not what."""
_NO_NAME = re.compile(
    r"(?:in|on|at|by|to|for|from|with|of|than|as|that|who|if|when|contrary|"
    r"them(?:selves)?|itself|himself|herself|you|me|us|up|down|out|or|and|not|"
    r"each|every|this|last|first|two|three|about|around|following|institute|foundation|"
    r"what|whatever|how|why|others?|talk|stopping|quitting|combining|mixing|having|being|it|he|she|they|there)\b",
    re.IGNORECASE,
)
"""First words of what is no name of a thing."""
_CUE_VERBS = frozenset(
    f for vs in VERBS.values() for v in vs.split() for f in inflect(v)
)
_SENSES = {"good": 1, "ease": -1}


def widen(vocabulary: Vocabulary, article: Article) -> Vocabulary:
    """Return the vocabulary with concepts for what the article names and it does not.

    >>> from assay.claims.vocabulary import parse_vocabulary
    >>> from assay.model import Span
    >>> text = "Moringa tea relieves eye strain."
    >>> article = Article(name="a", title="", text=text, blocks=(),
    ...                   sentences=(Span(0, len(text)),))
    >>> known = parse_vocabulary('[x]\\nkind="outcome"\\nwords=["x"]')
    >>> [c.words for c in widen(known, article).concepts.values()][1:]
    [('moringa tea', 'moringa'), ('eye strain',)]
    """
    found: dict[str, Concept] = {}
    plainly = not first_topic(article, vocabulary).terms
    for clause in _clauses(article):
        for concept in _unknown(clause, vocabulary, plainly=plainly):
            same = [c.key for c in found.values() if {*c.words} & {*concept.words}]
            for key in same[:1]:  # "moringa tea" and "moringa extract" are one thing
                words = dict.fromkeys((*found[key].words, *concept.words))
                found[key] = replace(found[key], words=tuple(words))
            if not same:
                found[concept.key] = concept
    if not found:
        return vocabulary
    return Vocabulary((*vocabulary.concepts.values(), *list(found.values())[:MOST]))


def _clauses(article: Article) -> Iterator[Clause]:
    for span in article.sentences:
        if span.end - span.start > LONGEST:
            continue
        sentence = article.text[span.start : span.end]
        subject = ""
        for clause in () if sentence.endswith("?") else split_clauses(sentence):
            shares = clause.link in {"and", "participle"} and not clause.subject
            subject = subject if shares else clause.subject
            yield clause._replace(subject=subject)


def _unknown(
    clause: Clause, vocabulary: Vocabulary, *, plainly: bool
) -> Iterator[Concept]:
    """Yield concepts for an unknown subject and object of a clause of change.

    `plainly` asks for those of other clauses too: in an article on nothing known.
    """
    cues = [
        c
        for c in find_cues(clause.predicate)
        if c.kind not in {"link", "null"}
        and _is_verb(clause.predicate[c.start : c.end].lower())
    ]
    if not clause.subject and plainly:
        return
    if not cues:
        if plainly or CONTAINS.search(clause.predicate):
            yield from _named_plainly(clause, vocabulary)
        return
    named = {
        vocabulary.concepts[m.concept].kind for m in vocabulary.mentions(clause.subject)
    }
    known = "exposure" in named or not clause.subject
    subject = "" if known else _phrase(clause.subject, vocabulary)
    if subject and not PRONOUN.fullmatch(clause.subject):
        yield _concept(subject, "exposure", 0)
    cue = _last_of_chain(cues, clause.predicate)
    after = clause.predicate[cue.end :]
    outcome = _phrase(after, vocabulary) if after.startswith(" ") else ""
    if outcome:
        yield _concept(outcome, "outcome", _SENSES.get(cue.kind, 0))


def _named_plainly(clause: Clause, vocabulary: Vocabulary) -> Iterator[Concept]:
    """Yield what a clause that tells of no change speaks of, if it names nothing known.

    "Tinnitus often co-occurs with hearing loss": both become concepts.
    """
    whole = f"{clause.subject} {clause.predicate}"
    kinds = {vocabulary.concepts[m.concept].kind for m in vocabulary.mentions(whole)}
    if kinds & {"exposure", "outcome", "target"} or _is_idle(whole):
        return
    if not speaks_of_health(whole):
        return
    subject = _phrase(clause.subject, vocabulary)
    if subject and not PRONOUN.fullmatch(clause.subject):
        yield _concept(subject, "exposure", 0)
    for piece in _EDGE.split(_AFTER_VERB.sub("", clause.predicate)):
        outcome = _phrase(piece, vocabulary)
        if outcome and outcome != subject:
            yield _concept(outcome, "outcome", 0)
            return


def _is_verb(cue: str) -> bool:
    """Say whether a cue is a verb, of one word or of several ("brings on")."""
    return cue in _CUE_VERBS or cue not in KIND_OF


def _is_idle(words: str) -> bool:
    return any(p.search(words) for p in (META, ANECDOTE, OPINION))


_AFTER_VERB = re.compile(
    rf"^(?:(?:{'|'.join(sorted(map(re.escape, AUXILIARIES)))}|\w+ly|also|often|not|"
    r"never|been|be)\s+)*\w+\s*",
    re.IGNORECASE,
)
"""The verb that opens a predicate, with its auxiliaries."""


def _last_of_chain(cues: list[Cue], predicate: str) -> Cue:
    """Return the verb that has the object: "help reduce pain" says "reduce"."""
    chosen = cues[0]
    for cue in cues[1:]:
        between = predicate[chosen.end : cue.start]
        if not re.fullmatch(r"\s+(?:to\s+|you\s+|your \w+\s+)?", between):
            break
        chosen = cue
    return chosen


def _phrase(text: str, vocabulary: Vocabulary) -> str:
    """Return the noun phrase that opens a text, "" when it is known or says nothing."""
    start = _LEAD.sub("", _MEASURE.sub("", _LEAD.sub("", text.strip().lower())))
    if _NO_NAME.match(start):
        return ""
    edge = _EDGE.search(start)
    phrase = start[: edge.start()] if edge else start
    words = re.findall(r"[a-z0-9][a-z0-9'’-]*", phrase)
    nothing = GENERIC | FORM_WORDS | set(KIND_OF)
    telling = [w for w in words if w not in nothing and len(w) > 2]
    if words and words[0] in PEOPLE:
        return ""
    if (
        not telling
        or len(words) > 4
        or words[0].isdigit()
        or words[-1] in GENERIC - FORM_WORDS
    ):
        return ""
    return "" if vocabulary.mentions(phrase) else " ".join(words)


def _concept(phrase: str, kind: str, sense: int) -> Concept:
    shapes = [phrase]
    while shapes[-1].split()[-1] in FORM_WORDS and " " in shapes[-1]:
        shapes.append(shapes[-1].rsplit(maxsplit=1)[0])
    return Concept(
        key=f"topic-{phrase.replace(' ', '-')}",
        kind=kind,
        label=shapes[-1],
        words=tuple(shapes),
        sense=sense,
    )

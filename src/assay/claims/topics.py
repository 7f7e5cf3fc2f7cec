"""Words for what the vocabulary does not know: taken from the article itself.

A claim on an unknown herb or symptom still gets a sensible search: the words before
the verb become an exposure, those after it an outcome.
"""

import re
from collections.abc import Iterator

from assay.claims.clauses import Clause, split_clauses
from assay.claims.cues import VERBS, find_cues, inflect
from assay.claims.subject import PRONOUN
from assay.claims.vocabulary import Concept, Vocabulary
from assay.model import Article

MOST = 60
"""Most concepts taken from one article."""
GENERIC = frozenset(
    """
    people person research researchers study studies evidence users user experts doctors
    many some most this that these those they which what there here article effects
    effect
    benefits benefit risk risks use symptoms individuals patients adults women men
    children
    health body brain sleep quality leaves leaf tree plant plants alkaloids compounds it
    its
    regular certain typical overall strains natural herbal important common potential
    remedy aid option options alternative alternatives role treatment cure solution way
    help need ailments purposes conditions problems issues things reasons condition
    everyone anyone someone others life time day night days results result outcomes
    """.split()
)


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
    r"among|when|while|if|because|and|or|as|than|is|are|can|may|like|including)\b|"
    r"[,;:(–—]",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:the|a|an|your|our|their|his|her|its|some|any|most|many|all|regular|daily|"
    r"taking|using|drinking|eating|consuming|your|more|also|even|just|use of|intake "
    r"of)\s+)+",
    re.IGNORECASE,
)
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
    for clause in _clauses(article):
        for concept in _unknown(clause, vocabulary):
            found.setdefault(concept.key, concept)
    if not found:
        return vocabulary
    return Vocabulary((*vocabulary.concepts.values(), *list(found.values())[:MOST]))


def _clauses(article: Article) -> Iterator[Clause]:
    for span in article.sentences:
        sentence = article.text[span.start : span.end]
        if not sentence.endswith("?"):
            yield from split_clauses(sentence)


def _unknown(clause: Clause, vocabulary: Vocabulary) -> Iterator[Concept]:
    """Yield concepts for an unknown subject and object of a clause of change."""
    cues = [
        c
        for c in find_cues(clause.predicate)
        if c.kind != "link" and clause.predicate[c.start : c.end].lower() in _CUE_VERBS
    ]
    if not cues or not clause.subject:
        return
    subject = _phrase(clause.subject, vocabulary)
    if subject and not PRONOUN.fullmatch(clause.subject):
        yield _concept(subject, "exposure", 0)
    after = clause.predicate[cues[0].end :]
    outcome = _phrase(after, vocabulary) if after.startswith(" ") else ""
    if outcome:
        yield _concept(outcome, "outcome", _SENSES.get(cues[0].kind, 0))


def _phrase(text: str, vocabulary: Vocabulary) -> str:
    """Return the noun phrase that opens a text, "" when it is known or says nothing."""
    start = _LEAD.sub("", text.strip().lower())
    edge = _EDGE.search(start)
    phrase = start[: edge.start()] if edge else start
    words = re.findall(r"[a-z0-9][a-z0-9'’-]*", phrase)
    telling = [
        w for w in words if w not in GENERIC and w not in FORM_WORDS and len(w) > 2
    ]
    if not telling or len(words) > 4 or words[-1] in GENERIC:
        return ""
    return "" if vocabulary.mentions(phrase) else " ".join(words)


def _concept(phrase: str, kind: str, sense: int) -> Concept:
    words = phrase.split()
    short = " ".join(words[:-1]) if words[-1] in FORM_WORDS and len(words) > 1 else ""
    return Concept(
        key=f"topic-{phrase.replace(' ', '-')}",
        kind=kind,
        label=phrase,
        words=(phrase, short) if short else (phrase,),
        sense=sense,
    )

"""Words for what the vocabulary does not know: taken from the article itself.

A claim on an unknown herb or symptom still gets a sensible search: the words before
the verb become an exposure, those after it an outcome.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from assay.claims.clauses import LONGEST, Clause, split_clauses
from assay.claims.cues import KIND_OF, VERBS, Cue, find_cues
from assay.claims.heads import AUXILIARIES, is_adverb
from assay.claims.health import is_body, speaks_of_health
from assay.claims.named import add_headings
from assay.claims.subject import OFTEN, PASSING, PRONOUN, first_topic
from assay.claims.verbs import inflect
from assay.claims.vocabulary import KINDS, Concept, Vocabulary
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
    r"among|when|while|if|because|until|a|an|less|more|lose|even|either|too|again|and|"
    r"or|as|than|is|are|can|may|like|including)\b|"
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
    r"prevalence|production|risk|rate|number|level|amount|severity|symptom|sign|"
    r"feeling|chance|"
    r"incidence|frequency|duration|odds|growth|effect)s? of\s+"
)
"""Words that say how something is measured, and not what."""
_NO_NAME = re.compile(
    r"(?:within|over|after|before|during|until|through|across|among|between|"
    r"in|on|at|by|to|for|from|with|of|than|as|that|who|if|when|contrary|"
    r"them(?:selves)?|itself|himself|herself|you|me|us|up|down|out|or|and|not|"
    r"each|every|neither|none|nobody|no|this|last|first|two|three|about|around|"
    r"following|institute|foundation|"
    r"what|whatever|how|why|others?|talk|stopping|quitting|combining|mixing|having|"
    r"being|it|he|she|they|there)\b",
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
    vocabulary = add_headings(vocabulary, article)
    found: dict[str, Concept] = {}
    plainly = not first_topic(article, vocabulary).terms
    if plainly:
        found |= {c.key: c for c in _subject_of(article, vocabulary)}
    found |= {c.key: c for c in _headings(article, vocabulary)}
    alone = len(article.sentences) == 1
    for clause in _clauses(article):
        for concept in _unknown(clause, vocabulary, plainly=plainly, alone=alone):
            same = [c.key for c in found.values() if {*c.words} & {*concept.words}]
            for key in same[:1]:  # "moringa tea" and "moringa extract" are one thing
                words = dict.fromkeys((*found[key].words, *concept.words))
                found[key] = replace(found[key], words=tuple(words))
            if not same:
                found[concept.key] = concept
    if not found:
        return vocabulary
    concepts = (*vocabulary.concepts.values(), *list(found.values())[:MOST])
    return Vocabulary(concepts, vocabulary.headings)


def _subject_of(article: Article, vocabulary: Vocabulary) -> Iterator[Concept]:
    """Yield what an article on nothing known is about: words of its title."""
    title, text = article.title.lower(), article.text.lower()
    words = re.findall(r"[a-z][a-z'’-]+", title)
    enough = 2 if len(words) <= SHORT_TITLE else OFTEN + 1
    for length in (3, 2, 1):
        for at in range(len(words) - length + 1):
            name = " ".join(words[at : at + length])
            often = len(re.findall(rf"\b{re.escape(name)}", text)) >= enough
            named = often and _is_name(name) and not is_body(name)
            if named and _phrase(name, vocabulary) == name:
                ailment = _AILMENT.search(name) is not None
                yield _concept(
                    name, "outcome" if ailment else "exposure", -int(ailment)
                )
                return


SHORT_TITLE = 5
"""Words up to which a title is taken for a name as soon as the text repeats it."""
_AILMENT = re.compile(
    r"(?:diseases?|syndrome|disorders?|infections?|deficiency|fever|itis|osis|aches?|"
    r"pain|cancer|virus|flu|allergy|injury)$"
)
"""Last words of names of ailments."""


def _headings(article: Article, vocabulary: Vocabulary) -> Iterator[Concept]:
    """Yield the unknown things that short headings name and the text speaks of."""
    text = article.text.lower()
    for block in article.blocks:
        line = article.text[block.start : block.end].lower()
        name = re.sub(r"^\W*(?:\d+\W+)?", "", line).strip(" .:!*")
        if block.kind != "heading" or not 0 < len(name.split()) <= LONGEST_NAME:
            continue
        again = len(re.findall(rf"\b{re.escape(name)}\b", text)) > 1
        if again and _is_name(name) and _phrase(name, vocabulary) == name:
            yield _concept(name, "exposure", 0)


LONGEST_NAME = 3
"""Words above which a heading is no name."""


def _is_name(words: str) -> bool:
    """Say whether no small word opens or ends a name."""
    every = words.split()
    return not {every[0], every[-1]} & _NO_EDGES and len(words) > 3


_NO_EDGES = frozenset(
    """
    the a an of at in on to for and or with from by is are was it its your our their
    how why what when which who can does do will should new best top not this that
    these those more most all about really truth facts myths guide news know need
    """.split()
)


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
    clause: Clause, vocabulary: Vocabulary, *, plainly: bool, alone: bool
) -> Iterator[Concept]:
    """Yield concepts for an unknown subject and object of a clause of change.

    `plainly` asks for those of other clauses too: in an article on nothing known.
    `alone` says that the clause stands in no article: a sentence that is asked about.
    """
    cues = [
        c
        for c in find_cues(clause.predicate)
        if c.kind != "null"
        and (c.kind != "link" or _LINKED.match(clause.predicate, c.start))
        and _is_verb(clause.predicate[c.start : c.end].lower())
    ]
    if not clause.subject and plainly:
        return
    if not cues:
        if plainly or CONTAINS.search(clause.predicate):
            yield from _named_plainly(clause, vocabulary, alone=alone)
        return
    whole = f"{clause.subject} {clause.predicate}"
    linked = all(c.kind == "link" for c in cues)
    if linked and not alone and not speaks_of_health(whole):
        return
    cue = _last_of_chain(cues, clause.predicate)
    after = _OBJECT_OF.sub(" ", clause.predicate[cue.end :])
    objects = [*_list_of(after, vocabulary)] if after.startswith(" ") else []
    moves = not objects and clause.predicate[: cue.start].strip() in _NO_OBJECT_BEFORE
    by_itself = moves and _GOES.match(clause.predicate[cue.start :])
    kind = "outcome" if by_itself else "exposure"
    subject = _unknown_subject(clause, vocabulary, kind)
    if subject:
        yield _concept(subject, kind, 0)
    for outcome in objects:
        yield _concept(outcome, "outcome", _SENSES.get(cue.kind, 0))


def _unknown_subject(clause: Clause, vocabulary: Vocabulary, kind: str) -> str:
    """Return the name that a subject gives to a thing not known; "" when none."""
    if not clause.subject or PRONOUN.fullmatch(clause.subject):
        return ""
    met = vocabulary.mentions(clause.subject)
    known = {vocabulary.concepts[m.concept].kind for m in met}
    return "" if kind in known else _phrase(clause.subject, vocabulary)


_LINKED = re.compile(
    r"(?:(?:associated|linked|correlated|connected) (?:to|with)|tied to|go)",
    re.IGNORECASE,
)
_OBJECT_OF = re.compile(r"^\s+(?:to|in|from|off|on|of|with)\s+(?=\w)")
"""What stands between "leads", "results", "contributes" and what they bring."""
_GOES = re.compile(
    r"(?:drop|fall|fell|rise|rose|decline|decrease|increase|improve|worsen|grow|grew|"
    r"shrink|shrank|double|deteriorate)\w*(?:\s+(?:by|in|with|after|over|during|to|"
    r"from|when|as|sharply|\w+ly)\b|$)",
    re.IGNORECASE,
)
"""Verbs without an object: what they tell of is their subject."""
_NO_OBJECT_BEFORE = frozenset(
    ["", "can", "may", "might", "will", "could", "also", "has", "have"]
)


def _list_of(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the unknown things of the list that opens a text ("A, B and C")."""
    for piece in re.split(r",\s+(?:and\s+|or\s+)?|\s+(?:and|or)\s+", text)[:LIST_END]:
        name = _phrase(piece, vocabulary, known=("outcome", "target"))
        if name:
            yield name
        elif not vocabulary.mentions(piece):
            return
        if _ENDS_LIST.search(piece):
            return


LIST_END = 6
"""Most things of a list that are taken up."""
_ENDS_LIST = re.compile(
    r"\s(?:in|with|by|for|that|which|who|when|while|after|before|because|than|on|at|is|"
    r"are|was|were|has|have|can|may)\s",
    re.IGNORECASE,
)


def _named_plainly(
    clause: Clause, vocabulary: Vocabulary, *, alone: bool
) -> Iterator[Concept]:
    """Yield what a clause that tells of no change speaks of, if it names nothing known.

    "Tinnitus often co-occurs with hearing loss": both become concepts.
    """
    whole = f"{clause.subject} {clause.predicate}"
    kinds = {vocabulary.concepts[m.concept].kind for m in vocabulary.mentions(whole)}
    if kinds & {"exposure", "outcome", "target"} or _is_idle(whole):
        return
    if _OWN.match(clause.subject):
        return
    if not (alone or "population" in kinds or speaks_of_health(whole)):
        return
    subject = _phrase(clause.subject, vocabulary)
    if subject and not PRONOUN.fullmatch(clause.subject):
        yield _concept(subject, "exposure", 0, _passing(subject))
    for piece in _EDGE.split(_AFTER_VERB.sub("", clause.predicate)):
        outcome = _phrase(piece, vocabulary)
        if outcome and outcome != subject:
            yield _concept(outcome, "outcome", 0)
            return


_OWN = re.compile(r"(?:our|my|we|i|your)\b", re.IGNORECASE)
"""Subjects of those who speak, or are spoken to: "our shop opens at nine"."""


def _passing(name: str) -> str:
    return f"{PASSING}{name.replace(' ', '-')}"


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


def _phrase(text: str, vocabulary: Vocabulary, known: tuple[str, ...] = KINDS) -> str:
    """Return the noun phrase that opens a text, "" when it is known or says nothing.

    It is known when it holds a concept of one of the kinds `known`, or is one.
    """
    start = _LEAD.sub("", _MEASURE.sub("", _LEAD.sub("", text.strip().lower())))
    if _NO_NAME.match(start):
        return ""
    edge = _EDGE.search(start)
    phrase = start[: edge.start()] if edge else start
    words = re.findall(r"[a-z0-9][a-z0-9'’-]*", phrase)
    while words and (is_adverb(words[-1]) or words[-1] in _LAST_SMALL):
        del words[-1]
    if words and (words[0] in AUXILIARIES or _PARTICIPLE.match(phrase)):
        return ""
    nothing = GENERIC | FORM_WORDS | set(KIND_OF)
    telling = [w for w in words if w not in nothing and len(w) > 2]
    if words and (words[0] in PEOPLE or words[0] in _AMOUNTS or _is_people(words[-1])):
        return ""
    if (
        not telling
        or len(words) > 4
        or words[0].isdigit()
        or words[-1] in GENERIC - FORM_WORDS
    ):
        return ""
    met = vocabulary.mentions(phrase)
    whole = any(m.end - m.start == len(phrase.strip()) for m in met)
    kinds = {vocabulary.concepts[m.concept].kind for m in met}
    return "" if whole or kinds & set(known) else " ".join(words)


_NO_FORM = frozenset(["oil", "juice"])
"""Forms that are another thing than the plant: coconut oil is not coconut."""


def _is_people(word: str) -> bool:
    """Say whether a word names people by what they do ("neurologists")."""
    return (
        re.search(
            r"(?:ists?|icians?|ologists?|workers?|nurses?|doctors?|hosts?|guests?|readers?|"
            r"experts?|coach(?:es)?|mums?|moms?|dads?|parents?|podcasts?|diary|clinic)$",
            word,
        )
        is not None
    )


_LAST_SMALL = frozenset("early late well better worse best usually today now".split())
_PARTICIPLE = re.compile(r"\w+ed (?:into|in|on|with|by|at|from|to|as|for)\b")
_AMOUNTS = frozenset(
    """
    four five six seven eight nine ten dozen half quarter handful lot lots couple number
    plenty few several hundred thousand million bit little much taken given used made
    combined compared based once up over nearly almost roughly
    """.split()
)


def _concept(phrase: str, kind: str, sense: int, key: str = "") -> Concept:
    shapes = [phrase]
    while shapes[-1].split()[-1] in FORM_WORDS - _NO_FORM and " " in shapes[-1]:
        shapes.append(shapes[-1].rsplit(maxsplit=1)[0])
    return Concept(
        key=key or f"topic-{phrase.replace(' ', '-')}",
        kind=kind,
        label=shapes[-1],
        words=tuple(shapes),
        sense=sense,
    )

"""Whom or what a clause speaks of: pronouns, "which", shared subjects, the topic."""

import re
from collections import Counter
from typing import NamedTuple

from assay.claims.clauses import Clause, split_clauses
from assay.claims.cues import VERBS, find_cues
from assay.claims.parts import Parts
from assay.claims.relation import is_about_frequency
from assay.claims.statement import is_plural
from assay.claims.verbs import inflect
from assay.claims.vocabulary import Vocabulary
from assay.claims.wording import PEOPLE
from assay.model import Article, Frame, Term

PRONOUN = re.compile(
    r"(?:it|they|this|these|that|such|both|he|she|some|others)"
    r"|(?:the|this|these|that|such) (?:herb|plant|supplement|substance|drug|product|"
    r"remedy|compound|interaction|effect|tea|leaf|medication|treatment|practice|"
    r"vitamin|mineral|botanical|herbal tea|property|combination|stuff|spice|powder|"
    r"pill|gadget|habit|jab|brew)s?(?: itself)?",
    re.IGNORECASE,
)
_DUMMY_IT = re.compile(
    r"(?:is|was|would be|may be|'s|’s) (?:\w+ ){0,2}?(?:crucial|essential|important|"
    r"advisable|prudent|best|wise|recommended|vital|possible|clear|necessary|worth|"
    r"unclear|unlikely|likely|better|true|common|easy|hard|time)\b",
    re.IGNORECASE,
)


NEAR = 12
"""Characters within which a clause must name a thing to be about it."""
CUE_VERBS = frozenset(verb for verbs in VERBS.values() for verb in verbs.split())


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
    noun = _agreeing_noun(clause, before)
    if noun:
        return noun
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


def _agreeing_noun(clause: Clause, before: str) -> str:
    """Return the plural noun before "which" when the verb is plural and needs it.

    "Tea is rich in antioxidants, which fight it": the antioxidants do, not the tea.
    """
    verb = clause.predicate.split()[0].lower() if clause.predicate else ""
    noun = re.search(r"\b[a-z][\w-]+s$", before.rstrip(" ,"))
    single = re.match(r"(?:is|was|has|[a-z]+s)\b", before)
    plural = verb in {"are", "were", "have"} or (
        verb in CUE_VERBS and inflect(verb)[0] == verb and not verb.endswith("s")
    )
    return noun[0] if noun and single and plural else ""


def find_subject(
    clause: Clause, subject: str, topic: Topic, vocabulary: Vocabulary
) -> str:
    """Return the words for the subject, pronouns replaced by what they stand for.

    `subject` is that of the clause before, or what the sentences before spoke of.
    """
    if not clause.subject or (clause.link == "which" and not clause.subject):
        return subject
    done = re.match(
        r"(stopping|quitting|taking|using|drinking|eating|smoking|combining|mixing) "
        r"(?:it|them)\b",
        clause.subject,
        re.IGNORECASE,
    )
    if done and topic.label:
        return f"{done[1]} {topic.label}{clause.subject[done.end() :]}"
    own = re.match(r"(?:its|their)\s+(.+)$", clause.subject, re.IGNORECASE)
    if own and topic.label:
        near = _stands_near("it", subject, vocabulary)
        whose = subject if near else topic.label
        mark = "'" if whose.endswith("s") else "'s"
        return f"{whose}{mark} {own[1]}"
    if clause.subject.lower() == "it" and _DUMMY_IT.match(clause.predicate):
        return clause.subject
    effect = re.fullmatch(r"(?:the|this|that) effect", clause.subject, re.IGNORECASE)
    if effect and topic.label and not find_cues(clause.predicate):
        return f"the effect of {topic.label}"
    if clause.subject.lower() in {"he", "she"}:
        return clause.subject
    scene = _SCENE.fullmatch(clause.subject)
    if scene and topic.label:
        return f"{scene['scene']} {topic.label}"
    if PRONOUN.fullmatch(clause.subject):
        near = _stands_near(clause.subject, subject, vocabulary)
        return (subject if near else topic.label) or subject or clause.subject
    return clause.subject


_SCENE = re.compile(
    r"(?P<scene>(?:in|for|at|among|with|after|during|on|as|by|from)\s[^,]{2,50},?)\s+"
    r"(?:it|they)",
    re.IGNORECASE,
)
"""Where or in whom, before a pronoun: "in under-18s it"."""


def _stands_near(pronoun: str, subject: str, vocabulary: Vocabulary) -> bool:
    """Say whether a pronoun stands for the subject of the clause before it."""
    met = [
        m
        for m in vocabulary.mentions(subject)
        if vocabulary.concepts[m.concept].kind == "exposure"
    ]
    if pronoun.lower() == "they":
        return bool(met) and is_plural(subject)
    return bool(met) and met[0].start <= NEAR and not is_plural(subject)


def with_short_subject(
    parts: Parts, clause: Clause, frame: Frame, vocabulary: Vocabulary
) -> Parts:
    """Name the substance itself where a clause hangs on a subject with an outcome.

    "X's efficacy in insomnia …, by reducing Y" asserts that X reduces Y.
    """
    if clause.link not in {"by", "participle", "and"} or clause.subject:
        return parts
    if {*parts.subject.lower().split()[:3]} & PEOPLE:
        return parts  # "older adults who took it … woke less often"
    met = vocabulary.mentions(parts.subject)
    if all(vocabulary.concepts[m.concept].kind == "exposure" for m in met):
        return parts
    keys = [t.concept for t in frame.exposure]
    if not keys:
        return parts
    label = " and ".join(
        t.words
        for t in frame.exposure
        if not any(k != t.concept and vocabulary.within(k, t.concept) for k in keys)
    )
    offset = len(label) - len(parts.subject)
    moved = [m for m in parts.mentions if m.start >= len(parts.subject)]
    return parts._replace(
        subject=label,
        whole=f"{label} {parts.predicate}",
        mentions=tuple(
            m._replace(start=m.start + offset, end=m.end + offset) for m in moved
        ),
    )


def first_topic(
    article: Article, vocabulary: Vocabulary, *, plainly: bool = True
) -> Topic:
    """Take the exposure of the title, else one that the article is plainly about.

    That is one named at least `OFTEN` times, and twice as often as any other. Unless
    it must be plain, and where the title names no ailment either, the one named most
    often, at least twice, will do.
    """
    title = article.title or _first_line(article)
    in_title = _exposures(title, vocabulary).most_common(1)
    if in_title:
        return _topic(in_title[0][0], vocabulary)
    if _names_an_ailment(title, vocabulary, plainly=plainly):
        return Topic((), "")
    counts = [*_exposures(article.text, vocabulary).most_common(2), ("", 0), ("", 0)]
    first, second = counts[0], counts[1]
    merely = not plainly and first[1] >= 2 and first[1] > second[1]
    if merely or (first[1] >= OFTEN and first[1] >= 2 * second[1]):
        return _topic(first[0], vocabulary)
    return Topic((), "")


def _first_line(article: Article) -> str:
    """Return the line that opens an article without a title, when it is short."""
    for block in article.blocks[:1]:
        line = article.text[block.start : block.end]
        titled = len(line.split()) <= LONGEST_HEADING and not re.search(
            r"[.!](?:\s|$)", line
        )
        return line if titled else ""
    return ""


def _names_an_ailment(title: str, vocabulary: Vocabulary, *, plainly: bool) -> bool:
    """Say whether a title names an ailment; unless plainly, or another outcome."""
    met = [vocabulary.concepts[m.concept] for m in vocabulary.mentions(title)]
    least = -1 if plainly else 1
    return any(c.kind == "outcome" and c.sense <= least for c in met)


PASSING = "passing-"
"""How the keys of concepts begin that are named by the way: they are no topics."""
OFTEN = 3
"""Times that an article must name a thing to be about it when its title does not."""


def main_condition(article: Article, vocabulary: Vocabulary) -> tuple[Term, ...]:
    """Return the ailment or outcome that an article is about; () when none is plain.

    The first that its title names, else one named `OFTEN` and twice as often as others.
    """

    def named(text: str) -> Counter[str]:
        met = [m.concept for m in vocabulary.mentions(text)]
        return Counter(k for k in met if vocabulary.concepts[k].kind == "outcome")

    counts = named(article.title).most_common(1) or named(article.text).most_common(2)
    often = bool(named(article.title)) or (
        bool(counts)
        and counts[0][1] >= OFTEN
        and all(counts[0][1] >= 2 * other for _, other in counts[1:])
    )
    key = counts[0][0] if counts and often else ""
    return (Term(vocabulary.concepts[key].label, key),) if key else ()


def _exposures(text: str, vocabulary: Vocabulary) -> Counter[str]:
    """Count the things that can act, each with what is said of its parts."""
    met = vocabulary.mentions(text)
    kinds = {m.concept: vocabulary.concepts[m.concept].kind for m in met}
    return Counter(
        m.concept
        for m in met
        if kinds[m.concept] == "exposure" and not m.concept.startswith(PASSING)
    )


def _topic(key: str, vocabulary: Vocabulary) -> Topic:
    concept = vocabulary.concepts[key]
    terms = (Term(concept.label, key),) if concept.kind == "exposure" else ()
    return Topic(terms, concept.label)


LONGEST_HEADING = 8
"""Words above which a line without a verb names no topic."""


def heading_topic(line: str, vocabulary: Vocabulary) -> Topic | None:
    """Return what a short line such as "3. Ginger tea" says that follows is about.

    It must name one thing that can act, and no more than one.
    """
    named = _exposures(line, vocabulary)
    if len(line.split()) > LONGEST_HEADING or "?" in line or not named:
        return None
    widest = _apart(named, vocabulary)
    return _topic(widest[0], vocabulary) if len(widest) == 1 else None


def next_topic(topic: Topic, sentence: str, vocabulary: Vocabulary) -> Topic:
    """Follow the subject: the one exposure, or the ailment, that opened the sentence.

    A list of things ("smoking, sun and sugar") moves nothing.
    """
    for clause in split_clauses(sentence)[:1]:
        met = vocabulary.mentions(clause.subject)
        if len(_apart(_exposures(clause.subject, vocabulary), vocabulary)) > 1:
            continue
        for mention in met:
            kind = vocabulary.concepts[mention.concept].kind
            whole = mention.end == len(clause.subject) and mention.start == 0
            passing = mention.concept.startswith(PASSING)
            near = mention.start <= NEAR and not passing
            if near and (kind == "exposure" or whole):
                return _topic(mention.concept, vocabulary)
    return topic


def _apart(named: Counter[str], vocabulary: Vocabulary) -> list[str]:
    """Return the concepts named that hold none of the others."""
    return [
        k
        for k in named
        if not any(vocabulary.within(o, k) for o in named - Counter([k]))
    ]

"""Diseases and medicines that an article names and the vocabulary does not know.

Only those become concepts, so that its claims are searched for and read under every
name that there is for the thing: "blood clot" finds thrombosis, and "kidney cancer"
finds renal neoplasms and is not ovarian cancer.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from assay.claims.headings import Heading, Headings, fold, spell
from assay.claims.vocabulary import Concept, Vocabulary
from assay.model import Article

LONGEST = 6
"""Words of a name at most."""
MOST_KINDS = 60
"""Headings below one, up to which their names are taken as names of its kinds."""
MOST_NAMES = 30
"""Names of a heading that are taken, shortest first."""


def add_headings(vocabulary: Vocabulary, article: Article) -> Vocabulary:
    """Return the vocabulary with what the article names of its headings.

    A name that the vocabulary has too lends its concept the other names; one that holds
    a known word ("kidney cancer") becomes a concept within that word's; any other one
    becomes a concept of its own.
    """
    headings = vocabulary.headings
    concepts = dict(vocabulary.concepts)
    added: dict[str, Concept] = {}
    for name, heading in _named(article, headings):
        met = [m for m in vocabulary.mentions(name) if m.end == len(fold(name))]
        whole = [m.concept for m in met if m.start == 0]
        if whole:
            for key in whole[:1]:
                concepts[key] = _enriched(concepts[key], heading, vocabulary)
        elif heading.name not in added:
            wider = tuple(dict.fromkeys(m.concept for m in met))
            added |= _concepts(heading, wider, vocabulary, headings)
    if not added and concepts == vocabulary.concepts:
        return vocabulary
    return Vocabulary([*concepts.values(), *added.values()], headings)


def _named(article: Article, headings: Headings) -> Iterator[tuple[str, Heading]]:
    """Yield the names of headings that an article holds, the longest at each place."""
    seen: set[str] = set()
    for run in re.split(r"[^a-z0-9' ]+|\s{2,}", fold(article.text)):
        yield from _named_in(run.split(), headings, seen)


def _named_in(
    words: list[str], headings: Headings, seen: set[str]
) -> Iterator[tuple[str, Heading]]:
    at = 0
    while at < len(words):
        for length in range(min(LONGEST, len(words) - at), 0, -1):
            name = " ".join(words[at : at + length])
            found = headings.by_name.get(name) or headings.by_name.get(
                name.removesuffix("s")
            )
            if found:
                if name not in seen:
                    seen.add(name)
                    yield name, found[0]
                at += length - 1
                break
        at += 1


def _enriched(concept: Concept, heading: Heading, vocabulary: Vocabulary) -> Concept:
    """Return a concept with those names of a heading that belong to no other one."""
    if concept.kind not in {"exposure", "outcome"}:
        return concept
    new = [n for n in _names(heading) if not vocabulary.mentions(n)]
    return replace(concept, words=(*concept.words, *new)) if new else concept


def _names(heading: Heading) -> tuple[str, ...]:
    return tuple(s for name in heading.names[:MOST_NAMES] for s in spell(name))


def _concepts(
    heading: Heading,
    wider: tuple[str, ...],
    vocabulary: Vocabulary,
    headings: Headings,
) -> dict[str, Concept]:
    """Return a heading as a concept, with its kinds and its likes beside it."""
    disease = heading.kind == "disease"
    key = f"heading-{re.sub(r'[^a-z0-9]+', '-', heading.name.lower())}"
    kind = "outcome" if disease else "exposure"
    wider = tuple(k for k in wider if vocabulary.concepts[k].kind == kind)
    own = Concept(
        key=key,
        kind=kind,
        label=heading.names[0],
        words=_names(heading),
        mesh=(heading.name,) if disease else (),
        broader=wider,
        sense=-1 if disease else 0,
    )
    made = {heading.name: own}
    if wider:
        likes = _likes(heading, wider, vocabulary, headings)
        label = f"other kinds of {vocabulary.concepts[wider[0]].label}"
        beside = Concept(
            key=f"{key}-likes",
            kind=kind,
            label=label,
            words=_unknown(likes, vocabulary, own),
            broader=wider[:1],
            sense=own.sense,
        )
        made |= {label: beside} if beside.words else {}
    below = [h for h in headings.all if _is_below(h, heading)]
    if below and len(below) <= MOST_KINDS:
        words = _unknown((n for h in below for n in _names(h)), vocabulary, own)
        if words:
            kinds = replace(own, words=words, mesh=(), broader=(key,))
            label = f"kinds of {own.label}"
            made[label] = replace(kinds, key=f"{key}-kinds", label=label)
    return made


def _likes(
    heading: Heading, wider: tuple[str, ...], vocabulary: Vocabulary, headings: Headings
) -> Iterator[str]:
    """Yield names that end in the wider thing's word and are of something else.

    "Ovarian cancer" beside "kidney cancer": known, it is not taken for any cancer.
    """
    last = {name.split()[-1] for name in heading.names if " " in name}
    known = {w: {m.concept for m in vocabulary.mentions(w)} for w in last}
    ends = tuple(f" {w}" for w in sorted(last) if known[w] & {*wider})
    for other in headings.all:
        near = (
            other is heading or _is_below(other, heading) or _is_below(heading, other)
        )
        for name in () if near or other.kind != heading.kind else other.names:
            if name.endswith(ends) and len(name.split()) <= SHORT:
                yield from spell(name)


SHORT = 3
"""Words of a name of something alike at most."""


def _is_below(heading: Heading, top: Heading) -> bool:
    return any(t.startswith(f"{u}.") for t in heading.trees for u in top.trees)


def _unknown(
    names: Iterable[str], vocabulary: Vocabulary, own: Concept
) -> tuple[str, ...]:
    """Return the names that neither the vocabulary nor a concept has already."""
    new = (n for n in names if n not in own.words)
    whole = (
        n
        for n in new
        if not any((m.start, m.end) == (0, len(n)) for m in vocabulary.mentions(n))
    )
    return tuple(dict.fromkeys(whole))

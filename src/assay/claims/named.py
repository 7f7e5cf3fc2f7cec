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
            known = concepts[whole[0]]
            if _is_member(known, heading, headings):
                concepts |= _apart(known, heading, headings)
            else:
                concepts[known.key] = _enriched(known, heading, vocabulary)
        elif heading.name not in added:
            wider = tuple(dict.fromkeys(m.concept for m in met))
            added |= _concepts(heading, wider, vocabulary, headings)
    if not added and concepts == vocabulary.concepts:
        return vocabulary
    return Vocabulary([*concepts.values(), *_without_named(added.values())], headings)


def _without_named(added: Iterable[Concept]) -> Iterator[Concept]:
    """Yield the new concepts, those of likes without what the article names too."""
    made = tuple(added)
    named = {w for c in made if not c.key.endswith(LIKES) for w in c.words}
    for concept in made:
        words = tuple(w for w in concept.words if w not in named)
        yield replace(concept, words=words) if concept.key.endswith(LIKES) else concept


LIKES = "-likes"
"""End of the key of a concept that holds what is alike."""


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


def _is_member(concept: Concept, heading: Heading, headings: Headings) -> bool:
    """Say whether a concept only counts a heading among other things.

    "Ramipril" among blood pressure tablets, not "anaemia" for anaemia: neither the
    concept's label nor its first word is a name of it, and it has words of others.
    """
    names = {fold(s) for n in heading.names for s in spell(n)}
    first = {fold(concept.label), *_stems(concept.words[0])}
    if first & names or concept.kind not in {"exposure", "outcome"}:
        return False
    others = [h for w in concept.words for h in _headings_of(w, headings)]
    return any(h is not heading and not _is_kin(h, heading) for h in others)


def _apart(
    concept: Concept, heading: Heading, headings: Headings
) -> dict[str, Concept]:
    """Return a concept without one of its members, and the member as its own.

    A medicine stays within its class. Ailments of one group are its neighbours: a study
    of the one speaks of the other from afar.
    """
    gone = tuple(w for w in concept.words if heading in _headings_of(w, headings))
    rest = tuple(w for w in concept.words if w not in gone)
    if not rest:
        return {}
    disease = heading.kind == "disease" and concept.kind == "outcome"
    group = f"{concept.key}-group"
    wider = (group, *concept.broader) if disease else (concept.key,)
    key = _key(heading)
    own = Concept(
        key=key,
        kind=concept.kind,
        label=heading.names[0],
        words=tuple(dict.fromkeys((*gone, *_names(heading)))),
        mesh=(heading.name,) if disease else (),
        broader=wider,
        sense=concept.sense,
    )
    made = {key: own, concept.key: replace(concept, words=rest)}
    if disease:
        both = tuple(dict.fromkeys((*concept.broader, group)))
        made[concept.key] = replace(concept, words=rest, broader=both)
        made[group] = Concept(
            key=group, kind=concept.kind, label=concept.label, words=()
        )
    return made


def _headings_of(word: str, headings: Headings) -> tuple[Heading, ...]:
    """Return the headings that a word of the vocabulary names."""
    return next(
        (headings.by_name[w] for w in _stems(word) if w in headings.by_name), ()
    )


def _stems(word: str) -> tuple[str, ...]:
    """Return a word of the vocabulary as it may stand in a text."""
    plain = fold(word.rstrip("*"))
    return (plain, f"{plain}s", f"{plain}y", plain.removesuffix("s"))


def _is_kin(one: Heading, other: Heading) -> bool:
    return _is_below(one, other) or _is_below(other, one)


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
    key = _key(heading)
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
            key=f"{key}{LIKES}",
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
        near = other is heading or _is_kin(other, heading)
        for name in () if near or other.kind != heading.kind else other.names:
            if name.endswith(ends) and len(name.split()) <= SHORT:
                yield from spell(name)


SHORT = 3
"""Words of a name of something alike at most."""


def _key(heading: Heading) -> str:
    """Return the key of a heading's concept.

    >>> _key(Heading("disease", "Kidney Neoplasms", ("C04.5",), ("kidney cancer",)))
    'heading-kidney-neoplasms'
    """
    return f"heading-{re.sub(r'[^a-z0-9]+', '-', heading.name.lower())}"


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

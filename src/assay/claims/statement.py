"""A claim put into words that stand alone, one outcome each."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from assay.claims.clauses import Clause
from assay.claims.cues import find_cues
from assay.claims.frame import Reading
from assay.claims.heads import CUE_BASES, PLAIN_VERBS
from assay.claims.parts import Parts
from assay.claims.verbs import ADJECTIVAL, CLEAR, NOUNLIKE, inflect
from assay.model import Frame, Term


def split_outcomes(
    parts: Parts, reading: Reading, clause: Clause
) -> Iterator[tuple[str, Frame]]:
    """Split "reduces A and B" into one claim each; leave everything else whole."""
    frame = reading.frame
    lists = frame.relation in {"effect", "occurs"} and len(frame.outcome) > 1
    pieces = _conjuncts(parts, frame) if lists else ()
    if not pieces:
        yield _sentence_of(parts, clause, parts.predicate), frame
        return
    for term, predicate in pieces:
        yield (
            _sentence_of(parts, clause, predicate),
            replace(frame, outcome=(term,)),
        )


def _conjuncts(parts: Parts, frame: Frame) -> tuple[tuple[Term, str], ...]:
    """Return each outcome of a plain list with the predicate that names only it."""
    offset = len(parts.whole) - len(parts.predicate)
    wanted = {t.concept: t for t in frame.outcome}
    met = [m for m in parts.mentions if m.concept in wanted and m.start >= offset]
    if len(met) < 2 or len({m.concept for m in met}) < 2:
        return ()
    between = [parts.whole[a.end : b.start] for a, b in pairwise(met)]
    if not all(
        re.fullmatch(r",?\s*(?:and|or|and/or|,)?\s*(?:\w+\s+){0,3}", gap)
        and re.search(r"\b(?:and|or)\b|,", gap)
        for gap in between
    ):
        return ()
    if any(find_cues(gap) for gap in between):
        return ()
    head, tail = parts.whole[offset : met[0].start], parts.whole[met[-1].end :]
    own = ["", *(_SEPARATOR.sub("", gap) for gap in between)]  # "A, high B and C"
    last = f"{head.split()[-1]} " if head.split() else ""
    own = [e.removeprefix(last) for e in own]  # "with A and with B"
    heads = [_ENDS.sub("", head) if _OPENS.match(e) else head for e in own]
    return tuple(
        (wanted[m.concept], f"{first}{extra}{parts.whole[m.start : m.end]}{tail}")
        for m, first, extra in zip(met, heads, own, strict=True)
    )


_OPENS = re.compile(r"(?:the|an?)\s")
_ENDS = re.compile(r"(?<!\S)(?:the|an?)\s$")
_SEPARATOR = re.compile(r"^,?\s*(?:(?:and/or|and|or)\s+)?")


def is_plural(subject: str) -> bool:
    """Say whether a subject takes a plural verb: by its first noun, or by an "and".

    >>> is_plural("zorvel tea"), is_plural("the leaves of the tree")
    (False, True)
    """
    head = re.split(
        r"\s(?:of|in|from|with|present|for|to|that|such as|like|including)\s", subject
    )[0]
    return " and " in subject or bool(re.search(r"[^sui]s$", head))


_VERBS = sorted({*CUE_BASES, *PLAIN_VERBS, *CLEAR, *NOUNLIKE, *ADJECTIVAL})
_FINITE_OF = {inflect(verb)[-1]: (inflect(verb)[1], verb) for verb in _VERBS}
"""-ing forms with their finite forms, singular and plural."""
_SINGULAR_OF = {
    "are": "is", "were": "was", "have": "has", "do": "does", "don't": "doesn't",
    **{verb: inflect(verb)[1] for verb in _VERBS},
}  # fmt: skip
"""Plural forms with their singular."""
_SINGULAR_FORMS = frozenset(_SINGULAR_OF.values())
_PLURAL_OF = {singular: plural for plural, singular in _SINGULAR_OF.items()}


def _sentence_of(parts: Parts, clause: Clause, predicate: str) -> str:
    """Put a claim's words together so that it can stand alone."""
    words = predicate.split()
    at = 0 if words and words[0] in _FINITE_OF else 1 if len(words) > 1 else 0
    if clause.link in {"participle", "by", "and"} and words[at] in _FINITE_OF:
        words[at] = _FINITE_OF[words[at]][is_plural(parts.subject)]
    own = parts.subject == clause.subject
    if words and not own and words[0].lower() in _SINGULAR_FORMS:
        words[0] = words[0].lower()  # "Boosts mood", under the name of a thing
    if words and not own:
        forms = _PLURAL_OF if is_plural(parts.subject) else _SINGULAR_OF
        words[0] = forms.get(words[0], words[0])
    comma = "," if own and clause.comma else ""
    denial = ("There is no evidence that",) if clause.denied else ()
    text = " ".join((*denial, *f"{parts.subject}{comma}".split(), *words)).strip(" ,;")
    return text[:1].upper() + text[1:]

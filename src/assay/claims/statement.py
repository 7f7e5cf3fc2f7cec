"""A claim put into words that stand alone, one outcome each."""

import re
from collections.abc import Iterator
from itertools import pairwise

from assay.claims.clauses import Clause
from assay.claims.cues import find_cues, inflect
from assay.claims.frame import Parts, Reading
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
            _replace_outcome(frame, term),
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
        re.fullmatch(r",?\s*(?:and|or|and/or|,)?\s*(?:\w+\s+){0,2}", gap)
        and re.search(r"and|or|,", gap)
        for gap in between
    ):
        return ()
    if any(find_cues(gap) for gap in between):
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
        "help reduce decrease increase improve promote offer mimic relieve alleviate "
        "aid ease enhance boost prevent produce cause lower shorten support restore "
        "provide make allow enable lead result ensure normalise normalize stimulate "
        "calm"
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

"""Claims that something is an old custom: what those who write on it tell in passing.

Nobody tests whether a plant has been in use for centuries, so no result will ever say
so. Introductions do, and for this one kind of claim, and for where a plant is at home,
what they tell is all the evidence that there is.
"""

import re

from assay.claims.vocabulary import Vocabulary
from assay.evidence.judged import NEUTRAL, Judged, neutral
from assay.evidence.match import match_exposure, match_outcomes
from assay.evidence.reading import Line, Study
from assay.evidence.wording import content_words
from assay.model import Claim, Stance

_AGES = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        r"traditional(?:ly)?|folk(?:lore)?|ethno\w+|ancestral|indigenous medicine|"
        r"ayurved\w+|for generations|long (?:been )?(?:history|use|used|tradition)|"
        r"historical(?:ly)?|age-old",
        r"(?:for|over|many|several|\w+) centuries|(?:for|over) (?:a|one) century|"
        r"centur(?:y|ies)[- ](?:old|long)|hundreds of years|since the middle ages|"
        r"medieval",
        r"millenni(?:a|um)|thousands? (?:of )?years|\d,?000 years|ancient|antiquity|"
        r"prehistor\w+|since biblical times",
    )
)
"""How old a use is said to be: a tradition, centuries, millennia."""
_USED = re.compile(
    r"\b(?:use[sd]?|using|uses|utili[sz]\w+|taken|consum\w+|chew\w*|drunk|drink\w*|"
    r"smok\w+|brew\w*|eaten|prescribed|administered|employed|applied|valued|prized|"
    r"cultivated|remed(?:y|ies)|medicines?|medicinal\w*|healers?|practices?)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:no|not|never|without|lacks?|little) (?:\w+ ){0,3}?"
    r"(?:traditional|tradition|history|histor\w+|record|use[sd]?|ancient|evidence)\b",
    re.IGNORECASE,
)
_GENERAL = content_words(
    """
    people person remedy remedies herb herbs herbal natural nature various many several
    ailments ailment illness diseases conditions medicine medicines medicinal
    plant root leaf leaves tree seeds use uses used using user users long old history
    tradition traditional traditionally folk customs culture cultures culturally world
    treat treatment health healing healer different wide range purposes purpose since
    century centuries millennia hundreds thousands years generations ancient times
    chewed drunk smoked brewed eaten applied around over back goes taken turned prized
    valued known popular employed consumed
    practice practices part all for
    """
)
_PLACE = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][a-z]{2,}\b")
AGE_UNTOLD = 0.5
"""Closeness of a tradition of untold age to a claim that says how old it is."""


def tells_age(text: str) -> int:
    """Return how old a text says that a custom is; 0 where it speaks of none.

    1 a tradition, 2 centuries, 3 millennia.

    >>> [tells_age(t) for t in ("In folk medicine", "used for centuries", "It helps")]
    [1, 2, 0]
    """
    met = [at for at, words in enumerate(_AGES, 1) if words.search(text)]
    return max(met, default=0)


def is_of_tradition(claim: Claim) -> bool:
    """Say whether a claim is that people have long used something."""
    asserted = claim.frame.relation in {"used-for", "is"}
    return asserted and bool(tells_age(claim.text) and _USED.search(claim.text))


def judge_tradition(
    claim: Claim, line: Line, study: Study, words: Vocabulary
) -> Judged:
    """Compare how long, where and for what something is said to have been in use."""
    told, asserted = tells_age(line.text), tells_age(claim.text)
    own = match_exposure(claim, line, study, words) == "own"
    if not own or not told or not _USED.search(line.text):
        return NEUTRAL
    if _elsewhere(claim, line):
        return neutral("other-place", "It tells of an old use, but not in that place.")
    if not _for_the_same(claim, line, words):
        return neutral("other-purpose", "It tells of an old use, but not of just that.")
    if bool(_DENIED.search(line.text)) != claim.frame.negated:
        return Judged(Stance.CONTRADICTS, "tradition", "It says that it is no custom.")
    if 1 < told < asserted:
        why = "It tells of an old use, but not of one so old."
        return Judged(Stance.QUALIFIES, "less-old", why)
    why = "It tells of that use in passing; it is not what was studied."
    closeness = 1.0 if told >= asserted else AGE_UNTOLD
    return Judged(Stance.SUPPORTS, "tradition", why, closeness)


def _elsewhere(claim: Claim, line: Line) -> bool:
    """Say whether a claim names places and a sentence names none of them."""
    things = " ".join(t.words for t in (*claim.frame.exposure, *claim.frame.outcome))
    named = {n[:6] for n in _PLACE.findall(claim.text) if n not in things}
    return bool(named) and not any(name in line.text for name in named)


def _for_the_same(claim: Claim, line: Line, words: Vocabulary) -> bool:
    """Say whether a sentence tells of the purpose that a claim names, if it does."""
    if claim.frame.outcome:
        return bool(match_outcomes(claim.frame.outcome, line, words))
    places = {n[:6].lower() for n in _PLACE.findall(claim.text)}
    things = content_words(" ".join(t.words for t in claim.frame.exposure))
    special = content_words(claim.text) - _GENERAL - things - places
    met = special & content_words(line.text)
    return len(met) * 2 >= len(special)

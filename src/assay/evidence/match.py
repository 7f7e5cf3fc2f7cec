"""Whether a sentence speaks of the claim's own exposure, and of its outcome."""

import re
from functools import lru_cache
from typing import NamedTuple

from assay.claims.vocabulary import Mention, Vocabulary
from assay.evidence.reading import Line, Study
from assay.model import Claim, Term

SAME, WIDER, NEIGHBOUR = 1.0, 0.6, 0.5
"""How close a met outcome is to the claimed one."""
_UMBRELLA = frozenset({"herbal-supplements", "non-drug-care"})


class OutcomeMatch(NamedTuple):
    """A mention of the claimed outcome, or of one near it."""

    mention: Mention
    wanted: str
    closeness: float


def wanted_exposures(claim: Claim, words: Vocabulary) -> tuple[str, ...]:
    """Return the keys of the claim's exposures; umbrella terms only if it has no other.

    "Alternative remedies, such as kratom" is a claim about kratom.
    """
    return _wanted(claim.frame.exposure, words)


@lru_cache(maxsize=1024)
def _wanted(terms: tuple[Term, ...], words: Vocabulary) -> tuple[str, ...]:
    keys = [t.concept for t in terms if t.concept]
    exact = [k for k in keys if k not in _UMBRELLA]
    chosen = exact or keys
    return tuple(
        k for k in chosen if not any(o != k and words.within(o, k) for o in chosen)
    )


def match_exposure(claim: Claim, line: Line, study: Study, words: Vocabulary) -> str:
    """Return how a sentence speaks of the exposure: own, study, none, or "" (not).

    "own": it names it. "study": its title does, and the sentence names no other.
    "none": the claim has no exposure, so nothing needs to be named.
    """
    wanted = wanted_exposures(claim, words)
    if not wanted:
        return "none"
    if own_mentions(line, wanted, words):
        return "own"
    others = [m for m in line.mentions if is_other_exposure(m, wanted, words)]
    in_title = any(_is(m, wanted, words) for m in study.title_mentions)
    rivals = [m for m in study.title_mentions if is_other_exposure(m, wanted, words)]
    summary = line.place == "SUMMARY" and not rivals  # made of findings alone
    about = in_title or (
        summary and not words.family(wanted).isdisjoint(study.concepts)
    )
    return "study" if about and not others else ""


def own_mentions(
    line: Line, wanted: tuple[str, ...], words: Vocabulary
) -> tuple[Mention, ...]:
    """Return where a sentence names one of the claim's exposures."""
    return tuple(m for m in line.mentions if _is(m, wanted, words))


def _is(mention: Mention, wanted: tuple[str, ...], words: Vocabulary) -> bool:
    return mention.concept in words.family(wanted)


def is_other_exposure(
    mention: Mention, wanted: tuple[str, ...], words: Vocabulary
) -> bool:
    """Say whether a mention is of an exposure that is neither claimed nor wider."""
    acts = words.concepts[mention.concept].kind == "exposure"
    return acts and mention.concept not in _kin(wanted, words)


@lru_cache(maxsize=1024)
def _kin(wanted: tuple[str, ...], words: Vocabulary) -> frozenset[str]:
    return words.kin(wanted)


_PEOPLE_WITH = re.compile(
    r"\b(?:people|patients|adults|those|women|men|individuals|participants|subjects|"
    r"persons|inpatients|outpatients|children|users) (?:with|without|who have|having) "
    r"(?:[\w-]+ "
    r"){0,3}$"
    r"|\b(?:larger|greater|stronger|smaller|weaker|pronounced|higher|commoner|common) "
    r"(?:with|in|for|among) "
    r"(?:\w+ ){0,2}$",
    re.IGNORECASE,
)

_PEOPLE_AFTER = re.compile(
    r"\s(?:patients?|subjects?|people|participants?|individuals?|sufferers?|"
    r"survivors?|inpatients?|outpatients?)\b",
    re.IGNORECASE,
)


def match_outcomes(
    outcomes: tuple[Term, ...], line: Line, words: Vocabulary, *, people: bool = False
) -> tuple[OutcomeMatch, ...]:
    """Return the mentions of the claimed outcomes in a sentence, and how close each is.

    "Patients with insomnia" and "insomnia patients" name people, not an outcome: they
    count only with `people`.
    """
    found = []
    for mention in line.mentions:
        best = max(
            (
                (closeness_of(mention.concept, t.concept, words), t.concept)
                for t in outcomes
                if t.concept
            ),
            default=(0.0, ""),
        )
        if best[0] and (people or not _names_people(mention, line, words)):
            found.append(OutcomeMatch(mention, best[1], best[0]))
    return tuple(found)


def _names_people(mention: Mention, line: Line, words: Vocabulary) -> bool:
    if words.concepts[mention.concept].kind == "population":
        return True
    before = line.text[max(0, mention.start - 80) : mention.start]
    return bool(
        _PEOPLE_WITH.search(before) or _PEOPLE_AFTER.match(line.text, mention.end)
    )


@lru_cache(maxsize=65536)
def closeness_of(met: str, wanted: str, words: Vocabulary) -> float:
    """Return how close a met concept is to the wanted one, 0 when unrelated."""
    if words.within(met, wanted):
        return SAME
    if words.within(wanted, met):
        return WIDER
    shared = words.ancestors(met) & words.ancestors(wanted)
    return NEIGHBOUR if shared else 0.0


_FROM = re.compile(r"\W+(?:symptoms? |signs? )?(?:from|off|of)\W+$")


def is_own_withdrawal(
    match: OutcomeMatch, claim: Claim, line: Line, words: Vocabulary
) -> bool:
    """Say whether "withdrawal" is that of the claimed exposure ("tea withdrawal")."""
    if not words.within(match.mention.concept, "withdrawal"):
        return False
    wanted = wanted_exposures(claim, words)
    for other in line.mentions:
        if not _is(other, wanted, words):
            continue
        gap = line.text[other.end : match.mention.start]
        if other.end <= match.mention.start and re.fullmatch(r"\W*(?:use )?", gap):
            return True
        after = line.text[match.mention.end : other.start]
        if other.start >= match.mention.end and _FROM.fullmatch(after):
            return True
    return False

"""Claims without a verb or a subject: the bullet points of shops and leaflets.

"Fewer night-time awakenings", "100% safe", "Fall asleep faster", and a list of side
effects under a line that ends with a colon. The topic of the article is what is meant.
"""

import re
from enum import StrEnum

from assay.claims.clauses import Clause
from assay.claims.health import is_measured, speaks_of_health
from assay.claims.wording import HARMS

LONGEST_FRAGMENT = 14
"""Words above which a line without a verb is not read as a claim."""
SELLING = re.compile(
    r"[$£€] ?\d|\badd to (?:cart|basket|bag)\b|\bfree shipping\b|\bshop now\b|"
    r"\bour (?:\w+ ){0,2}?(?:extracts?|formula|products?|capsules|gummies|blends?|"
    r"teas?|"
    r"oils?|powders?|supplements?|tinctures?|sessions?|treatments?)\b",
    re.IGNORECASE,
)
"""Words of a page that sells: its bullet points praise and do not advise."""
_COMPARING = re.compile(
    r"(?:fewer|less|more|better|deeper|improved|reduced|increased|lower|higher|faster|"
    r"stronger|younger|smoother|thicker|healthier|enhanced|quicker|longer|sounder|"
    r"clearer|brighter|greater|relief (?:from|of)|protection (?:from|against))\s",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"(?:(?:completely|totally|100 ?%|entirely|perfectly|clinically)\s+)?"
    r"(?:safe|harmless|non-?[a-z-]+ing|non-?toxic|non-?drowsy|side[- ]effect[- ]free|"
    r"free (?:of|from) (?:side|risk|interaction))\b",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    r"(?:fall asleep|sleep|feel|wake up|stay|lose|build|recover|boost|soothe|relieve|"
    r"ease|calm|enhance|promote|improve|strengthen|support|reduce|restore|relax|burn|"
    r"fight|banish|melt|beat)\s",
    re.IGNORECASE,
)


class Lead(StrEnum):
    """What the line or heading over a list says that its items are."""

    OTHER = ""
    HARMS = "harms"
    """Side effects, symptoms, signs: each is something that it can cause."""
    EFFECTS = "effects"
    """Benefits: each is something that it does."""


def read_fragment(text: str, *, selling: bool, lead: Lead) -> tuple[Clause, ...]:
    """Return what a line without a clause asserts of the topic; () when nothing.

    Args:
        text: a list item.
        selling: whether the page sells something.
        lead: what the list is said to be of.

    >>> (clause,) = read_fragment("Fewer colds", selling=False, lead=Lead.OTHER)
    >>> clause.predicate
    'brings fewer colds'
    >>> read_fragment("Store below 25 C", selling=True, lead=Lead.OTHER)
    ()
    """
    words = text.strip(" .!,;:•*–—-")
    if not words or len(words.split()) > LONGEST_FRAGMENT:
        return ()
    start = text.index(words)
    found = [
        f"{verb}{piece[:1].lower()}{piece[1:]}"
        for verb, piece in _readings(words, selling=selling, lead=lead)
    ]
    return tuple(
        Clause(start, start + len(words), "", predicate, "main") for predicate in found
    )


def _readings(words: str, *, selling: bool, lead: Lead) -> list[tuple[str, str]]:
    """Return (the verb to be understood, the words that follow it)."""
    if lead is Lead.HARMS and not _COMPARING.match(words):
        return [("can cause ", words)]
    if _COMPARING.match(words):
        pieces = re.split(r"\s+and\s+(?=\w+er\s)", words)
        return [("brings ", piece) for piece in pieces]
    if _STATE.match(words):
        return [("is ", piece) for piece in re.split(r"\s+(?:and|&)\s+|,\s+", words)]
    if (selling or lead is Lead.EFFECTS) and _PROMISE.match(words):
        return [("helps people ", words)]
    if lead is not Lead.EFFECTS:
        return []
    if nothing := _NOTHING.match(words):
        return [("has no effect on ", words[nothing.end() :])]
    measured = is_measured(words) or speaks_of_health(words)
    return [("brings ", words)] if measured else []


_NOTHING = re.compile(
    r"(?:no(?:thing|ne)?|zilch|zip|zero|nada|nil)\s(?:\w+\s)?(?:for|on|to)\s", re.I
)
_OF_EFFECTS = re.compile(
    r"\b(?:what (?:it|they|\w+) (?:\w+ )?(?:does|do)|does|benefits?|good for|helps? "
    r"(?:with|you)|you(?:['’]ll| will) (?:notice|feel|get|see)|results|advantages?|"
    r"upsides?|promises?|perks|effects)\b",
    re.IGNORECASE,
)
_OF_HARMS = re.compile(
    r"\b(?:symptoms?|(?:warning |tell-?tale )?signs? (?:are|of|include)|warn|watch out|"
    r"downsides?|drawbacks?|dangers?|go(?:es)? wrong|(?:can|may|could|might) cause|"
    r"you (?:may|might|could) (?:notice|have|get|feel|experience)|risks?|problems?)\b",
    re.IGNORECASE,
)
_DEPENDENT = re.compile(
    r"\b(?:when|if|while|that|who|which|after|because|before|as)\b", re.IGNORECASE
)


def name_lead(line: str, *, heading: bool) -> Lead:
    """Say what the list under a line or a heading is said to be of.

    >>> str(name_lead("Common side effects are:", heading=False))
    'harms'
    >>> str(name_lead("You will need:", heading=False))
    ''
    """
    if not heading and not line.rstrip(" *").endswith(":"):
        return Lead.OTHER
    if HARMS.search(line) or _OF_HARMS.search(line):
        return Lead.HARMS
    return Lead.EFFECTS if _OF_EFFECTS.search(line) else Lead.OTHER


def is_fragment(clauses: tuple[Clause, ...], lead: Lead) -> bool:
    """Say whether an item of a list has no main clause: a noun with a "when" after it.

    >>> is_fragment((), Lead.OTHER)
    True
    """
    if not clauses:
        return True
    first = clauses[0]
    noun = _DEPENDENT.search(first.subject) is not None or (
        not first.subject and first.link == "main"
    )
    return lead is Lead.HARMS and noun

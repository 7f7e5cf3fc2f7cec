"""Claims without a verb or a subject: the bullet points of shops and leaflets.

"Fewer night-time awakenings", "100% safe", "Fall asleep faster", and a list of side
effects under a line that ends with a colon. The topic of the article is what is meant.
"""

import re

from assay.claims.clauses import Clause
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


def read_fragment(text: str, *, selling: bool, harms: bool) -> tuple[Clause, ...]:
    """Return what a line without a clause asserts of the topic; () when nothing.

    Args:
        text: a list item.
        selling: whether the page sells something.
        harms: whether the line is part of a list of side effects.

    >>> [c.predicate for c in read_fragment("Fewer colds", selling=False, harms=False)]
    ['brings fewer colds']
    >>> read_fragment("Store below 25 C", selling=True, harms=False)
    ()
    """
    words = text.strip(" .!,;•*–—-")
    if not words or len(words.split()) > LONGEST_FRAGMENT:
        return ()
    start = text.index(words)
    found = [
        f"{verb}{piece[:1].lower()}{piece[1:]}"
        for verb, piece in _readings(words, selling=selling, harms=harms)
    ]
    return tuple(
        Clause(start, start + len(words), "", predicate, "main") for predicate in found
    )


def _readings(words: str, *, selling: bool, harms: bool) -> list[tuple[str, str]]:
    """Return (the verb to be understood, the words that follow it)."""
    if _COMPARING.match(words):
        return [("brings ", words)]
    if _STATE.match(words):
        return [("is ", piece) for piece in re.split(r"\s+(?:and|&)\s+|,\s+", words)]
    if selling and _PROMISE.match(words):
        return [("helps people ", words)]
    return [("can cause ", words)] if harms else []


def lists_harms(line: str) -> bool:
    """Say whether a line opens a list of side effects.

    >>> lists_harms("Common side effects are:"), lists_harms("You will need:")
    (True, False)
    """
    return line.rstrip(" *").endswith(":") and HARMS.search(line) is not None

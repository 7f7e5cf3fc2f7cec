"""What can be seen in an abstract of how far a single study may be trusted.

How many people it studied, and whether its own words tell of a risk of bias. The list
of risks follows the domains of Cochrane's RoB 2 and GRADE's "risk of bias"; the shares
are assay's own: steps, not measurements.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from assay.evidence.amounts import AMOUNT, parse_amount
from assay.model import Design
from assay.record import Record
from assay.text import record_text

FEW = 30
"""People below which a single study is small."""
MANY = 10_000
"""People from which an observational study is large."""
LEAST = 6
"""People below which a number in an abstract is not taken for the size of a study."""
SMALL = 0.75
"""Share of its weight that a small study keeps."""
LARGE = 1.35
"""Times its weight that a large observational study gets: then one of them may do."""
RISKY = 0.75
"""Share kept by a study whose own words tell of a risk of bias."""

_COMPARING = frozenset(
    {
        Design.RANDOMISED_TRIAL, Design.NONRANDOMISED_TRIAL, Design.COHORT,
        Design.CASE_CONTROL, Design.CROSS_SECTIONAL,
    }
)  # fmt: skip
_WATCHING = frozenset({Design.COHORT, Design.CASE_CONTROL, Design.CROSS_SECTIONAL})
_REVIEWING = frozenset({Design.META_ANALYSIS, Design.SYSTEMATIC_REVIEW})

_PEOPLE = (
    r"(?:patients|participants|subjects|adults|women|men|children|people|persons|"
    r"individuals|students|volunteers|adolescents|infants|newborns|girls|boys|nurses|"
    r"users|workers|respondents|veterans|cyclists|athletes|players|residents|females|"
    r"males|inpatients|outpatients|mothers|couples|smokers|adolescent|passengers)"
)
_COUNT = re.compile(
    rf"(?<![\d.,%–-])(?<!per )(?<!aged )(?<!age )(?<!over )(?<!under )"
    rf"(?P<n>\d{{1,3}}(?: \d{{3}})+(?!\d)|{AMOUNT})"
    rf"(?!\s?(?:%|[–-]|per\b|to\b|years?\b|months?\b|weeks?\b|days?\b|"
    rf"hours?\b|of\b))\s+(?:(?!per\b|of\b|and\b|or\b|in\b|with\b|for\b|to\b|times\b|"
    rf"years?\b|weeks?\b|days?\b|months?\b|studies\b|trials\b)[\w’'-]+\s+){{0,4}}?"
    rf"{_PEOPLE}\b",
    re.IGNORECASE,
)
_EQUALS = re.compile(r"(?<![\w-])[nN]\s?=\s?(\d{1,3}(?:,\d{3})+|\d+)(?![\d.%])")
_POOLED = re.compile(r"meta-?analys|systematic(?:ally)? review", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")


class Risk(NamedTuple):
    """A sign of a risk of bias, with the words of the record that show it."""

    code: str
    words: str


RISKS: dict[str, tuple[frozenset[Design], re.Pattern[str]]] = {
    "pilot": (
        _COMPARING,
        re.compile(
            r"\b(?:pilot|feasibility) (?:[\w-]+ ){0,3}?(?:study|trial|investigation|"
            r"project|rct)\b",
            re.IGNORECASE,
        ),
    ),
    "not-blinded": (
        frozenset({Design.RANDOMISED_TRIAL, Design.NONRANDOMISED_TRIAL}),
        re.compile(r"\bopen-label(?:led)?\b|\bunblinded\b|\bnot blinded\b", re.I),
    ),
    "no-comparison": (
        frozenset({Design.NONRANDOMISED_TRIAL}),
        re.compile(
            r"\bsingle-arm\b|\buncontrolled\b|\bwithout a control\b|\bno control group|"
            r"\bpre-?post\b|\bbefore[- ]and[- ]after\b|\bsingle-group\b",
            re.IGNORECASE,
        ),
    ),
    "afterwards": (
        _COMPARING,
        re.compile(
            r"\bpost[- ]hoc (?:\w+ )?analys[ie]s of\b|\b(?:a|this|in) post[- ]hoc "
            r"(?:\w+ )?analysis\b|\bsecondary analys[ie]s (?:of|from)\b|\ba secondary "
            r"analysis\b",
            re.IGNORECASE,
        ),
    ),
    "weak-studies": (
        _REVIEWING,
        re.compile(
            r"\b(?:high|serious|considerable|substantial|moderate to (?:high|serious)) "
            r"risk of bias\b|\b(?:very )?low[- ](?:quality|certainty)\b|"
            r"\blow (?:level|quality|certainty) of (?:the )?evidence\b|\bpoor "
            r"(?:methodological )?quality\b|\bmethodological (?:limitation|weakness)",
            re.IGNORECASE,
        ),
    ),
}
"""Sign to the designs in which it is looked for, and its wording."""
SIGNS = {
    "pilot": "a pilot study",
    "not-blinded": "people knew what they were given",
    "no-comparison": "no group to compare with",
    "afterwards": "analysed afterwards for another question",
    "weak-studies": "it calls its own studies weak",
}
"""Every sign in words."""


class Trust(NamedTuple):
    """What size and risks do to the weight of a study."""

    share: float
    """Times its design's weight; 1 changes nothing."""
    size: int | None
    """People studied; None when the abstract does not say."""
    risks: tuple[Risk, ...]


@lru_cache(maxsize=8192)
def find_size(record: Record) -> int | None:
    """Return how many people a study had: recorded, else the most its abstract names.

    None when it names none. Animals are not counted, nor are years and percentages.

    >>> find_size(Record(source="x", title="Tea in 26 healthy volunteers"))
    26
    >>> find_size(Record(source="x", title="Tea in 2,100 of 100,000 cups"))
    """
    if record.sample_size is not None:
        return record.sample_size
    text = record_text(record)
    found = [_whole(m["n"]) for m in _COUNT.finditer(text)]
    if not found and not _POOLED.search(text):  # there, n often counts studies
        found = [_whole(m[1]) for m in _EQUALS.finditer(text)]
    return max((n for n in found if n >= LEAST), default=None)


def _whole(words: str) -> int:
    """Return an amount of people; 0 for what is a year or no whole number."""
    value = parse_amount(re.sub(r"(?<=\d) (?=\d)", "", words))
    if value != int(value) or _YEAR.fullmatch(words.strip()):
        return 0
    return int(value)


@lru_cache(maxsize=8192)
def find_trust(record: Record, design: Design) -> Trust:
    """Return what a study's size and its own words do to its weight.

    The gravest of several reasons counts, since they come together. A risk undoes
    the advantage of size.

    >>> find_trust(Record(source="x", title="A pilot trial"), Design.RANDOMISED_TRIAL)
    Trust(share=0.75, size=None, risks=(Risk(code='pilot', words='pilot trial'),))
    >>> find_trust(Record(source="x", title="Tea in 12 men"), Design.ANIMAL).share
    1.0
    """
    size = find_size(record)
    text = record_text(record)
    risks = tuple(
        Risk(code, match[0])
        for code, (designs, words) in RISKS.items()
        if design in designs and (match := words.search(text))
    )
    share = RISKY if risks and design in _COMPARING else 1.0
    if size is not None and size < FEW and design in _COMPARING:
        share = min(share, SMALL)
    if size is not None and size >= MANY and design in _WATCHING and not risks:
        share = LARGE
    return Trust(share, size, risks)

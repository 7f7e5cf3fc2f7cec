"""How sure a verdict is: GRADE's levels, reached in GRADE's way, each step with why.

Start by design, then at most one step down for each domain that can be seen in titles
and abstracts. It is no GRADE assessment: that is made by people with the full texts.
Source: the GRADE working group's handbook, chapter 5 (quality of evidence).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from math import fsum
from typing import NamedTuple

from assay.evidence.design import OF_MANY
from assay.evidence.studies import find_maybe_same, group_studies
from assay.evidence.trust import SIGNS, find_trust
from assay.model import Certainty, CertaintyStep, Design, Evidence
from assay.text import record_text

LEVELS = (Certainty.VERY_LOW, Certainty.LOW, Certainty.MODERATE, Certainty.HIGH)
"""From the least to the most sure."""
STRONG = frozenset(
    {
        Design.META_ANALYSIS, Design.SYSTEMATIC_REVIEW, Design.RANDOMISED_TRIAL,
        Design.GUIDELINE,
    }
)  # fmt: skip
"""Designs that can carry good evidence of an effect."""
FAIR = frozenset(
    {
        Design.NONRANDOMISED_TRIAL, Design.COHORT, Design.CASE_CONTROL,
        Design.CROSS_SECTIONAL, Design.PHARMACOKINETIC,
    }
)  # fmt: skip
"""Designs in people that start low."""
INDIRECT = frozenset(
    {
        "other-species", "in-vitro-only", "other-population", "other-outcome",
        "surrogate-outcome", "other-dose", "other-duration", "other-route",
        "other-product",
    }
)  # fmt: skip
"""Flags of a study that measured something else than the claim is about."""
STRONG_STUDIES = 3
"""Strong studies from which randomised trials start high."""
TOLD_IN_PASSING = frozenset({"tradition", "less-old", "placed"})
"""Rules whose answer no study set out to find: its design tests nothing."""
AGAINST = 0.25
"""Share of the greater side from which weight on the other one is inconsistency."""
PEOPLE_ENOUGH = 400
"""People below whom an answer is imprecise: GRADE's rule of thumb for information."""
HETEROGENEOUS = 75
"""I² in per cent from which a review's studies differ considerably (Cochrane)."""

_I2 = re.compile(
    r"\bI ?(?:2|²|\^2|-squared|\(2\))\s*(?:=|:|of|was)?\s*(\d{1,3})(?:\.\d+)?\s?%",
    re.IGNORECASE,
)
_BIAS = re.compile(
    r"(?<!no )(?<!risk of )(?<!evidence of )(?<!significant )(?<!obvious )"
    r"(?<!without )(?<!absence of )\bpublication bias (?:(?:was|were|is) (?:\w+ly )?"
    r"(?:detected|found|present|observed|likely|evident|identified|noted|suspected|"
    r"seen|possible)|(?:may|might|could) (?:\w+ )?(?:exist|be present|have))\b|"
    r"(?<!no )(?<!any )(?<!without )(?<!little )\b(?:evidence|signs?|indications?|"
    r"suggestion|suggestive|presence) of (?:\w+ )?publication bias"
    r"(?! (?:was not|were not|was absent))|"
    r"\bfunnel plots?\b[^.]{0,60}\basymmetr|\basymmetr\w+[^.]{0,20}\bfunnel",
    re.IGNORECASE,
)


class Body(NamedTuple):
    """The evidence on the side of a verdict, by study."""

    studies: tuple[tuple[Evidence, ...], ...]
    greater: float
    """Weight of the heavier of the two sides."""
    lesser: float


def rate_certainty(
    side: Sequence[Evidence], supports: float, contradicts: float
) -> tuple[CertaintyStep, ...]:
    """Return the steps to the certainty of a verdict; () when nothing speaks.

    `side` is the evidence on the verdict's side (for mixed: all that counts).

    >>> rate_certainty((), 0.0, 0.0)
    ()
    """
    if not side:
        return ()
    body = Body(
        group_studies(side), max(supports, contradicts), min(supports, contradicts)
    )
    level, why = _start(body)
    steps = [CertaintyStep("design", 0, LEVELS[level], why)]
    for domain, reason in _reasons(body):
        if reason:
            level = max(0, level - 1)
            steps.append(CertaintyStep(domain, -1, LEVELS[level], reason))
    return tuple(steps)


def _start(body: Body) -> tuple[int, str]:
    if all(e.rule in TOLD_IN_PASSING for study in body.studies for e in study):
        return 0, "It is told in passing, and no study set out to test it."
    designs = {e.design for study in body.studies for e in study}
    best = _name(min(designs, key=list(Design).index))
    strong = sum(any(e.design in STRONG for e in study) for study in body.studies)
    if Design.RANDOMISED_TRIAL in designs:
        if strong >= STRONG_STUDIES:
            return 3, f"It rests on {strong} strong studies with randomised trials."
        return 2, "It rests on randomised trials, but fewer than three strong studies."
    if designs & STRONG:
        return 2, f"It rests on a {best}, whose studies an abstract does not show."
    if designs & FAIR:
        return 1, f"It rests on studies that did not assign by chance (best: {best})."
    return 0, f"It rests on weak designs (best: {best})."


def _name(design: Design) -> str:
    return "study of unclear design" if design is Design.UNCLEAR else design.value


def _reasons(body: Body) -> Iterator[tuple[str, str]]:
    yield "risk of bias", _see_bias(body)
    yield "inconsistency", _see_inconsistency(body)
    yield "indirectness", _see_indirectness(body)
    yield "imprecision", _see_imprecision(body)
    yield "publication bias", _see_unpublished(body)


def _see_bias(body: Body) -> str:
    """Return the risk that most of the weight carries; "" when most carries none."""
    told: dict[str, list[float]] = {}
    risky, total = [], []
    for study in body.studies:
        weight = max(e.weight for e in study)
        codes = {r.code for e in study for r in find_trust(e.record, e.design).risks}
        total.append(weight)
        risky += [weight] if codes else []
        for code in codes:
            told.setdefault(code, []).append(weight)
    if not told or round(fsum(risky) * 2, 6) <= round(fsum(total), 6):
        return ""
    worst = max(sorted(told), key=lambda code: round(fsum(told[code]), 6))
    return f"Most of its weight is at risk of bias: {SIGNS[worst]}."


def _see_inconsistency(body: Body) -> str:
    if body.lesser > 0 and body.lesser >= body.greater * AGAINST:
        return "Studies of weight say the opposite."
    reviews = [e for study in body.studies for e in study if e.design in OF_MANY]
    differ = [e for e in reviews if _heterogeneity(e) >= HETEROGENEOUS]
    if reviews and len(differ) == len(reviews) == sum(map(len, body.studies)):
        return "The studies that it pools differ considerably (I² of 75 % or more)."
    return ""


def _heterogeneity(e: Evidence) -> int:
    """Return the I² that stands in a sentence, in per cent; -1 when there is none."""
    return max((int(m[1]) for m in _I2.finditer(e.sentence)), default=-1)


def _see_indirectness(body: Body) -> str:
    pieces = [e for study in body.studies for e in study]
    apart = [next((f for f in e.flags if f.code in INDIRECT), None) for e in pieces]
    told = sorted({f.message for f in apart if f})
    return told[0] if None not in apart and told else ""


def _see_imprecision(body: Body) -> str:
    strong = [s for s in body.studies if any(e.design in STRONG for e in s)]
    sizes = [_size(study) for study in strong or body.studies]
    known = [n for n in sizes if n is not None]
    reviewed = any(e.design in OF_MANY for study in body.studies for e in study)
    if len(body.studies) == 1 and not reviewed:
        return "It is a single study."
    if not reviewed and _are_maybe_one(body):
        return "Its studies may be one: same first author, size and title words."
    if len(known) == len(sizes) and sum(known) < PEOPLE_ENOUGH:
        which = "trials, reviews and guidelines" if strong else "studies"
        return f"Its {which} together had {sum(known)} people."
    return ""


def _size(study: Iterable[Evidence]) -> int | None:
    sizes = (find_trust(e.record, e.design).size for e in study)
    return max((n for n in sizes if n is not None), default=None)


def _are_maybe_one(body: Body) -> bool:
    pairs = find_maybe_same(body.studies)
    wanted = len(body.studies) * (len(body.studies) - 1) // 2
    return len(pairs) == wanted


def _see_unpublished(body: Body) -> str:
    for study in body.studies:
        for e in study:
            if e.design in OF_MANY and _BIAS.search(record_text(e.record)):
                return "A review found signs that studies were left unpublished."
    return ""

"""The exaggeration card: every way in which a claim may go beyond its studies.

One code a flag, with the sentence for the reader. A flag is raised with what raised it:
a sentence of the record, a heading, a type, or the claim's own words.
docs/reference/flags.md tells what raises each and what it misses.
"""

from typing import NamedTuple

from assay.claims.vocabulary import Vocabulary
from assay.evidence.judged import Judged
from assay.evidence.reading import Line, Study
from assay.model import Claim, Design, Flag

FLAGS = {
    "other-species": "It was found in animals; the claim is about people.",
    "in-vitro-only": "It was found in the laboratory; the claim is about people.",
    "other-population": (
        "The study does not show that it looked at the people the claim is about."
    ),
    "narrower-population": (
        "The study looked at certain people only; the claim is about people in general."
    ),
    "other-outcome": "The study measured a neighbouring outcome, not the one claimed.",
    "surrogate-outcome": (
        "The study measured a sign that stands in for what the claim speaks of."
    ),
    "other-dose": "The study gave another dose than the claim names.",
    "other-duration": "The study took another time than the claim names.",
    "other-route": "The study gave it by a route that the claim does not name.",
    "other-product": "The study tested another form or part of it, or a mixture.",
    "association-as-cause": (
        "The claim speaks of cause and effect; the study could only see that the two go"
        " together."
    ),
    "subgroup-only": (
        "The study found it in a part of its people, or in an analysis made afterwards."
    ),
    "no-control-group": "The study had no group to compare with.",
    "self-report": "The study rests on what people said of themselves.",
    "small-study": "The study had few people.",
    "conflict-of-interest": "An interest in the outcome is declared for the study.",
    "hedge-dropped": "The study supposes what the claim states.",
    "retracted-reference": "The review's reference list holds a retracted study.",
    "single-study": "Only one study that counts speaks of it.",
    "number-not-in-study": (
        "No study that counts gives the claim's number in its abstract."
    ),
    "relative-without-absolute": (
        "The claim tells how much a risk changes, and not how large it is."
    ),
    "studies-show-without-study": (
        "The claim appeals to studies; none was found that speaks of it and counts."
    ),
}
"""Each flag's message, in the order in which a card shows them."""

ABOUT_PEOPLE = frozenset({"effect", "occurs", "safe", "precaution"})
"""Relations that assert what something does to people."""


OF_MANY = frozenset(
    {
        Design.META_ANALYSIS, Design.SYSTEMATIC_REVIEW, Design.GUIDELINE,
        Design.NARRATIVE_REVIEW, Design.EDITORIAL,
    }
)  # fmt: skip
"""Designs in which one record speaks of more than one study."""


class Asked(NamedTuple):
    """One sentence of one study, asked about one claim."""

    claim: Claim
    study: Study
    line: Line
    judged: Judged
    words: Vocabulary


def raise_by_line(code: str, line: Line) -> Flag:
    """Return a flag that a sentence of a record raised."""
    where = {"TITLE": "title", "SUMMARY": "summary"}.get(line.place, "abstract")
    start, end = line.span
    return Flag(code, FLAGS[code], line.text, where, start, end)


def raise_by_term(code: str, term: str, where: str) -> Flag:
    """Return a flag that a heading, a type or a design raised."""
    return Flag(code, FLAGS[code], term, where)


def raise_by_claim(code: str, claim: Claim, words: str = "") -> Flag:
    """Return a flag that the claim's sentence raised, or those words inside it.

    >>> from assay.model import ClaimType, Frame, Span
    >>> claim = Claim(sentence="It halves the risk.", start=9, end=28, text="",
    ...     clause=Span(9, 28), type=ClaimType.EFFICACY, frame=Frame())
    >>> raise_by_claim("single-study", claim, "halves")[2:]
    ('halves', 'article', 12, 18)
    """
    at = claim.sentence.find(words) if words else 0
    told = words if words and at >= 0 else claim.sentence
    start = claim.start + max(at, 0)
    return Flag(code, FLAGS[code], told, "article", start, start + len(told))

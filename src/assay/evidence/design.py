"""Study design of a record, and how far a design can be trusted.

The order of designs follows the Oxford Centre for Evidence-Based Medicine's 2011 levels
of evidence (treatment benefits and harms) and GRADE, which starts randomised trials
high and observational studies low. The numbers are assay's own: steps of that order,
not measurements. Sources: OCEBM Levels of Evidence Working Group, "The Oxford 2011
Levels of Evidence"; GRADE working group, certainty of evidence.
"""

import re

from assay.model import Design
from assay.record import Record
from assay.text import record_text

WEIGHTS: dict[Design, float] = {
    Design.META_ANALYSIS: 1.0,  # OCEBM level 1; GRADE starts high
    Design.SYSTEMATIC_REVIEW: 0.9,  # OCEBM level 1
    Design.GUIDELINE: 0.8,  # rests on reviews; GRADE-rated as a rule
    Design.RANDOMISED_TRIAL: 0.8,  # OCEBM level 2; GRADE starts high
    Design.NONRANDOMISED_TRIAL: 0.5,  # OCEBM level 3; GRADE starts low from here on
    Design.COHORT: 0.45,  # OCEBM level 3
    Design.CASE_CONTROL: 0.4,  # OCEBM level 4
    Design.CROSS_SECTIONAL: 0.35,  # OCEBM level 4
    Design.PHARMACOKINETIC: 0.3,  # people, but outcomes of measurement only
    Design.NARRATIVE_REVIEW: 0.25,  # no stated method: between levels 4 and 5
    Design.QUALITATIVE: 0.2,
    Design.CASE_SERIES: 0.2,  # OCEBM level 4
    Design.CASE_REPORT: 0.15,  # OCEBM level 4
    Design.UNCLEAR: 0.15,
    Design.ANIMAL: 0.1,  # OCEBM level 5: mechanism-based reasoning
    Design.IN_VITRO: 0.1,  # OCEBM level 5
    Design.EDITORIAL: 0.05,  # opinion
    Design.PROTOCOL: 0.0,  # no result yet
}
"""Trust in a design for a claim about an effect in people, 0 to 1."""

OF_MANY = frozenset(
    {
        Design.META_ANALYSIS, Design.SYSTEMATIC_REVIEW, Design.GUIDELINE,
        Design.NARRATIVE_REVIEW,
    }
)  # fmt: skip
"""Designs that tell of many studies, and not of one of their own."""

STATED: dict[str, Design] = {design.value: design for design in Design}
"""What the writer of a summary may have stated."""

_BY_TYPE: tuple[tuple[Design, frozenset[str]], ...] = (
    (
        Design.PROTOCOL,
        # a registration tells what was planned, even where results are posted with it
        frozenset({"Clinical Trial Protocol", "Clinical Trial Registration"}),
    ),
    (
        Design.EDITORIAL,
        frozenset(
            {
                "Editorial", "Comment", "News", "Newspaper Article", "Published "
                "Erratum",
                "Retraction of Publication", "Retraction Notice", "Expression of "
                "Concern",
            }
        ),
    ),
    (Design.META_ANALYSIS, frozenset({"Meta-Analysis", "Network Meta-Analysis"})),
    (Design.SYSTEMATIC_REVIEW, frozenset({"Systematic Review"})),
    (Design.GUIDELINE, frozenset({"Practice Guideline", "Guideline"})),
)  # fmt: skip
_BY_TYPE_LATER: tuple[tuple[Design, frozenset[str]], ...] = (
    (Design.RANDOMISED_TRIAL, frozenset({"Randomized Controlled Trial"})),
    (
        Design.NONRANDOMISED_TRIAL,
        frozenset(
            {"Controlled Clinical Trial", "Clinical Trial", "Pragmatic Clinical Trial"}
        ),
    ),
    (Design.CASE_REPORT, frozenset({"Case Reports"})),
)


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})", re.IGNORECASE)


_ANIMALS = _words(
    r"rats?\b|mice\b|mouse\b|murine|rodents?\b|zebrafish|dogs?\b|beagles?|monkeys?\b|"
    r"macaques?|baboons?|rabbits?\b|piglets?|drosophila|hamsters?|guinea pigs?"
)
_LAB = _words(
    r"in vitro|in silico|cell lines?\b|cultured cells|hek ?293|microsomes|molecular "
    r"docking|chemical analysis|quantitative analysis|chromatograph|retail products|"
    r"alkaloid content"
)
_TITLE_CUES: tuple[tuple[Design, re.Pattern[str]], ...] = (
    (
        Design.PROTOCOL,
        _words(r"(?:study |trial |review )?protocol\b|design and conduct of"),
    ),
    (Design.META_ANALYSIS, _words(r"meta-?analys[ie]s")),
    (Design.SYSTEMATIC_REVIEW, _words(r"systematic(?:\s\w+)? review|scoping review")),
    (
        Design.GUIDELINE,
        _words(r"(?:practice )?guidelines?\b|position statement|consensus"),
    ),
    (Design.CASE_REPORT, _words(r"(?:a )?case report|a patient with\b")),
    (Design.CASE_SERIES, _words(r"case series")),
)
_TEXT_CUES: tuple[tuple[Design, re.Pattern[str]], ...] = (
    (
        Design.RANDOMISED_TRIAL,
        _words(
            r"randomi[sz]ed(?:,|-| )(?:\S+ ){0,5}?(?:trial|study|crossover)|"
            r"randomi[sz]ed controlled|were randomi[sz]ed|was randomi[sz]ed|"
            r"randomly (?:assigned|allocated)|double-blind"
        ),
    ),
    (
        Design.PHARMACOKINETIC,
        _words(
            r"pharmacokinetics?\b.{0,80}\b(?:in man|healthy|volunteers|participants)"
        ),
    ),
    (Design.CASE_CONTROL, _words(r"case-control")),
    (
        Design.COHORT,
        _words(
            r"cohort|prospective(?:ly)?\b|longitudinal|follow(?:ed)?[- ]up (?:study|"
            r"for)|ecological momentary|retrospective|national poison data"
        ),
    ),
    (
        Design.CROSS_SECTIONAL,
        _words(r"cross-sectional|survey|questionnaires? (?:was|were)|prevalence of"),
    ),
    (
        Design.QUALITATIVE,
        _words(r"qualitative|semi-structured interviews|focus groups?"),
    ),
    (
        Design.NONRANDOMISED_TRIAL,
        _words(r"placebo|open-label|single-blind|crossover|pilot trial|clinical trial"),
    ),
    (Design.NARRATIVE_REVIEW, _words(r"we review|this review|review of|an? overview")),
)
_REVIEWS = frozenset({"Review", "Historical Article", "Lecture"})
_OPINION = frozenset({"Letter", "Biography", "Interview", "Personal Narrative"})


def find_design(record: Record) -> Design:
    """Return the study design of a record, from what is surest to what is least.

    The stated design of a summary, then publication types, the title, MeSH (animals,
    laboratory), then the wording of the abstract. UNCLEAR when nothing tells.

    >>> find_design(Record(source="x", publication_types=("Meta-Analysis",))).value
    'meta-analysis'
    >>> find_design(Record(source="x", title="Tea and sleep in rats")).value
    'animal'
    """
    if record.design_stated in STATED:
        return STATED[record.design_stated]
    types = frozenset(record.publication_types)
    found = _by(types, _BY_TYPE) or _cue(record.title, _TITLE_CUES)
    if found:
        return found
    laboratory = _laboratory(record)
    if laboratory:
        return laboratory
    found = _by(types, _BY_TYPE_LATER)
    if found:
        return found
    if types & _REVIEWS:
        return Design.NARRATIVE_REVIEW
    found = _cue(record_text(record), _TEXT_CUES)
    if found:
        return found
    if "Observational Study" in types:
        return Design.COHORT
    return Design.EDITORIAL if types & _OPINION else Design.UNCLEAR


def _by(
    types: frozenset[str], table: tuple[tuple[Design, frozenset[str]], ...]
) -> Design | None:
    return next((design for design, names in table if types & names), None)


def _cue(text: str, table: tuple[tuple[Design, re.Pattern[str]], ...]) -> Design | None:
    return next((design for design, cue in table if cue.search(text)), None)


def _laboratory(record: Record) -> Design | None:
    """Tell animal and laboratory work, by MeSH first, else by the title's words."""
    headings = {m.descriptor for m in record.mesh}
    if headings:
        if "Animals" in headings and "Humans" not in headings:
            return Design.ANIMAL
        if "In Vitro Techniques" in headings and "Humans" not in headings:
            return Design.IN_VITRO
        if "Humans" in headings:
            return None
    if _ANIMALS.search(record.title):
        return Design.ANIMAL
    if _LAB.search(record.title):
        return Design.IN_VITRO
    text = record_text(record)
    animals = len(_ANIMALS.findall(text))
    return Design.ANIMAL if animals >= 2 and not _PEOPLE.search(text) else None


_PEOPLE = _words(
    r"patients?\b|participants?\b|volunteers?\b|adults?\b|women\b|men\b|subjects\b|"
    r"users\b"
)

"""What there is to count: claims by verdict, studies by stance and by design."""

from collections.abc import Iterable
from typing import NamedTuple

from assay.evidence.studies import NOT_COUNTED, study_key
from assay.evidence.studies import group_studies as studies_of
from assay.model import Design, Evidence, Finding, Label, Report, Stance


class Sides(NamedTuple):
    """The evidence for one claim, sorted by what it says; the given order is kept."""

    supports: tuple[Evidence, ...]
    contradicts: tuple[Evidence, ...]
    qualifies: tuple[Evidence, ...]
    neutral: tuple[Evidence, ...]
    not_counted: tuple[Evidence, ...]
    """Retracted, whatever it says."""
    weightless: tuple[Evidence, ...]
    """Speaks, but weighs nothing for this claim: animals and laboratory, of people."""


class DesignRow(NamedTuple):
    """How many studies of one design say what, over all claims of a report."""

    design: Design
    supports: int
    contradicts: int
    qualifies: int
    neutral: int


def split_sides(evidence: Iterable[Evidence]) -> Sides:
    """Return the evidence by side.

    >>> split_sides(()).supports
    ()
    """
    given = tuple(evidence)

    sound = tuple(e for e in given if e.standing not in NOT_COUNTED)

    def saying(stance: Stance) -> tuple[Evidence, ...]:
        return tuple(e for e in sound if e.stance is stance and weighs(e))

    return Sides(
        supports=saying(Stance.SUPPORTS),
        contradicts=saying(Stance.CONTRADICTS),
        qualifies=saying(Stance.QUALIFIES),
        neutral=saying(Stance.NEUTRAL),
        not_counted=tuple(e for e in given if e.standing in NOT_COUNTED),
        weightless=tuple(e for e in sound if not weighs(e)),
    )


def weighs(evidence: Evidence) -> bool:
    """Say whether a sentence bears on the verdict, or is neutral and need not."""
    return evidence.stance is Stance.NEUTRAL or evidence.weight > 0


def count_studies(evidence: Iterable[Evidence]) -> int:
    """Return the number of studies: sentences and papers of one study count once.

    >>> count_studies(())
    0
    """
    return len(studies_of(evidence))


def find_best(finding: Finding) -> Evidence | None:
    """Return the strongest sentence on the verdict's side, else on any; else None.

    "Strongest" is the order given. A neutral or retracted one is never the best.
    """
    sides = split_sides(finding.evidence)
    first = {
        Label.SUPPORTED: sides.supports,
        Label.CONTRADICTED: sides.contradicts,
    }.get(finding.verdict.label, ())
    speaking = [
        item
        for item in finding.evidence
        if item.standing not in NOT_COUNTED
        and item.stance is not Stance.NEUTRAL
        and weighs(item)
    ]
    return next(iter((*first, *speaking)), None)


def count_labels(report: Report) -> tuple[tuple[Label, int], ...]:
    """Return how many claims got each label, in the order of `Label`, zeros included.

    >>> from assay.model import Article
    >>> article = Article(name="a", title="", text="", blocks=(), sentences=())
    >>> [number for _, number in count_labels(Report(article=article, findings=()))]
    [0, 0, 0, 0, 0]
    """
    labels = [finding.verdict.label for finding in report.findings]
    return tuple((label, labels.count(label)) for label in Label)


def count_designs(report: Report) -> tuple[DesignRow, ...]:
    """Return one row a design that was met, the most trustworthy first.

    A study that says several things about several claims counts once in each column;
    a retracted one in none.
    """
    sides = split_sides(e for finding in report.findings for e in finding.evidence)
    rows = tuple(_design_row(sides, design) for design in Design)
    return tuple(row for row in rows if any(row[1:]))


def _design_row(sides: Sides, design: Design) -> DesignRow:
    supports, contradicts, qualifies, neutral = (
        count_studies(item for item in side if item.design is design)
        for side in sides[:4]
    )
    return DesignRow(design, supports, contradicts, qualifies, neutral)


def group_studies(side: Iterable[Evidence]) -> tuple[tuple[Evidence, ...], ...]:
    """Return the sentences of one side by study, in the order of their first.

    >>> group_studies(())
    ()
    """
    studies: dict[tuple[str, ...], list[Evidence]] = {}
    for item in side:
        studies.setdefault(study_key(item), []).append(item)
    return tuple(tuple(sentences) for sentences in studies.values())

"""Study design is told from what is surest to what is least; animals never pass."""

import pytest

from assay.evidence.design import STATED, WEIGHTS, find_design
from assay.model import Design
from assay.record import MeshHeading, Record, Section


def design(title="", text="", types=(), mesh=(), stated=""):
    return find_design(
        Record(
            source="pubmed",
            title=title,
            abstract=(Section(text),) if text else (),
            publication_types=types,
            mesh=tuple(MeshHeading(m) for m in mesh),
            design_stated=stated,
        )
    )


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (("Meta-Analysis", "Journal Article"), Design.META_ANALYSIS),
        (("Network Meta-Analysis",), Design.META_ANALYSIS),
        (("Systematic Review", "Review"), Design.SYSTEMATIC_REVIEW),
        (("Practice Guideline",), Design.GUIDELINE),
        (("Randomized Controlled Trial",), Design.RANDOMISED_TRIAL),
        (("Clinical Trial",), Design.NONRANDOMISED_TRIAL),
        (("Clinical Trial Protocol",), Design.PROTOCOL),
        (("Case Reports",), Design.CASE_REPORT),
        (("Review",), Design.NARRATIVE_REVIEW),
        (("Editorial",), Design.EDITORIAL),
        (("Comment", "Randomized Controlled Trial"), Design.EDITORIAL),
        (("Letter",), Design.EDITORIAL),
        (("Observational Study",), Design.COHORT),
        (("Journal Article",), Design.UNCLEAR),
        ((), Design.UNCLEAR),
    ],
)
def test_publication_types_tell_the_design(types, expected):
    assert design(types=types) is expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Zorvel and sleep: a meta-analysis", Design.META_ANALYSIS),
        ("Zorvel: a systematic review of trials", Design.SYSTEMATIC_REVIEW),
        ("Zorvel for sleep: a scoping review", Design.SYSTEMATIC_REVIEW),
        ("Zorvel for sleep: study protocol for a trial", Design.PROTOCOL),
        ("Liver injury after zorvel: a case report", Design.CASE_REPORT),
        ("Zorvel poisoning: a case series", Design.CASE_SERIES),
        ("Zorvel and sleep in rats", Design.ANIMAL),
        ("Zorvel in vitro: affinity for receptors", Design.IN_VITRO),
        ("Clinical practice guideline for insomnia", Design.GUIDELINE),
    ],
)
def test_the_title_tells_what_types_do_not(title, expected):
    assert design(title) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Adults were randomized to zorvel or placebo.", Design.RANDOMISED_TRIAL),
        ("A randomised, double-blind trial in women.", Design.RANDOMISED_TRIAL),
        ("We did a case-control study of adults.", Design.CASE_CONTROL),
        ("A prospective cohort of adults was followed.", Design.COHORT),
        ("An online survey of users was done.", Design.CROSS_SECTIONAL),
        ("Semi-structured interviews with users were held.", Design.QUALITATIVE),
        ("An open-label study of adults.", Design.NONRANDOMISED_TRIAL),
        ("In this paper we review what is known of adults.", Design.NARRATIVE_REVIEW),
        ("Mice were fed zorvel. The mice slept.", Design.ANIMAL),
        ("Nothing is told of how.", Design.UNCLEAR),
    ],
)
def test_the_text_tells_what_neither_types_nor_title_do(text, expected):
    assert design("Zorvel and sleep", text) is expected


def test_a_statement_of_the_summary_comes_first():
    assert design("In rats", stated="cohort") is Design.COHORT
    assert set(STATED) == {d.value for d in Design}


def test_mesh_tells_animals_whatever_the_words():
    trial = ("Randomized Controlled Trial",)
    assert design("A trial", types=trial, mesh=("Animals",)) is Design.ANIMAL
    people = ("Animals", "Humans")
    assert design("A trial", types=trial, mesh=people) is Design.RANDOMISED_TRIAL
    assert design("Zorvel", mesh=("In Vitro Techniques",)) is Design.IN_VITRO


def test_a_systematic_review_of_animal_work_is_still_a_review():
    assert design("A systematic review of zorvel in rats") is Design.SYSTEMATIC_REVIEW


def test_every_design_has_a_weight_in_the_order_of_trust():
    assert set(WEIGHTS) == set(Design)
    assert all(0 <= w <= 1 for w in WEIGHTS.values())
    ordered = (
        Design.META_ANALYSIS, Design.SYSTEMATIC_REVIEW, Design.RANDOMISED_TRIAL,
        Design.NONRANDOMISED_TRIAL, Design.COHORT, Design.CASE_CONTROL,
        Design.CROSS_SECTIONAL, Design.CASE_SERIES, Design.CASE_REPORT, Design.ANIMAL,
        Design.EDITORIAL, Design.PROTOCOL,
    )  # fmt: skip
    weights = [WEIGHTS[d] for d in ordered]
    assert weights == sorted(weights, reverse=True)
    assert WEIGHTS[Design.PROTOCOL] == 0

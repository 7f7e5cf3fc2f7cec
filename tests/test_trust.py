"""Size and risks are read from an abstract's own words, and never invented."""

import pytest

from assay.evidence.trust import RISKS, SIGNS, find_size, find_trust
from assay.model import Design
from assay.record import Record, Section


def build(text, **more):
    return Record(source="pubmed", abstract=(Section(text),), **more)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("We enrolled 26 healthy male volunteers.", 26),
        ("A total of 1,234 patients were randomised; 617 patients got tea.", 1234),
        ("Of 98 326 participants, 1965 fell ill.", 98326),
        ("Twenty-six women took part.", 26),
        ("The groups (n = 41 and n = 39) were alike.", 41),
        ("Nine trials with 1452 patients were included.", 1452),
        ("Nobody says how many were studied.", None),
        ("Rates were 14 per 100,000 people.", None),
        ("In 2019 patients were asked.", None),
        ("Some 45% of patients slept.", None),
        ("It was met in patients aged 65 to 80 years.", None),
    ],
)
def test_the_size_is_the_most_people_that_are_named(text, size):
    assert find_size(build(text)) == size


def test_a_recorded_size_goes_before_what_is_read():
    assert find_size(build("We enrolled 26 men.", sample_size=260)) == 260


def test_in_a_review_n_may_count_studies_and_is_not_read():
    text = "In this systematic review (n = 12) sleep was better."
    assert find_size(build(text)) is None


def test_a_small_trial_weighs_less_and_a_large_cohort_more():
    assert find_trust(build("We enrolled 12 men."), Design.RANDOMISED_TRIAL).share < 1
    assert find_trust(build("We followed 12,000 men."), Design.COHORT).share > 1
    assert find_trust(build("We enrolled 120 men."), Design.COHORT).share == 1
    assert find_trust(build("We dosed 12 men."), Design.CASE_SERIES).share == 1


def test_a_risk_undoes_the_advantage_of_size():
    text = "In this post hoc analysis we followed 12,000 men."
    trust = find_trust(build(text), Design.COHORT)
    assert trust.share < 1
    assert [r.code for r in trust.risks] == ["afterwards"]


def test_two_reasons_cost_no_more_than_the_graver():
    text = "In this pilot trial we enrolled 12 men."
    assert find_trust(build(text), Design.RANDOMISED_TRIAL).share == 0.75


@pytest.mark.parametrize(
    ("text", "design", "code"),
    [
        ("This was an open-label trial.", Design.RANDOMISED_TRIAL, "not-blinded"),
        ("A single-arm trial.", Design.NONRANDOMISED_TRIAL, "no-comparison"),
        ("All had a high risk of bias.", Design.META_ANALYSIS, "weak-studies"),
        ("Low certainty of evidence.", Design.SYSTEMATIC_REVIEW, "weak-studies"),
        ("The risk of bias was low.", Design.META_ANALYSIS, ""),
        ("Post hoc tests showed no difference.", Design.RANDOMISED_TRIAL, ""),
        ("A post hoc analysis of a trial.", Design.RANDOMISED_TRIAL, "afterwards"),
        ("Pilot data signalled a gain.", Design.RANDOMISED_TRIAL, ""),
        ("A pilot randomised controlled trial.", Design.RANDOMISED_TRIAL, "pilot"),
        ("This was a double-blind trial.", Design.RANDOMISED_TRIAL, ""),
    ],
)
def test_a_risk_is_told_by_the_words_that_show_it(text, design, code):
    found = find_trust(build(text), design).risks
    assert [r.code for r in found] == ([code] if code else [])
    assert all(r.words in text for r in found)


def test_every_sign_has_words_for_people():
    assert set(SIGNS) == set(RISKS)

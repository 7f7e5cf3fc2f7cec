"""Every level of certainty has its way there, step by step, each with its reason."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from assay.evidence.certainty import LEVELS
from assay.evidence.verdict import decide
from assay.model import Certainty, Design, Flag, Label, Stance
from assay.record import Author, Section
from tests.test_studies import paper
from tests.test_verdict import BODIES, build, build_claim

META = {"design": Design.META_ANALYSIS, "weight": 1.0}


def steps_of(*evidence):
    verdict = decide(build_claim(), evidence)
    return verdict, {step.domain: step for step in verdict.steps}


@settings(deadline=None)
@given(BODIES)
def test_the_steps_lead_to_the_level(evidence):
    verdict = decide(build_claim(), evidence)
    level = None
    for step in verdict.steps:
        before = level
        level = LEVELS.index(step.level)
        assert step.why.endswith(".")
        if before is None:
            assert (step.domain, step.change) == ("design", 0)
        else:
            assert level == max(0, before - 1)
            assert step.change == -1
    assert verdict.certainty is (LEVELS[level or 0])


@settings(deadline=None)
@given(BODIES)
def test_nothing_decided_has_no_steps(evidence):
    verdict = decide(build_claim(), evidence)
    assert bool(verdict.steps) is (verdict.label is not Label.INSUFFICIENT)


def test_trials_start_high_when_there_are_three():
    verdict, steps = steps_of(build(1), build(2), build(3))
    assert verdict.certainty is Certainty.HIGH
    assert list(steps) == ["design"]


def test_what_trials_tell_in_passing_was_not_tested_by_them():
    told = [build(n, rule="tradition") for n in (1, 2, 3)]
    verdict, steps = steps_of(*told)
    assert verdict.certainty is Certainty.VERY_LOW
    assert "in passing" in steps["design"].why
    verdict, _ = steps_of(*told, build(4), build(5), build(6))
    assert verdict.certainty is Certainty.HIGH


def test_a_single_trial_is_imprecise():
    verdict, steps = steps_of(build(1))
    assert verdict.certainty is Certainty.LOW
    assert steps["imprecision"].why == "It is a single study."


def test_a_single_review_of_many_studies_is_no_single_study():
    verdict, steps = steps_of(build(1, **META))
    assert verdict.certainty is Certainty.MODERATE
    assert "imprecision" not in steps


def test_few_people_in_all_studies_together_are_imprecise():
    _, steps = steps_of(
        paper(1, "We enrolled 60 men."), paper(2, "We enrolled 90 women.")
    )
    wanted = "Its trials, reviews and guidelines together had 150 people."
    assert steps["imprecision"].why == wanted


def test_a_large_survey_makes_no_small_trial_precise():
    survey = paper(2, "We surveyed 9000 adults.")
    trial = paper(1, "We enrolled 60 men.")
    _, steps = steps_of(trial, replace(survey, design=Design.CROSS_SECTIONAL))
    assert "60 people" in steps["imprecision"].why


def test_weight_on_the_other_side_is_inconsistency():
    verdict, steps = steps_of(
        build(1, **META), build(2, Stance.CONTRADICTS, 0.3, design=Design.COHORT)
    )
    assert verdict.label is Label.SUPPORTED
    assert "opposite" in steps["inconsistency"].why


def test_pooled_studies_that_differ_are_inconsistency():
    _, steps = steps_of(build(1, sentence="They slept (I2 = 91%).", **META))
    assert "I²" in steps["inconsistency"].why
    _, steps = steps_of(build(1, sentence="They slept (I2 = 12%).", **META))
    assert "inconsistency" not in steps


def test_what_measured_something_else_is_indirect_and_says_what():
    flags = (Flag("other-outcome", "It measured another outcome."),)
    _, steps = steps_of(build(1, flags=flags), build(2, flags=flags))
    assert steps["indirectness"].why == "It measured another outcome."


def test_one_direct_study_is_enough_to_be_direct():
    flags = (Flag("other-outcome", "It measured another outcome."),)
    _, steps = steps_of(build(1, flags=flags), build(2))
    assert "indirectness" not in steps


def test_flags_that_tell_of_no_other_thing_are_no_indirectness():
    flags = (Flag("self-report", "People told it themselves."),)
    _, steps = steps_of(build(1, flags=flags), build(2, flags=flags))
    assert "indirectness" not in steps


def test_weight_at_risk_of_bias_is_told_with_the_risk():
    _, steps = steps_of(
        paper(1, "An open-label trial."), paper(2, "An open-label one.")
    )
    assert steps["risk of bias"].why.endswith("people knew what they were given.")


def test_a_minor_part_at_risk_moves_nothing():
    _, steps = steps_of(paper(1, "An open-label trial."), build(2), build(3))
    assert "risk of bias" not in steps


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("The funnel plot was asymmetrical.", True),
        ("Publication bias was detected.", True),
        ("There was no publication bias for it.", False),
        ("No evidence of publication bias was found.", False),
        ("Publication bias was assessed with a funnel plot.", False),
        ("Publication bias was excluded by the funnel plot.", False),
        ("No risk of publication bias was found.", False),
        ("We found no evidence of publication bias.", False),
        ("There was evidence of publication bias.", True),
        ("Heterogeneity and publication bias may exist.", True),
    ],
)
def test_publication_bias_counts_where_a_review_saw_it(text, moved):
    found = build(1, **META)
    found = replace(found, record=replace(found.record, abstract=(Section(text),)))
    _, steps = steps_of(found)
    assert ("publication bias" in steps) is moved


def test_studies_that_may_be_one_are_told_in_the_certainty():
    one, two = (
        paper(
            n, "We studied 520 adults.", title="Zorvel improves nightly sleep",
            authors=(Author(last_name="Invented"),),
        )
        for n in (1, 2)
    )  # fmt: skip
    verdict, steps = steps_of(one, two)
    assert verdict.label is Label.SUPPORTED
    assert "may be one" in steps["imprecision"].why


def test_good_studies_that_conflict_are_mixed_and_no_average():
    trials = [build(n) for n in (1, 2)]
    assert decide(build_claim(), (*trials, build(3, Stance.CONTRADICTS))).label is (
        Label.MIXED
    )
    survey = build(3, Stance.CONTRADICTS, 0.35, design=Design.CROSS_SECTIONAL)
    assert decide(build_claim(), (*trials, survey)).label is Label.SUPPORTED

"""The verdict is a pure function of the evidence, and keeps its laws."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from assay.evidence.verdict import (
    ENOUGH,
    Sides,
    decide,
    decide_label,
    study_key,
    sum_sides,
)
from assay.model import (
    Certainty,
    Claim,
    ClaimType,
    Design,
    Direction,
    Evidence,
    Flag,
    Frame,
    Label,
    Span,
    Stance,
    Standing,
    Term,
)
from assay.record import Record

ORDER = {
    Label.CONTRADICTED: 0,
    Label.INSUFFICIENT: 1,
    Label.MIXED: 2,
    Label.SUPPORTED: 3,
}
"""How supported a claim is; insufficient never follows from more evidence."""


def build_claim(relation="effect", **more):
    return Claim(
        sentence="Zorvel improves sleep.",
        start=0,
        end=22,
        clause=Span(0, 21),
        text="Zorvel improves sleep",
        type=ClaimType.EFFICACY,
        frame=Frame(
            exposure=(Term("zorvel", "zorvel"),),
            outcome=(Term("sleep", "sleep"),),
            direction=Direction.IMPROVES,
            relation=relation,
        ),
        **more,
    )


def build(number, stance=Stance.SUPPORTS, weight=0.8, **more):
    return Evidence(
        record=Record(source="pubmed", pmid=str(90000000 + number)),
        design=more.pop("design", Design.RANDOMISED_TRIAL),
        stance=stance,
        sentence=more.pop("sentence", "They slept."),
        start=0,
        end=11,
        rule=more.pop("rule", "same-direction"),
        weight=weight,
        **more,
    )


EVIDENCE = st.builds(
    build,
    st.integers(1, 6),
    st.sampled_from(list(Stance)),
    st.sampled_from([0.0, 0.05, 0.1, 0.15, 0.25, 0.35, 0.45, 0.6, 0.8, 0.9, 1.0]),
    design=st.sampled_from(list(Design)),
    standing=st.sampled_from(list(Standing)),
    flags=st.sampled_from([(), (Flag("other-outcome", "It measured another."),)]),
    sentence=st.sampled_from(["They slept.", ""]),
)
BODIES = st.lists(EVIDENCE, max_size=8).map(tuple)
CLAIMS = st.sampled_from([build_claim(), build_claim("contains"), build_claim("is")])


@settings(deadline=None)
@given(CLAIMS, BODIES, st.randoms(use_true_random=False))
def test_the_order_of_the_evidence_does_not_matter(claim, evidence, random):
    mixed = random.sample(evidence, len(evidence))
    assert decide(claim, tuple(mixed)) == decide(claim, evidence)


@settings(deadline=None)
@given(CLAIMS, BODIES, EVIDENCE)
def test_a_neutral_study_never_changes_the_label(claim, evidence, one):
    neutral = replace(one, stance=Stance.NEUTRAL)
    more = decide(claim, (*evidence, neutral))
    assert more.label is decide(claim, evidence).label
    assert more.certainty is decide(claim, evidence).certainty


@settings(deadline=None)
@given(
    CLAIMS,
    BODIES,
    EVIDENCE,
    st.sampled_from([Standing.RETRACTED, Standing.REPLACED, Standing.WITHDRAWN]),
)
def test_a_retracted_study_never_counts(claim, evidence, one, standing):
    retracted = replace(one, standing=standing)
    more = decide(claim, (*evidence, retracted))
    assert more.label is decide(claim, evidence).label
    assert more.certainty is decide(claim, evidence).certainty


@settings(deadline=None)
@given(CLAIMS, BODIES, EVIDENCE)
def test_one_more_supporting_study_never_makes_a_claim_less_supported(
    claim, evidence, one
):
    new = replace(build(99), weight=one.weight, design=one.design, flags=one.flags)
    before, after = decide(claim, evidence), decide(claim, (*evidence, new))
    assert ORDER[after.label] >= ORDER[before.label]


@settings(deadline=None)
@given(CLAIMS, BODIES, EVIDENCE)
def test_one_more_contradicting_study_never_makes_a_claim_more_supported(
    claim, evidence, one
):
    new = replace(build(99, Stance.CONTRADICTS), weight=one.weight, design=one.design)
    before, after = decide(claim, evidence), decide(claim, (*evidence, new))
    mirrored = {**ORDER, Label.CONTRADICTED: 3, Label.SUPPORTED: 0}
    assert mirrored[after.label] >= mirrored[before.label]


@settings(deadline=None)
@given(CLAIMS, BODIES)
def test_a_verdict_needs_a_verbatim_sentence_with_weight_behind_it(claim, evidence):
    label = decide(claim, evidence).label
    sound = set(Standing) - {
        Standing.REPLACED,
        Standing.RETRACTED,
        Standing.WITHDRAWN,
        Standing.NOTICE,
    }
    stances = {
        e.stance for e in evidence if e.weight and e.sentence and e.standing in sound
    } - {Stance.NEUTRAL}
    if label is not Label.INSUFFICIENT:
        assert stances
    if label is Label.SUPPORTED:
        assert Stance.SUPPORTS in stances
    if label is Label.CONTRADICTED:
        assert Stance.CONTRADICTS in stances


@settings(deadline=None)
@given(BODIES)
def test_certainty_is_very_low_when_nothing_is_decided(evidence):
    verdict = decide(build_claim(), evidence)
    if verdict.label is Label.INSUFFICIENT:
        assert verdict.certainty is Certainty.VERY_LOW


@settings(deadline=None)
@given(CLAIMS, BODIES)
def test_the_reason_is_one_sentence(claim, evidence):
    reason = decide(claim, evidence).reason
    assert reason.endswith(".")
    assert "\n" not in reason


def test_nothing_found_is_insufficient_and_says_so():
    verdict = decide(build_claim(), ())
    assert verdict.label is Label.INSUFFICIENT
    assert verdict.reason == "No study was found that speaks of it."


def test_a_claim_that_cannot_be_checked_is_not_judged_by_any_evidence():
    claim = build_claim(checkable=False, why_not="It gives advice.")
    verdict = decide(claim, (build(1),))
    assert (verdict.label, verdict.reason) == (Label.NOT_CHECKABLE, "It gives advice.")


def test_one_randomised_trial_supports_with_little_certainty():
    verdict = decide(build_claim(), (build(1),))
    assert verdict.label is Label.SUPPORTED
    assert verdict.certainty is not Certainty.HIGH
    assert verdict.reason == "1 study supports it (randomised trial)."


def test_three_sound_trials_that_agree_give_high_certainty():
    verdict = decide(build_claim(), (build(1), build(2), build(3)))
    assert verdict.certainty is Certainty.HIGH


def test_trials_on_both_sides_are_mixed():
    verdict = decide(build_claim(), (build(1), build(2, Stance.CONTRADICTS)))
    assert verdict.label is Label.MIXED
    assert "1 study supports it and 1 study contradicts it" in verdict.reason


def test_a_study_that_says_both_counts_once_and_as_qualifying():
    both = (build(1), build(1, Stance.CONTRADICTS))
    assert sum_sides(both) == Sides(0.0, 0.0, 0.8, 1)
    assert decide(build_claim(), both).label is Label.MIXED


def test_two_sentences_of_one_study_weigh_no_more_than_one():
    assert sum_sides((build(1), build(1, weight=0.5))) == Sides(0.8, 0.0, 0.0, 1, 0.8)


def test_studies_without_identifiers_are_told_apart_by_their_titles():
    one, other = (
        replace(build(1), record=Record(source="x", title=t, year=2020)) for t in "AB"
    )
    assert study_key(one) != study_key(other)
    assert sum_sides((one, other)).studies == 2


def test_only_retracted_work_is_told_as_such():
    verdict = decide(build_claim(), (build(1, standing=Standing.RETRACTED),))
    assert verdict.label is Label.INSUFFICIENT
    assert "retracted" in verdict.reason


def test_only_animal_work_is_told_as_such():
    flags = (Flag("other-species", "Animals."),)
    verdict = decide(build_claim(), (build(1, weight=0.0, flags=flags),))
    assert "animal or laboratory" in verdict.reason


def test_work_on_other_people_only_is_told_as_such():
    flags = (Flag("other-population", "Others."),)
    verdict = decide(build_claim(), (build(1, weight=0.0, flags=flags),))
    assert "other people" in verdict.reason


def test_an_expression_of_concern_still_counts():
    concern = build(1, standing=Standing.CONCERN)
    assert decide(build_claim(), (concern,)).label is Label.SUPPORTED


def test_a_side_needs_enough_weight_before_it_decides():
    assert decide_label(Sides(ENOUGH - 0.01, 0.0, 0.0, 1)) is Label.INSUFFICIENT
    assert decide_label(Sides(ENOUGH, 0.0, 0.0, 1)) is Label.SUPPORTED


def test_what_only_qualifies_can_hold_a_claim_back():
    assert decide_label(Sides(0.8, 0.0, 0.9, 2)) is Label.MIXED


def test_a_report_that_finds_something_and_asks_for_more_keeps_its_side():
    asks = replace(build(1, Stance.QUALIFIES), rule="research-limited")
    assert decide(build_claim(), (build(1), asks)).label is Label.SUPPORTED
    alone = decide(build_claim(), (asks,))
    assert alone.label is Label.INSUFFICIENT
    assert "too limited to conclude" in alone.reason
    limits = build(1, Stance.QUALIFIES)
    assert decide(build_claim(), (limits,)).label is Label.MIXED
    assert decide(build_claim(), (build(1), build(1, Stance.QUALIFIES))).label is (
        Label.MIXED
    )

"""Flags of a claim as a whole: its numbers, its risks, its appeals, its one study."""

from dataclasses import replace

import pytest

from assay.evidence.card_claim import find_claim_flags, gather_flags
from assay.evidence.reading import read_record
from assay.evidence.select import weigh_claim
from assay.model import Design, Evidence, Flag, Stance
from assay.record import Record, Summary
from tests.claim_samples import claim, record, shipped

TRIAL = ("Randomized Controlled Trial",)
FOUND = "Valerian improved sleep quality."


def weighed(text, *records):
    words = shipped()
    return weigh_claim(claim(text), [read_record(r, words) for r in records], words)


def flag(code, text, *records):
    """Return what raised a flag of the claim; None when it was not raised."""
    met = {f.code: f for f in weighed(text, *records).flags}
    return met[code].raised_by if code in met else None


def trial(*sentences, pmid="90000001", **more):
    return record(*sentences, pmid=pmid, publication_types=TRIAL, **more)


# --- numbers --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claimed", "told"),
    [
        ("by 70%", "Sleep quality rose by 20%."),
        ("threefold", "Sleep quality rose by 20%."),
        ("by half", "Sleep quality rose by 20%."),
        ("in 90 of 100 people", "Sleep quality rose in 12 of 40."),
    ],
)
def test_a_number_that_no_study_gives_is_told_in_the_claims_words(claimed, told):
    text = f"Valerian improves sleep quality {claimed}."
    raised = flag("number-not-in-study", text, trial(FOUND, told))
    assert raised
    assert raised in text


@pytest.mark.parametrize(
    ("claimed", "told"),
    [
        ("by about 30%", "Sleep quality rose by 29.6%."),
        ("by half", "Sleep quality rose by 50%."),
        ("in half of people", "It rose in 20 of 40 people."),
        ("by 30%", "Scores went from 20 to 14."),
        ("by 30%", "The risk ratio was RR 0.70."),
        ("threefold", "It was 30% against 10%."),
        ("by 20%", "It was met in 50% and in 30%."),
        ("in 70% of people", "It did not rise in 30%."),
        ("by 30%", "It rose by 12%, and by 30% later."),
    ],
)
def test_a_number_that_a_study_gives_or_comes_to_is_not_told(claimed, told):
    text = f"Valerian improves sleep quality {claimed}."
    assert flag("number-not-in-study", text, trial(FOUND, told)) is None


def test_one_study_that_gives_the_number_is_enough():
    text = "Valerian improves sleep quality by 30%."
    without, with_ = trial(FOUND), trial(FOUND, "It rose by 30%.", pmid="90000002")
    assert flag("number-not-in-study", text, without)
    assert flag("number-not-in-study", text, without, with_) is None


@pytest.mark.parametrize(
    "text",
    [
        "Valerian 600 mg improves sleep quality.",
        "Valerian improves sleep quality after 8 weeks.",
        "Valerian improves sleep quality in adults over 50 years old.",
        "Valerian improves sleep quality in two ways.",
        "Valerian improves sleep quality, a report of July 21 said.",
        "Valerian improves sleep quality in people over 50.",
        "Valerian improves sleep quality.",
    ],
)
def test_doses_durations_ages_and_small_counts_are_not_asked_for(text):
    assert flag("number-not-in-study", text, trial(FOUND)) is None


def test_nothing_is_said_of_numbers_where_only_our_summary_was_read():
    said = Summary(sentences=(FOUND,), written_by="x", written_on="2025-01-01")
    summary = Record(
        source="starter", pmid="90000001", title="Valerian and sleep", summary=said,
        design_stated="randomised trial",
    )  # fmt: skip
    text = "Valerian improves sleep quality by 70%."
    finding = weighed(text, summary)
    assert finding.evidence[0].weight > 0
    assert "number-not-in-study" not in {f.code for f in finding.flags}


def test_nothing_is_said_of_numbers_where_no_study_counts():
    text = "Valerian improves sleep quality by 70%."
    assert flag("number-not-in-study", text) is None
    assert flag("number-not-in-study", text, trial(FOUND, title="In rats")) is None


# --- relative risks -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Valerian cuts the risk of insomnia by 40%.",
            "cuts the risk of insomnia by 40%",
        ),
        ("Valerian halves the risk of insomnia.", "halves the risk"),
        ("Users of valerian are twice as likely to have insomnia.", "twice as likely"),
        ("Valerian was linked to a 30% lower risk of insomnia.", "30% lower risk"),
    ],
)
def test_a_changed_risk_alone_is_told(text, told):
    assert flag("relative-without-absolute", text) == told


@pytest.mark.parametrize(
    "text",
    [
        "Valerian cuts the risk of insomnia by half, from 2% to 1%.",
        "Valerian halves the risk of insomnia, from 2 in 100 to 1 in 100.",
        "Valerian cuts the risk of insomnia by 3 percentage points.",
        "Valerian reduces anxiety by 30%.",
        "Valerian lowers the risk of insomnia.",
        "Insomnia affects 30% of adults.",
    ],
)
def test_a_risk_with_its_size_or_no_risk_at_all_is_not_told(text):
    assert flag("relative-without-absolute", text) is None


# --- appeals --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Studies show that valerian improves sleep quality.", "Studies show"),
        ("Research has clearly shown that valerian improves sleep quality.",
         "Research has clearly shown"),
        ("Valerian is clinically proven to improve sleep quality.",
         "clinically proven"),
    ],
)  # fmt: skip
def test_an_appeal_to_studies_is_told_where_none_counts(text, told):
    assert flag("studies-show-without-study", text) == told
    rats = trial(FOUND, title="Valerian in rats")
    assert flag("studies-show-without-study", text, rats) == told
    assert flag("studies-show-without-study", text, trial(FOUND)) is None


@pytest.mark.parametrize(
    "text",
    [
        "Valerian improves sleep quality.",
        "No studies show that valerian improves sleep quality.",
        "Research on valerian and sleep quality is limited.",
        "Anecdotal evidence suggests that valerian improves sleep quality.",
        "Animal studies suggest that valerian improves sleep quality.",
    ],
)
def test_a_claim_without_such_an_appeal_is_not_told(text):
    assert flag("studies-show-without-study", text) is None


# --- one study ------------------------------------------------------------------------


def test_a_claim_on_one_study_says_so_and_shows_its_sentence():
    text = "Valerian improves sleep quality."
    assert flag("single-study", text, trial(FOUND)) == FOUND
    two = (trial(FOUND), trial(FOUND, pmid="90000002"))
    assert flag("single-study", text, *two) is None
    assert flag("single-study", text) is None


def test_a_review_is_more_than_one_study():
    review = record(FOUND, publication_types=("Systematic Review",))
    assert flag("single-study", "Valerian improves sleep quality.", review) is None


# --- what the studies of a claim share ------------------------------------------------

CAUSE = Flag("association-as-cause", "It only watched.", "cohort", "study design")
SMALL = Flag("small-study", "Few.", "n = 12", "recorded size")


def piece(stance, *flags, weight=0.5, pmid="90000001"):
    return Evidence(
        record=Record(source="x", pmid=pmid), design=Design.COHORT, stance=stance,
        sentence="A.", start=0, end=2, rule="r", weight=weight, flags=flags,
    )  # fmt: skip


def codes(*evidence):
    return [f.code for f in gather_flags(evidence)]


FOR, AGAINST, NEUTRAL = Stance.SUPPORTS, Stance.CONTRADICTS, Stance.NEUTRAL


def test_only_what_all_supporting_studies_share_is_said_of_the_claim():
    both = piece(FOR, CAUSE, SMALL), piece(FOR, CAUSE, pmid="90000002")
    assert codes(*both) == ["association-as-cause"]
    assert codes(*both, piece(FOR, pmid="90000003")) == []
    assert codes(*both, piece(AGAINST, pmid="90000004")) == ["association-as-cause"]


def test_where_none_supports_what_all_that_count_share_is_said():
    assert codes(piece(AGAINST, SMALL)) == ["small-study"]


def test_where_none_counts_every_flag_says_why_once():
    told = codes(piece(FOR, CAUSE, weight=0), piece(FOR, CAUSE, SMALL, weight=0))
    assert told == ["association-as-cause", "small-study"]
    assert codes(piece(NEUTRAL, CAUSE)) == []


def test_a_claim_that_cannot_be_checked_raises_nothing():
    asked = claim("Studies show that valerian improves sleep quality.")
    asked = replace(asked, checkable=False)
    assert find_claim_flags(asked, (), ()) == ()

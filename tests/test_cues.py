"""Words of change are found in their forms, with their negations, and null wordings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.claims.cues import KIND_OF, VERBS, amount, find_cues, goodness
from assay.claims.verbs import inflect


def kinds(text):
    return [c.kind for c in find_cues(text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Pain scores rose.", "up"),
        ("Blood pressure was lowered.", "down"),
        ("Sleep got better.", "good"),
        ("Anxiety worsened.", "bad"),
        ("It relieved nausea.", "ease"),
        ("It can trigger headaches.", "cause"),
        ("It was associated with falls.", "link"),
        ("Longer sleep was seen.", "up"),
    ],
)
def test_a_word_of_change_tells_its_kind(text, kind):
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "There was no significant difference in sleep.",
        "Pain did not differ between groups.",
        "It had no effect on mood.",
        "It was no better than placebo.",
        "Scores were similar in both groups.",
        "It failed to reach the end point.",
        "Neither tea nor coffee did anything.",
    ],
)
def test_wordings_of_no_change_are_one_cue(text):
    assert "null" in kinds(text)


def test_a_null_wording_swallows_the_words_inside_it():
    assert kinds("There was no significant improvement.") == ["null"]


@pytest.mark.parametrize(
    "text",
    [
        "It did not improve sleep.",
        "It didn’t improve sleep.",
        "It has never been shown to improve sleep.",
        "It cannot improve sleep.",
    ],
)
def test_a_negation_just_before_turns_a_cue_round(text):
    assert [c.negated for c in find_cues(text) if c.kind == "good"] == [True]


def test_a_negation_far_before_does_not_reach():
    text = "No drug was given here and then, weeks later, sleep improved."
    assert [c.negated for c in find_cues(text) if c.kind == "good"] == [False]


def test_a_word_that_is_not_listed_says_nothing():
    assert kinds("The tea tasted of hay.") == []


def test_verbs_are_inflected_by_rule():
    assert inflect("block") == ("block", "blocks", "blocked", "blocking")
    assert inflect("reduce") == ("reduce", "reduces", "reduced", "reducing")
    assert inflect("relax")[1] == "relaxes"
    assert inflect("drop")[2] == "dropped"
    assert inflect("rise") == ("rise", "rises", "rose", "risen", "rising")


def test_every_form_of_every_verb_is_known():
    forms = {f for vs in VERBS.values() for v in vs.split() for f in inflect(v)}
    assert forms <= set(KIND_OF)


def test_amount_and_goodness_are_signs():
    assert {amount(k) for k in VERBS} == {-1, 0, 1}
    assert (goodness("good"), goodness("bad"), goodness("ease")) == (1, -1, 0)


@given(st.text(max_size=200) | st.text("İß it helps"))
def test_cues_lie_inside_any_text_and_in_order(text):
    cues = find_cues(text)
    assert list(cues) == sorted(cues)
    assert all(0 <= c.start < c.end <= len(text) for c in cues)

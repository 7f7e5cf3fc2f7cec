"""The second opinion: what its words make likely, and when it is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.claims.chance import LIKELY, chance, features, weigh
from assay.claims.find import find_claims, whole_sentence
from tests.claim_samples import article, keys, shipped
from tests.eval.chances import Row, fit, leave_out


def found(text, title="Zinc", **more):
    return list(find_claims(article(text, title), shipped(), **more))


@given(st.text(max_size=200))
def test_a_chance_lies_between_nothing_and_one_and_is_the_same_twice(text):
    assert 0 <= chance(text) <= 1
    assert chance(text) == chance(text)


def test_numbers_are_one_word():
    assert features("up 30%") == features("up 45%")


def test_what_was_never_met_says_nothing():
    assert weigh(frozenset({"x"}), {"y": 3.0}, 0.0) == 0.5


FRAGMENT = "Up to 20 per cent fewer headaches within a month."


def test_a_likely_sentence_that_the_rules_pass_over_is_claimed_of_the_topic():
    assert chance(FRAGMENT) > LIKELY
    assert found(FRAGMENT, second_opinion=False) == []
    (claim,) = found(FRAGMENT)
    assert claim.checkable
    assert claim.text == FRAGMENT.strip(".")


def test_an_unknown_verb_hides_no_likely_claim():
    (claim,) = found("Roughly one user in five notices a metallic aftertaste.")
    assert keys(claim.frame.exposure) == ["zinc"]


def test_it_finds_nothing_where_nothing_is_spoken_of():
    assert [c for c in found(FRAGMENT.replace("headaches", "letters"), "") if
            c.checkable] == []  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Is it true that up to 20 per cent fewer headaches come of it?",
        "You should talk to your doctor about your headaches.",
        "I had fewer headaches within a month.",
    ],
)
def test_questions_advice_and_stories_are_never_read_again(text):
    assert [c for c in found(text) if c.checkable] == []


def test_signs_alone_are_no_sentence():
    assert whole_sentence("--") == ()


def rows():
    return [
        Row(document, frozenset({word, "both"}), word == "pain", False)
        for document in ("a", "b", "c")
        for word in ("pain", "click")
    ]


def test_weights_are_the_same_for_the_same_rows_and_tell_the_kinds_apart():
    weights, bias = fit(rows())
    assert (weights, bias) == fit(rows())
    assert weights["pain"] > 0 > weights["click"]


def test_an_article_left_out_is_judged_by_the_others():
    chances = leave_out(rows())
    assert all((c > 0.5) == r.wanted for r, c in zip(rows(), chances, strict=True))

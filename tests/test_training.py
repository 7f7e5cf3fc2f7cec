"""What the models learn from is made by rules that hold."""

import random
from collections import Counter

from bench.training.reverse import reverse
from bench.training.statements import to_statement
from bench.training.templates import CLAIMS, make_pairs
from hypothesis import given
from hypothesis import strategies as st

WORDS = st.sampled_from(
    "tea improves sleep is not increased higher lower than with placebo no effect "
    "reduced was similar worse does did".split()
)


@given(st.lists(WORDS, min_size=1, max_size=9).map(" ".join))
def test_every_change_turns_a_claim_into_something_else(text):
    for turned in reverse(text):
        assert turned.text != text
        assert ">" in turned.change
        assert turned.inverse != turned.change


def test_a_direction_turned_twice_is_the_claim_again():
    for text in ("Tea increased sleep.", "Tea is safe.", "Tea does not help."):
        again = {r.text for once in reverse(text) for r in reverse(once.text)}
        assert text in again


@given(st.text(max_size=60))
def test_what_is_no_question_stays_as_it_is(text):
    assert text.strip().endswith("?") or to_statement(text) == text


def test_questions_become_statements():
    asked = {
        "Does tea improve sleep?": "Tea improves sleep.",
        "Is tea associated with sleep?": "Tea is associated with sleep.",
        "Can tea improve sleep?": "Tea can improve sleep.",
        "Green tea: is it safe?": "The green tea is safe.",
        "Why tea?": "Why tea?",
    }
    assert {question: to_statement(question) for question in asked} == asked


def test_an_invented_claim_tells_nothing_of_its_label():
    made = list(make_pairs([["Adults were asked."]], 3000, random.Random(1)))
    assert {m.label for m in made} == set("SCN")
    kinds = Counter(
        (
            next((k for k, own in CLAIMS.items() if _fits(m.claim, own)), "event"),
            m.label,
        )
        for m in made
    )
    for kind in CLAIMS:
        whole = sum(kinds[kind, label] for label in "SCN")
        assert all(0.2 < kinds[kind, label] / whole < 0.46 for label in "SCN")


def _fits(claim, templates):
    ends = [
        t.rpartition("}")[0].rpartition("{")[0].partition("}")[2] for t in templates
    ]
    return any(end and end in claim for end in ends)

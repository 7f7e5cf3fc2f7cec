"""The verb of a clause is told by its form and by the words around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.claims.heads import find_head, heads
from assay.claims.verbs import ADJECTIVAL, CLEAR, NOUNLIKE, inflect


def verb(text, link="main"):
    at = find_head(text, link)
    return text[at[0] : at[1]] if at else ""


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Zorvel loosens stiff joints", "loosens"),
        ("Smokers clear it twice as fast", "clear"),
        ("A severe lack leads to rickets", "leads"),
        ("Sprays that combine zorvel with mint relax the throat", "relax"),
        ("People who took it slept better", "slept"),
        ("Foods fortified with zorvel are sold here", "are"),
        ("The dose taken at night matters less", "matters"),
        ("Women need about 310 mg a day", "need"),
        ("Zorvel also helps", "helps"),
        ("It doesnt mess with your memory", "doesnt"),
    ],
)
def test_the_verb_is_found_among_words_that_look_like_verbs(text, word):
    assert verb(text) == word


@pytest.mark.parametrize(
    "text",
    [
        "Take two capsules with water",
        "Fewer night sweats",
        "Zorvel root extract",
        "The side effects of zorvel",
        "",
    ],
)
def test_orders_and_names_have_no_verb(text):
    assert verb(text) == ""


def test_a_shortened_verb_is_one():
    assert verb("It's a herb") == "'s"
    assert verb("They’re drinking it") == "’re"


@pytest.mark.parametrize(
    ("base", "forms"),
    [
        ("ban", ("ban", "bans", "banned", "banning")),
        ("agree", ("agree", "agrees", "agreed", "agreeing")),
        ("transmit", ("transmit", "transmits", "transmitted", "transmitting")),
        ("go", ("go", "goes", "went", "gone", "going")),
    ],
)
def test_verbs_have_their_forms(base, forms):
    assert inflect(base) == forms


def test_each_verb_stands_in_one_list_only():
    every = [*CLEAR, *NOUNLIKE, *ADJECTIVAL]
    assert sorted({v for v in every if every.count(v) > 1}) == []


@given(st.text(max_size=80) | st.text("tea helps it's who that,", max_size=60))
def test_any_text_has_its_verbs_inside_it(text):
    for link in ("main", "and", "which"):
        at = find_head(text, link)
        assert at is None or 0 <= at[0] < at[1] <= len(text)
    assert all(0 <= m.start() < m.end() <= len(text) for m in heads(text))


def test_brackets_around_a_short_name_hide_no_subject():
    assert verb("Zorvel blockers (ZRBs) increase the likelihood of falls") == "increase"


def test_the_noun_before_of_or_in_is_the_subject():
    assert verb("The fibre in beets feeds bacteria in the gut") == "feeds"

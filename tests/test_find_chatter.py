"""What people say around claims: stories, praise, prices and talk about the page."""

import pytest

from assay.claims.health import is_measured, speaks_of_health
from tests.claim_samples import claims


def checkable(text, title="Valerian"):
    return [c.text for c in claims(text, title) if c.checkable]


@pytest.mark.parametrize(
    "text",
    [
        "My mother drinks valerian and sleeps like a stone.",
        "A friend of ours gave us some valerian.",
        "My aunt had taken valerian since the spring.",
        "“It changed me,” says Ada, 54, a baker.",
        "On a farm in the hills, Ada, 54, swears by her valerian.",
        "Valerian is fun.",
        "Valerian is having a moment.",
        "This newsletter is about valerian and sleep.",
        "Our valerian capsules cost $20 a bottle.",
        "Each capsule contains 500 mg of valerian.",
        "Scientists gave 57 adults valerian or a placebo.",
        "Send your questions about valerian to the editor.",
        "You will find valerian tea in most shops.",
    ],
)
def test_stories_praise_prices_and_talk_are_no_claims(text):
    assert checkable(text) == []


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Apparently, valerian loosens tight muscles.", "Valerian loosens"),
        ("The trouble is that valerian wears off within weeks.", "Valerian wears off"),
        ("A: Valerian does help most people.", "Valerian does help"),
        ("There is even a study in which it shortened colds.", "Valerian shortened"),
        ("Valerian brings on sleep, scientists have revealed.", "Valerian brings on"),
        ("From what I read, valerian hurts the liver.", "Valerian hurts the liver"),
        ("It's rich in zinc.", "Valerian is rich in zinc"),
        ("It works by blocking adenosine.", "Valerian works by blocking adenosine"),
    ],
)
def test_what_stands_before_or_behind_a_claim_is_stepped_over(text, claim):
    (found,) = checkable(text)
    assert found.startswith(claim)
    assert "revealed" not in found


def test_a_statement_on_nothing_known_is_a_claim_when_it_speaks_of_health():
    assert checkable("Tinnitus often co-occurs with hearing loss.", "")
    assert checkable("Rents often go along with wages. It rained.", "") == []


def test_a_sentence_that_stands_alone_is_asked_about_and_so_a_claim():
    assert checkable("Rents often go along with wages.", "")
    assert checkable("CDKN2A encodes the protein p16.", "")


def test_a_letter_i_in_a_name_is_no_person():
    assert checkable("In men, haplogroup I increases the risk of stroke.", "")


def test_words_of_health_and_of_measure_are_known():
    assert speaks_of_health("Osteoarthritis wears down cartilage")
    assert not speaks_of_health("The train leaves at noon")
    assert is_measured("twice as fast")
    assert not is_measured("it is what it is")

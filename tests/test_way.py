"""Which way a plain clause goes: by its verb, its comparison, or a wording."""

import pytest

from assay.claims.way import find_way
from assay.model import Direction
from tests.claim_samples import claim, claims


@pytest.mark.parametrize(
    ("predicate", "way"),
    [
        ("releases endorphins", Direction.INCREASES),
        ("sends your pulse racing", Direction.INCREASES),
        ("kills the germs", Direction.DECREASES),
        ("knocks two days off a cold", Direction.DECREASES),
        ("called in sick less often", Direction.DECREASES),
        ("beat placebo by a whisker", Direction.IMPROVES),
        ("did worse", Direction.WORSENS),
        ("took longer to wake", Direction.WORSENS),
        ("was no better than a dummy", Direction.NO_EFFECT),
        ("won't bring it back", Direction.NO_EFFECT),
        ("had just as many colds", Direction.NO_EFFECT),
        ("scored 15 per cent higher", Direction.INCREASES),
    ],
)
def test_the_way_is_read_from_the_wording(predicate, way):
    assert find_way("Zorvel", predicate) is way


@pytest.mark.parametrize(
    "predicate", ["is a root", "contains more than a hundred oils", "comes from Peru"]
)
def test_a_description_goes_no_way(predicate):
    assert find_way("Zorvel", predicate) is None


def test_what_happened_to_nobody_is_no_effect():
    assert find_way("Nobody", "lost any weight") is Direction.NO_EFFECT


def test_what_is_asserted_ends_before_which_and_but():
    assert find_way("Zorvel", "raises it, which does not help") is Direction.INCREASES


def test_a_claim_on_an_unknown_outcome_has_its_way():
    assert claim("Valerian stops the shivers.").frame.direction is Direction.DECREASES


def test_denied_evidence_turns_a_plain_way_into_none():
    (told,) = claims("There is no evidence that valerian stops the shivers.")
    assert told.frame.direction is Direction.NO_EFFECT

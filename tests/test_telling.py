"""Names of scales, of groups and of people are not taken for what they only name."""

import pytest

from tests.claim_samples import told

SLEEP = "Valerian improves sleep quality."


@pytest.mark.parametrize(
    ("sentence", "stance"),
    [
        ("Valerian lowered the Pittsburgh Sleep Quality Index score.", "supports"),
        ("Valerian reduced PSQI scores.", "supports"),
        ("Valerian increased the Pittsburgh Sleep Quality Index score.", "contradicts"),
        ("Valerian increased sleep quality scores.", "supports"),
        ("Valerian had no effect on the PSQI.", "contradicts"),
    ],
)
def test_on_a_scale_of_trouble_a_lower_score_is_better(sentence, stance):
    assert told(SLEEP, sentence)[0] == stance


@pytest.mark.parametrize(
    ("sentence", "stance"),
    [
        ("With valerian, both groups presented better sleep quality.", "neutral"),
        ("Sleep quality improved in both study groups on valerian.", "neutral"),
        (
            "Sleep quality improved in both valerian groups compared with placebo.",
            "supports",
        ),
    ],
)
def test_what_all_groups_had_is_not_the_doing_of_one(sentence, stance):
    assert told(SLEEP, sentence)[0] == stance


def test_patients_named_by_their_trouble_are_people_and_no_outcome():
    claim = "Valerian lowers anxiety."
    assert told(claim, "Valerian increased vigour in anxiety patients.")[0] == "neutral"
    assert told(claim, "Valerian lowered anxiety in patients.")[0] == "supports"


def test_what_another_agent_did_not_change_speaks_of_that_agent_too():
    sentence = (
        "Zorvelling improved sleep quality, but no difference was found in "
        "sleep duration."
    )
    assert told("Valerian improves sleep.", sentence, title="Valerian") == (
        "neutral",
        "another-agent",
    )

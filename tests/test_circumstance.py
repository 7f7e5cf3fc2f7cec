"""The state that people are in is told from what changes, and studies must share it."""

import pytest

from assay.evidence.select import find_evidence
from tests.claim_samples import claim, claims, keys, shipped, study


@pytest.mark.parametrize(
    ("text", "outcome", "state"),
    [
        ("Kava helps heroin users sleep through withdrawal.", "sleep", "withdrawal"),
        ("Melatonin improves sleep in insomnia.", "sleep", "insomnia"),
        ("CBD reduces anxiety in severe depression.", "anxiety", "depression"),
        ("Kava eases pain during the acute withdrawal.", "pain", "withdrawal"),
    ],
)
def test_an_ailment_behind_what_changes_is_a_state(text, outcome, state):
    frame = claim(text).frame
    assert (keys(frame.outcome), keys(frame.population)) == ([outcome], [state])


@pytest.mark.parametrize(
    "text",
    [
        "Valerian leads to a reduction in pain.",
        "Valerian eases pain and anxiety.",
        "Magnesium helps in insomnia.",
    ],
)
def test_what_alone_can_change_is_no_state(text):
    assert not any(c.frame.population for c in claims(text))


def weights(text, *studies):
    (asked,) = claims(text)
    found = find_evidence(asked, [study(*s) for s in studies], shipped())
    return [(e.weight, {f.code for f in e.flags}) for e in found if e.weight]


def test_a_study_that_never_names_the_state_is_of_other_people():
    text = "Melatonin improves sleep in insomnia."
    improved = "In this randomised trial melatonin improved sleep."
    [(full, flags)] = weights(text, ("Adults had insomnia.", improved))
    assert "other-population" not in flags
    [(less, flags)] = weights(text, ("Adults were healthy.", improved))
    assert "other-population" in flags
    assert less < full


def test_a_study_of_the_state_alone_does_not_speak():
    text = "Kava helps people sleep through withdrawal."
    assert weights(text, ("Kava eased withdrawal in a randomised trial.",)) == []


def test_patients_with_an_ailment_are_people_in_that_state():
    frame = claim("Melatonin improves sleep in depression patients.").frame
    assert keys(frame.outcome) == ["sleep"]
    assert frame.population


def test_a_list_says_each_of_its_words_once():
    found = [c.text for c in claims("Magnesium helps with pain and with insomnia.")]
    assert found == ["Magnesium helps with pain", "Magnesium helps with insomnia"]
    [whole] = claims("Melatonin is associated with better sleep for pain.")
    assert whole.text == "Melatonin is associated with better sleep for pain"

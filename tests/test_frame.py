"""A clause is read for its relation, exposure, outcome and which way it goes."""

import pytest

from assay.model import ClaimType, Direction
from tests.claim_samples import claim, claims, keys

RELATIONS = [
    ("Valerian improves sleep.", "effect", ["valerian"], ["sleep"]),
    ("Vitamin D deficiency is common.", "common", ["vitamin-d"], ["deficiency"]),
    ("Too much vitamin D can cause nausea.", "occurs", ["vitamin-d"], ["nausea"]),
    ("Side effects of fish oil include nausea.", "occurs", ["omega-3"], ["nausea"]),
    (
        "Melatonin binds to melatonin receptors.",
        "acts-on",
        None,
        ["melatonin-receptors"],
    ),
    ("Melatonin regulates the body clock.", "acts-on", None, ["circadian-clock"]),
    ("Kratom leaves contain alkaloids.", "contains", ["kratom"], ["alkaloids"]),
    ("Ashwagandha is native to India.", "located", ["ashwagandha"], ["india"]),
    ("Ginger is often used to treat nausea.", "used-for", ["ginger"], ["nausea"]),
    ("Kava is not regulated by the FDA.", "regulated", ["kava"], ["fda"]),
    ("Kava is banned in Germany.", "regulated", ["kava"], []),
    ("A typical dose of valerian is 300 to 600 mg.", "dose", ["valerian"], None),
    ("The potency of kava products varies.", "varies", ["kava"], ["product-strength"]),
    ("Research on kava and sleep is limited.", "evidence-state", ["kava"], ["sleep"]),
    ("It is unclear whether ginger helps with pain.", "evidence-state", None, ["pain"]),
    ("Melatonin is safe.", "safe", ["melatonin"], ["safety"]),
    ("Kava is free of interactions with medicines.", "safe", ["kava"], None),
    ("Insomnia affects one in three people.", "common", [], ["insomnia"]),
    ("CBT-I is the first-line treatment for insomnia.", "recommended", ["cbt-i"], None),
    ("Kava is a shrub of the pepper family.", "is", ["kava"], []),
]


@pytest.mark.parametrize(("text", "relation", "exposure", "outcome"), RELATIONS)
def test_each_kind_of_assertion_has_its_relation(text, relation, exposure, outcome):
    frame = claim(text).frame
    assert frame.relation == relation
    if exposure is not None:
        assert keys(frame.exposure) == exposure
    if outcome is not None:
        assert keys(frame.outcome) == outcome


DIRECTIONS = [
    ("Valerian improves sleep.", Direction.IMPROVES),
    ("Caffeine disrupts sleep.", Direction.WORSENS),
    ("Caffeine raises blood pressure.", Direction.INCREASES),
    ("Valerian relieves anxiety.", Direction.DECREASES),
    ("Magnesium is linked to better sleep.", Direction.ASSOCIATED),
    ("There is a negative correlation of zinc with pain.", Direction.DECREASES),
    ("Vitamin D does not prevent colds.", Direction.NO_EFFECT),
    ("Valerian is not a cure for insomnia.", Direction.NO_EFFECT),
    ("Neither zinc nor vitamin C shortens a cold.", Direction.NO_EFFECT),
    ("Valerian is no better than placebo for sleep.", Direction.NO_EFFECT),
    ("There is no evidence that turmeric cures cancer.", Direction.NO_EFFECT),
    ("Depression was improved by fish oil.", Direction.IMPROVES),
    ("The risk of stroke is not reduced by fish oil.", Direction.NO_EFFECT),
    ("No benefit of fish oil was seen for dementia.", Direction.NO_EFFECT),
    ("Valerian may offer relief from insomnia.", Direction.DECREASES),
    ("Curcumin, the active compound in turmeric, lowers pain.", Direction.DECREASES),
    ("Our gummies with melatonin are clinically proven to help sleep.", None),
]


@pytest.mark.parametrize(("text", "direction"), DIRECTIONS)
def test_an_effect_has_the_direction_that_the_words_give(text, direction):
    frame = claim(text).frame
    assert frame.relation == "effect"
    if direction:
        assert frame.direction is direction


def test_a_harm_denied_is_an_occurrence_that_is_negated():
    frame = claim("Valerian does not cause dependence.").frame
    assert (frame.relation, frame.negated) == ("occurs", True)
    frame = claim("Nobody has ever died from valerian.").frame
    assert (frame.relation, frame.negated) == ("occurs", True)


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("Valerian may ease anxiety.", "may"),
        ("Valerian could help sleep.", "could"),
        ("Valerian is thought to help sleep.", "thought to"),
        ("Valerian eases anxiety.", ""),
    ],
)
def test_the_words_that_soften_a_claim_are_kept(text, hedge):
    assert claim(text).frame.hedge == hedge


def test_cause_and_association_are_told_apart():
    assert claim("Exercise reduces anxiety.").frame.causal
    assert not claim("Exercise is associated with less anxiety.").frame.causal


def test_what_it_is_compared_with_is_kept():
    assert claim(
        "Fish oil is better than ibuprofen at easing pain."
    ).frame.comparator == ("ibuprofen")


def test_of_whom_it_is_claimed_is_kept():
    assert keys(claim("Melatonin is safe for children.").frame.population) == [
        "children"
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Valerian improves sleep.", ClaimType.EFFICACY),
        ("Kava damages the liver, which causes liver injury.", ClaimType.SAFETY),
        ("Caffeine worsens sleep.", ClaimType.SAFETY),
        ("Kava acts on GABA receptors.", ClaimType.MECHANISM),
        ("Kava is banned in Germany.", ClaimType.REGULATORY),
        ("Insomnia is common.", ClaimType.PREVALENCE),
    ],
)
def test_each_claim_has_its_type(text, kind):
    assert kind in {c.type for c in claims(text)}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("You should take valerian at night.", "advice"),
        ("Ongoing studies of valerian and sleep are promising.", "under way"),
        ("Valerian has gained popularity among students.", "talked about"),
    ],
)
def test_what_no_study_could_show_is_marked_with_the_reason(text, why):
    found = claim(text)
    assert not found.checkable
    assert why in found.why_not


def test_advice_with_a_danger_in_it_is_a_precaution():
    found = claim("You should not take kava with other medications.")
    assert found.frame.relation == "precaution"
    assert found.checkable


def test_an_amount_taken_for_an_effect_is_an_effect():
    text = "People who took 300 mg of ashwagandha a day slept better than others."
    assert claim(text).frame.relation != "dose"


def test_a_passing_condition_does_not_make_it_a_claim_of_use():
    text = "Caffeine disrupts sleep even when it is taken in the afternoon."
    assert claim(text).frame.relation == "effect"


def test_interacts_with_medicines_says_that_a_harm_arises_with_or_without_a_modal():
    for text in (
        "Kratom interacts with certain medications.",
        "Kratom can interact with other medications.",
    ):
        assert claim(text).frame.relation == "occurs"


@pytest.mark.parametrize(
    ("text", "direction", "outcome"),
    [
        ("Kava brings on drowsiness.", Direction.INCREASES, "drowsiness"),
        ("Caffeine robs people of sleep.", Direction.DECREASES, "sleep"),
        ("Zinc keeps colds at bay.", Direction.DECREASES, "colds"),
        ("Kava loosens tight joints.", Direction.DECREASES, "tight joints"),
        ("Caffeine messes with your sleep.", Direction.WORSENS, "sleep"),
        ("Kava switches off anxiety.", Direction.DECREASES, "anxiety"),
        ("Zinc makes little difference to sleep.", Direction.NO_EFFECT, "sleep"),
        ("Kava does nothing for pain.", Direction.NO_EFFECT, "pain"),
        ("Zinc does not make people drowsy.", Direction.NO_EFFECT, "drowsy"),
        ("Zinc doesnt improve sleep.", Direction.NO_EFFECT, "sleep"),
        ("Zinc lowers neither fever nor pain.", Direction.NO_EFFECT, "fever"),
        ("Nobody has shown that zinc eases pain.", Direction.NO_EFFECT, "pain"),
        ("Kava is tied to fewer headaches.", Direction.DECREASES, None),
    ],
)
def test_verbs_of_two_words_and_plain_denials_have_their_direction(
    text, direction, outcome
):
    frame = claims(text)[0].frame
    assert frame.relation == "effect"
    assert frame.direction is direction
    if outcome:
        assert frame.outcome[0].words == outcome


def test_what_goes_up_or_down_by_itself_is_the_outcome():
    found = claims("Blood pressure drops within an hour.", "Kava")[0].frame
    assert keys(found.exposure) == ["kava"]
    assert keys(found.outcome) == ["blood-pressure"]
    assert found.direction is Direction.DECREASES


def test_people_who_took_it_and_doses_are_not_what_acts():
    for text in (
        "Adults who took 500 mg slept longer.",
        "400 mg at noon shortens sleep.",
        "Overdose can cause nausea.",
    ):
        assert keys(claims(text, "Magnesium")[0].frame.exposure) == ["magnesium"]


def test_a_denial_in_a_comparison_denies_nothing():
    text = "People who take kava sleep longer than those who do not."
    assert not claims(text, "Kava")[0].frame.negated


def test_an_amount_is_no_comparator():
    text = "Caffeine cuts sleep by more than an hour."
    assert claims(text)[0].frame.comparator == ""


def test_crucial_for_asserts_and_crucial_to_advises():
    assert claim("Zinc is crucial for wound healing.").checkable
    assert not claim("It is crucial to take zinc.", "Zinc").checkable


def test_a_legal_remedy_that_works_is_an_effect_and_no_rule():
    text = "Caffeine is a legal drug that improves endurance."
    assert claim(text).frame.relation == "effect"


@pytest.mark.parametrize(
    "text",
    [
        "Whether zinc shortens colds remains uncertain.",
        "The jury is still out on whether zinc shortens colds.",
    ],
)
def test_open_questions_are_about_the_evidence(text):
    assert claims(text)[0].frame.relation == "evidence-state"

"""What one sentence says about a claimed effect or harm: one rule, one plain answer."""

import pytest

from assay.evidence.stance import RULES
from tests.claim_samples import judge, told

SLEEP = "Valerian improves sleep quality."

SAME_AND_OPPOSITE = [
    (SLEEP, "Valerian improved sleep quality.", "supports"),
    (SLEEP, "Sleep quality was better with valerian than with placebo.", "supports"),
    (SLEEP, "Valerian worsened sleep quality.", "contradicts"),
    (SLEEP, "Valerian reduced sleep quality.", "contradicts"),
    ("Valerian relieves anxiety.", "Valerian lowered anxiety scores.", "supports"),
    ("Valerian relieves anxiety.", "Valerian increased anxiety.", "contradicts"),
    ("Caffeine raises blood pressure.", "Caffeine raised blood pressure.", "supports"),
    ("Garlic lowers blood pressure.", "Garlic raised blood pressure.", "contradicts"),
    ("Caffeine worsens sleep.", "Sleep quality fell after caffeine.", "supports"),
    ("Exercise lowers stress.", "Stress was reduced by exercise.", "supports"),
    ("Kava is linked to liver injury.", "Kava led to more liver injury.", "supports"),
    ("Kava is linked to liver injury.", "Kava reduced liver injury.", "contradicts"),
]


@pytest.mark.parametrize(("text", "sentence", "stance"), SAME_AND_OPPOSITE)
def test_the_same_direction_supports_and_the_other_contradicts(text, sentence, stance):
    rule = {"supports": "same-direction", "contradicts": "opposite"}[stance]
    assert told(text, sentence) == (stance, rule)


NO_EFFECT = [
    (SLEEP, "Valerian did not improve sleep quality.", "contradicts"),
    (SLEEP, "Valerian had no effect on sleep quality.", "contradicts"),
    (
        SLEEP,
        "Sleep quality did not differ between valerian and placebo.",
        "contradicts",
    ),
    (SLEEP, "Valerian was no better than placebo for sleep quality.", "contradicts"),
    ("Zinc does not prevent colds.", "Zinc had no effect on colds.", "supports"),
    ("Zinc does not prevent colds.", "Zinc reduced colds.", "contradicts"),
    (
        "There is no evidence that turmeric reduces cancer.",
        "Turmeric had no effect on cancer.",
        "supports",
    ),
    (
        "There is no evidence that turmeric reduces cancer.",
        "Turmeric reduced cancer.",
        "contradicts",
    ),
]


@pytest.mark.parametrize(("text", "sentence", "stance"), NO_EFFECT)
def test_no_effect_contradicts_an_effect_and_supports_its_denial(
    text, sentence, stance
):
    assert told(text, sentence)[0] == stance


def test_one_part_of_an_outcome_and_not_another_only_qualifies():
    sentence = "Valerian improved sleep quality; it did not change sleep duration."
    assert told("Valerian improves sleep.", sentence) == ("qualifies", "part-only")


NEUTRAL = [
    ("on-stopping", "Sleep quality worsened when they stopped valerian."),
    ("comparator", "Melatonin improved sleep quality more than valerian."),
    ("another-agent", "After valerian, melatonin improved sleep quality."),
    ("both-groups", "Sleep quality improved with both valerian and placebo."),
    ("open", "Claims that valerian improves sleep quality are common."),
    ("by-dose", "Sleep quality did not differ between the dose groups of valerian."),
    ("aim", "We investigated whether valerian improves sleep quality."),
    ("no-direction", "Sleep quality was measured with valerian by a diary."),
    ("open", "It is unknown whether valerian improves sleep quality."),
    ("open", "Valerian should be tried to improve sleep quality."),
    ("lack", "Valerian deficiency worsened sleep quality."),
    ("silent", "Melatonin improved sleep quality."),
    ("silent", "Valerian is a herb."),
]


@pytest.mark.parametrize(("rule", "sentence"), NEUTRAL)
def test_a_sentence_about_something_else_is_neutral_and_says_why(rule, sentence):
    judged = judge(SLEEP, sentence)
    assert (judged.stance.value, judged.rule) == ("neutral", rule)
    assert judged.why.endswith(".")


def test_things_named_side_by_side_do_nothing_to_each_other():
    sentence = "Loneliness raised alcohol use, sleep problems and pain."
    assert told("Alcohol worsens pain.", sentence)[0] == "neutral"


def test_a_title_that_names_its_subject_states_no_finding():
    title = "Valerian for improving sleep quality"
    assert told(SLEEP, "x", title=title)[0] == "neutral"
    assert judge(SLEEP, "", title=title).stance.value == "neutral"


def test_a_title_that_states_a_finding_counts():
    assert judge(SLEEP, "", title="Valerian improves sleep quality").stance.value == (
        "supports"
    )


def test_the_title_names_the_thing_for_sentences_that_do_not():
    sentence = "Sleep quality improved in the treatment group."
    assert told(SLEEP, sentence)[0] == "neutral"
    assert told(SLEEP, sentence, title="Valerian for insomnia")[0] == "supports"


@pytest.mark.parametrize(
    "sentence",
    [
        "Home confinement has worsened sleep quality.",
        "Poor sleep quality is common and makes outcomes worse.",
        "Melatonin improved sleep quality.",
        "Sleep quality improved in the melatonin group.",
        "Sleep quality improved in the acupressure-free hypercapnic group.",
    ],
)
def test_what_something_unnamed_did_is_not_put_down_to_the_title(sentence):
    assert told(SLEEP, sentence, title="Valerian for insomnia")[0] == "neutral"


def test_a_supposition_weighs_less_than_a_finding():
    sure = judge(SLEEP, "Valerian improved sleep quality.")
    unsure = judge(SLEEP, "Valerian may have improved sleep quality.")
    assert unsure.stance == sure.stance
    assert unsure.closeness < sure.closeness


def test_a_neighbouring_outcome_is_less_close_and_says_so():
    judged = judge(SLEEP, "Valerian lengthened sleep duration.")
    assert judged.stance.value == "supports"
    assert judged.other_outcome
    assert judged.closeness < 1


def test_better_than_one_thing_is_not_better_than_another():
    text = "Fish oil is better than ibuprofen at reducing pain."
    assert told(text, "Fish oil reduced pain.") == ("neutral", "other-comparison")
    assert told(text, "Fish oil reduced pain more than ibuprofen.")[0] == "supports"


def test_what_stopping_does_is_asked_of_studies_of_stopping():
    text = "Stopping caffeine can cause headaches."
    assert told(text, "Caffeine caused headaches.") == ("neutral", "on-stopping")
    assert told(text, "Headaches were met in caffeine withdrawal.")[0] == "supports"


def test_the_withdrawal_that_a_thing_brings_is_no_failure_to_ease_another():
    text = "Kratom eases withdrawal symptoms."
    sentence = "More frequent kratom use went with more withdrawal symptoms."
    assert told(text, sentence)[0] == "neutral"


def test_a_review_that_finds_too_little_research_qualifies():
    sentence = "Evidence on valerian and sleep quality is limited."
    assert told(SLEEP, sentence, title="Valerian: a systematic review") == (
        "qualifies",
        "research-limited",
    )


HARM = "Kava can cause liver injury."


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Liver injury was reported in 3% of kava users.", ("supports", "met")),
        ("Kava was associated with liver injury.", ("supports", "met")),
        ("No liver injury was seen with kava.", ("contradicts", "looked-for-not-met")),
        ("Kava was given to adults without liver injury.", ("neutral", "named")),
        ("Kava reduced liver injury.", ("neutral", "eased")),
        ("Melatonin caused liver injury, unlike kava.", ("neutral", "eased")),
        ("Kava was drunk.", ("neutral", "silent")),
    ],
)
def test_a_harm_is_met_or_looked_for_and_not_met(sentence, expected):
    assert told(HARM, sentence)[0] == expected[0]


def test_a_denied_harm_is_turned_round():
    text = "Kava does not cause liver injury."
    assert told(text, "Kava was associated with liver injury.")[0] == "contradicts"
    assert told(text, "No liver injury was seen with kava.")[0] == "supports"


@pytest.mark.parametrize(
    ("sentence", "stance"),
    [
        ("Kava caused no side effects.", "supports"),
        ("Side effects were reported by 40% of kava users.", "contradicts"),
        ("Kava is attractive given its lack of side effects.", "supports"),
    ],
)
def test_safety_is_spoken_against_by_harms(sentence, stance):
    assert told("Kava has no side effects.", sentence)[0] == stance


def test_a_claim_without_an_exposure_is_answered_by_nothing():
    judged = judge("The moon improves sleep.", "Valerian improved sleep quality.")
    assert judged.stance.value == "neutral"


def test_every_rule_belongs_to_a_relation():
    assert {"effect", "occurs", "safe", "acts-on", "contains", "is"} <= set(RULES)

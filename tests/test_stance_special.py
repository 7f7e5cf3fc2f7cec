"""Rules for claims that are not about an effect: contents, use, frequency, places."""

import pytest

from tests.claim_samples import judge, told

CASES = [
    # acts-on
    ("Kava acts on GABA receptors.", "Kava binds to GABA receptors.", "supports"),
    ("Kava acts on GABA receptors.", "Kava had no affinity for GABA receptors.",
     "contradicts"),
    ("Kava acts on GABA receptors.", "GABA receptors bind kava.", "neutral"),
    ("Kava acts on GABA receptors.", "Valerian binds to GABA receptors.", "neutral"),
    ("Kava does not act on GABA receptors.", "Kava binds to GABA receptors.",
     "contradicts"),
    # contains
    ("Kratom leaves contain alkaloids.", "Leaves of kratom held 2% alkaloids.",
     "supports"),
    ("Kratom leaves contain alkaloids.", "Alkaloids were found in kratom users' blood.",
     "neutral"),
    ("Kratom contains mitragynine.",
     "Mitragynine was not detected in samples that contain kratom leaf.", "qualifies"),
    # used-for
    ("Ginger is often used to treat nausea.", "Women used ginger for nausea.",
     "supports"),
    ("Ginger is often used to treat nausea.", "Ginger eased nausea.", "neutral"),
    ("Kava is often consumed as a tea.", "Most people drank kava as a tea.",
     "supports"),
    ("Kava is often consumed as a tea.", "Most people took kava in capsules.",
     "neutral"),
    ("Ginger is often used to treat nausea.",
     "The main reasons for using ginger were pain and flavour.", "qualifies"),
    # used-for, long ago
    ("Kava has been used for centuries as a herbal remedy.",
     "Kava has been used in the Pacific for centuries.", "supports"),
    ("Kava has been used for thousands of years.",
     "Kava has been used in the Pacific for centuries.", "qualifies"),
    ("Kava has been used for centuries.",
     "Kava has been consumed since ancient times.", "supports"),
    ("Kava is traditionally used as a medicine.",
     "There is no traditional use of kava as a medicine.", "contradicts"),
    ("Kava has been used for centuries to treat insomnia.",
     "Kava has been used in the Pacific for centuries.", "neutral"),
    ("Kava has been used for centuries to treat insomnia.",
     "For centuries kava was used against insomnia.", "supports"),
    ("For centuries, people chewed kava to grow wings.",
     "Kava has been chewed for centuries.", "neutral"),
    ("Kava has been used in Peru for centuries.",
     "Kava has been used in the Pacific for centuries.", "neutral"),
    ("Kava has been used for centuries.", "Valerian has been used for centuries.",
     "neutral"),
    ("Kava has been used for centuries.", "Kava was given to 40 adults.", "neutral"),
    # common
    ("Insomnia is common.", "Insomnia was common in this sample.", "supports"),
    ("Insomnia is common.", "Insomnia was rare.", "contradicts"),
    ("Insomnia is common.", "We found that 30% of adults had insomnia.", "supports"),
    ("Insomnia is common.", "We found that 0.4% of adults had insomnia.",
     "contradicts"),
    ("Insomnia is common.", "One in three adults had insomnia.", "supports"),
    ("Insomnia is rare.", "Insomnia was common.", "contradicts"),
    ("Insomnia is common.",
     "In this trial of insomnia, and of much else besides that was asked about in the"
     " end, 72% of physicians reported closing.", "neutral"),
    ("Insomnia is common.", "Good sleep was common.", "neutral"),
    # varies
    ("The potency of kava products varies.", "The potency of kava varied widely.",
     "supports"),
    ("The potency of kava products varies.", "The potency of kava was uniform.",
     "contradicts"),
    ("The potency of kava products varies.", "Kava was drunk.", "neutral"),
    # located
    ("Ashwagandha is native to India.", "Ashwagandha is cultivated in India.",
     "supports"),
    ("Kratom is native to Southeast Asia.", "Kratom trees grow in Thailand.",
     "supports"),
    ("Ashwagandha is native to India.", "Ashwagandha is cultivated in Peru.",
     "neutral"),
    # evidence-state
    ("Research on kava and sleep is limited.",
     "Evidence on kava and sleep is limited.", "supports"),
    ("The research on kava and sleep is compelling.",
     "Evidence on kava and sleep is limited.", "contradicts"),
    ("Research on kava and sleep is limited.", "Kava improved sleep.", "neutral"),
    # regulated
    ("Kava is not approved as a medicine.", "Kava is not approved for any use.",
     "supports"),
    ("Kava is not approved as a medicine.", "Kava was approved in 1990.",
     "contradicts"),
    ("Kava is not approved as a medicine.", "Kava was banned in 2002.", "neutral"),
    # recommended
    ("CBT-I is the first-line treatment for insomnia.",
     "We recommend CBT-I as the initial treatment for insomnia.", "supports"),
    ("Melatonin is the first-line treatment for insomnia.",
     "We recommend CBT-I as the initial treatment for insomnia.", "contradicts"),
    ("Sleep hygiene is the first-line treatment for insomnia.",
     "We recommend CBT-I as the initial treatment for insomnia.", "qualifies"),
    # dose
    ("A typical dose of valerian is 300 to 600 mg.",
     "The usual dose of valerian was 400 mg.", "supports"),
    ("A typical dose of valerian is 300 to 600 mg.",
     "The usual dose of valerian was 2 g.", "contradicts"),
    ("A typical dose of valerian is 300 to 600 mg.",
     "The usual dose of valerian was 500 to 900 mg.", "qualifies"),
    ("A typical dose of valerian is 300 to 600 mg.",
     "One group was given 2 g of valerian.", "neutral"),
    # is
    ("Kava is a shrub of the pepper family.",
     "Kava, a shrub of the pepper family, is grown here.", "supports"),
    ("Kava is a shrub of the pepper family.", "Kava is a drink.", "neutral"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence", "stance"), CASES)
def test_each_relation_is_answered_by_its_own_rule(text, sentence, stance):
    assert told(text, sentence)[0] == stance


@pytest.mark.parametrize(("text", "sentence", "stance"), CASES)
def test_every_answer_says_why_in_one_sentence(text, sentence, stance):
    judged = judge(text, sentence)
    assert judged.rule
    assert judged.why.endswith(".")
    assert 0 <= judged.closeness <= 1


def test_a_description_that_goes_the_other_way_is_not_the_same():
    text = "Nerve activity is reduced in kava drinkers with the habit."
    sentence = "Nerve activity is increased in kava drinkers with the habit."
    assert told(text, sentence)[0] != "supports"


def test_a_relation_without_a_rule_is_never_answered():
    text = "Valerian has gained popularity among students."
    assert told(text, "Valerian has gained popularity among students.") == (
        "neutral",
        "silent",
    )


def test_introductions_are_heard_on_old_customs_and_on_homes_alone():
    said = "Kava, native to Fiji, has been used in the Pacific for centuries."
    for text in ("Kava has been used for centuries.", "Kava is native to Fiji."):
        assert judge(text, said, category="BACKGROUND").stance.value == "supports"
        assert judge(text, said, category="METHODS").rule == "aim"
    effect = "Kava is known to improve sleep quality."
    claimed = "Kava improves sleep quality."
    assert judge(claimed, effect, category="BACKGROUND").rule == "aim"


def test_a_tradition_of_untold_age_counts_half():
    text = "Kava has been used for centuries."
    assert judge(text, "Kava is traditionally used as a drink.").closeness == 0.5
    text = "Kava is traditionally used."
    assert judge(text, "Kava is traditionally used as a drink.").closeness == 1

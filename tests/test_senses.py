"""Words that mean something else in research, and what an analysis made equal."""

import pytest

from assay.evidence.reading import find_abbreviations
from tests.claim_samples import claim, judge, keys, shipped, study


def met(sentence):
    return {m.concept for m in study(sentence).lines[-1].mentions}


@pytest.mark.parametrize(
    ("concept", "real", "other"),
    [
        ("cognition", "It impaired attention and concentration.",
         "The plasma concentration rose."),
        ("fasting", "Intermittent fasting was kept up.", "Fasting insulin fell."),
        ("dependence", "Dependence on opioids was common.",
         "The effect was dose-dependent."),
        ("withdrawal", "Withdrawal was mild.",
         "Withdrawal from the trial was common."),
        ("stress", "Stress was lower.", "Oxidative stress was lower."),
        ("depression", "Depression was rare.", "Bone marrow depression was rare."),
    ],
)  # fmt: skip
def test_a_word_is_met_in_its_own_sense_only(concept, real, other):
    assert concept in met(real)
    assert concept not in met(other)


def test_what_an_analysis_adjusted_for_did_not_act():
    told = "Statins lowered mortality after adjustment for age, sex and aspirin use."
    assert "statins" in met(told)
    assert "aspirin" not in met(told)


def test_a_name_inside_another_things_name_does_not_act():
    text = "Aspirin lowers the risk of death."
    assert judge(text, "Aspirin lowered mortality.").stance.value == "supports"
    told = judge(text, "Aspirin resistance was associated with increased mortality.")
    assert (told.stance.value, told.rule) == ("neutral", "compound")


@pytest.mark.parametrize(
    ("text", "short", "concept"),
    [
        ("Poststroke depression (PSD) was treated; PSD was less severe.",
         "PSD", "depression"),
        ("Insomnia disorder (ID) was treated.", "ID", "insomnia"),
        ("The insomnia severity index (ISI) was filled in.", "ISI", None),
        ("Kava (Piper methysticum) was drunk.", "Piper", None),
    ],
)  # fmt: skip
def test_a_short_form_stands_for_the_words_before_it(text, short, concept):
    if concept == "depression":
        text = text.replace("Poststroke", "Post-stroke")
    assert find_abbreviations(text, shipped()).get(short) == concept


def test_not_only_denies_nothing():
    text = "Valerian improves sleep quality."
    said = "Valerian not only improved sleep quality but was well tolerated."
    assert judge(text, said).stance.value == "supports"


@pytest.mark.parametrize(
    "said",
    [
        "The results did not support an association of valerian and a better sleep.",
        "The trials did not provide evidence regarding better sleep with valerian.",
        "Valerian was followed by the same sleep without any significant difference.",
    ],
)
def test_a_denied_link_denies_what_follows(said):
    told = judge("Valerian improves sleep.", said)
    assert told.stance.value == "contradicts"


def test_an_interaction_that_was_not_found_denies_no_effect():
    said = (
        "There was no evidence of an interaction of genotype with the improved sleep."
    )
    told = judge("Valerian improves sleep.", said, title="Valerian and sleep")
    assert told.stance.value != "contradicts"


TRIAL = {"publication_types": ("Randomized Controlled Trial",)}


def test_groups_that_did_not_differ_speak_for_what_the_title_names():
    text = "Valerian improves sleep quality."
    said = "There was no significant difference between the groups."
    title = "Valerian for sleep quality"
    told = judge(text, said, title=title, **TRIAL)
    assert (told.stance.value, told.rule) == ("contradicts", "groups-alike")
    assert judge(text, said, title="Valerian for pain", **TRIAL).rule != "groups-alike"
    assert judge(text, said, title=title).rule != "groups-alike"
    baseline = "The groups did not differ at baseline, nor did the placebo group."
    assert judge(text, baseline, title=title, **TRIAL).rule != "groups-alike"


@pytest.mark.parametrize(
    ("text", "exposure", "outcome"),
    [
        ("Obesity raises the risk of depression.", "obesity", "depression"),
        ("Depression increases the risk of heart disease.", "depression", "heart-harm"),
    ],
)
def test_an_ailment_can_act_on_another(text, exposure, outcome):
    frame = claim(text).frame
    assert keys(frame.exposure) == [exposure]
    assert outcome in keys(frame.outcome)


def test_numbers_in_brackets_do_not_cut_a_sentence():
    said = (
        "Valerian improved sleep onset (MD, 4.1; 95% CI, 1 to 7; p = 0.01) and sleep"
        " quality."
    )
    assert judge("Valerian improves sleep quality.", said).stance.value == "supports"


def test_a_link_inside_a_word_links_nothing_else():
    said = "Valerian is active in smoking-associated insomnia."
    assert judge("Valerian eases insomnia.", said).stance.value == "neutral"


def test_a_noun_of_change_is_what_its_verb_makes_of_it():
    text = "Valerian slows dementia."
    for said, stance in (
        ("Valerian did not reduce the decline in dementia.", "contradicts"),
        ("Valerian reduced the risk of dementia.", "supports"),
    ):
        assert judge(text, said).stance.value == stance


def test_a_comparison_is_answered_by_comparisons_only():
    text = "Valerian improves sleep quality better than melatonin."
    assert judge(text, "Valerian improved sleep quality.").stance.value == "neutral"


def test_other_names_and_numbers_do_not_say_the_same():
    text = "Orlixin is the first blocker of the PD-1 receptor."
    said = "Orlixin is the second blocker of the PD-1 receptor."
    assert judge(text, said).stance.value == "neutral"


def test_a_change_within_one_group_of_a_trial_counts_half():
    text = "Valerian improves sleep quality."
    said = "In the valerian group sleep quality improved compared to baseline."
    told = judge(text, said, title="Valerian and sleep", **TRIAL)
    assert (told.stance.value, told.closeness) == ("supports", 0.5)
    said = "Sleep quality improved compared with placebo and baseline."
    assert judge(text, said, title="Valerian and sleep", **TRIAL).closeness == 1


def test_what_was_found_in_some_people_only_limits_the_claim():
    text = "Valerian improves sleep quality."
    said = "In a subgroup of women valerian improved sleep quality."
    assert judge(text, said).stance.value == "qualifies"
    assert judge("Valerian improves sleep quality in women.", said).rule != "part-only"


def test_the_most_of_all_needs_a_comparison():
    text = "Valerian has the highest risk of nausea."
    assert judge(text, "Valerian caused nausea in 3 people.").stance.value == "neutral"
    text = "Valerian has a risk of nausea."
    assert judge(text, "Valerian caused nausea in 3 people.").stance.value == "supports"


def test_what_everybody_took_did_not_differ():
    text = "Valerian improves sleep quality."
    for said in (
        "No difference in sleep quality was seen of A and B as add-on to valerian.",
        "Sleep quality worsened in patients poorly controlled on valerian.",
    ):
        assert judge(text, said).stance.value == "neutral"
    said = "Valerian added to usual care improved sleep quality."
    assert judge(text, said).stance.value == "supports"


def test_being_treated_for_a_problem_is_not_meeting_it():
    text = "Kratom can cause dependence."
    said = "43% of people on kratom had been treated for dependence."
    assert judge(text, said).rule == "eased"
    said = "43% of people on kratom met criteria of dependence."
    assert judge(text, said).stance.value == "supports"

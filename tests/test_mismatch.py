"""Where a claim goes beyond a study, it is flagged, and the study weighs less."""

import pytest

from assay.evidence.mismatch import FLAGS, speaks_of_animals
from assay.evidence.reading import read_record
from assay.evidence.select import weigh_claim
from assay.model import Label, Stance
from assay.record import Correction
from tests.claim_samples import claim, record, shipped

FOUND = "Valerian improved sleep quality."


def weighed(text, *records):
    words = shipped()
    return weigh_claim(claim(text), [read_record(r, words) for r in records], words)


def one(text, sentence, **more):
    """Return the one piece of evidence that an invented study gives."""
    (evidence,) = weighed(text, record(sentence, **more)).evidence
    return evidence


def codes(evidence):
    return [f.code for f in evidence.flags]


def test_an_animal_study_weighs_nothing_for_a_claim_about_people():
    evidence = one("Valerian improves sleep quality.", FOUND, title="Valerian in rats")
    assert evidence.stance is Stance.SUPPORTS
    assert (evidence.weight, codes(evidence)) == (0.0, ["other-species"])


def test_laboratory_work_weighs_nothing_for_a_claim_about_people():
    title = "Valerian in vitro"
    evidence = one("Valerian improves sleep quality.", FOUND, title=title)
    assert (evidence.weight, codes(evidence)) == (0.0, ["in-vitro-only"])


def test_a_sentence_about_animals_in_a_review_weighs_nothing_for_people():
    sentence = "In rats, valerian improved sleep quality."
    evidence = one("Valerian improves sleep quality.", sentence, title="A review")
    assert (evidence.weight, codes(evidence)) == (0.0, ["other-species"])


def test_a_systematic_review_of_animal_work_weighs_nothing_for_people():
    title = "Valerian and sleep in rats: a systematic review"
    evidence = one("Valerian improves sleep quality.", FOUND, title=title)
    assert (evidence.weight, codes(evidence)) == (0.0, ["other-species"])


def test_animal_and_laboratory_work_speaks_for_a_mechanism():
    evidence = one("Kava acts on GABA receptors.", "Kava binds to GABA receptors.",
                   title="Kava in vitro")  # fmt: skip
    assert evidence.weight > 0
    assert codes(evidence) == []


def test_animal_work_speaks_for_a_claim_about_animals():
    evidence = one("In mice, valerian reduced anxiety.", "Valerian reduced anxiety.",
                   title="Valerian in mice")  # fmt: skip
    assert evidence.weight > 0


@pytest.mark.parametrize(
    "text",
    [
        "Valerian improves sleep quality.",
        "Valerian can cause nausea.",
        "Valerian is safe.",
        "Valerian does not improve sleep quality.",
    ],
)
def test_animals_alone_never_decide_a_claim_about_people(text):
    records = [
        record(
            FOUND, "Nausea was met with valerian.", "No side effects were seen.",
            title="Valerian in rats", pmid=str(90000001 + n),
        )
        for n in range(20)
    ]  # fmt: skip
    assert weighed(text, *records).verdict.label is Label.INSUFFICIENT


def test_association_is_flagged_where_cause_is_claimed():
    types = ("Observational Study",)
    causal = one("Valerian improves sleep quality.", FOUND, publication_types=types)
    assert codes(causal) == ["association-as-cause"]
    text = "Valerian is associated with better sleep quality."
    assert codes(one(text, FOUND, publication_types=types)) == []


def test_a_trial_raises_no_flag():
    trial = ("Randomized Controlled Trial",)
    evidence = one("Valerian improves sleep quality.", FOUND, publication_types=trial)
    assert (evidence.weight, codes(evidence)) == (0.8, [])


def test_a_neighbouring_outcome_is_flagged():
    evidence = one("Valerian improves sleep quality.",
                   "Valerian lengthened sleep duration.",
                   publication_types=("Randomized Controlled Trial",))  # fmt: skip
    assert codes(evidence) == ["other-outcome"]


def test_other_people_than_claimed_weigh_less():
    trial = ("Randomized Controlled Trial",)
    text = "Melatonin improves sleep quality in older adults."
    finding = "Melatonin improved sleep quality."
    other = one(text, f"{finding} All were students.", publication_types=trial)
    same = one(text, f"{finding} All were older adults.", publication_types=trial)
    assert "other-population" in codes(other)
    assert "other-population" not in codes(same)
    assert 0 < other.weight < same.weight


def test_adults_tell_nothing_of_children():
    trial = ("Randomized Controlled Trial",)
    text = "Melatonin improves sleep quality in children."
    evidence = one(text, "Melatonin improved sleep quality.", publication_types=trial)
    assert (evidence.weight, codes(evidence)) == (0.0, ["other-population"])


def test_an_uncontrolled_study_weighs_less_when_something_is_said_to_work():
    survey = {"title": "Valerian: an online survey of adults"}
    works = one("Valerian improves sleep quality.", FOUND, **survey)
    harms = one("Valerian can cause nausea.", "Nausea was met with valerian.", **survey)
    assert works.weight < harms.weight


def test_a_retracted_study_is_shown_and_never_counts():
    gone = record(
        FOUND,
        publication_types=("Randomized Controlled Trial",),
        corrections=(Correction("RetractionIn"),),
    )
    finding = weighed("Valerian improves sleep quality.", gone)
    assert finding.verdict.label is Label.INSUFFICIENT
    assert "retracted" in finding.verdict.reason
    assert finding.evidence[0].standing.value == "retracted"


def test_an_expression_of_concern_is_kept_and_the_study_counts():
    doubted = record(
        FOUND,
        publication_types=("Randomized Controlled Trial",),
        corrections=(Correction("ExpressionOfConcernIn"),),
    )
    finding = weighed("Valerian improves sleep quality.", doubted)
    assert finding.verdict.label is Label.SUPPORTED
    assert finding.evidence[0].standing.value == "expression of concern"


def test_every_flag_is_one_sentence_for_the_reader():
    assert all(text.endswith(".") and "\n" not in text for text in FLAGS.values())


def test_people_in_a_sentence_make_it_one_about_people():
    assert speaks_of_animals("Rats slept longer.")
    assert not speaks_of_animals("Unlike rats, the patients slept longer.")
    assert not speaks_of_animals("They slept longer.")


def test_one_trial_that_saw_no_harm_cannot_show_that_there_is_none():
    trial = record(
        "No liver injury was seen with valerian.",
        publication_types=("Randomized Controlled Trial",),
    )
    denied = weighed("Valerian does not cause liver injury.", trial)
    assert denied.verdict.label is Label.INSUFFICIENT
    claimed = weighed("Valerian can cause liver injury.", trial)
    assert claimed.verdict.label is Label.CONTRADICTED

"""Each flag of one study is raised by what its page says, and by nothing like it."""

from pathlib import Path

import pytest

from assay.evidence.card import FLAGS
from assay.evidence.card_claim import CLAIM_RULES
from assay.evidence.card_study import STUDY_RULES
from assay.evidence.reading import read_record
from assay.evidence.recheck import CITES_RETRACTED
from assay.evidence.select import weigh_claim
from assay.record import MeshHeading
from tests.claim_samples import claim, record, shipped

PAGE = Path(__file__).parent.parent / "docs/reference/flags.md"
TRIAL = ("Randomized Controlled Trial",)
WATCHED = ("Observational Study",)


def flags(text, *sentences, **more):
    """Return the flags that an invented study raises for a claim, by code."""
    words = shipped()
    study = read_record(record(*sentences, **more), words)
    finding = weigh_claim(claim(text), [study], words)
    assert finding.evidence[0].stance.value != "neutral", "the study must speak"
    return {f.code: f for e in finding.evidence for f in e.flags}


def raised(code, text, *sentences, **more):
    """Return what raised a flag; None when it was not raised."""
    flag = flags(text, *sentences, **more).get(code)
    return (flag.where, flag.raised_by) if flag else None


def headings(*names):
    return tuple(MeshHeading(name) for name in names)


SLEEP = "Valerian improves sleep quality."
FOUND = "Valerian improved sleep quality."


# --- the list -------------------------------------------------------------------------


def test_every_flag_has_a_rule_and_its_place_in_the_order_of_the_card():
    assert [*STUDY_RULES, CITES_RETRACTED, *CLAIM_RULES] == list(FLAGS)


def test_every_flag_has_a_section_that_says_what_it_means_and_what_it_misses():
    page = PAGE.read_text(encoding="utf-8")
    sections = {p.split("\n")[0]: p for p in page.split("\n### ")[1:]}
    assert list(sections) == list(FLAGS)
    for code, section in sections.items():
        assert section.split("\n\n")[1] == FLAGS[code]
        for part in ("Raised by", "Example", "Weight", "Cannot see"):
            assert f"- **{part}" in section, (code, part)


def test_a_sentence_that_raised_a_flag_can_be_found_by_its_offsets():
    words = shipped()
    study = read_record(record("In rats, valerian improved sleep quality."), words)
    (evidence,) = weigh_claim(claim(SLEEP), [study], words).evidence
    (flag,) = [f for f in evidence.flags if f.code == "other-species"]
    assert study.text[flag.start : flag.end] == flag.raised_by


# --- the thing and the people ---------------------------------------------------------


def test_animals_are_told_by_their_heading_and_nothing_else_is_said_of_them():
    told = flags(SLEEP, FOUND, title="Valerian in rats", mesh=headings("Animals"))
    assert list(told) == ["other-species"]
    assert (told["other-species"].where, told["other-species"].raised_by) == (
        "MeSH heading",
        "Animals",
    )


def test_animals_and_people_together_raise_no_flag_of_animals():
    both = headings("Animals", "Humans")
    assert not raised("other-species", SLEEP, FOUND, mesh=both)


def test_a_sentence_from_the_laboratory_is_not_called_one_on_animals():
    told = flags("Valerian reduces anxiety.", "In vitro, valerian reduced anxiety.")
    assert "in-vitro-only" in told
    assert "other-species" not in told


@pytest.mark.parametrize(
    "more",
    [
        {"title": "Melatonin in elderly men"},
        {"mesh": headings("Humans", "Aged")},
        {"title": "Melatonin in nursing homes"},
    ],
)
def test_people_named_by_another_word_or_a_heading_are_the_claimed_people(more):
    text = "Melatonin improves sleep quality in older adults."
    assert not raised("other-population", text, "Melatonin improved sleep quality.",
                      **more)  # fmt: skip


def test_other_people_are_shown_by_the_sentence_that_counts_them():
    text = "Melatonin improves sleep quality in older adults."
    counted = "We studied 80 students."
    told = raised(
        "other-population", text, "Melatonin improved sleep quality.", counted
    )
    assert told == ("abstract", counted)


def test_the_condition_of_the_claim_in_the_text_makes_its_people_the_claimed_ones():
    text = "Melatonin improves sleep quality in people with diabetes."
    found = "Melatonin improved sleep quality."
    assert not raised("other-population", text, found, title="Melatonin and diabetes")
    assert raised("other-population", text, found, title="Melatonin and sleep")


@pytest.mark.parametrize(
    "title",
    [
        "Valerian in women with polycystic ovary syndrome",
        "Valerian for older adults: a trial",
        "Effect of valerian in hemodialysis patients",
        "Valerian and college students",
    ],
)
def test_a_title_that_confines_the_people_is_told_for_a_general_claim(title):
    assert raised("narrower-population", SLEEP, FOUND, title=title) == ("title", title)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (SLEEP, "Valerian in patients with insomnia"),
        (SLEEP, "Valerian in adults with poor sleep quality"),
        (SLEEP, "Valerian in children and adults"),
        (SLEEP, "Valerian in men and women"),
        (SLEEP, "Valerian and sleep"),
        (
            "Valerian improves sleep quality in older adults.",
            "Valerian in older adults",
        ),
        ("Valerian improves sleep quality in people who smoke.", "Valerian in nurses"),
    ],
)
def test_people_with_the_claimed_condition_or_a_confined_claim_are_not_told(
    text, title
):
    assert not raised("narrower-population", text, FOUND, title=title)


def test_regular_users_are_certain_people_for_an_effect_and_not_for_a_harm():
    counted = "In 60 regular users, valerian improved sleep quality."
    assert raised("narrower-population", SLEEP, counted) == ("abstract", counted)
    harm = "In 60 regular users, nausea was met with valerian."
    assert not raised("narrower-population", "Valerian can cause nausea.", harm)


def test_age_headings_of_children_alone_confine_a_study():
    young = headings("Humans", "Child", "Male", "Female")
    assert raised("narrower-population", SLEEP, FOUND, mesh=young) == (
        "MeSH heading",
        "Child",
    )
    all_ages = headings("Humans", "Child", "Adult")
    assert not raised("narrower-population", SLEEP, FOUND, mesh=all_ages)


def test_a_measured_sign_is_told_unless_the_claim_speaks_of_it():
    found = "Ashwagandha reduced cortisol."
    assert raised("surrogate-outcome", "Ashwagandha reduces stress.", found)
    assert not raised(
        "surrogate-outcome", "Ashwagandha reduces cortisol levels.", found
    )
    markers = "Ashwagandha reduced markers of stress."
    assert raised("surrogate-outcome", "Ashwagandha reduces stress.", markers)


def test_what_defines_a_state_is_no_stand_in_for_it():
    found = "Magnesium lowered systolic blood pressure."
    assert not raised("surrogate-outcome", "Magnesium lowers blood pressure.", found)


# --- dose, time, route, product -------------------------------------------------------


@pytest.mark.parametrize(
    ("dose", "given", "told"),
    [
        ("0.5 mg", "Valerian 300 mg was given nightly.", True),
        ("600 mg", "Valerian 0.6 g was given nightly.", False),
        ("600 mg", "Valerian 300 mg was given twice daily.", False),
        ("600 mg", "Valerian 300 to 900 mg was given nightly.", False),
        ("600 mg", "Valerian was given nightly.", False),
        ("600 mg", "They weighed 5 mg less.", False),
        ("600 mg", "Valerian 5 mg/kg was given nightly.", False),
    ],
)
def test_doses_are_compared_after_conversion(dose, given, told):
    text = f"Valerian {dose} improves sleep quality."
    assert bool(raised("other-dose", text, FOUND, given)) is told


@pytest.mark.parametrize(
    ("time", "took", "told"),
    [
        ("for 2 weeks", "It was taken for 12 weeks.", True),
        ("for 8 weeks", "It was taken for 2 months.", False),
        ("within 2 weeks", "It was taken for 12 weeks.", True),
        ("within 2 weeks", "It was taken for 3 days.", False),
        ("within 2 weeks", "It was taken for 1 week, and again after 12 weeks.", False),
        ("within 2 weeks", "This was a 12-week trial.", True),
        ("within 2 weeks", "They were 40 years old.", False),
    ],
)
def test_times_are_compared_and_a_limit_is_only_broken_by_a_longer_one(
    time, took, told
):
    text = f"Valerian improves sleep quality {time}."
    assert bool(raised("other-duration", text, FOUND, took)) is told


def test_an_injection_is_another_route_for_a_claim_that_names_none():
    found = "Intravenous magnesium reduced anxiety."
    assert raised("other-route", "Magnesium reduces anxiety.", found)
    assert not raised("other-route", "Intravenous magnesium reduces anxiety.", found)
    oral = "Oral magnesium reduced anxiety."
    assert not raised("other-route", "Magnesium reduces anxiety.", oral)


def test_a_route_far_from_the_name_is_not_its_route():
    found = "Magnesium reduced anxiety, while pain was treated with injections."
    assert not raised("other-route", "Magnesium reduces anxiety.", found)


def test_a_part_a_mixture_and_an_extract_are_other_products():
    part = "Mitragynine reduced pain."
    assert raised("other-product", "Kratom reduces pain.", part)
    whole = raised(
        "other-product", "Kratom reduces pain.", part, title="Kratom and pain"
    )
    assert not whole
    mixed = "Valerian plus hops improved sleep quality."
    assert raised("other-product", SLEEP, mixed)
    extract = "Valerian extract improved sleep quality."
    assert raised("other-product", "Valerian tea improves sleep quality.", extract)
    assert not raised("other-product", SLEEP, extract)


def test_a_member_of_a_class_is_no_part_of_it():
    found = "Morphine reduced pain."
    assert not raised("other-product", "Opioids reduce pain.", found)


# --- how it was studied ---------------------------------------------------------------


def test_a_study_that_only_watched_is_told_by_its_type_or_its_words():
    by_type = raised("association-as-cause", SLEEP, FOUND, publication_types=WATCHED)
    assert by_type == ("publication type", "Observational Study")
    words = "This was a cross-sectional survey."
    assert raised("association-as-cause", SLEEP, FOUND, words) == ("abstract", words)


def test_a_study_that_gave_something_did_not_only_watch():
    gave = "In this prospective study, the placebo group slept less."
    assert not raised("association-as-cause", SLEEP, FOUND, gave)


def test_a_study_against_a_claim_raises_no_flag_of_cause():
    against = "Valerian worsened sleep quality."
    told = flags(SLEEP, against, publication_types=WATCHED)
    assert "association-as-cause" not in told


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("In a subgroup of smokers, valerian improved sleep quality.", True),
        ("In a post hoc analysis, valerian improved sleep quality.", True),
        ("Valerian improved sleep quality in all subgroups.", False),
        ("Subgroup analysis was consistent: valerian improved sleep quality.", False),
        ("Valerian improved sleep quality (Tukey post hoc test).", False),
        (FOUND, False),
    ],
)
def test_a_finding_in_a_part_or_made_afterwards_is_told(sentence, told):
    assert bool(raised("subgroup-only", SLEEP, sentence)) is told


def test_a_title_tells_of_a_secondary_analysis():
    title = "Valerian and sleep: a secondary analysis of a trial"
    assert raised("subgroup-only", SLEEP, FOUND, title=title) == ("title", title)


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("This open study had no control group.", True),
        ("It was a single-arm trial.", True),
        ("This uncontrolled pilot study was short.", True),
        ("They had uncontrolled hypertension.", False),
        ("The control group got tea.", False),
    ],
)
def test_a_missing_control_group_is_told_by_words(sentence, told):
    types = ("Clinical Trial",)
    got = raised("no-control-group", SLEEP, FOUND, sentence, publication_types=types)
    assert got == (("abstract", sentence) if told else None)


def test_a_case_report_compares_with_nothing():
    got = raised("no-control-group", "Valerian can cause nausea.",
                 "Nausea was met with valerian.",
                 publication_types=("Case Reports",))  # fmt: skip
    assert got == ("publication type", "Case Reports")


def test_a_case_series_that_compares_has_a_group_to_compare_with():
    got = raised("no-control-group", "Valerian can cause nausea.",
                 "Nausea was met with valerian in 28% versus 8%.",
                 title="A case series")  # fmt: skip
    assert got is None


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Valerian improved self-rated sleep quality.", True),
        ("Valerian improved sleep quality, adjusted for self-reported smoking.", False),
        ("Valerian improved sleep quality and no self-reported illness.", False),
        (FOUND, False),
    ],
)
def test_self_report_is_told_where_it_is_of_the_outcome(sentence, told):
    got = raised("self-report", SLEEP, sentence, publication_types=TRIAL)
    assert bool(got) is told


def test_an_online_survey_rests_on_self_report_and_a_trial_with_one_does_not():
    survey = "An online survey was made."
    title = "A cross-sectional study"
    assert raised("self-report", SLEEP, FOUND, survey, title=title)
    got = raised("self-report", SLEEP, FOUND, survey, publication_types=TRIAL)
    assert got is None


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Twelve volunteers took it (n = 12).", True),
        ("It was given to 12 volunteers.", True),
        ("It was given to 120 volunteers.", False),
        ("Groups of men (n = 22) and women (n = 20) took it.", False),
        ("Few took it.", False),
    ],
)
def test_few_people_are_told_where_they_are_counted(sentence, told):
    got = raised("small-study", SLEEP, FOUND, sentence, publication_types=TRIAL)
    assert bool(got) is told


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("A. Roe is an employee of Invented Herbs Ltd.", True),
        ("A. Roe has received consulting fees from Invented Herbs.", True),
        ("A. Roe owns shares in Invented Herbs. B. Roe declares none.", True),
        ("A. Roe reports grants from Invented Pharma Inc.", True),
        ("The authors declare no conflict of interest.", False),
        ("The authors have no stock, patents or consulting fees to declare.", False),
        ("Neither author is an employee of a company.", False),
        ("A. Roe has received grants from the National Institute of Invention.", False),
        ("None.", False),
        ("", False),
    ],
)
def test_an_interest_is_told_where_one_is_declared(statement, told):
    flag = flags(SLEEP, FOUND, coi=statement).get("conflict-of-interest")
    assert bool(flag) is told
    if flag:
        assert flag.where == "interest statement"
        assert statement[flag.start : flag.end] == flag.raised_by


def test_a_maker_that_paid_is_told_by_the_sentence():
    paid = "The trial was funded by Invented Herbs Ltd."
    assert raised("conflict-of-interest", SLEEP, FOUND, paid) == ("abstract", paid)
    public = "The trial was funded by the Ministry of Health."
    assert not raised("conflict-of-interest", SLEEP, FOUND, public)


@pytest.mark.parametrize(
    ("text", "sentences", "told"),
    [
        (SLEEP, ["Valerian may improve sleep quality."], True),
        (SLEEP, ["Valerian might help to improve sleep quality."], True),
        (SLEEP, ["Valerian may improve sleep quality.", FOUND], False),
        ("Valerian may improve sleep quality.", ["Valerian may improve sleep quality."],
         False),
        (SLEEP, [FOUND], False),
        (SLEEP, ["Valerian improved sleep quality, which may be welcome."], False),
    ],
)  # fmt: skip
def test_a_dropped_hedge_is_told_unless_the_study_states_it_too(text, sentences, told):
    conclusion = {"category": "CONCLUSIONS", "publication_types": TRIAL}
    assert bool(raised("hedge-dropped", text, *sentences, **conclusion)) is told


# --- what the rules keep silent about -------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("In macaques, valerian improves sleep quality.", FOUND),
        ("Valerian reduces inflammation in macrophages.",
         "Valerian reduced inflammation."),
    ],
)  # fmt: skip
def test_a_claim_about_animals_or_genes_is_not_said_to_be_about_people(text, found):
    rats = {"title": "Valerian in rats", "mesh": headings("Animals")}
    assert "other-species" not in flags(text, found, **rats)


def test_a_claim_about_cancer_cells_stands_for_people():
    text = "Turmeric reduces inflammation in cancer cells."
    found = "Turmeric reduced inflammation."
    assert "in-vitro-only" in flags(text, found, title="Turmeric in vitro")


def test_what_is_given_by_needle_anyway_is_no_other_route():
    found = "Intravenous magnesium reduced anxiety."
    text = "Magnesium reduces anxiety after surgery."
    assert not raised("other-route", text, found)


def test_a_model_that_was_computed_did_not_watch():
    computed = "We simulated a cohort."
    assert not raised("association-as-cause", SLEEP, FOUND, computed)
    assert raised("association-as-cause", SLEEP, FOUND, "We followed a cohort.")


def test_a_survey_beside_laboratory_tests_is_not_all_that_a_study_rests_on():
    asked = "An online survey was made."
    measured = "Blood was drawn."
    title = "A cross-sectional study"
    assert raised("self-report", SLEEP, FOUND, asked, title=title)
    assert not raised("self-report", SLEEP, FOUND, asked, measured, title=title)


def test_a_part_of_the_people_is_not_taken_for_all():
    part = "In this trial 12 patients had nausea, 40 patients had none."
    assert not raised("small-study", SLEEP, FOUND, part, publication_types=TRIAL)
    aside = "Twelve patients had nausea."
    assert not raised("small-study", SLEEP, FOUND, aside, publication_types=TRIAL)

"""A claim becomes searches: narrow first, then wider, in PubMed's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.claims.find import find_claims
from assay.claims.terms import GROUP_LIMIT, oppose, plan_search
from assay.claims.topics import widen
from tests.claim_samples import article, shipped
from tests.standin.query import parse_query


def plan(text, title=""):
    read = article(text, title)
    words = widen(shipped(), read)
    (asked,) = [c for c in find_claims(read, words) if c.checkable][:1]
    return plan_search(asked, words)


def queries(text):
    return [step.query for step in plan(text).steps]


def test_the_first_search_asks_for_the_thing_and_the_outcome():
    first = queries("Valerian improves sleep quality.")[0]
    assert '"valerian"[tiab]' in first
    assert '"Valerian"[mh]' in first
    assert '"sleep quality"[tiab]' in first
    assert ") AND (" in first


def test_the_people_it_is_about_are_asked_for_first_and_then_dropped():
    searches = queries("Melatonin improves sleep in children.")
    assert '"children"[tiab]' in searches[0]
    assert '"children"[tiab]' not in searches[1]


def test_the_last_search_is_wider_than_the_first():
    labels = [s.label for s in plan("Valerian improves sleep quality.").steps]
    assert labels[0] == "valerian and sleep quality"
    assert labels[-1] == "valerian and sleep"


def test_a_narrower_thing_is_asked_for_under_the_wider_ones_name():
    assert '"mitragynine"[tiab]' in queries("Kratom eases pain.")[0]


def test_what_the_vocabulary_does_not_know_is_searched_for_too():
    first = queries("Moringa tea relieves eye strain.")[0]
    assert '"moringa tea"[tiab]' in first
    assert '"eye strain"[tiab]' in first


@pytest.mark.parametrize(
    "text",
    [
        "Kava contains kavalactones and other alkaloids.",
        "Kava is often used as a ceremonial drink.",
        "Research on kava is limited.",
        "Kava is native to Fiji.",
    ],
)
def test_claims_about_the_thing_itself_end_with_the_thing_alone(text):
    assert plan(text).steps[-1].label == "kava"


def test_a_recommendation_is_sought_in_guidelines():
    steps = plan("CBT-I is the first-line treatment for insomnia.").steps
    assert any("recommendations" in s.label for s in steps)


def test_a_precaution_asks_for_interactions_and_harms():
    (first, *_) = plan("You should not take kava with other medications.").steps
    assert "drug interactions" in first.label


def test_how_common_a_thing_is_is_asked_without_an_exposure():
    assert "frequency" in plan("Insomnia is common.").steps[-1].label


def test_a_claim_that_names_nothing_has_no_search():
    read = article("It is what it is.")
    assert all(
        not plan_search(c, shipped()).steps for c in find_claims(read, shipped())
    )


def test_the_words_are_told_for_each_concept():
    told = dict(plan("Valerian improves sleep quality.").words)
    assert "valeriana officinalis" in told["valerian"]
    assert "psqi" in told["sleep quality"]


def test_a_group_never_grows_past_its_limit():
    steps = plan("Alternative remedies improve sleep.").steps
    assert all(len(g) <= GROUP_LIMIT for s in steps for g in s.groups)


def test_a_star_is_sent_only_where_pubmed_takes_it():
    searches = queries("Kava causes sedation.")
    assert "sedat*[tiab]" in searches[0]


EXPOSURES = ["kratom", "valerian", "vitamin-d", "exercise", "cbt-i", "opioids"]
OUTCOMES = ["sleep", "pain", "liver-injury", "opioid-withdrawal", "insomnia", "mood"]


@given(st.sampled_from(EXPOSURES), st.sampled_from(OUTCOMES))
def test_every_search_is_a_query_that_pubmed_can_read(exposure, outcome):
    concepts = shipped().concepts
    text = f"{concepts[exposure].label} worsens {concepts[outcome].label}."
    for query in queries(text):
        assert parse_query(query) is not None
        assert query.count('"') % 2 == 0
        assert query.count("(") == query.count(")")


@pytest.mark.parametrize(
    ("text", "against"),
    [
        ("Valerian improves sleep quality.", "no effect*"),
        ("Valerian causes liver injury.", "safe*"),
        ("Valerian is free of side effects.", "toxic*"),
        ("Valerian has no effect on sleep quality.", "improv*"),
    ],
)
def test_what_would_speak_against_a_claim_hangs_on_what_it_says(text, against):
    asked = plan(text)
    assert against in asked.against
    query = oppose(asked.steps[0], asked.against).query
    assert parse_query(query) is not None
    assert query.startswith(f"({asked.steps[0].query}) AND (")


def test_nothing_speaks_against_a_description():
    assert plan("Valerian contains alkaloids.").against == ()

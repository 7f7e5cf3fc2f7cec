"""Bullet points without a verb, lists of side effects, and what is no claim."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.claims.find import find_claims
from assay.claims.fragments import Lead, name_lead, read_fragment
from assay.claims.topics import widen
from tests.claim_samples import article, shipped


def items(*lines, before="Valerian root costs $12.", title="Valerian"):
    """Return the texts of the checkable claims of a list under a paragraph."""
    read = article("\n".join((before, *lines)), title)
    kinds = ["paragraph", *("item" for _ in lines)]
    blocks = tuple(b._replace(kind=k) for b, k in zip(read.blocks, kinds, strict=True))
    read = type(read)(
        name="x",
        title=title,
        text=read.text,
        blocks=blocks,
        sentences=read.sentences,
    )
    found = find_claims(read, widen(shipped(), read))
    return [(c.text, str(c.frame.direction)) for c in found if c.checkable]


def test_a_comparison_alone_is_claimed_of_the_topic():
    assert items("Fewer headaches") == [
        ("Valerian brings fewer headaches", "decreases")
    ]


def test_each_state_of_a_list_of_states_is_a_claim():
    told = [text for text, _ in items("Non-habit-forming and 100% safe")]
    assert told == ["Valerian is non-habit-forming", "Valerian is 100% safe"]


def test_a_promise_is_one_only_where_something_is_sold():
    (claim,) = items("Sleep better")
    assert claim == ("Valerian helps people sleep better", "improves")
    assert items("Sleep better", before="Valerian is a root.")[1:] == []


def test_a_list_of_side_effects_is_told_of_the_topic():
    found = items("nausea", "headache", before="Possible side effects are:")
    assert [text for text, _ in found[-2:]] == [
        "Valerian can cause nausea",
        "Valerian can cause headache",
    ]


@pytest.mark.parametrize(
    "line",
    ["Store below 25 C", "Take two capsules", "90 vegan capsules", "About us", ""],
)
def test_other_lines_are_no_claims(line):
    assert read_fragment(line, selling=True, lead=Lead.OTHER) == ()


def test_only_a_line_that_names_harms_opens_a_list_of_them():
    assert name_lead("**Side effects may include:**", heading=False) is Lead.HARMS
    assert name_lead("What could go wrong?", heading=True) is Lead.HARMS
    assert not name_lead("Side effects are rare.", heading=False)


def test_a_line_that_names_benefits_opens_a_list_of_effects():
    assert name_lead("What it really does:", heading=False) is Lead.EFFECTS
    found = items("zilch for headache", "two hours more sleep", before="What it does:")
    assert found == [
        ("Valerian has no effect on headache", "no effect"),
        ("Valerian brings two hours more sleep", "increases"),
    ]


def test_the_signs_of_an_ailment_are_told_of_it():
    found = items(
        "burning when you pass water", before="You may notice:", title="Cystitis"
    )
    assert [text for text, _ in found] == [
        "Urinary tract infection can cause burning when you pass water"
    ]


@given(st.text(max_size=60), st.booleans(), st.sampled_from(Lead))
def test_any_line_is_read_with_its_place(line, selling, lead):
    for clause in read_fragment(line, selling=selling, lead=lead):
        assert 0 <= clause.start < clause.end <= len(line)
        assert clause.predicate

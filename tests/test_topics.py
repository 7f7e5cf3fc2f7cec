"""What the vocabulary does not know is taken from the article itself."""

import pytest

from assay.claims.topics import MOST, widen
from tests.claim_samples import article, claim, keys, shipped


def added(text):
    """Return {label: (kind, words)} of the concepts that an article adds."""
    words = widen(shipped(), article(text))
    new = [c for k, c in words.concepts.items() if k not in shipped().concepts]
    return {c.label: (c.kind, c.words) for c in new}


def test_an_unknown_herb_and_an_unknown_ailment_become_concepts():
    assert added("Moringa tea relieves eye strain.") == {
        "moringa": ("exposure", ("moringa tea", "moringa")),
        "eye strain": ("outcome", ("eye strain",)),
    }


def test_two_forms_of_one_thing_are_one_concept():
    new = added("Zorvel tea lowers pain. Zorvel extract eases anxiety.")
    assert new == {"zorvel": ("exposure", ("zorvel tea", "zorvel", "zorvel extract"))}


def test_a_known_herb_adds_nothing():
    assert added("Valerian relieves anxiety.") == {}


def test_the_last_verb_of_a_chain_has_the_object():
    assert "bacterial growth" in added("Zorvel can help reduce bacterial growth.")


def test_how_a_thing_is_measured_is_not_the_thing():
    assert "falls" in added("Zorvel lowers the rate of falls.")


def test_a_coordinated_verb_has_the_same_subject():
    assert set(added("Zorvel softens and gradually eliminates warts.")) >= {"warts"}


@pytest.mark.parametrize(
    "text",
    [
        "It relieves pain.",
        "Some people improve.",
        "Stopping suddenly causes pain.",
        "Larger amounts cause pain.",
        "In mice, valerian reduced anxiety.",
        "Contrary to reports, valerian reduces anxiety.",
        "Does moringa relieve eye strain?",
        "Three cups of tea reduce stress.",
        "You should avoid moringa.",
        "Individuals seeking relief improve.",
    ],
)
def test_words_that_name_nothing_become_no_exposure(text):
    assert [k for k, (kind, _) in added(text).items() if kind == "exposure"] == []


def test_a_thing_that_is_relieved_is_bad_and_one_that_is_improved_is_good():
    text = "Moringa relieves eye strain. Moringa improves stamina."
    words = widen(shipped(), article(text))
    assert words.concepts["topic-eye-strain"].sense == -1
    assert words.concepts["topic-stamina"].sense == 1


def test_a_claim_on_unknown_things_is_framed_like_any_other():
    found = claim("Moringa tea relieves eye strain.")
    assert found.checkable
    assert keys(found.frame.exposure) == ["topic-moringa-tea"]
    assert keys(found.frame.outcome) == ["topic-eye-strain"]


def test_an_article_of_many_names_adds_no_more_than_can_be_searched():
    letters = "bcdfghjklmnprst"
    names = [f"z{a}or{b}el" for a in letters for b in letters]
    assert len(added(" ".join(f"{n.title()} relieves pain." for n in names))) == MOST

"""The claims of an article: what is asserted, of what, in which very words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.claims.find import find_claims
from assay.claims.topics import widen
from assay.model import Block
from tests.claim_samples import article, claim, claims, keys, shipped, texts

STORY = (
    "Zorvel tea is grown in Peru. It may ease anxiety, and it improves sleep quality. "
    "However, its makers say that zorvel cures insomnia. You should ask your doctor.\n"
    "Valerian is another herb. It reduces the time to fall asleep and the number of "
    "awakenings. Is it safe?\n"
    "Caffeine is rich in antioxidants, which fight inflammation."
)


def test_a_claim_keeps_its_very_words():
    read = article(STORY, "Zorvel for sleep")
    found = find_claims(read, widen(shipped(), read))
    assert len(found) > 6
    for one in found:
        assert read.text[one.start : one.end] == one.sentence
        assert one.start <= one.clause.start < one.clause.end <= one.end


def test_claims_stand_in_reading_order():
    found = claims(STORY, "Zorvel for sleep")
    assert [c.start for c in found] == sorted(c.start for c in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Valerian reduces the time to fall asleep and the number of awakenings.",
            [
                "Valerian reduces the time to fall asleep",
                "Valerian reduces the number of awakenings",
            ],
        ),
        (
            "Garlic can prevent flu, high blood pressure and cancer.",
            [
                "Garlic can prevent flu",
                "Garlic can prevent high blood pressure",
                "Garlic can prevent cancer",
            ],
        ),
        (
            "Exercise lowers blood pressure, boosts mood and protects the heart.",
            [
                "Exercise lowers blood pressure",
                "Exercise boosts mood",
                "Exercise protects the heart",
            ],
        ),
        (
            "Melatonin eases jet lag, improving sleep.",
            ["Melatonin eases jet lag", "Melatonin improves sleep"],
        ),
        (
            "Baking soda dissolves a wart and gradually eliminates the wart.",
            [
                "Baking soda dissolves a wart",
                "Baking soda gradually eliminates the wart",
            ],
        ),
    ],
)
def test_a_compound_sentence_gives_a_claim_for_each_thing_it_asserts(text, expected):
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Valerian is a herb. It eases anxiety.", "Valerian eases anxiety"),
        ("Valerian and kava are herbs. They ease anxiety.", None),
        (
            "Statins are drugs. They can cause muscle pain.",
            "Statins can cause muscle pain",
        ),
        ("Ginger tea warms, and it is used to treat nausea.", None),
        (
            "Caffeine is popular, but stopping it suddenly can cause headaches.",
            "Stopping caffeine suddenly can cause headaches",
        ),
        ("Ginger is a root. Its extract relieves nausea.", None),
    ],
)
def test_a_pronoun_stands_for_what_was_spoken_of(text, last):
    found = claims(text, text.split(maxsplit=1)[0])
    assert found[-1].frame.exposure
    if last:
        assert found[-1].text == last


def test_a_pronoun_follows_the_ailment_when_that_was_the_subject():
    found = claims("Insomnia is a sleep disorder. It affects one in three people.")
    assert found[-1].text == "Insomnia affects one in three people"
    assert keys(found[-1].frame.outcome) == ["insomnia"]


def test_which_speaks_of_the_thing_right_before_it():
    (_, second) = claims("Zorvel contains L-theanine, which promotes relaxation.")
    assert second.text == "L-theanine promotes relaxation"


def test_which_with_a_plural_verb_speaks_of_the_plural_thing():
    found = claims("Coffee is rich in antioxidants, which fight inflammation.")
    assert found[-1].text == "Antioxidants fight inflammation"
    assert found[-1].frame.exposure == ()


@pytest.mark.parametrize(
    "subject", ["Baking soda", "A hot bath", "Insomnia", "The moon", "Dr Roe's method"]
)
def test_what_a_sentence_says_of_another_thing_is_not_said_of_the_topic(subject):
    found = claims(f"Kava is a herb. {subject} eases pain.", "All about kava")
    assert "kava" not in {k for c in found[1:] for k in keys(c.frame.exposure)}


@pytest.mark.parametrize(
    "subject", ["Regular use", "A cup in the evening", "Larger amounts", "Taking it"]
)
def test_what_names_nothing_new_is_said_of_the_topic(subject):
    found = claims(f"{subject} improves sleep.", "All about kava")
    assert keys(found[0].frame.exposure) == ["kava"]


def test_people_with_a_trouble_are_not_what_acts():
    found = claims("Adults seeking rest may find kava helpful for sleep.", "Herbs")
    assert keys(found[0].frame.exposure) == ["kava"]


def test_attribution_is_kept_and_its_words_are_not_asserted():
    found = claim("“Valerian improves sleep,” said Dr Jane Roe.")
    assert found.text == "Valerian improves sleep"
    assert found.frame.attribution == "Dr Jane Roe"
    found = claim("According to the FDA, kava can damage the liver.")
    assert found.frame.attribution == "According to the FDA"


def test_no_evidence_that_stays_in_the_words_of_the_claim():
    found = claim("There is no evidence that turmeric cures cancer.")
    assert found.text == "There is no evidence that turmeric cures cancer"
    assert found.sentence[found.clause.start : found.clause.end] == found.text


@pytest.mark.parametrize(
    "text",
    [
        "Is valerian safe?",
        "Always talk to your doctor.",
        "Read on to learn more about valerian.",
        "Add to cart.",
        "These statements have not been evaluated by the Food and Drug Administration.",
        "This product is not intended to diagnose, treat, cure or prevent any disease.",
        "Half were given 2,000 IU of vitamin D a day.",
        "The researchers followed 25,871 people for five years.",
        "Click here to subscribe.",
    ],
)
def test_questions_orders_navigation_and_methods_are_no_claims(text):
    assert [c for c in claims(text, "Valerian") if c.checkable] == []


def test_one_persons_story_cannot_be_checked():
    found = claims("I drank valerian tea every night and slept better.")
    assert all(not c.checkable for c in found)


def test_titles_and_headings_assert_nothing():
    read = article("Valerian improves sleep.\nKava eases pain.")
    kinds = ("heading", "paragraph")
    blocks = tuple(
        Block(kind, b.start, b.end) for kind, b in zip(kinds, read.blocks, strict=True)
    )
    headed = type(read)(
        name="x", title="", text=read.text, blocks=blocks, sentences=read.sentences
    )
    assert [c.text for c in find_claims(headed, shipped())] == ["Kava eases pain"]


def test_a_sentence_without_an_end_is_not_read():
    assert claims("Kava eases pain, " * 2000) == ()


def test_an_article_on_nothing_known_inherits_nothing():
    found = claims("It improves sleep. It eases pain.")
    assert all(c.frame.exposure == () for c in found)


def test_claims_agree_with_their_subject_in_number():
    assert "Melatonin reduces stress" in texts(
        "Melatonin calms people, reducing stress."
    )
    assert texts("Red-vein strains are sold, because they contain alkaloids.")[-1] == (
        "Red-vein strains contain alkaloids"
    )


WORDS = st.lists(
    st.sampled_from(
        "kava it they sleep improves may not and , which “ ” said that reduces pain by "
        "taking because there is no evidence risk of ; ( 20 % than İ \u00a0 . ?".split(
            " "
        )
    ),
    max_size=25,
).map(" ".join)


@settings(deadline=None)
@given(st.text(max_size=150) | WORDS)
def test_any_text_is_read_without_an_error_and_with_exact_spans(text):
    read = article(text, "Kava")
    for one in find_claims(read, widen(shipped(), read)):
        assert read.text[one.start : one.end] == one.sentence
        assert one.start <= one.clause.start <= one.clause.end <= one.end
        assert one.text


def test_what_acts_on_something_to_bring_something_about_makes_two_claims():
    found = texts("Valerian acts on GABA receptors in the brain to ease anxiety.")
    assert found == [
        "Valerian acts on GABA receptors in the brain",
        "Valerian eases anxiety",
    ]


def test_a_heading_tells_what_the_lines_under_it_speak_of():
    read = article("Ginger\nIt eases nausea.\nHoney\nIt quiets a cough.", "Remedies")
    kinds = ("heading", "paragraph", "heading", "paragraph")
    blocks = tuple(
        Block(kind, b.start, b.end) for kind, b in zip(kinds, read.blocks, strict=True)
    )
    read = type(read)(
        name="x",
        title="Remedies",
        text=read.text,
        blocks=blocks,
        sentences=read.sentences,
    )
    found = [c.text for c in find_claims(read, shipped())]
    assert found == ["Ginger eases nausea", "Honey quiets a cough"]


def test_an_article_on_an_ailment_lends_it_to_sentences_that_name_nothing():
    text = "Gout is painful. Gout is old. Men are affected more often than women."
    found = claims(text, "Gout")[-1]
    assert found.checkable
    assert keys(found.frame.outcome) == ["gout"]


def test_he_and_she_are_nobody_that_was_spoken_of():
    assert all(not c.checkable for c in claims("Kava is a herb. He slept well.")[1:])


def test_without_a_title_the_thing_named_most_often_is_what_it_is_about():
    told = texts(
        "We were asked about creatine by many readers of this paper again this year.\n"
        "Creatine is made by the liver. About one person in four barely responds."
    )
    assert "Creatine is made by the liver" in told


def test_a_list_of_things_does_not_change_what_is_spoken_of():
    told = texts(
        "Smoking, sugar and alcohol age the skin. It is a hormone.", "Melatonin"
    )
    assert told[-1] == "Melatonin is a hormone"

"""The vocabulary is data: read from TOML, added to by the person, matched in texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.claims.headings import parse_headings, spell
from assay.claims.vocabulary import KINDS, Concept, Vocabulary, parse_vocabulary
from assay.edge.packaged import read_packaged_text
from assay.errors import SettingsError
from tests.claim_samples import shipped

TEA = """
[tea]
kind = "exposure"
label = "tea"
words = ["tea", "green tea"]

[matcha]
kind = "exposure"
broader = ["tea"]
words = ["matcha"]

[sleep]
kind = "outcome"
sense = "good"
words = ["sleep", "sleep quality", "drows*"]
"""


def met(text, words=None):
    words = words or parse_vocabulary(TEA)
    return [(m.concept, text[m.start : m.end]) for m in words.mentions(text)]


def test_the_longest_words_win():
    assert met("Green tea improves sleep quality.") == [
        ("tea", "Green tea"),
        ("sleep", "sleep quality"),
    ]


def test_plurals_hyphens_and_line_breaks_do_not_hide_a_word():
    assert met("teas") == [("tea", "teas")]
    assert met("green-tea") == [("tea", "green-tea")]
    assert met("green\n  tea") == [("tea", "green\n  tea")]


def test_a_star_lets_a_word_go_on():
    assert met("drowsiness") == [("sleep", "drowsiness")]


def test_a_word_inside_another_is_not_met():
    assert met("steamed teapots asleeping") == []


def test_a_word_of_two_concepts_gives_a_mention_of_each():
    text = TEA + '\n[people]\nkind = "population"\nwords = ["sleep"]\n'
    assert {c for c, _ in met("sleep", parse_vocabulary(text))} == {"sleep", "people"}


def test_ignored_phrases_hide_what_they_only_look_like():
    text = TEA + '\n[not]\nkind = "ignored"\nwords = ["tea tree"]\n'
    assert met("tea tree", parse_vocabulary(text)) == []


def test_a_later_text_adds_to_the_tables_of_an_earlier_one():
    own = (
        '[tea]\nwords = ["rooibos"]\n[yarrow]\nkind = "exposure"\nwords = ["yarrow"]\n'
    )
    words = parse_vocabulary(TEA, own)
    assert met("rooibos, tea and yarrow", words) == [
        ("tea", "rooibos"),
        ("tea", "tea"),
        ("yarrow", "yarrow"),
    ]


def test_a_narrower_concept_lies_within_the_wider_one():
    words = parse_vocabulary(TEA)
    assert words.within("matcha", "tea")
    assert not words.within("tea", "matcha")
    assert [c.key for c in words.narrower("tea")] == ["tea", "matcha"]
    assert words.ancestors("matcha") == {"tea"}


def test_concepts_that_are_broader_than_each_other_do_not_hang_the_reader():
    text = "".join(
        f'[{a}]\nkind = "outcome"\nwords = ["{a}"]\nbroader = ["{b}"]\n'
        for a, b in (("up", "down"), ("down", "up"))
    )
    assert parse_vocabulary(text).within("up", "down")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tea", "not valid TOML"),
        ('tea = "x"', "tea must be a table"),
        ('[tea]\nkind = "drink"\nwords = ["tea"]', "kind must be one of exposure"),
        ('[tea]\nkind = "exposure"\nwords = []', "words must not be empty"),
        ('[tea]\nkind = "exposure"\nwords = "tea"', "words must be a list of strings"),
        ('[tea]\nkind = "exposure"\nwords = [1]', "words must be a list of strings"),
        ('[tea]\nkind = 3\nwords = ["tea"]', "kind must be a string"),
        ('[tea]\nkind = "outcome"\nsense = "fine"\nwords = ["tea"]', "good or bad"),
        ('[tea]\nkind = "outcome"\nword = ["tea"]', "unknown key word"),
    ],
)
def test_a_mistake_is_told_in_one_sentence_that_names_the_place(text, said):
    with pytest.raises(SettingsError) as caught:
        parse_vocabulary(text)
    message = str(caught.value)
    assert said in message
    assert "\n" not in message
    assert message.endswith(".")


def test_the_shipped_vocabulary_is_whole():
    words = shipped()
    for concept in words.concepts.values():
        assert concept.kind in KINDS
        assert set(concept.broader) <= set(words.concepts), concept.key
        assert all(w == w.lower() for w in concept.words), concept.key


def test_every_shipped_word_is_met_as_its_own_concept():
    words = shipped()
    lost = [
        (concept.key, word)
        for concept in words.concepts.values()
        for word in concept.words
        if concept.kind != "ignored"
        and concept.key not in {k for k, _ in met(word.removesuffix("*"), words)}
    ]
    assert lost == []


@given(st.text(max_size=200))
def test_mentions_lie_inside_any_text_and_in_order(text):
    met_here = shipped().mentions(text)
    assert list(met_here) == sorted(met_here, key=lambda m: m.start)
    assert all(0 <= m.start < m.end <= len(text) for m in met_here)


def test_a_vocabulary_without_words_meets_nothing():
    assert Vocabulary(()).mentions("tea") == ()
    assert Concept(key="x", kind="outcome", label="x", words=()).sense == 0


def test_a_heading_is_found_by_each_of_its_names_in_either_spelling():
    headings = parse_headings(read_packaged_text("headings.tsv"))
    wanted = {}
    for heading in headings.all[::7]:
        for name in heading.names:
            for spelling in spell(name):
                wanted[spelling.replace("-", " ")] = heading
    assert any("ae" in name for name in wanted)
    assert all(wanted[name] in headings.by_name[name] for name in wanted)


def test_no_name_is_spelled_in_a_way_that_is_neither_american_nor_british():
    lines = "disease\tX\tC1\tiron-deficiency anemia|oedema of a tumor|caecal fibre"
    assert set(parse_headings(lines).by_name) == {
        "iron deficiency anemia",
        "iron deficiency anaemia",
        "oedema of a tumor",
        "oedema of a tumour",
        "caecal fibre",
    }

"""Sentences are cut into their assertions, and speech is told from what is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.claims.clauses import spell_out, split_clauses
from assay.claims.speech import peel_speech


def cut(sentence):
    return [(c.subject, c.predicate) for c in split_clauses(sentence)]


def predicates(sentence):
    return [c.predicate for c in split_clauses(sentence)]


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("Valerian reduces anxiety.", ["reduces anxiety"]),
        (
            "Zorvel is grown in Peru and is sold as a tea.",
            ["is grown in Peru", "is sold as a tea"],
        ),
        (
            "Zorvel lowers pain, boosts mood and protects the heart.",
            ["lowers pain", "boosts mood", "protects the heart"],
        ),
        (
            "Zorvel can reduce pain, improve sleep and boost mood.",
            ["can reduce pain", "improve sleep", "boost mood"],
        ),
        (
            "It calms the mind, but it can cause nausea.",
            ["calms the mind", "can cause nausea"],
        ),
        ("It helps; it also harms.", ["helps", "harms"]),
    ],
)
def test_coordinated_assertions_are_taken_apart(sentence, parts):
    assert predicates(sentence) == parts


@pytest.mark.parametrize(
    "sentence",
    [
        "Zorvel relieves pain and anxiety.",
        "Zorvel reduces the use of tea and other herbs.",
        "Zorvel causes nausea, vomiting and headaches.",
    ],
)
def test_a_list_of_things_is_not_a_list_of_assertions(sentence):
    assert len(predicates(sentence)) == 1


def test_a_relative_clause_is_an_assertion_of_its_own():
    assert [
        c.link for c in split_clauses("It holds zorvelin, which binds to GABA.")
    ] == [
        "main",
        "which",
    ]


def test_people_who_did_something_are_one_subject():
    assert cut("People who took zorvel slept better.") == [
        ("People who took zorvel", "slept better")
    ]


def test_a_noun_that_could_be_a_verb_may_open_a_sentence():
    assert cut("Sleep hygiene is advised.") == [("Sleep hygiene", "is advised")]
    assert predicates("Use the tea when it helps.") == []


def test_by_doing_and_participles_hang_on_the_clause_before():
    said = split_clauses("It helps by reducing stress, improving mood.")
    assert [c.link for c in said] == ["main", "by", "participle"]


def test_a_leading_condition_is_not_asserted():
    assert predicates("If you are pregnant, zorvel is harmful.") == ["is harmful"]


def test_a_leading_concession_is_asserted_too():
    said = predicates("While zorvel is popular, it can cause nausea.")
    assert said == ["is popular", "can cause nausea"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Keep regular hours and give it a few weeks.",
        "Do not take it as advice.",
        "Avoid caffeine before bed.",
        "Valerian root.",
        "",
        "...",
    ],
)
def test_orders_and_fragments_assert_nothing(sentence):
    assert predicates(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "what", "source"),
    [
        ("Studies show that zorvel helps.", "zorvel helps.", "Studies show that"),
        (
            "“Zorvel does nothing,” said Dr Jane Roe, who led it.",
            "Zorvel does nothing",
            "Dr Jane Roe",
        ),
        ('"It works," she added.', "It works", "she"),
        ("Zorvel lowers pain, experts say.", "Zorvel lowers pain", "experts"),
        (
            "Zorvel lowers pain, according to a study in a journal.",
            "Zorvel lowers pain",
            "a study in a journal",
        ),
        (
            "According to the makers, zorvel works.",
            "zorvel works.",
            "According to the makers",
        ),
        ("Advocates claim zorvel works.", "zorvel works.", "Advocates claim"),
        ("However, zorvel works.", "zorvel works.", ""),
        ("Contrary to popular belief, zorvel is useless.", "zorvel is useless.", ""),
        ("It is important to note that zorvel works.", "zorvel works.", ""),
        (
            "In a small study of 20 adults, zorvel worked.",
            "zorvel worked.",
            "In a small study of 20 adults",
        ),
        ("Zorvel has been reported to help.", "Zorvel has been reported to help.", ""),
        (
            "It can ache, although this is rarer than many believe.",
            "It can ache, although this is rarer than many believe.",
            "",
        ),
    ],
)
def test_who_says_it_is_kept_apart_from_what_is_said(sentence, what, source):
    said = peel_speech(sentence)
    assert sentence[said.start : said.end] == what
    assert said.source == source


@pytest.mark.parametrize(
    ("sentence", "denied"),
    [
        ("There is no evidence that zorvel cures warts.", True),
        ("There was no proof that zorvel cures warts.", True),
        ("It's a myth that zorvel cures warts.", True),
        ("Nobody has shown that zorvel cures warts.", True),
        ("No trial has ever found that zorvel cures warts.", True),
        ("There is no good evidence that zorvel cures warts.", False),
        ("There is evidence that zorvel cures warts.", False),
    ],
)
def test_no_evidence_that_is_a_denial(sentence, denied):
    assert peel_speech(sentence).denied is denied
    assert [c.denied for c in split_clauses(sentence)][:1] == [denied]


def test_a_denial_reaches_a_list_but_not_past_a_but():
    said = split_clauses("There is no evidence that it cures warts, but it eases pain.")
    assert [c.denied for c in said] == [True, False]


def test_a_denied_clause_begins_with_its_denial():
    sentence = "However, there is no evidence that zorvel cures warts."
    (clause,) = split_clauses(sentence)
    assert sentence[clause.start : clause.end].startswith("there is no evidence")


@given(
    st.text(max_size=120)
    | st.text('tea helps, and; which (may) "say" by\'s.', max_size=90)
)
def test_any_text_is_cut_into_spans_of_itself(text):
    for clause in split_clauses(text):
        assert 0 <= clause.start < clause.end <= len(text)
        assert clause.predicate in text


def test_since_before_a_noun_alone_starts_no_clause():
    (clause,) = split_clauses(
        "Valerian has been used since antiquity as a calming herb."
    )
    assert clause.predicate == "has been used since antiquity as a calming herb"


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        (
            "Zorvel acts on receptors in the brain to ease pain.",
            ["acts on receptors in the brain", "ease pain"],
        ),
        (
            "By relaxing the arteries, zorvel lowers blood pressure.",
            ["lowers blood pressure", "relaxing the arteries"],
        ),
        (
            "Smoke is hard on the lungs: it brings on cough.",
            ["is hard on the lungs", "brings on cough"],
        ),
        (
            "People drank it for years and their livers are fine.",
            ["drank it for years", "are fine"],
        ),
        (
            "The trouble is that it wears off, and users need more.",
            ["wears off", "need more"],
        ),
        (
            "It needs care but continued misuse can harm the liver.",
            ["needs care", "can harm the liver"],
        ),
        ("Zorvel helps people to sleep.", ["helps people to sleep"]),
        ("It works by blocking adenosine.", ["works by blocking adenosine"]),
    ],
)
def test_purpose_means_colons_and_new_subjects_part_assertions(sentence, parts):
    assert predicates(sentence) == parts


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        (
            "zorvel calms nerves. it also helps the skin.",
            ["calms nerves", "helps the skin"],
        ),
        (
            "It is three acids, your liver makes a gram of it.",
            ["is three acids", "makes a gram of it"],
        ),
        ("Zorvel eases pain, no one knows why.", ["eases pain", "knows why"]),
        ("New and rather wild: a single dose lifts mood.", ["lifts mood"]),
        ("GUEST: Well, it lifts the mood.", ["lifts the mood"]),
        ("3/ A single dose lifts the mood.", ["lifts the mood"]),
        ("does it work? it lifts the mood.", ["lifts the mood"]),
    ],
)
def test_loose_speech_is_cut_like_any_other(sentence, parts):
    assert predicates(sentence) == parts


@pytest.mark.parametrize(
    ("sentence", "predicate"),
    [
        ("its a blood pressure drug", "is a blood pressure drug"),
        ("theyre safe for the skin", "are safe for the skin"),
        ("For hair there's very little", "is very little"),
    ],
)
def test_a_verb_shortened_without_an_apostrophe_is_one(sentence, predicate):
    (clause,) = split_clauses(sentence)
    assert spell_out(clause).predicate == predicate


def test_its_before_a_noun_is_no_verb():
    assert cut("its smell keeps cats away") == [("its smell", "keeps cats away")]

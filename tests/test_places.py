"""Introductions, aims and methods find nothing, however they are headed."""

import pytest

from assay.claims.article import parse_article
from assay.claims.find import find_claims
from assay.evidence.places import find_place, tells_of_earlier_work
from assay.evidence.reading import read_record
from assay.evidence.stance import judge_line
from assay.model import Stance
from assay.record import Record, Section
from tests.eval.checking import read_words


@pytest.mark.parametrize(
    ("label", "category", "place"),
    [
        ("RESULTS", "RESULTS", "RESULTS"),
        ("Results", "UNASSIGNED", "RESULTS"),
        ("FINDINGS", "", "RESULTS"),
        ("METHODS AND RESULTS", "", "RESULTS"),
        ("CONCLUSIONS AND RELEVANCE", "UNASSIGNED", "CONCLUSIONS"),
        ("INTERPRETATION", "", "CONCLUSIONS"),
        ("PURPOSE", "", "OBJECTIVE"),
        ("BACKGROUND AND AIM", "UNASSIGNED", "OBJECTIVE"),
        ("Introduction", "UNASSIGNED", "BACKGROUND"),
        ("TRIAL REGISTRATION", "UNASSIGNED", "BACKGROUND"),
        ("DESIGN, SETTING, AND PARTICIPANTS", "UNASSIGNED", "METHODS"),
        ("MAIN OUTCOMES AND MEASURES", "UNASSIGNED", "METHODS"),
        ("CASE PRESENTATION", "METHODS", "RESULTS"),
        ("", "", ""),
        ("ABSTRACT", "UNASSIGNED", ""),
    ],
)
def test_a_section_is_known_by_its_category_else_by_its_heading(label, category, place):
    assert find_place(Section("It fell.", label, category)) == place


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Previous studies have shown that tea improves sleep.", True),
        ("Tea has been reported to improve sleep.", True),
        ("Tea is widely used for sleep.", True),
        ("Tea improved sleep compared with water.", False),
        ("We found that tea was associated with sleep.", False),
    ],
)
def test_what_others_found_is_told_from_what_was_found(sentence, told):
    assert tells_of_earlier_work(sentence) is told


def stances(text, claim, title="Melatonin and sleep", label=""):
    words = read_words()
    sections = (Section(text, label, ""),)
    study = read_record(Record(source="x", title=title, abstract=sections), words)
    return [judge_line(claim, line, study, words).stance for line in study.lines]


def melatonin(words="Melatonin improves sleep."):

    (claim,) = find_claims(parse_article(words.encode(), name="a.txt"), read_words())
    return claim


def test_a_finding_under_an_unfiled_heading_still_counts():
    text = "Melatonin improved sleep quality compared with placebo."
    assert Stance.SUPPORTS in stances(text, melatonin(), label="RESULTS")
    assert Stance.SUPPORTS not in stances(text, melatonin(), label="BACKGROUND")


def test_earlier_work_told_at_the_start_is_no_finding_of_this_study():
    text = (
        "Several studies have shown that melatonin improved sleep quality. "
        "We gave it to adults. Sleep was measured at home."
    )
    assert Stance.SUPPORTS not in stances(text, melatonin())

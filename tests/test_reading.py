"""A record is read once: its sentences, which of them find something, its subjects."""

from hypothesis import given, settings

from assay.evidence.reading import read_record
from assay.model import Standing
from assay.record import Correction, Keyword, MeshHeading, Record, Section, Summary
from assay.text import record_text
from tests.claim_samples import record, shipped, study
from tests.library_strategies import RECORDS

LONG = (
    "Insomnia is a burden.",
    "Valerian may help.",
    "Forty adults took valerian for a month.",
    "Sleep quality improved.",
    "Nothing else was seen.",
)


def aims(*sentences, **more):
    return [line.aim for line in study(*sentences, **more).lines]


def test_every_line_is_verbatim_at_its_place():
    read = study(*LONG, title="Valerian and sleep")
    assert read.text == record_text(read.record)
    for line in read.lines:
        assert read.text[line.span.start : line.span.end] == line.text


@settings(deadline=None)
@given(RECORDS)
def test_any_record_is_read_with_exact_spans(any_record):
    read = read_record(any_record, shipped())
    for line in read.lines:
        assert read.text[line.span.start : line.span.end] == line.text


def test_the_opening_of_a_long_abstract_sets_the_scene():
    assert aims(*LONG) == [True, True, False, False, False]


def test_an_opening_that_reports_a_result_is_a_finding():
    assert aims("We found that valerian improved sleep.", *LONG[1:])[0] is False


def test_what_was_known_before_is_told_from_aims_and_questions():
    def known(*sentences, **more):
        return [line.background for line in study(*sentences, **more).lines]

    assert known(*LONG) == [True, True, False, False, False]
    assert known("Valerian is an old remedy.", category="BACKGROUND") == [True]
    assert known("Valerian is an old remedy.", category="METHODS") == [False]
    assert known("Is valerian an old remedy?", category="BACKGROUND") == [False]
    assert known("We aimed to test valerian.", *LONG[1:])[0] is False


def test_sections_of_aims_and_methods_find_nothing():
    text = "Sleep quality improved."
    assert aims(text, category="METHODS") == [True]
    assert aims(text, category="BACKGROUND") == [True]
    assert aims(text, category="RESULTS") == [False]
    assert aims(text, category="CONCLUSIONS") == [False]


def test_questions_and_aims_find_nothing_anywhere():
    assert aims("Does valerian improve sleep?") == [True]
    assert aims("We aimed to test whether valerian improves sleep.") == [True]
    assert aims("This study was designed to compare valerian with tea.") == [True]


def test_a_record_knows_its_subjects_from_headings_and_keywords_too():
    read = read_record(
        Record(
            source="pubmed",
            title="A plant",
            mesh=(MeshHeading("Melatonin"),),
            keywords=(Keyword("valerian"),),
            population="older adults",
        ),
        shipped(),
    )
    assert {"melatonin", "valerian", "older-adults"} <= read.concepts
    assert read.title_mentions == ()


def test_an_abbreviation_stands_for_what_it_was_defined_as():
    read = study("Melatonin (MLT) was given.", "MLT improved sleep quality.")
    assert "melatonin" in {m.concept for m in read.lines[1].mentions}


def test_a_summary_stands_in_for_a_missing_abstract_and_is_marked():
    summary = Summary(sentences=("Sleep improved.",), written_by="us", written_on="x")
    read = read_record(Record(source="starter", summary=summary), shipped())
    assert [line.place for line in read.lines] == ["SUMMARY"]


def test_a_sentence_is_cut_where_its_subject_may_change():
    (line,) = study("Sleep improved, but pain did not.").lines
    pieces = [line.text[s.start : s.end] for s in line.segments]
    assert pieces == ["Sleep improved", "pain did not."]


def test_a_sentence_without_an_end_finds_nothing():
    (line,) = study("valerian improved sleep and " * 2000).lines
    assert line.aim
    assert line.mentions == ()


def test_standing_is_read_from_the_record():
    gone = record("x.", corrections=(Correction("RetractionIn"),))
    assert read_record(gone, shipped()).standing is Standing.RETRACTED


def test_an_empty_record_has_no_lines():
    assert study().lines == ()
    assert (
        read_record(Record(source="x", abstract=(Section(""),)), shipped()).lines == ()
    )

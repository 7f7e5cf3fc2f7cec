"""What a person sees in a terminal, and in a pipe."""

import io
import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from rich.console import Console

from assay.library.works import find_works
from assay.model import Flag
from assay.output.listing import print_record
from assay.output.terminal import print_report
from assay.output.works import print_works
from assay.search import Found, SearchLog
from tests import sample
from tests.test_output_clean import NASTY

SGR = re.compile(r"\x1b\[[0-9;]*m")


def print_found(found, console):
    print_works(found, find_works(found.records), console)


def shown(print_it, value, width=None, **more):
    """Return what is printed: plain text, or a terminal's of that width."""
    console = Console(
        file=io.StringIO(),
        width=width or 80,
        force_terminal=bool(width),
        color_system="truecolor" if width else None,
        legacy_windows=False,
    )
    print_it(value, console, **more)
    return console.file.getvalue()


def acting(text):
    """Return the characters of a text that a terminal would obey, but newlines."""
    return {
        c
        for c in SGR.sub("", text).replace("\n", "")
        if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}
        or "\u202a" <= c <= "\u202e"
    }


@pytest.mark.parametrize("width", [None, 80, 140])
@pytest.mark.parametrize("explain", [False, True])
def test_every_claim_is_shown_with_its_answer(width, explain):
    text = shown(print_report, sample.REPORT, width, explain=explain)
    for word in ("Supported", "Contradicted", "Mixed", "Insufficient", "Not checkable"):
        assert word in text
    assert "This is not medical advice." in text
    assert "12 claims: 5 supported, 2 contradicted, 1 mixed" in text


@pytest.mark.parametrize("width", [80, 140])
def test_no_line_is_wider_than_the_terminal(width):
    for line in SGR.sub("", shown(print_report, sample.REPORT, width)).splitlines():
        assert len(line) <= width


def test_a_pipe_gets_one_fact_a_line_without_colour():
    text = shown(print_report, sample.REPORT)
    assert "\x1b" not in text
    assert "─" not in text
    assert "   ✓ Supported (moderate certainty; 2 for, 0 against)\n" in text
    assert "https://pubmed.ncbi.nlm.nih.gov/90000001/\n" in text


@pytest.mark.parametrize("width", [None, 80, 140])
def test_nothing_from_outside_reaches_the_terminal_as_a_command(width):
    for print_it, value in (
        (print_report, sample.REPORT),
        (print_found, sample.FOUND),
        (print_record, sample.HOSTILE_RECORD),
    ):
        text = shown(print_it, value, width)
        assert not acting(text)
        assert "example.org\x07" not in text
        assert "alert(1)" in text


@settings(max_examples=40)
@given(NASTY)
def test_no_text_moves_the_cursor(text):
    record = replace(sample.TRIAL, title=text, journal=text, coi=text)
    item = replace(sample.LATENCY, record=record, sentence=text, rule=text, why=text)
    claim = replace(sample.FINDINGS[3].claim, text=text)
    finding = replace(
        sample.FINDINGS[3], claim=claim, evidence=(item,), queries=(text,)
    )
    report = replace(sample.REPORT, findings=(finding,))
    for width in (None, 80, 140):
        assert not acting(shown(print_report, report, width, explain=True))
        assert not acting(shown(print_record, record, width))
        assert not acting(shown(print_found, Found(records=(record,)), width))


def test_explain_adds_the_words_the_queries_and_the_rules():
    text = shown(print_report, sample.REPORT, explain=True)
    assert "words for velora: velora, velora root" in text
    assert "query: velora[tiab] AND sleep\n" in text
    assert (
        "rule direction: The sentence names the same direction. (weight 0.90)" in text
    )
    assert "rule direction" not in shown(print_report, sample.REPORT)


def test_a_summary_of_ours_is_never_shown_as_a_quotation():
    text = shown(print_report, sample.REPORT, explain=True)
    own = sample.STARTER.sentences[0]
    assert f"{own} (assay’s summary, not the authors’ words)" in text
    assert f"“{own}" not in text


def test_a_retracted_study_is_named_so_and_counts_for_nothing():
    text = shown(print_report, sample.REPORT, explain=True)
    assert (
        "RETRACTED — NOT COUNTED (2016, said by PubMed; notice: PMID 90000005) · for · "
        in text
    )
    only = replace(sample.FINDINGS[3], evidence=(sample.LATENCY_RETRACTED,))
    text = shown(print_report, replace(sample.REPORT, findings=(only,)))
    assert "0 for, 0 against" in text
    assert "All 30 patients" not in text


def test_what_was_not_searched_is_said_aloud():
    text = shown(print_report, sample.REPORT)
    assert "Not everything was searched: see below." in text
    assert "no answer came within 30 seconds. Run the same command again later." in text
    assert "only the first 200 of 1,834 hits" in text
    assert "this was an offline run" in text
    assert "Not everything" not in shown(print_report, sample.EMPTY)


def test_an_article_without_claims_says_so():
    for width in (None, 80, 140):
        text = shown(print_report, sample.EMPTY, width)
        assert "No claim that can be checked was found." in text


def test_a_failed_search_never_looks_like_no_hits():
    failed = Found(logs=(SearchLog(source="pubmed", query="x", failed=True),))
    text = shown(print_found, failed)
    assert "No record was found" not in text
    assert "pubmed: this search failed; it has no outcome." in text
    assert "No record was found." in shown(print_found, Found())


def test_records_are_listed_with_their_addresses_and_notices():
    text = shown(print_found, sample.FOUND)
    assert "2. [title not recorded]\n" in text
    assert "https://doi.org/10.99999/velora%282021%29%3C1%3E" in text
    assert (
        "Journal of Invented Results · 2015 · RETRACTED (2016, said by PubMed" in text
    )
    assert 'onclick="' not in text


def test_a_record_is_shown_with_offsets_that_can_be_checked():
    text = shown(print_record, sample.TRIAL)
    readable = sample.record_text(sample.TRIAL)
    for at, line in re.findall(r"^ +(\d+)  (\w.+)$", text, re.MULTILINE)[-3:]:
        assert readable[int(at) :].startswith(line)
    assert "Sleep* / drug effects" in text
    assert "The authors grow velora." in text


def test_a_summary_names_its_writer():
    text = shown(print_record, sample.STARTER_RECORD)
    assert (
        "assay’s summary, not the authors’ words: written by the assay authors" in text
    )


def test_the_plain_report_is_as_it_was(golden):
    golden("report.txt", shown(print_report, sample.REPORT, explain=True))


def test_a_note_shows_what_raised_it_once():
    text = shown(print_report, sample.REPORT, explain=True)
    rats = "note: It was seen in rats, not in people. MeSH heading: Animals"
    assert rats in text
    sentence = sample.QUALITY.sentence
    assert f"painkiller use. Abstract: “{sentence}”" in text


def test_a_note_of_the_study_shown_stands_below_it_unless_the_claim_has_it():
    flag = Flag("small-study", "The study had few people.", "n = 9", "recorded size")
    best = replace(sample.LATENCY, flags=(flag,))
    finding = replace(sample.FINDINGS[1], evidence=(best,))
    own = shown(print_report, replace(sample.REPORT, findings=(finding,)))
    told = "Note on this study: The study had few people. Recorded size: n = 9"
    assert told in own
    both = replace(finding, flags=(flag,))
    text = shown(print_report, replace(sample.REPORT, findings=(both,)))
    assert told not in text
    assert "Note: The study had few people." in text


@pytest.mark.parametrize("width", [80, 140])
def test_a_table_shows_the_notes_of_a_claim(width):
    text = SGR.sub("", shown(print_report, sample.REPORT, width))
    assert "Note: The studies show" in " ".join(text.split())

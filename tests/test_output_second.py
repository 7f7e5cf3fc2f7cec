"""A second opinion in every format: labelled as one, apart from the evidence."""

import json
import re
from dataclasses import replace

import pytest

from assay.evidence.second import parse_reply
from assay.model import Discarded, Label, SecondAnswer, SecondOpinion, Stance
from assay.output.formats import FORMATS
from assay.output.html import render_html
from assay.output.json import render_json
from assay.output.second import HEADING
from assay.output.terminal import print_report
from assay.text import record_text
from tests import sample
from tests.test_output_terminal import acting, shown
from tests.test_schemas import check


def quote(record, stance, sentence):
    said = {"answer": str(stance), "quote": sentence}
    answer = parse_reply(json.dumps(said), record)
    assert isinstance(answer, SecondAnswer)
    return answer


OPINION = SecondOpinion(
    reader="mine",
    kind="the model tiny at http://127.0.0.1:9/v1/",
    label=Label.MIXED,
    answers=(
        quote(
            sample.TRIAL,
            Stance.CONTRADICTS,
            "The number of awakenings did not differ.",
        ),
        quote(sample.STARTER_RECORD, Stance.SUPPORTS, sample.STARTER.sentences[0]),
        quote(
            sample.HOSTILE_RECORD,
            Stance.SUPPORTS,
            "Grapefruit raised the level of velora.",
        )._replace(chance=0.91234),
        SecondAnswer(sample.RAT, Stance.NEUTRAL),
    ),
    discarded=(
        Discarded(sample.REVIEW, "Its quote is not in the abstract."),
        Discarded(sample.CONCERN, "Its quote is not in the abstract."),
    ),
    unanswered=1,
)
AT = 3
"""The finding that the opinion is about."""
REPORT = replace(
    sample.REPORT,
    findings=tuple(
        replace(finding, second=OPINION if at == AT else None)
        for at, finding in enumerate(sample.FINDINGS)
    ),
)
SAID = (
    "Mixed: 2 studies for, 1 against, 1 do not settle it; by the reader “mine” (the "
    "model tiny at http://127.0.0.1:9/v1/), which counts studies and weighs none."
)


def plain(text):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>|\\|~~", "", text))


@pytest.mark.parametrize("ending", [".html", ".md"])
def test_a_report_shows_it_with_its_quotes_under_its_own_heading(ending):
    text = plain(FORMATS[ending](REPORT))
    _, heading, after = text.partition(HEADING)
    assert heading
    assert SAID in after
    assert "The number of awakenings did not differ." in after
    assert "2 answers are not used: Its quote is not in the abstract." in after
    assert "No answer for 1 study." in after
    assert "chance 0.91" in after
    own = after.index(sample.STARTER.sentences[0])
    assert "assay’s summary, not the authors’ words" in after[own : own + 200]


@pytest.mark.parametrize("ending", [".html", ".md"])
def test_what_it_quotes_is_not_counted_with_the_evidence(ending):
    without = plain(FORMATS[ending](sample.REPORT))
    with_it = plain(FORMATS[ending](REPORT))
    for counted in (r"For \(?\d+ stud", r"Against \(?\d+ stud", "Supported", "Mixed"):
        more = 1 if counted == "Mixed" else 0  # the opinion's own label, in words
        shown_without = len(re.findall(counted, without))
        extra = len(re.findall(counted, with_it)) - shown_without
        assert more <= extra <= 2 * more, counted


def test_a_report_without_one_says_nothing_of_it():
    for render in FORMATS.values():
        assert "econd opinion" not in render(sample.REPORT)
    assert "econd opinion" not in shown(print_report, sample.REPORT)


@pytest.mark.parametrize("width", [None, 80, 140])
def test_a_terminal_and_a_pipe_show_it_beside_the_verdict(width):
    text = shown(print_report, REPORT, width)
    assert "second opinion" in text.lower()
    assert "Second opinions, which decided nothing: mine," in text
    assert not acting(text)
    if width is None:
        assert f"   {HEADING}: {SAID}" in text.splitlines()
        assert "     No answer for 1 study." in text.splitlines()


def test_explain_shows_each_quote_with_where_it_stands():
    text = shown(print_report, REPORT, explain=True)
    assert "second opinion: against · Velora root tea" in text
    assert "      “The number of awakenings did not differ.”" in text.splitlines()
    assert f"      {sample.STARTER.sentences[0]} (assay’s summary" in text


def test_json_has_it_as_its_schema_says_with_offsets_that_find_the_quote():
    whole = check("check", render_json(REPORT))
    found = [claim["second"] for claim in whole["claims"]]
    assert [second is not None for second in found].index(True) == AT
    second = found[AT]
    assert (second["reader"], second["label"], second["unanswered"]) == (
        "mine",
        "mixed",
        1,
    )
    first, *_, silent = second["answers"]
    text = record_text(sample.TRIAL)
    assert text[first["start"] : first["end"]] == first["sentence"]
    assert (first["stance"], silent["sentence"]) == ("contradicts", None)
    assert [each["why"] for each in second["discarded"]] == [
        "Its quote is not in the abstract."
    ] * 2
    verdicts = [claim["verdict"] for claim in whole["claims"]]
    before = json.loads(render_json(sample.REPORT))["claims"]
    assert verdicts == [claim["verdict"] for claim in before]


def test_hostile_words_act_nowhere():
    sentence = sample.sentence_of(sample.HOSTILE_RECORD)
    text = record_text(sample.HOSTILE_RECORD)
    at = text.index(sentence)
    hostile = SecondAnswer(
        sample.HOSTILE_RECORD, Stance.SUPPORTS, sentence, at, at + len(sentence)
    )
    opinion = replace(OPINION, kind=sample.HOSTILE, answers=(hostile,))
    opinion = replace(opinion, discarded=(Discarded(sample.RAT, sample.HOSTILE),))
    finding = replace(sample.FINDINGS[AT], second=opinion)
    report = replace(REPORT, findings=(finding,))
    page = render_html(report)
    assert "<script" not in page
    assert not acting(shown(print_report, report, explain=True))
    check("check", render_json(report))

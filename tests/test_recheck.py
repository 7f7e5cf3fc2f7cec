"""A report whose studies were asked about: what was taken back stops counting."""

from dataclasses import replace

import pytest

from assay.claims.vocabulary import parse_vocabulary
from assay.errors import SourceDownError
from assay.evidence.reading import read_record
from assay.evidence.recheck import find_speaking, recheck
from assay.evidence.select import weigh_claim
from assay.model import (
    Article,
    Claim,
    ClaimType,
    Direction,
    Frame,
    Label,
    Report,
    Span,
    Term,
)
from assay.notice import Check, Standing
from assay.output.json import render_json
from assay.output.markdown import render_markdown
from assay.record import Record, Reference, Section
from tests.test_notices import (
    DOWN,
    Services,
    article,
    flagged,
    services,
    update,
    work,
)

WORDS = parse_vocabulary(
    '[valerian]\nkind = "exposure"\nwords = ["valerian"]\n'
    '[sleep]\nkind = "outcome"\nwords = ["sleep quality"]\nsense = "good"\n'
    'label = "sleep"\n'
)
PMID, DOI = "90000013", "10.99999/tea.1"
SENTENCE = "Valerian improves sleep quality."


def build_report(*records):
    claim = Claim(
        sentence=SENTENCE,
        start=0,
        end=len(SENTENCE),
        clause=Span(0, len(SENTENCE)),
        text=SENTENCE,
        type=ClaimType.EFFICACY,
        frame=Frame(
            exposure=(Term("valerian", "valerian"),),
            outcome=(Term("sleep quality", "sleep"),),
            direction=Direction.IMPROVES,
            relation="effect",
        ),
    )
    studies = [read_record(record, WORDS) for record in records]
    page = Article(name="a", title="", text=SENTENCE, blocks=(), sentences=())
    return Report(article=page, findings=(weigh_claim(claim, studies, WORDS),))


def trial(pmid=PMID, doi=DOI, said="Valerian improved sleep quality.", **more):
    return Record(
        source="pubmed",
        pmid=pmid,
        doi=doi,
        title="Valerian for sleep quality: a randomised trial",
        abstract=(Section(said, "RESULTS", "RESULTS"),),
        publication_types=("Randomized Controlled Trial",),
        **more,
    )


def review(*references):
    return Record(
        source="pubmed",
        pmid="90000017",
        title="Valerian and sleep quality: a systematic review",
        abstract=(
            Section("Valerian improved sleep quality in 5 trials.", "", "RESULTS"),
        ),
        publication_types=("Systematic Review",),
        references=references,
    )


def known(_key):
    return None


def only(report):
    (finding,) = report.findings
    return finding


def test_a_study_that_was_retracted_stops_counting():
    report = build_report(trial())
    assert only(report).verdict.label is Label.SUPPORTED
    getter = services(crossref=[work(DOI, update())])
    again = only(recheck(report, WORDS, known=known, getter=getter))
    assert again.verdict.label is Label.INSUFFICIENT
    assert again.verdict.reason == (
        "Only retracted work speaks of it, and that does not count."
    )
    (item,) = again.evidence
    assert item.standing is Standing.RETRACTED
    assert {s.service for s in item.checked.signals} == {
        "PubMed",
        "Crossref",
        "OpenAlex",
    }


@pytest.mark.parametrize(
    "kind", ["withdrawal", "removal", "retraction", "partial_retraction", "correction"]
)
def test_only_what_was_taken_back_as_a_whole_stops_counting(kind):
    getter = services(crossref=[work(DOI, update(kind))])
    again = only(recheck(build_report(trial()), WORDS, known=known, getter=getter))
    gone = kind in {"withdrawal", "removal", "retraction"}
    assert (again.verdict.label is Label.INSUFFICIENT) is gone


def test_a_study_that_only_openalex_doubts_is_shown_so_and_counts():
    report = build_report(trial())
    getter = services(openalex=[flagged(is_retracted=True)])
    again = recheck(report, WORDS, known=known, getter=getter)
    assert only(again).verdict == only(report).verdict
    page = render_markdown(again)
    assert "possibly retracted (said by OpenAlex; " in page
    assert "Crossref and PubMed know of no notice" in page


def test_when_nobody_answers_the_verdict_stays_and_it_is_told_what_is_not_known():
    report = build_report(trial())
    dead = dict.fromkeys(("pubmed", "crossref", "openalex"), DOWN)
    again = recheck(report, WORDS, known=known, getter=services(faults=dead))
    assert only(again).verdict == only(report).verdict
    assert only(again).evidence[0].standing is Standing.UNKNOWN
    assert {p.where for p in again.problems} == {"PubMed", "Crossref", "OpenAlex"}
    assert "notices not fully checked" in render_markdown(again)


def test_when_no_notice_is_known_nothing_changes_but_who_was_asked():
    report = build_report(trial())
    again = recheck(report, WORDS, known=known, getter=services())
    (item,) = only(again).evidence
    assert replace(item, checked=None) == only(report).evidence[0]
    assert {s.check for s in item.checked.signals} == {Check.ANSWERED}
    assert again.problems == ()
    assert '"asked": [' in render_json(again)


def test_without_a_way_to_the_services_the_report_stays_as_it_is():
    report = build_report(trial())
    assert recheck(report, WORDS, known=known, getter=None) == report


def test_only_records_that_speak_are_asked_about():
    silent = trial("90000014", "10.99999/silent", "Valerian was bought in a shop.")
    report = build_report(trial(), silent)
    assert [record.pmid for record in find_speaking(report)] == [PMID]


# --- reviews ----------------------------------------------------------------------

CITED = Reference("Fabel N. J Inv Res. 2020", (("pubmed", PMID),))


def test_a_review_that_cites_a_retracted_study_says_so():
    getter = Services(pubmed=[article(kind="Retracted Publication")])
    again = recheck(build_report(review(CITED)), WORDS, known=known, getter=getter)
    flag = next(
        f for f in only(again).evidence[0].flags if f.code == "retracted-reference"
    )
    assert flag.raised_by == "Fabel N. J Inv Res. 2020 (retracted)"
    assert flag in only(again).flags, "all that the claim rests on cite it"
    assert only(again).verdict == only(build_report(review(CITED))).verdict
    assert "Reference list: Fabel N" in render_markdown(again)


def test_offline_the_library_tells_what_a_review_cites():
    gone = replace(trial(), publication_types=("Retracted Publication",))
    library = {f"pmid:{PMID}": gone}
    report = build_report(review(CITED, Reference("Sound", (("pubmed", "1"),))))
    again = recheck(report, WORDS, known=library.get, getter=None)
    assert [f.code for f in only(again).evidence[0].flags][-1] == "retracted-reference"
    twice = recheck(again, WORDS, known=library.get, getter=None)
    assert twice == again


def test_a_reference_list_that_could_not_be_looked_through_is_told():
    getter = services(faults={"esearch": SourceDownError("PubMed", "no answer")})
    again = recheck(build_report(review(CITED)), WORDS, known=known, getter=getter)
    assert "cite retracted studies: no answer" in again.problems[-1].what


def test_a_trial_that_cites_a_retracted_study_is_no_review():
    report = build_report(trial("90000021", references=(CITED,)))
    gone = replace(trial(), publication_types=("Retracted Publication",))
    library = {f"pmid:{PMID}": gone}
    assert recheck(report, WORDS, known=library.get, getter=None) == report


def test_what_pubmed_said_is_handed_on_to_be_kept():
    kept = []
    recheck(
        build_report(trial()),
        WORDS,
        known=known,
        getter=services(pubmed=[article(links=["RetractionIn"])]),
        keep=kept.append,
    )
    (checked,) = kept
    assert [record.pmid for record in checked.found] == [PMID]
    assert checked.found[0].corrections
    assert checked.when

"""`assay search --library`: what is at hand answers in PubMed's syntax."""

import json

import pytest
from jsonschema import Draft202012Validator

from assay.cli import main
from assay.edge.packaged import read_packaged_text
from assay.edge.store import open_library
from assay.record import Author, MeshHeading, PartialDate, Record, Section

RECORDS = [
    Record(
        source="pubmed",
        pmid="90000001",
        title="Oolong shortens sleep latency",
        abstract=(Section("A trial of oolong in tasters."),),
        year=2019,
        dates=(PartialDate(2019, 5, 7, "day", "PubDate"),),
        authors=(Author("Roe", "Jane", "J"),),
        journal="Journal of Invented Results",
        mesh=(MeshHeading("Sleep Initiation and Maintenance Disorders"),),
    ),
    Record(
        source="pubmed",
        pmid="90000002",
        title="Tea and sleep",
        year=2021,
        dates=(PartialDate(2021, 1, 1, "day", "PubDate"),),
        authors=(Author("Able", "Ann", "A"),),
        journal="Another Invented Journal",
    ),
]


@pytest.fixture
def assay(capsys, monkeypatch, tmp_path):
    """Run one command in a workspace with two records; return (status, out, err)."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "queries").mkdir()
    folder = tmp_path / "cache/library"
    folder.mkdir(parents=True)
    with open_library(folder, starter=False) as library:
        library.add(RECORDS, source="pubmed", query="q", when="2026-11-22")

    def run(*words):
        status = main([*words])
        return status, *capsys.readouterr()

    return run


def found(assay, *words):
    status, out, _ = assay("search", "--library", *words, "--json")
    content = json.loads(out)
    schema = json.loads(read_packaged_text("schemas/search.schema.json"))
    Draft202012Validator(schema).validate(content)
    assert status == 0
    return [work["pmid"] for work in content["records"]], content


def test_tags_phrases_and_spans_are_answered_from_what_is_at_hand(assay):
    assert found(assay, '"sleep laten*"[tiab] AND 2019[dp]')[0] == ["90000001"]
    assert found(assay, "roe j[au] OR able[1au]", "--sort", "added")[0] == [
        "90000002", "90000001",
    ]  # fmt: skip
    assert found(assay, "sleep wake disorders[mh]")[0] == ["90000001"]


BOTH = "sleep AND 90000001:90000002[uid]"


def test_orders_dates_and_limit_hold(assay):
    assert found(assay, BOTH, "--sort", "pub_date")[0][0] == "90000002"
    assert found(assay, BOTH, "--sort", "Author")[0][0] == "90000002"
    assert found(assay, BOTH, "--sort", "JournalName")[0][0] == "90000002"
    assert found(assay, BOTH, "--until", "2020")[0] == ["90000001"]
    assert found(assay, BOTH, "--since", "2020")[0] == ["90000002"]
    assert len(found(assay, BOTH, "--limit", "1")[0]) == 1


def test_what_no_record_can_answer_is_named(assay):
    status, out, _ = assay("search", "--library", "oolong AND hypnotics[pa]")
    assert status == 0
    assert "hypnotics[pa] was left out" in out


def test_the_log_tells_of_the_narrower_headings(assay):
    _, out, _ = assay("search", "--library", "sleep wake disorders[mh]", "--log")
    assert "narrower headings were looked for" in " ".join(out.split())
    assert "no answer came" not in out


@pytest.mark.parametrize("query", ["a*", "(" * 101 + "tea", "tea " * 60_000])
def test_a_search_that_cannot_be_made_is_a_problem_not_zero_hits(assay, query):
    status, out, _ = assay("search", "--library", query)
    assert status == 3
    assert "No record is shown because something could not be searched." in out


@pytest.mark.parametrize(
    "option",
    [("--source", "pubmed"), ("--refresh",), ("--explain",), ("--bundle", "b.zip")],
)
def test_what_is_for_asking_others_contradicts_it(assay, option):
    status, _, err = assay("search", "--library", "tea", *option)
    assert status == 2
    assert option[0] in err
    assert "at hand" in err


def test_the_order_added_is_the_librarys_own(assay):
    status, _, err = assay("search", "tea", "--sort", "added", "--offline")
    assert status == 2
    assert "no order" in err

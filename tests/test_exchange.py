"""Records go out in every format and come back with every field."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.exchange import EXPORTS, IMPORTS, parse_bibliography
from assay.library.retraction import standing_of
from assay.record import Record, Summary
from assay.sources.pubmed_xml import iter_records
from tests.exchange_samples import RECORDS, kept
from tests.library_strategies import RECORDS as ANY_RECORDS
from tests.standin import invented_xml

PATIENT = settings(  # a busy machine is no fault of ours
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
FORMATS = [ending for ending in EXPORTS if ending != ".csl"]  # the same as .csl.json
each_format = pytest.mark.parametrize("ending", FORMATS)


def round_trip(records, ending):
    data = b"".join(EXPORTS[ending](records))
    return parse_bibliography(data, f"records{ending}")


@each_format
@PATIENT
@given(st.lists(RECORDS, min_size=1, max_size=3))
def test_what_is_written_is_read_back_whatever_the_text(ending, records):
    read, problems = round_trip(records, ending)
    assert problems == ()
    assert [kept(record) for record in read] == [kept(record) for record in records]
    assert [standing_of(r) for r in read] == [standing_of(r) for r in records]


@PATIENT
@given(ANY_RECORDS.map(lambda record: [record]))
def test_json_lines_keep_every_field_of_any_record(records):
    read, problems = round_trip(records, ".jsonl")
    assert (list(read), problems) == (records, ())


@each_format
def test_the_invented_records_come_back_whole(ending):
    records = [r for r in iter_records([invented_xml()]) if isinstance(r, Record)]
    read, problems = round_trip(records, ending)
    assert problems == ()
    assert [kept(record) for record in read] == [kept(record) for record in records]


@each_format
def test_real_records_come_back_whole(ending, shared):
    records = [
        record
        for name in ("topic_all.xml", "edge.xml")
        for record in iter_records([(shared / "pubmed" / name).read_bytes()])
        if isinstance(record, Record)
    ]
    assert len(records) == 734
    read, problems = round_trip(records, ending)
    assert problems == ()
    for old, new in zip(records, read, strict=True):
        assert kept(new) == kept(old)
        assert standing_of(new) == standing_of(old)


@each_format
def test_no_record_is_a_sound_file(ending):
    data = b"".join(EXPORTS[ending]([]))
    assert parse_bibliography(data, f"none{ending}")[0] == ()


@each_format
def test_a_record_without_identifiers_or_title_is_not_lost(ending):
    bare = [
        Record(source="crossref", doi="10.99999/x"),
        Record(source="doaj", title="T"),
    ]
    read, problems = round_trip(bare, ending)
    assert [(r.doi, r.title) for r in read] == [("10.99999/x", ""), ("", "T")]
    assert problems == ()


@each_format
def test_the_service_that_gave_a_record_is_kept_but_not_taken_for_its_own_word(ending):
    record = Record(source="pubmed", pmid="90000001", title="T")
    once = round_trip([record], ending)[0][0]
    if ending == ".jsonl":
        assert once.source == "pubmed", "assay's own form is read as it is"
        return
    assert once.source != "pubmed"
    twice = round_trip([once], ending)[0][0]
    assert twice == once


@pytest.mark.parametrize("ending", [".csv", ".ris", ".bib", ".nbib", ".csl.json"])
def test_every_service_that_gave_something_is_named(ending):
    given = (("volume", "crossref"), ("issue", "crossref"), ("doi", "openalex"))
    record = Record(source="pubmed", pmid="90000001", title="T", given_by=given)
    read = round_trip([record], ending)[0][0]
    assert read.notes == ("Source: pubmed; crossref; openalex",)


@pytest.mark.parametrize("ending", [e for e in FORMATS if e != ".jsonl"])
def test_our_summary_is_never_an_abstract(ending):
    words = Summary(sentences=("We say so.",), written_by="us", written_on="2026-01-01")
    record = Record(source="starter", pmid="90000001", title="T", summary=words)
    read = round_trip([record], ending)[0][0]
    assert read.abstract == ()
    assert "Summary by assay: We say so." in read.notes


@each_format
def test_records_are_written_as_they_come(ending):
    asked = []

    def coming():
        for number in range(3):
            asked.append(number)
            yield Record(source="x", pmid=str(90000001 + number), title="T")

    chunks = EXPORTS[ending](coming())
    assert asked == []
    data = b"".join(chunks)
    assert len(parse_bibliography(data, f"a{ending}")[0]) == 3


def test_every_format_that_is_written_is_read():
    assert set(EXPORTS) <= set(IMPORTS)


@each_format
def test_authors_that_were_corrected_away_are_not_shown(ending):
    if ending == ".jsonl":
        return
    (record,) = [
        r
        for r in iter_records([invented_xml()])
        if isinstance(r, Record) and any(not a.valid for a in r.authors)
    ][:1]
    read = round_trip([replace(record)], ending)[0][0]
    assert len(read.authors) == sum(author.valid for author in record.authors)


@each_format
@PATIENT
@given(ANY_RECORDS)
def test_any_record_can_be_written_and_its_file_is_sound(ending, record):
    anchor = Record(source="x", pmid="90000001", title="Anchor")
    read, _ = round_trip([record, anchor], ending)
    assert [(r.pmid, r.title) for r in read][-1] == ("90000001", "Anchor")
    assert len(read) <= 2

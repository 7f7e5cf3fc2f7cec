"""A record as PubMed's XML: NLM's DTD holds, and reading it gives the same record."""

from dataclasses import replace
from pathlib import Path

import Bio.Entrez
import pytest
from hypothesis import given, settings
from lxml import etree

from assay.output.pubmed_xml import END, PROLOG, render_article
from assay.record import Author, Correction, PartialDate, Record, Section, Summary
from assay.sources.pubmed_xml import parse_set
from tests.library_strategies import RECORDS

INVENTED = Path(__file__).parent / "data/invented.xml"


@pytest.fixture(scope="module")
def dtd():
    """Return NLM's DTD of 2025, which Biopython brings."""
    folder = Path(Bio.Entrez.__file__).parent / "DTDs"
    return etree.DTD(str(folder / "pubmed_250101.dtd"))


def as_set(record):
    return PROLOG + render_article(record) + END


def faults(record, dtd):
    parser = etree.XMLParser(load_dtd=False, no_network=True)
    dtd.validate(etree.fromstring(as_set(record), parser))
    return [error.message for error in dtd.error_log.filter_from_errors()]


def read_back(record):
    [found] = parse_set(as_set(record)).records
    return found


def records_of(path):
    return parse_set(path.read_bytes()).records


def test_every_invented_record_is_the_same_after_writing_and_reading(dtd):
    for record in records_of(INVENTED):
        expected = replace(record, notes=()) if record.book_title else record
        assert read_back(record) == expected  # a book's notes have no one place
        assert not faults(record, dtd)


def test_every_real_record_is_the_same_after_writing_and_reading(shared, dtd):
    records = records_of(shared / "pubmed/edge.xml")
    assert len(records) > 300
    for record in records:
        assert read_back(record) == record
        assert not faults(record, dtd)


@settings(max_examples=25, deadline=None)
@given(record=RECORDS)
def test_whatever_stands_in_a_record_the_dtd_holds(dtd, record):
    assert not faults(replace(record, pmid="90000001"), dtd)


def test_a_record_that_is_known_by_its_title_only_is_valid(dtd):
    record = Record(source="ris", pmid="90000001", title="1 < 2 & \x00 </ArticleTitle>")
    assert not faults(record, dtd)
    assert read_back(record).title == "1 < 2 & \ufffd </ArticleTitle>"


def test_a_summary_of_ours_never_stands_as_the_authors_abstract():
    ours = Summary(sentences=("We say so.",), written_by="us", written_on="2026-01-01")
    record = Record(source="starter", pmid="90000001", title="T", summary=ours)
    assert b"We say so" not in render_article(record)


def test_ids_that_other_services_gave_stand_where_pubmed_has_them():
    record = Record(
        source="openalex",
        pmid="90000001",
        doi="10.99999/a",
        pmcid="PMC90000001",
        year=2024,
        authors=(Author(collective="The Group"), Author("Roe", "Jane", "J")),
        abstract=(Section("Found."),),
        dates=(PartialDate(2024, 5, 6, "day", "published"),),
    )
    found = read_back(record)
    assert (found.doi, found.pmcid, found.year) == (record.doi, record.pmcid, 2024)
    assert found.authors == record.authors
    assert found.abstract == record.abstract


def test_a_notice_known_by_its_doi_only_keeps_it():
    link = Correction("RetractionIn", "J Invent Results", doi="10.99999/notice")
    record = Record(source="crossref", pmid="90000001", corrections=(link,))
    [found] = read_back(record).corrections
    assert found.ref_type == "RetractionIn"
    assert found.source == "J Invent Results doi: 10.99999/notice"

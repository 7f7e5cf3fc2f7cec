"""Rows of Europe PMC become records, and every key is read or left for a reason."""

import json

import pytest

from assay.record import Author, Correction, Link
from assay.sources.europepmc_json import name_row, parse_record
from assay.sources.europepmc_words import publication_types, ref_type
from assay.sources.json_answer import ShapeError
from assay.sources.markup import plain_text, split_sections
from tests.seen import unread

LEFT_OUT = {
    ".authorList.author[].fullName": "read where the last name is missing",
    ".authorString": "the author list again, in one text",
    ".authorIdList.authorId[].type": "stands with its author",
    ".authorIdList.authorId[].value": "stands with its author",
    ".citedByCount": "changes from day to day; `assay related` asks for it",
    ".journalInfo.journalIssueId": "a number of the service itself",
    ".journalInfo.journal.isoabbreviation": "read where MEDLINE's is missing",
    ".journalInfo.monthOfPublication": "read where dateOfPublication is missing",
    ".journalInfo.yearOfPublication": "read where pubYear is missing",
    ".pubModel": "told by the dates and their origins",
    ".grantsList.grant[].orderIn": "the order of the list",
    ".commentCorrectionList.commentCorrection[].orderIn": "the order of the list",
    ".meshHeadingList.meshHeading[].meshQualifierList.meshQualifier[].abbreviation": (
        "the qualifier's name in two letters"
    ),
    ".subsetList.subset[].name": "the subset's code in words",
    ".fullTextUrlList.fullTextUrl[].documentStyle": "of a link that only some may open",
    ".fullTextUrlList.fullTextUrl[].site": "of a link that only some may open",
    ".fullTextUrlList.fullTextUrl[].url": "of a link that only some may open",
}
ROW = {"source": "MED", "id": "90000001", "title": "T."}


@pytest.fixture
def rows(shared):
    path = shared / "api/europepmc/search_cancer_core.json"
    return json.loads(path.read_bytes())["resultList"]["result"]


def test_every_key_of_the_recorded_rows_is_read_or_left_for_a_reason(rows):
    assert unread(rows, parse_record) <= LEFT_OUT.keys()


def test_what_is_left_out_stands_elsewhere(rows):
    for row in rows:
        record = parse_record(row)
        ids = {value for a in record.authors for _, value in a.identifiers}
        listed = row.get("authorIdList", {}).get("authorId", [])
        assert {one["value"] for one in listed} <= ids
        names = [a.last_name or a.collective for a in record.authors]
        said = row.get("authorString", "")
        assert all(name in said for name in names)
        place = plain_text(row.get("affiliation", ""))
        assert not place or any(place in a.affiliations for a in record.authors)


def test_recorded_rows_become_whole_records(rows):
    records = [parse_record(row) for row in rows]
    assert len(records) == 25
    for row, record in zip(rows, records, strict=True):
        assert record.pmid == row["pmid"]
        assert record.doi == row.get("doi", "").lower()
        assert record.pmcid == row.get("pmcid", "")
        assert record.title
        assert record.year == int(row["pubYear"])
        assert record.dates[0].origin == "PubDate"
        assert record.dates[0].year == record.year
        assert record.journal
        assert bool(record.abstract) == ("abstractText" in row)
        assert "<" not in "".join(s.label for s in record.abstract)
        assert (
            len(record.mesh)
            == row.get("meshHeadingList", {"meshHeading": []})["meshHeading"].__len__()
        )
        assert ("isOpenAccess" in record.flags) == (row["isOpenAccess"] == "Y")
        assert bool(record.links) == (row["inEPMC"] == "Y")
    assert any(len(r.abstract) > 3 for r in records)
    links = [link for record in records for link in record.corrections]
    assert any(link.ref_type == "ErratumFor" and link.pmid for link in links)


@pytest.mark.parametrize("name", ["search_pmid_22663011", "search_pmid_20516115"])
def test_the_short_rows_are_read_too(shared, name):
    whole = json.loads((shared / f"api/europepmc/{name}.json").read_bytes())
    (row,) = whole["resultList"]["result"]
    record = parse_record(row)
    assert record.pmid == row["pmid"]
    assert record.authors[0].last_name
    assert record.authors[0].initials


def test_headings_of_an_abstract_become_labels():
    text = "<h4>Background</h4>Tea.<h4>Results</h4>p<0.05 in CO<sub>2</sub> &amp; O"
    record = parse_record(ROW | {"abstractText": text})
    assert [(s.label, s.text) for s in record.abstract] == [
        ("Background", "Tea."),
        ("Results", "p<0.05 in CO2 & O"),
    ]
    assert split_sections("") == ()
    assert split_sections("Before. <h4>Aim:</h4> To see.")[1].label == "Aim"


def test_a_preprint_points_at_its_article_as_pubmed_does():
    row = {
        "source": "PPR",
        "id": "PPR900001",
        "doi": "10.99999/Preprint.1",
        "title": "Tea",
        "bookOrReportDetails": {"publisher": "Invented Preprints"},
        "versionNumber": 2,
        "commentCorrectionList": {
            "commentCorrection": [
                {
                    "id": "90000001",
                    "source": "MED",
                    "reference": "J Invent Results. 2024",
                    "type": "Preprint of",
                    "note": "Link created based on a title-first author match",
                }
            ]
        },
    }
    record = parse_record(row)
    assert (record.pmid, record.doi) == ("", "10.99999/preprint.1")
    assert record.publication_types == ("Preprint",)
    assert record.journal == "Invented Preprints"
    assert record.version == "2"
    (link,) = record.corrections
    assert link.ref_type == "UpdateIn"
    assert link.pmid == "90000001"
    assert "title-first author" in link.note


def test_an_article_points_at_a_preprint_that_has_no_pmid():
    links = {
        "commentCorrection": [{"id": "PPR1", "source": "PPR", "type": "Preprint in"}]
    }
    record = parse_record(ROW | {"commentCorrectionList": links})
    assert record.corrections == (Correction("UpdateOf", "", "", "PPR/PPR1"),)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Retraction in", "RetractionIn"),
        ("Retraction of", "RetractionOf"),
        ("Erratum in", "ErratumIn"),
        ("Erratum for", "ErratumFor"),
        ("Expression of concern in", "ExpressionOfConcernIn"),
        ("Corrected and republished from", "CorrectedandRepublishedFrom"),
        ("Comment on", "CommentOn"),
        ("Preprint in", "UpdateOf"),
        ("Something new", "Something new"),
    ],
)
def test_links_have_the_names_of_pubmed(said, meant):
    assert ref_type(said) == meant


def test_publication_types_have_the_spelling_of_pubmed():
    given = ("clinical trial, phase iii", "research-article", "Journal Article", "odd")
    assert publication_types(given, "MED") == (
        "Clinical Trial, Phase III",
        "Journal Article",
        "odd",
    )


def test_groups_are_authors_too():
    row = ROW | {
        "authorList": {
            "author": [
                {"fullName": "Roe R", "lastName": "Roe", "firstName": "Rita",
                 "initials": "R", "authorId": {"type": "ORCID", "value": "0000"}},
                {"collectiveName": "The Tea Group"},
            ]
        },
        "affiliation": "Nowhere.",
    }  # fmt: skip
    record = parse_record(row)
    assert record.authors == (
        Author("Roe", "Rita", "R", "", "", ("Nowhere.",), (("ORCID", "0000"),)),
        Author(collective="The Tea Group"),
    )
    short = parse_record(ROW | {"authorString": "Roe RB, van der Doe J, Tea Group."})
    assert [a.last_name or a.collective for a in short.authors] == [
        "Roe",
        "van der Doe",
        "Tea Group",
    ]


def test_only_open_places_are_links():
    urls = [
        {"availabilityCode": "S", "documentStyle": "doi", "url": "https://s.example/"},
        {"availabilityCode": "OA", "documentStyle": "pdf", "site": "Europe_PMC",
         "url": "https://oa.example/"},
        {"availabilityCode": "F", "documentStyle": "html", "url": "https://f.example/"},
    ]  # fmt: skip
    more = {
        "fullTextUrlList": {"fullTextUrl": urls},
        "license": "cc by",
        "authMan": "Y",
    }
    assert parse_record(ROW | more).links == (
        Link(
            "https://oa.example/", "pdf", "accepted", "cc by", "Europe_PMC", "europepmc"
        ),
        Link("https://f.example/", "html", "accepted", "", "", "europepmc"),
    )


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"id": "1"},
        ROW | {"title": []},
        ROW | {"authorList": []},
        ROW | {"isOpenAccess": "perhaps"},
        ROW | {"pubYear": "soon"},
    ],
)
def test_a_row_of_another_shape_says_so(row):
    with pytest.raises(ShapeError):
        parse_record(row)


def test_a_row_is_named_by_what_it_can_be_looked_up_by():
    assert name_row(ROW) == "MED/90000001"
    assert name_row({"title": "T"}) == "T"

"""DOAJ: its pages, its end after 1,000, its rows."""

import json

import pytest

from assay.search import Query
from assay.sources.base import Answer
from assay.sources.doaj import SOURCE, parse_page, parse_record
from assay.sources.json_answer import ShapeError, read_object
from tests.net import sorted_out
from tests.services_up import open_fetcher, serve_source

READ = {
    "id", "bibjson.title", "bibjson.abstract", "bibjson.year", "bibjson.month",
    "bibjson.author[].name", "bibjson.author[].affiliation",
    "bibjson.author[].orcid_id", "bibjson.identifier[].type",
    "bibjson.identifier[].id", "bibjson.journal.title", "bibjson.journal.volume",
    "bibjson.journal.number", "bibjson.journal.country", "bibjson.journal.publisher",
    "bibjson.journal.issns[]", "bibjson.keywords[]", "bibjson.start_page",
    "bibjson.end_page", "bibjson.link[].type", "bibjson.link[].url",
    "bibjson.link[].content_type",
}  # fmt: skip
LEFT = {
    "created_date": "when DOAJ was told, not when it was published",
    "last_updated": "likewise",
    "bibjson.journal.language[]": "of the journal, not of the article",
    "bibjson.journal.license[].open_access": "of the journal, not of the article",
    "bibjson.journal.license[].title": "likewise",
    "bibjson.journal.license[].type": "likewise",
    "bibjson.journal.license[].url": "likewise",
    "bibjson.subject[].code": "of the journal: a class of the Library of Congress",
    "bibjson.subject[].scheme": "likewise",
    "bibjson.subject[].term": "likewise",
}


def leaves(value, path=""):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}".lstrip("."))
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, f"{path}[]")
    else:
        yield path


def test_recorded_rows_are_read_with_nothing_dropped_unsaid(shared):
    body = (shared / "api/doaj/article_search.json").read_bytes()
    page = parse_page(Answer(status=200, body=body))
    rows = read_object("DOAJ", body)["results"]
    assert len(page.items) == len(rows) == 10
    assert page.next == "2"
    assert {path for row in rows for path in leaves(row)} <= READ | LEFT.keys()
    for record, row in zip(page.items, rows, strict=True):
        bib = row["bibjson"]
        assert record.title == bib["title"]
        assert record.year == int(bib["year"])
        assert len(record.authors) == len(bib["author"])
        for author, given in zip(record.authors, bib["author"], strict=True):
            told = f"{author.fore_name} {author.last_name} {author.suffix}"
            assert sorted(told.split()) == sorted(
                given["name"].replace(",", "").split()
            )
        text = " ".join(section.text for section in record.abstract)
        assert text == bib.get("abstract", "").strip()


def test_a_search_ends_after_a_thousand_and_says_what_it_does_not_list(tmp_path):
    with serve_source("doaj", synthetic=8_000) as server:
        with open_fetcher({"doaj": server}, tmp_path) as fetcher:
            query = Query(text="kratom[ti]", limit=None)
            records, problems, [log] = sorted_out(SOURCE.search(query, fetcher))
        assert len(server.requests) == 10
    assert len(records) == 1_000
    assert log.count == 1_143
    assert "143 of 1,143 records did not come" in problems[-1].what
    assert "only the first 1,000" in problems[-1].what


def test_what_people_write_is_no_path_and_no_parameter(tmp_path):
    with serve_source("doaj") as server:
        with open_fetcher({"doaj": server}, tmp_path) as fetcher:
            query = Query(text='"../x?page=9&pageSize=1#"[ti]')
            list(SOURCE.search(query, fetcher))
        [request] = server.requests
    assert request.program.startswith("v4/search/articles/title:")
    assert request.params["page"] == "1"


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"id": "1", "bibjson": []},
        {"id": "1", "bibjson": {"title": ["T"]}},
        {"id": "1", "bibjson": {"author": 1}},
    ],
)
def test_a_row_of_another_shape_is_refused(row):
    with pytest.raises(ShapeError):
        parse_record(row)


def test_a_row_with_next_to_nothing_is_a_record():
    record = parse_record(json.loads('{"id": "1", "bibjson": {"title": "Tea"}}'))
    assert (record.title, record.doi, record.year) == ("Tea", "", None)

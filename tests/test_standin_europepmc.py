"""The stand-in for Europe PMC behaves as the service was seen to behave."""

import json
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from tests.standin.lucene import QueryError, has_words, holds, parse
from tests.standin.services import serve_service


def ask(server, path, **params):
    with urlopen(f"{server.url}{path}?{urlencode(params)}") as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def server():
    with serve_service("europepmc") as server:
        yield server


def test_the_last_cursor_comes_back_at_the_end(server):
    first = ask(server, "search", query="TITLE:kratom", pageSize=1000)
    assert len(first["resultList"]["result"]) == first["hitCount"] > 5
    end = ask(
        server, "search", query="TITLE:kratom", cursorMark=first["nextCursorMark"]
    )
    assert end["resultList"]["result"] == []
    assert end["nextCursorMark"] == first["nextCursorMark"]


def test_errors_come_with_status_200(server):
    assert ask(server, "search", query="tea", pageSize=1001)["errCode"] == 404
    assert ask(server, "search", query=" ")["errMsg"].startswith("Invalid query")
    assert ask(server, "search", query="(tea") == {"version": "6.9"}
    assert ask(server, "search", query="tea", cursorMark="zzz") == {"version": "6.9"}


def test_flags_are_letters_and_what_is_absent_has_no_key(server):
    found = ask(server, "search", query="kratom", resultType="core", pageSize=100)
    rows = found["resultList"]["result"]
    assert {row["isOpenAccess"] for row in rows} == {"Y", "N"}
    assert all(row["pmid"] for row in rows if "pmid" in row)
    assert found["request"]["resultType"] == "CORE"
    assert found["request"]["synonym"] is False


def test_words_without_a_field_are_looked_for_everywhere(server):
    anywhere = ask(server, "search", query="sleep")["hitCount"]
    titles = ask(server, "search", query="TITLE:sleep")["hitCount"]
    assert anywhere > titles > 0


def test_preprints_have_ids_of_their_own(server):
    found = ask(server, "search", query="SRC:PPR", resultType="core")
    (row,) = found["resultList"]["result"]
    assert row["id"].startswith("PPR")
    assert "pmid" not in row
    assert "bookOrReportDetails" in row


def test_references_may_have_no_id(server):
    found = ask(server, "MED/90000003/references")
    rows = found["referenceList"]["reference"]
    assert len(rows) == found["hitCount"] == 3
    assert [row.get("id", "") for row in rows] == ["", "90000001", "90000002"]
    found = ask(server, "MED/90000003/citations", pageSize=1)
    assert found["hitCount"] == 2
    assert [row["id"] for row in found["citationList"]["citation"]] == ["90000004"]


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("TI:a", True),
        ("TI:c", False),
        ("TI:a AND TI:b", True),
        ("TI:a TI:c", False),
        ("TI:c OR TI:a", True),
        ("TI:c AND TI:c OR TI:a", True),
        ("TI:c AND (TI:c OR TI:a)", False),
        ("NOT TI:c", True),
        ("TI:a NOT TI:b", False),
        ("TI:(a OR c)", True),
        ('TI:"a b"', True),
        ('TI:"b a"', False),
        ("TI:alp*", True),
    ],
)
def test_queries_mean_what_they_mean_to_lucene(query, fits):
    def test(field, value):
        return field == "TI" and has_words(["a b", "alphabet"], value)

    assert holds(parse(query), test) is fits


@pytest.mark.parametrize("query", ["(a", "a)", "a AND", "OR a", "()", '"a'])
def test_what_cannot_be_read_is_said(query):
    with pytest.raises(QueryError):
        parse(query)

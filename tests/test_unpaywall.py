"""Unpaywall: where a work is open to all, asked only with an e-mail address."""

import json
from contextlib import contextmanager
from dataclasses import replace

import pytest

from assay.edge.cache import Cache
from assay.edge.fetch import Fetcher
from assay.edge.pace import Pace
from assay.edge.services import unpaywall_service
from assay.record import Link
from assay.sources.json_answer import ShapeError
from assay.sources.unpaywall import READ, find_open_access, parse_record
from tests.net import EMAIL, FAST
from tests.standin.services import serve_service

OPEN, CLOSED = "10.99999/invented.90000001", "10.99999/invented.90000002"
UNREAD = frozenset(
    """
    doi_url genre journal_issns journal_is_oa journal_is_in_doaj is_oa oa_status
    has_repository_copy first_oa_location oa_locations_embargoed data_standard z_authors
    updated
    """.split()
)
"""Left out on purpose: what follows from the places, authors that other services name
better, and places that are not open yet."""


@contextmanager
def open_fetcher(url, folder, *, email=EMAIL, **options):
    service = replace(unpaywall_service(email=email, at=url), pause=0.0)
    pace, cache = Pace(folder / "pace.db"), Cache(folder / "http.db")
    options = {"patience": FAST, "cache": cache, **options}
    with Fetcher([service], pace=pace, **options) as fetcher:
        yield fetcher
    for each in (pace, cache):
        each.close()


def ask(server, folder, dois, **options):
    with open_fetcher(server.url, folder, **options) as fetcher:
        return list(find_open_access(dois, fetcher))


@pytest.fixture
def records():
    """Return two invented records, one of them with an open copy."""
    head = (
        '<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article>'
        '<ArticleTitle>Tea</ArticleTitle><ELocationID EIdType="doi">{doi}</ELocationID>'
        "</Article></MedlineCitation><PubmedData><ArticleIdList>{ids}</ArticleIdList>"
        "</PubmedData></PubmedArticle>"
    )
    doi = '<ArticleId IdType="doi">{}</ArticleId>'
    pmc = '<ArticleId IdType="pmc">PMC99000001</ArticleId>'
    return "".join(
        head.format(pmid=pmid, doi=one, ids=doi.format(one) + more)
        for pmid, one, more in ((90000001, OPEN, pmc), (90000002, CLOSED, ""))
    ).encode()


def test_open_closed_and_unknown_are_three_different_answers(records, tmp_path):
    with serve_service("unpaywall", records) as server:
        found = ask(server, tmp_path, [OPEN, CLOSED, "10.99999/none"])
        assert [r.params["email"] for r in server.requests] == [EMAIL] * 3
    place = "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC99000001"
    rest = ("accepted", "cc-by", "repository", "unpaywall")
    assert found[0].record.links == (
        Link(f"{place}/pdf", "pdf", *rest),
        Link(place, "page", *rest),
    )
    assert found[1].record.links == ()
    assert found[2][1:3] == (None, None)
    assert not any(looked.problem for looked in found)


def test_without_an_address_nobody_is_asked_and_the_remedy_is_told(records, tmp_path):
    with serve_service("unpaywall", records) as server:
        [looked] = ask(server, tmp_path, [OPEN], email="")
        assert server.count() == 0
    assert "e-mail address" in looked.problem.what
    assert "ASSAY_EMAIL" in looked.problem.what_to_do


def test_a_refused_address_is_told_once_asked_and_not_shown(records, tmp_path):
    email = "somebody.invented@example.com"
    with serve_service("unpaywall", records) as server:
        [looked] = ask(server, tmp_path, [OPEN], email=email)
        assert server.count() == 1, "asking again is useless"
    assert "e-mail address" in looked.problem.what
    assert email not in str(looked)


def test_what_was_recorded_needs_no_address(records, tmp_path):
    with serve_service("unpaywall", records) as server:
        ask(server, tmp_path, [OPEN, "10.99999/none"])
        again = ask(server, tmp_path, [OPEN, "10.99999/none"], email="", offline=True)
        assert server.count() == 2
    assert again[0].record.links
    assert again[1][1:3] == (None, None)


@pytest.mark.parametrize("fault", ["http-500", "html-200", "not-found-404", "cut-body"])
def test_a_failure_is_never_taken_for_an_unknown_work(fault, records, tmp_path):
    with serve_service("unpaywall", records) as server:
        server.fail(fault, times=99)
        [looked] = ask(server, tmp_path, [OPEN])
    assert looked.problem
    assert not looked.record


def test_a_service_that_is_down_is_not_asked_for_every_doi(tmp_path):
    dois = [f"10.99999/{n}" for n in range(50)]
    with serve_service("unpaywall") as server:
        server.fail("http-500", times=999)
        found = ask(server, tmp_path, dois, overlap=2)
        assert server.count() < 50
    assert [looked.id for looked in found] == dois
    assert all(looked.problem for looked in found)
    assert "was not asked for" in found[-1].problem.what


def test_recorded_answers_are_read_and_no_field_is_unaccounted_for(shared):
    paths = sorted((shared / "api/unpaywall").glob("doi_search?.json"))
    assert len(paths) == 5
    for path in paths:
        value = json.loads(path.read_bytes())
        assert set(value) <= {*READ, *UNREAD}, set(value) - {*READ, *UNREAD}
        record = parse_record(value)
        assert record.doi == value["doi"]
        assert record.title
        assert bool(record.links) == value["is_oa"]
        addresses = {place["url"] for place in value["oa_locations"]}
        assert addresses <= {link.url for link in record.links}
        if record.links:
            best = value["best_oa_location"]
            assert record.links[0].url in (best["url_for_pdf"], best["url"])


def test_an_address_that_is_no_web_address_is_left_out():
    place = {"url_for_pdf": "javascript:alert(1)", "url": "ftp://x/", "is_oa": True}
    places = [place, {"url": "https://example.org/a"}]
    record = parse_record({"doi": OPEN, "oa_locations": places})
    assert [link.url for link in record.links] == ["https://example.org/a"]


@pytest.mark.parametrize(
    "value", [{}, {"doi": "tea"}, {"doi": OPEN, "oa_locations": [5]}, {"doi": []}]
)
def test_what_has_another_shape_is_no_record(value):
    with pytest.raises(ShapeError):
        parse_record(value)

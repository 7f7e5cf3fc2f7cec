"""Europe PMC, asked over a socket: paging, its errors in disguise, long queries."""

from contextlib import contextmanager
from dataclasses import replace

import pytest

from assay.edge.services import europepmc_service
from assay.errors import BadAnswerError
from assay.search import Query
from assay.sources.base import Answer
from assay.sources.europepmc import SOURCE, find_error, key_of, parse_page, search
from tests.net import open_fetcher, sorted_out
from tests.standin.services import serve_service

SLEEP = Query(text="sleep[tiab]", limit=None)


@contextmanager
def opened(folder, **options):
    """Give the stand-in and a fetcher that asks it."""
    with serve_service("europepmc", **options) as server:
        service = replace(europepmc_service(at=server.url), pause=0.0)
        with open_fetcher("", folder, service=service) as fetcher:
            yield server, fetcher


def run(fetcher, query=SLEEP):
    records, problems, (log,) = sorted_out(search(query, fetcher))
    return records, problems, log


def test_a_search_gives_whole_records(tmp_path):
    with opened(tmp_path) as (server, fetcher):
        records, problems, log = run(fetcher)
    assert not problems
    assert len(records) == log.count == log.wanted == log.retrieved > 20
    assert not log.difference
    assert log.translation.endswith("(synonyms off)")
    (asked,) = server.requests
    assert asked.params["synonym"] == "false"
    assert asked.params["resultType"] == "core"
    assert asked.params["query"] == log.sent
    record = next(r for r in records if r.pmid == "90000001")
    assert record.abstract[0].label == "Objective"
    assert record.authors[0].last_name == "Marrow"
    assert record.doi.startswith("10.99999/")
    assert "Randomized Controlled Trial" in record.publication_types
    assert any(h.descriptor == "Mitragyna" and h.major for h in record.mesh)
    assert record.pmcid == "PMC90000001"
    assert record.links[0].kind == "html"
    assert key_of(record) == "MED/90000001"


def test_links_of_retracted_records_come_over(tmp_path):
    with opened(tmp_path) as (_server, fetcher):
        records, _, _ = run(fetcher, Query(text="90000013[uid]", limit=None))
    (record,) = records
    assert [(c.ref_type, c.pmid) for c in record.corrections] == [
        ("RetractionIn", "90000014")
    ]
    assert "Retracted Publication" in record.publication_types


def test_all_pages_come_in_pages_of_a_thousand(tmp_path):
    with opened(tmp_path, synthetic=2500) as (server, fetcher):
        records, problems, log = run(fetcher, Query(text="study[ti]", limit=None))
        assert len({key_of(r) for r in records}) == 2500
        assert not problems
        assert server.count("search") == log.requests == 3
        assert {r.params["pageSize"] for r in server.requests} == {"1000"}


def test_a_limit_asks_for_small_pages(tmp_path):
    with opened(tmp_path, synthetic=300) as (server, fetcher):
        records, problems, log = run(fetcher, Query(text="study[ti]", limit=20))
        assert (len(records), log.count, log.wanted) == (20, 300, 20)
        assert [r.params["pageSize"] for r in server.requests] == ["20"]
        assert not problems


def test_the_order_asked_for_is_sent(tmp_path):
    with opened(tmp_path) as (server, fetcher):
        run(fetcher, replace(SLEEP, sort="pub_date"))
        run(fetcher, SLEEP)
        orders = [request.params.get("sort") for request in server.requests]
    assert orders == ["P_PDATE_D desc", None]


def test_a_query_that_cannot_be_put_in_its_words_is_a_failure(tmp_path):
    with opened(tmp_path) as (server, fetcher):
        _records, (problem,), log = run(fetcher, Query(text="1[pagination]"))
        assert "nothing of the query" in problem.what
        assert log.failed
        assert server.requests == []


def test_a_long_query_is_posted(tmp_path):
    words = " OR ".join(f"invented{n}[ti]" for n in range(200))
    with opened(tmp_path) as (server, fetcher):
        records, problems, log = run(fetcher, Query(text=f"sleep[ti] OR {words}"))
        assert server.requests[0].method == "POST"
        assert server.count("searchPOST") == 1
        assert len(records) == log.count > 3
        assert not problems


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("version-only", "did not answer the query"),
        ("error-in-200", "Invalid page size"),
        ("trouble-in-200", "refused to answer (“Broken”)"),
        ("text-503", "HTTP 503"),
        ("http-504", "HTTP 504"),
    ],
)
def test_its_errors_are_failures_and_never_no_hits(tmp_path, fault, said):
    with opened(tmp_path) as (server, fetcher):
        server.fail(fault, times=9)
        records, (problem,), log = run(fetcher)
        assert said in problem.what
        assert problem.what_to_do
        assert not records
        assert log.failed
        assert log.count is None


def test_an_error_is_never_recorded(tmp_path):
    with opened(tmp_path) as (server, fetcher):
        server.fail("error-in-200")
        assert run(fetcher)[2].failed
        records, problems, _ = run(fetcher)
        assert records
        assert not problems


def test_the_count_that_is_larger_than_what_comes_is_said(tmp_path):
    with opened(tmp_path) as (server, fetcher):
        server.lie_about_total = 2
        records, (problem,), log = run(fetcher)
        assert problem.what.startswith(f"2 of {len(records) + 2} records")
        assert "2 of" in log.difference


def test_one_bad_record_is_named_and_the_others_kept(tmp_path):
    with opened(tmp_path) as (server, fetcher):
        server.fail("bad-record")
        records, (problem,), log = run(fetcher)
        assert "cannot be read" in problem.what
        assert len(records) == log.count - 1


def test_the_recorded_answers_are_read(shared):
    for name in ("search_cancer_core", "search_cancer", "search_pmid_22663011"):
        body = (shared / f"api/europepmc/{name}.json").read_bytes()
        page = parse_page(Answer(status=200, body=body))
        assert page.total == 1 or page.total > 1_000_000
        assert all(key_of(record).startswith("MED/") for record in page.items)
        assert bool(page.next) == (page.total > 1)


def test_a_bare_version_is_no_answer():
    with pytest.raises(BadAnswerError, match="did not answer the query"):
        find_error({"version": "6.9"})


def test_the_source_says_who_it_is():
    assert (SOURCE.name, SOURCE.title) == ("europepmc", "Europe PMC")
    assert SOURCE.terms.startswith("https://")

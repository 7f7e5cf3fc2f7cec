"""What every source keeps to, whatever its service does: tried on all of SOURCES."""

import pytest

from assay.search import Query
from assay.sources import SOURCES
from tests.net import sorted_out
from tests.services_up import GIVES, LISTS, open_fetcher, serve_source

EVERY = Query(text="sleep[tiab]", limit=None)
NOTHING = Query(text="zzznothing[tiab]", limit=None)

each_source = pytest.mark.parametrize("name", SOURCES)


def run(name, server, folder, query=EVERY, **options):
    with open_fetcher({name: server}, folder, **options) as fetcher:
        records, problems, logs = sorted_out(SOURCES[name].search(query, fetcher))
    assert len(logs) == 1
    assert logs[0].source == name
    assert all(record.source == name for record in records)
    return records, problems, logs[0]


def whole(name, folder, query=EVERY):
    """Return what the source gives when all is well."""
    with serve_source(name) as server:
        records, problems, log = run(name, server, folder / "whole", query)
    assert problems == []
    return records, log


@pytest.fixture(autouse=True)
def _folders(tmp_path):
    for name in ("whole", "spoilt"):
        (tmp_path / name).mkdir()


@each_source
def test_all_that_is_counted_is_delivered_and_the_log_adds_up(name, tmp_path):
    records, log = whole(name, tmp_path)
    assert len(records) == log.retrieved == log.wanted == log.count > 5
    assert not log.failed
    assert not log.difference
    assert log.when
    assert log.requests > 0
    assert len({(r.pmid, r.doi, r.identifiers, r.version) for r in records}) == len(
        records
    )


@each_source
def test_a_second_run_spends_no_request_and_gives_the_same(name, tmp_path):
    with serve_source(name) as server:
        first = run(name, server, tmp_path)
        asked = len(server.requests)
        second = run(name, server, tmp_path)
        assert len(server.requests) == asked
    assert second[0] == first[0]
    assert second[2].recorded
    assert (second[2].requests, second[2].credits) == (0, 0)


@each_source
def test_nothing_found_is_no_failure_and_a_count_of_none(name, tmp_path):
    records, log = whole(name, tmp_path, NOTHING)
    assert records == []
    assert (log.count, log.wanted, log.failed) == (0, 0, False)


@each_source
def test_a_limit_is_kept_and_the_count_is_still_told(name, tmp_path):
    all_of_them, _ = whole(name, tmp_path)
    few = Query(text=EVERY.text, limit=3)
    with serve_source(name) as server:
        records, problems, log = run(name, server, tmp_path / "spoilt", few)
    assert problems == []
    assert len(records) == log.retrieved == log.wanted == 3
    assert log.count == len(all_of_them)


@each_source
@pytest.mark.parametrize(
    "fault",
    ["http-500", "http-503", "html-200", "empty-body", "truncated-chunked",
     "truncated-sized", "reset", "rate-limit-429", "redirect-302-away",
     "gzip-bomb", "not-found-404"],
)  # fmt: skip
def test_a_service_that_never_answers_well_has_failed_and_found_no_nothing(
    name, fault, tmp_path
):
    with serve_source(name) as server:
        server.fail(fault, times=999)
        records, problems, log = run(name, server, tmp_path)
    assert records == []
    assert log.failed
    assert log.count is None or log.count > 0
    assert problems
    assert problems[0].where == SOURCES[name].title
    assert problems[0].what


@each_source
@pytest.mark.parametrize(
    "fault", ["http-502", "truncated-chunked", "cut-body", "reset", "html-200"]
)
def test_what_goes_wrong_once_is_asked_again_and_nothing_is_lost(name, fault, tmp_path):
    expected, _ = whole(name, tmp_path)
    with serve_source(name) as server:
        server.fail(fault)
        records, problems, log = run(name, server, tmp_path / "spoilt")
    assert records == expected
    assert problems == []
    assert not log.failed


@each_source
def test_a_wrong_content_type_loses_nothing_unsaid(name, tmp_path):
    expected, _ = whole(name, tmp_path)
    with serve_source(name) as server:
        server.fail("wrong-content-type", times=999)
        records, problems, log = run(name, server, tmp_path / "spoilt")
    assert records == expected or (problems and (log.failed or log.difference))


@each_source
def test_a_slow_drip_is_waited_for(name, tmp_path):
    expected, _ = whole(name, tmp_path)
    with serve_source(name) as server:
        server.fail("slow-drip:0.02", path=LISTS.get(name, "*"))
        records, problems, _ = run(name, server, tmp_path / "spoilt")
    assert records == expected
    assert problems == []


@each_source
def test_one_bad_record_in_a_page_is_told_and_the_others_are_kept(name, tmp_path):
    expected, _ = whole(name, tmp_path)
    with serve_source(name) as server:
        fault = "unreadable-record" if name == "pubmed" else "bad-record"
        server.fail(fault, path=GIVES.get(name, "*"), times=999)
        records, problems, log = run(name, server, tmp_path / "spoilt")
    lost = len(expected) - len(records)
    assert lost <= 1
    assert problems
    assert log.retrieved == len(records)


@pytest.mark.parametrize("name", [name for name in SOURCES if name != "pubmed"])
@pytest.mark.parametrize(
    "lie", ["same-cursor", "no-cursor", "empty-page", "short-page", "first-cursor"]
)
def test_a_list_that_ends_early_says_how_many_are_missing(name, lie, tmp_path):
    query = Query(text="kratom[tiab]", limit=None)
    with serve_source(name, synthetic=2_300) as server:
        server.fail(lie, after=1, times=999)
        records, problems, log = run(name, server, tmp_path, query)
    if log.retrieved < log.wanted:  # else the list was over with its first page
        missing = log.wanted - log.retrieved
        assert any(f"{missing:,}" in problem.what for problem in problems)
        assert log.difference
    assert len(records) == log.retrieved


@pytest.mark.parametrize("name", [name for name in SOURCES if name != "pubmed"])
def test_a_count_that_is_too_high_is_told(name, tmp_path):
    with serve_source(name) as server:
        server.lie_about_total = 3
        records, problems, log = run(name, server, tmp_path)
    assert len(records) == log.retrieved == log.count - 3
    assert "3 of" in problems[-1].what
    assert log.difference


@each_source
def test_offline_what_was_never_recorded_is_said_and_not_zero(name, tmp_path):
    with serve_source(name) as server:
        _, problems, log = run(name, server, tmp_path, offline=True)
        assert server.requests == []
    assert log.failed
    assert "never recorded" in problems[0].what


@each_source
def test_a_query_is_put_in_the_services_words_with_a_receipt(name):
    query = Query(text='kratom[tiab] AND "sleep quality"[mh]', since="2015")
    translation = SOURCES[name].translate(query)
    assert translation.sent
    for clause in translation.clauses:
        in_text = query.text[clause.start : clause.end]
        assert in_text in {clause.text, ""}  # since and until stand beside the text
        assert clause.why or clause.fidelity == "exact"

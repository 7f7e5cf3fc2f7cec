"""The PubMed source: what is asked, in which order records come, what the log says."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import BadAnswerError, RefusedError, SourceDownError, SourceError
from assay.output.search_sums import check_sums, count_lacking
from assay.search import Query, SearchRun
from assay.sources import SOURCES
from assay.sources.base import Answer
from assay.sources.pubmed import (
    BATCHES,
    fetch_records,
    fetch_request,
    is_pmid,
    search_request,
)
from assay.sources.pubmed_errors import find_root, judge_json, judge_set, judge_xml
from assay.sources.pubmed_search import CAP, parse_search
from tests.net import TRIES, open_fetcher, sorted_out
from tests.standin import serve

search = SOURCES["pubmed"].search


def params_of(query):
    return dict(search_request(query).params)


def test_sort_is_always_sent():
    assert params_of(Query(text="tea"))["sort"] == "relevance"
    assert params_of(Query(text="tea", sort="pub_date"))["sort"] == "pub_date"


@pytest.mark.parametrize(
    ("since", "until", "low", "high"),
    [
        ("2020", "", "2020", "3000"),
        ("", "2021/05", "1000", "2021/05"),
        ("2020/01/02", "2021", "2020/01/02", "2021"),
    ],
)
def test_dates_are_sent_together_as_publication_dates(since, until, low, high):
    sent = params_of(Query(text="tea", since=since, until=until))
    assert (sent["datetype"], sent["mindate"], sent["maxdate"]) == ("pdat", low, high)
    assert "datetype" not in params_of(Query(text="tea"))


@given(st.integers(-5, 20_000))
def test_no_more_is_asked_for_than_pubmed_lists(limit):
    assert 1 <= int(params_of(Query(text="tea", limit=limit))["retmax"]) <= CAP


@given(st.integers(1, 4000))
def test_long_terms_are_posted(length):
    method = search_request(Query(text="x" * length)).method
    assert method == ("POST" if length > 1500 else "GET")


def test_no_request_says_who_asks():
    for request in (search_request(Query(text="tea")), fetch_request(["90000001"])):
        assert not {"api_key", "email", "tool"} & set(dict(request.params))


def test_batches_are_within_what_the_service_does_well():
    assert 200 <= BATCHES[0] <= 500
    assert sorted(BATCHES, reverse=True) == list(BATCHES)


def test_records_keep_the_order_of_the_search_though_they_come_shuffled(tmp_path):
    with serve(synthetic=700) as server, open_fetcher(server.url, tmp_path) as fetcher:
        query = Query(text="kratom", limit=600, sort="pub_date")
        records, problems, [log] = sorted_out(search(query, fetcher))
        listed = fetcher.get(search_request(query), judge_json)
    pmids = parse_search(listed.body).pmids
    assert [record.pmid for record in records] == list(pmids)
    assert log.retrieved == log.wanted == len(pmids)
    assert not problems


def test_the_log_says_how_many_of_how_many(tmp_path):
    with serve() as server, open_fetcher(server.url, tmp_path) as fetcher:
        query = Query(text="kratom", limit=3)
        records, problems, [log] = sorted_out(search(query, fetcher))
    assert len(records) == log.wanted == log.retrieved == 3
    assert log.count > 3
    assert (log.source, log.query) == ("pubmed", "kratom")
    assert log.translation
    assert log.when
    assert not log.recorded
    assert not problems


def test_the_same_search_offline_gives_the_same_values(tmp_path):
    with serve() as server:
        query = Query(text="kratom AND sleep[foo]", since="2000")
        with open_fetcher(server.url, tmp_path) as fetcher:
            online = sorted_out(search(query, fetcher))
    twice = []
    for _ in range(2):
        with open_fetcher(server.url, tmp_path, offline=True) as fetcher:
            twice.append(sorted_out(search(query, fetcher)))
    assert twice[0] == twice[1]
    assert twice[0][0] == online[0]
    assert twice[0][2][0].recorded
    assert twice[0][2][0].ignored == online[2][0].ignored != ()


def test_offline_without_a_recording_is_a_failed_search(tmp_path):
    with open_fetcher("http://127.0.0.1:9/", tmp_path, offline=True) as fetcher:
        records, [problem], [log] = sorted_out(search(Query(text="tea"), fetcher))
    assert not records
    assert "never recorded" in problem.what
    assert log.failed


def test_records_by_pmid_come_in_the_order_asked_for(tmp_path):
    wanted = ["90000004", "90000001", "90000002", "90000001"]
    with serve() as server, open_fetcher(server.url, tmp_path) as fetcher:
        records, problems, _ = sorted_out(fetch_records(wanted, fetcher))
    assert [record.pmid for record in records] == ["90000004", "90000001", "90000002"]
    assert not problems


def test_nothing_asked_is_nothing_fetched(tmp_path):
    with serve() as server, open_fetcher(server.url, tmp_path) as fetcher:
        assert list(fetch_records([], fetcher)) == []
        assert server.requests == []


class Script:
    """A getter that gives what it was told to, and keeps what it was asked."""

    def __init__(self, found, *outcomes):
        self.found, self.outcomes, self.asked = found, list(outcomes), []

    def get(self, request, judge):
        if isinstance(self.found, SourceError):
            raise self.found
        return self.found

    def get_many(self, requests, judge):
        for request in requests:
            self.asked.append(dict(request.params)["id"].split(","))
            yield self.outcomes.pop(0)


def listing(*pmids, count=None):
    result = {"count": str(len(pmids) if count is None else count), "idlist": pmids}
    return Answer(status=200, body=json.dumps({"esearchresult": result}).encode())


def record_set(*pmids):
    each = "<PubmedArticle><MedlineCitation><PMID>{}</PMID><Article><ArticleTitle>T"
    each += "</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    body = "".join(each.format(pmid) for pmid in pmids)
    whole = f"<PubmedArticleSet>{body}</PubmedArticleSet>"
    return Answer(status=200, body=whole.encode(), recorded=True)


def test_a_stranger_among_the_records_is_left_out_and_told():
    getter = Script(listing("90000001"), record_set("90000001", "90000009"))
    records, [problem], [log] = sorted_out(search(Query(text="tea"), getter))
    assert [record.pmid for record in records] == ["90000001"]
    assert "not asked for: 90000009" in problem.what
    assert log.missing == ()


def test_a_search_that_lists_fewer_than_it_counts_is_told():
    getter = Script(listing("90000001", count=208), record_set("90000001"))
    _, [problem], [log] = sorted_out(search(Query(text="tea"), getter))
    assert "counts 208 but lists 1" in problem.what
    assert (log.count, log.wanted, log.retrieved) == (208, 200, 1)


def test_a_refused_batch_is_not_asked_again_and_the_rest_stays():
    refused = RefusedError("PubMed", "no", "Stop.")
    pmids = [str(90_000_001 + n) for n in range(BATCHES[0] + 2)]
    getter = Script(listing(*pmids), refused, record_set(*pmids[-2:]))
    query = Query(text="tea", limit=CAP)
    records, problems, [log] = sorted_out(search(query, getter))
    assert [record.pmid for record in records] == pmids[-2:]
    assert log.missing == tuple(pmids[:-2])
    assert problems[0].what == "no"
    assert len(getter.asked) == 2


def test_where_nothing_comes_in_two_rounds_there_is_no_third(tmp_path):
    with serve() as server, open_fetcher(server.url, tmp_path) as fetcher:
        server.fail("http-503", path="efetch", times=99)
        list(SOURCES["pubmed"].search(Query(text="kratom", limit=9), fetcher))
        assert server.count("efetch") == 2 * TRIES


def test_what_lacks_is_called_withdrawn_only_where_nothing_else_is_known(tmp_path):
    for fault, todo in (("http-503", "Run it again later"), ("missing-ids:9", "with")):
        with (
            serve() as server,
            open_fetcher(server.url, tmp_path, cached=False) as fetcher,
        ):
            server.fail(fault, path="efetch", times=99)
            query = Query(text="kratom", limit=9)
            found = SOURCES["pubmed"].search(query, fetcher)
            problem = sorted_out(found)[1][-1]
        assert "9 of 9 records did not come" in problem.what
        assert todo in problem.what_to_do


def test_a_batch_that_was_too_much_is_asked_for_in_smaller_parts():
    pmids = [str(90_000_001 + n) for n in range(BATCHES[1] + 5)]
    parts = (pmids[: BATCHES[1]], pmids[BATCHES[1] :])
    down = SourceDownError("PubMed", "overloaded", "Later.")
    getter = Script(listing(*pmids), down, *(record_set(*part) for part in parts))
    query = Query(text="tea", limit=CAP)
    records, problems, [log] = sorted_out(search(query, getter))
    assert [record.pmid for record in records] == pmids
    assert getter.asked == [pmids, *parts]
    assert log.missing == ()
    assert not problems


def test_a_recorded_log_needs_every_answer_recorded():
    answer = listing("90000001")
    getter = Script(answer, record_set("90000001"))
    _, _, [log] = sorted_out(search(Query(text="tea"), getter))
    assert not log.recorded


@given(st.lists(st.integers(1, 40), unique=True), st.data())
def test_every_id_is_either_retrieved_or_missing(numbers, data):
    pmids = [str(90_000_000 + n) for n in numbers]
    kept = [pmid for pmid in pmids if data.draw(st.booleans())]

    class Forgetful(Script):
        def get_many(self, requests, judge):
            for request in requests:
                asked = dict(request.params)["id"].split(",")
                yield record_set(*(pmid for pmid in asked if pmid in kept))

    getter = Forgetful(listing(*pmids))
    records, problems, [log] = sorted_out(search(Query(text="tea"), getter))
    assert [record.pmid for record in records] == kept
    assert set(log.missing) == set(pmids) - set(kept)
    assert log.retrieved + len(log.missing) == log.wanted == len(pmids)
    assert bool(problems) == bool(log.missing)
    assert log.failed == (bool(pmids) and not kept)


search_new = SOURCES["pubmed"].search_new


def test_records_that_are_known_are_listed_and_not_fetched():
    getter = Script(listing("90000001", "90000002"), record_set("90000002"))
    known = {"90000001", "90000009"}
    [record], _, [log] = sorted_out(search_new(Query(text="tea"), getter, known))
    assert record.pmid == "90000002"
    assert getter.asked == [["90000002"]]
    assert (log.count, log.wanted, log.retrieved, log.passed_over) == (2, 2, 1, 1)
    assert count_lacking(log) == 0
    assert not log.failed


def test_a_quiet_week_is_one_request_and_one_with_news_is_two(tmp_path):
    query = Query(text="kratom", limit=None)
    with (
        serve(synthetic=300) as server,
        open_fetcher(server.url, tmp_path, cached=False) as fetcher,
    ):
        listed = parse_search(fetcher.get(search_request(query), judge_json).body)
        for known, requests in ((listed.pmids, 1), (listed.pmids[1:], 2)):
            server.requests.clear()
            found = sorted_out(search_new(query, fetcher, known))
            records, problems, [log] = found
            assert (len(records), problems) == (requests - 1, [])
            assert not log.failed
            assert len(server.requests) == log.requests == requests


@given(
    st.lists(st.integers(1, 30), unique=True), st.sets(st.integers(1, 30)), st.data()
)
def test_every_id_is_retrieved_or_missing_or_passed_over(numbers, known, data):
    pmids = [str(90_000_000 + n) for n in numbers]
    told = {str(90_000_000 + n) for n in known}
    kept = [pmid for pmid in pmids if data.draw(st.booleans())]

    class Forgetful(Script):
        def get_many(self, requests, judge):
            for request in requests:
                asked = dict(request.params)["id"].split(",")
                assert told.isdisjoint(asked)
                yield record_set(*(pmid for pmid in asked if pmid in kept))

    found = search_new(Query(text="tea", limit=None), Forgetful(listing(*pmids)), told)
    records, _, [log] = sorted_out(found)
    assert [r.pmid for r in records] == [p for p in kept if p not in told]
    assert log.retrieved + log.passed_over + len(log.missing) == log.wanted
    assert log.failed == (bool(pmids) and not records and not told & set(pmids))
    run = SearchRun(
        query=Query(text="tea", limit=None),
        sources=("pubmed",),
        logs=(log,),
        found=log.retrieved,
    )
    assert log.failed or not check_sums(run)


# --- judging and reading on bytes ---------------------------------------------------

JUDGES = (judge_json, judge_xml, judge_set)


@given(st.binary(max_size=400), st.sampled_from([200, 400, 404, 429, 500]))
def test_any_bytes_are_judged_good_or_a_source_error(body, status):
    for judge in JUDGES:
        with suppress(SourceError):
            assert judge(Answer(status=status, body=body)) in {True, False}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=8), inner),
        max_leaves=12,
    ),
    st.sampled_from(["count", "idlist", "errorlist", "warninglist", "translationset"]),
)
def test_any_shape_of_a_search_is_read_or_a_source_error(value, name):
    result = {"count": "0", "idlist": [], name: value}
    with suppress(SourceError):
        assert parse_search(json.dumps({"esearchresult": result}).encode()).total >= 0


@pytest.mark.parametrize(
    "body",
    [
        b'{"esearchresult": {"idlist": []}}',
        b'{"esearchresult": {"count": "-1", "idlist": []}}',
        b'{"esearchresult": {"count": "1", "idlist": "90000001"}}',
        b'{"esearchresult": {"count": "1", "idlist": ["PMC1"]}}',
        b'{"esearchresult": []}',
        b"{}",
    ],
)
def test_a_search_of_another_shape_is_no_zero_hits(body):
    with pytest.raises(BadAnswerError):
        parse_search(body)


@given(st.binary(max_size=60))
def test_too_fast_is_worth_asking_again_whatever_the_body_says(body):
    for judge in JUDGES:
        with pytest.raises(SourceDownError):
            judge(Answer(status=429, body=body))


def test_a_broken_connection_is_never_good_even_when_its_json_can_be_read():
    body = b'{"esearchresult": {"count": "0", "idlist": []}}'
    assert judge_json(Answer(status=200, body=body))
    with pytest.raises(SourceDownError, match="broke off"):
        judge_json(Answer(status=200, body=body, complete=False))


def test_deep_nesting_is_no_crash():
    with pytest.raises(SourceDownError):
        judge_json(Answer(status=200, body=b'{"a":' * 100_000))


@given(st.text(max_size=12))
def test_what_is_a_pmid_is_plain_digits(text):
    assert not is_pmid(text) or (text.isascii() and 0 < int(text) < 10**9)


def test_a_root_is_found_behind_any_prolog():
    prolog = b'<?xml version="1.0"?>\n<!-- <no> -->\n<!DOCTYPE a PUBLIC "b" "c">\n'
    assert find_root(prolog + b"<PubmedArticleSet>") == "PubmedArticleSet"
    assert find_root(b'<!DOCTYPE a [<!ENTITY b "c">]><d/>') == "d"
    assert find_root(prolog) == ""


def test_recorded_exchanges_are_judged_good(shared):
    for path in sorted((shared / "eutils" / "hawc").glob("*.xml")):
        answer = Answer(status=200, body=path.read_bytes())
        judge = judge_set if b"<PubmedArticleSet" in answer.body else judge_xml
        assert judge(answer), path.name


SHAPES = {
    "bad_api_key_400.json": (judge_json, 400, RefusedError),
    "efetch_bad_id_400.xml": (judge_set, 400, RefusedError),
    "efetch_expired_webenv.xml": (judge_set, 200, RefusedError),
    "efetch_truncated.xml": (judge_set, 200, SourceDownError),
    "elink_prolog_only.xml": (judge_xml, 200, SourceDownError),
    "esearch_empty_term.json": (judge_json, 200, RefusedError),
    "esearch_expired_webenv.json": (judge_json, 200, RefusedError),
    "esearch_retstart_over_cap.INVALID.json": (judge_json, 200, RefusedError),
    "esearch_retstart_over_cap.xml": (judge_xml, 200, RefusedError),
    "esummary_empty.json": (judge_json, 200, RefusedError),
    "esummary_expired_webenv.json": (judge_json, 200, RefusedError),
    "esummary_too_many.json": (judge_json, 200, RefusedError),
    "esummary_v2_docsum_backend_failed.xml": (judge_xml, 200, SourceDownError),
    "rate_limited_429.json": (judge_set, 200, SourceDownError),
}


def test_collected_error_shapes_have_their_outcome_and_all_others_are_good(shared):
    for path in sorted((shared / "api" / "ncbi_eutils" / "shapes").iterdir()):
        judge, status, error = SHAPES.get(path.name, (None, 200, None))
        answer = Answer(status=status, body=path.read_bytes())
        if error:
            with pytest.raises(error):
                judge(answer)
        elif path.suffix in {".json", ".xml"}:
            judge = judge_json if path.suffix == ".json" else judge_xml
            assert judge(answer), path.name


def test_the_recorded_page_for_a_long_address_is_a_refusal(shared):
    body = (shared / "api" / "ncbi_eutils" / "uri_too_long_414.html").read_bytes()
    with pytest.raises(RefusedError, match="too long"):
        judge_json(Answer(status=414, body=body))
    with pytest.raises(SourceDownError, match="web page"):
        judge_json(Answer(status=200, body=body))

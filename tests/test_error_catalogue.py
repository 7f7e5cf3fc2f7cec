"""Every way in which the E-utilities are known to fail, over a real socket.

The rows are those of the error catalogue that was collected from NCBI's own samples,
recordings and other clients' reports. Each test fails if the row is mishandled: too
many or too few requests, a wrong or silent outcome, or a failure kept as a fact.
"""

import json

import pytest

from assay.edge.fetch import LIMITS
from assay.errors import RefusedError, SourceDownError
from assay.search import Query
from assay.sources import SOURCES
from assay.sources.base import Request
from assay.sources.pubmed import EUTILS, fetch_records
from assay.sources.pubmed_errors import judge_json, judge_set, judge_xml
from tests.net import FAST, KEY, TRIES, open_fetcher, recorded, sorted_out
from tests.standin import serve

QUERY = Query(text="kratom", limit=20)


def run_search(server, folder, query=QUERY, **options):
    with open_fetcher(server.url, folder, **options) as fetcher:
        return sorted_out(SOURCES["pubmed"].search(query, fetcher))


def ask(server, folder, program, judge, *, method="GET", **params):
    request = Request(
        method=method,
        url=f"{EUTILS}{program}.fcgi",
        params=tuple(params.items()),
        media="json",
    )
    with open_fetcher(server.url, folder) as fetcher:
        return fetcher.get(request, judge)


# --- worth asking again ------------------------------------------------------------

PASSING = [
    "rate-limit-429",
    "rate-limit-429-retry-after:0",
    "rate-limit-200",
    "backend-failed",
    "backend-failed-502",
    "http-500",
    "http-502",
    "http-503",
    "http-504",
    "text-500",
    "html-200",
    "truncated-chunked",
    "truncated-sized",
    "cut-body",
    "empty-body",
    "prolog-only",
    "plain-exception",
    "reset",
]


@pytest.mark.parametrize("fault", PASSING)
def test_a_passing_failure_of_the_search_is_asked_again(fault, tmp_path):
    with serve() as server:
        server.fail(fault, path="esearch")
        records, problems, [log] = run_search(server, tmp_path)
        assert server.count("esearch") == 2
    assert len(records) == log.wanted == log.retrieved == 20
    assert not problems
    assert not log.failed
    assert recorded(tmp_path) == 2  # the search and the records, not the failure


@pytest.mark.parametrize(
    "fault", [f for f in PASSING if not f.startswith("backend") and "cut" not in f]
)
def test_a_passing_failure_of_the_records_is_asked_again(fault, tmp_path):
    with serve() as server:
        server.fail(fault, path="efetch")
        records, problems, [log] = run_search(server, tmp_path)
        assert server.count("efetch") == 2
    assert len(records) == log.retrieved == 20
    assert not problems
    assert log.missing == ()


@pytest.mark.parametrize("fault", [f for f in PASSING if f != "backend-failed"])
def test_a_lasting_failure_of_the_search_is_failed_and_never_zero_hits(fault, tmp_path):
    with serve() as server:
        server.fail(fault, path="esearch", times=99)
        records, [problem], [log] = run_search(server, tmp_path)
        assert server.count("esearch") == TRIES
        assert server.count("efetch") == 0
    assert not records
    assert problem.where == "PubMed"
    assert problem.what
    assert "Try again later" in problem.what_to_do
    assert (log.failed, log.count) == (True, None)
    assert recorded(tmp_path) == 0


@pytest.mark.parametrize("fault", ["http-502", "html-200", "reset", "rate-limit-429"])
def test_a_lasting_failure_of_the_records_names_what_is_missing(fault, tmp_path):
    with serve() as server:
        server.fail(fault, path="efetch", times=99)
        records, problems, [log] = run_search(server, tmp_path)
    assert not records
    assert log.failed
    assert len(log.missing) == log.wanted == 20
    assert any("20 of 20 records did not come" in p.what for p in problems)
    assert recorded(tmp_path) == 1  # the search alone


def test_a_demand_to_wait_is_honoured(tmp_path):
    with serve() as server:
        server.fail("rate-limit-429-retry-after:1", path="esearch")
        records, problems, _ = run_search(server, tmp_path)
        first, second = server.requests[:2]
    assert second.time - first.time >= 1.0
    assert len(records) == 20
    assert not problems


def test_a_demand_to_wait_for_hours_is_not_waited_for(tmp_path):
    with serve() as server:
        server.fail("rate-limit-429-retry-after:54000", path="esearch", times=99)
        _, [problem], [log] = run_search(server, tmp_path)
        assert server.count("esearch") == 1
    assert "wait 15 hours" in problem.what
    assert log.failed


# --- refused -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("bad-key-400", "does not know the API key"),
        ("empty-term", "nothing was asked for"),
        ("retstart-over-cap", "first 9,999"),
        ("retstart-over-cap-2022", "first 9,999"),
        ("expired-webenv", "no longer knows the search"),
        ("bad-db", "does not know the database"),
        ("uri-too-long-414", "too long"),
        ("not-found-404", "HTTP 404"),
    ],
)
def test_a_refused_search_is_not_asked_again_and_says_why(fault, words, tmp_path):
    with serve() as server:
        server.fail(fault, path="esearch", times=99)
        records, [problem], [log] = run_search(server, tmp_path)
        assert len(server.requests) == 1
    assert not records
    assert words in problem.what
    assert problem.what_to_do
    assert log.failed
    assert recorded(tmp_path) == 0


def test_a_bad_key_is_never_echoed(tmp_path):
    with serve() as server:
        server.fail("bad-key-400", times=99)
        found = run_search(server, tmp_path)
    assert KEY not in repr(found)
    assert "NCBI_API_KEY" in found[1][0].what_to_do


def test_an_empty_term_is_refused_by_the_service(tmp_path):
    with serve() as server:
        _, [problem], [log] = run_search(server, tmp_path, Query(text="  "))
        assert len(server.requests) == 1
    assert problem.what == "nothing was asked for"
    assert log.failed


def test_a_failing_backend_is_asked_once_more_then_the_query_is_to_blame(tmp_path):
    with serve() as server:
        server.fail("backend-failed", path="esearch", times=99)
        _, [problem], [log] = run_search(server, tmp_path, Query(text="((tea"))
        assert server.count("esearch") == 2
    assert "cannot read the query" in problem.what
    assert "parentheses" in problem.what_to_do
    assert log.failed


def test_the_cap_is_told_from_json_that_is_not_valid(tmp_path):
    with serve() as server:
        params = {"db": "pubmed", "term": "kratom", "retmode": "json"}
        with pytest.raises(RefusedError, match="first 9,999") as caught:
            ask(server, tmp_path, "esearch", judge_json, retstart="9999", **params)
        assert len(server.requests) == 1
    assert "Narrow the search" in str(caught.value)


@pytest.mark.parametrize("program", ["efetch", "esummary"])
def test_the_cap_is_told_from_http_400_too(program, tmp_path):
    with serve() as server:
        server.fail("retstart-over-cap", path=program, times=99)
        with pytest.raises(RefusedError, match="first 9,999"):
            ask(server, tmp_path, program, judge_xml, db="pubmed", id="90000001")
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("program", "judge", "params"),
    [
        ("esearch", judge_json, {"term": "tea", "retmode": "json"}),
        ("efetch", judge_set, {"WebEnv": "MCID_00", "query_key": "1"}),
        ("esummary", judge_json, {"WebEnv": "MCID_00", "retmode": "json"}),
    ],
)
def test_a_forgotten_search_is_told_by_every_program(program, judge, params, tmp_path):
    with serve() as server:
        server.fail("expired-webenv", path=program, times=99)
        with pytest.raises(RefusedError, match="no longer knows the search"):
            ask(server, tmp_path, program, judge, db="pubmed", **params)
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("program", "judge", "retmode"),
    [
        ("esearch", judge_json, "json"),
        ("esearch", judge_xml, "xml"),
        ("esummary", judge_json, "json"),
        ("efetch", judge_set, "xml"),
    ],
)
def test_a_bad_database_is_told_by_every_program(program, judge, retmode, tmp_path):
    params = {"db": "fleegle", "term": "tea", "id": "90000001", "retmode": retmode}
    with serve() as server:
        with pytest.raises(RefusedError, match="does not know the database"):
            ask(server, tmp_path, program, judge, **params)
        assert len(server.requests) == 1


def test_a_malformed_id_is_told_by_the_service(tmp_path):
    with serve() as server:
        with pytest.raises(RefusedError, match="none of the PMIDs"):
            ask(server, tmp_path, "efetch", judge_set, method="POST", id="abc")
        assert len(server.requests) == 1


def test_a_malformed_id_of_a_person_is_not_even_sent(tmp_path):
    with serve() as server, open_fetcher(server.url, tmp_path) as fetcher:
        found = fetch_records(["PMC1", "0", "90000001"], fetcher)
        records, [problem], _ = sorted_out(found)
        assert server.requests[0].params["id"] == "90000001"
    assert [record.pmid for record in records] == ["90000001"]
    assert "PMC1, 0" in problem.what


def test_no_id_at_all_is_told(tmp_path):
    with serve() as server:
        server.fail("no-id", path="esummary")
        with pytest.raises(RefusedError, match="no PMID"):
            ask(server, tmp_path, "esummary", judge_xml, db="pubmed")


def test_too_many_summaries_are_told_from_a_list_in_place_of_an_object(tmp_path):
    ids = ",".join(str(90_000_001 + i) for i in range(501))
    with serve() as server:
        with pytest.raises(RefusedError, match="more records"):
            ask(
                server, tmp_path, "esummary", judge_json,
                method="POST", db="pubmed", id=ids, retmode="json",
            )  # fmt: skip
        assert len(server.requests) == 1


def test_a_long_query_is_posted_and_so_never_too_long(tmp_path):
    words = " OR ".join(["kratom", *(f"mitragynine{n}[tiab]" for n in range(600))])
    with serve() as server:
        records, _, [log] = run_search(server, tmp_path, Query(text=words, limit=5))
        assert server.requests[0].method == "POST"
    assert len(words) > 8190
    assert len(records) == 5
    assert not log.failed


# --- summaries and links -----------------------------------------------------------


def test_a_summary_that_lacks_one_id_is_a_good_answer(tmp_path):
    with serve() as server:
        answer = ask(
            server, tmp_path, "esummary", judge_json,
            db="pubmed", id="90000001,99999998", retmode="json",
        )  # fmt: skip
    assert json.loads(answer.body)["result"]["99999998"]["error"]


def test_a_failure_hidden_in_a_comment_is_asked_again(tmp_path):
    with serve() as server:
        server.fail("docsum-failed", path="esummary")
        answer = ask(
            server, tmp_path, "esummary", judge_xml, db="pubmed", id="90000001"
        )
        assert server.count("esummary") == 2
    assert b"DocSum Backend failed" not in answer.body


def test_a_failure_hidden_in_a_comment_that_lasts_is_an_error(tmp_path):
    with serve() as server:
        server.fail("docsum-failed", path="esummary", times=99)
        with pytest.raises(SourceDownError, match="out of order"):
            ask(server, tmp_path, "esummary", judge_xml, db="pubmed", id="90000001")
        assert server.count("esummary") == TRIES
    assert recorded(tmp_path) == 0


@pytest.mark.parametrize("fault", ["prolog-only", "plain-exception", "html-200"])
def test_links_that_are_no_links_are_asked_again(fault, tmp_path):
    with serve() as server:
        server.fail(fault, path="elink")
        ask(server, tmp_path, "elink", judge_xml, dbfrom="pubmed", id="90000001")
        assert server.count("elink") == 2


def test_two_errors_in_one_answer_are_one_refusal(tmp_path):
    with serve() as server:
        server.fail("two-errors", path="epost")
        with pytest.raises(RefusedError, match="no PMID was asked for"):
            ask(server, tmp_path, "epost", judge_xml, db="pubmed", id="x")


# --- records that do not come ------------------------------------------------------


def test_an_unknown_id_is_named_and_never_silently_left_out(tmp_path):
    with serve() as server, open_fetcher(server.url, tmp_path) as fetcher:
        found = fetch_records(["90000001", "99999998"], fetcher)
        records, [problem], _ = sorted_out(found)
        assert server.count("efetch") == 2  # the missing one is asked for once more
        assert server.requests[1].params["id"] == "99999998"
    assert [record.pmid for record in records] == ["90000001"]
    assert "1 of 2 records did not come: 99999998" in problem.what


def test_records_left_out_once_are_asked_for_again(tmp_path):
    with serve() as server:
        server.fail("missing-ids:3", path="efetch")
        records, problems, [log] = run_search(server, tmp_path)
        assert server.count("efetch") == 2
        assert len(server.requests[2].params["id"].split(",")) == 3
    assert len({record.pmid for record in records}) == log.retrieved == 20
    assert not problems
    assert log.missing == ()


def test_records_left_out_for_good_stand_in_log_and_problem(tmp_path):
    with serve() as server:
        server.fail("missing-ids:3", path="efetch", times=99)
        records, [problem], [log] = run_search(server, tmp_path)
        assert server.count("efetch") == 2
    assert len(records) == log.retrieved == 17
    assert len(log.missing) == 3
    assert all(pmid in problem.what for pmid in log.missing)
    assert not log.failed


@pytest.mark.parametrize("fault", ["truncated-chunked", "truncated-sized", "cut-body"])
def test_a_cut_set_keeps_its_whole_records_and_the_rest_is_asked_for(fault, tmp_path):
    with serve() as server:
        server.fail(fault, path="efetch")
        records, problems, [log] = run_search(server, tmp_path)
        assert server.count("efetch") == 2
        rest = server.requests[2].params["id"].split(",")
    assert 0 < len(rest) < 20
    assert len({record.pmid for record in records}) == log.retrieved == 20
    assert not problems
    assert recorded(tmp_path) == 2  # the search and the rest: no cut answer


def test_a_set_that_lacks_only_its_end_loses_nothing_and_is_not_recorded(tmp_path):
    with serve() as server:
        server.fail("cut-root", path="efetch")
        records, _, [log] = run_search(server, tmp_path)
        assert server.count("efetch") == 1
    assert len(records) == log.retrieved == 20
    assert recorded(tmp_path) == 1


def test_sets_that_are_always_cut_end_with_the_missing_named(tmp_path):
    with serve() as server:
        server.fail("cut-body", path="efetch", times=99)
        records, problems, [log] = run_search(server, tmp_path)
        assert 2 <= server.count("efetch") <= 12
    assert len(records) == log.retrieved
    assert log.retrieved + len(log.missing) == log.wanted == 20
    assert not log.missing or problems


def test_an_unreadable_record_costs_itself_only_and_is_told(tmp_path):
    with serve() as server:
        server.fail("ill-formed-record", path="efetch", times=99)
        records, problems, [log] = run_search(server, tmp_path)
    assert len(records) == log.retrieved == 19
    assert len(log.missing) == 1
    assert any(log.missing[0] in p.what for p in problems)


def test_records_nobody_asked_for_are_left_out_and_told(tmp_path):
    with serve() as server:
        server.fail("foreign-ids", path="efetch")
        records, [problem], [log] = run_search(server, tmp_path)
    assert "99999999" not in {record.pmid for record in records}
    assert "99999999" in problem.where + problem.what
    assert log.retrieved == 20


def test_after_three_failures_in_a_row_the_rest_is_not_asked_for(tmp_path):
    query = Query(text="all[sb]", limit=2500)
    with serve(synthetic=2500) as server:
        server.fail("http-503", path="efetch", times=999)
        _, problems, [log] = run_search(server, tmp_path, query, overlap=1)
        assert server.count("efetch") == 3 * TRIES
    assert len(log.missing) == 2500
    assert log.failed
    assert len(problems) == 2


# --- the connection ----------------------------------------------------------------


@pytest.mark.parametrize("status", [302, 307, 308])
@pytest.mark.parametrize("program", ["esearch", "efetch"])
def test_a_redirect_to_another_host_is_refused(status, program, tmp_path):
    with serve() as server:
        server.fail(f"redirect-{status}-away", path=program, times=99)
        _, problems, [log] = run_search(server, tmp_path)
        assert server.count(program) == 1
    assert "localhost" in problems[0].what
    assert "not followed" in problems[0].what
    assert KEY not in repr(problems)
    assert log.failed


@pytest.mark.parametrize("fault", ["redirect-307-same", "redirect-308-same"])
@pytest.mark.parametrize("program", ["esearch", "efetch"])
def test_a_redirect_within_the_host_is_followed(fault, program, tmp_path):
    with serve() as server:
        server.fail(fault, path=program)
        records, problems, _ = run_search(server, tmp_path)
        first, second = [r for r in server.requests if r.program == program]
    assert first.params == second.params
    assert first.method == second.method
    assert len(records) == 20
    assert not problems


def test_redirects_in_a_circle_end(tmp_path):
    with serve() as server:
        server.fail("redirect-307-same", path="esearch", times=99)
        _, [problem], _ = run_search(server, tmp_path)
        assert server.count("esearch") == 4
    assert "one address to the next" in problem.what


def test_a_decompression_bomb_is_refused(tmp_path):
    limits = LIMITS._replace(bytes=1_000_000)
    with serve() as server:
        server.fail("gzip-bomb:64", path="efetch", times=99)
        _, problems, [log] = run_search(server, tmp_path, limits=limits)
        assert server.count("efetch") == 1
    assert "larger than 1 MB" in problems[0].what
    assert log.failed


def test_a_service_that_says_nothing_is_given_up(tmp_path):
    limits = LIMITS._replace(silence=0.2)
    with serve() as server:
        server.fail("hang", path="esearch", times=99)
        _, [problem], [log] = run_search(server, tmp_path, limits=limits)
        assert server.count("esearch") == FAST.silences < TRIES
    assert "no answer within" in problem.what
    assert log.failed


def test_a_service_that_dribbles_is_given_up(tmp_path):
    limits = LIMITS._replace(seconds=0.3)
    with serve() as server:
        server.fail("slow-drip:0.2", path="esearch", times=99)
        _, [problem], [log] = run_search(server, tmp_path, limits=limits)
    assert "broke off" in problem.what
    assert log.failed


def test_a_wrong_content_type_does_no_harm(tmp_path):
    with serve() as server:
        server.fail("wrong-content-type", times=99)
        records, problems, _ = run_search(server, tmp_path)
    assert len(records) == 20
    assert not problems


def test_a_service_that_is_not_there_is_told(tmp_path):
    with serve() as server:
        url = server.url
    with open_fetcher(url, tmp_path) as fetcher:
        _, [problem], [log] = sorted_out(SOURCES["pubmed"].search(QUERY, fetcher))
    assert problem.what == "it cannot be reached"
    assert log.failed


def test_zero_hits_are_an_answer_and_not_a_failure(tmp_path):
    with serve() as server:
        records, problems, [log] = run_search(server, tmp_path, Query(text="zzqxqzz"))
        assert server.count("efetch") == 0
    assert not records
    assert not problems
    assert (log.count, log.failed) == (0, False)

"""The stand-in behaves as PubMed does: pages, cap, history, notes, switches."""

import gzip
import http.client
import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.standin import serve, synthetic_xml
from tests.standin.asking import ask, read, record_ids, search
from tests.standin.engine import run_query
from tests.standin.index import Index
from tests.standin.records import split_records

ROOT = Path(__file__).parent.parent
FIRST = 91_000_001


@pytest.fixture(scope="module")
def server():
    with serve() as running:
        yield running


@pytest.fixture(scope="module")
def large():
    """Serve more records than a search can list."""
    with serve(synthetic=10_100) as running:
        yield running


def test_a_search_finds_and_a_fetch_brings_the_same_records(server):
    found = search(server, "kratom[tiab] AND sleep[tiab]")
    assert "90000001" in found["idlist"]
    status, headers, body = ask(server, "efetch.fcgi", id=",".join(found["idlist"]))
    assert (status, headers["Content-Type"]) == (200, "text/xml; charset=UTF-8")
    assert len(ElementTree.fromstring(body)) == int(found["count"])


def test_a_post_is_answered_like_a_get(server):
    params = {"term": "valerian", "retmode": "json"}
    by_get = ask(server, "esearch.fcgi", **params)[2]
    assert ask(server, "esearch.fcgi", method="POST", **params)[2] == by_get


def test_two_requests_can_use_one_connection(server):
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(server.url).netloc)
    try:
        for _ in range(2):
            connection.request("GET", "/entrez/eutils/einfo.fcgi")
            reply = connection.getresponse()
            assert reply.getheader("Transfer-Encoding") == "chunked"
            assert b"pubmed" in reply.read()
            local = connection.sock.getsockname()
        connection.request("GET", "/entrez/eutils/einfo.fcgi")
        assert connection.sock.getsockname() == local
        connection.getresponse().read()
    finally:
        connection.close()


def test_every_reply_says_what_is_left_of_the_rate(server):
    for params, limit in (({}, "3"), ({"api_key": "a-key"}, "10")):
        headers = ask(server, "einfo.fcgi", **params)[1]
        assert headers["X-RateLimit-Limit"] == limit
        assert int(headers["X-RateLimit-Remaining"]) < int(limit)
    assert ask(server, "no-such.fcgi")[0] == 404
    assert ask(server, "no-such.fcgi")[1]["X-RateLimit-Limit"] == "3"


def test_the_newest_come_first_unless_another_order_is_asked(server):
    newest = search(server, "kratom[tiab]")["idlist"]
    assert newest[0] == "90000058"  # created in October 2026
    by_date = search(server, "kratom[tiab]", sort="pub_date")["idlist"]
    assert sorted(by_date) == sorted(newest)
    assert search(server, "lunaroot", sort="title")["idlist"][-1] == "90000039"
    relevant = search(server, "valerian insomnia", sort="relevance")["idlist"]
    assert relevant[0] in {"90000015", "90000017"}


def test_a_record_added_late_is_new_by_creation_and_old_by_publication(server):
    late = {"term": "valerian AND hops"}
    assert search(server, mindate="2016", maxdate="2016", datetype="crdt", **late)[
        "idlist"
    ] == ["90000051"]
    by_publication = search(server, mindate="2014", maxdate="2014", **late)
    assert by_publication["idlist"] == ["90000051"]
    assert (
        "2014/01/01:2014/12/31[Date - Publication]"
        in by_publication["querytranslation"]
    )


def test_the_last_days_count_from_the_newest_record(server):
    found = search(server, "kratom", reldate=1, datetype="crdt")
    assert found["idlist"] == ["90000058"]


def test_pages_do_not_overlap_and_cover_everything(server):
    whole = search(server, "all[sb]")["idlist"]
    pages = [
        search(server, "all[sb]", retstart=at, retmax=7)["idlist"]
        for at in range(0, len(whole), 7)
    ]
    assert [one for page in pages for one in page] == whole
    assert len(whole) == len(server.pmids) == 60


def test_unknown_ids_are_left_out_without_a_word(server):
    _, _, body = ask(server, "efetch.fcgi", id="90000001,99999999,90000002")
    assert sorted(record_ids(body)) == [90000001, 90000002]
    status, _, body = ask(server, "efetch.fcgi", id="99999999")
    assert status == 200
    assert body.endswith(b"<PubmedArticleSet></PubmedArticleSet>")


def test_records_come_in_another_order_than_asked_and_always_the_same(server):
    asked = ",".join(str(pmid) for pmid in server.pmids)
    first = ask(server, "efetch.fcgi", method="POST", id=asked)[2]
    again = ask(server, "efetch.fcgi", method="POST", id=asked)[2]
    assert first == again
    pmids = [int(n) for n in re.findall(rb"<PubmedArticle>.*?<PMID[^>]*>(\d+)", first)]
    assert pmids != sorted(pmids)


def test_the_order_asked_is_kept_where_shuffling_is_off():
    with serve() as server:
        server.shuffle = False
        _, _, body = ask(server, "efetch.fcgi", id="90000009,90000001,90000005")
    assert record_ids(body) == [90000009, 90000001, 90000005]


@pytest.mark.parametrize("wrong", ["0", "abc", ""])
def test_ids_that_are_none_are_refused_with_400(server, wrong):
    status, _, body = ask(server, "efetch.fcgi", id=wrong)
    assert status == 400
    assert b"<ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR>" in body
    _, _, text = ask(server, "efetch.fcgi", id=wrong, retmode="text")
    assert text.startswith(b"ID+list+is+empty!+")


def test_the_newest_version_of_a_record_is_served(server):
    body = ask(server, "efetch.fcgi", id="90000055")[2]
    assert b"second version" in body
    assert b"first version" not in body


def test_a_book_stands_in_the_same_set_as_articles(server):
    root = ElementTree.fromstring(ask(server, "efetch.fcgi", id="90000060,90000001")[2])
    assert sorted(child.tag for child in root) == ["PubmedArticle", "PubmedBookArticle"]


def test_an_address_that_is_too_long_is_refused_in_html(server):
    ids = ",".join(str(90_000_000 + n) for n in range(1000))
    status, headers, body = ask(server, "efetch.fcgi", id=ids)
    assert (status, headers["Content-Type"]) == (414, "text/html; charset=utf-8")
    assert b"Submitted URI too large!" in body
    assert ask(server, "efetch.fcgi", method="POST", id=ids)[0] == 200


# ---- the cap of 9,999


def test_a_page_is_clamped_to_9999_and_says_so(large):
    found = search(large, "kratom OR all[sb]", retmax=20_000)
    assert (found["count"], found["retmax"]) == ("10100", "9999")
    assert len(found["idlist"]) == 9999
    assert found["warninglist"]["outputmessages"] == [
        "Restrictions achieved. start and count adjusted to 0, 9999"
    ]
    last = search(large, "all[sb]", retstart=9998, retmax=2)
    assert len(last["idlist"]) == 1
    assert last["warninglist"]["outputmessages"]


def test_a_start_over_the_cap_is_json_that_a_strict_reader_refuses(large):
    status, _, body = ask(
        large, "esearch.fcgi", term="all[sb]", retstart=9999, retmode="json"
    )
    assert status == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)
    error = json.loads(body, strict=False)["esearchresult"]["ERROR"]
    assert error.startswith("Search Backend failed: Exception:\n'retstart' cannot be")


def test_history_does_not_lift_the_cap_and_shortens_the_page_at_its_edge(large):
    found = search(large, "all[sb]", usehistory="y", retmax=0)
    stored = {"WebEnv": found["webenv"], "query_key": found["querykey"]}
    for program in ("efetch.fcgi", "esummary.fcgi"):
        status, _, body = ask(large, program, retstart=9999, retmax=10, **stored)
        assert status == 400
        assert b"cannot be larger than 9998" in body
    status, _, body = ask(large, "efetch.fcgi", retstart=9900, retmax=200, **stored)
    assert (status, len(record_ids(body))) == (200, 99)


def test_the_count_is_exact_beyond_the_cap_and_pmid_ranges_tile_it(large):
    def count(low, high):
        term = f"(all[sb]) AND {low}:{high}[UID]"
        return int(search(large, term, rettype="count")["count"])

    middle = FIRST + 5000
    halves = count(1, middle), count(middle + 1, 99_999_999)
    assert halves == (5001, 5099)
    assert sum(halves) == count(1, 99_999_999) == 10_100


def test_days_of_creation_tile_the_set_too(large):
    years = [search(large, f"{y}[crdt]", rettype="count") for y in range(2015, 2020)]
    assert sum(int(found["count"]) for found in years) == 10_100


def test_synthetic_records_are_found_by_what_their_xml_says():
    xml = synthetic_xml(300)
    by_xml, by_facts = Index(split_records(xml)), None
    with serve(synthetic=300) as server:
        by_facts = server.world.index
    for term in (
        "kratom[ti]", '"sleep latency"[tiab]', "case reports[pt]", "humans[mh]",
        "2015/02[dp]", "writer12[au]", "melatonin", "hasabstract",
    ):  # fmt: skip
        assert run_query(by_facts, term).rows == run_query(by_xml, term).rows, term
        assert run_query(by_facts, term).rows, term


# ---- history


def test_a_stored_set_can_be_searched_in_and_fetched_from(server):
    first = search(server, "kratom[tiab]", usehistory="y")
    webenv = first["webenv"]
    assert re.fullmatch(r"MCID_[0-9a-f]{24}", webenv)
    second = search(server, "sleep[tiab]", usehistory="y", WebEnv=webenv)
    assert (second["webenv"], second["querykey"]) == (webenv, "2")
    both = search(server, "#1 AND #2", WebEnv=webenv)
    assert both["idlist"] == search(server, "kratom[tiab] AND sleep[tiab]")["idlist"]
    assert (
        search(server, "sleep[tiab]", WebEnv=webenv, query_key=1)["idlist"]
        == both["idlist"]
    )
    _, _, body = ask(
        server, "efetch.fcgi", WebEnv=webenv, query_key=1, retstart=2, retmax=3
    )
    assert sorted(map(str, record_ids(body))) == sorted(first["idlist"][2:5])


def test_posted_ids_become_a_set_that_can_be_added_to(server):
    reply = read(ask(server, "epost.fcgi", id="90000001,90000002")[2])
    again = read(ask(server, "epost.fcgi", id="90000003", WebEnv=reply["WebEnv"])[2])
    assert (reply["QueryKey"], again["QueryKey"]) == ("1", "2")
    found = search(server, "#1 OR #2", WebEnv=reply["WebEnv"])
    assert sorted(found["idlist"]) == ["90000001", "90000002", "90000003"]
    nothing = ask(server, "epost.fcgi", id="abc")[2]
    assert nothing.count(b"<ERROR>") == 2


def test_an_expired_session_has_its_own_shape_in_every_program():
    with serve() as server:
        webenv = search(server, "kratom", usehistory="y")["webenv"]
        server.expire_history()
        stored = {"WebEnv": webenv, "query_key": 1}
        found = search(server, "", **stored)
        assert found == {"ERROR": "Unable to obtain query #1"}
        body = ask(server, "efetch.fcgi", **stored)[2]
        assert b"<eFetchResult>\n\t<ERROR>Unable to obtain query #1</ERROR>" in body
        status, _, body = ask(server, "esummary.fcgi", retmode="json", **stored)
        assert status == 200
        assert json.loads(body)["esummaryresult"] == ["Unable to obtain query #1"]


# ---- notes on a query


def test_a_phrase_that_is_not_indexed_falls_apart_with_a_warning(server):
    found = search(server, '"deep restful night"[tiab]')
    assert found["idlist"] == ["90000039"]
    assert found["warninglist"]["quotedphrasesnotfound"] == [
        '"deep restful night"[Title/Abstract]'
    ]
    assert '"deep"[Title/Abstract] AND' in found["querytranslation"]
    exact = search(server, '"deep restful night"[tiab:~0]')
    assert exact["idlist"] == ["90000039"]
    assert "warninglist" not in exact


def test_nothing_found_is_an_answer_with_reasons(server):
    found = search(server, "zzqxqzz")
    assert (found["count"], found["idlist"]) == ("0", [])
    assert found["errorlist"]["phrasesnotfound"] == ["zzqxqzz"]
    assert found["warninglist"]["outputmessages"] == ["No items found."]


def test_a_field_for_the_whole_term_tags_each_untagged_part(server):
    by_field = search(server, "lunaroot OR rats[mh]", field="title")
    assert by_field["idlist"] == search(server, "lunaroot[ti] OR rats[mh]")["idlist"]
    assert by_field["querytranslation"] == '"lunaroot"[Title] OR "rats"[MeSH Terms]'


def test_queries_that_cannot_be_run_are_errors_inside_200(server):
    assert search(server, "((kratom")["ERROR"].startswith("Search Backend failed: ")
    assert search(server, "") == {"ERROR": "Empty term and query_key - nothing todo"}
    assert search(server, "#7 AND kratom")["ERROR"] == "Unable to obtain query #7"


# ---- switches


def test_more_starts_a_second_than_allowed_are_refused_where_that_is_on():
    with serve(enforce_rate=True) as server:
        states = []
        while 429 not in states:
            states.append(ask(server, "einfo.fcgi")[0])
        assert ask(server, "einfo.fcgi", api_key="k")[0] == 200  # another budget
        times = [request.time for request in server.requests]
    for last, state in enumerate(states):
        before = [times[i] for i in range(last) if times[i] > times[last] - 1]
        assert state == (429 if len(before) >= 3 else 200)


def test_a_reply_is_packed_where_that_is_on_and_accepted():
    with serve() as server:
        server.compress = True
        address = f"{server.url}efetch.fcgi?id=90000001"
        plain = ask(server, "efetch.fcgi", id="90000001")[2]
        request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as reply:
            assert reply.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(reply.read()) == plain


def test_requests_are_logged_with_their_parameters_and_headers():
    with serve() as server:
        ask(server, "elink.fcgi", id=["1", "2"], dbfrom="pubmed", email="a@b.example")
        ask(server, "esearch.fcgi", method="POST", term="a b")
        first, second = server.requests
    assert first[:3] == (
        "elink", "GET", {"id": "1,2", "dbfrom": "pubmed", "email": "a@b.example"},
    )  # fmt: skip
    assert (second.program, second.method, second.params) == (
        "esearch", "POST", {"term": "a b"},
    )  # fmt: skip
    assert first.time <= second.time
    assert server.headers[0]["host"].startswith("127.0.0.1:")
    assert server.count("elink") == 1


def test_a_mistake_of_the_stand_in_fails_the_test_that_used_it():
    def use():
        with serve() as server:
            server.world.rows = None
            assert ask(server, "efetch.fcgi", id="90000001")[0] == 500

    with pytest.raises(AssertionError, match="the stand-in failed"):
        use()


def test_it_runs_by_hand_and_says_where():
    command = [sys.executable, "-m", "tests.standin", "--port", "0", "--synthetic", "5"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        try:
            line = run.stdout.readline()
            address = re.fullmatch(
                r"5 records at (http://127\.0\.0\.1:\d+/\S+/)\n", line
            )
            with urllib.request.urlopen(
                f"{address[1]}esearch.fcgi?term=all[sb]"
            ) as got:
                assert b"<Count>5</Count>" in got.read()
        finally:
            run.send_signal(signal.SIGINT)
        assert run.wait(20) == 0

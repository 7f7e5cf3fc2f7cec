"""Every fault of the stand-in is what it says it is, on the wire."""

import gzip
import http.client
import json
import re
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.standin import FAULTS, serve
from tests.standin.asking import ask, record_ids, search

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def server():
    with serve() as running:
        yield running


def test_a_planned_fault_comes_as_often_as_planned_and_only_where_planned(server):
    server.fail("http-502", path="efetch", times=2, after=1)
    assert search(server, "kratom")["count"] != "0"
    states = [ask(server, "efetch.fcgi", id="90000001")[0] for _ in range(4)]
    assert states == [200, 502, 502, 200]


def test_an_unknown_fault_is_refused_with_the_names_that_exist(server):
    with pytest.raises(KeyError, match="http-502"):
        server.fail("no-such-fault")


STATES = {
    "rate-limit-429": 429, "rate-limit-429-retry-after": 429, "rate-limit-200": 200,
    "bad-key-400": 400, "bad-id-400": 400, "uri-too-long-414": 414, "http-500": 500,
    "http-502": 502, "http-503": 503, "http-504": 504, "text-500": 500,
    "not-found-404": 404, "redirect-307-away": 307, "redirect-308-away": 308,
    "redirect-302-away": 302, "redirect-307-same": 307, "redirect-308-same": 308,
    "retstart-over-cap": 400,
}  # fmt: skip
NO_REPLY = {"truncated-chunked", "truncated-sized", "reset", "hang"}


@pytest.mark.parametrize("name", sorted(set(FAULTS) - NO_REPLY))
def test_every_fault_has_its_status_and_changes_the_reply(server, name):
    value = {"slow-drip": ":0", "gzip-bomb": ":1"}.get(name, "")
    asked = {"id": "90000001,90000002,90000003"}
    right = ask(server, "efetch.fcgi", **asked)
    wrong = ask(server, "efetch.fcgi", tool=f"fault:{name}{value}", **asked)
    assert wrong[0] == STATES.get(name, 200)
    kinds = right[1]["Content-Type"], wrong[1]["Content-Type"]
    assert wrong[2] != right[2] or kinds[0] != kinds[1] or name == "slow-drip"
    assert wrong[1]["X-RateLimit-Limit"]


def test_the_table_of_the_readme_names_every_fault():
    page = (ROOT / "tests/standin/README.md").read_text()
    table = page.partition("| what goes wrong | names |")[2].partition("## Queries")[0]
    assert set(re.findall(r"`([a-z0-9-]+)`", table)) == set(FAULTS)


def fault(server, name, program="efetch", **params):
    params = {"id": "90000001,90000002,90000003", **params}
    return ask(server, f"{program}.fcgi", tool=f"fault:{name}", **params)


def test_a_refusal_for_speed_echoes_the_key_and_may_come_with_200(server):
    status, headers, body = fault(server, "rate-limit-429", api_key="k-1")
    assert (status, headers["Retry-After"]) == (429, None)
    assert headers["X-RateLimit-Remaining"] == "0"
    assert json.loads(body) == {
        "error": "API rate limit exceeded", "api-key": "k-1", "count": "11",
        "limit": "10",
    }  # fmt: skip
    assert fault(server, "rate-limit-429-retry-after:7")[1]["Retry-After"] == "7"
    status, headers, body = fault(server, "rate-limit-200")
    assert (status, headers["Content-Type"][:16]) == (200, "application/json")
    assert json.loads(body)["api-key"] == "127.0.0.1"


def test_a_key_that_begins_with_bad_is_refused_and_echoed(server):
    status, _, body = ask(server, "esearch.fcgi", term="x", api_key="bad-key")
    assert status == 400
    assert json.loads(body)["api-key"] == "bad-key"


def test_a_database_that_is_none_has_a_shape_for_each_program(server):
    def error(program, **params):
        return ask(server, program, db="fleegle", term="x", id="1", **params)[2]

    said = "Invalid db name specified: fleegle"
    found = json.loads(error("esearch.fcgi", retmode="json"))
    assert found["esearchresult"] == {"ERROR": said}
    assert f"<ERROR>{said}</ERROR>".encode() in error("esearch.fcgi")
    assert json.loads(error("esummary.fcgi", retmode="json"))["esummaryresult"] == [
        said
    ]
    assert b"Can not retrieve DbInfo for db=fleegle" in error("einfo.fcgi")


@pytest.mark.parametrize("name", ["truncated-chunked", "truncated-sized"])
def test_a_connection_that_closes_early_is_an_incomplete_read(server, name):
    with pytest.raises(http.client.IncompleteRead) as cut:
        fault(server, name, id=",".join(str(pmid) for pmid in server.pmids))
    assert cut.value.partial.startswith(b"<?xml")
    assert not cut.value.partial.endswith(b"</PubmedArticleSet>")


@pytest.mark.parametrize("name", ["cut-body", "cut-root"])
def test_a_cut_body_has_a_length_that_fits_and_no_end(server, name):
    status, headers, body = fault(server, name)
    assert (status, int(headers["Content-Length"])) == (200, len(body))
    assert not body.endswith(b"</PubmedArticleSet>")
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(body)


def test_a_reset_comes_before_any_byte(server):
    with pytest.raises((ConnectionResetError, urllib.error.URLError)):
        fault(server, "reset")


def test_a_hanging_connection_ends_with_the_server():
    with serve() as server:
        parts = urllib.parse.urlsplit(server.url)
        held = socket.create_connection((parts.hostname, parts.port))
        target = f"{parts.path}einfo.fcgi?tool=fault:hang"
        held.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        while not server.requests:
            time.sleep(0.005)
    with held:
        assert closed(held)


def closed(connection):
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_leads_away_or_back_with_the_whole_request(server, status):
    target = fault(server, f"redirect-{status}-away", api_key="k")[1]["Location"]
    assert target.startswith("http://localhost:")
    assert "api_key=k" in target
    back = fault(server, f"redirect-{status}-same")[1]["Location"]
    assert back.startswith(server.url)


def test_missing_doubled_and_foreign_records_differ_in_the_ids(server):
    asked = [90000001, 90000002, 90000003]
    assert len(record_ids(fault(server, "missing-ids")[2])) == 2
    assert len(record_ids(fault(server, "missing-ids:2")[2])) == 1
    doubled = record_ids(fault(server, "duplicate-ids")[2])
    assert (len(doubled), sorted(set(doubled))) == (4, asked)
    assert set(record_ids(fault(server, "foreign-ids")[2])) - set(asked) == {99999999}


def test_one_bad_record_stands_among_good_ones(server):
    body = fault(server, "unreadable-record")[2]
    assert len(ElementTree.fromstring(body)) == 4
    assert sorted(record_ids(body)) == [90000001, 90000002, 90000003]
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(fault(server, "ill-formed-record")[2])


def test_a_bomb_is_small_on_the_wire(server):
    _, headers, body = fault(server, "gzip-bomb:32")
    assert headers["Content-Encoding"] == "gzip"
    assert len(body) < 100_000
    assert len(gzip.decompress(body)) == 32 * 1024 * 1024


def test_a_failed_summary_backend_hides_in_a_comment(server):
    body = fault(server, "docsum-failed", program="esummary")[2]
    assert b"<!-- DocSum Backend failed -->" in body
    assert len(ElementTree.fromstring(body)[0]) == 0


def test_errors_of_the_backend_are_texts_inside_200(server):
    for name in ("backend-failed", "backend-failed-502", "backend-eof"):
        status, _, body = fault(server, name, program="esearch", retmode="json")
        error = json.loads(body)["esearchresult"]["ERROR"]
        assert (status, error[:22]) == (200, "Search Backend failed:")

"""The stand-in agrees with recorded exchanges, with Biopython and with its rules."""

import json
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.standin import FAULTS, serve


@pytest.fixture(scope="module")
def server():
    with serve() as running:
        yield running


def ask(server, program, method="GET", **params):
    """Return (status, headers, body) of one request; lists repeat their name."""
    query = urllib.parse.urlencode(params, doseq=True)
    address = f"{server.url}{program}"
    if method == "GET":
        request = urllib.request.Request(f"{address}?{query}")
    else:
        request = urllib.request.Request(address, data=query.encode())
    opener = urllib.request.build_opener(NoRedirects)
    try:
        with opener.open(request, timeout=10) as reply:
            return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers, refused.read()


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Leaves a redirect as it is."""

    def redirect_request(self, *args):
        return None


def search(server, term, **params):
    """Return the esearchresult of a JSON search."""
    params = {"retmode": "json", "retmax": 200, **params}
    return json.loads(ask(server, "esearch.fcgi", term=term, **params)[2])[
        "esearchresult"
    ]


def test_a_search_finds_and_a_fetch_brings_the_same_records(server):
    found = search(server, "kratom[tiab] AND sleep[tiab]")
    assert "90000001" in found["idlist"]
    status, headers, body = ask(server, "efetch.fcgi", id=",".join(found["idlist"]))
    assert (status, headers["Content-Type"]) == (200, "text/xml; charset=UTF-8")
    assert body.count(b"<PubmedArticle>") == int(found["count"])


def test_a_planned_fault_comes_as_often_as_planned_and_only_where_planned(server):
    server.fail("http-502", path="efetch", times=2)
    assert search(server, "kratom")["count"] != "0"
    states = [ask(server, "efetch.fcgi", id="90000001")[0] for _ in range(3)]
    assert states == [502, 502, 200]


def test_the_parameter_tool_names_a_fault_for_one_request(server):
    status, _, body = ask(server, "efetch.fcgi", id="1", tool="fault:rate-limit-429")
    assert status == 429
    assert json.loads(body)["error"] == "API rate limit exceeded"


def test_an_unknown_fault_is_refused_with_the_names_that_exist(server):
    with pytest.raises(KeyError, match="http-502"):
        server.fail("no-such-fault")
    assert "http-502" in FAULTS

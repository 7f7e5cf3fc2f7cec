"""The services beside PubMed as a person meets them: links, credits and secrets."""

import json
from contextlib import ExitStack

import pytest

from assay.cli import main
from assay.cli.fetching import open_services
from tests.net import FAST
from tests.standin import serve
from tests.standin.openalex import make_service
from tests.standin.services import serve_service
from tests.test_cli_pubmed import bytes_of

NAMES = ("europepmc", "openalex", "crossref", "clinicaltrials", "doaj", "unpaywall")
SEARCHED = ("pubmed", "europepmc", "openalex", "crossref", "clinicaltrials", "doaj")
NCBI_KEY, KEY = "ncbi-k3y-of-nobody", "openalex-k3y-of-nobody"
MAIL = "nobody.at.all@example.org"
DOI = "10.99999/invented.90000001"


@pytest.fixture
def servers(monkeypatch):
    """Serve every service, and point the settings at it."""
    with ExitStack() as stack:
        found = {name: stack.enter_context(serve_service(name)) for name in NAMES}
        found["pubmed"] = stack.enter_context(serve())
        monkeypatch.setenv("ASSAY_EUTILS", found["pubmed"].url)
        for name in NAMES:
            monkeypatch.setenv(f"ASSAY_{name.upper()}", found[name].url)
        yield found


@pytest.fixture
def assay(capsys, monkeypatch, tmp_path, servers):
    monkeypatch.chdir(tmp_path)

    def run(*words):
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def secrets(monkeypatch):
    monkeypatch.setenv("NCBI_API_KEY", NCBI_KEY)
    monkeypatch.setenv("OPENALEX_API_KEY", KEY)
    monkeypatch.setenv("ASSAY_EMAIL", MAIL)


# --- where a text is open ----------------------------------------------------------


def test_open_places_are_asked_for_when_wanted(assay, servers, secrets):
    assert assay("show", DOI)[0] == 0
    assert servers["unpaywall"].count() == 0
    status, out, err = assay("show", DOI, "--open-access", "--json")
    assert (status, err) == (0, "")
    assert "links" in json.loads(out)["record"]
    assert (servers["unpaywall"].count(), servers["openalex"].count()) == (1, 1)
    assert assay("show", DOI, "--open-access", "--offline")[0] == 0
    assert servers["unpaywall"].count() == 1


def test_without_an_address_the_other_places_remain_and_the_remedy_is_told(
    assay, servers
):
    status, out, err = assay("show", DOI, "--open-access")
    assert status == 3
    assert DOI in out
    assert "Unpaywall" in err
    assert "ASSAY_EMAIL" in err
    assert (servers["unpaywall"].count(), servers["openalex"].count()) == (0, 1)


# --- who is told what --------------------------------------------------------------


def test_everyone_is_told_their_own_secrets_and_no_others(assay, servers, secrets):
    search(assay)
    assay("show", DOI, "--open-access")
    told = {
        name: {
            value
            for request in server.requests
            for value in request.params.values()
            if value in {NCBI_KEY, KEY, MAIL}
        }
        for name, server in servers.items()
    }
    assert told == {
        "pubmed": {NCBI_KEY, MAIL},
        "europepmc": {MAIL},
        "openalex": {KEY},
        "crossref": {MAIL},
        "clinicaltrials": set(),
        "doaj": set(),
        "unpaywall": {MAIL},
    }
    for name, server in servers.items():
        for request in server.requests if name in NAMES else ():
            assert not {NCBI_KEY, KEY, MAIL} & set(request.headers.values())


def search(assay, *more):
    sources = [word for name in SEARCHED for word in ("--source", name)]
    return assay("search", "sleep[tiab]", "--limit", "5", *sources, *more)


@pytest.mark.parametrize(
    "fault", ["", "http-500", "json-400", "html-200", "rate-limit-429", "reset"]
)
def test_no_secret_is_shown_or_kept_whatever_happens(
    assay, servers, secrets, tmp_path, fault, monkeypatch
):
    monkeypatch.setitem(open_services.__kwdefaults__, "patience", FAST)
    said = []
    if fault:
        for name in NAMES:
            servers[name].fail(fault, times=99)
    said += search(assay, "--json", "--debug")
    said += assay("show", DOI, "--open-access", "--debug", "--refresh")
    everything = "".join(map(str, said)).encode() + b"".join(bytes_of(tmp_path))
    assert b"invented" in everything.lower(), "the search looks where it should"
    for secret in (NCBI_KEY, KEY, MAIL, MAIL.replace("@", "%40")):
        assert secret.encode() not in everything


# --- credits -----------------------------------------------------------------------


def test_a_budget_of_ones_own_is_kept(assay, servers, monkeypatch):
    monkeypatch.setenv("ASSAY_OPENALEX_CREDITS", "15")
    first = assay("search", "sleep", "--source", "openalex", "--limit", "5")
    assert first[0] == 0
    status, out, err = assay("search", "tea", "--source", "openalex", "--limit", "5")
    assert status == 3
    assert "your own limit (15)" in out + err
    assert servers["openalex"].count() == 1
    again = assay("search", "sleep", "--source", "openalex", "--limit", "5")
    assert again[0] == 0, "what was recorded costs nothing"


def test_a_day_that_is_spent_says_what_would_help(assay, servers, monkeypatch):
    with serve_service(make_service(5)) as poor:
        monkeypatch.setenv("ASSAY_OPENALEX", poor.url)
        status, out, err = assay("search", "sleep", "--source", "openalex")
    assert status == 3
    assert "openalex_api_key" in out + err
    assert "midnight UTC" in out + err

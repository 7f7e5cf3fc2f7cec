"""The stand-in for ClinicalTrials.gov behaves as the service was seen to behave."""

import json
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from tests.standin.services import serve_service


@pytest.fixture(scope="module")
def server():
    with serve_service("clinicaltrials") as server:
        yield server


def ask(server, path="studies", **params):
    named = {name.replace("_", "."): value for name, value in params.items()}
    with urlopen(f"{server.url}{path}?{urlencode(named)}") as answer:
        return json.load(answer)


def refused(server, path="studies", **params):
    with pytest.raises(HTTPError) as caught:
        ask(server, path, **params)
    with caught.value as answer:
        return answer.code, answer.headers["Content-Type"], answer.read().decode()


def test_only_the_first_page_counts_and_only_when_asked(server):
    first = ask(server, query_term='"sleep"', countTotal="true", pageSize=5)
    assert first["totalCount"] > 5
    assert len(first["studies"]) == 5
    token = first["nextPageToken"]
    later = ask(server, query_term='"sleep"', countTotal="true", pageToken=token)
    assert "totalCount" not in later
    assert "totalCount" not in ask(server, query_term='"sleep"')


def test_the_last_page_has_no_token(server):
    whole = ask(server, query_term='"sleep"', pageSize=1000)
    assert "nextPageToken" not in whole


def test_a_token_belongs_to_its_query(server):
    token = ask(server, query_term='"sleep"', pageSize=5)["nextPageToken"]
    code, kind, _ = refused(server, query_term='"tea"', pageToken=token)
    assert code == 400
    assert kind.startswith("text/plain")


def test_errors_are_plain_text(server):
    assert refused(server, pageSize="many") == (
        400,
        "text/plain; charset=UTF-8",
        "Invalid value in parameter `pageSize`: `many`",
    )
    assert "invalid field name" in refused(server, fields="NCTId|Nonsense")[2]
    assert "Unknown area" in refused(server, filter_advanced="AREA[Mood]good")[2]
    assert refused(server, "studies/NCT00000000")[0] == 404


def test_papers_of_one_trial_are_one_study(server):
    found = ask(server, query_term='"NCT90000001"')["studies"]
    numbers = [one["protocolSection"]["identificationModule"]["nctId"] for one in found]
    assert len(numbers) == len(set(numbers))
    assert "NCT90000001" in numbers


def test_a_range_of_days_is_kept(server):
    area = "AREA[LastUpdatePostDate]RANGE[2024-01-01,MAX]"
    late = ask(server, filter_advanced=area, countTotal="true")["totalCount"]
    area = "AREA[LastUpdatePostDate]RANGE[MIN,2023-12-31]"
    early = ask(server, filter_advanced=area, countTotal="true")["totalCount"]
    every = ask(server, countTotal="true")["totalCount"]
    assert 0 < late < every
    assert late + early <= every

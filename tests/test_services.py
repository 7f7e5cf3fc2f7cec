"""Who is told what: each service has its address, its paces and its own secrets."""

import pytest

from assay.edge.services import Pool, services_of
from assay.edge.settings import KEYS, SECRET, Settings
from assay.errors import SettingsError
from assay.sources import SOURCES

SETTINGS = Settings(
    api_key="ncbi-key-of-nobody",
    openalex_api_key="openalex-key-of-nobody",
    email="nobody@example.org",
)


def test_every_source_has_a_service():
    services = services_of(Settings())
    assert set(SOURCES) <= set(services)
    assert all(services[name].title == source.title for name, source in SOURCES.items())


def test_no_two_services_share_the_beginning_of_an_address():
    addresses = [service.address for service in services_of(Settings()).values()]
    for address in addresses:
        assert address.startswith("https://")
        assert address.endswith("/")
        assert [a for a in addresses if a.startswith(address)] == [address]


def test_a_secret_goes_to_those_who_ask_for_it_and_to_nobody_else():
    told = {
        name: {value for _, value in service.identity}
        for name, service in services_of(SETTINGS).items()
    }
    assert told == {
        "pubmed": {"ncbi-key-of-nobody", "nobody@example.org", "assay"},
        "europepmc": {"nobody@example.org"},
        "openalex": {"openalex-key-of-nobody"},
        "crossref": {"nobody@example.org"},
        "clinicaltrials": set(),
        "doaj": set(),
        "unpaywall": {"nobody@example.org"},
    }


def test_no_secret_is_shown():
    shown = repr(services_of(SETTINGS)) + repr(SETTINGS)
    for name in SECRET:
        assert getattr(SETTINGS, name) not in shown


def test_crossref_is_asked_in_the_pools_of_july_2026():
    def starts(service, pool):
        return round(1 / service.pool(pool).pause, 1)

    public = services_of(Settings())["crossref"]
    polite = services_of(SETTINGS)["crossref"]
    assert 0 < starts(public, "list") <= 1
    assert 0 < starts(public, "single") <= 5
    assert 0 < starts(polite, "list") <= 3
    assert 0 < starts(polite, "single") <= 10
    assert {public.pool(name).together for name in ("list", "single")} == {1}
    assert {polite.pool(name).together for name in ("list", "single")} == {3}


def test_a_pool_that_a_service_does_not_keep_has_its_only_pace():
    assert services_of(Settings())["doaj"].pool("list") == Pool(0.5)


def test_credits_depend_on_the_key_and_on_the_persons_budget():
    assert services_of(Settings())["openalex"].credits == 1_000
    assert services_of(SETTINGS)["openalex"].credits == 10_000
    assert services_of(Settings())["openalex"].budget is None
    budget = services_of(Settings(openalex_credits="50"))["openalex"].budget
    assert budget == 50


PLACES = ("europepmc", "openalex", "crossref", "clinicaltrials", "doaj", "unpaywall")


@pytest.mark.parametrize("name", PLACES)
def test_a_service_can_be_asked_elsewhere(name):
    assert KEYS[name].variable == f"ASSAY_{name.upper()}"
    assert services_of(Settings())[name].at == ""
    here = "http://127.0.0.1:8080/"
    assert services_of(Settings(**{name: here}))[name].at == here
    with pytest.raises(SettingsError, match="not https"):
        services_of(Settings(**{name: "http://example.org/"}))

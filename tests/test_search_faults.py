"""Each service dead, slow, lying about counts or truncating, alone and together.

Whatever happens, the outcome is complete, or says what is missing and the exit status
is 3; a failure is never "0 found".
"""

import random
from itertools import product

import pytest

from assay.cli.keeping import is_partial
from assay.edge.side_by_side import run_side_by_side
from assay.library.searching import search
from assay.search import Query
from assay.sources import SOURCES
from tests.services_up import open_fetcher, serve_sources

QUERY = Query(text="sleep[tiab]", limit=None)
STATES = ("well", "dead", "slow", "lying", "truncating")
COMBINATIONS = 12
"""Mixed states tried in CI; 300 with --long."""


def spoil(name, server, state):
    if state == "dead":
        server.fail("http-503", times=999)
    elif state == "truncating":
        server.fail("truncated-chunked", times=999)
    elif state == "slow":
        server.fail("slow-drip:0.005", times=2)
    elif state == "lying" and name == "pubmed":
        server.world.lie_about_count = 3
    elif state == "lying":
        server.lie_about_total = 3


def ask(states, folder):
    """Ask all sources whose services are in these states (well where not named)."""
    with serve_sources(SOURCES) as servers:
        for name, state in states.items():
            spoil(name, servers[name], state)
        with open_fetcher(servers, folder) as fetcher:
            return search(
                QUERY, tuple(SOURCES.values()), fetcher, together=run_side_by_side
            )


@pytest.fixture(scope="module")
def complete(tmp_path_factory):
    """What is found when all is well: the records of each source."""
    found = ask({}, tmp_path_factory.mktemp("well"))
    assert found.problems == ()
    return {
        name: [record for record in found.records if record.source == name]
        for name in SOURCES
    }


def judge(found, states, complete):
    """Hold an outcome against the law of this file."""
    logs = {log.source: log for log in found.logs}
    assert list(logs) == list(SOURCES)
    told = {problem.where for problem in found.problems}
    for name, source in SOURCES.items():
        log, state = logs[name], states.get(name, "well")
        mine = [record for record in found.records if record.source == name]
        if state in {"well", "slow"}:
            assert mine == complete[name]
            assert not log.failed
            assert source.title not in told
        elif state == "lying":
            assert mine == complete[name]
            assert source.title in told
            assert log.difference
        else:
            assert mine == []
            assert log.failed
            assert log.count is None or log.count > 0
            assert source.title in told
    troubled = any(state not in {"well", "slow"} for state in states.values())
    assert is_partial(found.problems, found.logs) == troubled


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", SOURCES)
def test_one_service_in_trouble_spoils_nothing_of_the_others(
    name, state, complete, tmp_path
):
    states = {name: state}
    judge(ask(states, tmp_path), states, complete)


@pytest.mark.parametrize("state", STATES)
def test_all_services_in_the_same_trouble(state, complete, tmp_path):
    states = dict.fromkeys(SOURCES, state)
    judge(ask(states, tmp_path), states, complete)


def mixed(number):
    chosen = random.Random(20261123).sample(
        list(product(STATES, repeat=len(SOURCES))), number
    )
    return [dict(zip(SOURCES, states, strict=True)) for states in chosen]


@pytest.mark.parametrize("states", mixed(min(COMBINATIONS, 5 ** len(SOURCES))))
def test_services_in_different_troubles_at_once(states, complete, tmp_path):
    judge(ask(states, tmp_path), states, complete)


@pytest.mark.long
@pytest.mark.parametrize("states", mixed(min(300, 5 ** len(SOURCES))))
def test_services_in_many_different_troubles_at_once(states, complete, tmp_path):
    judge(ask(states, tmp_path), states, complete)

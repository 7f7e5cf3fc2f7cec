"""The oracle of the simulated years finds every way in which a digest can go wrong."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from bench.digest.oracle import FIRST_LOOK, Item, Oracle, find_truths

from tests.standin.living import Living, Script
from tests.standin.living_records import State
from tests.standin.living_server import Told
from tests.standin.world import World

DAY = datetime(2022, 3, 1, tzinfo=UTC)
PAPER = State(
    pmid=92000001,
    family=1,
    subject=1,
    created=DAY.date(),
    entered=date(2019, 1, 1),
    revised=DAY.date(),
    published=(2019,),
)
EARLY = replace(PAPER, pmid=92000002, family=1, types=("Preprint",))
OLD = replace(PAPER, pmid=92000003, family=3, created=date(2021, 1, 1))


@pytest.fixture
def oracle():
    living = Living(World({}), Script(1, 0, 0, 0))
    for state in (PAPER, EARLY, OLD):
        living.families[state.pmid] = state.family
    living.preprints.add(EARLY.pmid)
    return Oracle(living, 1)


def searched(*states, run=0, faithful=True):
    when = DAY + timedelta(days=run)
    return Told(when=when, program="esearch", faithful=faithful, wish=0, matched=states)


def fetched(*states, given=True):
    pmids = frozenset(state.pmid for state in states)
    return Told(
        when=DAY,
        program="efetch",
        faithful=given,
        asked=pmids,
        given=pmids if given else frozenset(),
    )


def item(state, *, published=False):
    return Item(0, state.pmid, published, alone=True)


def counts(oracle):
    oracle.close()
    return {name: n for name, n in oracle.sheets[0].counts.items() if n}


def test_what_came_at_once_is_right(oracle):
    oracle.note_run([searched(PAPER), fetched(PAPER)], [item(PAPER)], "run 1")
    assert counts(oracle) == {"delivered": 1, "deliverable": 1}


def test_what_never_came_is_missing(oracle):
    oracle.note_run([searched(PAPER), fetched(PAPER)], [], "run 1")
    assert counts(oracle) == {"missing": 1, "deliverable": 1}


def test_what_came_twice_is_repeated(oracle):
    for number in range(2):
        told = [searched(PAPER, run=number), fetched(PAPER)]
        oracle.note_run(told, [item(PAPER)], f"run {number}")
    assert counts(oracle)["repeated"] == 1


def test_two_runs_later_is_late_and_one_is_not(oracle):
    for number in range(2):
        oracle.note_run([searched(PAPER, run=number)], [], "run")
    oracle.note_run([searched(PAPER, run=3)], [item(PAPER)], "run")
    assert counts(oracle)["late"] == 1


def test_what_never_held_the_query_is_strange(oracle):
    oracle.note_run([searched(PAPER)], [item(PAPER), item(OLD)], "run 1")
    assert counts(oracle)["strange"] == 1


def test_what_was_created_before_the_query_was_followed_need_not_come(oracle):
    assert OLD.created < DAY.date() - FIRST_LOOK
    oracle.note_run([searched(OLD)], [], "run 1")
    assert counts(oracle) == {}


@pytest.mark.parametrize(
    "told",
    [
        [searched(PAPER, faithful=False)],
        [searched(PAPER), fetched(PAPER, given=False)],
        [searched()],
    ],
)
def test_what_could_not_be_known_is_not_missing(oracle, told):
    oracle.note_run(told, [], "run 1")
    assert counts(oracle) == {}


def test_what_was_given_out_the_second_time_could_be_known():
    told = [searched(PAPER), fetched(PAPER, given=False), fetched(PAPER)]
    assert find_truths(told)[0].knowable == (PAPER,)
    assert find_truths(told)[0].whole


def test_a_preprint_and_then_its_article_are_both_told(oracle):
    oracle.note_run([searched(EARLY)], [item(EARLY)], "run 1")
    both = [searched(EARLY, PAPER, run=1)]
    oracle.note_run(both, [item(PAPER, published=True)], "run 2")
    assert counts(oracle) == {"delivered": 2, "deliverable": 2}


def test_an_article_that_is_not_told_as_that_of_its_preprint_is_misnamed(oracle):
    oracle.note_run([searched(EARLY)], [item(EARLY)], "run 1")
    oracle.note_run([searched(EARLY, PAPER, run=1)], [item(PAPER)], "run 2")
    assert counts(oracle)["misnamed"] == 1


def test_a_preprint_told_after_its_article_is_repeated(oracle):
    oracle.note_run([searched(EARLY, PAPER)], [item(PAPER)], "run 1")
    oracle.note_run([searched(EARLY, PAPER, run=1)], [item(EARLY)], "run 2")
    assert counts(oracle)["repeated"] == 1


def test_what_a_killed_run_saw_may_come_and_need_not(oracle):
    oracle.note_killed([searched(PAPER)])
    oracle.note_run([searched(run=1)], [item(PAPER)], "run 2")
    assert counts(oracle) == {"delivered": 1, "deliverable": 1}

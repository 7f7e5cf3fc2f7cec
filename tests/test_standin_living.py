"""The living stand-in: two rules for what a query finds agree, whatever happens."""

from datetime import timedelta

import pytest

from tests.standin.asking import ask, record_ids, search
from tests.standin.engine import run_query
from tests.standin.living import START, Living, Script
from tests.standin.living_server import serve_living
from tests.standin.world import World


def found_by_engine(living, wish, first):
    text = f"({wish.text}) AND {first:%Y/%m/%d}:3000[crdt]"
    return set(run_query(living.world.index, text).rows)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_script_and_the_engine_agree_on_every_query_at_any_time(seed):
    script = Script(seed, 10, 1, 60)
    living = Living(World({}), script)
    for day in range(0, 380, 19):
        living.advance(START + timedelta(days=day))
        for wish in script.all:
            first = START.date()
            held = living.holding[wish.number]
            new = {pmid for pmid in held if living.states[pmid].created >= first}
            assert found_by_engine(living, wish, first) == new
    assert all(living.holding[wish.number] for wish in script.all)
    assert {"appear", "change", "vanish", "hide", "december"} <= living.counted.keys()


def test_the_same_seed_writes_the_same_script():
    assert Script(5, 4, 1, 20).write() == Script(5, 4, 1, 20).write()
    assert Script(5, 4, 1, 20).write() != Script(6, 4, 1, 20).write()


def test_a_record_has_the_words_and_dates_that_its_state_says():
    living = Living(World({}), Script(3, 5, 1, 60))
    living.advance(START + timedelta(days=365))
    for state in living.states.values():
        facts = living.world.rows[state.pmid].facts
        day = int(f"{state.created:%Y%m%d}")
        assert facts.dates["crdt"] == (day,)
        assert facts.dates["lr"] == (int(f"{state.revised:%Y%m%d}"),)
        assert facts.texts.get("mh", []) == list(state.headings)


def test_a_december_touches_all_and_renames_headings():
    script = Script(4, 5, 1, 60)
    living = Living(World({}), script)
    living.advance(START + timedelta(days=330))
    before = {s.pmid for s in living.states.values() if "Former" in str(s.headings)}
    assert before
    living.advance(START + timedelta(days=350))
    assert {state.revised.month for state in living.states.values()} == {12}
    assert "Former" not in str([living.states.get(p) for p in before])


def test_the_server_notes_what_is_true_beside_what_it_says():
    with serve_living(seed=1, wishes=5, years=1, a_year=60) as server:
        server.often = 0
        server.outages = [(START, START + timedelta(hours=1), "http-503")]
        wish = server.living.script.all[0]
        status, _, _ = ask(server, "esearch.fcgi", term=wish.text, db="pubmed")
        assert (status, server.told[0].faithful, server.told[0].wish) == (503, False, 0)
        server.now = START + timedelta(days=20)
        found = search(server, wish.text)["idlist"]
        [_, told] = server.told
        assert told.faithful
        assert {int(pmid) for pmid in found} == {state.pmid for state in told.matched}
        server.living.hidden.add(int(found[0]))
        body = ask(server, "efetch.fcgi", id=",".join(found), db="pubmed")[2]
        held = set(map(str, record_ids(body)))  # those that records point at too
        assert held >= set(found[1:])
        assert found[0] not in held
        assert server.told[-1].given == {int(pmid) for pmid in found[1:]}

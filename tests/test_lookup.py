"""Looking up: every identifier is accounted for, and a failure is never a "no"."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import NotRecordedError, RefusedError, SourceDownError
from assay.ids import normal_doi
from assay.record import Record
from assay.search import Problem
from assay.sources.base import Answer, Request
from assay.sources.json_answer import judge_json, text_of
from assay.sources.lookup import GIVE_UP_AFTER, LookUp, look_up

HELD, UNKNOWN, DOWN, REFUSED, ODD = "held", "unknown", "down", "refused", "odd"
KINDS = (HELD, UNKNOWN, DOWN, REFUSED, ODD)


def parse(value):
    return Record(source="x", doi=text_of(value, "doi"))


def parse_together(answer):
    for row in json.loads(answer.body)["rows"]:
        if row.get("doi"):
            yield parse(row)
        else:
            yield Problem(where="X", what="unreadable")


HOW = LookUp(
    where="X",
    normal=normal_doi,
    single=lambda doi: Request(url=f"https://x/{doi}"),
    unknown=lambda answer: answer.status == 404,
    judge=judge_json("X"),
    parse=parse,
    together=lambda dois: Request(url="https://x", params=(("ids", " ".join(dois)),)),
    parse_together=parse_together,
    fits=lambda doi: "," not in doi,
    few=2,
    size=3,
)


class World:
    """A getter whose answers are told beforehand."""

    def __init__(self, kinds, lists="good"):
        self.kinds, self.lists, self.asked = kinds, lists, []

    def get(self, request, judge):
        raise AssertionError("lists and works are asked for with get_many")

    def get_many(self, requests, judge):
        for request in requests:
            self.asked.append(request)
            try:
                answer = self.answer(request)
                judge(answer)
                yield answer
            except (SourceDownError, RefusedError, NotRecordedError) as error:
                yield error

    def answer(self, request):
        if request.params:
            return self.list(dict(request.params)["ids"].split())
        doi = request.url.removeprefix("https://x/")
        kind = self.kinds.get(doi, UNKNOWN)
        if kind == DOWN:
            raise SourceDownError("X", "it does not answer")
        if kind == REFUSED:
            raise RefusedError("X", "it refuses")
        body = {HELD: {"doi": doi}, ODD: {"doi": []}}.get(kind, {})
        status = 404 if kind == UNKNOWN else 200
        return Answer(status=status, body=json.dumps(body).encode(), when="now")

    def list(self, dois):
        if self.lists == "refused":
            raise RefusedError("X", "no credits are left")
        held = [doi for doi in dois if self.kinds.get(doi) == HELD]
        if self.lists == "forgetful":
            held = held[1:]
        rows = [{"doi": doi} for doi in held] + [{}]
        return Answer(status=200, body=json.dumps({"rows": rows}).encode())


DOIS = st.integers(0, 30).map(lambda n: f"10.99999/{n}{',' * (n % 5 == 0)}x")


@given(
    st.dictionaries(DOIS, st.sampled_from(KINDS), max_size=20),
    st.lists(DOIS, max_size=25),
    st.sampled_from(["good", "refused", "forgetful"]),
)
def test_each_is_told_once_in_order_and_as_it_is(kinds, dois, lists):
    world = World(kinds, lists)
    found = list(look_up(dois, HOW, world))
    assert [looked.id for looked in found] == list(dict.fromkeys(dois))
    for looked in found:
        kind = kinds.get(looked.id, UNKNOWN)
        if looked.record:
            assert kind == HELD
            assert looked.record.doi == looked.id
            assert looked.problem is None
        elif looked.problem is None:
            assert kind == UNKNOWN, "a failure was taken for a no"


@given(st.lists(DOIS, min_size=1, max_size=25))
def test_all_that_is_held_is_found(dois):
    for lists in ("good", "refused", "forgetful"):
        world = World(dict.fromkeys(dois, HELD), lists)
        assert all(looked.record for looked in look_up(dois, HOW, world))


def test_a_service_that_is_down_is_given_up():
    dois = [f"10.99999/{n}" for n in range(40)]
    world = World(dict.fromkeys(dois, DOWN), "refused")
    found = list(look_up(dois, HOW, world))
    singles = [request for request in world.asked if not request.params]
    assert len(singles) == GIVE_UP_AFTER
    assert len(found) == 40
    assert all(looked.problem for looked in found)


def test_one_spelling_stands_for_all():
    world = World({"10.99999/a": HELD})
    spelt = ["10.99999/A", "https://doi.org/10.99999/a", "doi:10.99999/a"]
    [looked] = look_up(spelt, HOW, world)
    assert looked.id == "10.99999/a"
    assert len(world.asked) == 1


@pytest.mark.parametrize("given_", ["", "tea", "PMC1", "10.99999"])
def test_what_is_no_identifier_is_a_problem_and_not_asked(given_):
    world = World({})
    [looked] = look_up([given_], HOW, world)
    assert looked.problem
    assert world.asked == []

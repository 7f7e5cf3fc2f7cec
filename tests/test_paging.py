"""A list followed page by page: to its true end, with sums that add up."""

import random
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assay.edge.services import Service
from assay.errors import RefusedError, SourceDownError
from assay.record import Record
from assay.search import Problem, Query, Translation
from assay.sources.base import Answer, Request
from assay.sources.json_answer import (
    ShapeError,
    judge_json,
    number_of,
    objects_of,
    read_object,
    read_rows,
    text_of,
)
from assay.sources.paging import MOST_EMPTY, NAMED, Page, Paging, page_size, walk
from tests.net import open_fetcher, sorted_out
from tests.standin.services import LIES, serve_service

WHERE = "The Counted"
ADDRESS = "https://counted.example/v1/"
ASKED = Translation(sent="tea", params=(("query", "tea"),))


def parse_row(row):
    if not text_of(row, "title"):
        raise ShapeError("title is missing")
    return Record(source="counted", pmid=text_of(row, "id"), title=row["title"])


def parse(answer):
    value = read_object(WHERE, answer.body)
    rows = objects_of(value, "rows")
    items = read_rows(WHERE, rows, parse_row, lambda row: text_of(row, "id"))
    return Page(items, number_of(value, "total"), text_of(value, "next"))


def ask(params, cursor, size):
    paged = (*params, ("cursor", cursor), ("size", str(size)))
    return Request(url=ADDRESS + "rows", params=paged)


PAGING = Paging(
    source="counted",
    where=WHERE,
    size=10,
    first="*",
    request=ask,
    judge=judge_json(WHERE),
    parse=parse,
    key=lambda record: record.pmid,
)
SCROLLING = replace(PAGING, cursor_repeats=True)
SCROLLED = replace(ASKED, params=(("query", "tea"), ("scroll", "yes")))


@contextmanager
def opened(folder, **options):
    """Give the stand-in and a fetcher that asks it."""
    with serve_service("counted", **options) as server:
        service = Service(title=WHERE, address=ADDRESS, at=server.url, pause=0.0)
        with open_fetcher("", folder, service=service) as fetcher:
            yield server, fetcher


def run(fetcher, *, limit=None, paging=PAGING, asked=ASKED):
    found = list(walk(paging, Query(text="tea", limit=limit), asked, fetcher))
    records, problems, (log,) = sorted_out(found)
    assert found[-1] is log
    assert log.retrieved == len(records)
    return records, problems, log


def test_every_page_is_followed_to_the_end(tmp_path):
    with opened(tmp_path, synthetic=35) as (server, fetcher):
        records, problems, log = run(fetcher)
        assert len({r.pmid for r in records}) == 35
        assert not problems
        assert (log.count, log.wanted, log.difference) == (35, 35, "")
        assert server.count("rows") == log.requests == 4
        assert log.count_after == 35
        assert log.sent == "tea"
        assert not log.failed
        assert log.when


def test_a_limit_asks_for_no_more_than_it_needs(tmp_path):
    with opened(tmp_path, synthetic=100) as (server, fetcher):
        records, problems, log = run(fetcher, limit=7)
        assert (len(records), log.count, log.wanted) == (7, 100, 7)
        assert [r.params["size"] for r in server.requests] == ["7"]
        records, problems, log = run(fetcher, limit=12)
        assert [r.params["size"] for r in server.requests[1:]] == ["6", "6"]
        assert len(records) == 12
        assert not problems
        assert not log.difference


def test_a_list_of_full_pages_is_asked_whether_there_is_more(tmp_path):
    with opened(tmp_path, synthetic=30) as (server, fetcher):
        server.lie_about_total = -10
        records, problems, log = run(fetcher)
        assert len(records) == 30
        assert not problems
        assert log.difference == "10 more came than it counted"


def test_nothing_found_is_no_failure(tmp_path):
    with opened(tmp_path, synthetic=3) as (_server, fetcher):
        nothing = replace(ASKED, params=(("query", "nothing"),))
        records, problems, log = run(fetcher, asked=nothing)
        assert (records, problems, log.count, log.failed) == ([], [], 0, False)


def test_a_query_without_words_for_the_service_is_a_failure_and_not_nothing(tmp_path):
    with opened(tmp_path, synthetic=3) as (server, fetcher):
        _records, (problem,), log = run(fetcher, asked=Translation(sent=""))
        assert "nothing of the query" in problem.what
        assert log.failed
        assert log.count is None
        assert server.count() == 0


def test_more_counted_than_delivered_is_said(tmp_path):
    with opened(tmp_path, synthetic=35) as (server, fetcher):
        server.lie_about_total = 2
        records, (problem,), log = run(fetcher)
        assert len(records) == 35
        assert problem.what == "2 of 37 records did not come"
        assert log.difference == "2 of 37 were not delivered"
        assert not log.failed


def test_a_service_that_lists_only_the_first_rows_is_told_so(tmp_path):
    with opened(tmp_path, synthetic=35) as (server, fetcher):
        server.fail("no-cursor", after=1)
        paging = replace(PAGING, deepest=20)
        _, (problem,), log = run(fetcher, paging=paging)
        assert problem.what.endswith("did not come: it lists only the first 20")
        assert "Narrow" in problem.what_to_do
        assert log.difference == "15 of 35 were not delivered"


@pytest.mark.parametrize("lie", ["same-cursor", "no-cursor"])
def test_a_list_that_ends_early_is_said(tmp_path, lie):
    with opened(tmp_path, synthetic=35) as (server, fetcher):
        server.fail(lie, after=1)
        records, (problem,), log = run(fetcher)
        assert len(records) == 20
        assert problem.what == "15 of 35 records did not come"
        assert server.count() == 2
        assert log.difference == "15 of 35 were not delivered"


def test_a_falsely_empty_page_does_not_end_the_list(tmp_path):
    with opened(tmp_path, synthetic=35) as (server, fetcher):
        server.fail("empty-page", after=1)
        records, (problem,), log = run(fetcher)
        assert len(records) == 25
        assert problem.what == "10 of 35 records did not come"
        assert log.retrieved == 25


def test_an_empty_first_page_is_a_failure_where_something_was_counted(tmp_path):
    with opened(tmp_path, synthetic=5) as (server, fetcher):
        server.fail("empty-page")
        records, (problem,), log = run(fetcher)
        assert not records
        assert log.failed
        assert problem.what == "5 of 5 records did not come"


def test_pages_that_go_in_a_circle_are_cut_off(tmp_path):
    with opened(tmp_path, synthetic=35) as (server, fetcher):
        server.fail("first-cursor", after=2, times=99)
        records, (problem,), log = run(fetcher)
        assert len(records) == 30
        assert "in a circle" in problem.what
        assert problem.what.startswith("5 of 35 records did not come")
        assert server.count() == 3
        assert "circle" in log.difference


def test_a_changing_count_is_said(tmp_path):
    with opened(tmp_path, synthetic=35) as (server, fetcher):
        server.fail("other-total", after=1, times=9)
        _records, problems, log = run(fetcher)
        assert not problems
        assert (log.count, log.count_after) == (35, 34)
        assert log.difference == "it counted 35 at first, 34 at last"


def test_a_service_that_does_not_count_is_said(tmp_path):
    with opened(tmp_path, synthetic=15) as (server, fetcher):
        server.fail("no-total", times=9)
        records, problems, log = run(fetcher)
        assert (len(records), log.count) == (15, 15)
        assert not problems
        assert "did not say how many" in log.difference


def test_a_count_that_comes_late_is_compared_with_nothing(tmp_path):
    with opened(tmp_path, synthetic=35) as (server, fetcher):
        server.fail("no-total")
        records, problems, log = run(fetcher)
        assert (len(records), problems) == (35, [])
        assert log.difference == "the service did not say how many it counts"


def test_neither_rows_nor_a_count_is_no_empty_result(tmp_path):
    with opened(tmp_path, synthetic=15) as (server, fetcher):
        server.fail("no-total")
        server.fail("empty-page")
        _records, (problem,), log = run(fetcher)
        assert problem.what == "it sent neither records nor a count"
        assert log.failed
        assert log.count is None


def test_a_repeated_row_is_kept_once_and_counted(tmp_path):
    with opened(tmp_path, synthetic=35) as (server, fetcher):
        server.fail("repeated-row")
        records, problems, log = run(fetcher)
        assert len(records) == 35
        assert log.repeated == 1
        assert "came again" in log.difference
        assert not problems


def test_a_row_in_the_place_of_another_is_a_record_that_lacks(tmp_path):
    with opened(tmp_path, synthetic=35) as (server, fetcher):
        server.lie_about_total = 1
        server.fail("repeated-row")
        _, (problem,), log = run(fetcher)
        assert problem.what == "1 of 36 records did not come: 1 others came again"
        assert log.difference.startswith("1 of 36 were not delivered; 1 came again")


def test_a_limit_is_filled_though_rows_are_repeated():
    one, two, three, four = (Record(source="x", pmid=str(n)) for n in range(4))
    pages = [Page((one, two, one), 9, "a"), Page((three, two, four), 9, "b")]
    records, problems, (log,) = sorted_out(walk_pages(pages, limit=3))
    assert records == [one, two, three]
    assert not problems
    assert (log.wanted, log.repeated, log.requests) == (3, 1, 2)


def test_one_unreadable_row_leaves_the_others(tmp_path):
    with opened(tmp_path, synthetic=35) as (server, fetcher):
        server.fail("bad-record", after=1)
        records, (problem,), log = run(fetcher)
        assert len(records) == 34
        assert "cannot be read" in problem.what
        assert log.difference == "1 could not be read"


def test_a_page_that_fails_in_the_middle_keeps_what_came(tmp_path):
    with opened(tmp_path, synthetic=35) as (server, fetcher):
        server.fail("http-503", after=2, times=9)
        records, (problem,), log = run(fetcher)
        assert len(records) == 20
        assert problem.what.startswith("15 of 35 records did not come: it is over")
        assert "HTTP 503" in log.difference
        assert not log.failed


def test_what_failed_before_is_asked_again_and_the_rest_comes_from_the_recording(
    tmp_path,
):
    with opened(tmp_path, synthetic=35) as (server, fetcher):
        server.fail("truncated-chunked", after=2, times=3)
        _, (problem,), _ = run(fetcher)
        assert "broke off" in problem.what
        asked = server.count()
        records, problems, log = run(fetcher)
        assert (len(records), problems) == (35, [])
        assert log.requests == server.count() - asked == 2
        _, _, log = run(fetcher)
        assert log.requests == 0
        assert log.recorded


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("http-503", "HTTP 503"),
        ("text-503", "HTTP 503"),
        ("rate-limit-429", "asked too often"),
        ("rate-limit-429-retry-after:0", "asked too often"),
        ("text-400", "refused to answer"),
        ("json-400", "says “no field x”"),
        ("forbidden-403", "refused to answer"),
        ("not-found-404", "refused to answer"),
        ("challenge-200", "a web page instead of data"),
        ("html-200", "a web page instead of data"),
        ("empty-body", "empty"),
        ("no-object", "documented shape"),
        ("empty-object", "neither records nor a count"),
        ("plain-200", "damaged"),
        ("truncated-chunked", "broke off"),
        ("truncated-sized", "broke off"),
        ("cut-body", "broke off"),
        ("reset", "broke off the connection"),
        ("redirect-307-away", "another"),
    ],
)
def test_a_dead_service_is_a_failure_and_never_no_hits(tmp_path, fault, said):
    with opened(tmp_path, synthetic=5) as (server, fetcher):
        server.fail(fault, times=9)
        records, (problem,), log = run(fetcher)
        assert said in problem.what
        assert not records
        assert log.failed
        assert log.count is None


@pytest.mark.parametrize("fault", ["slow-drip:0.01", "wrong-content-type"])
def test_what_does_no_harm_does_none(tmp_path, fault):
    with opened(tmp_path, synthetic=5) as (server, fetcher):
        server.fail(fault, times=9)
        records, problems, _log = run(fetcher)
        assert (len(records), problems) == (5, [])


def test_a_cursor_that_stays_the_same_is_recorded_page_by_page(tmp_path):
    with opened(tmp_path, synthetic=35) as (server, fetcher):
        for requests in (4, 0):
            records, problems, log = run(fetcher, paging=SCROLLING, asked=SCROLLED)
            assert len({r.pmid for r in records}) == 35
            assert not problems
            assert log.requests == requests
        assert server.count() == 4


def test_a_page_of_another_shape_is_a_problem_and_no_crash():
    class Shapeless:
        def get(self, request, judge):
            return Answer(status=200, body=b'{"total": [], "rows": 7}')

    found = walk(PAGING, Query(text="tea", limit=None), ASKED, Shapeless())
    _, (problem,), (log,) = sorted_out(found)
    assert "documented shape (rows is no list of objects)" in problem.what
    assert log.failed


def test_many_unreadable_rows_are_told_in_a_few_problems():
    rows = tuple(Problem(where=WHERE, what=f"row {n}") for n in range(30))
    found = list(walk_pages([Page(rows, 30, "")]))
    _, problems, (log,) = sorted_out(found)
    assert len(problems) == NAMED + 1
    assert problems[-1].what == "10 more records cannot be read, 30 in all"
    assert log.failed


class Pages:
    """A getter that answers with the pages it was given, the last one for ever."""

    def __init__(self, pages):
        self.pages, self.asked = pages, 0

    def get(self, request, judge):
        page = self.pages[min(self.asked, len(self.pages) - 1)]
        self.asked += 1
        if isinstance(page, Exception):
            raise page
        return Answer(status=200, body=str(self.asked - 1).encode(), cost=2)


def walk_pages(pages, limit=None, *, repeats=False, size=10):
    getter = Pages(pages)
    paging = replace(
        PAGING,
        size=size,
        cursor_repeats=repeats,
        parse=lambda answer: pages[min(int(answer.body), len(pages) - 1)],
    )
    yield from walk(paging, Query(text="tea", limit=limit), ASKED, getter)


def test_what_to_do_when_it_may_ask_no_more_is_said_in_the_middle_of_a_list_too():
    first = Page((Record(source="x", pmid="1"),), 2, "c")
    for error, todo in (
        (RefusedError(WHERE, "spent", "Wait."), "Wait. Run it again later"),
        (SourceDownError(WHERE, "down", "Later."), "Run it again later"),
    ):
        _, (problem,), _ = sorted_out(walk_pages([first, error]))
        assert "1 of 2 records did not come" in problem.what
        assert problem.what_to_do.startswith(todo)


def test_credits_and_tries_are_counted():
    pages = [Page((Record(source="x", pmid=str(n)),), 2, f"c{n}") for n in range(2)]
    _, _, (log,) = sorted_out(walk_pages(pages))
    assert (log.requests, log.credits) == (2, 4)


def test_a_service_that_never_stops_is_cut_off():
    class Endless:
        def __init__(self):
            self.asked = 0

        def get(self, request, judge):
            self.asked += 1
            return Answer(status=200, body=str(self.asked).encode())

    def parse_endless(answer):
        n = int(answer.body)
        rows = tuple(Record(source="x", pmid=f"{n}-{k}") for k in range(10))
        return Page(rows, 5, f"c{n}")

    getter = Endless()
    paging = replace(PAGING, parse=parse_endless)
    found = walk(paging, Query(text="tea", limit=None), ASKED, getter)
    records, (problem,), (log,) = sorted_out(found)
    assert "does not stop" in problem.what
    assert getter.asked < 20
    assert len(records) == log.retrieved


ITEM = st.one_of(
    st.integers(0, 40).map(lambda n: Record(source="x", pmid=str(n))),
    st.just(Problem(where=WHERE, what="unreadable")),
)
PAGE = st.builds(
    Page,
    st.lists(ITEM, max_size=12).map(tuple),
    st.one_of(st.none(), st.integers(0, 60)),
    st.sampled_from(["", "*", "a", "b", "c", "d", "e"]),
)
FAILURE = st.sampled_from(
    [SourceDownError(WHERE, "down", "Later."), RefusedError(WHERE, "no", "Ask.")]
)


@given(
    pages=st.lists(st.one_of(PAGE, PAGE, PAGE, FAILURE), min_size=1, max_size=12),
    limit=st.one_of(st.none(), st.integers(1, 40)),
    repeats=st.booleans(),
)
@example(pages=[Page((), 3, "a")], limit=None, repeats=True)
@settings(max_examples=400, deadline=None)
def test_delivered_and_missing_are_what_was_wanted_whatever_the_service_does(
    pages, limit, repeats
):
    records, problems, (log,) = sorted_out(walk_pages(pages, limit, repeats=repeats))
    assert len({r.pmid for r in records}) == len(records) == log.retrieved
    if log.count is None:
        assert log.failed
        assert problems
        return
    numbers = dict.fromkeys(("lacking", "more", "again", "unreadable"), 0)
    for part in log.difference.split("; "):
        first, _, rest = part.partition(" ")
        if "not delivered" in rest:
            numbers["lacking"] = int(first)
        elif "more came than" in rest:
            numbers["more"] = int(first)
        elif "came again" in rest:
            numbers["again"] = int(first)
        elif "could not be read" in rest:
            numbers["unreadable"] = int(first)
    delivered = log.retrieved + numbers["unreadable"]
    assert delivered + numbers["lacking"] == log.wanted + numbers["more"]
    assert numbers["again"] == log.repeated
    assert bool(problems) >= bool(numbers["lacking"] or numbers["unreadable"])
    assert log.wanted <= (log.count if limit is None else limit)
    if log.wanted and not records:
        assert log.failed


HARM = (
    "http-503", "truncated-chunked", "cut-body", "empty-body", "reset", "text-400",
    "html-200", "no-object", "rate-limit-429",
)  # fmt: skip


def storm(folder, seed):
    """Ask a service that lies and fails at random; return what came and the log."""
    chance = random.Random(seed)
    paging, asked = chance.choice([(PAGING, ASKED), (SCROLLING, SCROLLED)])
    with opened(folder, synthetic=chance.choice([0, 9, 40, 75])) as (server, fetcher):
        server.lie_about_total = chance.choice([0, 0, 0, 3, -3, 30])
        for _ in range(chance.randint(0, 4)):
            name = chance.choice([*LIES, *LIES, *HARM])
            server.fail(name, after=chance.randint(0, 6), times=chance.randint(1, 4))
        limit = chance.choice([None, None, 25])
        outcome = run(fetcher, paging=paging, asked=asked, limit=limit)
        assert len(server.requests) < 80
    return outcome


def sums_hold(folder, seed):
    records, problems, log = storm(folder, seed)
    assert len({record.pmid for record in records}) == len(records)
    if log.count is None:
        assert log.failed
        assert problems
    elif len(records) < log.wanted:
        assert problems
        assert log.difference
    elif not problems:
        assert not log.failed


@pytest.mark.parametrize("seed", range(12))
def test_the_sums_hold_in_any_weather(tmp_path, seed):
    sums_hold(tmp_path, seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 500))
def test_the_sums_hold_in_much_weather(tmp_path, seed):
    sums_hold(tmp_path, seed)


@given(limit=st.integers(1, 5000), most=st.integers(1, 1000))
def test_pages_are_as_few_as_can_be_and_hardly_larger_than_needed(limit, most):
    size = page_size(limit, most)
    fewest = -(-limit // most)
    assert 1 <= size <= most
    assert -(-limit // size) == fewest
    assert size * fewest - limit < fewest


def test_pages_that_bring_nothing_new_are_given_up():
    same = tuple(Record(source="x", pmid=str(n)) for n in range(10))
    getter_pages = [Page(same, 1000, f"c{n}") for n in range(50)]
    records, (problem,), (log,) = sorted_out(walk_pages(getter_pages))
    assert len(records) == 10
    assert "nothing new" in problem.what
    assert log.repeated == 10 * MOST_EMPTY

"""Several services over one fetcher: pools, room, credits, and callers side by side."""

import json
import threading
import time
from contextlib import contextmanager

import pytest

from assay.edge.cache import Cache
from assay.edge.fetch import Fetcher
from assay.edge.meter import Meter
from assay.edge.pace import Pace
from assay.edge.services import Pool, Service
from assay.errors import RefusedError, SourceDownError
from assay.sources.base import Request
from tests.net import FAST, KEY, raw_server, read_request, reply

HOST = "https://service.invalid/"
OTHER = "https://other.invalid/"


def judge(answer):
    """Find an answer good unless its status says otherwise."""
    if answer.status != 200:
        raise SourceDownError("Service", f"it answered with HTTP {answer.status}")
    return True


def service_at(url, address=HOST, **options):
    options = {"pause": 0.0, "title": "Service", **options}
    return Service(address=address, at=url, **options)


def request(n=0, address=HOST, **options):
    return Request(url=f"{address}{n}", **options)


@contextmanager
def open_fetcher(folder, *services, **options):
    pace, cache = Pace(folder / "pace.db"), Cache(folder / "http.db")
    meter = Meter(folder / "credits.db")
    options = {"patience": FAST, "cache": cache, "meter": meter, **options}
    with Fetcher(services, pace=pace, **options) as fetcher:
        yield fetcher
    for each in (pace, cache, meter):
        each.close()


def answering(*replies):
    """Return a talk that gives these replies in turn, the last one for ever."""
    waiting, lock = list(replies), threading.Lock()

    def talk(connection):
        while read_request(connection):
            with lock:
                said = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            connection.sendall(said)

    return talk


def charged(used, remaining, limit=1000):
    return (
        f"X-RateLimit-Limit: {limit}",
        f"X-RateLimit-Remaining: {remaining}",
        f"X-RateLimit-Credits-Used: {used}",
    )


# --- pools -------------------------------------------------------------------------


def test_no_more_are_on_their_way_than_a_pool_has_room_for(tmp_path):
    now, most, lock = [0], [0], threading.Lock()

    def talk(connection):
        while read_request(connection):
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            time.sleep(0.02)
            with lock:
                now[0] -= 1
            connection.sendall(reply(b"{}"))

    pools = (("list", Pool(0.0, 2)),)
    with (
        raw_server(talk) as url,
        open_fetcher(tmp_path, service_at(url, pools=pools)) as fetcher,
    ):
        asked = [request(n, pool="list") for n in range(12)]
        assert len(list(fetcher.get_many(asked, judge))) == 12
    assert most[0] == 2


def test_a_slow_pool_does_not_hold_up_a_quick_one(tmp_path):
    pools = (("list", Pool(60.0)), ("single", Pool(0.0)))
    with (
        raw_server(answering(reply(b"{}"))) as url,
        open_fetcher(tmp_path, service_at(url, pools=pools)) as fetcher,
    ):
        lists = fetcher.get_many([request(n, pool="list") for n in range(3)], judge)
        next(lists)  # the second list waits for a minute
        singles = [request(f"s{n}", pool="single") for n in range(20)]
        assert len(list(fetcher.get_many(singles, judge))) == 20
        lists.close()


def test_stopping_frees_those_that_wait_for_room(tmp_path):
    pools = (("list", Pool(0.0, 1)),)
    with (
        raw_server(answering(reply(b"{}"))) as url,
        open_fetcher(tmp_path, service_at(url, pools=pools)) as fetcher,
    ):
        answers = fetcher.get_many([request(n, pool="list") for n in range(9)], judge)
        next(answers)
        answers.close()
        assert fetcher.get(request("after", pool="list"), judge).status == 200


# --- callers side by side ----------------------------------------------------------


def test_callers_in_several_threads_get_their_own_answers_in_order(tmp_path):
    def talk(connection):
        while asked := read_request(connection):
            path = asked.split(b" ")[1].decode()
            connection.sendall(reply(json.dumps(path).encode()))

    told, outcomes = [], {}

    def progress(*what):
        told.append((threading.current_thread().name, *what))

    def ask(address, name):
        asked = [request(f"{name}{n}", address) for n in range(20)]
        found = fetcher.get_many(asked, judge)
        outcomes[name] = [json.loads(answer.body) for answer in found]

    with (
        raw_server(talk) as url,
        open_fetcher(
            tmp_path,
            service_at(url, title="One"),
            service_at(url, OTHER, title="Two"),
            progress=progress,
        ) as fetcher,
    ):
        threads = [
            threading.Thread(target=ask, args=(address, name), name=name)
            for address, name in ((HOST, "a"), (OTHER, "b"), (HOST, "c"), (OTHER, "d"))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    for name in "abcd":
        wanted = [f"/entrez/eutils/{name}{n}?" for n in range(20)]
        assert outcomes[name] == wanted
        title = "One" if name in "ac" else "Two"
        mine = [rest for thread, *rest in told if thread == name]
        assert mine == [[n, 20, title] for n in range(1, 21)]


# --- credits -----------------------------------------------------------------------


def test_an_answer_tells_what_it_has_cost_over_all_tries(tmp_path):
    talk = answering(
        reply(b"{}", status="503 Busy", headers=charged(10, 990)),
        reply(b"{}", headers=charged(10, 980)),
    )
    with (
        raw_server(talk) as url,
        open_fetcher(tmp_path, service_at(url, credits=1000)) as fetcher,
    ):
        answer = fetcher.get(request(cost=10), judge)
        assert (answer.attempt, answer.cost) == (2, 20)
        again = fetcher.get(request(cost=10), judge)
        assert (again.recorded, again.cost) == (True, 0)


@pytest.mark.parametrize(("cost", "paid"), [(0, 0), (1, 1), (10, 10)])
def test_without_headers_a_request_costs_what_it_says(tmp_path, cost, paid):
    with (
        raw_server(answering(reply(b"{}"))) as url,
        open_fetcher(tmp_path, service_at(url, credits=1000)) as fetcher,
    ):
        assert fetcher.get(request(cost=cost), judge).cost == paid


def test_limits_a_second_are_not_taken_for_credits(tmp_path):
    talk = answering(reply(b"{}", headers=charged(7, 0, limit=3)))  # as NCBI's are
    with raw_server(talk) as url, open_fetcher(tmp_path, service_at(url)) as fetcher:
        assert fetcher.get(request(1), judge).cost == 0
        assert fetcher.get(request(2), judge).status == 200


def test_nothing_is_sent_that_the_credits_do_not_cover(tmp_path):
    asked = []

    def talk(connection):
        while read_request(connection):
            asked.append(1)
            left = 20 - 10 * len(asked)
            connection.sendall(reply(b"{}", headers=charged(10, left, limit=20)))

    with raw_server(talk) as url:
        service = service_at(url, credits=20, when_spent="Wait for midnight UTC.")
        with open_fetcher(tmp_path, service) as fetcher:
            fetcher.get(request(1, cost=10), judge)
            fetcher.get(request(2, cost=10), judge)
            with pytest.raises(RefusedError, match=r"0 are left .* Wait for midnight"):
                fetcher.get(request(3, cost=10), judge)
        with open_fetcher(tmp_path, service) as fetcher:  # as another run would
            with pytest.raises(RefusedError, match="was not sent"):
                fetcher.get(request(3, cost=1), judge)
            assert fetcher.get(request(1, cost=10), judge).recorded
    assert len(asked) == 2


def test_a_service_that_asks_to_wait_for_hours_is_given_up_for_today(tmp_path):
    asked = []

    def talk(connection):
        while read_request(connection):
            asked.append(1)
            headers = (*charged(0, 0), "Retry-After: 54000")
            connection.sendall(reply(b"{}", status="429 Too Many", headers=headers))

    with raw_server(talk) as url:
        service = service_at(url, credits=1000, when_spent="Wait for midnight UTC.")
        with open_fetcher(tmp_path, service) as fetcher:
            with pytest.raises(SourceDownError, match=r"15 hours\. Wait for midnight"):
                fetcher.get(request(1, cost=1), judge)
            with pytest.raises(RefusedError, match="0 are left"):
                fetcher.get(request(2, cost=1), judge)
    assert len(asked) == 1


def test_a_request_that_found_nobody_costs_nothing(tmp_path):
    with open_fetcher(
        tmp_path, service_at("http://127.0.0.1:9/", credits=10)
    ) as fetcher:
        for n in range(3):
            with pytest.raises(SourceDownError):
                fetcher.get(request(n, cost=10), judge)


def test_a_count_that_cannot_be_shared_is_told(tmp_path):
    (tmp_path / "credits.db").write_bytes(b"no database at all, " * 100)
    with (
        raw_server(answering(reply(b"{}"))) as url,
        open_fetcher(tmp_path, service_at(url, credits=1000)) as fetcher,
    ):
        fetcher.get(request(cost=10), judge)
        [problem] = fetcher.problems
    assert problem.where == "credits"
    assert "credits.db" in problem.what + problem.what_to_do


def test_a_record_that_moved_is_followed_within_the_host(tmp_path):
    talk = answering(
        reply(b"", status="301 Moved", headers=("Location: /works/W2",)),
        reply(b'"W2"'),
    )
    identity = (("api_key", KEY),)
    with (
        raw_server(talk) as url,
        open_fetcher(tmp_path, service_at(url, identity=identity)) as fetcher,
    ):
        answer = fetcher.get(request("W1"), judge)
    assert (answer.body, answer.url[-9:]) == (b'"W2"', "/works/W2")

"""What all stand-ins of services share: faults on the wire, lies, and the log."""

import http.client
import json
import threading
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest

from tests.standin.replies import Reply
from tests.standin.services import (
    LIES,
    WIRE_FAULTS,
    Call,
    Lies,
    Service,
    cut_page,
    render_json,
    serve_service,
)


def echo(call: Call) -> Reply:
    return render_json({"path": call.program, "params": call.params, "pad": "x" * 5000})


SERVICE = Service(base="/echo/v1/", make=lambda rows: echo)


@pytest.fixture
def server():
    with serve_service(SERVICE) as server:
        yield server


def ask(server, path="rows", body=None, **params):
    """Return (status, whether the body is whole, body) without following redirects."""
    place = urlsplit(server.url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=5)
    target = f"{place.path}{path}?{urlencode(params)}"
    connection.request("POST" if body else "GET", target, body)
    try:
        answer = connection.getresponse()
        return answer.status, True, answer.read(), answer.headers
    except http.client.IncompleteRead as cut:
        return answer.status, False, cut.partial, answer.headers
    finally:
        connection.close()


def test_a_request_is_answered_and_logged(server):
    status, _, body, headers = ask(server, "rows/a%2Fb", q="tea & milk")
    assert status == 200
    assert headers["Content-Type"].startswith("application/json")
    assert json.loads(body)["params"] == {"q": "tea & milk"}
    (request,) = server.requests
    assert (request.program, request.method) == ("rows/a/b", "GET")
    assert request.params == {"q": "tea & milk"}
    assert server.count("rows/*") == 1
    assert server.count("other") == 0


def test_a_form_in_the_body_counts_as_parameters(server):
    with urlopen(Request(server.url + "rows", b"q=tea&size=5")) as answer:
        assert json.load(answer)["params"] == {"q": "tea", "size": "5"}
    assert server.requests[0].method == "POST"


def test_nothing_is_served_beside_the_base(server):
    with pytest.raises(OSError, match="404"):
        urlopen(server.root + "/elsewhere")
    assert server.requests == []


STATUSES = {
    "http-500": 500, "http-502": 502, "http-503": 503, "http-504": 504,
    "text-500": 500, "text-503": 503, "not-found-404": 404, "text-400": 400,
    "json-400": 400, "forbidden-403": 403, "rate-limit-429": 429,
    "rate-limit-429-retry-after:7": 429, "redirect-302-away": 302,
    "redirect-307-away": 307, "redirect-307-same": 307, "redirect-308-same": 308,
    "redirect-308-away": 308, "html-200": 200, "challenge-200": 200, "no-object": 200,
    "empty-object": 200, "plain-200": 200, "wrong-content-type": 200,
    "slow-drip:0.001": 200, "empty-body": 200, "cut-body": 200, "gzip-bomb:1": 200,
}  # fmt: skip
CUT = ("truncated-chunked", "truncated-sized")


@pytest.mark.parametrize("fault", STATUSES)
def test_a_fault_comes_once_and_then_all_is_well(server, fault):
    server.fail(fault)
    status, _, body, headers = ask(server)
    assert status == STATUSES[fault]
    if "retry-after" in fault:
        assert headers["Retry-After"] == "7"
    if "redirect" in fault:
        same = urlsplit(headers["Location"]).hostname == "127.0.0.1"
        assert same is ("same" in fault)
    assert ask(server)[2] != body or fault.startswith(("slow", "wrong"))


@pytest.mark.parametrize("fault", CUT)
def test_a_body_may_be_cut(server, fault):
    server.fail(fault)
    assert ask(server)[1] is False
    assert ask(server)[1] is True


def test_a_connection_may_be_reset(server):
    server.fail("reset")
    with pytest.raises(ConnectionError):
        ask(server)


def test_a_hanging_answer_ends_with_the_server():
    with serve_service(SERVICE) as server:
        server.fail("hang")
        ended = []
        thread = threading.Thread(target=lambda: ended.append(broken(server)))
        thread.start()
        while not server.requests:
            thread.join(0.01)
        assert thread.is_alive()
    thread.join(5)
    assert ended == [True]


def broken(server):
    try:
        ask(server)
    except (OSError, http.client.HTTPException):
        return True
    return False


def test_every_fault_on_the_wire_is_tried_here():
    tried = {name.partition(":")[0] for name in STATUSES} | {*CUT, "reset", "hang"}
    assert tried == set(WIRE_FAULTS)


def test_faults_are_planned_by_path_and_after_good_answers(server):
    server.fail("http-503", path="rows", times=2, after=1)
    found = [ask(server, path)[0] for path in ("rows", "other", "rows", "rows", "rows")]
    assert found == [200, 200, 503, 503, 200]


def test_a_fault_that_does_not_exist_is_refused(server):
    with pytest.raises(KeyError, match="no fault"):
        server.fail("http-599")


def test_too_many_starts_a_second_are_refused():
    with serve_service(SERVICE, most_per_second=2) as server:
        assert [ask(server)[0] for _ in range(3)].count(429) <= 1
        assert all(r.program == "rows" for r in server.requests)


def test_a_mistake_of_the_stand_in_fails_the_test():
    def wrong(call):
        raise ValueError("a mistake")

    service = Service(base="/", make=lambda rows: wrong)
    with (
        pytest.raises(AssertionError, match="a mistake"),
        serve_service(service) as server,
    ):
        assert ask(server)[0] == 500


@pytest.mark.parametrize(
    ("lie", "rows", "total", "following"),
    [
        ("", 3, 9, 6),
        ("same-cursor", 3, 9, 3),
        ("first-cursor", 3, 9, 0),
        ("no-cursor", 3, 9, None),
        ("empty-page", 0, 9, 6),
        ("short-page", 1, 9, 6),
        ("repeated-row", 4, 9, 6),
        ("bad-record", 3, 9, 6),
        ("other-total", 3, 8, 6),
        ("no-total", 3, None, 6),
    ],
)
def test_lies_change_what_they_say(lie, rows, total, following):
    names = frozenset({lie} - {""})
    cut = cut_page(list(range(9)), 3, 3, Lies(names=names))
    assert (len(cut.rows), cut.total, cut.next) == (rows, total, following)
    assert names <= set(LIES)


def test_the_last_page_says_that_it_is():
    cut = cut_page(list(range(9)), 6, 5, Lies(total=2))
    assert cut == ([6, 7, 8], 11, 9)

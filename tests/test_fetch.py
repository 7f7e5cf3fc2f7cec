"""The network edge: who asks is hidden, requests overlap, limits hold, Ctrl-C works."""

import json
import logging
import signal
import subprocess
import sys
import threading
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

import assay
from assay.edge import task
from assay.edge.body import Body, BodyError
from assay.edge.fetch import LIMITS, Fetcher
from assay.edge.pace import Pace
from assay.edge.patience import Patience, seconds_demanded
from assay.edge.redirect import follow_redirect
from assay.edge.services import hide, pubmed_service
from assay.errors import (
    BadAnswerError,
    NotRecordedError,
    RefusedError,
    SettingsError,
    SourceDownError,
    StoreError,
)
from assay.sources.base import Request
from assay.sources.pubmed import EUTILS
from assay.sources.pubmed_errors import judge_json
from tests.net import (
    EMAIL,
    KEY,
    open_fetcher,
    raw_server,
    read_request,
    recorded,
    reply,
    service_at,
)
from tests.standin import serve

GOOD = b'{"esearchresult": {"count": "0", "idlist": []}}'
DAY = datetime(2026, 1, 1, tzinfo=UTC)


def request(n=0, method="GET"):
    params = (("db", "pubmed"), ("term", f"kratom {n}"), ("retmode", "json"))
    return Request(method=method, url=f"{EUTILS}esearch.fcgi", params=params)


def always(body, **how):
    """Return a talk that answers every request of a connection with `body`."""

    def talk(connection):
        while read_request(connection):
            connection.sendall(reply(body, **how))

    return talk


# --- who asks ----------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_edge_says_who_asks_and_with_which_program(method, tmp_path):
    with serve() as server, open_fetcher(server.url, tmp_path) as fetcher:
        fetcher.get(request(method=method), judge_json)
        sent, headers = server.requests[0].params, server.headers[0]
    assert (sent["api_key"], sent["email"], sent["tool"]) == (KEY, EMAIL, "assay")
    assert headers["user-agent"] == f"assay/{assay.__version__}"


def test_who_asks_reaches_no_log_no_recording_and_no_address(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    with serve() as server, open_fetcher(server.url, tmp_path) as fetcher:
        server.fail("rate-limit-429")
        answer = fetcher.get(request(), judge_json)
        assert server.count("esearch") == 2
    kept = b"".join(p.read_bytes() for p in tmp_path.iterdir()).decode("latin-1")
    everything = kept + caplog.text + answer.url + repr(fetcher.__dict__)
    assert KEY not in everything
    assert EMAIL not in everything
    assert EMAIL.replace("@", "%40") not in everything


def test_an_error_text_that_echoes_who_asks_is_shown_without_it(tmp_path):
    said = {"esearchresult": {"ERROR": f"No quota for {KEY} of {EMAIL}"}}
    with (
        raw_server(always(json.dumps(said).encode())) as url,
        open_fetcher(url, tmp_path) as fetcher,
        pytest.raises(RefusedError, match="No quota for") as caught,
    ):
        fetcher.get(request(), judge_json)
    assert KEY not in str(caught.value)
    assert EMAIL not in str(caught.value)
    assert "[hidden]" in str(caught.value)


def test_a_body_that_holds_the_key_is_not_recorded(tmp_path):
    body = GOOD[:-1] + b', "echo": "' + KEY.encode() + b'"}'
    with raw_server(always(body)) as url, open_fetcher(url, tmp_path) as fetcher:
        fetcher.get(request(), judge_json)
    assert recorded(tmp_path) == 0


words = st.text("abc 0123@.%+", max_size=30)


@given(st.text("abc0123@.+", min_size=4, max_size=12), words, words)
def test_hiding_leaves_no_secret_in_any_encoding(secret, before, after):
    shown = hide(
        f"{before}{secret}{after} {quote(secret)} {quote_plus(secret)}", (secret,)
    )
    assert secret not in shown
    assert quote(secret) not in shown


def test_a_key_is_never_sent_in_the_clear_to_another_machine():
    with pytest.raises(SettingsError, match="not https"):
        pubmed_service(api_key=KEY, at="http://example.org/entrez/eutils/")
    assert pubmed_service(at="http://127.0.0.1:1/").at
    assert KEY not in repr(pubmed_service(api_key=KEY))


def test_a_service_that_is_not_set_up_is_never_asked(tmp_path):
    with open_fetcher("http://127.0.0.1:9/", tmp_path) as fetcher:
        elsewhere = Request(url="https://example.org/")
        with pytest.raises(RefusedError, match=r"example\.org"):
            fetcher.get(elsewhere, judge_json)


def test_a_host_that_is_redirected_to_sees_nothing(tmp_path):
    seen = []

    def spy(connection):
        seen.append(read_request(connection))

    with raw_server(spy) as other:
        headers = (f"Location: {other.replace('127.0.0.1', 'localhost')}",)
        talk = always(b"", status="307 Temporary Redirect", headers=headers)
        with (
            raw_server(talk) as url,
            open_fetcher(url, tmp_path) as fetcher,
            pytest.raises(RefusedError, match="localhost"),
        ):
            fetcher.get(request(method="POST"), judge_json)
    assert seen == []


@pytest.mark.parametrize(
    ("location", "followed"),
    [
        ("/other?x=1", "http://127.0.0.1:8/other?x=1"),
        ("http://127.0.0.1:8/b", "http://127.0.0.1:8/b"),
        ("https://127.0.0.1/b", "https://127.0.0.1/b"),
        ("http://127.0.0.1:9/b", ""),
        ("https://127.0.0.1:9/b", ""),
        ("//example.org/b", ""),
        ("ftp://127.0.0.1:8/b", ""),
        ("", ""),
    ],
)
def test_redirects_are_followed_within_the_host_only(location, followed):
    service = pubmed_service()
    if followed:
        assert follow_redirect(service, "http://127.0.0.1:8/a", location) == followed
    else:
        with pytest.raises(RefusedError, match="not followed"):
            follow_redirect(service, "http://127.0.0.1:8/a", location)


def test_a_redirect_from_https_to_http_is_refused():
    with pytest.raises(RefusedError, match="not followed"):
        follow_redirect(pubmed_service(), "https://example.org/", "http://example.org/")


# --- the recording -----------------------------------------------------------------


def test_offline_answers_from_the_recording_and_asks_nobody(tmp_path):
    with serve() as server:
        with open_fetcher(server.url, tmp_path) as fetcher:
            first = fetcher.get(request(), judge_json)
        with open_fetcher(server.url, tmp_path, offline=True) as fetcher:
            again = fetcher.get(request(), judge_json)
            with pytest.raises(NotRecordedError, match="without --offline"):
                fetcher.get(request(2), judge_json)
        assert len(server.requests) == 1
    assert (again.body, again.when, again.recorded) == (first.body, first.when, True)


def test_offline_without_a_recording_says_so(tmp_path):
    options = {"offline": True, "cached": False}
    with (
        open_fetcher("http://127.0.0.1:9/", tmp_path, **options) as fetcher,
        pytest.raises(NotRecordedError),
    ):
        fetcher.get(request(), judge_json)


def test_another_key_reads_the_same_recording(tmp_path):
    with serve() as server:
        with open_fetcher(server.url, tmp_path) as fetcher:
            fetcher.get(request(), judge_json)
        service = service_at(server.url, key="")
        with open_fetcher(server.url, tmp_path, service=service) as fetcher:
            assert fetcher.get(request(), judge_json).recorded
        assert len(server.requests) == 1


def test_refresh_asks_again_and_records_anew(tmp_path):
    with serve() as server:
        for n, day in enumerate((DAY, DAY + timedelta(days=1))):
            options = {"refresh": n == 1, "now": lambda day=day: day}
            with open_fetcher(server.url, tmp_path, **options) as fetcher:
                answer = fetcher.get(request(), judge_json)
                assert not answer.recorded
        assert len(server.requests) == 2
        with open_fetcher(server.url, tmp_path, offline=True) as fetcher:
            assert fetcher.get(request(), judge_json).when.startswith("2026-01-02")
    assert recorded(tmp_path) == 1


@pytest.mark.parametrize(("hours", "asked"), [(23, 1), (25, 2)])
def test_a_recording_serves_for_a_day(hours, asked, tmp_path):
    with serve() as server:
        for now in (DAY, DAY + timedelta(hours=hours)):
            with open_fetcher(server.url, tmp_path, now=lambda n=now: n) as fetcher:
                fetcher.get(request(), judge_json)
        assert len(server.requests) == asked


def test_a_full_disk_does_not_stop_the_search_and_is_told(tmp_path):
    with serve() as server, open_fetcher(server.url, tmp_path) as fetcher:
        fetcher._recording._cache._db.execute("PRAGMA max_page_count = 1")
        for n in range(60):
            fetcher.get(request(n), judge_json)
        [problem] = fetcher.problems
    assert problem.where == "recording"
    assert "full" in problem.what
    assert "free space" in problem.what_to_do


def test_a_damaged_recording_stops_the_run(tmp_path):
    with serve() as server, open_fetcher(server.url, tmp_path) as fetcher:
        fetcher.get(request(), judge_json)
        fetcher._recording._cache._db.execute("UPDATE answers SET body = x'00'")
        with pytest.raises(StoreError, match="damaged"):
            fetcher.get(request(), judge_json)


# --- requests that overlap ---------------------------------------------------------


def test_requests_overlap_and_answers_keep_their_order(tmp_path):
    together = threading.Barrier(4)

    def talk(connection):
        while asked := read_request(connection):
            together.wait(30)  # nobody gets an answer before four have asked
            number = asked.split(b"kratom+")[1][:1].decode()
            said = {"esearchresult": {"count": number}}
            connection.sendall(reply(json.dumps(said).encode()))

    with raw_server(talk) as url, open_fetcher(url, tmp_path, overlap=4) as fetcher:
        answers = fetcher.get_many([request(n) for n in range(8)], judge_json)
        counts = [json.loads(a.body)["esearchresult"]["count"] for a in answers]
    assert counts == list("01234567")


def test_one_failure_leaves_the_others_alone(tmp_path):
    with serve() as server, open_fetcher(server.url, tmp_path, overlap=1) as fetcher:
        server.fail("bad-db", after=1)
        outcomes = fetcher.get_many([request(n) for n in range(3)], judge_json)
        kinds = [type(outcome).__name__ for outcome in outcomes]
    assert kinds == ["Answer", "RefusedError", "Answer"]


def test_closing_early_stops_what_was_not_asked(tmp_path):
    with serve() as server, open_fetcher(server.url, tmp_path, overlap=2) as fetcher:
        answers = fetcher.get_many([request(n) for n in range(50)], judge_json)
        next(answers)
        answers.close()
        assert len(server.requests) <= 3


def test_progress_is_told_for_every_answer(tmp_path):
    told = []
    with serve() as server:
        progress = {"progress": lambda *what: told.append(what)}
        with open_fetcher(server.url, tmp_path, **progress) as fetcher:
            list(fetcher.get_many([request(n) for n in range(3)], judge_json))
    assert told == [(1, 3, "PubMed"), (2, 3, "PubMed"), (3, 3, "PubMed")]


def test_what_is_asked_one_by_one_is_counted(tmp_path):
    told = []
    with serve() as server:
        server.fail("http-503", times=1, after=1)
        progress = {"progress": lambda *what: told.append(what)}
        with open_fetcher(server.url, tmp_path, **progress) as fetcher:
            for n in range(2):
                fetcher.get(request(n), judge_json)
    assert (told[0], told[-1]) == ((1, 0, "PubMed"), (2, 0, "PubMed"))


def test_that_it_is_tried_again_is_told_while_one_waits(tmp_path, monkeypatch):
    monkeypatch.setattr(task, "LOOK_UP", 0.01)
    told = []
    patience = Patience(attempts=2, first=0.3, most=0.3, jitter=0.0)
    with serve() as server:
        server.fail("http-503")
        options = {"progress": lambda *what: told.append(what), "patience": patience}
        with open_fetcher(server.url, tmp_path, **options) as fetcher:
            fetcher.get(request(), judge_json)
    assert told == [(0, 0, "PubMed (try 2)"), (1, 0, "PubMed")]


def test_connections_are_used_again(tmp_path):
    connections = []

    def talk(connection):
        connections.append(connection)
        always(GOOD)(connection)

    with raw_server(talk) as url, open_fetcher(url, tmp_path) as fetcher:
        for n in range(5):
            fetcher.get(request(n), judge_json)
    assert len(connections) == 1


def test_starts_keep_the_pace_with_and_without_a_key(tmp_path):
    for key, pause in ((KEY, 0.11), ("", 0.37)):
        assert pubmed_service(api_key=key).pause == pause
        with serve() as server:
            service = service_at(server.url, key=key, pause=pause)
            with open_fetcher(server.url, tmp_path, service=service) as fetcher:
                requests = [request(f"{n}{key}") for n in range(6)]
                list(fetcher.get_many(requests, judge_json))
            times = sorted(seen.time for seen in server.requests)
        # five pauses lie between; a busy machine may see the first request late
        assert times[-1] - times[0] >= 2 * pause


INTERRUPTED = """
import sys
from pathlib import Path
from tests.net import open_fetcher
from tests.test_fetch import request
from assay.sources.pubmed_errors import judge_json
with open_fetcher(sys.argv[1], Path(sys.argv[2])) as fetcher:
    list(fetcher.get_many([request(n) for n in range(30)], judge_json))
"""


def test_ctrl_c_ends_a_run_that_waits_for_answers(tmp_path):
    with serve() as server:
        server.fail("hang", times=99)
        command = [sys.executable, "-c", INTERRUPTED, server.url, str(tmp_path)]
        run = subprocess.Popen(command, stderr=subprocess.PIPE, env=subprocess_env())
        while not server.requests and run.poll() is None:
            threading.Event().wait(0.02)
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=30)  # the server would hang for ever
    assert b"KeyboardInterrupt" in said
    assert run.returncode != 0


def subprocess_env():
    """Return an environment in which the package and the tests can be imported."""
    paths = [p for p in sys.path if p]
    return {"PYTHONPATH": ":".join([".", "src", *paths])}


# --- limits ------------------------------------------------------------------------


def test_compressed_answers_are_read(tmp_path):
    with serve() as server, open_fetcher(server.url, tmp_path) as fetcher:
        server.compress = True
        answer = fetcher.get(request(), judge_json)
        assert "gzip" in server.headers[0]["accept-encoding"]
    assert answer.body.startswith(b"{")


def test_a_compressed_answer_that_lost_its_end_is_not_taken_for_whole(tmp_path):
    packed = zlib.compress(GOOD, wbits=31)[:-4]  # every letter is there, the sum is not
    talk = always(packed, headers=("Content-Encoding: gzip",))
    with (
        raw_server(talk) as url,
        open_fetcher(url, tmp_path) as fetcher,
        pytest.raises(SourceDownError, match="broke off"),
    ):
        fetcher.get(request(), judge_json)
    assert recorded(tmp_path) == 0


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "deflate", "zstd"])
def test_a_compression_that_was_not_asked_for_is_refused(encoding, tmp_path):
    talk = always(GOOD, headers=(f"Content-Encoding: {encoding}",))
    with (
        raw_server(talk) as url,
        open_fetcher(url, tmp_path) as fetcher,
        pytest.raises(BadAnswerError, match="unasked"),
    ):
        fetcher.get(request(), judge_json)


def test_a_header_that_dribbles_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(task, "GRACE", 0.0)

    def talk(connection):
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        for _ in range(200):
            connection.sendall(b"x")
            threading.Event().wait(0.05)

    limits = LIMITS._replace(seconds=0.3)
    with (
        raw_server(talk) as url,
        open_fetcher(url, tmp_path, limits=limits) as fetcher,
        pytest.raises(SourceDownError, match="time allowed"),
    ):
        fetcher.get(request(), judge_json)


def test_an_address_that_is_too_long_is_not_tried_again(tmp_path):
    with serve() as server, open_fetcher(server.url, tmp_path) as fetcher:
        with pytest.raises(RefusedError, match="Shorten the query"):
            fetcher.get(replace(request(), params=(("t", "x" * 70_000),)), judge_json)
        assert server.requests == []


def test_a_service_that_stays_silent_is_asked_twice_and_given_up(tmp_path):
    limits = LIMITS._replace(silence=0.2)
    with serve() as server, open_fetcher(server.url, tmp_path, limits=limits) as get:
        server.fail("hang", times=99)
        with pytest.raises(SourceDownError, match="no answer within"):
            get.get(request(), judge_json)
        assert len(server.requests) == Patience().silences == 2


@pytest.mark.parametrize(
    "said", [b"nonsense\r\n\r\n", b"HTTP/1.1 abc OK\r\n\r\n", b"\x16\x03\x01\x02\x00"]
)
def test_what_is_not_http_is_told_as_a_source_that_is_down(said, tmp_path):
    def talk(connection):
        read_request(connection)
        connection.sendall(said)

    with (
        raw_server(talk) as url,
        open_fetcher(url, tmp_path) as fetcher,
        pytest.raises(SourceDownError, match="broke off"),
    ):
        fetcher.get(request(), judge_json)


@given(st.binary(max_size=300), st.integers(1, 7), st.integers(0, 400))
def test_a_body_is_whole_or_refused_and_never_larger_than_its_limit(data, step, limit):
    packed = zlib.compress(data, wbits=31)
    body = Body("gzip", limit)
    try:
        for at in range(0, len(packed), step):
            body.feed(packed[at : at + step])
    except BodyError:
        assert len(data) > limit
    else:
        assert body.bytes() == data
        assert body.ended
    assert len(body.bytes()) <= limit


def test_a_compressed_body_that_lost_its_end_says_so():
    body = Body("gzip", 1000)
    body.feed(zlib.compress(b"abc" * 50, wbits=31)[:-6])
    assert not body.ended


# --- patience ----------------------------------------------------------------------


def test_production_waits_grow_from_a_second_with_jitter():
    patience = Patience()
    assert patience.first >= 1.0
    assert patience.jitter > 0
    assert patience.attempts >= 3


@given(st.text())
def test_any_retry_after_gives_seconds_or_nothing(text):
    wait = seconds_demanded(text, DAY)
    assert wait is None or wait >= 0


def test_a_pace_file_that_cannot_be_used_is_told(tmp_path):
    (tmp_path / "pace.db").mkdir()
    with serve() as server:
        service = service_at(server.url, pause=0.001)
        with open_fetcher(server.url, tmp_path, service=service) as fetcher:
            fetcher.get(request(), judge_json)
            [problem] = fetcher.problems
    assert problem.where == "pace"


def test_a_fetcher_without_services_answers_nothing(tmp_path):
    pace = Pace(tmp_path / "pace.db")
    with Fetcher([], pace=pace) as fetcher, pytest.raises(RefusedError):
        fetcher.get(request(), judge_json)

"""A digest posted to a real web server on loopback, and to ones that misbehave."""

import socket
import ssl
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
import trustme

from assay.edge.webhook import MOST_SLEPT, Times, post_json
from assay.errors import DeliveryError
from tests.hook_server import Answer, serve_hook

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
SECRET = "T0123/c4naryOfNobody"
QUICK = Times(silence=0.3, whole=20.0)


def post(address, **more):
    slept = []
    told = post_json(
        address, '{"text": "ü"}', "key-1", sleep=slept.append, now=lambda: NOW, **more
    )
    return told, slept


def fails(server, **more):
    """Return the error of a post that was not taken, in which no secret stands."""
    with pytest.raises(DeliveryError) as caught:
        post(f"{server.address}/{SECRET}?k=c4nary2", **more)
    said = str(caught.value)
    hidden = (SECRET, quote(SECRET, safe=""), "c4naryOfNobody", "c4nary2", "/in")
    assert not [secret for secret in hidden if secret in said]
    assert said.isprintable()
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


def test_it_is_posted_as_json_under_its_key():
    with serve_hook() as server:
        assert post(f"{server.address}?a=1") == ("127.0.0.1", [])
    [one] = server.posts
    assert (one.method, one.path, one.body) == ("POST", "/in?a=1", '{"text": "ü"}')
    assert one.headers["Content-Type"] == "application/json; charset=utf-8"
    assert one.headers["Idempotency-Key"] == "key-1"
    assert one.headers["User-Agent"].startswith("assay/")


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_every_answer_of_the_second_hundred_is_good(status):
    with serve_hook(Answer(status, b"")) as server:
        assert post(server.address)[0] == "127.0.0.1"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 413, 422])
def test_a_refusal_lasts(status):
    with serve_hook(Answer(status, b"invalid_payload")) as server:
        error = fails(server)
    assert error.lasting
    assert f"HTTP {status}: invalid_payload" in str(error)
    assert len(server.posts) == 1


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504])
def test_what_passes_is_tried_again_later(status):
    with serve_hook(Answer(status)) as server:
        error = fails(server)
    assert not error.lasting
    assert (error.wait, len(server.posts)) == (0.0, 1)


@pytest.mark.parametrize(
    ("after", "wait"),
    [
        ("3600", 3600.0),
        (f"{MOST_SLEPT + 1:.0f}", MOST_SLEPT + 1),
        ("Mon, 23 Nov 2026 06:10:00 GMT", 600.0),
        ("Sun, 22 Nov 2026 06:00:00 GMT", 0.0),
        ("soon", 0.0),
        ("-5", 0.0),
        ("", 0.0),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_it_is_told_how_long_a_server_asks_to_wait(status, after, wait):
    with serve_hook(Answer(status, Retry_After=after)) as server:
        assert fails(server).wait == wait
    assert len(server.posts) == 1


def test_a_short_wait_is_kept_and_then_asked_again_once():
    with serve_hook(Answer(429, Retry_After="2"), Answer()) as server:
        assert post(server.address) == ("127.0.0.1", [2.0])
    keys = [one.headers["Idempotency-Key"] for one in server.posts]
    assert keys == ["key-1", "key-1"]


def test_a_server_that_asks_to_wait_again_and_again_is_left_alone():
    with serve_hook(Answer(429, Retry_After="1")) as server:
        error = fails(server)
    assert (error.wait, error.lasting, len(server.posts)) == (1.0, False, 2)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status):
    with serve_hook() as other:
        location = f"{other.address}/elsewhere"
        with serve_hook(Answer(status, Location=location)) as server:
            error = fails(server)
    assert error.lasting
    assert "sends to another address, which is not followed" in str(error)
    assert other.posts == []


def test_a_server_that_repeats_the_address_is_not_quoted_on_it():
    body = f"no such hook /in/{SECRET} or {quote(SECRET, safe='')} c4naryOfNobody"
    with serve_hook(Answer(404, body.encode())) as server:
        assert "no such hook" in str(fails(server))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"error": {"message": "no text"}}', "HTTP 400: no text)"),
        (b'{"detail": [1]}', "HTTP 400)"),
        (b"<html>Bad</html>", "HTTP 400)"),
        (b"\xff\x1b[31m red \xe2\x80\xae", "HTTP 400: \ufffd [31m red)"),
        (b"[" * 5000, "HTTP 400: [[["),
        (b"x" * 9_000_000, "HTTP 400: xxx"),
        (b"", "HTTP 400)"),
    ],
)
def test_what_is_said_of_an_error_is_quoted_short_and_inertly(body, told):
    with serve_hook(Answer(400, body)) as server:
        said = str(fails(server))
    assert told in said
    assert len(said) < 400


def test_a_server_that_says_nothing_is_given_up():
    with serve_hook(odd=lambda _handler, done: done.wait(20)) as server:
        error = fails(server, times=QUICK)
    assert not error.lasting
    assert "did not answer in time" in str(error)


def test_a_server_that_answers_byte_by_byte_is_given_up():
    def drip(handler, done):
        while not done.wait(0.01):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: y\r\n"[:1])

    with serve_hook(odd=drip) as server:
        error = fails(server, times=Times(silence=20.0, whole=0.3))
    assert not error.lasting
    assert "did not answer in time" in str(error)


def test_a_server_that_breaks_off_is_tried_again():
    def leave(handler, _done):
        handler.connection.shutdown(socket.SHUT_RDWR)

    with serve_hook(odd=leave) as server:
        error = fails(server)
    assert not error.lasting
    assert "broke off" in str(error)


def test_what_is_no_web_server_is_told():
    def babble(handler, _done):
        handler.wfile.write(b"220 mail.example hello\r\n")

    with serve_hook(odd=babble) as server:
        error = fails(server)
    assert not error.lasting
    assert "gave no valid answer (BadStatusLine)" in str(error)


def test_nobody_there_is_told_and_tried_again():
    with serve_hook() as server:
        pass
    error = fails(server)
    assert not error.lasting
    assert "cannot be reached (connection refused)" in str(error)


def test_over_tls_the_certificate_must_be_trusted():
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    with serve_hook(tls=context) as server:
        error = fails(server)
        assert error.lasting
        assert "its certificate is not trusted" in str(error)
        assert server.posts == []
        assert post(server.address, context=trust)[0] == "127.0.0.1"


def test_a_proxy_is_not_asked_for_this_machine(monkeypatch):
    with serve_hook() as proxy, serve_hook() as server:
        monkeypatch.setenv("http_proxy", proxy.address)
        post(server.address)
    assert (len(proxy.posts), len(server.posts)) == (0, 1)

"""An OpenAI-compatible second reader, over a real socket, with the faults it has."""

import json
import logging

import pytest

from assay.edge.body import Limits
from assay.edge.second_reader_endpoint import (
    GIVE_UP_AFTER,
    MOST_BYTES,
    ask_endpoint,
    reader_limits,
    reader_service,
)
from assay.edge.second_reader_settings import ReaderSettings
from assay.errors import SettingsError
from assay.evidence.second import Question
from assay.model import Discarded, SecondAnswer, Stance
from assay.record import Record, Section
from assay.search import Problem
from tests.chat import HANG, completion, serve_chat
from tests.net import TRIES, open_fetcher, recorded

KEY = "k3y-of-nobody-at-all"


def record(n):
    text = f"Velora tea shortened the time to fall asleep by {n} minutes. It rained."
    return Record(source="pubmed", pmid=f"9000020{n}", abstract=(Section(text),))


QUESTIONS = [Question("Velora helps people to fall asleep.", record(n)) for n in (1, 2)]
MANY = [Question("Velora helps.", record(n)) for n in range(9)]


def settings(url, **more):
    values = {"name": "mine", "kind": "openai", "model": "tiny", "url": url}
    return ReaderSettings(**{**values, **more})


def ask(server, folder, questions=QUESTIONS, *, options=None, **more):
    """Return the outcomes of the questions, asked one after the other."""
    reader = settings(server if isinstance(server, str) else server.url, **more)
    options = {"overlap": 1, **(options or {})}
    service = reader_service(reader, offline=options.get("offline", False))
    with open_fetcher("", folder, service=service, **options) as fetcher:
        return list(ask_endpoint(reader, fetcher, questions))


# --- what is sent -------------------------------------------------------------------


def test_a_question_is_a_chat_completion_at_temperature_0_that_demands_json(tmp_path):
    with serve_chat() as server:
        ask(server, tmp_path)
    first, second = server.asked
    assert first.first == "POST /v1/chat/completions HTTP/1.1"
    assert first.headers["content-type"] == "application/json"
    assert "authorization" not in first.headers
    assert first.sent["model"] == "tiny"
    assert first.sent["temperature"] == 0
    assert first.sent["response_format"] == {"type": "json_object"}
    assert [m["role"] for m in first.sent["messages"]] == ["system", "user"]
    assert json.loads(second.sent["messages"][1]["content"]) == {
        "claim": "Velora helps people to fall asleep.",
        "title": "",
        "abstract": QUESTIONS[1].record.abstract[0].text,
    }


@pytest.mark.parametrize("answer", ["json_schema", "text"])
def test_json_is_demanded_as_the_server_understands_it(tmp_path, answer):
    with serve_chat() as server:
        ask(server, tmp_path, answer=answer)
    demanded = server.asked[0].sent.get("response_format")
    if answer == "text":
        assert demanded is None
    else:
        schema = demanded["json_schema"]["schema"]
        assert schema["properties"]["answer"]["enum"] == [
            "supports",
            "contradicts",
            "silent",
        ]


def test_an_answer_comes_back_with_its_quote(tmp_path):
    with serve_chat() as server:
        outcomes = ask(server, tmp_path)
    assert [type(outcome) for outcome in outcomes] == [SecondAnswer] * 2
    assert outcomes[1].stance is Stance.SUPPORTS
    assert outcomes[1].sentence.endswith("asleep by 2 minutes.")


# --- the key ------------------------------------------------------------------------


def test_the_key_goes_into_the_header_and_nowhere_else(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    with serve_chat(lambda data: KEY) as server:
        outcomes = ask(server, tmp_path, key_env="MY_KEY", key=KEY)
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in json.dumps([each.sent for each in server.asked])
    assert KEY not in caplog.text
    assert KEY not in repr(outcomes)
    assert recorded(tmp_path) == 0  # an answer that repeats the key is not kept
    for file in tmp_path.iterdir():
        assert KEY.encode() not in file.read_bytes()


def test_a_server_that_repeats_the_key_in_an_error_does_not_get_it_shown(tmp_path):
    said = json.dumps({"error": {"message": f"bad key {KEY}, Bearer {KEY}"}}).encode()
    with serve_chat() as server:
        server.fail("400 Bad Request", said, times=2)
        outcomes = ask(server, tmp_path, key_env="MY_KEY", key=KEY)
    assert all("bad key [hidden]" in outcome.what for outcome in outcomes)
    assert KEY not in repr(outcomes)


@pytest.mark.parametrize(("key", "why"), [("", "not set"), ("a b", "without blanks")])
def test_a_missing_or_odd_key_is_one_sentence_that_does_not_repeat_it(key, why):
    reader = settings("http://127.0.0.1:9/v1/", key_env="MY_KEY", key=key)
    with pytest.raises(SettingsError, match=f"MY_KEY, .* reader mine, .*{why}"):
        reader_service(reader)
    assert reader_service(reader, offline=True).title == "reader mine"


# --- faults -------------------------------------------------------------------------

FAULTS = [
    ("401 Unauthorized", b'{"error": {"message": "no"}}', "HTTP 401", 1),
    ("403 Forbidden", b"", "HTTP 403", 1),
    ("404 Not Found", b'{"error": "model tiny not found"}', "tiny not found", 1),
    ("400 Bad Request", b'{"error": "must be json_schema"}', "must be json_sch", 1),
    ("422 Unprocessable", b'{"detail": "no such field."}', "no such field)", 1),
    ("429 Too Many Requests", b"", "HTTP 429", TRIES),
    ("500 Internal Server Error", b"<html>", "HTTP 500", TRIES),
    ("503 Service Unavailable", b"", "HTTP 503", TRIES),
    ("200 OK", b"<html>Welcome</html>", "no chat completion", 1),
    ("200 OK", b"", "no chat completion", 1),
    ("400 Bad Request", b'{"error": " "}', "(HTTP 400)", 1),
    ("200 OK", b'{"choices": []}', "no chat completion", 1),
    ("200 OK", b'{"error": {"message": "overloaded"}}', "overloaded", 1),
    ("200 OK", b"[" * 100_000, "no chat completion", 1),
    ("200 OK", b" " * (MOST_BYTES + 1), "larger than 1 MB", 1),
]


@pytest.mark.parametrize(
    ("status", "body", "said", "tries"), FAULTS, ids=[f"{f[0]}-{f[2]}" for f in FAULTS]
)
def test_a_failure_is_a_problem_and_the_next_question_is_still_asked(
    tmp_path, status, body, said, tries
):
    with serve_chat() as server:
        server.fail(status, body, times=tries)
        limits = reader_limits(settings(server.url))
        problem, answer = ask(server, tmp_path, options={"limits": limits})
        assert len(server.asked) == tries + 1
    assert isinstance(problem, Problem)
    assert problem.where == "reader mine"
    assert said in problem.what
    assert ": )" not in problem.what
    assert not problem.what.endswith(".")
    assert isinstance(answer, SecondAnswer)
    assert recorded(tmp_path) == 1  # the good answer only


def test_a_passing_failure_is_asked_again(tmp_path):
    with serve_chat() as server:
        server.fail("429 Too Many Requests", b"", "Retry-After: 0")
        outcomes = ask(server, tmp_path)
    assert [type(outcome) for outcome in outcomes] == [SecondAnswer] * 2


def test_an_answer_that_never_comes_is_given_up(tmp_path):
    limits = Limits(seconds=0.5, silence=0.2)
    with serve_chat() as server:
        server.fail(HANG, times=TRIES)
        problem, answer = ask(server, tmp_path, options={"limits": limits})
    assert "no answer within" in problem.what
    assert isinstance(answer, SecondAnswer)


def test_a_server_that_fails_again_and_again_is_left_alone(tmp_path):
    with serve_chat() as server:
        server.fail("401 Unauthorized", b"", times=99)
        outcomes = ask(server, tmp_path, MANY)
        assert len(server.asked) <= GIVE_UP_AFTER + 1
    assert len(outcomes) == GIVE_UP_AFTER
    assert len(set(outcomes)) == 1


def test_nobody_at_the_address_is_a_problem(tmp_path):
    outcomes = ask("http://127.0.0.1:9/v1/", tmp_path)
    assert [outcome.what for outcome in outcomes] == ["it cannot be reached"] * 2


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("I think it supports the claim.", "not JSON"),
        (None, "gave no answer"),
        (completion("{", finish_reason="length"), "cut off"),
        ({"choices": [{"message": 5}]}, "gave no answer"),
        ('{"answer": "supports", "quote": "It cured all of them."}', "not in the"),
        ("x" * 30_000, "too long"),
    ],
)
def test_an_answer_that_cannot_be_used_is_discarded(tmp_path, said, why):
    with serve_chat(lambda data: said) as server:
        outcomes = ask(server, tmp_path, MANY)
    assert len(outcomes) == len(MANY)  # discarding is no reason to give up
    assert all(isinstance(outcome, Discarded) for outcome in outcomes)
    assert why in outcomes[0].why


def test_it_is_not_followed_to_another_address(tmp_path):
    with serve_chat() as other, serve_chat() as server:
        server.fail("307 Temporary Redirect", b"", f"Location: {other.url}")
        problem, _ = ask(server, tmp_path, key_env="MY_KEY", key=KEY)
    assert "not followed" in problem.what
    assert other.asked == []


# --- the recording ------------------------------------------------------------------


def test_the_same_question_gives_the_same_answer_without_asking_again(tmp_path):
    with serve_chat() as server:
        first = ask(server, tmp_path)
        again = ask(server, tmp_path)
        other = ask(server, tmp_path, model="other")
        assert len(server.asked) == 4
    offline = ask(server.url, tmp_path, options={"offline": True}, key_env="MY_KEY")
    assert first == again == other == offline


def test_offline_what_was_never_asked_is_a_problem_for_each_question(tmp_path):
    with serve_chat() as server:
        outcomes = ask(server, tmp_path, MANY, options={"offline": True})
    assert server.asked == []
    assert len(outcomes) == len(MANY)
    assert {outcome.what for outcome in outcomes} == {
        "offline, and the answer to this was never recorded"
    }

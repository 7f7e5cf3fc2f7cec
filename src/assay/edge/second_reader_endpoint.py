"""A second reader behind an OpenAI-compatible address that the person named.

What is asked is the chat-completions shape (`POST chat/completions`) that hosted models
and local servers share. One study of one claim is one question.
"""

import json
from collections.abc import Iterator, Sequence

from assay.edge.body import Limits
from assay.edge.patience import Patience
from assay.edge.second_reader_settings import ReaderSettings
from assay.edge.services import Service
from assay.edge.setting_rules import is_word
from assay.errors import (
    BadAnswerError,
    NotRecordedError,
    RefusedError,
    SettingsError,
    SourceDownError,
    SourceError,
)
from assay.evidence.second import (
    SIDES,
    Outcome,
    Question,
    build_messages,
    parse_reply,
)
from assay.model import Discarded
from assay.record import Record
from assay.search import Problem
from assay.sources.base import Answer, Getter, Judge, Request
from assay.text import fold

AT_ONCE = 2
"""Questions on their way at a time: a local server answers one after the other."""
GIVE_UP_AFTER = 3
"""Questions in a row that may fail before the rest are not asked."""
PATIENCE = Patience(attempts=3)
MOST_TOKENS = 4000
"""Tokens that a model may write, with what it thinks aloud."""
MOST_BYTES = 1_000_000
MOST_TOLD = 200
"""Characters of a server's own words that a message quotes."""
_PASSING = frozenset({408, 425, 429})
_SCHEMA = {
    "type": "object",
    "properties": {
        "answer": {"type": "string", "enum": list(SIDES)},
        "quote": {"type": "string"},
    },
    "required": ["answer", "quote"],
    "additionalProperties": False,
}
_FORMATS: dict[str, dict[str, object]] = {
    "json_object": {"response_format": {"type": "json_object"}},
    "json_schema": {
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": _SCHEMA},
        }
    },
    "text": {},
}


def reader_service(reader: ReaderSettings, *, offline: bool = False) -> Service:
    """Return the endpoint as a service, with the person's key if one is wanted.

    Raises:
        SettingsError: the variable that should hold the key is not set, or holds
            something else; not raised offline, where no key is needed.
    """
    if reader.key_env and not offline and not is_word(reader.key):
        what = "must hold the key alone, without blanks" if reader.key else "is not set"
        raise SettingsError(
            f"The variable {reader.key_env}, for the key of reader {reader.name}, "
            f"{what}."
        )
    return Service(
        title=f"reader {reader.name}",
        address=reader.url,
        pause=0.0,
        bearer=reader.key,
    )


def reader_limits(reader: ReaderSettings) -> Limits:
    """Return how much of an answer is waited for."""
    seconds = float(reader.timeout)
    return Limits(bytes=MOST_BYTES, seconds=seconds, silence=seconds)


def ask_endpoint(
    reader: ReaderSettings, getter: Getter, questions: Sequence[Question]
) -> Iterator[Outcome]:
    """Yield the outcome of each question, in order.

    It gives up, and ends early, when `GIVE_UP_AFTER` questions in a row failed.
    """
    requests = [_request(reader, question) for question in questions]
    answers = getter.get_many(requests, chat_judge(reader))
    failures = 0
    for question, answer in zip(questions, answers, strict=False):
        if not isinstance(answer, SourceError):
            failures = 0
            yield read_chat(answer, question.record)
            continue
        yield Problem(
            where=answer.where, what=answer.what, what_to_do=answer.what_to_do
        )
        failures += not isinstance(answer, NotRecordedError)
        if failures >= GIVE_UP_AFTER:
            return


def _request(reader: ReaderSettings, question: Question) -> Request:
    messages = [
        {"role": role, "content": text} for role, text in build_messages(question)
    ]
    body = {
        "model": reader.model,
        "messages": messages,
        "temperature": 0,
        "max_tokens": MOST_TOKENS,
        "stream": False,
        **_FORMATS[reader.answer],
    }
    url = f"{reader.url}chat/completions"
    return Request(method="POST", url=url, body=json.dumps(body))


def chat_judge(reader: ReaderSettings) -> Judge:
    """Return the judge of the endpoint's answers."""
    where = f"reader {reader.name}"

    def judge(answer: Answer) -> bool:
        status = answer.status
        if status in {401, 403}:
            raise RefusedError(where, f"it refuses to answer (HTTP {status})", remedy)
        if status in _PASSING or status >= 500:
            raise SourceDownError(
                where, f"it answers HTTP {status}", "Try again later."
            )
        if status != 200:
            what = f"it refuses the question (HTTP {status}{_words_of(answer.body)})"
            raise RefusedError(where, what, "Check its address, model and answer.")
        if not answer.complete:
            raise SourceDownError(where, "its answer broke off", "Try again later.")
        if _choice(answer.body) is None:
            what = f"its answer is no chat completion{_words_of(answer.body)}"
            raise BadAnswerError(where, what, "Check its address and model.")
        return True

    remedy = (
        f"Check the key in {reader.key_env}."
        if reader.key_env
        else 'It wants a key: name the variable that holds it with "key_env".'
    )
    return judge


def read_chat(answer: Answer, record: Record) -> Outcome:
    """Return what a chat completion says about a study, or why it cannot be used."""
    choice = _choice(answer.body) or {}
    message = choice.get("message")
    content = message.get("content") if isinstance(message, dict) else None
    if choice.get("finish_reason") == "length":
        return Discarded(record, "Its answer was cut off.")
    if not isinstance(content, str):
        return Discarded(record, "It gave no answer.")
    return parse_reply(content, record)


def _choice(body: bytes) -> dict[str, object] | None:
    """Return the first choice of a chat completion; None when it is none."""
    value = _parsed(body)
    choices = value.get("choices") if isinstance(value, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, dict) else None


def _words_of(body: bytes) -> str:
    """Return what a server says about an error, as the end of a sentence."""
    value = _parsed(body)
    for name in ("error", "message", "detail"):
        value = value.get(name, value) if isinstance(value, dict) else value
    said = fold(value)[:MOST_TOLD].rstrip(".") if isinstance(value, str) else ""
    return f": {said}" if said else ""


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None

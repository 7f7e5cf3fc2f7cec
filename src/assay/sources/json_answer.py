"""Answers of JSON services: judged as a whole, then read part by part.

What should stand in an answer is asked for by name and kind. What is absent or null is
empty; what is of another kind raises `ShapeError`, so that nothing is lost silently.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NoReturn, TypeAlias

from assay.errors import BadAnswerError, RefusedError, SourceDownError
from assay.record import Record
from assay.search import Problem
from assay.sources.base import Answer, Judge

LATER = "Try again later; --offline uses what was recorded before."
LONGEST_QUOTE = 200
"""Characters of the service's own words in a message."""

Object: TypeAlias = dict[str, object]
"""A JSON object."""
Check: TypeAlias = Callable[[Object], None]
"""Raise `SourceError` for an answer that is an error in spite of its status 200, or
`ShapeError` for one that has another shape."""


class ShapeError(ValueError):
    """A part of an answer is of another kind than documented; says which."""


def accept(value: Object) -> None:
    """Find nothing wrong with an answer."""


def judge_json(where: str, check: Check = accept) -> Judge:
    """Return the judge of a service that answers with one JSON object.

    where: the service's title, for messages. check: looks for errors inside a good
    answer. The judge says True for a whole answer; an answer that is good in parts
    only is none. The content type is not looked at: services send JSON under others.

    The judge raises:
        SourceDownError: 408, 429 or 5xx; broken off, damaged, empty, or a web page.
        RefusedError: any other status than 2xx, with the service's words.
        BadAnswerError: JSON, but no object, or one of another shape.
    """

    def judge(answer: Answer) -> bool:
        _check_status(where, answer)
        if not answer.complete:
            _down(where, "its answer broke off")
        try:
            check(read_object(where, answer.body))
        except ShapeError as error:
            what = f"its answer does not have the documented shape ({error})"
            raise BadAnswerError(where, what, LATER) from None
        return True

    return judge


def read_object(where: str, body: bytes) -> Object:
    """Return the JSON object that a service sent.

    Raises:
        SourceDownError: nothing came, a web page came, or it is cut off or damaged.
        BadAnswerError: JSON, but no object.

    >>> read_object("A service", b'{"total": 0}')
    {'total': 0}
    """
    text = _begin(body)
    if not text:
        _down(where, "its answer is empty")
    if text.startswith(b"<"):
        _down(where, "it sent a web page instead of data")
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        _down(where, "its answer broke off or is damaged")
    if not isinstance(value, dict):
        what = "its answer does not have the documented shape (no object)"
        raise BadAnswerError(where, what, LATER)
    return value


def quote(text: str) -> str:
    r"""Return a service's words on one line, without control characters, shortened.

    >>> quote(" Invalid\n\x1b[31m  value ")
    'Invalid [31m value'
    """
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return words if len(words) <= LONGEST_QUOTE else words[:LONGEST_QUOTE] + "…"


def _check_status(where: str, answer: Answer) -> None:
    status = answer.status
    if status == 429:
        _down(where, "it was asked too often (HTTP 429)")
    if status >= 500 or status == 408:
        _down(where, f"it is overloaded or out of order (HTTP {status})")
    if not 200 <= status < 300:
        words = _words(answer.body)
        said = f", and says “{words}”" if words else ""
        what = f"it refused to answer (HTTP {status}){said}"
        raise RefusedError(where, what, "Check the query and the settings.")


def _words(body: bytes) -> str:
    """Return what a refusal says: a JSON message, or text; "" for a web page."""
    text = _begin(body)
    if text.startswith(b"<"):
        return ""
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return quote(text.decode("utf-8", "replace"))
    return quote(next(_messages(value), ""))


def _messages(value: object) -> Iterator[str]:
    """Yield the texts that an error object gives, its own words first.

    Crossref has a list of objects with a message each, OpenAlex and DOAJ a text.
    """
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for inner in value:
            yield from _messages(inner)
    elif isinstance(value, dict):
        for name in ("message", "errMsg", "error", "errors"):
            yield from _messages(value.get(name))


def _begin(body: bytes) -> bytes:
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()


def _down(where: str, what: str) -> NoReturn:
    raise SourceDownError(where, what, LATER)


# --- parts of an answer ------------------------------------------------------------


def text_of(value: Object, name: str) -> str:
    """Return a text or a number as text; "" when it is absent or null.

    >>> text_of({"year": 2021}, "year"), text_of({"year": None}, "year")
    ('2021', '')
    """
    found = value.get(name)
    if found is None:
        return ""
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        raise ShapeError(f"{name} is no text")
    return str(found).strip()


def number_of(value: Object, name: str) -> int | None:
    """Return a whole number, also one written as text; None when absent or "".

    >>> number_of({"count": "12"}, "count"), number_of({}, "count")
    (12, None)
    """
    text = text_of(value, name)
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        raise ShapeError(f"{name} is no number") from None


def flag_of(value: Object, name: str) -> bool:
    """Return true or false, also written "Y" and "N"; False when absent.

    >>> flag_of({"inPMC": "Y"}, "inPMC"), flag_of({"inPMC": False}, "inPMC")
    (True, False)
    """
    found = value.get(name)
    if found is None:
        return False
    if isinstance(found, bool):
        return found
    if isinstance(found, str) and found.upper() in {"Y", "N", ""}:
        return found.upper() == "Y"
    raise ShapeError(f"{name} is neither yes nor no")


def object_of(value: Object, name: str) -> Object:
    """Return the object under a name; {} when it is absent or null.

    >>> object_of({"journal": {"title": "J"}}, "journal"), object_of({}, "journal")
    ({'title': 'J'}, {})
    """
    found = value.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise ShapeError(f"{name} is no object")
    return found


def objects_of(value: Object, *names: str) -> tuple[Object, ...]:
    """Return the objects of a list that lies some names deep; () when any is absent.

    A single object counts as a list of one: some services write it so.

    >>> objects_of({"authorList": {"author": [{"lastName": "Roe"}]}}, "authorList",
    ...            "author")
    ({'lastName': 'Roe'},)
    """
    found = _list_of(value, names)
    if not all(isinstance(one, dict) for one in found):
        raise ShapeError(f"{names[-1]} is no list of objects")
    return tuple(one for one in found if isinstance(one, dict))


def rows_of(value: Object, *names: str) -> tuple[object, ...]:
    """Return a list that lies some names deep, whatever it holds; for `read_rows`.

    >>> rows_of({"results": [{"id": 1}, None]}, "results"), rows_of({}, "results")
    (({'id': 1}, None), ())
    """
    return tuple(_list_of(value, names))


def texts_of(value: Object, *names: str) -> tuple[str, ...]:
    """Return the texts of a list that lies some names deep; () when any is absent.

    A single text counts as a list of one.

    >>> texts_of({"phases": ["PHASE2", "PHASE3"]}, "phases"), texts_of({}, "phases")
    (('PHASE2', 'PHASE3'), ())
    """
    found = _list_of(value, names)
    if not all(isinstance(one, str | int | float) for one in found):
        raise ShapeError(f"{names[-1]} is no list of texts")
    return tuple(str(one).strip() for one in found)


def _list_of(value: Object, names: Sequence[str]) -> Sequence[object]:
    *path, last = names
    for name in path:
        value = object_of(value, name)
    found = value.get(last)
    if found is None:
        return ()
    return found if isinstance(found, list) else (found,)


def read_rows(
    where: str,
    rows: Iterable[object],
    parse: Callable[[Object], Record],
    name: Callable[[Object], str],
) -> tuple[Record | Problem, ...]:
    """Return the record of each row, or the problem with it; one item a row.

    name: what a person would look the row up by, for the problem.

    >>> parse = lambda row: Record(source="x", title=text_of(row, "title"))
    >>> items = read_rows("X", [{"title": "T"}, {"id": "7", "title": []}], parse,
    ...                   lambda row: text_of(row, "id"))
    >>> items[0].title, items[1].what
    ('T', 'record 7 cannot be read (title is no text)')
    """
    return tuple(_read_row(where, row, parse, name) for row in rows)


def _read_row(
    where: str,
    row: object,
    parse: Callable[[Object], Record],
    name: Callable[[Object], str],
) -> Record | Problem:
    called = "without an id"
    try:
        value = _object(row)
        called = name(value) or called
        return parse(value)
    except ShapeError as error:
        what = f"record {quote(called)} cannot be read ({error})"
        todo = "Look it up by hand; the others are not affected."
        return Problem(where=where, what=what, what_to_do=todo)


def _object(row: object) -> Object:
    if not isinstance(row, dict):
        raise ShapeError("it is no object")
    return row

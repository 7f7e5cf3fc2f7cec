"""Which answers of the E-utilities are good, worth asking again, or refused.

Most failures come with status 200, so that the status alone says little: an answer is
looked at by its first bytes, then for an error at any level. The cases were collected
from NCBI's own samples, recordings and reports of other clients.
"""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

from assay.errors import RefusedError, SourceDownError
from assay.sources.base import Answer

WHERE = "PubMed"
LATER = "Try again later; --offline uses what was recorded before."
LONGEST_QUOTE = 200
"""Characters of the service's own words in a message."""


class _Rule(NamedTuple):
    """What an error text means."""

    sign: str
    """Stands somewhere in the text, whatever its case."""
    what: str
    what_to_do: str
    again: bool = False
    """Worth asking again."""


_RULES = (
    _Rule("rate limit exceeded", "it was asked too often", LATER, again=True),
    _Rule(
        "api key invalid",
        "it does not know the API key that was sent",
        "Correct NCBI_API_KEY or remove it: without a key it is only slower.",
    ),
    _Rule("empty term", "nothing was asked for", "Write what to search for."),
    _Rule(
        "cannot be larger than 9998",
        "it lists only the first 9,999 records of a search",
        "Narrow the search, e.g. by years.",
    ),
    _Rule(
        "out of acceptable range",
        "it lists only the first 9,999 records of a search",
        "Narrow the search, e.g. by years.",
    ),
    _Rule(
        "unable to obtain query",
        "it no longer knows the search that this belongs to",
        "Run the search again.",
    ),
    _Rule(
        "invalid db name",
        "it does not know the database that was asked for",
        "Check the address set for the E-utilities.",
    ),
    _Rule("id list is empty", "none of the PMIDs can be one", "Check the PMIDs."),
    _Rule("empty id list", "no PMID was asked for", "Give at least one PMID."),
    _Rule(
        "neither query_key nor id", "no PMID was asked for", "Give at least one PMID."
    ),
    _Rule(
        "too many uids", "more records were asked for than it gives", "Ask for fewer."
    ),
)

_BACKEND_FAILED = "search backend failed"
_OWN_TROUBLE = re.compile(
    r"\b50[0234]\b|proxy error|docsum backend failed|timed? ?out|TXCLIENT|\bEOF\b",
    re.IGNORECASE,
)
"""An error text that speaks of the service's machines, not of what was asked."""

_ASIDE = re.compile(
    rb"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>)", re.S
)
_ROOT = re.compile(rb"\s*<([A-Za-z][\w.:-]*)")
_XML_ERROR = re.compile(rb"<ERROR>(.*?)</ERROR>", re.S | re.I)
_RECORD_ENDS = (b"</PubmedArticle>", b"</PubmedBookArticle>")


def judge_json(answer: Answer) -> bool:
    """Say True for a whole JSON answer without an error.

    Raises:
        SourceDownError: over rate, overloaded, cut off, a web page or other trouble.
        RefusedError: bad key, bad query, bad database, over the cap, nothing asked.
    """
    _check(answer, b"{")
    if not answer.complete:
        _down("its answer broke off")
    read_json(answer.body)
    return True


def judge_xml(answer: Answer) -> bool:
    """Say True for a whole XML answer without an error; raises as `judge_json`."""
    _check(answer, b"<")
    if not _is_whole(answer):
        _down("its answer broke off")
    return True


def judge_set(answer: Answer) -> bool:
    """Say True for a whole set of records, False for one that lost its end.

    A set that broke off after at least one whole record is of use: the rest can be
    asked for. Raises as `judge_json`.
    """
    _check(answer, b"<")
    root = find_root(answer.body)
    if root != "PubmedArticleSet":
        _down(f"it sent <{_quoted(root)}> where records were asked for")
    if _is_whole(answer):
        return True
    if not any(end in answer.body for end in _RECORD_ENDS):
        _down("its answer broke off")
    return False


def read_json(body: bytes) -> dict[str, object]:
    """Return the object that an E-utility sent.

    PubMed puts raw line ends into its error texts, which is not valid JSON, but can be
    read. Raises `SourceDownError` for anything that cannot.

    >>> read_json(b'{"esearchresult": {"ERROR": "one\\ntwo"}}')
    {'esearchresult': {'ERROR': 'one\\ntwo'}}
    """
    try:
        value = json.loads(body, strict=False)
    except (ValueError, RecursionError):
        _down("its answer broke off or is damaged")
    if not isinstance(value, dict):
        _down("its answer does not have the documented shape")
    return value


def find_root(body: bytes) -> str:
    """Return the name of an XML text's root element; "" when there is none.

    >>> find_root(b'<?xml version="1.0"?><!DOCTYPE a><!-- b --><c/>'), find_root(b"x")
    ('c', '')
    """
    at = 0
    while aside := _ASIDE.match(body, at):
        at = aside.end()
    root = _ROOT.match(body, at)
    return root[1].decode("ascii", "replace") if root else ""


def _check(answer: Answer, first: bytes) -> None:
    """Raise unless `answer` begins with `first` and holds no error."""
    if answer.status == 429:
        _down("it was asked too often (HTTP 429)")
    if answer.status >= 500:
        _down(f"it is overloaded or out of order (HTTP {answer.status})")
    body = answer.body.removeprefix(b"\xef\xbb\xbf").lstrip()
    for text in _error_texts(body):
        _raise_error(text, answer.attempt)
    if answer.status == 414:
        raise RefusedError(WHERE, "what was asked is too long", "Shorten the query.")
    if answer.status >= 400:
        what = f"it refused to answer (HTTP {answer.status})"
        raise RefusedError(WHERE, what, "Check the address set for the E-utilities.")
    if find_root(body).lower() == "html":
        _down("it sent a web page instead of data")
    if not body.startswith(first):
        _down("its answer is empty or not what was asked for")


def _is_whole(answer: Answer) -> bool:
    """Return whether an XML answer is there with its root's closing tag."""
    end = answer.body[-1000:].rstrip()
    root = find_root(answer.body).encode()
    if not answer.complete:
        return False
    if end.endswith(b"</" + root + b">"):
        return True
    return end.endswith(b"/>") and end.rpartition(b"<")[2].startswith(root)


def _error_texts(body: bytes) -> Iterator[str]:
    """Yield the error texts of a JSON or XML answer (none in a set of records)."""
    if body.startswith(b"{"):
        try:
            yield from _json_errors(json.loads(body, strict=False))
        except (ValueError, RecursionError):
            return
    elif find_root(body) != "PubmedArticleSet":
        for match in _XML_ERROR.finditer(body):
            yield match[1].decode("utf-8", "replace")
        if b"DocSum Backend failed" in body:
            yield "DocSum Backend failed"


def _json_errors(value: object) -> Iterator[str]:
    """Yield errors at any level, but not those of single records (under `result`)."""
    if not isinstance(value, dict):
        return
    for key, inner in value.items():
        if key.lower() == "error" and isinstance(inner, str):
            yield inner
        elif key == "esummaryresult" and isinstance(inner, list):
            yield from (text for text in inner if isinstance(text, str))
        elif key != "result":
            yield from _json_errors(inner)


def _raise_error(text: str, attempt: int) -> None:
    """Raise what an error text means; nothing for an empty one."""
    if not text.strip():
        return
    folded = text.lower()
    for rule in _RULES:
        if rule.sign in folded:
            kind = SourceDownError if rule.again else RefusedError
            raise kind(WHERE, rule.what, rule.what_to_do)
    if _OWN_TROUBLE.search(text) or (_BACKEND_FAILED in folded and attempt == 1):
        _down(f"its search is out of order (“{_quoted(text)}”)")
    if _BACKEND_FAILED in folded:
        what = f"it cannot read the query (“{_quoted(text)}”)"
        raise RefusedError(WHERE, what, "Check parentheses, quotes and field tags.")
    raise RefusedError(WHERE, f"it answered with an error (“{_quoted(text)}”)")


def _quoted(text: str) -> str:
    """Return a service's words on one line, without control characters, shortened."""
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return words if len(words) <= LONGEST_QUOTE else words[:LONGEST_QUOTE] + "…"


def _down(what: str) -> NoReturn:
    raise SourceDownError(WHERE, what, LATER)

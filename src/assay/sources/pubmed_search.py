"""An esearch answer as a value."""

from typing import NamedTuple

from assay.errors import BadAnswerError
from assay.query.translation import Reading
from assay.sources.pubmed_errors import LATER, WHERE, read_json

CAP = 9_999
"""PubMed lists no record beyond this one (documented as 10,000)."""


class SearchReply(NamedTuple):
    """What esearch found."""

    total: int
    """Exact, also beyond the cap."""
    pmids: tuple[str, ...]
    """In the order asked for, each once."""
    reading: Reading


def parse_count(body: bytes) -> int:
    """Return how many records an esearch answer (JSON) counts.

    Raises:
        BadAnswerError: when there is no count as documented.

    >>> parse_count(b'{"esearchresult": {"count": "12"}}')
    12
    """
    count = _inner(read_json(body), "esearchresult").get("count")
    if not isinstance(count, str | int) or not str(count).isdecimal():
        raise BadAnswerError(WHERE, "its search answer has no count", LATER)
    return int(count)


def parse_search(body: bytes) -> SearchReply:
    """Return what an esearch answer (JSON) says.

    Raises:
        BadAnswerError: when count or idlist are not there as documented.

    >>> reply = parse_search(b'{"esearchresult": {"count": "0", "idlist": []}}')
    >>> reply.total, reply.pmids
    (0, ())
    """
    result = _inner(read_json(body), "esearchresult")
    total, idlist = parse_count(body), result.get("idlist")
    if not isinstance(idlist, list) or not all(str(i).isdecimal() for i in idlist):
        raise BadAnswerError(WHERE, "its search answer has no list of PMIDs", LATER)
    pmids = tuple(dict.fromkeys(map(str, idlist)))
    return SearchReply(total, pmids, _reading(result))


def _reading(result: dict[str, object]) -> Reading:
    errors, warnings = _inner(result, "errorlist"), _inner(result, "warninglist")
    translation = result.get("querytranslation")
    return Reading(
        translation=translation if isinstance(translation, str) else "",
        mapped=_mapped(result.get("translationset")),
        phrases_not_found=_texts(errors, "phrasesnotfound"),
        fields_not_found=_texts(errors, "fieldsnotfound"),
        phrases_ignored=_texts(warnings, "phrasesignored"),
        quoted_not_found=_texts(warnings, "quotedphrasesnotfound"),
        messages=_texts(warnings, "outputmessages"),
    )


def _inner(value: dict[str, object], name: str) -> dict[str, object]:
    inner = value.get(name)
    return inner if isinstance(inner, dict) else {}


def _texts(value: dict[str, object], name: str) -> tuple[str, ...]:
    inner = value.get(name)
    return tuple(map(str, inner)) if isinstance(inner, list) else ()


def _mapped(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list):
        return ()
    pairs = [pair for pair in value if isinstance(pair, dict)]
    return tuple((str(p.get("from", "")), str(p.get("to", ""))) for p in pairs)

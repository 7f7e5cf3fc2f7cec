"""Europe PMC by its RESTful web service (version 6.9): articles, preprints and more.

Pages are followed by cursor. Synonyms are switched off in words, since the website has
them on and the service's own default changed (ropensci/europepmc). Most errors come
with status 200.
"""

from dataclasses import replace

from assay.errors import BadAnswerError, RefusedError, SourceDownError
from assay.query.translate_europepmc import translate_query
from assay.record import Record
from assay.search import Query
from assay.sources.base import Answer, Getter, Params, Request, Source
from assay.sources.europepmc_json import KEY, name_row, parse_record
from assay.sources.json_answer import (
    LATER,
    Object,
    judge_json,
    number_of,
    object_of,
    quote,
    read_object,
    read_rows,
    rows_of,
    text_of,
)
from assay.sources.paging import Items, Page, Paging, walk

ADDRESS = "https://www.ebi.ac.uk/europepmc/webservices/rest/"
WHERE = "Europe PMC"
PAGE = 1_000
"""Most records a page. 1,000 whole records are about 10 MB."""
LONGEST_GET = 1_500
"""Characters of a query that still go into an address; longer ones are POSTed."""


SORTS = {"pub_date": "P_PDATE_D desc", "Author": "AUTH_FIRST asc"}
"""`Query.sort` in its words; without one, and for JournalName, it is by relevance."""


def search(query: Query, getter: Getter) -> Items:
    """Yield the records that Europe PMC finds, then one log.

    Raises:
        StoreError: the recorded answers are damaged.
    """
    translation = translate_query(query)
    if query.sort in SORTS and translation.params:
        params = (*translation.params, ("sort", SORTS[query.sort]))
        translation = replace(translation, params=params)
    yield from walk(PAGING, query, translation, getter)


def page_request(params: Params, cursor: str, size: int) -> Request:
    """Return the request for one page of a search.

    >>> request = page_request((("query", "tea"),), "*", 25)
    >>> request.method, dict(request.params)["synonym"]
    ('GET', 'false')
    """
    long = sum(len(value) for _, value in params) > LONGEST_GET
    return Request(
        method="POST" if long else "GET",
        url=ADDRESS + ("searchPOST" if long else "search"),
        params=(
            *params,
            ("resultType", "core"),
            ("format", "json"),
            ("synonym", "false"),
            ("pageSize", str(size)),
            ("cursorMark", cursor),
        ),
    )


def parse_page(answer: Answer) -> Page:
    """Return one page of a search.

    Raises:
        SourceError, ShapeError: it has not the documented shape.
    """
    value = read_object(WHERE, answer.body)
    return Page(
        items=read_rows(
            WHERE, rows_of(value, "resultList", "result"), parse_record, name_row
        ),
        total=number_of(value, "hitCount"),
        next=text_of(value, "nextCursorMark"),
        reading=_reading(object_of(value, "request")),
    )


def find_error(value: Object) -> None:
    """Raise what an answer says that is an error in spite of its status.

    An error has `errCode` and `errMsg`; a query or cursor that cannot be read is
    answered with the version alone.

    Raises:
        RefusedError, SourceDownError, BadAnswerError: as it says.
    """
    code = number_of(value, "errCode")
    if code is not None:
        what = f"it refused to answer (“{quote(text_of(value, 'errMsg'))}”)"
        if code >= 500:
            raise SourceDownError(WHERE, what, LATER)
        raise RefusedError(WHERE, what, "Check the query with --explain.")
    if "hitCount" not in value:
        what = "it did not answer the query and does not say why"
        raise BadAnswerError(WHERE, what, "Check the query with --explain.")


def key_of(record: Record) -> str:
    """Return a record's source and id there, e.g. "MED/90000001"; "" when unknown.

    A row of a reference list that Europe PMC does not know has none.
    """
    return next((i.value for i in record.identifiers if i.type == KEY), "")


def _reading(request: Object) -> str:
    words = text_of(request, "internalQuery") or text_of(request, "queryString")
    if not words or "synonym" not in request:
        return words
    return f"{words} (synonyms {'on' if request['synonym'] else 'off'})"


PAGING = Paging(
    source="europepmc",
    where=WHERE,
    size=PAGE,
    first="*",
    request=page_request,
    judge=judge_json(WHERE, find_error),
    parse=parse_page,
    key=key_of,
)

SOURCE = Source(
    name="europepmc",
    title=WHERE,
    platform="Europe PMC RESTful web service",
    terms="https://europepmc.org/RestfulWebService",
    translate=translate_query,
    search=search,
    sorts=frozenset(SORTS),
)

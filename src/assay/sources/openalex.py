"""OpenAlex by its API: works that answer a query, and works by DOI or PMID.

A list costs 1 credit of the day's 1,000 (10,000 with a free key), one that searches
words 10; a work by its identifier costs none (as seen in 2026). So what is known by
name is looked up by name.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import quote

from assay.errors import BadAnswerError
from assay.ids import normal_doi, normal_pmid
from assay.query.translate_openalex import translate_query
from assay.record import Record
from assay.search import Problem, Query
from assay.sources.base import Answer, Getter, Params, Request, Source
from assay.sources.json_answer import (
    LATER,
    ShapeError,
    judge_json,
    number_of,
    object_of,
    read_object,
    read_rows,
    rows_of,
    text_of,
)
from assay.sources.lookup import Looked, LookUp, look_up
from assay.sources.openalex_json import READ, parse_record
from assay.sources.paging import Items, Page, Paging, walk

ADDRESS = "https://api.openalex.org/works"
WHERE = "OpenAlex"
PAGE = 100
"""Records a page: the documented most, though the server still gives 200."""
COST_OF_LIST, COST_OF_WORDS = 1, 10
"""Credits; a work by its identifier costs none."""
FEW = 50
"""Up to so many works are looked up one by one, which is free and takes 5 s at most;
more of them in lists of 100, at a credit each."""
SORTS = {"pub_date": "publication_date:desc"}
"""`Query.sort` in its words; any other is by relevance."""
_SELECT = ("select", ",".join(READ))


def search(query: Query, getter: Getter) -> Items:
    """Yield the works that OpenAlex finds, then one log.

    Raises:
        StoreError: the recorded answers are damaged.
    """
    translation = translate_query(query)
    if query.sort in SORTS and translation.params:
        params = (*translation.params, ("sort", SORTS[query.sort]))
        translation = replace(translation, params=params)
    yield from walk(PAGING, query, translation, getter)


def fetch_works(ids: Iterable[str], getter: Getter) -> Iterator[Looked]:
    """Yield what OpenAlex has on each DOI or PMID, each once, in the order given.

    Raises:
        StoreError: the recorded answers are damaged.
    """
    yield from look_up(ids, LOOK_UP, getter)


def page_request(params: Params, cursor: str, size: int) -> Request:
    """Return the request for one page of a search.

    >>> page_request((("filter", "title.search:tea"),), "*", 100).cost
    10
    >>> page_request((("filter", "type:review"),), "*", 100).cost
    1
    """
    words = any(
        name.startswith("search") or ".search" in value for name, value in params
    )
    paging = (("per-page", str(size)), ("cursor", cursor), _SELECT)
    return Request(
        url=ADDRESS,
        params=(*params, *paging),
        cost=COST_OF_WORDS if words else COST_OF_LIST,
    )


def work_request(one: str) -> Request:
    """Return the request for one work by DOI or PMID, which is free.

    >>> work_request("10.99999/a,b(1)").url
    'https://api.openalex.org/works/doi:10.99999/a%2Cb%281%29'
    >>> work_request("90000001").url
    'https://api.openalex.org/works/pmid:90000001'
    """
    kind = "pmid" if one.isdecimal() else "doi"
    return Request(url=f"{ADDRESS}/{kind}:{quote(one, safe='/')}", params=(_SELECT,))


def works_request(ids: Sequence[str]) -> Request:
    """Return the request for several works, all by DOI or all by PMID.

    >>> works_request(["10.99999/a", "10.99999/b"]).params[0]
    ('filter', 'doi:10.99999/a|10.99999/b')
    """
    kind = "ids.pmid" if ids[0].isdecimal() else "doi"
    params = (("filter", f"{kind}:{'|'.join(ids)}"), ("per-page", str(PAGE)), _SELECT)
    return Request(url=ADDRESS, params=params, cost=COST_OF_LIST)


def parse_page(answer: Answer) -> Page:
    """Return one page of an answer.

    Raises:
        SourceError: it has not the documented shape.
    """
    value = read_object(WHERE, answer.body)
    try:
        meta = object_of(value, "meta")
        rows = rows_of(value, "results")
        total, following = number_of(meta, "count"), text_of(meta, "next_cursor")
    except ShapeError as error:
        what = f"its answer does not have the documented shape ({error})"
        raise BadAnswerError(WHERE, what, LATER) from None
    items = read_rows(WHERE, rows, parse_record, lambda row: text_of(row, "id"))
    return Page(items, total, following)


def _normal(one: str) -> str:
    return normal_pmid(one) or normal_doi(one)


def _unknown(answer: Answer) -> bool:
    """Say whether it says that there is no such work: on a web page of its own."""
    return answer.status == 404 and b"404 Not Found" in answer.body


def _works(answer: Answer) -> tuple[Record | Problem, ...]:
    return parse_page(answer).items


PAGING = Paging(
    source="openalex",
    where=WHERE,
    size=PAGE,
    first="*",
    request=page_request,
    judge=judge_json(WHERE),
    parse=parse_page,
    key=lambda record: record.identifiers[0].value,
)

LOOK_UP = LookUp(
    where=WHERE,
    normal=_normal,
    single=work_request,
    unknown=_unknown,
    judge=judge_json(WHERE),
    parse=parse_record,
    together=works_request,
    parse_together=_works,
    fits=lambda one: not set(one) & set(',|:+"!&'),
    kind=lambda one: "pmid" if one.isdecimal() else "doi",
    few=FEW,
    size=PAGE,
    names=lambda record: (record.doi, record.pmid),
)

SOURCE = Source(
    name="openalex",
    title=WHERE,
    platform="OpenAlex API",
    terms="https://help.openalex.org/",
    translate=translate_query,
    search=search,
    sorts=frozenset(SORTS),
)

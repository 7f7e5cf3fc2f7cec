"""Crossref by its REST API: works that answer a query, and works by DOI.

Lists and single works are paced apart since 2026-07-21: 1 list or 5 works a second in
the public pool, 3 and 10 in the polite one (with an e-mail address). So up to four
works are looked up quicker one by one, and more of them in lists.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import quote

from assay.errors import BadAnswerError, RefusedError
from assay.ids import normal_doi
from assay.query.translate_crossref import translate_query
from assay.record import Record
from assay.search import Problem, Query, SearchLog
from assay.sources.anew import list_anew
from assay.sources.base import Answer, Getter, Params, Request, Source
from assay.sources.crossref_json import parse_record
from assay.sources.json_answer import (
    LATER,
    Object,
    ShapeError,
    judge_json,
    number_of,
    object_of,
    objects_of,
    read_object,
    read_rows,
    text_of,
)
from assay.sources.lookup import Looked, LookUp, look_up
from assay.sources.paging import Items, Page, Paging, walk

ADDRESS = "https://api.crossref.org/works"
WHERE = "Crossref"
PAGE = 500
"""Records a page. Crossref gives 1,000, but whole works with their reference lists may
then be larger than an answer may be."""
FEW = 4
"""Up to so many works are looked up one by one."""
BEST = 2_000
"""Works listed where every one is wanted: it counts all that hold any of the words,
which may be millions, the best first."""
TOGETHER = 40
"""DOIs in one list: their filter stays well below the longest address."""


def search(query: Query, getter: Getter) -> Items:
    """Yield the works that Crossref finds, then one log.

    They always stand by relevance: it finds works with any of the words, and by date
    the first ones would be those of the latest works with a single one. Where every
    one is wanted, the best 2,000 are taken, and the log says so.

    Raises:
        StoreError: the recorded answers are damaged.
    """
    translation = translate_query(query)
    limited = replace(query, limit=query.limit or BEST)

    def list_once(asking: Getter) -> Items:
        return walk(PAGING, limited, translation, asking)

    for item in list_anew(list_once, getter, PAGING.key, limited.limit):
        cut = isinstance(item, SearchLog) and query.limit is None
        yield _told(item) if cut and isinstance(item, SearchLog) else item


def _told(log: SearchLog) -> SearchLog:
    """Return the log of a search for every work, saying that it stops at the best."""
    if (log.count or 0) <= BEST:
        return log
    said = (
        f"Crossref counts {log.count:,} works with any of the words; the best {BEST:,} "
        "were asked for. --limit with a number asks for more."
    )
    return replace(log, ignored=(*log.ignored, said))


def fetch_works(dois: Iterable[str], getter: Getter) -> Iterator[Looked]:
    """Yield what Crossref has on each DOI, each once, in the order given.

    A DOI that Crossref does not know may be another agency's, e.g. DataCite's.

    Raises:
        StoreError: the recorded answers are damaged.
    """
    yield from look_up(dois, LOOK_UP, getter)


def page_request(params: Params, cursor: str, size: int) -> Request:
    """Return the request for one page of a search.

    >>> page_request((("query.bibliographic", "tea"),), "*", 500).pool
    'list'
    """
    paging = (("rows", str(size)), ("cursor", cursor))
    return Request(url=ADDRESS, params=(*params, *paging), pool="list")


def work_request(doi: str) -> Request:
    """Return the request for one work.

    >>> work_request("10.99999/a,b;c(1)#d").url
    'https://api.crossref.org/works/10.99999/a%2Cb%3Bc%281%29%23d'
    """
    return Request(url=f"{ADDRESS}/{quote(doi, safe='/')}", pool="single")


def works_request(dois: Sequence[str]) -> Request:
    """Return the request for several works: filters of one name are alternatives.

    >>> works_request(["10.99999/a", "10.99999/b"]).params
    (('filter', 'doi:10.99999/a,doi:10.99999/b'), ('rows', '2'))
    """
    named = ",".join(f"doi:{doi}" for doi in dois)
    params = (("filter", named), ("rows", str(len(dois))))
    return Request(url=ADDRESS, params=params, pool="list")


def parse_page(answer: Answer) -> Page:
    """Return one page of an answer.

    Raises:
        SourceError: it has not the documented shape.
    """
    value = read_object(WHERE, answer.body)
    try:
        message = object_of(value, "message")
        rows = objects_of(message, "items")
        total = number_of(message, "total-results")
        following = text_of(message, "next-cursor")
    except ShapeError as error:
        what = f"its answer does not have the documented shape ({error})"
        raise BadAnswerError(WHERE, what, LATER) from None
    items = read_rows(WHERE, rows, parse_record, lambda row: text_of(row, "DOI"))
    return Page(items, total, following)


def check_answer(value: Object) -> None:
    """Refuse an answer that says "failed" in spite of its good status.

    Raises:
        BadAnswerError: it says so.
    """
    status = value.get("status")
    if status is not None and status != "ok":
        raise BadAnswerError(WHERE, "it answered that it failed", LATER)


def judge_list(answer: Answer) -> bool:
    """Judge a list; its cursors live for some five minutes only.

    Raises:
        RefusedError: beside other refusals, when the cursor is not known any more.
        SourceDownError, BadAnswerError: as `judge_json`.
    """
    if answer.status == 404 and b"cursor-invalid" in answer.body:
        what = "its place in the list has expired; --refresh begins it anew"
        raise RefusedError(WHERE, what, "Run it again with --refresh.")
    return _judge(answer)


def _unknown(answer: Answer) -> bool:
    """Say whether it says that there is no such DOI: with a line of plain text."""
    return answer.status == 404 and answer.body.strip() == b"Resource not found."


def _work(value: Object) -> Record:
    return parse_record(object_of(value, "message"))


def _works(answer: Answer) -> tuple[Record | Problem, ...]:
    return parse_page(answer).items


_judge = judge_json(WHERE, check_answer)

PAGING = Paging(
    source="crossref",
    where=WHERE,
    size=PAGE,
    first="*",
    request=page_request,
    judge=judge_list,
    parse=parse_page,
    key=lambda record: record.doi,
    cursor_repeats=True,
)

LOOK_UP = LookUp(
    where=WHERE,
    normal=normal_doi,
    single=work_request,
    unknown=_unknown,
    judge=_judge,
    parse=_work,
    together=works_request,
    parse_together=_works,
    fits=lambda doi: not set(doi) & set(',|:+"!&') and len(doi) < 120,
    few=FEW,
    size=TOGETHER,
)

SOURCE = Source(
    name="crossref",
    title=WHERE,
    platform="Crossref REST API",
    terms="https://www.crossref.org/documentation/retrieve-metadata/rest-api/",
    translate=translate_query,
    search=search,
    loose=True,
)

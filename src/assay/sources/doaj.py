"""The Directory of Open Access Journals, by its API (version 4).

Lists 100 records a page and the first 1,000 of a search; beyond them it refuses.
"""

from urllib.parse import quote

from assay.dates import parse_date
from assay.ids import normal_doi
from assay.query.translate_doaj import translate_query
from assay.record import Author, Identifier, Keyword, Link, Record, Section
from assay.search import Query
from assay.sources.base import Answer, Getter, Params, Request, Source
from assay.sources.json_answer import (
    Object,
    ShapeError,
    judge_json,
    number_of,
    object_of,
    objects_of,
    read_object,
    read_rows,
    rows_of,
    text_of,
    texts_of,
)
from assay.sources.paging import Items, Page, Paging, walk
from assay.sources.person import parse_person

ADDRESS = "https://doaj.org/api/v4/search/articles/"
WHERE = "DOAJ"
PAGE = 100
"""Records a page; DOAJ clamps what is more without a word."""
DEEPEST = 1_000
"""Records of a search that can be listed."""


def search(query: Query, getter: Getter) -> Items:
    """Yield the records that DOAJ finds, then one log.

    Raises:
        StoreError: the recorded answers are damaged.
    """
    yield from walk(PAGING, query, translate_query(query), getter)


def page_request(params: Params, cursor: str, size: int) -> Request:
    """Return the request for one page; `cursor` is its number, from 1.

    >>> page_request((("query", "title:tea"),), "2", 100).url
    'https://doaj.org/api/v4/search/articles/title%3Atea'
    """
    return Request(
        url=ADDRESS + quote(dict(params)["query"], safe=""),
        params=(("page", cursor), ("pageSize", str(size))),
    )


def parse_page(answer: Answer) -> Page:
    """Return one page of an answer.

    Raises:
        SourceError: it has not the documented shape.
    """
    value = read_object(WHERE, answer.body)
    rows = rows_of(value, "results")
    page, size = number_of(value, "page") or 1, number_of(value, "pageSize") or PAGE
    more = len(rows) >= size and (page + 1) * size <= DEEPEST
    return Page(
        items=read_rows(WHERE, rows, parse_record, lambda row: text_of(row, "id")),
        total=number_of(value, "total"),
        next=str(page + 1) if more else "",
        reading=text_of(value, "query"),
    )


def parse_record(row: Object) -> Record:
    """Return the record of one row.

    The journal's licence and languages and the classes it gives the journal are left
    out: they are not the article's.

    Raises:
        ShapeError: a part is of another kind than documented.
    """
    bib = object_of(row, "bibjson")
    if not text_of(row, "id") or not bib:
        raise ShapeError("it has no id or no bibjson")
    journal = object_of(bib, "journal")
    ids = [
        (text_of(i, "type"), text_of(i, "id")) for i in objects_of(bib, "identifier")
    ]
    year, abstract = text_of(bib, "year"), text_of(bib, "abstract")
    date = parse_date(year, text_of(bib, "month"), origin="DOAJ")
    doi = next((normal_doi(value) for kind, value in ids if kind == "doi"), "")
    issns = (*texts_of(journal, "issns"), *(v for k, v in ids if k.endswith("issn")))
    return Record(
        source=SOURCE.name,
        doi=doi,
        title=text_of(bib, "title"),
        abstract=(Section(abstract),) if abstract else (),
        year=date.year or None,
        dates=(date,) if year else (),
        authors=tuple(map(_author, objects_of(bib, "author"))),
        journal=text_of(journal, "title"),
        issn=next(iter(issns), ""),
        country=text_of(journal, "country"),
        publisher=text_of(journal, "publisher"),
        volume=text_of(journal, "volume"),
        issue=text_of(journal, "number"),
        pages="-".join(
            filter(None, (text_of(bib, "start_page"), text_of(bib, "end_page")))
        ),
        keywords=tuple(Keyword(w, "NOTNLM") for w in texts_of(bib, "keywords")),
        identifiers=(Identifier("doaj", text_of(row, "id")),),
        links=tuple(filter(None, map(_link, objects_of(bib, "link")))),
    )


def _author(value: Object) -> Author:
    person = parse_person(text_of(value, "name"))
    place, orcid = text_of(value, "affiliation"), text_of(value, "orcid_id")
    return person._replace(
        affiliations=(place,) if place else (),
        identifiers=(("ORCID", orcid),) if orcid else (),
    )


def _link(value: Object) -> Link | None:
    url = text_of(value, "url")
    if text_of(value, "type") != "fulltext" or not url:
        return None
    kind = text_of(value, "content_type").lower()
    return Link(url, kind if kind in {"pdf", "html"} else "page", said_by=SOURCE.name)


PAGING = Paging(
    source="doaj",
    where=WHERE,
    size=PAGE,
    first="1",
    request=page_request,
    judge=judge_json(WHERE),
    parse=parse_page,
    key=lambda record: record.identifiers[0].value,
    deepest=DEEPEST,
)

SOURCE = Source(
    name="doaj",
    title=WHERE,
    platform="DOAJ API v4",
    terms="https://doaj.org/terms/",
    translate=translate_query,
    search=search,
)

"""What a record cites and what cites it, as Europe PMC lists it (REST 6.9).

Rows are short, and some are of works that Europe PMC does not have: those have no id
and are kept (209 of 2,055 in cyanheads/pubmed-mcp-server#101).
"""

from itertools import count

from assay.errors import SourceError
from assay.ids import normal_doi, normal_pmcid, normal_pmid
from assay.record import Identifier, Record
from assay.search import Query, Translation
from assay.sources.base import Answer, Getter, Params, Request
from assay.sources.europepmc import (
    ADDRESS,
    WHERE,
    find_error,
    key_of,
    page_request,
    parse_page,
)
from assay.sources.europepmc_json import KEY, name_row, parse_people
from assay.sources.json_answer import (
    Object,
    ShapeError,
    judge_json,
    number_of,
    read_object,
    read_rows,
    rows_of,
    text_of,
)
from assay.sources.markup import plain_text
from assay.sources.paging import Items, Page, Paging, walk

LISTS = {
    "references": ("referenceList", "reference"),
    "citations": ("citationList", "citation"),
}
"""Direction, and the names under which the rows lie."""
PAGE = 1_000
JUDGE = judge_json(WHERE, find_error)


def find_record(wanted: Record, getter: Getter) -> Record | None:
    """Return Europe PMC's record with this PMID, DOI or PMCID; None if it has none.

    Raises:
        SourceError: it could not be asked.
    """
    if wanted.pmid:
        words = f"EXT_ID:{wanted.pmid} AND SRC:MED"
    elif wanted.doi:
        words = f'DOI:"{wanted.doi}"'
    else:
        words = f"PMCID:{wanted.pmcid}"
    request = page_request((("query", words),), "*", 5)
    page = parse_page(getter.get(request, JUDGE))
    found = [one for one in page.items if isinstance(one, Record)]
    same = (one for one in found if wanted.doi in {"", one.doi})
    return next(same, None)


def find_related(wanted: Record, direction: str, getter: Getter) -> Items:
    """Yield what a record cites ("references") or is cited by ("citations"), and a log.

    A record that Europe PMC does not have yields nothing and counts none.

    Raises:
        SourceError: Europe PMC could not be asked for the record.
        StoreError: the recorded answers are damaged.
    """
    key = f"MED/{wanted.pmid}" if wanted.pmid else _find_key(wanted, getter)
    asked = f"{key}/{direction}"
    translation = Translation(sent=asked, params=(("path", asked),))
    query = Query(text=f"{direction} of {key}", limit=None)
    yield from walk(_paging(direction), query, translation, getter)


def list_request(params: Params, cursor: str, size: int) -> Request:
    """Return the request for one page of a list; the cursor is its number, from 1.

    >>> list_request((("path", "MED/90000001/citations"),), "1", 25).params
    (('page', '1'), ('pageSize', '25'), ('format', 'json'))
    """
    return Request(
        url=ADDRESS + dict(params)["path"],
        params=(("page", cursor), ("pageSize", str(size)), ("format", "json")),
    )


def parse_row(row: Object) -> Record:
    """Return the record of one row, which may be of a work without any id.

    Raises:
        ShapeError: a part is of another kind than documented, or it says nothing.

    >>> parse_row({"id": "90000001", "source": "MED", "title": "Tea"}).pmid
    '90000001'
    >>> parse_row({"title": "A work that nobody has."}).identifiers
    ()
    """
    number, source = text_of(row, "id"), text_of(row, "source")
    title = plain_text(text_of(row, "title"))
    words = plain_text(text_of(row, "unstructuredInformation"))
    if not (number or title or words):
        raise ShapeError("it names no work")
    parts = ("journalAbbreviation", "publicationTitle", "journalTitle")
    return Record(
        source="europepmc",
        pmid=normal_pmid(text_of(row, "pmid") or (number if source == "MED" else "")),
        doi=normal_doi(text_of(row, "doi")),
        pmcid=normal_pmcid(text_of(row, "pmcid") or number),
        title=title,
        year=number_of(row, "pubYear"),
        authors=parse_people(text_of(row, "authorString")),
        journal=next(filter(None, (text_of(row, name) for name in parts)), ""),
        volume=text_of(row, "volume"),
        issue=text_of(row, "issue"),
        pages=text_of(row, "pageInfo"),
        identifiers=(Identifier(KEY, f"{source}/{number}"),) if number else (),
        notes=(f"As cited: {words}",) if words else (),
    )


def _find_key(wanted: Record, getter: Getter) -> str:
    found = find_record(wanted, getter)
    if found is None:
        raise SourceError(WHERE, "it does not have this record")
    return key_of(found)


def _paging(direction: str) -> Paging:
    """Return the paging of one list, whose pages have numbers and no cursor."""
    pages = count(2)

    def parse(answer: Answer) -> Page:
        value = read_object(WHERE, answer.body)
        rows = rows_of(value, *LISTS[direction])
        return Page(
            items=read_rows(WHERE, rows, parse_row, name_row),
            total=number_of(value, "hitCount"),
            next=str(next(pages)) if rows else "",
        )

    return Paging(
        source="europepmc",
        where=WHERE,
        size=PAGE,
        first="1",
        request=list_request,
        judge=JUDGE,
        parse=parse,
        key=key_of,
    )

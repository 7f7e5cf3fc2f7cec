"""ClinicalTrials.gov by its API v2: the register of studies, and results posted there.

Errors are plain text. The whole of a study may have a thousand places and lists of
adverse events, so the parts that are read are asked for by name.
"""

from dataclasses import replace

from assay.query.translate_clinicaltrials import translate_query
from assay.record import Record
from assay.search import Query
from assay.sources.anew import list_anew
from assay.sources.base import Answer, Getter, Params, Request, Source
from assay.sources.clinicaltrials_json import WHERE, name_row, parse_record
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
from assay.sources.paging import Items, Page, Paging, walk

ADDRESS = "https://clinicaltrials.gov/api/v2/"
PAGE = 250
"""Studies a page, of 1,000 at most: one with posted results may have 300 KB."""
FIELDS = (
    "IdentificationModule", "StatusModule", "SponsorCollaboratorsModule",
    "DescriptionModule", "ConditionsModule", "DesignModule", "ArmsInterventionsModule",
    "OutcomesModule", "EligibilityModule", "OverallOfficial", "LocationCountry",
    "ReferencesModule", "HasResults", "OutcomeMeasuresModule", "EventGroup",
    "LimitationsAndCaveats", "ConditionMesh", "InterventionMesh", "LargeDoc",
)  # fmt: skip
"""What is asked for. Left out: the places and contacts of a study, who came and went,
its participants at the start, single adverse events, and how data are shared."""


SORTS = {"pub_date": "StudyFirstPostDate:desc"}
"""`Query.sort` in its words; any other is by relevance. Without one the order is left
open, so that a limit would give any studies."""


def search(query: Query, getter: Getter) -> Items:
    """Yield the studies that ClinicalTrials.gov finds as records, then one log.

    A token that is refused, because the register was renewed meanwhile (it is on every
    weekday), is no end: the list is begun anew.

    Raises:
        StoreError: the recorded answers are damaged.
    """
    translation = translate_query(query)
    if translation.params:
        order = ("sort", SORTS.get(query.sort, "@relevance"))
        translation = replace(translation, params=(*translation.params, order))

    def list_once(asking: Getter) -> Items:
        return walk(PAGING, query, translation, asking)

    yield from list_anew(list_once, getter, key_of, query.limit)


def page_request(params: Params, cursor: str, size: int) -> Request:
    """Return the request for one page; the first one asks how many there are.

    >>> request = page_request((("query.term", "tea"),), "", 10)
    >>> dict(request.params)["countTotal"], "pageToken" in dict(request.params)
    ('true', False)
    """
    place = (("pageToken", cursor),) if cursor else (("countTotal", "true"),)
    return Request(
        url=ADDRESS + "studies",
        params=(
            *params,
            ("format", "json"),
            ("markupFormat", "markdown"),
            ("fields", "|".join(FIELDS)),
            ("pageSize", str(size)),
            *place,
        ),
    )


def parse_page(answer: Answer) -> Page:
    """Return one page of studies; only the first one has a count.

    Raises:
        SourceError, ShapeError: it has not the documented shape.
    """
    value = read_object(WHERE, answer.body)
    return Page(
        items=read_rows(WHERE, rows_of(value, "studies"), parse_record, name_row),
        total=number_of(value, "totalCount"),
        next=text_of(value, "nextPageToken"),
    )


def find_studies(value: Object) -> None:
    """Raise unless an answer has the list of studies, be it empty.

    Raises:
        ShapeError: it has none.
    """
    if not isinstance(value.get("studies"), list):
        raise ShapeError("studies is no list")


def key_of(record: Record) -> str:
    """Return a record's NCT number."""
    return next((i.value for i in record.identifiers if i.type == "nct"), "")


PAGING = Paging(
    source="clinicaltrials",
    where=WHERE,
    size=PAGE,
    first="",
    request=page_request,
    judge=judge_json(WHERE, find_studies),
    parse=parse_page,
    key=key_of,
)

SOURCE = Source(
    name="clinicaltrials",
    title=WHERE,
    platform="ClinicalTrials.gov API v2",
    terms="https://clinicaltrials.gov/about-site/terms-conditions",
    translate=translate_query,
    search=search,
    sorts=frozenset(SORTS),
)

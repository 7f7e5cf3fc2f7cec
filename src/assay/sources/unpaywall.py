"""Unpaywall: where the full text of a work with a DOI may be read by anybody.

It is asked for one DOI at a time and wants the e-mail address of who asks. What Europe
PMC and OpenAlex say of open places stands in their records anyway.
"""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from assay.dates import parse_iso_date
from assay.errors import RefusedError
from assay.ids import normal_doi
from assay.record import Link, Record
from assay.sources.base import Answer, Getter, Request
from assay.sources.json_answer import (
    Object,
    ShapeError,
    flag_of,
    judge_json,
    number_of,
    object_of,
    objects_of,
    text_of,
)
from assay.sources.lookup import Looked, LookUp, look_up
from assay.sources.markup import plain_text
from assay.sources.places import find_links

ADDRESS = "https://api.unpaywall.org/v2/"
WHERE = "Unpaywall"
READ = (
    "doi", "title", "published_date", "year", "journal_name", "journal_issn_l",
    "publisher", "best_oa_location", "oa_locations", "is_paratext",
)  # fmt: skip
"""Fields of an answer that are read."""
ADDRESSES = (
    ("url_for_pdf", "pdf"), ("url_for_landing_page", "page"), ("url", "page"),
)  # fmt: skip
"""Of one place; `url` is one of the two, as a rule."""


def find_open_access(dois: Iterable[str], getter: Getter) -> Iterator[Looked]:
    """Yield for each DOI, once and in the order given, where it is open to all.

    The places are the `links` of the record, the best first; () for a work that
    Unpaywall knows and nobody may read for nothing. A record has what Unpaywall says
    of the work besides, which is little.

    Raises:
        StoreError: the recorded answers are damaged.
    """
    yield from look_up(dois, LOOK_UP, getter)


def work_request(doi: str) -> Request:
    """Return the request for one DOI; the edge adds the e-mail address.

    >>> work_request("10.99999/a#b").url
    'https://api.unpaywall.org/v2/10.99999/a%23b'
    """
    return Request(url=ADDRESS + quote(doi, safe="/"))


def parse_record(value: Object) -> Record:
    """Return what is known of a work, with the places where it is open.

    Raises:
        ShapeError: a part is of another kind than documented, or it has no DOI.
    """
    doi, date = normal_doi(text_of(value, "doi")), text_of(value, "published_date")
    if not doi:
        raise ShapeError("it has no DOI")
    return Record(
        source="unpaywall",
        doi=doi,
        title=plain_text(text_of(value, "title")),
        year=number_of(value, "year") or None,
        dates=(parse_iso_date(date, "Unpaywall:published_date"),) if date else (),
        journal=text_of(value, "journal_name"),
        issn=text_of(value, "journal_issn_l"),
        publisher=text_of(value, "publisher"),
        links=_links(value),
        flags=("is_paratext",) if flag_of(value, "is_paratext") else (),
    )


def _links(value: Object) -> tuple[Link, ...]:
    best = object_of(value, "best_oa_location")
    places = (best, *objects_of(value, "oa_locations"))
    return tuple(dict.fromkeys(link for place in places for link in _links_of(place)))


def _links_of(place: Object) -> Iterator[Link]:
    """Yield the addresses of one place, its PDF first."""
    host = text_of(place, "host_type")
    yield from find_links(place, ADDRESSES, host, "unpaywall")


def judge_work(answer: Answer) -> bool:
    """Judge one answer; 422 is how it refuses an e-mail address.

    Raises:
        RefusedError: beside other refusals, of the e-mail address.
        SourceDownError, BadAnswerError: as `judge_json`.
    """
    if answer.status == 422:
        what = "it does not take the e-mail address, or too many are used from here"
        raise RefusedError(WHERE, what, "Set your own: email in assay.toml.")
    return _judge(answer)


def _unknown(answer: Answer) -> bool:
    """Say whether it says that there is no such DOI: in JSON, or on a page of HTML."""
    said = (b"404 Not Found", b'"HTTP_status_code"')
    return answer.status == 404 and any(words in answer.body for words in said)


_judge = judge_json(WHERE)

LOOK_UP = LookUp(
    where=WHERE,
    normal=normal_doi,
    single=work_request,
    unknown=_unknown,
    judge=judge_work,
    parse=parse_record,
)

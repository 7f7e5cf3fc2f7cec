"""What PubMed is asked: lists of PMIDs, counts, and records, as request values.

No request uses the history server: it does not lift the limit of 9,999 records, and an
answer that hangs on a WebEnv could not be found again in the recording.
"""

from collections.abc import Sequence

from assay.search import Query
from assay.sources.base import Params, Request
from assay.sources.pubmed_search import CAP

EUTILS = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
LONGEST_GET = 1_500
"""Characters of a term that still go into an address; longer ones are POSTed."""
EARLIEST, LATEST = "1000", "3000"
"""Sent for an open end: mindate and maxdate must come together."""


def listed(query: Query) -> int:
    """Return how many PMIDs are asked for at once: the limit, 1 to 9,999.

    >>> listed(Query(text="tea", limit=None)), listed(Query(text="tea", limit=0))
    (9999, 9999)
    """
    return max(1, min(query.limit or CAP, CAP))


def search_request(query: Query) -> Request:
    """Return the request that lists the PMIDs for `query`.

    >>> request = search_request(Query(text="tea", since="2020", limit=5))
    >>> request.method, dict(request.params)["mindate"], dict(request.params)["sort"]
    ('GET', '2020', 'relevance')
    """
    return _esearch(
        query, (("retmax", str(listed(query))), ("sort", query.sort)), turn=0
    )


def count_request(query: Query, turn: int = 0) -> Request:
    """Return the request for nothing but the number of records.

    `turn` tells one count of the same from the next one in a run (0, 1 …).

    >>> dict(count_request(Query(text="tea")).params)["rettype"]
    'count'
    """
    return _esearch(query, (("rettype", "count"),), turn=turn)


def _esearch(query: Query, more: Params, turn: int) -> Request:
    params: Params = (
        ("db", "pubmed"),
        ("term", query.text),
        ("retmode", "json"),
        *more,
    )
    if query.since or query.until:
        params += (
            ("datetype", "pdat"),
            ("mindate", query.since or EARLIEST),
            ("maxdate", query.until or LATEST),
        )
    return Request(
        method="POST" if len(query.text) > LONGEST_GET else "GET",
        url=EUTILS + "esearch.fcgi",
        params=params,
        media="json",
        turn=turn,
    )


def fetch_request(pmids: Sequence[str]) -> Request:
    """Return the request for the records of these PMIDs, as XML.

    >>> fetch_request(["90000001", "90000002"]).params[1]
    ('id', '90000001,90000002')
    """
    return Request(
        method="POST",
        url=EUTILS + "efetch.fcgi",
        params=(("db", "pubmed"), ("id", ",".join(pmids)), ("retmode", "xml")),
        media="xml",
    )

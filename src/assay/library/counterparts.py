"""What a notice tells of the work that it is about, where that work does not say it.

PubMed links both sides, but not always in one update file: until the work's own record
comes anew its notice alone tells that it was retracted.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from assay.record import Correction, Record

COUNTERPARTS = {
    "RetractionOf": "RetractionIn",
    "RetractedandRepublishedFrom": "RetractedandRepublishedIn",
    "ExpressionOfConcernFor": "ExpressionOfConcernIn",
}
"""RefType of a notice → that of the work that it is about."""

FILTERS = (
    "hasretractionof", "hasretractedandrepublishedfrom", "hasexpressionofconcernfor",
)  # fmt: skip
"""The filters that a record with such a link passes."""

_LINK = re.compile(
    rb'<CommentsCorrections RefType="(?:%s)">(.*?)</CommentsCorrections>'
    % "|".join(COUNTERPARTS).encode(),
    re.DOTALL,
)
_PMID = re.compile(rb"<PMID[^>]*>\s*(\d+)\s*</PMID>")


def works_in_xml(xml: bytes) -> Iterator[str]:
    """Yield the PMIDs of the works that a notice is about, from NLM's own bytes.

    >>> list(works_in_xml(b'<CommentsCorrections RefType="RetractionOf">'
    ...                   b'<PMID Version="1">90000001</PMID></CommentsCorrections>'))
    ['90000001']
    """
    for link in _LINK.finditer(xml):
        if found := _PMID.search(link[1]):
            yield found[1].decode()


def works_of(notice: Record) -> Iterator[str]:
    """Yield the PMIDs of the works that a notice is about.

    >>> link = Correction("RetractionOf", pmid="90000001")
    >>> list(works_of(Record(source="pubmed", corrections=(link,))))
    ['90000001']
    """
    for link in notice.corrections:
        if link.ref_type in COUNTERPARTS and link.pmid:
            yield link.pmid


def mark_told(work: Record, notices: Iterable[Record]) -> Record:
    """Return a work with the links that its notices have and it has not.

    >>> link = Correction("RetractionOf", pmid="90000001")
    >>> notice = Record(source="pubmed", pmid="90000002", corrections=(link,))
    >>> work = Record(source="pubmed", pmid="90000001")
    >>> [link[:3] for link in mark_told(work, [notice]).corrections]
    [('RetractionIn', '', '90000002')]
    """
    known = {link.ref_type for link in work.corrections}
    more = tuple(
        Correction(COUNTERPARTS[link.ref_type], pmid=notice.pmid, when=_year(notice))
        for notice in notices
        for link in notice.corrections
        if link.pmid == work.pmid
        and link.ref_type in COUNTERPARTS
        and COUNTERPARTS[link.ref_type] not in known
    )
    if not more:
        return work
    return replace(work, corrections=tuple(dict.fromkeys((*work.corrections, *more))))


def _year(notice: Record) -> str:
    return str(notice.year) if notice.year else ""

"""Whether a record may still be relied upon, from PubMed's own marks.

Rules: the PubMed help on comments and corrections, and the PubMed DTD of 2025. A
RefType ending in "In" stands on the affected record and points at the notice, whose
PMID may be missing; one ending in "Of" or "For" stands on the notice itself.
"""

from typing import NamedTuple

from assay.model import Standing
from assay.record import Record


class Mark(NamedTuple):
    """What makes a record have a standing: any of these."""

    standing: Standing
    publication_types: frozenset[str]
    """In lower case."""
    ref_types: frozenset[str]


MARKS = (
    Mark(
        Standing.RETRACTED,
        frozenset({"retracted publication"}),
        frozenset({"RetractionIn", "RetractedandRepublishedIn"}),
    ),
    Mark(
        Standing.NOTICE,
        frozenset({"retraction notice", "retraction of publication"}),
        frozenset({"RetractionOf"}),
    ),
    Mark(Standing.CONCERN, frozenset(), frozenset({"ExpressionOfConcernIn"})),
    Mark(
        Standing.CORRECTED,
        frozenset(),
        frozenset({"ErratumIn", "CorrectedandRepublishedIn"}),
    ),
)
"""In the order in which they are looked for: the gravest first.

"Retraction of Publication" is the older name of "Retraction Notice". A notice counts
as retracted only when it carries the marks of a retracted work itself.

"Retracted and republished" is a state of its own in PubMed. It counts as retracted
here, because this text was withdrawn; `replacement_of` names the one that replaced it.
A partial retraction is filed as an erratum since 2016, so it shows as corrected.
"""


def standing_of(record: Record) -> Standing:
    """Return whether a record may still be relied upon.

    `Standing.SOUND` says that no notice is known, not that somebody looked.

    >>> from assay.record import Correction
    >>> standing_of(Record(source="x", corrections=(Correction("RetractionIn"),)))
    <Standing.RETRACTED: 'retracted'>
    """
    types = {name.lower() for name in record.publication_types}
    refs = {correction.ref_type for correction in record.corrections}
    for mark in MARKS:
        if types & mark.publication_types or refs & mark.ref_types:
            return mark.standing
    return Standing.SOUND


def replacement_of(record: Record) -> str:
    """Return the PMID of the record that replaced a retracted one, "" if none is named.

    >>> from assay.record import Correction
    >>> moved = Correction("RetractedandRepublishedIn", pmid="90000002")
    >>> replacement_of(Record(source="x", corrections=(moved,)))
    '90000002'
    """
    pmids = (
        correction.pmid
        for correction in record.corrections
        if correction.ref_type == "RetractedandRepublishedIn"
    )
    return next(filter(None, pmids), "")

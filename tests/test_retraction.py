"""Retracted works, their notices and everything short of that are told apart."""

import pytest

from assay.library.retraction import replacement_of, standing_of
from assay.notice import Standing
from assay.record import Correction, Record
from assay.sources.pubmed_xml import parse_set


def record(types=(), *refs):
    return Record(
        source="pubmed",
        publication_types=types,
        corrections=tuple(Correction(ref) for ref in refs),
    )


@pytest.mark.parametrize(
    ("marked", "standing"),
    [
        (record(), Standing.SOUND),
        (record(("Retracted Publication",)), Standing.RETRACTED),
        (record((), "RetractionIn"), Standing.RETRACTED),  # without a PMID
        (record((), "RetractedandRepublishedIn"), Standing.REPLACED),
        (record(("Retraction Notice",)), Standing.NOTICE),
        (record(("Retraction of Publication",)), Standing.NOTICE),
        (record((), "RetractionOf"), Standing.NOTICE),
        (record((), "RetractedandRepublishedFrom"), Standing.SOUND),
        (record((), "ExpressionOfConcernIn"), Standing.CONCERN),
        (record((), "ExpressionOfConcernFor"), Standing.SOUND),
        (record((), "ErratumIn"), Standing.CORRECTED),
        (record((), "CorrectedandRepublishedIn"), Standing.CORRECTED),
        (record((), "ErratumFor", "CommentIn", "Cites", "UpdateIn"), Standing.SOUND),
        (record((), "ErratumIn", "ExpressionOfConcernIn"), Standing.CONCERN),
        (record((), "ErratumIn", "RetractionIn"), Standing.RETRACTED),
    ],
)
def test_the_gravest_mark_decides(marked, standing):
    assert standing_of(marked) is standing


def test_a_replacement_is_named_where_pubmed_names_it():
    moved = Correction("RetractedandRepublishedIn", pmid="90000002")
    assert replacement_of(Record(source="x", corrections=(moved,))) == "90000002"
    assert replacement_of(record((), "RetractionIn")) == ""


def test_real_notices_are_never_taken_for_retracted_works(shared):
    records = parse_set((shared / "pubmed/edge.xml").read_bytes()).records
    by_standing = {standing: [] for standing in Standing}
    for each in records:
        by_standing[standing_of(each)].append(each)
    for notice in by_standing[Standing.NOTICE]:
        assert "Retracted Publication" not in notice.publication_types
    for retracted in by_standing[Standing.RETRACTED]:
        marks = {c.ref_type for c in retracted.corrections}
        assert "Retracted Publication" in retracted.publication_types or marks & {
            "RetractionIn",
            "RetractedandRepublishedIn",
        }
    met = {standing for standing, own in by_standing.items() if own}
    assert met == {
        Standing.RETRACTED,
        Standing.NOTICE,
        Standing.CONCERN,
        Standing.CORRECTED,
        Standing.SOUND,
    }

"""Records as bytes: nothing is lost, older rows are read, newer ones refused."""

import json
import zlib

import pytest
from hypothesis import given, settings

from assay.errors import StoreError
from assay.library.codec import FORMAT, decode_record, encode_record
from assay.record import Author, Identifier, MeshHeading, Qualifier, Record, Summary
from tests.library_strategies import RECORDS


def row(parts, number=FORMAT):
    return bytes([number]) + zlib.compress(json.dumps(parts).encode())


@given(RECORDS)
@settings(max_examples=100, deadline=None)
def test_every_record_comes_back_as_it_went_in(record):
    back = decode_record(encode_record(record))
    assert back == record
    assert repr(back) == repr(record)  # the same types too, all the way down


def test_nested_parts_keep_their_types():
    record = Record(
        source="pubmed",
        authors=(
            Author("Roe", affiliations=("A", "B"), identifiers=(("ORCID", "0000"),)),
        ),
        mesh=(
            MeshHeading("Sleep", qualifiers=(Qualifier("drug effects", "Q", True),)),
        ),
        summary=Summary(sentences=("A.",), written_by="us", written_on="2026-01-01"),
    )
    back = decode_record(encode_record(record))
    assert back.authors[0].identifiers == (("ORCID", "0000"),)
    assert back.mesh[0].qualifiers[0].major is True
    assert isinstance(back.summary, Summary)


def test_a_row_from_a_newer_assay_has_its_surplus_ignored():
    newer = {
        "source": "x",
        "mood": "good",
        "identifiers": [["doi", "10.99999/x", True, "surplus"]],
        "authors": [["Roe", "", "", "", "", ["A"], [], True, "surplus"]],
        "summary": {
            "sentences": ["A."],
            "written_by": "us",
            "written_on": "",
            "tone": "",
        },
    }
    record = decode_record(row(newer))
    assert record.identifiers == (Identifier("doi", "10.99999/x", True),)
    assert record.authors == (Author("Roe", affiliations=("A",)),)
    assert record.summary.sentences == ("A.",)


def test_a_row_from_an_older_assay_takes_defaults():
    record = decode_record(row({"source": "x", "identifiers": [["doi", "10.99999/x"]]}))
    assert record.identifiers == (Identifier("doi", "10.99999/x", True),)
    assert record.title == ""


def test_a_newer_format_is_refused_with_the_remedy():
    with pytest.raises(StoreError, match="Update assay"):
        decode_record(row({"source": "x"}, number=FORMAT + 1))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x01",
        b"\x01junk",
        row([]),
        row({"title": "no source"}),
        row({"authors": 3}),
    ],
)
def test_a_damaged_row_says_so(data):
    with pytest.raises(StoreError, match="damaged"):
        decode_record(data)

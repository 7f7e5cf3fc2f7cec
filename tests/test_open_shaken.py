"""A work of any shape becomes a record, or is said to have none: nothing else."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.library.codec import decode_record, encode_record
from assay.record import Record
from assay.sources import crossref_json, openalex_json, unpaywall
from assay.sources.json_answer import ShapeError
from tests.standin import crossref, openalex
from tests.standin import unpaywall as unpaywall_standin
from tests.standin.invented import invented_xml
from tests.standin.records import split_records

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        ["", "10.99999/x", "2021-13-45", "https://", "<p>", "&#0;", "\ud800"]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner)
    ),
    max_leaves=5,
)


def whole_works():
    """Return invented works in the shape of each service, with what reads them."""
    rows = split_records(invented_xml())
    alex = openalex.Library(rows)
    cross = crossref.Library(rows, enforce_rate=False, scroll=False)
    for entry in alex.entries[:20]:
        yield openalex_json.parse_record, openalex.shape(entry)
    for entry in list(cross.by_doi.values())[:20]:
        yield crossref_json.parse_record, cross.shape(entry)
    for row in rows[:5]:
        yield unpaywall.parse_record, unpaywall_standin.shape(row)


WORKS = list(whole_works())


def places(value, path=()):
    """Yield the path of every part of a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for name, part in inside:
        yield (*path, name)
        if isinstance(part, dict | list):
            yield from places(part, (*path, name))


@pytest.mark.parametrize("number", range(len(WORKS)))
def test_every_invented_work_is_read(number):
    parse, work = WORKS[number]
    record = parse(work)
    assert decode_record(encode_record(record)) == record


@given(st.data())
def test_a_work_with_any_part_replaced_is_read_or_refused(data):
    parse, whole = data.draw(st.sampled_from(WORKS))
    work = copy.deepcopy(whole)
    *path, last = data.draw(st.sampled_from(sorted(places(work), key=str)))
    part = work
    for name in path:
        part = part[name]
    part[last] = data.draw(VALUES)
    try:
        record = parse(work)
    except ShapeError:
        return
    assert isinstance(record, Record)
    assert record.year != 0
    assert decode_record(encode_record(record)) == record


@given(
    st.dictionaries(st.sampled_from([*crossref_json.READ, *openalex_json.READ]), VALUES)
)
def test_any_object_is_read_or_refused(work):
    for parse in (openalex_json.parse_record, crossref_json.parse_record):
        try:
            assert isinstance(parse({"id": "W1", "DOI": "10.99999/a", **work}), Record)
        except ShapeError:
            continue

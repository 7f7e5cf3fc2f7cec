"""Whatever a service sends, a row is a record or says what is wrong with it."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.record import Record
from assay.sources import clinicaltrials_json, europepmc_json, europepmc_related
from assay.sources.json_answer import ShapeError, read_rows
from assay.sources.markup import plain_markdown, plain_text, split_sections
from tests.standin.clinicaltrials import Register
from tests.standin.clinicaltrials import shape as shape_study
from tests.standin.europepmc import Library, brief
from tests.standin.europepmc import shape as shape_row
from tests.standin.invented import invented_xml
from tests.standin.records import split_records

ROWS = split_records(invented_xml())
SHAPES = {
    "europepmc": (
        europepmc_json,
        [shape_row(entry) for entry in Library(ROWS).entries[:12]],
    ),
    "related": (
        europepmc_related,
        [brief(entry, 1) for entry in Library(ROWS).entries[:3]],
    ),
    "clinicaltrials": (
        clinicaltrials_json,
        [shape_study(s, []) for s in list(Register(ROWS).studies.values())[:12]],
    ),
}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=True),
    st.text(max_size=12),
    st.just([]),
    st.just({}),
    st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.sampled_from(["2021-13-45", "NCT", "<h4>", "&#x110000;", "\\", "Y", "0"]),
)


def places(value, path=()):
    """Yield the path of every value inside a JSON value."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, one in inner:
        yield (*path, key)
        yield from places(one, (*path, key))


@pytest.mark.parametrize("name", SHAPES)
@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_row_with_odd_values_is_a_record_or_says_what_is_wrong(name, data):
    module, rows = SHAPES[name]
    row = copy.deepcopy(data.draw(st.sampled_from(rows)))
    for _ in range(data.draw(st.integers(1, 3))):
        spot = data.draw(st.sampled_from(list(places(row))))
        held = row
        for key in spot[:-1]:
            held = held[key]
        held[spot[-1]] = data.draw(ODD)
        if not list(places(row)):
            break
    parse = getattr(module, "parse_record", None) or module.parse_row
    try:
        record, said = parse(row), ""
    except ShapeError as error:
        record, said = None, str(error)
    assert isinstance(record, Record) or said


@given(rows=st.lists(ODD, max_size=4))
def test_there_is_one_outcome_a_row_whatever_the_rows_are(rows):
    items = read_rows("X", rows, europepmc_json.parse_record, europepmc_json.name_row)
    assert len(items) == len(rows)


@given(st.text(alphabet="<>/&;hp4i bsub#x\\*n1", max_size=60))
def test_marks_can_be_taken_off_any_text(text):
    plain = plain_text(text)
    assert plain == " ".join(plain.split())
    assert plain_markdown(text) == " ".join(plain_markdown(text).split())
    assert all(s.text or s.label for s in split_sections(text))


@given(st.text(alphabet="xyz <>=&5.%", max_size=60))
def test_comparisons_are_no_marks(text):
    signs = [c for c in text if c in "=5%"]
    assert [c for c in plain_text(text) if c in "=5%"] == signs

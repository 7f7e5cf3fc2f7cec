"""Parts of a JSON answer: what is there is read, what is of another kind is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import BadAnswerError, SourceDownError
from assay.sources.json_answer import (
    ShapeError,
    flag_of,
    number_of,
    object_of,
    objects_of,
    quote,
    read_object,
    text_of,
    texts_of,
)

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    ),
)
READERS = [
    (text_of, ""),
    (number_of, None),
    (flag_of, False),
    (object_of, {}),
    (objects_of, ()),
    (texts_of, ()),
]


@given(value=JSON)
@pytest.mark.parametrize(("read", "empty"), READERS)
def test_a_part_is_read_or_said_to_be_of_another_kind(read, empty, value):
    try:
        found, said = read({"a": value}, "a"), ""
    except ShapeError as error:
        found, said = empty, str(error)
    assert type(found) in {type(empty), int}
    assert not said or (said.startswith("a is") and value is not None)
    assert read({}, "a") == empty
    assert read({"a": None}, "a") == empty


def test_a_list_lies_some_names_deep():
    value = {"a": {"b": [{"c": "1"}, {"c": 2}]}}
    assert [text_of(one, "c") for one in objects_of(value, "a", "b")] == ["1", "2"]
    assert texts_of({"a": {"b": ["x", 1]}}, "a", "b") == ("x", "1")
    assert objects_of({"a": None}, "a", "b") == ()
    with pytest.raises(ShapeError, match="a is no object"):
        objects_of({"a": []}, "a", "b")


@pytest.mark.parametrize(
    ("body", "error", "said"),
    [
        (b"", SourceDownError, "empty"),
        (b"  \n", SourceDownError, "empty"),
        (b"<!DOCTYPE html>", SourceDownError, "web page"),
        (b'{"a": [1, 2', SourceDownError, "broke off"),
        (b"upstream request timeout", SourceDownError, "damaged"),
        (b"[" * 100_000, SourceDownError, "damaged"),
        (b"\xff\xfe", SourceDownError, "damaged"),
        (b"[1]", BadAnswerError, "no object"),
        (b"null", BadAnswerError, "no object"),
    ],
)
def test_what_is_no_object_is_said(body, error, said):
    with pytest.raises(error, match=said):
        read_object("A service", body)


def test_a_byte_order_mark_and_raw_line_ends_do_no_harm():
    assert read_object("X", b'\xef\xbb\xbf{"a": "one\ntwo"}') == {"a": "one\ntwo"}


@given(st.text())
def test_a_quote_is_one_line_of_bounded_length(text):
    assert len(quote(text)) <= 201
    assert quote(text).isprintable()

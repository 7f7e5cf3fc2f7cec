"""Strategies for whole records, shared by the library's property tests."""

import types
import typing

from hypothesis import strategies as st

from assay.record import Record, Summary

TEXT = st.text(max_size=8)


def of_type(kind):
    """Return a strategy that fills every field of a type, defaults included.

    Hypothesis' own `from_type` leaves fields that have a default at their default.
    """
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple and args[-1] is Ellipsis:
        return st.lists(of_type(args[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(of_type, args))
    if origin in (types.UnionType, typing.Union):
        return st.one_of(*map(of_type, args))
    if kind is str:
        return TEXT
    if kind is int:
        return st.integers(-9999, 9999)
    if kind in (bool, type(None)):
        return st.from_type(kind)
    hints = typing.get_type_hints(kind)
    return st.fixed_dictionaries({k: of_type(v) for k, v in hints.items()}).map(
        lambda parts: kind(**parts)
    )


SUMMARIES = of_type(Summary)
RECORDS = of_type(Record)

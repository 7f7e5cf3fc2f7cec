"""Floors of quality rise by themselves and sink only when somebody says so by name."""

import pytest

from tests.eval.floors import hold, read_floors, update


def test_a_floor_may_rise():
    assert update({"found": 3}, {"found": 5}) == {"found": 5}


def test_a_new_floor_may_be_added():
    assert update({"found": 3}, {"accepted": 1}) == {"accepted": 1, "found": 3}


def test_a_floor_does_not_sink_unless_it_is_named():
    with pytest.raises(SystemExit, match="found would sink from 3 to 2"):
        update({"found": 3, "accepted": 2}, {"found": 2}, lower=["accepted"])
    assert update({"found": 3}, {"found": 2}, lower=["found"]) == {"found": 2}


def test_a_figure_under_its_floor_fails():
    name, floor = next(iter(read_floors().items()))
    hold(name, floor)
    with pytest.raises(AssertionError, match="sank"):
        hold(name, floor - 1)

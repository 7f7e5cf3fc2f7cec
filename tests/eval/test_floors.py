"""Floors of quality rise by themselves and sink only when somebody says so by name."""

import json

import pytest

from tests.eval import floors as module
from tests.eval.floors import hold, main, read_floor, read_floors, update


def test_a_floor_may_rise():
    assert update({"found": 3}, {"found": 5}) == {"found": 5}
    assert update({"f1": 0.3}, {"f1": 0.31}) == {"f1": 0.31}


def test_a_new_floor_may_be_added():
    assert update({"found": 3}, {"accepted": 1}) == {"accepted": 1, "found": 3}


def test_a_floor_does_not_sink_unless_it_is_named():
    with pytest.raises(SystemExit, match="found would sink from 3 to 2"):
        update({"found": 3, "accepted": 2}, {"found": 2}, lower=["accepted"])
    assert update({"found": 3}, {"found": 2}, lower=["found"]) == {"found": 2}


def test_a_ceiling_may_sink_and_does_not_rise_unless_it_is_named():
    name = "wrong-way-at-most"
    assert update({name: 0.2}, {name: 0.1}) == {name: 0.1}
    with pytest.raises(SystemExit, match=r"would sink from 0\.2 to 0\.3"):
        update({name: 0.2}, {name: 0.3})
    assert update({name: 0.2}, {name: 0.3}, lower=[name]) == {name: 0.3}


def test_a_figure_under_its_floor_fails():
    name = "kratom-found"
    floor = read_floors()[name]
    hold(name, floor)
    with pytest.raises(AssertionError, match="sank"):
        hold(name, floor - 1)


@pytest.mark.parametrize("words", ["found", "found=", "=3", "found=many", "found=nan"])
def test_a_floor_that_is_no_number_is_refused_with_the_remedy(words):
    with pytest.raises(SystemExit, match="write NAME=VALUE"):
        read_floor(words)


def test_the_command_writes_whole_and_broken_numbers(tmp_path, monkeypatch):
    file = tmp_path / "floors.json"
    file.write_text('{"found": 3}')
    monkeypatch.setattr(module, "FILE", file)
    monkeypatch.setattr("sys.argv", ["floors", "found=4", "f1=0.25", "a=b=1"])
    main()
    assert json.loads(file.read_text()) == {"a=b": 1, "f1": 0.25, "found": 4}
    monkeypatch.setattr("sys.argv", ["floors", "f1=0.2"])
    with pytest.raises(SystemExit, match="--lower f1"):
        main()

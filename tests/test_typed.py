"""JSON read back as the nouns it was written from, or refused with the place."""

from dataclasses import dataclass
from typing import NamedTuple

import pytest

from assay.output.json import plain
from assay.output.typed import MisfitError, parse_as
from tests import state_sample as sample


class Branch(NamedTuple):
    """A noun that holds its like."""

    name: str
    length: float = 1.0
    branches: tuple["Branch", ...] = ()
    leaf: "Leaf | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A noun inside another one."""

    green: bool = True


def test_a_noun_that_holds_its_like_is_read():
    tree = Branch("a", 0.5, (Branch("b", 2.0, (Branch("c"),)), Branch("d")), Leaf())
    assert parse_as(Branch, plain(tree)) == tree


def test_what_is_shown_of_a_digest_s_nouns_is_read_back():
    for value in (sample.weighing(1), sample.watched(), sample.RETRACTED):
        assert parse_as(type(value), plain(value)) == value


def test_a_number_without_a_point_is_a_measure_too():
    assert parse_as(Branch, {"name": "a", "length": 2}).length == 2.0


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"name": "a", "length": True}, "length: not a number"),
        ({"name": "a", "length": "1"}, "length: not a number"),
        ({"name": 1}, "name: not a text"),
        ({"length": 1.0}, "a field lacks"),
        ({"name": "a", "branches": {}}, "branches: not a list"),
        ({"name": "a", "branches": [{"name": 1}]}, "branches: 0: name: not a text"),
        ([], "not an object"),
        (None, "not an object"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(value, told):
    with pytest.raises(MisfitError, match=f"^{told}$"):
        parse_as(Branch, value)


def test_an_unknown_field_is_passed_over():
    assert parse_as(Branch, {"name": "a", "bark": "rough"}) == Branch("a")

"""Names that a service gives as one text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.sources.person import parse_person


@pytest.mark.parametrize(
    ("name", "last", "first", "initials", "suffix"),
    [
        ("Ada Roe", "Roe", "Ada", "A", ""),
        ("Ada B. Roe", "Roe", "Ada B.", "AB", ""),
        ("Roe, Ada", "Roe", "Ada", "A", ""),
        ("Ada von Roe", "von Roe", "Ada", "A", ""),
        ("Ana de la Roe", "de la Roe", "Ana", "A", ""),
        ("Bo-Lin Roe-Poe", "Roe-Poe", "Bo-Lin", "BL", ""),
        ("Ada Roe Jr.", "Roe", "Ada", "A", "Jr."),
        ("Ada Roe, MD", "Roe", "Ada", "A", "MD"),
        ("Roe", "Roe", "", "", ""),
        ("", "", "", "", ""),
        ("de Roe", "Roe", "de", "D", ""),
    ],
)
def test_a_name_is_taken_apart(name, last, first, initials, suffix):
    author = parse_person(name)
    assert (author.last_name, author.fore_name) == (last, first)
    assert (author.initials, author.suffix) == (initials, suffix)


@given(st.text(max_size=30))
def test_no_letter_of_a_name_is_lost(name):
    author = parse_person(name)
    kept = f"{author.fore_name}{author.last_name}{author.suffix}"
    assert sorted(filter(str.isalnum, kept)) == sorted(filter(str.isalnum, name))

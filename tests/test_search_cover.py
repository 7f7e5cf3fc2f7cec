"""What an OR leaves out is found by what it keeps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.library.search_cover import without_covered
from assay.library.search_tree import Span, Words

LETTERS = st.text("ab", min_size=1, max_size=3)
PARTS = st.builds(
    Words,
    st.sampled_from(("title", "text")),
    st.lists(LETTERS, min_size=1, max_size=3).map(tuple),
    st.booleans(),
)


def finds(part, text):
    """Tell plainly whether a text of words holds a phrase."""
    many = len(part.words)
    for at in range(len(text) - many + 1):
        *first, last = text[at : at + many]
        same = (
            last.startswith(part.words[-1]) if part.prefix else last == part.words[-1]
        )
        if same and tuple(first) == part.words[:-1]:
            return True
    return False


@given(st.lists(PARTS, max_size=8), st.lists(LETTERS, max_size=6))
def test_what_is_kept_finds_what_all_find(parts, text):
    kept = without_covered(parts)
    for field in ("title", "text"):
        asked = [part for part in parts if part.field == field]
        left = [part for part in kept if part.field == field]
        assert any(finds(p, text) for p in asked) == any(finds(p, text) for p in left)


@given(st.lists(PARTS, max_size=8))
def test_no_part_that_is_kept_is_covered_by_another(parts):
    kept = without_covered(parts)
    assert without_covered(kept) == kept
    for part in kept:
        others = [p for p in kept if p is not part and p.field == part.field]
        ending = "z" if part.prefix else ""  # with which no part goes on
        text = (*part.words[:-1], part.words[-1] + ending)
        assert not any(finds(other, text) for other in others)


@pytest.mark.parametrize(
    ("parts", "left"),
    [
        ("sleep|sleep problem*|good sleep", "sleep"),
        ("sleep*|sleep|sleepless|sleep problem", "sleep*"),
        ("safe*|safe to use", "safe*"),
        ("problem|sleep problem*", "problem|sleep problem*"),
        ("sleep problem|sleep problems", "sleep problem|sleep problems"),
        ("sleep|sleep", "sleep"),
    ],
)
def test_words_inside_others(parts, left):
    def read(text):
        words = (Words("text", tuple(p.rstrip("*").split()), "*" in p) for p in text)
        return tuple(words)

    assert without_covered(read(parts.split("|"))) == read(left.split("|"))


def test_other_leaves_and_other_fields_stay():
    span = Span("year", 2020, 2021)
    parts = (Words("title", ("tea",)), span, Words("text", ("tea", "cup")))
    assert without_covered(parts) == parts


def test_a_phrase_of_thousands_of_words_is_compared_with_what_is_as_long_only():
    """A phrase of 1,600 words took 4.6 s, one of 9,000 a quarter of an hour."""
    long = Words("text", tuple(f"w{number}" for number in range(9_000)))
    word, pair = Words("text", ("w8",)), Words("text", ("w9", "tea"))
    assert without_covered((long, pair)) == (long, pair)
    assert without_covered((long, pair, word)) == (pair, word)

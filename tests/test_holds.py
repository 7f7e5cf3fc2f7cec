"""Whether a record holds what a search asks for, by its own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.library.holds import holds, parse_wanted
from assay.record import MeshHeading, Record, Section

TOLD = Record(
    source="crossref",
    title="Green tea and mood",
    abstract=(Section("Invented people drank green tea."),),
    mesh=(MeshHeading("Affect"),),
)
BARE = Record(source="crossref", title="Green tea and mood")


@pytest.mark.parametrize(
    ("query", "told", "bare"),
    [
        ("tea[tiab]", True, True),
        ("sleep[tiab]", False, None),
        ("sleep[ti]", False, False),
        ("tea[tiab] AND sleep[tiab]", False, None),
        ("tea[tiab] OR sleep[tiab]", True, True),
        ('"green tea"[tiab]', True, True),
        ("dran*[tiab]", True, None),
        ("sleep", None, None),
        ("tea[tiab] AND sleep[mh]", None, None),
        ("tea[tiab] NOT mood[ti]", False, False),
        ("tea[tiab] NOT sleep[tiab]", True, None),
        ("2020[dp] AND sleep[ti]", False, False),
        ("affect[mh]", True, None),
    ],
)
def test_only_what_a_record_shows_is_a_miss(query, told, bare):
    tree = parse_wanted(query)
    assert (holds(tree, TOLD), holds(tree, BARE)) == (told, bare)


def test_a_record_without_a_title_is_never_a_miss():
    assert holds(parse_wanted("sleep[ti]"), Record(source="x")) is None


@pytest.mark.parametrize("query", ["sleep aids[pa]", "tea[tiab] OR sleep aids[pa]", ""])
def test_a_query_that_cannot_be_judged_whole_is_not_judged(query):
    assert parse_wanted(query) is None


@given(st.lists(st.sampled_from(["tea", "sleep", "mood", "kava"]), min_size=1))
def test_to_ask_for_more_words_never_turns_a_miss_into_a_hit(words):
    asked = [f"{word}[tiab]" for word in words]
    narrow = holds(parse_wanted(" AND ".join(asked)), TOLD)
    wide = holds(parse_wanted(" OR ".join(asked)), TOLD)
    assert not (narrow is True and wide is not True)
    assert not (wide is False and narrow is not False)

"""PubMed's reading of a query is compared with the last: only a change is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.query.changed import find_changes

TEA = '"tea"[MeSH Terms] OR "tea"[All Fields]'


@pytest.mark.parametrize(
    "now",
    [
        TEA,
        '"tea"[All Fields] OR "tea"[MeSH Terms]',
        '("tea"[All  Fields]) OR ("tea"[MeSH Terms] OR "tea"[all fields])',
        "",  # not known: nothing can be said
    ],
)
def test_what_means_the_same_is_no_change(now):
    assert find_changes(TEA, now) == ()
    assert find_changes(now, TEA) == ()


def test_what_was_added_and_what_is_gone_is_named():
    now = '"tea"[MeSH Terms] OR "teas"[All Fields] OR "camellia"[Supplementary Concept]'
    assert find_changes(TEA, now) == (
        'PubMed now reads your query differently: "teas"[All Fields], '
        '"camellia"[Supplementary Concept] were added; "tea"[All Fields] is gone.',
    )


@pytest.mark.parametrize(
    "now",
    ['"a1"[ti] AND "b1"[ti] OR "c1"[ti]', '"a1"[ti] OR "b1"[ti] NOT "c1"[ti]'],
)
def test_another_combination_of_the_same_clauses_is_told(now):
    (said,) = find_changes('"a1"[ti] OR "b1"[ti] OR "c1"[ti]', now)
    assert said.endswith("combined in another way.")


def test_the_order_of_not_counts():
    assert find_changes("a1[ti] NOT b1[ti]", "b1[ti] NOT a1[ti]")


def test_dates_of_a_relative_span_are_named():
    before = '"tea"[Title] AND 2021/11/22:3000/12/31[Date - Publication]'
    (said,) = find_changes(before, before.replace("11/22", "11/23"))
    assert "2021/11/23:3000/12/31[Date - Publication] was added" in said


def test_a_long_list_is_cut_with_its_number():
    now = " OR ".join(f'"w{n}"[Title]' for n in range(20))
    (said,) = find_changes('"w0"[Title]', now)
    assert "and 11 more were added" in said


clauses = st.lists(st.sampled_from("abcdefgh"), min_size=2, max_size=6, unique=True)


@given(clauses, st.sampled_from(["AND", "OR"]), st.randoms(use_true_random=False))
def test_the_order_of_a_list_never_counts(names, operator, random):
    parts = [f'"{name}1"[Title]' for name in names]
    mixed = random.sample(parts, len(parts))
    sign = f" {operator} "
    assert find_changes(sign.join(parts), f"({sign.join(mixed)})") == ()
    assert find_changes(sign.join(parts), sign.join(mixed[1:]))


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_are_compared(before, now):
    assert find_changes(before, before) == ()
    assert isinstance(find_changes(before, now), tuple)


def test_many_alternations_are_compared():
    long = '"a1"[ti] AND "b1"[ti] OR ' * 2000 + '"c1"[ti]'
    assert find_changes(long, long.replace('"c1"', '"d1"'))

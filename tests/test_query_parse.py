"""PubMed's grammar: read with places, told what is odd, printed back the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import QueryError
from assay.query.parse import MAX_DEPTH, parse_query, read_query
from assay.query.render import render_plain, render_query
from assay.query.tree import Chain, Group, Lost, Range, Term, find_leaves

PRINTED = [
    "tea",
    "green tea",
    "green tea[tiab] sleep",
    '"green tea"[tiab:~3] AND insomni*[tw]',
    '"Sleep"[mh:noexp] OR neoplasms/diet therapy[mh]',
    "a OR b AND c NOT d",
    "(a OR b) AND (c OR (d NOT e))",
    "a & b | c",
    "2000:2010[dp] AND 2024/01/01:2024/01/31[crdt]",
    '"2023/09/08"[PDAT] : "3000"[PDAT]',
    '"last 5 years"[dp]',
    "70000:90000[uid]",
    "hasabstract AND systematic[sb]",
    "(a OR b)[tiab]",
    "10.99999/tea.1[aid]",
    "clinicaltrials.gov/NCT90000001[si]",
    "benzo[a] pyrene[nm]",
]


@pytest.mark.parametrize("text", PRINTED)
def test_a_query_is_printed_back_as_it_was_written(text):
    assert render_query(parse_query(text).tree) == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a OR b AND c", "(a OR b) AND c"),
        ("a AND b OR c", "(a AND b) OR c"),
        ("a NOT b NOT c", "a NOT b NOT c"),
        ("a NOT b AND c", "(a NOT b) AND c"),
        ("a & b | c", "(a AND b) OR c"),
        ("(((a)))", "a"),
        ("(a OR (b OR c))[ti]", "a OR b OR c"),
        ("green tea OR sleep", "(green tea) OR sleep"),
        ('tea "dark night" sleep[ti]', 'tea AND "dark night" AND sleep[ti]'),
    ],
)
def test_the_plain_form_reads_the_same_by_any_rule(text, plain):
    assert render_plain(parse_query(text).tree) == plain


FAULTY = [
    ("", "empty", 0),
    ("  ", "empty", 0),
    ("(tea", "open-parenthesis", 0),
    ("tea) milk", "close-parenthesis", 3),
    ('tea "milk', "open-quote", 4),
    ("tea[ti", "open-bracket", 3),
    ("tea] milk", "close-bracket", 3),
    ("[ti] tea", "bare-tag", 0),
    ("(a OR b)[ti]", "group-tag", 8),
    ("tea OR", "dangling-operator", 4),
    ("AND tea", "dangling-operator", 0),
    ("tea AND OR milk", "double-operator", 4),
    ("tea AND NOT milk", "double-operator", 4),
    ("NOT tea", "not-first", 0),
    ("tea AND #2", "history", 8),
    ("tea AND ()", "empty-group", 8),
]


@pytest.mark.parametrize(("text", "code", "start"), FAULTY)
def test_what_is_wrong_is_told_with_its_place(text, code, start):
    faults = parse_query(text).faults
    assert [(fault.code, fault.start) for fault in faults] == [(code, start)]
    assert faults[0].message.endswith(".")


def test_the_last_of_two_operators_counts():
    assert render_query(parse_query("tea AND NOT milk").tree) == "tea NOT milk"


@pytest.mark.parametrize("text", ["", "()", "NOT tea", "#1", "[ti]", "(" * 5000])
def test_a_query_that_asks_nothing_is_refused_with_the_place(text):
    with pytest.raises(QueryError, match=r"^Character \d+: .+\.$"):
        read_query(text)


def test_nesting_is_read_as_deep_as_anybody_nests():
    deep = MAX_DEPTH
    tree = parse_query("(" * deep + "tea" + ")" * deep).tree
    assert [leaf.text for leaf in find_leaves(tree)] == ["tea"]
    refused = parse_query("(" * (deep + 1) + "tea")
    assert (refused.tree, refused.faults[0].code) == (None, "too-deep")


def test_many_alternations_are_no_nesting():
    tree = parse_query("tea AND milk OR " * 3000 + "sleep").tree
    assert len(tree.parts) == 6001
    assert render_plain(tree).endswith(" OR sleep")


def test_a_tag_binds_to_the_words_or_the_phrase_before_it():
    leaves = find_leaves(parse_query('"one two" three four [ti] five').tree)
    assert [(t.text, t.quoted, t.tag and t.tag.name) for t in leaves] == [
        ("one two", True, None),
        ("three four", False, "ti"),
        ("five", False, None),
    ]


def test_typographic_quotes_quote_and_keep_their_places():
    (leaf,) = find_leaves(parse_query("“green tea”[ti]").tree)
    assert (leaf.text, leaf.quoted, leaf.start, leaf.end) == ("green tea", True, 0, 15)


# --- laws -------------------------------------------------------------------------

words = st.text("abcdexyz7-*'", min_size=1, max_size=8)
tags = st.sampled_from(
    ["", "[tiab]", "[ti]", "[MeSH Terms:noexp]", "[foo]", "[tiab:~2]", "[dp]"]
)
some = st.lists(words, min_size=1, max_size=3).map(" ".join)
ranges = ["2019:2021[dp]", '"2019/05"[dp] : "3000"[dp]', "1:99[uid]"]
terms = st.one_of(
    st.builds("{}{}".format, some, tags),
    st.builds('"{}"{}'.format, some, tags),
    st.sampled_from(ranges),
)
operators = st.sampled_from([" AND ", " OR ", " NOT ", " & ", " | "])


def _chains(parts):
    """Return queries of parts with an operator between each two."""
    return st.builds(
        lambda first, more: first + "".join(sign + part for sign, part in more),
        parts,
        st.lists(st.tuples(operators, parts), max_size=4),
    )


queries = st.recursive(
    _chains(terms),
    lambda inner: _chains(inner.map("({})".format) | terms),
    max_leaves=9,
)


@given(queries)
def test_a_sound_query_is_printed_back_word_for_word(text):
    parsed = parse_query(text)
    assert parsed.faults == ()
    assert render_query(parsed.tree) == text


def _meaning(node):
    """Return what a tree means, without places, parentheses and spelling."""
    match node:
        case Group():
            return _meaning(node.body)
        case Chain():
            said = _meaning(node.parts[0])
            for join, part in zip(node.joins, node.parts[1:], strict=True):
                said = (join.operator, said, _meaning(part))
            return said
        case Term():
            return (node.text, node.quoted, node.tag and node.tag[:2])
        case Range():
            return (node.first, node.last, node.tag[:2])
        case Lost():
            return node.text


def _flat(meaning):
    """Return a meaning with AND within AND, and OR within OR, opened; NOTs joined."""
    if not isinstance(meaning, tuple) or meaning[0] not in {"AND", "OR"}:
        if isinstance(meaning, tuple) and meaning[0] == "NOT":
            return ("NOT", _flat(meaning[1]), _flat(meaning[2]))
        return meaning
    parts = []
    for part in meaning[1:]:
        flat = _flat(part)
        same = isinstance(flat, tuple) and flat[0] == meaning[0]
        parts += flat[1:] if same else [flat]
    return (meaning[0], *parts)


@given(queries)
def test_the_plain_form_means_the_same_and_is_its_own_plain_form(text):
    tree = parse_query(text).tree
    plain = render_plain(tree)
    again = parse_query(plain)
    assert again.faults == ()
    assert _flat(_meaning(again.tree)) == _flat(_meaning(tree))
    assert render_plain(again.tree) == plain


@given(st.text(alphabet='ab"()[]*:&| ANDORT12/[#~“”', max_size=80))
def test_any_text_is_read_and_every_place_lies_in_it(text):
    tree, faults = parse_query(text)
    assert tree is not None or faults
    places = [(f.start, f.end) for f in faults]
    leaves = list(find_leaves(tree)) if tree else []
    places += [(leaf.start, leaf.end) for leaf in leaves]
    assert all(0 <= start <= end <= len(text) for start, end in places)
    assert [leaf.start for leaf in leaves] == sorted(leaf.start for leaf in leaves)


@given(st.text(alphabet="abAND OR()", max_size=60))
def test_no_word_is_dropped(text):
    tree, faults = parse_query(text)
    seen = set()
    for leaf in find_leaves(tree) if tree else ():
        seen |= set(range(leaf.start, leaf.end))
    for fault in faults:
        seen |= set(range(fault.start, fault.end))
    left = {n for n, char in enumerate(text) if char in "ab"} - seen
    assert not left

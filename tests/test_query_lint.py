"""The silent damages of a query are told with their place, and mended where sure."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.query.lint import CODES, fix_query, lint
from assay.query.translation import Reading
from assay.text import fold

DAMAGED = [  # query, code, the place in it, what mends it
    ("", "empty", "", None),
    ("(" * 200, "too-deep", "(", None),
    ("(tea", "open-parenthesis", "(", None),
    ("tea) rest", "close-parenthesis", ")", None),
    ('tea "rest', "open-quote", '"', None),
    ("tea[ti", "open-bracket", "[", None),
    ("tea] rest", "close-bracket", "]", None),
    ("tea AND ()", "empty-group", "()", None),
    ("tea AND", "dangling-operator", "AND", None),
    ("tea AND NOT rest", "double-operator", "AND NOT", "NOT"),
    ("tea AND OR rest", "double-operator", "AND OR", None),
    ("NOT tea", "not-first", "NOT", None),
    ("tea AND #2", "history", "#2", None),
    ("[ti] AND tea", "bare-tag", "[ti]", None),
    ("(tea OR green tea)[ti]", "group-tag", "(tea OR green tea)[ti]",
     "(tea[ti] OR green tea[ti])"),
    ("(tea OR rest[tw])[ti]", "group-tag", "[ti]", None),
    ("tea[foo]", "unknown-tag", "[foo]", None),
    ("tea[ti,ab]", "unknown-tag", "[ti,ab]", "[tiab]"),
    ("tea[MeSH Term]", "unknown-tag", "[MeSH Term]", "[meshterms]"),
    ("tea[ab]", "abstract-tag", "[ab]", None),
    ("tea[ti:noexp]", "noexp-ignored", "[ti:noexp]", "[ti]"),
    ("tea[mh:exp]", "unknown-modifier", "[mh:exp]", "[mh]"),
    ("green tea[ti:~3]", "proximity-ignored", "green tea[ti:~3]", '"green tea"[ti:~3]'),
    ('"tea"[ti:~3]', "proximity-ignored", '"tea"[ti:~3]', '"tea"[ti]'),
    ('"green teas*"[ti:~3]', "proximity-ignored", '"green teas*"[ti:~3]', None),
    ('"green tea"[tw:~3]', "proximity-ignored", '"green tea"[tw:~3]', None),
    ("tea or rest", "small-operator", "tea or rest", None),
    ("tea[ti] And rest[ti]", "small-operator", "And", "AND"),
    ("tea[ti] and Sleep[mh]", "small-operator", "and", "AND"),
    ("tea & rest", "sign-operator", "&", "AND"),
    ("R&D", "sign-operator", "&", None),
    ("tea[ti] OR rest[ti] AND milk[ti]", "mixed-operators",
     "tea[ti] OR rest[ti] AND milk[ti]", "(tea[ti] OR rest[ti]) AND milk[ti]"),
    ("tea OR rest milk[ti] NOT rat", "mixed-operators",
     "tea OR rest milk[ti] NOT rat", "(tea OR rest milk[ti]) NOT rat"),
    ("tea &amp; rest", "entity", "&amp;", "&"),
    ("‘green tea’[ti]", "odd-quotes", "‘green tea’", '"green tea"'),
    ("«tea»[ti]", "odd-quotes", "«", '"'),
    ("“green tea”[ti]", "curly-quotes", "“green tea”", '"green tea"'),
    ("insomni∗[ti]", "odd-star", "∗", "*"),
    ("tea\u200bs[ti]", "invisible-character", "\u200b", ""),
    ("sleep.ti,ab.", "other-syntax", ".ti,ab.", None),
    ("sleep adj3 tea", "other-syntax", "adj3", None),
    ("TS=(sleep)", "other-syntax", "TS=", None),
    ("wom?n[ti]", "foreign-wildcard", "?", None),
    ("te*[ti]", "short-stem", "te*[ti]", None),
    ("organi*ation[ti]", "star-inside", "organi*ation[ti]", None),
    ('"breast* feed"[ti]', "star-inside", '"breast* feed"[ti]', None),
    ('"breast feed"* AND tea', "star-outside", '"breast feed"*', '"breast feed*"'),
    ("sleep*[mh] OR x1[ti]", "truncated-heading", "sleep*[mh]", None),
    ("the[ti]", "only-stopwords", "the[ti]", None),
    ("tea AND -", "no-words", "-", None),
    ("2020-05-31[dp] AND tea", "date-format", "2020-05-31[dp]", "2020/05/31[dp]"),
    ("2010-2020[dp] AND tea", "date-format", "2010-2020[dp]", "2010:2020[dp]"),
    ("2010:present[dp] OR tea", "date-format", "2010:present[dp]", "2010:3000[dp]"),
    ("last 5 years[dp]", "date-format", "last 5 years[dp]", '"last 5 years"[dp]'),
    ("soon[dp]", "date-format", "soon[dp]", None),
    ("2020/13[dp]", "date-format", "2020/13[dp]", None),
    ("2020:2010[dp]", "range-reversed", "2020:2010[dp]", "2010:2020[dp]"),
    ("9:1[uid]", "range-reversed", "9:1[uid]", "1:9[uid]"),
    ("1:9[vi]", "range-field", "1:9[vi]", None),
    ("10.99999/tea[pmid]", "pmid-format", "10.99999/tea[pmid]", None),
    ("tea/de/th[mh] OR x1[ti]", "two-subheadings", "tea/de/th[mh]", None),
    ('"Sleep"[mh] AND tea[ti]', "mesh-only", '"Sleep"[mh]', None),
    ("tea[ti] AND humans[filter]", "mesh-only", "humans[filter]", None),
    ("tea[ti] NOT animals[mh]", "not-animals", "animals[mh]", None),
    ("tea[ti] NOT (rat[ti] NOT humans[mh])", "not-unindexed",
     "rat[ti] NOT humans[mh]", None),
    ("tea[ti] OR x1[ti] OR Tea[ti]", "repeated-clause", "Tea[ti]", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "place", "fix"), DAMAGED)
def test_a_silent_damage_is_told_with_its_place(text, code, place, fix):
    found = [one for one in lint(text) if one.code == code]
    assert found, [one.code for one in lint(text)]
    assert (text[found[0].start : found[0].end], found[0].fix) == (place, fix)
    assert found[0].message.endswith(".")


def test_every_code_is_tested_and_none_is_without_a_row():
    told = {code for _, code, _, _ in DAMAGED}
    assert told | {"phrase-not-indexed", "term-not-found"} == set(CODES)


SOUND = [
    "Does kratom help people sleep during opioid withdrawal?",
    "tea and sleep",
    "quality of life",
    "Parkinson's and Alzheimer's disease",
    "Crohn’s disease[tiab] OR colitis[tiab]",
    "non-steroidal anti-inflammatory drugs[tiab] AND COX-2",
    '"green tea"[tiab:~0] OR "sleep qual*"[tw]',
    'tea[ti] NOT ("animals"[mh] NOT "humans"[mh])',
    'tea[ti] AND ("1990/01/01"[Date - Publication] : "3000"[Date - Publication])',
    'tea[ti] AND "last 5 years"[dp] AND 1:90000009[uid]',
    '("Sleep"[Mesh] OR sleep[tiab]) AND systematic[sb] AND hasabstract',
    "neoplasms/diet therapy[majr:noexp] OR tumor*[ti]",
    "behavior and behavior mechanisms[mh] OR conduct[ti]",
    "journal of invented results and more[ta] AND tea[ti]",
    "roe j[au] AND 12[vi] AND 34[pg]",
    "90000001 90000002",
]


@pytest.mark.parametrize("text", SOUND)
def test_a_sound_query_raises_no_false_alarm(text):
    assert lint(text) == ()


def test_the_queries_that_ship_are_clean():
    for path in Path(__file__).parent.parent.glob("queries/*.toml"):
        assert lint(fold(tomllib.loads(path.read_text("utf-8"))["text"])) == ()


def test_an_answer_tells_which_phrases_the_index_lacks():
    text = '"blue marmalade"[tiab] AND blorf[ti]'
    reading = Reading(
        quoted_not_found=('"blue marmalade"[Title/Abstract]',),
        phrases_not_found=("blorf[ti]",),
    )
    lost, gone = lint(text, reading)
    assert (lost.code, lost.fix) == (
        "phrase-not-indexed",
        '"blue marmalade"[tiab:~0]',
    )
    assert (gone.code, text[gone.start : gone.end]) == ("term-not-found", "blorf[ti]")


def test_all_that_is_sure_is_mended_at_once():
    text = "(“sleep apnea” OR insomni∗)[tiab] AND NOT 2010-2020[dp] and rest[tiab]"
    assert fix_query(text) == (
        '("sleep apnea"[tiab] OR insomni*[tiab]) NOT 2010:2020[dp] AND rest[tiab]'
    )


def test_nothing_that_is_wrong_vanishes_with_a_fix():
    text = "tea OR OR rest AND (milk"
    assert fix_query(text) == text


ODD = st.text(alphabet='abAND ORor"“”()[]*:~&|#tie,?∗‘’/5', max_size=60)


@given(ODD)
def test_every_lint_lies_in_the_text_and_has_a_known_code(text):
    found = lint(text)
    assert all(0 <= one.start <= one.end <= len(text) for one in found)
    assert all(one.level in {"damage", "advice"} for one in found)
    assert list(found) == sorted(found, key=lambda one: (one.start, one.end))


@given(ODD)
def test_mending_comes_to_an_end_and_is_done_once(text):
    fixed = fix_query(text)
    assert fix_query(fixed) == fixed


words = st.text("bcdfgklmprtvz", min_size=4, max_size=9)


@given(
    st.lists(words, min_size=1, max_size=8, unique=True),
    st.sampled_from(["[tiab]", "[ti]", "[tw]"]),
    st.sampled_from(["AND", "OR"]),
)
def test_plain_tagged_lists_are_clean(parts, tag, operator):
    assert lint(f" {operator} ".join(part + tag for part in parts)) == ()

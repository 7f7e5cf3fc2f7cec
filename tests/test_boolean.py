"""Searches in PubMed's syntax: read left to right, and honest about the rest."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.edge.holdings import open_holdings
from assay.edge.library_source import search_library
from assay.edge.store import open_library
from assay.library.boolean import groups_tree, parse_search, words_of
from assay.library.search_tree import (
    Either,
    Every,
    Near,
    Numbers,
    Span,
    Value,
    Without,
    Words,
)
from assay.record import Author, Chemical, MeshHeading, PartialDate, Qualifier, Record
from assay.search import Query


def published(first, last):
    late = Span("published_late", first, last)
    return Either((Span("published", first, last), late))


A, B, C = (Words("all", (word,)) for word in ("aa", "bb", "cc"))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("aa", A),
        ("aa bb", Every((A, B))),
        ("aa AND bb AND cc", Every((A, B, C))),
        ("aa OR bb AND cc", Every((Either((A, B)), C))),
        ("aa OR (bb AND cc)", Either((A, Every((B, C))))),
        ("aa NOT bb OR cc", Either((Without(A, B), C))),
        ("aa | bb & cc", Every((Either((A, B)), C))),
        ("the aa of bb", Every((A, B))),
        ("aa then*", Every((A, Words("all", ("then",), True)))),  # thenar
        ("PMID: 90000001", Numbers("pmid", (90000001,))),
        ("doi: 10.99999/Tea", Value("article_id", ("10.99999/tea",))),
        ('"aa bb"', Words("all", ("aa", "bb"))),
        ("“aa bb”[ti]", Words("title", ("aa", "bb"))),
        ("aa bb[Title/Abstract]", Words("tiab", ("aa", "bb"))),
        ("sleepi*", Words("all", ("sleepi",), True)),
        ('"aa sleepi*"[tiab]', Words("tiab", ("aa", "sleepi"), True)),
        ("2019:2021/06[dp]", published(20190101, 20210630)),
        ('"2019/05/07"[PDAT] : "3000"[PDAT]', published(20190507, 99999999)),
        ("2019/02[dp]", Span("published", 20190201, 20190228)),
        ("2020[crdt]", Span("created", 20200101, 20201231)),
        ("90000001 90000002", Numbers("pmid", (90000001, 90000002))),
        ("aa of, bb, it.", Every((A, B))),
        ("90000001:90000009[uid]", Span("pmid", 90000001, 90000009)),
        ("10.99999/Tea", Value("article_id", ("10.99999/tea",))),
        ("10.99999/Tea(79)1-2(A)", Value("article_id", ("10.99999/tea(79)1-2(a)",))),
        ("(10.99999/tea)", Value("article_id", ("10.99999/tea",))),
        ("aa AND (10.99999/t(1)[doi])",
         Every((A, Value("article_id", ("10.99999/t(1)",))))),
        ("10.99999/t(aa OR bb)",
         Every((Value("article_id", ("10.99999/t",)), Either((A, B))))),
        ("pmc9000001", Value("article_id", ("pmc9000001",))),
        ('"roe j"[au]', Either((Value("author", ("roe j",)),
                                Value("author", ("roe, j", "j, roe"), "words")))),
        ("roe[au]", Value("author", ("roe",), "words")),
        ('"de la roe"[au]', Either((Value("author", ("de la roe",), "words"),
                                    Value("author", ("de, la roe", "la roe, de",
                                                     "de la, roe", "roe, de la"),
                                          "words")))),
        ('"aa bb"[ti:~3]', Near("title", ("aa", "bb"), 3)),
        ("German[la]", Value("language", ("ger",))),
        ("aa/bb[mh]", Value("mesh", ("aa/bb",))),
        ("hasabstract aa", Every((Value("filter", ("hasabstract",)), A))),
        ("all[sb]", Every(())),
    ],
)  # fmt: skip
def test_a_search_is_read_as_pubmed_reads_it(text, tree):
    assert parse_search(text) == (tree, (), (), "")


@pytest.mark.parametrize(
    ("text", "tree", "said"),
    [
        ("aa AND hypnotics[pa]", A, "hypnotics[pa]"),
        ("hypnotics[pa] OR aa", A, "hypnotics[pa]"),
        ("aa NOT systematic[sb]", A, "systematic[sb]"),
        ("aa[ab]", None, "no tag [ab]"),
        ("sle*", Words("all", ("sle",)), "4 letters"),
        ("aa can*", A, "4 letters"),
        ("aa or bb", Every((A, B)), '"or" in small letters combines nothing'),
        ("aa not bb", Every((A, B)), '"not" in small letters combines nothing'),
        ("sl*ep", Words("all", ("sl", "ep")), "end of the last word"),
        ('"a b c d e f g"[ti:~3]', None, "too many"),
        ('aa AND "last 5 years"[dp]', A, '"last 5 years"[dp]'),
        ("(aa AND bb)[tiab]", Every((A, B)), "[tiab] after a parenthesis"),
        ("(aa AND bb", Every((A, B)), "never closed"),
        ("aa) bb", Every((A, B)), "without an opening"),
        ("NOT aa", None, "NOT without"),
        ("[pdat]", None, "behind no term"),
        ("!!! the", None, "no word"),
        ("x[pmid]", None, "no PMID"),
    ],
)
def test_what_cannot_be_looked_up_is_left_out_and_named(text, tree, said):
    parsed = parse_search(text)
    assert parsed.tree == tree
    assert len(parsed.ignored) == 1
    assert said in parsed.ignored[0]


@given(st.text(alphabet='ab"()[]*:&| ANDORT12/[', max_size=60))
def test_no_text_is_too_odd_to_be_read(text):
    parsed = parse_search(text)
    assert parsed.tree is not None or parsed.ignored


@pytest.mark.parametrize("text", ["(" * 5000, "aa AND bb OR " * 26 + "cc", "a(" * 300])
def test_a_search_nested_without_end_is_refused_politely(text):
    parsed = parse_search(text)
    assert parsed.tree is None
    assert parsed.refused
    assert parsed.refused in parsed.ignored


def test_the_deepest_search_that_is_made_needs_little_stack(tmp_path):
    tree = parse_search("aa" + " AND bb OR cc" * 24).tree
    found = []

    def look_up():
        with (
            open_library(tmp_path, starter=False) as library,
            open_holdings(tmp_path, library) as holdings,
        ):
            found.append(holdings.search(tree, limit=5))

    usual = threading.stack_size(512 * 1024)  # macOS gives a thread no more
    try:
        thread = threading.Thread(target=look_up)
        thread.start()
    finally:
        threading.stack_size(usual)
    thread.join()
    assert found == [((), 0)]


@pytest.mark.parametrize(
    "text",
    [
        "tea " * 60_000,
        " OR ".join(f"w{n}" for n in range(10_001)),
        " OR ".join(f"word{n}*" for n in range(500)),
        " ".join(['"a1 b1 c1 d1"[ti:~5]'] * 20),
        " ".join(str(90_000_000 + n) for n in range(10_001)),
    ],
)
def test_a_search_too_large_for_anybody_to_have_meant_it_is_refused(text):
    parsed = parse_search(text)
    assert parsed.tree is None
    assert parsed.refused.startswith("The search was not made: it has more than")


def test_a_name_of_very_many_words_is_read_at_once():
    assert parse_search("smith " * 30_000 + "[au]").tree is not None


def test_a_long_list_of_words_is_not_deep():
    assert (
        len(parse_search(" OR ".join(f"w{n}" for n in range(3000))).tree.parts) == 3000
    )


def test_terms_without_a_letter_or_digit_find_nothing():
    assert words_of(" *!") is None
    assert groups_tree([["tea"], ["!"]]) is None
    assert groups_tree([]) is None


# --- on a library -----------------------------------------------------------------

RECORDS = (
    Record(
        source="pubmed",
        pmid="90000001",
        title="Oolong and rest",
        year=2019,
        dates=(
            PartialDate(2019, 5, 7, "day", "PubDate"),
            PartialDate(2020, 1, 2, "day", "History:entrez"),
        ),
        authors=(Author("Roe", "Jane", "JK"), Author("Müller", "", "C")),
        journal="Journal of Invented Results",
        journal_abbreviation="J Inv Res",
        publication_types=("Journal Article", "Review"),
        mesh=(
            MeshHeading("Sleep", major=True, qualifiers=(Qualifier("drug effects"),)),
            MeshHeading("Sleep Deprivation"),
        ),
        supplementary=(Chemical("oolongine"),),
    ),
    Record(
        source="pubmed",
        pmid="90000002",
        title="Sleep deprivation in tasters",
        year=2021,
        authors=(Author("Roemer", "", "A"),),
        publication_types=("Case Reports",),
        mesh=(MeshHeading("Tea"),),
    ),
)


@pytest.fixture
def ask(tmp_path):
    with open_library(tmp_path, starter=False) as library:
        library.add(RECORDS, source="pubmed", query="q", when="2026-11-22")
        holdings = open_holdings(tmp_path, library)

        def found(text, **more):
            return search_library(holdings, Query(text=text, **more))

        yield found


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("oolong", "1"),
        ("sleep", "12"),
        ("sleep[mh]", "1"),
        ("sleep deprivation[mh]", "1"),
        ("sleep/drug effects[mh]", "1"),
        ("sleep[majr]", "1"),
        ("sleep deprivation[majr]", ""),
        ("sleep depriv*[mh]", "1"),
        ("sleep[ti]", "2"),
        ("sleep[tiab]", "2"),
        ("oolongine[nm]", "1"),
        ("review[pt]", "1"),
        ("report[pt]", ""),
        ("roe[au]", "1"),
        ("roe j[au]", "1"),
        ("roe x[au]", ""),
        ("muller c[au]", "1"),
        ("j inv res[ta]", "1"),
        ("2019[dp]", "1"),
        ("2020:2022[dp]", "2"),
        ("2019/06:2022[dp]", "2"),
        ("2020[crdt]", "1"),
        ("90000002[pmid]", "2"),
        ("sleep NOT oolong", "2"),
        ("oolong OR tasters", "12"),
        ("oolong tasters", ""),
    ],
)
def test_every_tag_looks_where_it_says(ask, text, numbers):
    found = ask(text)
    assert sorted(record.pmid[-1] for record in found.records) == list(numbers)
    assert found.logs[0].count == len(numbers)
    assert found.logs[0].ignored == ()


def test_the_querys_own_dates_and_limit_hold(ask):
    assert [r.pmid for r in ask("sleep", since="2020").records] == ["90000002"]
    assert [r.pmid for r in ask("sleep", until="2020/12/31").records] == ["90000001"]
    limited = ask("sleep", limit=1)
    assert (limited.logs[0].count, limited.logs[0].retrieved) == (2, 1)


def test_the_querys_own_order_holds(ask):
    by_date = ask("sleep", sort="pub_date").records
    assert [record.year for record in by_date] == [2021, 2019]
    by_author = ask("sleep", sort="Author").records
    assert [record.authors[0].last_name for record in by_author] == ["Roe", "Roemer"]


def test_a_search_of_which_nothing_is_left_is_a_problem_not_zero_hits(ask):
    found = ask("hypnotics[pa]")
    assert found.logs[0].failed
    assert found.problems
    assert found.records == ()

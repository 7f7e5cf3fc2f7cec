"""The stand-in reads queries as PubMed does, and counts as a set algebra does."""

import re
from contextlib import suppress
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.standin import invented_xml
from tests.standin.engine import run_query
from tests.standin.index import Index
from tests.standin.query import UnreadableQueryError
from tests.standin.records import read_day, split_records

INVENTED = Index(split_records(invented_xml()))


@pytest.mark.parametrize(
    ("term", "pmids"),
    [
        # tags bind to the term before, operators go from left to right
        ("lunaroot[ti] OR apigenin[ti] AND rats[mh]", {41}),
        ("lunaroot[ti] OR (apigenin[ti] AND mice[mh])", {37, 39, 40, 41}),
        ("lunaroot[ti] NOT rats[mh]", {39, 40}),
        ("lunaroot[ti] rats[mh]", {41}),
        ("lunaroot & rats[mh]", {41}),
        # phrases, truncation, proximity
        ('"leg cramps"[tiab]', {31}),
        ("leg cramps[tiab]", {31}),
        ('"cramps leg"[tiab]', {31}),  # not a phrase: each word
        ('"cramps leg"[tiab:~0]', {31}),
        ('"cramps nocturnal"[tiab:~0]', set()),
        ('"cramps nocturnal"[tiab:~1]', {31}),
        ("delir*[tiab]", {23}),
        ('"drug interac*"[mh]', {11, 36}),
        ("del*[ti]", set()),  # too short: the word "del"
        # headings explode, unless told not to; entry terms lead to them
        ("lavandula[mh]", {38}),
        ("mitragyna/pharmacokinetics[mh]", {8}),
        ("clinical trial[pt:noexp]", {8, 51}),
        ("clinical trial[pt] AND jet[ti]", {21}),
        ("substance-related disorders[mh]", {2, 9, 42, 43}),
        ("substance-related disorders[mh:noexp]", set()),
        ("valerian[majr] AND driving[ti]", {20}),
        ("jet lag syndrome[majr]", {21}),  # the star is on the heading …
        ("threshold[mh] OR pain threshold[majr]", {49}),  # … or on its qualifier
        # substances, registrations, authors, languages, dates, ids
        ("7-hydroxymitragynine[nm]", {7, 48}),
        ("valerenic*[nm]", {15, 18}),
        ("NCT90000022[si]", {22}),
        ("ClinicalTrials.gov/NCT90000022[si]", {22}),
        ("Ferro LC[au]", {1, 58}),
        ("ferro[au]", {1, 58}),
        ("fabel n[1au]", {13}),
        ("Invented Sleep Study Group[cn]", {56}),
        ("ger[la] OR spanish[la]", {53, 57}),
        ("90000003[pmid] OR 90000005:90000006[uid]", {3, 5, 6}),
        ("10.99999/invented.90000009[doi]", {9}),
        ("90000007 90000008", {7, 8}),
        ("valerian 2022[dp]", {15}),
        ('valerian AND "2022/03/01"[dp] : "2022/03/31"[dp]', {15}),
        ("lunaroot AND 2025:3000[crdt]", {39, 40, 41}),
        # year only is 1 January, month only is its first day, winter is January
        ("2021/01/01[dp]", {11, 29}),
        ("1958/01/01[dp]", {59}),
        ("2011/11[dp]", {56}),
        # filters
        ("retracted publication[pt]", {13}),
        ("retraction notice[pt]", {14}),
        ("hasretractionin", {13}),
        ("hasexpressionofconcernfor[sb]", {26}),
        ("haserratumin", {29}),
        ("pubmed books[sb]", {60}),
        ("publisher[sb] AND lunaroot", {39, 40}),
        # keywords and other abstracts belong to [tiab]; mixed content is text
        ("postpartum[tiab]", {34}),
        ("embarazadas[tiab]", {57}),
        ("embarazo[tiab]", set()),
        ("embarazo[tt]", {57}),
        ("Mg2[ti] OR H2O[ti]", {54}),
        ("perez n[au]", {57}),
        # words that PubMed leaves out or reads in its own way
        ("apigenin and mice", {37}),
        ("apigenin[nosuchtag]", {37}),
        ("(apigenin OR lunaroot)[mh]", {37, 39, 40, 41}),
        ("apigenin zzqxqzz", {37}),
        ("apigenin[ti] AND zzqxqzz[ti]", set()),
        ("the[tiab]", set()),
        ("[pdat]", set()),
        ("“leg cramps”[tiab]", {31}),
        ("hasabstract AND apigenin", {37}),
    ],
)
def test_a_query_finds_exactly(term, pmids):
    found = {pmid - 90_000_000 for pmid in run_query(INVENTED, term).rows}
    assert found == pmids


@pytest.mark.parametrize(
    ("term", "translation"),
    [
        ("kratom[tiab]", '"kratom"[Title/Abstract]'),
        ("sleep", '"sleep"[MeSH Terms] OR "sleep"[All Fields]'),
        (
            "insomnia[mh]",
            '"sleep initiation and maintenance disorders"[MeSH Terms]',
        ),
        (
            "sleep AND kratom[ti]",
            '("sleep"[MeSH Terms] OR "sleep"[All Fields]) AND "kratom"[Title]',
        ),
        ("insomn*[tiab]", '"insomn*"[Title/Abstract]'),
        ('"sleep kratom"[tiab:~3]', '"sleep kratom"[Title/Abstract:~3]'),
        ("rats[mh:noexp]", '"rats"[MeSH Terms:noexp]'),
        ("2021[dp]", "2021/01/01:2021/12/31[Date - Publication]"),
        ("kratom[tiabb]", '"kratom"[All Fields]'),
        (
            "(kratom[ti] OR valerian[ti])[tiab] AND mice[mh]",
            '("kratom"[Title] OR "valerian"[Title]) AND "mice"[MeSH Terms]',
        ),
        (
            "kratom[ti] OR valerian[ti] AND mice[mh]",
            '("kratom"[Title] OR "valerian"[Title]) AND "mice"[MeSH Terms]',
        ),
        ("mitragynine", '"mitragynine"[Supplementary Concept] OR '
                        '"mitragynine"[All Fields]'),
        ("zzqxqzz", "(zzqxqzz[All Fields])"),
    ],
)  # fmt: skip
def test_a_translation_is_printed_as_pubmed_prints_it(term, translation):
    assert run_query(INVENTED, term).translation == translation


def test_a_word_that_no_record_has_is_not_yet_unknown():
    known = run_query(INVENTED, "kratom safety zzqxqzz")
    assert known.rows == frozenset()
    assert known.phrases_not_found == ["zzqxqzz"]
    assert '"safety"[All Fields]' in known.translation


WORDS = ("kratom", "sleep", "valerian", "placebo", "mice", "withdrawal", "liver")
TREES = st.recursive(
    st.sampled_from(WORDS),
    lambda inner: st.tuples(inner, st.sampled_from(("AND", "OR", "NOT")), inner),
    max_leaves=6,
)


def plain_texts():
    """Return each record's title, abstracts and keywords, read in the plainest way."""
    paths = ("Article/ArticleTitle", "ArticleTitle", "Book/BookTitle")
    found = {}
    for element in ElementTree.fromstring(invented_xml()):
        main = element[0]
        parts = [*main.iter("AbstractText"), *main.iter("Keyword")]
        parts += [part for path in paths for part in main.iterfind(path)]
        said = " ".join(" ".join(part.itertext()) for part in parts).lower()
        found[int(main.findtext("PMID"))] = set(re.findall(r"\w+", said))
    return found


PLAIN = plain_texts()


def write_tree(tree):
    if isinstance(tree, str):
        return f"{tree}[tiab]"
    return f"({write_tree(tree[0])} {tree[1]} {write_tree(tree[2])})"


def read_tree(tree):
    if isinstance(tree, str):
        return {pmid for pmid, words in PLAIN.items() if tree in words}
    left, right = read_tree(tree[0]), read_tree(tree[2])
    joined = {"AND": left & right, "OR": left | right, "NOT": left - right}
    return joined[tree[1]]


@settings(deadline=None)
@given(TREES)
def test_boolean_queries_are_the_algebra_of_sets(tree):
    answer = run_query(INVENTED, write_tree(tree))
    assert answer.rows == read_tree(tree)
    assert run_query(INVENTED, answer.translation).rows == answer.rows


@settings(deadline=None)
@given(st.text(alphabet='ab ()[]":*~#AND&|kratom01-/,', max_size=40))
def test_no_query_breaks_the_engine(text):
    with suppress(UnreadableQueryError, KeyError):
        assert run_query(INVENTED, text).rows <= INVENTED.everything


@pytest.mark.parametrize(
    ("xml", "day"),
    [
        ("<Year>2021</Year>", 20210101),
        ("<Year>2021</Year><Month>Mar</Month>", 20210301),
        ("<Year>2021</Year><Month>03</Month><Day>9</Day>", 20210309),
        ("<Year>2021</Year><Season>Fall</Season>", 20211001),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", 19981201),
        ("<MedlineDate>2000 Spring</MedlineDate>", 20000401),
        ("<MedlineDate>2000 7-15</MedlineDate>", 20000101),
        ("<MedlineDate>unknown</MedlineDate>", 0),
        ("<Year>soon</Year>", 0),
    ],
)
def test_a_date_is_indexed_at_its_first_day(xml, day):
    assert read_day(ElementTree.fromstring(f"<PubDate>{xml}</PubDate>")) == day

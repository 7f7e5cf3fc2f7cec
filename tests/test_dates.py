"""Dates keep what their source knew: precision, origin, and words that say more."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.dates import date_order, parse_date, parse_date_text, parse_iso_date

FREE_TEXT = [
    ("1998 Dec-1999 Jan", (1998, 12, 0, "range")),
    ("2000 Spring", (2000, 4, 0, "season")),
    ("Spring 1979", (1979, 4, 0, "season")),
    ("2011 Nov-Dec", (2011, 11, 0, "range")),
    ("Dec 1998-Jan 1999", (1998, 12, 0, "range")),
    ("2000 7-15", (2000, 0, 0, "range")),
    ("1976-1977", (1976, 0, 0, "range")),
    ("1977 Apr 17-21", (1977, 4, 17, "range")),
    ("1977 Aug 27-Sep 3", (1977, 8, 27, "range")),
    ("2000 Dec 23- 30", (2000, 12, 23, "range")),
    ("2021 Apr-Jun 01", (2021, 4, 0, "range")),
    ("2021 3rd Quarter", (2021, 7, 0, "range")),
    ("1979-1980 Fall-Winter", (1979, 10, 0, "range")),
    ("1978 Autumn", (1978, 10, 0, "season")),
    ("1999 Winter", (1999, 1, 0, "season")),
    ("12 March 1999", (1999, 3, 12, "day")),
    ("1999 Sept", (1999, 9, 0, "month")),
    ("1999 Christmas", (1999, 0, 0, "year")),
    ("1999 Marbles", (1999, 0, 0, "year")),
    ("98 Dec", (0, 0, 0, "unknown")),
    ("", (0, 0, 0, "unknown")),
    ("Quarter 1999", (1999, 0, 0, "year")),
]


@pytest.mark.parametrize(("text", "expected"), FREE_TEXT)
def test_free_text_gives_its_first_date_and_keeps_its_words(text, expected):
    date = parse_date_text(text)
    assert date[:4] == expected
    assert date.origin == "MedlineDate"
    assert date.text == text


PARTS = [
    (("2021",), (2021, 0, 0, "year", "")),
    (("2021", "Mar"), (2021, 3, 0, "month", "")),
    (("2021", "3"), (2021, 3, 0, "month", "")),
    (("2021", "march", "05"), (2021, 3, 5, "day", "")),
    (("2020", "02", "29"), (2020, 2, 29, "day", "")),
    (("2021", "02", "29"), (2021, 2, 0, "month", "2021 02 29")),
    (("2021", "Feb", "29"), (2021, 2, 0, "month", "2021 Feb 29")),
    (("2021", "13", "1"), (2021, 0, 0, "year", "2021 13 1")),
    (("2021", "", "", "Apr-Jun"), (2021, 4, 0, "range", "2021 Apr-Jun")),
    (("2021", "", "", "Summer"), (2021, 7, 0, "season", "2021 Summer")),
    (("0000", "1", "1"), (0, 0, 0, "unknown", "0000 1 1")),
    (("2021", "", "15"), (2021, 0, 0, "year", "2021 15")),
    (("soon",), (0, 0, 0, "unknown", "soon")),
    (("٢٠٢١",), (0, 0, 0, "unknown", "٢٠٢١")),
]


@pytest.mark.parametrize(("parts", "expected"), PARTS)
def test_parts_give_a_date_and_nonsense_keeps_its_words(parts, expected):
    date = parse_date(*parts, origin="History:entrez")
    assert date == (*expected[:4], "History:entrez", expected[4])


def test_an_iso_date_is_read_with_either_sign():
    assert parse_iso_date("2018/10/9") == parse_iso_date("2018-10-09")
    assert parse_iso_date("2018-10")[:4] == (2018, 10, 0, "month")
    assert parse_iso_date("tomorrow").precision == "unknown"


def test_dates_sort_as_pubmed_sorts_them():
    ordered = [
        parse_date_text("n.d."),
        parse_date_text("1998 Dec-1999 Jan"),
        parse_date("1999"),
        parse_date("1999", "Jan", "2"),
        parse_date("1999", season="Spring"),
        parse_date("1999", "Apr", "2"),
        parse_date("1999", season="Summer"),
        parse_date("1999", season="Fall"),
        parse_date_text("1999 Nov-Dec"),
    ]
    assert sorted(ordered[4:] + ordered[:4], key=date_order) == ordered
    assert date_order(parse_date("1999", season="Winter")) == (1999, 1, 1)


@given(st.text() | st.from_regex(r"[0-9]{4} [A-Za-z0-9 /-]{0,20}"))
def test_any_text_gives_a_possible_date(text):
    date = parse_date_text(text)
    assert date.year == 0 or 1000 <= date.year <= 9999
    assert 0 <= date.month <= 12
    assert 0 <= date.day <= 31
    assert (date.precision == "unknown") == (date.year == 0)
    assert not date.day or date.month
    assert date.text == " ".join(text.split())


@given(*[st.text(max_size=6) for _ in range(4)])
def test_any_parts_give_a_date(year, month, day, season):
    date = parse_date(year, month, day, season, "PubDate")
    assert date.origin == "PubDate"
    assert date.precision in {"day", "month", "season", "range", "year", "unknown"}


def test_every_medline_date_of_the_real_records_is_read(shared):
    found = set()
    for path in (shared / "pubmed").glob("*.xml"):
        words = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"<MedlineDate>([^<]+)", words))
    assert found
    assert all(parse_date_text(text).precision == "range" for text in found)

"""A date as precise as its source was, read from the parts and words of PubMed.

The order of dates follows NLM's own sorting rule (PubMed Help, "Sort by publication
date"): no month counts as January, a range as its first month, winter as January,
spring as April, summer as July, fall as October.
"""

import re
from calendar import monthrange
from functools import lru_cache

from assay.record import PartialDate

_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec".split()
MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
"""The first three letters of an English month, in lower case, and its number."""

SEASONS = {"winter": 1, "spring": 4, "summer": 7, "fall": 10, "autumn": 10}
"""The month that stands for a season in NLM's order."""

_QUARTERS = {"1": 1, "2": 4, "3": 7, "4": 10}
_MONTH_WORD = re.compile(
    r"(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)"
    r"(uary|ruary|ch|il|e|y|ust|tember|ember|ober)?"
)
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[-–—/&]")
_RANGE_SIGNS = frozenset("-–—/&") | {"to", "and"}


@lru_cache(maxsize=4096)
def parse_date(
    year: str, month: str = "", day: str = "", season: str = "", origin: str = ""
) -> PartialDate:
    """Return the date that PubMed's elements Year, Month, Day and Season name.

    A month is "Jan", "January", "1" or "01". Parts that make no date are read as free
    text (see `parse_date_text`), so that what can be read is kept, with the words.

    >>> parse_date("2021", "Mar", "4", origin="PubDate")[:4]
    (2021, 3, 4, 'day')
    >>> date = parse_date("2021", season="Summer")
    >>> date.month, date.precision, date.text
    (7, 'season', '2021 Summer')
    >>> parse_date("2021", "Feb", "31")[:4]
    (2021, 2, 0, 'month')
    """
    number = _month(month)
    words = " ".join(filter(None, (year, month, season, day)))
    if not _is_year(year) or season or bool(month) != bool(number):
        return parse_date_text(words, origin)
    if _is_day(day, int(year), number):
        return PartialDate(int(year), number, int(day), "day", origin)
    precision = "month" if number else "year"
    return PartialDate(int(year), number, 0, precision, origin, words if day else "")


def parse_date_text(text: str, origin: str = "MedlineDate") -> PartialDate:
    """Return the first date that free text names, and the text itself.

    Reads the forms that stand in MedlineDate: "1998 Dec-1999 Jan", "2000 Spring",
    "2011 Nov-Dec", "1977 Aug 27-Sep 3", "1976-1977", "2021 3rd Quarter", and the same
    with the year last. Without a year of four digits the precision is "unknown".

    >>> parse_date_text("1998 Dec-1999 Jan")[:4]
    (1998, 12, 0, 'range')
    >>> parse_date_text("Spring 1979")[:4]
    (1979, 4, 0, 'season')
    >>> parse_date_text("in press")
    PartialDate(year=0, month=0, day=0, precision='unknown', origin='MedlineDate', \
text='in press')
    """
    text = " ".join(text.split())
    words = _TOKEN.findall(text.lower())
    years = [int(word) for word in words if _is_year(word)]
    if not years:
        return PartialDate(0, 0, 0, "unknown", origin, text)
    month, day, precision = _first_month(words, years[0])
    if _RANGE_SIGNS.intersection(words):
        precision = "range"
    return PartialDate(years[0], month, day, precision, origin, text)


def parse_iso_date(text: str, origin: str = "") -> PartialDate:
    """Return the date of "2021", "2021-03", "2021-03-14" or the same with slashes.

    A time after the day is left out; other words are read by `parse_date_text`.

    >>> parse_iso_date("2018/10/09", "VersionDate")[:4]
    (2018, 10, 9, 'day')
    >>> parse_iso_date("2021-03-14T10:00:00Z").day
    14
    """
    match = re.fullmatch(r"(\d{4})(?:[-/](\d\d?)(?:[-/](\d\d?)(?:[T ].*)?)?)?", text)
    if match is None:
        return parse_date_text(text, origin)
    return parse_date(match[1], match[2] or "", match[3] or "", origin=origin)


def date_order(date: PartialDate) -> tuple[int, int, int]:
    """Return the key that sorts dates as NLM does; a date without a year comes first.

    >>> date_order(parse_date_text("2000 Fall")) > date_order(parse_date("2000"))
    True
    """
    return date.year, date.month or 1, date.day or 1


def _first_month(words: list[str], year: int) -> tuple[int, int, str]:
    """Return the month, day and precision of the first month, season or quarter."""
    for at, word in enumerate(words):
        if word in SEASONS:
            return SEASONS[word], 0, "season"
        if word == "quarter" and at > 1 and words[at - 2] in _QUARTERS:
            return _QUARTERS[words[at - 2]], 0, "range"
        if month := _month(word) if word.isalpha() else 0:
            beside = (*words[at + 1 : at + 2], *words[max(at - 1, 0) : at])
            days = [int(day) for day in beside if _is_day(day, year, month)]
            return month, *((days[0], "day") if days else (0, "month"))
    return 0, 0, "year"


def _month(word: str) -> int:
    if word.isdecimal():
        return int(word) if len(word) <= 2 and 1 <= int(word) <= 12 else 0
    word = word.lower()
    return MONTHS[word[:3]] if _MONTH_WORD.fullmatch(word) else 0


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdecimal() and word.isascii() and word[0] != "0"


def _is_day(word: str, year: int, month: int) -> bool:
    if not (month and word.isdecimal() and word.isascii() and len(word) <= 2):
        return False
    return 1 <= int(word) <= monthrange(year, month)[1]

"""Days as numbers (20210314): read from records, and from what a query says."""

import re
from datetime import date
from xml.etree import ElementTree

MONTHS = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
SEASONS = {"winter": 1, "spring": 4, "summer": 7, "fall": 10, "autumn": 10}


def read_day(element: ElementTree.Element | None) -> int:
    """Return a date as 20210314: no month is January, no day is the first; 0: none.

    Source: PubMed Help, sorting rule (ranges: first month; seasons: their first).
    """
    if element is None:
        return 0
    said = element.findtext("MedlineDate")
    if said is not None:
        year = re.search(r"\d{4}", said)
        names = [w.lower() for w in re.findall(r"[A-Za-z]+", said)]
        months = [read_month(name) for name in names if read_month(name)]
        return int(year[0]) * 10000 + (months or [1])[0] * 100 + 1 if year else 0
    year_text = (element.findtext("Year") or "").strip()
    if not year_text.isdigit():
        return 0
    month = read_month(element.findtext("Month") or element.findtext("Season") or "")
    day = element.findtext("Day") or ""
    return int(year_text) * 10000 + (month or 1) * 100 + (int(day) if day else 1)


def read_month(text: str) -> int:
    """Return 1 to 12 for "Mar", "03", "Spring"; 0 when it is none of them."""
    text = text.strip().lower()
    if text.isdigit():
        return int(text)
    return MONTHS.index(text[:3]) + 1 if text[:3] in MONTHS else SEASONS.get(text, 0)


def date_of(day: int) -> date:
    """Return 20210314 as a date."""
    return date(day // 10000, day // 100 % 100, day % 100)


def read_date(text: str) -> list[int] | None:
    match = re.fullmatch(r"(\d{4})(?:[/-](\d{1,2}))?(?:[/-](\d{1,2}))?", text.strip())
    return [int(part) for part in match.groups() if part] if match else None


def first_day(text: str) -> int:
    """Return the first day that a date means, as 20210101; 0 when unreadable."""
    if text.strip() == "0001":
        return 10101
    found = read_date(text)
    year, month, day = (*(found or [0]), 1, 1)[:3]
    return year * 10000 + month * 100 + day if found else 0


def last_day(text: str) -> int:
    """Return the last day that a date means, as 20211231; 0 when unreadable."""
    found = read_date(text)
    if not found:
        return 0
    year, month, day = (*found, *(12, 31)[len(found) - 1 :])[:3]
    return year * 10000 + month * 100 + day


def say_day(day: int) -> str:
    """Return 2021/03/14 for 20210314."""
    return f"{day // 10000:04}/{day // 100 % 100:02}/{day % 100:02}"

"""The numbers that records are searched by: PMIDs, and days such as 20210314.

Which date is which is PubMed's own rule (PubMed help; E-utilities help, PubStatus).
"""

from assay.record import PartialDate, Record

_BY_ORIGIN = {
    "ArticleDate:Electronic": "electronic",
    "History:pubmed": "entered",
    "History:entrez": "created",
    "History:medline": "indexed",
    "DateCompleted": "completed",
    "DateRevised": "revised",
}
"""Origin of a date → its field."""

MOST_DIGITS = 16
"""Digits of what is no PMID any more; PubMed's have eight, and an index has room for
nineteen."""

_PRINTED = frozenset({"PubDate", "MedlineDate"})


def find_numbers(record: Record) -> dict[str, list[int]]:
    """Return the number fields of a record, those without a value left out.

    A missing month or day counts as the first (PubMed indexes them so). A record is
    sorted by its print date, else by the first date known.

    >>> find_numbers(Record(source="x", pmid="90000001", year=2021))
    {'pmid': [90000001], 'published': [20210101], 'day': [20210101]}
    """
    found: dict[str, list[int]] = {}
    if record.pmid.isdecimal() and len(record.pmid) < MOST_DIGITS:
        found["pmid"] = [int(record.pmid)]
    for date in record.dates:
        name = _BY_ORIGIN.get(date.origin)
        if name and date.year > 0 and name not in found:
            found[name] = [day_number(date)]
    if "entered" in found:
        found.setdefault("indexed", found["entered"])
    found |= _published(record, found.get("electronic", []))
    cited = _cited(record)
    if cited:
        found["cites"] = cited
    return found


def _published(record: Record, electronic: list[int]) -> dict[str, list[int]]:
    """Return the publication dates; an electronic one after the print date apart."""
    first = next((d for d in record.dates if d.year > 0), None)
    if first is None or not (record.dates[0].year or not record.year):
        first = PartialDate(record.year or 0)
    if first.year <= 0:
        return {}
    day = day_number(first)
    found = {"published": [day], "day": [day]}
    if first.origin in _PRINTED and record.publication_status != "aheadofprint":
        found["print"] = [day]
    if electronic and electronic[0] < day:
        found["published"] = [day, *electronic]
    elif electronic and electronic[0] > day:
        found["published_late"] = electronic
    return found


def _cited(record: Record) -> list[int]:
    """Return the PMIDs of a record's references, each once, by size."""
    cited = {
        value for _, ids in record.references for kind, value in ids if kind == "pubmed"
    }
    fine = (one for one in cited if one.isdecimal() and len(one) < MOST_DIGITS)
    return sorted(map(int, fine))


def day_number(date: PartialDate) -> int:
    """Return a date as a number; a missing month or day counts as the first.

    >>> day_number(PartialDate(2021, 3))
    20210301
    """
    return date.year * 10_000 + (date.month or 1) * 100 + (date.day or 1)

"""A record as a digest names it: its names, its design, and no text of its abstract."""

from assay.digest.model import Work
from assay.evidence.design import find_design
from assay.evidence.trust import find_size
from assay.library.merge import keys_of
from assay.library.prepare import is_preprint
from assay.record import Author, PartialDate, Record
from assay.text import fold

MANY = 3
"""Authors named before "et al." stands for the rest."""


def work_of(record: Record) -> Work:
    """Return the work that a record tells of, design and size as reports read them.

    >>> work = work_of(Record(source="x", pmid="90000001", title="Tea in 26 adults"))
    >>> work.key, work.names, work.size, work.preprint
    ('pmid:90000001', ('pmid:90000001',), 26, False)
    """
    names = keys_of(record)
    return Work(
        key=names[0],
        names=names,
        title=fold(record.title or record.vernacular_title),
        authors=_authors(record),
        journal=fold(
            record.journal or record.journal_abbreviation or record.book_title
        ),
        year=record.year,
        date=find_date(record),
        pmid=record.pmid,
        doi=record.doi,
        pmcid=record.pmcid,
        design=find_design(record),
        size=find_size(record),
        preprint=is_preprint(record),
        source=record.source,
    )


def find_date(record: Record) -> str:
    """Return the day of publication as far as it is known: YYYY, YYYY-MM, YYYY-MM-DD.

    "" when no year is known. Of a season only the year is told, of a range its first
    month.

    >>> from assay.record import PartialDate
    >>> find_date(Record(source="x", year=2021, dates=(PartialDate(2021, 3, 4),)))
    '2021-03-04'
    >>> find_date(Record(source="x", year=2021)), find_date(Record(source="x"))
    ('2021', '')
    """
    first = next(iter(record.dates), PartialDate(0))
    date = first if _is_year(first.year) else PartialDate(record.year or 0)
    if not _is_year(date.year):
        return ""
    if date.precision == "season" or not 1 <= date.month <= 12:
        return f"{date.year:04}"
    day = f"-{date.day:02}" if 1 <= date.day <= 31 else ""
    return f"{date.year:04}-{date.month:02}{day}"


def _is_year(year: int) -> bool:
    return 1 <= year <= 9999


def _authors(record: Record) -> str:
    names = [name for author in record.authors if (name := _name(author))]
    more = len(names) > MANY or (names and not record.authors_complete)
    return ", ".join(names[:MANY]) + (", et al." if more else "")


def _name(author: Author) -> str:
    """Return "Fabel N", or a group's name; "" for a name that was corrected away."""
    if not author.valid:
        return ""
    person = f"{author.last_name} {author.initials or author.fore_name}"
    return fold(author.collective or f"{person} {author.suffix}")

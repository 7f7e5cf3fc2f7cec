"""What of a record can be searched, as plain words: the same for text and query.

Words are runs of letters and digits in lower case, accents removed; everything else
parts them. So "7-Hydroxymitragynine" is the two words 7 and hydroxymitragynine, in a
record and in a query alike. Nothing is stemmed.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from assay.library.merge import keys_of
from assay.record import Author, MeshHeading, PartialDate, Record
from assay.text import record_sections

_PLAIN = re.compile(r"[a-z0-9]+")
_WORD = re.compile(r"[^\W_]+")
_ACCENT = re.compile(r"[\u0300-\u036f]+")

TEXT_FIELDS = ("text", "tiab", "title")
"""Searched word by word. Each value stands apart: no phrase runs from one to the next.

text: title, abstract or summary, keywords, MeSH, chemicals, supplementary concepts.
tiab: title, abstract or summary, keywords."""

EXACT_FIELDS = ("mesh", "majr", "substance", "pubtype", "author", "journal", "id")
"""Searched as whole values, e.g. "sleep initiation and maintenance disorders"."""

DATE_FIELDS = ("published", "created")
"""Days as numbers, e.g. 20210314; a missing month or day counts as the first."""


def split_words(text: str) -> list[str]:
    """Return the words of a text in the one form in which they are searched.

    >>> split_words("7\\u2010OH-Mitragynine: ÉTUDE")
    ['7', 'oh', 'mitragynine', 'etude']
    """
    if text.isascii():
        return _PLAIN.findall(text.lower())
    folded = unicodedata.normalize("NFKD", text).casefold()
    bare = _ACCENT.sub("", unicodedata.normalize("NFKD", folded))
    return _WORD.findall(bare)


def searchable_text(record: Record) -> dict[str, list[str]]:
    """Return the values of every text and exact field, their words joined by blanks.

    >>> searchable_text(Record(source="x", title="A b-c"))["title"]
    ['a b c']
    """
    title = _values([record.title])
    parts = [section.text for section in record_sections(record)]
    tiab = _values([*parts, *(keyword.text for keyword in record.keywords)])
    names = [heading.descriptor for heading in record.mesh]
    substances = [c.name for c in (*record.chemicals, *record.supplementary)]
    return {
        "text": tiab + _values([record.population, *names, *substances]),
        "tiab": tiab,
        "title": title,
        "mesh": _values(_headings(record.mesh)),
        "majr": _values(_headings(h for h in record.mesh if h.major)),
        "substance": _values(substances),
        "pubtype": _values(record.publication_types),
        "author": _values(_names((*record.authors, *record.investigators))),
        "journal": _values([record.journal, record.journal_abbreviation, record.issn]),
        "id": list(keys_of(record)),
    }


def searchable_dates(record: Record) -> dict[str, int]:
    """Return the day of each date field that is known.

    >>> searchable_dates(Record(source="x", year=2021))
    {'published': 20210101}
    """
    published = next(iter(record.dates), PartialDate(record.year or 0))
    created = [d for d in record.dates if d.origin == "History:entrez"]
    found = {"published": published, **({"created": created[0]} if created else {})}
    if not published.year and record.year:
        found["published"] = PartialDate(record.year)
    return {name: _day(date) for name, date in found.items() if date.year > 0}


def _day(date: PartialDate) -> int:
    return date.year * 10_000 + max(date.month, 1) * 100 + max(date.day, 1)


def _values(texts: Iterable[str]) -> list[str]:
    return [words for text in texts if (words := " ".join(split_words(text)))]


def _headings(mesh: Iterable[MeshHeading]) -> Iterator[str]:
    for heading in mesh:
        yield heading.descriptor
        yield from (f"{heading.descriptor} {q.name}" for q in heading.qualifiers)


def _names(authors: Iterable[Author]) -> Iterator[str]:
    """Yield what an author is looked up by: "smith ke", or every word of the name.

    A name of which the parts are not known ("Jane M. Roe") is found by any of them.
    """
    for author in authors:
        if author.initials:
            yield f"{author.last_name} {author.initials}"
        else:
            name = f"{author.last_name} {author.fore_name} {author.collective}"
            yield name
            yield from split_words(name)

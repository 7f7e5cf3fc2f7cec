"""Records as rows of a table: what CSV and Parquet have in common."""

import re
from collections.abc import Mapping

from assay.exchange.flat import Flat, build, flatten
from assay.record import Record

COLUMNS = (
    "pmid", "doi", "pmcid", "title", "authors", "year", "date", "journal", "volume",
    "issue", "pages", "publication_types", "language", "abstract", "keywords", "mesh",
    "source", "standing", "notices", "trials", "summary", "vernacular_title",
    "journal_abbreviation", "issn", "book_title", "editors", "publisher", "isbns",
    "notes",
)  # fmt: skip
"""In the order written. `summary` is assay's own words, never the authors'."""

NAMES = {
    "authors": "author", "publication_types": "type", "keywords": "keyword",
    "notices": "notice", "trials": "trial", "notes": "note", "isbns": "isbn",
    "vernacular_title": "vernacular", "journal_abbreviation": "abbreviation",
    "book_title": "book", "editors": "editor",
}  # fmt: skip
"""The name of `flat` behind a column that is not called like it."""

OTHERS = {
    "article title": "title", "document title": "title", "primary_title": "title",
    "author": "author", "author(s)": "author", "author names": "author",
    "author full names": "author", "first_authors": "author", "creators": "author",
    "publication year": "year", "publication_year": "year", "pub year": "year",
    "date published": "date", "publication date": "date",
    "pubmed id": "pmid", "pubmed_id": "pmid", "pubmedid": "pmid", "pm_id": "pmid",
    "pmc": "pmcid", "pmc id": "pmcid", "digital object identifier": "doi",
    "abstract note": "abstract", "abstracts": "abstract",
    "notes_abstract": "abstract",
    "journal/book": "journal", "publication title": "journal",
    "journal_name": "journal",
    "source title": "journal", "journal title": "journal",
    "secondary_title": "journal",
    "number": "issue", "page": "pages", "publication type": "type",
    "publication_type": "type", "document type": "type", "languages": "language",
    "keyword": "keyword", "author keywords": "keyword", "manual tags": "keyword",
    "mesh terms": "mesh", "mesh_terms": "mesh", "note": "note", "issn": "issn",
    "isbn": "isbn", "publisher": "publisher", "database": "source",
    "name_of_database": "source", "journal abbreviation": "abbreviation",
}  # fmt: skip
"""Headers of PubMed, Zotero, Scopus, ASReview and rispy, in lower case."""

_LISTS = {"type", "keyword", "mesh", "language", "isbn", "trial"}
_SENTENCES = {"notice", "note"}
_INITIALLED = re.compile(r"[^,;]+ [A-Z]{1,4}(?: (?:Jr|Sr|\d\w\w))?\.?")


def row_of(record: Record) -> tuple[str, ...]:
    """Return a record as the texts of its row, in the order of `COLUMNS`.

    Lists are parted by "; ", and inside their items ";" is written as ","; sentences
    (notices and notes) are parted by " | ".

    >>> dict(zip(COLUMNS, row_of(Record(source="x", year=2021)), strict=True))["year"]
    '2021'
    """
    flat = flatten(record)
    return tuple(_cell(flat, NAMES.get(name, name)) for name in COLUMNS)


def name_of_column(header: str) -> str:
    """Return the name of `flat` that a header stands for, "" for none.

    >>> name_of_column(" Journal/Book "), name_of_column("colour")
    ('journal', '')
    """
    header = header.strip().lower()
    if header in COLUMNS:
        return NAMES.get(header, header)
    return OTHERS.get(header, OTHERS.get(header.replace("_", " "), ""))


def record_of(source: str, row: Mapping[str, str]) -> Record:
    """Return the record of a row, given as texts by header; nothing is dropped.

    >>> record_of("csv", {"Title": "T", "Colour": "red"}).notes
    ('Colour: red',)
    """
    values: dict[str, list[str]] = {}
    for header, text in row.items():
        name = name_of_column(header)
        if not text.strip():
            continue
        if name in {"author", "editor"}:
            texts = split_authors(text)
        elif name in _SENTENCES:
            texts = text.split(" | ")
        elif name in _LISTS:
            texts = re.split(r"\s*;\s*", text)
        else:
            texts = [text]
        values.setdefault(name or header.strip() or "Column", []).extend(texts)
    return build(source, values)


def split_authors(text: str) -> list[str]:
    """Return the authors of one cell: parted by ";", or by "," after initials.

    >>> split_authors("Invented A, Made BC."), split_authors("Invented, Ann; A Group")
    (['Invented A', 'Made BC'], ['Invented, Ann', 'A Group'])
    """
    if ";" in text:
        return [part.strip() for part in text.split(";") if part.strip()]
    parts = [part.strip() for part in text.rstrip(" .").split(",")]
    if all(map(_INITIALLED.fullmatch, parts)):
        return parts
    return [text.strip()]


def _cell(flat: Flat, name: str) -> str:
    texts = flat.get(name, ())
    if name in _LISTS or name in {"author", "editor"}:
        return "; ".join(text.replace(";", ",") for text in texts)
    if name in _SENTENCES:
        return " | ".join(texts)
    return texts[0] if texts else ""

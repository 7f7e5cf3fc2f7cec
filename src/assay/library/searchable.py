"""What of a record can be searched: its values, field by field.

`search_fields` is the table of fields; the words are those of `search_words`.
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from assay.library.search_fields import RANKED
from assay.library.search_filters import find_filters
from assay.library.search_numbers import find_numbers
from assay.library.search_words import COMMA, STROKE, make_plain, split_words
from assay.record import Author, MeshHeading, Record
from assay.text import record_sections

Document: TypeAlias = dict[str, list[str] | list[int]]
"""Field → its values; a field without any is left out. Can be written as JSON."""


def searchable_document(record: Record) -> Document:
    """Return what of a record can be searched, by the fields of `search_fields`.

    >>> found = searchable_document(Record(source="x", pmid="90000001", title="A b-c"))
    >>> found["title"], found["pmid"]
    (['a b c'], [90000001])
    """
    words = {**_texts(record), **_more_texts(record)}
    values = {**_headings(record), **_people(record), **_place(record)}
    document: Document = {**make_plain(words), **make_plain(values, whole=True)}
    document |= find_numbers(record)
    for name, whole in (
        ("article_id", _ids(record)),
        ("language", [_clean(code) for code in record.languages]),
        ("isbn", [_clean(isbn.replace("-", "")) for isbn in record.isbns]),
        ("filter", find_filters(record)),
    ):
        if whole:
            document[name] = whole
    return document


def ranked_words(document: Document) -> list[str]:
    """Return the values of a document that it is ranked by.

    >>> ranked_words({"title": ["a b"], "pmid": [1], "subject": ["c"]})
    ['a b', 'c']
    """
    return [str(value) for name in RANKED for value in document.get(name, ())]


def _texts(record: Record) -> dict[str, list[str]]:
    sections = [part.text for part in record_sections(record)]
    others = [s.text for other in record.other_abstracts for s in other.sections]
    names = [heading.descriptor for heading in record.mesh]
    substances = [c.name for c in (*record.chemicals, *record.supplementary)]
    return {
        "title": [record.title],
        "abstract": sections[1:] if record.title else sections,
        "other_abstract": others,
        "keyword": [keyword.text for keyword in record.keywords],
        "subject": [record.population, *names, *substances],
    }


def _more_texts(record: Record) -> dict[str, list[str]]:
    people = (*record.authors, *record.investigators)
    groups = [person.collective for person in people if person.collective]
    grants = [part for grant in record.grants for part in grant if part]
    return {
        "label": [
            *{q.name: None for heading in record.mesh for q in heading.qualifiers},
            *record.publication_types,
            *record.subjects,
            *groups,
            *(f"{bank} {number}" for bank, number in record.accessions),
            *(part.note for part in record.corrections if part.note),
        ],
        "other": [
            *(f"{p.fore_name} {p.last_name} {p.initials}" for p in people),
            record.journal,
            record.journal_abbreviation,
            record.book_title,
            record.publisher,
            *(f"{p.fore_name} {p.last_name} {p.initials}" for p in record.editors),
            *grants,
            *(value for kind, value, _ in record.identifiers if kind != "pubmed"),
        ],
        "affiliation": [place for person in people for place in person.affiliations],
        "vernacular": [record.vernacular_title],
        "coi": [record.coi],
        "corporate": groups,
        "grant": grants,
        "book": [record.book_title],
        "publisher": [record.publisher],
    }


def _headings(record: Record) -> dict[str, list[str]]:
    pairs = [q.name for heading in record.mesh for q in heading.qualifiers]
    return {
        "mesh": list(_pairs(record.mesh)),
        "majr": list(_major_pairs(record.mesh)),
        "subheading": list(dict.fromkeys(pairs)),
        "pubtype": list(record.publication_types),
        "substance": [c.name for c in (*record.chemicals, *record.supplementary)],
        "registry": [
            c.registry_number for c in record.chemicals if c.registry_number != "0"
        ],
    }


def _pairs(mesh: Iterable[MeshHeading]) -> Iterator[str]:
    for heading in mesh:
        yield heading.descriptor
        for qualifier in heading.qualifiers:
            yield f"{heading.descriptor}{STROKE}{qualifier.name}"


def _major_pairs(mesh: Iterable[MeshHeading]) -> Iterator[str]:
    """Yield the starred headings; where no subheading has the star, all of them do."""
    for heading in mesh:
        if heading.major:
            yield heading.descriptor
            starred = [q.name for q in heading.qualifiers if q.major]
            for name in starred or [q.name for q in heading.qualifiers]:
                yield f"{heading.descriptor}{STROKE}{name}"


def _people(record: Record) -> dict[str, list[str]]:
    authors = [list(_names(author)) for author in record.authors]
    return {
        "author": [name for names in authors for name in names],
        "first_author": authors[0] if authors else [],
        "last_author": authors[-1] if authors else [],
        "author_id": [
            value.rpartition("/")[2]
            for author in record.authors
            for _, value in author.identifiers
        ],
        "investigator": [n for person in record.investigators for n in _names(person)],
        "editor": [n for person in record.editors for n in _names(person)],
        "person": [n for subject in record.subjects for n in _subject(subject)],
    }


def _names(person: Author) -> Iterator[str]:
    """Yield what a person is looked up by: "smith ja" and "smith, john adam".

    A name of which the parts are not known ("Jane M. Roe") is found by any of them.
    """
    last, fore, initials = person.last_name, person.fore_name, person.initials
    if initials:
        if not initials.isalpha():
            initials = "".join(filter(str.isalpha, initials))
        yield f"{last} {initials} {person.suffix}"
        if fore:
            yield f"{last}{COMMA}{fore}"
    elif last or fore:
        name = f"{last} {fore}"
        yield name
        yield from split_words(name)


def _subject(name: str) -> Iterator[str]:
    """Yield what a person that a record is about is looked up by."""
    fore, _, last = name.rpartition(" ")
    yield name
    if fore:
        yield f"{last} {''.join(word[0] for word in fore.split())}"
        yield f"{last}{COMMA}{fore}"


def _place(record: Record) -> dict[str, list[str]]:
    banks = [bank for bank, _ in record.accessions]
    return {
        "journal": [record.journal, record.journal_abbreviation, record.issn],
        "nlm_id": [record.nlm_id],
        "volume": [record.volume],
        "issue": [record.issue],
        "page": [record.pages.partition("-")[0].partition(",")[0]],
        "place": [record.country],
        "accession": [
            *dict.fromkeys(banks),
            *(number for _, number in record.accessions),
            *(f"{bank}{STROKE}{number}" for bank, number in record.accessions),
        ],
    }


def _ids(record: Record) -> list[str]:
    """Return the identifiers of the record itself, in small letters, each once."""
    own = [value for kind, value, _ in record.identifiers if kind != "pubmed"]
    values = (record.doi, record.pmcid, *own)
    return list(dict.fromkeys(_clean(value) for value in values if value))


def _clean(value: str) -> str:
    """Return a value in small letters that can be written as UTF-8."""
    if not value.isascii():
        value = value.encode("utf-8", "ignore").decode()
    return value.strip().lower()

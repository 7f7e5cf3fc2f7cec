"""A record as named lines of text, which is what every exchange format holds.

A format is then a table of its own tags for these names, and its syntax. What has no
tag in a format is a note, "Label: value", and is read back from there. Text is cleaned
of controls and put on one line, so that nothing in it can be taken for syntax.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from assay.dates import parse_iso_date
from assay.exchange.names import name_text, parse_name
from assay.ids import normal_doi, normal_pmcid, normal_pmid
from assay.library.retraction import standing_of
from assay.notice import Standing
from assay.output.clean import one_line
from assay.record import (
    Accession,
    Correction,
    Keyword,
    MeshHeading,
    PartialDate,
    Record,
    Section,
)
from assay.search import Problem
from assay.sources.pubmed_nbib import LINKS
from assay.text import fold

Parsed = tuple[tuple[Record, ...], tuple[Problem, ...]]
"""What a file holds: its records in order, and what of it could not be read."""

Flat = dict[str, tuple[str, ...]]
"""Values by name, in the order of the record; no empty ones."""

LABELS = {
    "vernacular": "Title as printed",
    "pmid": "PMID",
    "pmcid": "PMCID",
    "abbreviation": "Journal abbreviation",
    "type": "Publication type",
    "language": "Language",
    "mesh": "MeSH",
    "source": "Source",
    "trial": "Trial",
    "standing": "Standing",
    "summary": "Summary by assay",
}
"""How a name is written where a format has no tag for it; notices are `NOTICES`."""

NOTICES = frozenset(LINKS.values()) | {"PartialRetractionIn", "WithdrawalIn"}
"""Labels of links to notices, as `Correction.ref_type` has them."""

FILES = frozenset({"ris", "bibtex", "csl", "csv", "parquet", "nbib", "references"})
"""What `Record.source` is for a record that was read from a file."""

_NAMES = {label.lower(): name for name, label in LABELS.items()}
_LABELLED = re.compile(r"([A-Za-z][A-Za-z ]{2,40}):\s+(\S.*)", re.DOTALL)
_TAGS = re.compile(
    r"</?(?:i|b|u|em|strong|sub|sup|sc|jats:[a-z-]+|"
    r"span(?: (?:class|style)=\"[^\"]*\")?)>"
)
_PAGES = re.compile(r"([A-Za-z]*)(\d+)\s*[-‐-―]+\s*([A-Za-z]*)(\d+)")
_PMID_IN = re.compile(r"\s*\bPMID: (\d{1,9})\b")
_DOI_IN = re.compile(r"\s*\bDOI: (10\.\S+)", re.IGNORECASE)


class Label(NamedTuple):
    """A note's label and the rest of it."""

    name: str
    """A name of `LABELS`, "notice", or "" for a note without a known label."""
    text: str
    ref_type: str = ""


def flatten(record: Record) -> Flat:
    """Return a record as values by name; `build` reads them back.

    >>> flatten(Record(source="x", title="A\\n title", pages="101-9", year=2021))
    {'title': ('A title',), 'year': ('2021',), 'pages': ('101-109',), 'source': ('x',)}
    """
    date = record.dates[0] if record.dates else PartialDate(0)
    standing = standing_of(record)
    told = [note for note in record.notes if split_label(note).name != "source"]
    values: dict[str, Iterable[str]] = {
        "title": (record.title,),
        "vernacular": (record.vernacular_title,),
        "author": (name_text(author) for author in record.authors if author.valid),
        "editor": (name_text(author) for author in record.editors if author.valid),
        "year": (str(record.year) if record.year and record.year > 0 else "",),
        "date": (_iso(date),) if date.year == record.year else (),
        "journal": (record.journal,),
        "abbreviation": (record.journal_abbreviation,),
        "book": (record.book_title,),
        "publisher": (record.publisher,),
        "volume": (record.volume,),
        "issue": (record.issue,),
        "pages": (full_pages(record.pages),),
        "issn": (record.issn,),
        "isbn": record.isbns,
        "doi": (record.doi,),
        "pmid": (record.pmid,),
        "pmcid": (record.pmcid,),
        "abstract": (abstract_text(record),),
        "keyword": (keyword.text for keyword in record.keywords),
        "mesh": (heading.descriptor for heading in record.mesh),
        "type": record.publication_types,
        "language": record.languages,
        "source": (_origin(record),),
        "trial": (f"{entry.bank}/{entry.number}" for entry in record.accessions),
        "standing": (str(standing),) if standing is not Standing.SOUND else (),
        "notice": map(notice_text, record.corrections),
        "summary": (_summary(record),),
        "note": told,
    }
    lines = {name: _distinct(name, map(_line, texts)) for name, texts in values.items()}
    return {name: texts for name, texts in lines.items() if texts}


def build(source: str, values: Mapping[str, Iterable[str]]) -> Record:
    """Return the record that values by name make; nothing of them is dropped.

    A second value where a record holds one, an identifier that is none, and names that
    a record has no place for are kept as notes. `source` says what it was read from:
    a file that says "pubmed" of itself is not taken for PubMed's own word.

    >>> build("ris", {"title": ["T"], "doi": ["soon"], "C3": ["x"]}).notes
    ('DOI: soon', 'C3: x')
    """
    lines = {n: _distinct(n, map(plain, texts)) for n, texts in values.items()}
    given = _unlabelled(lines)
    taken = _Taken(given)
    year, dates, date_notes = _dates(taken)
    record = Record(
        source=source,
        pmid=taken.identifier("pmid", normal_pmid),
        doi=taken.identifier("doi", normal_doi),
        pmcid=taken.identifier("pmcid", normal_pmcid),
        title=taken.one("title"),
        vernacular_title=taken.one("vernacular"),
        abstract=tuple(Section(text) for text in (taken.one("abstract"),) if text),
        year=year,
        dates=dates,
        authors=tuple(map(parse_name, taken.all("author"))),
        editors=tuple(map(parse_name, taken.all("editor"))),
        journal=taken.one("journal"),
        journal_abbreviation=taken.one("abbreviation"),
        book_title=taken.one("book"),
        publisher=taken.one("publisher"),
        issn=taken.one("issn"),
        isbns=taken.all("isbn"),
        volume=taken.one("volume"),
        issue=taken.one("issue"),
        pages=full_pages(taken.one("pages")),
        languages=taken.all("language"),
        publication_types=taken.all("type"),
        keywords=tuple(Keyword(text, "NOTNLM") for text in taken.all("keyword")),
        mesh=tuple(MeshHeading(text) for text in taken.all("mesh")),
        accessions=tuple(map(_accession, taken.all("trial"))),
        corrections=tuple(map(parse_notice, taken.all("notice"))),
    )
    said = taken.all("standing")
    if said and said != (str(standing_of(record)),):
        taken.notes += [f"{LABELS['standing']}: {text}" for text in said]
    notes = (*date_notes, *taken.notes, *taken.rest())
    return replace(record, notes=tuple(dict.fromkeys(notes)))


class _Taken:
    """Values as they are used up, and what is to become a note."""

    def __init__(self, given: Mapping[str, tuple[str, ...]]) -> None:
        self._left = dict(given)
        self.notes: list[str] = []

    def all(self, name: str) -> tuple[str, ...]:
        return self._left.pop(name, ())

    def one(self, name: str) -> str:
        first, *others = self.all(name) or ("",)
        self.notes += [f"{_label(name)}: {text}" for text in others]
        return first

    def identifier(self, name: str, normal: object) -> str:
        found = ""
        for text in self.all(name):
            value = normal(text) if callable(normal) else ""
            if value and found in {"", value}:
                found = value
            else:
                self.notes.append(f"{name.upper()}: {text}")
        return found

    def rest(self) -> list[str]:
        plain = list(self._left.pop("note", ()))
        kept = [f"{_label(n)}: {t}" for n, texts in self._left.items() for t in texts]
        return plain + kept


def split_label(note: str) -> Label:
    """Return a note's known label and its text.

    >>> split_label("PMCID: PMC9000001").name, split_label("see: there").name
    ('pmcid', '')
    """
    match = _LABELLED.fullmatch(note.strip())
    if match is None:
        return Label("", note)
    if match[1] in NOTICES:
        return Label("notice", note.strip(), match[1])
    name = _NAMES.get(match[1].lower(), "")
    return Label(name, match[2] if name else note)


def label_lines(flat: Flat, names: Iterable[str]) -> tuple[str, ...]:
    """Return the values of `names` as notes, each with its label.

    >>> label_lines({"pmcid": ("PMC9000001",)}, ("pmid", "pmcid"))
    ('PMCID: PMC9000001',)
    """
    return tuple(
        text if name in {"note", "notice"} else f"{_label(name)}: {text}"
        for name in names
        for text in flat.get(name, ())
    )


def abstract_text(record: Record) -> str:
    """Return the abstract on one line, each part after its heading.

    >>> abstract_text(Record(source="x", abstract=(Section("It was.", "AIM"),)))
    'AIM: It was.'
    """
    parts = (
        f"{part.label}: {part.text}" if part.label else part.text
        for part in record.abstract
    )
    return one_line(" ".join(parts))


def full_pages(pages: str) -> str:
    """Return pages with the last one written out, as reference managers want them.

    >>> full_pages("101-9"), full_pages("e12-4"), full_pages("S1"), full_pages("9-5")
    ('101-109', 'e12-e14', 'S1', '9-5')
    """
    match = _PAGES.fullmatch(pages.strip())
    if match is None:
        return pages
    before, first, again, last = match.groups()
    if again not in {"", before}:
        return pages
    whole = first[: max(len(first) - len(last), 0)] + last
    if int(whole) < int(first):
        return pages
    return f"{before}{first}-{before}{whole}"


def notice_text(link: Correction) -> str:
    """Return a link to a notice on one line; `parse_notice` reads it back.

    >>> notice_text(Correction("RetractionIn", "J Invent. 2021", "90000001"))
    'RetractionIn: J Invent. 2021 PMID: 90000001'
    """
    pmid = f"PMID: {link.pmid}" if link.pmid else ""
    doi = f"DOI: {link.doi}" if link.doi else ""
    return one_line(f"{link.ref_type}: {link.source} {link.note} {pmid} {doi}")


def parse_notice(text: str) -> Correction:
    """Return the link that `notice_text` wrote.

    >>> parse_notice("RetractionIn: J Invent. 2021 PMID: 90000001")[:3]
    ('RetractionIn', 'J Invent. 2021', '90000001')
    """
    kind, _, rest = text.partition(":")
    doi = _DOI_IN.search(rest)
    pmid = _PMID_IN.search(rest)
    for found in (doi, pmid):
        if found:
            rest = rest.replace(found[0], "", 1)
    return Correction(
        kind,
        rest.strip(),
        pmid[1] if pmid else "",
        doi=normal_doi(doi[1]) if doi else "",
    )


def plain(text: str) -> str:
    """Return text from a file on one line, without the few tags that such text holds.

    >>> plain("<i>Mitragyna</i>\\n at p < 0.05")
    'Mitragyna at p < 0.05'
    """
    return _line(_TAGS.sub("", text) if "<" in text else text)


def _line(text: str) -> str:
    """Return `one_line(text)`, which for printable text is a matter of blanks only."""
    return fold(text) if text.isprintable() else one_line(text)


def _distinct(name: str, texts: Iterable[str]) -> tuple[str, ...]:
    """Return texts that say something, each once; two authors may share a name."""
    said = filter(None, texts)
    return tuple(said if name in {"author", "editor"} else dict.fromkeys(said))


def _unlabelled(lines: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Put notes with a known label where they belong."""
    given = {name: texts for name, texts in lines.items() if name != "note"}
    for note in lines.get("note", ()):
        label = split_label(note)
        name = label.name if label.name not in {"", "source", "summary"} else "note"
        text = note if name == "note" else label.text
        given[name] = tuple(dict.fromkeys((*given.get(name, ()), text)))
    return given


def _dates(taken: _Taken) -> tuple[int | None, tuple[PartialDate, ...], list[str]]:
    """Return the year, the date where it says more, and words that fit neither."""
    words = (*taken.all("date"), *taken.all("year"))
    read = [parse_iso_date(text, "PubDate") for text in words]
    year = next((date.year for date in read if date.year), None)
    fits = [date for date in read if date.year and date.year == year]
    notes = [
        f"{_label('year')}: {text}"
        for text, date in zip(words, read, strict=True)
        if date not in fits
    ]
    said = next((date for date in fits if date.precision != "year"), None)
    return year, (said,) if said else (), notes


def _iso(date: PartialDate) -> str:
    if date.precision not in {"month", "day"}:
        return ""
    day = f"-{date.day:02}" if date.day else ""
    return f"{date.year:04}-{date.month:02}{day}"


def _origin(record: Record) -> str:
    """Return the services that gave a record; a file that it was read from is none."""
    labels = map(split_label, record.notes)
    said = [label.text for label in labels if label.name == "source"]
    if said or record.source in FILES:
        return "; ".join(said)
    givers = (record.source, *(source for _, source in record.given_by))
    return "; ".join(dict.fromkeys(givers))


def _summary(record: Record) -> str:
    if record.summary is None or record.abstract:
        return ""
    return " ".join(record.summary.sentences)


def _accession(text: str) -> Accession:
    bank, slash, number = text.partition("/")
    return Accession(bank, number) if slash else Accession("", bank)


def _label(name: str) -> str:
    return LABELS.get(name, name if name.isupper() else name.capitalize())

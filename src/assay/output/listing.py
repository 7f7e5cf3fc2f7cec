"""One record in a terminal, in full, and the lines that tell of one in a list."""

from collections.abc import Iterator

from rich.console import Console

from assay.library.standing import report_of
from assay.notice import Standing
from assay.output.lines import print_line
from assay.output.links import find_links
from assay.output.standings import say_grounds
from assay.output.words import (
    COURTESY,
    OWN_WORDS,
    name_of,
    say_number,
    title_of,
)
from assay.record import Author, Record
from assay.text import fold, record_sections

MANY = 6
"""Authors named before "et al." stands for the rest."""


def print_record(record: Record, console: Console) -> None:
    """Print one record: what is known of it, its text, then where each line stands."""
    print_line(console, title_of(record), style="bold")
    for name, value in _facts(record):
        if value:
            print_line(console, value, f"{name:>18}  ")
    _print_text(record, console)
    print_line(console, COURTESY, style="dim")


def _authors(authors: tuple[Author, ...], most: int) -> str:
    names = [name_of(author) for author in authors if author.valid]
    return ", ".join(names[:most]) + (" et al." if len(names) > most else "")


def source_line(record: Record) -> str:
    """Return authors, journal, year and standing of a record on one line."""
    year = str(record.year) if record.year else "year unknown"
    journal = record.journal or record.book_title
    parts = (_authors(record.authors, MANY), journal, year, _notice(record))
    return " · ".join(filter(None, parts))


def _notice(record: Record) -> str:
    """Return a record's standing in capitals with its grounds; "" when it is sound."""
    report = report_of(record)
    if report.standing in {Standing.SOUND, Standing.UNKNOWN}:
        return ""
    grounds = say_grounds(report)
    return str(report.standing).upper() + (f" ({grounds})" if grounds else "")


def address_line(record: Record) -> str:
    """Return the addresses at which a record can be looked up, on one line."""
    return " · ".join(link.address for link in find_links(record))


def _facts(record: Record) -> Iterator[tuple[str, str]]:
    """Yield (name, value) of all that is known, without text and references."""
    yield "notice", _notice(record)
    yield "source", record.source
    yield "PMID", record.pmid + (f" version {record.version}" if record.version else "")
    yield "DOI", record.doi
    yield "PMCID", record.pmcid
    for link in find_links(record):
        yield "address", link.address
    yield "title, original", record.vernacular_title
    yield "authors", _authors(record.authors, 10**9)
    yield "investigators", _authors(record.investigators, 10**9)
    yield "journal", record.journal or record.journal_abbreviation
    yield "volume, issue", ", ".join(filter(None, (record.volume, record.issue)))
    yield "pages", record.pages
    yield "book", record.book_title
    yield "publisher", record.publisher
    yield "ISBN", ", ".join(record.isbns)
    yield "ISSN", record.issn
    yield "country", record.country
    yield "year", str(record.year or "")
    yield from _dates(record)
    yield "language", ", ".join(record.languages)
    yield from _subjects(record)
    yield from _background(record)


def _dates(record: Record) -> Iterator[tuple[str, str]]:
    for date in record.dates:
        shown = "-".join(f"{n:02}" for n in date[:3] if n) or date.text
        yield "date", f"{shown} ({date.origin or date.precision})"


def _subjects(record: Record) -> Iterator[tuple[str, str]]:
    yield "publication type", "; ".join(record.publication_types)
    yield "design", record.design_stated
    yield "population", record.population
    yield "participants", "" if record.sample_size is None else str(record.sample_size)
    for heading in record.mesh:
        star = "*" if heading.major else ""
        qualifiers = "".join(f" / {q.name}" for q in heading.qualifiers)
        yield "MeSH", f"{heading.descriptor}{star}{qualifiers}"
    yield "substances", "; ".join(chemical.name for chemical in record.chemicals)
    yield "other concepts", "; ".join(each.name for each in record.supplementary)
    yield "genes", "; ".join(record.genes)
    yield "keywords", "; ".join(keyword.text for keyword in record.keywords)
    yield "persons", "; ".join(record.subjects)


def _background(record: Record) -> Iterator[tuple[str, str]]:
    for item in record.corrections:
        yield "notice or link", " · ".join(filter(None, item))
    for accession in record.accessions:
        yield "registered", f"{accession.bank} {accession.number}"
    yield "flags", "; ".join(record.flags)
    for link in record.links:
        yield "full text", " · ".join(filter(None, link))
    for grant in record.grants:
        yield "grant", " · ".join(filter(None, grant))
    yield "interests", record.coi
    for note in record.notes:
        yield "note", note
    ids = (f"{i.type} {i.value}" for i in record.identifiers)
    yield "identifiers", "; ".join(ids)
    yield "status", "; ".join(filter(None, (record.status, record.publication_status)))
    if record.references:
        yield "references", say_number(len(record.references), "entry", "entries")


def _print_text(record: Record, console: Console) -> None:
    """Print the readable text line by line, each with the offset it starts at."""
    summary = record.summary if not record.abstract else None
    print_line(console)
    if summary:
        by = f"{OWN_WORDS}: written by {summary.written_by} on {summary.written_on}."
        print_line(console, f"{by} {summary.notes}", style="bold")
    print_line(
        console,
        "The number before a line is where it starts in the readable text, counted in "
        "characters from 0; the offsets of quoted sentences count the same way.",
        style="dim",
    )
    at = 0
    for section in record_sections(record):
        text = fold(section.text)
        if section.label:
            print_line(console, section.label, " " * 8, "dim")
        print_line(console, text, f"{at:>6}  ")
        at += len(text) + 1

"""A record as efetch's MEDLINE text: NLM's tags in NLM's order, lines of 88 letters.

Tags and their order are those of the PubMed help page, "MEDLINE display format". Times
of day are not kept in a record: they stand as 00:00.
"""

from collections.abc import Iterator
from textwrap import wrap

from assay.dates import date_order
from assay.output.clean import one_line
from assay.output.eutils_esummary import name_of, say_date
from assay.output.pubmed_xml_parts import ID_TYPES
from assay.record import Author, Correction, MeshHeading, PartialDate, Record

WIDTH = 82
"""Letters of a line behind its tag; only words longer than that are longer."""

_NOTICES = {
    "CommentIn": "CIN", "CommentOn": "CON", "ErratumIn": "EIN", "ErratumFor": "EFR",
    "CorrectedandRepublishedIn": "CRI", "CorrectedandRepublishedFrom": "CRF",
    "RepublishedIn": "RPI", "RepublishedFrom": "RPF", "RetractionIn": "RIN",
    "RetractionOf": "ROF", "RetractedandRepublishedIn": "RRI",
    "RetractedandRepublishedFrom": "RRF", "ExpressionOfConcernIn": "ECI",
    "ExpressionOfConcernFor": "ECF", "UpdateIn": "UIN", "UpdateOf": "UOF",
    "SummaryForPatientsIn": "SPIN", "OriginalReportIn": "ORI",
    "AssociatedDataset": "DDIN", "AssociatedPublication": "DRIN",
}  # fmt: skip
"""Kinds of notices and their tags."""


def render_medline(record: Record) -> str:
    r"""Return a record as tagged lines.

    >>> render_medline(Record(source="x", pmid="90000001", title="Tea"))
    'PMID- 90000001\nTI  - Tea\n'
    """
    return "".join(
        _line(name, text) for name, said in _tagged(record) if (text := one_line(said))
    )


def _line(name: str, text: str) -> str:
    first, *rest = wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)
    return f"{name:<4}- {first}\n" + "".join(f"      {each}\n" for each in rest)


def _tagged(record: Record) -> Iterator[tuple[str, str]]:
    yield "PMID", record.pmid
    yield "OWN", record.owner
    yield "STAT", record.status
    yield from (("DCOM", text) for text in _days(record, "DateCompleted"))
    yield from (("LR", text) for text in _days(record, "DateRevised"))
    yield "IS", record.issn
    yield from (("ISBN", text) for text in record.isbns)
    yield "VI", record.volume
    yield "IP", record.issue
    yield "DP", say_date(_printed(record))
    yield "TI", record.title
    yield "BTI", record.book_title if record.book_title != record.title else ""
    yield "PG", record.pages
    yield "LID", f"{record.doi} [doi]" if record.doi else ""
    yield "AB", say_abstract(record)
    yield "CI", record.copyright
    yield from _people(record.authors, "FAU", "AU")
    yield from _people(record.editors, "FED", "ED")
    yield from (("LA", text) for text in record.languages)
    yield from (
        ("SI", "/".join(filter(None, (entry.bank, entry.number))))
        for entry in record.accessions
    )
    yield from _grants(record)
    yield from (("PT", text) for text in record.publication_types)
    yield from (("DEP", text) for text in _days(record, "ArticleDate:Electronic"))
    yield "TT", record.vernacular_title
    yield "PL", record.country
    yield "TA", record.journal_abbreviation
    yield "JT", record.journal
    yield "PB", record.publisher
    yield "JID", record.nlm_id
    yield from _about(record)
    yield from map(_notice, record.corrections)
    yield from _handled(record)


def _about(record: Record) -> Iterator[tuple[str, str]]:
    for chemical in record.chemicals:
        yield "RN", f"{chemical.registry_number or '0'} ({chemical.name})"
    yield from (("NM", concept.name) for concept in record.supplementary)
    yield from (("SB", text) for text in record.citation_subsets)
    yield from (("GS", text) for text in record.genes)
    yield from (("MH", _heading(heading)) for heading in record.mesh)
    yield from (("PS", text) for text in record.subjects)
    for owner in dict.fromkeys(keyword.owner for keyword in record.keywords):
        yield "OTO", owner
        for keyword in record.keywords:
            if keyword.owner == owner:
                yield "OT", f"{'*' * keyword.major}{keyword.text}"
    yield "COIS", record.coi
    yield from _people(record.investigators, "FIR", "IR")


def _handled(record: Record) -> Iterator[tuple[str, str]]:
    """Yield when it was handled, its ids, and how it is cited."""
    yield "PMC", record.pmcid
    for tag, state in (("EDAT", "pubmed"), ("MHDA", "medline"), ("CRDT", "entrez")):
        for date in record.dates:
            if date.origin == f"History:{state}":
                yield tag, _moment(date)
    for date in record.dates:
        if date.origin.startswith("History:"):
            state = date.origin.removeprefix("History:")
            yield "PHST", f"{_moment(date)} [{state}]"
    ids = dict.fromkeys(
        (each.type, each.value)
        for each in record.identifiers
        if each.valid and each.type in ID_TYPES - {"pubmed", "pmc"}
    )
    if record.doi and not any(kind == "doi" for kind, _ in ids):
        ids["doi", record.doi] = None
    yield from (("AID", f"{value} [{kind}]") for kind, value in ids)
    yield "PST", record.publication_status
    yield "SO", say_source(record)


def say_abstract(record: Record) -> str:
    """Return the abstract on one line, each part behind its label."""
    parts = (
        f"{section.label}: {section.text}" if section.label else section.text
        for section in record.abstract
    )
    return " ".join(parts)


def say_source(record: Record) -> str:
    """Return how a record is cited: "J Invent Results. 2021 Mar;7(2):188-91."."""
    issue = f"({record.issue})" if record.issue else ""
    pages = f":{record.pages}" if record.pages else ""
    date = say_date(_printed(record))
    place = f";{record.volume}{issue}{pages}" if record.volume or pages else ""
    when = f"{date}{place}." if date else ""
    doi = f"doi: {record.doi}." if record.doi else ""
    name = record.journal_abbreviation or record.journal or record.book_title
    return " ".join(filter(None, (f"{name}." if name else "", when, doi)))


def _people(
    people: tuple[Author, ...], full: str, short: str
) -> Iterator[tuple[str, str]]:
    for person in people:
        if not person.valid:
            continue
        if person.collective:
            yield "CN", person.collective
        else:
            fore = person.fore_name or person.initials
            names = (person.last_name, fore, person.suffix)
            yield full, ", ".join(filter(None, names))
            yield short, name_of(person)
        yield from (("AUID", f"{kind}: {value}") for kind, value in person.identifiers)
        yield from (("AD", place) for place in person.affiliations)


def _grants(record: Record) -> Iterator[tuple[str, str]]:
    for grant in record.grants:
        yield "GR", "/".join(filter(None, grant))


def _heading(heading: MeshHeading) -> str:
    star = heading.major and not any(q.major for q in heading.qualifiers)
    parts = [f"{'*' * q.major}{q.name}" for q in heading.qualifiers]
    return "/".join((f"{'*' * star}{heading.descriptor}", *parts))


def _notice(link: Correction) -> tuple[str, str]:
    doi = f"doi: {link.doi}." if link.doi and link.doi not in link.source else ""
    pmid = f"PMID: {link.pmid}" if link.pmid else ""
    said = " ".join(filter(None, (link.source, link.note, doi, pmid)))
    tag = _NOTICES.get(link.ref_type)
    return (tag, said) if tag else ("GN", f"{link.ref_type}: {said}")


def _printed(record: Record) -> PartialDate:
    return next(iter(record.dates), PartialDate(record.year or 0))


def _days(record: Record, origin: str) -> Iterator[str]:
    for date in record.dates:
        if date.origin == origin and date.day:
            yield "{:04}{:02}{:02}".format(*date[:3])


def _moment(date: PartialDate) -> str:
    return "{:04}/{:02}/{:02} 00:00".format(*date_order(date))

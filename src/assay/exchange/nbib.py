"""MEDLINE text (.nbib), as PubMed saves it and Covidence, EndNote and Zotero read it.

Each value stands on one line, which every reader takes. `sources/pubmed_nbib.py` reads
the tags (with Biopython); here they get their places, and the order of authors.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from assay.errors import BadAnswerError
from assay.exchange.flat import Flat, Parsed, flatten, label_lines
from assay.exchange.reading import number_lines, quoted, read_text
from assay.output.clean import one_line
from assay.record import Author, Correction, MeshHeading, PartialDate, Record
from assay.search import Problem
from assay.sources.pubmed_nbib import LINKS, parse_nbib

_TAGS_OF = {ref_type: tag for tag, ref_type in LINKS.items()}
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_LINE = re.compile(r"([A-Z]{2,4}) *- (.*)|([A-Z]{2,4}) *-$")

READ = {
    "PMID", "PMC", "TI", "BTI", "TT", "AB", "CI", "FAU", "AU", "CN", "JT", "TA", "IS",
    "JID", "PL", "VI", "IP", "PG", "LA", "PT", "MH", "OT", "SI", "COIS", "COI", "OWN",
    "STAT", "PST", "LID", "DP", "DEP", "AD", "AUID", "GN", "AID", "PB", "ISBN", "FED",
    "ED", *LINKS,
}  # fmt: skip
"""Tags that have a place in a record."""

UNTOLD = {
    "SO", "EDAT", "MHDA", "CRDT", "PHST", "LR", "DCOM", "DA", "CTDT", "PMCR", "SB",
    "OTO", "VTI",
}  # fmt: skip
"""Tags left out: days of handling at NLM, and what other tags say already. Any other
tag is kept as a note."""


class _Line(NamedTuple):
    tag: str
    value: str


def stream_nbib(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the records as MEDLINE text, UTF-8, one chunk a record."""
    before = ""
    for record in records:
        lines = "".join(
            f"{tag:<4}- {value}\n"
            for tag, text in _tagged(record, flatten(record))
            if (value := one_line(text))
        )
        yield f"{before}{lines}".encode()
        before = "\n"


def render_nbib(records: Iterable[Record]) -> str:
    """Return the records as MEDLINE text.

    >>> print(render_nbib([Record(source="x", pmid="90000001", title="T")]), end="")
    PMID- 90000001
    TI  - T
    GN  - Source: x
    """
    return b"".join(stream_nbib(records)).decode()


def parse_nbib_file(data: bytes, name: str = "MEDLINE text") -> Parsed:
    r"""Return the records of MEDLINE text and what of it could not be read.

    >>> parse_nbib_file(b"PMID- 90000001\nTI  - Tea\n      time\n")[0][0].title
    'Tea time'
    """
    read = read_text(data, name)
    records: list[Record] = []
    problems = list(read.problems)
    for number, block in _blocks(read.text, name, problems):
        text = "".join(f"{tag:<4}- {value}\n" for tag, value in block)
        try:
            found = list(parse_nbib(text))
        except BadAnswerError as error:
            problems.append(Problem(where=f"{name}, line {number}", what=error.what))
            continue
        for item in found:
            if isinstance(item, Record):
                records.append(_completed(item, block))
            else:
                what = "this record names no identifier or title and is left out"
                problems.append(Problem(where=f"{name}, line {number}", what=what))
    if not records and not problems:
        what = "it holds no MEDLINE record (none begins with “PMID- ”)"
        problems.append(Problem(where=name, what=what))
    return tuple(records), tuple(problems)


def _tagged(record: Record, flat: Flat) -> Iterator[tuple[str, str]]:
    yield "PMID", record.pmid
    yield "OWN", record.owner
    yield "STAT", record.status
    yield "IS", record.issn
    yield "VI", record.volume
    yield "IP", record.issue
    yield "DP", _printed(record)
    yield "TI", record.title
    yield "BTI", record.book_title
    yield "PG", record.pages
    yield "LID", f"{record.doi} [doi]" if record.doi else ""
    yield from (("AB", text) for text in flat.get("abstract", ()))
    yield "CI", record.copyright
    yield from _people(record)
    yield from (("LA", text) for text in record.languages)
    yield from (("PT", text) for text in record.publication_types)
    yield from (("DEP", text) for text in map(_electronic, record.dates))
    yield "PL", record.country
    yield "TT", record.vernacular_title
    yield "TA", record.journal_abbreviation
    yield "JT", record.journal
    yield "JID", record.nlm_id
    yield "PB", record.publisher
    yield from (("ISBN", text) for text in record.isbns)
    yield from (("SI", f"{a.bank}/{a.number}") for a in record.accessions)
    yield from (("MH", _heading(heading)) for heading in record.mesh)
    yield from (("OT", f"{'*' * k.major}{k.text}") for k in record.keywords)
    yield from map(_link, record.corrections)
    yield "PMC", record.pmcid
    yield "AID", f"{record.doi} [doi]" if record.doi else ""  # Zotero reads no LID
    yield "COIS", record.coi
    yield "PST", record.publication_status
    yield from _noted(record, flat)


def _noted(record: Record, flat: Flat) -> Iterator[tuple[str, str]]:
    own = flat.get("source") == ("pubmed",)
    names = ("summary", "note") if own else ("source", "summary", "note")
    if flat.get("standing") and not (record.corrections or record.publication_types):
        names = ("standing", *names)
    yield from (("GN", text) for text in label_lines(flat, names))


def _people(record: Record) -> Iterator[tuple[str, str]]:
    """Yield authors in order, each followed by identifiers and affiliations."""
    for full, short, people in (
        ("FAU", "AU", record.authors),
        ("FED", "ED", record.editors),
    ):
        for author in people:
            if not author.valid:
                continue
            if author.collective:
                yield "CN", author.collective
            else:
                fore = author.fore_name or author.initials
                named = ", ".join(filter(None, (author.last_name, fore, author.suffix)))
                yield full, named
                words = (author.last_name, author.initials, author.suffix)
                yield short, " ".join(filter(None, words))
            yield from (("AUID", f"{k}: {v}") for k, v in author.identifiers)
            yield from (("AD", text) for text in author.affiliations)


def _printed(record: Record) -> str:
    date = record.dates[0] if record.dates else PartialDate(0)
    if date.text and date.year == record.year:
        return date.text
    if date.year != record.year or not date.month:
        return str(record.year or "")
    day = f" {date.day}" if date.day else ""
    return f"{date.year} {_MONTHS[date.month - 1]}{day}"


def _electronic(date: PartialDate) -> str:
    if date.origin != "ArticleDate:Electronic" or not date.day:
        return ""
    return f"{date.year:04}{date.month:02}{date.day:02}"


def _heading(heading: MeshHeading) -> str:
    parts = [f"{'*' * q.major}{q.name}" for q in heading.qualifiers]
    star = heading.major and not any(q.major for q in heading.qualifiers)
    return "/".join((f"{'*' * star}{heading.descriptor}", *parts))


def _link(link: Correction) -> tuple[str, str]:
    doi = f"doi: {link.doi}." if link.doi and link.doi not in link.source else ""
    pmid = f"PMID: {link.pmid}" if link.pmid else ""
    words = " ".join(filter(None, (link.source, link.note, doi, pmid)))
    tag = _TAGS_OF.get(link.ref_type)
    return (tag, words or "-") if tag else ("GN", f"{link.ref_type}: {words}")


def _blocks(
    text: str, name: str, problems: list[Problem]
) -> Iterator[tuple[int, list[_Line]]]:
    """Yield each record's tags with the line that it begins at."""
    block: list[tuple[str, list[str]]] = []
    begun = 0
    for number, line in number_lines(text):
        match = _LINE.match(line)
        continues = line.startswith("      ")
        if not (line.strip() or continues) or (match and match[1] == "PMID"):
            if block:
                yield begun, _joined(block)
            block = []
        if match:
            begun = begun if block else number
            block.append((match[1] or match[3], [match[2] or ""]))
        elif continues and block:
            block[-1][1].append(line)
        elif line.strip():
            what = f"{quoted(line)} has no tag and is left out"
            problems.append(Problem(where=f"{name}, line {number}", what=what))
    if block:
        yield begun, _joined(block)


def _joined(block: Sequence[tuple[str, list[str]]]) -> list[_Line]:
    return [_Line(tag, one_line(" ".join(lines))) for tag, lines in block]


def _completed(record: Record, block: Sequence[_Line]) -> Record:
    """Return the record with its authors in order and what else was said of it."""
    tags = {line.tag for line in block}
    full = ("FAU", "FED") if "FAU" in tags else ("AU", "ED")
    authors: list[Author] = []
    editors: list[Author] = []
    people = authors
    for tag, value in block:
        if tag in {*full, "CN"}:
            people = editors if tag == full[1] else authors
            people.append(_author(tag, value))
        elif tag == "AD" and people:
            last = people[-1]
            people[-1] = last._replace(affiliations=(*last.affiliations, value))
        elif tag == "AUID" and people:
            last, (kind, _, number) = people[-1], value.partition(": ")
            known = (*last.identifiers, (kind, number))
            people[-1] = last._replace(identifiers=known)
    return replace(
        record,
        authors=tuple(authors),
        editors=tuple(editors),
        book_title=next((line.value for line in block if line.tag == "BTI"), ""),
        publisher=next((line.value for line in block if line.tag == "PB"), ""),
        isbns=tuple(line.value for line in block if line.tag == "ISBN"),
        notes=tuple(_told(block)),
    )


def _author(tag: str, value: str) -> Author:
    if tag == "CN":
        return Author(collective=value)
    if tag in {"FAU", "FED"}:
        last, *fore = value.split(", ")
        suffix = fore.pop() if len(fore) > 1 else ""
        given = " ".join(fore)
        initials = "".join(w[0] for w in re.findall(r"[^\W\d_]+", given)).upper()
        short = bool(re.fullmatch(r"[A-Z]{1,4}", given))
        return Author(
            last, "" if short else given, given if short else initials, suffix
        )
    last, _, initials = value.rpartition(" ")
    return Author(last or value, "", initials if last else "")


def _told(block: Sequence[_Line]) -> Iterator[str]:
    for tag, value in block:
        if tag == "GN":
            yield value
        elif tag not in READ and tag not in UNTOLD and value:
            yield f"{tag}: {value}"

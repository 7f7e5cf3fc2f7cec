"""RIS, the format that every reference manager and screening tool reads.

Tags as Zotero, EndNote and rispy read them (RIS specification of 2011; Zotero's
RIS.js; rispy's table): T2 is the journal, AN the PMID, C2 the PMCID (EndNote's journal
article), M3 the publication types, DB the service that gave the record. What has no
tag is a note (N1), "Label: value".
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from assay.exchange.flat import Flat, Parsed, build, flatten, label_lines
from assay.exchange.reading import number_lines, quoted, read_text
from assay.ids import normal_doi
from assay.record import Record
from assay.search import Problem

SOURCE = "ris"

TAGS = {
    "title": "TI", "author": "AU", "editor": "A2", "year": "PY", "date": "DA",
    "abbreviation": "J2", "volume": "VL", "issue": "IS", "doi": "DO", "pmid": "AN",
    "pmcid": "C2", "abstract": "AB", "keyword": "KW", "mesh": "KW", "type": "M3",
    "language": "LA", "issn": "SN", "isbn": "SN", "publisher": "PB", "source": "DB",
}  # fmt: skip
"""The tag that each name is written under; T2, SP, EP and N1 are told below."""

NOTED = ("vernacular", "trial", "standing", "notice", "summary", "note")
"""Names that are written as notes."""

NAMES = {
    "TI": "title", "T1": "title", "CT": "title", "AU": "author", "A1": "author",
    "A2": "editor", "ED": "editor", "PY": "year", "Y1": "year", "DA": "date",
    "T2": "journal", "JF": "journal", "JO": "journal", "J1": "journal",
    "J2": "abbreviation", "JA": "abbreviation", "BT": "book", "PB": "publisher",
    "VL": "volume", "IS": "issue", "CP": "issue", "DO": "doi", "AN": "pmid",
    "C2": "pmcid", "AB": "abstract", "N2": "abstract", "KW": "keyword", "M3": "type",
    "LA": "language", "SN": "issn", "DB": "source", "N1": "note", "RN": "note",
    "TT": "vernacular",
}  # fmt: skip
"""What each tag is read as; others are kept as notes under their tag."""

_TAG = re.compile(r"\s{0,3}([A-Z][A-Z0-9]) {1,2}-(?: (.*)|$)")
_BOOKS = {"BOOK", "EBOOK", "EDBOOK", "CHAP", "ECHAP", "SER"}
_ISBN = re.compile(r"[\dX -]{9,20}")

Tagged = list[tuple[str, list[str]]]
"""Tags with the lines of their values."""


def stream_ris(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the records as RIS, UTF-8, one chunk a record."""
    for record in records:
        lines = "".join(f"{tag}  - {text}\r\n" for tag, text in _tagged(record))
        yield f"{lines}ER  - \r\n\r\n".encode()


def render_ris(records: Iterable[Record]) -> str:
    r"""Return the records as RIS.

    >>> print(render_ris([Record(source="x", title="T")]).replace("\r\n", "|"))
    TY  - JOUR|TI  - T|DB  - x|ER  - ||
    """
    return b"".join(stream_ris(records)).decode()


def parse_ris(data: bytes, name: str = "RIS") -> Parsed:
    r"""Return the records of a RIS file and what of it could not be read.

    A line without a tag goes on with the line before. Unknown tags are notes. Each
    record needs its TY; one that lacks its ER is kept, and told.

    >>> parse_ris(b"TY  - JOUR\nTI  - A long\ntitle\nER  -\n")[0][0].title
    'A long title'
    """
    read = read_text(data, name)
    records: list[Record] = []
    problems = list(read.problems)
    for item in _records(read.text, name):
        if isinstance(item, Problem):
            problems.append(item)
        else:
            records.append(_record(item))
    if not records and not problems:
        what = "it holds no RIS record (none begins with “TY  - ”)"
        problems.append(Problem(where=name, what=what))
    return tuple(records), tuple(problems)


def _tagged(record: Record) -> Iterator[tuple[str, str]]:
    flat = flatten(record)
    kind = "JOUR"
    if "book" in flat and "journal" not in flat:
        kind = "BOOK" if flat.get("book") == flat.get("title") else "CHAP"
    yield "TY", kind
    for name, tag in TAGS.items():
        values = flat.get(name, ())
        if name in {"type", "language"}:
            values = ("; ".join(values),) if values else ()
        if name == "date":
            values = tuple(text.replace("-", "/") for text in values)
        yield from ((tag, text) for text in values)
        if name == "date":
            yield from _container(flat, kind)
    yield from _links(flat)
    yield from (("N1", text) for text in label_lines(flat, NOTED))


def _container(flat: Flat, kind: str) -> Iterator[tuple[str, str]]:
    for text in flat.get("journal", flat.get("book", ()) if kind == "CHAP" else ()):
        yield "T2", text
    for pages in flat.get("pages", ()):
        first, dash, last = pages.partition("-")
        whole = bool(first and last and "-" not in last)
        yield "SP", first if whole else pages
        if dash and whole:
            yield "EP", last


def _links(flat: Flat) -> Iterator[tuple[str, str]]:
    for doi in flat.get("doi", ()):
        yield "UR", f"https://doi.org/{doi.replace(';', '%3B')}"  # rispy parts at ";"
    if "doi" not in flat:
        for pmid in flat.get("pmid", ()):
            yield "UR", f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"


def _records(text: str, name: str) -> Iterator[Tagged | Problem]:
    """Yield the tags of each record, and what stands outside of records."""
    current: Tagged | None = None
    begun = 0
    for number, line in number_lines(text):
        match = _TAG.match(line)
        tag, value = (match[1], match[2] or "") if match else ("", line.strip())
        if tag == "TY":
            if current is not None:
                yield current
                yield _unended(name, begun)
            current, begun = [("TY", [value])], number
        elif tag == "ER" and current is not None:
            yield current
            current = None
        elif current is None:
            if value and not (tag == "ER" or _is_heading(line, begun)):
                what = f"{quoted(line)} stands in no record and is left out"
                yield Problem(where=f"{name}, line {number}", what=what)
        elif tag:
            current.append((tag, [value]))
        elif value:
            current[-1][1].append(value)
    if current is not None:
        yield current
        yield _unended(name, begun)


def _is_heading(line: str, begun: int) -> bool:
    """Tell whether a line before the first record is what some tools put there."""
    heading = re.match(r"Provider:|Database:|Content:|\W*$", line)
    return not begun and heading is not None


def _unended(name: str, line: int) -> Problem:
    what = "this record has no end (ER); it is kept as far as it goes"
    return Problem(where=f"{name}, line {line}", what=what)


def _record(tagged: Tagged) -> Record:
    values: dict[str, list[str]] = defaultdict(list)
    kind = " ".join(tagged[0][1]).strip().upper()
    first = last = ""
    for tag, lines in tagged[1:]:
        value = " ".join(lines).strip()
        if tag == "SP":
            first = first or value
        elif tag == "EP":
            last = last or value
        elif value:
            name, texts = _placed(tag, value, kind)
            values[name] += texts
    if first or last:
        values["pages"] = ["-".join(filter(None, (first, last)))]
    if kind not in {"JOUR", "EJOUR", "", *_BOOKS}:
        values["TY"] = [kind]
    _without_doubles(values)
    return build(SOURCE, values)


def _placed(tag: str, value: str, kind: str) -> tuple[str, list[str]]:
    name = NAMES.get(tag, tag)
    if tag == "T2" and kind in _BOOKS:
        name = "book"
    elif tag == "SN" and kind in _BOOKS and _ISBN.fullmatch(value):
        name = "isbn"
    elif tag == "AN" and not re.fullmatch(r"(?i)(pmid:? ?)?\d{1,9}", value.strip()):
        name = "Accession number"
    elif tag == "C2" and "pmc" not in value.lower():
        name = "C2"
    elif tag in {"DA", "PY", "Y1"}:
        value = _date(value)
    if name in {"type", "language"}:
        return name, re.split(r"\s*;\s*", value)
    return name, [value]


def _date(value: str) -> str:
    """Return RIS's YYYY/MM/DD/words as a date, the words where they say more."""
    parts = [part.strip() for part in value.split("/")]
    numbers = [part for part in parts[:3] if part.isdecimal()]
    return "-".join(numbers) if numbers else value


def _without_doubles(values: dict[str, list[str]]) -> None:
    """Drop what other tags of the same record say too."""
    known = set(map(normal_doi, values.get("doi", ())))
    for url in values.pop("UR", []):
        for each in filter(None, re.split(r"[\s;]+(?=https?:)", url)):
            tail = normal_doi(each)
            ours = bool(tail) and tail in known
            if "pubmed.ncbi" in each and not values.get("pmid"):
                values["pmid"] = [each]
            elif not ours and not any(f"/{p}/" in each for p in values.get("pmid", ())):
                values["URL"].append(each)
    journals = list(dict.fromkeys(values.get("journal", ())))
    if len(journals) > 1:  # JF, T2 and JO: the whole name, or its abbreviation
        longest = max(journals, key=len)
        values["journal"] = [longest]
        values["abbreviation"] += [each for each in journals if each != longest]
    abstracts = list(dict.fromkeys(values.get("abstract", ())))
    if len(abstracts) > 1 and abstracts[0].startswith(abstracts[1][:200]):
        values["abstract"] = [max(abstracts, key=len)]

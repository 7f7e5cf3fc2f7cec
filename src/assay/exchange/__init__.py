"""Bibliographies in and out: one file a format, known by the ending of a file's name.

A new format is one file with `stream_x` and `parse_x`, and a line in each table here.
"""

import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping

from assay.errors import BadAnswerError
from assay.exchange import parquet
from assay.exchange.bibtex import parse_bibtex, stream_bibtex
from assay.exchange.csl import parse_csl, stream_csl
from assay.exchange.csv import parse_csv, stream_csv
from assay.exchange.flat import Parsed
from assay.exchange.jsonl import parse_jsonl, stream_jsonl
from assay.exchange.nbib import parse_nbib_file, stream_nbib
from assay.exchange.references import parse_docx, parse_references
from assay.exchange.ris import parse_ris, stream_ris
from assay.record import Record
from assay.search import Problem
from assay.sources.pubmed_xml import Deleted, iter_records

Export = Callable[[Iterable[Record]], Iterator[bytes]]
Import = Callable[[bytes, str], Parsed]

EXPORTS: dict[str, Export] = {
    ".csv": stream_csv,
    ".parquet": parquet.stream_parquet,
    ".ris": stream_ris,
    ".bib": stream_bibtex,
    ".nbib": stream_nbib,
    ".csl.json": stream_csl,
    ".csl": stream_csl,
    ".jsonl": stream_jsonl,
}
"""What records can be written as, by ending: records in, chunks of bytes out."""

CHUNK = 1 << 16
"""Bytes unpacked at a time."""

_GZIP = b"\x1f\x8b"
_NAMES = {
    "ris": "RIS", "bibtex": "BibTeX", "nbib": "MEDLINE text", "xml": "PubMed XML",
    "csl": "CSL-JSON", "jsonl": "JSON Lines", "docx": "Word", "parquet": "Parquet",
}  # fmt: skip


def parse_pubmed(data: bytes, name: str = "PubMed XML") -> Parsed:
    """Return the records of PubMed XML, plain or gzip, and what could not be read.

    >>> parse_pubmed(b"<PubmedArticleSet></PubmedArticleSet>")
    ((), ())
    """
    records: list[Record] = []
    problems: list[Problem] = []
    try:
        for item in iter_records(_chunks(data)):
            if isinstance(item, Record):
                records.append(item)
            elif isinstance(item, Deleted):
                what = f"PMID {item.pmid} was withdrawn by PubMed"
                problems.append(Problem(where=name, what=what))
            else:
                problems.append(Problem(where=name, what=item.what))
    except BadAnswerError as error:
        problems.append(Problem(where=name, what=error.what))
    except (OSError, EOFError, zlib.error) as error:
        problems.append(Problem(where=name, what=f"it cannot be read further: {error}"))
    return tuple(records), tuple(problems)


IMPORTS: dict[str, Import] = {
    ".csv": parse_csv,
    ".tsv": parse_csv,
    ".parquet": parquet.parse_parquet,
    ".ris": parse_ris,
    ".bib": parse_bibtex,
    ".bibtex": parse_bibtex,
    ".nbib": parse_nbib_file,
    ".csl.json": parse_csl,
    ".csl": parse_csl,
    ".json": parse_csl,
    ".jsonl": parse_jsonl,
    ".xml": parse_pubmed,
    ".xml.gz": parse_pubmed,
    ".docx": parse_docx,
    ".txt": parse_references,
}
"""What bibliographies are read as, by ending."""

_BY_KIND: dict[str, Import] = {
    "ris": parse_ris,
    "bibtex": parse_bibtex,
    "nbib": parse_nbib_file,
    "xml": parse_pubmed,
    "csl": parse_csl,
    "jsonl": parse_jsonl,
    "docx": parse_docx,
    "parquet": parquet.parse_parquet,
}


def parse_bibliography(data: bytes, name: str) -> Parsed:
    """Return the records of a bibliography and what of it could not be read.

    The ending of `name` says what it is, unless its content is plainly something else,
    which is told. Without a known ending the content alone decides; what is none of
    the formats is read as a list of references.

    >>> parse_bibliography(b"TY  - JOUR\\nTI  - T\\nER  -\\n", "list.txt")[0][0].title
    'T'
    """
    ending = find_ending(name, IMPORTS)
    kind = sniff(data)
    expected = IMPORTS.get(ending)
    found = _BY_KIND.get(kind)
    if found is None or found is expected:
        return (expected or _by_header(data))(data, name)
    records, problems = found(data, name)
    if ending in {"", ".txt"} or not records:
        return records, problems
    what = f"it is {_NAMES[kind]}, whatever its ending says, and was read as that"
    return records, (Problem(where=name, what=what), *problems)


def find_ending(name: str, known: Mapping[str, object]) -> str:
    """Return the longest known ending of a file's name, "" for none.

    >>> find_ending("a.CSL.json", EXPORTS), find_ending("a.doc", EXPORTS)
    ('.csl.json', '')
    """
    fitting = [ending for ending in known if name.lower().endswith(ending)]
    return max(fitting, key=len, default="")


def why_not(name: str) -> str:
    """Return why a file of that name cannot be written here; "" when it can.

    >>> why_not("a.csv")
    ''
    """
    return parquet.why_not() if find_ending(name, EXPORTS) == ".parquet" else ""


def sniff(data: bytes) -> str:
    """Return what content plainly is, by its first bytes; "" when they do not tell.

    >>> sniff(b"\\xef\\xbb\\xbf@article{a,"), sniff(b"PMID- 90000001"), sniff(b"a,b")
    ('bibtex', 'nbib', '')
    """
    if data.startswith(_GZIP):
        return "xml"
    if data.startswith(b"PK\x03\x04"):
        return "docx"
    if data.startswith(b"PAR1"):
        return "parquet"
    head = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    for kind, pattern in _SIGNS.items():
        if pattern.match(head):
            return kind
    return _kind_of_json(head)


_SIGNS = {
    "xml": re.compile(rb"<\?xml|<!DOCTYPE Pubmed|<PubmedArticle", re.IGNORECASE),
    "ris": re.compile(rb"(?:[^\n]*\n){0,9}?TY {1,2}- ?[A-Z]"),
    "nbib": re.compile(rb"PMID ?- \d"),
    "bibtex": re.compile(
        rb"(?:%[^\n]*\n\s*)*@(?:[A-Za-z]+)\s*[{(]\s*[^\s,{}]*\s*[,=]|@(?:comment|preamble)",
        re.IGNORECASE,
    ),
}


def _kind_of_json(head: bytes) -> str:
    if re.match(rb"\[\s*\{|\{\s*\"items\"", head):
        return "csl"
    first = head.split(b"\n", 1)[0]
    if not first.startswith(b"{"):
        return ""
    try:
        return "jsonl" if "source" in json.loads(first) else "csl"
    except ValueError:
        return "jsonl" if b'"schema":"assay/jsonl/' in first else "csl"


def _by_header(data: bytes) -> Import:
    """Return the reader for content without a known ending or sign."""
    records, _ = parse_csv(data[: 1 << 16], "")
    return parse_csv if records else parse_references


def _chunks(data: bytes) -> Iterator[bytes]:
    file = io.BytesIO(data)
    source = gzip.GzipFile(fileobj=file) if data.startswith(_GZIP) else file
    while chunk := source.read(CHUNK):
        yield chunk

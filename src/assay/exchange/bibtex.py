"""BibTeX (.bib): split by bibtexparser, read and written here.

bibtexparser knows the grammar, tells the line of each entry and keeps what it cannot
read. Names of fields are those of BibTeX and BibLaTeX, and of Zotero and PubMed
converters for what these lack (pmid, pmcid).
"""

import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from bibtexparser import entrypoint
from bibtexparser.middlewares import names as bibtex_names
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    ParsingFailedBlock,
)

from assay.dates import MONTHS
from assay.exchange.flat import Flat, Parsed, build, flatten, label_lines
from assay.exchange.latex import decode_latex, encode_latex
from assay.exchange.names import name_text
from assay.exchange.reading import quoted, read_text
from assay.record import Author, Record
from assay.search import Problem

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # told as problems instead

SOURCE = "bibtex"

FIELDS = {
    "title": "title", "journal": "journal", "book": "booktitle", "year": "year",
    "volume": "volume", "issue": "number", "pages": "pages", "doi": "doi",
    "pmid": "pmid", "pmcid": "pmcid", "issn": "issn", "isbn": "isbn",
    "publisher": "publisher", "language": "language", "abstract": "abstract",
    "abbreviation": "shortjournal", "type": "pubtype", "source": "database",
}  # fmt: skip
"""The field that each name is written under."""

NAMES = {
    **{field: name for name, field in FIELDS.items()},
    "journaltitle": "journal", "date": "date", "issue": "issue", "langid": "language",
    "author": "author", "editor": "editor", "keywords": "keyword",
    "keyword": "keyword", "mesh": "keyword", "note": "note", "annote": "note",
    "annotation": "note", "pmc": "pmcid", "abstractnote": "abstract",
}  # fmt: skip
"""What each field is read as, in lower case; others are kept as notes."""

NOTED = ("vernacular", "trial", "standing", "notice", "summary", "note")

_LISTS = {"keyword", "type", "language", "isbn"}
_WORD = re.compile(r"\S+")
_KINDS = {"article", "misc", "book", "incollection", "inbook", "online", "unpublished"}


def stream_bibtex(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the records as BibTeX, UTF-8, one chunk a record; keys are unique."""
    used: dict[str, int] = {}
    for number, record in enumerate(records, 1):
        yield _entry(record, _key(record, number, used)).encode()


def render_bibtex(records: Iterable[Record]) -> str:
    """Return the records as BibTeX.

    >>> print(render_bibtex([Record(source="x", pmid="90000001", title="50% of FDA")]))
    @misc{pmid90000001,
      title = {50\\% of {FDA}},
      pmid = {90000001},
      database = {x},
    }
    <BLANKLINE>
    <BLANKLINE>
    """
    return b"".join(stream_bibtex(records)).decode()


def parse_bibtex(data: bytes, name: str = "BibTeX") -> Parsed:
    """Return the records of a BibTeX file and what of it could not be read.

    An entry whose key stands twice is kept twice, and told. Unknown fields are notes.

    >>> parse_bibtex(b"@article{a, title={{\\\\'E}tude of {FDA}}}")[0][0].title
    'Étude of FDA'
    """
    read = read_text(data, name)
    records: list[Record] = []
    problems = list(read.problems)
    text = re.sub(r"\r\n?", "\n", read.text)
    library = entrypoint.parse_string(text) if text else None
    for block in library.blocks if library else ():
        problems += _problems(block, name)
        entry = _entry_of(block)
        if entry is not None:
            records.append(_record(entry))
    if not records and not problems:
        what = "it holds no BibTeX entry (none begins with “@article{”)"
        problems.append(Problem(where=name, what=what))
    return tuple(records), tuple(problems)


def _entry(record: Record, key: str) -> str:
    flat = flatten(record)
    kind = "article" if "journal" in flat else "book" if "book" in flat else "misc"
    if kind == "book" and flat["book"] != flat.get("title"):
        kind = "incollection"
    lines = [f"@{kind}{{{key},\n"]
    for field, value in _fields(record, flat):
        lines.append(f"  {field} = {value},\n")
    return f"{''.join(lines)}}}\n\n"


def _fields(record: Record, flat: Flat) -> Iterator[tuple[str, str]]:
    for name, field in FIELDS.items():
        if name not in flat:
            continue
        if name == "title":
            yield field, f"{{{_protected(flat[name][0])}}}"
            yield from _people(record)
        elif name == "pages":
            yield field, f"{{{encode_latex(flat[name][0]).replace('-', '--', 1)}}}"
        elif name == "doi":
            yield field, f"{{{_braced_doi(flat[name][0])}}}"
        else:
            yield field, f"{{{encode_latex('; '.join(flat[name]))}}}"
        if name == "year":
            yield from _month(flat)
    if "title" not in flat:
        yield from _people(record)
    if words := (*flat.get("keyword", ()), *flat.get("mesh", ())):
        joined = "; ".join(dict.fromkeys(words))
        ending = ";" if ";" not in joined and "," in joined else ""
        yield "keywords", f"{{{encode_latex(joined)}{ending}}}"
    if lines := label_lines(flat, NOTED):
        yield "note", "{" + "\n\n    ".join(map(encode_latex, lines)) + "}"


def _braced_doi(doi: str) -> str:
    r"""Return a DOI as it is, but for braces and backslashes, which would end it.

    In this field "_" and "%" are written bare by every tool and read bare by most.
    """
    return encode_latex(doi) if re.search(r"[\\{}]", doi) else doi


def _people(record: Record) -> Iterator[tuple[str, str]]:
    for field, people in (("author", record.authors), ("editor", record.editors)):
        shown = [_person(author) for author in people if author.valid]
        if shown := list(filter(None, shown)):
            yield field, f"{{{' and '.join(shown)}}}"


def _person(author: Author) -> str:
    """Return a name as BibTeX parts it: "Last, Jr, First"; a group in braces."""
    parts = name_text(author).split(", ")
    if len(parts) == 1:
        return f"{{{encode_latex(parts[0])}}}" if parts[0] else ""
    last, fore, *suffix = (_whole(encode_latex(part)) for part in parts)
    return ", ".join((last, *suffix, fore))


def _whole(part: str) -> str:
    return f"{{{part}}}" if re.search(r"(?i)(?:^|\s)and(?:\s|$)", part) else part


def _month(flat: Flat) -> Iterator[tuple[str, str]]:
    for date in flat.get("date", ()):
        month = int(date[5:7])
        yield "month", next(name for name, each in MONTHS.items() if each == month)
        if date[8:]:
            yield "date", f"{{{date}}}"


def _protected(title: str) -> str:
    """Return a title whose capitals no style may lower: words that hold one, braced."""

    def brace(match: re.Match[str]) -> str:
        word = match[0]
        rest = word[1:] if match.start() == 0 else word
        shown = encode_latex(word)
        return f"{{{shown}}}" if rest != rest.lower() else shown

    return _WORD.sub(brace, title)


def _key(record: Record, number: int, used: dict[str, int]) -> str:
    named = f"pmid{record.pmid}" if record.pmid else re.sub(r"\W", "", record.pmcid)
    if not named and record.doi:
        named = "doi:" + re.sub(r"[^a-z0-9./:+-]", "-", record.doi)
    key = named or f"record{number}"
    used[key] = used.get(key, 0) + 1
    return key if used[key] == 1 else f"{key}-{used[key]}"


def _entry_of(block: Block) -> Entry | None:
    if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
        inner = block.ignore_error_block
        return inner if isinstance(inner, Entry) else None
    return block if isinstance(block, Entry) else None


def _problems(block: Block, name: str) -> Iterator[Problem]:
    where = f"{name}, line {(block.start_line or 0) + 1}"
    if isinstance(block, DuplicateBlockKeyBlock):
        what = f"the key {quoted(block.key)} stands twice; both are kept"
        yield Problem(where=where, what=what)
    elif isinstance(block, DuplicateFieldKeyBlock):
        fields = ", ".join(sorted(block.duplicate_keys))
        what = f"{fields} stands twice in one entry; both are kept"
        yield Problem(where=where, what=what)
    elif isinstance(block, ParsingFailedBlock):
        begun = quoted((block.raw or "").split("\n", maxsplit=1)[0])
        yield Problem(
            where=where,
            what=f"the entry {begun} cannot be read and is left out",
            what_to_do="Look for a brace, quotation mark or comma that is missing.",
        )


def _record(entry: Entry) -> Record:
    values: dict[str, list[str]] = defaultdict(list)
    for field in entry.fields:
        _place(values, field.key.lower(), str(field.value))
    if entry.entry_type.lower() not in _KINDS:
        values["Entry type"].append(entry.entry_type)
    month = values.pop("month", [])
    if month and values.get("year") and not values.get("date"):
        values["date"] = [f"{values['year'][0]} {month[0]}"]
    return build(SOURCE, values)


def _place(values: dict[str, list[str]], field: str, raw: str) -> None:
    name = NAMES.get(field, field)
    if name in {"author", "editor"}:
        values[name] += map(_name, bibtex_names.split_multiple_persons_names(raw))
    elif name == "note":
        values[name] += map(decode_latex, re.split(r"\n\s*\n", raw))
    elif name in _LISTS:
        text = decode_latex(raw)
        values[name] += re.split(r"\s*;\s*" if ";" in text else r"\s*,\s*", text)
    elif name == "pages":
        values[name].append(re.sub(r"\s*-{2,3}\s*|–|—", "-", decode_latex(raw)))
    elif field in {"doi", "url"}:
        values[name.upper() if field == "url" else name].append(_address(raw))
    else:
        known = field in NAMES or field == "month"
        values[name if known else field.capitalize()].append(decode_latex(raw))


def _address(raw: str) -> str:
    r"""Return a DOI or address: "\_" and "\%" are read, a bare "~" or "_" stays."""
    text = re.sub(r"\\url\{(.*)\}", r"\1", raw)
    if "\\" not in text:
        return text
    bare = text.replace("~", r"\textasciitilde{}")
    return decode_latex(re.sub(r"(?<!\\)\$", r"\\$", bare))


def _name(raw: str) -> str:
    """Return a BibTeX name as "Last, First, Jr"; one wholly in braces is a group."""
    bare = raw.strip()
    if re.fullmatch(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}", bare):
        return decode_latex(bare).replace(",", " ")
    parts = bibtex_names.parse_single_name_into_parts(bare, strict=False)
    last = " ".join((*parts.von, *parts.last))
    first, suffix = " ".join(parts.first), " ".join(parts.jr)
    texts = [decode_latex(text).replace(",", " ") for text in (last, first, suffix)]
    if not texts[1] and not texts[2]:
        return texts[0]
    return ", ".join(texts if texts[2] else texts[:2])

"""CSL-JSON, what Zotero, pandoc, citeproc and Crossref pass on (CSL 1.0.2 schema).

PMID and PMCID are variables of their own; what has none stands in `note` as "Label:
value" lines, where Zotero's Extra field has them too.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from assay.exchange.flat import Parsed, build, flatten, label_lines, split_label
from assay.exchange.names import name_text
from assay.exchange.reading import quoted, read_text
from assay.output.clean import escape_json, one_line
from assay.record import Author, Record
from assay.search import Problem

SOURCE = "csl"

VARIABLES = {
    "title": "title", "journal": "container-title", "publisher": "publisher",
    "abbreviation": "container-title-short", "volume": "volume", "issue": "issue",
    "pages": "page", "doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "issn": "ISSN",
    "isbn": "ISBN", "abstract": "abstract", "language": "language", "source": "source",
    "type": "genre", "keyword": "keyword",
}  # fmt: skip
"""The variable that each name is written under."""

NAMES = {
    **{variable: name for name, variable in VARIABLES.items()},
    "journalAbbreviation": "abbreviation", "URL": "URL",
}  # fmt: skip
"""What each variable is read as; others are kept as notes."""

NOTED = ("vernacular", "trial", "standing", "notice", "summary", "note")

Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

_LISTS = {"type", "keyword", "language", "isbn"}
_IGNORED = {"id", "citation-key"}
_ARTICLES = {"article-journal", "article", "book", "chapter", "document", ""}


def stream_csl(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the records as one CSL-JSON array, UTF-8, one chunk a record."""
    used: dict[str, int] = {}
    before = "[\n"
    for number, record in enumerate(records, 1):
        item = _item(record, number, used)
        text = json.dumps(item, ensure_ascii=False, indent=1)
        yield f"{before}{escape_json(text)}".encode()
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def render_csl(records: Iterable[Record]) -> str:
    """Return the records as CSL-JSON.

    >>> json.loads(render_csl([Record(source="x", title="T", year=2021)]))[0]["issued"]
    {'date-parts': [[2021]]}
    """
    return b"".join(stream_csl(records)).decode()


def parse_csl(data: bytes, name: str = "CSL-JSON") -> Parsed:
    """Return the records of a CSL-JSON file and what of it could not be read.

    Items are read one by one, so that a file that breaks off gives what stands before.

    >>> parse_csl(b'[{"type": "book", "title": "T"}, {"ti')[0][0].title
    'T'
    """
    read = read_text(data, name)
    records: list[Record] = []
    problems = list(read.problems)
    for item in _items(read.text, name) if read.text else ():
        if isinstance(item, Problem):
            problems.append(item)
        else:
            records.append(_record(item))
    if not records and not problems:
        problems.append(Problem(where=name, what="it holds no item of CSL-JSON"))
    return tuple(records), tuple(problems)


def _item(record: Record, number: int, used: dict[str, int]) -> dict[str, Json]:
    flat = flatten(record)
    key = f"pmid:{record.pmid}" if record.pmid else record.doi or f"record-{number}"
    used[key] = used.get(key, 0) + 1
    kind = "article-journal" if "journal" in flat or "book" not in flat else "book"
    if kind == "book" and flat["book"] != flat.get("title"):
        kind = "chapter"
    item: dict[str, Json] = {
        "id": key if used[key] == 1 else f"{key}-{used[key]}",
        "type": kind,
    }
    flat["keyword"] = tuple(
        dict.fromkeys((*flat.get("keyword", ()), *flat.get("mesh", ())))
    )
    for name, variable in VARIABLES.items():
        if flat.get(name):
            item[variable] = "; ".join(flat[name])
    if "book" in flat and kind == "chapter":
        item["container-title"] = flat["book"][0]
    for role, people in (("author", record.authors), ("editor", record.editors)):
        if shown := [_person(author) for author in people if author.valid]:
            item[role] = list(filter(None, shown))
    if "year" in flat:
        parts = flat.get("date", flat["year"])[0].split("-")
        item["issued"] = {"date-parts": [[int(part) for part in parts]]}
    # Zotero reads its Extra field from the note, and PMID and PMCID nowhere else
    if lines := label_lines(flat, ("pmid", "pmcid", *NOTED)):
        item["note"] = "\n".join(lines)
    return item


def _person(author: Author) -> Json:
    if author.collective or not author.last_name:
        text = one_line(author.collective) or name_text(author)
        return {"literal": text} if text else None
    given = one_line(author.fore_name or author.initials)
    parts = {"family": one_line(author.last_name), "given": given}
    parts["suffix"] = one_line(author.suffix)
    return {name: text for name, text in parts.items() if text}


def _items(text: str, name: str) -> Iterator[Mapping[str, Json] | Problem]:
    """Yield the items of an array, of {"items": [...]}, or the only one."""
    decoder = json.JSONDecoder()
    at = _opening(text)
    while True:
        at = _skip(text, at)
        if at >= len(text) or text[at] == "]":
            break
        try:
            item, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            yield _broken(text, at, name, error)
            return
        if isinstance(item, dict) and not _is_ours(item):
            yield item
        else:
            what = f"{quoted(text[at:end])} is no item of CSL-JSON and is left out"
            yield Problem(where=_place(text, at, name), what=what)
        at = end
    if at >= len(text) and text.lstrip().startswith("["):
        what = "the file breaks off: the list has no end; the items before are kept"
        yield Problem(where=name, what=what)


def _opening(text: str) -> int:
    match = re.match(r"\s*(?:\{\s*\"items\"\s*:\s*)?\[", text)
    return match.end() if match else 0


def _skip(text: str, at: int) -> int:
    while at < len(text) and (text[at].isspace() or text[at] == ","):
        at += 1
    return at


def _broken(text: str, at: int, name: str, error: Exception) -> Problem:
    place = error.pos if isinstance(error, json.JSONDecodeError) else at
    what = "from here on it is not JSON; the items before are kept"
    return Problem(where=_place(text, place, name), what=what)


def _place(text: str, at: int, name: str) -> str:
    return f"{name}, line {text.count(chr(10), 0, at) + 1}"


def _is_ours(item: Mapping[str, Json]) -> bool:
    """Tell whether an object is no item but assay's own JSON or a settings file."""
    return not {"title", "type", "DOI", "id", "author", "PMID"} & set(item)


def _record(item: Mapping[str, Json]) -> Record:
    values: dict[str, list[str]] = defaultdict(list)
    for variable, value in item.items():
        if variable in {"author", "editor"}:
            values[variable] += filter(None, map(_name, _list(value)))
        elif variable == "issued":
            values["date"] += _date(value)
        elif variable in {"note", "annote"}:
            values["note"] += _notes(_text(value))
        elif variable not in _IGNORED and variable != "type":
            _place_text(values, variable, value)
    kind = _text(item.get("type", ""))
    if kind not in _ARTICLES:
        values["Item type"].append(kind)
    if kind == "chapter" and values.get("journal"):
        values["book"] = values.pop("journal")
    return build(SOURCE, values)


def _place_text(values: dict[str, list[str]], variable: str, value: Json) -> None:
    name = NAMES.get(variable, variable)
    texts = [_text(each) for each in _list(value)]
    if name in _LISTS:
        texts = [part for text in texts for part in re.split(r"\s*;\s*", text)]
    if name == "journal" and len(texts) > 1:
        texts = texts[:1]  # Crossref gives the same name in several spellings
    values[name] += filter(None, texts)


def _notes(text: str) -> list[str]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    labelled = all(split_label(line).name for line in lines)
    return lines if labelled or ": " in text else [text]


def _name(value: Json) -> str:
    """Return a CSL name as "Last, First, Suffix", or a group without commas."""
    if not isinstance(value, dict):
        return _text(value)
    if literal := _text(value.get("literal", "")):
        return literal.replace(",", " ")
    names = ("dropping-particle", "non-dropping-particle", "family")
    family = " ".join(filter(None, (_text(value.get(name)) for name in names)))
    parts = [family, _text(value.get("given")), _text(value.get("suffix"))]
    parts = [part.replace(",", " ") for part in parts]
    if not any(parts[1:]):
        return family.replace(",", " ")
    return ", ".join(parts if parts[2] else parts[:2])


def _date(value: Json) -> list[str]:
    if isinstance(value, dict):
        parts = value.get("date-parts")
        if isinstance(parts, list) and parts and isinstance(parts[0], list):
            numbers = [_text(part) for part in parts[0]]
            if any(numbers):
                return ["-".join(numbers)]
        texts = [_text(value.get(name)) for name in ("raw", "literal", "season")]
        return list(filter(None, texts))[:1]
    return list(filter(None, (_text(value),)))


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _text(value: Json) -> str:
    """Return a value of JSON as text; what is no text, as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool | dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)

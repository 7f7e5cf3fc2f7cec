"""JSON Lines: every field of a record, one record a line, read back without loss.

A line holds the fields that differ from their defaults, under the names that
`assay.record` gives them, as do the objects inside it. It begins with the number of its
shape, so that a later assay knows what it reads.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from types import UnionType
from typing import get_args, get_origin, get_type_hints

from assay.exchange.flat import Parsed
from assay.exchange.reading import number_lines, quoted, read_text
from assay.output.clean import escape_json
from assay.record import Record
from assay.search import Problem

SCHEMA = "assay/jsonl/1"
"""Number of the shape; it rises when a field goes or changes its meaning."""

Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
Maker = Callable[..., object]


def stream_jsonl(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the records as JSON Lines, UTF-8, one chunk a record."""
    for record in records:
        line = {"schema": SCHEMA, **_object(record)}
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
        yield f"{escape_json(text)}\n".encode()


def render_jsonl(records: Iterable[Record]) -> str:
    """Return the records as JSON Lines.

    >>> print(render_jsonl([Record(source="x", year=2021)]), end="")
    {"schema":"assay/jsonl/1","source":"x","year":2021}
    """
    return b"".join(stream_jsonl(records)).decode()


def parse_jsonl(data: bytes, name: str = "JSON Lines") -> Parsed:
    """Return the records of JSON Lines and what of them could not be read.

    A field that this assay does not know is told; the rest of its record is kept.

    >>> records = (Record(source="x", title="T", year=2021),)
    >>> parse_jsonl(render_jsonl(records).encode())[0] == records
    True
    """
    read = read_text(data, name)
    records: list[Record] = []
    problems = list(read.problems)
    for number, line in number_lines(read.text):
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        try:
            records.append(_record(json.loads(line), where, problems))
        except (ValueError, TypeError, KeyError, RecursionError):
            what = f"{quoted(line)} is no record of assay's and is left out"
            problems.append(Problem(where=where, what=what))
    return tuple(records), tuple(problems)


def _record(line: object, where: str, problems: list[Problem]) -> Record:
    if not isinstance(line, dict) or "source" not in line:
        raise TypeError("no record")
    parts = {name: value for name, value in line.items() if name != "schema"}
    unknown: set[str] = set()
    record = _made(Record, parts, unknown)
    if unknown:
        named = ", ".join(sorted(unknown))
        problems.append(
            Problem(
                where=where,
                what=f"this assay knows no field {quoted(named)}; it is left out",
                what_to_do="A newer assay may have written the file: update assay.",
            )
        )
    if not isinstance(record, Record):
        raise TypeError("no record")
    return record


def _object(value: object) -> dict[str, Json]:
    """Return a dataclass or named tuple as its fields that are not at their default."""
    kind: Maker = type(value)
    shape = _shape(kind)
    return {
        name: _plain(getattr(value, name))
        for name, (_, default) in shape.items()
        if getattr(value, name) != default
    }


def _plain(value: object) -> Json:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if is_dataclass(value) or hasattr(value, "_fields"):
        return _object(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    raise TypeError(f"no JSON for {type(value).__name__}")


@lru_cache(maxsize=64)
def _shape(kind: Maker) -> Mapping[str, tuple[object, object]]:
    """Return the type and the default of each field of a dataclass or named tuple."""
    hints = get_type_hints(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        defaults = {f.name: f.default for f in fields(kind)}
    else:
        defaults = getattr(kind, "_field_defaults", {})
    return {name: (hint, defaults.get(name, MISSING)) for name, hint in hints.items()}


def _made(kind: Maker, parts: object, unknown: set[str]) -> object:
    """Return a value of `kind` from its fields; names it has not go to `unknown`."""
    if not isinstance(parts, dict):
        raise TypeError("no object")
    shape = _shape(kind)
    unknown |= {f"{name}" for name in parts if name not in shape}
    return kind(
        **{
            name: _value(shape[name][0], value, unknown)
            for name, value in parts.items()
            if name in shape
        }
    )


def _value(hint: object, value: object, unknown: set[str]) -> object:
    if get_origin(hint) is UnionType:
        inner = next(each for each in get_args(hint) if each is not type(None))
        return None if value is None else _value(inner, value, unknown)
    if get_origin(hint) is tuple:
        return _tuple(get_args(hint), value, unknown)
    if hint is str or hint is int or hint is bool:
        if type(value) is not hint:
            raise TypeError(f"no {hint}")
        return value
    if callable(hint):
        return _made(hint, value, unknown)
    raise TypeError(f"no reader for {hint}")


def _tuple(kinds: tuple[object, ...], value: object, unknown: set[str]) -> object:
    if not isinstance(value, list):
        raise TypeError("no list")
    if kinds[-1] is Ellipsis:
        return tuple(_value(kinds[0], each, unknown) for each in value)
    if len(kinds) != len(value):
        raise TypeError("a list of another length")
    pairs = zip(kinds, value, strict=True)
    return tuple(_value(kind, each, unknown) for kind, each in pairs)

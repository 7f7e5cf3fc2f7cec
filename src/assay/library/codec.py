"""A record as bytes and back, without loss: how the library keeps it.

A row is one format byte, then zlib-compressed JSON of the fields that differ from
their defaults. Named tuples are JSON lists in the order of their fields, so fields may
be added at their end: a row written before the addition takes the default, a row from
a newer assay has its surplus ignored. A changed meaning needs a new format number.
"""

import json
import zlib
from collections.abc import Callable
from dataclasses import fields
from itertools import starmap
from typing import TypeAlias, cast, get_args, get_origin, get_type_hints

from assay.errors import StoreError
from assay.record import Record, Summary

FORMAT = 1
"""Number of the layout described above; the first byte of every row."""

Reader: TypeAlias = Callable[[object], object]

_DEFAULTS = tuple((f.name, f.default) for f in fields(Record))
_NAMES = frozenset(name for name, _ in _DEFAULTS)
_SUMMARY_NAMES = tuple(f.name for f in fields(Summary))
_LEVEL = 1
"""zlib level: 1.6 times as fast as level 6, for rows 7 % larger (bench/library.py)."""

_render = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":")
).encode


def encode_record(record: Record) -> bytes:
    """Return a record as bytes that `decode_record` reads back without loss.

    Equal records give equal bytes under one version of zlib.

    >>> encode_record(Record(source="x"))[0] == FORMAT
    True
    """
    text = render_record(record).encode("utf-8", "surrogatepass")
    return bytes((FORMAT,)) + zlib.compress(text, _LEVEL)


def render_record(record: Record) -> str:
    """Return a record as one line of JSON that `parse_record` reads back.

    >>> render_record(Record(source="x", year=2021))
    '{"source":"x","year":2021}'
    """
    parts: dict[str, object] = {}
    for name, default in _DEFAULTS:
        value = getattr(record, name)
        if value != default:
            parts[name] = value
    if record.summary is not None:
        parts["summary"] = {n: getattr(record.summary, n) for n in _SUMMARY_NAMES}
    return _render(parts)


def parse_record(text: str) -> Record:
    """Return the record that `render_record` wrote, in this or an older version.

    Raises:
        StoreError: it is no record.

    >>> parse_record('{"source":"x","year":2021}').year
    2021
    """
    try:
        return _record(json.loads(text))
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise StoreError(f"A record is damaged ({error}).") from error


def decode_record(data: bytes) -> Record:
    """Return the record that `encode_record` wrote, in this or an older version.

    Fields that are missing take their defaults, unknown ones are ignored.

    Raises:
        StoreError: the bytes are damaged, or their format is newer than this assay.

    >>> record = Record(source="x", title="T", year=2021)
    >>> decode_record(encode_record(record)) == record
    True
    """
    if data[:1] and data[0] > FORMAT:
        raise StoreError(
            f"This record was written by a newer assay (format {data[0]}, "
            f"this one reads up to {FORMAT}). Update assay."
        )
    try:
        text = zlib.decompress(data[1:]).decode("utf-8", "surrogatepass")
        return _record(json.loads(text))
    except (zlib.error, ValueError, TypeError) as error:
        raise StoreError(f"A record of the library is damaged ({error}).") from error


def _record(parts: dict[str, object]) -> Record:
    values = {name: _value(name, parts[name]) for name in parts if name in _NAMES}
    return Record(**values)  # type: ignore[arg-type]


def _value(name: str, value: object) -> object:
    read = _READERS.get(name)
    return read(value) if read and value is not None else value


def _words(value: object) -> tuple[object, ...]:
    return tuple(cast("list[object]", value))


def _pairs(value: object) -> tuple[object, ...]:
    return tuple(map(tuple, cast("list[list[object]]", value)))


def _summary(value: object) -> Summary:
    parts = cast("dict[str, object]", value)
    known = {n: parts[n] for n in _SUMMARY_NAMES if n in parts}
    for name in ("sentences", "addresses"):
        known[name] = _words(known.get(name, []))
    return Summary(**known)  # type: ignore[arg-type]


def _reader(hint: object) -> Reader | None:
    """Return what turns a JSON value into a field's type; None: it needs no turning."""
    if hint == Summary | None:
        return _summary
    inside = get_args(hint)[0] if get_origin(hint) is tuple else None
    if inside is None or inside is str:
        return _words if inside else None
    return _pairs if get_origin(inside) is tuple else _tuples(inside)


def _tuples(kind: Callable[..., object]) -> Reader:
    """Return a reader for a list of named tuples of one kind."""
    hints = get_type_hints(kind)
    readers = tuple(map(_reader, hints.values()))
    slots = tuple((at, read) for at, read in enumerate(readers) if read)
    width = len(readers)

    def make(item: list[object]) -> object:
        parts = item[:width]  # a newer assay may know more parts, an older one fewer
        for at, read in slots:
            if at < len(parts):
                parts[at] = read(parts[at])
        return kind(*parts)

    def read_flat(value: object) -> tuple[object, ...]:
        try:
            return tuple(starmap(kind, cast("list[list[object]]", value)))
        except TypeError:
            return read_each(value)

    def read_each(value: object) -> tuple[object, ...]:
        return tuple(map(make, cast("list[list[object]]", value)))

    return read_each if slots else read_flat


_READERS = {
    name: read
    for name, hint in get_type_hints(Record).items()
    if (read := _reader(hint))
}

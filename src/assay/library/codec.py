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
from typing import TypeAlias, cast

from assay.errors import StoreError
from assay.record import (
    Accession,
    Author,
    Chemical,
    Correction,
    Grant,
    Identifier,
    Keyword,
    MeshHeading,
    OtherAbstract,
    PartialDate,
    Qualifier,
    Record,
    Reference,
    Section,
    Summary,
)

FORMAT = 1
"""Number of the layout described above; the first byte of every row."""

Reader: TypeAlias = Callable[[list[list[object]]], tuple[object, ...]]

_DEFAULTS = tuple((f.name, f.default) for f in fields(Record))
_NAMES = frozenset(name for name, _ in _DEFAULTS)
_SUMMARY_NAMES = tuple(f.name for f in fields(Summary))
_LEVEL = 1
"""zlib level: the least; the library would rather be quick than small."""


def encode_record(record: Record) -> bytes:
    """Return a record as bytes that `decode_record` reads back without loss.

    Equal records give equal bytes under one version of zlib.

    >>> encode_record(Record(source="x"))[0] == FORMAT
    True
    """
    parts: dict[str, object] = {}
    for name, default in _DEFAULTS:
        value = getattr(record, name)
        if value != default:
            parts[name] = value
    if record.summary is not None:
        parts["summary"] = {n: getattr(record.summary, n) for n in _SUMMARY_NAMES}
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    body = zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL)
    return bytes((FORMAT,)) + body


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
    if isinstance(value, dict):
        known = {n: _plain(value[n]) for n in _SUMMARY_NAMES if n in value}
        return Summary(**known)  # type: ignore[arg-type]
    read = _READERS.get(name)
    return read(cast("list[list[object]]", value)) if read else _plain(value)


def _plain(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _pairs(value: object) -> tuple[object, ...]:
    return tuple(map(tuple, cast("list[list[object]]", value)))


def _flat(kind: Callable[..., object], width: int) -> Reader:
    """Return a reader for a list of named tuples whose parts are all plain."""

    def read(items: list[list[object]]) -> tuple[object, ...]:
        try:
            return tuple(starmap(kind, items))
        except TypeError:  # a newer assay knows more parts
            return tuple(kind(*item[:width]) for item in items)

    return read


def _nested(
    kind: Callable[..., object], width: int, slots: dict[int, Callable[..., object]]
) -> Reader:
    """Return a reader for named tuples; `slots`: position → reader of that part."""

    def read(items: list[list[object]]) -> tuple[object, ...]:
        made = []
        for item in items:
            parts = item[:width]
            for at, convert in slots.items():
                if at < len(parts):
                    parts[at] = convert(parts[at])
            made.append(kind(*parts))
        return tuple(made)

    return read


_sections = _flat(Section, len(Section._fields))
_chemicals = _flat(Chemical, len(Chemical._fields))
_authors = _nested(Author, len(Author._fields), {5: _plain, 6: _pairs})
_READERS: dict[str, Reader] = {
    "abstract": _sections,
    "other_abstracts": _nested(OtherAbstract, 3, {2: _sections}),
    "dates": _flat(PartialDate, len(PartialDate._fields)),
    "authors": _authors,
    "investigators": _authors,
    "mesh": _nested(MeshHeading, 4, {3: _flat(Qualifier, len(Qualifier._fields))}),
    "chemicals": _chemicals,
    "supplementary": _chemicals,
    "keywords": _flat(Keyword, len(Keyword._fields)),
    "corrections": _flat(Correction, len(Correction._fields)),
    "accessions": _flat(Accession, len(Accession._fields)),
    "grants": _flat(Grant, len(Grant._fields)),
    "identifiers": _flat(Identifier, len(Identifier._fields)),
    "references": _nested(Reference, 2, {1: _pairs}),
}

"""JSON values read back as the nouns that they were written from.

What `output.json` writes of a dataclass or named tuple is read by its type hints: null
is absent text, a field that lacks takes its default, an unknown one is passed over. So
what an older or a newer assay wrote can be read.
"""

from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import TypeVar, cast, get_args, get_origin, get_type_hints

Reader = Callable[[object], object]

_T = TypeVar("_T")


class MisfitError(ValueError):
    """A JSON value does not have the shape of the noun that it is read as."""


def parse_as(kind: type[_T], value: object) -> _T:
    """Return a JSON value as a dataclass or named tuple of this kind.

    Raises:
        MisfitError: the value does not have the shape of the kind; says where.

    >>> from assay.search import Query
    >>> parse_as(Query, {"text": "tea", "since": None, "limit": 5}).limit
    5
    >>> parse_as(Query, {"text": 5})
    Traceback (most recent call last):
    assay.output.typed.MisfitError: text: not a text
    """
    return cast("_T", _reader(cast("Hashable", kind))(value))


def _text(value: object) -> object:
    if value is not None and not isinstance(value, str):
        raise MisfitError("not a text")
    return value or ""


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int):
        raise MisfitError("not a whole number")
    return value


def _measure(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MisfitError("not a number")
    return float(value)


def _truth(value: object) -> object:
    if not isinstance(value, bool):
        raise MisfitError("neither true nor false")
    return value


def _nothing(value: object) -> object:
    if value is not None:
        raise MisfitError("not null")
    return value


_PLAIN: dict[object, Reader] = {
    str: _text,
    int: _number,
    float: _measure,
    bool: _truth,
    NoneType: _nothing,
}


@cache
def _reader(hint: object) -> Reader:
    if hint in _PLAIN:
        return _PLAIN[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _choice(hint)
    if get_origin(hint) is tuple:
        return _tuple(get_args(hint))
    if isinstance(hint, type):
        return _noun(hint)
    return _either([_reader(each) for each in get_args(hint)])


def _choice(kind: type[StrEnum]) -> Reader:
    def read(value: object) -> object:
        try:
            return kind(str(value))
        except ValueError as error:
            raise MisfitError(f"not one of {', '.join(kind)}") from error

    return read


def _either(readers: list[Reader]) -> Reader:
    def read(value: object) -> object:
        for reader in readers[:-1]:
            try:
                return reader(value)
            except MisfitError:
                continue
        return readers[-1](value)

    return read


def _tuple(inside: tuple[object, ...]) -> Reader:
    many = inside[-1] is Ellipsis
    readers = [_reader(each) for each in inside if each is not Ellipsis]

    def read(value: object) -> object:
        if not isinstance(value, list):
            raise MisfitError("not a list")
        if not many and len(value) != len(readers):
            raise MisfitError(f"not a list of {len(readers)}")
        each = readers * len(value) if many else readers
        return tuple(
            _within(str(at), reader, item)
            for at, (reader, item) in enumerate(zip(each, value, strict=True))
        )

    return read


def _noun(kind: type) -> Reader:
    hints = get_type_hints(kind)
    names = [f.name for f in fields(kind)] if is_dataclass(kind) else list(hints)
    readers: dict[object, Reader] = {}  # filled when needed: a noun may hold its like

    def read(value: object) -> object:
        if not isinstance(value, dict):
            raise MisfitError("not an object")
        if not readers:
            readers.update((name, _reader(hints[name])) for name in names)
        known = {
            name: _within(name, readers[name], part)
            for name, part in value.items()
            if name in readers
        }
        try:
            return kind(**known)
        except TypeError as error:
            raise MisfitError("a field lacks") from error

    return read


def _within(place: str, reader: Reader, value: object) -> object:
    """Read a part; an error says in which part."""
    try:
        return reader(value)
    except MisfitError as error:
        raise MisfitError(f"{place}: {error}") from None

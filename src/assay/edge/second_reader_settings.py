"""The second readers that a person has set up: the tables [readers.NAME] of assay.toml.

A key is never in the file: `key_env` names the environment variable that holds it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeGuard

from assay.edge.setting_rules import is_safe_address, unknown_key
from assay.errors import SettingsError
from assay.evidence.second import MOST_STUDIES, SIDES

ANSWERS = ("json_object", "json_schema", "text")
"""What a server may be asked to answer with (`response_format`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderSettings:
    """One second reader, as the person set it up."""

    name: str
    kind: str
    """onnx or openai."""
    model: str
    """Path of the ONNX file as written, or the name by which a server knows a model."""
    studies: int = MOST_STUDIES
    tokenizer: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    """(name or number of the model's output, side)."""
    order: str = "study-claim"
    max_length: int = 512
    """Tokens of a pair."""
    url: str = ""
    """With the closing slash."""
    key_env: str = ""
    key: str = field(default="", repr=False)
    """What that variable holds; "" when it is not set. Never shown."""
    answer: str = ANSWERS[0]
    timeout: int = 120
    """Seconds for one answer."""


class ReaderKey(NamedTuple):
    """One key of a reader's table."""

    must_be: str
    """Ends the sentence "… must be …"."""
    allows: Callable[[object], bool]
    purpose: str
    needed: bool = False


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _is_between(least: int, most: int) -> Callable[[object], bool]:
    return lambda value: type(value) is int and least <= value <= most


def _is_labels(value: object) -> bool:
    """Say whether `value` maps outputs to sides and leaves no side out.

    >>> _is_labels({"0": "supports", "1": "silent", "2": "contradicts"})
    True
    >>> _is_labels({"0": "supports", "1": "contradicts"})
    False
    """
    if not isinstance(value, dict):
        return False
    sides = list(value.values())
    return all(map(_is_text, sides)) and set(sides) == set(SIDES)


_STUDIES = ReaderKey(
    "a whole number from 1 to 50",
    _is_between(1, 50),
    f"Most studies of a claim that it is asked about; {MOST_STUDIES} when not set.",
)
READER_KEYS: dict[str, dict[str, ReaderKey]] = {
    "onnx": {
        "model": ReaderKey(
            "a path", _is_text, "The classifier, an ONNX file.", needed=True
        ),
        "tokenizer": ReaderKey(
            "a path", _is_text, "Its tokenizer, a tokenizer.json.", needed=True
        ),
        "labels": ReaderKey(
            "a table that gives every output of the model one of supports, "
            "contradicts and silent, and leaves none of the three out",
            _is_labels,
            "What each output stands for: its name as in the config.json beside the "
            "model, or its number.",
            needed=True,
        ),
        "order": ReaderKey(
            "study-claim or claim-study",
            lambda value: value in ("study-claim", "claim-study"),
            "Which of the pair the model wants first; study-claim when not set.",
        ),
        "max_length": ReaderKey(
            "a whole number from 32 to 8192",
            _is_between(32, 8192),
            "Most tokens of a pair; 512 when not set. What is too long loses the "
            "beginning of the abstract.",
        ),
        "studies": _STUDIES,
    },
    "openai": {
        "url": ReaderKey(
            "an https address (or http on this machine)",
            lambda value: _is_text(value) and is_safe_address(value),
            "What comes before chat/completions, e.g. http://127.0.0.1:8080/v1",
            needed=True,
        ),
        "model": ReaderKey(
            "a text", _is_text, "The model's name at that address.", needed=True
        ),
        "key_env": ReaderKey(
            "the name of an environment variable, in capitals",
            lambda v: _is_text(v) and bool(re.fullmatch(r"[A-Z_][A-Z0-9_]{0,60}", v)),
            "Name of the environment variable that holds the key; no key is sent when "
            "not set.",
        ),
        "answer": ReaderKey(
            f"one of {', '.join(ANSWERS)}",
            lambda value: value in ANSWERS,
            "How JSON is demanded of the server (`response_format`); json_object when "
            "not set, text for servers that know neither.",
        ),
        "timeout": ReaderKey(
            "a whole number from 1 to 600",
            _is_between(1, 600),
            "Seconds to wait for one answer; 120 when not set.",
        ),
        "studies": _STUDIES,
    },
}
"""Every key of a reader's table, by its kind."""


def parse_readers(
    tables: object, where: str, environ: Mapping[str, str]
) -> tuple[ReaderSettings, ...]:
    """Return the readers of the table `readers`; `where` begins error messages.

    Raises:
        SettingsError: says the table and the key, never the value.

    >>> table = {"kind": "openai", "url": "http://127.0.0.1:1/v1", "model": "tiny"}
    >>> [reader] = parse_readers({"mine": table}, "assay.toml", {})
    >>> reader.url, reader.studies
    ('http://127.0.0.1:1/v1/', 6)
    """
    if not isinstance(tables, dict):
        raise SettingsError(f'{where}: "readers" must hold tables [readers.NAME].')
    return tuple(_reader(n, table, where, environ) for n, table in tables.items())


def _reader(
    name: str, table: object, where: str, environ: Mapping[str, str]
) -> ReaderSettings:
    if not re.fullmatch(r"[\w-]{1,40}", name, re.ASCII):
        raise SettingsError(
            f"{where}: the name of a reader must be letters, digits, - and _ only."
        )
    place = f"{where}, [readers.{name}]"
    if not isinstance(table, dict):
        raise SettingsError(f"{place} must be a table.")
    kind = table.get("kind")
    if not isinstance(kind, str) or kind not in READER_KEYS:
        raise SettingsError(f'{place}: "kind" must be {" or ".join(READER_KEYS)}.')
    values = {key: value for key, value in table.items() if key != "kind"}
    _check(values, READER_KEYS[kind], place)
    if kind == "openai":
        values["url"] = f"{values['url'].rstrip('/')}/"
        values["key"] = environ.get(values.get("key_env", ""), "").strip()
    else:
        values["labels"] = tuple(values["labels"].items())
    return ReaderSettings(name=name, kind=kind, **values)


def _check(
    values: Mapping[str, object], keys: Mapping[str, ReaderKey], place: str
) -> None:
    for name, value in values.items():
        if name not in keys:
            raise SettingsError(f"{place}: {unknown_key(name, keys)}")
        if not keys[name].allows(value):
            raise SettingsError(f'{place}: "{name}" must be {keys[name].must_be}.')
    for name, key in keys.items():
        if key.needed and name not in values:
            raise SettingsError(
                f'{place}: "{name}" is missing; it must be {key.must_be}.'
            )


def find_reader(
    readers: tuple[ReaderSettings, ...], name: str, where: str
) -> ReaderSettings:
    """Return the reader of that name; `where` is the file that readers stand in.

    Raises:
        SettingsError: there is none of that name; says which there are.
    """
    for reader in readers:
        if reader.name == name:
            return reader
    if not readers:
        raise SettingsError(
            f'There is no reader "{name}": {where} has no table [readers.{name}]. '
            f"Write one, with its kind ({' or '.join(READER_KEYS)}) and its model."
        )
    known = ", ".join(reader.name for reader in readers)
    raise SettingsError(f'There is no reader "{name}" in {where}; there is: {known}.')

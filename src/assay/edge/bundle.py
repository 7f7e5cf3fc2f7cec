"""A bundle: everything that a run rests on, in one file that can be repeated elsewhere.

run.json            the command, what was asked, the settings that matter, the tools
article             the article's bytes, as given (check)
vocabulary.toml     the workspace's own words for concepts, if any
exchanges.json      every request and what came of it, without who asked
answers/SHA-256     the bodies of the answers, as they came
library.json        what the library was asked and which records it gave
records.jsonl       those records, one a line
log/                the logs of the searches (schema assay/search-log/1)
outcome/            the reports that came out: what a repeat must give to the byte
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from assay import __version__
from assay.edge.bundle_file import (
    Container,
    Manifest,
    Part,
    hash_whole,
    part_of,
    write_container,
)
from assay.edge.files import open_atomically
from assay.edge.repeat import digest_of
from assay.edge.tape import Exchange, LookedUp, Note, RankedFor
from assay.errors import AssayError, StoreError
from assay.library.codec import parse_record, render_record
from assay.output.json import plain
from assay.output.typed import MisfitError, parse_as
from assay.record import Record
from assay.search import Problem, SearchLog

RUN, ARTICLE, VOCABULARY = "run.json", "article", "vocabulary.toml"
EXCHANGES, LIBRARY, RECORDS = "exchanges.json", "library.json", "records.jsonl"
ANSWERS, OUTCOME = "answers/", "outcome/"
README = "readme.txt"

ABOUT = """This is a bundle of assay: everything that one run of it rests on.

    assay replay FILE.assay

repeats the run without any network and says whether the outcome is the same to the
byte. manifest.json names every part with its SHA-256; outcome/ holds the reports.
Who asked (keys, e-mail address) is in none of the parts.
"""


class Shelved(NamedTuple):
    """What the library was asked, as library.json has it."""

    looked_up: tuple[LookedUp, ...] = ()
    ranked: tuple[RankedFor, ...] = ()
    logs: tuple[SearchLog, ...] = ()
    problems: tuple[Problem, ...] = ()
    listed: tuple[str, ...] = ()


class Exchanged(NamedTuple):
    """What the services were asked, as exchanges.json has it."""

    exchanges: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A run with all that it rests on, ready to be repeated."""

    note: Note
    article: bytes
    records: Mapping[str, Record]
    read: Callable[[str], bytes]
    """Gives the body of an answer by its digest."""
    outcome: Mapping[str, bytes]
    """Name of a report's file → its bytes."""
    logs: Mapping[str, bytes] = field(default_factory=dict)
    version: str = __version__
    """Of the assay that wrote it."""


def write_bundle(path: Path, bundle: Bundle, secrets: tuple[str, ...] = ()) -> Manifest:
    """Write a bundle, whole or not at all; return what it says of itself.

    Args:
        path: replaced when it is there.
        bundle: all of it.
        secrets: values that no part but the article itself may hold.

    Raises:
        AssayError: it cannot be written, or a report holds a secret.
    """
    small = dict(_small(bundle, secrets))
    bodies = {e.sha256: e.size for e in bundle.note.exchanges if e.sha256}
    answers = [Part(f"{ANSWERS}{d}", d, size) for d, size in sorted(bodies.items())]
    heads = [part_of(name, content) for name, content in small.items()]
    parts = tuple(sorted((*heads, *answers), key=lambda part: part.path))
    whole = hash_whole(parts)
    manifest = Manifest(bundle.version, bundle.note.command, whole, parts)

    def contents() -> Iterator[bytes]:
        for part in parts:
            name = part.path.removeprefix(ANSWERS)
            answer = part.path.startswith(ANSWERS)
            yield bundle.read(name) if answer else small[part.path]

    try:
        with open_atomically(path) as file:
            write_container(file, manifest, contents())
    except OSError as error:
        raise AssayError(f"{path} cannot be written: {error.strerror}.") from error
    return manifest


def _small(bundle: Bundle, secrets: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield every part but the answers, without secrets."""
    note = bundle.note
    shelved = Shelved(
        note.looked_up, note.ranked, note.logs, note.problems, note.listed
    )
    lines = (render_record(bundle.records[key]) for key in sorted(bundle.records))
    yield README, ABOUT.encode()
    yield RUN, _blotted(_json(_head(note)), secrets)
    yield EXCHANGES, _blotted(_json(Exchanged(note.exchanges)), secrets)
    yield LIBRARY, _blotted(_json(shelved), secrets)
    yield RECORDS, _blotted(_bytes("".join(f"{line}\n" for line in lines)), secrets)
    if note.article is not None:
        yield ARTICLE, bundle.article
    if note.vocabulary:
        yield VOCABULARY, _bytes(note.vocabulary)
    for name, content in {**bundle.outcome, **bundle.logs}.items():
        if _blotted(content, secrets) != content:
            raise AssayError(
                f"The report {name} holds your e-mail address or a key. It is not "
                "bundled; remove it from the settings to bundle it all the same."
            )
        yield name, content


def _head(note: Note) -> Note:
    """Return what run.json holds: no part that has a file of its own."""
    article = note.article and replace(note.article, target="")
    bare = replace(note, article=article, exchanges=(), vocabulary="")
    return replace(bare, looked_up=(), ranked=(), logs=(), problems=(), listed=())


def _blotted(content: bytes, secrets: tuple[str, ...]) -> bytes:
    for secret in filter(None, secrets):
        content = content.replace(secret.encode(), b"[hidden]")
    return content


def _json(value: object) -> bytes:
    return _bytes(json.dumps(plain(value), ensure_ascii=False, indent=1) + "\n")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


# --- reading ------------------------------------------------------------------------


def read_bundle(container: Container) -> Bundle:
    """Return the run that an opened bundle holds.

    Raises:
        StoreError: a part is not what it should be.
    """
    try:
        note = _read_note(container)
        records = dict(_read_records(container, note))
    except (ValueError, RecursionError) as error:
        raise StoreError(
            f"{container.path} is damaged: a part of it cannot be read ({error})."
        ) from None
    article = container.read(ARTICLE)
    if note.article and part_of(ARTICLE, article).sha256 != note.article.sha256:
        raise StoreError(
            f"{container.path} was changed: its article is not the one that was read."
        )
    return Bundle(
        note=note,
        article=article,
        records=records,
        read=lambda digest: container.read(f"{ANSWERS}{digest}"),
        outcome=_under(container, OUTCOME),
        logs=_under(container, "log/"),
        version=container.manifest.assay,
    )


def _under(container: Container, start: str) -> dict[str, bytes]:
    names = [path for path in container.paths() if path.startswith(start)]
    return {name: container.read(name) for name in names}


def _read_note(container: Container) -> Note:
    head = parse_as(Note, _value(container, RUN))
    shelved = parse_as(Shelved, _value(container, LIBRARY))
    exchanged = parse_as(Exchanged, _value(container, EXCHANGES))
    return replace(
        head,
        exchanges=exchanged.exchanges,
        vocabulary=_text(container, VOCABULARY),
        **shelved._asdict(),
    )


def _read_records(container: Container, note: Note) -> Iterator[tuple[str, Record]]:
    lines = _text(container, RECORDS).split("\n")[:-1]
    if len(lines) != len(note.records):
        raise MisfitError(f"{len(note.records)} records are named, {len(lines)} there")
    for (key, _), line in zip(note.records, lines, strict=True):
        yield key, parse_record(line)


def _text(container: Container, path: str) -> str:
    return container.read(path).decode("utf-8", "surrogatepass")


def _value(container: Container, path: str) -> object:
    value: object = json.loads(_text(container, path))
    return value


def name_records(records: Mapping[str, Record]) -> tuple[tuple[str, str], ...]:
    """Return (key, SHA-256) of every record, sorted by key.

    >>> [key for key, _ in name_records({"pmid:90000001": Record(source="x")})]
    ['pmid:90000001']
    """
    return tuple(
        (key, digest_of(render_record(records[key]))) for key in sorted(records)
    )

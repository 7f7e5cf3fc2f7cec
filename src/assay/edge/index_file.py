"""Where the full-text index lies, how it follows the library, when it is made again."""

import json
import os
import secrets
import shutil
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import tantivy

from assay.edge.index_schema import make_document, make_schema, register
from assay.edge.store import Change, Library
from assay.errors import AssayError
from assay.library.searchable import searchable_document

FORMAT = 4
"""Grows when the fields, or the words that go into them, change: older indexes are
made again."""

CURRENT = "current.json"
"""Names the folder that holds the index, the library it is of, and its format."""

REBUILD_BELOW = 5_000
"""Up to so many records, a change to one that is indexed makes the whole index anew:
about a second. Otherwise its old form would go on counting in the statistics behind the
ranking until tantivy merges it away, and the order of hits would depend on history."""

LOCK_WAIT_S = 10.0
"""How long to wait while another process writes the index."""

STALE_S = 3600.0
"""Age after which a folder that is not the current one was left behind by a crash."""

CHECKED_BYTES = 32_000_000
"""Up to so many bytes, an index is checked for damage when it is opened: some 20 ms.
Of a larger one only the damage that tantivy itself stumbles over is noticed."""

_MAGIC = (1337).to_bytes(4, "little")
"""The end of every file of tantivy's segments, after a footer and its length."""

_HEAP = 50_000_000
"""Bytes that tantivy may hold before it writes a segment."""


class UnusableError(Exception):
    """The index on the disk cannot be read or followed up: make it anew."""


@dataclass(frozen=True, slots=True)
class Built:
    """An index that stands at change number `seq` of its library."""

    index: tantivy.Index
    seq: int
    in_memory: bool = False


def open_built(folder: Path, library: Library) -> Built:
    """Return the index in a folder, level with the library; made anew if need be."""
    try:
        return follow(_opened(folder, library), library)
    except UnusableError:
        return rebuild(folder, library)


def rebuild(folder: Path, library: Library) -> Built:
    """Return an index made from nothing: on the disk, or in memory if that fails."""
    try:
        return _built_on_disk(folder, library)
    except (UnusableError, OSError):
        index = register(tantivy.Index(make_schema()))
        return Built(index, _fill(index, library), in_memory=True)


def follow(built: Built, library: Library) -> Built:
    """Return the index level with its library.

    Raises:
        UnusableError: it is damaged, kept locked, or had better be made anew.
    """
    if built.seq == library.last_seq():
        return built
    with guarded():
        seq = _fill(built.index, library)
        if built.index.searcher().num_docs != library.count():
            raise UnusableError("the number of records differs")
    return Built(built.index, seq, built.in_memory)


@contextmanager
def guarded() -> Iterator[None]:
    """Turn whatever tantivy raises, Rust panics among it, into UnusableError."""
    try:
        yield
    except (AssayError, UnusableError):
        raise
    except Exception as error:
        raise UnusableError(str(error)) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # cannot be imported by name
            raise UnusableError(str(error)) from error
        raise


def _opened(folder: Path, library: Library) -> Built:
    with guarded():
        current = json.loads((folder / CURRENT).read_bytes())
        if (current["format"], current["library"]) != (FORMAT, library.name()):
            raise UnusableError("it is of another library or another assay")
        place = str(folder / Path(current["folder"]).name)
        _check(Path(place))
        if not tantivy.Index.exists(place) or not tantivy.Index.is_compatible(place):
            raise UnusableError("tantivy cannot read it")
        index = register(tantivy.Index.open(place))
        index.config_reader("manual")
        index.reload()
        seq = _indexed_seq(index)
        last, number = library.last_seq(), index.searcher().num_docs
        if seq > last or (seq == last and number != library.count()):
            raise UnusableError("it is ahead of its library, or lacks records")
    return Built(index, seq)


def _check(place: Path) -> None:
    """Compare the files of an index with the checksums in their own footers.

    Raises:
        UnusableError: a file is damaged.
    """
    files = [p for p in place.iterdir() if p.suffix not in ("", ".json", ".lock")]
    if sum(path.stat().st_size for path in files) > CHECKED_BYTES:
        return
    for path in files:
        data = path.read_bytes()
        end = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
        if data[-4:] != _MAGIC or end < 0:
            raise UnusableError(f"{path.name} was cut off")
        if zlib.crc32(data[:end]) != json.loads(data[end:-8])["crc"]:
            raise UnusableError(f"{path.name} is damaged")


def _built_on_disk(folder: Path, library: Library) -> Built:
    name = secrets.token_hex(8)
    place = folder / name
    place.mkdir(parents=True)
    with guarded():
        index = register(tantivy.Index(make_schema(), path=str(place)))
        index.config_reader("manual")
        seq = _fill(index, library)
    before = _current_name(folder)
    draft = folder / f"{name}.json"
    parts = {"folder": name, "library": library.name(), "format": FORMAT}
    draft.write_text(json.dumps(parts), encoding="utf-8")
    os.replace(draft, folder / CURRENT)  # noqa: PTH105 - atomic on every platform
    _sweep(folder, keep=name, before=before)
    return Built(index, seq)


def _current_name(folder: Path) -> str:
    try:
        return Path(json.loads((folder / CURRENT).read_bytes())["folder"]).name
    except (OSError, ValueError, TypeError, KeyError):
        return ""


def _sweep(folder: Path, keep: str, before: str) -> None:
    """Remove the index that was replaced and what crashes left behind."""
    for item in folder.iterdir():
        if item.name in (keep, CURRENT):
            continue
        try:
            old = time.time() - item.stat().st_mtime > STALE_S
        except OSError:
            continue
        if item.name == before or old:
            shutil.rmtree(item, ignore_errors=True)


def _indexed_seq(index: tantivy.Index) -> int:
    wanted = {"last": {"max": {"field": "seq"}}}
    found = index.searcher().aggregate(tantivy.Query.all_query(), wanted)
    return int(found["last"]["value"] or 0)


def _fill(index: tantivy.Index, library: Library) -> int:
    """Bring an index level with its library in one commit; return where it stands."""
    writer = _writer(index)
    try:
        index.reload()  # another process may have been here while we waited
        _replay(index, writer, library)
        writer.commit()
    finally:
        writer.wait_merging_threads()  # gives the lock back, whatever happened
    index.reload()
    return _indexed_seq(index)


def _replay(
    index: tantivy.Index, writer: tantivy.IndexWriter, library: Library
) -> None:
    seq = _indexed_seq(index)
    searcher, schema = index.searcher(), index.schema
    for change in library.since(seq):
        if seq and searcher.doc_freq("row", change.id):
            if library.count() <= REBUILD_BELOW:
                raise UnusableError("a record in it has changed")
            # not delete_documents_by_term: it finds no unsigned number, silently
            row = tantivy.Query.term_query(schema, "row", change.id)
            writer.delete_documents_by_query(row)
        if change.record:
            writer.add_document(_document(change, schema))


def _writer(index: tantivy.Index) -> tantivy.IndexWriter:
    """Return the one writer there may be, waiting for another process to be done."""
    until = time.monotonic() + LOCK_WAIT_S
    while True:
        try:
            return index.writer(_HEAP, 1)
        except ValueError as error:
            if "LockBusy" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.05)


def _document(change: Change, schema: tantivy.Schema) -> tantivy.Document:
    assert change.record is not None
    fields = searchable_document(change.record)
    return make_document(fields, schema, key=change.key, row=change.id, seq=change.seq)

"""Where the mirror's index lies, which folder is in use, and whether it is whole.

GENERATION/index/current.json names the folder in use, the format, and the last load
that is in. It is replaced by an atomic rename after each commit: a kill between the two
only makes that load be brought in again.
"""

import json
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import tantivy

from assay.edge.files import write_atomically
from assay.edge.index_file import FORMAT, UnusableError, guarded
from assay.edge.index_schema import register
from assay.errors import StoreError
from assay.search import Problem

FOLDER = "index"
"""Of the index, in its generation's folder."""

CURRENT = "current.json"

MIRROR_FORMAT = 1
"""Grows when what makes the mirror's index other than the library's changes; what goes
into both is told by `index_file.FORMAT`."""

REMEDY = "Run assay library verify --repair, which makes it anew from the records."

WRITABLE = "Make room, or allow writing there, and run the same command again."
TRIED = 1 << 20
"""Bytes that are written to see whether the disk takes any."""

_MAGIC = (1337).to_bytes(4, "little")
"""The end of every file of tantivy's segments, after a footer and its length."""


class Standing(NamedTuple):
    """Which folder an index is in, and how far it has come."""

    folder: str
    load: int
    """The last load that is in; 0 before the first."""


def read_standing(generation: Path) -> Standing | None:
    """Return where an index stands; None where there is none.

    Raises:
        StoreError: what names it is damaged, or another assay's format.
    """
    path = generation / FOLDER / CURRENT
    try:
        told = json.loads(path.read_bytes())
        standing = Standing(str(told["folder"]), int(told["load"]))
        formats = (told["format"], told["fields"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{path}, which names the index of the mirror of PubMed, cannot be read "
            f"({error}). {REMEDY}"
        ) from error
    if formats != (MIRROR_FORMAT, FORMAT):
        raise StoreError(
            f"The index of the mirror of PubMed in {path.parent} was made by another "
            f"version of assay. {REMEDY}"
        )
    return standing


def read_stamp(generation: Path) -> tuple[int, int]:
    """Return what tells one commit of an index from the next.

    A new file is renamed into its place each time. (-1, -1) where there is none.
    """
    try:
        found = (generation / FOLDER / CURRENT).stat()
    except OSError:
        return (-1, -1)
    return found.st_mtime_ns, found.st_ino


def write_standing(generation: Path, standing: Standing) -> None:
    """Name the folder in use and how far it has come, by an atomic rename.

    Raises:
        OSError: the disk cannot be written.
    """
    told = {
        "folder": standing.folder,
        "load": standing.load,
        "format": MIRROR_FORMAT,
        "fields": FORMAT,
    }
    write_atomically(generation / FOLDER / CURRENT, json.dumps(told).encode())


def place_of_index(generation: Path, standing: Standing) -> Path:
    """Return the folder with tantivy's files."""
    return generation / FOLDER / Path(standing.folder).name


def sweep(generation: Path, keep: str) -> None:
    """Remove folders of indexes that were replaced or never became whole."""
    for item in (generation / FOLDER).iterdir():
        if item.name not in (keep, CURRENT):
            if item.is_dir():
                shutil.rmtree(item, ignore_errors=True)
            else:
                with suppress(OSError):
                    item.unlink()


def open_tantivy(place: Path) -> tantivy.Index:
    """Return the index in a folder, at its last commit.

    Raises:
        StoreError: it is missing or damaged.
    """
    with explained(place):
        if not tantivy.Index.exists(str(place)):
            raise UnusableError("it lacks its files")
        index = register(tantivy.Index.open(str(place)))
        index.config_reader("manual")
        index.reload()
    return index


@contextmanager
def explained(place: Path) -> Iterator[None]:
    """Turn whatever tantivy or the disk raises into a StoreError with the remedy."""
    try:
        with guarded():
            yield
    except (UnusableError, OSError) as error:
        why, remedy = str(error), REMEDY
        if unwritable := _find_unwritable(place):  # which tantivy tells of in riddles
            why, remedy = unwritable, WRITABLE
        raise StoreError(
            f"The index of the mirror of PubMed in {place} cannot be used ({why}). "
            f"{remedy}"
        ) from error


def _find_unwritable(place: Path) -> str:
    """Return why the disk takes nothing more; "" where it does."""
    folder = place if place.is_dir() else place.parent
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(TRIED))
            file.flush()
    except FileNotFoundError:
        return ""
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""


def verify_mirror_index(generation: Path) -> Iterator[Problem]:
    """Yield what is damaged in the files of an index; nothing where it is whole.

    Every file is read, and compared with the checksum in its own footer.
    """
    where = str(generation / FOLDER)
    try:
        standing = read_standing(generation)
        if standing is None:
            yield Problem(where=where, what="there is no index", what_to_do=REMEDY)
            return
        place = place_of_index(generation, standing)
        damaged = list(_find_damaged(place))
        yield from damaged
        if not damaged:  # else tantivy may panic, and print that
            open_tantivy(place)
    except StoreError as error:
        yield Problem(where=where, what=str(error))  # which says what to do


def _find_damaged(place: Path) -> Iterator[Problem]:
    for path in sorted(place.iterdir()) if place.is_dir() else ():
        if path.suffix not in ("", ".json", ".lock"):
            with suppress(FileNotFoundError):  # merged away in this very moment
                if what := _damage(path):
                    yield Problem(where=str(path), what=what, what_to_do=REMEDY)


def _damage(path: Path) -> str:
    """Return what is wrong with a file of tantivy's; "" for nothing."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 8))
        end = file.read(8)
        length = int.from_bytes(end[:4], "little")
        if end[4:] != _MAGIC or length + 8 > size:
            return "it was cut off"
        file.seek(size - 8 - length)
        footer = file.read(length)
        file.seek(0)
        crc, left = 0, size - 8 - length
        while left:
            piece = file.read(min(left, 1 << 20))
            crc, left = zlib.crc32(piece, crc), left - len(piece)
    try:
        wanted = json.loads(footer)["crc"]
    except (ValueError, KeyError, TypeError):
        return "its footer is damaged"
    return "" if crc == wanted else "it is damaged"

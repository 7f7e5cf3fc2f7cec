"""Generations of the mirror: folders, which of them is in use, and how that changes.

cache/library/pubmed/current.json names the one in use. It is replaced by an atomic
rename, when the new generation is whole. The old folder is then taken away by the
loader that replaced it: whoever has its files open reads on in them, and sees by
`Mirror.is_outdated` that there is a newer one. Where open files cannot be taken away,
the next ingest does it.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assay.edge.addresses import explained_disk
from assay.edge.files import write_atomically
from assay.edge.mirror_file import (
    FILE,
    explained_mirror,
    make_mirror_file,
    open_to_load,
    open_to_read,
)
from assay.edge.zstd_rows import name_dictionary
from assay.errors import StoreError
from assay.library.generations import Generation, baseline_of, find_why_not
from assay.library.nlm_files import NlmFile
from assay.search import Problem

FOLDER = "pubmed"
"""Of the mirror, in the library's folder."""
CURRENT = "current.json"
DICTIONARY = "dictionary"
LOADING = "loading.db"
"""Locked by the one that loads."""
PARTITIONS = "partitions"
"""Folder of partitions that wait to be loaded, where no other place was named."""
FORMAT = 1
"""Of current.json."""


class DamagedCurrentError(StoreError):
    """What names the generation in use cannot be read."""


def current_generation(folder: Path) -> Path | None:
    """Return the folder of the generation in use; None where there is no mirror.

    Args:
        folder: the library's (cache/library).

    Raises:
        StoreError: what names it cannot be read, or a newer assay wrote it.
    """
    path = folder / FOLDER / CURRENT
    try:
        told = json.loads(path.read_bytes())
        name, version = _checked_name(told["generation"]), int(told["format"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        why = f"cannot be read ({error.strerror})" if isinstance(error, OSError) else ""
        raise DamagedCurrentError(
            f"{path}, which names the mirror of PubMed in use, {why or 'is damaged'}. "
            "Run: assay library verify --repair, which names it anew."
        ) from error
    if version > FORMAT:
        raise StoreError(f"{path} was written by a newer assay. Update assay.")
    return path.parent / name


def _checked_name(name: object) -> str:
    """Return a generation's name, which is never a path to somewhere else."""
    if not (isinstance(name, str) and name.isalnum() and name.isascii()):
        raise ValueError(f"{name!r} is no name of a generation")
    return name


def read_generations(folder: Path) -> tuple[Generation | None, Generation | None]:
    """Return the generation in use and the one that is built beside it, if any.

    Raises:
        StoreError: one of them cannot be read.
    """
    current = current_generation(folder)
    later = [
        path
        for path in sorted((folder / FOLDER).glob("*/"))
        if path != current and baseline_of(path.name) and (path / FILE).exists()
    ]
    building = later[-1] if later else None
    if current and building and int(building.name) < baseline_of(current.name):
        building = None
    return (
        read_generation(current) if current else None,
        read_generation(building) if building else None,
    )


def read_generation(path: Path) -> Generation:
    """Return a generation's name, files and number of records.

    Raises:
        StoreError: it cannot be read.
    """
    db = open_to_read(path / FILE)
    try:
        with explained_mirror(path / FILE):
            files = db.execute("SELECT year, number, name FROM files").fetchall()
            sql = "SELECT value FROM meta WHERE name = 'records'"
            records = int(db.execute(sql).fetchone()[0])
            sql = "SELECT value FROM meta WHERE name = 'announced'"
            announced = int((db.execute(sql).fetchone() or (0,))[0])
    finally:
        db.close()
    loaded = tuple(sorted(map(NlmFile._make, files)))
    return Generation(path.name, loaded, records, announced)


def make_generation(folder: Path, name: str, dictionary: Callable[[], bytes]) -> Path:
    """Return a generation's folder, made empty if it is not there yet.

    The first of all is in use at once, so that what is loaded can be asked; a later one
    only after `switch_generation`.

    Args:
        folder: the library's.
        name: as `plan_generation` gives it.
        dictionary: gives the bytes of its dictionary; called when it is made.

    Raises:
        StoreError: the disk cannot be written.
    """
    path = folder / FOLDER / name
    if not (path / FILE).exists():
        with explained_disk(str(path)):
            path.mkdir(parents=True, exist_ok=True)
            made = dictionary()
            write_atomically(path / DICTIONARY, made)
            new = path / f"{FILE}.new"
            for left in path.glob(f"{new.name}*"):  # of one that was killed here
                left.unlink()
            make_mirror_file(new, name_dictionary(made))
            new.replace(path / FILE)
    elif not ((path / DICTIONARY).stat().st_size or read_generation(path).files):
        _give_dictionary(path, dictionary())  # no file could be read, the first time
    if current_generation(folder) is None:
        use_generation(folder, name)
    return path


def _give_dictionary(path: Path, dictionary: bytes) -> None:
    """Give a dictionary to a generation that holds nothing yet."""
    with explained_disk(str(path)):
        write_atomically(path / DICTIONARY, dictionary)
    _note(path, "dictionary", name_dictionary(dictionary))


def _note(path: Path, name: str, value: str | int) -> None:
    db = open_to_load(path / FILE)
    try:
        with explained_mirror(path / FILE):
            db.execute("REPLACE INTO meta VALUES (?, ?)", (name, value))
    finally:
        db.close()


def announce_files(path: Path, files: Iterable[NlmFile]) -> None:
    """Note what is to be loaded into a generation, so that a later run asks for it.

    Args:
        path: the generation's folder.
        files: of any year; the greatest number of its own year is kept.

    Raises:
        StoreError: the disk cannot be written.
    """
    year = baseline_of(path.name)
    last = max((file.number for file in files if file.year == year), default=0)
    if last > read_generation(path).announced:
        _note(path, "announced", last)


def switch_generation(
    folder: Path, name: str, given: Iterable[NlmFile] = ()
) -> Problem | None:
    """Put a generation in the place of the one in use, or say why not yet.

    Its store and index are to be whole. Does nothing where it is in use.

    Args:
        folder: the library's.
        name: of the new generation.
        given: the files that were to be loaded into it.

    Raises:
        StoreError: a generation cannot be read, or the disk cannot be written.
    """
    current = current_generation(folder)
    new = read_generation(folder / FOLDER / name)
    old = read_generation(current) if current else None
    if why := find_why_not(new, old, tuple(given)):
        return Problem(
            where=f"the mirror of PubMed ({name})",
            what=f"{why}; the one in use stays",
            what_to_do="Load what lacks; then it takes the other's place. Or move "
            f"{folder / FOLDER / name} away to begin anew.",
        )
    if current is None or current.name != name:
        use_generation(folder, name)
    return None


def use_generation(folder: Path, name: str) -> None:
    """Name the generation that is in use.

    Raises:
        StoreError: the disk cannot be written.
    """
    told = json.dumps({"format": FORMAT, "generation": name})
    with explained_disk(str(folder / FOLDER / CURRENT)):
        write_atomically(folder / FOLDER / CURRENT, f"{told}\n".encode())


def remove_old_generations(folder: Path) -> tuple[str, ...]:
    """Take away the generations that another has replaced; return their names.

    Only the loader does that, while it holds `loading`. A folder that cannot be taken
    away is left for the next time.
    """
    current = current_generation(folder)
    if current is None:
        return ()
    year = baseline_of(current.name)
    names = []
    for path in sorted((folder / FOLDER).glob("*/")):
        before = path.name == "mixed" or 0 < baseline_of(path.name) < year
        if path != current and before and year:
            with suppress(OSError):
                shutil.rmtree(path)
                names.append(path.name)
    return tuple(names)


def is_loading(folder: Path) -> bool:
    """Say whether some process loads into the mirror just now; waits for nobody."""
    path = folder / FOLDER / LOADING
    if not path.exists():
        return False
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=0, uri=True)
    try:
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    except sqlite3.DatabaseError:
        return False  # damaged, which the next loader is told
    finally:
        db.close()
    return False


@contextmanager
def loading(folder: Path) -> Iterator[None]:
    """Be the only one that loads into the mirror; ends with the process at the latest.

    Raises:
        StoreError: another process loads, or the disk cannot be written.
    """
    path = folder / FOLDER / LOADING
    with explained_disk(str(path)):
        path.parent.mkdir(parents=True, exist_ok=True)
    with explained_mirror(path):
        db = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        with explained_mirror(path):
            try:
                db.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise  # the disk is full, or not to be written
                raise StoreError(
                    "Another assay loads into the mirror of PubMed just now. Wait for "
                    "it to end."
                ) from error
        yield
    finally:
        db.close()

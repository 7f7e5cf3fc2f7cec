"""A whole copy of cache/state.db beside it, made before its format is changed."""

import os
import sqlite3
from contextlib import closing, suppress
from filecmp import cmp
from pathlib import Path

from assay.errors import StoreError


def back_up(path: Path, found: int) -> Path:
    """Copy the file at `path` to PATH.format-FOUND, and return where the copy lies.

    It appears whole or not at all, and never in the place of an earlier one: where that
    differs, this one is called PATH.format-FOUND.2 and so on. Whoever calls holds the
    file's lock, so that nothing is written meanwhile and nobody else copies it.

    Raises:
        StoreError: it cannot be written; nothing was changed.
    """
    part = path.with_name(f"{path.name}.format-{found}.part")
    try:
        _remove(part)  # of one that was killed
        with (
            closing(sqlite3.connect(path)) as held,
            closing(sqlite3.connect(part)) as db,
        ):
            held.backup(db)
            db.execute("PRAGMA journal_mode = DELETE")  # one file, with none beside it
        return _name(part, path, found)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            _remove(part)
        raise StoreError(
            f"{path} is to be brought to a new format, and cannot be copied to {part} "
            f"before ({error}). Free some space and run it again; nothing was changed."
        ) from error


def _name(part: Path, path: Path, found: int) -> Path:
    """Give a whole copy its name for good, unless the same one is there already."""
    name, number = f"{path.name}.format-{found}", 1
    while (place := path.with_name(name)).exists():
        if cmp(part, place, shallow=False):
            _remove(part)
            return place
        number += 1
        name = f"{path.name}.format-{found}.{number}"
    part.replace(place)
    _flush_folder(path.parent)
    return place


def _flush_folder(folder: Path) -> None:
    """Let the new name survive a power cut, where a folder can be flushed at all."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(part: Path) -> None:
    for each in (part, part.with_name(f"{part.name}-journal")):
        each.unlink(missing_ok=True)

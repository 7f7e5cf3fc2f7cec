"""Mends what of a mirror can be had from elsewhere: its dictionary, which is in use."""

from pathlib import Path

from assay.edge.addresses import explained_disk
from assay.edge.files import write_atomically
from assay.edge.mirror_file import FILE, explained_mirror, open_to_read
from assay.edge.mirror_generation import (
    DICTIONARY,
    FOLDER,
    PARTITIONS,
    DamagedCurrentError,
    current_generation,
    use_generation,
)
from assay.edge.zstd_rows import name_dictionary
from assay.library.generations import MIXED, baseline_of


def mend_current(folder: Path) -> None:
    """Name the generation in use anew, where what names it is damaged.

    The oldest one that is there: a later one that is whole takes its place with the
    next ingest.

    Args:
        folder: the library's.

    Raises:
        StoreError: there is none, or the disk cannot be written.
    """
    there = [
        path.name
        for path in (folder / FOLDER).glob("*/")
        if (path / FILE).exists() and (path.name == MIXED or baseline_of(path.name))
    ]
    try:
        current = current_generation(folder)
    except DamagedCurrentError:
        if not there:
            raise
    else:
        if current is None or current.name in there or not there:
            return
    use_generation(folder, min(there, key=baseline_of))


def mend_dictionary(folder: Path, generation: Path) -> None:
    """Put the dictionary of a generation back from its copy beside the partitions.

    Nothing happens where it is whole, or where there is no copy that is.

    Raises:
        StoreError: the store cannot be read.
    """
    path = generation / DICTIONARY
    db = open_to_read(generation / FILE)
    try:
        with explained_mirror(generation / FILE):
            sql = "SELECT value FROM meta WHERE name = 'dictionary'"
            wanted = str(db.execute(sql).fetchone()[0])
    finally:
        db.close()
    copy = folder / FOLDER / PARTITIONS / f"dictionary-{wanted}"
    if _name_of(path) != wanted and _name_of(copy) == wanted:
        with explained_disk(str(path)):
            write_atomically(path, copy.read_bytes())


def _name_of(path: Path) -> str:
    """Return the sha256 of a dictionary; "" where it cannot be read."""
    try:
        return name_dictionary(path.read_bytes())
    except OSError:
        return ""

"""Proves what is at hand: the library, the mirror, its index, partitions left over."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from assay.edge.mirror import Mirror
from assay.edge.mirror_generation import (
    FOLDER,
    PARTITIONS,
    current_generation,
    is_loading,
    loading,
)
from assay.edge.mirror_index import open_mirror_index
from assay.edge.mirror_index_file import FOLDER as INDEX
from assay.edge.mirror_index_file import REMEDY, verify_mirror_index
from assay.edge.mirror_index_writer import rebuild_mirror_index
from assay.edge.mirror_mend import mend_current, mend_dictionary
from assay.edge.mirror_verify import verify_store
from assay.edge.store import open_library
from assay.errors import StoreError
from assay.library.ingested import AtHand
from assay.library.nlm_files import Loaded
from assay.search import Problem

PARTITION_VERIFY = "assay.edge.partition_verify"
REPAIR = "Run: assay library verify --repair"
INGEST = "Run: assay library ingest"
NAMED = 3
"""PMIDs that are named where index and store differ; the rest is counted."""

Tell = Callable[[str], None]
"""Called with what is looked at just now."""


def verify_library(folder: Path) -> Iterator[Problem]:
    """Yield what is wrong with the library's own records.

    Args:
        folder: cache/library.
    """
    path = folder / "records.db"
    remedy = f"Move {path} away, then add or search its records again."
    try:
        with open_library(folder) as library:
            for (told,) in library.ask("PRAGMA integrity_check"):
                if told != "ok":
                    yield Problem(where=str(path), what=str(told), what_to_do=remedy)
            for record in library.records():
                assert record  # each can be read
    except StoreError as error:  # which says what to do
        yield Problem(where=str(path), what=str(error))
    except (sqlite3.Error, ValueError) as error:
        yield Problem(where=str(path), what=str(error), what_to_do=remedy)


def verify_mirror(folder: Path, tell: Tell) -> Iterator[Problem]:
    """Yield what is wrong with the mirror in use; nothing where there is none."""
    try:
        generation = current_generation(folder)
    except StoreError as error:
        yield Problem(where=str(folder / FOLDER), what=str(error))
        return
    if generation is None:
        return
    tell("Checking every record of the mirror of PubMed")
    damaged = False
    for problem in verify_store(generation):
        damaged = True
        yield problem
    if is_loading(folder):  # store and index are changed one after the other
        what = "another assay loads into it, so its index cannot be compared"
        again = "Wait for that to end, and verify again."
        yield Problem(where=str(generation), what=what, what_to_do=again)
        return
    tell("Checking partitions")
    place = folder / FOLDER / PARTITIONS
    if place.is_dir() and any(place.iterdir()):  # pyarrow is slow to load
        yield from import_module(PARTITION_VERIFY).verify_partitions(place)
    try:
        with Mirror(generation) as mirror:
            yield from find_miscounts(mirror.files(), mirror.count())
            tell("Comparing the index with the records")
            yield from verify_index(generation, mirror)
    except StoreError as error:
        if not damaged:  # else it was told
            yield Problem(where=str(generation), what=str(error))


def verify_index(generation: Path, mirror: Mirror) -> Iterator[Problem]:
    """Yield what is wrong with the index, or in what it differs from the store."""
    where = str(generation / INDEX)
    broken = list(verify_mirror_index(generation))
    if broken:
        yield from broken
        return
    try:
        index = open_mirror_index(generation)
        if index.load() != (last := mirror.loads()):
            what = f"it stands at load {index.load():,}, the store at {last:,}"
            yield Problem(where=where, what=what, what_to_do=INGEST)
            return
        lacks, more = compare_sorted(mirror.pmids(), index.pmids())
    except StoreError as error:
        yield Problem(where=where, what=str(error))
        return
    for pmids, what in ((lacks, "does not find"), (more, "finds, against the store,")):
        if pmids:
            named = ", ".join(map(str, pmids[:NAMED]))
            rest = f" and {len(pmids) - NAMED:,} more" if len(pmids) > NAMED else ""
            said = f"it {what} PMID {named}{rest}"
            yield Problem(where=where, what=said, what_to_do=REPAIR)


def compare_sorted(
    ones: Iterable[int], others: Iterable[int]
) -> tuple[list[int], list[int]]:
    """Return what only the first of two rising rows of numbers holds, and the second.

    >>> compare_sorted([1, 2, 5], [2, 3, 5, 6])
    ([1], [3, 6])
    """
    left: list[int] = []
    right: list[int] = []
    rest = iter(others)
    other = next(rest, None)
    for one in ones:
        while other is not None and other < one:
            right.append(other)
            other = next(rest, None)
        if other == one:
            other = next(rest, None)
        else:
            left.append(one)
    right += [] if other is None else [other, *rest]
    return left, right


def find_miscounts(files: tuple[Loaded, ...], records: int) -> Iterator[Problem]:
    """Yield in what the store's counts go against the done-markers of its files.

    >>> list(find_miscounts((), 0))
    []
    """
    told = sum(each.records for each in files)
    numbers = sorted(each.load for each in files)
    again = "Move the mirror's folder away and load the files again."
    if records > told:
        what = f"it counts {records:,} records, and its files held {told:,}"
        yield Problem(where="the mirror of PubMed", what=what, what_to_do=again)
    if numbers != list(range(1, len(files) + 1)):
        what = "its loads are not numbered without a hole"
        yield Problem(where="the mirror of PubMed", what=what, what_to_do=again)


def repair(folder: Path, tell: Tell) -> None:
    """Make anew what can be made of what is whole: the index, which mirror is in use.

    The dictionary is put back from its copy, where there is one. Damaged partitions are
    taken away; the next ingest makes them again.

    Raises:
        StoreError: the store itself is damaged, or the disk cannot be written, or
            another process loads.
    """
    if not (folder / FOLDER).is_dir():
        return
    with loading(folder):
        _repair(folder, tell)


def _repair(folder: Path, tell: Tell) -> None:
    place = folder / FOLDER / PARTITIONS
    if place.is_dir() and any(place.iterdir()):
        import_module(PARTITION_VERIFY).remove_damaged_partitions(place)
    mend_current(folder)
    generation = current_generation(folder)
    if generation is None:
        return
    mend_dictionary(folder, generation)
    with Mirror(generation) as mirror:
        if not list(verify_index(generation, mirror)):
            return
        tell("Building the index anew")
        rebuild_mirror_index(generation, mirror.records(), mirror.loads())


def count_at_hand(folder: Path, problems: Iterable[Problem] = ()) -> AtHand:
    """Return how much there is in the library, the mirror and its index.

    Args:
        folder: cache/library.
        problems: found before; an index that is damaged is not opened again.
    """
    library = mirror = files = indexed = None
    with suppress(StoreError, sqlite3.Error), open_library(folder) as records:
        library = records.count()
    with suppress(StoreError):
        generation = current_generation(folder)
        if generation is not None:
            with Mirror(generation) as held:
                mirror, files = held.count(), len(held.files())
            where = str(generation / INDEX)
            if any(
                p.what_to_do == REMEDY and p.where.startswith(where) for p in problems
            ):
                return AtHand(library, mirror, files)
            indexed = open_mirror_index(generation).count()
    return AtHand(library, mirror, files, indexed)

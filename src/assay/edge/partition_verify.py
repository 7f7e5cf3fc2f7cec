"""Proves the partitions that wait to be loaded, and takes damaged ones away."""

from collections.abc import Iterator
from pathlib import Path

from assay.edge.partition import (
    DamagedPartitionError,
    list_markers,
    open_partition,
    read_marker,
    remove_partition,
)
from assay.search import Problem

REMEDY = (
    "Run: assay library verify --repair, which takes it away; the next ingest makes it "
    "again."
)


def verify_partitions(place: Path) -> Iterator[Problem]:
    """Yield which partitions that wait to be loaded are damaged."""
    for name in list_markers(str(place)):
        if what := _find_damage(str(place), name):
            yield Problem(where=name, what=what, what_to_do=REMEDY)


def _find_damage(place: str, name: str) -> str:
    """Return what is wrong with a partition; "" for nothing."""
    marker = read_marker(place, name)
    if marker is None:
        return "its done-marker cannot be read"
    try:
        with open_partition(place, marker) as rows:
            counted = sum(1 for _ in rows)
    except DamagedPartitionError:
        return "the bytes of its partition are not those of its done-marker"
    told = marker.records + marker.withdrawn
    if counted == told:
        return ""
    return f"it has {counted:,} rows, and its done-marker tells of {told:,}"


def remove_damaged_partitions(place: Path) -> None:
    """Take away the partitions that are damaged."""
    for problem in list(verify_partitions(place)):
        remove_partition(str(place), problem.where)

"""What a folder of reports is made of, so that a second run makes only what lacks.

FOLDER/NAME.html, NAME.json …     the reports
FOLDER/index.html, index.json     the list of them
FOLDER/.made/NAME.json            a done-marker: which bytes, options and library
FOLDER/.made/batch.json           the options and the library of the run as a whole

A search puts what it finds into the library, so the checks of a list change it. They
count as one: a report is of the library as it was when its run began, and holds as
long as nothing else has changed the library since that run ended. A run that was
interrupted is the same run when it goes on.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from assay.edge.files import write_atomically
from assay.errors import AssayError
from assay.output.many import Told

MADE = ".made"
"""The folder of the done-markers."""

BATCH = "batch.json"

FORMAT = 1
"""Grows when the markers, or what they mean, change: older ones count for nothing."""


class Basis(NamedTuple):
    """What the reports of a run rest on besides their articles."""

    options: str
    """Digest of assay's version, the options and the person's own words."""
    library: str
    """The state of library and mirror when the run began."""


class Marker(NamedTuple):
    """What is known of a report that was made."""

    basis: Basis
    target: str
    sha256: str
    """Of the article's bytes."""
    files: Mapping[str, str]
    """Ending → sha256 of the report with that ending."""
    told: Told


def digest_options(options: Mapping[str, object]) -> str:
    """Return one digest of options, whatever their order.

    >>> digest_options({"a": 1, "b": ["x"]}) == digest_options({"b": ["x"], "a": 1})
    True
    """
    text = json.dumps(options, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def begin_batch(folder: Path, now: Basis) -> Basis:
    """Return the basis of the reports that this run makes, and note that it began.

    That is the one of the run before it, where its options are the same and nothing
    but that run has changed the library.

    Raises:
        AssayError: the folder cannot be written.
    """
    known = _read(folder / MADE / BATCH)
    before = Basis(str(known.get("options")), str(known.get("library")))
    ended = known.get("ended")
    goes_on = before.options == now.options and ended in {None, now.library}
    basis = before if known and goes_on else now
    write_batch(folder, basis, None)
    return basis


def write_batch(folder: Path, basis: Basis, ended: str | None) -> None:
    """Note what a run rests on, and the library's state at its end (None: it runs).

    Raises:
        AssayError: the folder cannot be written.
    """
    content = {"format": FORMAT, **basis._asdict(), "ended": ended}
    write_file(folder / MADE / BATCH, json.dumps(content))


def write_report(
    folder: Path, name: str, texts: Mapping[str, str], marker: Marker
) -> None:
    """Write a report's files, each whole or not at all, and then its done-marker.

    Raises:
        AssayError: the folder cannot be written.
    """
    for ending, text in texts.items():
        write_file(folder / f"{name}{ending}", text)
    content = {"format": FORMAT, **marker._asdict()}
    content |= {"basis": marker.basis._asdict(), "told": marker.told._asdict()}
    write_file(folder / MADE / f"{name}.json", json.dumps(content))


def read_marker(
    folder: Path, name: str, target: str, basis: Basis, endings: Sequence[str]
) -> Marker | None:
    """Return the marker of a report that holds but for its article's bytes.

    None where there is none, it is damaged or of another basis, or one of the files
    is not there as it was written.
    """
    known = _read(folder / MADE / f"{name}.json")
    try:
        told = Told(**known["told"])
        marker = Marker(
            basis=Basis(**known["basis"]),
            target=str(known["target"]),
            sha256=str(known["sha256"]),
            files={str(ending): str(one) for ending, one in known["files"].items()},
            told=told._replace(counts=tuple(map(int, told.counts))),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    if (marker.basis, marker.target) != (basis, target):
        return None
    held = all(
        marker.files.get(ending, "-") == digest_file(folder / f"{name}{ending}")
        for ending in endings
    )
    return marker if held else None


def digest_text(text: str) -> str:
    """Return the sha256 of a report as it is written.

    >>> digest_text("tea")[:8]
    'a9f74d1e'
    """
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def digest_file(path: Path) -> str:
    """Return the sha256 of a file; "" where it cannot be read."""
    with suppress(OSError):
        return hashlib.sha256(path.read_bytes()).hexdigest()
    return ""


def _read(path: Path) -> dict[str, Any]:
    """Return what a marker holds; {} where it is missing, damaged or of another format.

    A marker is derived: without it a report is only made again.
    """
    with suppress(OSError, ValueError):
        value = json.loads(path.read_bytes())
        if isinstance(value, dict) and value.get("format") == FORMAT:
            return value
    return {}


def write_file(path: Path, text: str) -> None:
    """Write one file whole or not at all; its folder is made when needed.

    Raises:
        AssayError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text.encode("utf-8", "replace"))
    except OSError as error:
        raise AssayError(f"{path} cannot be written: {error.strerror}.") from error

"""The person's saved queries: queries/NAME.toml in the workspace, and those shipped.

A query in the workspace hides the shipped one of the same name.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

import assay
from assay.edge.files import write_atomically
from assay.errors import QueryError
from assay.query.saved import parse_name, parse_saved, render_saved
from assay.search import Problem, SavedQuery
from assay.sources import SOURCES

_PACKAGE = Path(assay.__file__).parent
SHIPPED = (_PACKAGE / "data/queries", _PACKAGE.parent.parent / "queries")
"""Where the shipped queries lie: in the installed package, else in its source tree."""

LARGEST = 100_000
"""Bytes; a larger file is no query that PubMed would take."""


class Stored(NamedTuple):
    """A saved query and where it was read."""

    saved: SavedQuery
    path: Path
    shipped: bool
    """True when it comes with assay and not from the workspace."""


def read_all_saved(folder: Path) -> tuple[tuple[Stored, ...], tuple[Problem, ...]]:
    """Return every saved query by name, and a problem for each file that is none.

    Raises:
        QueryError: the folder is there, but cannot be read: nobody knows what is in it.
    """
    found: list[Stored] = []
    problems: list[Problem] = []
    for path, shipped in _paths(folder):
        try:
            found.append(Stored(_read(path), path, shipped))
        except QueryError as error:
            named = str(path) in str(error)
            what_to_do = f"Mend the file, or remove it{'' if named else f': {path}'}."
            problems.append(
                Problem(where="saved queries", what=str(error), what_to_do=what_to_do)
            )
    return tuple(sorted(found, key=lambda one: one.saved.name)), tuple(problems)


def read_saved(folder: Path, name: str) -> Stored:
    """Return the saved query of that name.

    Raises:
        QueryError: there is none (names those there are), or its file is not right.
    """
    paths = {path.stem: (path, shipped) for path, shipped in _paths(folder)}
    if parse_name(name) not in paths:
        raise QueryError(f'There is no saved query "{name}". {_known(name, paths)}')
    path, shipped = paths[name]
    return Stored(_read(path), path, shipped)


def write_saved(folder: Path, saved: SavedQuery, *, replace: bool = False) -> Path:
    """Write the query into the workspace, whole or not at all; return the file.

    What is written is read back first, so that no file is made that cannot be read.

    Raises:
        QueryError: the name is taken and `replace` is false, or the query is not
            one that can be read back.
    """
    path = folder / f"{parse_name(saved.name)}.toml"
    content = render_saved(saved)
    parse_saved(saved.name, content, SOURCES)
    if path.exists() and not replace:
        raise QueryError(f"{path} exists already; --force replaces it.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content.encode())
    except OSError as error:
        raise QueryError(f"{path} cannot be written: {error.strerror}.") from error
    return path


def remove_saved(folder: Path, name: str) -> Path:
    """Remove a query, readable or not, from the workspace; return the file it was.

    Raises:
        QueryError: there is none of that name, or it ships with assay.
    """
    path = folder / f"{parse_name(name)}.toml"
    if not path.is_file():
        stored = read_saved(folder, name)
        raise QueryError(f"{stored.saved.name} ships with assay and stays as it is.")
    try:
        path.unlink()
    except OSError as error:
        raise QueryError(f"{path} cannot be removed: {error.strerror}.") from error
    return path


def _paths(folder: Path) -> tuple[tuple[Path, bool], ...]:
    """Return the files of all saved queries with whether each is a shipped one."""
    shipped = next((place for place in SHIPPED if place.is_dir()), None)
    places = ((shipped, True), (folder, False))
    found = {
        path.name: (path, is_shipped and path.parent != folder)
        for place, is_shipped in places
        if place is not None
        for path in _files(place)
    }
    return tuple(found.values())


def _files(folder: Path) -> list[Path]:
    """Return the files of a folder that may be queries; [] where there is none."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise QueryError(f"{folder} cannot be read: {error.strerror}.") from error


def _read(path: Path) -> SavedQuery:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise QueryError(f"{path} is too large for a saved query.")
        return parse_saved(path.stem, content.decode(), SOURCES, str(path))
    except OSError as error:
        raise QueryError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise QueryError(f"{path} is not UTF-8 text; save it as UTF-8.") from error


def _known(name: str, names: Iterable[str]) -> str:
    known = sorted(names)
    listed = ", ".join(known)
    if near := get_close_matches(name, known, n=1, cutoff=0.8):
        return f'Did you mean "{near[0]}"?'
    return f"Saved queries: {listed}." if listed else "No query is saved yet."

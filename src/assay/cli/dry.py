"""A run that changes nothing: made in a throw-away copy of what assay keeps."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from assay.cli.session import Session
from assay.edge.workspace import Workspace
from assay.errors import StoreError

COPIED = ("state.db", "library/records.db")
"""What a run reads and changes; all else is made anew, or not used."""


@contextmanager
def dry_workspace(session: Session) -> Iterator[Workspace]:
    """Let the session work on a copy of what assay keeps; give the real workspace.

    Raises:
        StoreError: the copy cannot be made, e.g. since the disk is full.
    """
    real = session.workspace
    with tempfile.TemporaryDirectory(prefix="assay-dry-") as folder:
        kept = Path(folder)
        try:
            _copy(real.cache, kept)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"A dry run needs a copy of {real.cache}, which cannot be made "
                f"({error}). {_remedy(error)}"
            ) from error
        session.workspace = replace(real, kept=kept)
        try:
            yield real
        finally:
            session.resources.close()  # before the folder goes
            session.workspace = real


def _remedy(error: Exception) -> str:
    known = isinstance(error, OSError | sqlite3.OperationalError)
    if isinstance(error, sqlite3.DatabaseError) and not known:
        return "A file there is damaged: a run without --dry-run tells which."
    return "Free some space, or set TMPDIR to another folder."


def _copy(cache: Path, kept: Path) -> None:
    for name in COPIED:
        source, copy = cache / name, kept / name
        if source.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            _copy_database(source, copy)


def _copy_database(source: Path, copy: Path) -> None:
    """Copy a database as it stands, also while another process writes to it.

    What a killed process left beside it is read and stays there. Else it is opened to
    be written, since SQLite then leaves no file beside it; where nobody may write,
    nothing changes meanwhile either.
    """
    if source.with_name(f"{source.name}-wal").exists():
        mode = "mode=ro"
    else:
        mode = "mode=rw" if os.access(source.parent, os.W_OK) else "immutable=1"
    address = f"{source.absolute().as_uri()}?{mode}"
    with (
        closing(sqlite3.connect(address, uri=True)) as held,
        closing(sqlite3.connect(copy)) as made,
    ):
        held.backup(made)

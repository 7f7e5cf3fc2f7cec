"""What lies beside the library: the mirror of PubMed, as the library looks into it.

A record that is new to the library may be in the mirror: then the mirror's copy is
merged in first, so that the library's word is never less than the mirror's. The
mirror's modules are imported when there is one.
"""

from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from assay.library.merge import conflict, keys_of
from assay.record import Record

_CURRENT = "pubmed/current.json"
"""In the library's folder; names the mirror in use (edge/mirror_generation.py)."""
_KINDS = frozenset({"pmid", "doi", "pmcid"})


class Held(NamedTuple):
    """A record as the mirror holds it."""

    record: Record
    file: str
    """The name of the file of NLM's that gave it."""
    when: str
    """ISO time at which that file was loaded."""


class MirrorBeside:
    """The mirror in a library's folder, opened when it is first there."""

    def __init__(self, folder: Path) -> None:
        """Keep the library's folder; a mirror may come to be in it, or be replaced."""
        self._folder = folder
        self._mirror: Any = None
        self._seen: tuple[int, int] | None = None

    def __call__(self, record: Record) -> Held | None:
        """Return the mirror's copy of a record, if there is one that fits.

        Raises:
            StoreError: the mirror cannot be read.
        """
        self._follow()
        if self._mirror is None:
            return None
        keys = (key for key in keys_of(record) if key.partition(":")[0] in _KINDS)
        for found in filter(None, map(self._mirror.get, keys)):
            if not conflict(found, record):
                origin = self._mirror.origin(int(found.pmid))
                return Held(found, origin.file.name, origin.when) if origin else None
        return None

    def close(self) -> None:
        """Close the mirror."""
        if self._mirror is not None:
            self._mirror.close()
            self._mirror = None
        self._seen = None

    def _follow(self) -> None:
        """Open the mirror in use, unless that is the one at hand."""
        try:
            told = (self._folder / _CURRENT).stat()
            seen = told.st_mtime_ns, told.st_ino
        except FileNotFoundError:
            self.close()
            return
        if seen != self._seen:
            self.close()
            self._mirror = import_module("assay.edge.mirror").open_mirror(self._folder)
            self._seen = seen

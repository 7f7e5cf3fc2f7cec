"""The workspace: the folder where a person's queries, settings and library live.

queries/            one TOML file for each saved query
assay.toml          settings, if any
vocabulary.toml     words for concepts, besides those that ship, if any
cache/http.db       recorded answers; may be deleted
cache/library/      records.db (the records) and index/ (may be deleted)
cache/library/pubmed/  the mirror of PubMed, if NLM's files were loaded: current.json
                    names the folder in use, which holds pubmed.db, dictionary, index/
cache/state.db      every search with its log, what each report rests on, what was sent
digests/            digests as files, unless assay.toml names another folder
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assay.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A workspace's folder, and why it was chosen. Nothing of it need exist yet."""

    root: Path
    chosen: str
    """E.g. "ASSAY_HOME is set"; for the person."""
    kept: Path | None = None
    """Where assay keeps things instead of in cache/, e.g. in a dry run."""

    @property
    def queries(self) -> Path:
        """The folder of saved queries."""
        return self.root / "queries"

    @property
    def vocabulary(self) -> Path:
        """The person's own words for concepts, if there are any."""
        return self.root / "vocabulary.toml"

    @property
    def cache(self) -> Path:
        """The folder of everything that assay keeps for itself."""
        return self.kept or self.root / "cache"

    @property
    def http_db(self) -> Path:
        """The recorded answers."""
        return self.cache / "http.db"

    @property
    def library(self) -> Path:
        """The folder of the library: records.db, index/ and, if made, pubmed/."""
        return self.cache / "library"

    @property
    def state_db(self) -> Path:
        """Every search with its log, what each report rests on, what was sent."""
        return self.cache / "state.db"


def find_workspace(
    asked: str, environ: Mapping[str, str], here: Path, platform: str = sys.platform
) -> Workspace:
    """Return the workspace; what was said outright beats what is found.

    In this order: `asked` (--workspace), ASSAY_HOME, the nearest folder from `here`
    upward that holds queries/, the user's data folder. Makes nothing.

    Raises:
        UsageError: the folder asked for is a file, or the folder above it is missing.
    """
    if asked:
        return _named(asked, here, "--workspace says so")
    if home := environ.get("ASSAY_HOME", ""):
        return _named(home, here, "ASSAY_HOME is set")
    for folder in (here, *here.parents):
        if (folder / "queries").is_dir():
            return Workspace(root=folder, chosen="it holds queries/")
    chosen = "no folder from here upward holds queries/"
    return Workspace(root=data_folder(environ, platform), chosen=chosen)


def _named(path: str, here: Path, chosen: str) -> Workspace:
    root = (here / Path(path).expanduser()).resolve()
    if root.exists() and not root.is_dir():
        raise UsageError(f"The workspace {root} is a file; name a folder.")
    if not root.parent.is_dir():
        raise UsageError(
            f"The workspace {root} cannot be made: there is no folder {root.parent}."
        )
    return Workspace(root=root, chosen=chosen)


def data_folder(environ: Mapping[str, str], platform: str) -> Path:
    """Return the user's data folder for assay, by the platform's own rules.

    XDG_DATA_HOME counts only when absolute, as the XDG specification demands.
    """
    home = Path(environ.get("HOME") or Path.home())
    if platform == "win32":
        local = environ.get("LOCALAPPDATA", "")
        return (Path(local) if local else home / "AppData" / "Local") / "assay"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "assay"
    data = Path(environ.get("XDG_DATA_HOME", ""))
    return (data if data.is_absolute() else home / ".local" / "share") / "assay"

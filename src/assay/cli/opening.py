"""Opens the library; the session closes it when the command ends."""

from assay.cli.session import Session
from assay.edge.store import Library, open_library


def open_records(session: Session) -> Library:
    """Return the workspace's library, with the starter library in it.

    The settings are read first: a slip in assay.toml is told also where they would
    not be used.

    Raises:
        SettingsError: a setting is not right.
        StoreError: the library cannot be opened.
    """
    assert session.settings
    library = open_library(session.workspace.library)
    return session.resources.enter_context(library)

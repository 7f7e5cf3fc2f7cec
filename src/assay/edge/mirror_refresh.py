"""Brings to the library what a load changed of the records that it holds."""

from assay.edge.mirror import Mirror
from assay.edge.store import Added, Library

NOTE = "pubmed"
"""Name of the library's note that tells up to which load it was brought."""


def refresh_library(library: Library, mirror: Mirror) -> Added:
    """Merge the mirror's copies of the library's records into them, where newer.

    Only what was loaded since the last time is looked at; a kill in between loses
    nothing. So a notice of retraction in an update file reaches the library.

    Raises:
        StoreError: one of the two cannot be read or written.
    """
    return Added()

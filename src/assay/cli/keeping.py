"""Keeps what a search found in the library."""

from assay.edge.store import Library
from assay.model import Found


def keep_found(library: Library, found: Found) -> None:
    """Add what each source gave to the library, with its query and time."""
    for log in found.logs:
        if log.retrieved:
            mine = [each for each in found.records if each.source == log.source]
            library.add(mine, source=log.source, query=log.query, when=log.when)

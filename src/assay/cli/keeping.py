"""What a search found: keeping it in the library, and whether it is all there is."""

from collections.abc import Iterable

from assay.edge.store import Library
from assay.search import Found, Problem, SearchLog


def keep_found(library: Library, found: Found) -> None:
    """Add what each source gave to the library, with its query and time."""
    for log in found.logs:
        if log.retrieved:
            mine = [each for each in found.records if each.source == log.source]
            library.add(mine, source=log.source, query=log.query, when=log.when)


def is_partial(problems: Iterable[Problem], logs: Iterable[SearchLog]) -> bool:
    """Say whether something was not searched or did not come: exit status 3.

    Hits beyond the limit that was asked for, and words that a service passed over,
    are told in the report and do not count.

    >>> is_partial((), ())
    False
    """
    return any(True for _ in problems) or any(log.failed or log.missing for log in logs)

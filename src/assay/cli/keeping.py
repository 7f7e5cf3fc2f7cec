"""What a search found: keeping it in the library, and whether it is all there is."""

from collections.abc import Iterable

from assay.edge.store import Library
from assay.library.notices import Checked
from assay.search import Found, Problem, SearchLog


def keep_found(library: Library, found: Found) -> None:
    """Add what each source gave to the library, with its query and time."""
    for log in found.logs:
        if log.retrieved:
            mine = (each for each in found.records if each.source == log.source)
            library.add(mine, source=log.source, query=log.query, when=log.when)


def renew_known(library: Library, checked: Checked) -> None:
    """Put PubMed's records as they are now in the place of those in the library.

    Records that are not in it stay out: asking about notices is no search.
    """
    known = [r for r in checked.found if library.find(pmid=r.pmid) is not None]
    if known:
        library.add(known, source="pubmed", query="notices", when=checked.when)


def is_partial(problems: Iterable[Problem], logs: Iterable[SearchLog]) -> bool:
    """Say whether something was not searched or did not come: exit status 3.

    Hits beyond the limit that was asked for, and words that a service passed over,
    are told in the report and do not count.

    >>> is_partial((), ())
    False
    """
    return any(True for _ in problems) or any(log.failed or log.missing for log in logs)

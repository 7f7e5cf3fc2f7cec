"""Every record at hand, the library's and the mirror's, in an order that stays."""

from collections.abc import Iterator
from heapq import merge

from assay.edge.mirror import Mirror
from assay.edge.store import Library
from assay.library.merge import first_key, order_of
from assay.record import Record


def read_holdings(library: Library, mirror: Mirror | None) -> Iterator[Record]:
    """Yield every record once: by rising PMID, then those without one by their names.

    A record that both hold comes as the library has it. The same files and searches
    give the same records in the same order. Needs as much memory as the library's
    names, whatever the size of the mirror.

    Raises:
        StoreError: one of the two cannot be read.
    """
    if mirror is None:
        return library.in_order()
    known = library.pmids()
    more = (record for record in mirror.records() if int(record.pmid) not in known)
    return merge(library.in_order(), more, key=_order)


def _order(record: Record) -> tuple[int, str]:
    return order_of(first_key(record))

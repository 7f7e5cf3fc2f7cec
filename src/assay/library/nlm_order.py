"""Which copy of a record stands, whatever the order in which copies came to be known.

The one of the highest version, then of the greatest place. A withdrawal takes every
copy from a lower place with it; a copy from a greater place brings the record back.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Copy(NamedTuple):
    """A record of one PMID as one file gave it."""

    version: int
    place: int
    """As `place_of` gives it; 1 or more."""
    value: bytes = b""


def keep_copies(copies: Iterable[Copy], withdrawn: int = 0) -> tuple[Copy, ...]:
    """Return the copies of a PMID that stand or may yet stand, the standing one first.

    Those behind it are of ever lower versions and from ever greater places: each of
    them stands once a withdrawal takes away all before it. () when none stands.

    Args:
        copies: of one PMID; the same one twice does no harm.
        withdrawn: the greatest place of a withdrawal; 0 for none.

    >>> keep_copies([Copy(1, 10), Copy(2, 5), Copy(1, 3)])
    (Copy(version=2, place=5, value=b''), Copy(version=1, place=10, value=b''))
    >>> keep_copies([Copy(1, 10), Copy(2, 5)], withdrawn=7)
    (Copy(version=1, place=10, value=b''),)
    """
    kept: list[Copy] = []
    least = withdrawn
    for copy in sorted(copies, reverse=True):
        if copy.place > least:
            kept.append(copy)
            least = copy.place
    return tuple(kept)

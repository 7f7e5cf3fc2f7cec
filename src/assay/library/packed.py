"""Many records in little memory: packed as the library keeps them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from assay.library.codec import decode_record, encode_record
from assay.record import Record

PLAIN = 5_000
"""Records up to which packing does not pay: they are kept as they are.

Measured with 10,000 records of a PubMed update file: 17 KB each as values, 3.5 KB each
packed.
"""


class PackedRecords(Sequence[Record]):
    """Records in the order they came; two of the same content are equal.

    >>> packed = pack_records([Record(source="x", title="T")], plain=0)
    >>> len(packed), packed[0].title, packed == pack_records(packed, plain=0)
    (1, 'T', True)
    """

    def __init__(self, packed: tuple[bytes, ...]) -> None:
        self._packed = packed

    def __len__(self) -> int:
        return len(self._packed)

    def __iter__(self) -> Iterator[Record]:
        return map(decode_record, self._packed)

    @overload
    def __getitem__(self, at: int) -> Record: ...
    @overload
    def __getitem__(self, at: slice) -> "PackedRecords": ...
    def __getitem__(self, at: int | slice) -> "Record | PackedRecords":
        if isinstance(at, slice):
            return PackedRecords(self._packed[at])
        return decode_record(self._packed[at])

    def distinct(self) -> tuple[bytes, ...]:
        """Return each content once, packed, in the order in which they came.

        >>> record = Record(source="x")
        >>> len(PackedRecords((encode_record(record),) * 2).distinct())
        1
        """
        return tuple(dict.fromkeys(self._packed))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PackedRecords) and self._packed == other._packed

    def __hash__(self) -> int:
        return hash(self._packed)


class Pile:
    """Records as they come; what goes beyond `plain` of them is packed."""

    def __init__(self, plain: int = PLAIN) -> None:
        self._plain = plain
        self._records: list[Record] = []
        self._packed: list[bytes] = []

    def add(self, record: Record) -> None:
        """Put one more record on the pile."""
        if len(self._records) < self._plain:
            self._records.append(record)
        else:
            self._packed.append(encode_record(record))

    def __len__(self) -> int:
        return len(self._records) + len(self._packed)

    def packed(self) -> Iterator[bytes]:
        """Yield every record packed, in order."""
        yield from map(encode_record, self._records)
        yield from self._packed

    def records(self) -> Iterator[Record]:
        """Yield every record, in order."""
        yield from self._records
        yield from map(decode_record, self._packed)


def join_piles(piles: Sequence[Pile], plain: int = PLAIN) -> Sequence[Record]:
    """Return all records, pile by pile: a tuple, or packed beyond `plain` of them.

    >>> join_piles([])
    ()
    """
    if sum(map(len, piles)) <= plain:
        return tuple(record for pile in piles for record in pile.records())
    return PackedRecords(tuple(one for pile in piles for one in pile.packed()))


def pack_records(records: Iterable[Record], plain: int = PLAIN) -> Sequence[Record]:
    """Return the records as a sequence: a tuple, or packed beyond `plain` of them.

    >>> pack_records([])
    ()
    """
    pile = Pile(plain)
    for record in records:
        pile.add(record)
    return join_piles([pile], plain)

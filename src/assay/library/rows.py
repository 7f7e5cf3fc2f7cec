"""The rows that deduplication works on: small, while their records lie on a shelf.

A record of PubMed is 17 KB as a value and 3 KB packed; what of it is compared is 1 KB.
So a row keeps that, and its record is unpacked when somebody asks for it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from assay.library.codec import decode_record, encode_record
from assay.library.decided import names_by
from assay.library.merge import weigh
from assay.library.packed import PackedRecords
from assay.library.prepare import Prepared
from assay.library.versions import End, end_of
from assay.record import Record

Describe = Callable[[Record], End]
"""Returns what `end_of` does; another one may remember what it returned."""


class Joint(NamedTuple):
    """Why two members were put together."""

    one: str
    """The firmest name of the one."""
    other: str
    probability: float
    reasons: tuple[str, ...]


class Shelf:
    """Records by number, each content once: those given, then those made of them.

    They stay as they were given: packed when they came packed, else as values.

    >>> shelf = Shelf([Record(source="x"), Record(source="x"), Record(source="y")])
    >>> len(shelf), shelf[1].source, shelf.put(Record(source="z"))
    (2, 'y', 2)
    """

    def __init__(self, records: Iterable[Record]) -> None:
        self._kept: list[Record | bytes]
        self.packs = isinstance(records, PackedRecords)
        """Whether records lie here packed."""
        if isinstance(records, PackedRecords):
            self._kept = list(records.distinct())
        else:
            self._kept = list(dict.fromkeys(records))

    def __len__(self) -> int:
        return len(self._kept)

    def __getitem__(self, number: int) -> Record:
        one = self._kept[number]
        return decode_record(one) if isinstance(one, bytes) else one

    def put(self, record: Record) -> int:
        """Keep one more record and return its number."""
        self._kept.append(encode_record(record) if self.packs else record)
        return len(self._kept) - 1

    def packed(self, number: int) -> bytes:
        """Return a record as bytes; equal records give equal ones."""
        one = self._kept[number]
        return one if isinstance(one, bytes) else encode_record(one)


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A record of a round: as given, or merged of rows of the round before."""

    shelf: Shelf
    number: int
    """On the shelf; of the records as given, the order in which they came."""
    end: End
    weight: tuple[int, int]
    """How much its word counts, as `weigh` has it."""
    parts: tuple["Row", ...] = ()
    """The records as given that it is made of; () for one of them."""
    joints: tuple[Joint, ...] = ()

    @property
    def record(self) -> Record:
        """Return the record itself, unpacked where it is packed."""
        return self.shelf[self.number]

    @property
    def prepared(self) -> Prepared:
        """Return what of the record is compared."""
        return self.end.card

    @property
    def name(self) -> str:
        """Return the name by which a decision knows the record."""
        return names_by(self.end.keys, self.end.card)[0]

    @property
    def leaves(self) -> tuple["Row", ...]:
        """Return the records as given that it is made of, itself when it is one."""
        return self.parts or (self,)

    def rank(self) -> tuple[object, ...]:
        """Return what orders rows, the lightest first, whatever their order was."""
        card = self.end.card
        told = (card.pmid, card.doi, card.title, card.first, card.last)
        return (self.weight, self.end.source, *told, self.shelf.packed(self.number))


def make_row(
    shelf: Shelf,
    number: int,
    record: Record,
    parts: tuple[Row, ...] = (),
    joints: tuple[Joint, ...] = (),
    *,
    describe: Describe = end_of,
) -> Row:
    """Return the row of a record, which lies on the shelf under that number.

    >>> shelf = Shelf([Record(source="x", pmid="90000001")])
    >>> make_row(shelf, 0, shelf[0]).name
    'pmid:90000001'
    """
    return Row(shelf, number, describe(record), weigh(record), parts, joints)

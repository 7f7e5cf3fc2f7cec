"""Each work of a list once, for lists that share most of their records.

Only a record without a PMID can be another's double, so only those are compared, and
what shares something telling with one of them.
"""

from collections.abc import Sequence
from typing import NamedTuple

from assay.library.block import block_keys
from assay.library.dedupe import deduplicate
from assay.library.versions import End, end_of
from assay.record import Record


class _Seen(NamedTuple):
    """A record, held so that it can be known by its identity, and what is compared."""

    record: Record
    end: End
    blocks: frozenset[tuple[str, ...]]


class Once:
    """Gives each work of a list once, and remembers the records."""

    def __init__(self) -> None:
        self._known: dict[int, _Seen] = {}

    def of(self, records: Sequence[Record]) -> tuple[Record, ...]:
        """Return each work once, in the order in which its first record stands.

        Args:
            records: those that have a PMID have different ones.

        >>> tea = Record(source="pubmed", pmid="90000001", doi="10.99999/x")
        >>> same = Record(source="x", doi="10.99999/x", volume="7")
        >>> [(each.pmid, each.volume) for each in Once().of((same, tea))]
        [('90000001', '7')]
        """
        bare = [record for record in records if not record.pmid]
        telling = {key for record in bare for key in self._see(record).blocks}
        asked = [
            record
            for record in records
            if not record.pmid or not telling.isdisjoint(self._see(record).blocks)
        ]
        if len(asked) < 2:
            return tuple(records)
        works: dict[int, tuple[Record, ...]] = {id(r): (r,) for r in records}
        place = {id(record): at for at, record in enumerate(asked)}
        for work in deduplicate(asked, describe=self._describe).merged:
            first, *others = sorted(map(id, work.members), key=place.__getitem__)
            works[first] = (work.record,)
            works |= dict.fromkeys(others, ())
        return tuple(each for record in records for each in works[id(record)])

    def _see(self, record: Record) -> _Seen:
        seen = self._known.get(id(record))
        if seen is None:
            end = end_of(record)
            blocks = frozenset(block_keys(end.card))
            seen = self._known[id(record)] = _Seen(record, end, blocks)
        return seen

    def _describe(self, record: Record) -> End:
        seen = self._known.get(id(record))  # one that was merged is not
        return end_of(record) if seen is None else seen.end

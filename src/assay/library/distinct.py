"""How many different records there are among many, by their identifiers."""

from assay.library.merge import keys_of
from assay.record import Record


class Distinct:
    """Counts records, each once however often and by whatever name it comes.

    Records with different PMIDs are different, whatever else they share (a notice
    often has its article's DOI).

    >>> seen = Distinct()
    >>> for doi in ("10.99999/a", "10.99999/a", "10.99999/b"):
    ...     seen.add(Record(source="x", doi=doi))
    >>> len(seen)
    2
    """

    def __init__(self) -> None:
        self._group: dict[str, int] = {}
        self._joined: dict[int, int] = {}
        self._pmid: dict[int, str] = {}
        self._made = 0

    def __len__(self) -> int:
        return self._made - len(self._joined)

    def add(self, record: Record) -> None:
        """Count a record, unless it was counted before."""
        keys = keys_of(record)
        known = {self._root(self._group[key]) for key in keys if key in self._group}
        same = [g for g in sorted(known) if self._fits(g, record.pmid)]
        if not same:
            same = [self._made]
            self._made += 1
        first, *others = same
        for other in others:
            if self._fits(other, self._pmid.get(first, "")):
                self._joined[other] = first
                self._pmid.setdefault(first, self._pmid.get(other, ""))
        if record.pmid:
            self._pmid[first] = record.pmid
        for key in keys:
            self._group.setdefault(key, first)

    def _root(self, group: int) -> int:
        while group in self._joined:
            group = self._joined[group]
        return group

    def _fits(self, group: int, pmid: str) -> bool:
        return not pmid or self._pmid.get(group, "") in {"", pmid}

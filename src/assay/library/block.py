"""Which records are worth comparing: those that share something telling.

Every pair would be 5,000 million of 100,000 records. Two records of one work share an
identifier, or the beginning of their title, or first author, year and page, or where
they stand; a pair that shares none of these is not looked at.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise

from assay.library.prepare import Prepared

MOST_IN_BLOCK = 60
"""Records in one block from which the name of the block tells too little."""
TITLE_WORDS = 6
"""Words of a title that name a block."""


def find_candidates(prepared: Sequence[Prepared]) -> Iterator[tuple[int, int]]:
    """Yield the places (i, j), i < j, of records worth comparing, each pair once.

    A block made by an identifier is never passed over for its size.

    >>> from assay.library.prepare import prepare
    >>> from assay.record import Record
    >>> a = prepare(Record(source="x", doi="10.99999/x"))
    >>> list(find_candidates([a, a]))
    [(0, 1)]
    """
    seen: set[int] = set()
    count = len(prepared)
    for firm, members in _blocks(prepared):
        for one, other in _pairs(members, prepared, firm=firm):
            name = one * count + other
            if name not in seen:
                seen.add(name)
                yield one, other


def _blocks(prepared: Sequence[Prepared]) -> Iterator[tuple[bool, list[int]]]:
    """Yield the blocks of two and more, and whether an identifier made them.

    Most names are borne by one record, so only a number of each name is kept.
    """
    first: dict[int, int] = {}
    blocks: dict[int, list[int]] = {}
    firm: set[int] = set()
    for at, each in enumerate(prepared):
        keys = dict.fromkeys(block_keys(each))  # page 7 of volume 7 gives one twice
        for key in keys:
            name = hash(key)
            if name in blocks:
                blocks[name].append(at)
            elif first.setdefault(name, at) != at:
                blocks[name] = [first[name], at]
                if key[0] in _IDS:
                    firm.add(name)
    first.clear()
    for name, members in blocks.items():
        yield name in firm, members


def _pairs(
    members: list[int], prepared: Sequence[Prepared], *, firm: bool
) -> Iterable[tuple[int, int]]:
    """Return the pairs of a block; of a large one by identifier, enough to join it."""
    if not firm and len(members) > MOST_IN_BLOCK:
        return ()
    if len(members) <= MOST_IN_BLOCK:
        return combinations(members, 2)
    ordered = sorted(members, key=lambda at: repr(prepared[at]))
    around = [(ordered[0], at) for at in ordered[1:]] + list(pairwise(ordered))
    return ((min(pair), max(pair)) for pair in around)


_IDS = frozenset({"pmid", "doi", "pmcid", "trial"})


def block_keys(each: Prepared) -> Iterable[tuple[str, ...]]:
    """Yield the names of the blocks that a record belongs to.

    >>> from assay.library.prepare import prepare
    >>> from assay.record import Record
    >>> list(block_keys(prepare(Record(source="x", pmid="90000001", title="Tea"))))
    [('pmid', '90000001')]
    """
    for kind in ("pmid", "doi", "pmcid", "trial"):
        if value := getattr(each, kind):
            yield kind, value
    if each.trial:
        return
    first = each.people[0].partition(" ")[0] if each.people else ""
    if each.title:
        if len(each.title) >= TITLE_WORDS:
            yield "title", "".join(each.title[:TITLE_WORDS])
        head = "".join(each.title[: min(each.core, TITLE_WORDS)])
        for mark in filter(None, (first, each.first, each.volume)):
            yield "title", head, mark
    if first and each.first:
        yield "place", first, each.first
    if each.volume and each.first:
        yield "place", each.volume, each.first, "".join(each.title[-1:])

"""Which records belong together, when each pair has been compared.

Records are joined from the likeliest pair down, and two groups only when no record of
one is barred from any record of the other. So A may be alike to B, and B to C, and A
and C stay two when their PMIDs differ: likeness does not run along a chain.
"""

from collections.abc import Callable, Iterable, Mapping

Joined = tuple[float, float, int, int]
"""Probability, that of the text alone, and the places of two records."""


def find_clusters(
    count: int,
    pairs: Iterable[Joined],
    barred: Callable[[int, int, float], bool],
    order: Mapping[int, int],
) -> list[list[int]]:
    """Return the groups of records, every record in one, singles too.

    Args:
        count: how many records there are.
        pairs: those that may be joined; the likeliest is joined first.
        barred: says whether two records may not be in one group that is joined with
            such a probability.
        order: a rank for every record that does not hang on where it was given, so
            that pairs of one probability are taken in the same order each time.

    >>> pairs = [(1.0, 1.0, 0, 1), (0.9, 0.9, 1, 2)]
    >>> find_clusters(3, pairs, lambda a, b, p: a + b == 2, {0: 0, 1: 1, 2: 2})
    [[0, 1], [2]]
    """
    home = list(range(count))
    groups = {at: [at] for at in range(count)}
    for probability, _, one, other in sorted(pairs, key=lambda p: _rank(p, order)):
        first, second = home[one], home[other]
        if first == second:
            continue
        if any(
            barred(a, b, probability) for a in groups[first] for b in groups[second]
        ):
            continue
        kept, gone = sorted((first, second))
        groups[kept] += groups[gone]
        for member in groups.pop(gone):
            home[member] = kept
    return [sorted(members) for _, members in sorted(groups.items())]


def _rank(pair: Joined, order: Mapping[int, int]) -> tuple[float, float, int, int]:
    first, second = sorted((order[pair[2]], order[pair[3]]))
    return -pair[0], -pair[1], first, second

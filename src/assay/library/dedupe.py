"""One row for one work: prepare → block → match → cluster → merge.

What shares an identifier is one; what only looks alike is merged when it is all but
certain, and shown to a person when it is not (`Deduplicated.maybe`). Records with two
PMIDs are two, always. A preprint and its article are linked, not merged.

Laws (held by property tests): no merged record has two PMIDs; the order of the records
does not matter; what came out goes in and comes out the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cmp_to_key, reduce
from typing import NamedTuple, overload

from assay.library.block import find_candidates
from assay.library.cluster import find_clusters
from assay.library.codec import encode_record
from assay.library.conflicts import Conflict, find_conflicts
from assay.library.decided import SAME, SPLIT, names_by, names_of
from assay.library.matching import APART, ASK, MERGE, UNLIKELY, Likeness, compare
from assay.library.merge import giver_of, merge, weigh
from assay.library.rows import Describe, Joint, Row, Shelf, make_row
from assay.library.versions import PREPRINT, Link, end_of, link_ends
from assay.record import Record

ROUNDS = 5
"""Most times that what was merged is looked at again; two nearly always suffice."""


class Decision(NamedTuple):
    """What a person decided on two records, whatever the probability says."""

    one: str
    """A name of the one, as `keys_of` gives it, e.g. "doi:10.99999/x"."""
    other: str
    verdict: str
    """"same" or "apart"."""


class Maybe(NamedTuple):
    """Two records that may be one: a person is asked."""

    one: Record
    other: Record
    probability: float
    """0 to 1."""
    reasons: tuple[str, ...]
    """What is the same and what differs, a phrase each."""
    names: tuple[str, str] = ("", "")
    """The names by which a decision knows them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """One work, and every description of it that was given."""

    record: Record
    """What the members say together; `record.given_by` says where each came from."""
    members: tuple[Record, ...]
    """As given, the weightiest first; one given twice stands once."""
    given: tuple[tuple[str, str], ...] = ()
    """(field, source) for every field that the record has."""
    conflicts: tuple[Conflict, ...] = ()
    joints: tuple[Joint, ...] = ()
    """The pairs that joined the members; () for a single one."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the services that gave it, each once, in the order of the members."""
        return tuple(dict.fromkeys(member.source for member in self.members))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduplicated:
    """Every work once, and what a person should look at."""

    merged: Sequence[Merged] = ()
    """In the order of the first member given; of packed records made when asked for."""
    maybe: tuple[Maybe, ...] = ()
    """The likeliest first."""
    links: tuple[Link, ...] = ()
    """Works that belong together without being one, e.g. a preprint and its article."""

    @property
    def records(self) -> tuple[Record, ...]:
        """Return the merged records alone."""
        return tuple(records_of(self.merged))

    def names(self) -> Iterator[tuple[str, ...]]:
        """Yield the names of each merged record, as `names_of` gives them."""
        if isinstance(self.merged, Worked):
            return self.merged.names()
        return (names_of(each.record) for each in self.merged)


def deduplicate(
    records: Iterable[Record],
    *,
    decisions: Iterable[Decision] = (),
    merge_preprints: bool = False,
    describe: Describe = end_of,
) -> Deduplicated:
    """Return each work once, with its members, the pairs in doubt and the links.

    Args:
        records: from any sources, in any order. Where they are packed
            (`library.packed`), so is what is merged of them, until it is asked for.
        decisions: what persons decided before; the last one on a pair counts.
        merge_preprints: put a preprint and the article that it became into one, unless
            both have a PMID.
        describe: what is compared of a record; one that remembers saves time where
            the same records are deduplicated again and again.

    >>> one = Record(source="pubmed", pmid="90000001", doi="10.99999/x", title="Tea")
    >>> other = Record(source="crossref", doi="10.99999/x", volume="7")
    >>> (merged,) = deduplicate([one, other]).merged
    >>> merged.sources, merged.record.volume, merged.record.given_by
    (('pubmed', 'crossref'), '7', (('volume', 'crossref'),))
    """
    shelf = Shelf(records)
    rows = [
        make_row(shelf, number, shelf[number], describe=describe)
        for number in range(len(shelf))
    ]
    judge = Judge(decisions, rows if merge_preprints else ())
    for _ in range(ROUNDS):
        candidates = _find_alike(rows, judge)
        joined = _join(rows, candidates, judge)
        if len(joined) == len(rows):
            break
        rows = joined
    rows.sort(key=lambda row: min(leaf.number for leaf in row.leaves))
    works = Worked(tuple(rows))
    return Deduplicated(
        merged=works if shelf.packs else tuple(works),
        maybe=_find_maybe(candidates),
        links=link_ends(row.end for row in rows),
    )


class Worked(Sequence[Merged]):
    """Merged works that are made when asked for."""

    def __init__(self, rows: tuple[Row, ...]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Merged]:
        return map(_merged, self._rows)

    @overload
    def __getitem__(self, at: int) -> Merged: ...
    @overload
    def __getitem__(self, at: slice) -> "Worked": ...
    def __getitem__(self, at: int | slice) -> "Merged | Worked":
        if isinstance(at, slice):
            return Worked(self._rows[at])
        return _merged(self._rows[at])

    def records(self) -> Iterator[Record]:
        """Yield the merged records alone."""
        return (row.record for row in self._rows)

    def names(self) -> Iterator[tuple[str, ...]]:
        """Yield the names of each work, as `names_of` gives them."""
        return (names_by(row.end.keys, row.end.card) for row in self._rows)


def records_of(works: Sequence[Merged]) -> Iterator[Record]:
    """Yield the merged records alone.

    >>> list(records_of(()))
    []
    """
    if isinstance(works, Worked):
        return works.records()
    return (each.record for each in works)


def merge_all(records: Iterable[Record]) -> Record:
    """Return one record of several; the order in which they come does not matter.

    >>> merge_all([Record(source="x", year=2001), Record(source="pubmed")]).year
    2001
    """
    ordered = sorted(records, key=_STANDING)
    return reduce(merge, ordered)


def _compare(one: Record, other: Record) -> int:
    """Order members of a work, the lightest first, whatever their order was before."""
    a, b = ((weigh(r), r.source, r.pmid, r.doi, r.title, r.pages) for r in (one, other))
    if a == b and one is not other:
        return -1 if encode_record(one) < encode_record(other) else 1
    return -1 if a < b else 1


_STANDING = cmp_to_key(_compare)


_Asked = tuple[Row, Row, Likeness]
"""Two rows worth comparing, and how likely they are one."""
_LOW = {low: Likeness(UNLIKELY if low else APART, ()) for low in (True, False)}
"""What is remembered of two unlikely ones: no more than whether they can be one."""


class Judge:
    """Says how likely two rows are one; remembers, and knows what persons decided."""

    def __init__(self, decisions: Iterable[Decision], rows: Sequence[Row] = ()) -> None:
        self._verdicts: dict[frozenset[str], str] = {}
        for one, other, verdict in decisions:
            pair = frozenset((one, other))
            self._verdicts.pop(pair, None)  # so that the last word stands last
            self._verdicts[pair] = verdict
        self._asked = frozenset(name for pair in self._verdicts for name in pair)
        self._known: dict[tuple[int, int], Likeness] = {}
        found = link_ends(row.end for row in rows)
        self._preprints = {
            frozenset(link[:2]) for link in found if link.kind == PREPRINT
        }

    def ask(self, one: Row, other: Row) -> Likeness:
        """Return how likely two rows are one; the order does not matter."""
        a, b = one.number, other.number
        pair = (a, b) if a < b else (b, a)
        known = self._known.get(pair)
        if known is None:
            known = self._judge(one, other)
            if known.probability < ASK:
                known = _LOW[known.probability > APART]
            self._known[pair] = known
        return known

    def bars(self, one: Row, other: Row, probability: float) -> bool:
        """Say whether two rows may not stand in one group joined so surely."""
        likeness = self.ask(one, other)
        if probability == 1:
            return likeness.probability == APART
        return likeness.probability < ASK

    def _judge(self, one: Row, other: Row) -> Likeness:
        decided = self._decided(one, other)
        pmids = {one.prepared.pmid, other.prepared.pmid} - {""}
        if decided == SPLIT:
            return Likeness(APART, ("decided apart",))
        if len(pmids) < 2 and decided == SAME:
            return Likeness(1.0, ("decided the same",), 1.0)
        if len(pmids) < 2 and self._preprints and self._is_preprint(one, other):
            return Likeness(1.0, ("preprint and article",), 1.0)
        return compare(one.prepared, other.prepared)

    def _is_preprint(self, one: Row, other: Row) -> bool:
        names = [[leaf.end.keys[0] for leaf in row.leaves] for row in (one, other)]
        return any(
            frozenset((a, b)) in self._preprints for a in names[0] for b in names[1]
        )

    def _decided(self, one: Row, other: Row) -> str:
        """Return the verdict on two rows; "" when none was given."""
        if not self._asked:
            return ""
        mine, theirs = (
            {leaf.name for leaf in row.leaves} & self._asked for row in (one, other)
        )
        asked = {frozenset((a, b)) for a in mine for b in theirs}
        said = [v for pair, v in self._verdicts.items() if pair in asked]
        return said[-1] if said else ""


def _find_alike(rows: list[Row], judge: Judge) -> list[_Asked]:
    """Return the pairs that are worth merging or asking about."""
    pairs = find_candidates([row.prepared for row in rows])
    compared = ((rows[i], rows[j], judge.ask(rows[i], rows[j])) for i, j in pairs)
    return [asked for asked in compared if asked[2].probability >= ASK]


def _join(rows: list[Row], candidates: list[_Asked], judge: Judge) -> list[Row]:
    """Return the rows with those that are one merged."""
    at = {row.number: place for place, row in enumerate(rows)}
    sure = [pair for pair in candidates if pair[2].probability >= MERGE]
    if not sure:
        return rows
    clusters = find_clusters(
        len(rows),
        [
            (like.probability, like.text, at[a.number], at[b.number])
            for a, b, like in sure
        ],
        lambda i, j, probability: judge.bars(rows[i], rows[j], probability),
        _ranks(rows, sure),
    )
    home = {i: n for n, group in enumerate(clusters) for i in group}
    joints: defaultdict[int, list[Joint]] = defaultdict(list)
    for a, b, like in sure:
        if home[at[a.number]] == home[at[b.number]]:
            one, other = sorted((_name(a), _name(b)))
            joints[home[at[a.number]]].append(Joint(one, other, *like[:2]))
    return [
        _merge_rows([rows[i] for i in group], joints[n]) if len(group) > 1
        else rows[group[0]]
        for n, group in enumerate(clusters)
    ]  # fmt: skip


def _ranks(rows: list[Row], pairs: list[_Asked]) -> dict[int, int]:
    """Return a rank for each row of the pairs that does not hang on the order given."""
    met = {row.number for one, other, _ in pairs for row in (one, other)}
    told = [at for at, row in enumerate(rows) if row.number in met]
    told.sort(key=lambda at: rows[at].rank())
    return {at: rank for rank, at in enumerate(told)}


def _merge_rows(rows: list[Row], joints: list[Joint]) -> Row:
    shelf = rows[0].shelf
    leaves = tuple(leaf for row in rows for leaf in row.leaves)
    before = [joint for row in rows for joint in row.joints]
    record = merge_all(row.record for row in rows)
    return make_row(shelf, shelf.put(record), record, leaves, (*before, *joints))


def _merged(row: Row) -> Merged:
    record = row.record
    leaves = [(leaf, leaf.record) for leaf in row.parts] or [(row, record)]
    cards = [(member, leaf.prepared) for leaf, member in leaves]
    cards.sort(key=lambda card: _STANDING(card[0]), reverse=True)
    given = tuple(
        (name, giver_of(record, name)) for name in TOLD if getattr(record, name)
    )
    return Merged(
        record=record,
        members=tuple(member for member, _ in cards),
        given=given,
        conflicts=find_conflicts(record, cards) if len(cards) > 1 else (),
        joints=tuple(sorted(row.joints)),
    )


TOLD = (
    "pmid", "doi", "pmcid", "title", "abstract", "authors", "year", "journal", "volume",
    "issue", "pages", "publication_types", "mesh", "keywords", "references",
    "accessions", "corrections", "links", "flags",
)  # fmt: skip
"""Fields of which it is said who gave them."""


def _find_maybe(candidates: Iterable[_Asked]) -> tuple[Maybe, ...]:
    found = [
        Maybe(one.record, other.record, *like[:2], (_name(one), _name(other)))
        for one, other, like in (_heavier(*pair) for pair in candidates)
    ]
    ranked = sorted(found, key=lambda m: (-m.probability, m.names))
    return tuple(ranked)


def _heavier(one: Row, other: Row, like: Likeness) -> _Asked:
    if _compare(one.record, other.record) > 0:
        return one, other, like
    return other, one, like


def _name(row: Row) -> str:
    """Return the name of one of a row's records, the row's own where it is one."""
    own, known = row.name, sorted(leaf.name for leaf in row.leaves)
    return own if own in known else known[0]

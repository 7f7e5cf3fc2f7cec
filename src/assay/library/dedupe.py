"""One row for one work: prepare → block → match → cluster → merge.

What shares an identifier is one; what only looks alike is merged when it is all but
certain, and shown to a person when it is not (`Deduplicated.maybe`). Records with two
PMIDs are two, always. A preprint and its article are linked, not merged.

Laws (held by property tests): no merged record has two PMIDs; the order of the records
does not matter; what came out goes in and comes out the same.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cmp_to_key, reduce
from typing import NamedTuple

from assay.library.block import find_candidates
from assay.library.cluster import find_clusters
from assay.library.codec import encode_record
from assay.library.conflicts import Conflict, find_conflicts
from assay.library.matching import APART, ASK, MERGE, Likeness, compare
from assay.library.merge import giver_of, keys_of, merge, weigh
from assay.library.prepare import Prepared, prepare
from assay.library.versions import PREPRINT, Link, find_links
from assay.record import Record

SAME, SPLIT = "same", "apart"
"""What a person may decide on a pair."""
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


class Joint(NamedTuple):
    """Why two members were put together."""

    one: str
    """The firmest name of the one."""
    other: str
    probability: float
    reasons: tuple[str, ...]


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

    merged: tuple[Merged, ...] = ()
    """In the order of the first member given."""
    maybe: tuple[Maybe, ...] = ()
    """The likeliest first."""
    links: tuple[Link, ...] = ()
    """Works that belong together without being one, e.g. a preprint and its article."""

    @property
    def records(self) -> tuple[Record, ...]:
        """Return the merged records alone."""
        return tuple(each.record for each in self.merged)


def deduplicate(
    records: Iterable[Record],
    *,
    decisions: Iterable[Decision] = (),
    merge_preprints: bool = False,
) -> Deduplicated:
    """Return each work once, with its members, the pairs in doubt and the links.

    Args:
        records: from any sources, in any order.
        decisions: what persons decided before; the last one on a pair counts.
        merge_preprints: put a preprint and the article that it became into one, unless
            both have a PMID.

    >>> one = Record(source="pubmed", pmid="90000001", doi="10.99999/x", title="Tea")
    >>> other = Record(source="crossref", doi="10.99999/x", volume="7")
    >>> (merged,) = deduplicate([one, other]).merged
    >>> merged.sources, merged.record.volume, merged.record.given_by
    (('pubmed', 'crossref'), '7', (('volume', 'crossref'),))
    """
    rows = [_row(record) for record in dict.fromkeys(records)]
    first = {id(row): at for at, row in enumerate(rows)}
    judge = Judge(decisions, rows if merge_preprints else ())
    for _ in range(ROUNDS):
        candidates = [
            (rows[i], rows[j], judge.ask(rows[i], rows[j]))
            for i, j in find_candidates([row.prepared for row in rows])
        ]
        joined = _join(rows, candidates, judge)
        if len(joined) == len(rows):
            break
        rows = joined
    rows.sort(key=lambda row: min(first[id(leaf)] for leaf in _leaves(row)))
    works = tuple(map(_merged, rows))
    return Deduplicated(
        merged=works,
        maybe=_find_maybe(candidates),
        links=find_links(each.record for each in works),
    )


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


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """A record of this round: as given, or merged of rows of the round before."""

    record: Record
    prepared: Prepared
    leaves: tuple["_Row", ...] = ()
    """The records as given; () for one of them."""
    joints: tuple[Joint, ...] = ()


_Asked = tuple[_Row, _Row, Likeness]
"""Two rows worth comparing, and how likely they are one."""


def _row(record: Record) -> _Row:
    return _Row(record, prepare(record))


def _leaves(row: _Row) -> tuple[_Row, ...]:
    return row.leaves or (row,)


class Judge:
    """Says how likely two rows are one; remembers, and knows what persons decided."""

    def __init__(
        self, decisions: Iterable[Decision], rows: Sequence[_Row] = ()
    ) -> None:
        self._verdicts: dict[frozenset[str], str] = {}
        for one, other, verdict in decisions:
            pair = frozenset((one, other))
            self._verdicts.pop(pair, None)  # so that the last word stands last
            self._verdicts[pair] = verdict
        self._asked = frozenset(name for pair in self._verdicts for name in pair)
        self._known: dict[tuple[int, int], Likeness] = {}
        self._kept: list[_Row] = []
        found = find_links(row.record for row in rows)
        self._preprints = {
            frozenset(link[:2]) for link in found if link.kind == PREPRINT
        }

    def ask(self, one: _Row, other: _Row) -> Likeness:
        """Return how likely two rows are one; the order does not matter."""
        pair = (id(one), id(other)) if id(one) < id(other) else (id(other), id(one))
        if pair not in self._known:
            self._known[pair] = self._judge(one, other)
            self._kept += (one, other)  # so that no other row gets their numbers
        return self._known[pair]

    def bars(self, one: _Row, other: _Row, probability: float) -> bool:
        """Say whether two rows may not stand in one group joined so surely."""
        likeness = self.ask(one, other)
        if probability == 1:
            return likeness.probability == APART
        return likeness.probability < ASK

    def _judge(self, one: _Row, other: _Row) -> Likeness:
        decided = self._decided(one, other)
        pmids = {one.record.pmid, other.record.pmid} - {""}
        if decided == SPLIT:
            return Likeness(APART, ("decided apart",))
        if len(pmids) < 2 and decided == SAME:
            return Likeness(1.0, ("decided the same",), 1.0)
        if len(pmids) < 2 and self._preprints and self._is_preprint(one, other):
            return Likeness(1.0, ("preprint and article",), 1.0)
        return compare(one.prepared, other.prepared)

    def _is_preprint(self, one: _Row, other: _Row) -> bool:
        names = [
            [keys_of(leaf.record)[0] for leaf in _leaves(row)] for row in (one, other)
        ]
        return any(
            frozenset((a, b)) in self._preprints for a in names[0] for b in names[1]
        )

    def _decided(self, one: _Row, other: _Row) -> str:
        """Return the verdict on two rows; "" when none was given."""
        if not self._asked:
            return ""
        mine, theirs = (
            {names_of(leaf.record)[0] for leaf in _leaves(row)} & self._asked
            for row in (one, other)
        )
        asked = {frozenset((a, b)) for a in mine for b in theirs}
        said = [v for pair, v in self._verdicts.items() if pair in asked]
        return said[-1] if said else ""


def names_of(record: Record) -> tuple[str, ...]:
    """Return the names by which a decision knows a record, the firmest first.

    A record without an identifier goes by its title, authors, year and place, which
    stay when a service adds a field.

    >>> names_of(Record(source="x", pmid="90000001"))
    ('pmid:90000001',)
    >>> one, other = Record(source="x", title="Tea"), Record(source="y", title="Tea.")
    >>> names_of(one) == names_of(other)
    True
    """
    keys = keys_of(record)
    if not keys[0].startswith("content:"):
        return keys
    card = prepare(record)
    told = repr((card.title, card.people, card.year, card.journals, card.first))
    return (f"like:{hashlib.sha256(told.encode()).hexdigest()[:16]}",)


def _join(rows: list[_Row], candidates: list[_Asked], judge: Judge) -> list[_Row]:
    """Return the rows with those that are one merged."""
    at = {id(row): number for number, row in enumerate(rows)}
    sure = [pair for pair in candidates if pair[2].probability >= MERGE]
    if not sure:
        return rows
    clusters = find_clusters(
        len(rows),
        [(like.probability, like.text, at[id(a)], at[id(b)]) for a, b, like in sure],
        lambda i, j, probability: judge.bars(rows[i], rows[j], probability),
        _ranks(rows, sure),
    )
    home = {i: n for n, group in enumerate(clusters) for i in group}
    joints: defaultdict[int, list[Joint]] = defaultdict(list)
    for a, b, like in sure:
        if home[at[id(a)]] == home[at[id(b)]]:
            ends = _sorted(_name(a), _name(b))
            joints[home[at[id(a)]]].append(Joint(*ends, *like[:2]))
    return [
        _merge_rows([rows[i] for i in group], joints[n]) if len(group) > 1
        else rows[group[0]]
        for n, group in enumerate(clusters)
    ]  # fmt: skip


def _ranks(rows: list[_Row], pairs: list[_Asked]) -> dict[int, int]:
    """Return a rank for each row of the pairs that does not hang on the order given."""
    met = {id(row) for one, other, _ in pairs for row in (one, other)}
    told = [at for at, row in enumerate(rows) if id(row) in met]
    told.sort(key=lambda at: _STANDING(rows[at].record))
    return {at: rank for rank, at in enumerate(told)}


def _merge_rows(rows: list[_Row], joints: list[Joint]) -> _Row:
    leaves = tuple(leaf for row in rows for leaf in _leaves(row))
    record = merge_all(row.record for row in rows)
    before = [joint for row in rows for joint in row.joints]
    return _Row(record, prepare(record), leaves, (*before, *joints))


def _merged(row: _Row) -> Merged:
    leaves = sorted(_leaves(row), key=lambda leaf: _STANDING(leaf.record), reverse=True)
    record = row.record
    given = tuple(
        (name, giver_of(record, name)) for name in TOLD if getattr(record, name)
    )
    cards = [(leaf.record, leaf.prepared) for leaf in leaves]
    return Merged(
        record=record,
        members=tuple(leaf.record for leaf in leaves),
        given=given,
        conflicts=find_conflicts(record, cards) if len(leaves) > 1 else (),
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
        if like.probability >= ASK
    ]
    ranked = sorted(found, key=lambda m: (-m.probability, m.names))
    return tuple(ranked)


def _heavier(one: _Row, other: _Row, like: Likeness) -> _Asked:
    if _compare(one.record, other.record) > 0:
        return one, other, like
    return other, one, like


def _name(row: _Row) -> str:
    """Return the name of one of a row's records, the row's own where it is one."""
    own = names_of(row.record)[0]
    known = sorted(names_of(leaf.record)[0] for leaf in _leaves(row))
    return own if own in known else known[0]


def _sorted(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)

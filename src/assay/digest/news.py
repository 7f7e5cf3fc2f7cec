"""What of the records found is new: each work once, minus all that was sent before.

A work is known under every name that any source gives it. A preprint and the article
that it became are two works of which the reader hears once: as the article, or, when
the preprint was sent before, as an article that is now published.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import NamedTuple

from assay.digest.model import ItemKind
from assay.digest.outcome import Sent
from assay.digest.windows import (
    FIRST_LOOK,
    LATE,
    OVERLAP,
    gap_of,
    is_within,
    make_window,
    move_mark,
    word_window,
)
from assay.library.codec import render_record
from assay.library.merge import RANK, conflict, first_key, keys_of, merge
from assay.library.prepare import NOTICES, is_preprint, kind_by_title
from assay.record import Record

__all__ = [
    "FIRST_LOOK",
    "LATE",
    "OVERLAP",
    "Fresh",
    "News",
    "find_news",
    "gap_of",
    "is_within",
    "make_window",
    "move_mark",
    "word_window",
]

VERSIONS = "assay.library.versions"
"""Compares titles, with what takes memory for it: imported only where there is a new
preprint or article to compare."""

BECAME = frozenset({"UpdateIn", "PreprintIn", "PreprintOf", "UpdateOf"})
"""Links between a preprint and its article (the kinds of `versions.PREPRINT`)."""

ABOUT = frozenset(
    """
    ErratumFor RetractionOf ExpressionOfConcernFor RepublishedFrom
    CorrectedandRepublishedFrom RetractedandRepublishedFrom
    """.split()
)
"""Links of a record that is about another one, whose DOI it may wrongly bear."""
TOLD_APART = frozenset({"erratum", "retraction notice", "expression of concern"})
"""Kinds of pieces (`library.prepare`) that are about another work likewise."""


class Fresh(NamedTuple):
    """One work that is new to the reader."""

    record: Record
    """Of all sources together."""
    kind: ItemKind
    before: Sent | None
    """How its preprint was sent; None when it was not."""
    also: tuple[Record, ...]
    """Other records of it, e.g. its preprint: to be noted as delivered with it."""


class News(NamedTuple):
    """What of the records found is new."""

    fresh: tuple[Fresh, ...]
    """By name: the same whatever the order of the records."""
    already: int
    """Works among them that were sent before, themselves or as their article."""
    noted: tuple[Record, ...] = ()
    """Works sent before that now have a name more, or come in another version: nothing
    to tell, but their names are to be noted as delivered."""


def find_news(
    records: Iterable[Record],
    sent: Mapping[str, Sent],
    known: Iterable[Record] = (),
) -> News:
    """Return which works are new among the records that were found for one query.

    Args:
        sent: what was delivered for the query, by each of its names.
        known: records of what was delivered, e.g. preprints from the library: an
            article that no source links to its preprint is known by title and authors.

    >>> tea = Record(source="pubmed", pmid="90000001", doi="10.99999/x")
    >>> same = Record(source="crossref", doi="10.99999/x", title="Tea")
    >>> [fresh.record.title for fresh in find_news([same, tea], {}).fresh]
    ['Tea']
    >>> find_news([tea], {"doi:10.99999/x": Sent("doi:10.99999/x", 1, "", False)}).fresh
    ()
    """
    works = _works(records, sent)
    told = [work for work in works if work.side.sent]
    fresh = [work for work in works if not work.side.sent]
    pairs = sorted(_pairs(works, fresh, sent, known), key=_order) if fresh else []
    before = {article.key: one.sent for one, article in reversed(pairs) if one.sent}
    late = {one.key for one, article in pairs if article.sent}
    joins = {
        one.key: article.key
        for one, article in reversed(pairs)
        if not one.sent and not article.sent
    }
    also: defaultdict[str, list[Record]] = defaultdict(list)
    noted = [record for work in told for record in _unknown(work, sent)]
    items: list[_Work] = []
    for work in fresh:
        key = work.side.key
        if key in late:
            noted += [work.record, *work.others]
        elif key in joins:
            also[joins[key]] += [work.record, *work.others]
        else:
            items.append(work)
    return News(
        fresh=tuple(
            _fresh(work, before.get(work.side.key), also[work.side.key])
            for work in items
        ),
        already=len(told) + sum(work.side.key in late for work in fresh),
        noted=tuple(noted),
    )


def _fresh(work: "_Work", before: Sent | None, also: Sequence[Record]) -> Fresh:
    kind = ItemKind.PUBLISHED if before else ItemKind.NEW
    return Fresh(work.record, kind, before, (*work.others, *also))


class _Side(NamedTuple):
    """One end of a pair: a preprint or an article, here or sent before."""

    key: str
    sent: Sent | None


class _Work(NamedTuple):
    """One work of this run."""

    record: Record
    """Of all sources together."""
    others: tuple[Record, ...]
    """Those of its records that have a name more."""
    names: frozenset[str]
    """The firmest name of each of its records."""
    side: _Side


def _works(records: Iterable[Record], sent: Mapping[str, Sent]) -> tuple[_Work, ...]:
    """Return the works that records tell of, each once, by name."""
    groups: dict[str, list[Record]] = {}
    roots: dict[str, str] = {}
    ordered = {(keys_of(each), render_record(each)): each for each in records}
    contested = _contested(ordered.values())
    for _, record in sorted(ordered.items()):
        names = _names(record, contested)
        known = {_root(roots, name) for name in names}
        first = min(known)
        roots |= dict.fromkeys((*names, *known), first)
        groups[first] = [r for one in sorted(known) for r in groups.pop(one, [])]
        groups[first].append(record)
    return tuple(sorted((_work(each, sent) for each in groups.values()), key=_key))


def _key(work: _Work) -> str:
    return work.side.key


def _root(roots: Mapping[str, str], name: str) -> str:
    while (above := roots.get(name, name)) != name:
        name = above
    return name


def _contested(records: Iterable[Record]) -> frozenset[str]:
    """Return the names that records with different PMIDs bear."""
    bearers: defaultdict[str, set[str]] = defaultdict(set)
    for record in records:
        for name in keys_of(record) if record.pmid else ():
            bearers[name].add(record.pmid)
    return frozenset(name for name, pmids in bearers.items() if len(pmids) > 1)


def _names(record: Record, contested: frozenset[str]) -> tuple[str, ...]:
    """Return the names by which records are known to be one work.

    PubMed gives a notice the DOI of the work it is about now and then: such a name
    makes notices one with each other, and never with that work.
    """
    names = keys_of(record)
    if contested.isdisjoint(names) or not _is_about(record):
        return names
    return tuple(f"about {name}" if name in contested else name for name in names)


def _is_about(record: Record) -> bool:
    """Say whether a record is a notice or the like, which may bear another's DOI."""
    types = {name.lower() for name in record.publication_types}
    return (
        kind_by_title(record.title) in TOLD_APART
        or any(types & n.types for n in NOTICES if n.kind in TOLD_APART)
        or any(each.ref_type in ABOUT for each in record.corrections)
    )


def _work(records: Sequence[Record], sent: Mapping[str, Sent]) -> _Work:
    """Return the work of one group of records, which stand in a fixed order."""
    best = max(records, key=lambda each: RANK.get(each.source, 1))
    for each in records:
        if each is not best and not conflict(best, each):
            best = merge(best, each)
    covered = set(keys_of(best))
    others = tuple(each for each in records if not covered.issuperset(keys_of(each)))
    before = next(filter(None, (_sent_as(each, sent) for each in records)), None)
    key = before.work if before else first_key(best)
    names = frozenset(first_key(each) for each in records)
    return _Work(best, others, names, _Side(key, before))


def _sent_as(record: Record, sent: Mapping[str, Sent]) -> Sent | None:
    """Return how a record was sent before, under any of its names; None if it was not.

    A DOI that was sent with another PMID is the same work, which PubMed has merged,
    unless one of the two is about the other.
    """
    own = f"pmid:{record.pmid}" if record.pmid else ""
    linked = {f"pmid:{each.pmid}" for each in record.corrections if each.pmid}
    for name in keys_of(record):
        found = sent.get(name)
        if found is None:
            continue
        other = name != own and own and found.work.startswith("pmid:")
        if other and found.work != own and (found.work in linked or _is_about(record)):
            continue
        return found
    return None


def _unknown(work: _Work, sent: Mapping[str, Sent]) -> Iterator[Record]:
    """Yield the records of a work sent before that have a name not known as sent."""
    for record in (work.record, *work.others):
        if any(name not in sent for name in keys_of(record)):
            yield record


_Pair = tuple[_Side, _Side]
"""A preprint, and the article that it became."""


def _order(pair: _Pair) -> tuple[str, str]:
    return pair[0].key, pair[1].key


def _pairs(
    works: Sequence[_Work],
    fresh: Sequence[_Work],
    sent: Mapping[str, Sent],
    known: Iterable[Record],
) -> Iterator[_Pair]:
    """Yield the pairs of which one at least is new and the other new or sent before."""
    for work in fresh:
        yield from _told(work, sent)
    old = [_work([record], sent) for record in known]
    at_hand = [*works, *(work for work in old if work.side.sent)]
    if not any(is_preprint(work.record) for work in at_hand):
        return
    versions = import_module(VERSIONS)
    ends = {name: work for work in reversed(at_hand) for name in work.names}
    for link in versions.find_links(work.record for work in at_hand):
        one, other = ends.get(link.one), ends.get(link.other)
        if link.kind == versions.PREPRINT and one and other:
            yield from _new_pair(one, other)


def _new_pair(one: _Work, other: _Work) -> Iterator[_Pair]:
    both_sent = one.side.sent and other.side.sent
    if not both_sent and is_preprint(one.record) and not is_preprint(other.record):
        yield one.side, other.side


def _told(work: _Work, sent: Mapping[str, Sent]) -> Iterator[_Pair]:
    """Yield the pairs of a new work with those sent that its sources link it to."""
    early = is_preprint(work.record)
    for each in (each for r in (work.record, *work.others) for each in r.corrections):
        if each.ref_type not in BECAME:
            continue
        for name in (f"pmid:{each.pmid}", f"doi:{each.doi.lower()}"):
            found = sent.get(name)
            if found and found.preprint is not early:
                other = _Side(found.work, found)
                yield (work.side, other) if early else (other, work.side)

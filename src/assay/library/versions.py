"""Which works belong together without being one: preprints, notices, registrations."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from assay.library.levels import find_levels
from assay.library.merge import keys_of
from assay.library.prepare import Prepared, prepare
from assay.record import Correction, Record

PREPRINT = "preprint of"
"""`Link.kind` of a preprint (one) and the article that it became (other)."""
KINDS = {
    "UpdateIn": PREPRINT, "PreprintIn": PREPRINT, "PreprintOf": PREPRINT,
    "UpdateOf": PREPRINT, "ErratumFor": "erratum of", "ErratumIn": "erratum of",
    "CommentOn": "comment on", "CommentIn": "comment on",
    "RetractionOf": "retraction notice of", "RetractionIn": "retraction notice of",
    "ExpressionOfConcernFor": "expression of concern about",
    "ExpressionOfConcernIn": "expression of concern about",
    "RepublishedFrom": "republication of", "RepublishedIn": "republication of",
    "CorrectedandRepublishedFrom": "republication of",
    "CorrectedandRepublishedIn": "republication of",
    "RetractedandRepublishedFrom": "republication of",
    "RetractedandRepublishedIn": "republication of",
}  # fmt: skip
"""What a source's link between two records says of them (PubMed's RefTypes)."""
ON_THE_OTHER = frozenset(
    """
    UpdateOf ErratumIn CommentIn RetractionIn ExpressionOfConcernIn RepublishedIn
    CorrectedandRepublishedIn RetractedandRepublishedIn
    """.split()
)
"""Links that stand on the record that the kind is *of*, so they are turned round.

PubMed puts UpdateIn on a preprint and UpdateOf on the article. An UpdateIn between two
articles is a newer version, and is called that.
"""
VERSION = "earlier version of"
LATEST = 3
"""Years that an article may come after its preprint."""


class End(NamedTuple):
    """What of a record is needed to find its links."""

    keys: tuple[str, ...]
    """As `keys_of` gives them."""
    source: str
    corrections: tuple[Correction, ...]
    """The links that its source gives, of the kinds that are told here."""
    card: Prepared


class Link(NamedTuple):
    """Two works that belong together: `one` is the `kind` `other`."""

    one: str
    """The firmest name of the one, as `keys_of` gives it."""
    other: str
    kind: str
    """E.g. "preprint of", "erratum of"."""
    why: str
    """Who says so, or what they share."""


def find_links(records: Iterable[Record]) -> tuple[Link, ...]:
    """Return the links between records, each once, sorted.

    Sources' own links count first; a preprint without one is linked to the article of
    the same title and authors that came out in the same year or up to three later.

    >>> from assay.record import Correction
    >>> a = Record(source="x", pmid="90000002")
    >>> b = Record(
    ...     source="x", pmid="90000001", publication_types=("Preprint",),
    ...     corrections=(Correction("UpdateIn", pmid="90000002"),),
    ... )
    >>> find_links([a, b])[0][:3]
    ('pmid:90000001', 'pmid:90000002', 'preprint of')
    """
    return link_ends(map(end_of, records))


def end_of(record: Record) -> End:
    """Return what of a record is needed to find its links.

    >>> end_of(Record(source="x", pmid="90000001")).keys
    ('pmid:90000001',)
    """
    told = tuple(
        each._replace(source="", note="")
        for each in record.corrections
        if each.ref_type in KINDS
    )
    return End(keys_of(record), record.source, told, prepare(record))


def link_ends(ends: Iterable[End]) -> tuple[Link, ...]:
    """Return the links between records, as `find_links` does.

    >>> link_ends([])
    ()
    """
    every = list(ends)
    known = {key: end for end in every for key in end.keys}
    found = {(k.one, k.other, k.kind): k for e in every for k in _told(e, known)}
    linked = {link.one for link in found.values() if link.kind == PREPRINT}
    for link in _alike(every, linked):
        found.setdefault((link.one, link.other, link.kind), link)
    return tuple(sorted(found.values()))


def _told(end: End, known: dict[str, End]) -> Iterator[Link]:
    """Yield the links that a record's source gives, where both ends are at hand."""
    for link in end.corrections:
        keys = (f"pmid:{link.pmid}", f"doi:{link.doi.lower()}")
        other = next((known[key] for key in keys if key in known), None)
        if other is None or other is end:
            continue
        one, two = (end, other)
        if link.ref_type in ON_THE_OTHER:
            one, two = other, end
        kind = KINDS[link.ref_type]
        if kind == PREPRINT and not one.card.preprint:
            kind = VERSION
        if one.keys[0] != two.keys[0]:
            yield Link(
                one.keys[0], two.keys[0], kind, f"said by {link.said_by or end.source}"
            )


def _alike(ends: list[End], linked: set[str]) -> Iterator[Link]:
    """Yield the preprints that no source links, with the article like them."""
    preprints: defaultdict[tuple[str, ...], list[End]] = defaultdict(list)
    for end in ends:
        if end.card.preprint and end.card.title and end.keys[0] not in linked:
            preprints[end.card.title].append(end)
    if not preprints:
        return
    for end in ends:
        for early in preprints.get(end.card.title, ()):
            if _became(early.card, end.card):
                ones = early.keys[0], end.keys[0]
                yield Link(*ones, PREPRINT, "the same title and authors")


def _became(preprint: Prepared, article: Prepared) -> bool:
    if article.preprint or article.kind or article.trial:
        return False
    levels = find_levels(preprint, article)
    if levels.title != "same" or levels.people not in {"same", "most"}:
        return False
    if preprint.year is None or article.year is None:
        return True
    return 0 <= article.year - preprint.year <= LATEST

"""Which works belong together without being one: preprints, notices, registrations."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from assay.library.levels import find_levels
from assay.library.merge import keys_of
from assay.library.prepare import Prepared, fold_words, is_preprint, prepare
from assay.record import Record

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
    every = list(records)
    known = {key: r for r in every for key in keys_of(r)}
    found = {(k.one, k.other, k.kind): k for r in every for k in _told(r, known)}
    linked = {link.one for link in found.values() if link.kind == PREPRINT}
    for link in _alike(every, linked):
        found.setdefault((link.one, link.other, link.kind), link)
    return tuple(sorted(found.values()))


def _told(record: Record, known: dict[str, Record]) -> Iterator[Link]:
    """Yield the links that a record's source gives, where both ends are at hand."""
    own = keys_of(record)[0]
    for link in record.corrections:
        keys = (f"pmid:{link.pmid}", f"doi:{link.doi.lower()}")
        other = next((known[key] for key in keys if key in known), None)
        if link.ref_type not in KINDS or other is None or other is record:
            continue
        one, two = (record, other)
        if link.ref_type in ON_THE_OTHER:
            one, two = other, record
        kind = KINDS[link.ref_type]
        if kind == PREPRINT and not prepare(one).preprint:
            kind = VERSION
        ends = keys_of(one)[0], keys_of(two)[0]
        if own in ends and ends[0] != ends[1]:
            yield Link(*ends, kind, f"said by {link.said_by or record.source}")


def _alike(records: list[Record], linked: set[str]) -> Iterator[Link]:
    """Yield the preprints that no source links, with the article like them."""
    preprints: defaultdict[tuple[str, ...], list[Record]] = defaultdict(list)
    for record in filter(is_preprint, records):
        if record.title and keys_of(record)[0] not in linked:
            preprints[fold_words(record.title)].append(record)
    if not preprints:
        return
    for record in records:
        for early in preprints.get(fold_words(record.title), ()):
            if _became(prepare(early), prepare(record)):
                ends = keys_of(early)[0], keys_of(record)[0]
                yield Link(*ends, PREPRINT, "the same title and authors")


def _became(preprint: Prepared, article: Prepared) -> bool:
    if article.preprint or article.kind or article.trial:
        return False
    levels = find_levels(preprint, article)
    if levels.title != "same" or levels.people not in {"same", "most"}:
        return False
    if preprint.year is None or article.year is None:
        return True
    return 0 <= article.year - preprint.year <= LATEST

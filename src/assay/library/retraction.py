"""What a record's own marks say of its standing: PubMed's, and other sources' alike.

Rules: the PubMed help on comments and corrections, and the PubMed DTD of 2025. A
RefType ending in "In" stands on the affected record and points at the notice, whose
PMID may be missing; one ending in "Of" or "For" stands on the notice itself.
"""

import re
from collections.abc import Iterator

from assay.notice import (
    CROSSREF,
    EUROPEPMC,
    OPENALEX,
    PUBMED,
    SAYERS,
    Notice,
    Standing,
)
from assay.record import Correction, Record
from assay.sources.notices import tells_of_another

TYPES = {
    "retracted publication": Standing.RETRACTED,
    "retraction notice": Standing.NOTICE,
    "retraction of publication": Standing.NOTICE,
}
"""Publication types, in lower case. "Retraction of Publication" is the older name."""

LINKS = {
    "RetractedandRepublishedIn": Standing.REPLACED,
    "RetractionIn": Standing.RETRACTED,
    "PartialRetractionIn": Standing.PARTLY,
    "WithdrawalIn": Standing.WITHDRAWN,
    "RetractionOf": Standing.NOTICE,
    "ExpressionOfConcernIn": Standing.CONCERN,
    "ErratumIn": Standing.CORRECTED,
    "CorrectedandRepublishedIn": Standing.CORRECTED,
}
"""RefTypes that tell of a standing; PubMed has no partial retraction or withdrawal."""

REPLACES = frozenset({"RetractedandRepublishedFrom", "CorrectedandRepublishedFrom"})
"""RefTypes of a record that was published anew in the place of another."""

SERVICES = {
    "pubmed": PUBMED,
    "crossref": CROSSREF,
    "openalex": OPENALEX,
    "europepmc": EUROPEPMC,
}
"""Names of those who may have told a mark, by `Record.source`."""

FLAGGED = "is_retracted"
"""OpenAlex's flag. It has no date and no notice, and was wrong now and then."""

_LIKE_RETRACTION = re.compile(r"\w*retract\w*In", re.IGNORECASE)
"""A link on a work that speaks of a retraction in a word not listed above."""
_PARTIAL = re.compile(r"\bpartial(?:ly)?\b.{0,20}\bretract", re.IGNORECASE)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_DATE = re.compile(
    rf"\b(?P<year>(?:19|20)\d\d)(?: (?P<month>{'|'.join(_MONTHS)}))?"
    r"(?:(?<=[a-z]) (?P<day>\d{1,2})(?![\d-]))?"
)
_TITLES = re.compile(r"\W*(?P<word>RETRACTED|WITHDRAWN)\b\W*", re.IGNORECASE)
_COCHRANE = re.compile(r"\bcochrane database", re.IGNORECASE)


def gravity(standing: Standing) -> int:
    """Return how grave a standing is: 0 where no notice is known, then rising.

    >>> gravity(Standing.SOUND), gravity(Standing.UNKNOWN), gravity(Standing.CORRECTED)
    (0, 0, 1)
    """
    order = list(Standing)
    return max(0, order.index(Standing.UNKNOWN) - order.index(standing))


def standing_of(record: Record) -> Standing:
    """Return whether a record may still be relied upon, by its own marks.

    `Standing.SOUND` says that no notice is known, not that somebody looked.

    >>> standing_of(Record(source="x", corrections=(Correction("RetractionIn"),)))
    <Standing.RETRACTED: 'retracted'>
    """
    found = (
        Standing.DOUBTFUL if notice.weak else notice.standing
        for notice in notices_of(record)
    )
    return max(found, key=gravity, default=Standing.SOUND)


def notices_of(record: Record) -> tuple[Notice, ...]:
    """Return the notices that a record's own marks tell of, the gravest first.

    A type that says no more than a link does is left out. A notice counts as retracted
    only when it carries the marks of a retracted work itself. "Retracted and
    republished" counts as retracted, because this text was withdrawn. A partial
    retraction is filed as an erratum since 2016, which a note may still tell.

    >>> marked = Correction("RetractionIn", "J Inv Res. 2021 Jul 5;1(2):3", "90000014")
    >>> [n.date for n in notices_of(Record(source="pubmed", corrections=(marked,)))]
    ['2021-07-05']
    """
    who = SERVICES.get(record.source, record.source)
    linked = [n for c in record.corrections for n in _of_link(c, record, who)]
    told = {notice.standing for notice in linked}
    if Standing.REPLACED in told:
        told.add(Standing.RETRACTED)
    typed = [
        Notice(TYPES[name.lower()], who, name)
        for name in record.publication_types
        if TYPES.get(name.lower(), Standing.SOUND) not in {*told, Standing.SOUND}
    ]
    weak = [
        Notice(Standing.RETRACTED, OPENALEX, FLAGGED, weak=True)
        for flag in record.flags
        if flag == FLAGGED
    ]
    return sort_notices((*linked, *typed, *weak))


def sort_notices(notices: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """Return notices each once, the gravest first; of equals the earliest first.

    >>> sort_notices(())
    ()
    """

    def rank(notice: Notice) -> tuple[object, ...]:
        dated = notice.date or "9"
        return (notice.weak, -gravity(notice.standing), dated, notice)

    return tuple(sorted(set(notices), key=rank))


def _of_link(link: Correction, record: Record, who: str) -> Iterator[Notice]:
    """Yield what a link tells of a record.

    Old notices in Crossref name themselves as their work, and so do works that were
    changed in place: Retraction Watch's word for these is firm, another's a weak sign.
    """
    standing = LINKS.get(link.ref_type)
    weak = standing is None and _LIKE_RETRACTION.fullmatch(link.ref_type) is not None
    if weak:
        standing = Standing.RETRACTED
    if standing is None:
        return
    if link.doi and link.doi == record.doi and standing is not Standing.CORRECTED:
        tells = tells_of_another(record.title)
        if standing is Standing.NOTICE and not tells:
            return
        weak = weak or (link.said_by != "retraction-watch" and not tells)
        standing = Standing.NOTICE if tells else standing
    if standing is Standing.CORRECTED and _PARTIAL.search(f"{link.source} {link.note}"):
        standing = Standing.PARTLY
    yield Notice(
        standing=standing,
        said_by=SAYERS.get(link.said_by, who),
        kind=link.ref_type,
        date=link.when or _date_in(link.source),
        reason=link.note,
        pmid=link.pmid,
        doi=link.doi,
        weak=weak,
    )


def _date_in(source: str) -> str:
    """Return the date of a reference in PubMed's form, as ISO; "" when it has none."""
    match = _DATE.search(source)
    if not match:
        return ""
    parts = [match["year"]]
    if match["month"]:
        parts.append(f"{_MONTHS.index(match['month']) + 1:02}")
        if match["day"]:
            parts.append(f"{int(match['day']):02}")
    return "-".join(parts)


def notice_in_title(record: Record) -> tuple[Notice, ...]:
    """Return what a title says of its own standing; () when it says nothing.

    "RETRACTED:" and "WITHDRAWN:" are weak signs: an article may be about such work.
    Only Cochrane marks its withdrawn reviews in no other way, and always so.

    >>> notice_in_title(Record(source="pubmed", title="RETRACTED: Tea"))[0].weak
    True
    >>> notice_in_title(Record(source="pubmed", title="Retracted studies: a survey"))
    ()
    """
    match = _TITLES.match(record.title)
    if not match or not (match["word"].isupper() or ":" in match[0]):
        return ()
    taken_back = match["word"].upper() == "WITHDRAWN"
    cochrane = taken_back and _COCHRANE.search(record.journal) is not None
    return (
        Notice(
            Standing.WITHDRAWN if taken_back else Standing.RETRACTED,
            SERVICES.get(record.source, record.source),
            f"title: {match['word']}",
            weak=not cochrane,
        ),
    )


def is_replacement(record: Record) -> bool:
    """Say whether a record was published in the place of a retracted or wrong one.

    >>> is_replacement(Record(source="x"))
    False
    """
    return any(c.ref_type in REPLACES for c in record.corrections)


def replacement_of(record: Record) -> str:
    """Return the PMID of the record that replaced a retracted one, "" if none is named.

    >>> moved = Correction("RetractedandRepublishedIn", pmid="90000002")
    >>> replacement_of(Record(source="x", corrections=(moved,)))
    '90000002'
    """
    pmids = (
        correction.pmid
        for correction in record.corrections
        if correction.ref_type == "RetractedandRepublishedIn"
    )
    return next(filter(None, pmids), "")

"""Crossref's updates as notices: `updated-by` of a work, `update-to` of its notices.

Several entries are usual, and a correction may stand before the retraction: all are
read. Source: Crossref REST API, works route, and "Registering updates".
"""

import re
from collections.abc import Iterator

from assay.errors import BadAnswerError
from assay.ids import normal_doi
from assay.notice import CROSSREF, SAYERS, Check, Notice, Signal, Standing
from assay.sources.json_answer import (
    LATER,
    Object,
    ShapeError,
    number_of,
    object_of,
    objects_of,
    read_object,
    text_of,
    texts_of,
)
from assay.sources.markup import plain_text
from assay.sources.notices import tells_of_another

KINDS = {
    "retraction": Standing.RETRACTED,
    "partial_retraction": Standing.PARTLY,
    "withdrawal": Standing.WITHDRAWN,
    "removal": Standing.WITHDRAWN,
    "expression_of_concern": Standing.CONCERN,
    "correction": Standing.CORRECTED,
    "corrigendum": Standing.CORRECTED,
    "erratum": Standing.CORRECTED,
    "clarification": Standing.CORRECTED,
    "addendum": Standing.SOUND,
    "new_edition": Standing.SOUND,
    "new_version": Standing.SOUND,
    "reinstatement": Standing.SOUND,
}
"""Crossref's twelve types of updates, and Retraction Watch's reinstatement.

`SOUND` ones say nothing against a work. A type that is not listed counts as a
correction, and as a doubtful retraction where its name speaks of one.
"""

_GONE = frozenset({Standing.RETRACTED, Standing.WITHDRAWN, Standing.PARTLY})


def parse_list(body: bytes) -> tuple[tuple[Object, ...], bool]:
    """Return the works of a list, and whether these are all that it counts.

    Raises:
        SourceError: it is not a list of works.

    >>> parse_list(b'{"message": {"total-results": 0, "items": []}}')
    ((), True)
    """
    try:
        message = object_of(read_object(CROSSREF, body), "message")
        total = number_of(message, "total-results")
        items = objects_of(message, "items")
    except ShapeError as error:
        raise BadAnswerError(
            CROSSREF, f"its list is damaged ({error})", LATER
        ) from None
    if total is None:
        raise BadAnswerError(CROSSREF, "its list has no count", LATER)
    return items, total <= len(items)


def read_work(work: Object, doi: str, when: str = "") -> Signal:
    """Return what Crossref's description of a work says of its standing.

    >>> read_work({"DOI": "10.99999/a"}, "10.99999/a").check
    <Check.ANSWERED: 'answered'>
    """
    try:
        if normal_doi(text_of(work, "DOI")) != doi:
            why = "it answered with another work"
            return Signal(CROSSREF, Check.FAILED, when=when, why=why)
        title = plain_text(" ".join(texts_of(work, "title")))
        notices = [*_updates(work, "updated-by", doi, title)]
        notices += _as_notice(work, doi, title)
    except ShapeError:
        return unreadable(when)
    return Signal(CROSSREF, Check.ANSWERED, _after_reinstatement(work, notices), when)


def read_notice(item: Object, doi: str) -> tuple[Notice, ...]:
    """Return what a notice says of the work with a DOI; () when of others only.

    Raises:
        ShapeError: a part of it is not of the documented kind.

    >>> read_notice({"DOI": "10.99999/n", "update-to": [{"DOI": "10.99999/a",
    ...     "type": "retraction"}]}, "10.99999/a")[0].doi
    '10.99999/n'
    """
    own = normal_doi(text_of(item, "DOI"))
    title = plain_text(" ".join(texts_of(item, "title")))
    entries = objects_of(item, "update-to")
    about = [e for e in entries if normal_doi(text_of(e, "DOI")) == doi]
    if own == doi:  # an update in place, which `updated-by` tells as well
        return ()
    return tuple(n for e in about for n in _notice(e, own, doi, title))


def _updates(work: Object, name: str, doi: str, title: str) -> Iterator[Notice]:
    for entry in objects_of(work, name):
        yield from _notice(entry, normal_doi(text_of(entry, "DOI")), doi, title)


def _notice(entry: Object, notice: str, doi: str, title: str) -> Iterator[Notice]:
    """Yield what one entry says of the work with a DOI, by the notice with another.

    Old notices name themselves as what they update. So do articles that were changed in
    place; Retraction Watch's word for these is firm, a publisher's a weak sign.
    """
    kind = re.sub(r"[\s-]+", "_", text_of(entry, "type").lower())
    source = text_of(entry, "source")
    standing = KINDS.get(kind, Standing.CORRECTED)
    weak = kind not in KINDS and "retract" in kind
    if weak:
        standing = Standing.RETRACTED
    if standing is Standing.SOUND:
        return
    if notice == doi and standing in _GONE and source != "retraction-watch":
        weak = True
        if tells_of_another(title):
            standing, weak = Standing.NOTICE, False
    yield Notice(
        standing=standing,
        said_by=SAYERS.get(source, CROSSREF),
        kind=kind,
        date=_date(object_of(entry, "updated")),
        doi="" if standing is Standing.NOTICE else notice,
        weak=weak,
    )


def _as_notice(work: Object, doi: str, title: str) -> Iterator[Notice]:
    """Yield that a work is itself the retraction notice of others.

    Its title must say so too: a corrected article may replace another by `update-to`.
    """
    for entry in objects_of(work, "update-to"):
        other, kind = normal_doi(text_of(entry, "DOI")), text_of(entry, "type").lower()
        gone = KINDS.get(kind) in _GONE
        if gone and other != doi and tells_of_another(title):
            date = _date(object_of(entry, "updated"))
            said_by = SAYERS.get(text_of(entry, "source"), CROSSREF)
            yield Notice(Standing.NOTICE, said_by, kind, date, doi=other)


def _after_reinstatement(work: Object, notices: list[Notice]) -> tuple[Notice, ...]:
    """Return the notices, those weak that were taken back by a later reinstatement."""
    back = max(
        (
            _date(object_of(entry, "updated"))
            for entry in objects_of(work, "updated-by")
            if text_of(entry, "type").lower() == "reinstatement"
        ),
        default="",
    )
    return tuple(
        n._replace(weak=True, reason=f"reinstated {back}")
        if n.standing in _GONE and n.date and n.date <= back
        else n
        for n in notices
    )


def _date(value: Object) -> str:
    """Return Crossref's date parts as ISO, as precise as they are; "" for [[null]]."""
    parts = value.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts else None
    numbers = (
        [n for n in first if isinstance(n, int)] if isinstance(first, list) else []
    )
    if numbers:
        year, *rest = numbers[:3]
        return "-".join([f"{year:04}", *(f"{n:02}" for n in rest)])
    return text_of(value, "date-time")[:10]


def unreadable(when: str) -> Signal:
    """Return the signal of an answer in which not all could be read.

    >>> unreadable("").check
    <Check.FAILED: 'failed'>
    """
    why = "its answer does not have the documented shape"
    return Signal(CROSSREF, Check.FAILED, when=when, why=why)

"""The table by which signals become one standing, the gravest first.

Laws (held by property tests): one more signal never makes a standing less grave; the
order of the signals does not matter; without an answer, and with a check that failed,
nothing is ever "no notice known"; a weak sign alone never makes a record count less.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from assay.library.retraction import (
    SERVICES,
    gravity,
    is_replacement,
    notice_in_title,
    notices_of,
    replacement_of,
    sort_notices,
)
from assay.notice import (
    CROSSREF,
    OPENALEX,
    Check,
    Notice,
    Signal,
    Standing,
    StandingReport,
)
from assay.record import Record

BY_DOI = frozenset({CROSSREF, OPENALEX})
"""Services that are asked by DOI, which a notice or a replacement may share."""
OWN = "the record at hand"
"""Where a mark was read when no service was asked."""


class Row(NamedTuple):
    """One row of the table: the first whose test holds gives the standing."""

    standing: Standing
    holds: Callable[["Told"], bool]


class Told(NamedTuple):
    """What the table asks about: the signals, counted."""

    firm: frozenset[Standing]
    """What notices say that need nothing beside them."""
    weak: frozenset[Standing]
    """What weak signs say."""
    origins: int
    """How many different sayers the weak signs have."""
    answered: int
    failed: int


def _says(standing: Standing) -> Row:
    """Return the row of a standing that a firm notice gives, or two weak signs."""
    return Row(
        standing,
        lambda told: (
            standing in told.firm or (told.origins > 1 and standing in told.weak)
        ),
    )


TABLE = (
    _says(Standing.REPLACED),
    _says(Standing.RETRACTED),
    _says(Standing.WITHDRAWN),
    _says(Standing.NOTICE),
    _says(Standing.PARTLY),
    Row(
        Standing.DOUBTFUL,
        lambda told: bool(told.weak) or Standing.DOUBTFUL in told.firm,
    ),
    _says(Standing.CONCERN),
    _says(Standing.CORRECTED),
    Row(Standing.UNKNOWN, lambda told: told.failed > 0 or told.answered == 0),
    Row(Standing.SOUND, lambda _told: True),
)
"""From top to bottom; the last row always holds."""


def decide_standing(signals: Iterable[Signal], replacement: str = "") -> StandingReport:
    """Return the standing that signals come to, with all their notices.

    A service that was not asked, or does not hold the record, says nothing either way.

    >>> decide_standing(()).standing
    <Standing.UNKNOWN: 'unknown'>
    >>> decide_standing([Signal("PubMed", Check.ANSWERED)]).standing
    <Standing.SOUND: 'no notice known'>
    """
    given = tuple(sorted(signals))
    notices = sort_notices(tuple(n for signal in given for n in signal.notices))
    weak = [notice for notice in notices if notice.weak]
    told = Told(
        firm=frozenset(n.standing for n in notices if not n.weak),
        weak=frozenset(n.standing for n in weak),
        origins=len({notice.said_by for notice in weak}),
        answered=sum(signal.check is Check.ANSWERED for signal in given),
        failed=sum(signal.check is Check.FAILED for signal in given),
    )
    return StandingReport(
        standing=next(row.standing for row in TABLE if row.holds(told)),
        notices=notices,
        signals=given,
        replacement=replacement,
    )


def report_of(record: Record) -> StandingReport:
    """Return what a record's own marks come to, when nobody is asked.

    Its standing is that of `standing_of`: nothing is read into the title.

    >>> report_of(Record(source="pubmed")).standing
    <Standing.SOUND: 'no notice known'>
    """
    return decide_standing([own_signal(record)], replacement_of(record))


def own_signal(record: Record, when: str = "") -> Signal:
    """Return the marks that a record carries, as its source's answer.

    A record that no service gave, such as a summary or a bare identifier, answers
    nothing when it carries no mark.

    >>> own_signal(Record(source="file")).check
    <Check.NOT_ASKED: 'not asked'>
    """
    service = SERVICES.get(record.source, OWN)
    notices = notices_of(record)
    known = record.source in SERVICES or bool(notices)
    check = Check.ANSWERED if known else Check.NOT_ASKED
    return Signal(service, check, notices, when)


def weigh_signals(record: Record, signals: Sequence[Signal]) -> StandingReport:
    """Return the standing of a record that was asked about.

    Its title counts as one weak sign more. What is said of its DOI is read with care
    where the record is a notice or a replacement, for these may share the DOI of the
    work that was retracted.

    >>> weigh_signals(Record(source="pubmed"), ()).standing
    <Standing.UNKNOWN: 'unknown'>
    """
    heard = tuple(replace_notices(s, s.notices) for s in signals)
    firm = {n.standing for s in signals if s.service not in BY_DOI for n in s.notices}
    shared = _shared(record, firm)
    if shared is not None:
        heard = tuple(_reread(s, shared) for s in heard)
    if title := notice_in_title(record):
        own = next((s for s in heard if s.service == title[0].said_by), None)
        home = own or Signal(OWN, Check.NOT_ASKED)
        others = tuple(s for s in heard if s is not own)
        heard = (*others, replace_notices(home, (*home.notices, *title)))
    return decide_standing(heard, replacement_of(record))


def _shared(record: Record, firm: set[Standing]) -> Standing | None:
    """Return what a retraction of a shared DOI makes of the record; None if not shared.

    Source: journals that retract and replace keep the DOI (JAMA does), and PubMed files
    the replacement under a PMID of its own.
    """
    gone = max((gravity(s) for s in firm), default=0)
    if gone > gravity(Standing.NOTICE):
        return None
    if Standing.NOTICE in firm:
        return Standing.NOTICE
    return Standing.CORRECTED if is_replacement(record) else None


def _reread(signal: Signal, shared: Standing) -> Signal:
    """Return what a service asked by DOI says, as it concerns this record."""
    if signal.service not in BY_DOI:
        return signal
    return replace_notices(signal, [_milder(n, shared) for n in signal.notices])


def _milder(notice: Notice, shared: Standing) -> Notice:
    if gravity(notice.standing) <= gravity(shared):
        return notice
    return notice._replace(standing=shared, weak=False)


def replace_notices(signal: Signal, notices: Iterable[Notice]) -> Signal:
    """Return a signal with other notices, in their order.

    >>> replace_notices(Signal("PubMed", Check.ANSWERED), []).notices
    ()
    """
    return signal._replace(notices=sort_notices(tuple(notices)))


def with_notices(report: StandingReport, signals: Iterable[Signal]) -> StandingReport:
    """Return a report with more signals in it, decided anew.

    >>> with_notices(decide_standing(()), [Signal("PubMed", Check.ANSWERED)]).standing
    <Standing.SOUND: 'no notice known'>
    """
    decided = decide_standing((*report.signals, *signals), report.replacement)
    return replace(decided)

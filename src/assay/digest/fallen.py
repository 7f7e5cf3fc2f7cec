"""Which works that were used before have a notice now of which nobody was told yet.

known + what the services say now ─► what is known ─► what of it is news

Laws (held by property tests): what was told is told once; a check that failed changes
nothing and is never told as clean; the order of works and signals does not matter.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from assay.digest.model import Fallen, Use, Work
from assay.digest.same_notice import find_new, without_own_doi
from assay.library.retraction import gravity, sort_notices
from assay.library.standing import OWN, decide_standing
from assay.notice import (
    CROSSREF,
    EUROPEPMC,
    OPENALEX,
    PUBMED,
    Check,
    Notice,
    Signal,
    Standing,
    StandingReport,
)

Known = tuple[Work, StandingReport | None, tuple[Use, ...]]
"""A work, what was told of its standing (None when nothing was), and its uses."""

_ANSWERS = frozenset({Check.ANSWERED, Check.NOT_HELD})


def find_fallen(
    known: Sequence[Known], checked: Mapping[str, StandingReport]
) -> tuple[Fallen, ...]:
    """Return the works of which there is something to tell, the gravest first.

    News is a graver standing, a notice that was not told before, and a standing that is
    better than it was because whoever told of a notice answers without it now. The same
    notice told by another service is none, nor is a work that was not asked about.

    Args:
        known: works used before. One that stands there twice is told once.
        checked: what was found out now, by key of the work.

    >>> find_fallen([], {})
    ()
    """
    found = []
    for work, before, uses in _each_once(known):
        now = checked.get(work.key)
        news = _news(work, before, uses, now) if now else None
        if news:
            found.append(news)
    return tuple(sorted(found, key=_rank))


def _rank(fallen: Fallen) -> tuple[bool, int, str]:
    grave = gravity(fallen.after)
    return grave < gravity(fallen.before), -grave, fallen.work.key


def _each_once(known: Iterable[Known]) -> Iterator[Known]:
    """Yield each work once, with all its uses."""
    works: dict[str, Known] = {}
    for work, before, uses in known:
        first, told, so_far = works.get(work.key, (work, before, ()))
        works[work.key] = (first, told or before, (*so_far, *uses))
    for work, told, uses in works.values():
        yield work, told, tuple(dict.fromkeys(uses))


def _news(
    work: Work,
    before: StandingReport | None,
    uses: tuple[Use, ...],
    now: StandingReport,
) -> Fallen | None:
    told = without_own_doi(_told(before), work)
    stood = before.standing if before else Standing.SOUND
    after = keep_known(before, now)
    notices = without_own_doi(after.notices, work)
    new = find_new(notices, told)
    other = tuple(n for n in notices if n not in told)
    firm = tuple(n for n in new if not n.weak)
    if gravity(after.standing) > gravity(stood):
        shown = new or other or notices
    elif firm:
        shown = firm
    elif gravity(after.standing) < gravity(stood):
        shown = other
    else:
        return None
    return Fallen(
        work=work, before=stood, after=after.standing, notices=shown, uses=uses
    )


def _told(before: StandingReport | None) -> tuple[Notice, ...]:
    """Return the notices that were told; one that could be any where none is named."""
    if before is None or before.notices or not gravity(before.standing):
        return before.notices if before else ()
    return (Notice(before.standing, OWN, ""),)


def keep_known(before: StandingReport | None, now: StandingReport) -> StandingReport:
    """Return what is known after a check: of each service what it last answered.

    A service that failed, was not asked, or does not hold the work any more takes
    nothing back: a notice is gone only when whoever told of it answers without it, and
    all others answer too.

    >>> asked = Signal("PubMed", Check.FAILED, why="no answer")
    >>> failed = StandingReport(standing=Standing.UNKNOWN, signals=(asked,))
    >>> gone = StandingReport(standing=Standing.RETRACTED)
    >>> keep_known(gone, failed).standing, keep_known(None, failed).standing
    (<Standing.RETRACTED: 'retracted'>, <Standing.UNKNOWN: 'unknown'>)
    """
    if before is None:
        return now
    if not _answers(now) and set(now.notices) <= set(before.notices):
        return before
    old = _signals_of(before)
    new = {signal.service: signal for signal in now.signals}
    signals = [
        _latest(old.get(service), new.get(service)) for service in sorted({*old, *new})
    ]
    after = decide_standing(signals, now.replacement or before.replacement)
    lost = any(signal.check is Check.FAILED for signal in now.signals)
    better = gravity(after.standing) < gravity(before.standing)
    if after.standing is Standing.UNKNOWN or (lost and better):
        return before
    return after


def _answers(report: StandingReport) -> bool:
    return any(signal.check in _ANSWERS for signal in report.signals)


def _signals_of(report: StandingReport) -> dict[str, Signal]:
    """Return a report's signals by service; what none of them holds is its sayer's."""
    signals = {signal.service: signal for signal in report.signals}
    held = {notice for signal in report.signals for notice in signal.notices}
    for notice in report.notices:
        if notice not in held:
            service = _service_of(notice)
            home = signals.get(service, Signal(service, Check.NOT_ASKED))
            signals[service] = _with(home, (notice,))
    return signals


def _service_of(notice: Notice) -> str:
    """Return the service that a notice came from."""
    if notice.said_by.endswith("(in Crossref)"):
        return CROSSREF
    known = {PUBMED, CROSSREF, OPENALEX, EUROPEPMC}
    return notice.said_by if notice.said_by in known else OWN


def _latest(old: Signal | None, new: Signal | None) -> Signal:
    """Return what a service says, by its last answer."""
    if old is None or new is None:
        return new or old or Signal(OWN, Check.NOT_ASKED)
    if new.check is Check.ANSWERED:
        return new
    if new.check is Check.NOT_HELD or old.check not in _ANSWERS:
        return _with(new, old.notices)
    return _with(old, new.notices)


def _with(signal: Signal, more: Iterable[Notice]) -> Signal:
    return signal._replace(notices=sort_notices((*signal.notices, *more)))


def is_unknown(report: StandingReport) -> bool:
    """Say whether it is not known if there is a new notice: a check failed, or nobody
    answered.

    >>> is_unknown(StandingReport(standing=Standing.SOUND))
    True
    """
    checks = {signal.check for signal in report.signals}
    return Check.FAILED in checks or Check.ANSWERED not in checks

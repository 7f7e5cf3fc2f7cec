"""The standing of a record in words and in JSON: since when, on whose word, and where.

The same in every view. A standing without grounds says as much as is known.
"""

from collections.abc import Iterable

from assay.library.standing import report_of
from assay.model import Evidence
from assay.notice import Check, Notice, Signal, Standing, StandingReport
from assay.output.links import Link, find_links
from assay.output.words import say_standing
from assay.record import Record

_FILES = frozenset({"nbib", "ris", "bibtex", "csl", "csv", "parquet", "references"})
"""Formats of which a record says that it came from a file and from no service."""
Row = dict[str, str | bool | None]
"""A notice or a check as JSON has it."""


def known_of(item: Evidence) -> StandingReport:
    """Return what is known of the standing of a piece of evidence.

    >>> from assay.model import Design, Stance
    >>> known_of(Evidence(record=Record(source="pubmed"), design=Design.COHORT,
    ...     sentence="", start=0, end=0, stance=Stance.NEUTRAL, rule="none")).notices
    ()
    """
    return item.checked or report_of(item.record)


def say_status(item: Evidence) -> str:
    """Return a study's standing with its grounds; "" when no notice is known."""
    said, grounds = say_standing(item.standing), grounds_of(item)
    return f"{said} ({grounds})" if grounds else said


def grounds_of(item: Evidence) -> str:
    """Return what a study's standing rests on; "" when no notice is known."""
    return say_grounds(known_of(item)) if say_standing(item.standing) else ""


def say_loudly(item: Evidence) -> str:
    """Return a study's standing in capitals, and its grounds as they are."""
    said, bracket, grounds = say_status(item).partition(" (")
    return f"{said.upper()}{bracket}{grounds}"


def say_grounds(report: StandingReport) -> str:
    """Return since when a standing holds, on whose word, by which notice, and why.

    "" where a standing has no grounds to tell.

    >>> notice = Notice(Standing.RETRACTED, "PubMed", "RetractionIn", "2021-07",
    ...                 pmid="90000014")
    >>> say_grounds(StandingReport(standing=Standing.RETRACTED, notices=(notice,)))
    '2021-07, said by PubMed; notice: PMID 90000014'
    """
    told = find_grounds(report)
    dates = sorted(n.date for n in told if n.date)
    sayers = join_names(dict.fromkeys(_name_sayer(n.said_by) for n in told))
    parts = [
        ", ".join(filter(None, (*dates[:1], f"said by {sayers}" if sayers else "")))
    ]
    if names := list(dict.fromkeys(filter(None, map(name_notice, told)))):
        lead = "about" if report.standing is Standing.NOTICE else "notice:"
        parts.append(f"{lead} {', '.join(names)}")
    parts += [f"reason: {n.reason}" for n in told if n.reason][:1]
    if report.replacement:
        parts.append(f"replaced by PMID {report.replacement}")
    if report.standing in {Standing.DOUBTFUL, Standing.UNKNOWN}:
        parts.append(_say_others(report.signals))
    return "; ".join(filter(None, parts))


def _name_sayer(said_by: str) -> str:
    """Return who says that there is a notice, as people name it.

    >>> _name_sayer("PubMed"), _name_sayer("nbib")
    ('PubMed', 'a file that was added (nbib)')
    """
    return f"a file that was added ({said_by})" if said_by in _FILES else said_by


def find_grounds(report: StandingReport) -> tuple[Notice, ...]:
    """Return the notices that a standing rests on: all where it rests on weak signs.

    >>> find_grounds(StandingReport(standing=Standing.SOUND))
    ()
    """
    same = [n for n in report.notices if n.standing is report.standing]
    if report.standing is Standing.DOUBTFUL:
        same = [n for n in report.notices if n.weak]
    return tuple(same)


_SAID = {
    Check.FAILED: ("could not be asked", "could not be asked"),
    Check.NOT_HELD: ("does not hold it", "do not hold it"),
    Check.NOT_ASKED: ("was not asked", "were not asked"),
}
"""What is said of services by what came of asking: of one, of many."""


def _say_others(signals: Iterable[Signal]) -> str:
    """Return who knows of no notice, and who could not be asked and why."""
    asked = tuple(signals)
    silent = [s.service for s in asked if s.check is Check.ANSWERED and not s.notices]
    parts = []
    if silent:
        verb = "knows" if len(silent) == 1 else "know"
        parts.append(f"{join_names(silent)} {verb} of no notice")
    for check, verbs in _SAID.items():
        told = [_with_reason(s) for s in asked if s.check is check and not s.notices]
        if told:
            parts.append(f"{join_names(told)} {verbs[len(told) > 1]}")
    return ", ".join(parts) or "nobody was asked"


def _with_reason(signal: Signal) -> str:
    return f"{signal.service} [{signal.why}]" if signal.why else signal.service


def join_names(names: Iterable[str]) -> str:
    """Return names as a list of words.

    >>> join_names(["PubMed"]), join_names(["a", "b", "c"])
    ('PubMed', 'a, b and c')
    """
    *first, last = [*names] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def name_notice(notice: Notice) -> str:
    """Return the identifier of a notice, with its kind; "" when it has none.

    >>> name_notice(Notice(Standing.RETRACTED, "x", "y", doi="10.99999/n"))
    'DOI 10.99999/n'
    """
    if notice.pmid:
        return f"PMID {notice.pmid}"
    return f"DOI {notice.doi}" if notice.doi else ""


def link_notices(report: StandingReport) -> tuple[Link, ...]:
    """Return the addresses of the notices that a standing rests on, each once.

    >>> notice = Notice(Standing.RETRACTED, "PubMed", "RetractionIn", pmid="90000014")
    >>> link_notices(StandingReport(standing=Standing.RETRACTED, notices=(notice,)))
    (Link(name='Notice', address='https://pubmed.ncbi.nlm.nih.gov/90000014/'),)
    """
    addresses = (address_of(notice) for notice in find_grounds(report))
    name = "Retracted work" if report.standing is Standing.NOTICE else "Notice"
    return tuple(Link(name, a) for a in dict.fromkeys(filter(None, addresses)))


def address_of(notice: Notice) -> str:
    """Return the address of a notice; "" when it has no sound identifier.

    >>> address_of(Notice(Standing.RETRACTED, "x", "y", doi="10.99999/n"))
    'https://doi.org/10.99999/n'
    """
    links = find_links(Record(source="", pmid=notice.pmid, doi=notice.doi))
    return links[0].address if links else ""


def notice_rows(report: StandingReport) -> list[Row]:
    """Return the notices as JSON has them.

    >>> notice_rows(StandingReport(standing=Standing.SOUND))
    []
    """
    return [
        {
            "standing": str(n.standing),
            "said_by": n.said_by,
            "kind": n.kind,
            "date": n.date or None,
            "reason": n.reason or None,
            "pmid": n.pmid or None,
            "doi": n.doi or None,
            "link": address_of(n) or None,
            "weak": n.weak,
        }
        for n in report.notices
    ]


def check_rows(report: StandingReport) -> list[Row]:
    """Return who was asked, as JSON has it.

    >>> check_rows(StandingReport(standing=Standing.SOUND))
    []
    """
    return [
        {
            "service": s.service,
            "check": str(s.check),
            "when": s.when or None,
            "why": s.why or None,
        }
        for s in report.signals
    ]

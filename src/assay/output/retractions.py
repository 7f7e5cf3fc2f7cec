"""The check of a bibliography for retractions: gravest first, nothing left out.

What could not be checked is told and counted beside what was found: a reference that
nobody could look up is never shown as one without a notice.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.console import Console

from assay.library.retraction import gravity
from assay.notice import Check, Signal, Standing, StandingReport
from assay.output.lines import print_line
from assay.output.links import Link, find_links
from assay.output.standings import find_grounds, link_notices, say_grounds
from assay.output.words import COURTESY, say_number, say_problem, title_of
from assay.record import Record
from assay.search import Problem

ORDER = tuple(Standing)
"""From the gravest to "unknown" and "no notice known"."""


class Row(NamedTuple):
    """One reference and what is known of it."""

    number: int
    """Its place in the bibliography, from 1."""
    record: Record
    report: StandingReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What `assay retractions` found out about a bibliography."""

    name: str
    """File names or identifiers, as given."""
    rows: tuple[Row, ...]
    """In the order of the bibliography."""
    unread: tuple[Problem, ...] = ()
    """What of the bibliography could not be read, or names no identifier."""
    problems: tuple[Problem, ...] = ()
    """Services that failed."""
    offline: bool = False


def rank_rows(audit: Audit) -> tuple[Row, ...]:
    """Return the references, the gravest first; of equals in their own order.

    >>> rank_rows(Audit(name="a.bib", rows=()))
    ()
    """
    return tuple(sorted(audit.rows, key=lambda row: ORDER.index(row.report.standing)))


def count_standings(audit: Audit) -> tuple[tuple[Standing, int], ...]:
    """Return how many references have each standing that was met, gravest first.

    >>> count_standings(Audit(name="a.bib", rows=()))
    ()
    """
    met = Counter(row.report.standing for row in audit.rows)
    return tuple((standing, met[standing]) for standing in ORDER if met[standing])


def is_known(audit: Audit) -> bool:
    """Say whether every reference was read, and checked without a failure.

    >>> is_known(Audit(name="a.bib", rows=()))
    True
    """
    unknown = any(row.report.standing is Standing.UNKNOWN for row in audit.rows)
    return not (unknown or audit.unread or audit.problems)


def find_grave(audit: Audit, least: Standing) -> tuple[Row, ...]:
    """Return the references at least as grave as a standing, notices left out.

    >>> find_grave(Audit(name="a.bib", rows=()), Standing.RETRACTED)
    ()
    """
    return tuple(
        row
        for row in rank_rows(audit)
        if gravity(row.report.standing) >= gravity(least)
        and row.report.standing is not Standing.NOTICE
    )


# --- words --------------------------------------------------------------------------


def say_audit(audit: Audit) -> str:
    """Return the outcome in one sentence.

    >>> say_audit(Audit(name="a.bib", rows=()))
    'No reference could be checked.'
    """
    if not audit.rows:
        return "No reference could be checked."
    counts = ", ".join(f"{n:,} {standing}" for standing, n in count_standings(audit))
    told = f"{say_number(len(audit.rows), 'reference')}: {counts}."
    if audit.unread:
        left = say_number(len(audit.unread), "passage")
        told += f" Of the bibliography {left} could not be checked; see below."
    return told


def say_asked(audit: Audit) -> tuple[str, ...]:
    """Return for each service what came of asking it, one sentence each.

    >>> say_asked(Audit(name="a.bib", rows=()))
    ()
    """
    signals: dict[str, list[Signal]] = {}
    for row in audit.rows:
        for signal in row.report.signals:
            signals.setdefault(signal.service, []).append(signal)
    return tuple(_say_service(name, own) for name, own in sorted(signals.items()))


_ENDS = {
    Check.ANSWERED: "answered",
    Check.NOT_HELD: "not held there",
    Check.FAILED: "failed",
    Check.NOT_ASKED: "not asked",
}


def _say_service(name: str, signals: Sequence[Signal]) -> str:
    met = Counter(signal.check for signal in signals)
    counts = ", ".join(f"{met[c]:,} {words}" for c, words in _ENDS.items() if met[c])
    days = sorted({signal.when[:10] for signal in signals if signal.when})
    when = f" ({' to '.join(dict.fromkeys((days[0], days[-1])))})" if days else ""
    wanted = {Check.FAILED, Check.NOT_ASKED}
    why = Counter(s.why for s in signals if s.check in wanted and s.why)
    told = f": {'; '.join(why)}" if why else ""
    return f"{name}: {counts}{when}{told}."


def say_row(row: Row) -> str:
    """Return what stands beside a reference: its names, then the grounds.

    >>> from assay.library.standing import report_of
    >>> record = Record(source="pubmed", pmid="90000001", year=2020)
    >>> say_row(Row(1, record, report_of(record)))
    'PMID 90000001 · 2020'
    """
    record = row.record
    parts = (
        f"PMID {record.pmid}" if record.pmid else "",
        f"DOI {record.doi}" if record.doi else "",
        record.pmcid if not (record.pmid or record.doi) else "",
        record.journal,
        str(record.year or ""),
        say_why(row),
    )
    return " · ".join(filter(None, parts))


def say_why(row: Row) -> str:
    """Return the grounds of a standing; for an unknown one why it is not known.

    >>> say_why(Row(1, Record(source="x"), StandingReport(standing=Standing.UNKNOWN)))
    'nobody was asked'
    """
    return say_grounds(row.report)


def list_links(row: Row) -> tuple[Link, ...]:
    """Return the addresses of the notices, then those of the record itself.

    >>> list_links(Row(1, Record(source="x"), StandingReport(standing=Standing.SOUND)))
    ()
    """
    return link_notices(row.report) + find_links(row.record)


def name_of_reference(record: Record) -> str:
    """Return a reference's title, or else what it was named by.

    >>> name_of_reference(Record(source="x", doi="10.99999/a"))
    '10.99999/a'
    """
    named = record.title or record.vernacular_title or record.book_title
    return named or record.doi or record.pmid or record.pmcid or title_of(record)


# --- in a terminal --------------------------------------------------------------------


STYLES = {
    Standing.REPLACED: "bold red",
    Standing.RETRACTED: "bold red",
    Standing.WITHDRAWN: "bold red",
    Standing.PARTLY: "bold red",
    Standing.DOUBTFUL: "bold yellow",
    Standing.CONCERN: "bold yellow",
    Standing.UNKNOWN: "bold cyan",
}


def print_audit(audit: Audit, console: Console, *, every: bool = False) -> None:
    """Print the outcome: what has a notice, what is unknown; all with `every`."""
    print_line(console, say_audit(audit), style="bold")
    for row in rank_rows(audit):
        if every or row.report.standing is not Standing.SOUND:
            _print_row(row, console)
    if audit.unread:
        print_line(console, "Could not be checked", style="bold red")
    for problem in audit.unread:
        print_line(console, say_problem(problem), "  ! ", "red")
    for problem in audit.problems:
        print_line(console, say_problem(problem), "  ! ", "red")
    for line in _end(audit):
        print_line(console, line)
    print_line(console, COURTESY, style="dim")


def _print_row(row: Row, console: Console) -> None:
    standing = str(row.report.standing).upper()
    style = STYLES.get(row.report.standing, "")
    print_line(console, name_of_reference(row.record), f"{standing}  ", style)
    print_line(console, say_row(row), "    ")
    if links := list_links(row):
        print_line(console, " · ".join(link.address for link in links), "    ")


def _end(audit: Audit) -> Iterator[str]:
    yield from say_asked(audit)
    if audit.offline:
        yield (
            "Nobody was asked anew: only answers recorded earlier and the library on "
            "this machine were read."
        )
    if any(row.report.standing is Standing.SOUND for row in audit.rows):
        yield (
            "“No notice known” says that nobody who answered knows of one, not that "
            "there is none: notices reach the services late."
        )


def find_date(report: StandingReport) -> str:
    """Return the earliest date of the notices that a standing rests on, "" for none.

    >>> find_date(StandingReport(standing=Standing.SOUND))
    ''
    """
    return min((n.date for n in find_grounds(report) if n.date), default="")

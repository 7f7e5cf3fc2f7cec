"""What is known of the standing of many records, asked of three independent services.

records ─► PubMed, Crossref, OpenAlex ─► signals ─► one report a record
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from assay.library.retraction import gravity, notices_of, sort_notices
from assay.library.standing import own_signal, report_of, weigh_signals
from assay.notice import (
    CROSSREF,
    OPENALEX,
    PUBMED,
    Check,
    Signal,
    Standing,
    StandingReport,
)
from assay.record import Record
from assay.search import Problem
from assay.sources.base import Getter
from assay.sources.notices import failed_signal
from assay.sources.notices_crossref import ask_crossref
from assay.sources.notices_openalex import ask_openalex
from assay.sources.notices_pubmed import Held, ask_by_name, ask_by_pmid

NO_DOI = "the record has no DOI"
NO_NAME = "the record has no identifier to ask with"


Answers = dict[str, Signal]
"""What a service makes of each work, by the name that it was asked by."""
Asking = Callable[[], Iterator[Answers]]
"""Ask one service about everything, and give its answers."""
Together = Callable[[Sequence[Asking]], Iterator[tuple[int, Answers]]]
"""Ask several services: in turn, or side by side."""


class Checked(NamedTuple):
    """What came of asking about records."""

    reports: tuple[StandingReport, ...]
    """One a record, in the order given."""
    problems: tuple[Problem, ...] = ()
    """One for each service that failed, with what is not known because of it."""
    found: tuple[Record, ...] = ()
    """PubMed's records of them as they are now, where it gave any."""
    when: str = ""
    """ISO time of PubMed's latest answer; "" when there is none."""


def ask_in_turn(asking: Sequence[Asking]) -> Iterator[tuple[int, Answers]]:
    """Yield what each function gives, one after the other, with its number."""
    for number, ask in enumerate(asking):
        yield from ((number, answers) for answers in ask())


def check_standings(
    records: Sequence[Record], getter: Getter, together: Together = ask_in_turn
) -> Checked:
    """Ask PubMed, Crossref and OpenAlex about records; say what each is known to be.

    A service that fails costs its own signal only. What a record's own marks say holds
    in any case. Offline, answers come from the recording, and what was never recorded
    counts as not asked.

    together: how Crossref and OpenAlex are asked once PubMed has told the DOIs, e.g.
    side by side.
    """
    asked = list(dict.fromkeys(records))
    held = _ask_pubmed(asked, getter)
    known = {record: _better(record, held.get(record, Held())) for record in asked}
    crossref, flagged = _ask_others(tuple(known.values()), getter, together)
    reports = {
        record: weigh_signals(
            fresh,
            (
                _of_pubmed(record, held.get(record)),
                crossref.get(fresh.doi, _not_asked(CROSSREF, fresh)),
                flagged.get(_name(fresh), _not_asked(OPENALEX, fresh)),
            ),
        )
        for record, fresh in known.items()
    }
    return Checked(
        reports=tuple(reports[record] for record in records),
        problems=tuple(find_problems(reports.values())),
        found=tuple(r for each in held.values() for r in each.records),
        when=max((each.when for each in held.values()), default=""),
    )


def recall_standings(records: Sequence[Record]) -> Checked:
    """Return what records' own marks say, when nobody is asked.

    >>> recall_standings([Record(source="pubmed")]).reports[0].standing
    <Standing.SOUND: 'no notice known'>
    """
    return Checked(reports=tuple(map(report_of, records)))


# --- PubMed -------------------------------------------------------------------


def _ask_pubmed(records: Sequence[Record], getter: Getter) -> dict[Record, Held]:
    """Return what PubMed holds of each record: by PMID, else by DOI or PMCID."""
    by_pmid = ask_by_pmid([r.pmid for r in records if r.pmid], getter)
    names = (r.doi or r.pmcid for r in records if not r.pmid)
    by_name = ask_by_name(list(filter(None, names)), getter)
    found = {}
    for record in records:
        held = by_pmid.get(record.pmid) or by_name.get(record.doi or record.pmcid)
        if held:
            found[record] = held
    return found


def _better(record: Record, held: Held) -> Record:
    """Return PubMed's record where it gave one, else the record at hand.

    Of several that share a DOI, the one that is no notice.
    """
    works = sorted(held.records, key=_is_notice)
    return works[0] if works else record


def _is_notice(record: Record) -> bool:
    marks = {notice.standing for notice in notices_of(record)}
    return max(marks, key=gravity, default=None) is Standing.NOTICE


def _of_pubmed(record: Record, held: Held | None) -> Signal:
    """Return PubMed's signal: its record's marks, else those of the record at hand."""
    own = own_signal(record)
    if held is None:
        return Signal(PUBMED, Check.NOT_ASKED, own.notices, why=NO_NAME)
    if held.records:
        marks = notices_of(_better(record, held)) + own.notices
        return Signal(PUBMED, Check.ANSWERED, sort_notices(marks), held.when)
    if held.error is None:
        return Signal(PUBMED, Check.NOT_HELD, own.notices, held.when)
    failed = failed_signal(PUBMED, held.error, own.notices)
    if failed.check is Check.NOT_ASKED and own.service == PUBMED:
        return own._replace(why="its record as it is in the library")
    return failed


def _ask_others(
    records: Sequence[Record], getter: Getter, together: Together
) -> tuple[Answers, Answers]:
    """Return Crossref's signals by DOI, and OpenAlex's by name."""
    dois = [record.doi for record in records if record.doi]
    names = list(filter(None, map(_name, records)))
    asking: tuple[Asking, ...] = (
        lambda: iter((ask_crossref(dois, getter),)),
        lambda: iter((ask_openalex(names, getter),)),
    )
    found = dict(together(asking))
    return found[0], found[1]


# --- the others ---------------------------------------------------------------


def _name(record: Record) -> str:
    """Return how OpenAlex is asked for a record, "" when it cannot be."""
    if record.doi:
        return f"doi:{record.doi}"
    return f"pmid:{record.pmid}" if record.pmid else ""


def _not_asked(service: str, record: Record) -> Signal:
    why = NO_DOI if service == CROSSREF and record.pmid else NO_NAME
    return Signal(service, Check.NOT_ASKED, why=why)


def find_problems(reports: Iterable[StandingReport]) -> Iterator[Problem]:
    """Yield one problem for each service and reason that checks failed for.

    >>> list(find_problems([report_of(Record(source="pubmed"))]))
    []
    """
    failures: dict[tuple[str, str], int] = {}
    for report in reports:
        for signal in report.signals:
            if signal.check is Check.FAILED:
                key = (signal.service, signal.why)
                failures[key] = failures.get(key, 0) + 1
    for (service, why), number in failures.items():
        records = "1 record" if number == 1 else f"{number:,} records"
        yield Problem(
            where=service,
            what=f"it is not known whether it has notices on {records}: {why}",
            what_to_do="Ask again later; whatever the other services say is shown.",
        )


# --- reference lists ----------------------------------------------------------


def find_gone_references(
    record: Record, standings: Mapping[str, Standing]
) -> tuple[tuple[str, Standing], ...]:
    """Return the references of a record that were taken back, as (citation, standing).

    standings: of the works known to be retracted, by "pmid:…" or "doi:…". A retraction
    notice that is cited does no harm: it tells that the authors knew.

    >>> from assay.record import Reference
    >>> cited = Reference("A. 2020", (("pubmed", "9"),))
    >>> review = Record(source="x", references=(cited,))
    >>> find_gone_references(review, {"pmid:9": Standing.RETRACTED})
    (('A. 2020', <Standing.RETRACTED: 'retracted'>),)
    """
    found = []
    for reference in record.references:
        names = reference_names(reference.ids)
        known = [standings[name] for name in names if name in standings]
        gone = [s for s in known if gravity(s) > gravity(Standing.NOTICE)]
        if gone:
            citation = reference.citation or ", ".join(names)
            found.append((citation, max(gone, key=gravity)))
    return tuple(found)


def reference_names(ids: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the names under which a cited work is known: "pmid:…" and "doi:…".

    >>> reference_names((("pubmed", "90000001"), ("doi", "10.99999/A"), ("pii", "x")))
    ('pmid:90000001', 'doi:10.99999/a')
    """
    kinds = {"pubmed": "pmid", "pmid": "pmid", "doi": "doi"}
    return tuple(
        f"{kinds[kind]}:{value.lower()}" for kind, value in ids if kind in kinds
    )

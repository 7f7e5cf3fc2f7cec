"""What a report's evidence is worth once notices were asked about.

The records that speak for or against a claim are few: each is asked about, and a claim
whose evidence was taken back is decided anew, by the same table as before.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from assay.claims.vocabulary import Vocabulary
from assay.errors import NotRecordedError, SourceError
from assay.evidence.card import FLAGS, OF_MANY
from assay.evidence.card_claim import find_claim_flags, gather_flags
from assay.evidence.reading import read_record
from assay.evidence.studies import NOT_COUNTED
from assay.evidence.verdict import decide
from assay.library.notices import (
    Checked,
    Together,
    ask_in_turn,
    check_standings,
    find_gone_references,
    reference_names,
)
from assay.library.retraction import standing_of
from assay.model import Evidence, Finding, Flag, Report, Stance
from assay.notice import PUBMED, Check, Standing, StandingReport
from assay.record import Record
from assay.search import Problem
from assay.sources.base import Getter
from assay.sources.notices_pubmed import find_retracted

CITES_RETRACTED = "retracted-reference"
"""Code of the flag of a review whose reference list holds a retracted study."""

Known = Callable[[str], Record | None]
"""Return the library's record under a key such as "pmid:90000001", or None."""
Gone = tuple[tuple[str, Standing], ...]
"""References that were taken back: (citation, standing)."""


class Outcome(NamedTuple):
    """What asking about a report's records gave."""

    standings: Mapping[Record, StandingReport]
    cited: Mapping[Record, Gone]
    """Of reviews that cite what was taken back."""
    problems: tuple[Problem, ...] = ()


def recheck(
    report: Report,
    words: Vocabulary,
    *,
    known: Known,
    getter: Getter | None,
    together: Together = ask_in_turn,
    keep: Callable[[Checked], None] = lambda _checked: None,
) -> Report:
    """Return a report with the standing of all that speaks asked about and weighed in.

    What the services could not be asked is among the report's problems.

    known: the library at hand. getter: how the services are asked, None for not at all.
    together: how several of them are asked, e.g. side by side. keep: given what the
    services said, e.g. to renew the library's records.
    """
    speaking = find_speaking(report)
    checked = check_standings(speaking, getter, together) if getter else None
    if checked:
        keep(checked)
    told = zip(speaking, checked.reports, strict=True) if checked else ()
    standings = {record: report for record, report in told if was_asked(report)}
    reviews = [r for r in speaking if _is_review(r, report)]
    cited, problems = _look_through(reviews, known, getter)
    failed = (*(checked.problems if checked else ()), *problems)
    return weigh_again(report, Outcome(standings, cited, failed), words)


def was_asked(report: StandingReport) -> bool:
    """Return whether anybody was asked about a record, whatever came of it.

    Offline, where nothing was recorded, nobody was: the report as a whole says so.

    >>> was_asked(StandingReport(standing=Standing.SOUND))
    False
    """
    return any(signal.check is not Check.NOT_ASKED for signal in report.signals)


def find_speaking(report: Report) -> tuple[Record, ...]:
    """Return the records that speak of any claim, each once, in the report's order.

    >>> from assay.model import Article
    >>> article = Article(name="a", title="", text="", blocks=(), sentences=())
    >>> find_speaking(Report(article=article, findings=()))
    ()
    """
    return tuple(dict.fromkeys(e.record for e in _speaking(report)))


def _speaking(report: Report) -> Iterator[Evidence]:
    for finding in report.findings:
        yield from (e for e in finding.evidence if e.stance is not Stance.NEUTRAL)


def _is_review(record: Record, report: Report) -> bool:
    designs = {e.design for e in _speaking(report) if e.record is record}
    return bool(designs & OF_MANY) and bool(record.references)


def _look_through(
    reviews: Sequence[Record], known: Known, getter: Getter | None
) -> tuple[dict[Record, Gone], list[Problem]]:
    """Return what reviews cite that was taken back, and what could not be found out."""
    names = {
        name
        for review in reviews
        for reference in review.references
        for name in reference_names(reference.ids)
    }
    standings = {
        name: standing_of(record)
        for name in sorted(names)
        if (record := known(name)) is not None
    }
    problems: list[Problem] = []
    pmids = sorted(n.removeprefix("pmid:") for n in names if n.startswith("pmid:"))
    for each in find_retracted(pmids, getter) if getter else ():
        if isinstance(each, SourceError):
            problems += _not_looked_through(each)
        else:
            standings[f"pmid:{each[0]}"] = Standing.RETRACTED
    gone = {review: find_gone_references(review, standings) for review in reviews}
    return {review: found for review, found in gone.items() if found}, problems[:1]


def _not_looked_through(error: SourceError) -> Iterator[Problem]:
    if not isinstance(error, NotRecordedError):
        yield Problem(
            where=PUBMED,
            what="it is not known whether reviews cite retracted studies: "
            f"{error.what}",
            what_to_do="Run the same command again later.",
        )


def weigh_again(report: Report, outcome: Outcome, words: Vocabulary) -> Report:
    """Return the report as the standings found make it.

    A claim is decided anew only where a record stopped counting or is flagged now;
    everything else stays as it was.
    """
    return replace(
        report,
        findings=tuple(_again(f, outcome, words) for f in report.findings),
        problems=(*report.problems, *outcome.problems),
    )


def _again(finding: Finding, outcome: Outcome, words: Vocabulary) -> Finding:
    evidence = tuple(_stand(e, outcome) for e in finding.evidence)
    weighs = [_weighs(e) for e in evidence] != [_weighs(e) for e in finding.evidence]
    changed = replace(finding, evidence=evidence)
    if not weighs:
        return changed
    studies = [
        read_record(record, words)
        for record in dict.fromkeys(e.record for e in evidence)
    ]
    return replace(
        changed,
        verdict=decide(finding.claim, evidence),
        flags=(
            *gather_flags(evidence),
            *find_claim_flags(finding.claim, evidence, studies),
        ),
    )


def _weighs(item: Evidence) -> tuple[bool, tuple[Flag, ...]]:
    """Return what of a piece of evidence a verdict and its flags depend on."""
    return item.standing in NOT_COUNTED, item.flags


def _stand(item: Evidence, outcome: Outcome) -> Evidence:
    """Return a piece of evidence with what is known of its record now."""
    report = outcome.standings.get(item.record)
    if report is not None:
        item = replace(item, standing=report.standing, checked=report)
    gone = outcome.cited.get(item.record, ())
    if not gone or item.design not in OF_MANY or item.stance is Stance.NEUTRAL:
        return item
    if any(flag.code == CITES_RETRACTED for flag in item.flags):
        return item
    return replace(item, flags=(*item.flags, flag_references(gone)))


def flag_references(gone: Iterable[tuple[str, Standing]]) -> Flag:
    """Return the flag of a review that cites what was taken back.

    >>> flag_references([("Fabel N. 2020", Standing.RETRACTED)]).raised_by
    'Fabel N. 2020 (retracted)'
    """
    told = "; ".join(f"{citation} ({standing})" for citation, standing in gone)
    return Flag(CITES_RETRACTED, FLAGS[CITES_RETRACTED], told, "reference list")

"""A report that `assay check -o report.json` wrote, read again: its claims, verdicts.

Only what a watch needs: the claims, what was looked for, and what each verdict rested
on. A report holds no abstracts, so its records are told by their names.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from assay.digest.model import Weighing
from assay.digest.voices import weighing_of
from assay.errors import UsageError
from assay.model import (
    Certainty,
    Claim,
    Design,
    Evidence,
    Finding,
    Label,
    Stance,
    Verdict,
)
from assay.notice import Standing
from assay.output.json import Json
from assay.output.typed import MisfitError, parse_as
from assay.record import Record
from assay.search import SearchLog

SCHEMA = "assay/check/1"


class KeptClaim(NamedTuple):
    """A claim of a report."""

    claim: Claim
    weighing: Weighing | None
    """As the report has it, of claim 0; None where not all records can be named."""
    queries: tuple[str, ...]


class KeptReport(NamedTuple):
    """What a watch takes from a report."""

    name: str
    """Of the article."""
    title: str
    claims: tuple[KeptClaim, ...]
    searched: tuple[SearchLog, ...]


def parse_kept_report(text: str, where: str, when: str) -> KeptReport:
    """Return a report of the schema assay/check/1.

    Args:
        text: JSON.
        where: the file, for what is said of it.
        when: ISO time at which it was made, where it does not tell one itself.

    Raises:
        UsageError: it is no such report; says what to do.
    """
    try:
        whole = json.loads(text)
        if not isinstance(whole, dict) or whole.get("schema") != SCHEMA:
            raise MisfitError("another schema")
        searched = parse_as(_Searched, {"logs": whole["searched"]}).logs
        when = max((log.when for log in searched if log.when), default="") or when
        return KeptReport(
            name=whole["article"]["name"] or where,
            title=whole["article"]["title"] or "",
            claims=tuple(_claim(each, when) for each in whole["claims"]),
            searched=searched,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{where} is no report of `assay check` that can be watched. Name the "
            "article, or the .json that `assay check ARTICLE -o report.json` writes."
        ) from error


class _Searched(NamedTuple):
    logs: tuple[SearchLog, ...]


def _claim(each: Mapping[str, Json], when: str) -> KeptClaim:
    claim = parse_as(Claim, {**each, "text": each["claim"]})
    evidence = tuple(_evidence(each["evidence"]))
    verdict = _verdict(each["verdict"])
    named = all(_is_named(e.record) for e in evidence if e.stance is not Stance.NEUTRAL)
    finding = Finding(claim=claim, verdict=verdict, evidence=evidence)
    weighing = weighing_of(finding, 0, when, "") if named else None
    queries = each["queries"]
    return KeptClaim(claim, weighing, parse_as(_Queries, {"texts": queries}).texts)


class _Queries(NamedTuple):
    texts: tuple[str, ...]


class _Told(NamedTuple):
    """A verdict as JSON has it."""

    label: Label
    certainty: Certainty
    reason: str


def _verdict(value: Json) -> Verdict:
    told = parse_as(_Told, value)
    return Verdict(label=told.label, certainty=told.certainty, reason=told.reason)


class _Cited(NamedTuple):
    """A record as a report cites it."""

    design: Design
    standing: Standing
    source: str
    pmid: str = ""
    doi: str = ""
    pmcid: str = ""
    title: str = ""
    year: int | None = None
    journal: str = ""
    n: int | None = None
    population: str = ""


class _Piece(NamedTuple):
    """A piece of evidence as a report has it."""

    record: _Cited
    stance: Stance
    sentence: str
    start: int
    end: int
    rule: str
    weight: float
    why: str = ""


def _evidence(value: Json) -> Iterator[Evidence]:
    if not isinstance(value, list):
        raise MisfitError("not a list")
    for each in value:
        piece = parse_as(_Piece, each)
        cited = piece.record
        yield Evidence(
            record=_record(cited),
            design=cited.design,
            standing=cited.standing,
            stance=piece.stance,
            sentence=piece.sentence,
            start=piece.start,
            end=piece.end,
            own_words=_is_own(each),
            rule=piece.rule,
            why=piece.why,
            weight=piece.weight,
        )


def _is_own(value: Json) -> bool:
    record = value["record"] if isinstance(value, dict) else None
    return isinstance(record, dict) and record["own_words"] is True


def _record(cited: _Cited) -> Record:
    record = Record(source=cited.source, pmid=cited.pmid, doi=cited.doi)
    return replace(
        record,
        pmcid=cited.pmcid,
        title=cited.title,
        year=cited.year,
        journal=cited.journal,
        sample_size=cited.n,
        population=cited.population,
    )


def _is_named(record: Record) -> bool:
    return bool(record.pmid or record.doi or record.pmcid)

"""Everything assay finds, as JSON with a number on its shape.

The shapes are the files of `assay/data/schemas`. Under one number a field may be added;
when one goes or changes its meaning the number rises. Absent text and absent numbers
are null, absent lists are []. Nothing depends on the clock: the same findings give the
same bytes.
"""

import json
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import NamedTuple

from assay.errors import AssayError, SourceError
from assay.library.nlm_files import MirrorState
from assay.library.standing import report_of
from assay.model import Evidence, Finding, Label, Report, SecondAnswer, SecondOpinion
from assay.output.clean import escape_json
from assay.output.flow import Step, count_flow
from assay.output.standings import check_rows, known_of, notice_rows
from assay.record import Record, Summary
from assay.search import SavedQuery
from assay.text import record_sentences, record_text

Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

LABELS: dict[Label, str] = {
    Label.SUPPORTED: "supported",
    Label.CONTRADICTED: "contradicted",
    Label.MIXED: "mixed",
    Label.INSUFFICIENT: "insufficient",
    Label.NOT_CHECKABLE: "not checkable",
}
"""The labels as JSON has them; people read those of `words`."""


class Provenance(NamedTuple):
    """How a record came into the library."""

    source: str
    query: str
    when: str
    """ISO time."""


def render_json(report: Report) -> str:
    """Return the report of `assay check` as JSON (schema assay/check/1)."""
    article = report.article
    return render_document(
        "check",
        {
            "article": {
                "name": article.name or None,
                "title": article.title or None,
                "sha256": article.sha256 or None,
                "media_type": article.media_type,
                "sentences": len(article.sentences),
                "characters": len(article.text),
            },
            "claims": [_finding(finding) for finding in report.findings],
            "searched": plain(report.searched),
            "library": _origins(report.library),
            "problems": plain(report.problems),
            "offline": report.offline,
            "flow": [_step(step) for step in count_flow(report)],
        },
    )


def render_record_json(
    record: Record, provenance: Iterable[tuple[str, str, str]] = ()
) -> str:
    """Return one record, all of it, as JSON (schema assay/record/1).

    `provenance` holds (source, query, ISO time) for every time it was found.
    """
    came = [plain(Provenance(*each)) for each in provenance]
    return render_document(
        "record", {"record": record_json(record), "provenance": came}
    )


def render_queries_json(queries: Iterable[SavedQuery]) -> str:
    """Return saved queries as JSON (schema assay/queries/1), in the order given."""
    return render_document("queries", {"queries": [plain(query) for query in queries]})


def render_library_json(
    origins: Iterable[tuple[str, int, str]],
    path: str = "",
    indexed: int | None = None,
    records: int | None = None,
    mirror: MirrorState | None = None,
) -> str:
    """Return what lies in the library as JSON (schema assay/library/1).

    `origins` holds (origin, number of records, ISO date), as `Report.library` does.
    A record found in two places counts for both, so hand in the number of all `records`
    where it is known; else it is the sum. `mirror` is None where there is none.
    """
    rows = tuple(origins)
    return render_document(
        "library",
        {
            "path": path or None,
            "records": sum(n for _, n, _ in rows) if records is None else records,
            "indexed": indexed,
            "origins": _origins(rows),
            "mirror": plain(mirror) if mirror else None,
        },
    )


def render_cache_json(
    answers: int, size: int, oldest: str = "", newest: str = "", path: str = ""
) -> str:
    """Return what lies in the cache as JSON (schema assay/cache/1); `size` in bytes."""
    return render_document(
        "cache",
        {
            "path": path or None,
            "answers": answers,
            "bytes": size,
            "oldest": oldest or None,
            "newest": newest or None,
        },
    )


def render_error_json(error: AssayError, status: int = 1) -> str:
    """Return the error that stopped a run as JSON (schema assay/error/1).

    >>> from assay.errors import ArticleError
    >>> print(render_error_json(ArticleError("a.txt: no text.")), end="")
    {
      "schema": "assay/error/1",
      "error": {
        "kind": "ArticleError",
        "message": "a.txt: no text.",
        "where": null,
        "what_to_do": null,
        "status": 1
      }
    }
    """
    source = error if isinstance(error, SourceError) else None
    return render_document(
        "error",
        {
            "error": {
                "kind": type(error).__name__,
                "message": str(error),
                "where": (source.where or None) if source else None,
                "what_to_do": (source.what_to_do or None) if source else None,
                "status": status,
            }
        },
    )


def render_document(name: str, content: dict[str, Json]) -> str:
    """Return a document of the schema assay/NAME/1.

    >>> print(render_document("cache", {"answers": 1}), end="")
    {
      "schema": "assay/cache/1",
      "answers": 1
    }
    """
    whole: dict[str, Json] = {"schema": f"assay/{name}/1", **content}
    return escape_json(json.dumps(whole, ensure_ascii=False, indent=2)) + "\n"


def _finding(finding: Finding) -> Json:
    claim = finding.claim
    return {
        "sentence": claim.sentence,
        "start": claim.start,
        "end": claim.end,
        "claim": claim.text,
        "clause": plain(claim.clause),
        "type": str(claim.type),
        "checkable": claim.checkable,
        "why_not": claim.why_not or None,
        "frame": plain(claim.frame),
        "verdict": {
            "label": LABELS[finding.verdict.label],
            "certainty": str(finding.verdict.certainty),
            "reason": finding.verdict.reason,
            "steps": plain(finding.verdict.steps),
        },
        "flags": plain(finding.flags),
        "evidence": [_evidence(item) for item in finding.evidence],
        "queries": list(finding.queries),
        "words": {concept: list(words) for concept, words in finding.words},
        "read": finding.read,
        "second": _second(finding.second),
    }


def _step(step: Step) -> Json:
    beside: list[Json] = [
        {"reason": reason, "records": number} for reason, number in step.beside
    ]
    return {
        "stage": step.stage,
        "what": step.label,
        "number": step.number,
        "details": list(step.details),
        "beside": beside,
    }


def _second(second: SecondOpinion | None) -> Json:
    """Return a second opinion, which decides nothing; null where there is none."""
    if second is None:
        return None
    return {
        "reader": second.reader,
        "kind": second.kind,
        "label": LABELS[second.label],
        "answers": [_answer(answer) for answer in second.answers],
        "discarded": [
            {"record": _cited(each.record), "why": each.why}
            for each in second.discarded
        ],
        "unanswered": second.unanswered,
    }


def _answer(answer: SecondAnswer) -> Json:
    quoted = bool(answer.sentence)
    return {
        "record": _cited(answer.record),
        "stance": str(answer.stance),
        "sentence": answer.sentence or None,
        "start": answer.start if quoted else None,
        "end": answer.end if quoted else None,
        "own_words": answer.own_words,
        "chance": None if answer.chance is None else round(answer.chance, 4),
    }


def name_record(record: Record) -> dict[str, Json]:
    """Return what a record is known by: its identifiers, title and year."""
    return {
        "pmid": record.pmid or None,
        "doi": record.doi or None,
        "pmcid": record.pmcid or None,
        "title": record.title or None,
        "year": record.year,
    }


def _cited(record: Record) -> Json:
    return {
        **name_record(record),
        "source": record.source,
    }


def _evidence(item: Evidence) -> Json:
    record = item.record
    known = known_of(item)
    return {
        "record": {
            **name_record(record),
            "journal": record.journal or None,
            "design": str(item.design),
            "n": record.sample_size,
            "population": record.population or None,
            "standing": str(item.standing),
            "notices": [{**row} for row in notice_rows(known)],
            "asked": [{**row} for row in check_rows(known)],
            "replacement": known.replacement or None,
            "source": record.source,
            "own_words": item.own_words,
            "provenance": _summary(record.summary) if item.own_words else None,
        },
        "stance": str(item.stance),
        "sentence": item.sentence,
        "start": item.start,
        "end": item.end,
        "rule": item.rule,
        "why": item.why or None,
        "weight": round(item.weight, 4),
        "flags": plain(item.flags),
    }


def _summary(summary: Summary | None) -> Json:
    if summary is None:
        return None
    return {
        key: value for key, value in object_json(summary).items() if key != "sentences"
    }


def record_json(record: Record) -> dict[str, Json]:
    """Return a record, all of it, with its readable text and where sentences stand."""
    text = record_text(record)
    sentences: list[Json] = [
        {
            "start": span.start,
            "end": span.end,
            "text": text[span.start : span.end],
            "label": section.label or None,
            "category": section.category or None,
        }
        for span, section in record_sentences(record)
    ]
    return {
        **object_json(record),
        "standing": str(report_of(record).standing),
        "own_words": record.summary is not None and not record.abstract,
        "text": text,
        "sentences": sentences,
    }


def _origins(origins: Iterable[tuple[str, int, str]]) -> Json:
    return [
        {"origin": origin, "records": number, "date": date or None}
        for origin, number, date in origins
    ]


def object_json(value: object) -> dict[str, Json]:
    """Return the fields of a dataclass or named tuple by name."""
    """Return a dataclass as an object, its fields in their order."""
    if not is_dataclass(value):
        raise TypeError(type(value))
    return {each.name: plain(getattr(value, each.name)) for each in fields(value)}


def plain(value: object) -> Json:
    """Return a value of the model as JSON values; "" and None become null.

    A text inside a list stays text.

    >>> from assay.search import Query
    >>> plain(Query(text="tea"))["since"] is None
    True
    """
    if isinstance(value, str):
        return str(value) or None
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, tuple):
        names = getattr(value, "_fields", ())
        if names:
            return {k: plain(v) for k, v in zip(names, value, strict=True)}
        return [str(v) if isinstance(v, str) else plain(v) for v in value]
    return object_json(value)

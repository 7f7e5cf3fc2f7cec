"""The way from one claim to its verdict as JSON: `--explain CLAIM` with `--json`."""

import json
from itertools import starmap

from assay.evidence.studies import find_counted_in, find_maybe_same
from assay.evidence.trust import find_trust
from assay.evidence.verdict import Voice, hear_studies, sum_sides
from assay.model import Evidence, Finding, Report, Stance
from assay.output.clean import escape_json
from assay.output.explain import table_of
from assay.output.json import LABELS, Json
from assay.output.standings import grounds_of
from assay.record import Record


def render_explained_json(report: Report, number: int) -> str:
    """Return every step from a claim, counted from 1, as JSON (assay/explain/1)."""
    finding = report.findings[number - 1]
    whole: dict[str, Json] = {
        "schema": "assay/explain/1",
        "article": report.article.name or None,
        "number": number,
        "claim": finding.claim.text,
        "sentence": finding.claim.sentence,
        "relation": finding.claim.frame.relation,
        "why_not": finding.claim.why_not or None,
        "words": {concept: list(words) for concept, words in finding.words},
        "searches": _searches(report, finding),
        "read": finding.read,
        "evidence": [_evidence(item) for item in finding.evidence],
        **_decision(finding),
        "verdict": {
            "label": LABELS[finding.verdict.label],
            "certainty": str(finding.verdict.certainty),
            "reason": finding.verdict.reason,
        },
        "steps": [
            {
                "domain": s.domain,
                "change": s.change,
                "level": str(s.level),
                "why": s.why,
            }
            for s in finding.verdict.steps
        ],
    }
    return escape_json(json.dumps(whole, ensure_ascii=False, indent=2)) + "\n"


def _searches(report: Report, finding: Finding) -> Json:
    logs = {log.query: log for log in report.searched}
    return [
        {
            "query": query,
            "count": logs[query].count if query in logs else None,
            "retrieved": logs[query].retrieved if query in logs else None,
        }
        for query in finding.queries
    ]


def _decision(finding: Finding) -> dict[str, Json]:
    voices = hear_studies(finding.evidence) if finding.claim.checkable else ()
    sides = sum_sides(finding.evidence)
    alike = find_maybe_same([voice.evidence for voice in voices])
    held = dict(find_counted_in(e for voice in voices for e in voice.evidence))
    return {
        "studies": [
            _study(voice, held.get(voice.evidence[0].record)) for voice in voices
        ],
        "maybe_same": list(starmap(_pair, alike)),
        "sides": {
            "for": sides.supports,
            "against": sides.contradicts,
            "with_limits": sides.qualifies,
            "good_for": sides.good_supports,
            "good_against": sides.good_contradicts,
        },
        "table": [
            {"label": LABELS[row.label], "test": row.test, "holds": row.holds}
            for row in (table_of(finding) if finding.claim.checkable else ())
        ],
    }


def _pair(one: tuple[Evidence, ...], two: tuple[Evidence, ...]) -> Json:
    return [_name(one[0].record), _name(two[0].record)]


def _study(voice: Voice, contains: int | None) -> Json:
    records = dict.fromkeys(e.record for e in voice.evidence)
    return {
        "records": [_name(record) for record in records],
        "stance": str(voice.stance),
        "weight": round(voice.weight, 4),
        "good": voice.good,
        "contains": contains or 0,
    }


def _name(record: Record) -> Json:
    return {
        "pmid": record.pmid or None,
        "doi": record.doi or None,
        "title": record.title or None,
    }


def _evidence(item: Evidence) -> Json:
    trust = find_trust(item.record, item.design)
    scores = item.scores
    return {
        "record": _name(item.record),
        "design": str(item.design),
        "standing": str(item.standing),
        "grounds": grounds_of(item) or None,
        "stance": str(item.stance),
        "sentence": item.sentence,
        "own_words": item.own_words,
        "rule": item.rule,
        "why": item.why or None,
        "scores": None
        if scores is None
        else {
            "supports": scores.supports,
            "contradicts": scores.contradicts,
            "silent": scores.silent,
            "rationale": scores.rationale,
        },
        "weight": round(item.weight, 4),
        "people": None if item.stance is Stance.NEUTRAL else trust.size,
        "share": 1.0 if item.stance is Stance.NEUTRAL else trust.share,
        "risks": []
        if item.stance is Stance.NEUTRAL
        else [{"code": risk.code, "words": risk.words} for risk in trust.risks],
        "flags": [flag.code for flag in item.flags],
    }

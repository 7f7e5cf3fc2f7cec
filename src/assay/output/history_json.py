"""A claim's verdict over time as JSON."""

from assay.digest.model import Cause, Voice, Work
from assay.output.history import Bar, History, Moment
from assay.output.json import LABELS, Json, render_document
from assay.output.watched import watched_json


def render_history_json(history: History) -> str:
    """Return a claim with every weighing, oldest first (schema assay/history/1)."""
    return render_document(
        "history",
        {
            "claim": watched_json(history.watched),
            "weighings": [_moment(moment) for moment in history.moments],
        },
    )


def _moment(moment: Moment) -> Json:
    weighing = moment.weighing
    return {
        "when": weighing.when,
        "label": LABELS[weighing.label],
        "certainty": str(weighing.certainty),
        "reason": weighing.reason,
        "moved": moment.moved,
        "why": moment.why,
        "digest": weighing.digest or None,
        "version": weighing.version or None,
        "sides": [_side(bar) for bar in moment.bars],
        "causes": [_cause(cause) for cause in weighing.causes],
        "voices": [_voice(voice) for voice in weighing.voices],
    }


def _side(bar: Bar) -> Json:
    return {"side": bar.name, "works": bar.works, "weight": bar.weight}


def _cause(cause: Cause) -> Json:
    return {
        "kind": str(cause.kind),
        "work": _work(cause.work) if cause.work else None,
        "stance": str(cause.stance) if cause.stance else None,
        "sentence": cause.sentence or None,
        "standing": str(cause.standing),
        "alone": cause.alone,
    }


def _voice(voice: Voice) -> Json:
    return {
        "work": _work(voice.work),
        "stance": str(voice.stance),
        "weight": voice.weight,
        "counted": voice.counted,
        "standing": str(voice.standing),
        "sentence": voice.sentence or None,
        "own_words": voice.own_words,
    }


def _work(work: Work) -> Json:
    return {
        "key": work.key,
        "pmid": work.pmid or None,
        "doi": work.doi or None,
        "pmcid": work.pmcid or None,
        "title": work.title or None,
        "authors": work.authors or None,
        "journal": work.journal or None,
        "year": work.year,
        "design": str(work.design),
        "n": work.size,
        "preprint": work.preprint,
    }

"""A claim's verdict over time as JSON."""

from assay.output.history import History, Moment
from assay.output.json import Json, plain, render_document
from assay.output.watched import watched_json


def render_history_json(history: History) -> str:
    """Return a claim with every weighing, oldest first (schema assay/history/1)."""
    return render_document(
        "history",
        {
            "claim": watched_json(history.watched),
            "moments": [_moment(moment) for moment in history.moments],
        },
    )


def _moment(moment: Moment) -> Json:
    return {
        "moved": moment.moved,
        "why": moment.why,
        "sides": plain(moment.bars),
        "weighing": plain(moment.weighing),
    }

"""Pairs of records that may be one, and what was decided on them, as JSON."""

from collections.abc import Iterable, Sequence

from assay.output.json import Json, render_document
from assay.output.pairs import Line, pair_json

PairRow = tuple[int, str, str, float, tuple[str, ...], str]
"""number, one, other, probability, reasons, state."""
DecisionRow = tuple[int, str, str, str, str, str, str]
"""number, one, other, verdict, who, made, undone."""


def render_review_json(
    pairs: Iterable[PairRow],
    decisions: Iterable[DecisionRow],
    lines: Sequence[Line] = (),
) -> str:
    """Return pairs and decisions as JSON (schema assay/review/1).

    lines: both records of a pair side by side, where one was shown.

    >>> '"pairs": []' in render_review_json([], [])
    True
    """
    return render_document(
        "review",
        {
            "pairs": [_pair(pair) for pair in pairs],
            "decisions": [_decision(each) for each in decisions],
            "lines": pair_json(lines),
        },
    )


def _pair(pair: PairRow) -> Json:
    number, one, other, probability, reasons, state = pair
    return {
        "number": number,
        "one": one,
        "other": other,
        "probability": round(probability, 4),
        "reasons": list(reasons),
        "state": state,
    }


def _decision(decision: DecisionRow) -> Json:
    number, one, other, verdict, who, made, undone = decision
    return {
        "number": number,
        "one": one,
        "other": other,
        "verdict": verdict,
        "who": who,
        "made": made,
        "undone": undone or None,
    }

"""What the built-in reader may say beside the rules: where each counts, where neither.

The rules and the reader err in different places. On SciFact's training pairs, each
scored by a reader that had not seen its abstract, the rules alone were the wrong way
round in 6 of 59 answers; where the reader agreed with a chance of a half or more, in 1
of 31. Alone, the reader was the wrong way round in 6 of 65 answers of .75 and more. So:
both agree, and the answer counts in full; strongly opposed, and assay abstains; the
reader alone, and its answer keeps a share so small that one study never decides.
"""

from collections.abc import Callable
from math import exp
from typing import NamedTuple

from assay.evidence.judged import Judged, neutral
from assay.evidence.reading import Line, Study
from assay.model import Claim, Scores, Stance

TEMPERATURE = 2.0
"""Divides the reader's logits: the whole number nearest to the least log loss on
SciFact's training pairs out of fold (1: 1.01, 1.5: .85, 2: .81, 3: .83)."""
OPPOSED = 0.8
"""Chance of the opposite from which rules and reader disagree strongly."""
ALONE = 0.75
"""Chance of a side from which the reader may speak where the rules are silent."""
ALONE_SHARE = 0.5
"""Share of its weight that a study keeps when the reader alone read it: no single one
reaches what a verdict needs."""
RATIONALE = 0.5
"""Least chance that the sentence shown is what the answer rests on."""
FINDINGS = frozenset({3, 4})
"""Roles of sentences that tell a finding: results and conclusions."""
_SIDES = frozenset({Stance.SUPPORTS, Stance.CONTRADICTS})


class Reading(NamedTuple):
    """What the reader made of a claim and a record."""

    logits: tuple[float, float, float]
    """Supports, contradicts, silent; not yet chances."""
    rationale: tuple[float, ...]
    """A logit for each line of the study; the title has -99."""
    roles: tuple[int, ...]
    """For each line: 0 background, 1 objective, 2 methods, 3 results, 4 conclusions;
    -1 for the title."""


Ask = Callable[[Claim, Study], Reading | None]
"""Reads a study for a claim; None where it cannot be read."""
Ahead = Callable[[Claim, Study], None]
"""Told that a reader will be asked about a claim and a study soon: it may begin."""


def await_asking(_claim: Claim, _study: Study) -> None:
    """Begin nothing: for a reader that reads when it is asked."""


def find_scores(reading: Reading, at: int | None = None) -> Scores:
    """Return the chances of a reading, with that of the line at `at` as rationale.

    >>> find_scores(Reading((4.0, 0.0, 0.0), (), ()))
    Scores(supports=0.79, contradicts=0.11, silent=0.11, rationale=0.0)
    """
    parts = [exp(logit / TEMPERATURE) for logit in reading.logits]
    s, c, n = (round(part / sum(parts), 2) for part in parts)
    told = reading.rationale[at] if at is not None else -99.0
    return Scores(s, c, n, round(1 / (1 + exp(-max(-60.0, told))), 2))


def opposed(judged: Judged, scores: Scores) -> bool:
    """Say whether the reader strongly holds the opposite of what a rule says.

    >>> opposed(Judged(Stance.SUPPORTS, "x", ""), Scores(0.1, 0.8, 0.1))
    True
    """
    if judged.stance not in _SIDES:
        return False
    for_ = judged.stance is Stance.SUPPORTS
    return (scores.contradicts if for_ else scores.supports) >= OPPOSED


def abstain(judged: Judged) -> Judged:
    """Return the neutral answer for a study on which rule and reader disagree."""
    said = "supporting" if judged.stance is Stance.SUPPORTS else "contradicting"
    return neutral(
        "disagreement",
        f"The rules read it as {said} the claim and the reader as the opposite, so"
        " assay abstains.",
    )


def read_alone(study: Study, reading: Reading) -> tuple[Line, Judged] | None:
    """Return the sentence and stance that the reader gives; None when it is not sure.

    The sentence must tell a finding, by its place, its words and its role.
    """
    scores = find_scores(reading)
    side = max(scores.supports, scores.contradicts)
    if side < ALONE:
        return None
    told = [
        (reading.rationale[at], at)
        for at, line in enumerate(study.lines)
        if not line.aim and line.place != "TITLE" and reading.roles[at] in FINDINGS
    ]
    _, at = max(told, default=(-99.0, -1))
    if at < 0 or find_scores(reading, at).rationale < RATIONALE:
        return None
    for_ = scores.supports > scores.contradicts
    stance = Stance.SUPPORTS if for_ else Stance.CONTRADICTS
    why = (
        f"The built-in reader takes it to {'support' if for_ else 'contradict'} the"
        f" claim (chance {side:.2f}); no rule reads it, so it counts for little."
    )
    return study.lines[at], Judged(stance, "reader", why, closeness=ALONE_SHARE)

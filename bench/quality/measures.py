"""The measures of quality, pure and small: each takes plain values, none reads a file.

A label is "S" (supported), "C" (contradicted) or "N" (not told). Every share is 0 when
it is a share of nothing.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from math import log2
from typing import NamedTuple

ANSWERS = frozenset("SC")
"""The labels that answer; "N" abstains."""
FIRST_SENTENCES = 3
"""Rationale sentences of a predicted abstract that count (SciFact)."""


def share(part: float, whole: float) -> float:
    """Return part / whole; 0 when the whole is 0.

    >>> share(1, 4), share(1, 0)
    (0.25, 0.0)
    """
    return part / whole if whole else 0.0


# --- labels -------------------------------------------------------------------------


class Scores(NamedTuple):
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float
    f1: float


def score(correct: float, predicted: float, wanted: float) -> Scores:
    """Return the scores for counts of right, predicted and wanted things.

    >>> score(1, 2, 4)
    Scores(precision=0.5, recall=0.25, f1=0.3333333333333333)
    >>> score(0, 0, 4).f1
    0.0
    """
    precision, recall = share(correct, predicted), share(correct, wanted)
    f1 = share(2 * precision * recall, precision + recall)
    return Scores(precision, recall, f1)


def confusion(gold: Sequence[str], said: Sequence[str]) -> Counter[tuple[str, str]]:
    """Return how often each (gold, said) pair occurs.

    >>> sorted(confusion("SSC", "SCC").items())
    [(('C', 'C'), 1), (('S', 'C'), 1), (('S', 'S'), 1)]
    """
    return Counter(zip(gold, said, strict=True))


def score_labels(gold: Sequence[str], said: Sequence[str]) -> dict[str, Scores]:
    """Return the scores of each label that is gold somewhere, in order of the labels.

    >>> {k: v.f1 for k, v in score_labels("SSC", "SNC").items()}
    {'C': 1.0, 'S': 0.6666666666666666}
    """
    pairs = confusion(gold, said)
    wanted, predicted = Counter(gold), Counter(said)
    return {
        label: score(pairs[label, label], predicted[label], wanted[label])
        for label in sorted(wanted)
    }


def macro_f1(gold: Sequence[str], said: Sequence[str]) -> float:
    """Return the mean F1 over the labels that are gold somewhere; 0 for no rows.

    >>> round(macro_f1("SSC", "SNC"), 4)
    0.8333
    """
    each = score_labels(gold, said).values()
    return share(sum(s.f1 for s in each), len(each))


def accuracy(gold: Sequence[str], said: Sequence[str]) -> float:
    """Return the share of rows whose label is right.

    >>> accuracy("SSCN", "SCCC")
    0.5
    """
    return share(sum(g == s for g, s in zip(gold, said, strict=True)), len(gold))


def answered(said: Sequence[str]) -> float:
    """Return the share of rows that were answered with S or C.

    >>> answered("SCNN")
    0.5
    """
    return share(sum(s in ANSWERS for s in said), len(said))


def wrong_way(gold: Sequence[str], said: Sequence[str]) -> float:
    """Return the share of answered rows that say S for C or C for S.

    An answer where the gold label is N is wrong too, but not the wrong way round: it
    is in the denominator only.

    >>> wrong_way("SCNS", "CCSN")
    0.3333333333333333
    """
    pairs = confusion(gold, said)
    return share(pairs["S", "C"] + pairs["C", "S"], sum(s in ANSWERS for s in said))


# --- abstracts and their rationale (SciFact) ------------------------------------------


class Gold(NamedTuple):
    """An abstract that speaks to a claim, as people marked it."""

    label: str
    """S or C."""
    rationales: tuple[frozenset[int], ...] = ()
    """Sets of sentence numbers; any one set suffices."""


class Said(NamedTuple):
    """An abstract as a system predicted it."""

    label: str
    """S, C or N; an abstract that is N counts as not predicted."""
    sentences: tuple[int, ...] = ()
    """The rationale, best first."""


class Judged(NamedTuple):
    """One claim: the abstracts that speak to it, and those that the system says do."""

    gold: Mapping[str, Gold]
    """By abstract; those that do not speak are not in it."""
    said: Mapping[str, Said]


class AbstractScores(NamedTuple):
    """The four figures of SciFact (Wadden et al. 2020 and its open evaluator)."""

    label_only: Scores
    """Abstracts whose label is right."""
    rationalised: Scores
    """… and of which a whole gold set is in the first three sentences predicted."""
    selection: Scores
    """Sentences, each right when its whole gold set was predicted."""
    selection_label: Scores
    """… in an abstract whose label is right."""


def score_abstracts(claims: Sequence[Judged]) -> AbstractScores:
    """Return SciFact's figures over claims, as its evaluator counts them.

    >>> gold = {"a": Gold("S", (frozenset({1, 2}),)), "b": Gold("C")}
    >>> said = {"a": Said("S", (2, 4, 1)), "c": Said("S", (0,)), "d": Said("N")}
    >>> scores = score_abstracts([Judged(gold, said)])
    >>> scores.label_only.f1, scores.rationalised.f1, scores.selection.precision
    (0.5, 0.5, 0.5)
    """
    count: Counter[str] = Counter()
    for gold, said in claims:
        count["abstracts"] += len(gold)
        count["sentences"] += sum(len(s) for g in gold.values() for s in g.rationales)
        for name, answer in said.items():
            if answer.label in ANSWERS:
                count.update(_count_abstract(gold.get(name), answer))
    abstracts = count["said"], count["abstracts"]
    sentences = count["said sentences"], count["sentences"]
    return AbstractScores(
        score(count["label"], *abstracts),
        score(count["rationale"], *abstracts),
        score(count["selected"], *sentences),
        score(count["selected label"], *sentences),
    )


def _count_abstract(gold: Gold | None, said: Said) -> dict[str, int]:
    counts = {"said": 1, "said sentences": len(said.sentences)}
    if gold is None:
        return counts
    right = gold.label == said.label
    first, whole = set(said.sentences[:FIRST_SENTENCES]), set(said.sentences)
    told = any(own <= first for own in gold.rationales)
    sets_met = [own for own in gold.rationales if own <= whole]
    selected = sum(any(s in own for own in sets_met) for s in whole)
    return {
        **counts,
        "label": int(right),
        "rationale": int(right and told),
        "selected": selected,
        "selected label": selected * right,
    }


# --- ranking --------------------------------------------------------------------------


def ndcg(ranked: Sequence[str], relevant: Collection[str], k: int = 10) -> float:
    """Return the normalised discounted cumulative gain of the first k; gains 0 or 1.

    >>> ndcg(["a", "x", "b"], {"a", "b"})
    0.9197207891481876
    """
    gained = sum(
        1 / log2(at + 2) for at, name in enumerate(ranked[:k]) if name in relevant
    )
    return share(gained, sum(1 / log2(at + 2) for at in range(min(k, len(relevant)))))


def recall_at(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Return the share of the relevant that is among the first k.

    >>> recall_at(["a", "x", "b"], {"a", "b"}, 2)
    0.5
    """
    return share(sum(name in relevant for name in ranked[:k]), len(relevant))


def average_precision(ranked: Sequence[str], relevant: Collection[str]) -> float:
    """Return the mean, over the relevant, of the precision where each is met.

    One that is not met counts 0. The mean of it over claims is MAP.

    >>> average_precision(["a", "x", "b"], {"a", "b"})
    0.8333333333333333
    """
    met, total = 0, 0.0
    for at, name in enumerate(ranked, 1):
        if name in relevant:
            met += 1
            total += met / at
    return share(total, len(relevant))


# --- knowing when not to know ---------------------------------------------------------


def risk_coverage(
    confidences: Sequence[float], right: Sequence[bool]
) -> tuple[tuple[float, float], ...]:
    """Return (coverage, risk) when only the surest are answered, fewest first.

    Rows of the same confidence are answered together: no order among them is known.

    >>> risk_coverage([0.9, 0.5, 0.5], [True, False, True])
    ((0.3333333333333333, 0.0), (1.0, 0.3333333333333333))
    """
    rows = sorted(zip(confidences, right, strict=True), key=lambda row: -row[0])
    points, wrong = [], 0
    for at, (confidence, good) in enumerate(rows, 1):
        wrong += not good
        if at == len(rows) or rows[at][0] != confidence:
            points.append((at / len(rows), wrong / at))
    return tuple(points)


def risk_area(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Return the area under the risk-coverage curve, 0 (best) to 1; 0 for no rows.

    Each step of the curve counts with the coverage that it adds.

    >>> risk_area([0.9, 0.5], [True, False])
    0.25
    """
    area, before = 0.0, 0.0
    for coverage, risk in risk_coverage(confidences, right):
        area += risk * (coverage - before)
        before = coverage
    return area


def calibration_error(
    confidences: Sequence[float], right: Sequence[bool], bins: int = 10
) -> float:
    """Return the expected calibration error over bins of equal width, 0 to 1.

    A confidence on the edge of two bins belongs to the lower one; 0 to the first.

    >>> round(calibration_error([0.95, 0.85, 0.85], [True, True, False]), 4)
    0.25
    """
    sums: dict[int, list[float]] = {}
    for confidence, good in zip(confidences, right, strict=True):
        at = next(
            n for n in range(bins) if confidence <= (n + 1) / bins or n == bins - 1
        )
        row = sums.setdefault(at, [0.0, 0.0])
        row[0] += confidence
        row[1] += good
    return share(sum(abs(sure - good) for sure, good in sums.values()), len(right))


def brier(chances: Sequence[Mapping[str, float]], gold: Sequence[str]) -> float:
    """Return the mean squared distance of the chances from the truth, 0 to 2.

    >>> brier([{"S": 1.0}, {"S": 0.5, "C": 0.5}], "SC")
    0.25
    """
    total = sum(
        sum((row.get(name, 0.0) - (name == g)) ** 2 for name in sorted({*row, g}))
        for row, g in zip(chances, gold, strict=True)
    )
    return share(total, len(gold))

"""Reading a claim against an abstract: today's rules, and what words alone reach."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bench.quality import tfidf
from bench.quality.data import Pair, as_record, group_pairs, read_pairs
from bench.quality.figures import DIGITS, Figure, make_figures
from bench.quality.intervals import Interval, bootstrap, compare
from bench.quality.measures import (
    Gold,
    Judged,
    Said,
    accuracy,
    answered,
    brier,
    calibration_error,
    macro_f1,
    risk_area,
    risk_coverage,
    score_abstracts,
    score_labels,
    share,
    wrong_way,
)
from bench.quality.rules import Read, RulesReader
from bench.quality.run import Run

STANCE_SETS = (
    "scifact.train",
    "check_covid.dev",
    "ei2.validation",
    "pubmedqa.train",
    "bioasq_yesno.train",
)
TRAINED_ON = {"check_covid.dev": "check_covid.train", "ei2.validation": "ei2.train"}
"""Sets for which there is another of their kind to train on; the rest are divided."""

COVERAGES = {"tenth": 0.1, "quarter": 0.25, "half": 0.5, "all": 1.0}
"""Shares of the rows, surest first, at which the risk-coverage curve is told."""


class Answered(NamedTuple):
    """A pair, and what one or two systems said of it."""

    pair: Pair
    group: str
    said: Said
    claims: int = 1
    other: str = ""
    """The label of the system that it is compared with; "" where there is none."""
    chances: Mapping[str, float] | None = None
    """Of S, C and N, summing to 1; None for a system that does not tell them."""


def group_of(row: Answered) -> str:
    """Return what a row must be drawn together with."""
    return row.group


def figures_of_labels(rows: Sequence[Answered]) -> dict[str, float]:
    """Return the figures of labels alone."""
    gold, said = [r.pair.label for r in rows], [r.said.label for r in rows]
    scores = score_labels(gold, said)
    by_class = {
        f"{kind}-{label}": getattr(scores[label], kind) if label in scores else 0.0
        for label in "SCN"
        for kind in ("precision", "recall", "f1")
    }
    return {
        "macro-f1": macro_f1(gold, said),
        "accuracy": accuracy(gold, said),
        "claim-found": share(sum(r.claims > 0 for r in rows), len(rows)),
        "answered": answered(said),
        "wrong-way": wrong_way(gold, said),
        **by_class,
    }


def figures_of_abstracts(rows: Sequence[Answered]) -> dict[str, float]:
    """Return SciFact's figures, where the abstracts to read are given."""
    return score_claims([as_judged(row.pair, row.said) for row in rows])


def figures_of_chances(rows: Sequence[Answered]) -> dict[str, float]:
    """Return how well a system knows when its likeliest label is right.

    Every row has chances. `risk-at-half` is the share of wrong labels among the surer
    half of the rows, and so on: points of the risk-coverage curve.
    """
    gold = [row.pair.label for row in rows]
    best = [max(sorted(r.chances), key=lambda k, r=r: r.chances[k]) for r in rows]
    sure = [row.chances[label] for row, label in zip(rows, best, strict=True)]
    right = [g == b for g, b in zip(gold, best, strict=True)]
    curve = risk_coverage(sure, right)
    return {
        "risk-area": risk_area(sure, right),
        **{
            f"risk-at-{name}": next(risk for part, risk in curve if part >= share)
            for name, share in COVERAGES.items()
        },
        "calibration-error": calibration_error(sure, right),
        "brier": brier([row.chances for row in rows], gold),
    }


def as_judged(pair: Pair, said: Said) -> Judged:
    """Return one pair as a claim with one abstract."""
    gold = {pair.doc: Gold(pair.label, pair.rationales)}
    return Judged(gold if pair.label != "N" else {}, {pair.doc: said})


def score_claims(claims: Sequence[Judged]) -> dict[str, float]:
    """Return SciFact's four F1 by name."""
    scores = score_abstracts(claims)
    return {
        "abstract-f1-label": scores.label_only.f1,
        "abstract-f1-rationale": scores.rationalised.f1,
        "sentence-f1": scores.selection.f1,
        "sentence-f1-label": scores.selection_label.f1,
    }


def measure_labels(run: Run, name: str, rows: Sequence[Answered]) -> Iterator[Figure]:
    """Yield every figure that the answers to a stance set allow.

    Labels that no row has are left out: Evidence Inference and BioASQ have no N.
    """
    marked = any(row.pair.rationales for row in rows)
    met = {row.pair.label for row in rows}
    sure = all(row.chances for row in rows)

    def figures(drawn: Sequence[Answered]) -> dict[str, float]:
        found = figures_of_labels(drawn)
        more = figures_of_abstracts(drawn) if marked else {}
        more |= figures_of_chances(drawn) if sure else {}
        return {n: v for n, v in found.items() if n[-2] != "-" or n[-1] in met} | more

    intervals = bootstrap(rows, group_of, figures, rounds=run.rounds)
    yield from make_figures(name, intervals, len(rows))


def answer_pairs(
    pairs: Sequence[Pair], reads: Sequence[Read], other: Sequence[str] = ()
) -> list[Answered]:
    """Return the pairs with what was said of each."""
    groups = group_pairs(pairs)
    labels = other or [""] * len(pairs)
    return [
        Answered(pair, group, read.said, read.claims, label)
        for pair, group, read, label in zip(pairs, groups, reads, labels, strict=True)
    ]


def stance_rules(run: Run) -> Iterator[Figure]:
    """Today's rules: a claim against one abstract, each abstract by itself."""
    reader, pooled = RulesReader(), []
    for name in STANCE_SETS:
        run.tell(name)
        pairs = run.pairs(name)
        reads = [reader.read(pair.claim, [as_record(pair)])[0] for pair in pairs]
        rows = answer_pairs(pairs, reads)
        yield from measure_labels(run, f"stance-rules/{name}", rows)
        pooled += rows
    yield from measure_answers(run, "stance-rules/all sets", pooled)


def measure_answers(run: Run, name: str, rows: Sequence[Answered]) -> Iterator[Figure]:
    """Yield how much of several sets together is answered, and how much wrong way."""

    def figures(drawn: Sequence[Answered]) -> dict[str, float]:
        gold, said = [r.pair.label for r in drawn], [r.said.label for r in drawn]
        return {"answered": answered(said), "wrong-way": wrong_way(gold, said)}

    intervals = bootstrap(rows, group_of, figures, rounds=run.rounds)
    yield from make_figures(name, intervals, len(rows))


def label_by_words(
    run: Run, name: str, pairs: Sequence[Pair], words_of: tfidf.WordsOf
) -> list[str]:
    """Return the baseline's labels for a set, by a model that did not see them."""
    if name in TRAINED_ON:
        training = read_pairs(run.data, TRAINED_ON[name])
        return tfidf.carry_over(training, pairs, words_of)
    return tfidf.cross_validate(pairs, words_of)


def measure_words(run: Run, title: str, words_of: tfidf.WordsOf) -> Iterator[Figure]:
    """Yield the figures of word counts with a linear model on each stance set."""
    for name in STANCE_SETS:
        run.tell(name)
        pairs = run.pairs(name)
        labels = label_by_words(run, name, pairs, words_of)
        most = Counter(pair.label for pair in pairs).most_common(1)[0][0]
        reads = [Read(Said(label), 1) for label in labels]
        rows = answer_pairs(pairs, reads, [most] * len(pairs))
        intervals = bootstrap(rows, group_of, figures_beside_most, rounds=run.rounds)
        yield from make_figures(f"{title}/{name}", intervals, len(rows))


def figures_beside_most(rows: Sequence[Answered]) -> dict[str, float]:
    """Return the figures of labels, with what always saying the same would reach."""
    gold, said = [r.pair.label for r in rows], [r.said.label for r in rows]
    return {
        "macro-f1": macro_f1(gold, said),
        "accuracy": accuracy(gold, said),
        "majority-accuracy": accuracy(gold, [r.other for r in rows]),
        "wrong-way": wrong_way(gold, said),
    }


def measure_lead(run: Run, title: str, rows: Sequence[Answered]) -> Iterator[Figure]:
    """Yield how far the macro-F1 of what was said lies above that of the other."""

    def one(drawn: Sequence[Answered]) -> float:
        return macro_f1([r.pair.label for r in drawn], [r.said.label for r in drawn])

    def other(drawn: Sequence[Answered]) -> float:
        return macro_f1([r.pair.label for r in drawn], [r.other for r in drawn])

    gap = compare(rows, group_of, one, other, rounds=run.rounds)
    yield from make_figures(title, {"lead": Interval(*gap[:3])}, len(rows))
    yield Figure(f"{title}/ahead", round(gap.ahead, DIGITS), n=len(rows))


def baseline_tfidf(run: Run) -> Iterator[Figure]:
    """Word TF-IDF with logistic regression, on abstracts that it did not see."""
    yield from measure_words(run, "baseline-tfidf", tfidf.pair_words)


def claim_only(run: Run) -> Iterator[Figure]:
    """The same on the claim alone: what can be guessed without any evidence."""
    yield from measure_words(run, "claim-only", tfidf.claim_words)
    name = "scifact.train"
    pairs = run.pairs(name)
    whole = label_by_words(run, name, pairs, tfidf.pair_words)
    alone = label_by_words(run, name, pairs, tfidf.claim_words)
    rows = answer_pairs(pairs, [Read(Said(label), 1) for label in whole], alone)
    yield from measure_lead(run, f"baseline-tfidf over claim-only/{name}", rows)

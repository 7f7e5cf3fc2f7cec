"""The baseline: word TF-IDF with logistic regression, in numpy and nothing else.

Sums are made row by row in a fixed order and no linear-algebra library is called, so
that the same data give the same labels every time.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from math import log
from typing import NamedTuple

import numpy as np

from assay.library.search_words import split_words
from assay.text import split_sentences
from bench.quality.data import Pair, folds, group_pairs

ROUNDS = 150
"""Steps of descent; more no longer change the labels of the sets measured."""
STRENGTH = 1.0
"""Inverse of the weight of the penalty on large coefficients."""
FOLDS = 5
NEAREST = 3
"""Sentences of an abstract that are read for a claim."""


WordsOf = Callable[[Pair], Sequence[str]]
"""The features of a pair, by name."""


class Features(NamedTuple):
    """Rows of sparse features: value v[i] of feature f[i] stands in row r[i]."""

    r: np.ndarray
    f: np.ndarray
    v: np.ndarray
    rows: int


def claim_words(pair: Pair) -> list[str]:
    """Return the features of the claim alone."""
    return [f"claim {word}" for word in split_words(pair.claim)]


def pair_words(pair: Pair) -> list[str]:
    """Return the features of a pair.

    They are the claim's words, those of the three sentences nearest to it, those that
    the abstract lacks, and how many it has. Of four sets of features tried this one
    did best on SciFact under cross-validation.
    """
    claim = split_words(pair.claim)
    whole = set(split_words(" ".join((pair.title, *pair.sents))))
    near = split_words(" ".join(nearest_sentences(pair)))
    return [
        *(f"claim {word}" for word in claim),
        *(f"text {word}" for word in near),
        *(f"only {word}" for word in sorted(set(claim) - whole)),
        f"share {_eighths(claim, whole)}",
        f"near share {_eighths(claim, set(near))}",
    ]


def nearest_sentences(pair: Pair) -> list[str]:
    """Return the sentences that share the most with the claim, in the text's order.

    A shared word counts the more, the fewer sentences of the abstract have it.
    """
    sentences = [t[s.start : s.end] for t in pair.sents for s in split_sentences(t)]
    words = [set(split_words(sentence)) for sentence in sentences]
    met = Counter(word for own in words for word in own)
    claim = sorted(set(split_words(pair.claim)))
    shared = [sum(1 / met[w] for w in claim if w in own) for own in words]
    best = sorted(range(len(words)), key=lambda at: (-shared[at], at))[:NEAREST]
    return [sentences[at] for at in sorted(best)]


def _eighths(claim: Sequence[str], met: set[str]) -> int:
    return 8 * len(set(claim) & met) // max(1, len(set(claim)))


class Weights(NamedTuple):
    """What was learned of a training set."""

    place: dict[str, int]
    """Feature → its number; features met once only are left out."""
    rarity: np.ndarray
    classes: tuple[str, ...]
    coefficients: np.ndarray
    """One row a feature and a last one for the constant; one column a class."""


def train(rows: Sequence[Sequence[str]], labels: Sequence[str]) -> Weights:
    """Return weights learned by Nesterov's descent, classes weighted to be equal."""
    seen = Counter(name for row in rows for name in set(row))
    known = [name for name, count in sorted(seen.items()) if count > 1]
    rarity = np.array([log((1 + len(rows)) / (1 + seen[n])) + 1 for n in known])
    place = {name: at for at, name in enumerate(known)}
    classes = tuple(sorted(set(labels)))
    x = _features(rows, place, rarity)
    share = Counter(labels)
    truth = np.array([[float(label == c) for c in classes] for label in labels])
    weight = np.array([1 / (len(classes) * share[label]) for label in labels])
    return Weights(place, rarity, classes, _descend(x, truth, weight[:, None]))


def predict(weights: Weights, rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the likeliest label of each row; the first in the alphabet on a tie."""
    x = _features(rows, weights.place, weights.rarity)
    scores = _times(x, weights.coefficients).round(9)
    return [weights.classes[at] for at in scores.argmax(axis=1)]


def _features(
    rows: Sequence[Sequence[str]], place: dict[str, int], rarity: np.ndarray
) -> Features:
    """Return rows of unit length, each with a constant feature of 1 besides."""
    r, f, v = [], [], []
    for at, row in enumerate(rows):
        counts = sorted(Counter(place[n] for n in row if n in place).items())
        values = [(1 + log(count)) * rarity[n] for n, count in counts]
        length = sum(value * value for value in values) ** 0.5 or 1.0
        r += [at] * (len(counts) + 1)
        f += [*(n for n, _ in counts), len(place)]
        v += [*(value / length for value in values), 1.0]
    return Features(np.array(r), np.array(f), np.array(v), len(rows))


def _times(x: Features, w: np.ndarray) -> np.ndarray:
    parts = [np.bincount(x.r, x.v * w[x.f, k], x.rows) for k in range(w.shape[1])]
    return np.stack(parts, axis=1)


def _descend(x: Features, truth: np.ndarray, weight: np.ndarray) -> np.ndarray:
    size = int(x.f.max()) + 1
    w = ahead = np.zeros((size, truth.shape[1]))
    penalty = np.full((size, 1), 1 / (STRENGTH * x.rows))
    penalty[-1] = 0.0  # the constant is free
    for step in range(ROUNDS):
        scores = _times(x, ahead)
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        gap = (chances - truth) * weight
        slope = np.stack(
            [np.bincount(x.f, x.v * gap[x.r, k], size) for k in range(gap.shape[1])],
            axis=1,
        )
        moved = ahead - (slope + penalty * ahead)  # rows are short: a step of 1 is safe
        ahead = moved + step / (step + 3) * (moved - w)
        w = moved
    return w


def cross_validate(
    pairs: Sequence[Pair], words_of: WordsOf = pair_words, k: int = FOLDS
) -> list[str]:
    """Return a label for each pair by a model that saw none of its group."""
    groups = dict(zip((p.id for p in pairs), group_pairs(pairs), strict=True))
    said: dict[str, str] = {}
    for part in folds(pairs, k, lambda pair: groups[pair.id]):
        held = {pair.id for pair in part}
        rest = [pair for pair in pairs if pair.id not in held]
        weights = train([words_of(p) for p in rest], [p.label for p in rest])
        found = predict(weights, [words_of(p) for p in part])
        said |= dict(zip((p.id for p in part), found, strict=True))
    return [said[pair.id] for pair in pairs]


def carry_over(
    training: Sequence[Pair], pairs: Sequence[Pair], words_of: WordsOf = pair_words
) -> list[str]:
    """Return a label for each pair by a model of another set.

    Training pairs that share a claim or an abstract with the pairs are left out.
    """
    held = {p.doc for p in pairs} | {p.claim for p in pairs}
    rest = [p for p in training if p.doc not in held and p.claim not in held]
    weights = train([words_of(p) for p in rest], [p.label for p in rest])
    return predict(weights, [words_of(p) for p in pairs])

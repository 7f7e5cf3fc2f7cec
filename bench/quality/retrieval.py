"""Finding abstracts with words and with meaning, apart and together.

python -m bench.quality --only retrieval      the figures
python -m bench.quality.retrieval             how the weight was chosen

Vectors are kept in cache/bench: the first run takes a minute, later ones do not. Where
the encoder that ships was adapted on these claims, these figures flatter it: fair are
those of its card, of encoders that did not see the claims they are measured on.
"""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from assay.edge.encoder import encode_texts, open_model
from assay.edge.index import Index
from assay.edge.ranking import Ranker
from assay.edge.vectors import Vectors
from assay.library.rank import BY_MEANING, fuse_ranks, fuse_scores
from assay.record import Record
from assay.text import record_text
from bench.quality import bm25
from bench.quality.data import Topic, find_data, folds, read_corpus
from bench.quality.figures import DIGITS, Figure
from bench.quality.intervals import compare
from bench.quality.measures import ndcg, recall_at, share
from bench.quality.ranking import Ranked, measure_ranking, topic_groups
from bench.quality.run import Run

KEPT = Path(__file__).parents[2] / "cache" / "bench"
WEIGHTS = tuple(n / 20 for n in range(21))
"""Weights of the score by meaning that are tried."""
FOLDS = 5
DEPTH = bm25.DEPTH


class Asked(NamedTuple):
    """A claim with what either ranking says, by the abstract's number."""

    topic: Topic
    by_words: Mapping[str, float]
    """The first 100 by words, best first."""
    by_meaning: Mapping[str, float]
    """The first 100 by meaning, best first, then those of `by_words`."""


def figures(run: Run) -> Iterator[Figure]:
    """Yield the figures of every ranking, and how far both are ahead of words."""
    topics, corpus = run.topics(), read_corpus(run.data)
    with bm25.index_corpus(corpus) as index:
        run.tell("encoding the abstracts (a minute, once)")
        vectors = open_bench_vectors()
        try:
            yield from _figures(run, topics, corpus, index, vectors)
        finally:
            vectors.close()


def _figures(
    run: Run,
    topics: Sequence[Topic],
    corpus: Mapping[str, Record],
    index: Index,
    vectors: Vectors,
) -> Iterator[Figure]:
    asked = ask(topics, corpus, index, vectors)
    ranked = {
        "words": [list(a.by_words) for a in asked],
        "meaning": [list(a.by_meaning)[:DEPTH] for a in asked],
        "reciprocal ranks": [by_ranks(a) for a in asked],
        "both": [fuse(a, BY_MEANING) for a in asked],
        "both, weight cross-validated": cross_validate(asked),
    }
    run.tell("as a check ranks")
    ranker = Ranker(index, lambda key: corpus[number_of(key)], vectors.nearness)
    start = time.perf_counter()
    ranked["as a check ranks"] = [
        [record.pmid for record in ranker.rank(topic.claim, (), DEPTH)]
        for topic in topics
    ]
    spent = time.perf_counter() - start
    for title, names in ranked.items():
        rows = [Ranked(t, own) for t, own in zip(topics, names, strict=True)]
        yield from measure_ranking(run, f"retrieval/{title}", rows)
        at_20 = [recall_at(row.names, row.topic.cited, 20) for row in rows]
        value = round(share(sum(at_20), len(at_20)), DIGITS)
        yield Figure(f"retrieval/{title}/recall-at-20", value, n=len(rows))
    yield _lead(run, topics, ranked["as a check ranks"], ranked["words"])
    milliseconds = round(share(spent * 1000, len(topics)), 1)
    yield Figure("retrieval/as a check ranks/ms-a-claim", milliseconds, n=len(topics))


def open_bench_vectors() -> Vectors:
    """Return vectors that are kept from run to run."""
    KEPT.mkdir(parents=True, exist_ok=True)
    return Vectors(open_model(), KEPT / "vectors.db", {})


def ask(
    topics: Sequence[Topic],
    corpus: Mapping[str, Record],
    index: Index,
    vectors: Vectors,
) -> list[Asked]:
    """Return what words and meaning say to each claim."""
    numbers = list(corpus)
    place = {number: at for at, number in enumerate(numbers)}
    abstracts = vectors.of_records([record_text(corpus[n]) for n in numbers])
    claims = encode_texts(open_model(), [topic.claim for topic in topics])
    return [
        _ask(topic, index, abstracts @ claims[at], numbers, place)
        for at, topic in enumerate(topics)
    ]


def _ask(
    topic: Topic,
    index: Index,
    near: np.ndarray,
    numbers: Sequence[str],
    place: Mapping[str, int],
) -> Asked:
    hits = index.find_alike(topic.claim, limit=DEPTH)
    by_words = {number_of(hit.key): hit.score for hit in hits}
    first = [numbers[at] for at in np.argsort(-near, kind="stable")[:DEPTH]]
    pool = dict.fromkeys([*first, *by_words])
    return Asked(topic, by_words, {n: float(near[place[n]]) for n in pool})


def number_of(key: str) -> str:
    """Return the abstract's number of a record's key."""
    return key.removeprefix("pmid:")


def fuse(asked: Asked, weight: float) -> list[str]:
    """Return the first abstracts for a claim by both scores."""
    fused = fuse_scores(asked.by_words, asked.by_meaning, meaning=weight)
    return [key for key, _ in fused[:DEPTH]]


def by_ranks(asked: Asked) -> list[str]:
    """Return the first abstracts for a claim by the ranks in both rankings."""
    fused = fuse_ranks([list(asked.by_words), list(asked.by_meaning)[:DEPTH]])
    return [key for key, _ in fused[:DEPTH]]


def grid(asked: Sequence[Asked]) -> dict[float, list[float]]:
    """Return the nDCG@10 of every claim for every weight."""
    return {w: [ndcg(fuse(a, w), a.topic.cited) for a in asked] for w in WEIGHTS}


def cross_validate(asked: Sequence[Asked]) -> list[list[str]]:
    """Return each claim's ranking with the weight that is best for the other folds.

    Claims that cite one abstract are in one fold.
    """
    scores, places = grid(asked), _places(asked)
    fused: dict[int, list[str]] = {}
    for held in places:
        others = [at for fold in places if fold is not held for at in fold]
        best = max(WEIGHTS, key=lambda w: sum(scores[w][at] for at in others))
        fused |= {at: fuse(asked[at], best) for at in held}
    return [fused[at] for at in range(len(asked))]


def _places(asked: Sequence[Asked]) -> list[list[int]]:
    groups = topic_groups([a.topic for a in asked])
    return folds(range(len(asked)), FOLDS, lambda at: groups[asked[at].topic.id])


def _lead(
    run: Run, topics: Sequence[Topic], one: list[list[str]], other: list[list[str]]
) -> Figure:
    """Return how far one ranking's nDCG@10 lies above another's, on the same draws."""
    names = topic_groups(topics)
    rows = [
        (t, ndcg(a, t.cited), ndcg(b, t.cited))
        for t, a, b in zip(topics, one, other, strict=True)
    ]
    ahead = compare(
        rows,
        lambda row: names[row[0].id],
        lambda drawn: share(sum(row[1] for row in drawn), len(drawn)),
        lambda drawn: share(sum(row[2] for row in drawn), len(drawn)),
        rounds=run.rounds,
    )
    numbers = (round(n, DIGITS) for n in (ahead.value, ahead.low, ahead.high))
    return Figure("retrieval/as a check ranks/ndcg-ahead-of-words", *numbers, len(rows))


def main() -> None:
    """Print the nDCG@10 of every weight."""
    run = Run(find_data(), tell=lambda what: print(what, file=sys.stderr))
    topics, corpus = run.topics(), read_corpus(run.data)
    with bm25.index_corpus(corpus) as index:
        vectors = open_bench_vectors()
        asked = ask(topics, corpus, index, vectors)
        vectors.close()
    for weight, scores in grid(asked).items():
        print(f"{weight:.2f} {share(sum(scores), len(scores)):.4f}")


if __name__ == "__main__":
    main()

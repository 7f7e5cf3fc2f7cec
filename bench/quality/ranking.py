"""Finding abstracts for a claim, and the open task: find them, then read them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from assay.record import Record
from bench.quality import bm25
from bench.quality.data import Topic, components, read_corpus
from bench.quality.figures import Figure, make_figures
from bench.quality.intervals import bootstrap
from bench.quality.measures import (
    Gold,
    Judged,
    Said,
    average_precision,
    ndcg,
    recall_at,
    share,
)
from bench.quality.rules import RulesReader
from bench.quality.run import Run
from bench.quality.stance import score_claims

READ_OF_RANKING = 3
"""Abstracts that are read for a claim in the open task, as VeriSci does."""

Read = Callable[[str, Sequence[Record]], Sequence[Said]]
"""Reads records for a claim: what each of them says, in their order."""


class Ranked(NamedTuple):
    """A claim with the abstracts found for it, best first."""

    topic: Topic
    names: Sequence[str]


def figures_of_ranking(rows: Sequence[Ranked]) -> dict[str, float]:
    """Return the mean figures of rankings."""

    def mean(of: Callable[[Ranked], float]) -> float:
        return share(sum(map(of, rows)), len(rows))

    recalls = {
        f"recall-at-{k}": mean(lambda r, k=k: recall_at(r.names, r.topic.cited, k))
        for k in (3, 10, 100)
    }
    return {
        "ndcg-at-10": mean(lambda r: ndcg(r.names, r.topic.cited)),
        **recalls,
        "map": mean(lambda r: average_precision(r.names, r.topic.cited)),
        "found-nothing": mean(lambda r: not r.names),
    }


def measure_ranking(run: Run, title: str, rows: Sequence[Ranked]) -> Iterator[Figure]:
    """Yield the figures of a ranking, drawn again by claims that share an abstract."""
    names = topic_groups([row.topic for row in rows])
    intervals = bootstrap(
        rows, lambda r: names[r.topic.id], figures_of_ranking, rounds=run.rounds
    )
    yield from make_figures(title, intervals, len(rows))


def topic_groups(topics: Sequence[Topic]) -> dict[str, str]:
    """Return the group of each claim: claims that cite one abstract are in one."""
    parts = components(topics, lambda t: [f"claim {t.id}", *sorted(t.cited)])
    return dict(zip((t.id for t in topics), parts, strict=True))


def retrieval_bm25(run: Run) -> Iterator[Figure]:
    """The library's index as it is, asked for a claim's words; then as a check asks."""
    topics, reader = run.topics(), RulesReader()
    with bm25.index_corpus(read_corpus(run.data)) as index:
        run.tell("by the words of the claim")
        by_words = [Ranked(t, bm25.rank_by_words(index, t.claim)) for t in topics]
        yield from measure_ranking(run, "retrieval-bm25/words", by_words)
        run.tell("by the searches that a check makes")
        by_plan = [Ranked(t, bm25.rank_by_plan(index, reader, t.claim)) for t in topics]
        yield from measure_ranking(run, "retrieval-bm25/as a check asks", by_plan)


# --- the open task --------------------------------------------------------------------


def judge_open(
    rankings: Sequence[Ranked], corpus: Mapping[str, Record], read: Read
) -> list[tuple[Topic, Judged]]:
    """Return each claim with what is said of it by the first abstracts found."""
    judged = []
    for topic, names in rankings:
        first = names[:READ_OF_RANKING]
        said = read(topic.claim, [corpus[name] for name in first])
        gold = {name: Gold(*own) for name, own in topic.evidence.items()}
        judged.append((topic, Judged(gold, dict(zip(first, said, strict=True)))))
    return judged


def measure_open(
    run: Run, title: str, judged: Sequence[tuple[Topic, Judged]]
) -> Iterator[Figure]:
    """Yield SciFact's figures for claims of which only the corpus is known."""
    names = topic_groups([topic for topic, _ in judged])

    def figures(drawn: Sequence[tuple[Topic, Judged]]) -> dict[str, float]:
        return score_claims([own for _, own in drawn])

    intervals = bootstrap(judged, lambda j: names[j[0].id], figures, rounds=run.rounds)
    yield from make_figures(title, intervals, len(judged))


def open_rules(run: Run) -> Iterator[Figure]:
    """From the corpus to the label: the index as it is, then the rules as they are."""
    topics, reader = run.topics(), RulesReader()
    corpus = read_corpus(run.data)
    with bm25.index_corpus(corpus) as index:
        run.tell("finding")
        found = [Ranked(t, bm25.rank_by_words(index, t.claim)) for t in topics]
    run.tell("reading")

    def read(claim: str, records: Sequence[Record]) -> list[Said]:
        return [each.said for each in reader.read(claim, records)]

    yield from measure_open(run, "open-rules", judge_open(found, corpus, read))

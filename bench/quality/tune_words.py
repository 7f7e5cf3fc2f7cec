"""How the ranking by words was chosen: variants of BM25 over SciFact's claims.

python -m bench.quality.tune_words

A plain BM25 of our own, since tantivy's k1 and b are fixed. Prints nDCG@10, recall@20
and recall@100 of every variant, and last the nDCG@10 of the best k1, b and weight of
the title where they are chosen without the fold that they are measured on. Takes a few
minutes.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, product

from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

from assay.library.rank import STOP_WORDS
from assay.library.search_words import split_words
from assay.record import Record
from bench.quality.data import Topic, find_data, folds, read_corpus, read_topics
from bench.quality.measures import ndcg, recall_at
from bench.quality.ranking import topic_groups

Cut = Callable[[str], list[str]]
Weights = Mapping[str, float]
Scores = Mapping[int, float]

K1S, BS, TITLES = (0.8, 1.2, 1.6), (0.4, 0.6, 0.75, 0.9), (0.0, 0.1, 0.2, 0.3)
K1, B = 1.2, 0.75
FOLDS, DEPTH = 5, 100

_STEMMER = (
    TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.stemmer("english")).build()
)
_SHORT_FORM = re.compile(r"((?:[\w-]+[ ,]+){1,8})\(([A-Z][A-Za-z0-9-]{1,8})\)")


def stems(text: str) -> list[str]:
    return _STEMMER.analyze(" ".join(split_words(text)))


def pairs(text: str) -> list[str]:
    return [f"{one} {other}" for one, other in pairwise(stems(text))]


class Bm25:
    """An inverted file of some texts, ranked by BM25."""

    def __init__(self, texts: Iterable[str], cut: Cut) -> None:
        self.counts = [Counter(cut(text)) for text in texts]
        self.lengths = [sum(own.values()) for own in self.counts]
        self.mean = sum(self.lengths) / len(self.lengths)
        self.postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for at, own in enumerate(self.counts):
            for term, n in own.items():
                self.postings[term].append((at, n))

    def idf(self, term: str) -> float:
        n = len(self.postings.get(term, ()))
        return math.log(1 + (len(self.counts) - n + 0.5) / (n + 0.5))

    def rank(self, wanted: Weights, k1: float = K1, b: float = B) -> dict[int, float]:
        scores: dict[int, float] = defaultdict(float)
        for term, weight in wanted.items():
            idf = self.idf(term) * weight
            for at, n in self.postings.get(term, ()):
                norm = k1 * (1 - b + b * self.lengths[at] / self.mean)
                scores[at] += idf * n * (k1 + 1) / (n + norm)
        return scores


class Lab:
    """The corpus, its claims, and what the variants share."""

    def __init__(self) -> None:
        data = find_data()
        self.corpus, self.topics = read_corpus(data), read_topics(data)
        self.numbers = list(self.corpus)
        self.texts = [read(record) for record in self.corpus.values()]
        self.titles = Bm25([r.title for r in self.corpus.values()], stems)
        self.whole = Bm25(self.texts, stems)

    def first(self, scores: Scores) -> list[str]:
        order = sorted(scores, key=lambda at: (-scores[at], at))[:DEPTH]
        return [self.numbers[at] for at in order]

    def tell(self, name: str, rank: Callable[[Topic], Scores]) -> list[float]:
        found = [(t, self.first(rank(t))) for t in self.topics]
        gains = [ndcg(own, t.cited) for t, own in found]
        at = {k: [recall_at(own, t.cited, k) for t, own in found] for k in (20, 100)}
        shown = " ".join(f"{sum(v) / len(v):.4f}" for v in (gains, at[20], at[100]))
        print(f"{name:<44} {shown}", flush=True)
        return gains


def read(record: Record) -> str:
    return " ".join([record.title, *(section.text for section in record.abstract)])


def even(terms: Iterable[str], stop: Iterable[str] = STOP_WORDS) -> Weights:
    left_out = set(stop)
    return {term: 1.0 for term in terms if term not in left_out}


def add(one: Scores, other: Scores, weight: float) -> Scores:
    keys = {*one, *other}
    return {k: one.get(k, 0.0) + weight * other.get(k, 0.0) for k in keys}


def find_short_forms(texts: Iterable[str]) -> dict[str, str]:
    """Return "SF" → the "long form" that stands before it in brackets most often.

    After Schwartz and Hearst, "A simple algorithm for identifying abbreviation
    definitions in biomedical text", PSB 2003: letters are matched from the right.
    """
    met: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for before, short in _SHORT_FORM.findall(text):
            if long := _long_form(before, short):
                met[short][long.lower()] += 1
    return {short: longs.most_common(1)[0][0] for short, longs in met.items()}


def _long_form(before: str, short: str) -> str:
    at = len(before)
    for place, letter in reversed(list(enumerate(short.lower()))):
        if not letter.isalnum():
            continue
        at -= 1
        while at >= 0 and not (
            before[at].lower() == letter
            and (place or at == 0 or not before[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return ""
    start = before.rfind(" ", 0, at) + 1
    long = before[start:].strip(" ,")
    return long if len(long) > len(short) else ""


def expanded(claim: str, short_forms: Mapping[str, str], weight: float) -> Weights:
    """Return a claim's terms with those that its short forms stand for."""
    own = even(stems(claim))
    more = {
        term: weight
        for short in re.findall(r"[A-Z][A-Za-z0-9-]{1,8}", claim)
        for term in even(stems(short_forms.get(short, "")))
    }
    return {**more, **own}


def with_feedback(
    lab: Lab, terms: Weights, records: int, more: int, mix: float
) -> Weights:
    """Return a query with the terms of its first records (RM3, weighted by rarity)."""
    scores = lab.whole.rank(terms)
    first = sorted(scores, key=lambda at: (-scores[at], at))[:records]
    total = sum(scores[at] for at in first) or 1.0
    found: Counter[str] = Counter()
    for at in first:
        for term, n in lab.whole.counts[at].items():
            share = scores[at] / total * n / lab.whole.lengths[at]
            found[term] += share * lab.whole.idf(term)
    kept = dict(found.most_common(more))
    sum_kept, sum_own = sum(kept.values()) or 1.0, sum(terms.values()) or 1.0
    return {
        term: (1 - mix) * terms.get(term, 0.0) / sum_own
        + mix * kept.get(term, 0.0) / sum_kept
        for term in {*terms, *kept}
    }


def variants(lab: Lab) -> Iterator[tuple[str, Callable[[Topic], Scores]]]:
    """Yield what was tried, by name."""
    plain = Bm25(lab.texts, split_words)
    yield "words as they stand", lambda t: plain.rank(even(split_words(t.claim)))
    yield "stems, no stop words", lambda t: lab.whole.rank(even(stems(t.claim), ()))
    yield "stems", lambda t: lab.whole.rank(even(stems(t.claim)))
    two = Bm25(lab.texts, pairs)
    for weight in (0.1, 0.2, 0.3):
        yield (
            f"and pairs of words, weight {weight}",
            lambda t, w=weight: add(
                lab.whole.rank(even(stems(t.claim))), two.rank(even(pairs(t.claim))), w
            ),
        )
    short_forms = find_short_forms(lab.texts)
    for weight in (0.2, 0.5):
        yield (
            f"and short forms spelt out, weight {weight}",
            lambda t, w=weight: lab.whole.rank(expanded(t.claim, short_forms, w)),
        )
    for weight in (0.5, 1.5):
        yield (
            f"numbers weigh {weight}",
            lambda t, w=weight: lab.whole.rank(
                {s: w if s.isdigit() else 1.0 for s in even(stems(t.claim))}
            ),
        )
    for records, more, mix in ((5, 10, 0.2), (5, 20, 0.3), (10, 20, 0.3)):
        yield (
            f"feedback of {records} records, {more} terms, {mix}",
            (
                lambda t, f=(records, more, mix): lab.whole.rank(
                    with_feedback(lab, even(stems(t.claim)), *f)
                )
            ),
        )


def search_grid(lab: Lab) -> None:
    """Print every k1, b and weight of the title, and what choosing them is worth."""
    gains: dict[tuple[float, float, float], Sequence[float]] = {}
    for k1, b, title in product(K1S, BS, TITLES):

        def rank(
            t: Topic, k1: float = k1, b: float = b, title: float = title
        ) -> Scores:
            terms = even(stems(t.claim))
            scores = lab.whole.rank(terms, k1, b)
            return add(scores, lab.titles.rank(terms), title) if title else scores

        gains[k1, b, title] = lab.tell(f"k1 {k1}, b {b}, title {title}", rank)
    groups = topic_groups(lab.topics)
    total = 0.0
    parts = folds(range(len(lab.topics)), FOLDS, lambda at: groups[lab.topics[at].id])
    for held in parts:
        others = [at for fold in parts if fold is not held for at in fold]
        best = max(gains, key=lambda g: sum(gains[g][at] for at in others))
        total += sum(gains[best][at] for at in held)
        print(f"  without one fold the best is k1, b, title = {best}")
    print(f"chosen under cross-validation: {total / len(lab.topics):.4f}")


def main() -> None:
    lab = Lab()
    for name, rank in variants(lab):
        lab.tell(name, rank)
    search_grid(lab)


if __name__ == "__main__":
    main()

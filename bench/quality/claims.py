"""Finding claims in articles: the counts of tests/eval/claims_found.py, resampled."""

from collections.abc import Iterator, Sequence

from tests.eval.claims_found import (
    RATES,
    SETS,
    Counts,
    Detected,
    count_seed,
    count_set,
    detect_fullfact,
    rate,
    read_words,
)

from bench.quality.figures import Figure, make_figures
from bench.quality.intervals import bootstrap
from bench.quality.measures import share
from bench.quality.run import Run


def claims(run: Run) -> Iterator[Figure]:
    """Claims found in articles marked by hand, and in transcripts of Full Fact."""
    words = read_words()
    for name in SETS:
        run.tell(f"articles, {name}")
        rows = [outcome.counts for outcome in count_set(name, words)]
        yield from _measure_rates(run, f"claims/{name} articles", rows)
    run.tell("seed article")
    seed = count_seed(run.data, words).counts
    for name, value in _rates([seed]).items():
        if RATES_OF_SEED & {name}:
            yield Figure(f"claims/seed article/{name}", round(value, 4), n=1)
    run.tell("Full Fact")
    rows = detect_fullfact(run.data, words)
    found = bootstrap(rows, lambda r: r.document, _detected, rounds=run.rounds)
    yield from make_figures("claims/full fact", found, len(rows))


RATES_OF_SEED = frozenset(
    {"sentence-recall", "sentence-precision", "claim-recall", "claim-precision"}
)
"""What the marks of the seed article can tell: they hold no spans or directions."""


def _measure_rates(run: Run, title: str, rows: Sequence[Counts]) -> Iterator[Figure]:
    intervals = bootstrap(rows, lambda c: c.document, _rates, rounds=run.rounds)
    yield from make_figures(title, intervals, len(rows))


def _rates(rows: Sequence[Counts]) -> dict[str, float]:
    return {name.replace(" ", "-"): rate(name, rows) for name in RATES}


def _detected(rows: Sequence[Detected]) -> dict[str, float]:
    """Return how many of the assertions on health are found, and of the others."""
    wanted = [row.found for row in rows if row.wanted]
    others = [row.found for row in rows if not row.wanted]
    return {
        "found-of-wanted": share(sum(wanted), len(wanted)),
        "found-of-others": share(sum(others), len(others)),
    }

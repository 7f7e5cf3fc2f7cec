"""Verdicts on the golden claims (tests/eval/golden.py), with intervals."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.eval.golden import Outcome, build_library, find_missing, judge, read_claims

from bench.quality.figures import Figure
from bench.quality.intervals import bootstrap
from bench.quality.run import NotThereError, Run


def golden(run: Run) -> Iterator[Figure]:
    """Verdicts on lay claims, from the records by which they were judged."""
    why = find_missing(run.data)
    if why:
        raise NotThereError(why)
    with TemporaryDirectory() as name:
        run.tell("filling a library with the records")
        build_library(run.data, Path(name))
        run.tell("judging the claims")
        outcomes = judge(read_claims(), Path(name))
    counts = bootstrap(outcomes, topic_of, count, rounds=run.rounds)
    for name, interval in counts.items():
        yield Figure(name, *interval, len(outcomes))


def topic_of(outcome: Outcome) -> str:
    """Return what a claim must be drawn together with: claims on one substance."""
    return outcome.row["topic"]


def count(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Return how many claims are judged as expected, under the names of the floors."""
    held = [own for own in outcomes if own.row["held"]]
    return {
        "golden-accepted": sum(own.right for own in outcomes),
        "golden-exact": sum(own.label == own.row["verdict"] for own in outcomes),
        "golden-held-accepted": sum(own.right for own in held),
        "golden-right-way-round": sum(not own.reversed for own in outcomes),
    }

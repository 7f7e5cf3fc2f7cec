"""What became of the mirror's records that were put into vectors."""

from collections.abc import Iterable
from typing import NamedTuple

from assay.output.json import plain, render_document
from assay.output.words import say_number
from assay.search import Problem

UNITS = ((86_400.0, "days"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))


class Vectored(NamedTuple):
    """How many of the mirror's records have a vector."""

    records: int
    """In the mirror."""
    vectors: int
    """Records that have one."""
    new: int = 0
    """Vectors that were computed by this run."""
    kept: int = 0
    """Vectors of texts that were known, whose records came again."""


def say_span(seconds: float) -> str:
    """Return a length of time in its largest unit.

    >>> say_span(5400), say_span(20), say_span(0)
    ('1.5 h', '20 s', '0 s')
    """
    size, unit = next((u for u in UNITS if seconds >= u[0]), UNITS[-1])
    return f"{round(seconds / size, 1):g} {unit}"


def say_estimate(missing: int, pace: float, workers: int) -> str:
    """Return how long the work will take, before it begins.

    Args:
        missing: records without a vector; 1 or more.
        pace: records that one processor does in a second.
        workers: processes; 0 where a cluster has its own number.

    >>> say_estimate(1_000_000, 50.0, 2)
    '1,000,000 records need a vector: 50 a second on one processor, about 2.8 h on 2.'
    """
    whole = f"{say_number(missing, 'record')} need{'s' * (missing == 1)} a vector: "
    seconds = missing / max(pace, 1e-6)
    span = f"{say_span(seconds)}, shared by the cluster's"
    if workers:
        span = f"{say_span(seconds / workers)} on {workers}"
    return f"{whole}{pace:.3g} a second on one processor, about {span}."


def say_vectored(told: Vectored) -> str:
    """Return what became of them in one sentence.

    >>> say_vectored(Vectored(records=9, vectors=8, new=2))
    '8 of 9 records have a vector; 2 new.'
    """
    have = "have" if told.records != 1 else "has"
    return (
        f"{told.vectors:,} of {say_number(told.records, 'record')} {have} a vector; "
        f"{told.new:,} new."
    )


def render_embed_json(told: Vectored, problems: Iterable[Problem]) -> str:
    """Return what became of them as JSON (schema assay/embed/1)."""
    content = {**told._asdict(), "problems": plain(tuple(problems))}
    return render_document("embed", content)

"""The journey of `assay library embed`: plan, say how long, work, put together."""

from contextlib import closing
from time import monotonic

import numpy as np

from assay.cli.progress import show_progress
from assay.cli.session import NOT_ALL, Session
from assay.edge.encoder import Model, open_model
from assay.edge.jobs import Pool, run_tasks
from assay.edge.mirror import Mirror, open_mirror
from assay.edge.process import count_processors
from assay.edge.vector_blocks import (
    Embedded,
    Pmids,
    measure_pace,
    plan_blocks,
    read_missing,
)
from assay.edge.vector_files import join_blocks
from assay.errors import AssayError
from assay.output.embedded import (
    Vectored,
    render_embed_json,
    say_estimate,
    say_span,
    say_vectored,
)
from assay.search import Problem


def run_embed(session: Session, pool: Pool) -> int:
    """Embed what lacks a vector; return the exit status.

    Raises:
        AssayError: there is no mirror, it cannot be read, or the disk is full.
    """
    mirror = open_mirror(session.workspace.library)
    if mirror is None:
        raise AssayError(
            "There is no mirror of PubMed here. Load it first: assay library ingest."
        )
    with mirror:
        try:
            told, problems = _embed(session, pool, mirror, open_model())
        except OSError as error:
            raise AssayError(
                f"The vectors cannot be written ({error.strerror}). Free some space; "
                "the same command goes on from there."
            ) from error
    for problem in problems:
        session.complain(
            f"assay: {problem.where}: {problem.what}. {problem.what_to_do}"
        )
    if session.as_json:
        session.write(render_embed_json(told, problems))
    else:
        session.write(f"{say_vectored(told)}\n")
    return NOT_ALL if problems else 0


def _embed(
    session: Session, pool: Pool, mirror: Mirror, model: Model
) -> tuple[Vectored, tuple[Problem, ...]]:
    place = mirror.generation.parent
    held = np.fromiter(mirror.pmids(), np.int64)
    vectors = join_blocks(place, model, held)  # what an interrupted run has done
    missing = read_missing(mirror, vectors)
    if len(missing):
        pace = measure_pace(mirror, missing, model)
        own = 0 if pool.address else pool.workers or count_processors()
        session.say(say_estimate(len(missing), pace, own))
    new, kept, problems = _work(session, pool, mirror, missing)
    vectors = join_blocks(place, model, held)
    told = Vectored(len(held), len(vectors) if vectors else 0, new, kept)
    return told, tuple(problems)


def _work(
    session: Session, pool: Pool, mirror: Mirror, missing: Pmids
) -> tuple[int, int, list[Problem]]:
    """Do the blocks; return the vectors that are new and kept, and what went wrong."""
    new, kept, begun = 0, 0, monotonic()
    problems: list[Problem] = []
    with (
        show_progress(session, "Embedding") as tell,
        closing(run_tasks(plan_blocks(mirror, missing), pool)) as outcomes,
    ):
        try:
            for outcome in outcomes:
                if isinstance(outcome.value, Embedded):
                    new, kept = new + outcome.value.new, kept + outcome.value.kept
                    problems += outcome.value.problems
                elif outcome.problem:
                    problems.append(outcome.problem)
                done = new + kept
                rate = done / max(monotonic() - begun, 1e-3)
                left = say_span((len(missing) - done) / rate) if rate else "?"
                tell(
                    done, len(missing), f"Embedding ({rate:.3g} a second, {left} left)"
                )
        except KeyboardInterrupt:
            session.say(
                f"assay: {new + kept:,} of {len(missing):,} vectors are kept; the "
                "blocks that were begun are begun anew by the next run."
            )
            raise
    return new, kept, problems

"""`assay library embed`: a vector for every record of the mirror of PubMed."""

from importlib import import_module

import typer

from assay.cli.options import Cluster, Workers
from assay.cli.session import Session
from assay.edge.jobs import choose_pool


def embed(ctx: typer.Context, workers: Workers = 0, cluster: Cluster = "") -> int:
    """Give every record of the mirror a vector, so that it is found by meaning.

    Takes some 15 ms of a processor for each record, and is told before it begins. Only
    new and changed records are worked on; what was interrupted goes on where it was.
    """
    session: Session = ctx.obj
    pool = choose_pool(cluster, workers)
    journey = import_module(
        "assay.cli.embedding"
    )  # the model's runtime is slow to load
    status: int = journey.run_embed(session, pool)
    return status

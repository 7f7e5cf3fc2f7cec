"""`assay library ingest`: all of PubMed, or as much of it as you have, at hand."""

from importlib import import_module
from importlib.util import find_spec
from typing import Annotated

import typer

from assay.cli.session import Session
from assay.edge.jobs import choose_pool
from assay.errors import UsageError


def ingest(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILES|FOLDER|ADDRESS...",
            help="PubMed's baseline and update files, each with its .md5 beside it: "
            "files, a folder with them, an https address that lists them, or s3:// and "
            "gs:// addresses. Files of other names go where `assay library add` puts "
            "them. Without any, what was interrupted is brought to its end.",
            show_default=False,
        ),
    ] = None,
    cluster: Annotated[
        str,
        typer.Option(
            "--cluster",
            metavar="ADDRESS",
            help="Let a Dask cluster read the files, whose scheduler is at this "
            "address, e.g. tcp://10.0.0.1:8786, or wrote this scheduler file.",
            show_default=False,
        ),
    ] = "",
    workers: Annotated[
        int,
        typer.Option(
            "--workers",
            metavar="N",
            help="Read the files in so many processes. Usual: one for each processor.",
            show_default=False,
        ),
    ] = 0,
    partitions: Annotated[
        str,
        typer.Option(
            "--partitions",
            metavar="ADDRESS",
            help="Put what was read of each file here, and keep it: a folder that all "
            "workers share, or s3:// and the like.",
            show_default=False,
        ),
    ] = "",
) -> int:
    """Load PubMed's own files; go on where an earlier run was interrupted."""
    session: Session = ctx.obj
    if not find_spec("pyarrow"):
        raise UsageError(
            "Loading PubMed's files needs pyarrow, which is not installed. Install it "
            'with: pip install "assay[parquet]".'
        )
    pool = choose_pool(cluster, workers)
    journey = import_module("assay.cli.ingesting")  # pyarrow is slow to load
    status: int = journey.run_ingest(session, words or [], pool, partitions)
    return status

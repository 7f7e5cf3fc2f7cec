"""`assay serve`: the records at hand, for programs that speak PubMed's language."""

from importlib import import_module
from typing import Annotated

import typer

from assay.cli.opening import open_records
from assay.cli.session import Session
from assay.edge.eutils_shelf import Shelf
from assay.errors import AssayError, UsageError
from assay.output.serving import Serving, render_serving, render_serving_json

app = typer.Typer(add_completion=False)

SERVING = "assay.edge.eutils_serving"
"""The module that needs the extra `serve`."""

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""Hosts that only programs on this machine reach."""

PATH = "/entrez/eutils/"

MOST_WORKERS = 64


@app.command(epilog="Example: assay serve --eutils")
def serve(
    ctx: typer.Context,
    *,
    eutils: Annotated[
        bool,
        typer.Option("--eutils", help="Speak NCBI's E-utilities (db=pubmed)."),
    ] = False,
    host: Annotated[
        str,
        typer.Option(
            metavar="HOST",
            help="Address to listen at. Any but this machine's own lets others read "
            "the library: nobody is asked for a password.",
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(metavar="PORT", help="0 takes any that is free.")
    ] = 8080,
    workers: Annotated[
        int, typer.Option(metavar="N", help="Processes that answer.")
    ] = 1,
) -> None:
    """Serve the library and the mirror of PubMed to other programs, until Ctrl-C.

    Programs written for NCBI's E-utilities work against it when they are told its
    address: Biopython, EDirect, and others (docs/how-to/serve-your-own-pubmed.md).
    Nothing is written, and records that come in are served at once.
    """
    session: Session = ctx.obj
    if not eutils:
        raise UsageError("Say what to serve: assay serve --eutils.")
    if not 0 <= port <= 65_535:
        raise UsageError("--port must be 0 to 65535.")
    if not 1 <= workers <= MOST_WORKERS:
        raise UsageError(f"--workers must be 1 to {MOST_WORKERS}.")
    try:
        serving = import_module(SERVING)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "assay":
            raise
        raise AssayError(
            "assay serve needs uvicorn, which is not installed: "
            "pip install 'assay[serve]'."
        ) from error
    open_records(session)  # makes the library where there is none yet
    records = _count(session)
    bound = serving.listen(host, port)
    _tell(session, host, bound.getsockname()[1], records)
    folder = session.workspace.library
    serving.serve(folder, bound, workers=workers, any_host=host not in LOOPBACK)


def _count(session: Session) -> int:
    shelf = Shelf(session.workspace.library)
    try:
        records = shelf.count()
    finally:
        shelf.close()
    if not records:
        raise AssayError(
            "There is no record to serve: load some with assay library ingest or "
            "assay library add."
        )
    return records


def _tell(session: Session, host: str, port: int, records: int) -> None:
    """Say where it listens and how a program is pointed at it."""
    place = f"[{host}]" if ":" in host else host
    address = f"http://{place}:{port}{PATH}"
    if host not in LOOPBACK:
        session.complain(
            f"assay: whoever reaches {place}:{port} can read the library; nobody is "
            "asked for a password."
        )
    serving = Serving(address, records)
    render = render_serving_json if session.as_json else render_serving
    session.write(render(serving))

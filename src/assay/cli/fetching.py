"""Opens the way to the services; the session closes it when the command ends."""

import os
import sys

from assay.cli.progress import Progress
from assay.cli.session import Session
from assay.edge.body import Limits
from assay.edge.cache import Cache
from assay.edge.fetch import LIMITS, MAX_AGE, OVERLAP, PATIENCE, Fetcher
from assay.edge.pace import Pace
from assay.edge.patience import Patience
from assay.edge.services import Service, pubmed_service
from assay.edge.settings import EUTILS
from assay.edge.workspace import data_folder


def open_fetcher(
    session: Session,
    *,
    offline: bool = False,
    refresh: bool = False,
    progress: Progress | None = None,
) -> Fetcher:
    """Return the way to PubMed, as the person's settings have it."""
    settings = session.settings
    service = pubmed_service(
        api_key=settings.api_key,
        email=settings.email,
        tool=settings.tool,
        at="" if settings.eutils == EUTILS else settings.eutils,
    )
    return open_service(
        session, service, offline=offline, refresh=refresh, progress=progress
    )


def open_service(
    session: Session,
    service: Service,
    *,
    offline: bool,
    refresh: bool,
    progress: Progress | None = None,
    patience: Patience = PATIENCE,
    limits: Limits = LIMITS,
    overlap: int = OVERLAP,
    max_age: float = MAX_AGE,
) -> Fetcher:
    """Return the way to one service, with the workspace's recording.

    The pace is kept in the user's data folder, not in the workspace, so that all runs
    of one person share it.
    """
    cache = Cache(session.workspace.http_db)
    session.resources.callback(cache.close)
    pace = Pace(data_folder(os.environ, sys.platform) / "pace.db")
    session.resources.callback(pace.close)
    fetcher = Fetcher(
        [service],
        pace=pace,
        cache=cache,
        offline=offline,
        refresh=refresh,
        progress=progress,
        patience=patience,
        limits=limits,
        overlap=overlap,
        max_age=max_age,
    )
    session.resources.enter_context(fetcher)
    session.resources.callback(_tell_problems, session, fetcher)
    return fetcher


def _tell_problems(session: Session, fetcher: Fetcher) -> None:
    """Say what went wrong on this machine, such as that nothing could be recorded.

    It leaves nothing unsearched, so it is no part of what was found.
    """
    for problem in fetcher.problems:
        what = problem.what.rstrip(".")
        session.say(f"assay: {problem.where}: {what}. {problem.what_to_do}".rstrip())

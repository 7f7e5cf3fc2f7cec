"""Opens the way to the services; the session closes it when the command ends."""

import os
import sys
from collections.abc import Sequence

from assay.cli.progress import Progress
from assay.cli.session import Session
from assay.edge.body import Limits
from assay.edge.cache import Cache
from assay.edge.fetch import LIMITS, OVERLAP, PATIENCE, Fetcher
from assay.edge.meter import Meter
from assay.edge.pace import Pace
from assay.edge.patience import Patience
from assay.edge.recording import MAX_AGE
from assay.edge.services import Service, services_of
from assay.edge.workspace import data_folder


def open_fetcher(
    session: Session,
    *,
    offline: bool = False,
    refresh: bool = False,
    record: bool = True,
    progress: Progress | None = None,
) -> Fetcher:
    """Return the way to every service, as the person's settings have it.

    record: False where every answer is to be asked for anew and none to be kept.
    """
    services = tuple(services_of(session.settings).values())
    return open_services(
        session,
        services,
        offline=offline,
        refresh=refresh,
        record=record,
        progress=progress,
    )


def open_services(
    session: Session,
    services: Sequence[Service],
    *,
    offline: bool,
    refresh: bool,
    record: bool = True,
    progress: Progress | None = None,
    patience: Patience = PATIENCE,
    limits: Limits = LIMITS,
    overlap: int = OVERLAP,
    max_age: float = MAX_AGE,
) -> Fetcher:
    """Return the way to these services, with the workspace's recording.

    Pace and credits are kept in the user's data folder, not in the workspace, so that
    all runs of one person share them.
    """
    cache = Cache(session.workspace.http_db) if record else None
    if cache is not None:
        session.resources.callback(cache.close)
    folder = data_folder(os.environ, sys.platform)
    pace, meter = Pace(folder / "pace.db"), Meter(folder / "credits.db")
    session.resources.callback(pace.close)
    session.resources.callback(meter.close)
    fetcher = Fetcher(
        services,
        pace=pace,
        cache=cache,
        meter=meter,
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

"""What the person asks of a run of the digest: which queries, which channels, where."""

from collections.abc import Sequence
from dataclasses import replace
from os import environ
from pathlib import Path
from typing import NamedTuple

from assay.cli.session import Session
from assay.edge.channels import CHANNELS, Place, open_channel
from assay.edge.saved import read_all_saved, read_saved
from assay.edge.watch_file import read_note
from assay.errors import QueryError, UsageError
from assay.schedule import WEEKLY, Rhythm
from assay.search import Problem, SavedQuery

LEASE = "digest"
"""What only one process of a workspace may do at a time."""
NOTHING_SAVED = (
    "No saved query lies in this workspace, and no claim is watched. Name a query that "
    "ships (assay digest kratom-sleep; `assay queries` lists them), save one of your "
    "own (assay queries add NAME 'words'), or watch an article (assay watch FILE)."
)


class Wanted(NamedTuple):
    """What the person asks of a run."""

    names: tuple[str, ...] = ()
    every: bool = False
    since: str = ""
    """YYYY[/MM[/DD]]."""
    to: tuple[str, ...] = ()
    offline: bool = False
    dry: bool = False
    """Hand nothing over: the workspace is a throw-away copy."""


def choose_queries(
    session: Session, wanted: Wanted
) -> tuple[tuple[SavedQuery, ...], tuple[Problem, ...]]:
    """Return the saved queries that take part in a run, and the files that are none.

    Those named; with `every`, all there are; else those that assay.toml names; else all
    of the workspace's own, and those that ship and were named before. Whether they are
    due is not looked at here.

    Raises:
        QueryError: one that is named is not there, or cannot be read.
    """
    folder = session.workspace.queries
    if wanted.names:
        saved = [read_saved(folder, name).saved for name in dict.fromkeys(wanted.names)]
        return tuple(_named(one) for one in saved), ()
    names = () if wanted.every else session.settings.digest.queries
    if names:
        try:
            return tuple(read_saved(folder, name).saved for name in names), ()
        except QueryError as error:
            raise QueryError(f"assay.toml, [digest], queries: {error}") from error
    stored, problems = read_all_saved(folder)
    state = session.workspace.state_db
    chosen = (
        one.saved
        for one in stored
        if wanted.every or not one.shipped or read_note(state, follows(one.saved.name))
    )
    return tuple(chosen), problems


def follows(name: str) -> str:
    """Return the name of the note that a query which ships was named outright.

    >>> follows("kratom-sleep")
    'follows kratom-sleep'
    """
    return f"follows {name}"


def _named(saved: SavedQuery) -> SavedQuery:
    """Return a query that was named outright: it runs, though it never does so else."""
    never = saved.schedule.rhythm is Rhythm.NEVER
    return replace(saved, schedule=WEEKLY) if never else saved


def check_names(session: Session, names: Sequence[str], to: Sequence[str]) -> None:
    """Refuse a saved query or a channel that is not there, before a timer names it.

    Raises:
        QueryError: a query that is named is not there, or cannot be read.
        UsageError: there is no channel of a name.
    """
    for name in names:
        read_saved(session.workspace.queries, name)
    for channel in to:
        _check_channel(channel)


def _check_channel(name: str) -> None:
    if name not in CHANNELS:
        known = ", ".join(sorted(CHANNELS))
        raise UsageError(f'There is no channel "{name[:40]}"; known: {known}.')


def choose_channels(names: Sequence[str], place: Place) -> tuple[str, ...]:
    """Return the channels of a run, each once: those named, else those of assay.toml.

    One that is named outright must be able to run. One of assay.toml that cannot (its
    password is not set) holds up no other: its digests wait, and that is told.

    Raises:
        UsageError: there is no channel of a name, or something is not set that it
            needs.
    """
    for name in names:
        _check_channel(name)
        if why := open_channel(name).check(place):
            raise UsageError(why)
    return tuple(dict.fromkeys(names or place.settings.to))


def find_place(session: Session, root: Path) -> Place:
    """Return where the digests of a workspace go, and what channels may know."""
    settings = session.settings.digest
    return Place(root / Path(settings.folder).expanduser(), settings, environ)

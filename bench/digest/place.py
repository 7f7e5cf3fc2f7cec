"""A person's workspace, and one run of the digest in it at a time of our choosing.

The run is the real one: `run_digest` over the workspace on disk, by real HTTP on
loopback. Two things are set aside, in this process alone: the services' paces, and the
waits before another try (stamina's own switch for tests; the number of tries stays).
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from random import Random
from unittest.mock import patch

import stamina
from tests.standin.living_records import Wish

from assay.cli.digesting import Made, Wanted, run_digest
from assay.cli.noticing import MOST_ASKED, ask_about_used
from assay.cli.session import Session
from assay.edge.pace import Pace
from assay.edge.patience import Patience

CHANNELS = ("html", "atom", "markdown", "ris", "eml")
ZONES = ("UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati")
RHYTHMS = (
    ("daily", 0.1), ("3 days", 0.2), ("monday", 0.4), ("thursday", 0.2),
    ("monthly", 0.1),
)  # fmt: skip
LONGEST = {"daily": 1, "3 days": 3, "monday": 7, "thursday": 7, "monthly": 31}
"""Days from one slot of a rhythm to the next, at most."""
DUE = Wanted()
"""Whatever is due."""
MAIL = """
[digest.email]
from = "digest@example.org"
to = ["reader@example.org"]
"""


def name_of(number: int) -> str:
    """Return the name of a saved query."""
    return f"wish-{number:03}"


def number_of(name: str) -> int:
    """Return the number in the name of a saved query."""
    return int(name.rpartition("-")[2])


def rhythm_of(number: int) -> str:
    """Return how often a query is due: the shares of RHYTHMS."""
    at = Random(number).random()
    for rhythm, share in RHYTHMS:
        at -= share
        if at < 0:
            return rhythm
    return RHYTHMS[-1][0]


def write_query(
    folder: Path, wish: Wish, *, zone: str = "UTC", brackets: bool = False
) -> None:
    """Write a saved query; `brackets` writes the same words in another way."""
    text = f"({wish.text})" if brackets else wish.text
    hour = wish.number % 24
    path = folder / "queries" / f"{name_of(wish.number)}.toml"
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(
        f"text = '''{text}'''\n\n[digest]\nevery = \"{rhythm_of(wish.number)}\"\n"
        f'at = "{hour:02}:30"\ntime_zone = "{zone}"\njitter = {wish.number % 3 * 20}\n',
        encoding="utf-8",
    )


def write_settings(folder: Path, channels: tuple[str, ...] = CHANNELS) -> None:
    """Write assay.toml."""
    named = ", ".join(f'"{name}"' for name in channels)
    mail = MAIL if {"eml", "email"} & set(channels) else ""
    (folder / "assay.toml").write_text(
        f"[digest]\nto = [{named}]\n{mail}", encoding="utf-8"
    )


def environment(urls: Mapping[str, str], data: Path) -> dict[str, str]:
    """Return what the environment must say for a run to ask these services."""
    return {
        **{f"ASSAY_{name.upper()}": url for name, url in urls.items()},
        "XDG_DATA_HOME": str(data),
    }


@contextmanager
def quickly(works: int = MOST_ASKED) -> Iterator[None]:
    """Set paces and waits aside, in this process, while the block runs.

    works: how many of those sent before are asked about in one run.
    """
    asking = ask_about_used.__kwdefaults__
    assert "most" in asking
    with (
        patch.object(Pace, "wait", lambda *_args: 0.0),
        stamina.set_testing(True, attempts=Patience().attempts),
        patch.dict(asking, {"most": works}),
    ):
        yield


def make_digest(
    folder: Path, now: Callable[[], datetime], wanted: Wanted = DUE
) -> Made:
    """Make one run in a workspace."""
    with Session() as session:
        session.asked = {"workspace": str(folder), "quiet": True}
        return run_digest(session, wanted, now)


@contextmanager
def set_environment(values: Mapping[str, str]) -> Iterator[None]:
    """Let the environment say so while the block runs."""
    with patch.dict(os.environ, values):
        yield

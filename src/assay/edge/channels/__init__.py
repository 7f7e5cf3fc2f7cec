"""The channels of a digest. CHANNELS is the registry: one file and one line each.

A module named here holds one `CHANNEL`. It is imported only when it is used, so that a
digest by one of them does not pay for the others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from assay.digest.model import Digest, Heading
from assay.edge.digest_settings import DigestSettings
from assay.errors import DeliveryError
from assay.record import Record

CHANNELS: dict[str, str] = {
    "html": "assay.edge.channels.html",
    "markdown": "assay.edge.channels.markdown",
    "atom": "assay.edge.channels.atom",
    "ris": "assay.edge.channels.ris",
    "email": "assay.edge.channels.email",
    "eml": "assay.edge.channels.eml",
    "webhook": "assay.edge.channels.webhook",
    "slack": "assay.edge.channels.slack",
}
"""Name → module. A new channel is one file and one line here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What a channel is given: the digest, and ways to what lies around it."""

    digest: Digest
    past: Callable[[int], tuple[Digest, ...]]
    """Return the newest so many digests, this one included, newest first."""
    headings: Callable[[], tuple[Heading, ...]]
    """Return the headings of all digests, this one included, newest first."""
    record: Callable[[str], Record | None]
    """Return the library's record under a key such as "pmid:90000001", or None."""


class Place(NamedTuple):
    """Where a channel delivers to, and what it may know."""

    folder: Path
    """The folder of the files of all digests; made when it lacks."""
    settings: DigestSettings
    environ: Mapping[str, str]
    """Where passwords and secret addresses are, or else the system's keyring."""
    workspace: str = ""
    """An id of the workspace that never changes, for ids in feeds and messages."""


class PartlyHandedOverError(DeliveryError):
    """A digest was handed over, but not to everybody: it is not sent again.

    `place` is where it went.
    """

    def __init__(self, text: str, place: str) -> None:
        super().__init__(text, lasting=True)
        self.place = place


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way in which a digest reaches a person."""

    name: str
    title: str
    what: str
    """One sentence: what it makes, and where."""
    check: Callable[[Place], str]
    """Return what is not set that it needs, in one sentence; "" when it may run."""
    deliver: Callable[[Post, Place], str]
    """Hand a digest over; return where it went, without secrets, for people.

    Idempotent: the same digest again gives the same file, feed or Message-ID.
    Raises: DeliveryError; PartlyHandedOverError when it went out all the same.
    """


def open_channel(name: str) -> Channel:
    """Return the channel of that name.

    Raises:
        KeyError: there is none.
    """
    channel = import_module(CHANNELS[name]).CHANNEL
    assert isinstance(channel, Channel)
    return channel

"""What assay.toml says of digests: its table [digest]."""

from dataclasses import dataclass

FOLDER = "digests"
CHANNELS_UNSAID = ("html", "atom")
"""Where a digest goes when nothing else is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSettings:
    """How the person wants digests; no password stands in it."""

    to: tuple[str, ...] = CHANNELS_UNSAID
    """Names of channels."""
    queries: tuple[str, ...] = ()
    """Those that take part; () for all of the workspace."""
    title: str = "assay digest"
    time_zone: str = "UTC"
    """IANA name; of all schedules that name none."""
    folder: str = FOLDER
    """In the workspace, or a path."""

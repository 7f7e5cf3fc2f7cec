"""How each service is spoken to: its address, its pace, and who says they ask."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import quote, quote_plus, urlsplit

from assay.errors import SettingsError
from assay.sources.base import Params
from assay.sources.pubmed import EUTILS

PAUSE_WITHOUT_KEY = 0.37
PAUSE_WITH_KEY = 0.11
"""Seconds between two starts. NCBI allows 3 requests a second, 10 with a key, over all
programs; clients that kept exactly to 0.333 s were still refused (Biopython)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service, for everything that the edge must know about it."""

    title: str
    """As named in messages."""
    address: str
    """What the addresses of its requests begin with."""
    at: str = ""
    """Where to ask instead of `address`, e.g. a stand-in on loopback; "" for there."""
    pause: float
    """Seconds between two starts, over all processes of this machine; 0 for none."""
    identity: Params = field(default=(), repr=False)
    """Parameters that say who asks; never shown, never recorded."""
    bearer: str = field(default="", repr=False)
    """Key for the Authorization header, "" for none; never shown, never recorded."""

    def api_keys(self) -> tuple[str, ...]:
        """Return the keys: an answer that repeats one is not recorded."""
        keys = [value for name, value in self.identity if name == "api_key"]
        return tuple(filter(None, (*keys, self.bearer)))

    def secrets(self) -> tuple[str, ...]:
        """Return the values that must never be shown, longest first."""
        values = {value for name, value in self.identity if name != "tool" and value}
        values |= set(self.api_keys())
        return tuple(sorted(values, key=len, reverse=True))


def pubmed_service(
    *, api_key: str = "", email: str = "", tool: str = "assay", at: str = ""
) -> Service:
    """Return PubMed as asked by this person, faster with a key than without.

    Raises:
        SettingsError: when `at` would send the key in the clear to another machine.

    >>> pubmed_service().pause, pubmed_service(api_key="invented").pause
    (0.37, 0.11)
    """
    if at and not _is_private_enough(at):
        raise SettingsError(
            f"PubMed's address {at} is not https. "
            "Give an https address, or one on this machine."
        )
    named = (("api_key", api_key), ("email", email), ("tool", tool))
    return Service(
        title="PubMed",
        address=EUTILS,
        at=at,
        pause=PAUSE_WITH_KEY if api_key else PAUSE_WITHOUT_KEY,
        identity=tuple((name, value) for name, value in named if value),
    )


def _is_private_enough(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or is_loopback(parts.hostname or "")


def is_loopback(host: str) -> bool:
    """Return whether `host` names this machine itself.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("example.org")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def hide(text: str, secrets: tuple[str, ...]) -> str:
    """Return `text` without the secrets, also where they stand percent-encoded.

    >>> hide("HTTP 400 for ?email=me%40example.org", ("me@example.org",))
    'HTTP 400 for ?email=[hidden]'
    """
    for secret in secrets:
        for form in {secret, quote(secret, safe=""), quote_plus(secret)}:
            text = text.replace(form, "[hidden]")
    return text

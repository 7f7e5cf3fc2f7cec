"""Redirects: followed within a host only, because the next request says who asks."""

from urllib.parse import SplitResult, urljoin, urlsplit

from assay.edge.services import Service
from assay.errors import RefusedError

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 3


def follow_redirect(service: Service, url: str, location: str) -> str:
    """Return the address that `location` (of the header) sends to from `url`.

    Raises:
        RefusedError: for another host or port, or from https to http.
    """
    old, new = urlsplit(url), urlsplit(urljoin(url, location))
    if not location or not _is_same_place(old, new):
        raise RefusedError(
            service.title,
            f"it sends to another address ({new.hostname}), which is not followed",
            "A proxy or a sign-in page may stand between; check the connection.",
        )
    return new.geturl()


def _is_same_place(old: SplitResult, new: SplitResult) -> bool:
    """Return whether a redirect stays at its host, or goes from http to https there."""
    if old.hostname != new.hostname:
        return False
    if old.scheme == new.scheme:
        return old.port == new.port
    return (old.scheme, new.scheme, new.port) == ("http", "https", None)

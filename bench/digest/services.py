"""Crossref and OpenAlex for the simulation: they know nobody's works."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.standin.services import serve_service


@contextmanager
def serve_others() -> Iterator[dict[str, str]]:
    """Serve what a run asks about notices beside PubMed; give the addresses."""
    with serve_service("crossref") as crossref, serve_service("openalex") as openalex:
        yield {"crossref": crossref.url, "openalex": openalex.url}

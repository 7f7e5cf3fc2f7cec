"""Crossref and OpenAlex for the simulation: they know nobody's works."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.standin.replies import RECORD_SET
from tests.standin.services import serve_service


@contextmanager
def serve_others() -> Iterator[dict[str, str]]:
    """Serve what a run asks about notices beside PubMed; give the addresses."""
    nothing = RECORD_SET % b""
    with (
        serve_service("crossref", records=nothing) as crossref,
        serve_service("openalex", records=nothing) as openalex,
    ):
        yield {"crossref": crossref.url, "openalex": openalex.url}

"""Every source's service on loopback, and a fetcher that asks them all, fast."""

from contextlib import ExitStack, contextmanager
from dataclasses import replace

from assay.edge.cache import Cache
from assay.edge.fetch import Fetcher
from assay.edge.pace import Pace
from assay.edge.services import Pool, services_of
from assay.edge.settings import Settings
from tests.net import FAST
from tests.standin import serve
from tests.standin.services import serve_service

LISTS = {"pubmed": "esearch"}
"""What of a service answers the search, as `server.fail(path=)` names it."""
GIVES = {"pubmed": "efetch"}
"""What of a service gives the records."""


@contextmanager
def serve_source(name, *, synthetic=0, latency=0.0):
    """Serve one source's stand-in; `fail`, `requests` and `url` are its switches."""
    if name == "pubmed":
        with serve(synthetic=synthetic, latency=latency) as server:
            yield server
    else:
        with serve_service(name, synthetic=synthetic, latency=latency) as server:
            yield server


@contextmanager
def serve_sources(names, **options):
    """Serve several sources; gives the servers by name."""
    with ExitStack() as stack:
        yield {n: stack.enter_context(serve_source(n, **options)) for n in names}


@contextmanager
def open_fetcher(servers, folder, **options):
    """Give a fetcher that asks these servers without a pause."""
    known = services_of(Settings(email="somebody@example.org"))
    services = [
        replace(
            known[name],
            at=server.url,
            pause=0.0,
            pools=tuple((pool, Pool(0.0)) for pool, _ in known[name].pools),
        )
        for name, server in servers.items()
    ]
    pace, cache = Pace(folder / "pace.db"), Cache(folder / "http.db")
    with Fetcher(
        services, pace=pace, cache=cache, **{"patience": FAST, **options}
    ) as fetcher:
        yield fetcher
    cache.close()
    pace.close()

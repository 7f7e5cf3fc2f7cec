"""What tests of the network edge share: a fetcher that asks the stand-in, fast."""

import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import replace

from assay.edge.cache import Cache
from assay.edge.fetch import Fetcher
from assay.edge.pace import Pace
from assay.edge.patience import Patience
from assay.edge.services import pubmed_service
from assay.record import Record
from assay.search import Problem, SearchLog

KEY = "invented-key-0123456789"
EMAIL = "somebody@example.org"
TRIES = 3
FAST = Patience(attempts=TRIES, first=0.0, most=0.0, jitter=0.0)


def service_at(url, *, pause=0.0, key=KEY, tool="assay"):
    """Return PubMed, asked at `url`, without a pause."""
    service = pubmed_service(api_key=key, email=EMAIL, tool=tool, at=url)
    return replace(service, pause=pause)


@contextmanager
def open_fetcher(url, folder, *, service=None, cached=True, **options):
    """Give a fetcher that asks `url`; its cache is `folder`/http.db."""
    pace, cache = Pace(folder / "pace.db"), Cache(folder / "http.db")
    options = {"patience": FAST, **options}
    service = service or service_at(url)
    cache_or_none = cache if cached else None
    with Fetcher([service], pace=pace, cache=cache_or_none, **options) as fetcher:
        yield fetcher
    cache.close()
    pace.close()


def recorded(folder):
    """Return how many answers are recorded in `folder`/http.db."""
    cache = Cache(folder / "http.db")
    try:
        return cache.stats().answers
    finally:
        cache.close()


def sorted_out(found):
    """Return what a search yielded as (records, problems, logs)."""
    found = list(found)
    kinds = (Record, Problem, SearchLog)
    parts = tuple([x for x in found if isinstance(x, kind)] for kind in kinds)
    assert sum(map(len, parts)) == len(found)
    return parts


@contextmanager
def raw_server(talk):
    """Serve on loopback; `talk(connection)` has every connection. Gives its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    stopped = threading.Event()

    def accept():
        while not stopped.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve_one, args=(connection,), daemon=True).start()

    def serve_one(connection):
        with connection, suppress(OSError):
            talk(connection)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/entrez/eutils/"
    finally:
        stopped.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def read_request(connection):
    """Return one request as bytes, header and body; b"" when there is none."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            while len(body) < int(value):
                body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def reply(body, *, status="200 OK", headers=()):
    """Return a whole HTTP reply as bytes."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

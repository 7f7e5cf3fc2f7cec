"""Stand-ins for services other than PubMed: one server, one module a service.

A service is a module `tests/standin/NAME.py` that has

    SERVICE = Service(base="/path/of/the/real/one/", make=make)

where `make(rows)` gets the records as rows of PubMed XML and returns a function that
answers a call: `answer(call) -> Reply`. All services thereby serve the same records
under their own ids and shapes. What goes wrong on the wire is done here, as are the
lies about paging (`cut_page`); a service adds faults of its own by name.
"""

import json
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from http.server import ThreadingHTTPServer
from importlib import import_module
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.standin.faults import FAULTS, Fault
from tests.standin.invented import invented_xml
from tests.standin.records import Row, split_records
from tests.standin.replies import JSON, TEXT, Asked, Reply, render_html
from tests.standin.server import Handler, Listener, Planned, collect
from tests.standin.synthetic import synthetic_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Lies:
    """What a service says wrongly about a page."""

    total: int = 0
    """Added to the number of hits."""
    names: frozenset[str] = frozenset()
    """Of LIES, for this one page."""


LIES = (
    "same-cursor",  # the cursor that was sent comes back, though rows are left
    "no-cursor",  # no cursor comes back, though rows are left
    "first-cursor",  # the cursor of the first page comes back: a circle
    "empty-page",  # no row, though rows are left; the cursor stays where it is
    "short-page",  # half of the rows; the cursor goes on behind the whole page
    "repeated-row",  # the first row once more at the end
    "bad-record",  # the first row cannot be read
    "other-total",  # the number of hits is one less than before
    "no-total",  # the number of hits is not said
)


@dataclass(frozen=True, slots=True)
class Call(Asked):
    """One request as a service sees it; `program` is the path below its base."""

    headers: dict[str, str] = field(default_factory=dict)
    """Names in lower case."""
    body: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    """Parameters in the order sent, repeated ones too."""
    lies: Lies = Lies()


Answerer = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What a module of a service gives."""

    base: str
    """Path of the real one, with slashes around."""
    make: Callable[[list[Row]], Answerer]
    faults: dict[str, Fault] = field(default_factory=dict)
    """Beyond WIRE_FAULTS; one with the same name takes its place."""


class Request(NamedTuple):
    """One request as it was logged."""

    program: str
    """The path below the base, unquoted."""
    method: str
    params: dict[str, str]
    """The last value of each name."""
    headers: dict[str, str]
    time: float
    """Of `time.monotonic`, when the request had been read."""


class Cut(NamedTuple):
    """One page of a list, after the lies."""

    rows: list[object]
    total: int | None
    """None when it is not to be said."""
    next: int | None
    """Place of the next page's first row; None when no cursor is to be given."""


def cut_page(hits: Sequence[object], at: int, size: int, lies: Lies) -> Cut:
    """Return the page of `hits` that begins at `at`; `next` is len(hits) at the end."""
    rows: list[object] = list(hits[at : at + size])
    total: int | None = len(hits) + lies.total
    following: int | None = min(at + size, len(hits))
    if "other-total" in lies.names:
        total -= 1
    if "no-total" in lies.names:
        total = None
    if "same-cursor" in lies.names:
        following = at
    if "first-cursor" in lies.names:
        following = 0
    if "no-cursor" in lies.names:
        following = None
    if "empty-page" in lies.names:
        rows = []
    if "short-page" in lies.names:
        rows = rows[: len(rows) // 2]
    if "repeated-row" in lies.names:
        rows += rows[:1]
    if "bad-record" in lies.names and rows:
        rows = [{"unreadable": True}, *rows[1:]]
    return Cut(rows, total, following)


def render_json(value: object, status: int = 200) -> Reply:
    """Return a JSON reply, as compact as the services send it."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return Reply(text.encode(), JSON, status)


def render_text(text: str, status: int) -> Reply:
    """Return a plain text reply."""
    return Reply(text.encode(), TEXT, status, wire="sized")


def says_json(value: object, status: int) -> Fault:
    """Return the fault that answers with this JSON."""
    return lambda reply, asked: render_json(value, status)


def too_fast(reply: Reply, asked: Asked) -> Reply:
    """Return 429 without a hint when to come back."""
    return render_json({"error": "Too many requests"}, 429)


def too_fast_with_hint(reply: Reply, asked: Asked) -> Reply:
    """Return 429 with Retry-After; "…:7" asks for 7 seconds, else 2."""
    hinted = too_fast(reply, asked)
    return hinted.with_header("Retry-After", asked.fault_value or "2")


_WIRE = (
    "http-500", "http-502", "http-503", "http-504", "text-500", "not-found-404",
    "html-200", "truncated-chunked", "truncated-sized", "cut-body", "empty-body",
    "redirect-307-away", "redirect-308-away", "redirect-302-away",
    "redirect-307-same", "redirect-308-same", "reset", "hang", "slow-drip",
    "gzip-bomb", "wrong-content-type",
)  # fmt: skip
WIRE_FAULTS: dict[str, Fault] = {
    **{name: FAULTS[name] for name in _WIRE},
    "rate-limit-429": too_fast,
    "rate-limit-429-retry-after": too_fast_with_hint,
    "text-503": lambda reply, asked: render_text("Down for maintenance", 503),
    "text-400": lambda reply, asked: render_text("Invalid value in `x`", 400),
    "json-400": says_json({"error": "Invalid parameter", "message": "no field x"}, 400),
    "forbidden-403": lambda reply, asked: render_html(403, "Forbidden", "Blocked."),
    "challenge-200": lambda reply, asked: render_html(
        200, "Just a moment...", "Enable JavaScript and cookies to continue."
    ),
    "no-object": says_json([], 200),
    "empty-object": says_json({}, 200),
    "plain-200": lambda reply, asked: render_text("upstream request timeout", 200),
}


class ServiceServer:
    """What `serve_service` hands out: the address, the log and the switches."""

    def __init__(
        self, service: Service, rows: list[Row], *, latency: float, most: int, port: int
    ) -> None:
        self.service, self.rows = service, rows
        self.answer = service.make(rows)
        self.faults = WIRE_FAULTS | service.faults
        self.latency, self.most = latency, most
        self.lie_about_total = 0
        """Added to the number of hits in every page."""
        self.compress = False
        self.requests: list[Request] = []
        self.errors: list[str] = []
        """Tracebacks of the stand-in's own mistakes: none in a good run."""
        self.plans: list[Planned] = []
        self.starts: deque[float] = deque()
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.http = ServiceListener(self, port)
        self.root = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.url = self.root + service.base

    def fail(
        self, fault: str, *, path: str = "*", times: int = 1, after: int = 0
    ) -> None:
        """Plan a fault or a lie for the next `times` requests whose path matches.

        path: as in a shell, e.g. "search", "works", "works/*". `after` requests are
        answered well first. "slow-drip:0.5" hands 0.5 to the fault.
        """
        if fault.partition(":")[0] not in {*self.faults, *LIES}:
            known = ", ".join([*self.faults, *LIES])
            raise KeyError(f"no fault {fault!r}; there are {known}")
        with self.lock:
            self.plans.append(Planned(fault, path, times, after))

    def count(self, path: str = "*") -> int:
        """Return how many requests matched a path."""
        return sum(fnmatchcase(request.program, path) for request in self.requests)

    def next_faults(self, path: str) -> list[str]:
        """Return the faults planned for this request: all lies, and one fault."""
        found: list[str] = []
        for plan in self.plans:
            if plan.times < 1 or not fnmatchcase(path, plan.path):
                continue
            if plan.fault not in LIES and any(name not in LIES for name in found):
                continue
            if plan.after > 0:
                plan.after -= 1
                continue
            plan.times -= 1
            found.append(plan.fault)
        return found

    def reply(self, call: Call) -> Reply:
        """Log the request and return what is sent: the only way to an answer."""
        now = time.monotonic()
        with self.lock:
            logged = Request(call.program, call.method, call.params, call.headers, now)
            self.requests.append(logged)
            while self.starts and self.starts[0] <= now - 1:
                self.starts.popleft()
            refused = 0 < self.most <= len(self.starts)
            if not refused:
                self.starts.append(now)
            planned = self.next_faults(call.program)
            lies = Lies(
                total=self.lie_about_total,
                names=frozenset(name for name in planned if name in LIES),
            )
            call = replace(call, lies=lies)
            reply = too_fast(Reply(b""), call) if refused else self.answer(call)
        for fault in (name for name in planned if name not in LIES):
            name, _, value = fault.partition(":")
            reply = self.faults[name](reply, replace(call, fault_value=value))
        if self.latency:
            self.stopping.wait(self.latency)
        return reply


class ServiceListener(Listener):
    """Listens on loopback for one service."""

    def __init__(self, server: ServiceServer, port: int) -> None:
        self.standin = server
        self.open = set()
        ThreadingHTTPServer.__init__(self, ("127.0.0.1", port), ServiceHandler)


class ServiceHandler(Handler):
    """Reads a request, hands it to the service, and writes the reply."""

    def handle_program(self, body: str) -> None:
        """Answer one request."""
        standin = self.server.standin
        parts = urlsplit(self.path)
        base = standin.service.base
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        headers = {name.lower(): value for name, value in self.headers.items()}
        if "json" not in headers.get("content-type", ""):
            pairs += parse_qsl(body, keep_blank_values=True)
        call = Call(
            program=unquote(parts.path.removeprefix(base)),
            method=self.command,
            params=collect(pairs) | dict(pairs),
            target=self.path,
            host=headers.get("host", ""),
            headers=headers,
            body=body,
            pairs=tuple(pairs),
        )
        try:
            if parts.path.startswith(base):
                reply = standin.reply(call)
            else:
                reply = render_html(404, "Not Found", "There is no such place.")
        except Exception:  # a mistake of ours must fail the test
            standin.errors.append(traceback.format_exc())
            reply = Reply(traceback.format_exc().encode(), TEXT, 500)
        self.send(reply)


@contextmanager
def serve_service(
    name: str | Service,
    records: bytes | None = None,
    *,
    synthetic: int = 0,
    latency: float = 0.0,
    most_per_second: int = 0,
    port: int = 0,
) -> Iterator[ServiceServer]:
    """Serve one service on loopback while the block runs.

    name: of a module in tests/standin, or the service itself. records: any PubMed XML;
    None serves the invented set, unless `synthetic` asks for so many generated records.
    latency: seconds before each reply. most_per_second: refuse more starts with 429.

    Raises: AssertionError at the end, when the stand-in itself made a mistake.
    """
    rows = split_records(records) if records is not None else []
    rows += synthetic_rows(synthetic)
    if records is None and not synthetic:
        rows = split_records(invented_xml())
    service = name if isinstance(name, Service) else find_service(name)
    server = ServiceServer(
        service, rows, latency=latency, most=most_per_second, port=port
    )
    thread = threading.Thread(
        target=server.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield server
    finally:
        server.http.stop()
        thread.join(5)
    assert not server.errors, "the stand-in failed:\n" + "\n".join(server.errors)


def find_service(name: str) -> Service:
    """Return the service of a module in this folder."""
    service: Service = import_module(f"tests.standin.{name}").SERVICE
    return service

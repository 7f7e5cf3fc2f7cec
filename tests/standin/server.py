"""The server: a real socket on loopback, paced, logged, and able to fail on request."""

import socket
import struct
import sys
import threading
import time
import traceback
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from tests.standin.faults import FAULTS, bad_key, rate_limit
from tests.standin.invented import invented_xml
from tests.standin.programs import PROGRAMS
from tests.standin.records import Row, split_records
from tests.standin.replies import TEXT, Asked, Reply, render_html
from tests.standin.synthetic import synthetic_rows
from tests.standin.world import CAP, World

BASE = "/entrez/eutils/"
LONGEST_TARGET = 8190  # bytes of a request line's address, Apache's default
PIECES = 20  # pieces of a dripping body
CHUNK = 8192  # bytes of one chunk


class Request(NamedTuple):
    """One request as it was logged."""

    program: str
    """esearch, efetch …; the whole path where it is none of these."""
    method: str
    params: dict[str, str]
    """By name; ids that were repeated are joined by commas."""
    time: float
    """Of `time.monotonic`, when the request had been read."""


@dataclass(slots=True)
class Planned:
    """A fault that waits for its requests."""

    fault: str
    path: str
    times: int
    after: int


@dataclass(slots=True)
class Change:
    """Something that is to happen to the records while they are asked for."""

    action: Callable[[World], None]
    program: str
    after: int


class Server:
    """What `serve` hands out: the address, the log and the switches."""

    def __init__(
        self, rows: list[Row], *, latency: float, enforce_rate: bool, port: int
    ) -> None:
        self.world = World({row.pmid: row for row in rows})
        self.pmids: tuple[int, ...] = tuple(self.world.rows)
        self.latency, self.enforce_rate = latency, enforce_rate
        self.compress = False
        """Whether bodies are sent as gzip to clients that accept it."""
        self.requests: list[Request] = []
        self.headers: list[dict[str, str]] = []
        """The headers of each request, names in lower case, as in `requests`."""
        self.errors: list[str] = []
        """Tracebacks of the stand-in's own mistakes: none in a good run."""
        self.plans: list[Planned] = []
        self.changes: list[Change] = []
        self.starts: dict[str, deque[float]] = {}
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.http = Listener(self, port)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}{BASE}"

    def fail(
        self, fault: str, *, path: str = "", times: int = 1, after: int = 0
    ) -> None:
        """Plan a fault for the next `times` requests of a program ("" means any).

        `after` requests are answered well first. "missing-ids:3" hands 3 to the fault.
        """
        if fault.partition(":")[0] not in FAULTS:
            raise KeyError(f"no fault {fault!r}; there are {', '.join(FAULTS)}")
        with self.lock:
            self.plans.append(Planned(fault, path.partition(".")[0], times, after))

    def change(
        self, action: Callable[[World], None], *, path: str = "", after: int = 0
    ) -> None:
        """Plan a change of the world: before a program's request is answered.

        `after` requests of the program ("" means any) are answered first. E.g.
        `server.change(lambda world: world.remove(91000001), path="esearch", after=3)`.
        """
        with self.lock:
            self.changes.append(Change(action, path.partition(".")[0], after))

    def make_changes(self, program: str) -> None:
        """Make the changes that are due at this request."""
        for change in [c for c in self.changes if c.program in {"", program}]:
            change.after -= 1
            if change.after < 0:
                self.changes.remove(change)
                change.action(self.world)

    @property
    def shuffle(self) -> bool:
        """Whether efetch gives the records in another order than asked."""
        return self.world.shuffle

    @shuffle.setter
    def shuffle(self, wanted: bool) -> None:
        self.world.shuffle = wanted

    def expire_history(self) -> None:
        """Forget every WebEnv."""
        self.world.sessions.clear()

    def count(self, program: str) -> int:
        """Return how many requests a program had."""
        return sum(request.program == program for request in self.requests)

    def next_fault(self, program: str) -> str:
        """Return the planned fault for this request, or ""."""
        for plan in self.plans:
            if plan.times < 1 or plan.path not in {"", program}:
                continue
            if plan.after > 0:
                plan.after -= 1
                continue
            plan.times -= 1
            return plan.fault
        return ""

    def reply(self, asked: Asked, headers: dict[str, str]) -> Reply:
        """Log the request and return what is sent: the only way to an answer."""
        now = time.monotonic()
        limit = 10 if "api_key" in asked.params else 3
        with self.lock:
            logged = Request(asked.program, asked.method, asked.params, now)
            self.requests.append(logged)
            self.headers.append(headers)
            starts = self.starts.setdefault(asked.params.get("api_key", ""), deque())
            while starts and starts[0] <= now - 1:
                starts.popleft()
            too_fast = self.enforce_rate and len(starts) >= limit
            if not too_fast:
                starts.append(now)
            left = max(limit - len(starts), 0)
            fault = self.next_fault(asked.program)
            self.make_changes(asked.program)
            reply = rate_limit(Reply(b""), asked) if too_fast else self.answer(asked)
        if not too_fast:
            reply = self.spoil(reply, asked, fault or named_fault(asked))
        if self.latency:
            self.stopping.wait(self.latency)
        left = 0 if reply.status == 429 else left
        reply = reply.with_header("X-RateLimit-Limit", str(limit))
        return reply.with_header("X-RateLimit-Remaining", str(left))

    def answer(self, asked: Asked) -> Reply:
        """Return the right answer."""
        if asked.method == "GET" and len(asked.target) > LONGEST_TARGET:
            return FAULTS["uri-too-long-414"](Reply(b""), asked)
        if asked.program not in PROGRAMS:
            return render_html(404, "Not Found", "There is no such program.")
        if asked.params.get("api_key", "").startswith("bad"):
            return bad_key(Reply(b""), asked)
        name = "dbfrom" if asked.program == "elink" else "db"
        if asked.params.get(name, "pubmed") != "pubmed":
            return FAULTS["bad-db"](Reply(b""), asked)
        return PROGRAMS[asked.program](self.world, asked)

    def spoil(self, reply: Reply, asked: Asked, fault: str) -> Reply:
        """Return the reply with a fault, if there is one."""
        name, _, value = fault.partition(":")
        if not name:
            return reply
        return FAULTS[name](reply, replace(asked, fault_value=value))


def named_fault(asked: Asked) -> str:
    """Return the fault that the parameter `tool=fault:NAME` names, or ""."""
    tool = asked.params.get("tool", "")
    name = tool.removeprefix("fault:") if tool.startswith("fault:") else ""
    return name if name.partition(":")[0] in FAULTS else ""


class Listener(ThreadingHTTPServer):
    """Listens on loopback and keeps its open connections to close them at the end."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, server: Server, port: int) -> None:
        self.standin = server
        self.open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Handler)

    def process_request(self, request, client_address) -> None:
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request, client_address) -> None:
        trouble = traceback.format_exc()
        if not isinstance(sys.exception(), OSError):  # else the client has gone
            self.standin.errors.append(trouble)

    def stop(self) -> None:
        """Stop listening and close every connection."""
        self.standin.stopping.set()
        self.shutdown()
        for connection in list(self.open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    """Reads a request and writes a reply, byte by byte where a fault wants it."""

    protocol_version = "HTTP/1.1"
    server_version = "standin"
    sys_version = ""
    disable_nagle_algorithm = True
    server: Listener

    def do_GET(self) -> None:
        self.handle_program("")

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        self.handle_program(self.rfile.read(size).decode("utf-8", "replace"))

    def log_message(self, *args) -> None:
        """Say nothing: the log is `Server.requests`."""

    def handle_program(self, body: str) -> None:
        """Answer one request."""
        parts = urlsplit(self.path)
        name = parts.path.removeprefix(BASE)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        pairs += parse_qsl(body, keep_blank_values=True)
        asked = Asked(
            program=name.split(".")[0] if parts.path.startswith(BASE) else parts.path,
            method=self.command,
            params=collect(pairs),
            id_groups=tuple(
                tuple(text.replace(",", " ").split()) for n, text in pairs if n == "id"
            ),
            target=self.path,
            host=self.headers.get("Host", ""),
        )
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            reply = self.server.standin.reply(asked, headers)
        except Exception:  # a mistake of ours must fail the test
            self.server.standin.errors.append(traceback.format_exc())
            reply = Reply(traceback.format_exc().encode(), TEXT, 500)
        self.send(reply)

    def send(self, reply: Reply) -> None:
        """Put the reply on the wire in the way it says."""
        if reply.wire == "hang":
            self.server.standin.stopping.wait()
        if reply.wire in {"reset", "hang"}:
            self.reset()
            return
        reply = self.squeeze(reply)
        if reply.wire in {"chunked", "cut-chunked"}:
            self.send_chunks(reply)
            return
        head = self.head(reply, [("Content-Length", str(len(reply.body)))])
        if reply.wire == "drip":
            self.drip(head, reply)
        elif reply.wire == "cut-sized":
            self.wfile.write(head + reply.body[: len(reply.body) // 2])
            self.close_connection = True
        else:
            self.wfile.write(head + reply.body)

    def squeeze(self, reply: Reply) -> Reply:
        """Return the body as gzip where that is switched on and accepted."""
        accepted = "gzip" in self.headers.get("Accept-Encoding", "")
        encoded = any(name == "Content-Encoding" for name, _ in reply.headers)
        if not (self.server.standin.compress and accepted) or encoded:
            return reply
        packer = zlib.compressobj(6, wbits=31)
        body = packer.compress(reply.body) + packer.flush()
        return replace(reply, body=body).with_header("Content-Encoding", "gzip")

    def head(self, reply: Reply, more: list[tuple[str, str]]) -> bytes:
        """Return the status line and the headers."""
        phrase = self.responses.get(reply.status, ("",))[0]
        lines = [f"HTTP/1.1 {reply.status} {phrase}"]
        lines += [f"Date: {format_datetime(datetime.now(UTC), usegmt=True)}"]
        lines += [f"Content-Type: {reply.kind}"]
        lines += [f"{name}: {value}" for name, value in (*reply.headers, *more)]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def send_chunks(self, reply: Reply) -> None:
        """Send chunks; a cut body stops in the middle of its last one."""
        head = self.head(reply, [("Transfer-Encoding", "chunked")])
        body = reply.body
        chunks = [body[i : i + CHUNK] for i in range(0, len(body), CHUNK)]
        framed = [b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks]
        if reply.wire == "cut-chunked":
            kept = b"".join(framed)
            self.wfile.write(head + kept[: len(kept) // 2])
            self.close_connection = True
            return
        self.wfile.write(head + b"".join(framed) + b"0\r\n\r\n")

    def drip(self, head: bytes, reply: Reply) -> None:
        """Send the body in pieces with pauses."""
        self.wfile.write(head)
        size = max(len(reply.body) // PIECES, 1)
        for i in range(0, len(reply.body), size):
            self.wfile.write(reply.body[i : i + size])
            if self.server.standin.stopping.wait(reply.drip):
                self.close_connection = True
                return

    def reset(self) -> None:
        """Close so that the other side sees a reset, not an end."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True
        self.connection.close()


def collect(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Return parameters by name; repeated ids joined by commas, else the last wins."""
    params: dict[str, str] = {}
    for name, value in pairs:
        repeated = name == "id" and name in params
        params[name] = f"{params[name]},{value}" if repeated else value
    return params


@contextmanager
def serve(
    records_xml: bytes | None = None,
    synthetic: int = 0,
    latency: float = 0.0,
    enforce_rate: bool = False,
    *,
    port: int = 0,
    busy_day: int = 0,
    cap: int = CAP,
) -> Iterator[Server]:
    """Serve PubMed on loopback while the block runs.

    records_xml: any PubMed XML; None serves the invented set, unless `synthetic` asks
    for so many generated records. latency: seconds before each reply. enforce_rate:
    refuse more than 3 starts a second (10 with a key) with 429. port: 0 picks one.
    busy_day: so many of the generated records were created on one day. cap: how many
    hits a search lists, for tests that cannot wait for 9,999.

    Raises: AssertionError at the end, when the stand-in itself made a mistake.
    """
    rows = split_records(records_xml) if records_xml is not None else []
    rows += synthetic_rows(synthetic, busy_day)
    if records_xml is None and not synthetic:
        rows = split_records(invented_xml())
    server = Server(rows, latency=latency, enforce_rate=enforce_rate, port=port)
    server.world.cap = cap
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

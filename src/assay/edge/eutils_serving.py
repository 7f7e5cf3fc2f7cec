"""Keeps the E-utilities' server running until it is told to stop (uvicorn).

Imported only by `assay serve`: uvicorn comes with the extra `serve`.
"""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from assay.edge.eutils_server import Server
from assay.errors import AssayError

HEAD_WAIT_S = 20.0
"""Seconds in which the head of a request must have come, and for which a connection may
stand idle."""

MOST_CONNECTIONS = 512
"""Connections to one process. With more, those that ask for nothing are closed, the
oldest first; where all ask, requests are answered with 503."""

MOST_HEAD = 32_768
"""Bytes of a request's head, its address included; with more it is refused (400)."""

GRACE_S = 1
"""Seconds that running replies get when the server is told to stop."""

QUICK_S = 5.0
"""A process that ends sooner than this would end again: the server stops."""

WATCH_S = 2.0
"""Seconds after which a process looks whether the one that began it still lives."""


class _Connection(H11Protocol):
    """A connection that is closed when it keeps us, or others, waiting (slow loris)."""

    def connection_made(self, transport: Any) -> None:
        """Begin to watch it; make room for it."""
        super().connection_made(transport)
        self._last: object = None
        self._since = self.loop.time()
        self._alarm = self.loop.call_later(HEAD_WAIT_S, self._look)
        if len(self.connections) >= MOST_CONNECTIONS:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Watch it no longer."""
        self._alarm.cancel()
        super().connection_lost(exc)

    def _make_room(self) -> None:
        """Close the connection that has idled longest; first, who never asked."""
        idle = [
            each
            for each in self.connections
            if isinstance(each, _Connection) and each is not self and each._waits()
        ]
        if idle:
            oldest = min(idle, key=lambda each: (each.cycle is not None, each._since))
            self.connections.discard(oldest)  # it counts no more, from now on
            oldest.transport.close()

    def _waits(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _look(self) -> None:
        if self._waits() and self.cycle is self._last:
            self.transport.close()
            return
        self._last = self.cycle
        self._alarm = self.loop.call_later(HEAD_WAIT_S, self._look)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address.

    Args:
        host: a name or an address of this machine.
        port: 0 for any that is free.

    Raises:
        AssayError: the address is not this machine's, or the port is in use.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, number, _, address = found[0]
        bound = socket.socket(family, kind, number)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
            bound.listen(2048)  # from now on nobody is turned away
        except BaseException:
            bound.close()
            raise
    except (OSError, OverflowError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise AssayError(
            f"{host}:{port} cannot be listened at ({why}). Name another --port (0 "
            "takes any that is free), or another --host."
        ) from error
    return bound


def serve(folder: Path, bound: socket.socket, *, workers: int, any_host: bool) -> None:
    """Answer requests until the process is told to stop (Ctrl-C, SIGTERM).

    Args:
        folder: the library's (cache/library).
        bound: from `listen`; closed at the end.
        workers: processes that answer, 1 or more.
        any_host: see `Server`.

    Raises:
        AssayError: it could not begin.
    """
    with ExitStack() as stack:
        stack.enter_context(bound)
        stack.enter_context(suppress(KeyboardInterrupt))  # that is how it ends
        if workers == 1:
            try:
                _answer(partial(Server, folder, any_host=any_host), bound)
            except SystemExit as error:  # uvicorn's, when it cannot begin
                raise AssayError("The server ended; see what it said.") from error
            return
        scratch = Path(stack.enter_context(TemporaryDirectory(prefix="assay-serve-")))
        history = scratch / "history.db"
        application = partial(_OwnedServer, folder, history, any_host=any_host)
        _keep_answering(application, bound, workers)


def _answer(application: Callable[[], Server], bound: socket.socket) -> None:
    signal.signal(signal.SIGTERM, _stop)
    with suppress(KeyboardInterrupt):  # uvicorn sends itself the signal that ended it
        uvicorn.Server(configure(application())).run([bound])


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _keep_answering(
    application: Callable[[], Server], bound: socket.socket, workers: int
) -> None:
    """Let processes answer; put another in the place of one that ended."""
    context = get_context("spawn")

    def begin() -> SpawnProcess:
        process = context.Process(target=_answer, args=(application, bound))
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # which it inherits:
        try:  # until uvicorn hears it, Ctrl-C would end it with a traceback
            process.start()
        finally:
            signal.signal(signal.SIGINT, before)
        return process

    signal.signal(signal.SIGTERM, _stop)
    running: list[SpawnProcess] = []
    try:
        running += [begin() for _ in range(workers)]
        while True:
            began = time.monotonic()
            wait([process.sentinel for process in running])
            if time.monotonic() - began < QUICK_S:
                raise AssayError("A process of the server ended; see what it said.")
            running = [p if p.is_alive() else begin() for p in running]
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.join(GRACE_S + QUICK_S)
            process.kill()


class _OwnedServer(Server):
    """The application of a process that ends when the one that began it has ended."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer; watch the parent from the start on."""
        if scope["type"] != "lifespan":
            await super().__call__(scope, receive, send)
            return
        watch = asyncio.create_task(_end_with(os.getppid()))
        await super().__call__(scope, receive, send)
        watch.cancel()


async def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        await asyncio.sleep(WATCH_S)
    os.kill(os.getpid(), signal.SIGTERM)


def configure(application: Server) -> uvicorn.Config:
    """Return how uvicorn is to serve an application: quietly, and within bounds."""
    return uvicorn.Config(
        application,
        http=_Connection,
        ws="none",
        lifespan="on",
        loop="asyncio",
        log_config=None,
        log_level="critical",  # what matters is told by the application
        access_log=False,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=int(HEAD_WAIT_S),
        timeout_graceful_shutdown=GRACE_S,
        h11_max_incomplete_event_size=MOST_HEAD,
    )

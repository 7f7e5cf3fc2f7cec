"""The E-utilities over the records at hand, as an ASGI application in plain functions.

No path of the file system is ever made from a request: an address either stands in
PROGRAMS or does not exist. Every reply is made of escaped text.
"""

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

from assay.edge.eutils_asking import Desk, Program, RefusedError
from assay.edge.eutils_fetch import efetch, esummary
from assay.edge.eutils_history import History
from assay.edge.eutils_links import einfo, elink
from assay.edge.eutils_search import epost, esearch
from assay.edge.eutils_shelf import Shelf
from assay.errors import AssayError
from assay.output.eutils import (
    BAD_DATABASE,
    DATABASE,
    Asked,
    Reply,
    parse_asked,
    render_error,
    render_text,
)

PROGRAMS: dict[str, Program] = {
    "esearch": esearch,
    "efetch": efetch,
    "esummary": esummary,
    "elink": elink,
    "epost": epost,
    "einfo": einfo,
}
"""Every utility that is served, by the name in its address (NAME.fcgi)."""

NOT_SERVED = {
    "espell": ("espell is not served here: a search is taken as it is written.", 200),
    "egquery": (
        "egquery is not served here: there is one database; ask esearch.",
        400,
    ),
    "ecitmatch": (
        "ecitmatch is not served here: ask esearch, with [ta], [vi], [pg] and [au].",
        400,
    ),
}
"""What is said of NCBI's other utilities. Two of them have no place for an error in
their replies: theirs is plain text with a status that says so."""

MOST_BODY = 1_000_000
"""Bytes of a form; with more the request is refused (413)."""

MOST_ADDRESS = 32_768
"""Bytes of a query string; with more the request is refused (414), as NCBI does."""

BODY_WAIT_S = 30.0
"""Seconds in which a whole form must have come."""

SEND_WAIT_S = 60.0
"""Seconds in which a client must have taken one piece of a reply."""

HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]", "eutils.ncbi.nlm.nih.gov"})
"""What a request to this machine may call it. A web page in a browser here could
otherwise make the browser read the library under a name of its own (DNS rebinding)."""

_ADDRESS = re.compile(r"(?:/entrez/eutils)?/([a-z]{1,20})\.f?cgi")
_OTHER_FORMS = ("multipart/", "application/json")
_NO_FORM = "A form is read as application/x-www-form-urlencoded only.\n"
_WELCOME = "E-utilities of assay, for db=pubmed: {}.\n"
_FAILED = "Search Backend failed: the records cannot be read; the server says why."

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]


class Server:
    """An ASGI application. It opens its records when it starts, one set a process."""

    def __init__(
        self, folder: Path, history: Path | None = None, *, any_host: bool = False
    ) -> None:
        """Note what is to be served.

        Args:
            folder: the library's (cache/library).
            history: a file for the sets of sessions; None keeps them in memory.
            any_host: False answers only who calls this machine by one of HOSTS.
        """
        self._folder, self._history, self._any_host = folder, history, any_host
        self._desk: Desk | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or start and end (ASGI 3, HTTP and lifespan)."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await _send_reply(await self._answered(scope, receive), send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            self._desk = Desk(Shelf(self._folder), History(self._history))
        except Exception as error:
            _tell(error)
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._desk.shelf.close()
        self._desk.history.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answered(self, scope: Message, receive: Receive) -> Reply:
        if not (self._any_host or _host_of(scope) in HOSTS):
            return render_text("This server is for programs on its machine.\n", 403)
        if scope["path"] == "/":
            return render_text(_WELCOME.format(", ".join(sorted(PROGRAMS))))
        address = _ADDRESS.fullmatch(scope["path"])
        name = address[1] if address else ""
        if name not in PROGRAMS and name not in NOT_SERVED:
            return render_text("There is nothing at this address.\n", 404)
        if scope["method"] not in {"GET", "POST"}:
            return render_text("Only GET and POST are answered.\n", 405)
        if len(scope["query_string"]) > MOST_ADDRESS:
            return render_text("The address is too long: send a form (POST).\n", 414)
        try:
            body = await _body(receive)
        except TimeoutError:
            return render_text("The form did not come in time.\n", 408)
        if body is None:
            return render_text(f"A form may have {MOST_BODY:,} bytes.\n", 413)
        if body and _header(scope, b"content-type").startswith(_OTHER_FORMS):
            return render_text(_NO_FORM, 415)
        return self._reply(parse_asked(name, scope["query_string"], body))

    def _reply(self, asked: Asked) -> Reply:
        assert self._desk is not None
        if refusal := NOT_SERVED.get(asked.program):
            return render_error(asked, refusal[0], status=refusal[1])
        try:
            program = PROGRAMS[asked.program]
            _check_database(asked)
            self._desk.shelf.refresh(self._desk.clock())
            return _begun(program(asked, self._desk))
        except RefusedError as error:
            return render_error(asked, *error.messages, status=error.status)
        except Exception as error:
            _tell(error)
            return render_error(asked, _FAILED, status=500)


def _begun(reply: Reply) -> Reply:
    """Return a reply whose first piece is made: what fails at once can be told."""
    pieces = iter(reply.body)
    return reply._replace(body=chain((next(pieces, b""),), pieces))


def _check_database(asked: Asked) -> None:
    """Refuse any other database.

    Raises:
        RefusedError: one is named that is not served.
    """
    if asked.program == "einfo":
        return
    for name in ("db", "dbfrom"):
        wanted = asked.params.get(name, "") or DATABASE
        if wanted.lower() != DATABASE:
            raise RefusedError(BAD_DATABASE.format(wanted[:40]))


def _host_of(scope: Message) -> str:
    """Return the name by which the machine is called, without the port."""
    return re.sub(r":\d*$", "", _header(scope, b"host"))


def _header(scope: Message, name: bytes) -> str:
    """Return what a header says, in small letters; "" where it is not sent."""
    said: bytes = next((v for n, v in scope["headers"] if n == name), b"")
    return said.decode("latin-1").strip().lower()


async def _body(receive: Receive) -> bytes | None:
    """Return a request's form; None where it is too long.

    Raises:
        TimeoutError: it does not come.
    """
    body, more = b"", True
    async with asyncio.timeout(BODY_WAIT_S):
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = bool(message.get("more_body"))  # a disconnect has none
            if len(body) > MOST_BODY:
                return None
    return body


async def _send_reply(reply: Reply, send: Send) -> None:
    """Send a reply; one that cannot be made to its end is cut off, never closed.

    Who gets it sees that the end lacks, since the last chunk is not sent.
    """
    headers = [(b"content-type", reply.kind.encode())]
    await send(
        {"type": "http.response.start", "status": reply.status, "headers": headers}
    )
    try:
        for piece in reply.body:
            async with asyncio.timeout(SEND_WAIT_S):
                await send(
                    {"type": "http.response.body", "body": piece, "more_body": True}
                )
            await asyncio.sleep(0)  # others are waiting
    except TimeoutError:
        return  # who asked does not read on
    except Exception as error:
        _tell(error)
        return  # the connection is closed without the last chunk
    await send({"type": "http.response.body", "body": b""})


def _tell(error: Exception) -> None:
    """Say on standard error what went wrong; clients are not told of our files."""
    said = (
        str(error) if isinstance(error, AssayError) else f"a fault of ours: {error!r}"
    )
    print(f"assay: {said}", file=sys.stderr, flush=True)  # noqa: T201

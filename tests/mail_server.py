"""Mail servers on loopback: a real one (aiosmtpd), and ones that misbehave."""

import asyncio
import socket
import threading
from contextlib import contextmanager, suppress
from types import SimpleNamespace

from aiosmtpd.smtp import SMTP, AuthResult


class Inbox:
    """Takes every message, or answers recipients and messages as it is told."""

    def __init__(self, rcpt=None, data=None):
        self.messages = []
        """(sender, recipients, bytes)."""
        self.tries = []
        """Recipients that were named, each time."""
        self._rcpt, self._data = rcpt or {}, data

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        self.tries.append(address)
        answer = self._rcpt.get(address, self._rcpt.get("*"))
        answer = answer(len(self.tries)) if callable(answer) else answer
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        answer = self._data
        if answer:
            return answer
        kept = (envelope.mail_from, tuple(envelope.rcpt_tos), envelope.original_content)
        self.messages.append(kept)
        return "250 taken"


@contextmanager
def serve_mail(inbox, *, tls=None, implicit=False, users=None, mechanisms=None):
    """Serve mail on 127.0.0.1; give its port and what was tried as a login."""
    loop = asyncio.new_event_loop()
    seen = SimpleNamespace(port=0, logins=[])

    def check(server, session, envelope, mechanism, given):
        login = (given.login.decode(), given.password.decode())
        seen.logins.append((mechanism, *login, session.ssl is not None or implicit))
        success = login in (users or {}).items()
        return AuthResult(success=success, handled=success)

    def protocol():
        exclude = {"LOGIN", "PLAIN"} - set(mechanisms or {"LOGIN", "PLAIN"})
        return SMTP(
            inbox,
            hostname="mail.example",
            loop=loop,
            tls_context=None if implicit else tls,
            authenticator=check if users else None,
            auth_required=bool(users) and bool(tls) and not implicit,
            auth_require_tls=bool(tls) and not implicit,
            auth_exclude_mechanism=exclude,
        )

    server = loop.run_until_complete(
        loop.create_server(protocol, "127.0.0.1", 0, ssl=tls if implicit else None)
    )
    seen.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        server.close()
        loop.run_until_complete(_end_all())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


async def _end_all():
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0)  # so that connections are closed


@contextmanager
def serve_script(script):
    """Run `script(say, hear, connection)` for each connection; give the port.

    `say(bytes)` sends a line, `hear()` returns one. What was heard is in `heard`.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    told = SimpleNamespace(port=listener.getsockname()[1], heard=[])
    done = threading.Event()

    def handle(connection):
        with connection, suppress(OSError), connection.makefile("rb") as lines:

            def hear():
                line = lines.readline().rstrip(b"\r\n")
                told.heard.append(line)
                return line

            script(lambda line: connection.sendall(line + b"\r\n"), hear, done)

    def work():
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connection.settimeout(20)
                threading.Thread(target=handle, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        done.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(20)

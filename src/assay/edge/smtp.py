"""A message handed to the person's own mail server (RFC 5321), with TLS.

A password is sent only after the server has shown a certificate that this machine
trusts, or to this very machine. What a server says is told without any address.
"""

import re
import smtplib
import ssl
from base64 import b64encode
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from assay.edge.deadline import within
from assay.edge.digest_settings import MailSettings
from assay.edge.secrets import HIDDEN, hide_words
from assay.errors import DeliveryError
from assay.text import fold

SILENCE = 30.0
"""Seconds without a byte from the server after which it is given up."""
WHOLE = 180.0
"""Seconds for all of it."""
HELLO = "[127.0.0.1]"
"""How the server is greeted: a literal, so that this machine's name is not told."""
MOST_TOLD = 160
"""Characters of a server's own words that a message quotes."""
_ADDRESS = re.compile(r"<?[^\s<>]*@[^\s<>]*>?")


class Sent(NamedTuple):
    """What came of a message that the server took."""

    taken: int
    """Recipients for whom it took it."""
    refused: int
    why: str = ""
    """What it said of one that it refused."""


class Times(NamedTuple):
    """How long a server is waited for, in seconds."""

    silence: float = SILENCE
    whole: float = WHOLE


TIMES = Times()


def send_mail(
    message: bytes,
    mail: MailSettings,
    password: str,
    *,
    context: ssl.SSLContext | None = None,
    times: Times = TIMES,
) -> Sent:
    """Hand a message to the server for every recipient.

    Args:
        message: of ASCII alone, lines ending in CR LF.
        password: "" where the server asks for none.
        context: which certificates are trusted; the system's when None.

    Raises:
        DeliveryError: nobody gets it. `lasting` when the server will not take it later
            either (5xx, no TLS, a bad password); else it may be tried again, as after
            4xx (greylisting), silence, or a connection that broke.
    """
    secrets = (password, _plain(mail.user, password) if password else "")
    try:
        trusted = context or ssl.create_default_context()
        work = partial(_exchange, message, mail, password, trusted, times.silence)
        sent = within(times.whole, work)
    except DeliveryError:
        raise
    except Exception as error:
        text, lasting = _explain(error, mail)
        raise DeliveryError(_inert(text, mail, secrets), lasting=lasting) from None
    return sent._replace(why=_inert(sent.why, mail, secrets))


def _exchange(
    message: bytes,
    mail: MailSettings,
    password: str,
    context: ssl.SSLContext,
    silence: float,
) -> Sent:
    server = _connect(mail, context, silence)
    try:
        if mail.tls == "starttls":
            _start_tls(server, mail, context)
        server.ehlo_or_helo_if_needed()
        if password:
            _log_in(server, mail, password)
        refused = server.sendmail(mail.sender, mail.to, message)
        with suppress(Exception):  # it has the message: how it says goodbye is nothing
            server.quit()
    finally:
        server.close()
    why = next((_words(*answer) for answer in refused.values()), "")
    return Sent(len(mail.to) - len(refused), len(refused), why)


def _connect(
    mail: MailSettings, context: ssl.SSLContext, silence: float
) -> smtplib.SMTP:
    if mail.tls == "tls":
        return smtplib.SMTP_SSL(
            mail.host, mail.port, HELLO, timeout=silence, context=context
        )
    return smtplib.SMTP(mail.host, mail.port, HELLO, timeout=silence)


def _start_tls(
    server: smtplib.SMTP, mail: MailSettings, context: ssl.SSLContext
) -> None:
    """Go over to TLS, or go no further: what follows is for the server alone."""
    server.ehlo_or_helo_if_needed()
    if not server.has_extn("starttls"):
        raise DeliveryError(
            f"{_title(mail)} does not offer TLS, so that nothing was sent to it. "
            'Check "host" and "port" in [digest.email], or set "tls" to tls with the '
            "port for that.",
            lasting=True,
        )
    code, said = server.starttls(context=context)
    if code != 220:
        raise smtplib.SMTPResponseException(code, said)


def _log_in(server: smtplib.SMTP, mail: MailSettings, password: str) -> None:
    """Log in. What a server says to that is not told: it may repeat the password."""
    offered = server.esmtp_features.get("auth", "").upper().split()
    if not offered:
        raise DeliveryError(
            f'{_title(mail)} asks for no password. Take "user" out of [digest.email], '
            "or check its port.",
            lasting=True,
        )
    if "PLAIN" in offered:  # RFC 4616: any script, where smtplib knows ASCII only
        code, said = server.docmd("AUTH", f"PLAIN {_plain(mail.user, password)}")
    else:
        try:
            code, said = server.login(mail.user, password)
        except smtplib.SMTPAuthenticationError as error:
            code, said = error.smtp_code, _bytes(error.smtp_error)
        except (smtplib.SMTPNotSupportedError, smtplib.SMTPException, UnicodeError):
            code, said = 504, b""
    if code not in {235, 503}:  # 503: it knows already who this is
        raise _refused_login(code, said, mail)


def _refused_login(code: int, said: bytes, mail: MailSettings) -> DeliveryError:
    status = re.match(rb"[245]\.\d{1,3}\.\d{1,3}\b", said)
    shown = f"{code} {status[0].decode()}" if status else str(code)
    if 400 <= code < 500:
        return DeliveryError(f"{_title(mail)} cannot check the password now ({shown}).")
    return DeliveryError(
        f"{_title(mail)} does not accept the user or the password ({shown}). "
        'Check "user" in [digest.email] and ASSAY_SMTP_PASSWORD (or the keyring); some '
        "services want a password made for one program.",
        lasting=True,
    )


def _plain(user: str, password: str) -> str:
    return b64encode(f"\0{user}\0{password}".encode()).decode()


# --- what went wrong, for people ------------------------------------------------------


def _explain(error: Exception, mail: MailSettings) -> tuple[str, bool]:
    """Return what happened in one or two sentences, and whether it lasts."""
    who = _title(mail)
    check = 'Check "host", "port" and "tls" in [digest.email].'
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
        lasting = all(code >= 500 for code, _ in answers)
        return f"{who} refuses every recipient{_quoted(*answers[0])}.", lasting
    if isinstance(error, smtplib.SMTPResponseException):
        said = _quoted(error.smtp_code, _bytes(error.smtp_error))
        lasting = error.smtp_code >= 500
        how = "refuses the digest" if lasting else "does not take the digest now"
        return f"{who} {how}{said}.", lasting
    if isinstance(error, smtplib.SMTPServerDisconnected):
        slow = "timed out" in str(error)
        return f"{who} {'did not answer in time' if slow else 'broke off'}.", False
    if isinstance(error, ssl.SSLCertVerificationError):
        why = f"its certificate is not trusted ({error.verify_message.rstrip('.')})"
        return f"{who} was not spoken to: {why}. {check}", True
    if isinstance(error, ssl.SSLError):
        return f"{who} does not speak TLS there as it should. {check}", True
    if isinstance(error, TimeoutError):
        return f"{who} did not answer in time. {check}", False
    if isinstance(error, OSError):
        why = (error.strerror or type(error).__name__).lower()
        return f"{who} cannot be reached ({why}). {check}", False
    if isinstance(error, smtplib.SMTPException):
        return f"{who} does not speak SMTP as it should. {check}", False
    raise error


def _title(mail: MailSettings) -> str:
    return f"The mail server {mail.host}"


def _quoted(code: int, said: bytes) -> str:
    return f" ({_words(code, said)})"


def _words(code: int, said: bytes) -> str:
    """Return what a server said as one short line without e-mail addresses.

    >>> _words(550, b"5.1.1 <ada@example.org>: unknown\\nBye")
    '550 5.1.1 (hidden): unknown Bye'
    """
    text = "".join(c if c.isprintable() else " " for c in said.decode(errors="replace"))
    text = _ADDRESS.sub(HIDDEN, fold(text))[:MOST_TOLD].rstrip(" .")
    return f"{code} {text}".rstrip()


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode(errors="replace")


def _inert(text: str, mail: MailSettings, secrets: Iterable[str]) -> str:
    own = (mail.sender, *mail.to, mail.user if "@" in mail.user else "")
    return hide_words(text, (*secrets, *own))

"""A digest posted as JSON to an address that the person set.

The address may be all the secret there is: it is told nowhere but by its host, and no
redirect is followed, which would tell it to somebody else.
"""

import json
import re
import ssl
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPException, HTTPResponse
from typing import NamedTuple
from urllib.error import URLError
from urllib.parse import urlsplit

from assay import __version__
from assay.edge.deadline import within
from assay.edge.digest_settings import HERE
from assay.edge.patience import seconds_demanded
from assay.edge.secrets import hide_words
from assay.errors import DeliveryError
from assay.text import fold

SILENCE = 20.0
"""Seconds without a byte after which a server is given up."""
WHOLE = 60.0
"""Seconds for one try in all."""
MOST_READ = 10_000
"""Bytes of an answer that are read: nothing in it is needed."""
MOST_TOLD = 120
"""Characters of it that a message quotes."""
MOST_SLEPT = 3.0
"""Seconds; a server that asks for at most so much is asked again at once after it."""
_PASSING = frozenset({408, 409, 421, 425, 429})
"""Besides 5xx; 409: another with that key is just being taken (Idempotency-Key)."""


class _Answer(NamedTuple):
    status: int
    retry_after: str
    words: str


class Times(NamedTuple):
    """How long a server is waited for, in seconds."""

    silence: float = SILENCE
    whole: float = WHOLE


TIMES = Times()


def _utc_now() -> datetime:
    return datetime.now(UTC)


def post_json(
    address: str,
    body: str,
    key: str,
    *,
    context: ssl.SSLContext | None = None,
    times: Times = TIMES,
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], datetime] = _utc_now,
) -> str:
    """Post JSON to an address, and return its host once it answered 2xx.

    Args:
        address: https, or http on this machine; the whole of it is kept secret.
        key: sent as Idempotency-Key, the same at each try, so that the other side can
            tell a digest that comes twice.
        context: which certificates are trusted; the system's when None.

    Raises:
        DeliveryError: it was not taken. `lasting` after 3xx and 4xx; not after 408,
            409, 425, 429, 5xx, silence and no connection. `wait` is what its header
            Retry-After asks for.
    """
    host = urlsplit(address).hostname or ""
    trusted = context or ssl.create_default_context()
    send = partial(_send, address, body.encode(), key, trusted, times.silence)
    for last in (False, True):
        try:
            answer = within(times.whole, send)
        except Exception as error:
            raise _explain(error, host) from None
        if 200 <= answer.status < 300:
            return host
        wait = seconds_demanded(answer.retry_after, now()) or 0.0
        passing = answer.status in _PASSING or answer.status >= 500
        if last or not passing or not 0.0 < wait <= MOST_SLEPT:
            break
        sleep(wait)
    raise _refused(answer, host, hide_words(answer.words, _parts(address)), wait)


def _send(
    address: str, body: bytes, key: str, context: ssl.SSLContext, silence: float
) -> _Answer:
    request = urllib.request.Request(
        address,
        data=body,
        method="POST",
        headers={
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": f"assay/{__version__}",
            "Idempotency-Key": key,
            "Accept": "application/json, text/plain;q=0.9, */*;q=0.1",
        },
    )
    # Put together by hand: the ready one follows redirects and reads file: addresses.
    opener = urllib.request.OpenerDirector()
    here = urlsplit(address).hostname in HERE
    opener.add_handler(urllib.request.ProxyHandler({} if here else None))
    opener.add_handler(urllib.request.HTTPHandler())
    opener.add_handler(urllib.request.HTTPSHandler(context=context))
    with opener.open(request, timeout=silence) as answer:
        good = 200 <= answer.status < 300
        words = "" if good else _words(answer)
        return _Answer(answer.status, answer.headers.get("Retry-After", ""), words)


def _words(answer: HTTPResponse) -> str:
    """Return the beginning of what a server says of an error, on one line."""
    try:
        text = answer.read(MOST_READ).decode(errors="replace")
    except (OSError, HTTPException):
        return ""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = text if "<" not in text else ""  # no page of HTML
    for name in ("error", "message", "detail"):
        value = value.get(name, value) if isinstance(value, dict) else value
    plain = "".join(c if c.isprintable() else " " for c in str(value))
    return fold(plain)[:MOST_TOLD] if isinstance(value, str) else ""


def _refused(answer: _Answer, host: str, words: str, wait: float) -> DeliveryError:
    said = f"HTTP {answer.status}{f': {words}' if words else ''}"
    if answer.status in _PASSING or answer.status >= 500:
        return DeliveryError(
            f"The webhook at {host} does not take the digest now ({said}).", wait=wait
        )
    if 300 <= answer.status < 400:
        why = "It sends to another address, which is not followed"
    elif answer.status in {404, 410}:
        why = "It is not there any more"
    else:
        why = "It refuses the digest"
    return DeliveryError(
        f"The webhook at {host} did not take the digest ({said}). {why}: check its "
        "address.",
        lasting=True,
    )


def _explain(error: Exception, host: str) -> DeliveryError:
    """Return why no answer came, in words that hold nothing of the address."""
    why = error.reason if isinstance(error, URLError) else error
    if isinstance(why, ssl.SSLCertVerificationError):
        return DeliveryError(
            f"The webhook at {host} was not spoken to: its certificate is not trusted "
            f"({why.verify_message.rstrip('.')}).",
            lasting=True,
        )
    if isinstance(why, TimeoutError):
        return DeliveryError(f"The webhook at {host} did not answer in time.")
    if isinstance(why, ConnectionResetError | BrokenPipeError):
        return DeliveryError(f"The webhook at {host} broke off.")
    if isinstance(why, OSError):
        said = (why.strerror or type(why).__name__).lower()
        return DeliveryError(f"The webhook at {host} cannot be reached ({said}).")
    kind = type(why).__name__
    return DeliveryError(f"The webhook at {host} gave no valid answer ({kind}).")


def _parts(address: str) -> tuple[str, ...]:
    """Return what of an address may be secret: it, its path, each long part of that."""
    parts = urlsplit(address)
    tail = address.partition("://")[2].partition("/")[2]
    pieces = re.split(r"[/?&=#]", tail)
    return (address, tail, parts.path, *(piece for piece in pieces if len(piece) >= 6))

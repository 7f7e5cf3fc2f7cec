"""Every key of the tables [digest], [digest.email], [digest.webhook] of assay.toml."""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple, TypeGuard
from zoneinfo import ZoneInfo

from assay.edge.secrets import SMTP_PASSWORD, WEBHOOK
from assay.edge.setting_rules import is_safe_address
from assay.errors import QueryError
from assay.query.saved import parse_name

FOLDER = "digests"
CHANNELS_UNSAID = ("html", "atom")
"""Where a digest goes when nothing else is said."""
MOST_RECIPIENTS = 50
PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""How a mail server is spoken to, with the port where it does that (RFC 8314)."""


class DigestKey(NamedTuple):
    """One key of a table."""

    must_be: str
    """Ends the sentence "… must be …"."""
    allows: Callable[[object], bool]
    purpose: str
    needed: bool = False


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _is_line(value: object) -> bool:
    return _is_text(value) and len(value) <= 200


def _is_list(item: Callable[[object], bool], most: int) -> Callable[[object], bool]:
    """Return whether a value is a list of such items, each once."""

    def allows(value: object) -> bool:
        return (
            isinstance(value, list)
            and len(value) <= most
            and all(map(item, value))
            and len({str(each).lower() for each in value}) == len(value)
        )

    return allows


def is_mailbox(value: object) -> TypeGuard[str]:
    """Say whether `value` is one bare e-mail address, fit for a header as it is.

    Its host may be written in any script. Blanks, quotes, brackets, lists, comments and
    line ends may not stand in it.

    >>> is_mailbox("ada@example.org"), is_mailbox("ada@bücher.example")
    (True, True)
    >>> is_mailbox("Ada <ada@example.org>"), is_mailbox("a@example.org\\nBcc: b@c.org")
    (False, False)
    """
    if not _is_text(value) or len(value) > 254:
        return False
    name, _, host = write_host(value).rpartition("@")
    atom = r"[\w!#$%&'*+/=?^`{|}~-]+"
    good = len(name) <= 64 and re.fullmatch(rf"{atom}(\.{atom})*", name, re.ASCII)
    dotted = host == "localhost" or "." in host.strip(".")
    return bool(good) and host.isascii() and _is_host(host) and dotted


def write_host(address: str) -> str:
    """Return an e-mail address with its host as the name system writes it.

    >>> write_host("ada@bücher.example"), write_host("ada@example.org")
    ('ada@xn--bcher-kva.example', 'ada@example.org')
    """
    name, at, host = address.strip().rpartition("@")
    with suppress(UnicodeError):
        host = host.encode("idna").decode()
    return f"{name}{at}{host}"


def is_time_zone(value: object) -> TypeGuard[str]:
    """Say whether `value` is the IANA name of a time zone that this machine knows.

    >>> is_time_zone("UTC"), is_time_zone("Mars/Base"), is_time_zone("../etc")
    (True, False, False)
    """
    if value == "UTC":
        return True  # also where no data of time zones is installed
    try:
        return _is_text(value) and bool(ZoneInfo(value).key)
    except (KeyError, ValueError, OSError):  # unknown, no name, a folder of zones
        return False


def _is_query_name(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(parse_name(value))
    except QueryError:
        return False


def _is_host(value: object) -> bool:
    label = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
    name = rf"{label}(?:\.{label})*\.?"
    return _is_text(value) and (value == "::1" or bool(re.fullmatch(name, value)))


def _is_webhook(value: object) -> bool:
    return _is_text(value) and is_safe_address(value)


DIGEST_KEYS: dict[str, dict[str, DigestKey]] = {
    "digest": {
        "to": DigestKey(
            "a list of channels, each once",
            _is_list(_is_text, 50),
            f"Where digests go; {', '.join(CHANNELS_UNSAID)} when not set.",
        ),
        "queries": DigestKey(
            "a list of names of saved queries, each once",
            _is_list(_is_query_name, 10_000),
            "The saved queries that take part; all of the workspace when not set.",
        ),
        "title": DigestKey(
            "one line of at most 200 characters",
            _is_line,
            'The title of digests; "assay digest" when not set.',
        ),
        "time_zone": DigestKey(
            'the name of a time zone, such as "Europe/Berlin"',
            is_time_zone,
            'Of the schedules that name none; "UTC" when not set.',
        ),
        "folder": DigestKey(
            "a path",
            _is_line,
            f'Where files of digests lie, in the workspace; "{FOLDER}" when not set.',
        ),
    },
    "digest.email": {
        "from": DigestKey(
            "one e-mail address, without a name", is_mailbox, "The sender.", needed=True
        ),
        "to": DigestKey(
            f"a list of 1 to {MOST_RECIPIENTS} e-mail addresses, each once",
            lambda value: bool(value) and _is_list(is_mailbox, MOST_RECIPIENTS)(value),
            "The recipients; all of them stand in the message.",
            needed=True,
        ),
        "host": DigestKey(
            "the name of a mail server",
            _is_host,
            "Your mail server; not needed for the channel eml.",
        ),
        "tls": DigestKey(
            f"one of {', '.join(PORTS)}; none only for localhost",
            lambda value: value in tuple(PORTS),
            "How it is spoken to; starttls when not set. Its certificate is checked.",
        ),
        "port": DigestKey(
            "a whole number from 1 to 65535",
            lambda value: type(value) is int and 1 <= value <= 65535,
            f"{', '.join(f'{port} for {tls}' for tls, port in PORTS.items())} when not "
            "set.",
        ),
        "user": DigestKey(
            "one line of at most 200 characters",
            _is_line,
            f"Whom the password in {SMTP_PASSWORD} belongs to; no password is sent "
            "when not set.",
        ),
        "unsubscribe": DigestKey(
            "one e-mail address, without a name",
            is_mailbox,
            "Where a recipient can write to get no more (RFC 2369).",
        ),
    },
    "digest.webhook": {
        "address": DigestKey(
            "an https address (or http on this machine)",
            _is_webhook,
            f"Where the channel webhook sends, unless {WEBHOOK} says it; only an "
            "address that is no secret.",
            needed=True,
        ),
    },
}
"""Every key of each table."""

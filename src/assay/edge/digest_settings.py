"""What assay.toml says of digests: its table [digest] and those inside it.

No password, token or secret address stands in that file: one that does is refused with
where it belongs (`secrets`).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from assay.edge.digest_keys import (
    CHANNELS_UNSAID,
    DIGEST_KEYS,
    FOLDER,
    PORTS,
    write_host,
)
from assay.edge.secrets import SLACK, SMTP_PASSWORD, WEBHOOK, say_where
from assay.edge.setting_rules import unknown_key
from assay.errors import SettingsError

HERE = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts to which mail and passwords may go without TLS: this very machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """From whom, to whom and through which server a digest is sent."""

    sender: str = field(repr=False)
    to: tuple[str, ...] = field(repr=False)
    host: str = ""
    """"" when only files for the person's own mailer are to be written."""
    tls: str = "starttls"
    """One of PORTS."""
    port: int = PORTS["starttls"]
    user: str = field(default="", repr=False)
    """"" for a server that asks for no password."""
    unsubscribe: str = field(default="", repr=False)
    """Address that takes cancellations; "" when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSettings:
    """How the person wants digests; no password stands in it."""

    to: tuple[str, ...] = CHANNELS_UNSAID
    """Names of channels."""
    queries: tuple[str, ...] = ()
    """Those that take part; () for all of the workspace."""
    title: str = "assay digest"
    time_zone: str = "UTC"
    """IANA name; of all schedules that name none."""
    folder: str = FOLDER
    """In the workspace, or a path."""
    email: MailSettings | None = None
    webhook: str = field(default="", repr=False)
    """Address for the channel of that name; "" when it is kept as a secret."""

    def people(self) -> tuple[str, ...]:
        """Return the e-mail addresses, which are not to be shown."""
        mail = self.email
        if mail is None:
            return ()
        own = (mail.sender, *mail.to, mail.unsubscribe, mail.user)
        return tuple(dict.fromkeys(name for name in own if "@" in name))


UNSAID = DigestSettings()
"""What holds where the file says nothing."""


_PASSWORDS = re.compile(r"pass|pwd|token|secret|credential|api_?key", re.IGNORECASE)
_SECRET_HOSTS = re.compile(
    r"(?:^|\.)(?:hooks\.slack(?:-gov)?\.com|discord(?:app)?\.com|hooks\.zapier\.com"
    r"|(?:webhook\.office|logic\.azure|maker\.ifttt|chat\.googleapis)\.com"
    r"|api\.telegram\.org)$"
)
"""Services where the address of a webhook is all that is needed to post there."""
_CODE = re.compile(
    r"(?=.*\d)(?=.*[a-z])[a-z\d]{16,}"
    r"|(?=.*\d)(?=.*(?-i:[a-z]))(?=.*(?-i:[A-Z]))[\w.~-]{20,}"
    r"|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}",
    re.IGNORECASE,
)
"""A part of an address that looks as if it was drawn by lot."""


def parse_digest(
    table: object, where: str, channels: Collection[str]
) -> DigestSettings:
    """Return what the table `digest` says; `where` begins error messages.

    `channels` are the names of those that there are.

    Raises:
        SettingsError: says the table and the key, never the value.

    >>> parse_digest({"to": ["html"]}, "assay.toml", ["html"]).to
    ('html',)
    >>> parse_digest({"tittle": "x"}, "assay.toml", [])
    Traceback (most recent call last):
    assay.errors.SettingsError: assay.toml, [digest]: unknown key "tittle"; did you \
mean "title"? Known keys: to, queries, title, time_zone, folder, email, webhook.
    """
    found = _checked(table, "digest", where, inner=("email", "webhook"))
    for name in found.get("to", ()):
        if name not in channels:
            said = unknown_key(name, dict.fromkeys(channels)).replace("key", "channel")
            raise SettingsError(f'{where}, [digest], "to": {said}')
    if "email" in found:
        found["email"] = _mail(found["email"], where)
    if "webhook" in found:
        found["webhook"] = _webhook(found["webhook"], where)
    return DigestSettings(**found)


def _checked(
    table: object, name: str, where: str, inner: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return a table whose keys are all known and as they must be; lists as tuples.

    `inner` are the names of tables in it, which are left as they are.
    """
    place = f"{where}, [{name}]"
    if not isinstance(table, dict):
        raise SettingsError(f"{place} must be a table.")
    keys = DIGEST_KEYS[name]
    for key, value in table.items():
        if key not in keys and key not in inner:
            _refuse_secret(key, place)
            known = unknown_key(key, dict.fromkeys((*keys, *inner)))
            raise SettingsError(f"{place}: {known}")
        if key in keys and not keys[key].allows(value):
            raise SettingsError(f'{place}: "{key}" must be {keys[key].must_be}.')
    for key, rule in keys.items():
        if rule.needed and key not in table:
            raise SettingsError(
                f'{place}: "{key}" is missing; it must be {rule.must_be}.'
            )
    return {
        key: tuple(value) if isinstance(value, list) else _tidy(value)
        for key, value in table.items()
    }


def _tidy(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _refuse_secret(key: str, place: str) -> None:
    """Refuse a key whose value would be a secret, and say where that belongs."""
    if key == "slack":
        raise SettingsError(
            f"{place}: the address of a Slack webhook is a secret and is not kept in "
            f"this file. {say_where(SLACK)}"
        )
    if _PASSWORDS.search(key):
        name = WEBHOOK if "webhook" in place else SMTP_PASSWORD
        raise SettingsError(
            f'{place}: "{key}" would be a secret, which is not kept in this file, '
            f"since others may come to read it. {say_where(name)}"
        )


def _mail(table: object, where: str) -> MailSettings:
    found = _checked(table, "digest.email", where)
    found["sender"] = write_host(found.pop("from"))
    found["to"] = tuple(map(write_host, found["to"]))
    found["unsubscribe"] = write_host(found.get("unsubscribe", ""))
    tls = found.setdefault("tls", "starttls")
    found.setdefault("port", PORTS[tls])
    if tls == "none" and found.get("host", "localhost") not in HERE:
        raise SettingsError(
            f'{where}, [digest.email]: "tls" may be none only for a server on this '
            "machine (localhost), since a digest and a password would be readable on "
            "the way; use starttls or tls."
        )
    return MailSettings(**found)


def _webhook(table: object, where: str) -> str:
    address = str(_checked(table, "digest.webhook", where)["address"])
    parts = urlsplit(address)
    slack = (parts.hostname or "").startswith("hooks.slack")
    known = _SECRET_HOSTS.search(parts.hostname or "")
    if known or any(map(_CODE.fullmatch, parts.path.split("/"))):
        raise SettingsError(
            f'{where}, [digest.webhook]: "address" is or holds a secret, which is not '
            "kept in this file, since others may come to read it. "
            f"{say_where(SLACK if slack else WEBHOOK)}"
        )
    return address

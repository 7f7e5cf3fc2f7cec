"""A digest as a mail (RFC 5322, MIME): plain words first, the same as HTML last.

The same digest and headers give the same bytes, and a mail that is sent twice has one
Message-ID, by which mailboxes know it. What people wrote stands in a header as words
only: line breaks and controls are gone, and what could be read as an encoded word is
encoded itself. Headers are written by `email.header`, not by the newer policies of
`email`: those write a long address in angle brackets as encoded words (CPython issue
87659), so that nobody could unsubscribe.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime, quote
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote as percent

from assay.digest.model import Digest, name_of
from assay.errors import DeliveryError
from assay.output.clean import one_line
from assay.output.digest_mail_html import render_mail_html
from assay.output.digest_mail_text import render_mail_text
from assay.output.digest_words import say_subject

_POLICY = compat32.clone(linesep="\r\n", max_line_length=76, mangle_from_=False)
_ADDRESS = re.compile(r"(?P<name>[^<>]*)<(?P<within>[^<>]*)>|(?P<bare>[^<>]*)")
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_HOST_PART = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LABEL = re.compile(r"[A-Za-z0-9-]{1,64}")
_ASCII = re.compile(r"[ -~]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailHeaders:
    """Whom a mail is from and to, and what names it."""

    sender: str
    """"anna@example.org" or "Anna <anna@example.org>"."""
    to: tuple[str, ...]
    """One or more, written alike."""
    workspace: str
    """An opaque id that never changes; it stands in Message-ID and List-Id."""
    channel: str = "mail"
    host: str = ""
    """The domain in Message-ID and List-Id where the person holds one; "" takes the
    sender's for the first and "localhost", which anybody may use, for the second
    (RFC 2919, 3). The name of this machine stands nowhere."""
    unsubscribe: str = ""
    """Address that takes cancellations; "" when there is none."""


class _Address(NamedTuple):
    """An address with the name before it."""

    name: str
    spec: str


def build_mail(digest: Digest, headers: MailHeaders) -> bytes:
    """Return the whole mail, lines ending in CR LF, none longer than 998 characters.

    Raises:
        DeliveryError: lasting, where an address or the host is not one. It does not
            say which address, since that is nobody's business; it says where it stands.
    """
    text = render_mail_text(digest)
    page = render_mail_html(digest)
    mark = sha256(f"{text}{page}".encode()).hexdigest()[:32]
    mail: Message[Header | str, Header | str] = Message(policy=_POLICY)
    for name, value in _headers(digest, headers).items():
        mail[name] = value
    mail["MIME-Version"] = "1.0"
    mail.add_header("Content-Type", "multipart/alternative", boundary=f"=_{mark}")
    mail.attach(_part("plain", text))
    mail.attach(_part("html", page))
    return mail.as_bytes(policy=_POLICY)


def _part(subtype: str, text: str) -> MIMENonMultipart:
    part = MIMENonMultipart("text", subtype, policy=_POLICY)
    del part["MIME-Version"]  # of the whole only
    charset = Charset("utf-8")
    charset.body_encoding = QP
    part.set_payload(text, charset)
    return part


def _headers(digest: Digest, headers: MailHeaders) -> dict[str, Header | str]:
    sender = _parse_address(headers.sender, "`from`")
    to = [_parse_address(each, "`to`") for each in headers.to]
    if not to:
        raise _refuse("`to`", "names nobody")
    host = headers.host
    if host and not _is_host(host):
        raise _refuse("`host`", "is not the name of a domain")
    own = _label(headers.workspace)
    label = f"{name_of(digest)}.{_label(headers.channel)}.{own}"
    title = one_line(digest.title)
    subject = f"[{title} {digest.number}] {one_line(say_subject(digest))}"
    unsubscribe = {}
    if headers.unsubscribe:
        spec = _parse_address(headers.unsubscribe, "`unsubscribe`").spec
        unsubscribe = {"List-Unsubscribe": f"<mailto:{percent(spec, safe='@')}>"}
    return {
        "From": _addresses("From", [sender]),
        "To": _addresses("To", to),
        "Subject": _subject(subject),
        "Date": format_datetime(datetime.fromisoformat(digest.made)),
        "Message-ID": f"<{label}@{host or sender.spec.rpartition('@')[2]}>",
        "List-Id": _list_id(title, f"digest.{own}.{host or 'localhost'}"),
        "Auto-Submitted": "auto-generated",
        **unsubscribe,
    }


def _parse_address(text: str, where: str) -> _Address:
    """Return the parts of an address; its name on one line.

    Only plain addresses of ASCII letters are taken: no quotes, no comments, no second
    address behind a comma.
    """
    match = _ADDRESS.fullmatch(text.strip())
    spec = (match["within"] or match["bare"] or "").strip() if match else ""
    local, _, host = spec.rpartition("@")
    if not (match and _LOCAL.fullmatch(local) and _is_host(host)):
        raise _refuse(where, "is not an e-mail address")
    return _Address(_unquoted(one_line(match["name"] or "")), spec)


def _unquoted(name: str) -> str:
    quoted = len(name) > 1 and name[0] == name[-1] == '"'
    return name[1:-1].replace('\\"', '"') if quoted else name


def _is_host(text: str) -> bool:
    """Tell whether a text is the name of a domain in ASCII (RFC 1123, 2.1)."""
    return len(text) <= 253 and all(map(_HOST_PART.fullmatch, text.split(".")))


def _refuse(where: str, what: str) -> DeliveryError:
    remedy = "Write name@example.org or Name <name@example.org> in the settings."
    return DeliveryError(f"mail: {where} {what}. {remedy}", lasting=True)


def _label(text: str) -> str:
    """Return a text as one part of an id: itself, or a hash where it may not stand."""
    return text if _LABEL.fullmatch(text) else sha256(text.encode()).hexdigest()[:32]


def _addresses(header: str, addresses: Sequence[_Address]) -> Header:
    value = Header(header_name=header)
    for at, each in enumerate(addresses, 1):
        comma = "," if at < len(addresses) else ""
        _add_phrase(value, each.name)
        value.append(f"<{each.spec}>{comma}" if each.name else f"{each.spec}{comma}")
    return value


def _list_id(title: str, name: str) -> Header:
    value = Header(header_name="List-Id")
    _add_phrase(value, title)
    value.append(f"<{name}>")
    return value


def _add_phrase(value: Header, words: str) -> None:
    """Add words before an address: quoted, or encoded where they must be."""
    if not words:
        return
    if _is_plain(words):
        value.append(f'"{quote(words)}"')
    else:
        value.append(words, "utf-8")


def _subject(text: str) -> Header:
    charset = "us-ascii" if _is_plain(text) else "utf-8"
    return Header(text, charset, header_name="Subject")


def _is_plain(text: str) -> bool:
    """Tell whether a text may stand in a header as it is (RFC 2047, 2)."""
    return bool(_ASCII.fullmatch(text)) and "=?" not in text

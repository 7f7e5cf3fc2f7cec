"""Fetches one page for the person who asks: an article's address to its bytes.

Not for services' answers, which `edge/fetch.py` gets: a page may lie anywhere, so the
place it lies at is checked first, and size, time and redirects are bounded.
"""

import ipaddress
import re
import socket
import ssl
import threading
import time
from typing import NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx

from assay.errors import ArticleError

MAX_BYTES = 5_000_000
"""Bytes of the largest page, after decompression."""
MAX_SECONDS = 20.0
"""Seconds for the whole of it: names, redirects, every byte."""
MAX_REDIRECTS = 5

_SAVE = "Open it in a browser, save the page, and give that file."
_REDIRECTS = {301, 302, 303, 307, 308}
_STATUS = {
    401: "asks for a password",
    402: "asks for payment",
    403: "refuses programs (403)",
    404: "is not there (404)",
    410: "has been removed (410)",
    429: "has been asked too often (429)",
    451: "is blocked for legal reasons (451)",
}
_HEADERS = {
    "User-Agent": "assay (reads one page for its reader)",
    "Accept": "text/html, application/xhtml+xml, text/*;q=0.9, application/pdf;q=0.9",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "close",
}
_SECRET = re.compile(
    r"([?&;][^=&;]*(?:key|token|sig|pass|pwd|auth|secret|session|credential|code)[^=&;]*=)"
    r"[^&;#]*",
    re.IGNORECASE,
)
_ALSO_LOCAL = frozenset({"168.63.129.16"})
"""Addresses outside the private ranges that serve a cloud machine its own secrets."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""How an IPv4 address is written in networks that only speak IPv6 (RFC 6052)."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Page(NamedTuple):
    """What lay at an address."""

    body: bytes
    name: str
    """The address asked for, without user name, password and secret parameters."""
    media_type: str
    """Lower case, without parameters; "" when the server named none."""
    charset: str
    """As declared by the server, "" when it declared none."""


def fetch_page(
    address: str, *, allow_local: bool = False, seconds: float = MAX_SECONDS
) -> Page:
    """Return what lies at an http or https address.

    Private, loopback, link-local and other addresses that are not public are refused
    unless `allow_local`; even then a redirect may not lead to another such host. The
    connection goes to the very address that was checked.

    Raises:
        ArticleError: with what happened and what to do.
    """
    outcome: list[Page | Exception] = []
    deadline = time.monotonic() + seconds

    def work() -> None:
        try:
            outcome.append(_followed(address, allow_local, deadline))
        except Exception as error:
            outcome.append(error)

    # A thread, because neither a name server nor a server that sends its headers byte
    # by byte can be bounded from within one.
    thread = threading.Thread(target=work, daemon=True, name="fetch-page")
    thread.start()
    thread.join(seconds + 0.5)
    result = outcome[0] if outcome else ArticleError(_slow(address))
    if isinstance(result, Exception):
        raise result
    return result


def shown_address(address: str) -> str:
    """Return an address fit to be shown: without credentials and secret parameters.

    >>> shown_address("https://me:pw@example.org/a?id=1&api_key=xyz#top")
    'https://example.org/a?id=1&api_key=…'
    """
    shown = re.sub(r"^(\w+:/*)[^/?#]*@", r"\1", address.strip())
    shown = re.sub(r"[\x00-\x20\x7f-\x9f]", "", shown.partition("#")[0])
    return _SECRET.sub(r"\1…", shown)[:300]


def is_public(address: Address) -> bool:
    """Tell whether an address belongs to the open internet.

    An address that stands for another one (mapped, NAT64) or carries one inside (6to4,
    Teredo) is judged by that one.

    >>> is_public(ipaddress.ip_address("169.254.169.254"))
    False
    >>> is_public(ipaddress.ip_address("::ffff:10.0.0.1"))
    False
    """
    judged: list[Address] = [address]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            judged = [address.ipv4_mapped]
        elif address in _NAT64:
            judged = [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
        carried = (address.sixtofour, *(address.teredo or ()))
        judged += [a for a in carried if a is not None]
    return all(
        a.is_global
        and not (a.is_multicast or a.is_reserved or a.is_unspecified or a.is_loopback)
        and str(a) not in _ALSO_LOCAL
        for a in judged
    )


def _followed(address: str, allow_local: bool, deadline: float) -> Page:
    """Return the page after at most MAX_REDIRECTS redirects, each one checked anew."""
    url = _checked(address, address)
    first = url.hostname
    current = address
    for _ in range(MAX_REDIRECTS + 1):
        local = allow_local and url.hostname == first
        places = _places(url, address, current, local)
        with _client(deadline) as client:
            answer = _asked(client, url, places, current, deadline)
        if isinstance(answer, Page):
            return answer._replace(name=shown_address(address))
        current = urljoin(current, answer)
        following = _checked(current, address)
        if url.scheme == "https" and following.scheme == "http":
            raise ArticleError(
                f"{shown_address(address)} leads from a secure address to an insecure"
                f" one, which is not followed. {_SAVE}"
            )
        url = following
    raise ArticleError(
        f"{shown_address(address)} redirects more than {MAX_REDIRECTS} times. {_SAVE}"
    )


def _client(deadline: float) -> httpx.Client:
    left = max(0.1, deadline - time.monotonic())
    return httpx.Client(
        follow_redirects=False, trust_env=False, timeout=left, headers=_HEADERS
    )


def _checked(address: str, asked: str) -> SplitResult:
    """Return the parts of an address that may be fetched."""
    shown = shown_address(address)
    try:
        url = urlsplit(address.strip())
        usable = url.scheme in {"http", "https"} and bool(_ascii_host(url))
        usable = usable and url.port != 0
    except ValueError:  # brackets, port or name that cannot be
        usable = False
    if not usable:
        how = "" if address == asked else f"{shown_address(asked)} leads to it. "
        raise ArticleError(
            f"{shown} is no address that can be read. {how}"
            "Give an address that begins with https:// or http://, or a file."
        )
    if url.username is not None or url.password is not None:
        raise ArticleError(
            f"The address {shown} holds a user name or a password, which assay does not"
            f" send. {_SAVE}"
        )
    return url


def _places(
    url: SplitResult, asked: str, address: str, allow_local: bool
) -> list[Address]:
    """Return the addresses that a name stands for, once each of them is allowed."""
    host = url.hostname or ""
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ArticleError(
            f"{shown_address(address)}: no machine of the name {host} was found."
            " Check the address and the network connection."
        ) from error
    places = [ipaddress.ip_address(str(info[4][0]).partition("%")[0]) for info in found]
    if not allow_local and not all(is_public(place) for place in places):
        where = "lies on this machine or in a private network"
        if address != asked:
            raise ArticleError(
                f"{shown_address(asked)} leads to {shown_address(address)}, which"
                f" {where} and is not read. {_SAVE}"
            )
        raise ArticleError(
            f"{shown_address(address)} {where}, which is not read. If you trust it, add"
            " --allow-local, or save the page and give that file."
        )
    return list(dict.fromkeys(places))


def _asked(
    client: httpx.Client,
    url: SplitResult,
    places: list[Address],
    address: str,
    deadline: float,
) -> Page | str:
    """Return the page, or where it redirects to; places are tried until one answers."""
    shown = shown_address(address)
    for place in places:
        try:
            return _exchanged(client, url, place, shown, deadline)
        except httpx.ConnectError as error:
            if isinstance(_root(error), ssl.SSLError):
                break
        except httpx.TimeoutException as error:
            raise ArticleError(_slow(address)) from error
        except httpx.DecodingError as error:
            raise ArticleError(
                f"{shown} came damaged: it could not be decompressed. {_SAVE}"
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise ArticleError(
                f"{shown}: the server broke off or gave no valid answer. Try again, or"
                " open it in a browser, save the page, and give that file."
            ) from error
    else:
        raise ArticleError(
            f"{shown} could not be reached. Check the address and the network"
            " connection, or save the page and give that file."
        )
    raise ArticleError(
        f"{shown} could not be reached safely: its certificate is not valid or it"
        f" does not speak https. {_SAVE}"
    )


def _root(error: BaseException) -> BaseException:
    while (deeper := error.__cause__ or error.__context__) is not None:
        error = deeper
    return error


def _exchanged(
    client: httpx.Client, url: SplitResult, place: Address, shown: str, deadline: float
) -> Page | str:
    """Send the request to one place; return the page or where it redirects to."""
    port = f":{url.port}" if url.port else ""
    target = f"{url.scheme}://{_bracketed(str(place))}{port}{url.path or '/'}"
    target += f"?{url.query}" if url.query else ""
    name = _ascii_host(url)
    request = client.build_request(
        "GET",
        target,
        headers={"Host": _bracketed(name) + port},
        extensions={"sni_hostname": name},
    )
    answer = client.send(request, stream=True)
    try:
        if answer.status_code in _REDIRECTS and answer.headers.get("location"):
            return str(answer.headers["location"])
        _refuse_status(answer.status_code, shown)
        return _read(answer, shown, deadline)
    finally:
        answer.close()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _ascii_host(url: SplitResult) -> str:
    host = url.hostname or ""
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _refuse_status(status: int, shown: str) -> None:
    if 200 <= status < 300 and status not in {204, 205}:
        return
    if status >= 500:
        raise ArticleError(
            f"{shown}: the server failed ({status}). Try again later, or open it in a"
            " browser, save the page, and give that file."
        )
    what = _STATUS.get(status, f"could not be read (status {status})")
    if status in {404, 410}:
        raise ArticleError(f"{shown} {what}. Check the address in a browser.")
    raise ArticleError(f"{shown} {what}. {_SAVE}")


def _read(answer: httpx.Response, shown: str, deadline: float) -> Page:
    """Return the body, bounded in size and time."""
    coding = answer.headers.get("content-encoding", "").strip().lower()
    if coding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        raise ArticleError(
            f"{shown} came packed in a way that was not asked for ({coding[:20]})."
            f" {_SAVE}"
        )
    pieces: list[bytes] = []
    size = 0
    for piece in answer.iter_bytes():
        pieces.append(piece)
        size += len(piece)
        if size > MAX_BYTES:
            raise ArticleError(
                f"{shown} is larger than 5 MB. Save the article's text alone and give"
                " that file."
            )
        if time.monotonic() > deadline:
            raise ArticleError(_slow(shown))
    said = answer.headers.get("content-type", "")
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", said, re.IGNORECASE)
    media_type = said.partition(";")[0].strip().lower()
    return Page(b"".join(pieces), shown, media_type, charset[1] if charset else "")


def _slow(address: str) -> str:
    return (
        f"{shown_address(address)} did not come in time. Try again later, or open it in"
        " a browser, save the page, and give that file."
    )

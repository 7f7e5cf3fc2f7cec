"""Large files from an http(s) address: one connection, and on from where it broke.

What has come lies in NAME.part, with the server's mark of its version beside it, so
that a later run asks for the rest only (RFC 9110, Range and If-Range).
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock
from typing import Self
from urllib.parse import urlsplit

import httpx

from assay import __version__
from assay.edge.nlm_bytes import digest_file
from assay.edge.page import shown_address
from assay.edge.patience import seconds_demanded
from assay.errors import SourceDownError

TRIES = 5
"""Tries in a row that bring nothing, before a file is given up."""
GIVE_UP_AFTER = 5
"""Files in a row without an answer, after which a host is asked for no more."""
WAIT_S = 2.0
"""Before the second try; twice as long before each one after it."""
LONGEST_WAIT_S = 120.0
"""A server that asks for more patience is told of."""
SILENCE_S = 30.0
"""Without a byte, after which the connection counts as broken."""
SMALL = 1 << 22
"""Most bytes of a listing or an .md5."""
_LOOPBACK = ("all://127.0.0.1", "all://localhost", "all://[::1]")
_AGAIN = "Run the same command again later; it goes on from where it broke."

Tell = Callable[[int, int], None]
"""Called with the bytes that have come and the size of the file, 0 if not known."""


class StoppedDownloadError(Exception):
    """Nobody waits for the file any more."""


class Downloader:
    """Asks one thing at a time of each address. Close it, or use it in `with`."""

    def __init__(self, *, wait: float | None = None) -> None:
        """Wait `wait` seconds before the second try; None: as is usual."""
        self.stop = Event()
        """Set it to end what is on its way, from any thread."""
        self._wait, self._lock = WAIT_S if wait is None else wait, Lock()
        self._lost: Counter[tuple[str, str]] = Counter()
        """Files in a row that were not answered, by host and kind of file."""
        self._why = ""
        """What was wrong at last."""
        self._client = httpx.Client(
            headers={
                "User-Agent": f"assay/{__version__}",
                "Accept-Encoding": "identity",
            },
            timeout=httpx.Timeout(SILENCE_S, connect=10.0),
            follow_redirects=True,
            event_hooks={"request": [_stay_there]},
            mounts=dict.fromkeys(_LOOPBACK),  # never through a proxy
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End what is on its way, and close the connection."""
        self.stop.set()
        self._client.close()

    def read(self, address: str) -> bytes | None:
        """Return a small file's bytes; None when it is not there.

        Raises:
            SourceDownError: it cannot be had.
        """
        body = bytearray()

        def take(response: httpx.Response) -> bool:
            body.clear()
            if response.status_code in {404, 410, 416}:
                return False
            for piece in response.iter_bytes():
                body.extend(piece)
                if len(body) > SMALL:
                    raise _down(address, "it is larger than a listing")
            return True

        return bytes(body) if self._try(address, dict, take) else None

    def save(
        self, address: str, path: Path, md5: str = "", tell: Tell = lambda _a, _b: None
    ) -> None:
        """Bring a file here, unless it is here; it is whole when this returns.

        Args:
            address: http or https.
            path: where it is to lie.
            md5: that it is to have; "" when not known.
            tell: told how far it is.

        Raises:
            SourceDownError: it cannot be had, or comes with another md5 twice.
            OSError: it cannot be written.
        """
        for again in (False, True):
            if not path.exists():
                self._bring(address, path, tell)
            with path.open("rb") as file:
                found = digest_file(file, "md5") if md5 else ""
            if found == md5:
                return
            path.unlink()
            if again:
                raise _down(address, f"its md5 is {found}, and {md5} was announced")

    def _bring(self, address: str, path: Path, tell: Tell) -> None:
        part, mark = path.with_name(f"{path.name}.part"), _mark_of(path)

        def headers() -> dict[str, str]:
            size = part.stat().st_size if part.exists() else 0
            with suppress(OSError):
                if size and (known := mark.read_text()):
                    return {"Range": f"bytes={size}-", "If-Range": known}
            return {}

        def take(response: httpx.Response) -> bool:
            if response.status_code in {404, 410}:
                raise _down(address, "it is not there")
            if response.status_code == 416:  # there is nothing behind what came
                part.unlink(missing_ok=True)
                raise _BusyError("it has changed", 0.0)
            have = _first_byte(response)
            if not have:
                mark.write_text(_version(response))
            with part.open("r+b" if have else "wb") as file:
                file.truncate(have)
                file.seek(have)
                size = have + int(response.headers.get("Content-Length", 0))
                for piece in response.iter_bytes():
                    file.write(piece)
                    tell(file.tell(), size)
                    if self.stop.is_set():
                        raise StoppedDownloadError
            part.replace(path)
            mark.unlink(missing_ok=True)
            return True

        def come() -> int:
            return part.stat().st_size if part.exists() else 0

        path.parent.mkdir(parents=True, exist_ok=True)
        self._try(address, headers, take, come)

    def _try(
        self,
        address: str,
        headers: Callable[[], dict[str, str]],
        take: Callable[[httpx.Response], bool],
        come: Callable[[], int] = int,
    ) -> bool:
        """Ask until it was taken; a try that brought something is not counted."""
        if (lost := self._lost[_kind_of(address)]) >= GIVE_UP_AFTER:
            what = f"not asked, since {lost} in a row could not be had"
            raise _down(address, f"{what} ({self._why})")
        self._lost[_kind_of(address)] += 1  # until there is an answer
        idle, before = 0, come()
        while True:
            demand = 0.0
            try:
                with self._lock:
                    return self._ask(address, headers(), take)
            except _BusyError as busy:
                why, demand = str(busy), busy.wait
            except (httpx.TransportError, httpx.DecodingError) as error:
                why = str(error) or type(error).__name__
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise _down(address, str(error)) from None
            self._why = why
            idle, before = (0, come()) if come() > before else (idle + 1, come())
            if idle >= TRIES:
                raise _down(address, why)
            if demand > LONGEST_WAIT_S:
                raise _down(address, f"{why}, and it asks to wait {demand:.0f} s")
            if self.stop.wait(max(demand, self._wait * 2**idle)):
                raise StoppedDownloadError

    def _ask(
        self,
        address: str,
        headers: dict[str, str],
        take: Callable[[httpx.Response], bool],
    ) -> bool:
        if self.stop.is_set():
            raise StoppedDownloadError
        asked = {"asked": address}  # which goes along with redirects
        with self._client.stream(
            "GET", address, headers=headers, extensions=asked
        ) as response:
            if response.status_code in {408, 425, 429} or response.status_code >= 500:
                after = response.headers.get("Retry-After", "")
                demand = seconds_demanded(after, datetime.now(UTC))
                raise _BusyError(f"it answers {response.status_code}", demand or 0.0)
            if response.status_code not in {200, 206, 404, 410, 416}:
                raise _down(address, f"it answers {response.status_code}")
            self._lost[_kind_of(address)] = 0
            return take(response)


def _stay_there(request: httpx.Request) -> None:
    """Refuse a redirect to another host, or to one that anybody can listen to.

    Raises:
        SourceDownError: it leads there.
    """
    address = str(request.extensions.get("asked", request.url))
    host, asked = urlsplit(address).hostname, urlsplit(address).scheme
    if request.url.host != host or (asked, request.url.scheme) == ("https", "http"):
        what = f"it sends to another address ({request.url.host}), which is not asked"
        raise _down(address, what)


class _BusyError(Exception):
    """The server cannot answer now."""

    def __init__(self, text: str, wait: float) -> None:
        self.wait = wait
        super().__init__(text)


def _mark_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.part.version")


def _kind_of(address: str) -> tuple[str, str]:
    """Return the host, and how the name ends: a host may give .md5 files only."""
    parts = urlsplit(address)
    return parts.netloc, Path(parts.path).suffix


def _version(response: httpx.Response) -> str:
    """Return the server's mark of what it sends; "" when it has none that is firm."""
    tag = str(response.headers.get("ETag", ""))
    return (
        tag if tag.startswith('"') else str(response.headers.get("Last-Modified", ""))
    )


def _first_byte(response: httpx.Response) -> int:
    """Return from which byte on a server sends; 0: all of it."""
    said = str(response.headers.get("Content-Range", ""))
    start = said.removeprefix("bytes ").partition("-")[0]
    return int(start) if response.status_code == 206 and start.isdecimal() else 0


def _down(address: str, what: str) -> SourceDownError:
    return SourceDownError(shown_address(address), what.rstrip("."), _AGAIN)

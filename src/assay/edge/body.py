"""A body of unknown size and make, taken in within a limit.

Bytes are decompressed here, piece by piece and counted, because an HTTP library that
decodes a 64 KiB piece at once can be made to produce gigabytes from it.
"""

import zlib
from typing import NamedTuple

ENCODINGS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS}
"""What is asked for and understood, with zlib's window for it."""


class Limits(NamedTuple):
    """How much of an answer is waited for."""

    bytes: int = 64 * 1024 * 1024
    """After decompression. 500 PubMed records are 5 to 10 MB."""
    seconds: float = 120.0
    """For one exchange, from its start to its last byte."""
    connect: float = 15.0
    """Seconds until a connection stands."""
    silence: float = 60.0
    """Seconds without a single byte."""


class BodyError(Exception):
    """The body cannot be taken: too large, or compressed in an unknown way."""


class Body:
    """A body as it grows."""

    def __init__(self, encoding: str, limit: int) -> None:
        """Take a body in `encoding` (of the Content-Encoding header; "" for none).

        Raises:
            BodyError: for anything but gzip or no compression.
        """
        encoding = encoding.strip().lower()
        if encoding not in {"", "identity", *ENCODINGS}:
            raise BodyError(f"it is compressed as {encoding[:40]!r}, unasked")
        self._unpack = (
            zlib.decompressobj(ENCODINGS[encoding]) if encoding in ENCODINGS else None
        )
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, piece: bytes) -> None:
        """Take the next bytes from the network.

        Raises:
            BodyError: when the body passes the limit, or is not really compressed.
        """
        room = self._limit - self._size
        if self._unpack is not None:
            try:
                piece = self._unpack.decompress(piece, room + 1)
            except zlib.error as error:
                raise BodyError("its compression is broken") from error
        if len(piece) > room:
            raise BodyError(f"it is larger than {self._limit / 1_000_000:.0f} MB")
        self._parts.append(piece)
        self._size += len(piece)

    @property
    def ended(self) -> bool:
        """True unless a compressed body lacks its end."""
        return self._unpack is None or self._unpack.eof or self._size == 0

    def bytes(self) -> bytes:
        """Return what has been taken so far."""
        return b"".join(self._parts)

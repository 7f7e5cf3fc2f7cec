"""One of NLM's files as a stream that is checked while it is read.

Every byte goes through md5; gzip's own check and length are held, and a file that was
cut is told from one that is whole.
"""

import hashlib
import zlib
from collections.abc import Iterator
from typing import BinaryIO

CHUNK = 1 << 18
"""Bytes read at a time."""
PIECE = 1 << 20
"""Most bytes unpacked at a time: what a bomb of zeros can take of memory."""
_GZIP = b"\x1f\x8b"
_SETS = (b"PubmedArticleSet>", b"PubmedBookArticleSet>")
_ENDS = tuple(b"</" + name for name in _SETS)
_TAIL = 4096
_HEAD = 4096
"""Bytes within which NLM's files begin their set of records."""


class CutError(Exception):
    """The file is not whole; the text says how that is seen."""


class CheckedStream:
    """The bytes of a file, unpacked where it is gzip. To be read once."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._md5 = file, hashlib.md5(usedforsecurity=False)
        self._head = self._tail = b""

    def chunks(self) -> Iterator[bytes]:
        """Yield the unpacked bytes.

        Raises:
            CutError: it ends in the middle, is something else, or its gzip is damaged.
        """
        first = self._read()
        while len(first) < len(_GZIP) and (more := self._read()):
            first += more
        pieces = self._unpacked(first) if first[:2] == _GZIP else self._plain(first)
        for piece in pieces:
            if len(self._head) < _HEAD:
                self._head = (self._head + piece[:_HEAD])[:_HEAD]
            self._tail = (self._tail + piece[-_TAIL:])[-_TAIL:]
            yield piece
        if not any(end in self._tail for end in _ENDS):
            raise CutError(self._say_unended())

    def _say_unended(self) -> str:
        if not self._head.strip():
            return "it is empty"
        if not any(name[:-1] in self._head for name in _SETS):
            return "it holds something else than PubMed's records, e.g. an error's page"
        return "it has no end tag: it ends in the middle"

    def md5(self) -> str:
        """Return the md5 of the file as it is stored; reads what is left of it."""
        while self._read():
            continue
        return self._md5.hexdigest()

    def _read(self) -> bytes:
        chunk = self._file.read(CHUNK)
        self._md5.update(chunk)
        return chunk

    def _plain(self, chunk: bytes) -> Iterator[bytes]:
        while chunk:
            yield chunk
            chunk = self._read()

    def _unpacked(self, chunk: bytes) -> Iterator[bytes]:
        """Yield what the members of a gzip file hold, one after the other."""
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            while chunk:
                if member.eof:  # another member, or the zeros that tapes are filled by
                    if not (chunk := chunk.lstrip(b"\0")):
                        chunk = self._read()
                        continue
                    if not chunk.startswith(_GZIP[: len(chunk)]):
                        raise CutError("something that is no gzip stands behind it")
                    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
                yield member.decompress(chunk, PIECE)
                chunk = member.unconsumed_tail or member.unused_data or self._read()
            if rest := member.flush():
                yield rest
        except zlib.error as error:
            raise CutError(f"its gzip is damaged ({error})") from error
        if not member.eof:
            raise CutError("its gzip ends in the middle")


def digest_file(file: BinaryIO, kind: str) -> str:
    """Return the digest of what is left of a file, in hexadecimal digits.

    >>> from io import BytesIO
    >>> digest_file(BytesIO(b""), "md5")
    'd41d8cd98f00b204e9800998ecf8427e'
    """
    digest = hashlib.new(kind, usedforsecurity=False)
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()

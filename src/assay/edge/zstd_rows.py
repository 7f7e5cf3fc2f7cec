"""Rows as zstd frames that share a trained dictionary: small, and each by itself.

Every frame carries a checksum of what was packed, so that a row that was damaged on
the disk is noticed when it is read. zstandard is imported when the first row is packed
or unpacked: whoever has no mirror does without it.
"""

import hashlib
from collections.abc import Sequence
from importlib import import_module
from threading import local
from typing import Any

LEVEL = 3
"""Of compression."""
DICTIONARY_BYTES = 112_640
"""Size of a trained dictionary, zstd's own default."""
LONGEST = 1 << 26
"""Most bytes of one row; a frame that says more is damaged."""


class RowPacker:
    """Packs and unpacks rows with one dictionary; threads may share it."""

    def __init__(self, dictionary: bytes = b"", level: int = LEVEL) -> None:
        """Keep the bytes of a dictionary; b"": rows are packed without one."""
        self._level = level
        self._zstd: Any = import_module("zstandard")
        self._dictionary: Any = None
        if dictionary:
            self._dictionary = self._zstd.ZstdCompressionDict(dictionary)
        self._own = local()  # zstandard's objects are for one thread each

    def pack(self, value: bytes) -> bytes:
        """Return a value as one frame."""
        packer = getattr(self._own, "packer", None)
        if packer is None:
            packer = self._own.packer = self._zstd.ZstdCompressor(
                level=self._level, dict_data=self._dictionary, write_checksum=True
            )
        return bytes(packer.compress(value))

    def unpack(self, frame: bytes) -> bytes:
        """Return what a frame holds.

        Raises:
            ValueError: it is damaged, or was packed with another dictionary.
        """
        unpacker = getattr(self._own, "unpacker", None)
        if unpacker is None:
            unpacker = self._own.unpacker = self._zstd.ZstdDecompressor(
                dict_data=self._dictionary
            )
        try:
            value: bytes = unpacker.decompress(frame, max_output_size=LONGEST)
        except self._zstd.ZstdError as error:
            raise ValueError(str(error)) from error
        return value


def train_dictionary(samples: Sequence[bytes], size: int = DICTIONARY_BYTES) -> bytes:
    """Return a dictionary made of values like those to be packed.

    The same samples give the same dictionary. b"" where there are too few to learn
    from: rows are then packed without one.
    """
    zstd: Any = import_module("zstandard")
    try:
        made = zstd.train_dictionary(size, list(samples), level=LEVEL)
    except zstd.ZstdError:
        return b""
    return bytes(made.as_bytes())


def name_dictionary(dictionary: bytes) -> str:
    """Return the sha256 by which a dictionary is known; "" for none.

    >>> name_dictionary(b"")
    ''
    """
    return hashlib.sha256(dictionary).hexdigest() if dictionary else ""

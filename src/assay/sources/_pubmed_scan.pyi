"""Reads one PubMed record from its bytes, fast."""

from assay.record import Record

SOURCES: str
"""The sha256 of the C files that it was built from, one behind the other by name."""

def scan(block: bytes, start: int, /) -> tuple[Record, int, int] | None: ...

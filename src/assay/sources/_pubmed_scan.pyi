"""Reads one PubMed record from its bytes, fast."""

from assay.record import Record

def scan(block: bytes, start: int, /) -> tuple[Record, int, int] | None: ...

"""The scanner of PubMed records, an extension in C, or None where it was not built.

It is built with assay wherever a C compiler is at hand (`hatch_build.py`); setting
ASSAY_NO_SCANNER in the environment leaves it out at run time. What it does, and what
it leaves to lxml, is told in `pubmed_scan.c`.
"""

from collections.abc import Callable

from assay.record import Record

Scan = Callable[[bytes, int], tuple[Record, int, int] | None]
"""Takes a block and a place in it; gives the record that begins there behind blanks,
its first place and the one behind its last. None: lxml is to read what stands there."""

try:
    from assay.sources._pubmed_scan import scan
except ImportError:
    SCAN: Scan | None = None
else:
    SCAN = scan

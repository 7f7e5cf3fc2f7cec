"""PubMed's own files as NLM gives them out: names, order, and what each one gave.

A baseline comes out once a year, as files numbered from 1; the update files of that
year go on with the numbers (https://ftp.ncbi.nlm.nih.gov/pubmed/). Read in the order
of their numbers, the last word on a record is the one that stands.
"""

import re
from typing import NamedTuple

from assay.search import Problem

PARTITION_FORMAT = 1
"""Grows when the columns of a partition, or what they mean, change."""

_NAME = re.compile(r"pubmed(\d\d)n(\d{4,5})\.xml(?:\.gz)?")
_POSITIONS = 1 << 24
"""Places in one file; NLM's hold some 30,000 records."""
_NUMBERS = 100_000


class NlmFile(NamedTuple):
    """A baseline or update file by its name; files sort as they are to be read."""

    year: int
    """Of the baseline that it belongs to, e.g. 2026."""
    number: int
    """1 or more; update files go on where the baseline of the year ends."""
    name: str
    """E.g. "pubmed26n0001.xml.gz"."""


class Partition(NamedTuple):
    """The done-marker of one file that was parsed: what its partition holds.

    The partition is a Parquet file with a row for each record or withdrawal: position
    (int32, in the file, from 0), pmid (int64), version (int16), withdrawn (bool),
    value (binary: the record's own XML as a zstd frame; null when withdrawn), names
    (list of string: the record's keys besides its PMID), document (binary: JSON of
    what can be searched, `library.searchable`; null when withdrawn).
    """

    file: str
    """The name of NLM's file."""
    md5: str
    """Of NLM's file, 32 hexadecimal digits."""
    sha256: str
    """Of the partition's bytes, 64 hexadecimal digits."""
    records: int
    withdrawn: int
    problems: tuple[Problem, ...] = ()
    """Records that could not be read, each named."""
    dictionary: str = ""
    """The sha256 of the zstd dictionary that the values need."""
    format: int = PARTITION_FORMAT


class Row(NamedTuple):
    """One row of a partition: a record or a withdrawal."""

    position: int
    """In NLM's file, from 0."""
    pmid: int
    version: int
    withdrawn: bool
    value: bytes | None
    """The record's own XML as a zstd frame; None when withdrawn."""
    names: tuple[str, ...] = ()
    """The record's keys besides its PMID, e.g. "doi:10.99999/x"."""
    document: bytes | None = None
    """JSON of what can be searched; None when withdrawn."""


class Loaded(NamedTuple):
    """What the mirror knows of a file that was loaded into it."""

    file: NlmFile
    md5: str
    records: int
    """Records that the file held."""
    withdrawn: int
    problems: tuple[Problem, ...]
    when: str
    """ISO time at which it was loaded."""
    load: int
    """The number of the load, from 1, in the order in which files were loaded."""


class MirrorState(NamedTuple):
    """What lies in the mirror, in short."""

    path: str
    """Of the generation's folder."""
    generation: str
    """The year of its baseline, or "mixed"."""
    records: int
    files: int
    last: str
    """The name of the last of NLM's files, in their order; "" before the first."""
    loaded: str
    """ISO time of the newest load; "" before the first."""


def parse_nlm_name(name: str) -> NlmFile | None:
    """Return the NLM file of a name (without its folder); None for any other name.

    >>> parse_nlm_name("pubmed26n0001.xml.gz")
    NlmFile(year=2026, number=1, name='pubmed26n0001.xml.gz')
    >>> parse_nlm_name("efetch.xml") is None
    True
    """
    found = _NAME.fullmatch(name)
    return NlmFile(2000 + int(found[1]), int(found[2]), name) if found else None


def place_of(file: NlmFile, position: int) -> int:
    """Return where a record stands among all files: the greater place is the later.

    Positive, below 2 ** 63.

    >>> first, later = NlmFile(2025, 99, "a"), NlmFile(2026, 1, "b")
    >>> place_of(first, 29_999) < place_of(later, 0) < place_of(later, 1)
    True
    """
    return (file.year * _NUMBERS + file.number) * _POSITIONS + position


def split_place(place: int) -> tuple[int, int, int]:
    """Return the year and number of the file of a place, and the position in it.

    >>> split_place(place_of(NlmFile(2026, 1298, "a"), 7))
    (2026, 1298, 7)
    """
    file, position = divmod(place, _POSITIONS)
    return (*divmod(file, _NUMBERS), position)

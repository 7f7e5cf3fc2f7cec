"""Partitions: what parsing one of NLM's files gave, as a Parquet file of its own.

A task makes one, on this machine or another. It is written under another name and
renamed, and then its done-marker is written, so that a partition with a marker is
whole; the marker holds its sha256 besides, since a disk may say otherwise later.
"""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from functools import lru_cache
from typing import NamedTuple

from assay.edge.addresses import (
    DISK_FAULTS,
    explained_disk,
    join_address,
    list_folder,
    local_path,
    make_address,
    open_address,
    open_near,
    read_address,
    remove_address,
    say_unwritable,
    write_address,
)
from assay.edge.nlm_bytes import CheckedStream, CutError, digest_file
from assay.edge.partition_rows import PartitionRows, RowFile
from assay.edge.zstd_rows import RowPacker, name_dictionary
from assay.errors import BadAnswerError, StoreError
from assay.ids import normal_pmid
from assay.library.merge import keys_of
from assay.library.nlm_files import PARTITION_FORMAT, Partition, Row
from assay.library.searchable import searchable_document
from assay.record import Record
from assay.search import Problem
from assay.sources.pubmed_xml import Article, Deleted, iter_articles

DONE = ".done.json"
PARQUET = ".parquet"
DOWNLOAD = "Download it again, with its .md5."
_VERSION = re.compile(r"[0-9]{0,4}")
"""NLM counts up from 1."""
_ENCODE = json.JSONEncoder(check_circular=False).encode
"""In ASCII, which is written in half the time."""


class Order(NamedTuple):
    """What a task is told: which file, and where its partition goes."""

    file: str
    """NLM's name of it."""
    source: str
    """The address of the file."""
    place: str
    """The address of the folder of partitions."""
    md5: str = ""
    """What the file is to have; "" when nobody said."""
    dictionary: str = ""
    """The sha256 of the dictionary, which lies in `place` too; "" for none."""


class Unwritable(NamedTuple):
    """No partition can be written any more, of whatever file."""

    why: str
    """A sentence, with what to do."""


class _RefusedError(Exception):
    """The file cannot be taken; another try gives the same."""


def write_partition(order: Order) -> Partition | Problem | Unwritable:
    """Make the partition of one file, unless a good one is there; return its marker.

    Needs some tens of megabytes whatever the size of the file.

    Returns:
        A problem when the file is refused: cut, damaged, not what its .md5 says, or
        not PubMed's. Nothing of it is kept then. `Unwritable` when the disk is full.

    Raises:
        OSError: the file cannot be read, or the partition cannot be written.
        StoreError: the dictionary is not there.
    """
    if made := find_partition(order):
        return made
    packer = RowPacker(_read_dictionary(order.place, order.dictionary))
    try:
        with open_address(order.source) as file:
            return _make(order, CheckedStream(file), packer)
    except _RefusedError as refused:
        return Problem(where=order.file, what=str(refused), what_to_do=DOWNLOAD)
    except OSError as error:
        if error.errno not in DISK_FAULTS:
            raise
        return Unwritable(say_unwritable(order.place, error))


class DamagedPartitionError(StoreError):
    """A partition is not what its marker says."""


@contextmanager
def open_partition(place: str, partition: Partition) -> Iterator[PartitionRows]:
    """Give the rows of a partition, which is checked first.

    Raises:
        DamagedPartitionError: it is not whole.
    """
    address = join_address(place, partition.file + PARQUET)
    with ExitStack() as stack:
        try:
            file = stack.enter_context(open_near(address))
        except FileNotFoundError:
            file = None
        if file is None or digest_file(file, "sha256") != partition.sha256:
            raise DamagedPartitionError(
                f"The partition {address} is damaged. Take it away; the next ingest "
                "makes it again."
            )
        yield PartitionRows(file)


def read_partition(place: str, partition: Partition) -> Iterator[Row]:
    """Yield the rows of a partition, in the order of NLM's file.

    Raises:
        DamagedPartitionError: it is not whole.
    """
    with open_partition(place, partition) as rows:
        yield from rows


def find_partition(order: Order) -> Partition | None:
    """Return the marker of a good partition that is there already.

    Good is one whose file, md5, dictionary and bytes are those asked for.
    """
    marker = read_marker(order.place, order.file)
    if marker is None or marker.dictionary != order.dictionary:
        return None
    try:
        if marker.md5 != (order.md5 or _md5_of(order.source)):
            return None
        address = join_address(order.place, order.file + PARQUET)
        with open_address(address) as file:
            return marker if digest_file(file, "sha256") == marker.sha256 else None
    except FileNotFoundError:
        return None


def read_marker(place: str, file: str) -> Partition | None:
    """Return a done-marker; None when there is none that can be read."""
    content = read_address(join_address(place, file + DONE))
    try:
        told = json.loads(content or b"{}")
        problems = tuple(Problem(**each) for each in told.pop("problems"))
        marker = Partition(**told, problems=problems)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return marker if marker.format == PARTITION_FORMAT else None


def list_markers(place: str) -> tuple[str, ...]:
    """Return the names of NLM's files that have a done-marker in a folder, sorted."""
    names = (name for name in list_folder(place) if name.endswith(DONE))
    return tuple(name.removesuffix(DONE) for name in names)


def remove_partition(place: str, file: str) -> None:
    """Take a partition away, its marker first; nothing happens where there is none."""
    for ending in (DONE, PARQUET):
        remove_address(join_address(place, file + ending))


def write_dictionary(place: str, dictionary: bytes) -> str:
    """Put a dictionary where the tasks find it; return its sha256, "" for none.

    Raises:
        StoreError: it cannot be written there.
    """
    name = name_dictionary(dictionary)
    address = join_address(place, f"dictionary-{name}")
    if name and read_address(address) != dictionary:
        with explained_disk(place):
            write_address(address, dictionary)
    return name


def read_dictionary_of(place: str, file: str) -> bytes:
    """Return the dictionary of a partition that is there; b"" where there is none."""
    marker = read_marker(place, file)
    name = marker.dictionary if marker else ""
    content = read_address(join_address(place, f"dictionary-{name}")) if name else b""
    return content if content and name_dictionary(content) == name else b""


@lru_cache(maxsize=2)
def _read_dictionary(place: str, name: str) -> bytes:
    content = read_address(join_address(place, f"dictionary-{name}")) if name else b""
    if content is None or name_dictionary(content) != name:
        raise StoreError(
            f"The dictionary of the values is not in {place}, or damaged. Can every "
            "worker read that folder? Name one with --partitions that they share."
        )
    return content


def _make(order: Order, stream: CheckedStream, packer: RowPacker) -> Partition:
    """Write the partition, then its marker."""
    remove_address(join_address(order.place, order.file + DONE))
    problems: list[Problem] = []
    records = withdrawn = 0
    with make_address(join_address(order.place, order.file + PARQUET)) as file:
        with RowFile(file) as rows:
            for row in _rows(stream, packer, problems, order):
                rows.add(row)
                records += not row.withdrawn
                withdrawn += row.withdrawn
        md5 = _checked_md5(stream, order)
        file.flush()
        file.seek(0)
        made = Partition(
            file=order.file,
            md5=md5,
            sha256=digest_file(file, "sha256"),
            records=records,
            withdrawn=withdrawn,
            problems=tuple(problems),
            dictionary=order.dictionary,
        )
    told = {**made._asdict(), "problems": [asdict(each) for each in problems]}
    content = json.dumps(told, ensure_ascii=False, indent=1).encode()
    write_address(join_address(order.place, order.file + DONE), content)
    _clear_parts(order)
    return made


def _clear_parts(order: Order) -> None:
    """Take away what tries of this task wrote whose processes were killed."""
    place = local_path(order.place)
    for left in place.glob(f".{order.file}.*") if place else ():
        left.unlink(missing_ok=True)


def _rows(
    stream: CheckedStream, packer: RowPacker, problems: list[Problem], order: Order
) -> Iterator[Row]:
    """Yield the rows of a file; what cannot be read of it is put into `problems`."""
    position = -1
    try:
        for position, item in enumerate(iter_articles(stream.chunks())):
            if found := _find_fault(item):
                problems.append(replace(found, where=f"{order.file}, {found.where}"))
            elif isinstance(item, Article):
                yield _row(position, item, packer)
            elif isinstance(item, Deleted):
                version = int(item.version or 0)
                yield Row(position, int(item.pmid), version, True, None)
    except CutError as error:
        _checked_md5(stream, order)  # which says more, where it is known
        raise _RefusedError(str(error)) from error
    except BadAnswerError as error:
        _checked_md5(stream, order)
        raise _RefusedError(error.what) from error


def _find_fault(item: Article | Deleted | Problem) -> Problem | None:
    """Return why something of a file has no row: it was not read, or not whose it is.

    The mirror is in order of PMID and version, so both must be numbers.
    """
    if isinstance(item, Problem):
        return item
    told: Deleted | Record = item.record if isinstance(item, Article) else item
    kind = "withdrawal" if isinstance(item, Deleted) else "record"
    if not told.pmid or normal_pmid(told.pmid) != told.pmid:
        why = "its PMID is no number that PubMed gives"
    elif not _VERSION.fullmatch(told.version):
        why = "its version is no number that PubMed gives"
    else:
        return None
    return Problem(
        where=f"PubMed record {told.pmid or '(PMID not readable)'}",
        what=f"a {kind} cannot be read: {why}",
        what_to_do="The others were read.",
    )


def _row(position: int, article: Article, packer: RowPacker) -> Row:
    record = article.record
    document = _ENCODE(searchable_document(record))
    return Row(
        position=position,
        pmid=int(record.pmid),
        version=int(record.version or 0),
        withdrawn=False,
        value=packer.pack(article.xml),
        names=tuple(key for key in keys_of(record) if not key.startswith("pmid:")),
        document=document.encode(),
    )


def _checked_md5(stream: CheckedStream, order: Order) -> str:
    md5 = stream.md5()
    if order.md5 not in {"", md5}:
        raise _RefusedError(
            f"its md5 is {md5}, and {order.md5} was announced: it is damaged, or was "
            "not downloaded whole"
        )
    return md5


def _md5_of(address: str) -> str:
    with open_address(address) as file:
        return digest_file(file, "md5")

"""The rows of a partition as Parquet: the one file that imports pyarrow for it."""

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from assay.library.nlm_files import Row

SCHEMA = pa.schema(
    [
        ("position", pa.int32()),
        ("pmid", pa.int64()),
        ("version", pa.int16()),
        ("withdrawn", pa.bool_()),
        ("value", pa.binary()),
        ("names", pa.list_(pa.string())),
        ("document", pa.binary()),
    ]
)
NAMES = SCHEMA.names.index("names")
GROUP_ROWS = 500
"""Most rows of a row group."""
GROUP_BYTES = 1 << 21
"""A row group is closed when its values and documents have as many bytes."""
_COMPRESSION = {
    "position": "zstd", "pmid": "zstd", "version": "zstd", "withdrawn": "zstd",
    "value": "none", "names.list.element": "zstd", "document": "zstd",
}  # fmt: skip
"""The values are zstd frames already."""


class RowFile:
    """A partition that is being written. Use it in `with`."""

    def __init__(self, file: BinaryIO) -> None:
        """Write to `file`, which stays open."""
        self._writer = pq.ParquetWriter(
            file,
            SCHEMA,
            compression=_COMPRESSION,
            use_dictionary=False,
            write_statistics=False,
        )
        self._rows: list[Row] = []
        self._bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._write()
        finally:  # while the file is open: else pyarrow prints a traceback when it goes
            self._writer.close()

    def add(self, row: Row) -> None:
        """Add a row behind the others."""
        self._rows.append(row)
        self._bytes += len(row.value or b"") + len(row.document or b"")
        if len(self._rows) >= GROUP_ROWS or self._bytes >= GROUP_BYTES:
            self._write()

    def _write(self) -> None:
        if self._rows:
            self._writer.write_batch(_batch(self._rows))
        self._rows, self._bytes = [], 0


def _batch(rows: Sequence[Row]) -> pa.RecordBatch:
    """Return rows as Arrow has them.

    Made of buffers: `pyarrow.array` would load pandas, which takes 50 MB.
    """
    position, pmid, version, withdrawn, value, names, document = zip(*rows, strict=True)
    ends = _offsets([len(each) for each in names])
    flat = _binary(pa.string(), [name.encode() for each in names for name in each])
    many = len(rows)
    arrays = [
        _numbers(pa.int32(), np.array(position, np.int32)),
        _numbers(pa.int64(), np.array(pmid, np.int64)),
        _numbers(pa.int16(), np.array(version, np.int16)),
        pa.Array.from_buffers(pa.bool_(), many, [None, _bits(withdrawn)]),
        _binary(pa.binary(), value),
        pa.Array.from_buffers(
            SCHEMA.field("names").type, many, [None, ends], 0, 0, [flat]
        ),
        _binary(pa.binary(), document),
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def _numbers(kind: pa.DataType, values: np.ndarray) -> pa.Array:
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(values)])


def _binary(kind: pa.DataType, values: Sequence[bytes | None]) -> pa.Array:
    """Return texts or bytes, of which some may be None."""
    known = _bits([value is not None for value in values])
    data = pa.py_buffer(b"".join(filter(None, values)))
    offsets = _offsets([len(value or b"") for value in values])
    return pa.Array.from_buffers(kind, len(values), [known, offsets, data])


def _offsets(lengths: Sequence[int]) -> pa.Buffer:
    """Return where each of several lengths begins, and where the last one ends."""
    return pa.py_buffer(np.cumsum([0, *lengths], dtype=np.int32))


def _bits(flags: Sequence[bool]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(np.array(flags, np.bool_), bitorder="little"))


class PartitionRows:
    """The rows of a partition, to be read as often as need be, in its order."""

    def __init__(self, file: BinaryIO) -> None:
        """Read from `file`, which stays open."""
        self._file = file

    def __iter__(self) -> Iterator[Row]:
        for batch in self._open().iter_batches(batch_size=GROUP_ROWS):
            columns = [column.to_pylist() for column in batch.columns]
            columns[NAMES] = list(map(tuple, columns[NAMES]))
            yield from map(Row._make, zip(*columns, strict=True))

    def pmids(self) -> tuple[int, ...]:
        """Return the PMIDs that it names, each once, in rising order."""
        column = self._open().read(columns=["pmid"]).column("pmid")
        return tuple(sorted(set(column.to_pylist())))

    def _open(self) -> pq.ParquetFile:
        self._file.seek(0)
        return pq.ParquetFile(self._file)

"""The rows of a partition as Parquet: the one file that imports pyarrow for it."""

from collections.abc import Iterator
from types import TracebackType
from typing import BinaryIO, Self

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
GROUP_ROWS = 2_000
"""Most rows of a row group."""
GROUP_BYTES = 1 << 23
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
        if kind is None:
            self._write()
        self._writer.close()

    def add(self, row: Row) -> None:
        """Add a row behind the others."""
        self._rows.append(row)
        self._bytes += len(row.value or b"") + len(row.document or b"")
        if len(self._rows) >= GROUP_ROWS or self._bytes >= GROUP_BYTES:
            self._write()

    def _write(self) -> None:
        if self._rows:
            columns = list(zip(*self._rows, strict=True))
            arrays = [
                pa.array(column, type=field.type)
                for column, field in zip(columns, SCHEMA, strict=True)
            ]
            batch = pa.record_batch(arrays, schema=SCHEMA)
            self._writer.write_batch(batch)
        self._rows, self._bytes = [], 0


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

"""Parquet: the same table as CSV for pandas, R and DuckDB, typed and packed.

It needs pyarrow, which is large (170 MB installed) and so is not installed with assay
but with `assay[parquet]`.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import islice

from assay.errors import UsageError
from assay.exchange.flat import Parsed
from assay.exchange.table import COLUMNS, name_of_column, record_of, row_of
from assay.record import Record
from assay.search import Problem

SOURCE = "parquet"
GROUP = 5000
"""Records in one row group: what is held in memory at a time."""
NEEDS = (
    "Parquet needs pyarrow, which is not installed. Install it with "
    "“pip install 'assay[parquet]'”, or choose a name that ends in .csv."
)


def why_not() -> str:
    """Return why Parquet cannot be read or written here; "" when it can."""
    return "" if find_spec("pyarrow") else NEEDS


def stream_parquet(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the records as Parquet, a row group at a time.

    Raises:
        UsageError: pyarrow is not installed.
    """
    if why := why_not():
        raise UsageError(why)
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    kinds = [(n, arrow.int32() if n == "year" else arrow.string()) for n in COLUMNS]
    schema = arrow.schema(kinds)
    out = io.BytesIO()
    rows = iter(records)
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        while group := [row_of(record) for record in islice(rows, GROUP)]:
            columns: dict[str, Sequence[str | int | None]] = {
                **dict(zip(COLUMNS, zip(*group, strict=True), strict=True))
            }
            columns["year"] = [int(year) if year else None for year in columns["year"]]
            writer.write_table(arrow.table(columns, schema=schema))
            yield _taken(out)
    yield _taken(out)


def render_parquet(records: Iterable[Record]) -> bytes:
    """Return the records as Parquet.

    Raises:
        UsageError: pyarrow is not installed.
    """
    return b"".join(stream_parquet(records))


def parse_parquet(data: bytes, name: str = "Parquet") -> Parsed:
    """Return the records of a Parquet table and what of it could not be read.

    Columns are known by their names, as those of CSV.
    """
    if why := why_not():
        return (), (Problem(where=name, what=why),)
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    try:
        rows = parquet.read_table(arrow.BufferReader(data)).to_pylist()
    except (arrow.ArrowException, OSError, ValueError):
        what = "it cannot be read as Parquet; it is damaged or another kind of file"
        return (), (Problem(where=name, what=what),)
    headers = rows[0] if rows else dict.fromkeys(COLUMNS)
    if not {"title", "doi", "pmid", "pmcid"} & set(map(name_of_column, headers)):
        what = "it has no column for title, DOI, PMID or PMCID"
        return (), (Problem(where=name, what=what),)
    records = (record_of(SOURCE, {k: _text(v) for k, v in row.items()}) for row in rows)
    return tuple(records), ()


def _text(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(_text(each).replace(";", ",") for each in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None or value != value else str(value)  # noqa: PLR0124


def _taken(out: io.BytesIO) -> bytes:
    """Return what was written since the last time, and forget it.

    ParquetWriter counts its offsets itself, so the buffer may be emptied.
    """
    chunk = out.getvalue()
    out.seek(0)
    out.truncate()
    return chunk

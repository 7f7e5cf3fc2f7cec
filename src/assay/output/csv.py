"""Records as a table for a spreadsheet or a data frame.

This is the only view that needs pandas. Import it where it is wanted, and nowhere else:
`assay.output` does not.
"""

from collections.abc import Iterable

import pandas as pd

from assay.output.clean import one_line
from assay.output.words import name_of
from assay.record import Record
from assay.text import record_text

COLUMNS = (
    "pmid", "doi", "pmcid", "title", "year", "journal", "authors",
    "publication_types", "mesh", "source", "own_words", "text",
)  # fmt: skip

_FORMULA = ("=", "+", "-", "@")


def build_table(records: Iterable[Record]) -> pd.DataFrame:
    """Return one row a record, in the order given; what is absent is empty.

    Identifiers are text. `own_words` is True where `text` is assay's summary and not
    the authors' words.

    >>> list(build_table([]).columns)[:3]
    ['pmid', 'doi', 'pmcid']
    """
    rows = [_row(record) for record in records]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({"year": "Int64"})


def render_csv(records: Iterable[Record]) -> str:
    r"""Return the records as CSV (RFC 4180, lines ended by \n), with a header.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.

    >>> render_csv([Record(source="x", pmid="90000001", title="=1+1")]).splitlines()[1]
    "90000001,,,'=1+1,,,,,,x,False,'=1+1"
    """
    table = build_table(records)
    for name in COLUMNS:
        if name not in {"year", "own_words"}:
            table[name] = [_inert(text) for text in table[name]]
    written: str = table.to_csv(index=False, lineterminator="\n")
    return written


def _row(record: Record) -> tuple[str | int | bool | None, ...]:
    authors = (name_of(author) for author in record.authors if author.valid)
    return (
        record.pmid,
        record.doi,
        record.pmcid,
        record.title,
        record.year,
        record.journal,
        "; ".join(authors),
        "; ".join(record.publication_types),
        "; ".join(heading.descriptor for heading in record.mesh),
        record.source,
        record.summary is not None and not record.abstract,
        record_text(record),
    )


def _inert(text: str) -> str:
    line = one_line(text)
    return f"'{line}" if line.startswith(_FORMULA) else line

"""The library as a table: the only place of the library that needs pandas."""

import pandas as pd

from assay.edge.store import Library
from assay.record import Author, Record
from assay.text import fold


def to_pandas(library: Library) -> pd.DataFrame:
    """Return one row a record, those that changed longest ago first.

    Columns: source, pmid, doi, pmcid, title, year (Int64), journal, authors ("; "
    between them), publication_types, abstract, summary. Absent text is "".
    """
    rows = [_row(record) for record in library.records()]
    table = pd.DataFrame(rows, columns=list(_row(Record(source=""))))
    return table.astype({"year": "Int64"})


def _row(record: Record) -> dict[str, str | int | None]:
    return {
        "source": record.source,
        "pmid": record.pmid,
        "doi": record.doi,
        "pmcid": record.pmcid,
        "title": fold(record.title),
        "year": record.year,
        "journal": record.journal,
        "authors": "; ".join(_name(author) for author in record.authors),
        "publication_types": "; ".join(record.publication_types),
        "abstract": "\n".join(fold(section.text) for section in record.abstract),
        "summary": " ".join(record.summary.sentences) if record.summary else "",
    }


def _name(author: Author) -> str:
    given = author.fore_name or author.initials
    return author.collective or " ".join(filter(None, (author.last_name, given)))

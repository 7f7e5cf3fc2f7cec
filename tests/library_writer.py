"""Adds records to a library until it is killed; says which batches are safely in.

    python library_writer.py FOLDER FIRST_NUMBER

Prints one line "START END" for each batch of record numbers that `add` returned for.
Every third batch changes records that are in already; the index follows now and then.
"""

import sys
from itertools import count
from pathlib import Path

from assay.edge.index import open_index
from assay.edge.store import open_library
from assay.record import Record, Section

SIZE = 20


def record(number, batch):
    """Return the record of a number as one batch writes it."""
    words = f"tea number{number} batch{batch}"
    return Record(
        source="pubmed",
        pmid=str(90_000_000 + number),
        title=f"Record {number}",
        abstract=(Section(words), Section("oolong " * (number % 50))),
    )


def main():
    """Write until somebody stops it."""
    folder, first = Path(sys.argv[1]), int(sys.argv[2])
    with open_library(folder) as library:
        index = open_index(folder, library)
        for batch in count():
            start = first + SIZE * (batch if batch % 3 else max(batch - 3, 0))
            records = [record(n, batch) for n in range(start, start + SIZE)]
            library.add(records, source="pubmed", query="q", when="2026-11-22")
            print(start, start + SIZE, batch, flush=True)  # noqa: T201
            if batch % 4 == 0:
                index.find([["tea"]])


if __name__ == "__main__":
    main()

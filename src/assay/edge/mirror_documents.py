"""What the index needs of a load: the documents of the records that it wrote."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from assay.edge.mirror import Mirror
from assay.edge.mirror_load import LoadOutcome
from assay.library.nlm_files import Partition, Row, parse_nlm_name, place_of
from assay.library.searchable import searchable_document


def read_documents(
    generation: Path, partition: Partition, rows: Iterable[Row], outcome: LoadOutcome
) -> Iterator[tuple[int, bytes]]:
    """Yield PMID and document of each record that a load wrote: what the index needs.

    Where another file's copy stands that a withdrawal brought up, its document is made
    of the record itself.

    Raises:
        StoreError: the mirror cannot be read.
    """
    file = parse_nlm_name(partition.file)
    assert file
    with Mirror(generation) as mirror:
        wanted = mirror.places(outcome.written)
        for row in rows:
            place = place_of(file, row.position)
            if row.document is not None and wanted.get(row.pmid) == place:
                del wanted[row.pmid]
                yield row.pmid, row.document
        for pmid in sorted(wanted):
            if record := mirror.get(f"pmid:{pmid}"):
                document = json.dumps(searchable_document(record), ensure_ascii=False)
                yield pmid, document.encode()

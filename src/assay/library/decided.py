"""By which names a person's decision on two records knows them.

Apart from `dedupe`, so that whoever only keeps records loads nothing that compares.
"""

import hashlib

from assay.library.merge import keys_of
from assay.library.prepare import Prepared, prepare
from assay.record import Record

SAME, SPLIT = "same", "apart"
"""What a person may decide on a pair."""


def names_of(record: Record) -> tuple[str, ...]:
    """Return the names by which a decision knows a record, the firmest first.

    A record without an identifier goes by its title, authors, year and place, which
    stay when a service adds a field.

    >>> names_of(Record(source="x", pmid="90000001"))
    ('pmid:90000001',)
    >>> one, other = Record(source="x", title="Tea"), Record(source="y", title="Tea.")
    >>> names_of(one) == names_of(other)
    True
    """
    return names_by(keys_of(record), prepare(record))


def names_by(keys: tuple[str, ...], card: Prepared) -> tuple[str, ...]:
    """Return the names by which a decision knows a record, from its keys.

    One without an identifier goes by its title, authors, year and place.
    """
    if not keys[0].startswith("content:"):
        return keys
    told = repr((card.title, card.people, card.year, card.journals, card.first))
    return (f"like:{hashlib.sha256(told.encode()).hexdigest()[:16]}",)

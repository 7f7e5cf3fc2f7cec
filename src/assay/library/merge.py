"""Which records are one and the same, and what is kept when two of them meet.

Records are the same when they share an identifier, never because titles look alike.
"""

import hashlib
from dataclasses import replace

from assay.library.codec import encode_record
from assay.record import Record

STARTER = "starter"
"""`Record.source` of our own summaries, and the type of their identifiers."""

RANK = {STARTER: 0, "pubmed": 2}
"""Whose word counts more about a record; every other source stands at 1."""


def keys_of(record: Record) -> tuple[str, ...]:
    """Return the names under which a record is known, the firmest first.

    A record without any identifier gets one made of its own content, so that it is
    kept and equal to itself only.

    >>> keys_of(Record(source="x", pmid="90000001", doi="10.99999/x", pmcid="PMC9"))
    ('pmid:90000001', 'doi:10.99999/x', 'pmcid:PMC9')
    """
    named = (
        ("pmid", record.pmid),
        ("doi", record.doi.lower()),
        ("pmcid", record.pmcid.upper()),
        *((i.type, i.value) for i in record.identifiers if i.type == STARTER),
    )
    keys = tuple(f"{kind}:{value}" for kind, value in named if value)
    if keys:
        return keys
    return (f"content:{hashlib.sha256(encode_record(record)).hexdigest()[:16]}",)


def conflict(one: Record, other: Record) -> str:
    """Return why two records cannot be the same although they share an identifier.

    "" when nothing stands against it. PubMed gives an erratum or a retraction notice
    the DOI of the work it is about now and then: a PMID of its own tells them apart.

    >>> conflict(Record(source="x", pmid="90000001"), Record(source="x"))
    ''
    """
    if not (one.pmid and other.pmid) or one.pmid == other.pmid:
        return ""
    shared = [key for key in keys_of(one) if key in keys_of(other)]
    return f"PMID {one.pmid} and PMID {other.pmid} both name {' and '.join(shared)}"


def merge(old: Record, new: Record) -> Record:
    """Return one record made of two that share an identifier.

    PubMed's word counts more than another source's, and any more than our summary's;
    between equals the higher version counts, then the newer record. Identifiers and
    a title known before are kept where the better record lacks them. Our summary goes
    once an abstract is known, and with it the design, population and size it recorded.

    Raises:
        ValueError: their PMIDs differ: these are two records.

    >>> ours = Record(source="starter", doi="10.99999/x", title="T")
    >>> merge(ours, Record(source="pubmed", pmid="90000001", doi="10.99999/x")).title
    'T'
    """
    if conflict(old, new):
        raise ValueError(conflict(old, new))
    if old.source == new.source == STARTER:
        return new
    first, second = (old, new) if _weight(old) > _weight(new) else (new, old)
    known = {i.type for i in first.identifiers}
    merged = replace(
        first,
        pmid=first.pmid or second.pmid,
        doi=first.doi or second.doi,
        pmcid=first.pmcid or second.pmcid,
        title=first.title or second.title,
        identifiers=first.identifiers
        + tuple(i for i in second.identifiers if i.type not in known),
    )
    return _with_summary(merged, first if first.summary else second)


def _weight(record: Record) -> tuple[int, int]:
    version = int(record.version) if record.version.isdecimal() else 1
    return RANK.get(record.source, 1), version


def _with_summary(record: Record, giver: Record) -> Record:
    if record.abstract:
        return replace(
            record, summary=None, design_stated="", population="", sample_size=None
        )
    return replace(
        record,
        summary=giver.summary,
        design_stated=giver.design_stated,
        population=giver.population,
        sample_size=giver.sample_size,
    )

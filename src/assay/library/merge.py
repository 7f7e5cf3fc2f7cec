"""Which records are one and the same, and what is kept when two of them meet.

Records are the same when they share an identifier, never because titles look alike.
"""

import hashlib
from dataclasses import replace

from assay.library.codec import encode_record
from assay.record import Record

STARTER = "starter"
"""`Record.source` of our own summaries, and the type of their identifiers."""

PUBMED = "pubmed"
"""`Record.source` of what PubMed gives, over the network or in NLM's own files."""

OWN = frozenset({STARTER, "nct"})
"""Types of identifiers that name a record by themselves."""

RANK = {
    STARTER: 0, "clinicaltrials": 3, "openalex": 4, "doaj": 5, "crossref": 6,
    "europepmc": 7, "pubmed": 9,
}  # fmt: skip
"""Whose word counts more about a record; every other source stands at 1."""

FILLED = (
    "vernacular_title", "abstract", "other_abstracts", "year", "dates", "authors",
    "investigators", "journal", "journal_abbreviation", "issn", "nlm_id", "country",
    "volume", "issue", "pages", "languages", "publication_types", "mesh", "keywords",
    "grants", "coi", "references", "book_title", "publisher", "isbns", "editors",
)  # fmt: skip
"""Fields that another source may fill where the better record has nothing."""
TOGETHER = {
    "authors": ("authors_complete",),
    "abstract": ("copyright",),
    "publication_types": ("publication_type_uis",),
}
"""Fields that go along with a filled one."""
GATHERED = ("corrections", "accessions", "links", "flags")
"""Fields of which each source's parts are kept: a warning is never lost."""


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
        *((i.type, i.value) for i in record.identifiers if i.type in OWN),
    )
    keys = tuple(f"{kind}:{value}" for kind, value in named if value)
    if keys:
        return keys
    return (f"content:{hashlib.sha256(encode_record(record)).hexdigest()[:16]}",)


def first_key(record: Record) -> str:
    """Return the firmest name under which a record is known: the first of `keys_of`.

    >>> first_key(Record(source="x", pmid="90000001", doi="10.99999/x"))
    'pmid:90000001'
    """
    return f"pmid:{record.pmid}" if record.pmid else keys_of(record)[0]


def order_of(key: str) -> tuple[int, str]:
    """Return what records are sorted by: their PMID, then any other firmest name.

    Args:
        key: the first of `keys_of`.

    >>> sorted(["doi:10.99999/x", "pmid:90000001", "pmid:9"], key=order_of)
    ['pmid:9', 'pmid:90000001', 'doi:10.99999/x']
    """
    kind, _, value = key.partition(":")
    number = int(value) if kind == "pmid" and value.isdecimal() else 0
    return (number, "") if number else (1 << 63, key)


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
    """Return one record made of two that are one work.

    PubMed's word counts more than another source's, and any more than our summary's;
    between equals the higher version counts, then the later revision where the source
    dates both, then the newer record. What the better
    record lacks is filled from the other, and `given_by` says from whom it came; a
    field that the same source has emptied since stays empty. Warnings, registrations
    and open places are kept from both. Our summary goes once an abstract is known, and
    with it the design, population and size it recorded.

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
    first, second = (old, new) if _stands(old, new) else (new, old)
    known = {i.type for i in first.identifiers}
    named = replace(
        first,
        pmid=first.pmid or second.pmid,
        doi=first.doi or second.doi,
        pmcid=first.pmcid or second.pmcid,
        title=first.title or second.title,
        identifiers=first.identifiers
        + tuple(i for i in second.identifiers if i.type not in known),
    )
    merged = _filled(named, first, second)
    return _with_summary(merged, first if first.summary else second)


def weigh(record: Record) -> tuple[int, int]:
    """Return how much a record's word counts: its source's rank, then its version.

    >>> weigh(Record(source="pubmed", version="2")) > weigh(Record(source="pubmed"))
    True
    """
    version = int(record.version) if record.version.isdecimal() else 1
    return RANK.get(record.source, 1), version


def _stands(old: Record, new: Record) -> bool:
    """Say whether the word of the record at hand counts more than a newer one's."""
    if weigh(old) != weigh(new) or old.source != new.source:
        return weigh(old) > weigh(new)
    revised = _revised(new)
    return revised != "" and _revised(old) > revised


def _revised(record: Record) -> str:
    """Return the day of a record's last revision by its own source; "" if unknown."""
    if giver_of(record, "dates") != record.source:
        return ""
    days = (date for date in record.dates if date.origin == "DateRevised" and date.year)
    return max((f"{d.year:04}-{d.month:02}-{d.day:02}" for d in days), default="")


def giver_of(record: Record, field: str) -> str:
    """Return the source that a field of a merged record came from.

    >>> giver_of(Record(source="pubmed", given_by=(("volume", "crossref"),)), "volume")
    'crossref'
    """
    return dict(record.given_by).get(field, record.source)


def _filled(named: Record, first: Record, second: Record) -> Record:
    """Return the better record with what it lacks from the other, and who gave it."""
    parts: dict[str, object] = {}
    given = dict(first.given_by)
    for name in FILLED:
        giver = giver_of(second, name)
        if getattr(second, name) and _may_fill(first, name, giver):
            for each in (name, *TOGETHER.get(name, ())):
                parts[each] = getattr(second, each)
            given[name] = giver
    for name in GATHERED:
        mine = getattr(first, name)
        more = tuple(x for x in getattr(second, name) if _is_news(name, x, mine))
        if more and (second.source != first.source or name in dict(second.given_by)):
            parts[name] = mine + more
            given[name] = giver_of(second, name)
    for name in ("pmid", "doi", "pmcid", "title"):
        if getattr(second, name) and not getattr(first, name):
            given[name] = giver_of(second, name)
    told = tuple(sorted(given.items()))
    if given == dict(first.given_by):
        told = first.given_by
    return replace(named, **parts, given_by=told)  # type: ignore[arg-type]


def _may_fill(first: Record, name: str, giver: str) -> bool:
    """Say whether another source's word may stand for a field of the better record."""
    if giver in {first.source, STARTER}:
        return False
    if not getattr(first, name):
        return True
    held = giver_of(first, name)
    return held != first.source and RANK.get(giver, 1) >= RANK.get(held, 1)


def _is_news(name: str, part: object, mine: tuple[object, ...]) -> bool:
    """Say whether a part tells what no part of the better record tells."""
    if name == "corrections":
        return all(part[0] != each[0] for each in mine)  # type: ignore[index]
    if name == "accessions":
        return all(part[1] != each[1] for each in mine)  # type: ignore[index]
    return part not in mine


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

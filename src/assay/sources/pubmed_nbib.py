"""MEDLINE text (.nbib), as PubMed and citation managers save it, read into records.

Bio.Medline reads the tags; here they become a `Record`. The tags are those of the
PubMed help page, "MEDLINE display format" (protocol notes of 2026-11-22). The XML says
more (section labels, whole references), so a record fetched later replaces this one.
"""

import io
import re
from collections.abc import Iterator, Mapping

from Bio import Medline

from assay.dates import parse_date_text, parse_iso_date
from assay.errors import BadAnswerError
from assay.ids import normal_doi, normal_pmcid, normal_pmid
from assay.record import (
    Accession,
    Author,
    Correction,
    Keyword,
    MeshHeading,
    PartialDate,
    Qualifier,
    Record,
    Section,
)
from assay.search import Problem

SOURCE = "nbib"
LINKS = {
    "CIN": "CommentIn", "CON": "CommentOn", "EIN": "ErratumIn", "EFR": "ErratumFor",
    "CRI": "CorrectedandRepublishedIn", "CRF": "CorrectedandRepublishedFrom",
    "RPI": "RepublishedIn", "RPF": "RepublishedFrom", "RIN": "RetractionIn",
    "ROF": "RetractionOf", "RRI": "RetractedandRepublishedIn",
    "RRF": "RetractedandRepublishedFrom", "ECI": "ExpressionOfConcernIn",
    "ECF": "ExpressionOfConcernFor", "UIN": "UpdateIn", "UOF": "UpdateOf",
    "SPIN": "SummaryForPatientsIn", "ORI": "OriginalReportIn",
}  # fmt: skip
"""Tags of links to notices, with the XML's word for each."""

Tags = Mapping[str, str | list[str]]


def looks_like_nbib(head: bytes) -> bool:
    """Say whether a file that begins so is MEDLINE text.

    >>> looks_like_nbib(b"\\n\\nPMID- 90000001"), looks_like_nbib(b"<?xml")
    (True, False)
    """
    return bool(re.match(rb"(?:\xef\xbb\xbf)?\s*PMID ?- ", head))


def parse_nbib(text: str) -> Iterator[Record | Problem]:
    """Yield the records of MEDLINE text; a block that names none is a Problem.

    PubMed's own have a PMID; other tools write records with a DOI or a title only.

    Raises:
        BadAnswerError: it is not MEDLINE text.

    >>> [r.title for r in parse_nbib("PMID- 90000001\\nTI  - Tea\\n") if r.title]
    ['Tea']
    """
    try:
        read = Medline.parse(io.StringIO(text))  # type: ignore[no-untyped-call]
        blocks = [dict(block) for block in read]
    except (ValueError, IndexError, KeyError, AttributeError) as error:
        what = "it cannot be read as MEDLINE text"
        raise BadAnswerError("MEDLINE text", what) from error
    for number, block in enumerate(filter(None, blocks), 1):
        record = _record(block)
        if record.pmid or record.doi or record.pmcid or record.title:
            yield record
        else:
            what = f"block {number} names no identifier or title and is left out"
            yield Problem(where="MEDLINE text", what=what)


def _all(tags: Tags, name: str) -> tuple[str, ...]:
    value = tags.get(name, ())
    return (value,) if isinstance(value, str) else tuple(value)


def _first(tags: Tags, name: str) -> str:
    return next(iter(_all(tags, name)), "")


def _record(tags: Tags) -> Record:
    abstract = _first(tags, "AB")
    dates = _dates(tags)
    return Record(
        source=SOURCE,
        pmid=normal_pmid(_first(tags, "PMID")),
        doi=_doi(tags),
        pmcid=normal_pmcid(_first(tags, "PMC")),
        title=_first(tags, "TI") or _first(tags, "BTI"),
        vernacular_title=_first(tags, "TT"),
        abstract=(Section(abstract),) if abstract else (),
        copyright=_first(tags, "CI"),
        year=next((d.year for d in dates if d.year), None),
        dates=dates,
        authors=tuple(_author(name) for name in _all(tags, "FAU") or _all(tags, "AU"))
        + tuple(Author(collective=name) for name in _all(tags, "CN")),
        journal=_first(tags, "JT"),
        journal_abbreviation=_first(tags, "TA"),
        issn=_first(tags, "IS").split(" ")[0],
        nlm_id=_first(tags, "JID"),
        country=_first(tags, "PL"),
        volume=_first(tags, "VI"),
        issue=_first(tags, "IP"),
        pages=_first(tags, "PG"),
        languages=_all(tags, "LA"),
        publication_types=_all(tags, "PT"),
        mesh=tuple(map(_heading, _all(tags, "MH"))),
        keywords=tuple(
            Keyword(word.lstrip("*"), "NOTNLM", word.startswith("*"))
            for word in _all(tags, "OT")
        ),
        corrections=tuple(
            _link(LINKS[tag], words) for tag in LINKS for words in _all(tags, tag)
        ),
        accessions=tuple(map(_accession, _all(tags, "SI"))),
        coi=_first(tags, "COIS") or _first(tags, "COI"),
        owner=_first(tags, "OWN"),
        status=_first(tags, "STAT"),
        publication_status=_first(tags, "PST"),
    )


def _doi(tags: Tags) -> str:
    words = " ".join((*_all(tags, "LID"), *_all(tags, "AID")))
    found = re.search(r"(10\.\d{4,9}\S*/\S.*?) ?\[doi\]", words)
    return normal_doi(found[1]) if found else ""


def _dates(tags: Tags) -> tuple[PartialDate, ...]:
    printed = [parse_date_text(words, "PubDate") for words in _all(tags, "DP")]
    electronic = [
        parse_iso_date(f"{d[:4]}-{d[4:6]}-{d[6:8]}", "ArticleDate:Electronic")
        for d in _all(tags, "DEP")
        if len(d) >= 8
    ]
    return (*printed, *electronic)


def _author(name: str) -> Author:
    last, _, fore = name.partition(", ")
    if fore:
        return Author(last_name=last, fore_name=fore)
    last, _, initials = name.rpartition(" ")
    return Author(last_name=last or initials, initials=initials if last else "")


def _heading(words: str) -> MeshHeading:
    descriptor, *qualifiers = words.split("/")
    parts = tuple(Qualifier(q.lstrip("*"), "", q.startswith("*")) for q in qualifiers)
    major = descriptor.startswith("*") or any(q.major for q in parts)
    return MeshHeading(descriptor.lstrip("*"), "", major, parts)


def _link(ref_type: str, words: str) -> Correction:
    pmid = re.search(r"PMID: ?(\d+)", words)
    source = words[: pmid.start()].strip() if pmid else words
    return Correction(ref_type, source, pmid[1] if pmid else "")


def _accession(words: str) -> Accession:
    bank, _, number = words.partition("/")
    return Accession(bank, number)

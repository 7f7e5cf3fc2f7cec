"""Addresses of a record, made from its identifiers only, and only from sound ones."""

import re
from typing import NamedTuple
from urllib.parse import quote

from assay.record import Record

_PMID = re.compile(r"[1-9][0-9]{0,8}")
_DOI = re.compile(r"10\.[0-9]{4,9}/[!-~]+")
_PMCID = re.compile(r"PMC[1-9][0-9]{0,9}")
_NCT = re.compile(r"NCT[0-9]{8}")
_EUROPEPMC = re.compile(r"[A-Z]{3}/[A-Za-z0-9]{1,20}")


class Link(NamedTuple):
    """Where a record can be read."""

    name: str
    """What the reader sees: "PubMed 90000001"."""
    address: str
    """https, percent-encoded: safe inside an attribute and inside Markdown."""


def find_links(record: Record) -> tuple[Link, ...]:
    """Return the record's addresses at PubMed, the DOI resolver and PMC, in that order.

    Then that of a study in its register; one that has no address yet is linked at
    Europe PMC, if it is known there. An identifier that does not have the form of one
    makes no link.

    >>> record = Record(source="x", pmid="90000001", doi="10.99999/a(1)<b>")
    >>> [link.address for link in find_links(record)][0]
    'https://pubmed.ncbi.nlm.nih.gov/90000001/'
    >>> [link.address for link in find_links(record)][1]
    'https://doi.org/10.99999/a%281%29%3Cb%3E'
    >>> find_links(Record(source="x", pmid="javascript:1"))
    ()
    """
    links: list[Link] = []
    if _PMID.fullmatch(record.pmid):
        address = f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/"
        links.append(Link(f"PubMed {record.pmid}", address))
    if _DOI.fullmatch(record.doi):
        links.append(Link("DOI", f"https://doi.org/{quote(record.doi, safe='/')}"))
    if _PMCID.fullmatch(record.pmcid):
        address = f"https://pmc.ncbi.nlm.nih.gov/articles/{record.pmcid}/"
        links.append(Link("Full text in PMC", address))
    own = {one.type: one.value for one in record.identifiers if one.valid}
    if _NCT.fullmatch(own.get("nct", "")):
        address = f"https://clinicaltrials.gov/study/{own['nct']}"
        links.append(Link(f"ClinicalTrials.gov {own['nct']}", address))
    if not links and _EUROPEPMC.fullmatch(own.get("europepmc", "")):
        address = f"https://europepmc.org/article/{own['europepmc']}"
        links.append(Link(f"Europe PMC {own['europepmc']}", address))
    return tuple(links)

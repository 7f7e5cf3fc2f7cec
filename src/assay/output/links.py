"""Addresses of a record, made from its identifiers only, and only from sound ones."""

import re
from typing import NamedTuple
from urllib.parse import quote

from assay.record import Record

_PMID = re.compile(r"[1-9][0-9]{0,8}")
_DOI = re.compile(r"10\.[0-9]{4,9}/[!-~]+")
_PMCID = re.compile(r"PMC[1-9][0-9]{0,9}")


class Link(NamedTuple):
    """Where a record can be read."""

    name: str
    """What the reader sees: "PubMed 90000001"."""
    address: str
    """https, percent-encoded: safe inside an attribute and inside Markdown."""


def find_links(record: Record) -> tuple[Link, ...]:
    """Return the record's addresses at PubMed, the DOI resolver and PMC, in that order.

    An identifier that does not have the form of one makes no link.

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
    return tuple(links)

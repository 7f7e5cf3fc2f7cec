"""The channel ris: the new works of each digest for the reference manager."""

from importlib import import_module

from assay.dates import parse_iso_date
from assay.digest.model import Work, name_of
from assay.edge.channels import Channel, Place, Post
from assay.edge.digest_files import write_file
from assay.record import Author, Record

FORMAT = "assay.exchange.ris"
"""Loaded when there is a record: with it come all formats of exchange."""


def _deliver(post: Post, place: Place) -> str:
    works = [item.work for item in post.digest.items]
    if not works:
        return "(no file: the digest holds no new work)"
    records = (post.record(work.key) or record_of(work) for work in works)
    content = str(import_module(FORMAT).render_ris(records)).encode()
    return str(write_file(place.folder, f"{name_of(post.digest)}.ris", content))


def record_of(work: Work) -> Record:
    """Return what a digest knows of a work, for one that the library has no more.

    >>> record_of(Work(key="pmid:90000001", names=(), pmid="90000001")).pmid
    '90000001'
    """
    names = work.authors.removesuffix(", et al.").split(", ") if work.authors else []
    return Record(
        source=work.source or "assay",
        pmid=work.pmid,
        doi=work.doi,
        pmcid=work.pmcid,
        title=work.title,
        year=work.year,
        dates=(parse_iso_date(work.date),) if work.date else (),
        journal=work.journal,
        authors=tuple(_author(name) for name in names if name),
        authors_complete="et al." not in work.authors,
    )


def _author(name: str) -> Author:
    """Return a person named as in "Fabel N"; a name of another shape is kept whole."""
    last, _, initials = name.rpartition(" ")
    if last and initials.isalpha() and initials.isupper() and len(initials) <= 4:
        return Author(last_name=last, initials=initials)
    return Author(collective=name)


CHANNEL = Channel(
    name="ris",
    title="RIS",
    what="Writes the new works of each digest as a RIS file for a reference manager.",
    check=lambda _place: "",
    deliver=_deliver,
)

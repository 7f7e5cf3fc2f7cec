"""efetch and esummary: records whole and in short."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from assay.edge.eutils_asking import Desk, RefusedError, names_set, wanted_pmids
from assay.edge.eutils_shelf import Shelf
from assay.output.eutils import TEXT, XML, Asked, Reply, read_pmids
from assay.output.eutils_abstract import render_abstract
from assay.output.eutils_esummary import (
    MOST_JSON,
    TOO_MANY,
    render_json_summaries,
    render_second_summaries,
    render_summaries,
)
from assay.output.eutils_medline import render_medline
from assay.output.pubmed_xml import END, PROLOG
from assay.output.xml_text import tag
from assay.record import Record

PIECE = 50
"""Records that are sent at once, so that a long reply neither fills the memory nor
keeps others waiting."""

BAD_IDS = "ID list is empty! Possibly it has no correct IDs."
NO_IDS = "Neither query_key nor id specified"
NO_IDS_JSON = "Empty id list - nothing todo"
NOT_AVAILABLE = "id: {0} Error occurred: The following PMID is not available: {0}\n"

Pieces: TypeAlias = Iterator[bytes]
Form: TypeAlias = Callable[[Sequence[int], Shelf], Pieces]


def efetch(asked: Asked, desk: Desk) -> Reply:
    """Return records in the form asked for; what is not known is left out.

    Raises:
        RefusedError: no id can be read, or a set is not known.
        StoreError: the records cannot be read.
    """
    pmids = wanted_pmids(asked, desk)
    if not pmids and not names_set(asked):
        raise RefusedError(BAD_IDS, status=400)
    kind = asked.kind
    written = asked.mode in {"text", "json"} and kind not in _MARKED_UP
    if written or (not asked.mode and kind in _TEXTS):
        form = _TEXTS.get("uilist" if asked.json else kind, _abstracts)
        return Reply(form(pmids, desk.shelf), TEXT)
    if kind == "docsum":
        return render_summaries(_found(pmids, desk.shelf))
    return Reply((_ids if kind == "uilist" else _set)(pmids, desk.shelf), XML)


def esummary(asked: Asked, desk: Desk) -> Reply:
    """Return records in short; an id that is unknown, or none, has an error of its own.

    Raises:
        RefusedError: no id is given, too many of them for JSON, or a set is not known.
        StoreError: the records cannot be read.
    """
    pmids = wanted_pmids(asked, desk)
    if not pmids:
        raise RefusedError(NO_IDS_JSON if asked.json else NO_IDS)
    bad = () if names_set(asked) else read_pmids(asked.ids)[1]
    if asked.json and len(pmids) + len(bad) > MOST_JSON:
        raise RefusedError(TOO_MANY)
    found = _found(pmids, desk.shelf) + tuple((text[:40], None) for text in bad)
    if asked.json:
        return render_json_summaries(found)
    second = asked.params.get("version", "") == "2.0"
    return render_second_summaries(found) if second else render_summaries(found)


def _found(pmids: Sequence[int], shelf: Shelf) -> tuple[tuple[str, Record | None], ...]:
    records = dict(shelf.records(pmids))
    return tuple((str(pmid), records.get(pmid)) for pmid in pmids)


def _parts(pmids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (pmids[at : at + PIECE] for at in range(0, len(pmids), PIECE))


def _set(pmids: Sequence[int], shelf: Shelf) -> Pieces:
    before = PROLOG
    for part in _parts(pmids):
        xml = b"".join(article + b"\n" for _, article in shelf.articles(part))
        yield before + xml
        before = b""
    yield before + END


def _ids(pmids: Sequence[int], shelf: Shelf) -> Pieces:
    yield b'<?xml version="1.0" encoding="UTF-8" ?>\n<IdList>\n'
    for part in _parts(pmids):
        known = shelf.known(part)
        yield "".join(f"\t{tag('Id', p)}\n" for p in part if p in known).encode()
    yield b"</IdList>\n"


def _uids(pmids: Sequence[int], shelf: Shelf) -> Pieces:
    for part in _parts(pmids):
        known = shelf.known(part)
        yield "".join(f"{pmid}\n" for pmid in part if pmid in known).encode()


def _medline(pmids: Sequence[int], shelf: Shelf) -> Pieces:
    for part in _parts(pmids):
        records = dict(shelf.records(part))
        yield _joined(
            render_medline(records[pmid])
            if pmid in records
            else NOT_AVAILABLE.format(pmid)
            for pmid in part
        )


def _abstracts(pmids: Sequence[int], shelf: Shelf) -> Pieces:
    number = 0
    for part in _parts(pmids):
        said = []
        for _, record in shelf.records(part):
            number += 1
            said.append(f"{render_abstract(record, number)}\n")
        yield _joined(said)


def _joined(texts: Iterable[str]) -> bytes:
    """Return texts with an empty line before each, as NCBI sends them."""
    return "".join(f"\n{text}" for text in texts).encode("utf-8", "replace")


_MARKED_UP = frozenset({"xml", "full", "docsum"})
"""Values of rettype that mean XML whatever retmode says: metapub asks for xml as text.
"""

_TEXTS: dict[str, Form] = {
    "medline": _medline,
    "abstract": _abstracts,
    "uilist": _uids,
}
"""The forms of retmode=text; any other rettype gives abstracts."""

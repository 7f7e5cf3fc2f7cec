"""PubMed's XML as records: an efetch reply at once, a baseline file as a stream.

The bytes are cut behind the end tag of a record into blocks of some hundred kilobytes,
and each block is parsed by itself, so that memory stays small and damage to one record
costs that record only. Where the scanner was built (`pubmed_scan`), it reads the
records, and lxml those that it leaves and all that is damaged; without it lxml reads
all, with the same results. The document type declaration is never looked at: no DTD is
fetched or needed, and an entity declared there is unknown, whatever it would expand to.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from lxml import etree

from assay.errors import BadAnswerError
from assay.record import Record
from assay.search import Problem
from assay.sources.pubmed_scan import SCAN, Scan
from assay.sources.pubmed_xml_parts import element_text
from assay.sources.pubmed_xml_record import find_doubt, read_article
from assay.sources.pubmed_xml_spans import find_spans

BLOCK = 1 << 18
"""Bytes parsed at once; larger blocks are no faster and take more memory."""

LONGEST = 1 << 24
"""Bytes after which a record that does not end is given up; the next one is read."""
_KEPT = 1 << 16
"""Bytes of its beginning that are kept, to name it."""
_LEFT_OUT = b"\0left out\0"
"""Stands for the rest of it: no XML can hold that, so no part is taken for a whole."""

_WHERE = "PubMed"
_AGAIN = "Fetch it again; the other records were read."

_OPENING = re.compile(
    rb"""(?:\xef\xbb\xbf)?
    (?: \s | <\?.*?\?> | <!--.*?-->
      | <!DOCTYPE (?: "[^"]*" | '[^']*' | [^][<>"']
          | \[ (?: <!--.*?--> | "[^"]*" | '[^']*' | [^]"'] )*+ \] )*+ > )*+
    <(?P<root>[A-Za-z_][\w.:-]*) [^<>]*? (?P<empty>/?) >""",
    re.VERBOSE | re.DOTALL,
)
"""All that may stand before the first record: prolog and root tag."""

_SETS = frozenset({b"PubmedArticleSet", b"PubmedBookArticleSet"})
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_UTF_8 = frozenset({b"utf-8", b"utf8"})
_CLOSING = re.compile(rb"</Pubmed(?:Book)?ArticleSet\s*>")
_RECORD_END = re.compile(rb"</Pubmed(?:Book)?Article\s*>")
_ARTICLE_END, _BOOK_END = b"</PubmedArticle>", b"</PubmedBookArticle>"
_PART = re.compile(
    rb"<(?:PubmedArticle|PubmedBookArticle|DeleteCitation|DeleteDocument)(?=[\s>])"
)
_END = re.compile(
    rb"</(?:PubmedArticle|PubmedBookArticle|DeleteCitation|DeleteDocument)\s*>"
)
_FIRST_PMID = re.compile(
    rb"<(?:MedlineCitation|BookDocument)\b[^>]*>\s*<PMID\b[^>]*>\s*(\d{1,9})\s*</PMID>"
)


class Deleted(NamedTuple):
    """A record that PubMed withdrew (DeleteCitation, in update files)."""

    pmid: str
    version: str = ""


class Article(NamedTuple):
    """A record and the XML that it was read from."""

    record: Record
    xml: bytes
    """From its first tag to its last, as it came: what `read_article_bytes` reads. Of
    a set in another encoding than UTF-8: the same, written in UTF-8."""


@dataclass(frozen=True, slots=True)
class ParsedSet:
    """What one efetch reply held."""

    records: tuple[Record, ...]
    deleted: tuple[str, ...] = ()
    """PMIDs that PubMed withdrew."""
    problems: tuple[Problem, ...] = ()
    complete: bool = True
    """True when every record could be read and the set's closing tag was there."""


def parse_set(body: bytes) -> ParsedSet:
    """Return all that an efetch reply holds; an empty set is an empty `ParsedSet`.

    Of a damaged or truncated reply every whole record is returned, and a problem says
    what was lost. Asked-for records that are silently missing are not noticed here.

    Raises:
        BadAnswerError: `body` is not a set of PubMed records at all.

    >>> parse_set(b"<PubmedArticleSet></PubmedArticleSet>").complete
    True
    >>> parse_set(b"<PubmedArticleSet>").problems[0].what
    'the closing tag of the set is missing'
    """
    items = tuple(iter_records((body,)))
    problems = tuple([item for item in items if isinstance(item, Problem)])
    return ParsedSet(
        records=tuple([item for item in items if isinstance(item, Record)]),
        deleted=tuple([item.pmid for item in items if isinstance(item, Deleted)]),
        problems=problems,
        complete=not problems,
    )


def iter_records(chunks: Iterable[bytes]) -> Iterator[Record | Deleted | Problem]:
    """Yield what a set holds, in order, from chunks of its bytes of any size.

    Needs some megabytes of memory whatever the length of the whole.

    Raises:
        BadAnswerError: at the first item, when it is not a set of PubMed records.

    >>> list(iter_records([b"<PubmedArticleSet><DeleteCitation><PMID>900000",
    ...     b"01</PMID></DeleteCitation></PubmedArticleSet>"]))
    [Deleted(pmid='90000001', version='')]
    """
    for item in iter_articles(chunks):
        yield item.record if isinstance(item, Article) else item


def read_article_bytes(xml: bytes) -> Record:
    """Return the record of one PubmedArticle or PubmedBookArticle, given in UTF-8.

    Raises:
        BadAnswerError: `xml` is not one whole record with a PMID.

    >>> read_article_bytes(b"<PubmedArticle><MedlineCitation><PMID>90000001</PMID>"
    ...     b"</MedlineCitation></PubmedArticle>").pmid
    '90000001'
    """
    found = SCAN(xml, 0) if SCAN else None
    if found and found[2] == len(xml):
        return found[0]
    items = tuple(_BlockReader(b"utf-8").read(xml))
    if len(items) == 1 and isinstance(items[0], Article):
        return items[0].record
    problem = next((item for item in items if isinstance(item, Problem)), None)
    what = problem.what if problem else "the bytes are not one record"
    raise BadAnswerError(problem.where if problem else _WHERE, what, "Fetch it again.")


def iter_articles(chunks: Iterable[bytes]) -> Iterator[Article | Deleted | Problem]:
    """Yield what `iter_records` yields, each record with its XML.

    Raises:
        BadAnswerError: at the first item, when it is not a set of PubMed records.

    >>> article, = iter_articles([b"<PubmedArticleSet> <PubmedArticle><MedlineCitation>"
    ...     b"<PMID>90000001</PMID></MedlineCitation></PubmedArticle> "
    ...     b"</PubmedArticleSet>"])
    >>> article.xml[:31]
    b'<PubmedArticle><MedlineCitation'
    """
    blocks = _blocks(chunks)
    block = next(blocks)
    opening = _match_opening(block)
    encoding = _ENCODING.search(opening[0])
    read = _BlockReader(encoding[1] if encoding else b"utf-8").read
    block = block[opening.end() :]
    if opening["empty"]:
        block = b"</PubmedArticleSet>" + block
    for following in blocks:
        yield from read(block)
        block = following
    closing = _CLOSING.search(block)
    if closing is None:
        yield from read(block)
        yield Problem(
            where=_WHERE,
            what="the closing tag of the set is missing",
            what_to_do="Fetch again what is missing; the whole records were read.",
        )
        return
    yield from read(block[: closing.start()])
    if block[closing.end() :].strip():
        yield _unknown_part(block[closing.end() :])


def _blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the bytes in blocks that end with a record; the last is what remains."""
    rest = b""
    for chunk in _sized(chunks):
        rest += chunk
        if end := _end_of_last(_ARTICLE_END, rest) or _end_of_last(_BOOK_END, rest):
            yield rest[:end]
            rest = rest[end:]
        elif len(rest) > LONGEST:
            rest = rest[:_KEPT] + _LEFT_OUT + rest[-len(_BOOK_END) :]
    yield rest


def _sized(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the bytes in chunks of `BLOCK` to twice that, the last one shorter."""
    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        for start in range(0, len(chunk), BLOCK):
            held.append(chunk[start : start + BLOCK])
            size += len(held[-1])
            if size >= BLOCK:
                yield b"".join(held)
                held, size = [], 0
    yield b"".join(held)


def _end_of_last(tag: bytes, data: bytes) -> int:
    start = data.rfind(tag)
    return start + len(tag) if start >= 0 else 0


def _match_opening(body: bytes) -> re.Match[bytes]:
    """Return the match of prolog and root tag, or raise what came instead."""
    opening = _OPENING.match(body)
    if opening and opening["root"] in _SETS:
        return opening
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if opening:
        root = opening["root"][:40].decode("ascii", "replace")
        kind = "an HTML page" if root.lower() == "html" else f"<{root}>"
        what = f"{kind} came where a set of PubMed records was expected"
    elif not start:
        what = "an empty answer came"
    elif start == b"<":
        what = "the answer has no root element"
    else:
        kind = "JSON" if start in b"{[" else "text"
        what = f"{kind} came where XML was expected"
    raise BadAnswerError(_WHERE, what, "Ask again in a minute.")


class _BlockReader:
    """Reads blocks of whole records with one parser."""

    def __init__(self, encoding: bytes) -> None:
        self._verbatim = encoding.lower() in _UTF_8
        self._before = (
            b'<?xml version="1.0" encoding="' + encoding + b'"?>'
            b'<set xmlns:mml="http://www.w3.org/1998/Math/MathML">'
        )
        self._parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            collect_ids=False,
        )

    def read(self, block: bytes) -> Iterator[Article | Deleted | Problem]:
        """Yield what the block holds; if it is damaged, part by part."""
        items = self._scan(block, SCAN) if SCAN and self._verbatim else None
        yield from self._read_trees(block) if items is None else items

    def _scan(
        self, block: bytes, scan: Scan
    ) -> list[Article | Deleted | Problem] | None:
        """Return what the block holds, or None when part of it is damaged.

        What the scanner leaves is parsed by itself up to the end of a record. Where
        each piece is well-formed, so is the whole, and it holds the same.
        """
        items: list[Article | Deleted | Problem] = []
        at = 0
        while at < len(block):
            if found := scan(block, at):
                record, start, at = found
                items.append(Article(record, block[start:at]))
                continue
            end = _RECORD_END.search(block, at)
            piece = block[at : end.end() if end else len(block)]
            root = self._parse(piece)
            if root is None or _has_text(root):
                return None
            for element, xml in zip(root, self._pieces(piece, root), strict=True):
                items += _items_of(element, xml)
            at += len(piece)
        return items

    def _read_trees(self, block: bytes) -> Iterator[Article | Deleted | Problem]:
        """Yield what the block holds, parsed as one; if that fails, part by part."""
        root = self._parse(block)
        if root is None:
            yield from self._read_apart(block)
            return
        if (root.text or "").strip():
            yield _unknown_part(block)
        for element, xml in zip(root, self._pieces(block, root), strict=True):
            yield from _items_of(element, xml)
            if (element.tail or "").strip():
                yield _unknown_part(block)

    def _parse(self, block: bytes) -> etree._Element | None:
        try:
            return etree.fromstring(self._before + block + b"</set>", self._parser)
        except etree.XMLSyntaxError:
            return None

    def _pieces(self, block: bytes, root: etree._Element) -> tuple[bytes, ...]:
        """Return the bytes of each child of the root."""
        spans = find_spans(block) if self._verbatim else ()
        if len(spans) == len(root):
            return tuple([block[start:stop] for start, stop in spans])
        write = etree.tostring
        return tuple([write(e, encoding="utf-8", with_tail=False) for e in root])

    def _read_apart(self, block: bytes) -> Iterator[Article | Deleted | Problem]:
        """Yield each part that can be read by itself and a problem for the others."""
        edges = [match.start() for match in _PART.finditer(block)] + [len(block)]
        if block[: edges[0]].strip():
            yield _unknown_part(block[: edges[0]])
        for start, stop in pairwise(edges):
            yield from self._read_part(block[start:stop])

    def _read_part(self, part: bytes) -> Iterator[Article | Deleted | Problem]:
        """Yield what the bytes from one start tag to the next hold."""
        end = _END.search(part)
        whole = part[: end.end()] if end else b""
        root = self._parse(whole) if end else None
        if end is None or root is None:
            long = f"it is longer than {LONGEST >> 20} MB"
            why = long if _LEFT_OUT in part else "it is not well-formed XML"
            yield _unreadable(part, why)
            return
        for element, xml in zip(root, self._pieces(whole, root), strict=True):
            yield from _items_of(element, xml)
        if part[end.end() :].strip():
            yield _unknown_part(part[end.end() :])


def _has_text(root: etree._Element) -> bool:
    """Return whether anything but blanks stands between the root's children."""
    texts = (root.text, *(element.tail for element in root))
    return any((text or "").strip() for text in texts)


def _items_of(
    element: etree._Element, xml: bytes
) -> Iterator[Article | Deleted | Problem]:
    """Yield the record, the deleted PMIDs, or the problem that an element is."""
    if element.tag in {"PubmedArticle", "PubmedBookArticle"}:
        record = read_article(element)
        doubt = find_doubt(record)
        yield _problem(record.pmid, doubt) if doubt else Article(record, xml)
    elif element.tag in {"DeleteCitation", "DeleteDocument"}:
        for part in element.iterchildren("PMID"):
            yield Deleted(element_text(part), part.get("Version", ""))
    else:
        yield _unknown_part(etree.tostring(element))


def _unreadable(part: bytes, why: str) -> Problem:
    match = _FIRST_PMID.search(part)
    return _problem(match[1].decode("ascii") if match else "", why)


def _problem(pmid: str, why: str) -> Problem:
    return Problem(
        where=f"{_WHERE} record {pmid or '(PMID not readable)'}",
        what=f"a record cannot be read: {why}",
        what_to_do=_AGAIN,
    )


def _unknown_part(part: bytes) -> Problem:
    """Return the problem that bytes belong to no record; names a PMID in them."""
    if _FIRST_PMID.search(part):
        return _unreadable(part, "its first tag is damaged")
    return Problem(
        where=_WHERE,
        what=f"{len(part)} bytes of the answer belong to no record",
        what_to_do=_AGAIN,
    )

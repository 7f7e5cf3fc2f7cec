"""The paragraphs of a Word document (.docx, ECMA-376), read without trusting it.

A .docx is a zip of XML. A zip that unpacks to more than `LARGEST`, and XML with a
DOCTYPE, which Word never writes and entity bombs need, are refused.
"""

import io
import zipfile
import zlib
from typing import NamedTuple

from lxml import etree

from assay.search import Problem

LARGEST = 64 * 1024 * 1024
"""Bytes of one part, unpacked. The text of a book of 1,000 pages has about 10 MB."""

PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_BLANKS = {f"{_W}tab", f"{_W}br", f"{_W}cr"}
_NO_FILE = "it is not a Word document (.docx), or is damaged"


class Document(NamedTuple):
    """The paragraphs of a document in order, or why it cannot be read."""

    paragraphs: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class _RefusedError(Exception):
    """This part is not read; the words say why."""


def read_docx(data: bytes, name: str) -> Document:
    """Return the paragraphs of a .docx, foot- and endnotes last.

    The address of a link stands after its words, since many a reference shows its DOI
    there only. Fields' instructions and deleted text are not read.

    >>> read_docx(b"no zip", "a.docx").problems[0].what
    'it is not a Word document (.docx), or is damaged'
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            links = _links(archive)
            found = [
                text
                for part in PARTS
                if part in archive.namelist()
                for text in _paragraphs(_unpacked(archive, part), links)
            ]
            whole = PARTS[0] in archive.namelist()
    except _RefusedError as error:
        return Document(problems=(Problem(where=name, what=str(error)),))
    except (
        zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, KeyError,
        NotImplementedError, RuntimeError, etree.XMLSyntaxError,
    ):  # fmt: skip
        return Document(problems=(Problem(where=name, what=_NO_FILE),))
    if not whole:
        return Document(problems=(Problem(where=name, what=_NO_FILE),))
    return Document(tuple(found))


def _unpacked(archive: zipfile.ZipFile, part: str) -> bytes:
    """Return one part, never more than `LARGEST` bytes whatever its header says."""
    with archive.open(part) as file:
        body = file.read(LARGEST + 1)
    if len(body) > LARGEST:
        size = f"{LARGEST // 1024 // 1024} MB"
        raise _RefusedError(f"it unpacks to more than {size} and is not read")
    return body


def _tree(body: bytes) -> etree._Element:
    if b"<!DOCTYPE" in body[:4096].upper() or b"<!ENTITY" in body.upper():
        raise _RefusedError(
            "its XML defines entities, as Word never does; it is not read"
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    return etree.fromstring(body, parser)


def _links(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the addresses that links of the main part lead to, by their id."""
    part = "word/_rels/document.xml.rels"
    if part not in archive.namelist():
        return {}
    tree = _tree(_unpacked(archive, part))
    return {each.get("Id", ""): each.get("Target", "") for each in tree}


def _paragraphs(body: bytes, links: dict[str, str]) -> list[str]:
    return [_text(each, links) for each in _tree(body).iter(f"{_W}p")]


def _text(paragraph: etree._Element, links: dict[str, str]) -> str:
    parts: list[str] = []
    for node in paragraph.iter():
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag in _BLANKS:
            parts.append(" ")
        elif node.tag == f"{_W}hyperlink":
            address = links.get(node.get(f"{_R}id", ""), "")
            shown = "".join(t.text or "" for t in node.iter(f"{_W}t"))
            if address.startswith("http") and address not in shown:
                parts.append(f" {address} ")
    return " ".join("".join(parts).split())

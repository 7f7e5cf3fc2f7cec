"""What kind of file the bytes of an article are, whatever its name says."""

import re
from collections.abc import Mapping

from assay.claims.article_markdown import count_markdown_signs

BINARY: Mapping[bytes, str] = {
    b"\x89PNG\r\n": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF87a": "a GIF picture",
    b"GIF89a": "a GIF picture",
    b"II*\x00": "a TIFF picture",
    b"MM\x00*": "a TIFF picture",
    b"BM": "a BMP picture",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old Office file (doc, xls or ppt)",
    b"{\\rtf": "a rich text file (RTF)",
    b"%!PS": "a PostScript file",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"SQLite format 3\x00": "a SQLite database",
    b"ID3": "a sound file",
    b"OggS": "a sound file",
    b"fLaC": "a sound file",
    b"\x1aE\xdf\xa3": "a film",
}
"""First bytes, and what such a file is called; ZIP and RIFF are looked into."""
_ZIPPED = (
    (b"word/", "a Word document (docx)"),
    (b"xl/", "an Excel file (xlsx)"),
    (b"ppt/", "a PowerPoint file (pptx)"),
    (b"opendocument.text", "an OpenDocument text (odt)"),
    (b"application/epub+zip", "an EPUB book"),
)
MAX_LINES = 150_000
"""Lines of a Markdown text; a longer one is no article and is read as plain text."""
_MARKDOWN_NAMES = (".md", ".markdown", ".mdown", ".mkd")
_ANY_TAG = re.compile(r"<[a-z][^<>]{0,2000}>", re.IGNORECASE)
_TEXT_TWINS = {b"BM", b"MZ", b"ID3", b"BZh"}
"""Marks that words can begin with; they count only when followed by binary bytes."""
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|"
    r"body)\b",
    re.IGNORECASE | re.DOTALL,
)
_RECORDS = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!DOCTYPE[^>]*>\s*)?"
    rb"(?:<Pubmed(?:Book)?ArticleSet\b|<PubmedArticle\b|PMID- ?\d|TY  - [A-Z]|"
    rb"@(?:article|book|misc|inproceedings)\s*\{)",
    re.IGNORECASE,
)
_HTML_TAG = re.compile(r"</(?:p|div|h[1-6]|li|ul|article|section|table|body)\s*>", re.I)


def holds_records(body: bytes) -> bool:
    """Return whether a file begins as one of bibliographic records does.

    PubMed's XML, MEDLINE text (.nbib), RIS and BibTeX.

    >>> holds_records(b"PMID- 90000001\\nOWN - NLM"), holds_records(b"Tea calms.")
    (True, False)
    """
    return _RECORDS.match(body[:4000]) is not None


def find_binary(body: bytes) -> str:
    """Return what a file that is no text and no PDF is called, "" when it may be text.

    >>> find_binary(b"\\x89PNG\\r\\n\\x1a\\n"), find_binary(b"Tea calms.")
    ('a PNG picture', '')
    """
    if body.startswith(b"PK\x03\x04"):
        head = body[:4000] + body[-4000:]
        return next((name for mark, name in _ZIPPED if mark in head), "a ZIP archive")
    if body.startswith(b"RIFF"):
        return "a WebP picture" if body[8:12] == b"WEBP" else "a sound or film file"
    if body[4:8] == b"ftyp":
        return "a film or a HEIC picture"
    for mark, name in BINARY.items():
        sure = mark not in _TEXT_TWINS or _has_controls(body)
        if body.startswith(mark) and sure:
            return name
    return ""


def _has_controls(body: bytes) -> bool:
    head = body[:1000]
    return sum(1 for b in head if b < 9 or 13 < b < 32) * 50 > len(head)


def is_pdf(body: bytes) -> bool:
    """Tell whether the bytes are a PDF, whose mark may stand in the first kilobyte.

    >>> is_pdf(b"%PDF-1.7 ..."), is_pdf(b"About %PDF-files: " + b"a" * 2000)
    (True, False)
    """
    head = body[:1024]
    return head.lstrip().startswith(b"%PDF-") or (
        b"%PDF-" in head and b"startxref" in body[-2048:]
    )


def decide_text_kind(text: str, *, name: str = "", media_type: str = "") -> str:
    """Return "html", "markdown" or "plain" for decoded text.

    The look of the text decides; media type and name only tip the balance, because
    servers and file names are often wrong about them.

    >>> decide_text_kind("<!doctype html><p>Tea"), decide_text_kind("Tea calms.")
    ('html', 'plain')
    >>> decide_text_kind("It **calms**.", name="tea.md")
    'markdown'
    """
    name = name.lower()
    said_html = "html" in media_type or name.endswith((".html", ".htm"))
    said_markdown = "markdown" in media_type or name.endswith(_MARKDOWN_NAMES)
    if _HTML_START.match(text[:5000]):
        return "html"
    head = text[:100_000]
    tags = len(_HTML_TAG.findall(head))
    signs = count_markdown_signs(head) if text.count("\n") < MAX_LINES else 0
    if said_html and signs < 4 and (tags or _ANY_TAG.search(head)):
        return "html"
    if signs >= (1 if said_markdown else 2):
        return "markdown"
    if tags >= 2:
        return "html"
    return "markdown" if said_markdown and tags else "plain"

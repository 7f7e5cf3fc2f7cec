"""PDF: its lines, put together again to paragraphs.

A PDF knows where each letter stands and nothing of paragraphs. pdfium gives the lines
in reading order; sizes, gaps and indents tell which belong together.
"""

import ctypes
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import pypdfium2
from pypdfium2 import raw

from assay.claims.article_lines import Line, join_lines
from assay.claims.article_parts import (
    Parsed,
    clean_characters,
    count_words,
    join_parts,
)
from assay.errors import ArticleError

MAX_PAGES = 1_000
"""Pages: no article is longer, and each costs up to some tens of milliseconds."""
MIN_WORDS = 10
"""Words in the whole file below which it is taken for pictures of pages."""
MIN_LETTERS = 0.5
"""Share of letters and digits among visible characters; a PDF whose fonts do not say
which letters they draw gives signs instead."""
MAX_UNPACKED = 60_000_000
"""Bytes of the compressed parts, without pictures, once they are unpacked."""
EDGE = 0.1
"""Share of the page's height, at top and bottom, where running heads stand."""

_STREAM = re.compile(rb"\bstream\r?\n(?=[\x08-\x78][\x01\x5e\x9c\xda])")
"""The beginning of a part that is compressed (the first two bytes of zlib's format)."""
_NUMBER = re.compile(r"\W*(?:page\s*)?\d+(?:\s*(?:of|/)\s*\d+)?\W*", re.IGNORECASE)
_PROGRAMS = re.compile(
    r"\.(?:docx?|pdf|indd|qxd|html?|tex)\b|^untitled|^microsoft", re.IGNORECASE
)


def parse_pdf(body: bytes) -> Parsed:
    """Return title, text and blocks of a PDF that holds its text as text.

    Repeated running heads and page numbers are left out; words divided at line ends
    are joined. Columns come in the order in which pdfium reads them.

    Raises:
        ArticleError: broken, encrypted, without text (scanned), or too long.
    """
    _refuse_bomb(body)
    try:
        with closing(pypdfium2.PdfDocument(body)) as document:
            pages = list(_pages(document))
            pictures = _has_pictures(document) if _few_words(pages) else False
            named = document.get_metadata_dict().get("Title", "")
    except pypdfium2.PdfiumError as error:
        raise ArticleError(_explained(error)) from error
    if _few_words(pages):
        what = "is scanned: it holds pictures of pages" if pictures else "holds no text"
        raise ArticleError(
            f"The PDF {what}. Put it through text recognition (OCR), or find the text."
        )
    lines = [line for page in _without_running_heads(pages) for line in page]
    _refuse_signs(lines)
    title, parts = join_lines(lines)
    return join_parts(title or _sensible(clean_characters(named)), parts)


def _refuse_bomb(body: bytes) -> None:
    """Refuse a PDF whose compressed parts, pictures aside, unpack to too much.

    pdfium would take minutes and gigabytes for it.
    """
    room = MAX_UNPACKED
    for match in _STREAM.finditer(body):
        if b"/Image" in body[max(0, match.start() - 400) : match.start()]:
            continue
        try:
            unpacker = zlib.decompressobj()
            room -= len(unpacker.decompress(body[match.end() :], room + 1))
        except zlib.error:
            continue
        if room < 0:
            raise ArticleError(
                f"The PDF unpacks to more than {MAX_UNPACKED // 1_000_000} MB, which no"
                " article does. Save its text and give that file."
            )


def _explained(error: pypdfium2.PdfiumError) -> str:
    code = getattr(error, "err_code", None)
    if code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}:
        return "The PDF is encrypted. Save a copy without a password and give that."
    return "The PDF is broken. Download it again, or save it anew from its program."


def _few_words(pages: list[list[Line]]) -> bool:
    return sum(count_words(line.text) for page in pages for line in page) < MIN_WORDS


def _refuse_signs(lines: list[Line]) -> None:
    text = "".join(line.text for line in lines)
    visible = [c for c in text if not c.isspace()]
    if sum(c.isalnum() for c in visible) < MIN_LETTERS * len(visible):
        raise ArticleError(
            "The PDF does not say which letters its fonts draw, so its text is lost."
            " Put it through text recognition (OCR), or find the text."
        )


def _pages(document: pypdfium2.PdfDocument) -> Iterator[list[Line]]:
    """Yield each page's lines; every handle is closed before the next is opened."""
    if len(document) > MAX_PAGES:
        raise ArticleError(
            f"The PDF has {len(document)} pages; at most {MAX_PAGES} are read."
            " Save the pages of the article alone."
        )
    for number in range(len(document)):
        with closing(document[number]) as page, closing(page.get_textpage()) as text:
            yield list(_lines(text, number, page.get_height()))


def _lines(page: pypdfium2.PdfTextPage, number: int, height: float) -> Iterator[Line]:
    """Yield the lines of one page with their places, in reading order."""
    text = page.get_text_range()
    for match in re.finditer("[^\r\n\ufffe\x02]+[\ufffe\x02]?", text):
        words = match[0].rstrip()
        cut = words[-1:] in {"\ufffe", "\x02"}
        shown = clean_characters(words).strip()
        if not shown:
            continue
        first = match.start() + len(match[0]) - len(match[0].lstrip())
        last = match.start() + len(words) - (2 if cut and len(words) > 1 else 1)
        left, y, size = _place(page, first)
        right, _, last_size = _place(page, last)
        size = max(size, last_size)  # a bullet is often smaller, a footnote mark too
        edge = not height * EDGE < y < height * (1 - EDGE)
        yield Line(shown, number, left, max(left, right), y, size, cut, edge)


def _place(page: pypdfium2.PdfTextPage, at: int) -> tuple[float, float, float]:
    """Return x, baseline y and size, in points, of the character at a text offset."""
    index = raw.FPDFText_GetCharIndexFromTextIndex(page.raw, at)
    x, y = ctypes.c_double(), ctypes.c_double()
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetCharOrigin(page.raw, index, x, y)
    scaled = raw.FPDFText_GetMatrix(page.raw, index, matrix)
    scale = max(abs(matrix.d), abs(matrix.b)) if scaled else 1.0
    return x.value, y.value, raw.FPDFText_GetFontSize(page.raw, index) * (scale or 1.0)


def _has_pictures(document: pypdfium2.PdfDocument) -> bool:
    for number in range(min(len(document), 20)):
        with closing(document[number]) as page:
            found = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)
            if next(iter(found), None) is not None:
                return True
    return False


def _without_running_heads(pages: list[list[Line]]) -> list[list[Line]]:
    """Return the pages without edge lines that repeat, numbers aside."""
    seen = Counter(
        key for page in pages for key in {_pattern(line) for line in page if line.edge}
    )
    needed = max(2, len(pages) // 3)
    return [
        [
            line
            for line in page
            if not line.edge or (seen[_pattern(line)] < needed and not _number(line))
        ]
        for page in pages
    ]


def _pattern(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text).casefold(), round(line.size)


def _number(line: Line) -> bool:
    """Tell whether a line is a page number: "7", "- 7 -", "Page 7 of 9"."""
    return _NUMBER.fullmatch(line.text) is not None


def _sensible(title: str) -> str:
    """Return a PDF's own title unless it is what a program wrote there."""
    return "" if _PROGRAMS.search(title) or len(title) > 300 else title

"""From the bytes of an article to its text, blocks and sentences, with offsets."""

import hashlib
import re
from collections.abc import Iterator

from assay.claims.article_html import parse_html, parse_page
from assay.claims.article_kind import (
    decide_text_kind,
    find_binary,
    holds_records,
    is_pdf,
)
from assay.claims.article_markdown import parse_markdown
from assay.claims.article_parts import Parsed, clean_characters, count_words
from assay.claims.article_pdf import parse_pdf
from assay.claims.article_stub import find_stub
from assay.claims.article_text import parse_plain_text
from assay.claims.encoding import decode_text
from assay.errors import ArticleError
from assay.model import Article, Span
from assay.text import split_sentences

MAX_BYTES = 5_000_000
"""Bytes of the largest article that is read."""
MEDIA_TYPES = {
    "html": "text/html",
    "markdown": "text/markdown",
    "plain": "text/plain",
    "pdf": "application/pdf",
}


def parse_article(
    body: bytes, *, name: str, media_type: str = "", charset: str = ""
) -> Article:
    """Return the article in `body`: HTML, Markdown, plain text or PDF, any encoding.

    `name` is the file name or address, for messages and as a hint. `media_type` and
    `charset` are what the server declared, "" when nothing; a wrong one does no harm.
    The text of a plain text file is the file's own, apart from line ends and invisible
    characters; in the other formats white space is folded inside each block.

    Raises:
        ArticleError: when there is no article in it to read; says what to do.

    >>> article = parse_article(b"Tea\\n\\nIt calms. It warms.", name="tea.txt")
    >>> article.title, [article.text[s.start:s.end] for s in article.sentences]
    ('Tea', ['Tea', 'It calms.', 'It warms.'])
    """
    if len(body) > MAX_BYTES:
        raise ArticleError(
            f"{name} is too large to be an article: it has more than 5 MB."
            " Save the article's text alone and give that file."
        )
    try:
        kind, parsed = _parsed(body, name, media_type, charset)
    except ArticleError as error:
        raise ArticleError(f"{name}: {error}") from error
    sentences = tuple(_sentences(parsed))
    if not any(count_words(parsed.text[s.start : s.end]) >= 2 for s in sentences):
        raise ArticleError(
            f"{name}: no sentence was found in it."
            " Check that it is the right file, or copy the article's text into a file."
        )
    return Article(
        name=name,
        title=parsed.title,
        text=parsed.text,
        blocks=parsed.blocks,
        sentences=sentences,
        media_type=MEDIA_TYPES[kind],
        sha256=hashlib.sha256(body).hexdigest(),
    )


def _parsed(
    body: bytes, name: str, media_type: str, charset: str
) -> tuple[str, Parsed]:
    """Return what kind of article it is, and its parts."""
    if not body.strip():
        raise ArticleError("It is empty. Check the file or the address.")
    if is_pdf(body):
        return "pdf", parse_pdf(body)
    if what := find_binary(body):
        raise ArticleError(
            f"It is {what}, not an article. Save the article as HTML, PDF or text."
        )
    if holds_records(body):
        raise ArticleError(
            "It is a file of bibliographic records, not an article. Add them to the "
            "library: assay library add FILE."
        )
    text = decode_text(body, charset=charset)
    kind = decide_text_kind(text, name=name, media_type=media_type.lower())
    if kind == "html":
        return kind, _page(text)
    text = clean_characters(text)
    if _is_noise(text):
        raise ArticleError(
            "It holds binary data, not text. Save the article as HTML, PDF or text."
        )
    return kind, parse_markdown(text) if kind == "markdown" else parse_plain_text(text)


def _page(source: str) -> Parsed:
    tree = parse_page(source)
    if tree is None:
        raise ArticleError("The page is empty. Check the address in a browser.")
    whole = " ".join(tree.itertext())
    parsed = parse_html(tree)
    if stub := find_stub(source, whole, parsed.text):
        raise ArticleError(stub)
    return parsed


def _is_noise(text: str) -> bool:
    """Tell whether text is what remains of binary data: few letters in words."""
    visible = sum(1 for c in text if not c.isspace())
    lost = text.count("\ufffd")
    return visible > 0 and lost * 20 > visible


def _sentences(parsed: Parsed) -> Iterator[Span]:
    """Yield the sentences of each block; a wrapped line's break counts as a blank."""
    for block in parsed.blocks:
        inside = re.sub(r"\n", " ", parsed.text[block.start : block.end])
        for span in split_sentences(inside):
            yield Span(block.start + span.start, block.start + span.end)

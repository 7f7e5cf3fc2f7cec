"""Markdown: CommonMark and tables, without its markup.

Links and emphasis leave their words, pictures and tags leave nothing, code is left
out, rows of a table become blocks of kind "table". A title in front matter is read.
"""

import re
from collections.abc import Iterator, Sequence
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assay.claims.article_parts import Parsed, Part, join_parts

MAX_PARAGRAPH = 100_000
"""Characters of a run of lines above which its markup is not read: working out nested
brackets takes time that grows faster than their number."""

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.)[ \t]*\n", re.S)
_YAML_TITLE = re.compile(r"^title:[ \t]*(.+)$", re.MULTILINE | re.IGNORECASE)
_UNSEEN = re.compile(
    r"<(script|style|pre|textarea)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.S | re.I
)
_TAG = re.compile(r"<[/!?a-zA-Z][^<>]{0,2000}>")
_SIGNS = re.compile(r"[\[\]*_`<&]")
_MARKERS = (
    r"^#{1,6}[ \t]+\S",
    r"!?\[[^\]\n]{1,200}\]\([^)\s]{1,500}+[^)\n]{0,100}+\)",
    r"(?<!\w)\*\*\S[^*\n]{0,300}\*\*(?!\w)",
    r"^(?:```|~~~)",
    r"^\|.{0,500}\|[ \t]*$",
    r"^\[[^\]\n]{1,100}\]:[ \t]+\S",
    r"^> \S",
    r"^[^\n]{1,150}\n(?:={3,}|-{3,})[ \t]*$",
    r"(?<![\w*])\*[^\s*][^*\n]{0,200}\*(?![\w*])|(?<![\w_])_[^\s_][^_\n]{0,200}_(?!\w)",
)
_KINDS = {"paragraph": "paragraph", "heading": "heading"}


def count_markdown_signs(text: str) -> int:
    """Return how many different signs of Markdown stand in `text`.

    >>> count_markdown_signs("# Tea\\n\\nIt **calms**."), count_markdown_signs("Tea.")
    (2, 0)
    """
    matter = _FRONT_MATTER.match(text) is not None
    return matter + sum(1 for m in _MARKERS if re.search(m, text, re.MULTILINE))


def parse_markdown(text: str) -> Parsed:
    """Return title, text and blocks of a Markdown text, markup removed.

    >>> parse_markdown("# Tea\\n\\nIt [calms](http://x.example) **me**.").text
    'Tea\\n\\nIt calms me.'
    """
    title = ""
    if matter := _FRONT_MATTER.match(text):
        text = text[matter.end() :]
        if named := _YAML_TITLE.search(matter[1]):
            title = named[1].strip().strip("\"'")
    parser = MarkdownIt("commonmark").enable("table")
    parts = list(_parts(parser.parse(_without_monsters(text))))
    if not title and parts and parts[0].kind == "heading":
        title = parts[0].text
    return join_parts(title, parts)


def _without_monsters(text: str) -> str:
    """Return `text` with the signs of markup taken out of overlong paragraphs."""
    pieces = re.split(r"(\n[ \t]*\n)", text)
    return "".join(
        _SIGNS.sub(" ", piece) if len(piece) > MAX_PARAGRAPH else piece
        for piece in pieces
    )


def _parts(tokens: Sequence[Token]) -> Iterator[Part]:
    """Yield the blocks; `around` holds the list items and quotes that are open."""
    around: list[str] = []
    leaf = "paragraph"
    row: list[str] = []
    for token in tokens:
        name, _, edge = token.type.rpartition("_")
        if name in {"list_item", "blockquote"}:
            kind = "item" if name == "list_item" else "quote"
            if edge == "open":
                around.append(kind)
            else:
                around.pop()
        elif name in _KINDS and edge == "open":
            leaf = _KINDS[name]
        elif name == "tr" and edge == "open":
            leaf, row = "table", []
        elif name == "tr":
            yield Part("table", " | ".join(row))
            leaf = "paragraph"
        elif token.type == "inline" and leaf == "table":
            row.append(_words(token))
        elif token.type == "html_block":
            seen = _TAG.sub("", _UNSEEN.sub("", token.content))
            yield Part((around or ["paragraph"])[-1], unescape(seen))
        elif token.type == "inline":
            inside = leaf if leaf == "heading" else (around or [leaf])[-1]
            yield Part(inside, _words(token))


def _words(token: Token) -> str:
    """Return the words of one inline token: text and code, no pictures, no HTML."""
    words = (
        " " if child.type in {"softbreak", "hardbreak"} else child.content
        for child in token.children or ()
        if child.type in {"text", "code_inline", "softbreak", "hardbreak"}
    )
    return "".join(words)

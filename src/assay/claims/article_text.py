"""Plain text: which lines are the title, headings, items and paragraphs.

The text is kept as it is, so that offsets point into the file as read. Lines that were
wrapped at a fixed width are seen as one paragraph, though the line breaks stay.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from assay.claims.article_parts import Parsed
from assay.model import Block

MAX_WRAPPED = 140
"""Characters: a longer line was not wrapped by hand or by a mail program."""
MIN_WRAPPED = 40
"""Characters: text whose longest line is shorter is a list, not wrapped prose."""
MIN_FULL = 0.5
"""Share of the lines that must be full for a text to count as wrapped. The rest ends a
paragraph that no blank line follows."""
MAX_HEADING = 110
"""Characters of the longest title or heading."""
MAX_RUN = 3
"""Most lines without a final stop that can be headings in a row; more are a list."""

_ITEM = re.compile(r"(?:[-*+•‣◦▪●·–]|\(?\d{1,2}[.)])[ \t]+(?=\S)")
_STOPPED = re.compile(r"[.!…;,:]['\"’”)\]]*$")


class _Line(NamedTuple):
    start: int
    end: int
    """Without the white space around it; start == end on a blank line."""
    columns: int
    """Its length with indentation and item mark, in characters."""
    item: bool


def parse_plain_text(text: str) -> Parsed:
    r"""Return the blocks of a plain text; `text` itself is unchanged.

    A blank line parts blocks; so does a line break, unless the lines were wrapped at a
    fixed width. The first line, when short and without a final stop, is the title.

    >>> parsed = parse_plain_text("Tea\n\nIt calms.\n- a cup\n")
    >>> [(b.kind, text[b.start:b.end]) for text in [parsed.text] for b in parsed.blocks]
    [('title', 'Tea'), ('paragraph', 'It calms.'), ('item', 'a cup')]
    """
    blocks = _with_headings(text, list(_blocks(text)))
    title = next((text[b.start : b.end] for b in blocks if b.kind == "title"), "")
    return Parsed(" ".join(title.split()), text, tuple(blocks))


def _lines(text: str) -> Iterator[_Line]:
    for match in re.finditer(r"[^\n]+|\n(?=\n)", text):
        raw = match[0]
        start = match.start() + len(raw) - len(raw.lstrip())
        end = match.start() + len(raw.rstrip())
        if not re.search(r"[^\W_]", raw):  # blank, or a rule such as "-----"
            yield _Line(start, start, 0, item=False)
            continue
        marker = _ITEM.match(text, start, end)
        start = marker.end() if marker else start
        yield _Line(start, end, end - match.start(), item=marker is not None)


def _blocks(text: str) -> Iterator[Block]:
    lines = list(_lines(text))
    width = _wrap_width(text, lines)
    current: _Line | None = None
    for i, line in enumerate(lines):
        if current and not _goes_on(text, lines[i - 1], line, width):
            yield _block(current)
            current = None
        if line.start == line.end:
            continue
        current = current._replace(end=line.end) if current else line
    if current:
        yield _block(current)


def _block(line: _Line) -> Block:
    return Block("item" if line.item else "paragraph", line.start, line.end)


def _goes_on(text: str, line: _Line, following: _Line, width: int) -> bool:
    """Tell whether `following` continues the paragraph of `line`."""
    if following.start == following.end or line.start == line.end or following.item:
        return False
    if text.count("\n", line.end, following.start) > 1:
        return False
    if width and _is_full(text, line, following, width):
        return True
    unfinished = text[line.end - 1] not in '.!?:;…”"’)' and line.end - line.start > 30
    return unfinished and text[following.start].islower()


def _is_full(text: str, line: _Line, following: _Line, width: int) -> bool:
    """Tell whether the first word of the next line had no room on this one."""
    word = re.compile(r"\S+").match(text, following.start)
    room = width - line.columns - 1
    return word is not None and len(word[0]) > room


def _wrap_width(text: str, lines: list[_Line]) -> int:
    """Return the width at which the lines were wrapped, 0 when they were not."""
    pairs = [
        (one, other)
        for one, other in pairwise(lines)
        if one.start < one.end and other.start < other.end and not other.item
    ]
    short = [(a, b) for a, b in pairs if a.columns <= MAX_WRAPPED]
    if not short or len(short) < 0.8 * len(pairs):
        return 0
    widest = max(a.columns for a, _ in short)
    if widest < MIN_WRAPPED:
        return 0
    full = sum(_is_full(text, a, b, widest) for a, b in short)
    open_ended = sum(text[a.end - 1] not in ".!?:" for a, _ in short)
    wrapped = full >= MIN_FULL * len(short) and open_ended >= MIN_FULL * len(short)
    return widest if wrapped else 0


def _with_headings(text: str, blocks: list[Block]) -> list[Block]:
    """Return the blocks with title and headings named.

    A heading is a short paragraph without a final stop with something after it; where
    more than MAX_RUN such lines follow each other they are a list instead.
    """
    short = [b.kind == "paragraph" and _is_heading(text, b) for b in blocks]
    named = list(blocks)
    i = 0
    while i < len(blocks):
        run = i
        while run < len(blocks) and short[run]:
            run += 1
        if run < len(blocks):
            for at in range(i, run):
                first = at == 0
                kind = "heading" if run - i <= MAX_RUN or at == run - 1 else "item"
                named[at] = blocks[at]._replace(kind="title" if first else kind)
        i = max(run, i) + 1
    return named


def _is_heading(text: str, block: Block) -> bool:
    words = text[block.start : block.end]
    if len(words) > MAX_HEADING or "\n" in words:
        return False
    begins = words.lstrip("\"'“‘(¿¡")[:1]
    return not _STOPPED.search(words) and not begins.islower()

"""A digest as HTML for mail programs: at most 600 pixels wide, nothing from outside.

No style sheet, picture, font or script is asked for, and no colour is set for text or
ground, so that a program may show it light or dark. Tables where mail programs need
them. Gmail cuts a mail of more than 102 kB: of a longer digest the last parts are told
in short, and what does not fit even so is counted, with where to find it.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import accumulate
from typing import NamedTuple

from assay.digest.model import Digest
from assay.output.clean import one_line
from assay.output.digest_passages import Part, Passage, tell_foot, tell_parts
from assay.output.digest_words import say_title
from assay.output.links import Link

MOST_BYTES = 95_000
"""Of the page, in UTF-8; some room is left below what Gmail shows."""
_TAIL = 1_000
"""Bytes kept for the sentence that counts what is left out."""

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body style="margin:0;padding:0">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
<tr><td align="center" style="padding:12px">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" \
style="width:100%;max-width:600px">
<tr><td align="left" style="font:16px/1.45 Arial,Helvetica,sans-serif;\
overflow-wrap:anywhere;word-break:break-word">
<h1 style="font-size:22px;margin:0 0 8px">{title}</h1>
"""
_END = "</td></tr></table>\n</td></tr></table>\n</body>\n</html>\n"
_HEADING = '<h2 style="font-size:18px;margin:28px 0 4px">{}</h2>\n'
_ALARM = (
    '<p style="margin:8px 0;border-left:6px solid #c62828;padding-left:10px">{}</p>\n'
)
_LINE = '<p style="margin:8px 0">{}</p>\n'
_SMALL = '<div style="font-size:14px">{}</div>\n'
_FOOT = '<p style="font-size:14px;margin:16px 0 0">{}</p>\n'
_TITLE = '<p style="margin:18px 0 2px"><b>{}</b></p>\n'
_QUOTE = (
    '<div style="margin:4px 0;border-left:3px solid #888;padding-left:9px">{}</div>\n'
)
_SIDES = (
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" '
    'border="0"><tr>{}</tr></table>\n'
)
_SIDE = (
    '<td width="50%" valign="top" style="font-size:14px;border-top:3px solid #888;'
    'padding:4px 8px 4px 0"><b>{}</b><br>{}</td>'
)


class _Piece(NamedTuple):
    """One thing that is told, at length and in short."""

    full: str
    short: str


def render_mail_html(digest: Digest) -> str:
    """Return a digest as one HTML page of at most `MOST_BYTES` in UTF-8.

    >>> page = render_mail_html(Digest(number=3, made="2026-11-23T06:00:00+00:00"))
    >>> page.count("Nothing new"), "http" in page
    (1, False)
    """
    page = _PAGE.format(title=_text(say_title(digest)))
    pieces = [piece for part in tell_parts(digest) for piece in _pieces(part)]
    foot = [_FOOT.format(_text(line)) for line in tell_foot(digest)]
    end = "".join((*foot, _END))
    room = MOST_BYTES - _size(page) - _size(end)
    return page + "".join(_fit(pieces, room, digest)) + end


def _fit(pieces: Sequence[_Piece], room: int, digest: Digest) -> Iterator[str]:
    """Return the pieces at length while the rest fits in short, then in short."""
    if sum(_size(piece.full) for piece in pieces) <= room:
        yield from (piece.full for piece in pieces)
        return
    room -= _TAIL
    short = list(accumulate((_size(p.short) for p in reversed(pieces)), initial=0))
    shortened = left = 0
    for at, piece in enumerate(pieces):
        after = short[len(pieces) - at - 1]
        if not shortened and _size(piece.full) + after <= room:
            room -= _size(piece.full)
            yield piece.full
            continue
        shortened += 1
        if left or _size(piece.short) > room:
            left += 1
            continue
        room -= _size(piece.short)
        yield piece.short
    yield _LINE.format(_text(_say_left(shortened - left, left, digest)))


def _say_left(shortened: int, left: int, digest: Digest) -> str:
    """Return how much is told in short or not at all, and where all of it stands."""
    said = [f"{shortened:,} are told in short"] if shortened else []
    said += [f"{left:,} more are not shown"] if left else []
    return (
        f"This mail would be too long: {' and '.join(said)}. All of it stands in the "
        f"plain-text part of this mail and in digest {digest.number} of your workspace."
    )


def _pieces(part: Part) -> Iterator[_Piece]:
    """Return what a part tells; its heading goes with the first."""
    shape = _ALARM if part.grave else _LINE if not part.heading else _SMALL
    told = [_Piece(line, line) for line in (shape.format(_text(x)) for x in part.lines)]
    told += [_passage(passage, at) for at, passage in enumerate(part.passages, 1)]
    heading = _HEADING.format(_text(part.heading)) if part.heading else ""
    first, *others = told
    yield _Piece(heading + first.full, heading + first.short)
    yield from others


def _passage(passage: Passage, at: int) -> _Piece:
    title = _title(passage, at)
    sides = "".join(_SIDE.format(_text(a), _text(b)) for a, b in passage.sides)
    lines = [_small(_text(passage.about))]
    lines += [_SIDES.format(sides)] if sides else []
    lines.append(_small(*map(_text, passage.facts)))
    lines += [_QUOTE.format(_text(passage.quote))] if passage.quote else []
    told = [*map(_text, passage.notes), _links(passage)]
    lines.append(_small(*told))
    return _Piece(_TITLE.format(title) + "".join(lines), f"<div>{title}</div>\n")


def _small(*lines: str) -> str:
    said = "<br>\n".join(filter(None, lines))
    return _SMALL.format(said) if said else ""


def _title(passage: Passage, at: int) -> str:
    """Return number, mark and title; only a work's title leads to its address."""
    title = _text(passage.title)
    title = f"<s>{title}</s>" if passage.struck else title
    if passage.links and passage.about:
        title = _link(title, passage.links[0])
    return f"{at:,}. {_text(passage.mark)}{': ' if passage.mark else ''}{title}"


def _links(passage: Passage) -> str:
    """Return a passage's links; of several, the one its title has is named only."""
    linked = [_link(_text(each.name), each) for each in passage.links]
    if passage.about and len(linked) > 1:
        linked[0] = _text(passage.links[0].name)
    return " · ".join(linked)


def _link(html: str, link: Link) -> str:
    return f'<a href="{_text(link.address)}">{html}</a>'


def _size(text: str) -> int:
    """Return how many bytes a text takes."""
    return len(text.encode())


def _text(text: str) -> str:
    """Return text as HTML shows it: on one line, and nothing in it acts."""
    return escape(one_line(text))

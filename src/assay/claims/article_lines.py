"""Lines with their places on a page, put together to paragraphs."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from assay.claims.article_parts import Part

SAME_SIZE = 0.12
"""Share by which letter sizes differ within one paragraph, at most."""
WIDE_STEP = 1.35
"""A step from line to line this many times the usual one begins a paragraph."""
SHORT_LINE = 0.85
"""Share of the usual line width below which a line with a final stop is a last one."""
LARGER = 1.12
"""Letter size over the body's from which a short paragraph is a heading."""
MUCH_LARGER = 1.2
"""Letter size over the body's from which the largest heading is the title."""
MAX_HEADING = 200
"""Characters of the longest heading set in larger letters."""

_BULLET = re.compile(r"(?:[•‣◦▪●·\uf0b7\uf0a7–-]|\(?\d{1,2}[.)])\s+(?=\S)")
_STOPPED = re.compile(r"[.!?…;:]['\"’”)\]]*(?:\[?\d{1,3}\]?)?$")
_HEADS = frozenset("well self non long short high low double single dose time".split())
_TAILS = frozenset(
    """
    based derived related induced dependent like free term blind controlled up down
    dose risk label center centre week month year day old specific associated treated
    to of the a
    """.split()
)
"""Words that begin or end compounds which are written with a hyphen."""


class Line(NamedTuple):
    """One line of a page as it was printed."""

    text: str
    page: int
    left: float
    """Points from the left edge, of the first letter; `right` of the last one."""
    right: float
    y: float
    """Points from the lower edge, of the baseline."""
    size: float
    """Letter size in points."""
    cut: bool = False
    """True when a hyphen at its end was left out and the next line continues a word."""
    edge: bool = False
    """True when it stands at the top or bottom edge of the page."""


def join_lines(lines: list[Line]) -> tuple[str, list[Part]]:
    """Return the title ("" when none stands out) and the blocks that lines make up.

    >>> lines = [Line("Tea", 0, 9, 30, 99, 20), Line("It calms", 0, 9, 50, 70, 10)]
    >>> title, parts = join_lines([*lines, Line("and warms.", 0, 9, 60, 58, 10)])
    >>> title, parts[1]
    ('Tea', Part(kind='paragraph', text='It calms and warms.'))
    """
    groups = list(_groups(lines))
    known = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", _plain(lines)))
    body = _body_size(lines)
    parts = [Part(_kind(g, body), _joined(g, known)) for g in groups]
    named = [
        Part(p.kind, _BULLET.sub("", p.text, count=1) if p.kind == "item" else p.text)
        for p in parts
    ]
    heads = [
        (group[0].size, part.text)
        for group, part in zip(groups, parts, strict=True)
        if part.kind == "heading" and group[0].page == 0
    ]
    largest, title = max(heads, key=lambda head: head[0], default=(0.0, ""))
    return title if largest > MUCH_LARGER * body else "", _short_headings(named)


def _plain(lines: list[Line]) -> str:
    return "\n".join(line.text.lower() for line in lines)


def _body_size(lines: list[Line]) -> float:
    """Return the letter size, in points, in which most of the text is set."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _groups(lines: list[Line]) -> Iterator[list[Line]]:
    """Yield the lines of each paragraph."""
    steps = [a.y - b.y for a, b in pairwise(lines) if a.page == b.page and _alike(a, b)]
    usual = median([s for s in steps if s > 0] or [0.0])
    width = median([line.right - line.left for line in lines] or [0.0])
    group: list[Line] = []
    for line in lines:
        if group and not _continues(group[-1], line, usual, width):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _alike(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) <= SAME_SIZE * max(one.size, other.size)


def _continues(line: Line, following: Line, usual: float, width: float) -> bool:
    """Tell whether `following` belongs to the paragraph of `line`."""
    if line.cut:
        return True
    if not _alike(line, following) or _BULLET.match(following.text):
        return False
    step = line.y - following.y
    stopped = _STOPPED.search(line.text) is not None
    if following.page != line.page or step < 0:  # the next page or column
        return not stopped and following.text[:1].islower()
    if abs(step) < 1:  # pieces of one line
        return True
    if step > WIDE_STEP * max(usual, line.size):
        return False
    short = line.right - line.left < SHORT_LINE * width
    indented = following.left > line.left + line.size and line.left + line.size
    return not (stopped and (short or indented))


def _joined(group: list[Line], known: Counter[str]) -> str:
    """Return the text of a paragraph, divided words made whole."""
    text = ""
    for i, line in enumerate(group):
        if i and group[i - 1].cut:
            text += _hyphen(text, line.text, known) + line.text
        elif text.endswith("-") and re.search(r"\w-$", text):
            text = text[:-1] + _hyphen(text[:-1], line.text, known) + line.text
        else:
            text += (" " if text else "") + line.text
    return text


def _hyphen(before: str, after: str, known: Counter[str]) -> str:
    """Return what stood between the halves of a divided word: "-" or nothing.

    The rest of the text knows best: whichever form it has elsewhere is taken.
    """
    head = re.search(r"[^\W\d_]*$", before)
    tail = re.match(r"[^\W\d_]*", after)
    one, two = head[0].lower() if head else "", tail[0].lower() if tail else ""
    if not one or not two or after[:1].isupper():
        return "-"
    whole, parted = known[one + two], known[f"{one}-{two}"]
    if whole != parted:
        return "" if whole > parted else "-"
    return "-" if one in _HEADS or two in _TAILS else ""


def _kind(group: list[Line], body: float) -> str:
    length = sum(len(line.text) for line in group)
    if group[0].size >= LARGER * body and length <= MAX_HEADING:
        return "heading"
    return "item" if _BULLET.match(group[0].text) else "paragraph"


def _short_headings(parts: list[Part]) -> list[Part]:
    """Return the parts, short ones without a stop before longer ones made headings."""
    named = []
    for i, part in enumerate(parts):
        after = parts[i + 1] if i + 1 < len(parts) else None
        heads = (
            part.kind == "paragraph"
            and after is not None
            and len(part.text) <= 80 < len(after.text)
            and part.text[:1].isupper()
            and not re.search(r"[.!…;,:]['\"’”)\]]*$", part.text)
        )
        named.append(Part("heading", part.text) if heads else part)
    return named

"""A digest as plain words, for the first part of a mail."""

from collections.abc import Iterator
from textwrap import wrap

from assay.digest.model import Digest
from assay.output.clean import one_line
from assay.output.digest_passages import Part, Passage, tell_foot, tell_parts
from assay.output.digest_words import say_title

WIDTH = 76
"""Characters a line, as mail has them; an address that is longer stays whole."""
_INDENT = "   "


def render_mail_text(digest: Digest) -> str:
    r"""Return a digest as plain text in lines of at most `WIDTH` characters.

    >>> text = render_mail_text(Digest(number=3, made="2026-11-23T06:00:00+00:00"))
    >>> text.splitlines()
    ['assay digest 3, 2026-11-23', '', 'Nothing new: no query was due.']
    """
    lines = [_fold(one_line(say_title(digest))), ""]
    for part in tell_parts(digest):
        lines += _part(part)
    for line in tell_foot(digest):
        lines += [_fold(line), ""]
    return "\n".join(lines)


def _part(part: Part) -> Iterator[str]:
    if part.heading:
        heading = part.heading.upper() if part.grave else part.heading
        yield from (heading, ("!" if part.grave else "-") * len(heading))
    mark, indent = ("- ", "  ") if part.heading else ("", "")
    yield from (_fold(mark + one_line(line), indent) for line in part.lines)
    for at, passage in enumerate(part.passages, 1):
        yield from _passage(passage, at)
    yield ""


def _passage(passage: Passage, at: int) -> Iterator[str]:
    number = f"{at}."
    mark = f"{passage.mark}: " if passage.mark else ""
    yield ""
    yield _fold(f"{number:<3}{mark}{one_line(passage.title)}", _INDENT)
    told = [passage.about, *(f"{name}: {said}" for name, said in passage.sides)]
    told += [*passage.facts, passage.quote, *passage.notes]
    yield from (_fold(_INDENT + one_line(t), _INDENT) for t in told if t)
    yield from (_INDENT + link.address for link in passage.links)


def _fold(text: str, indent: str = "") -> str:
    """Return text in lines of at most `WIDTH`; no word is cut."""
    lines = wrap(
        text,
        WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)

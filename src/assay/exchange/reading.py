"""From the bytes of a bibliography to its lines, and what was wrong with them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from assay.claims.encoding import decode_text
from assay.errors import ArticleError
from assay.search import Problem

MAX_STRANGE = 0.1
"""Largest share of control characters in what is still taken for text."""

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_REPLACED = "\ufffd"


class Text(NamedTuple):
    """What a file says, and what of its bytes could not be read."""

    text: str
    """Without byte order mark; "" where the bytes are no text."""
    problems: tuple[Problem, ...] = ()


def read_text(data: bytes, name: str) -> Text:
    """Return the characters of a file: UTF-8, UTF-16, or an older western encoding.

    Bytes that are none are shown as U+FFFD and told. What is not text at all, and a
    file that is empty, is a problem and an empty text.

    >>> read_text("\\ufeffTY  - JOUR".encode("utf-16-le"), "a.ris").text
    'TY  - JOUR'
    """
    if not data.strip():
        return Text("", (Problem(where=name, what="the file is empty"),))
    try:
        text = decode_text(data)
    except ArticleError:
        text = data.decode("utf-8", "replace")
    if len(_CONTROLS.findall(text[:65536])) > MAX_STRANGE * len(text[:65536]):
        what = "it is not text, so no record could be read"
        return Text("", (Problem(where=name, what=what),))
    lost = text.count(_REPLACED)
    if not lost or _REPLACED.encode() in data:
        return Text(text)
    line = text[: text.index(_REPLACED)].count("\n") + 1
    problem = Problem(
        where=f"{name}, line {line}",
        what=f"{lost:,} signs are in no known encoding and are shown as {_REPLACED}",
        what_to_do="Save the file as UTF-8.",
    )
    return Text(text, (problem,))


def number_lines(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield each line with its number, from 1, whatever ends the lines.

    Only the ends that files have count: not U+2028 or a form feed inside a title.

    >>> list(number_lines("a\r\nb\rc\n"))
    [(1, 'a'), (2, 'b'), (3, 'c')]
    """
    lines = re.split(r"\r\n|\r|\n", text)
    if lines and not lines[-1]:
        lines.pop()
    return enumerate(lines, 1)


def quoted(text: str, most: int = 60) -> str:
    """Return a piece of a file as a problem quotes it.

    >>> quoted("a" * 99, 10)
    '“aaaaaaaaaa …”'
    """
    line = " ".join(_CONTROLS.sub("", text).split())
    return f"“{line}”" if len(line) <= most else f"“{line[:most].rstrip()} …”"

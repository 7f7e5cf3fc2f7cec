"""The parts of an article while it is being read, and clean characters for them."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from assay.model import Block
from assay.text import fold


class Part(NamedTuple):
    """One piece of an article before it has a place in the text."""

    kind: str
    """As in `model.Block`: title, heading, paragraph, item, quote, caption, table."""
    text: str
    """White space folded; never empty in the output of a parser."""


class Parsed(NamedTuple):
    """What a parser gives back: the title, the text, and the blocks as spans of it."""

    title: str
    text: str
    blocks: tuple[Block, ...]


_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_TERMINAL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]{0,200}\x07?)?")
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f"  # control characters, not \t and \n
    "\u00ad"  # soft hyphen
    "\u200b-\u200f\u2060-\u2064\ufeff"  # zero width, direction marks
    "\u202a-\u202e\u2066-\u206f"  # direction overrides, which can hide words
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"  # annotations, tags
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_WORD = re.compile(r"[^\W\d_]{2,}")


def clean_characters(text: str) -> str:
    r"""Return `text` with \n as its only line end and without invisible characters.

    Removed: control characters and terminal sequences, soft hyphens, zero-width and
    direction characters. Kept: typographic quotes, no-break blanks, tabs, all letters.

    >>> clean_characters("so\u00adoth\u200bing\r\n\x1b[31mred\x1b[0m\u00a0tea’s")
    'soothing\nred\xa0tea’s'
    """
    text = _TERMINAL.sub("", _BREAKS.sub("\n", text))
    return _SURROGATES.sub("\ufffd", _DROPPED.sub("", text))


def count_words(text: str) -> int:
    """Return how many words of at least two letters `text` has.

    >>> count_words("Tea, 5 mg a day — 7-OH")
    4
    """
    return sum(1 for _ in _WORD.finditer(text))


def same_words(one: str, other: str) -> bool:
    """Return whether two texts have the same letters and digits, whatever their case.

    >>> same_words("Can tea help?", "CAN TEA  HELP")
    True
    """
    return letters(one) == letters(other)


def letters(text: str) -> str:
    """Return the letters and digits of `text` alone, in one case, to compare by.

    >>> letters("Can tea help?")
    'canteahelp'
    """
    return re.sub(r"[\W_]+", "", text).casefold()


def join_parts(title: str, parts: Iterable[Part]) -> Parsed:
    r"""Return the parts as one text: a blank line between them, items line by line.

    Parts without a letter or digit are left out. The title stands first: a heading
    that repeats it near the top becomes it, otherwise it is put there.

    >>> join_parts("T", [Part("heading", "T"), Part("item", "a"), Part("item", "b")])[1]
    'T\n\na\nb'
    """
    kept = [Part(p.kind, fold(p.text)) for p in parts if re.search(r"[^\W_]", p.text)]
    title = fold(title)
    if title:
        repeated = [i for i, p in enumerate(kept[:4]) if same_words(p.text, title)]
        for i in reversed(repeated):
            del kept[i]
        kept.insert(0, Part("title", title))
    blocks: list[Block] = []
    pieces: list[str] = []
    at = 0
    for i, part in enumerate(kept):
        if i:
            both = part.kind == kept[i - 1].kind
            gap = "\n" if both and part.kind in {"item", "table"} else "\n\n"
            pieces.append(gap)
            at += len(gap)
        blocks.append(Block(part.kind, at, at + len(part.text)))
        pieces.append(part.text)
        at += len(part.text)
    return Parsed(title, "".join(pieces), tuple(blocks))

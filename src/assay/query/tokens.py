"""The signs of a query: what stands where in its text."""

import re
from collections.abc import Iterator
from typing import NamedTuple

STRAIGHT = str.maketrans("“”„‟", '""""')
"""Quotes that PubMed reads as ordinary ones; each is one character, as they are."""

OPERATORS = frozenset({"AND", "OR", "NOT"})

_RANGE = r"""
    (?P<range>
      (?= ["\d] ) (?P<mark>"?) \s*
      (?P<first> \d{1,8} (?:[/-]\d{1,2}){0,2} ) \s* (?P=mark)
      \s* (?P<first_tag> \[ [^\]\[]* \] )?
      \s* : \s*
      "? \s* (?P<last> \d{1,8} (?:[/-]\d{1,2}){0,2} ) \s* "?
      \s* (?P<last_tag> \[ [^\]\[]* \] )
    )
"""
_DOI = r"""
    (?: https?://(?:dx\.)?doi\.org/ | doi: )? 10\.\d{4,9}/
    (?: [^\s()\[\]"&|] | \( [^\s()\[\]"&|]* \) )+
"""
"""Parentheses inside a DOI are part of it: 10.99999/j(79)1."""

_TOKEN = re.compile(
    _RANGE
    + r"""
    | (?P<open> \( ) | (?P<close> \) )
    | (?P<tag> \[ [^\]\[]* \]? ) | (?P<stray> \] )
    | (?P<phrase> " [^"]* "? )
    | (?P<sign> [&|] )
    | (?P<history> \# \d+ (?= [\s()\[\]"&|] | \Z ) )
    | (?P<word> {doi} | [^\s()\[\]"&|]+ )
    """.replace("{doi}", _DOI),
    re.VERBOSE,
)


class Token(NamedTuple):
    """One sign of a query."""

    kind: str
    """open close tag stray phrase sign history word operator range."""
    text: str
    """As written, quotes made straight."""
    start: int
    end: int
    parts: tuple[tuple[str, int, int], ...] = ()
    """Of a range: first, first tag, last, last tag, with their places; "" is absent."""


def split_tokens(text: str) -> Iterator[Token]:
    """Yield the signs of a query; only white space lies between them.

    >>> [t.kind for t in split_tokens('"green tea"[ti] OR 1:9[uid]')]
    ['phrase', 'tag', 'operator', 'range']
    """
    for match in _TOKEN.finditer(text.translate(STRAIGHT)):
        kind = next(name for name in _KINDS if match[name] is not None)
        parts: tuple[tuple[str, int, int], ...] = ()
        if kind == "range":
            names = ("first", "first_tag", "last", "last_tag")
            parts = tuple((match[name] or "", *match.span(name)) for name in names)
        elif kind == "word" and match["word"] in OPERATORS:
            kind = "operator"
        yield Token(kind, match[0], match.start(), match.end(), parts)


_KINDS = (
    "range", "open", "close", "tag", "stray", "phrase", "sign", "history", "word",
)  # fmt: skip

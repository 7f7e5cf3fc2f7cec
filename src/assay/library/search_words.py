"""Texts as plain words: the one form in which records and queries are compared.

Words are runs of letters and digits in lower case, accents removed; everything else
parts them. So "7-Hydroxymitragynine" is the two words 7 and hydroxymitragynine, in a
record and in a query alike. Nothing is stemmed.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

STROKE, COMMA = "\x1c", "\x1d"
"""Signs for / and , in names, where these must not part words."""

_FIELD, _VALUE = "\x1e", "\x1f"
"""Signs that part the pieces of a record while all of it is made plain at once. XML 1.0
forbids all four; other texts are cleaned of them."""
_SIGNS = re.compile("[\x1c-\x1f]")

_OTHERS = re.compile(r"[^\x00-\x7f]+")
_WORD = re.compile(r"[^\W_]")
_ACCENT = re.compile(r"[\u0300-\u036f]+")

_PLAIN = bytes(
    ord(char.lower()) if char.isalnum() or _SIGNS.match(char) else 32
    for char in map(chr, range(128))
) + bytes(range(128, 256))
"""Byte → byte: ASCII letters made small; digits, and the bytes of other letters, as
they are; all else is blank."""


def split_words(text: str) -> list[str]:
    """Return the words of a text in the one form in which they are searched.

    >>> split_words("7\\u2010OH-Mitragynine: ÉTUDE")
    ['7', 'oh', 'mitragynine', 'etude']
    """
    return _plain(text).split()


def normal_value(text: str) -> str:
    """Return a text as whole values are compared: its words, joined by blanks.

    >>> normal_value("Sleep,  Slow-Wave")
    'sleep slow wave'
    """
    return " ".join(_plain(text).split())


def make_plain(texts: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the values of every field as `normal_value` makes them, all in one go.

    Values and fields without a word are left out. STROKE and COMMA become / and ,.

    >>> make_plain({"title": ["A-b", "!"], "author": [f"Roe{COMMA}J. M."], "none": []})
    {'title': ['a b'], 'author': ['roe, j m']}
    """
    whole = _FIELD.join([_VALUE.join(values) for values in texts.values()])
    number = sum(len(values) - 1 for values in texts.values() if values)
    if whole.count(_FIELD) != len(texts) - 1 or whole.count(_VALUE) != number:
        clean = {n: [_SIGNS.sub(" ", v) for v in vs] for n, vs in texts.items()}
        return make_plain(clean)
    plain: dict[str, list[str]] = {}
    for name, field in zip(texts, _tidy(_plain(whole)).split(_FIELD), strict=True):
        if field and (values := [value for value in field.split(_VALUE) if value]):
            plain[name] = values
    return plain


def _tidy(text: str) -> str:
    """Return a text with single blanks, none beside a sign."""
    while "  " in text:
        text = text.replace("  ", " ")
    for sign in (_FIELD, _VALUE):
        text = text.replace(f" {sign}", sign).replace(f"{sign} ", sign)
    if COMMA in text:
        text = text.replace(f" {COMMA}", COMMA).replace(f"{COMMA} ", COMMA)
        text = text.replace(COMMA, ", ")
    if STROKE in text:
        text = text.replace(f" {STROKE}", STROKE).replace(f"{STROKE} ", STROKE)
        text = text.replace(STROKE, "/")
    return text.strip(" ")


def _plain(text: str) -> str:
    """Return a text whose words are parted by blanks, or by the signs it holds."""
    if not text.isascii():
        text = _OTHERS.sub(_folded, text)
    return text.encode().translate(_PLAIN).decode()


def _folded(match: re.Match[str]) -> str:
    return "".join(map(_fold_char, match[0]))


@cache
def _fold_char(char: str) -> str:
    """Return what one character is in words: small letters, or a blank, or nothing."""
    folded = unicodedata.normalize("NFKD", char).casefold()
    bare = _ACCENT.sub("", unicodedata.normalize("NFKD", folded))
    return "".join(c if _WORD.match(c) else " " for c in bare)

"""Texts as plain words: the one form in which records and queries are compared.

Words are runs of letters and digits in lower case, accents removed and Greek letters
named; everything else parts them. So "7-Hydroxymitragynine" is the two words 7 and
hydroxymitragynine, in a record and in a query alike. Nothing is stemmed.
"""

import codecs
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

STROKE, COMMA = "\x01", "\x02"
"""Signs for / and , in names, where these must not part words."""

_FIELD, _VALUE = "\x03", "\x04"
"""Signs that part the pieces of a record while all of it is made plain at once. XML 1.0
forbids all four; other texts are cleaned of them. Python does not take them for blanks.
"""
_PARTS = re.compile(f"[{_FIELD}{_VALUE}]")

LETTERS = {
    "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe",
    "þ": "th", "ð": "d", "ŋ": "n", "ĸ": "k",
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon",
    "ζ": "zeta", "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda",
    "μ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho",
    "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi",
    "ω": "omega",
}  # fmt: skip
"""Small letters that are no accented ones and are written otherwise elsewhere: Sørensen
as Sorensen, TGF-β as TGF-beta."""

_WORD = re.compile(r"[^\W_]")
_ACCENT = re.compile(r"[\u0300-\u036f]+")


def _table(kept: str) -> bytes:
    """Return byte → byte: ASCII letters made small, all that parts words made blank.

    Digits, the signs kept, and the bytes of other letters stay as they are.
    """
    return bytes(
        ord(char.lower()) if char.isalnum() or char in kept else 32
        for char in map(chr, range(128))
    ) + bytes(range(128, 256))


_PLAIN = _table("")
_PARTED = _table(_FIELD + _VALUE)
_MARKED = _table(_FIELD + _VALUE + STROKE + COMMA)

_FOLDED = "assay.folded"
"""How a text is encoded: as ASCII, other characters in the form they are compared in.
The search for these is then made by Python's own codec, at a tenth of the time that a
regular expression takes."""


def split_words(text: str) -> list[str]:
    """Return the words of a text in the one form in which they are searched.

    >>> split_words("7\\u2010OH-Mitragynine: ÉTUDE")
    ['7', 'oh', 'mitragynine', 'etude']
    >>> split_words("Sørensen: μ-opioid")
    ['sorensen', 'mu', 'opioid']
    """
    return _plain(text).split()


def normal_value(text: str) -> str:
    """Return a text as whole values are compared: its words, joined by blanks.

    >>> normal_value("Sleep,  Slow-Wave")
    'sleep slow wave'
    """
    return " ".join(_plain(text).split())


def make_plain(
    texts: Mapping[str, Sequence[str]], *, whole: bool = False
) -> dict[str, list[str]]:
    """Return the values of every field in plain words, all in one go.

    Values and fields without a word are left out.

    Args:
        texts: field → values.
        whole: make each value what `normal_value` gives, and STROKE and COMMA to / and
            a comma; else words may stand more than a blank apart, which is faster.

    >>> make_plain({"title": ["A-b", "!"], "coi": []})
    {'title': ['a b']}
    >>> make_plain({"author": [f"Roe{COMMA}J. - M."]}, whole=True)
    {'author': ['roe, j m']}
    """
    if not texts:
        return {}
    joined = _FIELD.join(map(_VALUE.join, texts.values()))
    number = sum(map(len, texts.values())) - sum(map(bool, texts.values()))
    if joined.count(_FIELD) != len(texts) - 1 or joined.count(_VALUE) != number:
        clean = {n: [_PARTS.sub(" ", v) for v in vs] for n, vs in texts.items()}
        return make_plain(clean, whole=whole)
    joined = _tidy(_plain(joined, _MARKED)) if whole else _plain(joined, _PARTED)
    plain: dict[str, list[str]] = {}
    for name, field in zip(texts, joined.split(_FIELD), strict=True):
        if not field:
            continue
        if values := [value for value in field.split(_VALUE) if value.strip()]:
            plain[name] = values
    return plain


def _tidy(text: str) -> str:
    """Return a text with single blanks, none beside a sign; those of names replaced."""
    text = " ".join(text.split())
    for sign in (_FIELD, _VALUE, STROKE, COMMA):
        text = text.replace(f" {sign}", sign).replace(f"{sign} ", sign)
    return text.replace(COMMA, ", ").replace(STROKE, "/")


def _plain(text: str, table: bytes = _PLAIN) -> str:
    """Return a text whose words are parted by blanks, or by the signs of the table."""
    return text.encode("ascii", _FOLDED).translate(table).decode()


def _fold(error: UnicodeError) -> tuple[bytes, int]:
    """Give what stands in place of characters beyond ASCII, and where they end."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = error.object[error.start : error.end]
    return "".join(map(_fold_char, found)).encode(), error.end


codecs.register_error(_FOLDED, _fold)


@cache
def _fold_char(char: str) -> str:
    """Return what one character is in words: small letters, or a blank, or nothing."""
    folded = unicodedata.normalize("NFKD", char).casefold()
    bare = _ACCENT.sub("", unicodedata.normalize("NFKD", folded))
    return "".join(LETTERS.get(c, c) if _WORD.match(c) else " " for c in bare)

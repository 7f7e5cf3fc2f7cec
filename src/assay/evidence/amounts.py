"""Written amounts: "1,234", "·05", "1.5 million", "twenty-six", "two hundred"."""

import re

_SMALL = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = (
    {word: float(n) for n, word in enumerate(_SMALL, 1)}
    | {word: 10.0 * n for n, word in enumerate(_TENS, 2)}
    | {"dozen": 12.0, "a": 1.0, "an": 1.0}
)
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_ONES = "|".join(sorted(_SMALL, key=len, reverse=True))
_TEN = "|".join(_TENS)
_SCALE = "|".join(_SCALES)
_PLAIN = {ord(","): "", ord("·"): "."}
DIGITS = (
    r"(?:(?:(?<![\d.,])\d{1,3}(?:[,\u2009\u202f]\d{3})+(?![\d,])|\d+)(?:[.·]\d+)?|(?<!\d)[.·]\d+)"
    rf"(?:\s(?:{_SCALE})\b)?"
)
"""A pattern for an amount in digits."""
SPELT = (
    rf"\b(?:(?:an?|{_TEN}|{_ONES})\s(?:{_SCALE}|dozen)|(?:{_TEN})(?:[\s-](?:{_ONES}))?"
    rf"|{_ONES}|dozen)\b"
)
"""A pattern for an amount in words."""
AMOUNT = rf"(?:{DIGITS}|{SPELT})"


def parse_amount(words: str) -> float:
    """Return what a match of `AMOUNT` says, with or without a minus before it.

    Raises:
        ValueError: it is no amount.

    >>> parse_amount("1,234"), parse_amount("·05"), parse_amount("1.5 million")
    (1234.0, 0.05, 1500000.0)
    >>> parse_amount("twenty-six"), parse_amount("two hundred"), parse_amount("−3")
    (26.0, 200.0, -3.0)
    """
    text = words.strip().lower()
    if text[:1] in {"-", "−", "–"}:
        return -parse_amount(text[1:])
    total = 0.0
    for part in re.split(r"[\s-]+", re.sub("[\u2009\u202f]", "", text)):
        if part in _SCALES:
            total = (total or 1.0) * _SCALES[part]
        elif part == "dozen":
            total = (total or 1.0) * 12
        elif part in _WORDS:
            total += _WORDS[part]
        else:
            total += float(part.translate(_PLAIN))
    return total


def render_amount(value: float) -> str:
    """Return an amount in digits, to six places and without a power of ten.

    >>> render_amount(500.0), render_amount(0.05), render_amount(-1.5)
    ('500', '0.05', '-1.5')
    """
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text

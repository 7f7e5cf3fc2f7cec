"""A person's name as one text, taken apart: several services do not do it themselves.

Names cannot be taken apart surely. What is done: "Last, First" is read as it says;
else the last word is the last name, with the small words before it ("van der").
"""

import re

from assay.record import Author

SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "md", "phd"})
"""Words after a name that are no name, without stops."""


def parse_person(name: str) -> Author:
    """Return the author of that name; `Author()` for "".

    >>> parse_person("Ada van der Roe")[:3]
    ('van der Roe', 'Ada', 'A')
    >>> parse_person("Roe, Ada B.")[:3]
    ('Roe', 'Ada B.', 'AB')
    >>> parse_person("Roe").last_name
    'Roe'
    """
    last, comma, first = (part.strip() for part in name.partition(","))
    suffix = ""
    if comma and _plain(first) in SUFFIXES:
        comma, suffix = "", first
    if not comma:
        words = last.split()
        if len(words) > 2 and _plain(words[-1]) in SUFFIXES:
            suffix = words.pop()
        at = _last_name(words)
        first, last = " ".join(words[:at]), " ".join(words[at:])
    return Author(last, first, initials_of(first), suffix)


def initials_of(first_names: str) -> str:
    """Return the first letters of the first names, as PubMed writes them.

    >>> initials_of("Ada-Bea C."), initials_of("")
    ('ABC', '')
    """
    return "".join(word[0].upper() for word in re.findall(r"[^\W\d_]+", first_names))


def _last_name(words: list[str]) -> int:
    """Return where the last name begins."""
    at = max(len(words) - 1, 0)
    while at > 1 and words[at - 1].islower():
        at -= 1
    return at


def _plain(word: str) -> str:
    return word.replace(".", "").lower()

"""Names of authors as bibliographies write them: "Last, First, Suffix", or a group."""

import re

from assay.output.clean import one_line
from assay.record import Author

_INITIALS = re.compile(r"[A-Z]{1,4}|(?:[A-Z]\.[ -]?){1,4}")
_SUFFIX = re.compile(r"(?:Jr|Sr|I{1,3}|IV|VI{0,3}|\d(?:st|nd|rd|th))\.?", re.IGNORECASE)


def name_text(author: Author) -> str:
    """Return a person as "Last, First, Suffix", a group as it is; commas end parts.

    >>> name_text(Author("Invented", "Ann B", "AB", "Jr")), name_text(Author("Plain"))
    ('Invented, Ann B, Jr', 'Plain')
    >>> name_text(Author(collective="Tea, Sleep and Rest Group"))
    'Tea Sleep and Rest Group'
    """
    if author.collective:
        return _bare(author.collective)
    parts = [_bare(author.last_name), _bare(author.fore_name or author.initials)]
    suffix = _bare(author.suffix)
    if suffix:
        parts.append(suffix)
    return ", ".join(parts) if any(parts[1:]) and parts[0] else "".join(parts[:2])


def parse_name(text: str) -> Author:
    """Return the author that a name says: a person where a comma or initials tell.

    >>> parse_name("Invented, Ann B., Jr")
    Author(last_name='Invented', fore_name='Ann B.', initials='AB', suffix='Jr', \
collective='', affiliations=(), identifiers=(), valid=True)
    >>> parse_name("van Made AB")[:3], parse_name("Tea Research Group").collective
    (('van Made', '', 'AB'), 'Tea Research Group')
    """
    last, *more = [part.strip() for part in text.split(",")]
    if any(more):
        *fore, suffix = more if len(more) > 1 else (*more, "")
        if suffix and _SUFFIX.fullmatch(fore[0]):  # BibTeX: Last, Jr, First
            fore, suffix = [suffix], fore[0]
        return _person(last, " ".join(filter(None, fore)), suffix)
    name, _, initials = last.rpartition(" ")
    if name and _INITIALS.fullmatch(initials):
        return _person(name, initials)
    return Author(collective=last) if name else Author(last_name=last)


def initials_of(fore_name: str) -> str:
    """Return the first letters of fore names, as PubMed writes them.

    >>> initials_of("Ann-Bea C."), initials_of("AB")
    ('ABC', 'AB')
    """
    if re.fullmatch(r"[A-Z]{1,4}", fore_name):
        return fore_name
    words = re.findall(r"[^\W\d_]+", fore_name)
    return "".join(word[0].upper() for word in words)


def _person(last: str, fore: str, suffix: str = "") -> Author:
    given = "" if _INITIALS.fullmatch(fore) and "." not in fore else fore
    return Author(
        last_name=last, fore_name=given, initials=initials_of(fore), suffix=suffix
    )


def _bare(text: str) -> str:
    """Return text on one line without the signs that part names."""
    return one_line(re.sub("[,;]", " ", text))

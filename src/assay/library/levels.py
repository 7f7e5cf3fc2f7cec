"""How two records compare, one field at a time.

Each field is put on a level: "same", "near", "differs" …; "" where one of the two does
not tell it, which speaks neither for nor against.
"""

from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Indel

from assay.library.prepare import Prepared

NEAR_WORD = 0.75
"""Likeness at which two words are one word's spellings ("tumour", "tumor")."""
ALIKE = 0.7
"""Likeness of two titles from which they may be one's rewording."""
ARTICLE_NUMBER = 5
"""Letters and digits from which a first page is an article's number."""
FEW_WORDS = 4
"""Words below which a title is too common to tell one work from another."""


class Levels(NamedTuple):
    """How two records compare, a field at a time; "" where one does not tell it."""

    title: str
    """same, cut, near, alike, apart, short (too common to tell) or ""."""
    people: str
    """same, most, some, none or ""."""
    year: str
    """same, next, apart or ""."""
    journal: str
    """same, differs or ""."""
    volume: str
    issue: str
    pages: str
    opening: str
    """The abstract's beginning: same, differs or ""."""


def find_levels(one: Prepared, other: Prepared) -> Levels:
    """Return how two records compare, a field at a time."""
    return Levels(
        title=_titles(one, other),
        people=_people(one.people, other.people),
        year=_years(one.year, other.year),
        journal=_journals(one, other),
        volume=_texts(one.volume, other.volume),
        issue=_texts(one.issue, other.issue),
        pages=_pages(one, other),
        opening=_openings(one.opening, other.opening),
    )


def differ(field: str, one: Prepared, other: Prepared) -> bool:
    """Say whether two records that both tell a field contradict each other in it.

    >>> from assay.library.prepare import prepare
    >>> from assay.record import Record
    >>> a, b = (prepare(Record(source="x", pages=p)) for p in ("123-9", "123-129"))
    >>> differ("pages", a, b)
    False
    """
    if field in {"pmid", "doi", "pmcid", "year"}:
        return bool(getattr(one, field) != getattr(other, field))
    levels = find_levels(one, other)
    return getattr(levels, field) in {"differs", "apart", "alike"}


def numbers_differ(one: Prepared, other: Prepared) -> bool:
    """Say whether titles count differently: Part I and II, 1998 and 1999."""
    a, b = one.numbers, other.numbers
    if a == b or "".join(a) == "".join(b):
        return False
    short, long = sorted((one, other), key=lambda each: len(each.title))
    cut = long.title[: len(short.title)] == short.title
    return not (cut and len(short.title) >= FEW_WORDS)


def _titles(one: Prepared, other: Prepared) -> str:
    a, b = sorted((one.title, other.title), key=len)
    if not a:
        return ""
    if a == b or "".join(a) == "".join(b):
        return "same" if len(a) >= FEW_WORDS else "short"
    if len(a) < FEW_WORDS:
        return "short" if a == b[: len(a)] else "apart"
    if a == b[: len(a)]:
        long = one if len(one.title) > len(other.title) else other
        return "cut" if long.core == len(a) else "alike"
    likeness = Indel.normalized_similarity(" ".join(a), " ".join(b), score_cutoff=ALIKE)
    if not likeness:
        return "apart"
    return "near" if _are_spellings(a, b) else "alike"


def _are_spellings(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Say whether the words that only one title has are spellings of the other's."""
    mine, theirs = [w for w in a if w not in b], [w for w in b if w not in a]
    if len(mine) > 3 or len(theirs) > 3:
        return False
    if [w for w in a if w not in mine] != [w for w in b if w not in theirs]:
        return False  # the same words in another order: a translation of its own
    whole, other = "".join(mine), "".join(theirs)
    return Indel.normalized_similarity(whole, other) >= NEAR_WORD


def _people(a: tuple[str, ...], b: tuple[str, ...]) -> str:
    """Return how far two lists of authors are the same people.

    A list may be cut after its first names, so the shorter one is what counts.
    """
    if not a or not b:
        return ""
    if len(a) == len(b) and all(map(_one_person, a, b)):
        return "same"
    short, long = sorted((a, b), key=len)
    met = sum(any(_one_person(x, y) for y in long) for x in short[:12])
    share = met / min(len(short), 12)
    first = _one_person(a[0], b[0])
    if share >= 0.6 and first:
        return "most"
    return "some" if met else "none"


@lru_cache(maxsize=65536)
def _one_person(one: str, other: str) -> bool:
    if one == other:
        return True
    (last, _, initial), (name, _, letter) = one.partition(" "), other.partition(" ")
    if initial and letter and initial != letter:
        return False
    if last == name or (
        min(len(last), len(name)) > 3 and (last.endswith(name) or name.endswith(last))
    ):
        return True
    return len(last) > 4 and Indel.normalized_similarity(last, name) >= 0.85


def _years(a: int | None, b: int | None) -> str:
    if a is None or b is None:
        return ""
    return ("same", "next")[abs(a - b)] if abs(a - b) < 2 else "apart"


def _texts(a: str, b: str) -> str:
    if not a or not b:
        return ""
    return "same" if a == b else "differs"


def _pages(one: Prepared, other: Prepared) -> str:
    """Compare pages; an article number beside a range from 1 on tells nothing."""
    if not one.first or not other.first:
        return ""
    if one.first == other.first:
        ends = {one.last, other.last} - {""}
        return "same" if len(ends) < 2 else "differs"
    number, start = sorted((one.first, other.first), key=len, reverse=True)
    return "" if start == "1" and len(number) >= ARTICLE_NUMBER else "differs"


def _openings(a: str, b: str) -> str:
    if not a or not b:
        return ""
    likeness = Indel.normalized_similarity(a, b)
    return "same" if likeness >= 0.8 else "" if likeness > 0.6 else "differs"


def _journals(one: Prepared, other: Prepared) -> str:
    if one.issn and one.issn == other.issn:
        return "same"
    if not one.journals or not other.journals:
        return ""
    pairs = ((a, b) for a in one.journals for b in other.journals)
    return "same" if any(_one_journal(a, b) for a, b in pairs) else "differs"


_SMALL = frozenset(
    """
    a af an and at d da de del den der des di die do dos e el et for fur i in l la las
    le les los och of og on part section series the und volume w y zur
    """.split()
)
"""Words that abbreviations leave out (ISO 4)."""


@lru_cache(maxsize=65536)
def _one_journal(one: str, other: str) -> bool:
    """Say whether two names are one journal's, one perhaps abbreviated."""
    if one == other:
        return True
    short, long = sorted((one.split(), other.split()), key=lambda w: sum(map(len, w)))
    if _abbreviates(_telling(short), _telling(long)):
        return True
    first = short[:1] + _telling(short[1:])  # "An Esp": no article, but Anales
    return _abbreviates(first, _telling(long))


def _telling(words: list[str]) -> list[str]:
    return [w for w in words if w not in _SMALL] or words


def _abbreviates(short: list[str], long: list[str]) -> bool:
    """Say whether words shorten other words, in order: "nord vet med".

    A word may stand for two ("dermosifiliogr", dermo sifiliograficas), and two for one
    ("vet med", veterinaermedicin); none of the long name's words may be left over.
    """
    if not short or not long:
        return not short and not long
    word, name = short[0], long[0]
    if _shortens(word, name):
        if _abbreviates(short[1:], long[1:]):
            return True
        within = short[1:2] and short[1] in name[len(word) :]
        return bool(within) and _abbreviates(short[2:], long[1:])
    rest = word[len(name) :] if word.startswith(name) else ""
    following = long[1:2] and long[1].startswith(rest)
    return bool(rest and following) and _abbreviates(short[1:], long[2:])


def _shortens(word: str, name: str) -> bool:
    """Say whether a word is cut or drawn together from another: "natl", national."""
    if name.startswith(word):
        return True
    if word[:1] != name[:1] or len(word) < 2:
        return False
    if len(word) == 2 and word[-1] != name[-1]:
        return False
    letters = iter(name)
    return all(letter in letters for letter in word)

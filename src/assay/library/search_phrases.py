"""Clauses that ask for words: a word, a phrase, words near each other, loose words."""

import re

from assay.library.search_filters import ANSWERED
from assay.library.search_read import Read, read_star
from assay.library.search_tree import (
    Every,
    Near,
    Node,
    Value,
    Words,
    count_places,
)
from assay.library.search_values import read_ids
from assay.library.search_words import split_words
from assay.query.clauses import (
    FILTER_WORDS,
    SMALL_OPERATORS,
    is_near,
    modifier_of,
)
from assay.query.fields import STOPWORDS
from assay.query.tree import Term

MAX_PLACES = 2_000
"""Ways in which words near each other may stand that are looked for one by one. Three
words may have 24 others between them, four 5, five 2, six none; seven are too many."""

MAX_BETWEEN = 99
"""Most words between two that are near each other. PubMed takes up to 1,000, where it
means one affiliation; hardly one is longer than 100 words."""

PASSED = STOPWORDS | SMALL_OPERATORS
"""Words that PubMed passes over where they stand alone, untagged (PubMed help)."""

_LABEL = re.compile(r"\b(?:pmid|doi): ?", re.IGNORECASE)
"""What stands before an identifier in a list of references."""


def read_phrase(term: Term, level: str) -> Read:
    """Read a word, a phrase, or words near each other, in a field of words.

    >>> read_phrase(Term(0, 9, "Green-tea leav*"), "title").tree
    Words(field='title', words=('green', 'tea', 'leav'), prefix=True)
    """
    modifier = modifier_of(term)
    words = tuple(split_words(term.text))
    if not words:
        return Read(None, "there is no word in it to look for")
    if is_near(term):
        return _near(term, level, words)
    ignored: tuple[str, ...] = ()
    if modifier:
        ignored = (f":{modifier} does nothing here.",)
    star, short = read_star(term.text)
    if short:
        ignored += (short,)
    return Read(Words(level, words, star), ignored=ignored)


def _near(term: Term, level: str, words: tuple[str, ...]) -> Read:
    between = int(modifier_of(term)[1:])
    words = tuple(dict.fromkeys(words))
    if len(words) < 2:
        return Read(Words(level, words))
    most = _most_between(len(words))
    if most < 0:
        return Read(None, f"{len(words)} words are too many to be looked for so")
    if between <= most:
        return Read(Near(level, words, between))
    said = f"At most {most} words between these {len(words)} are allowed for."
    return Read(Near(level, words, most), ignored=(said,))


def _most_between(number: int) -> int:
    """Return how many others may stand between so many words; -1 for too many words.

    >>> [_most_between(number) for number in range(2, 8)]
    [99, 24, 5, 2, 0, -1]
    """
    if number == 2:
        return MAX_BETWEEN
    between = 0
    while count_places(number, between) <= MAX_PLACES:
        between += 1
    return between - 1


def read_untagged(term: Term) -> Read:
    """Read a term without a tag: identifiers, filter words, a phrase or loose words.

    >>> [part.words for part in read_untagged(Term(0, 9, "the tea 7-OH")).tree.parts]
    [('tea',), ('7', 'oh')]
    """
    if term.quoted:
        return read_phrase(term, "all")
    ids = read_ids(_LABEL.sub("", term.text))
    if ids is not None:
        return Read(ids)
    parts: list[Node] = []
    ignored: tuple[str, ...] = ()
    for piece in term.text.split(" "):
        low = piece.lower()
        if low in ANSWERED & FILTER_WORDS:
            parts.append(Value("filter", (low,)))
        elif low in FILTER_WORDS:
            ignored += (f"No record says whether it passes {low}.",)
        elif split_words(piece):
            read = _loose(piece, term)
            ignored += read.ignored
            parts += [read.tree] if read.tree else []
    if not parts:
        return Read(None, "there is no word in it to look for")
    return Read(parts[0] if len(parts) == 1 else Every(tuple(parts)), ignored=ignored)


def _loose(piece: str, term: Term) -> Read:
    """Read one of the words of a term, which may be one that is passed over.

    A * that counts makes another word of it: then* stands for thenar too.
    """
    star, short = read_star(piece)
    word = " ".join(split_words(piece))
    if star or word not in PASSED:
        return read_phrase(Term(term.start, term.end, piece), "all")
    if word in {"or", "not"}:
        return Read(None, ignored=(f'"{word}" in small letters combines nothing.',))
    return Read(None, ignored=(short,) if short else ())

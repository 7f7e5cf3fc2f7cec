"""A query's own words: what a sentence must hold to show why a record was found.

Only what is asked for counts, never what stands after NOT; headings, dates, names and
other fields are no words of a text.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assay.library.boolean import words_of
from assay.library.search_words import split_words
from assay.query.fields import FIELDS, STOPWORDS, fold_field
from assay.query.parse import parse_query
from assay.query.tree import Chain, Group, Node, Term

_OF_TEXT = frozenset(
    map(
        fold_field,
        ("all", "title/abstract", "title", "text word", "other term",
         "transliterated title"),
    )
)  # fmt: skip
"""Fields whose words stand in a record's text."""


class Word(NamedTuple):
    """A word or phrase to look for in sentences."""

    shown: str
    """As the query has it, without quotes and tag."""
    parts: tuple[str, ...]
    """Its words in the form of `split_words`, one after the other."""
    open_end: bool = False
    """True when the last of them may go on (sedat*)."""


class Wanted(NamedTuple):
    """A query's words, in groups: of each, one word is enough."""

    groups: tuple[tuple[Word, ...], ...] = ()
    """In the order of the query; () where it has no words, e.g. headings alone."""


class Held(NamedTuple):
    """What of a query's words a sentence holds."""

    groups: int = 0
    """Groups of which it holds a word."""
    words: tuple[str, ...] = ()
    """Each once, as people read it; of a truncated word what stands there."""


def find_words(text: str) -> Wanted:
    """Return the words that a query in PubMed's syntax asks for.

    >>> found = find_words('(tea OR "green tea") AND sleep*[ti] NOT rats AND "Tea"[mh]')
    >>> [[word.shown for word in group] for group in found.groups]
    [['tea', 'green tea'], ['sleep*']]
    """
    tree = parse_query(text).tree
    return Wanted(tuple(map(tuple, _groups(tree))) if tree else ())


def _groups(node: Node) -> list[list[Word]]:
    match node:
        case Group():
            return _groups(node.body)
        case Chain():
            found = _groups(node.parts[0])
            for join, part in zip(node.joins, node.parts[1:], strict=True):
                if join.operator == "AND":
                    found += _groups(part)
                elif join.operator == "OR":
                    found = _either(found, _groups(part))
            return found
        case Term():
            return _of_term(node)
        case _:
            return []


def _either(left: list[list[Word]], right: list[list[Word]]) -> list[list[Word]]:
    """Return one group of two sides of which one is enough."""
    if not left or not right:
        return left or right
    first = left[0]
    for group in (*left[1:], *right):
        first.extend(group)
    return [first]


def _of_term(term: Term) -> list[list[Word]]:
    """Return a term's words: a phrase stays one, loose words are all wanted."""
    tag = term.tag
    if tag and FIELDS.get(fold_field(tag.name), "all") not in _OF_TEXT:
        return []
    near = bool(tag and tag.modifier.startswith("~"))
    loose = near or (tag is None and not term.quoted)
    pieces = term.text.split() if loose else [term.text]
    return [[word] for piece in pieces for word in _word(piece)]


def _word(text: str) -> Iterator[Word]:
    found = words_of(text)
    if found and not (len(found.words) == 1 and found.words[0] in STOPWORDS):
        yield Word(text, found.words, found.prefix)


def find_held(wanted: Wanted, sentence: str) -> Held:
    """Return what of a query's words a sentence holds.

    >>> find_held(find_words("tea[ti] AND (sleep OR sedat*)"), "Tea was sedating.")
    Held(groups=2, words=('tea', 'sedating'))
    """
    words = split_words(sentence)
    shown: dict[tuple[str, ...], str] = {}
    groups = 0
    for group in wanted.groups:
        found = [(w, met) for w in group if (met := _met(w, words))]
        groups += bool(found)
        for word, met in found:
            shown.setdefault(met, " ".join(met) if word.open_end else word.shown)
    return Held(groups, tuple(shown.values()))


def _met(word: Word, words: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a sentence that are a wanted one; () when none are."""
    *whole, last = word.parts
    size = len(word.parts)
    for at in range(len(words) - size + 1):
        here = words[at : at + size]
        ends = here[-1].startswith(last) if word.open_end else here[-1] == last
        if ends and here[:-1] == whole:
            return tuple(here)
    return ()

"""What the services have in common when a clause is put in their words."""

from collections.abc import Callable
from typing import TypeAlias

from assay.query.clauses import (
    FILTER_WORDS,
    Words,
    field_of,
    find_pmids,
    is_near,
    is_relative,
    read_phrases,
)
from assay.query.fields import fold_field
from assay.query.translate import Piece
from assay.query.tree import Leaf, Term

SayWords: TypeAlias = Callable[[Words], str]
"""Put words that stand together in a service's words."""

CHECK_TAGS = frozenset(
    """
    humans animals male female adolescent adult aged child infant pregnancy
    """.split()
) | {"middle aged", "young adult", "aged, 80 and over", "child, preschool",
     "infant, newborn"}  # fmt: skip
"""Headings that say of whom a study is: an abstract seldom names them so."""

NO_WORDS = Piece(why="There is no word in it that is searched for.")
NO_TODAY = "It counts back from today, which is settled only when the search is made."


def say_phrases(term: Term, say: SayWords) -> Piece:
    """Return a term's words in a service's words, all of them wanted.

    `say` is handed words that stand in a row, or one that may go on, never both.

    >>> say_phrases(Term(0, 9, '"green tea"', quoted=True), lambda w: " ".join(w.words))
    Piece(sent='green tea', wider=False, narrower=False, why='', subject=True)
    """
    phrases = read_phrases(term)
    if not phrases:
        return NO_WORDS
    parts: list[Words] = []
    wider, why = False, ""
    if is_near(term):
        words = phrases[0].text.split(" ")
        phrases = tuple(Words((word,), text=word) for word in words)
        wider, why = True, "The words may stand further apart."
    for phrase in phrases:
        if phrase.stem and len(phrase.words) > 1:
            parts += [Words((word,)) for word in phrase.words[:-1]]
            parts.append(Words(phrase.words[-1:], stem=True))
            wider, why = True, "The words need not stand together."
        else:
            parts.append(phrase)
    if len(phrases) > 1 and term.tag is not None and not wider:
        wider, why = True, "PubMed may look for the words as a phrase."
    said = [say(part) for part in dict.fromkeys(parts)]
    sent = f"({' AND '.join(said)})" if len(said) > 1 else said[0]
    return Piece(sent, wider=wider, why=why)


def written(words: Words) -> str:
    """Return words as a service is sent them between quotes.

    >>> written(Words(("crohn", "s"), text="crohn's")), written(Words(("tea",)))
    ("crohn's", 'tea')
    """
    return words.text or " ".join(words.words)


def changed(
    piece: Piece, why: str, *, wider: bool = False, narrower: bool = False
) -> Piece:
    """Return a piece that differs in one more way from what was asked.

    >>> changed(Piece("tea", why="A."), "B.", wider=True).why
    'A. B.'
    """
    return piece._replace(
        wider=piece.wider or wider,
        narrower=piece.narrower or narrower,
        why=f"{piece.why} {why}".strip(),
    )


def known_field(leaf: Leaf) -> tuple[str, str]:
    """Return a clause's field, and a sentence when PubMed does not know its tag.

    >>> from assay.query.tree import Tag
    >>> known_field(Term(0, 9, "tea", tag=Tag("foo", "", 3, 8)))[0]
    'all'
    """
    field = field_of(leaf)
    if field or not isinstance(leaf, Term) or leaf.tag is None:
        return field or "all", ""
    return "all", f"PubMed does not know [{leaf.tag.name}] and searches every field."


def find_filter(leaf: Leaf) -> str:
    """Return the name of the filter that a clause is, folded; "" for none.

    >>> find_filter(Term(0, 9, "hasabstract"))
    'hasabstract'
    """
    if not isinstance(leaf, Term):
        return ""
    name = fold_field(leaf.text)
    tagged = field_of(leaf) == "filter"
    untagged = leaf.tag is None and not leaf.quoted and name in FILTER_WORDS
    return name if tagged or untagged else ""


def find_foreign(leaf: Term, service: str) -> Piece:
    """Return why a service cannot be asked for PMIDs; an empty piece for other clauses.

    >>> find_foreign(Term(0, 8, "90000001"), "DOAJ").why
    'DOAJ knows no PMIDs.'
    """
    return Piece(why=f"{service} knows no PMIDs.") if find_pmids(leaf) else Piece()


def no_days(leaf: Leaf) -> Piece:
    """Return what becomes of a clause of a date field that names no days.

    >>> no_days(Term(0, 9, "soon")).why
    'It is no date such as 2020/05/31.'
    """
    why = NO_TODAY if is_relative(leaf) else "It is no date such as 2020/05/31."
    return Piece(why=why, subject=False)

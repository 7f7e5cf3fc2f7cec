"""Clauses that ask for MeSH headings, subheadings and publication types."""

from assay.library.search_read import Explode, Read, read_star
from assay.library.search_subheadings import SUBHEADINGS
from assay.library.search_tree import Value
from assay.library.search_words import normal_value
from assay.query.clauses import modifier_of
from assay.query.tree import Term


def read_heading(term: Term, field: str, explode: Explode) -> Read:
    """Read a heading, a heading with its subheading, a publication type.

    >>> def below(kind, name):
    ...     return (name, "sleep, rem") if name == "sleep" else ()
    >>> read_heading(Term(0, 9, "Sleep/DE"), "mesh", below).tree.values
    ('sleep/drug effects', 'sleep, rem/drug effects')
    """
    kind = "mesh" if field == "majr" else field
    name, stroke, below = (part.strip() for part in term.text.partition("/"))
    value = normal_value(name)
    if not value:
        return Read(None, "there is no heading in it to look for")
    star, short = read_star(term.text)
    ignored = (short,) if short else ()
    if star:
        return Read(Value(field, (value,), "letters"), ignored=ignored)
    narrow = modifier_of(term) != "noexp"
    names = _exploded(kind, value, explode, narrow)
    told = _told(term.text, names)
    if stroke and kind == "mesh":
        low = normal_value(below)
        unders = _exploded("subheading", low, explode, narrow)
        names = tuple(f"{one}/{other}" for one in names for other in unders)
    return Read(Value(field, names), ignored=ignored, told=told)


def _exploded(kind: str, value: str, explode: Explode, narrow: bool) -> tuple[str, ...]:
    if kind == "subheading":
        value = normal_value(SUBHEADINGS.get(value, value))
    names = explode(kind, value) or (value,)
    return names if narrow else names[:1]


def _told(text: str, names: tuple[str, ...]) -> tuple[str, ...]:
    if len(names) < 2:
        return ()
    number = len(names) - 1
    what = "narrower heading was" if number == 1 else "narrower headings were"
    return (f"{number:,} {what} looked for together with {text}.",)

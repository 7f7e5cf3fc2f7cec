"""One clause of a query in PubMed's syntax, in the words of the index.

Each reader takes a clause and gives what is to be looked up, or says in a few words why
it cannot be; which reader a tag has is said in tables.
"""

from collections.abc import Callable

from assay.library.search_headings import read_heading
from assay.library.search_names import read_name
from assay.library.search_phrases import read_phrase, read_untagged
from assay.library.search_read import Explode, Read
from assay.library.search_tree import Span, either
from assay.library.search_values import read_own, read_value
from assay.query.clauses import RANGES, field_of, read_days
from assay.query.fields import fold_field
from assay.query.tree import Leaf, Lost, Range, Term


def read_clause(leaf: Leaf, explode: Explode) -> Read:
    """Return what a clause asks of the index, or why it cannot be looked up.

    >>> from assay.query.tree import Tag
    >>> from assay.library.search_read import no_explosion
    >>> read_clause(Term(0, 9, "tea", tag=Tag("ti", "", 3, 9)), no_explosion).tree
    Words(field='title', words=('tea',), prefix=False)
    """
    if isinstance(leaf, Lost):
        return Read(None, leaf.why)
    field = field_of(leaf)
    if field in _UNANSWERED:
        return Read(None, "no record says it")
    if isinstance(leaf, Range):
        if field not in RANGES:
            return Read(None, "ranges are of dates and PMIDs only")
        return _uid_range(leaf) if field == "uid" else _days(leaf, _DAYS[field])
    if leaf.tag is None:
        return read_untagged(leaf)
    if field in _HEADINGS:
        return read_heading(leaf, _HEADINGS[field], explode)
    for table, reader in _READERS:
        if field in table:
            return reader(leaf, table[field])
    shown = f"[{':'.join(filter(None, leaf.tag[:2]))}]"
    return Read(None, f"PubMed has no tag {shown}")


def _table(text: str) -> dict[str, str]:
    lines = (line.partition(":") for line in text.strip().split("\n"))
    return {fold_field(tag): field.strip() for tag, _, field in lines}


_WORDS = _table("""
all: all
title/abstract: tiab
title: title
text word: tw
other term: keyword
affiliation: affiliation
transliterated title: vernacular
conflict of interest statements: coi
author - corporate: corporate
grants and funding: grant
book: book
publisher: publisher
""")

_VALUES = _table("""
supplementary concept: substance
ec/rn number: registry
journal: journal
nlm unique id: nlm_id
volume: volume
issue: issue
pagination: page
place of publication: place
""")

_NAMES = _table("""
author: author
author - first: first_author
author - last: last_author
investigator: investigator
subject - personal name: person
editor: editor
""")

_HEADINGS = _table("""
mesh terms: mesh
mesh major topic: majr
mesh subheading: subheading
publication type: pubtype
""")

_DAYS = _table("""
date - publication: published
electronic publication date: electronic
print publication date: print
date - entry: entered
date - create: created
date - mesh: indexed
date - completion: completed
date - modification: revised
""")

_OTHERS = _table("""
uid: pmid
article identifier: article_id
location id: article_id
author - identifier: author_id
secondary source id: accession
language: language
isbn: isbn
filter: filter
""")

_UNANSWERED = frozenset(
    map(fold_field, ("pharmacological action", "author cluster id"))
)


def _days(leaf: Term | Range, name: str) -> Read:
    """Read a day, month or year, or a span of them.

    An electronic date later than the print date is found by spans alone (PubMed help,
    Publication Date).
    """
    days = read_days(leaf)
    if days is None:
        return Read(None, "it is no date such as 2020/05/31")
    first = _number(days.first) if days.first else 0
    last = _number(days.last) if days.last else 99_999_999
    span = Span(name, first, last)
    if name == "published" and isinstance(leaf, Range):
        return Read(either((span, Span("published_late", first, last))))
    return Read(span)


def _number(day: str) -> int:
    return int(day.replace("-", ""))


def _uid_range(leaf: Range) -> Read:
    if not (leaf.first.isdecimal() and leaf.last.isdecimal()):
        return Read(None, "it is no range of PMIDs")
    return Read(Span("pmid", int(leaf.first), int(leaf.last)))


_READERS: tuple[tuple[dict[str, str], Callable[[Term, str], Read]], ...] = (
    (_WORDS, read_phrase),
    (_VALUES, read_value),
    (_NAMES, read_name),
    (_DAYS, _days),
    (_OTHERS, read_own),
)
"""Which reader a tag's field has, and what it looks through."""

LOOKED_THROUGH: dict[str, str] = {
    field: name
    for table in (_WORDS, _HEADINGS, _VALUES, _NAMES, _OTHERS, _DAYS)
    for field, name in table.items()
}
"""PubMed's field, folded → the level or field that answers it."""

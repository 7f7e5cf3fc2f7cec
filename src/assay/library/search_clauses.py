"""One clause of a query in PubMed's syntax, in the words of the index.

Each reader takes a clause and gives what is to be looked up, or says in a few words why
it cannot be. What is changed on the way, or looked for beyond what was written, is told
in `notes`.
"""

import re
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from assay.library.search_filters import ANSWERED
from assay.library.search_languages import language_codes
from assay.library.search_tree import (
    Every,
    Near,
    Node,
    Numbers,
    Span,
    Value,
    Words,
    either,
)
from assay.library.search_words import normal_value, split_words
from assay.query.clauses import (
    FILTER_WORDS,
    MIN_STEM,
    RANGES,
    field_of,
    is_near,
    modifier_of,
    read_days,
)
from assay.query.fields import STOPWORDS, fold_field
from assay.query.tree import Leaf, Lost, Range, Term

MAX_NEAR = 5
"""Words in one search for words near each other: each order of them is looked for, and
five have 120."""

MAX_BETWEEN = 99
"""Most words between two that are near each other. PubMed takes up to 1,000, where it
means one affiliation; none is longer than 100 words."""

PASSED = STOPWORDS | {"or"}
"""Words that PubMed passes over where they stand alone, untagged (PubMed help)."""

Explode: TypeAlias = Callable[[str, str], tuple[str, ...]]
"""Kind (mesh, pubtype or subheading) and a name → the heading's name with those of all
narrower ones, as values; () where the name is not known."""


class Read(NamedTuple):
    """What a clause asks of the index."""

    tree: Node | None
    """None: it is left out, and `why` says the reason in a few words."""
    why: str = ""
    ignored: tuple[str, ...] = ()
    """What of it was changed, one sentence each."""
    told: tuple[str, ...] = ()
    """What was looked for beyond it, one sentence each."""


def no_explosion(_kind: str, _name: str) -> tuple[str, ...]:
    """Return () for every name: no heading is known.

    >>> no_explosion("mesh", "sleep")
    ()
    """
    return ()


def read_clause(leaf: Leaf, explode: Explode) -> Read:
    """Return what a clause asks of the index, or why it cannot be looked up.

    >>> from assay.query.tree import Tag
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
        return _untagged(leaf)
    if field in _HEADINGS:
        return _heading(leaf, _HEADINGS[field], explode)
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
uid: uid
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


def _words(term: Term, level: str) -> Read:
    """Read a word, a phrase, or words near each other, in a field of words."""
    modifier = modifier_of(term)
    words = tuple(split_words(term.text))
    if not words:
        return Read(None, "there is no word in it to look for")
    if is_near(term):
        return _near(term, level, words)
    ignored = (f":{modifier} does nothing here.",) if modifier else ()
    star, short = _star(term.text)
    if short:
        ignored += (short,)
    return Read(Words(level, words, star), ignored=ignored)


def _star(text: str) -> tuple[bool, str]:
    """Say whether the last word may go on, and what is wrong with the star if not."""
    stem = text.rstrip()
    if "*" not in stem:
        return False, ""
    if not stem.endswith("*") or stem.count("*") > 1 or not stem[-2:-1].isalnum():
        return False, "A * counts only at the end of the last word."
    last = stem[:-1].split(" ")[-1]
    if sum(map(str.isalnum, last)) < MIN_STEM:
        return False, f"Fewer than {MIN_STEM} letters before a *: it was passed over."
    return True, ""


def _near(term: Term, level: str, words: tuple[str, ...]) -> Read:
    between = int(modifier_of(term)[1:])
    if len(words) < 2:
        return Read(Words(level, words))
    if len(words) > MAX_NEAR:
        return Read(None, f"at most {MAX_NEAR} words are looked for near each other")
    if between <= MAX_BETWEEN:
        return Read(Near(level, words, between))
    most = f"At most {MAX_BETWEEN} words between them are allowed for."
    return Read(Near(level, words, MAX_BETWEEN), ignored=(most,))


def _untagged(term: Term) -> Read:
    """Read a term without a tag: identifiers, filter words, a phrase or loose words."""
    if term.quoted:
        return _words(term, "all")
    ids = _ids(term.text)
    if ids is not None:
        return Read(ids)
    parts: list[Node] = []
    ignored: tuple[str, ...] = ()
    for piece in term.text.split(" "):
        low = piece.lower()
        if low in FILTER_WORDS and low in ANSWERED:
            parts.append(Value("filter", (low,)))
        elif low not in PASSED and split_words(piece):
            read = _words(Term(term.start, term.end, piece), "all")
            ignored += read.ignored
            parts += [read.tree] if read.tree else []
    if not parts:
        return Read(None, "there is no word in it to look for")
    return Read(parts[0] if len(parts) == 1 else Every(tuple(parts)), ignored=ignored)


_ID = re.compile(
    r"(?P<pmid>\d{5,8})|(?P<pmc>PMC\d{3,9}|NIHMS\d+)|"
    r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(?P<doi>10\.\d{4,9}/\S+)",
    re.IGNORECASE,
)


def _ids(text: str) -> Node | None:
    """Return PMIDs, PMCIDs and DOIs that stand alone; None for anything else."""
    matches = [_ID.fullmatch(piece) for piece in text.split()]
    if not matches or not all(matches):
        return None
    pmids = tuple(int(m["pmid"]) for m in matches if m and m["pmid"])
    others = tuple(
        (m["pmc"] or m["doi"]).lower() for m in matches if m and not m["pmid"]
    )
    parts: list[Node] = [Numbers("pmid", pmids)] if pmids else []
    parts += [Value("article_id", others)] if others else []
    return either(tuple(parts))


def _value(term: Term, field: str) -> Read:
    value = normal_value(term.text)
    if not value:
        return Read(None, "there is no word in it to look for")
    star, short = _star(term.text)
    more = "letters" if star else ""
    return Read(Value(field, (value,), more), ignored=(short,) if short else ())


def _name(term: Term, field: str) -> Read:
    """Read a person's name: "smith j", "smith", "smith, john", "john smith".

    PubMed lets initials go on where no quotes are; a last name alone has any.
    """
    words = normal_value(term.text).split(" ")
    if not words[0]:
        return Read(None, "there is no name in it to look for")
    whole = " ".join(words)
    star, short = _star(term.text)
    ignored = (short,) if short else ()
    if star:
        return Read(Value(field, (whole,), "letters"), ignored=ignored)
    forms = tuple(
        form
        for at in range(1, len(words))
        for form in (
            f"{' '.join(words[:at])}, {' '.join(words[at:])}",
            f"{' '.join(words[at:])}, {' '.join(words[:at])}",
        )
    )
    if not forms:
        return Read(Value(field, (whole,), "words"), ignored=ignored)
    short_form = Value(field, (whole,), "" if term.quoted else "letters")
    full = Value(field, tuple(dict.fromkeys(forms)), "words")
    return Read(either((short_form, full)), ignored=ignored)


def _heading(term: Term, field: str, explode: Explode) -> Read:
    """Read a heading, a heading with its subheading, a publication type."""
    kind = "mesh" if field == "majr" else field
    name, stroke, below = (part.strip() for part in term.text.partition("/"))
    value = normal_value(name)
    if not value:
        return Read(None, "there is no heading in it to look for")
    star, short = _star(term.text)
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
    names = explode(kind, value) or (value,)
    return names if narrow else names[:1]


def _told(text: str, names: tuple[str, ...]) -> tuple[str, ...]:
    if len(names) < 2:
        return ()
    number = len(names) - 1
    what = "narrower heading was" if number == 1 else "narrower headings were"
    return (f"{number:,} {what} looked for together with {text}.",)


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


def _uid(term: Term) -> Read:
    pieces = term.text.replace(",", " ").split()
    if not pieces or not all(p.isascii() and p.isdecimal() for p in pieces):
        return Read(None, "it is no PMID")
    numbers = tuple(int(piece) for piece in pieces)
    if max(numbers) >= 1 << 63:
        return Read(None, "it is no PMID")
    return Read(Numbers("pmid", numbers))


def _article_id(term: Term) -> Read:
    text = term.text.lower().removeprefix("https://doi.org/").removeprefix("doi:")
    value = text.strip()
    return Read(Value("article_id", (value,))) if value else Read(None, "it is empty")


def _author_id(term: Term) -> Read:
    value = normal_value(term.text.rpartition("/")[2])
    value = value.removeprefix("orcid ")
    if not value:
        return Read(None, "there is no identifier in it to look for")
    return Read(Value("author_id", (value,)))


def _accession(term: Term) -> Read:
    bank, stroke, number = term.text.partition("/")
    value = normal_value(bank)
    if stroke and normal_value(number):
        value = f"{value}/{normal_value(number)}"
    if not value:
        return Read(None, "there is no number in it to look for")
    star, short = _star(term.text)
    more = "letters" if star else ""
    return Read(Value("accession", (value,), more), ignored=(short,) if short else ())


def _language(term: Term) -> Read:
    codes = language_codes(term.text)
    if not codes:
        return Read(None, "PubMed has no such language")
    return Read(Value("language", codes))


def _isbn(term: Term) -> Read:
    value = term.text.replace("-", "").replace(" ", "").lower()
    return Read(Value("isbn", (value,))) if value else Read(None, "it is empty")


_AS_HEADINGS = ("humans", "animals", "male", "female")
"""Filters that stand for MeSH headings (PubMed help, "Filters")."""

_AS_TYPES = (
    "review", "clinical trial", "randomized controlled trial", "meta-analysis",
    "case reports", "systematic review", "practice guideline", "preprint", "letter",
    "editorial", "retracted publication",
)  # fmt: skip
"""Filters that stand for publication types."""

_SAME = {
    "has abstract": "hasabstract", "abstract": "hasabstract",
    "free full text": "freetext", "freefulltext": "freetext",
    "in process": "inprocess", "as supplied by publisher": "publisher",
    "pubmed pmc": "pubmed pmc", "pmc": "pubmed pmc", "books": "pubmed books",
    "core clinical journals": "jsubsetaim", "aim": "jsubsetaim",
}  # fmt: skip
"""Other names of filters → those of `search_filters`."""


def _filter(term: Term) -> Read:
    low = " ".join(term.text.lower().split())
    low = _SAME.get(low, low)
    if low in ANSWERED:
        return Read(Value("filter", (low,)))
    if low == "all":
        return Read(Every(()))
    if low in _AS_HEADINGS:
        return Read(Value("mesh", (normal_value(low),)))
    if low in _AS_TYPES:
        return Read(Value("pubtype", (normal_value(low),)))
    if codes := language_codes(low):
        return Read(Value("language", codes))
    return Read(None, "no record says whether it passes this filter")


_OWN: dict[str, Callable[[Term], Read]] = {
    "uid": _uid,
    "article_id": _article_id,
    "author_id": _author_id,
    "accession": _accession,
    "language": _language,
    "isbn": _isbn,
    "filter": _filter,
}


def _own(term: Term, name: str) -> Read:
    return _OWN[name](term)


_READERS: tuple[tuple[dict[str, str], Callable[[Term, str], Read]], ...] = (
    (_WORDS, _words),
    (_VALUES, _value),
    (_NAMES, _name),
    (_DAYS, _days),
    (_OTHERS, _own),
)
"""Which reader a tag's field has, and what it looks through."""

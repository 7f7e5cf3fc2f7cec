"""Clauses that ask for whole values: identifiers, journals, languages, filters."""

import re
from collections.abc import Callable

from assay.library.search_filters import ANSWERED
from assay.library.search_languages import language_codes
from assay.library.search_read import Read, read_star
from assay.library.search_tree import Every, More, Node, Numbers, Value, either
from assay.library.search_words import normal_value
from assay.query.tree import Term

_ID = re.compile(
    r"(?P<pmid>\d{5,8})|(?P<pmc>PMC\d{3,9}|NIHMS\d+)|"
    r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(?P<doi>10\.\d{4,9}/\S+)",
    re.IGNORECASE,
)


def read_ids(text: str) -> Node | None:
    """Return PMIDs, PMCIDs and DOIs that stand alone; None for anything else.

    >>> read_ids("PMC9000001").values, read_ids("tea")
    (('pmc9000001',), None)
    """
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


def read_value(term: Term, field: str) -> Read:
    """Return what a clause asks of a field whose values are compared as wholes.

    >>> read_value(Term(0, 9, "J. Inv. Res."), "journal").tree.values
    ('j inv res',)
    """
    value = normal_value(term.text)
    if not value:
        return Read(None, "there is no word in it to look for")
    star, short = read_star(term.text)
    more: More = "letters" if star else ""
    return Read(Value(field, (value,), more), ignored=(short,) if short else ())


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
    star, short = read_star(term.text)
    more: More = "letters" if star else ""
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
    "pmid": _uid,
    "article_id": _article_id,
    "author_id": _author_id,
    "accession": _accession,
    "language": _language,
    "isbn": _isbn,
    "filter": _filter,
}


def read_own(term: Term, name: str) -> Read:
    """Return what a clause asks of a field that is read in a way of its own.

    >>> read_own(Term(0, 9, "90000001"), "pmid").tree
    Numbers(field='pmid', values=(90000001,))
    """
    return _OWN[name](term)

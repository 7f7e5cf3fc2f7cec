"""A query in the words of DOAJ's search of articles (API v4; protocol D7).

Wildcards and fuzzy searches are refused there. Whatever a person wrote stands in
quotes, as runs of letters and digits.
"""

import re

from assay.query.clauses import DATES, Words, find_doi, split_heading
from assay.query.parse import parse_query
from assay.query.sending import find_bounds, make_translation
from assay.query.services import (
    CHECK_TAGS,
    changed,
    find_filter,
    find_foreign,
    known_field,
    say_phrases,
    written,
)
from assay.query.translate import Piece, Said, say_tree
from assay.query.tree import Range, Term
from assay.search import Query, Translation

_TIAB = ("title", "abstract", "keywords")
_HEADING = "DOAJ has no MeSH; the words are looked for in title, abstract and keywords."
FIELDS: dict[str, tuple[tuple[str, ...], str]] = {
    "title": (("title",), ""),
    "title/abstract": (_TIAB, ""),
    "all": (_TIAB, "Titles, abstracts and keywords only; no synonyms are added."),
    "textword": (_TIAB, "Titles, abstracts and keywords only."),
    "otherterm": (("keywords",), ""),
    "journal": (("journal",), "PubMed knows a journal by all of its names."),
    "publisher": (("publisher",), ""),
    "meshterms": (_TIAB, _HEADING),
    "meshmajortopic": (_TIAB, _HEADING),
    "supplementaryconcept": (_TIAB, "Looked for in title, abstract and keywords."),
}
"""Field → DOAJ's fields, and what they miss; "" for nothing."""

_NO_DATES = Piece(
    why="DOAJ is not asked for dates. Without it the search finds more.", subject=False
)
_ISSN = re.compile(r"\d{4}-\d{3}[\dXx]")


def translate_query(query: Query) -> Translation:
    """Return a query in DOAJ's words: `params` holds "query", a part of the address.

    DOAJ is not asked for dates, so since and until are not sent.

    >>> translate_query(Query(text='"green tea"[ti]')).params
    (('query', 'title:"green tea"'),)
    """
    tree = parse_query(query.text).tree
    said = say_tree(tree, query.text, _speak) if tree is not None else Said()
    bound = _NO_DATES if find_bounds(query) else None
    return make_translation(query, said, (("query", said.text),), bound)


def _speak(leaf: Term | Range) -> Piece:
    field, unknown = known_field(leaf)
    if isinstance(leaf, Range) or field in DATES:
        return Piece(why="DOAJ is not asked for dates.", subject=False)
    if field in {"all", "articleidentifier", "locationid"} and (doi := find_doi(leaf)):
        return Piece('doi:"' + doi.replace("\\", "") + '"')
    if field == "journal" and _ISSN.fullmatch(leaf.text):
        return Piece(f'issn:"{leaf.text.upper()}"', subject=False)
    if (foreign := find_foreign(leaf, "DOAJ")).why:
        return foreign
    if field not in FIELDS or find_filter(leaf):
        return Piece(why="DOAJ has no field for it.")
    if field.startswith("mesh") and split_heading(leaf)[0].lower() in CHECK_TAGS:
        return Piece(why="DOAJ has no MeSH, and texts seldom say so in words.")
    return _searched(leaf, field, unknown)


def _searched(leaf: Term, field: str, unknown: str) -> Piece:
    fields, misses = FIELDS[field]
    heading = field.startswith("mesh")
    if heading:
        leaf = Term(leaf.start, leaf.end, split_heading(leaf)[0])
    piece = say_phrases(leaf, lambda words: _in_fields(fields, words))
    if piece.sent and "*" in leaf.text:
        piece = changed(piece, "Without *: only this word is found.", narrower=True)
    if piece.sent and misses:
        why = f"{unknown} {misses}".strip()
        piece = changed(piece, why, wider=heading, narrower=True)
    return piece


def _in_fields(fields: tuple[str, ...], words: Words) -> str:
    said = " OR ".join(f'{field}:"{written(words)}"' for field in fields)
    return f"({said})" if len(fields) > 1 else said

"""A query in the words of Crossref's works (protocol D3).

Crossref knows no Boolean, phrase or truncation: it finds every work that has any of
the words in its bibliographic data, those with most of them first. So all words that
are asked for go into one bag; what only limits a search becomes a filter.
"""

import re

from assay.query.clauses import (
    DATES,
    Days,
    find_doi,
    read_days,
    read_phrases,
    split_heading,
)
from assay.query.parse import parse_query
from assay.query.sending import (
    add_limits,
    find_bounds,
    make_translation,
    say_all,
    split_limits,
)
from assay.query.services import (
    CHECK_TAGS,
    NO_WORDS,
    find_filter,
    find_foreign,
    known_field,
    no_days,
    written,
)
from assay.query.translate import Piece
from assay.query.tree import Range, Term
from assay.search import Query, Translation

BAG = "query.bibliographic"
"""Searches titles, authors, ISSNs and years; no abstracts."""

_ANY = "Crossref finds works with any of the words, and knows no AND."
_TITLES = "Crossref looks in titles and names, not in abstracts, for any of the words."
FIELDS = {
    "title": (_ANY, False),
    "author": (_ANY, False),
    "authorfirst": (_ANY, False),
    "authorlast": (_ANY, False),
    "journal": (_ANY, True),
    "title/abstract": (_TITLES, True),
    "all": (_TITLES, True),
    "textword": (_TITLES, True),
    "otherterm": (_TITLES, True),
    "meshterms": (_TITLES, True),
    "meshmajortopic": (_TITLES, True),
    "supplementaryconcept": (_TITLES, True),
}
"""Field → what differs, and whether works are missed."""

_DAY = "Crossref compares the earliest day of publication that it knows."
_ISSN = re.compile(r"\d{4}-\d{3}[\dXx]")
_SAFE_DOI = re.compile(r"[^,\"\\\s]+")


def translate_query(query: Query) -> Translation:
    """Return a query in Crossref's words: "query.bibliographic" and "filter".

    >>> translate_query(Query(text="tea[ti] AND sleep[ti]", since="2020")).params
    (('query.bibliographic', 'tea sleep'), ('filter', 'from-pub-date:2020-01-01'))
    """
    parts, limits = split_limits(parse_query(query.text).tree, _limit, _either)
    said = say_all(parts, query.text, _speak)
    sent = " ".join(clause.sent for clause in said.clauses if clause.sent)
    bag = " ".join(dict.fromkeys(sent.split()))
    filters = [piece.sent for _, piece in limits if piece.sent]
    whole = add_limits((said,), limits, query.text, bag or ",".join(filters))
    days = find_bounds(query)
    bound = _days(days) if days else None
    filters += [bound.sent] if bound else []
    both = ((BAG, bag), ("filter", ",".join(filters)))
    params = tuple((name, value) for name, value in both if value)
    return make_translation(query, whole, params, bound)


def _limit(leaf: Term | Range) -> Piece:
    """Return what only a filter can ask for; nothing sent when none can."""
    field, _ = known_field(leaf)
    if field in {"datepublication", "electronicpublicationdate"}:
        days = read_days(leaf)
        return _days(days) if days else no_days(leaf)
    if not isinstance(leaf, Term):
        return Piece()
    if (piece := _either((leaf,))).sent:
        return piece
    if field == "journal" and _ISSN.fullmatch(leaf.text):
        return Piece(f"issn:{leaf.text.upper()}", subject=False)
    if field == "publicationtype" and leaf.text.lower() == "preprint":
        why = "Everything that was posted is found, reports and the like too."
        return Piece("type:posted-content", True, False, why, False)
    if find_filter(leaf) == "hasabstract":
        why = "Publishers give Crossref the abstracts of about half of their works."
        return Piece("has-abstract:true", True, True, why, False)
    return Piece()


def _either(leaves: tuple[Term | Range, ...]) -> Piece:
    """Return DOIs of which one has to be a work's."""
    dois = [doi for leaf in leaves if _SAFE_DOI.fullmatch(doi := find_doi(leaf))]
    if len(dois) < len(leaves):
        return Piece()
    return Piece(",".join(f"doi:{doi}" for doi in dois))


def _days(days: Days) -> Piece:
    ends = (("from", days.first), ("until", days.last))
    sent = ",".join(f"{name}-pub-date:{day}" for name, day in ends if day)
    return Piece(sent, True, True, _DAY, False)


def _speak(leaf: Term | Range) -> Piece:
    field, unknown = known_field(leaf)
    if isinstance(leaf, Range) or field in DATES:
        why = "Crossref asks for a date only where all else must hold too."
        return Piece(why=why, subject=False)
    if _limit(leaf).sent:
        return Piece(why="Crossref asks for it only where all else must hold too.")
    if (foreign := find_foreign(leaf, "Crossref")).why:
        return foreign
    if field not in FIELDS or find_filter(leaf):
        return Piece(why="Crossref is not asked for it by name.")
    if field.startswith("mesh"):
        heading = split_heading(leaf)[0]
        if heading.lower() in CHECK_TAGS:
            return Piece(why="Crossref has no MeSH, and titles seldom say so in words.")
        leaf = Term(leaf.start, leaf.end, heading)
    phrases = read_phrases(leaf)
    if not phrases:
        return NO_WORDS
    differs, misses = FIELDS[field]
    if any(phrase.stem for phrase in phrases):
        differs, misses = f"{differs} It knows no *: only this word is found.", True
    why = f"{unknown} {differs}".strip()
    return Piece(" ".join(map(written, phrases)), wider=True, narrower=misses, why=why)

"""A query in the words of ClinicalTrials.gov's studies (API v2; protocol D5).

Its expressions know AND, OR, NOT, parentheses and phrases, and add synonyms by
themselves. Whatever a person wrote stands in quotes, as runs of letters and digits.
"""

from assay.query.clauses import (
    DATES,
    Days,
    Words,
    field_of,
    find_trial,
    read_days,
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
    changed,
    find_filter,
    find_foreign,
    known_field,
    no_days,
    say_phrases,
    written,
)
from assay.query.translate import Piece
from assay.query.tree import Range, Term
from assay.search import Query, Translation

_ANYWHERE = "It is looked for anywhere in a study's entry, with synonyms."
_HEADING = "Its words are looked for anywhere in a study's entry, with synonyms."
FIELDS: dict[str, tuple[str, bool]] = {
    "title": (_ANYWHERE, False),
    "title/abstract": (_ANYWHERE, False),
    "all": (_ANYWHERE, False),
    "textword": (_ANYWHERE, False),
    "otherterm": (_ANYWHERE, False),
    "meshterms": (_HEADING, True),
    "meshmajortopic": (_HEADING, True),
    "supplementaryconcept": (_HEADING, True),
    "secondarysourceid": (_ANYWHERE, False),
}
"""Field → what differs, and whether studies are missed."""

ENDINGS = (
    "", "s", "e", "es", "ed", "ing", "ion", "ions", "ive", "al", "ic", "ia", "ity", "y",
)  # fmt: skip
"""What is put behind a stem, for the register knows no *: sedat* is mostly sedated,
sedation, sedative … Other forms of a word it adds by itself."""

_DAY = "A study has many days; it is kept when it was in the register in that time."


def translate_query(query: Query) -> Translation:
    """Return a query in ClinicalTrials.gov's words: "query.term", "filter.advanced".

    >>> translate_query(Query(text="tea AND sleep[ti]", since="2020")).params
    (('query.term', '"tea" AND "sleep"'), ('filter.advanced', \
'AREA[LastUpdatePostDate]RANGE[2020-01-01,MAX]'))
    """
    parts, limits = split_limits(parse_query(query.text).tree, _limit)
    said = say_all(parts, query.text, _speak)
    areas = [piece.sent for _, piece in limits if piece.sent]
    text = said.text or " AND ".join(areas)
    whole = add_limits((said,), limits, query.text, text)
    days = find_bounds(query)
    bound = _days(days) if days else None
    areas += [bound.sent] if bound else []
    both = (("query.term", said.text), ("filter.advanced", " AND ".join(areas)))
    params = tuple((name, value) for name, value in both if value)
    return make_translation(query, whole, params, bound)


def _limit(leaf: Term | Range) -> Piece:
    if field_of(leaf) != "datepublication":
        return Piece()
    days = read_days(leaf)
    return _days(days) if days else no_days(leaf)


def _days(days: Days) -> Piece:
    """Return the studies that were first posted by the last day, and touched since."""
    areas = []
    if days.first:
        areas.append(f"AREA[LastUpdatePostDate]RANGE[{days.first},MAX]")
    if days.last:
        areas.append(f"AREA[StudyFirstPostDate]RANGE[MIN,{days.last}]")
    return Piece(" AND ".join(areas), wider=True, why=_DAY, subject=False)


def _speak(leaf: Term | Range) -> Piece:
    field, unknown = known_field(leaf)
    if isinstance(leaf, Range) or field in DATES:
        why = "A date is asked for only where all else must hold too."
        return Piece(why=why, subject=False)
    if (foreign := find_foreign(leaf, "ClinicalTrials.gov")).why:
        return foreign
    if field not in FIELDS or find_filter(leaf):
        return Piece(why="A register of studies has no such field.")
    if trial := find_trial(leaf):
        return Piece(f'"{trial}"', wider=True, why="Studies that name it count too.")
    if field.startswith("mesh"):
        heading = split_heading(leaf)[0]
        if heading.lower() in CHECK_TAGS:
            return Piece(why="Studies are not looked up by of whom they are.")
        leaf = Term(leaf.start, leaf.end, heading, tag=leaf.tag)
    differs, misses = FIELDS[field]
    piece = say_phrases(leaf, _words)
    if not piece.sent:
        return piece
    if "*" in leaf.text:
        piece = changed(
            piece, "It knows no *: only common endings are asked for.", narrower=True
        )
    return changed(piece, f"{unknown} {differs}".strip(), wider=True, narrower=misses)


def _words(words: Words) -> str:
    """Return words in quotes; a stem as the words that it most often begins."""
    if not words.stem:
        return f'"{written(words)}"'
    said = " OR ".join(f'"{words.words[0]}{ending}"' for ending in ENDINGS)
    return f"({said})"

"""A query in the words of Europe PMC's search (REST 6.9; protocol D1).

Words without a field are searched in full texts there, so every clause names fields.
Whatever a person wrote stands in quotes, or is one run of letters and digits.
"""

import re

from assay.query.clauses import (
    DATES,
    Days,
    Words,
    find_doi,
    find_pmcid,
    find_pmids,
    find_trial,
    modifier_of,
    read_days,
    read_words,
    split_heading,
)
from assay.query.parse import parse_query
from assay.query.sending import find_bounds, make_translation
from assay.query.services import (
    changed,
    find_filter,
    known_field,
    no_days,
    say_phrases,
    written,
)
from assay.query.translate import Piece, Said, say_tree
from assay.query.tree import Range, Term
from assay.search import Query, Translation

TEXT: dict[str, tuple[tuple[str, ...], str]] = {
    "all": (
        ("TITLE_ABS", "KW", "MESH"),
        "PubMed also looks in other fields and maps the words to headings and "
        "synonyms.",
    ),
    "title/abstract": (("TITLE_ABS", "KW"), ""),
    "title": (("TITLE",), ""),
    "textword": (
        ("TITLE_ABS", "KW", "MESH", "CHEM"),
        "Subheadings, publication types and notes are not searched.",
    ),
    "otherterm": (("KW",), ""),
    "affiliation": (("AFF",), ""),
    "supplementaryconcept": (("CHEM",), "PubMed also knows other names of it."),
    "grantsandfunding": (("GRANT_ID", "GRANT_AGENCY"), ""),
    "volume": (("VOLUME",), ""),
    "issue": (("ISSUE",), ""),
}
"""Field → Europe PMC's fields, and what they miss; "" for nothing."""

NAMES = {"author": "AUTH", "authorfirst": "AUTH_FIRST", "authorlast": "AUTH_LAST"}

DAYS: dict[str, tuple[str, str]] = {
    "datepublication": ("FIRST_PDATE", "It is compared with the first day of "
                        "publication; PubMed takes the printed day too."),
    "electronicpublicationdate": ("E_PDATE", ""),
    "printpublicationdate": ("P_PDATE", ""),
    "dateentry": ("FIRST_IDATE", "It is compared with the day on which Europe PMC "
                  "took the record up."),
    "datecreate": ("FIRST_IDATE", "It is compared with the day on which Europe PMC "
                   "took the record up."),
    "datemodification": ("UPDATE_DATE", "It is compared with the day on which "
                         "Europe PMC changed the record."),
}  # fmt: skip
"""Date field → Europe PMC's, and how the two differ."""

_FULL = "Europe PMC decides by itself what has a free full text."
FILTERS: dict[str, Piece] = {
    "hasabstract": Piece("HAS_ABSTRACT:y", subject=False),
    "freefulltext": Piece("HAS_FREE_FULLTEXT:y", wider=True, narrower=True, why=_FULL),
    "freetext": Piece("HAS_FREE_FULLTEXT:y", wider=True, narrower=True, why=_FULL),
    "medline": Piece("SRC:MED", wider=True, why="All of PubMed is meant by it there."),
    "pubmedpmc": Piece("IN_PMC:y"),
    "systematic": Piece(
        'PUB_TYPE:"systematic review"',
        narrower=True,
        why="PubMed's filter also knows reviews that are not indexed as such.",
    ),
}
"""Filter → Europe PMC's words."""

_EXPLODES = "Headings below it are not searched."
_NO_FIELD = "Europe PMC has no field for it."
_ISSN = re.compile(r"\d{4}-\d{3}[\dXx]")
_ORCID = re.compile(r"(?:orcid )?(\d{4}-\d{4}-\d{4}-\d{3}[\dXx])", re.IGNORECASE)
_OPEN = Days("1000-01-01", "3000-12-31")


def translate_query(query: Query) -> Translation:
    """Return a query in Europe PMC's words: `params` holds "query".

    >>> translate_query(Query(text="tea[ti] NOT milk[ti]", since="2020")).sent
    '(TITLE:"tea" NOT TITLE:"milk") AND FIRST_PDATE:[2020-01-01 TO 3000-12-31]'
    """
    tree = parse_query(query.text).tree
    said = Said()
    if tree is not None:
        said = say_tree(tree, query.text, _speak)
    days = find_bounds(query)
    bound = _days("datepublication", days) if days else None
    text = said.text
    if bound and text:
        text = f"({text})" if said.how in {"OR", "NOT"} else text
        text = f"{text} AND {bound.sent}"
    return make_translation(query, said, (("query", text),), bound)


def _speak(leaf: Term | Range) -> Piece:
    field, unknown = known_field(leaf)
    if field in DATES:
        days = read_days(leaf)
        return _days(field, days) if days else no_days(leaf)
    if isinstance(leaf, Range):
        return Piece(why="Europe PMC is not asked for a range of these.")
    piece = _known(leaf, field)
    return changed(piece, unknown) if unknown else piece


def _known(leaf: Term, field: str) -> Piece:
    if pmids := find_pmids(leaf):
        ids = " OR ".join(f"EXT_ID:{pmid}" for pmid in pmids)
        return Piece(f"(({ids}) AND SRC:MED)")
    if name := find_filter(leaf):
        return FILTERS.get(name, Piece(why="Europe PMC has no such filter."))
    if field in {"all", "articleidentifier", "locationid", "secondarysourceid"}:
        piece = _identifier(leaf)
        if piece.sent or field != "all":
            return piece
    if field in TEXT:
        fields, misses = TEXT[field]
        piece = say_phrases(leaf, lambda words: _in_fields(fields, words))
        return changed(piece, misses, narrower=True) if misses else piece
    return _controlled(leaf, field)


def _identifier(leaf: Term) -> Piece:
    if doi := find_doi(leaf):
        return Piece(f"DOI:{_quoted(doi)}")
    if pmcid := find_pmcid(leaf):
        return Piece(f"PMCID:{pmcid}")
    if trial := find_trial(leaf):
        why = "Europe PMC has no field of trial numbers; it is looked for anywhere."
        return Piece(_quoted(trial), wider=True, narrower=True, why=why)
    return Piece(why=_NO_FIELD)


def _controlled(leaf: Term, field: str) -> Piece:
    """Say a clause that asks for a value from a list, or for a name."""
    words = read_words(leaf)
    value = words.text
    if not words.words:
        return Piece(why="There is no word in it that is searched for.")
    if field in {"meshterms", "meshmajortopic"}:
        return _heading(leaf, field)
    if field == "publicationtype":
        return _type(leaf, value)
    if field in NAMES:
        return _author(leaf, NAMES[field], value)
    if field == "authoridentifier" and (orcid := _ORCID.fullmatch(leaf.text)):
        return Piece(f"AUTHORID:{_quoted(orcid[1].upper())}")
    if field == "journal":
        return _journal(leaf, value)
    if field == "language":
        code = "jpn" if value.startswith("jap") else value[:3]
        return Piece(f"LANG:{_quoted(code)}", subject=False)
    return Piece(why=_NO_FIELD)


def _heading(leaf: Term, field: str) -> Piece:
    heading, subheading = split_heading(leaf)
    term = Term(leaf.start, leaf.end, heading, quoted=True)
    piece = say_phrases(term, lambda words: _in_fields(("MESH",), words))
    piece = changed(piece, "Longer headings with these words may match.", wider=True)
    if modifier_of(leaf) != "noexp":
        piece = changed(piece, _EXPLODES, narrower=True)
    if subheading:
        piece = changed(piece, "The subheading is not asked for.", wider=True)
    if field == "meshmajortopic":
        why = "Europe PMC cannot tell which headings are major."
        piece = changed(piece, why, wider=True)
    return piece


def _type(leaf: Term, value: str) -> Piece:
    if value == "preprint":
        why = "Preprints that PubMed does not have are found too."
        return Piece('(SRC:PPR OR PUB_TYPE:"preprint")', True, False, why, False)
    piece = Piece(f"PUB_TYPE:{_quoted(value)}", subject=False)
    if modifier_of(leaf) == "noexp":
        return piece
    return changed(piece, "Types below it are not searched.", narrower=True)


def _author(leaf: Term, field: str, value: str) -> Piece:
    piece = Piece(f"{field}:{_quoted(value)}")
    if leaf.quoted:
        return piece
    why = "PubMed lets initials go on (Roe J finds Roe JK)."
    return changed(piece, why, narrower=True)


def _journal(leaf: Term, value: str) -> Piece:
    if _ISSN.fullmatch(leaf.text):
        issn = _quoted(leaf.text.upper())
        return Piece(f"(ISSN:{issn} OR ESSN:{issn})", subject=False)
    why = "PubMed knows a journal by all of its names."
    return Piece(f"JOURNAL:{_quoted(value)}", False, True, why, False)


def _days(field: str, days: Days) -> Piece:
    if field not in DAYS:
        return Piece(why=_NO_FIELD, subject=False)
    name, why = DAYS[field]
    first, last = days.first or _OPEN.first, days.last or _OPEN.last
    differs = bool(why)
    return Piece(f"{name}:[{first} TO {last}]", differs, differs, why, False)


def _in_fields(fields: tuple[str, ...], words: Words) -> str:
    """Return words searched in any of the fields."""
    text = f"{words.words[0]}*" if words.stem else _quoted(written(words))
    said = " OR ".join(f"{field}:{text}" for field in fields)
    return f"({said})" if len(fields) > 1 else said


def _quoted(text: str) -> str:
    return '"' + re.sub(r'["\\\s]+', " ", text).strip() + '"'

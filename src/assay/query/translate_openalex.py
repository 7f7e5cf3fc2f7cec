"""A query in the words of OpenAlex's works (protocol D2).

Everything goes into one `filter`. Words are asked for with `.search.exact`, which
neither stems nor drops stopwords and knows phrases, Booleans and, behind three letters
or more, a *; the other searches stem. A comma parts filters and | alternatives even
inside quotes, so words that a person wrote reach it as runs of letters and digits only.
"""

import re

from assay.query.clauses import (
    DATES,
    Days,
    Words,
    field_of,
    find_doi,
    find_pmids,
    read_days,
    read_phrases,
    split_heading,
)
from assay.query.parse import parse_query
from assay.query.sending import (
    Conjuncts,
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
    known_field,
    no_days,
    say_phrases,
    written,
)
from assay.query.translate import Piece
from assay.query.tree import Node, Range, Term, find_leaves
from assay.search import Query, Translation

MOST_VALUES = 100
"""Values that one filter takes."""

MIN_STEM = 3
"""Letters that OpenAlex wants before a *; fewer are refused (HTTP 400)."""

TITLE, TEXT = "title.search.exact", "title_and_abstract.search.exact"

_TITLE_ABSTRACT = "Author keywords are not searched."
_NO_MESH = "No MeSH; its words are looked for in titles and abstracts."
_ALL = "Titles and abstracts only; no headings or synonyms are added."
FIELDS: dict[str, tuple[str, bool]] = {
    "title": ("The abstract is searched too.", False),
    "title/abstract": (_TITLE_ABSTRACT, True),
    "all": (_ALL, True),
    "textword": ("Titles and abstracts only.", True),
    "otherterm": ("Looked for in titles and abstracts, not in keywords.", True),
    "meshterms": (_NO_MESH, True),
    "meshmajortopic": (_NO_MESH, True),
    "supplementaryconcept": ("Its words are looked for in titles and abstracts.", True),
}  # fmt: skip
"""Field → what differs when its words are looked for, and whether some are missed."""

LANGUAGES = {
    "eng": "en", "fre": "fr", "fra": "fr", "ger": "de", "deu": "de", "spa": "es",
    "ita": "it", "por": "pt", "rus": "ru", "chi": "zh", "zho": "zh", "jap": "ja",
    "jpn": "ja", "kor": "ko", "dut": "nl", "nld": "nl", "pol": "pl", "tur": "tr",
}  # fmt: skip
"""First three letters of a language's name or its MEDLINE code → ISO 639-1."""

_ALONE = "OpenAlex asks for it only where all else must hold too."
_NOT_BY_NAME = "OpenAlex is not asked for it by name."
_GUESS = "OpenAlex tells the language from the title."
_DAY = "OpenAlex knows one day of publication; PubMed takes the printed and the web's."
_KINDS = {
    "preprint": Piece("type:preprint", True, False,
                      "Preprints that PubMed does not have are found too.", False),
    "retractedpublication": Piece("is_retracted:true", True, True,
                                  "OpenAlex decides by Retraction Watch.", True),
    "hasabstract": Piece("has_abstract:true", True, True,
                         "Some publishers keep abstracts from OpenAlex.", False),
    "freefulltext": Piece("open_access.is_oa:true", True, True,
                          "OpenAlex decides by itself what is open access.", False),
    "freetext": Piece("open_access.is_oa:true", True, True,
                      "OpenAlex decides by itself what is open access.", False),
}  # fmt: skip
_ORCID = re.compile(r"(?:orcid )?(\d{4}-\d{4}-\d{4}-\d{3}[\dXx])", re.IGNORECASE)
_SAFE_DOI = re.compile(r"[^,|!\"\\\s]+")


def translate_query(query: Query) -> Translation:
    """Return a query in OpenAlex's words: `params` holds "filter".

    >>> translate_query(Query(text="tea[ti] AND 2020:2021[dp]")).params[0][1]
    'title.search.exact:tea,from_publication_date:2020-01-01,\
to_publication_date:2021-12-31'
    """
    parts, limits = split_limits(parse_query(query.text).tree, _limit, _either)
    titles, texts = _by_field(parts)
    saids = (
        say_all(titles, query.text, _speak_title),
        say_all(texts, query.text, _speak_text),
    )
    named = zip((TITLE, TEXT), saids, strict=True)
    filters = [f"{name}:{said.text}" for name, said in named if said.text]
    filters += [piece.sent for _, piece in limits if piece.sent]
    whole = add_limits(saids, limits, query.text, ",".join(filters))
    days = find_bounds(query)
    bound = _days(days) if days else None
    filters += [bound.sent] if bound else []
    return make_translation(query, whole, (("filter", ",".join(filters)),), bound)


def _by_field(parts: Conjuncts) -> tuple[Conjuncts, Conjuncts]:
    """Return what is looked for in titles alone, and everything else."""
    wanted, unwanted = parts
    titles = tuple(part for part in wanted if _only_titles(part))
    texts = tuple(part for part in wanted if not _only_titles(part))
    no_titles = tuple(part for part in unwanted if titles and _only_titles(part))
    no_texts = tuple(part for part in unwanted if part not in no_titles)
    return Conjuncts(titles, no_titles), Conjuncts(texts, no_texts)


def _only_titles(node: Node) -> bool:
    """Tell whether titles alone are searched for all of a part."""
    return all(
        isinstance(leaf, Term) and field_of(leaf) == "title"
        for leaf in find_leaves(node)
    )


def _limit(leaf: Term | Range) -> Piece:
    """Return what only a filter of its own can ask for; nothing sent when none can."""
    field, _ = known_field(leaf)
    if field in {"datepublication", "electronicpublicationdate"}:
        days = read_days(leaf)
        return _days(days) if days else no_days(leaf)
    if not isinstance(leaf, Term):
        return Piece()
    piece = _either((leaf,))
    return piece if piece.sent or piece.why else _kind(leaf, field)


def _either(leaves: tuple[Term | Range, ...]) -> Piece:
    """Return PMIDs, or DOIs, of which one has to be a work's."""
    pmids = [pmid for leaf in leaves for pmid in find_pmids(leaf)]
    dois = [doi for leaf in leaves if _SAFE_DOI.fullmatch(doi := find_doi(leaf))]
    if pmids and all(map(find_pmids, leaves)):
        named, values = "ids.pmid", pmids
    elif len(dois) == len(leaves):
        named, values = "doi", dois
    else:
        return Piece()
    if len(values) > MOST_VALUES:
        return Piece(why=f"OpenAlex takes at most {MOST_VALUES} of them at once.")
    return Piece(f"{named}:{'|'.join(values)}")


def _kind(leaf: Term, field: str) -> Piece:
    name = re.sub(r"[\s-]+", "", leaf.text.lower())
    if (field == "publicationtype" or find_filter(leaf)) and name in _KINDS:
        return _KINDS[name]
    if field == "language" and name[:3] in LANGUAGES:
        return Piece(f"language:{LANGUAGES[name[:3]]}", True, True, _GUESS, False)
    if field == "authoridentifier" and (orcid := _ORCID.fullmatch(leaf.text)):
        return Piece(f"authorships.author.orcid:{orcid[1].upper()}")
    return Piece()


def _days(days: Days) -> Piece:
    ends = (("from", days.first), ("to", days.last))
    sent = ",".join(f"{name}_publication_date:{day}" for name, day in ends if day)
    return Piece(sent, True, True, _DAY, False)


def _speak_title(leaf: Term | Range) -> Piece:
    return (
        _stems(leaf, say_phrases(leaf, _words)) if isinstance(leaf, Term) else Piece()
    )


def _speak_text(leaf: Term | Range) -> Piece:
    field, unknown = known_field(leaf)
    if isinstance(leaf, Range) or field in DATES:
        why = _ALONE if field == "datepublication" else _NOT_BY_NAME
        return Piece(why=why, subject=False)
    limit = _limit(leaf)
    if limit.sent:
        return Piece(why=_ALONE)
    if field not in FIELDS:
        return Piece(why=_NOT_BY_NAME)
    if field.startswith("mesh"):
        return _heading(leaf, field)
    differs, misses = FIELDS[field]
    piece = _stems(leaf, say_phrases(leaf, _words))
    if not piece.sent:
        return piece
    return changed(piece, f"{unknown} {differs}".strip(), wider=not misses,
                   narrower=misses)  # fmt: skip


def _heading(leaf: Term, field: str) -> Piece:
    heading, _ = split_heading(leaf)
    if heading.strip('"').lower() in CHECK_TAGS:
        return Piece(why="OpenAlex has no MeSH, and texts seldom say so in words.")
    term = Term(leaf.start, leaf.end, heading.replace("-", " "))
    piece = say_phrases(term, _words)
    return changed(piece, FIELDS[field][0], wider=True, narrower=True)


def _stems(leaf: Term, piece: Piece) -> Piece:
    """Say so where a * could not be sent."""
    stems = sum(words.stem for words in read_phrases(leaf))
    if piece.sent and piece.sent.count("*") < stems:
        return changed(piece, "Without its *: only this word is found.", narrower=True)
    return piece


def _words(words: Words) -> str:
    if words.stem:
        word = words.words[0]
        fits = word.isascii() and len(word) >= MIN_STEM
        return f"{word}*" if fits else word
    text = written(words).replace(",", " ")
    return text if text.isalnum() else f'"{text}"'

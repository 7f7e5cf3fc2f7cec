"""Which fields of a record can be searched, in both indexes: one table.

A *level* is what a tag asks for: it looks through one field or several, so that no text
is indexed twice for the sake of a wider tag.
"""

from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["words", "values", "numbers"]


class Field(NamedTuple):
    """One field of the indexes."""

    kind: Kind
    """words: word by word, phrases inside one value. values: whole values, compared
    letter by letter. numbers: whole numbers of 0 or more; days as 20210314."""
    what: str
    """What of a record goes into it."""
    tags: str = ""
    """PubMed's tags that look through it, for people to read."""
    fast: bool = False
    """Of numbers: True when ranges are asked for or records are sorted by it."""


FIELDS: dict[str, Field] = {
    "title": Field("words", "title", "ti tiab tw all"),
    "abstract": Field(
        "words", "abstract, or our own summary where there is none", "tiab tw all"
    ),
    "other_abstract": Field("words", "abstracts in other languages", "tiab tw all"),
    "keyword": Field("words", "keywords", "ot tiab tw all"),
    "subject": Field(
        "words", "population, MeSH headings, chemicals, supplementary concepts",
        "tw all",
    ),
    "label": Field(
        "words", "subheadings, publication types, names as subject, groups, "
        "accession numbers, notes on comments", "tw all",
    ),
    "other": Field(
        "words", "names of persons, journal, book, publisher, grants, identifiers",
        "all",
    ),
    "affiliation": Field("words", "affiliations of authors and investigators",
                         "ad all"),
    "vernacular": Field("words", "title in the original language", "tt all"),
    "coi": Field("words", "conflict-of-interest statement", "cois all"),
    "corporate": Field("words", "groups among authors and investigators", "cn"),
    "grant": Field("words", "grants: number, acronym, agency, country", "gr"),
    "book": Field("words", "title of the book", "book"),
    "publisher": Field("words", "publisher of the book", "pubn"),
    "mesh": Field("values", "headings, and heading/subheading", "mh"),
    "majr": Field(
        "values", "headings, and heading/subheading, that are major topics", "majr"
    ),
    "subheading": Field("values", "subheadings", "sh"),
    "pubtype": Field("values", "publication types", "pt"),
    "substance": Field("values", "chemicals and supplementary concepts", "nm"),
    "registry": Field("values", "registry and EC numbers", "rn"),
    "author": Field("values", 'authors: "smith ja" and "smith, john adam"', "au fau"),
    "first_author": Field("values", "as authors, the first one", "1au"),
    "last_author": Field("values", "as authors, the last one", "lastau"),
    "author_id": Field("values", "identifiers of authors (ORCID)", "auid"),
    "investigator": Field("values", "investigators, as authors", "ir"),
    "person": Field("values", "persons that it is about, as authors", "ps"),
    "editor": Field("values", "editors, as authors", "ed"),
    "journal": Field("values", "title, abbreviation, first ISSN of the journal", "ta"),
    "nlm_id": Field("values", "NLM's id of the journal", "jid"),
    "volume": Field("values", "volume", "vi"),
    "issue": Field("values", "issue", "ip"),
    "page": Field("values", "first page", "pg"),
    "language": Field("values", "codes of the languages", "la"),
    "place": Field("values", "country of the journal", "pl"),
    "accession": Field("values", "data bank, number, and both", "si"),
    "article_id": Field("values", "DOI, PII, PMCID, manuscript id", "aid doi lid"),
    "isbn": Field("values", "ISBN without hyphens", "isbn"),
    "filter": Field("values", "words of PubMed's filters that it passes", "sb"),
    "pmid": Field("numbers", "PMID", "pmid", fast=True),
    "cites": Field("numbers", "PMIDs of its references"),
    "published": Field("numbers", "publication dates", "dp", fast=True),
    "published_late": Field(
        "numbers", "electronic date where it is later than the print date", "dp",
        fast=True,
    ),
    "electronic": Field("numbers", "electronic publication date", "epdat", fast=True),
    "print": Field("numbers", "print publication date", "ppdat", fast=True),
    "entered": Field("numbers", "entry date", "edat", fast=True),
    "created": Field("numbers", "create date", "crdt", fast=True),
    "indexed": Field("numbers", "MeSH date; entry date until indexed", "mhda",
                     fast=True),
    "completed": Field("numbers", "completion date", "dcom", fast=True),
    "revised": Field("numbers", "date of the last revision", "lr", fast=True),
    "day": Field("numbers", "the day by which records are sorted", fast=True),
}  # fmt: skip

WORD_FIELDS = tuple(name for name, field in FIELDS.items() if field.kind == "words")
VALUE_FIELDS = tuple(name for name, field in FIELDS.items() if field.kind == "values")
NUMBER_FIELDS = tuple(n for n, field in FIELDS.items() if field.kind == "numbers")

APART = ("title", "abstract", "other_abstract", "keyword", "affiliation")
"""Fields in which words near each other are asked for: their values are kept so far
apart that none stands near a word of the next."""

RANKED = ("title", "abstract", "keyword", "subject")
"""What records are ranked by, and what a claim's terms are looked for in."""

_TIAB = ("title", "abstract", "other_abstract", "keyword")
_TEXT_WORDS = (*_TIAB, "subject", "label")
LEVELS: dict[str, tuple[str, ...]] = {
    "text": RANKED,
    "tiab": _TIAB,
    "tw": _TEXT_WORDS,
    "all": (*_TEXT_WORDS, "other", "affiliation", "vernacular", "coi"),
}
"""Levels that look through several fields; any other is the field of its name."""

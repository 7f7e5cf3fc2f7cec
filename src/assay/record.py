"""A bibliographic record as a value, with every part that PubMed gives it.

Shapes follow the PubMed DTD (pubmed_250101). Absent text is "", an absent number is
None, absent lists are (). Small parts are named tuples, which are made in a third of
the time of a frozen dataclass: a PubMed file holds half a million of them.
"""

from dataclasses import dataclass
from typing import NamedTuple


class PartialDate(NamedTuple):
    """A date as precise as its source was, e.g. 2021, 2021-03 or 2021-03-14."""

    year: int
    """Four digits; 0 when the source named no year that can be read."""
    month: int = 0
    """1 to 12, or 0 when unknown."""
    day: int = 0
    """1 to 31, or 0 when unknown."""
    precision: str = "year"
    """One of day, month, season, range, year, unknown."""
    origin: str = ""
    """Where it stood: "PubDate", "MedlineDate", "ArticleDate:Electronic",
    "DateCompleted", "DateRevised", "History:entrez", "ContributionDate" …"""
    text: str = ""
    """The source's words where they say more than the numbers ("1998 Dec-1999 Jan")."""


class Section(NamedTuple):
    """One part of an abstract."""

    text: str
    label: str = ""
    """The author's heading, e.g. "RESULTS"; any language and case."""
    category: str = ""
    """NlmCategory: BACKGROUND, OBJECTIVE, METHODS, RESULTS, CONCLUSIONS, UNASSIGNED."""


class OtherAbstract(NamedTuple):
    """An abstract in another language or from another body; never the main one."""

    type: str
    language: str
    sections: tuple[Section, ...]


class Author(NamedTuple):
    """A person (last name and so on) or a group (collective), in the order printed."""

    last_name: str = ""
    fore_name: str = ""
    initials: str = ""
    suffix: str = ""
    collective: str = ""
    affiliations: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    """(source, value), e.g. ("ORCID", "0000-0002-1825-0097")."""
    valid: bool = True
    """False for a name that was corrected away (ValidYN="N")."""


class Qualifier(NamedTuple):
    """A MeSH subheading on a heading."""

    name: str
    ui: str = ""
    major: bool = False


class MeshHeading(NamedTuple):
    """A MeSH descriptor with its qualifiers."""

    descriptor: str
    ui: str = ""
    major: bool = False
    """True when the star is on the descriptor or on any qualifier."""
    qualifiers: tuple[Qualifier, ...] = ()


class Chemical(NamedTuple):
    """A substance that the record is about."""

    name: str
    ui: str = ""
    registry_number: str = ""


class Keyword(NamedTuple):
    """A keyword and who gave it (NOTNLM: the authors)."""

    text: str
    owner: str = ""
    major: bool = False


class Correction(NamedTuple):
    """A link to a notice or to the record it is about (CommentsCorrections)."""

    ref_type: str
    """E.g. "RetractionIn" (of a retracted work), "RetractionOf" (of its notice)."""
    source: str = ""
    pmid: str = ""
    """"" when PubMed names no PMID, which happens for retractions too."""
    note: str = ""
    doi: str = ""
    """Of the other side, in normal form; other services than PubMed name this."""
    when: str = ""
    """ISO date of the notice as far as it is known, e.g. "2021-03"; "" if not told."""
    said_by: str = ""
    """Who says so where the source names it, e.g. "publisher", "retraction-watch"."""


class Link(NamedTuple):
    """A place where the full text may be read by anybody."""

    url: str
    kind: str = ""
    """"pdf", "html" or "page" (a page that leads to it)."""
    version: str = ""
    """"published", "accepted" or "submitted"; "" when not told."""
    licence: str = ""
    """As the source writes it, e.g. "cc-by"."""
    host: str = ""
    """Whose place it is as the source names it: "publisher", "repository" …"""
    said_by: str = ""
    """The service that says so, e.g. "unpaywall"."""


class Accession(NamedTuple):
    """An entry of another data bank, e.g. ("ClinicalTrials.gov", "NCT90000001")."""

    bank: str
    number: str


class Grant(NamedTuple):
    """One grant, any part of which may be missing."""

    number: str = ""
    acronym: str = ""
    agency: str = ""
    country: str = ""


class Reference(NamedTuple):
    """One entry of the reference list, with the ids of the *cited* work."""

    citation: str
    ids: tuple[tuple[str, str], ...] = ()
    """(type, value), e.g. ("pubmed", "90000001")."""


class Identifier(NamedTuple):
    """One id of the record itself."""

    type: str
    """doi, pii, pmc, pubmed, mid, bookaccession …"""
    value: str
    valid: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a study found, in our own words: never the authors' sentences."""

    sentences: tuple[str, ...]
    written_by: str
    written_on: str
    """ISO date."""
    addresses: tuple[str, ...] = ()
    """The pages that were read."""
    notes: str = ""
    """What to doubt about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One publication as one source described it."""

    source: str
    """"pubmed", "starter" …"""
    pmid: str = ""
    version: str = ""
    """PMID version ("1" for nearly all); a versioned article has "2" and more."""
    doi: str = ""
    """Lower case, without a resolver prefix."""
    pmcid: str = ""
    """With the letters, without a version: "PMC1234567"."""
    title: str = ""
    """"" when not recorded: show "[title not recorded]", never a guess."""
    vernacular_title: str = ""
    abstract: tuple[Section, ...] = ()
    other_abstracts: tuple[OtherAbstract, ...] = ()
    copyright: str = ""
    summary: Summary | None = None
    """Stands in for an abstract in the starter library; None once one is known."""
    year: int | None = None
    """Year of publication: of PubDate, else of the earliest known date."""
    dates: tuple[PartialDate, ...] = ()
    """Every date given, each with its origin; PubDate or MedlineDate first."""
    authors: tuple[Author, ...] = ()
    authors_complete: bool = True
    investigators: tuple[Author, ...] = ()
    journal: str = ""
    journal_abbreviation: str = ""
    issn: str = ""
    nlm_id: str = ""
    country: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    languages: tuple[str, ...] = ()
    """Three-letter codes, e.g. ("eng",)."""
    publication_types: tuple[str, ...] = ()
    publication_type_uis: tuple[str, ...] = ()
    """In the same order as `publication_types`."""
    mesh: tuple[MeshHeading, ...] = ()
    chemicals: tuple[Chemical, ...] = ()
    supplementary: tuple[Chemical, ...] = ()
    """Supplementary concepts; `registry_number` holds the type (Disease …)."""
    genes: tuple[str, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    corrections: tuple[Correction, ...] = ()
    accessions: tuple[Accession, ...] = ()
    """Data bank entries, among them trial registrations."""
    grants: tuple[Grant, ...] = ()
    coi: str = ""
    """The authors' conflict-of-interest statement, in their words."""
    identifiers: tuple[Identifier, ...] = ()
    """Ids of this record only (never of its references)."""
    references: tuple[Reference, ...] = ()
    subjects: tuple[str, ...] = ()
    """Persons the article is about."""
    notes: tuple[str, ...] = ()
    """General notes, other ids and space-flight missions, as printed."""
    citation_subsets: tuple[str, ...] = ()
    owner: str = ""
    status: str = ""
    """MedlineCitation status: MEDLINE, Publisher, In-Process …"""
    publication_status: str = ""
    indexing_method: str = ""
    """"" (a person), "Curated", "Automated", "NotIndexed"."""
    book_title: str = ""
    publisher: str = ""
    isbns: tuple[str, ...] = ()
    design_stated: str = ""
    """Study design as a summary's writer recorded it; "" for fetched records."""
    population: str = ""
    """As a summary's writer recorded it; "" for fetched records."""
    sample_size: int | None = None
    """Participants as a summary's writer recorded them."""
    editors: tuple[Author, ...] = ()
    """Of a book: its editors. Of a chapter with authors of its own: the whole book's
    authors and editors."""
    links: tuple[Link, ...] = ()
    """Where its full text is open to all, the best place first."""
    flags: tuple[str, ...] = ()
    """What its source says of it by yes or no, in its words, where it says yes: e.g.
    "is_retracted" (OpenAlex). A fact of that source, without date or notice."""
    given_by: tuple[tuple[str, str], ...] = ()
    """(field, source) of what another source than `source` gave to a merged record."""

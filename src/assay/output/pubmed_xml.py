"""A record as PubMed's XML, valid by NLM's DTD of 2025 (pubmed_250101.dtd).

What `sources/pubmed_xml.py` reads of a record stands here again: a record of PubMed
that is written and read once more is the same. What the DTD demands and a record does
not tell is left empty where the DTD allows that; otherwise it is the least that can be
said (Status "Publisher", PubModel "Print").
"""

from itertools import zip_longest

from assay.output.pubmed_xml_parts import (
    OWNERS,
    abstract_xml,
    article_ids_xml,
    authors_xml,
    chemicals_xml,
    corrections_xml,
    day_xml,
    days_xml,
    grants_xml,
    history_xml,
    investigators_xml,
    keywords_xml,
    location_ids_xml,
    mesh_xml,
    other_abstracts_xml,
    printed_xml,
    references_xml,
    registrations_xml,
    subject_xml,
)
from assay.output.xml_text import around, given, listed, tag
from assay.record import Record

STATUSES = frozenset(
    "Completed In-Process PubMed-not-MEDLINE In-Data-Review Publisher MEDLINE "
    "OLDMEDLINE".split()
)
"""What MedlineCitation@Status may say."""

PROLOG = (
    b'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC '
    b'"-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    b'"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
    b"<PubmedArticleSet>\n"
)
"""What stands before the records of a set."""

END = b"</PubmedArticleSet>\n"
"""What stands after them."""

UNKNOWN_LANGUAGE = "und"
"""MARC's code for a language that is not told."""

_ELECTRONIC = "ArticleDate:Electronic"


def render_article(record: Record) -> bytes:
    """Return a record as a PubmedArticle or PubmedBookArticle element, UTF-8.

    A summary of ours never stands as an abstract. Left out is what the DTD has no
    place for: links, flags, and notices or ids of kinds that it does not know.

    >>> xml = render_article(Record(source="x", pmid="90000001", title="A < B"))
    >>> b"<ArticleTitle>A &lt; B</ArticleTitle>" in xml
    True
    """
    if record.book_title and not record.journal:
        body = _book_document(record) + _data(record, "PubmedBookData")
        return around("PubmedBookArticle", body).encode()
    body = _citation(record) + _data(record, "PubmedData")
    return around("PubmedArticle", body).encode()


def _citation(record: Record) -> str:
    said = {
        "Status": record.status if record.status in STATUSES else "Publisher",
        "Owner": record.owner if record.owner in OWNERS else "NOTNLM",
    }
    if record.indexing_method:
        said["IndexingMethod"] = record.indexing_method
    version = [date for date in record.dates if date.origin == "VersionDate"]
    if version and version[0].day:
        said["VersionDate"] = "{:04}/{:02}/{:02}".format(*version[0][:3])
    journal = (
        given("Country", record.country)
        + tag("MedlineTA", record.journal_abbreviation)
        + given("NlmUniqueID", record.nlm_id)
        + given("ISSNLinking", record.issn)
    )
    inside = (
        _pmid(record)
        + days_xml(record.dates, "DateCompleted")
        + days_xml(record.dates, "DateRevised")
        + around("Article", _article(record), PubModel=_model(record))
        + around("MedlineJournalInfo", journal)
        + chemicals_xml(record)
        + "".join(tag("CitationSubset", text) for text in record.citation_subsets)
        + corrections_xml(record.corrections)
        + listed("GeneSymbolList", _each("GeneSymbol", record.genes))
        + mesh_xml(record.mesh)
        + listed("PersonalNameSubjectList", "".join(map(subject_xml, record.subjects)))
        + other_abstracts_xml(record.other_abstracts)
        + keywords_xml(record.keywords)
        + given("CoiStatement", record.coi)
        + investigators_xml(record.investigators)
        + _notes(record)
    )
    return around("MedlineCitation", inside, **said)


def _article(record: Record) -> str:
    issue = (
        given("Volume", record.volume)
        + given("Issue", record.issue)
        + around("PubDate", printed_xml(record))
    )
    medium = "Internet" if _electronic(record) else "Print"
    journal = around("JournalIssue", issue, CitedMedium=medium)
    journal += given("Title", record.journal)
    places = location_ids_xml(record)
    pages = given("MedlinePgn", record.pages)
    if not (pages or places):
        pages = tag("MedlinePgn", "")  # the DTD wants pages or a place
    return (
        around("Journal", journal)
        + tag("ArticleTitle", record.title)
        + listed("Pagination", pages)
        + places
        + abstract_xml(record.abstract, record.copyright)
        + authors_xml(record.authors, complete=record.authors_complete)
        + _each("Language", record.languages or (UNKNOWN_LANGUAGE,))
        + registrations_xml(record.accessions)
        + grants_xml(record.grants)
        + around("PublicationTypeList", _types(record) or _type("", ""))
        + given("VernacularTitle", record.vernacular_title)
        + "".join(
            around("ArticleDate", day_xml(date), DateType="Electronic")
            for date in record.dates
            if date.origin == _ELECTRONIC and date.day
        )
    )


def _book_document(record: Record) -> str:
    chapter = record.title != record.book_title
    inside = (
        _pmid(record)
        + around("ArticleIdList", article_ids_xml(record, own=True))
        + around("Book", _book(record, chapter=chapter))
        + (given("ArticleTitle", record.title) if chapter else "")
        + given("VernacularTitle", record.vernacular_title)
        + listed("Pagination", given("MedlinePgn", record.pages))
        + _each("Language", record.languages)
        + (authors_xml(record.authors, complete=True) if chapter else "")
        + _types(record)
        + abstract_xml(record.abstract, record.copyright)
        + keywords_xml(record.keywords)
        + _days_of(record, "ContributionDate")
        + days_xml(record.dates, "DateRevised")
        + grants_xml(record.grants)
        + references_xml(record.references)
    )
    return around("BookDocument", inside)


def _book(record: Record, *, chapter: bool) -> str:
    people = record.editors if chapter else record.authors
    return (
        around("Publisher", tag("PublisherName", record.publisher))
        + tag("BookTitle", record.book_title)
        + around("PubDate", printed_xml(record))
        + _days_of(record, "BeginningDate")
        + _days_of(record, "EndingDate")
        + authors_xml(people, complete=record.authors_complete)
        + ("" if chapter else authors_xml(record.editors, kind="editors"))
        + investigators_xml(record.investigators)
        + given("Volume", record.volume)
        + _each("Isbn", record.isbns)
    )


def _data(record: Record, name: str) -> str:
    inside = (
        history_xml(record.dates)
        + tag("PublicationStatus", record.publication_status)
        + around("ArticleIdList", article_ids_xml(record))
    )
    if name == "PubmedData":
        inside += references_xml(record.references)
    return around(name, inside)


def _pmid(record: Record) -> str:
    return tag("PMID", record.pmid, Version=record.version or "1")


def _types(record: Record) -> str:
    types, uis = record.publication_types, record.publication_type_uis
    pairs = zip_longest(types, uis[: len(types)], fillvalue="")
    return "".join(_type(name, ui) for name, ui in pairs)


def _type(name: str, ui: str) -> str:
    return tag("PublicationType", name, UI=ui)


def _each(name: str, texts: tuple[str, ...]) -> str:
    return "".join(tag(name, text) for text in texts)


def _notes(record: Record) -> str:
    """Return PubMed's own notes; those of other services are no note of NLM's."""
    own = record.notes if record.source == "pubmed" else ()
    return _each("GeneralNote", own)


def _days_of(record: Record, name: str) -> str:
    return days_xml(record.dates, name, whole=False)


def _electronic(record: Record) -> bool:
    return any(date.origin == _ELECTRONIC for date in record.dates)


def _model(record: Record) -> str:
    if not _electronic(record):
        return "Print"
    return "Print-Electronic" if record.pages else "Electronic"

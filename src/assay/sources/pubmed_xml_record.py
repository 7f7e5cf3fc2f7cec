"""One PubmedArticle or PubmedBookArticle element in, one `Record` out.

A table names, for each element, what becomes of it; whatever stands in no table is
skipped. So the tables are the list of all that is read. Not kept, for want of anybody
who asked: times of day, ids of institutions, EqualContrib, PubModel, IssnType,
CitedMedium, AutoHM, ObjectList, the headings of reference lists and of book sections.
"""

from collections.abc import Callable
from typing import Any

from lxml import etree

from assay.dates import parse_iso_date
from assay.ids import normal_doi, normal_pmcid
from assay.record import Identifier, PartialDate, Record
from assay.sources.pubmed_xml_parts import (
    accessions_of,
    article_id_of,
    chemical_of,
    correction_of,
    date_of,
    element_text,
    grant_of,
    keywords_of,
    location_id_of,
    mesh_of,
    other_abstract_of,
    pages_of,
    person_of,
    reference_of,
    section_of,
    subject_of,
    supplementary_of,
)

Fields = dict[str, Any]
"""The fields of the record that is being read, by name."""

Action = Callable[[etree._Element, Fields], None]
Table = dict[str, Action]


def read_article(element: etree._Element) -> Record:
    """Return the record of a PubmedArticle or PubmedBookArticle.

    Never fails: what is missing is empty. See `find_doubt` for what makes it useless.
    """
    fields: Fields = {}
    _read_parts(element, fields, TOP)
    return _finish(fields)


def find_doubt(record: Record) -> str:
    """Return why a record must not be used, or "".

    A record without a PMID cannot be named; one whose own article ids name another
    PMID was put together from two by damage on the way.

    >>> find_doubt(Record(source="pubmed", title="T"))
    'it has no PMID'
    """
    if not record.pmid:
        return "it has no PMID"
    own = [id_.value for id_ in record.identifiers if id_.type == "pubmed"]
    if own and record.pmid not in own:
        return "its PMID is not the one among its own article ids"
    return ""


def _read_parts(element: etree._Element, fields: Fields, table: Table) -> None:
    for part in element:
        if action := table.get(part.tag):
            action(part, fields)


def _finish(fields: Fields) -> Record:
    """Return the record, with what follows from more than one element."""
    book_authors = fields.pop("book_authors", ())
    if "authors" in fields:
        fields["editors"] = book_authors + fields.get("editors", ())
    else:
        fields["authors"] = book_authors
    if not fields.get("title"):
        fields["title"] = fields.get("book_title", "")
        fields["identifiers"] = fields.get("identifiers", ()) + fields.get(
            "book_ids", ()
        )
    fields.pop("book_ids", None)
    identifiers = tuple(dict.fromkeys(fields.get("identifiers", ())))
    fields["identifiers"] = identifiers
    fields["doi"] = _first_doi(identifiers)
    fields["pmcid"] = _first_pmcid(identifiers)
    fields["year"] = _year(fields.get("dates", ()))
    return Record(source="pubmed", **fields)


def _first_doi(identifiers: tuple[Identifier, ...]) -> str:
    """Return the DOI: a valid ELocationID's, which stand first, else an ArticleId's."""
    for id_ in identifiers:
        if id_.type == "doi" and id_.valid and (doi := normal_doi(id_.value)):
            return doi
    return ""


def _first_pmcid(identifiers: tuple[Identifier, ...]) -> str:
    for id_ in identifiers:
        if id_.type in {"pmc", "pmcid"} and (pmcid := normal_pmcid(id_.value)):
            return pmcid
    return ""


def _year(dates: tuple[PartialDate, ...]) -> int | None:
    """Return the year of the first date, which is PubDate, else the earliest year."""
    if dates and dates[0].year:
        return dates[0].year
    return min((date.year for date in dates if date.year), default=None)


# --- what can become of an element ---------------------------------------------------


def _inside(table: Table) -> Action:
    """Read the element's children by another table."""

    def action(element: etree._Element, fields: Fields) -> None:
        _read_parts(element, fields, table)

    return action


def _text(field: str) -> Action:
    """Set a field to the element's text unless an earlier element set it."""

    def action(element: etree._Element, fields: Fields) -> None:
        if not fields.get(field):
            fields[field] = element_text(element)

    return action


def _one(field: str, read: Callable[[etree._Element], object]) -> Action:
    """Append the element's value to a field."""

    def action(element: etree._Element, fields: Fields) -> None:
        fields[field] = (*fields.get(field, ()), read(element))

    return action


def _each(field: str, read: Callable[[etree._Element], object]) -> Action:
    """Append the value of each of the element's children to a field."""

    def action(element: etree._Element, fields: Fields) -> None:
        values = tuple([read(child) for child in element])
        fields[field] = fields.get(field, ()) + values

    return action


def _many(field: str, read: Callable[[etree._Element], tuple[Any, ...]]) -> Action:
    """Append all the values that the element gives to a field."""

    def action(element: etree._Element, fields: Fields) -> None:
        fields[field] = fields.get(field, ()) + read(element)

    return action


def _date(origin: str, attribute: str = "") -> Action:
    """Append a date; the origin may be completed by an attribute."""

    def action(element: etree._Element, fields: Fields) -> None:
        name = f"{origin}:{element.get(attribute, '')}" if attribute else origin
        fields["dates"] = (*fields.get("dates", ()), date_of(element, name))

    return action


def _note(name: str = "") -> Action:
    """Append the element's text to the notes, after the name of what it is."""

    def action(element: etree._Element, fields: Fields) -> None:
        label = name or element.get("Source") or element.get("Type") or ""
        text = ": ".join(filter(None, (label, element_text(element))))
        fields["notes"] = (*fields.get("notes", ()), text)

    return action


def _pub_date(element: etree._Element, fields: Fields) -> None:
    """Put the date of publication before all other dates."""
    fields["dates"] = (date_of(element, "PubDate"), *fields.get("dates", ()))


def _pmid(element: etree._Element, fields: Fields) -> None:
    fields["pmid"] = element_text(element)
    fields["version"] = element.get("Version", "")


def _citation(element: etree._Element, fields: Fields) -> None:
    fields["status"] = element.get("Status", "")
    fields["owner"] = element.get("Owner", "NLM")
    fields["indexing_method"] = element.get("IndexingMethod", "")
    if date := element.get("VersionDate"):
        fields["dates"] = (parse_iso_date(date, "VersionDate"),)
    _read_parts(element, fields, CITATION)


def _pages(element: etree._Element, fields: Fields) -> None:
    fields["pages"] = pages_of(element)


def _abstract(element: etree._Element, fields: Fields) -> None:
    sections = [section_of(part) for part in element.iterchildren("AbstractText")]
    fields["abstract"] = tuple([s for s in sections if s.text or s.label])
    for part in element.iterchildren("CopyrightInformation"):
        fields["copyright"] = element_text(part)


def _other_abstract(element: etree._Element, fields: Fields) -> None:
    other = other_abstract_of(element)
    fields["other_abstracts"] = (*fields.get("other_abstracts", ()), other)
    for part in element.iterchildren("CopyrightInformation"):
        fields.setdefault("copyright", element_text(part))


def _authors(field: str) -> Action:
    """Append an AuthorList to a field, or to the editors when it says so."""

    def action(element: etree._Element, fields: Fields) -> None:
        people = tuple([person_of(person) for person in element])
        name = "editors" if element.get("Type") == "editors" else field
        fields[name] = fields.get(name, ()) + people
        if element.get("CompleteYN") == "N":
            fields["authors_complete"] = False

    return action


def _publication_type(element: etree._Element, fields: Fields) -> None:
    types, uis = "publication_types", "publication_type_uis"
    fields[types] = (*fields.get(types, ()), element_text(element))
    fields[uis] = (*fields.get(uis, ()), element.get("UI", ""))


def _publication_types(element: etree._Element, fields: Fields) -> None:
    for part in element:
        _publication_type(part, fields)


def _references(element: etree._Element, fields: Fields) -> None:
    """Append the references of a list and of the lists nested in it."""
    found = tuple([reference_of(part) for part in element.iter("Reference")])
    fields["references"] = fields.get("references", ()) + found


def _publisher(element: etree._Element, fields: Fields) -> None:
    names = [element_text(part) for part in element]
    fields["publisher"] = ", ".join(filter(None, names))


def _items(element: etree._Element, fields: Fields) -> None:
    items = "; ".join(element_text(item) for item in element)
    note = f"{element.get('ListType', 'Items')}: {items}"
    fields["notes"] = (*fields.get("notes", ()), note)


# --- the tables ----------------------------------------------------------------------

DATA: Table = {
    "History": _inside({"PubMedPubDate": _date("History", "PubStatus")}),
    "PublicationStatus": _text("publication_status"),
    "ArticleIdList": _each("identifiers", article_id_of),
    "ReferenceList": _references,
}

TEXT: Table = {
    "ArticleTitle": _text("title"),
    "VernacularTitle": _text("vernacular_title"),
    "Pagination": _pages,
    "Abstract": _abstract,
    "AuthorList": _authors("authors"),
    "Language": _one("languages", element_text),
    "GrantList": _each("grants", grant_of),
}
"""What an Article and a BookDocument have in common."""

FRAME: Table = {
    "PMID": _pmid,
    "DateRevised": _date("DateRevised"),
    "InvestigatorList": _each("investigators", person_of),
    "KeywordList": _many("keywords", keywords_of),
}
"""What a MedlineCitation and a BookDocument have in common."""

ISSUE: Table = {
    "Volume": _text("volume"),
    "Issue": _text("issue"),
    "PubDate": _pub_date,
}

JOURNAL: Table = {
    "ISSN": _text("issn"),
    "JournalIssue": _inside(ISSUE),
    "Title": _text("journal"),
    "ISOAbbreviation": _text("journal_abbreviation"),
}

ARTICLE: Table = TEXT | {
    "Journal": _inside(JOURNAL),
    "ELocationID": _one("identifiers", location_id_of),
    "DataBankList": _inside({"DataBank": _many("accessions", accessions_of)}),
    "PublicationTypeList": _publication_types,
    "ArticleDate": _date("ArticleDate", "DateType"),
}

JOURNAL_INFO: Table = {
    "Country": _text("country"),
    "MedlineTA": _text("journal_abbreviation"),
    "NlmUniqueID": _text("nlm_id"),
    "ISSNLinking": _text("issn"),
}

CITATION: Table = FRAME | {
    "DateCompleted": _date("DateCompleted"),
    "Article": _inside(ARTICLE),
    "MedlineJournalInfo": _inside(JOURNAL_INFO),
    "ChemicalList": _each("chemicals", chemical_of),
    "SupplMeshList": _each("supplementary", supplementary_of),
    "CitationSubset": _one("citation_subsets", element_text),
    "CommentsCorrectionsList": _each("corrections", correction_of),
    "GeneSymbolList": _each("genes", element_text),
    "MeshHeadingList": _each("mesh", mesh_of),
    "PersonalNameSubjectList": _each("subjects", subject_of),
    "OtherID": _note(),
    "OtherAbstract": _other_abstract,
    "CoiStatement": _text("coi"),
    "SpaceFlightMission": _note(),
    "GeneralNote": _note(),
}

BOOK: Table = ISSUE | {
    "Publisher": _publisher,
    "BookTitle": _text("book_title"),
    "BeginningDate": _date("BeginningDate"),
    "EndingDate": _date("EndingDate"),
    "AuthorList": _authors("book_authors"),
    "InvestigatorList": _each("investigators", person_of),
    "VolumeTitle": _note("Volume title"),
    "Edition": _note("Edition"),
    "CollectionTitle": _note("Collection"),
    "Isbn": _one("isbns", element_text),
    "ELocationID": _one("book_ids", location_id_of),
    "Medium": _note("Medium"),
    "ReportNumber": _note("Report number"),
}

BOOK_DOCUMENT: Table = (
    TEXT
    | FRAME
    | {
        "ArticleIdList": _each("identifiers", article_id_of),
        "Book": _inside(BOOK),
        "LocationLabel": _note(),
        "PublicationType": _publication_type,
        "ContributionDate": _date("ContributionDate"),
        "ItemList": _items,
        "ReferenceList": _references,
    }
)

TOP: Table = {
    "MedlineCitation": _citation,
    "PubmedData": _inside(DATA),
    "BookDocument": _inside(BOOK_DOCUMENT),
    "PubmedBookData": _inside(DATA),
}

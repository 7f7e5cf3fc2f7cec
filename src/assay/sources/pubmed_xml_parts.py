"""The small parts of a PubMed record: one XML element in, one value out.

Element names and their children are those of NLM's pubmed_250101.dtd.
"""

from lxml import etree

from assay.dates import parse_date, parse_date_text
from assay.record import (
    Accession,
    Author,
    Chemical,
    Correction,
    Grant,
    Identifier,
    Keyword,
    MeshHeading,
    OtherAbstract,
    PartialDate,
    Qualifier,
    Reference,
    Section,
)
from assay.text import fold


def element_text(element: etree._Element) -> str:
    """Return all text inside an element, mark-up dropped, white space folded."""
    if len(element):
        return fold(
            etree.tostring(element, method="text", encoding="unicode", with_tail=False)
        )
    text: str = element.text or ""
    # To see that there is nothing to fold takes a third of the time of folding: of all
    # white space only the blank is printable.
    if text.isprintable() and "  " not in text:
        return text.strip()
    return fold(text)


def child_texts(element: etree._Element) -> dict[str, str]:
    """Return the text of each child under its tag; the last one of a tag wins."""
    return {child.tag: element_text(child) for child in element}


def date_of(element: etree._Element, origin: str) -> PartialDate:
    """Return the date in Year, Month, Day, Season, or in MedlineDate."""
    year = month = day = season = ""
    for part in element:
        match part.tag:
            case "Year":
                year = part.text or ""
            case "Month":
                month = part.text or ""
            case "Day":
                day = part.text or ""
            case "Hour":  # then comes Minute, and neither is kept
                break
            case "Season":
                season = part.text or ""
            case "MedlineDate":
                return parse_date_text(part.text or "", "MedlineDate")
    return parse_date(year, month, day, season, origin)


def section_of(element: etree._Element) -> Section:
    """Return one AbstractText."""
    get = element.get
    return Section(element_text(element), get("Label", ""), get("NlmCategory", ""))


def other_abstract_of(element: etree._Element) -> OtherAbstract:
    """Return an OtherAbstract with its sections."""
    return OtherAbstract(
        element.get("Type", ""),
        element.get("Language", "eng"),
        tuple([section_of(part) for part in element.iterchildren("AbstractText")]),
    )


def person_of(element: etree._Element) -> Author:
    """Return an Author or Investigator: a person, or a group by its CollectiveName."""
    last = fore = initials = suffix = group = ""
    affiliations: list[str] = []
    identifiers: list[tuple[str, str]] = []
    for part in element:
        match part.tag:
            case "LastName":
                last = element_text(part)
            case "ForeName":
                fore = element_text(part)
            case "Initials":
                initials = element_text(part)
            case "AffiliationInfo":
                affiliations += [
                    element_text(p) for p in part if p.tag == "Affiliation"
                ]
            case "Identifier":
                identifiers.append((part.get("Source", ""), element_text(part)))
            case "Suffix":
                suffix = element_text(part)
            case "CollectiveName":
                group = element_text(part)
    return Author(
        last,
        fore,
        initials,
        suffix,
        group,
        tuple(affiliations),
        tuple(identifiers),
        element.get("ValidYN") != "N",
    )


def subject_of(element: etree._Element) -> str:
    """Return the name of a PersonalNameSubject: fore name, last name, suffix."""
    names = child_texts(element)
    first = names.get("ForeName") or names.get("Initials", "")
    return " ".join(filter(None, (first, names.get("LastName"), names.get("Suffix"))))


def mesh_of(element: etree._Element) -> MeshHeading:
    """Return a MeshHeading; it is major when any part of it carries the star."""
    name = ui = ""
    major = False
    qualifiers: list[Qualifier] = []
    for part in element:
        starred = part.get("MajorTopicYN") == "Y"
        major = major or starred
        if part.tag == "QualifierName":
            qualifiers.append(
                Qualifier(element_text(part), part.get("UI", ""), starred)
            )
        elif part.tag == "DescriptorName":
            name, ui = element_text(part), part.get("UI", "")
    return MeshHeading(name, ui, major, tuple(qualifiers))


def chemical_of(element: etree._Element) -> Chemical:
    """Return a Chemical; RegistryNumber "0" means that it has none."""
    name = ui = number = ""
    for part in element:
        if part.tag == "NameOfSubstance":
            name, ui = element_text(part), part.get("UI", "")
        elif part.tag == "RegistryNumber":
            number = element_text(part)
    return Chemical(name, ui, "" if number == "0" else number)


def supplementary_of(element: etree._Element) -> Chemical:
    """Return a SupplMeshName with its Type (Disease, Protocol, Organism …)."""
    return Chemical(
        element_text(element), element.get("UI", ""), element.get("Type", "")
    )


def keywords_of(element: etree._Element) -> tuple[Keyword, ...]:
    """Return the keywords of a KeywordList, which names their owner."""
    owner = element.get("Owner", "NLM")
    return tuple(
        [
            Keyword(element_text(part), owner, part.get("MajorTopicYN") == "Y")
            for part in element
        ]
    )


def correction_of(element: etree._Element) -> Correction:
    """Return a CommentsCorrections entry, whatever its RefType."""
    parts = child_texts(element)
    return Correction(
        element.get("RefType", ""),
        parts.get("RefSource", ""),
        parts.get("PMID", ""),
        parts.get("Note", ""),
    )


def accessions_of(element: etree._Element) -> tuple[Accession, ...]:
    """Return a DataBank's entries; a bank without any gives one without a number."""
    bank = ""
    numbers: list[str] = []
    for part in element:
        if part.tag == "DataBankName":
            bank = element_text(part)
        elif part.tag == "AccessionNumberList":
            numbers += [element_text(number) for number in part]
    return tuple(Accession(bank, number) for number in numbers or [""])


def grant_of(element: etree._Element) -> Grant:
    """Return a Grant."""
    parts = child_texts(element)
    return Grant(
        parts.get("GrantID", ""),
        parts.get("Acronym", ""),
        parts.get("Agency", ""),
        parts.get("Country", ""),
    )


def location_id_of(element: etree._Element) -> Identifier:
    """Return an ELocationID."""
    return Identifier(
        element.get("EIdType", ""), element_text(element), element.get("ValidYN") != "N"
    )


def article_id_of(element: etree._Element) -> Identifier:
    """Return an ArticleId; PubMed leaves out the type of a PMID."""
    return Identifier(element.get("IdType", "pubmed"), element_text(element))


def reference_of(element: etree._Element) -> Reference:
    """Return a Reference; its ids are those of the work cited, never the record's."""
    citation = ""
    ids: list[tuple[str, str]] = []
    for part in element:
        if part.tag == "Citation":
            citation = element_text(part)
        elif part.tag == "ArticleIdList":
            ids += [(id_.get("IdType", "pubmed"), element_text(id_)) for id_ in part]
    return Reference(citation, tuple(ids))


def pages_of(element: etree._Element) -> str:
    """Return the pages of a Pagination as MEDLINE prints them, e.g. "187-94"."""
    parts = child_texts(element)
    if pages := parts.get("MedlinePgn"):
        return pages
    ends = (parts.get("StartPage"), parts.get("EndPage"))
    return "-".join(filter(None, ends))

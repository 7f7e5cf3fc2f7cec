"""The parts of a PubMed record as XML, each as pubmed_250101.dtd has it.

What a list of the DTD does not know (a kind of id, of notice, of abstract) is left out
or takes the nearest name that the DTD knows; every function says which.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from assay.output.xml_text import around, given, listed, tag
from assay.record import (
    Accession,
    Author,
    Correction,
    Grant,
    Identifier,
    Keyword,
    MeshHeading,
    OtherAbstract,
    PartialDate,
    Record,
    Reference,
    Section,
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


OWNERS = _set("NLM NASA PIP KIE HSR HMD NOTNLM")
"""What MedlineCitation@Owner may say."""

_CATEGORIES = _set("BACKGROUND OBJECTIVE METHODS RESULTS CONCLUSIONS UNASSIGNED")
ID_TYPES = _set(
    "doi pii pmcpid pmpid pmc mid sici pubmed medline pmcid pmcbook bookaccession"
)
"""What ArticleId@IdType may say."""

_REF_TYPES = _set(
    """
    AssociatedDataset AssociatedPublication CommentIn CommentOn
    CorrectedandRepublishedIn CorrectedandRepublishedFrom ErratumIn ErratumFor
    ExpressionOfConcernIn ExpressionOfConcernFor RepublishedIn RepublishedFrom
    RetractedandRepublishedIn RetractedandRepublishedFrom RetractionIn RetractionOf
    UpdateIn UpdateOf SummaryForPatientsIn OriginalReportIn ReprintIn ReprintOf Cites
    """
)
_KEYWORD_OWNERS = _set("NLM NLM-AUTO NASA PIP KIE NOTNLM HHS")
_ABSTRACT_TYPES = _set("AAMC AIDS KIE PIP NASA Publisher plain-language-summary")
_SUPPLEMENTS = _set("Disease Protocol Organism Anatomy Population")
_STATES = _set(
    """
    received accepted epublish ppublish revised aheadofprint retracted ecollection pmc
    pmcr pubmed pubmedr premedline medline medliner entrez pmc-release
    """
)
_MONTHS = dict(enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1))


# --- dates ---------------------------------------------------------------------------


def day_xml(date: PartialDate) -> str:
    """Return a date as Year, Month and Day in figures, as far as they are known.

    >>> day_xml(PartialDate(2021, 3))
    '<Year>2021</Year><Month>03</Month>'
    """
    month = tag("Month", f"{date.month:02}") if date.month else ""
    day = tag("Day", f"{date.day:02}") if date.month and date.day else ""
    return tag("Year", f"{date.year:04}") + month + day


def days_xml(dates: Iterable[PartialDate], origin: str, *, whole: bool = True) -> str:
    """Return the dates of an origin, under its name; only whole ones, if so wanted."""
    return "".join(
        around(origin, day_xml(date))
        for date in dates
        if date.origin == origin and date.year and (date.day or not whole)
    )


def printed_xml(record: Record) -> str:
    """Return the inside of PubDate: the first date, else the year of publication.

    >>> printed_xml(Record(source="x", year=2021))
    '<Year>2021</Year>'
    """
    first = next(iter(record.dates), PartialDate(record.year or 0))
    if not (first.year or first.text):
        first = PartialDate(record.year or 0)
    if first.origin == "MedlineDate" or not first.year:
        return tag("MedlineDate", first.text)
    if first.precision == "season":
        season = first.text.replace(str(first.year), "", 1).strip()
        return tag("Year", first.year) + given("Season", season)
    if first.text:
        return tag("MedlineDate", first.text)
    month = _MONTHS.get(first.month, "")
    day = f"{first.day:02}" if month and first.day else ""
    return tag("Year", first.year) + given("Month", month) + given("Day", day)


def history_xml(dates: Iterable[PartialDate]) -> str:
    """Return the History of a record; without one, "". Times of day are not known."""
    inside = "".join(
        around("PubMedPubDate", day_xml(date), PubStatus=state)
        for date in dates
        if date.day and (state := date.origin.removeprefix("History:")) in _STATES
    )
    return listed("History", inside)


# --- people --------------------------------------------------------------------------


def authors_xml(
    people: Sequence[Author], *, complete: bool = True, kind: str = ""
) -> str:
    """Return an AuthorList, or "" of nobody."""
    said = {"CompleteYN": "Y" if complete else "N", **({"Type": kind} if kind else {})}
    return listed("AuthorList", "".join(map(_author, people)), **said)


def investigators_xml(people: Sequence[Author]) -> str:
    """Return an InvestigatorList, or "" of nobody."""
    inside = "".join(
        around("Investigator", _person(p, p.last_name or p.collective), **_valid(p))
        for p in people
    )
    return listed("InvestigatorList", inside)


def subject_xml(name: str) -> str:
    """Return a PersonalNameSubject: the last word of a name is its last name."""
    first, _, last = name.rpartition(" ")
    inside = tag("LastName", last) + given("ForeName", first)
    return around("PersonalNameSubject", inside)


def _author(author: Author) -> str:
    if author.last_name:
        return around("Author", _person(author, author.last_name), **_valid(author))
    group = tag("CollectiveName", author.collective or author.fore_name)
    return around("Author", group + _known_by(author), **_valid(author))


def _person(person: Author, last: str) -> str:
    names = (
        ("ForeName", person.fore_name),
        ("Initials", person.initials),
        ("Suffix", person.suffix),
    )
    given_names = "".join(given(name, text) for name, text in names)
    return tag("LastName", last) + given_names + _known_by(person)


def _known_by(person: Author) -> str:
    ids = "".join(tag("Identifier", v, Source=kind) for kind, v in person.identifiers)
    places = (tag("Affiliation", place) for place in person.affiliations)
    return ids + "".join(around("AffiliationInfo", place) for place in places)


def _valid(author: Author) -> dict[str, str]:
    return {"ValidYN": "Y" if author.valid else "N"}


# --- text ----------------------------------------------------------------------------


def abstract_xml(sections: Sequence[Section], rights: str = "") -> str:
    """Return an Abstract, or "" without one; then its rights have no place either."""
    texts = "".join(map(_section, sections))
    return listed("Abstract", texts and texts + given("CopyrightInformation", rights))


def other_abstracts_xml(abstracts: Iterable[OtherAbstract]) -> str:
    """Return every OtherAbstract; one of an unknown type is the publisher's."""
    return "".join(
        listed(
            "OtherAbstract",
            "".join(map(_section, abstract.sections)),
            Type=abstract.type if abstract.type in _ABSTRACT_TYPES else "Publisher",
            Language=abstract.language,
        )
        for abstract in abstracts
    )


def _section(section: Section) -> str:
    said = {"Label": section.label} if section.label else {}
    if section.category in _CATEGORIES:
        said["NlmCategory"] = section.category
    return tag("AbstractText", section.text, **said)


def keywords_xml(keywords: Iterable[Keyword]) -> str:
    """Return a KeywordList for each owner in turn; an unknown owner is NOTNLM."""
    lists = ""
    for owner, group in groupby(keywords, lambda keyword: keyword.owner):
        known = owner if owner in _KEYWORD_OWNERS else "NOTNLM"
        inside = "".join(
            tag("Keyword", k.text, MajorTopicYN=_yes(k.major)) for k in group
        )
        lists += around("KeywordList", inside, Owner=known)
    return lists


# --- what it is about ----------------------------------------------------------------


def mesh_xml(headings: Iterable[MeshHeading]) -> str:
    """Return the MeshHeadingList, or "" without headings."""
    return listed("MeshHeadingList", "".join(map(_heading, headings)))


def _heading(heading: MeshHeading) -> str:
    star = heading.major and not any(q.major for q in heading.qualifiers)
    said = {"UI": heading.ui, "MajorTopicYN": _yes(star)}
    inside = tag("DescriptorName", heading.descriptor, **said)
    for each in heading.qualifiers:
        said = {"UI": each.ui, "MajorTopicYN": _yes(each.major)}
        inside += tag("QualifierName", each.name, **said)
    return around("MeshHeading", inside)


def chemicals_xml(record: Record) -> str:
    """Return ChemicalList and SupplMeshList; a concept of no known type is a chemical.

    "0" stands for a substance without a registry number, as NLM writes it.
    """
    known = [c for c in record.supplementary if c.registry_number in _SUPPLEMENTS]
    others = [c for c in record.supplementary if c not in known]
    substances = "".join(
        around(
            "Chemical",
            tag("RegistryNumber", c.registry_number or "0")
            + tag("NameOfSubstance", c.name, UI=c.ui),
        )
        for c in (*record.chemicals, *others)
    )
    names = "".join(
        tag("SupplMeshName", c.name, Type=c.registry_number, UI=c.ui) for c in known
    )
    return listed("ChemicalList", substances) + listed("SupplMeshList", names)


# --- what it is tied to --------------------------------------------------------------


def corrections_xml(corrections: Iterable[Correction]) -> str:
    """Return the CommentsCorrectionsList of the kinds that the DTD knows.

    A notice that is known by its DOI only has it behind its source.
    """
    inside = "".join(
        around("CommentsCorrections", _notice(link), RefType=link.ref_type)
        for link in corrections
        if link.ref_type in _REF_TYPES
    )
    return listed("CommentsCorrectionsList", inside)


def _notice(link: Correction) -> str:
    doi = f"doi: {link.doi}" if link.doi and link.doi not in link.source else ""
    source = tag("RefSource", " ".join(filter(None, (link.source, doi))))
    pmid = tag("PMID", link.pmid, Version="1") if link.pmid else ""
    return source + pmid + given("Note", link.note)


def registrations_xml(accessions: Iterable[Accession]) -> str:
    """Return the DataBankList, or "" without entries."""
    banks = ""
    for bank, group in groupby(accessions, lambda entry: entry.bank):
        numbers = "".join(tag("AccessionNumber", e.number) for e in group if e.number)
        inside = tag("DataBankName", bank) + listed("AccessionNumberList", numbers)
        banks += around("DataBank", inside)
    return listed("DataBankList", banks, CompleteYN="Y")


def grants_xml(grants: Iterable[Grant]) -> str:
    """Return the GrantList, or "" without grants."""
    inside = "".join(
        around(
            "Grant",
            given("GrantID", grant.number)
            + given("Acronym", grant.acronym)
            + tag("Agency", grant.agency)
            + given("Country", grant.country),
        )
        for grant in grants
    )
    return listed("GrantList", inside, CompleteYN="Y")


def location_ids_xml(record: Record) -> str:
    """Return the ELocationIDs: the DOIs and publisher's items before all other ids."""
    found = list(_placed(record.identifiers))
    if record.doi and not any(each.type == "doi" for each in record.identifiers):
        found.insert(0, Identifier("doi", record.doi))
    return "".join(
        tag("ELocationID", e.value, EIdType=e.type, ValidYN=_yes(e.valid))
        for e in found
    )


def article_ids_xml(record: Record, *, own: bool = False) -> str:
    """Return the record's ids, its PMID among them; with `own` a book document's."""
    placed = tuple(_placed(record.identifiers))
    named = dict.fromkeys(i for i in record.identifiers if i.valid)
    if own:
        named = dict.fromkeys([*placed, *named])
    for kind, value in (
        ("pubmed", record.pmid),
        ("doi", record.doi),
        ("pmc", record.pmcid),
    ):
        if value and not any(i.type == kind for i in named):
            named[Identifier(kind, value)] = None
    return "".join(
        tag("ArticleId", i.value, IdType=i.type) for i in named if i.type in ID_TYPES
    )


def _placed(identifiers: Iterable[Identifier]) -> Iterable[Identifier]:
    for each in identifiers:
        if each.type not in {"doi", "pii"}:
            return
        yield each


def references_xml(references: Iterable[Reference]) -> str:
    """Return the ReferenceList, or "" without one."""
    return listed("ReferenceList", "".join(map(_reference, references)))


def _reference(reference: Reference) -> str:
    ids = "".join(
        tag("ArticleId", value, IdType=kind)
        for kind, value in reference.ids
        if kind in ID_TYPES
    )
    inside = tag("Citation", reference.citation) + listed("ArticleIdList", ids)
    return around("Reference", inside)


def _yes(truth: bool) -> str:
    return "Y" if truth else "N"

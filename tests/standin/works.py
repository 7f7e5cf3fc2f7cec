"""A record of the stand-in as plain facts, for services with other shapes than XML."""

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree

from tests.standin.days import read_day
from tests.standin.records import Row, parse_element, text_of

FIRST = 90_000_000
"""Numbers of invented records are counted from here in ids of other services."""


@dataclass(slots=True)
class Person:
    """An author: a person, or a group."""

    last: str = ""
    fore: str = ""
    initials: str = ""
    group: str = ""
    places: tuple[str, ...] = ()
    orcid: str = ""

    @property
    def short(self) -> str:
        """As in "Roe RB"."""
        return self.group or f"{self.last} {self.initials}".strip()


@dataclass(slots=True)
class Work:
    """What a record says, read once."""

    pmid: int
    title: str = ""
    sections: list[tuple[str, str]] = field(default_factory=list)
    """(label, text); the label may be ""."""
    people: list[Person] = field(default_factory=list)
    doi: str = ""
    pmc: str = ""
    journal: str = ""
    abbreviation: str = ""
    issn: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    language: str = "eng"
    printed: str = ""
    """The date as PubMed prints it, e.g. "2024 Mar 12"."""
    day: int = 0
    """Of publication, as 20240312."""
    created: int = 0
    types: list[str] = field(default_factory=list)
    headings: list[tuple[str, bool, list[tuple[str, bool]]]] = field(
        default_factory=list
    )
    """(heading, major, [(qualifier, major)])."""
    chemicals: list[tuple[str, str]] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    """(RefType, PMID, source)."""
    trials: list[tuple[str, str]] = field(default_factory=list)
    """(bank, number)."""

    @property
    def year(self) -> int:
        """Year of publication; 0 when unknown."""
        return self.day // 10000

    @property
    def abstract(self) -> str:
        """The abstract as one text, labels in front."""
        return " ".join(
            f"{label}: {text}" if label else text for label, text in self.sections
        )

    @property
    def iso_day(self) -> str:
        """Of publication, as 2024-03-12; "" when unknown."""
        return iso(self.day)


def iso(day: int) -> str:
    """Return 20240312 as 2024-03-12; "" for 0."""
    text = str(day)
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if day else ""


def work_of(row: Row) -> Work:
    """Return the facts of a row's XML, article or book."""
    root = parse_element(row.xml)
    main = root.find("MedlineCitation")
    if main is None:
        main = root.find("BookDocument")
    assert main is not None
    article = main.find("Article")
    if article is None:
        article = main
    work = Work(row.pmid)
    add_words(work, main, article)
    add_place(work, main, article, root)
    add_kinds(work, main, article)
    return work


def add_words(
    work: Work, main: ElementTree.Element, article: ElementTree.Element
) -> None:
    """Add title, abstract, authors and keywords."""
    work.title = text_of(article.find("ArticleTitle")) or text_of(
        main.find("Book/BookTitle")
    )
    work.sections = [
        (part.get("Label", ""), text_of(part))
        for part in article.iterfind("Abstract/AbstractText")
    ]
    for person in article.iterfind("AuthorList/Author"):
        orcid = person.find("Identifier[@Source='ORCID']")
        work.people.append(
            Person(
                last=person.findtext("LastName") or "",
                fore=person.findtext("ForeName") or "",
                initials=person.findtext("Initials") or "",
                group=text_of(person.find("CollectiveName")),
                places=tuple(
                    text_of(place)
                    for place in person.iterfind("AffiliationInfo/Affiliation")
                ),
                orcid=text_of(orcid),
            )
        )
    work.keywords = [text_of(k) for k in main.iterfind("KeywordList/Keyword")]


def add_place(
    work: Work,
    main: ElementTree.Element,
    article: ElementTree.Element,
    root: ElementTree.Element,
) -> None:
    """Add ids, journal and dates."""
    for path in ("PubmedData/ArticleIdList/ArticleId", ".//BookDocument/ArticleIdList"):
        for one in root.iterfind(path):
            if one.get("IdType") == "doi":
                work.doi = text_of(one).lower()
            if one.get("IdType") == "pmc":
                work.pmc = text_of(one)
    journal = article.find("Journal")
    if journal is not None:
        work.journal = text_of(journal.find("Title"))
        work.abbreviation = text_of(journal.find("ISOAbbreviation"))
        work.issn = text_of(journal.find("ISSN"))
        work.volume = text_of(journal.find("JournalIssue/Volume"))
        work.issue = text_of(journal.find("JournalIssue/Issue"))
    date = article.find("Journal/JournalIssue/PubDate")
    if date is None:
        date = main.find("Book/PubDate")
    work.printed = " ".join(text_of(part) for part in date) if date is not None else ""
    work.day = read_day(date) or 0
    work.created = read_day(root.find(".//PubMedPubDate[@PubStatus='entrez']")) or 0
    work.pages = text_of(article.find("Pagination/MedlinePgn"))
    work.language = text_of(article.find("Language")) or "eng"


def add_kinds(
    work: Work, main: ElementTree.Element, article: ElementTree.Element
) -> None:
    """Add publication types, headings, substances, links and trials."""
    work.types = [text_of(t) for t in article.iterfind("PublicationTypeList/*")]
    for heading in main.iterfind("MeshHeadingList/MeshHeading"):
        name, *rest = list(heading)
        work.headings.append(
            (
                text_of(name),
                name.get("MajorTopicYN") == "Y",
                [(text_of(q), q.get("MajorTopicYN") == "Y") for q in rest],
            )
        )
    for one in main.iterfind("ChemicalList/Chemical"):
        name = text_of(one.find("NameOfSubstance"))
        work.chemicals.append((name, text_of(one.find("RegistryNumber"))))
    for link in main.iterfind("CommentsCorrectionsList/CommentsCorrections"):
        source, pmid = text_of(link.find("RefSource")), text_of(link.find("PMID"))
        work.links.append((link.get("RefType", ""), pmid, source))
    for bank in article.iterfind("DataBankList/DataBank"):
        name = text_of(bank.find("DataBankName"))
        for number in bank.iterfind("AccessionNumberList/AccessionNumber"):
            work.trials.append((name, text_of(number)))


def spaced(camel: str) -> str:
    """Return "Retraction in" of "RetractionIn", as Europe PMC writes links."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[a-z])(?=and)", " ", camel).split()
    return " ".join([words[0], *(word.lower() for word in words[1:])])

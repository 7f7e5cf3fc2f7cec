"""PubMed XML cut into rows, with the facts that can be searched.

Independent of the package under test on purpose: bytes are cut with one regular
expression and read with the standard library, so that the stand-in can be an oracle.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree import ElementTree

from tests.standin.days import read_day

RECORD = re.compile(
    rb"<(PubmedArticle|PubmedBookArticle)(?=[\s>]).*?</\1\s*>", re.DOTALL
)
PMID = re.compile(rb"<PMID(?:\s+Version=\"(\d+)\")?[^>]*>\s*(\d+)\s*</PMID>")
WORD = re.compile(r"[^\W_]+")
MATHML = "http://www.w3.org/1998/Math/MathML"


def split_words(text: str) -> tuple[str, ...]:
    """Return the words as PubMed indexes them: folded, lower case, no punctuation.

    >>> split_words("Vitamin B-6’s naïve use")
    ('vitamin', 'b', '6', 's', 'naive', 'use')
    """
    return tuple(WORD.findall(fold(text)))


def fold(text: str) -> str:
    """Return the text in lower case without accents.

    >>> fold("Pérez")
    'perez'
    """
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text)
    return "".join(c for c in folded if not unicodedata.combining(c)).lower()


@dataclass(slots=True)
class Facts:
    """What can be searched in one record."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    """Part (ti, ab, ot, mh …) to its texts, each of them one run of words."""
    dates: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Date field to days as 20210314; more than one for [dp]."""
    major: tuple[str, ...] = ()
    """Headings (and heading/qualifier) that carry a star."""
    filters: frozenset[str] = frozenset()
    """Words of [sb]: hasabstract, medline, hasretractionin …"""

    def add(self, part: str, *texts: str) -> None:
        """Add texts to a part, leaving the empty ones out."""
        for text in texts:
            if text and text.strip():
                self.texts.setdefault(part, []).append(" ".join(text.split()))


@dataclass(slots=True)
class Row:
    """One record that is served; its XML and its facts are made when asked for."""

    pmid: int
    make_xml: Callable[[], bytes]
    make_facts: Callable[[], Facts]
    kept: Facts | None = None

    @property
    def xml(self) -> bytes:
        """The record's own element, without the set around it."""
        return self.make_xml()

    @property
    def facts(self) -> Facts:
        """What can be searched, read once."""
        if self.kept is None:
            self.kept = self.make_facts()
        return self.kept


def parse_element(xml: bytes) -> ElementTree.Element:
    """Return the record's element, whether or not it declares MathML's prefix."""
    wrapped = b'<r xmlns:mml="%s">%s</r>' % (MATHML.encode(), xml)
    return ElementTree.fromstring(wrapped)[0]


def split_records(xml: bytes) -> list[Row]:
    """Return one row for each PMID; the highest version, then the last one, wins."""
    found: dict[int, tuple[int, bytes]] = {}
    for match in RECORD.finditer(xml):
        named = PMID.search(match[0])
        if not named:
            continue
        pmid, version = int(named[2]), int(named[1] or 1)
        if pmid not in found or found[pmid][0] <= version:
            found[pmid] = version, match[0]
    return [row_of(pmid, raw) for pmid, (_, raw) in found.items()]


def row_of(pmid: int, raw: bytes) -> Row:
    """Return the row of one record's bytes."""
    return Row(pmid, lambda: raw, lambda: read_facts(parse_element(raw)))


def text_of(element: ElementTree.Element | None) -> str:
    """Return all the text below the element in one line; "" for None."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def texts_of(root: ElementTree.Element, path: str) -> list[str]:
    """Return the text of every element on the path."""
    return [text_of(found) for found in root.iterfind(path)]


def read_facts(root: ElementTree.Element) -> Facts:
    """Return the searchable facts of an article or a book."""
    facts = Facts()
    main = root.find("MedlineCitation")
    if main is None:
        main = root.find("BookDocument")
    if main is None:
        return facts
    facts.add("pmid", text_of(main.find("PMID")))
    add_words(facts, main)
    add_names(facts, main)
    add_headings(facts, main)
    add_numbers(facts, main, root)
    add_dates(facts, main, root)
    facts.filters = find_filters(main, root)
    return facts


def add_words(facts: Facts, main: ElementTree.Element) -> None:
    """Add title, abstracts, keywords and the other running texts."""
    facts.add("ti", *texts_of(main, "Article/ArticleTitle"))
    facts.add("ti", *texts_of(main, "ArticleTitle"))
    facts.add("book", *texts_of(main, "Book/BookTitle"))
    if main.tag == "BookDocument" and main.find("ArticleTitle") is None:
        facts.add("ti", *texts_of(main, "Book/BookTitle"))
    for path in ("Article/Abstract", "Abstract", "OtherAbstract"):
        for abstract in main.iterfind(path):
            labelled = [
                f"{part.get('Label', '')} {text_of(part)}"
                for part in abstract.iterfind("AbstractText")
            ]
            facts.add("ab", " ".join(labelled))
    facts.add("ot", *texts_of(main, "KeywordList/Keyword"))
    facts.add("tt", *texts_of(main, "Article/VernacularTitle"))
    facts.add("cois", *texts_of(main, "CoiStatement"))
    facts.add("ad", *texts_of(main, ".//AffiliationInfo/Affiliation"))


def add_names(facts: Facts, main: ElementTree.Element) -> None:
    """Add authors, investigators and corporate authors."""
    people = main.findall("Article/AuthorList/Author") or main.findall(
        ".//AuthorList/Author"
    )
    short = []
    for person in people:
        last, initials = person.findtext("LastName"), person.findtext("Initials")
        if last:
            short.append(f"{last} {initials or ''}".strip())
            facts.add("fau", f"{last}, {person.findtext('ForeName') or ''}".strip(", "))
        facts.add("cn", person.findtext("CollectiveName") or "")
        facts.add("auid", *texts_of(person, "Identifier"))
    facts.add("au", *short)
    facts.add("1au", *short[:1])
    facts.add("lastau", *short[-1:])
    for person in main.iterfind("InvestigatorList/Investigator"):
        initials = person.findtext("Initials") or ""
        facts.add("ir", f"{person.findtext('LastName') or ''} {initials}")
    for person in main.iterfind("PersonalNameSubjectList/PersonalNameSubject"):
        facts.add("ps", text_of(person))


def add_headings(facts: Facts, main: ElementTree.Element) -> None:
    """Add MeSH, publication types and substances."""
    major = []
    for heading in main.iterfind("MeshHeadingList/MeshHeading"):
        descriptor = heading.find("DescriptorName")
        name = text_of(descriptor)
        facts.add("mh", name)
        stars = [part.get("MajorTopicYN") == "Y" for part in heading]
        if any(stars):
            major.append(name.lower())
        for qualifier in heading.iterfind("QualifierName"):
            facts.add("sh", text_of(qualifier))
            facts.add("mh", f"{name}/{text_of(qualifier)}")
            if qualifier.get("MajorTopicYN") == "Y":
                major.append(f"{name}/{text_of(qualifier)}".lower())
    facts.major = tuple(major)
    facts.add("pt", *texts_of(main, "Article/PublicationTypeList/PublicationType"))
    facts.add("pt", *texts_of(main, "PublicationType"))
    for path in (
        "ChemicalList/Chemical/NameOfSubstance",
        "SupplMeshList/SupplMeshName",
    ):
        facts.add("nm", *texts_of(main, path))
    numbers = texts_of(main, "ChemicalList/Chemical/RegistryNumber")
    facts.add("rn", *(number for number in numbers if number != "0"))


def add_numbers(
    facts: Facts, main: ElementTree.Element, root: ElementTree.Element
) -> None:
    """Add the journal, the issue, identifiers, trial numbers and grants."""
    article = main.find("Article")
    if article is not None:
        journal = article.find("Journal")
        if journal is not None:
            facts.add("ta", *texts_of(journal, "Title"))
            facts.add("ta", *texts_of(journal, "ISOAbbreviation"))
            facts.add("ta", *texts_of(journal, "ISSN"))
            facts.add("vi", *texts_of(journal, "JournalIssue/Volume"))
            facts.add("ip", *texts_of(journal, "JournalIssue/Issue"))
        pages = article.findtext("Pagination/MedlinePgn") or ""
        facts.add("pg", pages.split("-")[0])
        facts.add("aid", *texts_of(article, "ELocationID"))
        facts.add("la", *texts_of(article, "Language"))
        for bank in article.iterfind("DataBankList/DataBank"):
            name = bank.findtext("DataBankName") or ""
            for number in texts_of(bank, "AccessionNumberList/AccessionNumber"):
                facts.add("si", number, f"{name}/{number}")
        facts.add("gr", *texts_of(article, "GrantList/Grant/GrantID"))
        facts.add("gr", *texts_of(article, "GrantList/Grant/Agency"))
    facts.add("ta", *texts_of(main, "MedlineJournalInfo/MedlineTA"))
    facts.add("ta", *texts_of(main, "MedlineJournalInfo/ISSNLinking"))
    facts.add("jid", *texts_of(main, "MedlineJournalInfo/NlmUniqueID"))
    facts.add("pl", *texts_of(main, "MedlineJournalInfo/Country"))
    facts.add("la", *texts_of(main, "Language"))
    facts.add("isbn", *texts_of(main, "Book/Isbn"))
    facts.add("pubn", *texts_of(main, "Book/Publisher/PublisherName"))
    facts.add("aid", *texts_of(main, "ArticleIdList/ArticleId"))
    facts.add("aid", *texts_of(root, "PubmedData/ArticleIdList/ArticleId"))


def add_dates(
    facts: Facts, main: ElementTree.Element, root: ElementTree.Element
) -> None:
    """Add every date that has a field of its own."""
    paper = read_day(main.find("Article/Journal/JournalIssue/PubDate"))
    paper = paper or read_day(main.find("Book/PubDate"))
    electronic = [read_day(day) for day in main.iterfind("Article/ArticleDate")]
    known = [day for day in (paper, *electronic) if day]
    history = {
        day.get("PubStatus", ""): read_day(day)
        for path in ("PubmedData/History", "PubmedBookData/History")
        for day in root.iterfind(f"{path}/PubMedPubDate")
    }
    first = min(known, default=0)
    created = history.get("entrez") or history.get("pubmed") or first
    dates = {
        "dp": tuple(known),
        "ppdat": (paper,),
        "epdat": tuple(electronic),
        "crdt": (created,),
        "edat": (history.get("pubmed") or created,),
        "mhda": (history.get("medline") or history.get("pubmed") or created,),
        "dcom": (read_day(main.find("DateCompleted")),),
        "lr": (read_day(main.find("DateRevised")),),
    }
    facts.dates = {
        name: tuple(day for day in days if day) for name, days in dates.items()
    }
    facts.add("year", *(str(day // 10000) for day in sorted(set(known))))


def find_filters(
    main: ElementTree.Element, root: ElementTree.Element
) -> frozenset[str]:
    """Return the words of [sb] that hold for the record."""
    found = {"all"}
    status = main.get("Status", "")
    known = {
        "MEDLINE": "medline", "Publisher": "publisher", "In-Process": "inprocess",
        "In-Data-Review": "inprocess", "PubMed-not-MEDLINE": "pubmednotmedline",
    }  # fmt: skip
    found.add(known.get(status, ""))
    if main.tag == "BookDocument":
        found |= {"pubmed books", "pmcbook"}
    abstracts = main.findall("Article/Abstract") + main.findall("Abstract")
    if abstracts:
        found.add("hasabstract")
    if any(part.get("Label") for a in abstracts for part in a.iterfind("AbstractText")):
        found.add("hasstructuredabstract")
    if any(a.get("Language") != "eng" for a in main.iterfind("OtherAbstract")):
        found.add("hasnonenglishabstract")
    found |= {word for path, word in HAS.items() if main.find(path) is not None}
    for link in main.iterfind("CommentsCorrectionsList/CommentsCorrections"):
        found.add("has" + link.get("RefType", "").lower())
    ids = root.findall("PubmedData/ArticleIdList/ArticleId[@IdType='pmc']")
    if ids:
        found |= {"pubmed pmc", "free full text", "full text", "loall"}
    types = {t.lower() for t in texts_of(main, "Article/PublicationTypeList/*")}
    if types & {"systematic review", "meta-analysis"}:
        found.add("systematic")
    return frozenset(found - {""})


HAS = {
    "KeywordList": "haskeyword",
    "CoiStatement": "hascois",
    "Article/DataBankList": "hasdatabanklist",
}

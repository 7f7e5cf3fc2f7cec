"""The records of the living stand-in as values, what finds them, and their XML."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from tests.standin.records import Row, parse_element, read_facts

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
TOWNS = "Malmo Pori Vigo Trieste Galway Ghent Graz Brno".split()
NAMES = "Fabel Muster Beispiel Ejemplo Esempio Exempel Voorbeeld Przyklad".split()
DAY = "<Year>{0.year}</Year><Month>{0.month:02}</Month><Day>{0.day:02}</Day>"


@dataclass(frozen=True, slots=True)
class Wish:
    """A saved query, and a rule of its own for what it finds."""

    number: int

    @property
    def kind(self) -> str:
        """word, mesh, both, without or either."""
        return ("word", "mesh", "both", "without", "either")[self.number % 5]

    @property
    def one(self) -> str:
        """The word that all but "mesh" look for."""
        return f"kelp{self.number:03}"

    @property
    def other(self) -> str:
        """The second word of "both"; the one that "without" forbids."""
        return f"dune{self.number:03}"

    @property
    def heading(self) -> str:
        """The heading that "mesh" and "either" look for."""
        return f"Invented Condition {self.number:03}"

    @property
    def former(self) -> str:
        """A heading that becomes that one in December."""
        return f"Former Condition {self.number:03}"

    @property
    def text(self) -> str:
        """In PubMed's syntax."""
        return {
            "word": f"{self.one}[tiab]",
            "mesh": f'"{self.heading}"[mh]',
            "both": f"{self.one}[tiab] AND {self.other}[tiab]",
            "without": f"{self.one}[tiab] NOT {self.other}[tiab]",
            "either": f'{self.one}[tiab] OR "{self.heading}"[mh]',
        }[self.kind]

    def holds(self, state: "State") -> bool:
        """Say whether a record is found."""
        words = {*state.words, *(state.abstract or ())}
        kind = self.kind
        if kind == "mesh":
            return self.heading in state.headings
        if self.one not in words:
            return kind == "either" and self.heading in state.headings
        if kind == "both":
            return self.other in words
        return kind != "without" or self.other not in words


WISHES = tuple(map(Wish, range(1000)))


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A record as it stands at one time."""

    pmid: int
    family: int
    """The same for all records of one work, and for a preprint and its article."""
    subject: int
    """In the title: the same title for the same subject."""
    created: date
    entered: date
    """Back-dated to the day of publication for what was added late."""
    revised: date
    published: tuple[int, ...]
    """(year), (year, month) or (year, month, day)."""
    doi: str = ""
    words: tuple[str, ...] = ()
    """By which wishes find it: in the title, or as keywords."""
    keywords: bool = False
    """Whether the words stand beside the title, which then never changes."""
    abstract: tuple[str, ...] | None = None
    """The words in it; None while there is none."""
    headings: tuple[str, ...] = ()
    indexed: date | None = None
    types: tuple[str, ...] = ("Journal Article",)
    links: tuple[tuple[str, int], ...] = ()
    """(RefType, PMID)."""
    writers: int = 0
    """Who wrote it; 0 for authors whom no other record has."""
    edition: int = 1

    @property
    def preprint(self) -> bool:
        """Whether it is a preprint's record."""
        return "Preprint" in self.types

    @property
    def title(self) -> str:
        """The title as it is printed."""
        about = "" if self.keywords else " and ".join(self.words)
        retraction = "Retraction: " * ("Retraction of Publication" in self.types)
        edition = ", with more detail" * (self.edition > 1 and not self.keywords)
        town = TOWNS[self.subject % len(TOWNS)]
        return (
            f"{retraction}Invented report {self.subject} on {about or 'rest'} among "
            f"sleepers of {town}{edition}"
        )

    def wishes(self) -> set[Wish]:
        """Return the wishes that it could hold, by the numbers that stand in it."""
        texts = (*self.words, *(self.abstract or ()), *self.headings)
        return {WISHES[int(text[-3:])] for text in texts}


def tag(name: str, inside: str, more: str = "") -> str:
    """Return an element, or nothing where there is nothing inside."""
    return f"<{name}{more}>{inside}</{name}>" if inside else ""


def make_xml(state: State) -> bytes:
    """Return a record as its own element."""
    mesh = tag("MeshHeadingList", "".join(map(_heading, state.headings)))
    status = "MEDLINE" if mesh else "Publisher"
    doi = state.doi
    place = tag("ELocationID", doi, ' EIdType="doi" ValidYN="Y"')
    types = (tag("PublicationType", name, ' UI="D000000"') for name in state.types)
    ids = f'<ArticleId IdType="pubmed">{state.pmid}</ArticleId>'
    ids += tag("ArticleId", doi, ' IdType="doi"')
    return (
        f'<PubmedArticle><MedlineCitation Status="{status}" Owner="NLM">'
        f'<PMID Version="1">{state.pmid}</PMID>'
        f"{tag('DateRevised', DAY.format(state.revised))}"
        '<Article PubModel="Print"><Journal><JournalIssue CitedMedium="Internet">'
        f"<Volume>1</Volume>{tag('PubDate', _paper(state.published))}</JournalIssue>"
        "<Title>Journal of Invented Results</Title>"
        "<ISOAbbreviation>J Invent Results</ISOAbbreviation></Journal>"
        f"<ArticleTitle>{state.title}.</ArticleTitle>"
        f"{place}{_abstract(state)}"
        f"{_people(state.writers or state.pmid)}"
        "<Language>eng</Language><PublicationTypeList>"
        f"{''.join(types)}</PublicationTypeList></Article><MedlineJournalInfo>"
        "<MedlineTA>J Invent Results</MedlineTA></MedlineJournalInfo>"
        f"{tag('CommentsCorrectionsList', ''.join(map(_link, state.links)))}{mesh}"
        f"{_keywords(state)}</MedlineCitation><PubmedData>"
        f"{tag('History', _history(state))}"
        "<PublicationStatus>ppublish</PublicationStatus>"
        f"<ArticleIdList>{ids}</ArticleIdList></PubmedData></PubmedArticle>"
    ).encode()


def _paper(published: tuple[int, ...]) -> str:
    year, *rest = published
    month = f"<Month>{MONTHS[rest[0] - 1]}</Month>" if rest else ""
    return f"<Year>{year}</Year>{month}" + "".join(
        f"<Day>{d:02}</Day>" for d in rest[1:]
    )


def _abstract(state: State) -> str:
    if state.abstract is None:
        return ""
    said = " ".join(
        f"We asked {state.pmid % 90 + 10} adults about {word}."
        for word in (*state.abstract, "sleep")
    )
    return f"<Abstract><AbstractText>{said}</AbstractText></Abstract>"


@cache
def _people(writers: int) -> str:
    people = "".join(
        f'<Author ValidYN="Y"><LastName>{NAMES[(writers + k) % len(NAMES)]}'
        f"{writers}</LastName><Initials>{chr(65 + k)}</Initials></Author>"
        for k in range(3)
    )
    return f'<AuthorList CompleteYN="Y">{people}</AuthorList>'


@cache
def _heading(name: str) -> str:
    inside = f'<DescriptorName UI="D000000" MajorTopicYN="N">{name}</DescriptorName>'
    return tag("MeshHeading", inside)


def _link(link: tuple[str, int]) -> str:
    kind, pmid = link
    inside = f'<RefSource>J Invent Results</RefSource><PMID Version="1">{pmid}</PMID>'
    return tag("CommentsCorrections", inside, f' RefType="{kind}"')


def _keywords(state: State) -> str:
    words = state.words if state.keywords else ()
    inside = "".join(f'<Keyword MajorTopicYN="N">{word}</Keyword>' for word in words)
    return tag("KeywordList", inside, ' Owner="NOTNLM"')


def _history(state: State) -> str:
    days = {
        "pubmed": state.entered,
        "medline": state.indexed or state.entered,
        "entrez": state.created,
    }
    return "".join(
        tag("PubMedPubDate", DAY.format(day), f' PubStatus="{name}"')
        for name, day in days.items()
    )


def row_of(state: State) -> Row:
    """Return what the stand-in serves of a record, read from its own XML."""

    def xml() -> bytes:
        return make_xml(state)

    return Row(state.pmid, xml, lambda: read_facts(parse_element(xml())))

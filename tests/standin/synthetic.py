"""Any number of plain records of about 4 KB, the same every time.

Record i depends on i only. Sentences come from a small stock, so that tens of
thousands of records can be searched without much memory.
"""

from functools import cache, partial

from tests.standin.records import Facts, Row
from tests.standin.replies import RECORD_SET

FIRST_PMID = 91_000_001
SUBSTANCES = (
    "kratom", "valerian", "melatonin", "magnesium", "chamomile", "lavandin", "saffron",
)  # fmt: skip
OUTCOMES = (
    "sleep latency", "sleep quality", "nightly awakenings", "withdrawal symptoms",
    "liver enzymes", "daytime fatigue", "anxiety scores",
)  # fmt: skip
DESIGNS = (
    ("Randomized Controlled Trial", "D016449"),
    ("Observational Study", "D064888"),
    ("Case Reports", "D002363"),
    ("Review", "D016454"),
)
CHANGES = ("fell", "rose", "did not change", "improved", "worsened")
MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
LABELS = ("BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS")
HEADINGS = (
    ("Humans", "D006801"), ("Sleep", "D012890"), ("Adult", "D000328"),
    ("Female", "D005260"), ("Male", "D008297"),
    ("Surveys and Questionnaires", "D011795"),
    ("Treatment Outcome", "D016896"), ("Time Factors", "D013997"),
)  # fmt: skip
SENTENCES_A_SECTION = 3


@cache
def stock() -> tuple[str, ...]:
    """Return the stock of sentences: one for each combination of their parts."""
    return tuple(
        f"In the invented sample number {n}, {outcome} {change} over {weeks} weeks "
        f"of {substance} when compared with the control condition chosen by the team."
        for n, (substance, outcome, change, weeks) in enumerate(
            (s, o, c, w)
            for s in SUBSTANCES
            for o in OUTCOMES
            for c in CHANGES
            for w in (2, 8)
        )
    )


Day = tuple[int, int, int]
A_DAY = 10
"""Records created on a day, unless there are so many that the days would not do."""
DAYS = 3600
"""Days on which records are created, from 2015 on: they end in 2025."""


def day_of(i: int, a_day: int = A_DAY) -> Day:
    """Return the day on which record i was created, from 2015 on."""
    days = i // a_day
    return 2015 + days // 336, days // 28 % 12 + 1, days % 28 + 1


def days_of(count: int, busy_day: int = 0) -> list[Day]:
    """Return the days of `count` records; `busy_day` in their middle share one."""
    a_day = max(A_DAY, -(-(count - busy_day) // DAYS))
    days = [day_of(i, a_day) for i in range(count - busy_day)]
    middle = len(days) // 2
    return days[:middle] + [day_of(middle, a_day)] * busy_day + days[middle:]


def sentences_of(i: int) -> list[list[str]]:
    """Return the four sections of record i's abstract."""
    lines = stock()
    size = SENTENCES_A_SECTION
    return [
        [lines[(i * 7 + s * 31 + k * 101) % len(lines)] for k in range(size)]
        for s in range(len(LABELS))
    ]


def title_of(i: int) -> str:
    """Return the title of record i."""
    substance = SUBSTANCES[i % len(SUBSTANCES)]
    outcome = OUTCOMES[i // 7 % len(OUTCOMES)]
    return f"Synthetic study {i} of {substance} and {outcome}."


def make_xml(i: int, created: Day | None = None) -> bytes:
    """Return record i as its own element."""
    pmid, (year, month, day) = FIRST_PMID + i, created or day_of(i)
    design, ui = DESIGNS[i % len(DESIGNS)]
    abstract = "".join(
        f'<AbstractText Label="{label}" NlmCategory="{label}">{" ".join(lines)}'
        "</AbstractText>"
        for label, lines in zip(LABELS, sentences_of(i), strict=True)
    )
    authors = "".join(
        f'<Author ValidYN="Y"><LastName>Writer{(i + k) % 997}</LastName>'
        f"<ForeName>Given {chr(65 + k)}</ForeName><Initials>G{chr(65 + k)}</Initials>"
        "<AffiliationInfo><Affiliation>Institute of Invented Results, Nowhere."
        "</Affiliation></AffiliationInfo></Author>"
        for k in range(3)
    )
    mesh = "".join(
        f'<MeshHeading><DescriptorName UI="{code}" MajorTopicYN="N">{name}'
        "</DescriptorName></MeshHeading>"
        for name, code in HEADINGS
    )
    when = f"<Year>{year}</Year><Month>{month:02}</Month><Day>{day:02}</Day>"
    return (
        '<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">'
        f'<PMID Version="1">{pmid}</PMID><DateRevised>{when}</DateRevised>'
        '<Article PubModel="Print-Electronic"><Journal>'
        '<ISSN IssnType="Electronic">9999-9994</ISSN>'
        f'<JournalIssue CitedMedium="Internet"><Volume>{year - 2000}</Volume>'
        f"<Issue>{month}</Issue><PubDate><Year>{year}</Year>"
        f"<Month>{MONTHS[month - 1]}</Month><Day>{day:02}</Day></PubDate>"
        "</JournalIssue><Title>Journal of Invented Results</Title>"
        "<ISOAbbreviation>J Invent Results</ISOAbbreviation></Journal>"
        f"<ArticleTitle>{title_of(i)}</ArticleTitle><Pagination>"
        f"<MedlinePgn>{i % 900 + 1}-{i % 900 + 9}</MedlinePgn></Pagination>"
        f'<ELocationID EIdType="doi" ValidYN="Y">10.99999/synthetic.{i}</ELocationID>'
        f"<Abstract>{abstract}</Abstract>"
        f'<AuthorList CompleteYN="Y">{authors}</AuthorList><Language>eng</Language>'
        '<PublicationTypeList><PublicationType UI="D016428">Journal Article'
        f'</PublicationType><PublicationType UI="{ui}">{design}</PublicationType>'
        "</PublicationTypeList></Article><MedlineJournalInfo><Country>Nowhere</Country>"
        "<MedlineTA>J Invent Results</MedlineTA><NlmUniqueID>999999999</NlmUniqueID>"
        "<ISSNLinking>9999-9994</ISSNLinking></MedlineJournalInfo>"
        f"<MeshHeadingList>{mesh}</MeshHeadingList></MedlineCitation><PubmedData>"
        f'<History><PubMedPubDate PubStatus="pubmed">{when}</PubMedPubDate>'
        f'<PubMedPubDate PubStatus="entrez">{when}</PubMedPubDate></History>'
        "<PublicationStatus>ppublish</PublicationStatus><ArticleIdList>"
        f'<ArticleId IdType="pubmed">{pmid}</ArticleId>'
        f'<ArticleId IdType="doi">10.99999/synthetic.{i}</ArticleId>'
        "</ArticleIdList></PubmedData></PubmedArticle>"
    ).encode()


def make_facts(i: int, created: Day | None = None) -> Facts:
    """Return what can be searched in record i, without reading its XML."""
    year, month, day = created or day_of(i)
    code = year * 10000 + month * 100 + day
    facts = Facts()
    facts.texts = {
        "pmid": [str(FIRST_PMID + i)],
        "ti": [title_of(i)],
        "ab": [line for section in sentences_of(i) for line in section],
        "mh": [name for name, _ in HEADINGS],
        "pt": ["Journal Article", DESIGNS[i % len(DESIGNS)][0]],
        "au": [f"Writer{(i + k) % 997} G{chr(65 + k)}" for k in range(3)],
        "1au": [f"Writer{i % 997} GA"],
        "lastau": [f"Writer{(i + 2) % 997} GC"],
        "ta": ["Journal of Invented Results", "J Invent Results"],
        "la": ["eng"],
        "aid": [f"10.99999/synthetic.{i}"],
        "year": [str(year)],
    }
    facts.dates = dict.fromkeys(("dp", "ppdat", "crdt", "edat", "mhda", "lr"), (code,))
    facts.filters = frozenset(
        {"all", "medline", "hasabstract", "hasstructuredabstract"}
    )
    return facts


def synthetic_row(i: int, created: Day | None = None) -> Row:
    """Return record i."""
    made = partial(make_xml, i, created), partial(make_facts, i, created)
    return Row(FIRST_PMID + i, *made)


def synthetic_rows(count: int, busy_day: int = 0) -> list[Row]:
    """Return the first `count` synthetic records, `busy_day` of them of one day."""
    days = days_of(count, busy_day)
    return [synthetic_row(i, day) for i, day in enumerate(days)]


def synthetic_xml(count: int) -> bytes:
    """Return the first `count` synthetic records as one set."""
    return RECORD_SET % b"\n".join(make_xml(i) for i in range(count))

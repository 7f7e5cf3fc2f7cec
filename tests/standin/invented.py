"""The records that we wrote ourselves, made into PubMed XML.

`tests/data/invented.toml` holds the plain ones as facts, `tests/data/invented.xml` the
odd ones as they stand. Nothing in them is true: names, numbers and findings are made
up for the tests.
"""

import tomllib
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from tests.standin.records import RECORD
from tests.standin.replies import RECORD_SET

DATA = Path(__file__).parent.parent / "data"
TYPES = {
    "Journal Article": "D016428",
    "Randomized Controlled Trial": "D016449",
    "Clinical Trial": "D016430",
    "Observational Study": "D064888",
    "Case Reports": "D002363",
    "Review": "D016454",
    "Systematic Review": "D000078182",
    "Meta-Analysis": "D017418",
    "Letter": "D016422",
    "Editorial": "D016421",
    "Comment": "D016420",
    "Practice Guideline": "D017065",
    "Clinical Trial Protocol": "D000078325",
    "English Abstract": "D004740",
    "Retracted Publication": "D016441",
    "Retraction of Publication": "D016440",
    "Expression of Concern": "D000075742",
    "Published Erratum": "D016425",
    "Preprint": "D000076942",
}
CATEGORIES = {
    "OBJECTIVE": "OBJECTIVE", "AIM": "OBJECTIVE", "METHODS": "METHODS",
    "RESULTS": "RESULTS", "FINDINGS": "RESULTS", "CONCLUSIONS": "CONCLUSIONS",
    "CONCLUSION": "CONCLUSIONS", "BACKGROUND": "BACKGROUND",
    "INTERPRETATION": "CONCLUSIONS", "DESIGN": "METHODS", "CASE": "UNASSIGNED",
}  # fmt: skip


@cache
def invented_xml() -> bytes:
    """Return the whole invented set."""
    text = (DATA / "invented.toml").read_text(encoding="utf-8")
    records = [render_article(entry) for entry in tomllib.loads(text)["record"]]
    odd = (DATA / "invented.xml").read_bytes()
    records += [match[0] for match in RECORD.finditer(odd)]
    return RECORD_SET % b"\n".join(records)


def element(name: str, text: object, **attributes: str) -> str:
    """Return one element with escaped text; "" when there is no text."""
    if text in ("", None):
        return ""
    given = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{given}>{escape(str(text))}</{name}>"


def render_day(text: str) -> str:
    """Return Year, Month, Day of an ISO date."""
    year, month, day = text.split("-")
    return f"<Year>{year}</Year><Month>{month}</Month><Day>{day}</Day>"


def render_article(entry: dict) -> bytes:
    """Return one PubmedArticle of the facts in the TOML file."""
    pmid, added = entry["pmid"], entry["added"]
    status = entry.get("status", "MEDLINE")
    doi = entry.get("doi", f"10.99999/invented.{pmid}")
    completed = f"<DateCompleted>{render_day(added)}</DateCompleted>"
    return (
        f'<PubmedArticle><MedlineCitation Status="{status}" Owner="NLM">'
        f"{element('PMID', pmid, Version='1')}"
        f"{completed if status == 'MEDLINE' else ''}"
        f"<DateRevised>{render_day(added)}</DateRevised>"
        '<Article PubModel="Print-Electronic">'
        f"{render_journal(entry)}{element('ArticleTitle', entry['title'])}"
        f"<Pagination>{element('MedlinePgn', entry.get('pages', '1-9'))}</Pagination>"
        f"{element('ELocationID', doi, EIdType='doi', ValidYN='Y')}"
        f"{render_abstract(entry)}{render_authors(entry)}"
        f"{element('Language', entry.get('language', 'eng'))}"
        f"{render_trials(entry)}{render_types(entry)}"
        f"{element('VernacularTitle', entry.get('vernacular', ''))}</Article>"
        "<MedlineJournalInfo><Country>Nowhere</Country>"
        "<MedlineTA>J Invent Results</MedlineTA><NlmUniqueID>999999999</NlmUniqueID>"
        "<ISSNLinking>9999-9994</ISSNLinking></MedlineJournalInfo>"
        f"{render_substances(entry)}{render_links(entry)}{render_mesh(entry)}"
        f"{render_keywords(entry)}{element('CoiStatement', entry.get('coi', ''))}"
        "</MedlineCitation><PubmedData><History>"
        f'<PubMedPubDate PubStatus="pubmed">{render_day(added)}</PubMedPubDate>'
        f'<PubMedPubDate PubStatus="entrez">{render_day(added)}</PubMedPubDate>'
        "</History><PublicationStatus>ppublish</PublicationStatus><ArticleIdList>"
        f"{element('ArticleId', pmid, IdType='pubmed')}"
        f"{element('ArticleId', doi, IdType='doi')}"
        f"{element('ArticleId', entry.get('pmc', ''), IdType='pmc')}"
        "</ArticleIdList></PubmedData></PubmedArticle>"
    ).encode()


def render_journal(entry: dict) -> str:
    """Return the journal with its date: "2021 Mar", or a MedlineDate in words."""
    said = entry["date"]
    year, *rest = said.split(" ")
    season = rest[:1] in (["Winter"], ["Spring"], ["Summer"], ["Fall"])
    names = ("Year", "Season" if season else "Month", "Day")
    date = "".join(element(n, t) for n, t in zip(names, (year, *rest), strict=False))
    if "-" in said or len(rest) > 2:
        date = element("MedlineDate", said)
    return (
        '<Journal><ISSN IssnType="Electronic">9999-9994</ISSN>'
        f'<JournalIssue CitedMedium="Internet">{element("Volume", int(year) - 2000)}'
        f"{element('Issue', entry.get('issue', 1))}<PubDate>{date}</PubDate>"
        "</JournalIssue><Title>Journal of Invented Results</Title>"
        "<ISOAbbreviation>J Invent Results</ISOAbbreviation></Journal>"
    )


def render_abstract(entry: dict) -> str:
    """Return the abstract: a text, or a table of label to text, or nothing."""
    said = entry.get("abstract", "")
    if not said:
        return ""
    if isinstance(said, str):
        return f"<Abstract>{element('AbstractText', said.strip())}</Abstract>"
    parts = "".join(
        element(
            "AbstractText",
            text.strip(),
            Label=label,
            NlmCategory=CATEGORIES.get(label, "UNASSIGNED"),
        )
        for label, text in said.items()
    )
    return f"<Abstract>{parts}</Abstract>"


def render_authors(entry: dict) -> str:
    """Return the authors, written "Last, First Middle"."""
    people = ""
    for name in entry.get("authors", ["Doe, Jane A", "Roe, Richard"]):
        last, _, first = name.partition(", ")
        initials = "".join(part[0] for part in first.split())
        people += '<Author ValidYN="Y">' + element("LastName", last)
        people += element("ForeName", first) + element("Initials", initials)
        people += "</Author>"
    return f'<AuthorList CompleteYN="Y">{people}</AuthorList>' if people else ""


def render_trials(entry: dict) -> str:
    """Return the trial registrations, written "ClinicalTrials.gov/NCT…"."""
    banks = ""
    for name, number in (trial.split("/") for trial in entry.get("trials", [])):
        banks += f"<DataBank>{element('DataBankName', name)}<AccessionNumberList>"
        banks += element("AccessionNumber", number)
        banks += "</AccessionNumberList></DataBank>"
    return f'<DataBankList CompleteYN="Y">{banks}</DataBankList>' if banks else ""


def render_types(entry: dict) -> str:
    """Return the publication types; a name without a UI is a mistake in the file."""
    names = ["Journal Article", *entry.get("types", [])]
    inside = "".join(element("PublicationType", n, UI=TYPES[n]) for n in names)
    return f"<PublicationTypeList>{inside}</PublicationTypeList>"


def render_substances(entry: dict) -> str:
    """Return the chemicals."""
    inside = "".join(
        "<Chemical><RegistryNumber>0</RegistryNumber>"
        f"{element('NameOfSubstance', name, UI='C999999')}</Chemical>"
        for name in entry.get("substances", [])
    )
    return f"<ChemicalList>{inside}</ChemicalList>" if inside else ""


def render_links(entry: dict) -> str:
    """Return CommentsCorrections, written "RetractionIn 90000042"."""
    inside = ""
    for kind, pmid in (link.split(" ") for link in entry.get("links", [])):
        inside += f'<CommentsCorrections RefType="{kind}">'
        inside += element("RefSource", "J Invent Results") + element(
            "PMID", pmid, Version="1"
        )
        inside += "</CommentsCorrections>"
    return f"<CommentsCorrectionsList>{inside}</CommentsCorrectionsList>" * bool(inside)


def render_mesh(entry: dict) -> str:
    """Return headings, written "*Sleep" or "Valerian/*therapeutic use"."""
    inside = ""
    for text in entry.get("mesh", []):
        first, *rest = text.split("/")
        inside += "<MeshHeading>" + starred("DescriptorName", first, "D999999")
        inside += "".join(starred("QualifierName", q, "Q999999") for q in rest)
        inside += "</MeshHeading>"
    return f"<MeshHeadingList>{inside}</MeshHeadingList>" if inside else ""


def starred(name: str, text: str, ui: str) -> str:
    """Return a heading or qualifier; a star before it means major."""
    major = "Y" if text.startswith("*") else "N"
    return element(name, text.lstrip("*"), UI=ui, MajorTopicYN=major)


def render_keywords(entry: dict) -> str:
    """Return the authors' keywords."""
    inside = "".join(
        element("Keyword", word, MajorTopicYN="N") for word in entry.get("keywords", [])
    )
    return f'<KeywordList Owner="NOTNLM">{inside}</KeywordList>' if inside else ""

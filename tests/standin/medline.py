"""The text formats of efetch: MEDLINE (nbib) and a short abstract."""

from textwrap import wrap
from xml.etree import ElementTree

from tests.standin.records import read_facts, text_of

WIDTH = 81  # characters after the tag: lines end near column 88


def render_medline(root: ElementTree.Element) -> str:
    """Return one record as tagged lines."""
    facts = read_facts(root)
    texts = facts.texts
    main = root[0]
    lines = [("PMID", text_of(main.find("PMID")))]
    lines += [("OWN", main.get("Owner", "")), ("STAT", main.get("Status", ""))]
    lines += [("IS", text_of(e)) for e in main.iterfind("Article/Journal/ISSN")]
    issue = main.find("Article/Journal/JournalIssue")
    if issue is not None:
        lines += [("VI", issue.findtext("Volume") or "")]
        lines += [("IP", issue.findtext("Issue") or "")]
        date = issue.find("PubDate")
        lines += [("DP", " ".join(date.itertext()).strip() if date is not None else "")]
    lines += [("TI", title) for title in texts.get("ti", [])[:1]]
    lines += [("PG", main.findtext("Article/Pagination/MedlinePgn") or "")]
    for place in main.iterfind("Article/ELocationID"):
        lines.append(("LID", f"{text_of(place)} [{place.get('EIdType')}]"))
    abstract = main.find("Article/Abstract")
    if abstract is None:
        abstract = main.find("Abstract")
    if abstract is not None:
        parts = abstract.findall("AbstractText")
        said = [
            f"{p.get('Label')}: {text_of(p)}" if p.get("Label") else text_of(p)
            for p in parts
        ]
        lines.append(("AB", " ".join(said)))
    for full, short in zip(texts.get("fau", []), texts.get("au", []), strict=False):
        lines += [("FAU", full), ("AU", short)]
    lines += [("CN", name) for name in texts.get("cn", [])]
    lines += [("LA", code) for code in texts.get("la", [])]
    lines += [("SI", n) for n in texts.get("si", []) if "/" in n]
    lines += [("PT", kind) for kind in texts.get("pt", [])]
    lines += [("TT", said) for said in texts.get("tt", [])]
    lines += [("PL", main.findtext("MedlineJournalInfo/Country") or "")]
    lines += [("TA", main.findtext("MedlineJournalInfo/MedlineTA") or "")]
    lines += [("JT", main.findtext("Article/Journal/Title") or "")]
    lines += [("JID", main.findtext("MedlineJournalInfo/NlmUniqueID") or "")]
    lines += [("RN", name) for name in texts.get("nm", [])]
    lines += [("MH", text) for text in headings(main)]
    lines += [("OT", word) for word in texts.get("ot", [])]
    lines += [("COIS", said) for said in texts.get("cois", [])]
    for part in root.iterfind("PubmedData/ArticleIdList/ArticleId"):
        if part.get("IdType") == "pmc":
            lines.append(("PMC", text_of(part)))
        elif part.get("IdType") != "pubmed":
            lines.append(("AID", f"{text_of(part)} [{part.get('IdType')}]"))
    lines += [("PST", root.findtext("PubmedData/PublicationStatus") or "")]
    return "".join(render_line(name, said) for name, said in lines if said)


def headings(main: ElementTree.Element) -> list[str]:
    """Return MeSH lines such as "*Sleep/drug effects"."""
    found = []
    for heading in main.iterfind("MeshHeadingList/MeshHeading"):
        parts = [
            ("*" if part.get("MajorTopicYN") == "Y" else "") + text_of(part)
            for part in heading
        ]
        found.append("/".join(parts))
    return found


def render_line(name: str, said: str) -> str:
    """Return one tag with its text; further lines start with six blanks."""
    pieces = wrap(said, WIDTH, break_long_words=False, break_on_hyphens=False)
    first, *rest = pieces or [""]
    return f"{name:<4}- {first}\n" + "".join(f"      {line}\n" for line in rest)


def render_abstract(root: ElementTree.Element) -> str:
    """Return a citation with its abstract, to be read by people."""
    texts = read_facts(root).texts
    said = [texts.get("ti", [""])[0], ", ".join(texts.get("au", []))]
    said += [*texts.get("ab", [])[:1], f"PMID: {texts['pmid'][0]}"]
    return "\n\n".join(filter(None, said)) + "\n"

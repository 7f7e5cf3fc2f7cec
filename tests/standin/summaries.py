"""esummary: short descriptions as JSON, as XML of version 1 and of version 2."""

from xml.etree import ElementTree
from xml.sax.saxutils import escape

from tests.standin.days import MONTHS, read_day
from tests.standin.records import Row, parse_element, text_of
from tests.standin.replies import (
    PROLOG,
    Asked,
    Reply,
    render_error,
    render_json,
    render_xml,
    tag,
)
from tests.standin.world import (
    EXPIRED,
    MOST_JSON_SUMMARIES,
    OVER_CAP,
    LostSetError,
    World,
    wanted_ids,
)

TOO_MANY = (
    "Too many UIDs in request. Maximum number of UIDs is 500 for JSON format output."
)
UNKNOWN = "cannot get document summary"
STATUS = {
    "MEDLINE": "PubMed - indexed for MEDLINE",
    "Publisher": "PubMed - as supplied by publisher",
    "In-Process": "PubMed - in process",
    "OLDMEDLINE": "PubMed - OLDMEDLINE",
}
ID_NUMBERS = {"pubmed": 1, "doi": 3, "pii": 4, "pmcid": 5, "pmc": 8}
PUBLICATION_NUMBERS = {"ppublish": "256", "epublish": "3", "aheadofprint": "10"}
EMPTY_KEYS = (
    "srccontriblist", "booktitle", "medium", "edition", "publisherlocation",
    "publishername", "srcdate", "reportnumber", "availablefromurl", "locationlabel",
    "doccontriblist", "docdate", "bookname", "chapter",
)  # fmt: skip


def esummary(world: World, asked: Asked) -> Reply:
    """Return summaries; an unknown id gets an error of its own."""
    try:
        wanted = wanted_ids(world, asked)
    except LostSetError as lost:
        return render_error(asked, EXPIRED.format(lost.args[0]))
    except OverflowError:
        return render_error(asked, OVER_CAP, 400)
    if not wanted:
        none = "Empty id list - nothing todo"
        missing = "Neither query_key nor id specified"
        return render_error(asked, none if asked.json else missing)
    if asked.json and len(wanted) > MOST_JSON_SUMMARIES:
        return render_error(asked, TOO_MANY)
    found = [(pmid, world.rows.get(pmid)) for pmid in wanted]
    if asked.json:
        result: dict[str, object] = {"uids": [str(pmid) for pmid in wanted]}
        result |= {str(pmid): describe(pmid, row) for pmid, row in found}
        return render_json("esummary", "result", result)
    second = asked.params.get("version", "") == "2.0"
    return render_second(found) if second else render_first(found)


def describe(pmid: int, row: Row | None) -> dict[str, object]:
    """Return one summary with the keys of the JSON reply, in their order."""
    if row is None:
        return {"uid": str(pmid), "error": UNKNOWN}
    root = parse_element(row.xml)
    main, data = root[0], root[1] if len(root) > 1 else root
    article = main.find("Article")
    article = main if article is None else article
    texts = row.facts.texts
    authors = [
        {"name": name, "authtype": kind, "clusterid": ""} for name, kind in people(main)
    ]
    title = text_of(article.find("ArticleTitle"))
    book = text_of(main.find("Book/BookTitle"))
    paper = main.find("Article/Journal/JournalIssue/PubDate")
    paper = main.find("Book/PubDate") if paper is None else paper
    electronic = article.find("ArticleDate")
    state = data.findtext("PublicationStatus") or ""
    doi = article.findtext("ELocationID[@EIdType='doi'][@ValidYN='Y']")
    return {
        "uid": str(pmid),
        "pubdate": say(paper),
        "epubdate": say(electronic),
        "source": main.findtext("MedlineJournalInfo/MedlineTA") or "",
        "authors": authors,
        "lastauthor": str(authors[-1]["name"]) if authors else "",
        "title": title,
        "sorttitle": title.lower().rstrip(".").removeprefix("the ").lstrip("["),
        "volume": "".join(texts.get("vi", ())),
        "issue": "".join(texts.get("ip", ())),
        "pages": article.findtext("Pagination/MedlinePgn") or "",
        "lang": texts.get("la", []),
        "nlmuniqueid": "".join(texts.get("jid", ())),
        "issn": main.findtext("Article/Journal/ISSN[@IssnType='Print']") or "",
        "essn": main.findtext("Article/Journal/ISSN[@IssnType='Electronic']") or "",
        "pubtype": texts.get("pt", []),
        "recordstatus": STATUS.get(main.get("Status", ""), "PubMed"),
        "pubstatus": PUBLICATION_NUMBERS.get(state, "0"),
        "articleids": identify(pmid, data),
        "history": [
            {"pubstatus": day.get("PubStatus"), "date": f"{slashes(day)} 00:00"}
            for day in data.iterfind("History/PubMedPubDate")
        ],
        "references": [
            {
                "refsource": link.findtext("RefSource") or "",
                "reftype": link.get("RefType", ""),
                "pmid": link.findtext("PMID") or "",
                "note": link.findtext("Note") or "",
            }
            for link in main.iterfind("CommentsCorrectionsList/CommentsCorrections")
        ],
        "attributes": ["Has Abstract"] * ("hasabstract" in row.facts.filters),
        "pmcrefcount": "",
        "fulljournalname": main.findtext("Article/Journal/Title") or "",
        "elocationid": f"doi: {doi}" if doi else "",
        "doctype": "chapter" if book and title else "book" if book else "citation",
        **{key: [] if key.endswith("list") else "" for key in EMPTY_KEYS},
        "booktitle": book,
        "publishername": main.findtext("Book/Publisher/PublisherName") or "",
        "publisherlocation": main.findtext("Book/Publisher/PublisherLocation") or "",
        "sortpubdate": f"{slashes(paper)} 00:00",
        "sortfirstauthor": str(authors[0]["name"]) if authors else "",
        "vernaculartitle": "".join(texts.get("tt", ())),
    }


def people(main: ElementTree.Element) -> list[tuple[str, str]]:
    """Return (name, kind) of the authors in order."""
    lists = main.find("Article/AuthorList")
    if lists is None:
        lists = main.find("AuthorList")
    found = []
    for person in lists if lists is not None else ():
        group = person.findtext("CollectiveName")
        if group:
            found.append((group, "CollectiveName"))
            continue
        parts = [person.findtext(n) for n in ("LastName", "Initials", "Suffix")]
        found.append((" ".join(filter(None, parts)), "Author"))
    return found


def identify(pmid: int, data: ElementTree.Element) -> list[dict[str, object]]:
    """Return the record's ids; PMC comes twice, in two spellings."""
    found = [("pubmed", str(pmid))]
    for one in data.iterfind("ArticleIdList/ArticleId"):
        kind, value = one.get("IdType", ""), text_of(one)
        if kind == "pubmed":
            continue
        found.append((kind, value))
        if kind == "pmc":
            found.append(("pmcid", f"pmc-id: {value};"))
    return [
        {"idtype": kind, "idtypen": ID_NUMBERS.get(kind, 0), "value": value}
        for kind, value in found
    ]


def slashes(day: ElementTree.Element | None) -> str:
    """Return 2021/03/14, with the first month and day where they are not known."""
    code = read_day(day)
    return f"{code // 10000:04}/{code // 100 % 100:02}/{code % 100:02}"


def say(day: ElementTree.Element | None) -> str:
    """Return "2021 Mar 14", as precise as it is known; "" for none."""
    if day is None:
        return ""
    parts = [text_of(part) for part in day]
    if len(parts) > 1 and parts[1].isdigit():
        parts[1] = MONTHS[int(parts[1]) - 1].title()
    return " ".join(part.lstrip("0") for part in parts)


def render_first(found: list[tuple[int, Row | None]]) -> Reply:
    """Return XML of version 1: items with their names and types."""
    text = "\n"
    for pmid, row in found:
        if row is None:
            text += f"\t{tag('ERROR', f'Invalid uid {pmid} at position=0')}\n"
            continue
        said = describe(pmid, row)
        ids = "".join(item(str(i["idtype"]), i["value"]) for i in said["articleids"])
        days = "".join(
            item(str(d["pubstatus"]), d["date"], "Date") for d in said["history"]
        )
        text += f"<DocSum>\n\t{tag('Id', pmid)}\n"
        text += item("PubDate", said["pubdate"], "Date")
        text += item("EPubDate", said["epubdate"], "Date")
        text += item("Source", said["source"])
        text += many("AuthorList", "Author", [a["name"] for a in said["authors"]])
        text += item("LastAuthor", said["lastauthor"]) + item("Title", said["title"])
        text += item("Volume", said["volume"]) + item("Issue", said["issue"])
        text += item("Pages", said["pages"]) + many("LangList", "Lang", said["lang"])
        text += item("NlmUniqueID", said["nlmuniqueid"]) + item("ISSN", said["issn"])
        text += item("ESSN", said["essn"])
        text += many("PubTypeList", "PubType", said["pubtype"])
        text += item("RecordStatus", said["recordstatus"])
        text += item("PubStatus", state_of(row))
        text += f'\t<Item Name="ArticleIds" Type="List">{ids}</Item>\n'
        text += f'\t<Item Name="History" Type="List">{days}</Item>\n'
        text += '\t<Item Name="References" Type="List"></Item>\n'
        text += item("HasAbstract", len(said["attributes"]), "Integer")
        text += item("PmcRefCount", 0, "Integer")
        text += item("FullJournalName", said["fulljournalname"])
        text += item("ELocationID", said["elocationid"])
        text += item("SO", place_of(said)) + "</DocSum>\n\n"
    return render_xml("eSummaryResult", text)


def place_of(said: dict) -> str:
    """Return where it was published: "1965 Aug;92(2):188-91"."""
    issue = f"({said['issue']})" if said["issue"] else ""
    pages = f":{said['pages']}" if said["pages"] else ""
    return f"{said['pubdate']};{said['volume']}{issue}{pages}"


def state_of(row: Row) -> str:
    """Return the state of publication in words: version 1 prints no number."""
    root = parse_element(row.xml)
    return root.findtext("*/PublicationStatus") or ""


def item(name: str, value: object, kind: str = "String") -> str:
    """Return one item of version 1."""
    return f'\t<Item Name="{name}" Type="{kind}">{escape(str(value))}</Item>\n'


def many(name: str, each: str, values: list[str]) -> str:
    """Return a list of items of version 1."""
    inside = "".join(f"\t{item(each, value)}" for value in values)
    return f'\t<Item Name="{name}" Type="List">\n{inside}\t</Item>\n'


def render_second(found: list[tuple[int, Row | None]]) -> Reply:
    """Return XML of version 2: one DocumentSummary for each id."""
    text = ""
    for pmid, row in found:
        inside = tag("error", UNKNOWN) if row is None else document(describe(pmid, row))
        text += f'<DocumentSummary uid="{pmid}">{inside}</DocumentSummary>\n'
    body = f"{PROLOG}<!DOCTYPE eSummaryResult>\n<eSummaryResult>\n"
    body += '<DocumentSummarySet status="OK">\n<DbBuild>standin</DbBuild>\n'
    return Reply(f"{body}{text}</DocumentSummarySet>\n</eSummaryResult>\n".encode())


def document(said: dict) -> str:
    """Return the inside of a DocumentSummary."""
    authors = "".join(
        f"<Author>{tag('Name', a['name'])}{tag('AuthType', a['authtype'])}</Author>"
        for a in said["authors"]
    )
    ids = "".join(
        f"<ArticleId>{tag('IdType', i['idtype'])}{tag('IdTypeN', i['idtypen'])}"
        f"{tag('Value', i['value'])}</ArticleId>"
        for i in said["articleids"]
    )
    flags = "".join(f"<flag>{kind}</flag>" for kind in said["pubtype"])
    return (
        tag("PubDate", said["pubdate"])
        + tag("EPubDate", said["epubdate"])
        + tag("Source", said["source"])
        + f"<Authors>{authors}</Authors>"
        + "".join(
            tag(name, said[name.lower()])
            for name in ("LastAuthor", "Title", "SortTitle", "Volume", "Issue", "Pages")
        )
        + f"<PubType>{flags}</PubType><ArticleIds>{ids}</ArticleIds>"
        + tag("FullJournalName", said["fulljournalname"])
        + tag("ELocationID", said["elocationid"])
    )

"""esummary's replies: a record in short, as JSON and as XML of versions 1 and 2.

Keys, their order and their numbers are those of NCBI's replies for db=pubmed.
"""

import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from assay.dates import date_order
from assay.output.eutils import XML, Reply, render_json, render_xml
from assay.output.pubmed_xml_parts import ID_TYPES
from assay.output.xml_text import around, escape_xml, tag
from assay.record import Author, PartialDate, Record

MOST_JSON = 500
"""Records of one reply in JSON."""

TOO_MANY = (
    f"Too many UIDs in request. Maximum number of UIDs is {MOST_JSON} for JSON format "
    "output."
)
UNKNOWN = "cannot get document summary"

Found: TypeAlias = Sequence[tuple[str, Record | None]]
"""Ids as they were asked for, each with its record; None where there is none."""

Summary: TypeAlias = dict[str, object]

_STATUSES = {
    "MEDLINE": "PubMed - indexed for MEDLINE",
    "Publisher": "PubMed - as supplied by publisher",
    "In-Process": "PubMed - in process",
    "OLDMEDLINE": "PubMed - OLDMEDLINE",
}
_PUBLISHED = {"ppublish": "256", "epublish": "3", "aheadofprint": "10"}
_ID_NUMBERS = {"pubmed": 1, "doi": 3, "pii": 4, "pmcid": 5, "pmc": 8}
_LANGUAGES = {
    "chi": "Chinese", "cze": "Czech", "dan": "Danish", "dut": "Dutch", "eng": "English",
    "fin": "Finnish", "fre": "French", "ger": "German", "gre": "Greek, Modern",
    "heb": "Hebrew", "hun": "Hungarian", "ita": "Italian", "jpn": "Japanese",
    "kor": "Korean", "nor": "Norwegian", "per": "Persian", "pol": "Polish",
    "por": "Portuguese", "rum": "Romanian", "rus": "Russian", "spa": "Spanish",
    "swe": "Swedish", "tur": "Turkish", "ukr": "Ukrainian",
}  # fmt: skip
"""Names of MARC's codes; version 1 writes them out. Others stand as their codes."""
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def render_json_summaries(found: Found) -> Reply:
    """Return the JSON reply; who asks for more than MOST_JSON is to be refused."""
    result: dict[str, object] = {"uids": [uid for uid, _ in found]}
    for uid, record in found:
        unknown = {"uid": uid, "error": UNKNOWN}
        result[uid] = describe(record, uid) if record else unknown
    return render_json("esummary", "result", result)


def render_summaries(found: Found) -> Reply:
    """Return the XML reply of version 1; an unknown id has an ERROR in its place."""
    parts = "".join(
        _first(describe(record, uid), record)
        if record
        else f"\t{tag('ERROR', f'Invalid uid {uid} at position=0')}\n"
        for uid, record in found
    )
    return render_xml("eSummaryResult", f"\n{parts}")


def render_second_summaries(found: Found) -> Reply:
    """Return the XML reply of version 2.0, which has no DTD here."""
    parts = "".join(
        around(
            "DocumentSummary",
            _second(describe(record, uid)) if record else tag("error", UNKNOWN),
            uid=uid,
        )
        + "\n"
        for uid, record in found
    )
    summaries = around("DocumentSummarySet", f"\n{parts}", status="OK")
    text = (
        '<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE eSummaryResult>\n'
        f"<eSummaryResult>\n{summaries}\n</eSummaryResult>\n"
    )
    return Reply((text.encode(),), XML)


def describe(record: Record, uid: str) -> Summary:
    """Return a record in short, with the keys of the JSON reply in their order."""
    names = _people(record)
    printed = next(iter(record.dates), PartialDate(record.year or 0))
    electronic = next((d for d in record.dates if "Electronic" in d.origin), None)
    book = record.book_title
    chapter = book and record.title != book
    return {
        "uid": uid,
        "pubdate": say_date(printed),
        "epubdate": say_date(electronic),
        "source": record.journal_abbreviation,
        "authors": [
            {"name": name, "authtype": kind, "clusterid": ""} for name, kind in names
        ],
        "lastauthor": names[-1][0] if names else "",
        "title": record.title,
        "sorttitle": _sorted_by(record.title),
        "volume": record.volume,
        "issue": record.issue,
        "pages": record.pages,
        "lang": list(record.languages),
        "nlmuniqueid": record.nlm_id,
        "issn": record.issn,
        "essn": "",
        "pubtype": list(record.publication_types),
        "recordstatus": _STATUSES.get(record.status, "PubMed"),
        "pubstatus": _PUBLISHED.get(record.publication_status, "0"),
        "articleids": _ids(record, uid),
        "history": _history(record),
        "references": _notices(record),
        "attributes": ["Has Abstract"] if record.abstract else [],
        "pmcrefcount": "",
        "fulljournalname": record.journal,
        "elocationid": f"doi: {record.doi}" if record.doi else "",
        "doctype": "chapter" if chapter else "book" if book else "citation",
        **_book(record),
        "sortpubdate": f"{_slashed(printed)} 00:00" if printed.year else "",
        "sortfirstauthor": names[0][0] if names else "",
        "vernaculartitle": record.vernacular_title,
    }


def say_date(date: PartialDate | None) -> str:
    """Return a date as NCBI says it, as precise as it is known; "" for none.

    >>> say_date(PartialDate(2021, 3, 4)), say_date(PartialDate(1998, text="1998 Dec-"))
    ('2021 Mar 4', '1998 Dec-')
    """
    if date is None or not (date.year or date.text):
        return ""
    if date.text:
        return date.text
    month = _MONTHS[date.month - 1] if 1 <= date.month <= 12 else ""
    day = str(date.day) if month and date.day else ""
    return " ".join(filter(None, (str(date.year), month, day)))


def say_place(said: Summary) -> str:
    """Return where it was published, as "2021 Mar;7(2):188-91"."""
    issue = f"({said['issue']})" if said["issue"] else ""
    pages = f":{said['pages']}" if said["pages"] else ""
    return f"{said['pubdate']};{said['volume']}{issue}{pages}"


def name_of(author: Author) -> str:
    """Return an author as a citation has it: "Roe JA Jr", or the group's name."""
    if author.collective:
        return author.collective
    initials = author.initials or "".join(w[0] for w in author.fore_name.split())
    return " ".join(filter(None, (author.last_name, initials, author.suffix)))


def _people(record: Record) -> list[tuple[str, str]]:
    return [
        (name_of(a), "CollectiveName" if a.collective else "Author")
        for a in record.authors
        if a.valid
    ]


def _sorted_by(title: str) -> str:
    plain = re.sub(r"[^\w ]+", "", title.lower())
    return re.sub(r"^(?:the|an?) ", "", plain)


def _ids(record: Record, uid: str) -> list[dict[str, object]]:
    found = {"pubmed": uid}
    for each in record.identifiers:
        if each.valid and each.type in ID_TYPES - {"pubmed"}:
            found.setdefault(each.type, each.value)
    if record.doi:
        found["doi"] = record.doi
    if record.pmcid:
        found["pmc"] = record.pmcid
        found["pmcid"] = f"pmc-id: {record.pmcid};"
    return [
        {"idtype": kind, "idtypen": _ID_NUMBERS.get(kind, 0), "value": value}
        for kind, value in found.items()
    ]


def _history(record: Record) -> list[dict[str, object]]:
    """Return the days of its history; times of day are not known, so 00:00."""
    return [
        {
            "pubstatus": date.origin.removeprefix("History:"),
            "date": f"{_slashed(date)} 00:00",
        }
        for date in record.dates
        if date.origin.startswith("History:") and date.year
    ]


def _slashed(date: PartialDate) -> str:
    return "{:04}/{:02}/{:02}".format(*date_order(date))


def _notices(record: Record) -> list[dict[str, object]]:
    return [
        {
            "refsource": link.source,
            "reftype": link.ref_type,
            "pmid": link.pmid,
            "note": link.note,
        }
        for link in record.corrections
    ]


def _book(record: Record) -> Summary:
    """Return the keys that speak of books; all but the lists are texts."""
    return {
        "srccontriblist": [],
        "booktitle": record.book_title,
        "medium": "",
        "edition": "",
        "publisherlocation": "",
        "publishername": record.publisher,
        "srcdate": "",
        "reportnumber": "",
        "availablefromurl": "",
        "locationlabel": "",
        "doccontriblist": [],
        "docdate": "",
        "bookname": "",
        "chapter": "",
    }


# --- XML -----------------------------------------------------------------------------


def _first(said: Summary, record: Record) -> str:
    ids = ((str(i["idtype"]), i["value"]) for i in _ids(record, str(said["uid"])))
    days = ((str(d["pubstatus"]), d["date"]) for d in _history(record))
    languages = (_LANGUAGES.get(code, code) for code in record.languages)
    items = (
        _item("PubDate", said["pubdate"], "Date"),
        _item("EPubDate", said["epubdate"], "Date"),
        _item("Source", said["source"]),
        _items("AuthorList", (("Author", name) for name, _ in _people(record))),
        _item("LastAuthor", said["lastauthor"]),
        _item("Title", said["title"]),
        _item("Volume", said["volume"]),
        _item("Issue", said["issue"]),
        _item("Pages", said["pages"]),
        _items("LangList", (("Lang", name) for name in languages)),
        _item("NlmUniqueID", said["nlmuniqueid"]),
        _item("ISSN", said["issn"]),
        _item("ESSN", said["essn"]),
        _items("PubTypeList", (("PubType", n) for n in record.publication_types)),
        _item("RecordStatus", said["recordstatus"]),
        _item("PubStatus", record.publication_status),
        _items("ArticleIds", ids),
        _items("History", days, "Date"),
        _items("References", ()),
        _item("HasAbstract", int(bool(record.abstract)), "Integer"),
        _item("PmcRefCount", 0, "Integer"),
        _item("FullJournalName", said["fulljournalname"]),
        _item("ELocationID", said["elocationid"]),
        _item("SO", say_place(said)),
    )
    return f"<DocSum>\n\t{tag('Id', said['uid'])}\n{''.join(items)}</DocSum>\n\n"


def _item(name: str, value: object, kind: str = "String") -> str:
    shown = escape_xml(str(value))
    return f'\t<Item Name="{escape_xml(name)}" Type="{kind}">{shown}</Item>\n'


def _items(
    name: str, values: Iterable[tuple[str, object]], kind: str = "String"
) -> str:
    inside = "".join(f"\t{_item(each, value, kind)}" for each, value in values)
    break_ = "\n" if inside else ""
    return f'\t<Item Name="{name}" Type="List">{break_}{inside}\t</Item>\n'


_SECOND = {
    "pubdate": "PubDate", "epubdate": "EPubDate", "source": "Source",
    "authors": "Authors", "lastauthor": "LastAuthor", "title": "Title",
    "sorttitle": "SortTitle", "volume": "Volume", "issue": "Issue", "pages": "Pages",
    "lang": "Lang", "nlmuniqueid": "NlmUniqueID", "issn": "ISSN", "essn": "ESSN",
    "pubtype": "PubType", "recordstatus": "RecordStatus", "pubstatus": "PubStatus",
    "articleids": "ArticleIds", "history": "History", "references": "References",
    "attributes": "Attributes", "pmcrefcount": "PmcRefCount",
    "fulljournalname": "FullJournalName", "elocationid": "ELocationID",
    "doctype": "DocType", "booktitle": "BookTitle", "publishername": "PublisherName",
    "sortpubdate": "SortPubDate", "sortfirstauthor": "SortFirstAuthor",
    "vernaculartitle": "VernacularTitle",
}  # fmt: skip
"""Elements of version 2.0, in order, by the keys of the JSON reply."""

_INSIDE = {
    "lang": "string", "pubtype": "flag", "attributes": "flag", "authors": "Author",
    "articleids": "ArticleId", "history": "PubMedPubDate", "references": "Reference",
}  # fmt: skip
_KEYS = {
    "name": "Name", "authtype": "AuthType", "clusterid": "ClusterID",
    "idtype": "IdType", "idtypen": "IdTypeN", "value": "Value",
    "pubstatus": "PubStatus", "date": "Date", "refsource": "RefSource",
    "reftype": "RefType", "pmid": "PMID", "note": "Note",
}  # fmt: skip


def _second(said: Summary) -> str:
    return "".join(_element(key, name, said[key]) for key, name in _SECOND.items())


def _element(key: str, name: str, value: object) -> str:
    if not isinstance(value, list):
        return tag(name, value)
    inside = "".join(_entry(_INSIDE[key], each) for each in value)
    return around(name, inside)


def _entry(name: str, value: object) -> str:
    if not isinstance(value, dict):
        return tag(name, value)
    return around(name, "".join(tag(_KEYS[key], text) for key, text in value.items()))

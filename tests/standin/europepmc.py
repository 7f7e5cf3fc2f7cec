"""A stand-in for Europe PMC's REST service 6.9: search, citations and references."""

import base64
import binascii
from dataclasses import replace
from functools import cached_property

from tests.standin.lucene import (
    QueryError,
    Value,
    has_words,
    holds,
    in_range,
    parse,
)
from tests.standin.records import Row
from tests.standin.replies import Reply, render_html
from tests.standin.services import Call, Service, cut_page, render_json
from tests.standin.works import FIRST, Work, iso, spaced, work_of

VERSION = "6.9"
LONGEST_TARGET = 12_000
BAD_SIZE = "Invalid page size provided. Valid size is between 1 and 1000"
BAD_QUERY = (
    "Invalid query provided. Please provide a query of between 1 and 1500 characters"
)
TEXTS = {
    "TITLE": ("ti", "book"), "ABSTRACT": ("ab",), "TITLE_ABS": ("ti", "book", "ab"),
    "AUTH": ("au", "cn"), "AUTH_FIRST": ("1au",), "AUTH_LAST": ("lastau",),
    "AUTHORID": ("auid",), "AFF": ("ad",), "DOI": ("aid",), "PMCID": ("aid",),
    "EXT_ID": ("pmid",), "PUB_TYPE": ("pt",), "JOURNAL": ("ta",), "ISSN": ("ta",),
    "ESSN": ("ta",), "VOLUME": ("vi",), "ISSUE": ("ip",), "PUB_YEAR": ("year",),
    "MESH": ("mh",), "KW": ("ot",), "CHEM": ("nm",), "LANG": ("la",),
    "GRANT_ID": ("gr",), "GRANT_AGENCY": ("gr",),
}  # fmt: skip
DATES = {
    "FIRST_PDATE": "dp", "E_PDATE": "epdat", "P_PDATE": "ppdat", "UPDATE_DATE": "lr",
    "FIRST_IDATE": "crdt", "INDEX_DATE": "crdt", "CREATION_DATE": "crdt",
}  # fmt: skip
YES_NO = {
    "HAS_ABSTRACT": "hasabstract", "OPEN_ACCESS": "pubmed pmc", "IN_PMC": "pubmed pmc",
    "IN_EPMC": "pubmed pmc", "HAS_FREE_FULLTEXT": "pubmed pmc", "HAS_FT": "pubmed pmc",
}  # fmt: skip
CITED_BEFORE = 2
"""Every record cites so many of those before it, and one that nobody has."""


class Entry:
    """One record, with its facts read when asked for."""

    def __init__(self, row: Row, place: int) -> None:
        self.row, self.place = row, place

    @cached_property
    def source(self) -> str:
        """PPR for preprints, else MED."""
        return "PPR" if "Preprint" in self.row.facts.texts.get("pt", ()) else "MED"

    @property
    def id(self) -> str:
        """The id within the source."""
        number = self.row.pmid
        return f"PPR{number - FIRST}" if self.source == "PPR" else str(number)

    @cached_property
    def work(self) -> Work:
        """The facts."""
        return work_of(self.row)

    def fits(self, field: str, value: Value) -> bool:
        """Return whether a clause of a query holds."""
        facts = self.row.facts
        if not field:
            return any(has_words(texts, value) for texts in facts.texts.values())
        if field == "SRC":
            return value.text.upper() == self.source
        if field in DATES:
            return in_range(facts.dates.get(DATES[field], ()), value)
        if field in YES_NO:
            return (YES_NO[field] in facts.filters) == (value.text.lower() == "y")
        if field == "EXT_ID":
            return value.text == self.id
        if field in {"PUB_YEAR"} and value.low:
            days = tuple(int(year) * 10000 for year in facts.texts.get("year", ()))
            return in_range(days, value)
        return any(
            has_words(facts.texts.get(part, []), value) for part in TEXTS.get(field, ())
        )  # a field that does not exist finds nothing, as on the wire


class Library:
    """What the service answers from."""

    def __init__(self, rows: list[Row]) -> None:
        self.entries = [Entry(row, place) for place, row in enumerate(rows)]
        self.known: dict[str, list[Entry]] = {}

    def find(self, query: str) -> list[Entry]:
        """Return the records that fit, newest first. Raises: QueryError."""
        if query not in self.known:
            tree = parse(query)
            found = [e for e in self.entries if holds(tree, e.fits)]
            self.known[query] = found[::-1]
        return self.known[query]

    def answer(self, call: Call) -> Reply:
        """Answer one request."""
        if call.method == "GET" and len(call.target) > LONGEST_TARGET:
            return render_html(414, "Request-URI Too Long", "Too long.")
        if call.program in {"search", "searchPOST"}:
            return self.search(call)
        source, _, rest = call.program.partition("/")
        number, _, kind = rest.partition("/")
        if kind in {"citations", "references"}:
            return self.links(call, source, number, kind)
        return render_html(404, "Not Found", "There is no such method.")

    def search(self, call: Call) -> Reply:
        """Answer a search: one page of it."""
        asked = call.params
        query = asked.get("query", "").strip()
        if not query:
            return error(BAD_QUERY)
        size = page_size(asked)
        if size is None:
            return error(BAD_SIZE)
        cursor = asked.get("cursorMark", "*")
        try:
            at, hits = read_cursor(cursor), self.find(query)
        except (QueryError, ValueError):
            return render_json({"version": VERSION})
        cut = cut_page(hits, at, size, call.lies)
        said: dict[str, object] = {"version": VERSION}
        if cut.total is not None:
            said["hitCount"] = cut.total
        if cut.next is not None:
            following = write_cursor(cut.next) if cut.rows or cut.next != at else cursor
            said["nextCursorMark"] = cursor if cut.next == at else following
            said["nextPageUrl"] = f"https://www.ebi.ac.uk/search?query={query}"
        kind = asked.get("resultType", "lite")
        said["request"] = {
            "queryString": query,
            "resultType": kind.upper(),
            "cursorMark": cursor,
            "pageSize": size,
            "sort": asked.get("sort", ""),
            "synonym": asked.get("synonym", "false") == "true",
        }
        said["resultList"] = {"result": [shown(row, kind) for row in cut.rows]}
        return render_json(said)

    def links(self, call: Call, source: str, number: str, kind: str) -> Reply:
        """Answer with the records that one cites, or that cite it."""
        own = [e for e in self.entries if (e.source, e.id) == (source, number)]
        size, page = page_size(call.params), int(call.params.get("page", "1"))
        if size is None or page < 1:
            return error(BAD_SIZE)
        rows: list[object] = []
        for entry in own:
            at, step = entry.place, CITED_BEFORE
            if kind == "references":
                near = self.entries[max(at - step, 0) : at]
                rows = [{"title": "A work that nobody has.", "citedOrder": 0}]
            else:
                near = self.entries[at + 1 : at + 1 + step]
            rows += [brief(other, n) for n, other in enumerate(near, 1)]
        cut = cut_page(rows, (page - 1) * size, size, call.lies)
        said: dict[str, object] = {"version": VERSION, "hitCount": cut.total or 0}
        said["request"] = {"id": number, "source": source, "page": page}
        one = kind.removesuffix("s")
        said[f"{one}List"] = {one: cut.rows}
        return render_json(said)


def error(message: str) -> Reply:
    """Return an error in the service's way: with status 200."""
    return render_json({"version": VERSION, "errCode": 404, "errMsg": message})


def page_size(params: dict[str, str]) -> int | None:
    """Return the page size asked for; None when it is none."""
    text = params.get("pageSize", "25")
    return int(text) if text.isdecimal() and 1 <= int(text) <= 1000 else None


def write_cursor(at: int) -> str:
    """Return an opaque cursor with the letters that real ones have."""
    return (
        "*" if at == 0 else "AoE+" + base64.b64encode(f"cursor {at}".encode()).decode()
    )


def read_cursor(text: str) -> int:
    """Return the place of a cursor. Raises: ValueError."""
    if text in {"*", "%2A"}:
        return 0
    try:
        inside = base64.b64decode(text.removeprefix("AoE+"), validate=True)
    except binascii.Error:
        raise ValueError(text) from None
    return int(inside.decode("latin-1").removeprefix("cursor "))


def shown(row: object, kind: str) -> object:
    """Return a row in the shape asked for; an unreadable one as it is."""
    if not isinstance(row, Entry):
        return row
    if kind == "idlist":
        return {"id": row.id, "source": row.source}
    whole = shape(row)
    if kind == "core":
        return whole
    names = ("id", "source", "pmid", "pmcid", "doi", "title", "pubYear")
    return {name: whole[name] for name in names if name in whole}


def brief(entry: Entry, order: int) -> dict[str, object]:
    """Return a record as a row of a list of citations or references."""
    work = entry.work
    return {
        "id": entry.id,
        "source": entry.source,
        "citationType": "journal article",
        "title": work.title,
        "authorString": authors(work),
        "journalAbbreviation": work.abbreviation,
        "pubYear": work.year,
        "volume": work.volume,
        "issue": work.issue,
        "pageInfo": work.pages,
        "citedByCount": 0,
        "citedOrder": order,
        "match": "Y",
    }


def authors(work: Work) -> str:
    """Return the authors as one text."""
    return ", ".join(person.short for person in work.people) + "."


def yes(value: object) -> str:
    """Return "Y" or "N"."""
    return "Y" if value else "N"


def shape(entry: Entry) -> dict[str, object]:
    """Return a whole row (resultType core); what is absent has no key."""
    work, preprint = entry.work, entry.source == "PPR"
    row: dict[str, object] = {
        "id": entry.id,
        "source": entry.source,
        "pmid": "" if preprint else str(work.pmid),
        "pmcid": work.pmc,
        "doi": work.doi,
        "title": work.title,
        "authorString": authors(work),
        "authorList": {"author": [person_of(p) for p in work.people]},
        "pubYear": str(work.year) if work.year else "",
        "pageInfo": work.pages,
        "abstractText": "".join(
            f"<h4>{label.capitalize()}</h4>{escaped(text)}" if label else escaped(text)
            for label, text in work.sections
        ),
        "publicationStatus": "ppublish",
        "language": work.language,
        "pubTypeList": {"pubType": work.types},
        "keywordList": {"keyword": work.keywords},
        "meshHeadingList": {"meshHeading": [heading_of(h) for h in work.headings]},
        "chemicalList": {
            "chemical": [{"name": n, "registryNumber": r} for n, r in work.chemicals]
        },
        "commentCorrectionList": {
            "commentCorrection": [link_of(entry, link) for link in work.links]
        },
        "isOpenAccess": yes(work.pmc),
        "inEPMC": yes(work.pmc),
        "inPMC": yes(work.pmc),
        "hasPDF": yes(work.pmc),
        "hasBook": "N",
        "citedByCount": 0,
        "hasReferences": "Y",
        "firstIndexDate": iso(work.created),
        "firstPublicationDate": work.iso_day,
    }
    if preprint:
        row["bookOrReportDetails"] = {"publisher": "Invented Preprints"}
    else:
        row["journalInfo"] = journal_of(work)
    if work.pmc:
        place = f"https://europepmc.org/articles/{work.pmc}"
        row["license"] = "cc by"
        row["fullTextUrlList"] = {"fullTextUrl": [url_of(place, "html")]}
    return {name: value for name, value in row.items() if filled(value)}


def filled(value: object) -> bool:
    """Return whether a value is to be sent: absent lists and texts have no key."""
    if isinstance(value, dict):
        return any(filled(inner) for inner in value.values())
    return value not in ("", [], None)


def escaped(text: str) -> str:
    """Return a text with its ampersands as HTML has them."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def person_of(person: object) -> dict[str, object]:
    """Return one author."""
    group = getattr(person, "group", "")
    if group:
        return {"collectiveName": group}
    said: dict[str, object] = {
        "fullName": person.short,
        "firstName": person.fore,
        "lastName": person.last,
        "initials": person.initials,
    }
    if person.orcid:
        said["authorId"] = {"type": "ORCID", "value": person.orcid}
    if person.places:
        places = [{"affiliation": place} for place in person.places]
        said["authorAffiliationDetailsList"] = {"authorAffiliation": places}
    return said


def heading_of(heading: tuple) -> dict[str, object]:
    """Return one MeSH heading."""
    name, major, qualifiers = heading
    said: dict[str, object] = {"majorTopic_YN": yes(major), "descriptorName": name}
    if qualifiers:
        said["meshQualifierList"] = {
            "meshQualifier": [
                {"qualifierName": q, "majorTopic_YN": yes(m)} for q, m in qualifiers
            ]
        }
    return said


def link_of(entry: Entry, link: tuple[str, str, str]) -> dict[str, object]:
    """Return one comment or correction."""
    kind, pmid, reference = link
    words = "Preprint of" if (entry.source, kind) == ("PPR", "UpdateIn") else ""
    return {
        "id": pmid,
        "source": "MED",
        "reference": reference,
        "type": words or spaced(kind),
        "orderIn": 1,
    }


def journal_of(work: Work) -> dict[str, object]:
    """Return journalInfo."""
    said = {
        "issue": work.issue,
        "volume": work.volume,
        "dateOfPublication": work.printed,
        "yearOfPublication": work.year,
        "journal": {
            "title": work.journal,
            "medlineAbbreviation": work.abbreviation,
            "isoabbreviation": work.abbreviation,
            "essn": work.issn,
        },
    }
    return {name: value for name, value in said.items() if filled(value)}


def url_of(place: str, style: str) -> dict[str, str]:
    """Return one place of an open full text."""
    return {
        "availability": "Open access",
        "availabilityCode": "OA",
        "documentStyle": style,
        "site": "Europe_PMC",
        "url": place,
    }


SERVICE = Service(
    base="/europepmc/webservices/rest/",
    make=lambda rows: Library(rows).answer,
    faults={
        "version-only": lambda reply, asked: render_json({"version": VERSION}),
        "error-in-200": lambda reply, asked: error(BAD_SIZE),
        "trouble-in-200": lambda reply, asked: replace(
            render_json({"version": VERSION, "errCode": 500, "errMsg": "Broken"}),
        ),
    },
)

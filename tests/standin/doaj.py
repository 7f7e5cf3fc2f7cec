"""A stand-in for DOAJ's search of articles (API v4): 100 a page, the first 1,000."""

from tests.standin.lucene import QueryError, has_words, holds, parse
from tests.standin.records import Row
from tests.standin.replies import Reply
from tests.standin.services import Call, Service, cut_page, render_json
from tests.standin.works import Person, work_of

LARGEST = 100
DEEPEST = 1_000
REFUSED = "(ref: 00000000-0000-0000-0000-000000000000)"
TEXTS = {
    "title": ("ti", "book"), "abstract": ("ab",), "doi": ("aid",), "issn": ("ta",),
    "journal": ("ta",), "publisher": ("pubn",), "keyword": ("ot",), "keywords": ("ot",),
}  # fmt: skip
WHERE = "articles/"


class Directory:
    """What the service answers from."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.known: dict[str, list[Row]] = {}

    def find(self, query: str) -> list[Row]:
        """Return the articles that fit, in the order of the set. Raises: QueryError."""
        if query not in self.known:
            tree = parse(query)
            self.known[query] = [row for row in self.rows if holds(tree, fits(row))]
        return self.known[query]

    def answer(self, call: Call) -> Reply:
        """Answer one request."""
        _, found, query = call.program.partition(WHERE)
        if not found:
            return render_json({"status": "not_found"}, 404)
        page = int(call.params.get("page", "1"))
        size = min(int(call.params.get("pageSize", "10")), LARGEST)
        if page * size > DEEPEST:
            return refuse(f"You cannot access results beyond {DEEPEST} records")
        if "*" in query or "~" in query:
            return refuse("Query contains disallowed Lucene features")
        try:
            hits = self.find(query)
        except QueryError:
            return refuse("Unable to parse the query")
        cut = cut_page(hits, (page - 1) * size, size, call.lies)
        said: dict[str, object] = {
            "page": page, "pageSize": size, "query": query,
            "timestamp": "2026-11-22T00:00:00.000000Z",
            "results": [r if isinstance(r, dict) else shown(r) for r in cut.rows],
        }  # fmt: skip
        if cut.total is not None:
            said["total"] = cut.total
        return render_json(said)


def refuse(why: str) -> Reply:
    """Return the refusal of a query."""
    return render_json({"status": "bad_request", "error": f"{why} {REFUSED}"}, 400)


def fits(row: Row):
    """Return the test of one article."""

    def test(field, value) -> bool:
        texts = row.facts.texts
        parts = TEXTS.get(field, ()) if field else tuple(texts)
        return any(has_words(texts.get(part, []), value) for part in parts)

    return test


def shown(row: Row) -> dict[str, object]:
    """Return one article as the service shows it."""
    work = work_of(row)
    ids = [{"type": "doi", "id": work.doi}] if work.doi else []
    ids += [{"type": "eissn", "id": work.issn}] if work.issn else []
    first, _, last = work.pages.partition("-")
    bib: dict[str, object] = {
        "title": work.title,
        "identifier": ids,
        "author": [author(person) for person in work.people],
        "journal": {
            "title": work.journal, "volume": work.volume, "number": work.issue,
            "country": "XX", "language": ["EN"], "publisher": "Invented Press",
            "issns": [work.issn] if work.issn else [],
        },
        "keywords": work.keywords,
        "start_page": first,
        "end_page": last,
        "subject": [{"scheme": "LCC", "code": "R", "term": "Medicine"}],
        "link": [
            {
                "type": "fulltext", "content_type": "HTML",
                "url": f"https://example.org/articles/{work.pmid}",
            }
        ],
    }  # fmt: skip
    if work.year:
        bib |= {"year": str(work.year), "month": str(work.day // 100 % 100 or 1)}
    if work.abstract:
        bib["abstract"] = work.abstract
    return {
        "id": f"{work.pmid:032x}",
        "created_date": "2026-01-01T00:00:00Z",
        "last_updated": "2026-01-01T00:00:00Z",
        "bibjson": bib,
    }


def author(person: Person) -> dict[str, object]:
    """Return one author as the service shows it."""
    name = person.group or f"{person.fore} {person.last}".strip()
    value: dict[str, object] = {"name": name}
    if person.places:
        value["affiliation"] = person.places[0]
    if person.orcid:
        value["orcid_id"] = person.orcid
    return value


SERVICE = Service(base="/api/", make=lambda rows: Directory(rows).answer)

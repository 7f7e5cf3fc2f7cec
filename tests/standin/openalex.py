"""A stand-in for OpenAlex: works by query, by id and by DOI, and the day's credits."""

import base64
import binascii
from dataclasses import replace
from functools import cached_property

from tests.standin.lucene import QueryError, Value, has_words, holds, parse
from tests.standin.records import Row
from tests.standin.replies import HTML, Reply, render_html
from tests.standin.services import Call, Service, cut_page, render_json
from tests.standin.works import Work, work_of

PARAMETERS = frozenset(
    """
    apc_sum api-key api_key cited_by_count_sum cursor data_version filter format
    include_xpac group_by mailto page per_page per-page q sample seed search select sort
    warm
    """.split()
)
FIELDS = frozenset(
    """
    id doi title display_name publication_year publication_date ids language
    primary_location type indexed_in open_access authorships cited_by_count biblio
    is_retracted is_paratext mesh keywords locations best_oa_location referenced_works
    related_works abstract_inverted_index updated_date created_date relevance_score
    """.split()
)
WITHOUT_KEY, WITH_KEY = 1_000, 10_000
SECONDS_LEFT = 54_000
"""Until midnight, whatever the time: fifteen hours."""
FREE, OF_LIST, OF_WORDS = 0, 1, 10
TYPES = {
    "Preprint": "preprint",
    "Review": "review",
    "Letter": "letter",
    "Editorial": "editorial",
    "Published Erratum": "erratum",
}
LANGUAGES = {"eng": "en", "ger": "de", "fre": "fr", "spa": "es", "chi": "zh"}
CITED_BEFORE = 2
"""Every work cites so many of those before it."""
NOISE = 5
"""The abstract of every fifth work begins with the word Abstract."""
MOVED = "W1"
"""In place of the W of a work's id: where it stood before it was merged."""
NOT_FOUND = (
    "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n"
    "<h1>Not Found</h1>\n<p>The requested URL was not found on the server. If you "
    "entered the URL manually please check your spelling and try again.</p>\n"
)


class RefusedError(Exception):
    """A request that is answered with 400."""


class Entry:
    """One record, with its facts read when asked for."""

    def __init__(self, row: Row, before: list[str], after: list[str]) -> None:
        self.row, self.before, self.after = row, before, after

    @property
    def id(self) -> str:
        """The id, without the address."""
        return f"W{self.row.pmid}"

    @cached_property
    def work(self) -> Work:
        """The facts."""
        return work_of(self.row)

    @cached_property
    def doi(self) -> str:
        """The DOI; "" for none."""
        found = self.row.facts.texts.get("aid", [])
        return next((one.lower() for one in found if one.startswith("10.")), "")

    @property
    def retracted(self) -> bool:
        """Whether the flag is set."""
        types = self.row.facts.texts.get("pt", ())
        return "Retracted Publication" in types

    @property
    def kind(self) -> str:
        """OpenAlex's type."""
        found = (TYPES.get(t) for t in self.row.facts.texts.get("pt", ()))
        return next(filter(None, found), "article")

    def has(self, parts: tuple[str, ...], value: Value) -> bool:
        """Return whether one of the parts has the words."""
        texts = self.row.facts.texts
        return any(has_words(texts.get(part, []), value) for part in parts)


def searches(*parts: str):
    """Return the test of a filter that looks for words in these parts."""

    def test(entry: Entry, asked: str) -> bool:
        try:
            tree = parse(asked)
        except QueryError as error:
            raise RefusedError(f"the search cannot be read: {error}") from None
        return holds(tree, lambda _, value: entry.has(parts, value))

    return test


def day_of(text: str) -> int:
    digits = text.replace("-", "")
    if len(digits) != 8 or not digits.isdecimal():
        raise RefusedError(f"{text} is not a valid date.")
    return int(digits)


def says(wanted: bool, asked: str) -> bool:
    return wanted == (asked == "true")


TITLE, TEXT = ("ti", "book"), ("ti", "book", "ab")
FILTERS = {
    "title.search": searches(*TITLE),
    "title.search.exact": searches(*TITLE),
    "title_and_abstract.search": searches(*TEXT),
    "title_and_abstract.search.exact": searches(*TEXT),
    "abstract.search": searches("ab"),
    "default.search": searches(*TEXT),
    "default.search.exact": searches(*TEXT),
    "doi": lambda entry, asked: entry.doi == asked.lower().removeprefix(DOI_ORG),
    "ids.pmid": lambda entry, asked: str(entry.row.pmid) == asked,
    "pmid": lambda entry, asked: str(entry.row.pmid) == asked,
    "openalex": lambda entry, asked: entry.id == asked.rpartition("/")[2],
    "cites": lambda entry, asked: asked in entry.before,
    "cited_by": lambda entry, asked: asked in entry.after,
    "from_publication_date": lambda entry, asked: any(
        day >= day_of(asked) for day in entry.row.facts.dates.get("dp", ())
    ),
    "to_publication_date": lambda entry, asked: any(
        day <= day_of(asked) for day in entry.row.facts.dates.get("dp", ())
    ),
    "publication_year": lambda entry, asked: (
        asked in entry.row.facts.texts.get("year", ())
    ),
    "type": lambda entry, asked: entry.kind == asked,
    "is_retracted": lambda entry, asked: says(entry.retracted, asked),
    "is_paratext": lambda entry, asked: says(False, asked),
    "has_abstract": lambda entry, asked: says(
        "hasabstract" in entry.row.facts.filters, asked
    ),
    "open_access.is_oa": lambda entry, asked: says(
        "pubmed pmc" in entry.row.facts.filters, asked
    ),
    "language": lambda entry, asked: (
        asked in [LANGUAGES.get(la, la) for la in entry.row.facts.texts.get("la", ())]
    ),
    "authorships.author.orcid": lambda entry, asked: entry.has(
        ("auid",), Value(asked.rpartition("/")[2], phrase=True)
    ),
}
ORDERS = {
    "": None,
    "relevance_score:desc": None,
    "publication_date:desc": lambda e: -max(e.row.facts.dates.get("dp", ()), default=0),
}
DOI_ORG = "https://doi.org/"


class Library:
    """What the service answers from."""

    def __init__(self, rows: list[Row], budget: int | None = None) -> None:
        ids = [f"W{row.pmid}" for row in rows]
        self.entries = [
            Entry(
                row,
                ids[max(at - CITED_BEFORE, 0) : at],
                ids[at + 1 : at + 1 + CITED_BEFORE],
            )
            for at, row in enumerate(rows)
        ]
        self.budget = budget
        self.used: dict[str, int] = {}
        """Credits by key, "" for those without one."""

    def answer(self, call: Call) -> Reply:
        """Answer one request and charge it."""
        key = call.params.get("api_key", "")
        if key.startswith("bad"):
            said = {"error": "Invalid API key", "message": f"API key {key} is invalid"}
            return render_json(said, 401)
        cost = cost_of(call)
        limit = self.budget or (WITH_KEY if key else WITHOUT_KEY)
        left = limit - self.used.get(key, 0)
        if cost > left:
            return charged(spent(cost), 0, limit, left)
        try:
            reply = self.open(call)
        except RefusedError as error:
            name = "Invalid query parameters error."
            reply = render_json({"error": name, "message": str(error)}, 400)
        if reply.status >= 400:
            cost = 0
        self.used[key] = self.used.get(key, 0) + cost
        return charged(reply, cost, limit, left - cost)

    def open(self, call: Call) -> Reply:
        """Answer one request that is paid for."""
        unknown = sorted(set(call.params) - PARAMETERS)
        if unknown:
            known = ", ".join(sorted(PARAMETERS))
            raise RefusedError(
                f"{unknown[0]} is not a valid parameter. Valid parameters are: {known}."
            )
        if call.program == "works":
            return self.works(call)
        kind, _, one = call.program.partition("/")
        if kind != "works":
            return not_found()
        if one.startswith(MOVED) and not self.find(one):
            return moved(one)
        found = self.find(one)
        return render_json(selected(shape(found), call)) if found else not_found()

    def find(self, one: str) -> Entry | None:
        """Return the work with an id in any of its forms."""
        name = one.removeprefix("https://openalex.org/").removeprefix(DOI_ORG)
        kind, _, value = name.partition(":")
        if kind not in {"doi", "pmid"}:
            kind, value = "doi" if name.startswith("10.") else "openalex", name
        return next((e for e in self.entries if FILTERS[kind](e, value)), None)

    def works(self, call: Call) -> Reply:
        """Answer with one page of works."""
        asked = call.params
        size = size_of(asked)
        hits = self.hits(asked)
        if "cursor" in asked and "page" in asked:
            raise RefusedError("Cannot use both page and cursor parameters.")
        page = int(asked.get("page", "1"))
        if page * size > 10_000:
            raise RefusedError(
                "Maximum results size of 10,000 records is exceeded. Cursor pagination "
                "is required for records beyond 10,000."
            )
        at = read_cursor(asked["cursor"]) if "cursor" in asked else (page - 1) * size
        cut = cut_page(hits, at, size, call.lies)
        meta: dict[str, object] = {"db_response_time_ms": 9, "groups_count": None}
        if cut.total is not None:
            meta["count"] = cut.total
        meta |= {"page": None if "cursor" in asked else page, "per_page": size}
        if "cursor" in asked:
            over = cut.next is None or len(hits[at : at + size]) < size
            meta["next_cursor"] = None if over else write_cursor(cut.next or 0)
        meta["cost_usd"] = cost_of(call) / 10_000
        rows = [selected(shape(row), call) for row in cut.rows]
        return render_json({"meta": meta, "results": rows, "group_by": []})

    def hits(self, asked: dict[str, str]) -> list[Entry]:
        """Return the works that all filters fit."""
        found = self.entries
        filters = [part for part in asked.get("filter", "").split(",") if part]
        if "search" in asked:
            filters.append(f"default.search:{asked['search']}")
        for part in filters:
            name, _, value = part.partition(":")
            if name not in FILTERS:
                raise RefusedError(
                    f"{name} is not a valid field. Valid fields are "
                    f"underscore or hyphenated versions of: {', '.join(FILTERS)}"
                )
            values = value.removeprefix("!").split("|")
            if len(values) > 100:
                raise RefusedError("Maximum number of values exceeded for one filter.")
            wanted = not value.startswith("!")
            test = FILTERS[name]
            found = [e for e in found if any(test(e, v) for v in values) == wanted]
        order = asked.get("sort", "")
        if order not in ORDERS:
            raise RefusedError(f"Sort {order} is not valid.")
        return sorted(found, key=ORDERS[order]) if ORDERS[order] else found


def cost_of(call: Call) -> int:
    """Return the credits that a request costs."""
    if call.program != "works":
        return OF_LIST if "https:/" in call.program else FREE
    words = "search" in call.params or ".search" in call.params.get("filter", "")
    return OF_WORDS if words else OF_LIST


def charged(reply: Reply, cost: int, limit: int, left: int) -> Reply:
    """Return a reply with the headers that tell about credits."""
    said = {
        "X-RateLimit-Limit": limit,
        "X-RateLimit-Remaining": left,
        "X-RateLimit-Credits-Used": cost,
        "X-RateLimit-Reset": SECONDS_LEFT,
        "X-RateLimit-Limit-USD": limit / 10_000,
        "X-RateLimit-Cost-USD": cost / 10_000,
    }
    for name, value in said.items():
        reply = reply.with_header(name, str(value))
    return reply


def spent(cost: int = OF_LIST) -> Reply:
    """Return what is said when the day's credits do not cover a request."""
    said = {
        "error": "Rate limit exceeded",
        "message": "Insufficient budget. Add credits or wait for the daily reset.",
    }
    reply = render_json(said, 429).with_header("Retry-After", str(SECONDS_LEFT))
    return reply.with_header("X-RateLimit-Cost-Required-USD", str(cost / 10_000))


def not_found() -> Reply:
    """Return 404 as Flask writes it, in HTML."""
    return Reply(NOT_FOUND.encode(), HTML, 404, wire="sized")


def moved(one: str) -> Reply:
    """Return where a merged work stands now."""
    reply = render_html(301, "Moved Permanently", "It was merged.")
    return reply.with_header("Location", f"/works/W{one.removeprefix(MOVED)}")


def size_of(asked: dict[str, str]) -> int:
    """Return the page size. Raises: RefusedError."""
    text = asked.get("per-page") or asked.get("per_page") or "25"
    if not text.isdecimal() or not 1 <= int(text) <= 200:
        raise RefusedError("per-page parameter must be between 1 and 200.")
    return int(text)


def write_cursor(at: int) -> str:
    """Return an opaque cursor."""
    return base64.b64encode(f"[{at}, 'cursor']".encode()).decode()


def read_cursor(text: str) -> int:
    """Return the place of a cursor. Raises: RefusedError."""
    if text == "*":
        return 0
    try:
        inside = base64.b64decode(text, validate=True).decode("latin-1")
        return int(inside[1:].partition(",")[0])
    except (binascii.Error, ValueError):
        raise RefusedError("Cursor value is invalid.") from None


def selected(row: object, call: Call) -> object:
    """Return a row with the fields asked for. Raises: RefusedError."""
    wanted = [name for name in call.params.get("select", "").split(",") if name]
    unknown = [name for name in wanted if name not in FIELDS]
    if unknown:
        raise RefusedError(
            f"{unknown[0]} is not a valid select field. Valid fields for select are: "
            f"{', '.join(sorted(FIELDS))}."
        )
    if not wanted or not isinstance(row, dict) or "unreadable" in row:
        return row
    return {name: row[name] for name in wanted if name in row}


def shape(entry: object) -> object:
    """Return a whole work; what is not known is null."""
    if not isinstance(entry, Entry):
        return entry
    work = entry.work
    doi = DOI_ORG + entry.doi if entry.doi else None
    address = f"https://openalex.org/{entry.id}"
    ids = {"openalex": address, "pmid": f"https://pubmed.ncbi.nlm.nih.gov/{work.pmid}"}
    if doi:
        ids["doi"] = doi
    if work.pmc:
        number = work.pmc.removeprefix("PMC")
        ids["pmcid"] = f"https://www.ncbi.nlm.nih.gov/pmc/articles/{number}"
    first, _, last = work.pages.partition("-")
    place, copy = location(entry), repository(work)
    return {
        "id": address,
        "doi": doi,
        "title": work.title or None,
        "display_name": work.title or None,
        "publication_year": work.year or None,
        "publication_date": work.iso_day or None,
        "ids": ids,
        "language": LANGUAGES.get(work.language, work.language),
        "primary_location": place,
        "type": entry.kind,
        "indexed_in": ["crossref", "pubmed"] if doi else ["pubmed"],
        "open_access": {
            "is_oa": bool(work.pmc),
            "oa_status": "green" if work.pmc else "closed",
            "oa_url": copy["landing_page_url"] if copy else None,
        },
        "authorships": [authorship(person) for person in work.people],
        "cited_by_count": 0,
        "biblio": {
            "volume": work.volume or None,
            "issue": work.issue or None,
            "first_page": first or None,
            "last_page": last or first or None,
        },
        "is_retracted": entry.retracted,
        "is_paratext": False,
        "mesh": [row for heading in work.headings for row in headings(heading)],
        "keywords": [
            {"id": "", "display_name": k, "score": 0.5} for k in work.keywords
        ],
        "locations": [one for one in (place, copy) if one],
        "best_oa_location": copy,
        "referenced_works": [f"https://openalex.org/{one}" for one in entry.before],
        "related_works": [],
        "abstract_inverted_index": inverted(work),
        "updated_date": "2026-08-01T00:00:00.000000",
        "created_date": "2025-01-01",
    }


def location(entry: Entry) -> dict[str, object] | None:
    """Return where the work was published."""
    work = entry.work
    if not work.journal:
        return None
    preprint = entry.kind == "preprint"
    return {
        "is_oa": False,
        "landing_page_url": DOI_ORG + entry.doi if entry.doi else None,
        "pdf_url": None,
        "source": {
            "id": "https://openalex.org/S1",
            "display_name": work.journal,
            "issn_l": work.issn or None,
            "issn": [work.issn] if work.issn else None,
            "host_organization_name": "Invented Publishers",
            "type": "repository" if preprint else "journal",
        },
        "license": None,
        "version": "submittedVersion" if preprint else "publishedVersion",
    }


def repository(work: Work) -> dict[str, object] | None:
    """Return the open copy of a work that has one."""
    if not work.pmc:
        return None
    page = f"https://www.ncbi.nlm.nih.gov/pmc/articles/{work.pmc}"
    return {
        "is_oa": True,
        "landing_page_url": page,
        "pdf_url": f"{page}/pdf",
        "source": {"id": "", "display_name": "PubMed Central", "type": "repository"},
        "license": "cc-by",
        "version": "acceptedVersion",
    }


def authorship(person) -> dict[str, object]:
    """Return one author; a group has a name only."""
    name = person.group or f"{person.fore} {person.last}".strip()
    orcid = f"https://orcid.org/{person.orcid}" if person.orcid else None
    return {
        "author_position": "middle",
        "author": {"id": "", "display_name": name, "orcid": orcid},
        "institutions": [],
        "raw_author_name": name,
        "raw_affiliation_strings": list(person.places),
    }


def headings(heading: tuple) -> list[dict[str, object]]:
    """Return a heading as rows: one for itself or one for each qualifier."""
    name, major, qualifiers = heading
    return [
        {
            "descriptor_ui": f"D{name}",
            "descriptor_name": name,
            "qualifier_ui": "" if qualifier is None else f"Q{qualifier}",
            "qualifier_name": qualifier,
            "is_major_topic": star,
        }
        for qualifier, star in qualifiers or [(None, major)]
    ]


def inverted(work: Work) -> dict[str, list[int]] | None:
    """Return the abstract as an index of its words; null when there is none."""
    if not work.sections:
        return None
    noise = "Abstract " if work.pmid % NOISE == 0 else ""
    index: dict[str, list[int]] = {}
    for at, word in enumerate(f"{noise}{work.abstract}".split()):
        index.setdefault(word, []).append(at)
    return index


def make_service(budget: int | None = None) -> Service:
    """Return the service with so many credits a day; None for what it really gives."""
    return Service(
        base="/",
        make=lambda rows: Library(rows, budget).answer,
        faults={
            "spent-429": lambda reply, asked: charged(spent(), 0, WITHOUT_KEY, 0),
            "busy-503": lambda reply, asked: replace(
                render_json({"error": "busy"}, 503)
            ).with_header("Retry-After", asked.fault_value or "30"),
            "rate-limit-429": lambda reply, asked: render_json(
                {"error": "Rate limit exceeded", "message": "Too many requests."}, 429
            ),
        },
    )


SERVICE = make_service()

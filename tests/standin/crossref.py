"""A stand-in for Crossref: works by words and by DOI, in its pools of July 2026."""

import time
from collections import deque
from dataclasses import replace
from functools import cached_property
from itertools import count

from tests.standin.records import Row, split_words
from tests.standin.replies import JSON, Reply
from tests.standin.services import Call, Service, cut_page, render_json, render_text
from tests.standin.works import Work, work_of

PARAMETERS = frozenset(
    "rows offset cursor select sort order sample facet filter mailto query".split()
)
QUERIES = frozenset(
    """
    query.bibliographic query.title query.author query.container-title query.editor
    query.affiliation
    """.split()
)
SELECTABLE = frozenset(
    """
    DOI title subtitle original-title abstract type subtype published published-print
    published-online issued author editor container-title short-container-title ISSN
    publisher volume issue page language reference update-to updated-by relation
    created score
    """.split()
)
PAIRS = {  # RefType of a record → Crossref's type, and on which side it stands
    "RetractionIn": ("retraction", "updated-by"),
    "RetractionOf": ("retraction", "update-to"),
    "ErratumIn": ("correction", "updated-by"),
    "ErratumFor": ("correction", "update-to"),
    "ExpressionOfConcernIn": ("expression_of_concern", "updated-by"),
    "ExpressionOfConcernFor": ("expression_of_concern", "update-to"),
}
PARTNERS = {
    "RetractionIn": "RetractionOf",
    "ErratumIn": "ErratumFor",
    "ExpressionOfConcernIn": "ExpressionOfConcernFor",
}
LIMITS = {  # starts a second, at a time
    "public-array": (1, 1), "public-single": (5, 1),
    "polite-array": (3, 3), "polite-single": (10, 3),
}  # fmt: skip
CITED_BEFORE = 2
LANGUAGES = {"eng": "en", "ger": "de", "fre": "fr", "spa": "es", "chi": "zh"}
WITHOUT_ABSTRACT = 2
"""Publishers of every second work keep the abstract to themselves."""


class RefusedError(Exception):
    """A request that is answered with 400: (type, value, message)."""


class Entry:
    """One work with a DOI, its facts read when asked for."""

    def __init__(self, row: Row, doi: str) -> None:
        self.row, self.doi = row, doi
        self.before: list[str] = []

    @cached_property
    def work(self) -> Work:
        """The facts."""
        return work_of(self.row)

    @cached_property
    def words(self) -> frozenset[str]:
        """What query.bibliographic looks in: titles, names, journal, years."""
        texts = self.row.facts.texts
        parts = ("ti", "book", "au", "cn", "ta", "year")
        said = " ".join(text for part in parts for text in texts.get(part, ()))
        return frozenset(split_words(said))

    @property
    def preprint(self) -> bool:
        """Whether it was posted and not published."""
        return "Preprint" in self.row.facts.texts.get("pt", ())

    @property
    def kind(self) -> str:
        """Crossref's type."""
        return "posted-content" if self.preprint else "journal-article"

    @property
    def day(self) -> int:
        """The earliest day of publication; 0 when unknown."""
        return min(self.row.facts.dates.get("dp", ()), default=0)


def doi_of(row: Row) -> str:
    """Return a record's DOI; "" for none."""
    found = row.facts.texts.get("aid", [])
    return next((one.lower() for one in found if one.startswith("10.")), "")


class Library:
    """What the service answers from, and how far each list was read."""

    def __init__(self, rows: list[Row], *, enforce_rate: bool, scroll: bool) -> None:
        self.by_doi: dict[str, Entry] = {}
        self.by_pmid: dict[str, Entry] = {}
        before: list[str] = []
        for row in rows:
            doi = doi_of(row)
            if doi and doi not in self.by_doi:
                entry = Entry(row, doi)
                entry.before = before[-CITED_BEFORE:]
                before.append(doi)
                self.by_doi[doi] = self.by_pmid[str(row.pmid)] = entry
        self.enforce_rate, self.scroll = enforce_rate, scroll
        self.places: dict[str, int] = {}
        self.tickets = count(1)
        self.starts: dict[str, deque[float]] = {}

    def answer(self, call: Call) -> Reply:
        """Answer one request in its pool."""
        polite = "mailto" in call.params or "mailto:" in call.headers.get(
            "user-agent", ""
        )
        kind = "array" if call.program == "works" else "single"
        pool = f"{'polite' if polite else 'public'}-{kind}"
        try:
            reply = self.too_fast(pool) or self.open(call)
        except RefusedError as error:
            reply = refused(*error.args)
        most, at_a_time = LIMITS[pool]
        for name, value in (
            ("x-api-pool", pool),
            ("x-rate-limit-limit", most),
            ("x-rate-limit-interval", "1s"),
            ("x-concurrency-limit", at_a_time),
        ):
            reply = reply.with_header(name, str(value))
        return reply

    def too_fast(self, pool: str) -> Reply | None:
        """Return 429 when a pool has had its starts within the last second."""
        now, starts = time.monotonic(), self.starts.setdefault(pool, deque())
        while starts and starts[0] <= now - 1:
            starts.popleft()
        if self.enforce_rate and len(starts) >= LIMITS[pool][0]:
            said = failed("too-many-requests", "", "Rate limit exceeded.")
            return render_json(said, 429)
        starts.append(now)
        return None

    def open(self, call: Call) -> Reply:
        """Answer one request that came in time."""
        if call.program == "works":
            return self.works(call)
        kind, _, doi = call.program.partition("/")
        agency = doi.endswith("/agency")
        doi = doi.removesuffix("/agency").lower()
        entry = self.by_doi.get(doi) if kind == "works" else None
        if entry is None:
            missing = render_text("Resource not found.", 404)
            return replace(missing, kind=JSON) if agency else missing
        if agency:
            named = {"DOI": doi, "agency": {"id": "crossref", "label": "Crossref"}}
            return render_json(message("work-agency", named))
        if set(call.params) - {"mailto"}:
            raise RefusedError(
                "parameter-not-allowed",
                "query.*",
                "This route does not support field query parameters",
            )
        return render_json(message("work", self.shape(entry)))

    def works(self, call: Call) -> Reply:
        """Answer with one page of works."""
        asked = call.params
        for name in asked:
            if name not in PARAMETERS | QUERIES:
                raise RefusedError(
                    "parameter-not-allowed",
                    name,
                    f"This route does not support {name}",
                )
        size = number(asked, "rows", 20, 1000)
        hits = self.hits(asked)
        cursor = asked.get("cursor", "")
        if cursor not in {"", "*", *self.places}:
            said = "Cursor specified but it is invalid"
            return render_json(failed("cursor-invalid", cursor, said), 404)
        at = (
            self.places.get(cursor, 0) if cursor else number(asked, "offset", 0, 10_000)
        )
        cut = cut_page(hits, at, size, call.lies)
        said: dict[str, object] = {"facets": {}}
        if cursor and cut.next is not None:
            said["next-cursor"] = self.ticket(cursor, cut.next)
        if cut.total is not None:
            said["total-results"] = cut.total
        said["items"] = [self.selected(row, asked) for row in cut.rows]
        said["items-per-page"] = size
        said["query"] = {"start-index": 0, "search-terms": asked.get("query")}
        return render_json(message("work-list", said))

    def ticket(self, cursor: str, following: int) -> str:
        """Return the cursor of the next page: the very same, where lists scroll."""
        same = self.scroll and cursor != "*"
        token = cursor if same else f"DnF1ZXJ5VGhlbkZldGNo{next(self.tickets)}=="
        self.places[token] = following
        return token

    def hits(self, asked: dict[str, str]) -> list[Entry]:
        """Return the works that fit the filters and have any of the words."""
        found = list(self.by_doi.values())
        values: dict[str, list[str]] = {}
        for part in filter(None, asked.get("filter", "").split(",")):
            name, _, value = part.partition(":")
            values.setdefault(name, []).append(value)
        for name, any_of in values.items():
            test = self.filters.get(name)
            if test is None:
                raise RefusedError(
                    "filter-not-available",
                    name,
                    f"Filter {name} specified but there is no such filter for this "
                    "route.",
                )
            found = [e for e in found if any(test(e, value) for value in any_of)]
        text = " ".join(asked[n] for n in asked if n in QUERIES | {"query"})
        words = set(split_words(text))
        if not text:
            return found
        scored = [(len(words & e.words), e) for e in found]
        scored = [(score, e) for score, e in scored if score]
        return [e for _, e in sorted(scored, key=lambda pair: -pair[0])]

    @property
    def filters(self):
        """Return the filters by name."""
        return {
            "doi": lambda e, v: e.doi == v.lower(),
            "updates": lambda e, v: v.lower() in self.updated(e),
            "is-update": lambda e, v: bool(self.updated(e)) == (v == "true"),
            "from-pub-date": lambda e, v: e.day >= day_of(v, "01"),
            "until-pub-date": lambda e, v: 0 < e.day <= day_of(v, "31"),
            "type": lambda e, v: e.kind == v,
            "issn": lambda e, v: e.work.issn == v,
            "has-abstract": lambda e, v: bool(abstract_of(e)) == (v == "true"),
        }

    def updated(self, entry: Entry) -> list[str]:
        """Return the DOIs of the works that this one is a notice on."""
        return [str(one["DOI"]) for one in self.notices(entry, "update-to")]

    def notices(self, entry: Entry, side: str) -> list[dict[str, object]]:
        """Return what stands on one side: in both records or in the other only."""
        found = []
        for kind, pmid, _ in entry.work.links:
            other = self.by_pmid.get(pmid)
            if other and PAIRS.get(kind, ("", ""))[1] == side:
                found.append(update(PAIRS[kind][0], other, entry, side))
        return found

    def selected(self, row: object, asked: dict[str, str]) -> object:
        """Return a row with the fields asked for."""
        wanted = [name for name in asked.get("select", "").split(",") if name]
        for name in wanted:
            if name not in SELECTABLE:
                raise RefusedError(
                    "parameter-not-allowed",
                    name,
                    f"Select element {name} is not a valid element",
                )
        if not isinstance(row, Entry):
            return row
        shown = self.shape(row)
        return {n: shown[n] for n in wanted if n in shown} if wanted else shown

    def shape(self, entry: Entry) -> dict[str, object]:
        """Return a whole work; what is not known has no key."""
        work = entry.work
        said: dict[str, object] = {
            "DOI": entry.doi.upper() if work.pmid % 3 == 0 else entry.doi,
            "URL": f"https://doi.org/{entry.doi}",
            "title": [spread(work.title)] if work.title else [],
            "subtitle": [],
            "type": entry.kind,
            "subtype": "preprint" if entry.preprint else "",
            "container-title": [work.journal] if work.journal else [],
            "short-container-title": [work.abbreviation] if work.abbreviation else [],
            "publisher": "Invented Publishers",
            "issued": date(entry.day),
            "published": date(entry.day) if entry.day else None,
            "created": date(work.created or 20250101),
            "author": [person_of(p, n) for n, p in enumerate(work.people)],
            "abstract": abstract_of(entry),
            "ISSN": [work.issn] if work.issn else [],
            "volume": work.volume,
            "issue": work.issue,
            "page": work.pages,
            "language": LANGUAGES.get(work.language, work.language),
            "reference": [
                {"key": f"ref{n}", "DOI": doi, "doi-asserted-by": "crossref"}
                for n, doi in enumerate(entry.before)
            ],
            "update-to": self.notices(entry, "update-to"),
            "updated-by": self.notices(entry, "updated-by"),
            "relation": self.relations(entry),
            "is-referenced-by-count": 0,
            "score": 1.0,
            "prefix": entry.doi.partition("/")[0],
            "member": "99999",
            "source": "Crossref",
        }
        return {n: v for n, v in said.items() if v not in ("", None) and v != []}

    def relations(self, entry: Entry) -> dict[str, object]:
        """Return the links between a preprint and its article."""
        names = {"UpdateIn": "is-preprint-of", "UpdateOf": "has-preprint"}
        found: dict[str, object] = {}
        for kind, pmid, _ in entry.work.links:
            other = self.by_pmid.get(pmid)
            if other and kind in names:
                one = {"id-type": "doi", "id": other.doi, "asserted-by": "subject"}
                found[names[kind]] = [one]
        return found


def update(kind: str, other: Entry, entry: Entry, side: str) -> dict[str, object]:
    """Return one entry of update-to or updated-by."""
    notice = other if side == "updated-by" else entry
    return {
        "DOI": other.doi,
        "type": kind,
        "label": kind.replace("_", " ").capitalize(),
        "source": "publisher",
        "updated": date(notice.day or 20250101),
    }


def message(kind: str, inside: object) -> dict[str, object]:
    """Return the envelope of a good answer."""
    return {
        "status": "ok",
        "message-type": kind,
        "message-version": "1.0.0",
        "message": inside,
    }


def failed(kind: str, value: str, words: str) -> dict[str, object]:
    """Return the envelope of an error."""
    short = "resource" if kind.startswith("cursor") else "validation"
    return {
        "status": "failed",
        "message-type": f"{short}-failure",
        "message": [{"type": kind, "value": value, "message": words}],
    }


def refused(kind: str, value: str, words: str) -> Reply:
    """Return a validation failure."""
    return render_json(failed(kind, value, words), 400)


def number(asked: dict[str, str], name: str, usual: int, most: int) -> int:
    """Return a whole number within its limit. Raises: RefusedError."""
    text = asked.get(name, str(usual))
    if not text.isdecimal() or int(text) > most:
        raise RefusedError(
            "integer-not-valid",
            text,
            f"Integer specified as {text} but must be a positive integer less than or "
            f"equal to {most}. ",
        )
    return int(text)


def day_of(text: str, missing: str) -> int:
    """Return 2024-03 as 20240301 or 20240331."""
    parts = text.split("-")
    month = parts[1] if len(parts) > 1 else ("01" if missing == "01" else "12")
    return int(f"{parts[0]}{month}{parts[2] if len(parts) > 2 else missing}")


def date(day: int) -> dict[str, object]:
    """Return a day as date-parts; [[null]] when it is not known."""
    if not day:
        return {"date-parts": [[None]]}
    year, month, number_of_day = day // 10000, day // 100 % 100, day % 100
    return {"date-parts": [[p for p in (year, month, number_of_day) if p]]}


def spread(title: str) -> str:
    """Return a title with the white space and marks that publishers deposit."""
    first, blank, rest = title.partition(" ")
    return f"{first}\n      <i>{rest}</i>" if blank else title


def abstract_of(entry: Entry) -> str:
    """Return the abstract in JATS; "" where the publisher gives none."""
    work = entry.work
    if not work.sections or work.pmid % WITHOUT_ABSTRACT:
        return ""
    parts = "".join(
        (f"<jats:title>{label.capitalize()}</jats:title>" if label else "")
        + f"<jats:p>{escaped(text)}</jats:p>"
        for label, text in work.sections
    )
    return f"<jats:title>Abstract</jats:title>{parts}"


def escaped(text: str) -> str:
    """Return a text as it stands in XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def person_of(person, place: int) -> dict[str, object]:
    """Return one author."""
    said: dict[str, object] = {"sequence": "additional" if place else "first"}
    if person.group:
        return said | {"name": person.group, "affiliation": []}
    said |= {"given": person.fore, "family": person.last}
    said["affiliation"] = [{"name": where} for where in person.places]
    if person.orcid:
        said["ORCID"] = f"http://orcid.org/{person.orcid}"
    return said


def expired(reply: Reply, asked: Call) -> Reply:
    """Return what is said of a cursor that nobody used for five minutes."""
    said = failed("cursor-invalid", "DnF1ZXJ5", "Cursor specified but it is invalid")
    return render_json(said, 404)


def make_service(*, enforce_rate: bool = False, scroll: bool = False) -> Service:
    """Return the service.

    enforce_rate: refuse more starts a second than a pool has. scroll: give the same
    cursor for every page and remember how far it was read, as lists that scroll do.
    """
    return Service(
        base="/",
        make=lambda rows: (
            Library(rows, enforce_rate=enforce_rate, scroll=scroll).answer
        ),
        faults={
            "cursor-expired": expired,
            "blocked-403": lambda reply, asked: render_text("Forbidden", 403),
            "failed-200": lambda reply, asked: render_json(
                failed("internal", "", "Something broke")
            ),
        },
    )


SERVICE = make_service()

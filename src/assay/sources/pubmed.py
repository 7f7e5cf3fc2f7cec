"""PubMed by NCBI's E-utilities: esearch lists the PMIDs, efetch gives the records.

Described in "Entrez Programming Utilities Help" (NBK25499, 2025). Where the service
does otherwise, what it does is followed: it lists 9,999 records at most, puts the
newest first unless `sort` is sent, leaves ids out without a word and breaks off.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field

from assay.errors import SourceDownError, SourceError
from assay.query.translation import find_ignored
from assay.record import Record
from assay.search import Problem, Query, SearchLog, Translation
from assay.sources.base import Answer, Getter, Params, Request, Source
from assay.sources.pubmed_errors import WHERE, judge_json, judge_set
from assay.sources.pubmed_search import CAP, SearchReply, parse_search
from assay.sources.pubmed_xml import parse_set

EUTILS = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
LONGEST_GET = 1_500
"""Characters of a term that still go into an address; longer ones are POSTed."""
BATCHES = (250, 100, 25)
"""Records asked for at a time: at first, for those that did not come, and again for
those of an answer that broke off a second time."""
GIVE_UP_AFTER = 3
"""Requests that fail one after another before the rest is not asked for any more."""
EARLIEST, LATEST = "1000", "3000"
"""Sent for an open end: mindate and maxdate must come together."""
NAMED = 20
"""Ids spelt out in a message; the log holds all."""


def search(query: Query, getter: Getter) -> Iterator[Record | Problem | SearchLog]:
    """Yield the records that PubMed finds, as they come, then one log.

    Records stand in the order of the search; any that came only when asked for again
    stand last. A search that fails yields a problem and a log with `failed`.

    Raises:
        StoreError: the recorded answers are damaged.
    """
    try:
        answer = getter.get(search_request(query), judge_json)
        reply = parse_search(answer.body)
    except SourceError as error:
        yield _problem(error)
        yield SearchLog(source=SOURCE.name, query=query.text, failed=True)
        return
    wanted = min(reply.total, _listed(query))
    if len(reply.pmids) < wanted:
        what = f"the search counts {reply.total} but lists {len(reply.pmids)} records"
        yield Problem(where=WHERE, what=what, what_to_do="Run it again with --refresh.")
    harvest = yield from _harvest(reply.pmids[:wanted], getter)
    yield _log(query, answer, reply, harvest)


def fetch_records(pmids: Sequence[str], getter: Getter) -> Iterator[Record | Problem]:
    """Yield the records with these PMIDs, in their order; a problem for what lacks.

    Raises:
        StoreError: the recorded answers are damaged.
    """
    good = [pmid for pmid in dict.fromkeys(pmids) if is_pmid(pmid)]
    bad = [pmid for pmid in dict.fromkeys(pmids) if not is_pmid(pmid)]
    if bad:
        what = f"not a PMID: {', '.join(bad[:NAMED])}"
        todo = "A PMID is a number of up to 8 digits."
        yield Problem(where=WHERE, what=what, what_to_do=todo)
    yield from _harvest(good, getter)


def is_pmid(text: str) -> bool:
    """Return whether `text` can be a PMID.

    >>> is_pmid("90000001"), is_pmid("0"), is_pmid("PMC1")
    (True, False, False)
    """
    return (
        text.isascii()
        and text.isdecimal()
        and not text.startswith("0")
        and len(text) <= 9
    )


def search_request(query: Query) -> Request:
    """Return the request that lists the PMIDs for `query`.

    >>> request = search_request(Query(text="tea", since="2020", limit=5))
    >>> request.method, dict(request.params)["mindate"], dict(request.params)["sort"]
    ('GET', '2020', 'relevance')
    """
    params: Params = (
        ("db", "pubmed"),
        ("term", query.text),
        ("retmode", "json"),
        ("retmax", str(_listed(query))),
        ("sort", query.sort),
    )
    if query.since or query.until:
        params += (
            ("datetype", "pdat"),
            ("mindate", query.since or EARLIEST),
            ("maxdate", query.until or LATEST),
        )
    return Request(
        method="POST" if len(query.text) > LONGEST_GET else "GET",
        url=EUTILS + "esearch.fcgi",
        params=params,
        media="json",
    )


def fetch_request(pmids: Sequence[str]) -> Request:
    """Return the request for the records of these PMIDs, as XML.

    >>> fetch_request(["90000001", "90000002"]).params[1]
    ('id', '90000001,90000002')
    """
    return Request(
        method="POST",
        url=EUTILS + "efetch.fcgi",
        params=(("db", "pubmed"), ("id", ",".join(pmids)), ("retmode", "xml")),
        media="xml",
    )


def _listed(query: Query) -> int:
    return max(1, min(query.limit or CAP, CAP))


def _over_cap(query: Query, reply: SearchReply) -> Iterator[str]:
    if (query.limit or CAP) >= CAP and reply.total > CAP:
        yield f"PubMed lists only the first {CAP:,} of its {reply.total:,} records."


def _log(
    query: Query, answer: Answer, reply: SearchReply, harvest: "_Harvest"
) -> SearchLog:
    """Return what is known at the end of a search that went through."""
    wanted = min(reply.total, _listed(query))
    return SearchLog(
        source=SOURCE.name,
        query=query.text,
        translation=reply.reading.translation,
        count=reply.total,
        wanted=wanted,
        retrieved=harvest.retrieved,
        missing=harvest.missing,
        ignored=(*_over_cap(query, reply), *find_ignored(query.text, reply.reading)),
        when=answer.when,
        recorded=answer.recorded and harvest.recorded,
        failed=wanted > 0 and harvest.retrieved == 0,
    )


# --- fetching, and accounting for every id -----------------------------------------


@dataclass(slots=True)
class _Harvest:
    """What became of the ids that were asked for."""

    missing: tuple[str, ...]
    retrieved: int = 0
    recorded: bool = True
    given_up: bool = False
    """True when the service seems to be down: nothing more is asked."""
    broke_off: bool = False
    """True when an answer of this round was cut short or did not come."""
    problems: dict[str, Problem] = field(default_factory=dict)
    """Of this round, each once."""


def _harvest(
    pmids: Sequence[str], getter: Getter
) -> Generator[Record | Problem, None, _Harvest]:
    """Yield the records; return what became of every id."""
    harvest = _Harvest(missing=tuple(dict.fromkeys(pmids)))
    asked = len(harvest.missing)
    for turn, size in enumerate(BATCHES):
        if not harvest.missing or harvest.given_up:
            break
        if turn == len(BATCHES) - 1 and not harvest.broke_off:
            break
        yield from _round(harvest, size, getter)
    yield from harvest.problems.values()
    if harvest.missing:
        yield _missing_problem(harvest.missing, asked)
    return harvest


def _round(harvest: _Harvest, size: int, getter: Getter) -> Iterator[Record | Problem]:
    """Ask once for everything that is missing, and yield what comes."""
    pmids, harvest.missing = harvest.missing, ()
    harvest.problems, harvest.broke_off = {}, False
    batches = [pmids[at : at + size] for at in range(0, len(pmids), size)]
    outcomes = getter.get_many([fetch_request(b) for b in batches], judge_set)
    failures = 0
    for number, outcome in enumerate(outcomes):
        batch = batches[number]
        failures = failures + 1 if isinstance(outcome, SourceDownError) else 0
        if isinstance(outcome, SourceError):
            _note_failure(harvest, batch, outcome)
        else:
            yield from _gather(harvest, batch, outcome)
        if failures == GIVE_UP_AFTER:
            harvest.given_up = True
            left = [pmid for later in batches[number + 1 :] for pmid in later]
            harvest.missing += tuple(left)
            break


def _note_failure(harvest: _Harvest, batch: Sequence[str], error: SourceError) -> None:
    harvest.missing += tuple(batch)
    harvest.problems.setdefault(str(error), _problem(error))
    if isinstance(error, SourceDownError):
        harvest.broke_off = True
    else:  # asking again would give the same answer
        harvest.given_up = True


def _gather(
    harvest: _Harvest, batch: Sequence[str], answer: Answer
) -> Iterator[Record | Problem]:
    """Yield the records of one answer in the order asked for; note what lacks."""
    try:
        parsed = parse_set(answer.body)
    except SourceError as error:
        _note_failure(harvest, batch, error)
        return
    found: dict[str, list[Record]] = {}
    for record in parsed.records:
        found.setdefault(record.pmid, []).append(record)
    missing = tuple(pmid for pmid in batch if pmid not in found)
    for pmid in batch:
        yield from found.get(pmid, ())
    harvest.retrieved += len(batch) - len(missing)
    harvest.recorded &= answer.recorded
    harvest.missing += missing
    harvest.broke_off |= bool(missing) and not parsed.complete
    if missing:  # asked for again, which may mend what was wrong
        harvest.problems |= {problem.what: problem for problem in parsed.problems}
    else:
        yield from parsed.problems
    strangers = sorted(found.keys() - set(batch))
    if strangers:
        what = f"it sent records that were not asked for: {_some(strangers)}"
        yield Problem(where=WHERE, what=what, what_to_do="They were left out.")


def _missing_problem(missing: Sequence[str], asked: int) -> Problem:
    return Problem(
        where=WHERE,
        what=f"{len(missing)} of {asked} records did not come: {_some(missing)}",
        what_to_do="They may have been merged or withdrawn; look them up by PMID.",
    )


def _some(pmids: Sequence[str]) -> str:
    more = f" and {len(pmids) - NAMED} more" if len(pmids) > NAMED else ""
    return ", ".join(pmids[:NAMED]) + more


def _problem(error: SourceError) -> Problem:
    return Problem(where=error.where, what=error.what, what_to_do=error.what_to_do)


def _translate(query: Query) -> Translation:
    """Return the query itself: what people write is PubMed's own language."""
    return Translation(sent=query.text)


SOURCE = Source(
    name="pubmed",
    title="PubMed",
    platform="NCBI E-utilities",
    translate=_translate,
    terms="https://www.ncbi.nlm.nih.gov/books/NBK25497/",
    search=search,
)

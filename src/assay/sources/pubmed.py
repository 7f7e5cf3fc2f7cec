"""PubMed by NCBI's E-utilities: esearch lists the PMIDs, efetch gives the records.

Described in "Entrez Programming Utilities Help" (NBK25499, 2025). Where the service
does otherwise, what it does is followed: it lists 9,999 records at most, puts the
newest first unless `sort` is sent, leaves ids out without a word and breaks off.

All ids are listed, and so recorded, before the first record is fetched, and what is
asked depends on nothing but the answers before: a search that was killed and is run
again finds its lists and batches in the recording and goes on where it was.
"""

from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace

from assay.errors import SourceDownError, SourceError
from assay.query.translate_pubmed import translate_query
from assay.query.translation import find_ignored
from assay.record import Record
from assay.search import Problem, Query, SearchLog
from assay.sources.base import Answer, Getter, Source
from assay.sources.pubmed_errors import WHERE, judge_json, judge_set
from assay.sources.pubmed_listing import GIVE_UP_AFTER, Listing, list_all
from assay.sources.pubmed_request import EUTILS, fetch_request, search_request
from assay.sources.pubmed_search import CAP, SearchReply, parse_search
from assay.sources.pubmed_xml import parse_set

__all__ = [
    "BATCHES",
    "EUTILS",
    "SOURCE",
    "fetch_records",
    "fetch_request",
    "is_pmid",
    "search",
    "search_new",
    "search_request",
]

BATCHES = (250, 100, 25)
"""Records asked for at a time: at first, for those that did not come, and again for
those of an answer that broke off a second time."""
NAMED = 20
"""Ids spelt out in a message; the log holds all."""


def search(query: Query, getter: Getter) -> Iterator[Record | Problem | SearchLog]:
    """Yield the records that PubMed finds, as they come, then one log.

    Records stand in the order of the search; where more than 9,999 are wanted, they
    stand by PMID, the highest first, and a limit takes the highest. Any that came only
    when asked for again stand last. A search that fails yields a problem and a log
    with `failed`.

    Raises:
        StoreError: the recorded answers are damaged.
    """
    yield from search_new(query, getter, ())


def search_new(
    query: Query, getter: Getter, known: Collection[str]
) -> Iterator[Record | Problem | SearchLog]:
    """Yield what `search` does, without the records that have a PMID in `known`.

    They are listed and counted as `passed_over`, and not fetched: where nothing else
    is found, one request is made in all.

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
    log = _log(query, answer, reply)
    pmids = reply.pmids[: log.wanted]
    if log.wanted > CAP:
        listing = list_all(query, answer, reply, getter)
        yield from listing.problems
        log = _with_listing(log, query, listing)
        pmids = listing.pmids[: query.limit]
    elif len(pmids) < log.wanted:
        what = f"the search counts {reply.total} but lists {len(reply.pmids)} records"
        yield Problem(where=WHERE, what=what, what_to_do="Run it again with --refresh.")
        log = replace(log, difference=f"T{what[1:]}.")
    passed_over = frozenset(known).intersection(pmids)
    harvest = yield from _harvest([p for p in pmids if p not in passed_over], getter)
    yield replace(
        log,
        passed_over=len(passed_over),
        retrieved=harvest.retrieved,
        missing=harvest.missing,
        recorded=log.recorded and harvest.recorded,
        requests=log.requests + harvest.requests,
        failed=log.wanted > 0 and not (harvest.retrieved or passed_over),
    )


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


def _log(query: Query, answer: Answer, reply: SearchReply) -> SearchLog:
    """Return what is known before a record is fetched."""
    return SearchLog(
        source=SOURCE.name,
        query=query.text,
        translation=reply.reading.translation,
        count=reply.total,
        wanted=min(reply.total, max(1, query.limit or reply.total)),
        ignored=find_ignored(query.text, reply.reading),
        when=answer.when,
        recorded=answer.recorded,
        requests=0 if answer.recorded else answer.attempt,
    )


def _with_listing(log: SearchLog, query: Query, listing: Listing) -> SearchLog:
    """Return the log with how the search was listed in parts."""
    said = [
        f"PubMed cannot sort more than {CAP:,} records by {query.sort}: they stand by "
        "PMID, the highest first."
    ]
    difference = [listing.difference] if listing.difference else []
    if log.wanted < len(listing.pmids) and query.limit is not None:
        difference.append(
            f"Of {len(listing.pmids):,} records listed, the {log.wanted:,} with the "
            "highest PMIDs were wanted."
        )
    return replace(
        log,
        ignored=(*log.ignored, *said),
        recorded=log.recorded and listing.recorded,
        repeated=listing.repeated,
        slices=listing.slices,
        count_after=listing.count_after,
        difference=" ".join(difference),
        requests=log.requests + listing.requests,
    )


# --- fetching, and accounting for every id -----------------------------------------


@dataclass(slots=True)
class _Harvest:
    """What became of the ids that were asked for."""

    missing: tuple[str, ...]
    retrieved: int = 0
    recorded: bool = True
    requests: int = 0
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
        last = turn == len(BATCHES) - 1
        if last and not (harvest.broke_off and harvest.retrieved):
            break
        yield from _round(harvest, size, getter)
    yield from harvest.problems.values()
    if harvest.missing:
        told = bool(harvest.problems)
        yield _missing_problem(harvest.missing, asked, told=told)
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
    harvest.requests += 0 if answer.recorded else answer.attempt
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


def _missing_problem(missing: Sequence[str], asked: int, *, told: bool) -> Problem:
    """Say what did not come; `told` when it is known why."""
    lost = "They may have been merged or withdrawn; look them up by PMID."
    again = "Run it again later: what was recorded is not asked for again."
    return Problem(
        where=WHERE,
        what=f"{len(missing):,} of {asked:,} records did not come: {_some(missing)}",
        what_to_do=again if told else lost,
    )


def _some(pmids: Sequence[str]) -> str:
    more = f" and {len(pmids) - NAMED:,} more" if len(pmids) > NAMED else ""
    return ", ".join(pmids[:NAMED]) + more


def _problem(error: SourceError) -> Problem:
    return Problem(where=error.where, what=error.what, what_to_do=error.what_to_do)


SOURCE = Source(
    name="pubmed",
    title="PubMed",
    platform="NCBI E-utilities",
    translate=translate_query,
    terms="https://www.ncbi.nlm.nih.gov/books/NBK25497/",
    search=search,
    search_new=search_new,
    sorts=frozenset({"pub_date", "Author", "JournalName"}),
)

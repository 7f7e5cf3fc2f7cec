"""How the digests of a workspace stand: what ran when, what failed, what is next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from assay.digest.asked import Asked
from assay.digest.model import Heading
from assay.digest.outcome import Parcel
from assay.output.clean import clean, one_line
from assay.output.digest_words import name_source, say_day, say_heading, say_time
from assay.output.json import Json, plain, render_document
from assay.output.words import say_number
from assay.search import Problem


class QueryStatus(NamedTuple):
    """How one query stands."""

    name: str
    schedule: str
    """In words."""
    next_run: str = ""
    """ISO time; "" when it never runs by itself."""
    tried: str = ""
    """ISO time at which it was last run; "" when it never was."""
    asked: tuple[Asked, ...] = ()
    """The last time it was asked of each source; () when it never was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How all stands."""

    queries: tuple[QueryStatus, ...] = ()
    digests: tuple[Heading, ...] = ()
    """The newest first."""
    parcels: tuple[Parcel, ...] = ()
    """What is still to be handed over."""
    claims: int = 0
    """Claims that are watched."""
    works: int = 0
    """Works that were cited or sent, and are asked about in each run."""
    holder: str = ""
    """Who is making a digest right now; "" when nobody is."""
    problems: tuple[Problem, ...] = ()
    """Files in queries/ that cannot be read."""


def render_status(status: Status, now: datetime | None = None) -> str:
    """Return the status as lines for people; what is due by `now` is said to be due.

    >>> print(render_status(Status()), end="")
    No digest was made here yet.
    Watched: no claims. Asked about in each run: no works.
    """
    return "".join(f"{clean(line)}\n" for line in _lines(status, now))


def _lines(status: Status, now: datetime | None) -> Iterator[str]:
    if status.holder:
        yield f"A digest is being made right now ({status.holder})."
    for query in status.queries:
        yield f"{query.name}: {query.schedule}"
        yield from (f"  {line}" for line in _query_lines(query, now))
    if status.digests:
        newest = status.digests[0]
        made = say_number(len(status.digests), "digest was made", "digests were made")
        yield f"{made}; the last one, {newest.number}, on {say_time(newest.made)}:"
        yield f"  {say_heading(newest)}."
    else:
        yield "No digest was made here yet."
    for parcel in status.parcels:
        yield from _parcel_lines(parcel)
    claims = say_number(status.claims, "claim") if status.claims else "no claims"
    works = say_number(status.works, "work") if status.works else "no works"
    yield f"Watched: {claims}. Asked about in each run: {works}."
    for problem in status.problems:
        yield f"! {one_line(problem.what)} {problem.what_to_do}".rstrip()


def _query_lines(query: QueryStatus, now: datetime | None) -> Iterator[str]:
    if not query.asked:
        yield f"last run: {say_time(query.tried)}" if query.tried else "was never run"
    for asked in query.asked:
        yield f"{name_source(asked.source)}: {_say_asked(asked)}"
    if query.next_run:
        due = now is not None and datetime.fromisoformat(query.next_run) <= now
        said = "it is due now" if due else say_time(query.next_run)
        yield f"next run: {said}"


def _say_asked(asked: Asked) -> str:
    when = say_time(asked.started)
    if asked.failed or asked.found is None:
        why = one_line(asked.problem) or "the search failed"
        return f"FAILED on {when}: {why.rstrip('.')}. The next run makes up for it."
    told = f"on {when}: {asked.found:,} found, {asked.new:,} new"
    more = f" (not all came: {one_line(asked.problem)})" if asked.problem else ""
    since = f", after a gap since {say_day(asked.made_up)}" if asked.made_up else ""
    return told + since + more


def _parcel_lines(parcel: Parcel) -> Iterator[str]:
    name = f"Digest {parcel.digest} by {parcel.channel}"
    if not parcel.tries:
        yield f"{name} is still to be handed over."
        return
    again = f" Tried again from {say_time(parcel.next_try)}." if parcel.next_try else ""
    tries = say_number(parcel.tries, "try", "tries")
    yield f"! {name} was not handed over ({tries}): {one_line(parcel.problem)}{again}"


def render_status_json(status: Status) -> str:
    """Return the status as JSON (schema assay/digest-status/1)."""
    queries: list[Json] = [plain(query) for query in status.queries]
    return render_document(
        "digest-status",
        {
            "queries": queries,
            "digests": [plain(each) for each in status.digests],
            "parcels": [plain(each) for each in status.parcels],
            "claims": status.claims,
            "works": status.works,
            "holder": status.holder or None,
            "problems": [plain(each) for each in status.problems],
        },
    )

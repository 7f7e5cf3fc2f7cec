"""The nouns of a search: what is asked, in which words, what came back, what did not.

query ─► translation ─► source ─► records, problems and one log a source
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from assay.record import Record
from assay.schedule import WEEKLY, Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that went wrong without stopping the run."""

    where: str
    what: str
    what_to_do: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked of every source, in PubMed's syntax."""

    text: str
    since: str = ""
    """Earliest publication date, inclusive, YYYY[/MM[/DD]]; "" means no bound."""
    until: str = ""
    """Latest publication date, inclusive, YYYY[/MM[/DD]]; "" means no bound."""
    limit: int | None = 200
    """Most records wanted from each source, 1 or more; None wants every one."""
    sort: str = "relevance"
    """relevance, pub_date, Author or JournalName; always sent to PubMed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedQuery:
    """A query that lives in queries/NAME.toml."""

    name: str
    query: Query
    title: str = ""
    sources: tuple[str, ...] = ("pubmed",)
    notes: str = ""
    schedule: Schedule = WEEKLY
    """When the digest asks it."""


class Fidelity(StrEnum):
    """How well a service can be asked what a clause of a query asks."""

    EXACT = "exact"
    WIDENED = "widened"
    """It also finds records that the clause does not ask for."""
    NARROWED = "narrowed"
    """It misses records that the clause asks for."""
    UNSUPPORTED = "unsupported"
    """The clause is not sent at all."""


class Clause(NamedTuple):
    """What became of one clause of a query when it was put in a service's words."""

    text: str
    """As asked: query.text[start:end]."""
    start: int
    end: int
    sent: str
    """In the service's words; "" when it is not sent."""
    fidelity: Fidelity
    why: str = ""
    """One sentence; "" when exact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A query in the words of one service, with a receipt for every clause."""

    sent: str
    """The whole as people read it in a log; what cannot be sent is left out."""
    params: tuple[tuple[str, str], ...] = ()
    """Names and values as the service takes them, without paging and identity."""
    clauses: tuple[Clause, ...] = ()
    """In the order of the query; since and until last, where text[start:end] is ""."""
    whole: Fidelity = Fidelity.EXACT
    """What the service finds against what the whole query asks for; with `narrowed` it
    may find more as well."""


class Slice(NamedTuple):
    """One part of a search that was too large to be listed at once."""

    field: str
    """What it was cut by: "crdt" (create date) or "uid" (PMID)."""
    first: str
    """First day (YYYY/MM/DD) or PMID, inclusive."""
    last: str
    """Last day or PMID, inclusive."""
    counted: int
    """Hits that the service counted in it."""
    listed: int
    """Ids that it listed."""
    within: str = ""
    """The create day (YYYY/MM/DD) whose PMIDs these are; "" when not of one day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchLog:
    """What was asked of one source, in which words, and what came back."""

    source: str
    query: str
    """The words as asked, in PubMed's syntax."""
    sent: str = ""
    """The words as sent to the service; "" when they are the query's own."""
    clauses: tuple[Clause, ...] = ()
    """The receipt of the translation; () when it was sent as it is."""
    translation: str = ""
    """How the service says it read them (PubMed's querytranslation)."""
    count: int | None = None
    """Hits that the service counted; None when the search failed."""
    wanted: int = 0
    """Records asked for: min(count, limit)."""
    retrieved: int = 0
    missing: tuple[str, ...] = ()
    """Ids that were asked for and did not come back."""
    ignored: tuple[str, ...] = ()
    """What the service said it left out or changed, one sentence each."""
    when: str = ""
    """ISO time of the service's answer (of the recording when offline); "" if none."""
    recorded: bool = False
    """True when every answer came from the recording."""
    failed: bool = False
    """True when this search has no trustworthy outcome; the reason is a Problem."""
    repeated: int = 0
    """Records that the service delivered more than once; each is kept once."""
    slices: tuple[Slice, ...] = ()
    """The parts it was listed in; () when it was listed at once."""
    count_after: int | None = None
    """Hits that the service counted when all was listed; None when not asked again."""
    difference: str = ""
    """Why what was delivered differs from what was counted; "" when the sums agree."""
    requests: int = 0
    """Requests that went over the network, tries included; 0 from the recording."""
    credits: int = 0
    """Credits that the service charged for them."""
    set_aside: int = 0
    """Of those retrieved, records that do not hold what was asked by their own words:
    this service gives any that hold some of them."""
    passed_over: int = 0
    """Of those wanted, records that were not fetched, for they were known already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The outcome of a search. A source that failed is in `problems`, never silence."""

    records: Sequence[Record] = ()
    """As each source gave them, source by source: one work may stand there often."""
    problems: tuple[Problem, ...] = ()
    logs: tuple[SearchLog, ...] = ()
    """One for each source asked, in the order asked."""


class Tool(NamedTuple):
    """A program or library that had a part in a search."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRun:
    """One search as it was made: what was asked of whom, when, and what came of it."""

    query: Query
    name: str = ""
    """Of the saved query; "" for one typed in or made from a claim."""
    command: str = "search"
    """The command that made it: search or check."""
    sources: tuple[str, ...] = ()
    """Those that were to be asked; one asked in place of another has a log only."""
    logs: tuple[SearchLog, ...] = ()
    problems: tuple[Problem, ...] = ()
    found: int = 0
    """Records that all sources gave together."""
    duplicates: int | None = None
    """Records among them that another one stands for; None when not looked for."""
    merged: int | None = None
    """Records that are left; None when duplicates were not looked for."""
    studies: int | None = None
    """Studies that the records belong to; None when not counted."""
    started: str = ""
    """ISO time."""
    finished: str = ""
    tools: tuple[Tool, ...] = ()

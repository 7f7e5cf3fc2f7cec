"""What a source is: a name, its terms, and one function that is handed its fetcher.

A source holds no client, clock or cache. It says which requests it wants and how an
answer is judged; `edge.fetch.Fetcher` does the rest and is one `Getter`.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from assay.errors import SourceError
from assay.record import Record
from assay.search import Problem, Query, SearchLog, Translation

Params = tuple[tuple[str, str], ...]
"""Names and values in the order they are sent; a name may stand twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a source wants to ask, without anything that says who is asking.

    The edge adds key, e-mail and tool, so that they reach no source and no recording.
    """

    method: Literal["GET", "POST"] = "GET"
    url: str
    """Absolute, as the service documents it; the edge may point it elsewhere."""
    params: Params = ()
    """Sent in the address (GET) or as a form in the body (POST)."""
    body: str = ""
    """JSON text that is sent in place of the form (POST); "" for none."""
    media: Literal["json", "xml", "text"] = "json"
    """What the answer should be."""
    pool: str = ""
    """Which of the service's paces it counts to, e.g. "list"; "" for its only one."""
    cost: int = 0
    """Credits that the service charges for it."""
    turn: int = 0
    """How often the very same was asked before in one list, for services whose cursor
    stays the same from page to page: it is not sent, but tells their recordings apart.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    """HTTP status."""
    body: bytes
    """Decompressed; what had arrived when the connection broke, if it did."""
    media_type: str = ""
    """Of the Content-Type header, lower case, without parameters."""
    url: str = ""
    """Address that answered, without parameters."""
    when: str = ""
    """ISO time of the answer; of the recording when it was recorded."""
    recorded: bool = False
    """True when it was read from the recording, not from the network."""
    complete: bool = True
    """False when the connection ended before the body did."""
    attempt: int = 1
    """How often this was asked in this run, 1 for the first time."""
    cost: int = 0
    """Credits charged for it, over all tries; 0 for a recorded answer."""


Judge = Callable[[Answer], bool]
"""Say whether an answer is good: True may be recorded, False is usable but not whole.

Raises `SourceDownError` when it is worth asking again; `RefusedError` or
`BadAnswerError` when it is not.
"""


class Getter(Protocol):
    """What a source is handed to ask with."""

    def get(self, request: Request, judge: Judge) -> Answer:
        """Return the answer to one request.

        Raises:
            SourceError: when there is no answer that the judge finds usable.
        """

    def get_many(
        self, requests: Sequence[Request], judge: Judge
    ) -> Iterator[Answer | SourceError]:
        """Yield the outcome of each request, in order; the requests may overlap.

        Closing the iterator stops what has not been asked yet.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place that answers queries with records."""

    name: str
    """As in `--source NAME` and `Record.source`."""
    title: str
    """As shown to people and in `Problem.where`."""
    platform: str
    """Who runs it and by which interface it is asked (PRISMA-S, item 1)."""
    terms: str
    """Address of the rules of use that assay keeps to."""
    translate: Callable[[Query], Translation]
    """Put a query in the service's words; asks nobody."""
    search: Callable[[Query, Getter], Iterator[Record | Problem | SearchLog]]
    """Yields records and problems as they come and, last, exactly one log.

    A search that fails yields a problem and a log with `failed=True`; it raises no
    `SourceError`.
    """
    loose: bool = False
    """True when it gives records that hold only some of what is asked: those that show
    that they do not hold it are set aside, and counted."""
    search_new: (
        Callable[
            [Query, Getter, Collection[str]], Iterator[Record | Problem | SearchLog]
        ]
        | None
    ) = None
    """As `search`, without fetching the records of which the PMIDs are handed in; None
    where the source gives its records along with the list."""
    sorts: frozenset[str] = frozenset()
    """The orders of `Query.sort`, beside relevance, in which it can be asked to list
    what it has."""

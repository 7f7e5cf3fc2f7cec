"""What a run rests on, noted while it runs, so that it can be bundled and repeated.

A tape listens between the sources and whoever answers them, and between the journey
and the library. It holds digests, not bodies: these lie in the recording.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

from assay.edge.cache import public_params
from assay.edge.services import hide
from assay.errors import SourceError
from assay.library.merge import first_key
from assay.library.rank import Matters, Order, Ranking
from assay.record import Record
from assay.search import Found, Problem, Query, SearchLog, Tool
from assay.sources.base import Answer, Getter, Judge, Params, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The error that stood in place of an answer."""

    kind: str
    """Name of its class, e.g. SourceDownError."""
    where: str
    what: str
    what_to_do: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and what came of it, without anything that says who asked."""

    method: str
    url: str
    params: Params = ()
    """Sorted."""
    body: str = ""
    """JSON text that was sent in place of a form."""
    sha256: str = ""
    """Of the answer's body; "" for a failure."""
    size: int = 0
    """Bytes of the answer's body."""
    status: int = 0
    media_type: str = ""
    when: str = ""
    recorded: bool = False
    complete: bool = True
    attempt: int = 1
    cost: int = 0
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """What the library gave for words that were looked for."""

    groups: tuple[tuple[str, ...], ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedFor:
    """In which order the library put records for a claim, and what it added."""

    claim: str
    found: tuple[str, ...]
    wanted: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The article as it was given."""

    name: str
    media_type: str = ""
    """As the server or the person said; "" to find out."""
    charset: str = ""
    sha256: str = ""
    """Of its bytes."""
    target: str = ""
    """Where it was read; "" when there is no such place any more. Never bundled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Everything that a run rests on, as digests and keys."""

    command: str
    """check or search."""
    article: Given | None = None
    query: Query | None = None
    name: str = ""
    """Of the saved query."""
    sources: tuple[str, ...] = ()
    limit: int = 0
    """Most records of each search, for check."""
    offline: bool = False
    vocabulary: str = ""
    """The workspace's own."""
    exchanges: tuple[Exchange, ...] = ()
    looked_up: tuple[LookedUp, ...] = ()
    ranked: tuple[RankedFor, ...] = ()
    records: tuple[tuple[str, str], ...] = ()
    """(key, sha256 as `codec.render_record` writes it) of the library's records."""
    logs: tuple[SearchLog, ...] = ()
    """Of searches that the library answered, for search."""
    problems: tuple[Problem, ...] = ()
    """Of those searches."""
    listed: tuple[str, ...] = ()
    """Keys of the records that it answered with."""
    remarks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(source, sentences): what earlier runs let assay say of a search's log."""
    library: tuple[tuple[str, int, str], ...] = ()
    """As `Report.library`."""
    tools: tuple[Tool, ...] = ()


@dataclass
class Tape:
    """Notes what passes. Threads may share it; the notes do not depend on their order.

    Args:
        secrets: values that are blotted out of every body.
        is_kept: tells whether a body of this digest lies in the recording; one that
            does not is held by the tape itself.
    """

    secrets: tuple[str, ...] = ()
    is_kept: Callable[[str], bool] = lambda _digest: False
    bodies: dict[str, bytes] = field(default_factory=dict)
    """Those that the recording does not hold, by digest."""
    records: dict[str, Record] = field(default_factory=dict)
    """The library's, by key."""
    _remarks: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    _exchanges: list[Exchange] = field(default_factory=list)
    _looked_up: dict[LookedUp, None] = field(default_factory=dict)
    _ranked: dict[RankedFor, None] = field(default_factory=dict)
    _local: list[Found] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def listen(self, getter: Getter) -> Getter:
        """Return a getter that asks this one, and notes what comes."""
        return _Listener(self, getter)

    def candidates(
        self, find: Callable[[Sequence[Sequence[str]]], Sequence[Record]]
    ) -> Callable[[Sequence[Sequence[str]]], Sequence[Record]]:
        """Return `find`, noting what it gives."""

        def noted(groups: Sequence[Sequence[str]]) -> Sequence[Record]:
            found = find(groups)
            asked = tuple(map(tuple, groups))
            self._looked_up[LookedUp(groups=asked, keys=self._keep(found))] = None
            return found

        return noted

    def ranked(self, begin: Ranking) -> Ranking:
        """Return what ranks as `begin` does, noting what it gives."""

        def noted(
            claim: str, found: Sequence[Record], wanted: int, matters: Matters
        ) -> Order:
            ordered = begin(claim, found, wanted, matters)

            def order() -> Sequence[Record]:
                given = ordered()
                before, after = self._keep(found), self._keep(given)
                asked = RankedFor(claim=claim, found=before, wanted=wanted, keys=after)
                self._ranked[asked] = None
                return given

            return order

        return noted

    def note_remarks(self, before: Found, after: Found) -> None:
        """Note what was added to what the logs say was left out or changed."""
        for one, two in zip(before.logs, after.logs, strict=True):
            if more := two.ignored[len(one.ignored) :]:
                self._remarks.append((two.source, more))

    def known(
        self, find: Callable[[str], Record | None]
    ) -> Callable[[str], Record | None]:
        """Return `find`, which gives the library's record of a key, noting it."""

        def noted(key: str) -> Record | None:
            record = find(key)
            if record is not None:
                self._keep((record,))
            return record

        return noted

    def note_local(self, found: Found) -> None:
        """Note what the library answered to a whole search."""
        self._local.append(found)

    def note(self, begun: Note) -> Note:
        """Return a note with everything that passed, in an order of its own."""
        listed = [self._keep(found.records) for found in self._local]
        return replace(
            begun,
            exchanges=tuple(sorted(self._exchanges, key=_address)),
            remarks=tuple(self._remarks),
            looked_up=tuple(self._looked_up),
            ranked=tuple(self._ranked),
            listed=tuple(key for keys in listed for key in keys),
            logs=tuple(log for found in self._local for log in found.logs),
            problems=tuple(each for found in self._local for each in found.problems),
        )

    def hear(self, request: Request, outcome: Answer | SourceError) -> None:
        """Note one exchange."""
        exchange = Exchange(
            method=request.method,
            url=request.url,
            params=public_params(request.params),
            body=request.body,
        )
        if isinstance(outcome, SourceError):
            parts = (outcome.where, outcome.what, outcome.what_to_do)
            where, what, todo = (hide(part, self.secrets) for part in parts)
            kind = type(outcome).__name__
            failure = Failure(kind=kind, where=where, what=what, what_to_do=todo)
            self._add(replace(exchange, failure=failure))
            return
        body = self._hidden(outcome.body)
        digest = hashlib.sha256(body).hexdigest()
        with self._lock:
            if digest not in self.bodies and not self.is_kept(digest):
                self.bodies[digest] = body
        self._add(_answered(exchange, outcome, digest, len(body)))

    def _add(self, exchange: Exchange) -> None:
        with self._lock:
            self._exchanges.append(exchange)

    def _hidden(self, body: bytes) -> bytes:
        for secret in self.secrets:
            body = body.replace(secret.encode(), b"[hidden]")
        return body

    def _keep(self, records: Iterable[Record]) -> tuple[str, ...]:
        own = {first_key(record): record for record in records}
        self.records |= own
        return tuple(own)


def _answered(exchange: Exchange, answer: Answer, digest: str, size: int) -> Exchange:
    return replace(
        exchange,
        sha256=digest,
        size=size,
        status=answer.status,
        media_type=answer.media_type,
        when=answer.when,
        recorded=answer.recorded,
        complete=answer.complete,
        attempt=answer.attempt,
        cost=answer.cost,
    )


def _address(exchange: Exchange) -> tuple[str, str, Params, str]:
    """Return what an exchange is sorted by: those of one request keep their order."""
    return (exchange.url, exchange.method, exchange.params, exchange.body)


@dataclass(frozen=True)
class _Listener:
    """A getter that notes on a tape what another one gives."""

    tape: Tape
    getter: Getter

    def get(self, request: Request, judge: Judge) -> Answer:
        """Return the answer to one request, as `Getter.get`."""
        try:
            answer = self.getter.get(request, judge)
        except SourceError as error:
            self.tape.hear(request, error)
            raise
        self.tape.hear(request, answer)
        return answer

    def get_many(
        self, requests: Sequence[Request], judge: Judge
    ) -> Iterator[Answer | SourceError]:
        """Yield the outcome of each request in order, as `Getter.get_many`."""
        outcomes = self.getter.get_many(requests, judge)
        for request, outcome in zip(requests, outcomes, strict=False):
            self.tape.hear(request, outcome)
            yield outcome

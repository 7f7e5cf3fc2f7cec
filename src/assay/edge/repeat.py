"""What a tape noted, given again in place of the services and the library."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from threading import Lock

from assay import errors
from assay.edge.cache import cache_key
from assay.edge.tape import Exchange, LookedUp, RankedFor
from assay.errors import NotRecordedError, SourceError
from assay.library.rank import Matters, Order
from assay.record import Record
from assay.sources.base import Answer, Judge, Request

KINDS: dict[str, type[SourceError]] = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, SourceError)
}
"""The errors that can stand in place of an answer, by name."""

WHERE = "the bundle"
NOT_IN_IT = "it does not hold the answer to what this version of assay asks"


class Repeater:
    """A `Getter` that gives what was noted and asks nobody; threads may share it."""

    def __init__(
        self, exchanges: Sequence[Exchange], read: Callable[[str], bytes]
    ) -> None:
        """Give these exchanges again; `read` gives a body by its digest."""
        self._read, self._lock = read, Lock()
        self._waiting: dict[str, deque[Exchange]] = {}
        for each in exchanges:
            key = cache_key(each.method, each.url, each.params, each.body)
            self._waiting.setdefault(key, deque()).append(each)

    def get(self, request: Request, judge: Judge) -> Answer:
        """Return the noted answer to one request.

        Raises:
            SourceError: that is what was noted, or nothing was.
        """
        with self._lock:
            exchange = self._next(request)
            if exchange.failure is not None:
                failure = exchange.failure
                kind = KINDS.get(failure.kind, SourceError)
                raise kind(failure.where, failure.what, failure.what_to_do)
            body = self._read(exchange.sha256)
        answer = Answer(
            status=exchange.status,
            body=body,
            media_type=exchange.media_type,
            url=request.url,
            when=exchange.when,
            recorded=exchange.recorded,
            complete=exchange.complete,
            attempt=exchange.attempt,
            cost=exchange.cost,
        )
        judge(answer)
        return answer

    def get_many(
        self, requests: Sequence[Request], judge: Judge
    ) -> Iterator[Answer | SourceError]:
        """Yield the noted outcome of each request, in order."""
        for request in requests:
            try:
                outcome: Answer | SourceError = self.get(request, judge)
            except SourceError as error:
                outcome = error
            yield outcome

    def _next(self, request: Request) -> Exchange:
        key = cache_key(request.method, request.url, request.params, request.body)
        waiting = self._waiting.get(key)
        if not waiting:
            raise NotRecordedError(WHERE, NOT_IN_IT)
        return waiting.popleft() if len(waiting) > 1 else waiting[0]


class Shelf:
    """The library's answers, as they were noted."""

    def __init__(
        self,
        looked_up: Sequence[LookedUp],
        ranked: Sequence[RankedFor],
        records: Mapping[str, Record],
    ) -> None:
        self._records = records
        self._looked_up = {each.groups: each.keys for each in looked_up}
        self._ranked = {(r.claim, r.found, r.wanted): r.keys for r in ranked}
        self._keys = {id(record): key for key, record in records.items()}

    def candidates(self, groups: Sequence[Sequence[str]]) -> tuple[Record, ...]:
        """Return the records that were found for these words.

        Raises:
            NotRecordedError: nobody looked for them.
        """
        asked = tuple(map(tuple, groups))
        if asked not in self._looked_up:
            raise NotRecordedError(WHERE, NOT_IN_IT)
        return self._take(self._looked_up[asked])

    def ranked(
        self, claim: str, found: Sequence[Record], wanted: int, _matters: Matters
    ) -> Order:
        """Return what gives the records in the order that they had for this claim.

        Raises:
            NotRecordedError: these were not put in order for it.
        """
        asked = (claim, tuple(self._keys[id(record)] for record in found), wanted)
        if asked not in self._ranked:
            raise NotRecordedError(WHERE, NOT_IN_IT)
        return partial(self._take, self._ranked[asked])

    def _take(self, keys: Sequence[str]) -> tuple[Record, ...]:
        if missing := [key for key in keys if key not in self._records]:
            raise NotRecordedError(WHERE, f"it does not hold the record {missing[0]}")
        return tuple(self._records[key] for key in keys)


def digest_of(text: str) -> str:
    """Return the SHA-256 of a record's line, 64 hexadecimal digits.

    >>> digest_of("")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

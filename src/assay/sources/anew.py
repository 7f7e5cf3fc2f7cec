"""A list that is begun anew when its place was lost: for services that keep the place.

Crossref's cursors are forgotten after some five minutes, and the same cursor may stand
for page after page: one that is asked for again, because its answer broke off, may be
answered with the page behind it. Either way records are missed without a word.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace

from assay.errors import RefusedError, SourceError
from assay.record import Record
from assay.search import Problem, SearchLog
from assay.sources.base import Answer, Getter, Judge, Request
from assay.sources.paging import Items

ANEW = 1_000_000
"""Added to a request's turn, so that what was recorded before is not taken again."""


class Watched:
    """A getter that notices whether a place in a list may have been lost."""

    def __init__(self, getter: Getter, turn: int = 0) -> None:
        """Ask by `getter`, with `turn` added to each request's own."""
        self._getter, self._turn = getter, turn
        self.lost = False

    def get(self, request: Request, judge: Judge) -> Answer:
        """Return the answer to one request.

        Raises:
            SourceError: when there is no answer that the judge finds usable.
        """
        asked = replace(request, turn=request.turn + self._turn)
        try:
            answer = self._getter.get(asked, judge)
        except RefusedError:
            self.lost = True
            raise
        self.lost |= not answer.recorded and answer.attempt > 1
        return answer

    def get_many(
        self, requests: Sequence[Request], judge: Judge
    ) -> Iterator[Answer | SourceError]:
        """Yield the outcome of each request, in order."""
        return self._getter.get_many(requests, judge)


def list_anew(
    walk: Callable[[Getter], Items],
    getter: Getter,
    key: Callable[[Record], str],
    limit: int | None,
) -> Items:
    """Yield what `walk` does; where it lost its place, what a second one adds as well.

    The log is the second one's then, with the records and the requests of both. Each
    record is given once, and no more than `limit`.

    Raises:
        StoreError: the recorded answers are damaged.
    """
    seen: set[str] = set()
    watched = Watched(getter)
    problems, log = yield from _pass(walk(watched), seen, key, limit)
    if watched.lost and not log.failed and len(seen) < log.wanted:
        again = walk(Watched(getter, ANEW))
        second_problems, second = yield from _pass(again, seen, key, limit)
        if not second.failed:
            problems, log = second_problems, _joined(log, second, len(seen))
    yield from problems
    yield log


def _pass(
    items: Items, seen: set[str], key: Callable[[Record], str], limit: int | None
) -> Generator[Record, None, tuple[list[Problem], SearchLog]]:
    """Yield the records that were not seen yet; return the rest."""
    problems: list[Problem] = []
    log = SearchLog(source="", query="", failed=True)
    for item in items:
        if isinstance(item, Problem):
            problems.append(item)
        elif isinstance(item, SearchLog):
            log = item
        elif key(item) not in seen and (limit is None or len(seen) < limit):
            seen.add(key(item))
            yield item
    return problems, log


def _joined(first: SearchLog, second: SearchLog, kept: int) -> SearchLog:
    surplus = kept - second.wanted
    why = f"{surplus} more came before the list was begun anew" if surplus > 0 else ""
    return replace(
        second,
        retrieved=kept,
        requests=first.requests + second.requests,
        credits=first.credits + second.credits,
        recorded=first.recorded and second.recorded,
        difference="; ".join(filter(None, (second.difference, why))),
    )

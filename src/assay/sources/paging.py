"""A search that a service delivers page by page, followed to its true end.

Services end a list in different ways: with no cursor, with the same cursor again, with
an empty page, or with fewer records than they counted. Whatever one does, the sum that
the log gives is kept: of the records wanted, each one was delivered, was delivered
unreadably, or is said to lack. A record that comes twice counts once: it may have come
in the place of another, as OpenAlex's do (ropensci/openalexR#253).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeAlias

from assay.errors import BadAnswerError, SourceDownError, SourceError
from assay.record import Record
from assay.search import Problem, Query, SearchLog, Translation
from assay.sources.base import Answer, Getter, Judge, Params, Request
from assay.sources.json_answer import ShapeError

Items: TypeAlias = Iterator[Record | Problem | SearchLog]
"""What a search yields; the log is one, and the last."""

AGAIN = "Run it again later: what was recorded is not asked for again."
MOST_EMPTY = 3
"""Pages in a row that bring nothing new before the service is taken to be at its end
(Europe PMC sends pages that are falsely empty: cyanheads/pubmed-mcp-server#101)."""
MOST_PAGES = 20_000
"""Pages of one search: at 1,000 a page far more than any service has."""
SURPLUS_PAGES = 10
"""Full pages beyond twice what was counted before a service is taken to go on for
ever."""
NAMED = 20
"""Unreadable records that are told one by one; of more, the number is told."""


class Page(NamedTuple):
    """One page of a list, as a service sent it."""

    items: tuple[Record | Problem, ...]
    """One item a row: the record, or why it cannot be read."""
    total: int | None
    """Records that the service counts in the whole list; None when it does not say."""
    next: str
    """Cursor of the page after this one; "" when there is none."""
    reading: str = ""
    """How the service says that it read the query; "" when it does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """How one service is asked for one page after another."""

    source: str
    """As in `SOURCES`."""
    where: str
    """The service's title, for messages."""
    size: int
    """Most rows that the service gives in a page."""
    first: str
    """Cursor of the first page, e.g. "*"."""
    request: Callable[[Params, str, int], Request]
    """Make a request of the translated query, a cursor and a page size.

    The size is the same for all pages of a search.
    """
    judge: Judge
    parse: Callable[[Answer], Page]
    """Read a page that the judge found good.

    Raises `SourceError` or `ShapeError` when the page as a whole cannot be read.
    """
    key: Callable[[Record], str]
    """What tells the service's records apart; "" counts as another record each time."""
    cursor_repeats: bool = False
    """True for a service whose cursor may stay the same while the rows go on; else the
    same cursor is the end."""
    deepest: int | None = None
    """Rows of one list that the service gives at most; None when it gives all."""


@dataclass(slots=True)
class _Walk:
    """What is known while a list is being followed."""

    limit: int | None
    size: int
    cursor: str
    total: int | None = None
    """As the first page counted."""
    last_total: int | None = None
    """As the last page did that came after it and said so."""
    rows: int = 0
    """Delivered and looked at, repeated ones too."""
    retrieved: int = 0
    unreadable: int = 0
    repeated: int = 0
    pages: int = 0
    idle: int = 0
    """Pages in a row that brought nothing new."""
    seen: set[str] = field(default_factory=set)
    cursors: dict[str, int] = field(default_factory=dict)
    """How often each was sent."""
    trouble: str = ""
    """Why the list was not followed to its end; "" when it was."""
    remedy: str = AGAIN
    """What a person does about it."""
    reading: str = ""
    when: str = ""
    recorded: bool = True
    requests: int = 0
    credits: int = 0

    @property
    def delivered(self) -> int:
        """Records that came, each counted once; those that cannot be read too."""
        return self.retrieved + self.unreadable

    @property
    def wanted(self) -> int:
        """Records wanted of the service: those it counted, within the limit."""
        total = self.delivered if self.total is None else self.total
        return total if self.limit is None else min(total, self.limit)

    @property
    def lacking(self) -> int:
        """Records that were wanted and not delivered."""
        return max(self.wanted - self.delivered, 0)

    @property
    def full(self) -> bool:
        """Whether as many came as are wanted at most."""
        return self.limit is not None and self.delivered >= self.limit


def walk(
    paging: Paging, query: Query, translation: Translation, getter: Getter
) -> Items:
    """Yield the records and problems of a search as they come, then one log.

    No more pages are asked for than `query.limit` needs. A page that fails ends the
    list: what came is kept, and a problem says how much is missing. When not even the
    first page came, or nothing of what was counted, the log says `failed`.

    Raises:
        StoreError: the recorded answers are damaged.
    """
    if not translation.params:
        yield _nothing_to_ask(paging)
        yield _log(paging, query, translation, None)
        return
    size = page_size(query.limit, paging.size)
    state = _Walk(limit=query.limit, size=size, cursor=paging.first)
    more = True
    while more:
        try:
            page = _ask(paging, translation.params, state, getter)
        except SourceError as error:
            if not state.pages:
                yield Problem(
                    where=error.where, what=error.what, what_to_do=error.what_to_do
                )
                yield _log(paging, query, translation, None)
                return
            state.trouble = error.what
            if not isinstance(error, SourceDownError) and error.what_to_do:
                state.remedy = f"{error.what_to_do} {AGAIN}"
            break
        yield from _take(paging, state, page)
        more = _goes_on(paging, state, page)
    yield from _problems(paging, state)
    yield _log(paging, query, translation, state)


def page_size(limit: int | None, most: int) -> int:
    """Return the rows to ask for in each page, so that few come that nobody wants.

    >>> page_size(20, 1000), page_size(1500, 1000), page_size(None, 1000)
    (20, 750, 1000)
    """
    if limit is None:
        return most
    pages = -(-max(limit, 1) // most)
    return -(-max(limit, 1) // pages)


def _ask(paging: Paging, params: Params, state: _Walk, getter: Getter) -> Page:
    """Return the page at the cursor, and count what it cost."""
    turn = state.cursors.get(state.cursor, 0)
    state.cursors[state.cursor] = turn + 1
    request = replace(paging.request(params, state.cursor, state.size), turn=turn)
    answer = getter.get(request, paging.judge)
    state.recorded &= answer.recorded
    state.requests += 0 if answer.recorded else answer.attempt
    state.credits += answer.cost
    try:
        page = paging.parse(answer)
    except ShapeError as error:
        what = f"its answer does not have the documented shape ({error})"
        raise BadAnswerError(paging.where, what, AGAIN) from None
    if not state.pages and page.total is None and not page.items:
        raise BadAnswerError(paging.where, "it sent neither records nor a count", AGAIN)
    state.when = state.when or answer.when
    return page


def _take(paging: Paging, state: _Walk, page: Page) -> Iterator[Record | Problem]:
    """Yield what a page brings that is new; note the rest."""
    if not state.pages:
        state.total, state.reading = page.total, page.reading
    elif page.total is not None:
        state.last_total = page.total
    state.pages += 1
    before = state.retrieved
    for item in page.items:
        if state.full:
            break
        state.rows += 1
        if isinstance(item, Problem):
            state.unreadable += 1
            if state.unreadable <= NAMED:
                yield item
        elif _is_new(paging.key(item), state):
            state.retrieved += 1
            yield item
    state.idle = 0 if state.retrieved > before else state.idle + 1


def _is_new(key: str, state: _Walk) -> bool:
    if key and key in state.seen:
        state.repeated += 1
        return False
    state.seen.add(key)
    return True


def _goes_on(paging: Paging, state: _Walk, page: Page) -> bool:
    """Return whether there is another page to ask for, and remember its cursor."""
    if state.full:
        return False
    owed = state.total is None or state.delivered < state.total
    full = len(page.items) >= state.size
    if not page.next or not (owed or full):
        return False
    if page.next == state.cursor and not paging.cursor_repeats:
        return False
    if not page.items and (state.total is None or state.idle >= MOST_EMPTY):
        return False
    state.trouble = _endless(paging, state, page)
    state.cursor = page.next
    return not state.trouble


def _endless(paging: Paging, state: _Walk, page: Page) -> str:
    """Say in which way a service sends pages that lead nowhere; "" when it does not."""
    if page.next in state.cursors and not paging.cursor_repeats:
        return "it sends from page to page in a circle"
    if state.idle >= MOST_EMPTY:
        return f"{state.idle} pages in a row brought nothing new"
    surplus = 2 * (state.total or 0) + SURPLUS_PAGES * state.size
    if state.total is not None and state.rows >= surplus:
        return f"it counts {state.total:,} and does not stop after {state.rows:,}"
    return "its list has too many pages" if state.pages >= MOST_PAGES else ""


def _problems(paging: Paging, state: _Walk) -> Iterator[Problem]:
    """Yield what is to be said at the end about what is missing."""
    if state.unreadable > NAMED:
        more = state.unreadable - NAMED
        what = f"{more:,} more records cannot be read, {state.unreadable:,} in all"
        todo = "The service may have changed its answers: look for a newer assay."
        yield Problem(where=paging.where, what=what, what_to_do=todo)
    if state.lacking:
        cut = paging.deepest is not None and state.rows >= paging.deepest
        again = f"{state.repeated:,} others came again" if state.repeated else ""
        why = f"it lists only the first {paging.deepest:,}" if cut else state.trouble
        why = why or again
        said = f": {why}" if why else ""
        what = f"{state.lacking:,} of {state.wanted:,} records did not come{said}"
        todo = "Narrow the search, e.g. by years." if cut else state.remedy
        yield Problem(where=paging.where, what=what, what_to_do=todo)
    elif state.trouble:
        what = f"its list was not followed to the end: {state.trouble}"
        yield Problem(where=paging.where, what=what, what_to_do=state.remedy)


def _difference(state: _Walk) -> str:
    """Say why the records kept are not the number wanted; "" when they are."""
    parts = []
    if state.total is None:
        parts.append("the service did not say how many it counts")
    first, last = state.total, state.last_total
    if first is not None and last is not None and first != last:
        parts.append(f"it counted {first:,} at first, {last:,} at last")
    if state.lacking:
        parts.append(f"{state.lacking:,} of {state.wanted:,} were not delivered")
    if state.delivered > state.wanted:
        more = state.delivered - state.wanted
        parts.append(f"{more:,} more came than it counted")
    if state.repeated:
        parts.append(f"{state.repeated:,} came again and were kept once")
    if state.unreadable:
        parts.append(f"{state.unreadable:,} could not be read")
    if state.trouble:
        parts.append(state.trouble)
    return "; ".join(parts)


def _nothing_to_ask(paging: Paging) -> Problem:
    return Problem(
        where=paging.where,
        what="nothing of the query can be put in its words",
        what_to_do="--explain shows why; ask it of another source.",
    )


def _log(
    paging: Paging, query: Query, translation: Translation, state: _Walk | None
) -> SearchLog:
    """Return the log of a search; without a state it has failed."""
    log = SearchLog(
        source=paging.source,
        query=query.text,
        sent=translation.sent,
        clauses=translation.clauses,
    )
    if state is None:
        return replace(log, failed=True)
    return replace(
        log,
        translation=state.reading,
        count=state.delivered if state.total is None else state.total,
        wanted=state.wanted,
        retrieved=state.retrieved,
        when=state.when,
        recorded=state.recorded,
        failed=state.wanted > 0 and state.retrieved == 0,
        repeated=state.repeated,
        count_after=state.last_total,
        difference=_difference(state),
        requests=state.requests,
        credits=state.credits,
    )

"""Every PMID of a search that has more than PubMed lists at once, with the proof.

The parts of a search are listed first, all of them, then it is counted again. Where the
sums do not agree, everything is listed once more by PMID, which finds what has no
create date and what was changed meanwhile, and is counted a last time. What came of it
is a value; no record is fetched before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from assay.errors import NotRecordedError, SourceDownError, SourceError
from assay.search import Problem, Query, Slice
from assay.sources.base import Answer, Getter, Judge
from assay.sources.pubmed_errors import LATER, WHERE, judge_json
from assay.sources.pubmed_request import count_request, search_request
from assay.sources.pubmed_search import CAP, SearchReply, parse_count, parse_search
from assay.sources.pubmed_split import (
    DAY,
    PMID,
    Part,
    Span,
    Split,
    cut,
    everything,
    join_spans,
    show_slice,
    show_span,
    slice_term,
    split,
)
from assay.sources.pubmed_sums import (
    Sums,
    find_differences,
    find_disagreement,
    ids_of,
    is_whole,
)

SORT = "pub_date"
"""Sent with every part; the order within a part does not matter."""
GIVE_UP_AFTER = 3
"""Requests that fail one after another before the rest is not asked for any more."""
REMEDY = "Run it again: what was answered is kept, what lacks is asked for."


class Listing(NamedTuple):
    """The PMIDs of a search, and whether they are all."""

    pmids: tuple[str, ...]
    """Highest first, each once."""
    slices: tuple[Slice, ...]
    count_after: int | None
    """None when it could not be counted again."""
    repeated: int
    """Ids that were listed in more than one part."""
    difference: str
    """"" when all sums agree."""
    problems: tuple[Problem, ...]
    """What was not listed, or may not have been."""
    requests: int
    recorded: bool


def list_all(
    query: Query, answer: Answer, reply: SearchReply, getter: Getter
) -> Listing:
    """Return every PMID of a search whose first answer counts more than it can list.

    Raises:
        StoreError: the recorded answers are damaged.
    """
    asker = _Asker(query, getter, reply, newest=answer.when, today=_day(answer.when))
    first = set(reply.pmids)
    by_day = asker.split_all(DAY, reply.total, reply.pmids)
    count = asker.count(turn=0)
    if asker.given_up or (
        is_whole(by_day, reply.total if count is None else count)
        and first <= ids_of(by_day)
    ):
        return _listing(asker, Sums(reply, by_day, None, count))
    known = tuple(first | ids_of(by_day))
    by_pmid = asker.split_all(PMID, max(reply.total, len(known)), known)
    count = asker.count(turn=1)
    return _listing(asker, Sums(reply, by_day, by_pmid, count))


def _day(when: str) -> int:
    """Return the day of an ISO time; a fixed one when it has none (in tests)."""
    return date.fromisoformat(when[:10] or "2026-01-01").toordinal()


# --- asking ------------------------------------------------------------------------


@dataclass(slots=True)
class _Asker:
    """Asks for the parts of one search, and remembers how that went."""

    query: Query
    getter: Getter
    reply: SearchReply
    newest: str
    """ISO time of the latest answer so far."""
    today: int
    requests: int = 0
    recorded: bool = True
    down: int = 0
    """Requests that failed one after another."""
    errors: dict[Span | None, SourceError] = field(default_factory=dict)
    """Why a span could not be listed; None for a count."""

    @property
    def given_up(self) -> bool:
        """Whether the service seems to be down: nothing more is asked."""
        return self.down >= GIVE_UP_AFTER

    def split_all(self, by: str, total: int, known: Sequence[str]) -> Split:
        """List everything, cut by days or by PMIDs."""
        whole = Part(everything(by), total, tuple(known))
        spans = cut(whole, today=self.today, cap=CAP)
        since = self.newest  # lists from before the first count prove nothing

        def ask(spans: Sequence[Span]) -> Iterator[Part | None]:
            return self._list(spans, since)

        return split(spans, total, ask, today=self.today, cap=CAP)

    def count(self, turn: int) -> int | None:
        """Count the whole search again; an answer from before the lists is no news."""
        self.errors.pop(None, None)
        if self.given_up:
            return None
        request = count_request(self.query, turn)
        try:
            answer = self.getter.get(request, _not_before(self.newest, judge_json))
            self._heard(answer)
            return parse_count(answer.body)
        except SourceError as error:
            self._failed(None, error)
            return None

    def _list(self, spans: Sequence[Span], since: str) -> Iterator[Part | None]:
        """Yield what each span holds; None where it could not be listed."""
        if self.given_up:
            yield from (None for _ in spans)
            return
        requests = [search_request(self._narrowed(span)) for span in spans]
        outcomes = self.getter.get_many(requests, _not_before(since, judge_listing))
        for at, (span, outcome) in enumerate(zip(spans, outcomes, strict=True)):
            if isinstance(outcome, SourceError):
                self._failed(span, outcome)
                yield None
            else:
                self._heard(outcome)
                yield self._part(span, parse_search(outcome.body))
            if self.given_up:
                yield from (None for _ in spans[at + 1 :])
                return

    def _narrowed(self, span: Span) -> Query:
        text = slice_term(self.query.text, span)
        return replace(self.query, text=text, limit=None, sort=SORT)

    def _part(self, span: Span, reply: SearchReply) -> Part:
        """Return what a span holds.

        Where a query finds nothing, PubMed may search again without its mapped tags
        and says "Schema: all" (PubMed Help): that was not asked for.
        """
        sign, whole = "schema: all", self.reply.reading.translation.lower()
        if sign in reply.reading.translation.lower() and sign not in whole:
            return Part(span, 0, ())
        return Part(span, reply.total, reply.pmids)

    def _heard(self, answer: Answer) -> None:
        self.down = 0
        self.requests += 0 if answer.recorded else answer.attempt
        self.recorded &= answer.recorded
        self.newest = max(self.newest, answer.when)

    def _failed(self, span: Span | None, error: SourceError) -> None:
        down = isinstance(error, SourceDownError | NotRecordedError)
        self.down = self.down + 1 if down else 0
        self.errors[span] = error


def judge_listing(answer: Answer) -> bool:
    """Say True for an answer that lists all it counts (9,999 at most).

    Raises:
        SourceDownError, RefusedError: as `judge_json`.
        BadAnswerError: when count or idlist are not there as documented.
    """
    judge_json(answer)
    reply = parse_search(answer.body)
    return len(reply.pmids) >= min(reply.total, CAP)


def _not_before(when: str, judge: Judge) -> Judge:
    """Return a judge that does not take a recorded answer older than `when`."""

    def judge_age_too(answer: Answer) -> bool:
        if answer.recorded and answer.when < when:
            raise SourceDownError(WHERE, "its recorded count is out of date", LATER)
        return judge(answer)

    return judge_age_too


# --- the sums ----------------------------------------------------------------------


def _listing(asker: _Asker, sums: Sums) -> Listing:
    """Return all that was listed, and say what the sums are."""
    splits = (sums.by_day, *((sums.by_pmid,) if sums.by_pmid else ()))
    parts = [part for each in splits for part in each.parts]
    distinct = len(set[str]().union(*map(ids_of, splits)))
    return Listing(
        pmids=tuple(sorted(sums.ids, key=int, reverse=True)),
        slices=tuple(map(show_slice, parts)),
        count_after=sums.count,
        repeated=sum(len(part.pmids) for part in parts) - distinct,
        difference=" ".join(find_differences(sums)),
        problems=tuple(_problems(asker, sums)),
        requests=asker.requests,
        recorded=asker.recorded,
    )


def _problems(asker: _Asker, sums: Sums) -> Iterator[Problem]:
    """Yield what was not listed, and that the sums do not agree."""
    reasons: dict[str, list[Span]] = {}
    for span in sums.last.lost:
        error = asker.errors.get(span)
        why = f"could not be listed: {error.what}" if error else "were not asked for"
        reasons.setdefault(why, []).append(span)
    for why, spans in reasons.items():
        named = "; ".join(map(show_span, join_spans(spans)))
        yield Problem(where=WHERE, what=f"records {named} {why}", what_to_do=REMEDY)
    if error := asker.errors.get(None):
        what = f"it could not be counted again: {error.what}"
        yield Problem(where=WHERE, what=what, what_to_do=error.what_to_do)
    if wrong := find_disagreement(sums):
        yield Problem(where=WHERE, what=wrong, what_to_do=REMEDY)

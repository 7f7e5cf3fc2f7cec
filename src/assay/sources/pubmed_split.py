"""How a search beyond PubMed's limit is cut: by create date, a large day by PMID.

Pure: it is handed a function that lists spans, and says which spans to list. A span
that holds more than PubMed lists at once is cut into several, until every one fits.
Whatever the answers are, the spans of a split cover what it began with, without a gap
and without an overlap: the ends of each cut lie side by side.

Create date ([crdt]) because it is never backdated and every part of it can be cut down
to a day; PMID because a PMID never changes and names one record (protocols: EDirect
cuts by PMID; single days hold more than 9,999).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from math import ceil, log2
from typing import NamedTuple

from assay.search import Slice
from assay.sources.pubmed_search import CAP

DAY, PMID = "crdt", "uid"
"""What a span is cut by, as PubMed's field tags."""

FIRST_DAY, LAST_DAY = date(1000, 1, 1).toordinal(), date(3000, 12, 31).toordinal()
"""The ends of all create dates: what PubMed's Help writes for open ends and more."""
LAST_PMID = 999_999_999
"""Above every PMID: ten times the digits that PubMed has used."""

FULL = 0.8
"""Share of the limit that a cut aims at: room for guesses that are somewhat wrong."""
MOST_PIECES = 16
"""Spans that one is cut into at once: more would be wasted where all lies in one."""
PIECES_BY_SAMPLE = 3
"""Spans that one is cut into where many of its PMIDs are not known."""
DOUBLING = 4_400.0
"""Days in which the literature is taken to double. A guess where nothing is known of a
span but its count: a wrong one costs requests, never records."""


class Span(NamedTuple):
    """A range of create dates or of PMIDs, both ends included."""

    field: str
    """DAY or PMID."""
    low: int
    """A PMID, or a day as `date.toordinal` counts."""
    high: int
    within: int = 0
    """The day whose PMIDs these are; 0 when the span is not a part of a day."""


class Part(NamedTuple):
    """A span with what the service said of it."""

    span: Span
    counted: int
    pmids: tuple[str, ...]
    """Those it listed: at most as many as the limit."""


class Split(NamedTuple):
    """What became of all spans."""

    parts: tuple[Part, ...]
    """By day, the PMIDs of a day in their order."""
    lost: tuple[Span, ...]
    """Those of which nothing was heard."""
    heeded: bool = True
    """False when the service does not keep to the spans it is given: the parts count
    far more than the whole. Their counts then say nothing."""


Ask = Callable[[Sequence[Span]], Iterable[Part | None]]
"""List spans: one outcome for each, in order; None for one that failed."""


def split(
    spans: Sequence[Span], total: int, ask: Ask, *, today: int, cap: int = CAP
) -> Split:
    """Return the parts into which spans had to be cut so that each could be listed.

    Args:
        spans: what is to be covered, e.g. `cut` of everything.
        total: how many records the service counts in all of it.
        ask: called once a level, with all spans that are still to be listed.
        today: where the guess of growth ends, as `date.toordinal`.
        cap: most ids that one span can list.

    >>> def ask(spans):  # a thousand records, all made in one day
    ...     for span in spans:
    ...         days = range(span.low, span.high + 1)
    ...         made = 730_000 in days if span.field == DAY else False
    ...         yield Part(span, 1_000 if made else 0, ())
    >>> one = Span(DAY, 729_000, 731_000)
    >>> found = split((one,), 1_000, ask, today=731_000, cap=2_000)
    >>> [part.counted for part in found.parts], found.lost
    ([1000], ())
    """
    parts: list[Part] = []
    lost: list[Span] = []
    pending = list(spans)
    while pending:
        wide: list[Part] = []
        for span, part in zip(pending, ask(pending), strict=True):
            if part is None:
                lost.append(span)
            elif part.counted > cap and can_be_cut(span):
                wide.append(part)
            else:
                parts.append(part)
        told = sum(part.counted for part in (*parts, *wide))
        if told > 2 * total + cap:
            return Split((*parts, *wide), tuple(lost), heeded=False)
        pending = [span for part in wide for span in cut(part, today=today, cap=cap)]
    parts.sort(key=lambda part: (part.span.within or part.span.low, part.span.low))
    return Split(tuple(parts), tuple(lost))


def can_be_cut(span: Span) -> bool:
    """Return whether a span holds more than one PMID.

    >>> can_be_cut(Span(DAY, 7, 7)), can_be_cut(Span(PMID, 7, 7))
    (True, False)
    """
    return span.field == DAY or span.low < span.high


def cut(part: Part, *, today: int, cap: int = CAP) -> tuple[Span, ...]:
    """Return two or more spans that together are the part's span, in order.

    Days are cut as the literature grows; a single day, and PMIDs, where the PMIDs that
    are known lie.

    >>> cut(Part(Span(PMID, 1, 100), 20, ("8", "9", "31", "40")), today=0, cap=20)
    (Span(field='uid', low=1, high=31, within=0), Span(field='uid', low=32, high=100, \
within=0))
    """
    span = part.span
    number = min(max(2, ceil(part.counted / (cap * FULL))), MOST_PIECES)
    if span.field == DAY and span.low < span.high:
        return _pieces(span, _days(span, number, today))
    if span.field == DAY:
        span = Span(PMID, 1, LAST_PMID, within=span.low)
    if len(part.pmids) < part.counted * FULL:  # they may lie at one end of the span
        number = min(number, PIECES_BY_SAMPLE)
    return _pieces(span, _quantiles(part.pmids, number))


def _pieces(span: Span, lasts: Iterable[int]) -> tuple[Span, ...]:
    """Return the span cut behind each of `lasts` that is inside it."""
    inside = sorted({last for last in lasts if span.low <= last < span.high})
    ends = inside or [(span.low + span.high) // 2]
    lows = (span.low, *(end + 1 for end in ends))
    highs = (*ends, span.high)
    return tuple(
        span._replace(low=low, high=high) for low, high in zip(lows, highs, strict=True)
    )


def _days(span: Span, number: int, today: int) -> list[int]:
    """Return the days behind which equal shares end if all grows as it is guessed."""

    def share(day: int) -> float:
        return float(2 ** ((min(day, today) - today) / DOUBLING))

    low, high = share(span.low), share(span.high)
    if high - low < 1e-9:  # all of it in the future, or very long ago
        step = (span.high - span.low) / number
        return [span.low + round(step * at) for at in range(1, number)]
    shares = [low + (high - low) * at / number for at in range(1, number)]
    return [today + round(DOUBLING * log2(each)) for each in shares]


def _quantiles(pmids: Sequence[str], number: int) -> list[int]:
    known = sorted(map(int, pmids))
    return [known[len(known) * at // number] for at in range(1, number) if known]


def join_spans(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the same days or PMIDs as few spans, in order.

    >>> join_spans((Span(DAY, 1, 4), Span(DAY, 5, 9), Span(DAY, 11, 12)))[0][1:3]
    (1, 9)
    """
    joined: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.field, s.within, s.low)):
        before = span._replace(low=0, high=span.low - 1)
        if joined and joined[-1]._replace(low=0) == before:
            joined[-1] = joined[-1]._replace(high=span.high)
        else:
            joined.append(span)
    return tuple(joined)


def everything(field: str) -> Span:
    """Return the span of all create dates, or of all PMIDs.

    >>> show_slice(Part(everything(DAY), 0, ()))[:3]
    ('crdt', '1000/01/01', '3000/12/31')
    """
    if field == DAY:
        return Span(DAY, FIRST_DAY, LAST_DAY)
    return Span(PMID, 1, LAST_PMID)


def show_end(span: Span, end: int) -> str:
    """Return an end of a span as PubMed reads it."""
    return show_day(end) if span.field == DAY else str(end)


def show_day(day: int) -> str:
    """Return a day as PubMed writes it.

    >>> show_day(date(2021, 3, 4).toordinal())
    '2021/03/04'
    """
    it = date.fromordinal(day)
    return f"{it.year:04}/{it.month:02}/{it.day:02}"


def show_span(span: Span) -> str:
    """Return a span in plain words.

    >>> show_span(Span(PMID, 5, 9, within=date(2021, 3, 4).toordinal()))
    'created on 2021/03/04 with a PMID from 5 to 9'
    >>> show_span(Span(DAY, 730_000, 730_001))
    'created from 1999/09/03 to 1999/09/04'
    """
    ends = f"from {show_end(span, span.low)} to {show_end(span, span.high)}"
    if span.field == DAY:
        return f"created {ends}"
    day = f"created on {show_day(span.within)} " if span.within else ""
    return f"{day}with a PMID {ends}"


def show_slice(part: Part) -> Slice:
    """Return a part as the log holds it.

    >>> show_slice(Part(Span(PMID, 5, 9), 2, ("6", "8")))[:5]
    ('uid', '5', '9', 2, 2)
    """
    span = part.span
    return Slice(
        span.field,
        show_end(span, span.low),
        show_end(span, span.high),
        part.counted,
        len(part.pmids),
        show_day(span.within) if span.within else "",
    )


def slice_term(text: str, span: Span) -> str:
    """Return a query's text narrowed to a span.

    The range stands first: quotes that are open at the end of the text do not reach it.

    >>> slice_term("tea OR milk", Span(PMID, 5, 9))
    '5:9[uid] AND (tea OR milk)'
    """
    term = f"{show_end(span, span.low)}:{show_end(span, span.high)}[{span.field}]"
    if span.within:
        day = show_day(span.within)
        term = f"{day}:{day}[{DAY}] AND {term}"
    return f"{term} AND ({text})"

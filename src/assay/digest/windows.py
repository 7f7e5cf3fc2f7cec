"""Which records a query asks for in one run, in words, and how its mark moves.

A service is asked for what it *made* since the last success, never for what was
published since: PubMed's create date is never backdated, its entry and publication
dates are (NLM's help on searching by date; it advises [crdt] for repeated searches).
"""

from calendar import monthrange
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from enum import StrEnum

from assay.dates import parse_iso_date
from assay.digest.asked import Asked, Mark, Window
from assay.errors import QueryError
from assay.query.parse import parse_query, read_query
from assay.query.render import render_plain, render_query
from assay.query.sending import find_conjuncts
from assay.record import PartialDate, Record

OVERLAP = timedelta(days=14)
"""Asked for again in each run: a create date is a day in the time of the US East, and
a record can be found only days after it was made. What was sent is not sent again."""
FIRST_LOOK = timedelta(days=30)
"""How far the first run of a query looks back."""
LATE = timedelta(days=365)
"""How long after its publication a service that is asked by that date may take a record
up: much is dated to the first of January, as no more than its year is known."""


UNPAIRED = frozenset(
    {"open-parenthesis", "close-parenthesis", "open-quote", "open-bracket"}
)
"""Faults of a query (`query.parse`) that could swallow what is put beside it."""
ODD = UNPAIRED | {"dangling-operator", "not-first", "double-operator"}
"""Faults that a query is rid of by writing it as it was read."""


class By(StrEnum):
    """By which of its dates a service is asked for what is new."""

    CREATED = "created"
    """When it made the record, or changed one that it made since `Window.began`: so
    that one which holds the words only later is found too (headings come months
    after the record, abstracts sometimes)."""
    CHANGED = "changed"
    """When it last changed the record, which stands for when it made it."""
    PUBLISHED = "published"
    """The day of publication, `LATE` before the window but not before it began: what
    is taken up later than that, or dated before it, is missed."""
    NOTHING = "nothing"
    """It cannot be asked by any date: everything it holds comes every time, and
    `is_within` tells what is published since the query is followed."""


BY = {
    "pubmed": By.CREATED,
    "europepmc": By.CREATED,
    "openalex": By.PUBLISHED,
    "crossref": By.PUBLISHED,
    "clinicaltrials": By.CHANGED,
    "doaj": By.NOTHING,
}
"""Source → by which date it is asked; any other by that of publication."""


def make_window(
    mark: Mark | None, text: str, now: datetime, *, since: str = ""
) -> Window:
    """Return which records a query asks a source for now.

    From its last success, less `OVERLAP`; from where it began when its words are
    others than those of the mark, or when the mark lies in the future (the clock was
    wrong); the first time from `FIRST_LOOK` ago or from `since`. Later `since` only
    widens the window: what was not yet asked for is never left out.

    Args:
        text: the query's own words.
        since: YYYY, YYYY-MM or YYYY-MM-DD, or likewise with slashes; "" for none.

    Raises:
        QueryError: `since` is no date.

    >>> make_window(None, "tea", datetime(2026, 11, 23, 7, tzinfo=UTC))
    Window(first='2026/10/24', began='2026/10/24')
    """
    today = now.astimezone(UTC).date()
    asked = _first_day(since) if since else None
    began = _began(mark, today)
    if began is None:
        began = first = asked or today - FIRST_LOOK
    else:
        until = _until(mark, text, now)
        first = until - OVERLAP if until else began
        first = min(filter(None, (first, asked)))
        began = min(filter(None, (began, asked)))
    return Window(_written(max(first, began)), _written(began))


def _began(mark: Mark | None, today: date) -> date | None:
    """Return the day from which a query is followed; None when it is not yet."""
    try:
        began = _day(mark.began) if mark else None
    except ValueError:
        return None
    return began if began and began <= today else None


def _until(mark: Mark | None, text: str, now: datetime) -> date | None:
    """Return the day of the last success with these words; None when there is none."""
    if mark is None or mark.text != text:
        return None
    try:
        until = datetime.fromisoformat(mark.until)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return until.astimezone(UTC).date() if until <= now else None


def _day(written: str) -> date:
    year, month, day = map(int, written.replace("-", "/").split("/"))
    return date(year, month, day)


def _first_day(since: str) -> date:
    when = parse_iso_date(since.strip())
    if when.precision not in {"day", "month", "year"} or when.text:
        raise QueryError(
            f'"{since.strip()[:40]}" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD.'
        )
    return date(when.year, when.month or 1, when.day or 1)


def _written(day: date) -> str:
    return f"{day.year:04}/{day.month:02}/{day.day:02}"


def word_window(text: str, window: Window, source: str) -> str:
    """Return a query held to its window, in PubMed's syntax, for one source.

    However it is written, the whole of it is held: parentheses that do not pair and
    operators that combine nothing are read as `query.parse` reads them.

    Raises:
        QueryError: nothing is asked, or the words leave no place for the window.

    >>> word_window("tea OR milk", Window("2026/11/09", "2026/11/09"), "pubmed")
    '(tea OR milk) AND (2026/11/09:3000/12/31[crdt])'
    >>> word_window("tea", Window("2026/11/09", "2026/10/01"), "pubmed")
    '(tea) AND (2026/11/09:3000/12/31[crdt] OR (2026/10/01:3000/12/31[crdt] AND \
2026/11/09:3000/12/31[lr]))'
    """
    span = _span(window, BY.get(source, By.PUBLISHED))
    tree = read_query(text)
    written = (render_query(tree), render_plain(tree)) if _has(text, ODD) else (text,)
    for words in written:
        held = f"({words}) AND ({span})" if span else words
        if not span or _is_held(held, span):
            return held
    raise QueryError(
        "The query is written so that no date can be put beside it; see what is wrong "
        "with `assay queries lint`."
    )


def _span(window: Window, by: By) -> str:
    match by:
        case By.CREATED if window.first > window.began:
            return (
                f"{_since(window.first, 'crdt')} OR ({_since(window.began, 'crdt')} "
                f"AND {_since(window.first, 'lr')})"
            )
        case By.CREATED:
            return _since(window.first, "crdt")
        case By.CHANGED:
            return _since(window.first, "dp")
        case By.PUBLISHED:
            early = _written(_day(window.first) - LATE)
            return _since(max(window.began, early), "dp")
        case By.NOTHING:
            return ""


def _since(first: str, field: str) -> str:
    return f"{first}:3000/12/31[{field}]"


def _is_held(text: str, span: str) -> bool:
    """Say whether every record that a text finds must lie in the span at its end."""
    if _has(text, UNPAIRED):
        return False
    wanted = find_conjuncts(parse_query(text).tree).wanted
    last = wanted[-1] if wanted else None
    return last is not None and text[last.start : last.end] == span


def _has(text: str, codes: frozenset[str]) -> bool:
    return any(fault.code in codes for fault in parse_query(text).faults)


def is_within(record: Record, window: Window, source: str) -> bool:
    """Say whether a record may be new, where a source cannot be asked by any date.

    True for every record of the other sources.

    >>> old = Record(source="doaj", year=2020)
    >>> is_within(old, Window("2026/11/09", "2026/10/01"), "doaj")
    False
    >>> is_within(old, Window("2026/11/09", "2026/10/01"), "pubmed")
    True
    """
    if BY.get(source, By.PUBLISHED) is not By.NOTHING:
        return True
    return is_published_since(record, window.began)


def is_published_since(record: Record, first: str) -> bool:
    """Say whether a record can have come out on a day (YYYY/MM/DD) or later.

    By the last day that its latest date leaves open: one dated 2026 can have come out
    in December. True for one without a date.

    >>> is_published_since(Record(source="x", year=2026), "2026/11/09")
    True
    """
    told = [*record.dates[:1]]
    told += [each for each in record.dates if each.origin.startswith("ArticleDate")]
    days = [day for each in told if (day := _last_day(each))]
    if not days and (day := _last_day(PartialDate(record.year or 0))):
        days = [day]
    return not days or max(days) >= _day(first)


def _last_day(when: PartialDate) -> date | None:
    """Return the last day that a date can mean; None when it has no year."""
    if not 1 <= when.year <= MAXYEAR:
        return None
    whole = when.precision in {"season", "range", "year", "unknown"}
    if whole or not 1 <= when.month <= 12:
        return date(when.year, 12, 31)
    last = monthrange(when.year, when.month)[1]
    return date(when.year, when.month, when.day if 1 <= when.day <= last else last)


def move_mark(mark: Mark | None, asked: Asked, now: datetime, slot: str = "") -> Mark:
    """Return how far a query is asked of a source after one run.

    It moves when everything came; else it stays, and remembers the try and why.

    Args:
        mark: as it was; None when it was never asked.
        slot: `due.Due.slot`.

    >>> window = Window("2026/10/24", "2026/10/24")
    >>> asked = Asked(
    ...     query="tea", source="pubmed", window=window, text="tea",
    ...     started="2026-11-23T07:00:00+00:00", failed=True, problem="It is down.",
    ... )
    >>> mark = move_mark(None, asked, datetime(2026, 11, 23, 7, 1, tzinfo=UTC))
    >>> mark.began, mark.until, mark.problem
    ('2026/10/24', '', 'It is down.')
    """
    new = Mark(
        query=asked.query,
        source=asked.source,
        text=asked.text,
        began=asked.window.began,
        until=asked.started,
        tried=now.astimezone(UTC).isoformat(timespec="seconds"),
        slot=slot,
        read_to=asked.read_to,
    )
    if asked.whole:
        return new
    new = new._replace(problem=asked.problem or "The search failed.")
    if mark is None:
        return new._replace(until="", read_to=0)
    return mark._replace(tried=new.tried, problem=new.problem, slot=slot)


def gap_of(mark: Mark | None) -> str:
    """Return the day since which a source was not asked with success; "" for none.

    Only where the last try failed: the gap that the next success makes up for.

    >>> gap_of(None)
    ''
    >>> gap_of(Mark("tea", "pubmed", "tea", "2026/10/24", "", "2026-11-23", "Down."))
    '2026-10-24'
    """
    if mark is None or not mark.problem:
        return ""
    return mark.until[:10] or mark.began.replace("/", "-")

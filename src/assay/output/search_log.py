"""The log of a search after PRISMA-S, as Markdown for a terminal or an appendix.

PRISMA-S (Rethlefsen et al. 2021, doi:10.1186/s13643-020-01542-z) asks for 16 items of
a search's report. Those that a program can know stand here under their numbers; the
last section names those that people have to tell.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping

from assay.output.clean import clean, escape_markdown, one_line
from assay.output.search_log_json import add_up
from assay.output.search_sums import check_sums, count_lacking
from assay.output.words import say_number, say_problem
from assay.search import Clause, Query, SearchLog, SearchRun, Slice
from assay.sources.base import Source

WIDTH = 80
"""Columns: what assay itself says is broken to fit; exact strings never are."""
MOST_IDS = 20
"""Ids of missing records that are spelt out; the JSON log has all."""
MOST_SLICES = 40
"""Parts of a search that are listed; the JSON log has all."""
FAILED = "failed"

_ISO = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(Z|[+-]\d\d:\d\d)", re.ASCII)

FOR_PEOPLE = (
    ("2", "multi-database searching: each database above was asked by itself"),
    ("4 to 7", "browsing, citation searching, contacts and other methods"),
    ("10, 11", "published search filters, and earlier strategies that were reused"),
    ("12", "how the search is updated: assay keeps every run, to be compared"),
    ("14", "peer review of the strategy, e.g. with PRESS"),
)
"""(items, what they ask) of PRISMA-S that a program cannot know, or not all of."""

Sources = Mapping[str, Source]


def render_search_log(run: SearchRun, sources: Sources | None = None) -> str:
    """Return what was asked of whom, in which words, when, and what came of it.

    `sources` gives the databases' titles and platforms by name. The text ends with a
    newline. Query strings stand exactly as sent, one a line, however long they are.

    >>> print(render_search_log(SearchRun(query=Query(text="tea"))).splitlines()[0])
    # Search log: tea
    """
    known = sources or {}
    parts = (
        _head(run),
        _counts(run, known),
        _sums(run),
        *(_database(log, known) for log in run.logs),
        _problems(run),
        _tools(run),
        _left(),
    )
    return "\n".join(line for part in parts for line in part).rstrip("\n") + "\n"


def _head(run: SearchRun) -> Iterator[str]:
    yield f"# Search log: {escape_markdown(run.name or run.query.text)}"
    yield ""
    times = dict.fromkeys(filter(None, (run.started, run.finished)))
    made = " to ".join(map(_time, times))
    yield from _wrapped(f"Made {made or 'at a time not recorded'} with assay.")
    yield ""
    yield "The query as asked:"
    yield ""
    yield from _code(run.query.text)
    yield ""
    yield from _item(
        f"Limits and restrictions (9): {escape_markdown(_limits(run.query))}"
    )
    yield ""


def _time(text: str) -> str:
    """Return an ISO time as people read it; any other text as it is."""
    found = _ISO.fullmatch(text)
    if not found:
        return escape_markdown(text)
    day, clock, zone = found.groups()
    return f"{day} {clock} {'UTC' if zone in {'Z', '+00:00'} else zone}"


def _limits(query: Query) -> str:
    dates = f"published {query.since or 'any time'} to {query.until or 'any time'}"
    limits = [dates] if query.since or query.until else []
    if query.limit is not None:
        limits.append(
            f"the first {say_number(query.limit, 'record')} of each database, "
            f"sorted by {query.sort}"
        )
    return "; ".join(limits) or "none; every record was wanted"


# --- the table of counts --------------------------------------------------------------


def _counts(run: SearchRun, known: Sources) -> Iterator[str]:
    yield "## Total records (15) and deduplication (16)"
    yield ""
    names = ("Database", "Counted", "Wanted", "Came", "Missing", "Repeated")
    rows = [_row(log, known) for log in run.logs]
    yield from _table([names, *rows])
    yield ""
    aside = sum(log.set_aside for log in run.logs)
    if aside:
        yield from _item(
            f"Records set aside, because their own titles and abstracts do not hold "
            f"what was asked: {aside:,}"
        )
    rest = (
        ("Records found in all databases", run.found),
        ("Duplicates removed", run.duplicates),
        ("Records after merging", run.merged),
        ("Studies that they belong to", run.studies),
    )
    for name, number in rest:
        yield f"- {name}: {'not counted' if number is None else f'{number:,}'}"
    yield ""


def _row(log: SearchLog, known: Sources) -> tuple[str, ...]:
    title = _title(log, known)
    if log.count is None:
        return (title, FAILED, "–", f"{log.retrieved:,}" if log.retrieved else "–", "–",
                "–")  # fmt: skip
    lacking = count_lacking(log)
    numbers = (log.count, log.wanted, log.retrieved, lacking, log.repeated)
    end = f" ({FAILED})" if log.failed else ""
    return (f"{title}{end}", *(f"{number:,}" for number in numbers))


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Yield a table whose columns also line up where Markdown is read as it is."""
    widths = [max(3, *(len(row[at]) for row in rows)) for at in range(len(rows[0]))]
    for number, row in enumerate(rows):
        first, *others = zip(row, widths, strict=True)
        cells = [first[0].ljust(first[1]), *(text.rjust(w) for text, w in others)]
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            marks = ["-" * widths[0], *("-" * (w - 1) + ":" for w in widths[1:])]
            yield f"| {' | '.join(marks)} |"


def _sums(run: SearchRun) -> Iterator[str]:
    wrong = check_sums(run)
    failed = sum(log.failed for log in run.logs)
    if wrong:
        yield "These sums do not hold:"
        yield ""
        for sentence in wrong:
            yield from _item(escape_markdown(sentence))
    else:
        without = say_number(failed, "database that failed", "databases that failed")
        but = f", apart from {without}" if failed else ""
        lacking = sum(count_lacking(log) for log in run.logs if not log.failed)
        lack = f" {say_number(lacking, 'record')} did not come." if lacking else ""
        yield from _wrapped(f"Every sum holds{but}.{lack}")
    yield ""


# --- one database ---------------------------------------------------------------------


def _database(log: SearchLog, known: Sources) -> Iterator[str]:
    source = known.get(log.source)
    yield f"## {_title(log, known)}"
    yield ""
    if source:
        kind = "Study registry (3)" if log.source in REGISTRIES else "Database (1)"
        yield from _item(f"{kind}: {source.title}, by {source.platform}")
    recorded = ", from the recording" if log.recorded else ""
    when = _time(log.when) if log.when else "no answer came"
    yield from _item(f"Date of search (13): {when}{recorded}")
    if log.failed:
        yield from _item("This search failed: it has no outcome that can be trusted.")
    spent = say_number(log.requests, "request")
    if log.credits:
        spent += f", {say_number(log.credits, 'credit')}"
    yield from _item(f"Spent: {spent}")
    yield ""
    tense = "as it was to be sent" if log.failed else "exactly as sent"
    yield f"Full search strategy (8), {tense}:"
    yield ""
    yield from _code(log.sent or log.query)
    yield ""
    if log.translation:
        yield "As the service read it:"
        yield ""
        yield from _code(log.translation)
        yield ""
    yield from _receipt(log.clauses)
    yield from _told(log)
    yield from _slices(log)


REGISTRIES = frozenset({"clinicaltrials"})
"""Sources that register studies rather than list publications (PRISMA-S item 3)."""


def _title(log: SearchLog, known: Sources) -> str:
    source = known.get(log.source)
    return escape_markdown(source.title if source else log.source)


def _receipt(clauses: Iterable[Clause]) -> Iterator[str]:
    given = tuple(clauses)
    if not given:
        return
    yield "What became of each clause:"
    yield ""
    for clause in given:
        why = f": {escape_markdown(clause.why)}" if clause.why else ""
        yield from _item(f"{clause.fidelity}: {_span(clause.text)}{why}")
    yield ""


def _told(log: SearchLog) -> Iterator[str]:
    told = [*log.ignored, *filter(None, (log.difference,))]
    if log.missing:
        more = f" and {len(log.missing) - MOST_IDS:,} more"
        ids = ", ".join(log.missing[:MOST_IDS])
        told.append(f"Missing: {ids}{more if len(log.missing) > MOST_IDS else ''}.")
    if log.count_after is not None:
        told.append(f"Counted again at the end: {log.count_after:,}.")
    for sentence in told:
        yield from _item(escape_markdown(sentence))
    if told:
        yield ""


def _name_part(part: Slice) -> str:
    """Return its ends: days, or PMIDs with the day whose they are."""
    ends = f"{escape_markdown(part.first)} to {escape_markdown(part.last)}"
    if part.field != "uid":
        return ends
    day = f"{escape_markdown(part.within)}, " if part.within else ""
    return f"{day}PMID {ends}"


def _slices(log: SearchLog) -> Iterator[str]:
    if not log.slices:
        return
    sums = add_up(log)
    yield from _wrapped(
        f"It was too large to be listed at once, and was listed in "
        f"{say_number(sums.slices, 'part')}:"
    )
    yield ""
    names = ("Part", "Counted", "Listed")
    rows = [
        (_name_part(part), f"{part.counted:,}", f"{part.listed:,}")
        for part in log.slices[:MOST_SLICES]
    ]  # fmt: skip
    total = ("All parts", f"{sums.counted:,}", f"{sums.listed:,}")
    if left := sums.slices - MOST_SLICES:
        rows += [(f"{left:,} more parts", "…", "…")] if left > 0 else []
    yield from _table([names, *rows, total])
    yield ""
    yield from _wrapped(
        f"{sums.listed:,} listed, {sums.again:,} of them again: {sums.distinct:,} "
        f"distinct. {log.retrieved:,} came, {len(log.missing):,} did not: "
        f"{log.retrieved + len(log.missing):,}."
    )
    yield ""


# --- the end --------------------------------------------------------------------------


def _problems(run: SearchRun) -> Iterator[str]:
    if not run.problems:
        return
    yield "## Problems"
    yield ""
    for problem in run.problems:
        yield from _item(escape_markdown(say_problem(problem)))
    yield ""


def _tools(run: SearchRun) -> Iterator[str]:
    if not run.tools:
        return
    yield "## Tools"
    yield ""
    named = ", ".join(f"{tool.name} {tool.version}" for tool in run.tools)
    yield from _item(f"Deduplication (16) and search: {escape_markdown(named)}")
    yield ""


def _left() -> Iterator[str]:
    yield "## What this log cannot tell"
    yield ""
    yield from _wrapped(
        "Numbers in brackets are items of PRISMA-S. This log covers items 1, 3, 8, 9, "
        "13, 15 and 16; people have to report the others:"
    )
    yield ""
    for items, what in FOR_PEOPLE:
        yield from _item(f"{items}: {what}")


def _code(text: str) -> Iterator[str]:
    """Yield a string as it is, in a fence that nothing inside can close."""
    fence = "`" * max(3, _ticks(shown := clean(text)) + 1)
    yield fence
    yield from shown.split("\n")
    yield fence


def _span(text: str) -> str:
    """Return a string as a span of code on one line."""
    shown = one_line(text)
    mark = "`" * (_ticks(shown) + 1)
    blank = " " if "`" in shown[:1] + shown[-1:] else ""
    return f"{mark}{blank}{shown}{blank}{mark}" if shown else ""


def _ticks(text: str) -> int:
    """Return the length of the longest run of backticks."""
    return max(map(len, re.findall("`+", text)), default=0)


def _item(text: str) -> Iterator[str]:
    yield from _filled(text, "- ", "  ")


def _wrapped(text: str) -> Iterator[str]:
    yield from _filled(text, "", "")


def _filled(text: str, first: str, later: str) -> Iterator[str]:
    yield from textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )

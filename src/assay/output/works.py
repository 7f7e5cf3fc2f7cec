"""What a search found, in a terminal: one row for a study, and who gave what."""

from collections.abc import Iterator, Sequence

from rich.console import Console

from assay.library.dedupe import Merged
from assay.library.works import Doubt, Works
from assay.output.lines import print_line
from assay.output.listing import address_line, source_line
from assay.output.words import say_number, say_problem, say_search, title_of
from assay.search import Found, SearchLog

MOST_SHOWN = 200
"""Studies listed on a screen; of more, the number is told. A pipe or file gets all."""
MOST_MISSING = 20
"""Ids of missing records that are spelt out; the log has all."""


def print_works(found: Found, works: Works, console: Console) -> None:
    """Print the studies found, then what was asked and what went wrong."""
    studies = list_studies(works)
    shown = studies[:MOST_SHOWN] if console.is_terminal else studies
    width = len(str(len(shown)))
    many = len(found.logs) > 1
    for number, rows in enumerate(shown, 1):
        lead, *others = (works.rows[at] for at in rows)
        _print_work(lead, console, f"{number:>{width}}. ", many=many)
        for other in others:
            _print_work(other, console, " " * (width + 2) + "+ ", many=many)
    if len(shown) < len(studies):
        more = say_number(len(studies) - len(shown), "more study", "more studies")
        print_line(console, f"and {more}: -o FILE writes all of them.")
    if not works.rows:
        print_line(console, _nothing(found))
    print_line(console, say_works(works) if works.rows else "")
    _print_doubts(works.doubts, console)
    _print_searches(found, console)


def list_studies(works: Works) -> Sequence[tuple[int, ...]]:
    """Return the studies as places in `works.rows`, in the order of their first.

    >>> list_studies(Works())
    []
    """
    lead = {group.rows[0]: group.rows for group in works.groups or ()}
    others = {at for rows in lead.values() for at in rows[1:]}
    places = range(len(works.rows))
    return [lead.get(at, (at,)) for at in places if at not in others]


def say_works(works: Works) -> str:
    """Return the sums in one sentence.

    >>> say_works(Works(found=3))
    '3 records found, 3 of them again: 0 works of 0 studies.'
    """
    found = say_number(works.found, "record")
    again = f", {works.duplicates:,} of them again" if works.duplicates else ""
    of = "" if works.studies is None else f" of {_studies(works.studies)}"
    return f"{found} found{again}: {say_number(len(works.rows), 'work')}{of}."


def _studies(number: int) -> str:
    return say_number(number, "study", "studies")


def _print_work(work: Merged, console: Console, start: str, *, many: bool) -> None:
    print_line(console, title_of(work.record), start, "bold")
    lines = (source_line(work.record), address_line(work.record), *_told(work, many))
    for line in filter(None, lines):
        print_line(console, line, " " * len(start))


def _told(work: Merged, many: bool) -> Iterator[str]:
    """Yield which services gave a work, and where they disagree."""
    if many:
        yield f"given by {', '.join(work.sources)}"
    for conflict in work.conflicts:
        said = "; ".join(f"{value} ({source})" for source, value in conflict.values)
        yield f"{conflict.field} differs: {said}"


def _nothing(found: Found) -> str:
    if found.problems or any(log.failed for log in found.logs):
        return "No record is shown because something could not be searched."
    return "No record was found."


def _print_doubts(doubts: Sequence[Doubt], console: Console) -> None:
    if not doubts:
        return
    pairs = say_number(len(doubts), "pair")
    print_line(
        console,
        f"{pairs} may be one work and stand as two; decide: assay library review",
        "  ? ",
        "yellow",
    )


def _print_searches(found: Found, console: Console) -> None:
    for log in found.logs:
        print_line(console, say_search(log))
        for sentence in (*log.ignored, *_missing(log), log.difference, _aside(log)):
            if sentence:
                print_line(console, sentence, "  ! ", "yellow")
    if found.problems:
        print_line(console, "Not everything was searched", style="bold red")
    for problem in found.problems:
        print_line(console, say_problem(problem), "  ! ", "red")


def _aside(log: SearchLog) -> str:
    if not log.set_aside:
        return ""
    records = say_number(log.set_aside, "record")
    return f"{records} set aside: their own words do not hold what was asked"


def _missing(log: SearchLog) -> Iterator[str]:
    if log.missing:
        missing = say_number(len(log.missing), "record")
        more = " …" if len(log.missing) > MOST_MISSING else ""
        named = ", ".join(log.missing[:MOST_MISSING])
        yield f"{missing} asked for did not come back: {named}{more}"

"""What became of files that were loaded, for people and as JSON."""

from collections.abc import Iterable, Sequence

from assay.library.ingested import Fate, FileOutcome, sum_up
from assay.output.clean import one_line
from assay.output.json import plain, render_document
from assay.output.words import say_number
from assay.search import Problem

MANY_HOURS = 48 * 3600
"""Seconds from which on a time is told in days."""


def render_ingest_json(
    outcomes: Sequence[FileOutcome], problems: Iterable[Problem] = ()
) -> str:
    """Return what became of files as JSON (schema assay/ingest/1).

    >>> '"loaded": 1' in render_ingest_json([FileOutcome("a", Fate.LOADED)])
    True
    """
    sums = sum_up(outcomes)
    return render_document(
        "ingest",
        {
            "files": {fate.name.lower(): sums.files[fate] for fate in Fate},
            "records": sums.records,
            "new": sums.new,
            "replaced": sums.replaced,
            "withdrawn": sums.withdrawn,
            "outcomes": [
                {
                    "name": each.name,
                    "fate": each.fate.name.lower(),
                    "records": each.records,
                    "new": each.new,
                    "replaced": each.replaced,
                    "withdrawn": each.withdrawn,
                    "problems": plain(each.problems),
                }
                for each in sorted(outcomes, key=lambda each: each[:2])
            ],
            "problems": plain(tuple(problems)),
        },
    )


def say_sums(outcomes: Iterable[FileOutcome], seconds: float) -> str:
    """Return what became of all files, and of the records in them, in two sentences.

    >>> say_sums([FileOutcome("a", Fate.LOADED, 3, 2, 1)], 4.0)
    '1 file loaded in 4 s. 2 new records, 1 replaced, 0 withdrawn.'
    """
    sums = sum_up(outcomes)
    came = sums.files[Fate.LOADED] + sums.files[Fate.ADDED]
    others = (Fate.SKIPPED, Fate.REFUSED, Fate.FAILED, Fate.LEFT_OUT)
    parts = [f"{say_number(came, 'file')} loaded"]
    parts += [f"{sums.files[f]:,} {f.value}" for f in others if sums.files[f]]
    return (
        f"{', '.join(parts)} in {say_time(seconds)}. "
        f"{say_number(sums.new, 'new record')}, {sums.replaced:,} replaced, "
        f"{sums.withdrawn:,} withdrawn."
    )


def say_file(outcome: FileOutcome) -> str:
    """Return what became of one file, on one line.

    >>> say_file(FileOutcome("a.xml.gz", Fate.LOADED, 3, 2, 1))
    'a.xml.gz: loaded, 3 records: 2 new, 1 replaced, 0 withdrawn'
    >>> say_file(FileOutcome("a.xml.gz", Fate.REFUSED))
    'a.xml.gz: refused'
    >>> say_file(FileOutcome("a.xml.gz", Fate.LOADED, withdrawn=1))
    'a.xml.gz: loaded, 0 records: 0 new, 0 replaced, 1 withdrawn'
    """
    name = one_line(outcome.name)
    if not outcome.records + outcome.withdrawn:
        return f"{name}: {outcome.fate}"
    return (
        f"{name}: {outcome.fate}, {say_number(outcome.records, 'record')}: "
        f"{outcome.new:,} new, {outcome.replaced:,} replaced, "
        f"{outcome.withdrawn:,} withdrawn"
    )


def say_left_out(outcomes: Iterable[FileOutcome]) -> tuple[str, ...]:
    """Return which files were left out and why: a line for each reason.

    >>> old = (Problem(where="a.xml.gz", what="left out: older"),)
    >>> say_left_out([FileOutcome(n, Fate.LEFT_OUT, problems=old) for n in "abc"])
    ('a.xml.gz and 2 more files: left out: older.',)
    """
    reasons: dict[str, list[Problem]] = {}
    for each in outcomes:
        if each.fate is Fate.LEFT_OUT:
            for problem in each.problems:
                reasons.setdefault(problem.what, []).append(problem)
    return tuple(map(_say_reason, reasons.values()))


def _say_reason(problems: Sequence[Problem]) -> str:
    first, more = problems[0], len(problems) - 1
    if more:
        others = say_number(more, "more file")
        return one_line(f"{first.where} and {others}: {first.what}.")
    return one_line(f"{first.where}: {first.what}. {first.what_to_do}")


def say_pace(records: int, read: int, left: int, seconds: float) -> str:
    """Return how fast it goes and how long it will take; "" before the first file.

    Args:
        records: that came in.
        read: files that they were in.
        left: files that are still to come.
        seconds: since the beginning.

    >>> say_pace(60_000, 2, 4, 10.0)
    '6,000 records/s, 20 s left'
    """
    if not read or seconds <= 0:
        return ""
    pace = f"{records / seconds:,.0f} records/s"
    return f"{pace}, {say_time(left * seconds / read)} left" if left else pace


def say_time(seconds: float) -> str:
    """Return a time in words, to a few percent.

    >>> say_time(3.94), say_time(100), say_time(7200), say_time(400_000)
    ('4 s', '2 min', '2 h', '5 days')
    """
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    if seconds < MANY_HOURS:
        return f"{round(seconds / 3600)} h"
    return f"{round(seconds / 86_400)} days"

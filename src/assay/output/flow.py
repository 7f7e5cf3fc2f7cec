"""How a report's records became its evidence: a flow diagram after PRISMA 2020.

Every number of the picture stands in the list beside it and in the description that
screen readers read. A search that failed is shown as failed, never as a number.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from assay.evidence.studies import NOT_COUNTED
from assay.library.merge import keys_of
from assay.model import Evidence, Report, Stance
from assay.output.clean import one_line
from assay.output.tally import count_studies, weighs
from assay.output.words import say_number
from assay.record import Record
from assay.sources import SOURCES

FLOW = "From what was found to what was used"
"""Heading of the diagram."""

WIDTH = 360
"""Units: about the width of a phone, so that letters are as large as the text."""
MAIN, SIDE = 214, 126
"""Widths of the boxes: those on the way, and what leaves or joins it beside."""
LINE, PAD, GAP = 17, 9, 22
SPACE = 4
"""Heights of a line, of the room within and between boxes, and above a number."""
TOP = 4
LETTERS = {MAIN: 28, SIDE: 16}
"""Characters that fit a line of a box at 12.5 units in common fonts."""


class Step(NamedTuple):
    """One box on the way: what is there, and what goes or comes beside it."""

    stage: str
    """identification, screening or included: PRISMA 2020's stages."""
    label: str
    number: int | None
    """None where it is not known."""
    details: tuple[str, ...] = ()
    """Lines below the number: its parts, each with its own number or failure."""
    beside: tuple[tuple[str, int], ...] = ()
    """What leaves the way here, by reason; each number is of records."""


class Box(NamedTuple):
    """A box as it is drawn; lines are (x, y of the base line, text, style)."""

    x: int
    y: int
    width: int
    height: int
    style: str
    lines: tuple[tuple[int, int, str, str], ...]


class Arrow(NamedTuple):
    """A line with a head at its end."""

    x: int
    y: int
    to_x: int
    to_y: int
    head: str
    """Points of the triangle."""


class Flow(NamedTuple):
    """All that is drawn, and the same in words."""

    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    description: str
    steps: tuple[Step, ...]


def count_flow(report: Report) -> tuple[Step, ...]:
    """Return the steps from what was found to what the verdicts rest on.

    The numbers follow from each other: what is found without the duplicates is new or
    known; what is read leaves the rest of the library unread; what is used, does not
    settle anything, is not counted or weighs nothing is what was read.
    """
    return tuple(_steps(report))


def _steps(report: Report) -> Iterator[Step]:
    if report.searched:
        yield _identified(report)
    counts = report.counts
    library = sum(number for _, number, _ in report.library)
    if counts is not None:
        before = max(0, library - counts.found)
        yield Step(
            "identification", "Records in the library", library,
            _sources_of(report, counts.found, before),
            (("not read: no claim asks for them", max(0, library - counts.read)),),
        )  # fmt: skip
    used, aside = _sorted_out(report)
    read = counts.read if counts else None
    if read is not None:
        left = read - len(used) - sum(number for _, number in aside)
        aside = (("do not settle any claim", max(0, left)), *aside)
    yield Step("screening", "Records read for the claims", read, (), aside)
    evidence = [e for f in report.findings for e in f.evidence if _is_used(e)]
    yield Step(
        "included", "Studies used in verdicts", count_studies(evidence),
        (f"in {say_number(len(used), 'record')}",),
    )  # fmt: skip


def _sources_of(report: Report, found: int, before: int) -> tuple[str, ...]:
    if not report.searched:
        return ("No source was asked",)
    if all(log.failed for log in report.searched):
        return ("every search failed",)
    return (f"{found:,} were found now", f"{before:,} were there before")


def _identified(report: Report) -> Step:
    """Return the first step: what each source gave, or that it failed."""
    lines, total = [], 0
    for source in dict.fromkeys(log.source for log in report.searched):
        logs = [log for log in report.searched if log.source == source]
        broken = sum(log.failed for log in logs)
        came = sum(log.retrieved - log.set_aside for log in logs)
        total += came
        known = SOURCES.get(source)
        title = known.title if known else one_line(source)
        searches = say_number(len(logs), "search", "searches")
        if broken < len(logs):
            lines.append(f"{title}: {came:,} in {searches}")
        if broken:
            lines.append(f"{title}: {say_number(broken, 'search', 'searches')} failed")
    gave = None if all(log.failed for log in report.searched) else total
    twice = max(0, total - report.counts.found) if report.counts else 0
    beside = (("found more than once", twice),) if gave and report.counts else ()
    label = "Records from sources"
    return Step("identification", label, gave, tuple(lines), beside)


def _is_used(item: Evidence) -> bool:
    speaks = item.stance is not Stance.NEUTRAL
    return speaks and item.standing not in NOT_COUNTED and weighs(item)


def _sorted_out(
    report: Report,
) -> tuple[set[tuple[str, ...]], tuple[tuple[str, int], ...]]:
    """Return the records used, and how many were put aside and why, each once."""
    every = [item for finding in report.findings for item in finding.evidence]
    used = _named(item.record for item in every if _is_used(item))
    struck = _named(e.record for e in every if e.standing in NOT_COUNTED) - used
    speaking = (e for e in every if e.stance is not Stance.NEUTRAL and not weighs(e))
    light = _named(item.record for item in speaking) - used - struck
    reasons = (
        ("retracted, not counted", len(struck)),
        ("animals or laboratory only", len(light)),
    )
    return used, tuple(reason for reason in reasons if reason[1])


def _named(records: Iterable[Record]) -> set[tuple[str, ...]]:
    return {keys_of(record) for record in records}


# --- the picture --------------------------------------------------------------------


def draw_flow(steps: tuple[Step, ...]) -> Flow:
    """Return the picture of these steps.

    >>> draw_flow((Step("included", "Studies", 3),)).boxes[0].lines[-1][2]
    '3'
    """
    boxes: list[Box] = []
    arrows: list[Arrow] = []
    y = TOP
    for at, step in enumerate(steps):
        main = _box(0, y, MAIN, _main_lines(step), f"{step.stage}")
        boxes.append(main)
        bottom = y + main.height
        if step.beside:
            x = WIDTH - SIDE
            side = _box(x, y, SIDE, _side_lines(step), "beside")
            boxes.append(side)
            middle = y + min(main.height, side.height) // 2
            arrows.append(_right(MAIN, middle, x))
            bottom = max(bottom, y + side.height)
        if at + 1 < len(steps):
            arrows.append(_down(MAIN // 2, y + main.height, bottom + GAP))
        y = bottom + GAP
    return Flow(y - GAP + TOP, tuple(boxes), tuple(arrows), describe_flow(steps), steps)


def _main_lines(step: Step) -> Iterator[tuple[str, str]]:
    for line in _cut(step.label, MAIN):
        yield line, "label"
    yield (say_count(step.number), "count" if step.number is not None else "unknown")
    for detail in step.details:  # one line each, so that a name moves no other box
        yield _short(detail, MAIN), "failed" if "failed" in detail else "detail"


def _side_lines(step: Step) -> Iterator[tuple[str, str]]:
    for reason, number in step.beside:
        yield f"{number:,}", "count"
        for line in _cut(reason, SIDE):
            yield line, "detail"


def say_count(number: int | None) -> str:
    """Return a number, or that it is not known: a failure is never 0.

    >>> say_count(1234), say_count(None)
    ('1,234', 'not known')
    """
    return "not known" if number is None else f"{number:,}"


def _box(
    x: int, y: int, width: int, lines: Iterable[tuple[str, str]], style: str
) -> Box:
    drawn: list[tuple[int, int, str, str]] = []
    at = y + PAD
    for text, kind in lines:
        at += LINE + (SPACE if drawn and kind == "count" else 0)
        drawn.append((x + PAD, at - 4, text, kind))
    return Box(x, y, width, at + PAD - y, style, tuple(drawn))


def _cut(text: str, width: int) -> Iterator[str]:
    """Yield our own words in lines that fit a box."""
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > LETTERS[width]:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line


def _short(text: str, width: int) -> str:
    most = LETTERS[width]
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _down(x: int, y: int, to: int) -> Arrow:
    return Arrow(x, y, x, to - 6, f"{x - 4},{to - 7} {x + 4},{to - 7} {x},{to - 1}")


def _right(x: int, y: int, to: int) -> Arrow:
    return Arrow(x, y, to - 6, y, f"{to - 7},{y - 4} {to - 7},{y + 4} {to - 1},{y}")


# --- the same in words --------------------------------------------------------------


def describe_flow(steps: Iterable[Step]) -> str:
    """Return the whole flow as sentences.

    >>> describe_flow([Step("included", "Studies", 3, ("in 4 records",))])
    'Studies: 3 (in 4 records).'
    """
    return " ".join(f"{line}." for line in list_flow(steps))


def list_flow(steps: Iterable[Step]) -> Iterator[str]:
    """Yield each step as one line, without a stop at its end.

    >>> list(list_flow([Step("screening", "Read", 5, (), (("unused", 2),))]))
    ['Read: 5; 2 unused']
    """
    for step in steps:
        details = f" ({'; '.join(step.details)})" if step.details else ""
        aside = "".join(f"; {number:,} {reason}" for reason, number in step.beside)
        yield f"{step.label}: {say_count(step.number)}{details}{aside}"

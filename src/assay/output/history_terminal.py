"""A claim's verdict over time in a terminal, and as plain text where there is none."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from assay.model import Label
from assay.output.clean import one_line
from assay.output.history import Bar, History, Moment, say_origin
from assay.output.lines import print_line
from assay.output.terminal import STYLES
from assay.output.words import COURTESY, NOT_ADVICE, say_number

LONGEST = 28
"""Cells of the heaviest bar."""
LEAST = 12
NAME = 12
"""Cells of the name of a side."""
REST = 34
"""Cells that all else on the line of a bar takes at most."""
TONES = {
    "for": STYLES[Label.SUPPORTED],
    "against": STYLES[Label.CONTRADICTED],
    "with limits": STYLES[Label.MIXED],
}


def print_history(history: History, console: Console) -> None:
    """Print a claim with every weighing of it, the oldest first."""
    print_line(console, history.watched.claim.text, style="bold")
    print_line(console, say_origin(history.watched))
    print_line(console)
    if not history.moments:
        print_line(console, "It was not weighed yet; the next digest does.")
    for at, moment in enumerate(history.moments):
        last = at + 1 == len(history.moments)
        _print_moment(moment, history.heaviest, console, last=last)
    print_line(console, f"{NOT_ADVICE} {COURTESY}")


def _print_moment(
    moment: Moment, heaviest: float, console: Console, *, last: bool
) -> None:
    head = Text(f"{'◆' if moment.moved else '●'} {moment.day}  ", "bold")
    head.append(moment.verdict, STYLES[moment.weighing.label])
    if moment.where:
        head.append(f"  {moment.where}", "dim")
    console.print(head, highlight=False, soft_wrap=True)
    rail = "  " if last else "│ "
    for bar in moment.bars:
        if bar.works:
            console.print(
                _line(bar, heaviest, rail, console), highlight=False, soft_wrap=True
            )
    for text, style in _told(moment):
        print_line(console, text, start=f"{rail}  ", style=style)
    print_line(console, start=rail)


def _told(moment: Moment) -> Iterator[tuple[str, str]]:
    if moment.taken_back:
        yield f"{say_number(moment.taken_back, 'work')} taken back, not counted", ""
    yield moment.weighing.reason, "dim"
    yield moment.why, "bold" if moment.moved else ""
    for quote in moment.quotes:
        yield quote, "italic"


def _line(bar: Bar, heaviest: float, rail: str, console: Console) -> Text:
    room = min(LONGEST, max(LEAST, console.width - NAME - REST))
    cells = max(1, round(bar.weight / heaviest * room)) if heaviest else 0
    line = Text(f"{rail}  {bar.name:<{NAME}}")
    line.append("█" * cells, TONES[bar.name])
    line.append(f" {bar.weight:.2f}  {say_number(bar.works, 'work')}")
    return line


def print_histories(histories: tuple[History, ...], console: Console) -> None:
    """Print one line for each claim: its number, how its verdict moved, its text."""
    for history in histories:
        labels = " → ".join(_steps(history)) or "not weighed yet"
        line = Text(f"{history.watched.id:>4}  {labels}  ")
        line.append(one_line(history.watched.claim.text))
        console.print(line, highlight=False, soft_wrap=not console.is_terminal)


def _steps(history: History) -> Iterator[str]:
    """Yield each verdict that differs from the one before, the first one too."""
    for at, moment in enumerate(history.moments):
        if moment.moved or not at:
            yield f"{moment.verdict} {moment.day}"

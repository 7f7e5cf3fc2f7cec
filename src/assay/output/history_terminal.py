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
NAME = 13
"""Cells of the name of a side."""
REST = 31
"""Cells that all else on the line of a bar takes at most."""
INDENT = 4
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
    _print(head, console)
    rail = " " if last else "│"
    for bar in moment.bars:
        if bar.works:
            _print(Text(f"{rail}   ") + _line(bar, heaviest, console), console)
    for text, style in _told(moment):
        for piece in _wrapped(Text(one_line(text), style), console):
            _print(Text(f"{rail}   ") + piece, console)
    _print(Text(rail.rstrip()), console)


def _print(line: Text, console: Console) -> None:
    console.print(line, highlight=False, soft_wrap=True)


def _wrapped(text: Text, console: Console) -> Iterator[Text]:
    """Yield the lines of a text in a terminal; elsewhere it stays one line."""
    if not console.is_terminal:
        yield text
        return
    for piece in text.wrap(console, max(console.width - INDENT, LEAST)):
        piece.rstrip()
        yield piece


def _told(moment: Moment) -> Iterator[tuple[str, str]]:
    if moment.taken_back:
        yield f"{say_number(moment.taken_back, 'work')} taken back, not counted", ""
    yield moment.weighing.reason, "dim"
    yield moment.why, "bold" if moment.moved else ""
    for quote in moment.quotes:
        yield quote, "italic"


def _line(bar: Bar, heaviest: float, console: Console) -> Text:
    room = min(LONGEST, max(LEAST, console.width - NAME - REST))
    cells = max(1, round(bar.weight / heaviest * room)) if heaviest else 0
    line = Text(f"{bar.name:<{NAME}}")
    line.append("█" * cells, TONES[bar.name])
    line.append(f" weight {bar.weight:.2f}, {say_number(bar.works, 'work')}")
    return line


def print_histories(histories: tuple[History, ...], console: Console) -> None:
    """Print one line for each claim: its number, how its verdict moved, its text.

    A terminal cuts the text where the line ends.
    """
    for history in histories:
        line = Text(f"{history.watched.id:>4}  ")
        line.append(" → ".join(_signs(history)) or "·")
        if last := next(iter(history.moments[::-1]), None):
            stands = list(_stands(history))[-1]
            line.append(f"  {last.verdict[2:]}", STYLES[last.weighing.label])
            line.append(f" since {stands}  ")
        else:
            line.append("  not weighed yet  ")
        line.append(one_line(history.watched.claim.text))
        if console.is_terminal:
            line.truncate(console.width, overflow="ellipsis")
        _print(line, console)


def _stands(history: History) -> Iterator[str]:
    """Yield the days on which a verdict came about that differed from the one before.

    The first day is among them.
    """
    for at, moment in enumerate(history.moments):
        if moment.moved or not at:
            yield moment.day


def _signs(history: History) -> Iterator[str]:
    """Yield the signs of the verdicts, each that differs from the one before."""
    before = ""
    for moment in history.moments:
        sign = moment.verdict[:1]
        if sign != before:
            yield sign
        before = sign

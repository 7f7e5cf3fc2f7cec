"""A digest in a terminal, and as plain text where there is none.

A terminal gets before and after of each verdict side by side; a pipe or a file gets
lines that wrap nowhere. Everything from outside is cleaned and printed as `Text`, never
as markup. A quiet digest is one line.
"""

from collections.abc import Iterator
from typing import NamedTuple

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assay.digest.model import Digest, Fallen, Item, Move, Weighing
from assay.model import Label, Stance
from assay.output.clean import one_line
from assay.output.digest_moves import (
    MOVED_BY,
    NO_LONGER,
    Side,
    find_gone,
    find_movers,
    say_move,
    say_sides,
    say_verdict,
    say_voice,
    say_watched,
    split_voices,
)
from assay.output.digest_receipt import list_receipt
from assay.output.digest_words import (
    FAILED_HEADING,
    FALLEN_HEADING,
    ITEMS_HEADING,
    MOVES_HEADING,
    RECEIPT_HEADING,
    find_alarms,
    is_quiet,
    say_day,
    say_made_up,
    say_quiet,
    say_subject,
    say_title,
)
from assay.output.digest_works import (
    bearings_of,
    cite_work,
    link_fallen,
    link_item,
    name_work,
    say_also,
    say_bearing,
    say_design,
    say_fallen,
    say_fallen_grounds,
    say_finders,
    say_published,
    say_quote,
    say_standing_of,
    say_unchecked,
    say_why,
    title_of_work,
)
from assay.output.lines import print_line
from assay.output.words import NOT_ADVICE, say_standing

STYLES = {
    Label.SUPPORTED: "bold green",
    Label.CONTRADICTED: "bold red",
    Label.MIXED: "bold yellow",
    Label.INSUFFICIENT: "bold cyan",
    Label.NOT_CHECKABLE: "dim",
}
BEARINGS = {
    Stance.SUPPORTS: "green",
    Stance.CONTRADICTS: "red",
    Stance.QUALIFIES: "yellow",
    Stance.NEUTRAL: "cyan",
}

Line = tuple[str, str, str]
"""What our own words begin it with, what it says, and its style."""


def print_digest(digest: Digest, console: Console) -> None:
    """Print a digest; a quiet one as a single line."""
    if is_quiet(digest):
        print_line(console, say_quiet(digest))
        return
    alarms = find_alarms(digest)
    print_line(console, say_title(digest), style="bold")
    print_line(console, say_subject(digest), style="bold red" if alarms else "bold")
    _print_part(console, FAILED_HEADING, [("  ! ", line, "red") for line in alarms])
    for line in say_made_up(digest):
        print_line(console)
        print_line(console, line)
    fallen = [line for each in digest.fallen for line in _fallen(each)]
    _print_part(console, FALLEN_HEADING, fallen)
    _print_moves(digest, console)
    items = [line for n, each in enumerate(digest.items, 1) for line in _item(n, each)]
    _print_part(console, ITEMS_HEADING, items)
    receipt = [(f"  {row.name}: ", row.said, "") for row in list_receipt(digest)]
    _print_part(console, RECEIPT_HEADING, receipt)
    print_line(console)
    print_line(console, NOT_ADVICE, style="dim")


def _print_part(console: Console, heading: str, lines: list[Line]) -> None:
    if not lines:
        return
    print_line(console)
    print_line(console, heading, style="bold")
    for start, text, style in lines:
        print_line(console, text, start, style)


def _fallen(fallen: Fallen) -> Iterator[Line]:
    yield "  ", say_fallen(fallen), "red"
    if grounds := say_fallen_grounds(fallen):
        yield "    ", grounds, ""
    work = fallen.work
    yield "    ", f"{cite_work(work)} · {say_design(work)}", "dim"
    yield from (("    ", link.address, "") for link in link_fallen(fallen))


def _item(number: int, item: Item) -> Iterator[Line]:
    start = f"{number:>3}. "
    inside = " " * len(start)
    yield start, title_of_work(item.work), "bold"
    if standing := say_standing_of(item):
        yield inside, standing, "bold red"
    if published := say_published(item):
        yield inside, published, "bold"
    for bearing in bearings_of(item):
        yield inside, say_bearing(bearing, item.work.design), BEARINGS[bearing.stance]
    yield inside, say_quote(item.quote), ""
    yield inside, f"{cite_work(item.work)} · {say_design(item.work)}", "dim"
    found = (say_why(item), say_finders(item), say_also(item), say_unchecked(item))
    if any(found):
        yield inside, " ".join(filter(None, found)), "dim"
    yield from ((inside, link.address, "") for link in link_item(item)[:1])


def _print_moves(digest: Digest, console: Console) -> None:
    if digest.moves:
        print_line(console)
        print_line(console, MOVES_HEADING, style="bold")
    for move in digest.moves:
        print_line(console, say_move(move), "  ", STYLES[move.after.label])
        print_line(console, say_watched(move.watched), "  ", "dim")
        if console.is_terminal:
            console.print(_table(move))
        else:
            for start, text, style in _plain(move):
                print_line(console, text, start, style)


class _Column(NamedTuple):
    name: str
    weighing: Weighing
    sides: tuple[Side, ...]
    movers: frozenset[str] = frozenset()


def _columns(move: Move) -> tuple[_Column, _Column]:
    """Return before and now; what moved the verdict, and what is gone, is in now."""
    gone = find_gone(move)
    more = (Side(NO_LONGER, gone),) if gone else ()
    sides = (*split_voices(move.after), *more)
    return (
        _Column("Before", move.before, split_voices(move.before)),
        _Column("Now", move.after, sides, find_movers(move)),
    )


def _table(move: Move) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    cells = []
    for name, weighing, sides, movers in _columns(move):
        table.add_column(
            Text(f"{name} ({one_line(say_day(weighing.when))})"),
            ratio=1,
            overflow="fold",
        )
        cell = Text(say_verdict(weighing), STYLES[weighing.label])
        reason = one_line(weighing.reason or say_sides(weighing))
        for line, style in ((reason, "not bold default"), *_told(sides, movers)):
            cell.append(f"\n{line}", style)
        cells.append(cell)
    table.add_row(*cells)
    return table


def _told(sides: tuple[Side, ...], movers: frozenset[str]) -> Iterator[tuple[str, str]]:
    for side in sides:
        yield f"{side.name}:", "not bold default"
        for voice in side.voices:
            moved = voice.work.key in movers
            parts = (
                f"▸ {MOVED_BY}" if moved else "",
                name_work(voice.work),
                say_standing(voice.standing),
                say_voice(voice),
            )
            style = "bold default" if moved else "not bold default"
            yield f"· {one_line(' · '.join(filter(None, parts)))}", style


def _plain(move: Move) -> Iterator[Line]:
    for name, weighing, sides, movers in _columns(move):
        when = say_day(weighing.when)
        said = "; ".join(filter(None, (say_verdict(weighing), say_sides(weighing))))
        yield f"    {name} ({one_line(when)}): ", said, ""
        yield "      ", weighing.reason, ""
        for line, style in _told(sides, movers):
            yield "      ", line, style

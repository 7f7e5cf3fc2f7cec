"""What is watched, with its verdicts, in a terminal, as plain text and as JSON."""

from collections.abc import Sequence
from typing import NamedTuple

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assay.digest.model import Watched, Weighing
from assay.output.clean import one_line
from assay.output.history import say_answer
from assay.output.json import LABELS, Json, plain, render_document
from assay.output.lines import print_line
from assay.output.terminal import STYLES
from assay.output.words import say_number, say_problem
from assay.search import Problem

NOTHING = (
    "No claim is watched yet. `assay watch ARTICLE` watches the claims of an article, "
    "and each digest tells which verdicts moved."
)
NOT_YET = "not weighed yet"
WIDE = 100
"""Columns from which a table is drawn; on fewer, lines."""


class Row(NamedTuple):
    """A watched claim with its newest verdict."""

    watched: Watched
    last: Weighing | None
    state: str = "watched"
    """"new" (by this command), "watched", or "dropped" (by this command)."""


def print_watched(rows: Sequence[Row], console: Console) -> None:
    """Print the claims by article, each with its number and newest verdict."""
    if not rows:
        print_line(console, NOTHING)
    for article in dict.fromkeys(row.watched.article for row in rows):
        own = [row for row in rows if row.watched.article == article]
        title = own[0].watched.title
        named = f"{title} ({article})" if title else article
        print_line(console, f"{named}: {say_number(len(own), 'claim')}", style="bold")
        if console.is_terminal and console.width >= WIDE:
            console.print(_table(own))
        else:
            for row in own:
                _print_row(row, console)
        print_line(console)


def _print_row(row: Row, console: Console) -> None:
    verdict = say_answer(row.last) if row.last else NOT_YET
    print_line(console, f"{row.watched.claim.text}", f"{row.watched.id:>4}  ")
    style = STYLES[row.last.label] if row.last else ""
    print_line(console, f"{verdict}{_said(row)}", " " * 6, style)


def _said(row: Row) -> str:
    """Return since when a verdict stands, and what this command did."""
    day = f", {row.last.when[:10]}" if row.last else ""
    return day if row.state == "watched" else f"{day}, {row.state}"


def _table(rows: Sequence[Row]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("Claim", ratio=1, overflow="fold")
    table.add_column("Verdict", no_wrap=True)
    table.add_column("Weighed", no_wrap=True)
    told = any(row.state != "watched" for row in rows)
    if told:
        table.add_column("", no_wrap=True)
    for row in rows:
        verdict = Text(NOT_YET)
        if row.last:
            verdict = Text(say_answer(row.last), STYLES[row.last.label])
        day = Text(row.last.when[:10] if row.last else "")
        state = Text("" if row.state == "watched" else row.state)
        cells = (verdict, day, state) if told else (verdict, day)
        claim = Text(one_line(row.watched.claim.text))
        table.add_row(Text(str(row.watched.id)), claim, *cells)
    return table


def render_watched_json(rows: Sequence[Row], problems: Sequence[Problem] = ()) -> str:
    """Return what is watched as JSON (schema assay/watched/1).

    >>> print(render_watched_json(()), end="")
    {
      "schema": "assay/watched/1",
      "claims": [],
      "problems": []
    }
    """
    return render_document(
        "watched",
        {"claims": [row_json(row) for row in rows], "problems": plain(tuple(problems))},
    )


def row_json(row: Row) -> Json:
    """Return a watched claim with its newest verdict as a JSON object."""
    return {**watched_json(row.watched), "state": row.state, **_verdict(row.last)}


def watched_json(watched: Watched) -> dict[str, Json]:
    """Return a watched claim as a JSON object, without its verdict."""
    return {
        "id": watched.id,
        "claim": watched.claim.text,
        "sentence": watched.claim.sentence,
        "article": watched.article,
        "title": watched.title or None,
        "added": watched.added or None,
        "queries": list(watched.queries),
    }


def _verdict(last: Weighing | None) -> dict[str, Json]:
    if last is None:
        return {"verdict": None, "weighed": None}
    verdict: Json = {
        "label": LABELS[last.label],
        "certainty": str(last.certainty),
        "reason": last.reason,
    }
    return {"verdict": verdict, "weighed": last.when}


def say_problems(problems: Sequence[Problem]) -> tuple[str, ...]:
    """Return what was not searched or asked, one sentence each.

    >>> say_problems(())
    ()
    """
    return tuple(dict.fromkeys(say_problem(problem) for problem in problems))

"""`assay library review`: pairs that may be one record, for a person to decide."""

import getpass
from datetime import UTC, datetime
from typing import Annotated

import typer

from assay.cli.opening import open_records
from assay.cli.session import Session
from assay.edge.store_review import ASKED, MERGED, Pair, Review
from assay.errors import UsageError
from assay.library.decided import SAME, SPLIT
from assay.output.lines import print_line
from assay.output.pairs import compare_lines, print_pair
from assay.output.review_json import render_review_json
from assay.output.words import say_number

VERDICTS = {"accept": SAME, "split": SPLIT}
"""What a person may say of a pair, and what it means."""
ACTIONS = ("list", "show", *VERDICTS, "undo")
MOST_LISTED = 100
"""Pairs listed on one screen; the rest is counted, and --json gives all."""


def review(
    ctx: typer.Context,
    action: Annotated[
        str, typer.Argument(metavar="ACTION", help="list, show, accept, split or undo.")
    ] = "list",
    number: Annotated[
        int | None,
        typer.Argument(metavar="N", help="Number of the pair.", show_default=False),
    ] = None,
) -> None:
    """Show pairs of records that may be one; accept, split or undo.

    Records that are all but certainly one are merged; split takes them apart again.
    What was decided holds when the records come again.
    """
    session: Session = ctx.obj
    if action not in ACTIONS:
        raise UsageError(f'"{action[:40]}" is none of {", ".join(ACTIONS)}.')
    if (number is None) == (action in {"show", *VERDICTS}):
        wanted = "a number" if number is None else "no number"
        raise UsageError(f"`assay library review {action}` takes {wanted}.")
    pairs = Review(open_records(session))
    session.say("Looking for records that may be one …")
    pairs.settle()
    if action == "undo":
        _undo(session, pairs)
    elif number is None:
        _list(session, pairs)
    elif action == "show":
        _show(session, pairs, pairs.find(number))
    else:
        _decide(session, pairs, number, VERDICTS[action])


def _list(session: Session, review: Review) -> None:
    pairs = review.pairs()
    if session.as_json:
        session.write(render_review_json(pairs, review.history()))
        return
    for state, title in ((ASKED, "To decide"), (MERGED, "Merged")):
        mine = [pair for pair in pairs if pair.state == state]
        session.write(f"{title}: {say_number(len(mine), 'pair')}\n")
        shown = mine[:MOST_LISTED]
        labels = review.labels(
            name for pair in shown for name in (pair.one, pair.other)
        )
        for pair in shown:
            start = f"{pair.number:>5}  {pair.probability:.2f}  "
            both = f"{labels[pair.one]} · {labels[pair.other]}"
            text = f"{both}: {', '.join(pair.reasons)}"
            print_line(session.out, text, start)
        if len(mine) > MOST_LISTED:
            session.write(f"       and {len(mine) - MOST_LISTED:,} more\n")


def _show(session: Session, review: Review, pair: Pair) -> None:
    lines = compare_lines(*review.records(pair))
    if session.as_json:
        session.write(render_review_json([pair], review.history(), lines))
        return
    session.write(f"Pair {pair.number}: {_say(pair)}\n")
    print_pair(lines, session.out)
    session.say(
        f"One record: assay library review accept {pair.number}\n"
        f"Two records: assay library review split {pair.number}"
    )


def _say(pair: Pair) -> str:
    state = "to be decided" if pair.state == ASKED else "merged"
    return f"{state}, probability {pair.probability:.2f} ({', '.join(pair.reasons)})"


def _decide(session: Session, review: Review, number: int, verdict: str) -> None:
    who, when = _who(), _now()
    pair = review.decide(number, verdict, who=who, when=when)
    what = "one record" if verdict == SAME else "two records"
    one, other = review.labels((pair.one, pair.other)).values()
    _told(session, review, f"{one} and {other} are {what}.")


def _undo(session: Session, review: Review) -> None:
    last = review.undo(when=_now())
    if last is None:
        raise UsageError("Nothing was decided that could be undone.")
    one, other = review.labels((last.one, last.other)).values()
    word = "accepted" if last.verdict == SAME else "split"
    _told(session, review, f"{one} and {other}, {word} by {last.who}, are as before.")


def _told(session: Session, review: Review, what: str) -> None:
    if session.as_json:
        session.write(render_review_json(review.pairs(), review.history()))
    else:
        print_line(session.out, what)


def _who() -> str:
    """Return the name under which the person is known to the machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

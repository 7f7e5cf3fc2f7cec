"""`assay history`: a watched claim's verdict and evidence over time."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.files import choose_formats, write_output
from assay.cli.session import Session
from assay.digest.model import Watched
from assay.edge.watch_file import last_weighings, read_watched, read_weighings
from assay.errors import UsageError
from assay.output.history import History, build_history
from assay.output.history_html import render_history_html
from assay.output.history_json import render_history_json
from assay.output.history_markdown import render_history_markdown
from assay.output.history_terminal import print_histories, print_history
from assay.output.watched import NOTHING, Row, render_watched_json

app = typer.Typer(add_completion=False)

HISTORIES: dict[str, Callable[[History], str]] = {
    ".html": render_history_html,
    ".json": render_history_json,
    ".md": render_history_markdown,
}
"""Views of a history by the ending of the file that they go to."""
FEW = 3
"""Claims that are named where none fits; of more it is said how they are listed."""
SHOWN = 8
"""Most claims that an error names."""


@app.command(epilog="Example: assay history 1 --output history.html")
def history(
    ctx: typer.Context,
    *,
    claim: Annotated[
        str,
        typer.Argument(
            metavar="CLAIM",
            help="Its number in `assay watch --list`, or words of it. Without one, "
            "every watched claim in one line.",
            show_default=False,
        ),
    ] = "",
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write it to a file: .html, .md or .json. May be repeated.",
        ),
    ] = None,
) -> None:
    """Draw the verdict on a watched claim, and the evidence for it, over time.

    Each weighing stands with what speaks for and against, and each change of the
    verdict with the study or notice that made it.
    """
    session: Session = ctx.obj
    outputs = choose_formats(output or (), HISTORIES)
    state = session.workspace.state_db
    if not claim.strip():
        if outputs:
            raise UsageError("Name the claim whose history is to be written.")
        _show_all(session)
        return
    every = read_watched(state, dropped=True)
    watched = choose_watched(every, claim, live=read_watched(state))
    told = build_history(watched, read_weighings(state, watched.id))
    for path, render in outputs:
        write_output(session, path, render(told))
    if session.as_json:
        session.write(render_history_json(told))
    elif not (outputs and session.asked.get("quiet")):
        print_history(told, session.out)


def _show_all(session: Session) -> None:
    state = session.workspace.state_db
    watched = read_watched(state)
    if session.as_json:
        last = last_weighings(state)
        rows = [Row(one, last.get(one.id)) for one in watched]
        session.write(render_watched_json(rows))
    elif watched:
        told = (build_history(one, read_weighings(state, one.id)) for one in watched)
        print_histories(tuple(told), session.out)
    else:
        session.write(f"{NOTHING}\n")


def choose_watched(
    every: Sequence[Watched], asked: str, *, live: Sequence[Watched] = ()
) -> Watched:
    """Return the claim that is asked about: by its number, else by words of it.

    Args:
        every: all claims that were ever watched.
        asked: a number, or words.
        live: those that are watched still: words mean them before all others.

    Raises:
        UsageError: none has them, or several have; says what there is.
    """
    if not every:
        raise UsageError(NOTHING)
    if re.fullmatch(r"\d+", asked.strip()):
        found = [one for one in every if one.id == int(asked)]
    else:
        found = _find(live, asked) or _find(every, asked)
    if len(found) == 1:
        return found[0]
    if not found:
        known = f"There is {_name(every)}"
        if len(every) > FEW:
            known = "`assay history` lists what is watched"
        raise UsageError(f"No watched claim fits “{asked}”. {known}.")
    raise UsageError(f"“{asked}” fits several claims: {_name(found)}. Say one number.")


def _find(every: Sequence[Watched], asked: str) -> list[Watched]:
    """Return the claims that hold the words: in a row, else all of them."""
    wanted = _plain(asked)
    texts = [(one, _plain(one.claim.text)) for one in every]
    texts += [(one, _plain(one.claim.sentence)) for one in every]
    rows = list(dict.fromkeys(one for one, text in texts if wanted in text))
    words = set(wanted.split())
    return rows or [
        one for one, text in texts[: len(every)] if words <= {*text.split()}
    ]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w'’-]+", text.casefold()))


def _name(claims: Sequence[Watched]) -> str:
    told = [f"{c.id} (“{c.claim.text}”, {c.article})" for c in claims[:SHOWN]]
    return "; ".join(told) + (" …" if claims[SHOWN:] else "")

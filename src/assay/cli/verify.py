"""`assay library verify`: is everything at hand still what it was?"""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Annotated

import typer

from assay.cli.adding import tell_unread
from assay.cli.progress import show_progress
from assay.cli.session import ERROR, Session
from assay.edge.verify import count_at_hand, repair, verify_library, verify_mirror
from assay.output.verified import render_verify_json, say_verified
from assay.search import Problem

MOST_KEPT = 1_000
"""Problems after which the search for more is given up."""


def verify(
    ctx: typer.Context,
    mend: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="Make anew what can be made from what is whole: the index of the "
            "mirror of PubMed, its dictionary, which mirror is in use, and partitions "
            "that wait to be loaded.",
        ),
    ] = False,
) -> int:
    """Prove every checksum, every count, and that index and records agree."""
    session: Session = ctx.obj
    folder = session.workspace.library
    problems: list[Problem] = []
    with ExitStack() as stack:
        tell = stack.enter_context(show_progress(session, "Checking"))

        def say(what: str) -> None:
            tell(0, 0, what)

        if mend:
            repair(folder, say)
        say("Checking the library")
        stream = _chain(verify_library(folder), verify_mirror(folder, say))
        for problem in stream:
            problems.append(problem)
            if len(problems) == MOST_KEPT:
                break
    counted = count_at_hand(folder, problems)
    tell_unread(session, problems)
    if session.as_json:
        session.write(render_verify_json(counted, problems))
    elif not problems:
        session.write(f"{say_verified(counted)}\n")
    return ERROR if problems else 0


def _chain(*streams: Iterator[Problem]) -> Iterator[Problem]:
    for stream in streams:
        yield from stream

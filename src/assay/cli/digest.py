"""`assay digest`: what is new, what has changed, what was taken back."""

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import Annotated

import typer

from assay.cli.digest_wanted import Wanted, check_names
from assay.cli.digesting import run_digest
from assay.cli.dry import dry_workspace
from assay.cli.handing import Made, resend
from assay.cli.options import Offline
from assay.cli.session import NOT_ALL, Session
from assay.edge.channels import CHANNELS
from assay.errors import UsageError
from assay.query.saved import parse_bound

app = typer.Typer(add_completion=False)

INSTALL = "assay.cli.install"
STATUS = "assay.cli.digest_status"
TERMINAL = "assay.output.digest_terminal"
RUN = "assay.output.digest_run"
"""Loaded when they are used: a quiet week is to stay small."""


@app.command(epilog="Example: assay digest kratom-sleep --offline --since 2024")
def digest(
    ctx: typer.Context,
    *,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME",
            help="Saved queries. Where none is named: all of the workspace's own, and "
            "those that ship and were named before.",
            show_default=False,
        ),
    ] = None,
    every: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Run every saved query, those that ship too, due or not; with NAME, "
            "only those.",
        ),
    ] = False,
    since: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="DATE",
            help="Look back to this day: YYYY, YYYY-MM or YYYY-MM-DD. What was sent "
            "is not sent again.",
            show_default=False,
        ),
    ] = "",
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to",
            metavar="CHANNEL",
            help=f"Where it goes: {', '.join(sorted(CHANNELS))}. May be repeated; "
            "html and atom where nothing is set.",
            show_default=False,
        ),
    ] = None,
    offline: Offline = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Show what would be sent; send and change nothing."
        ),
    ] = False,
    again: Annotated[
        bool,
        typer.Option(
            "--resend",
            help="Only hand over, now, what could not be handed over before.",
        ),
    ] = False,
    status: Annotated[
        bool,
        typer.Option(
            "--status", help="Tell when each query last ran and when it runs next."
        ),
    ] = False,
    install: Annotated[
        str,
        typer.Option(
            "--install",
            metavar="KIND",
            help="Show what calls assay digest every hour: cron, systemd or github.",
            show_default=False,
        ),
    ] = "",
    write: Annotated[
        bool, typer.Option("--write", help="With --install: put it in place.")
    ] = False,
) -> int:
    """Tell what is new on saved queries, and whether a verdict has changed.

    Each query is run when it is due (weekly where its file says nothing else), so this
    may be called as often as you like. Nothing is sent twice. Claims that you watch
    are weighed again, and everything that was cited or sent before is checked for
    retractions.
    """
    session: Session = ctx.obj
    if write and not install:
        raise UsageError("--write goes with --install cron, systemd or github.")
    if install and (every or since or dry_run or again or status):
        raise UsageError(
            "A timer can be told names, --to and --offline; --install goes with no "
            "other option but --write."
        )
    if status and again:
        raise UsageError("Ask for one of --status and --resend at a time.")
    if install:
        if session.as_json:
            raise UsageError("--install shows what a timer reads; it has no --json.")
        check_names(session, names or (), to or ())
        words = ("digest", *_words(names or (), to or (), offline=offline))
        import_module(INSTALL).install(session, install, words, write=write)
        return 0
    if status:
        show = import_module(STATUS).show_status
        return int(show(session, names or (), offline=offline))
    if again:
        return _resend(session)
    wanted = Wanted(
        names=tuple(names or ()),
        every=every,
        since=_past(since),
        to=tuple(to or ()),
        offline=offline,
        dry=dry_run,
    )
    if not dry_run:
        return _give(session, run_digest(session, wanted, _now))
    with dry_workspace(session) as real:
        return _give(session, run_digest(session, wanted, _now, folder=real.root))


def _now() -> datetime:
    return datetime.now(UTC)


def _past(since: str) -> str:
    """Return the day that `--since` names; "" when it was not given.

    Raises:
        UsageError: it is no date, or lies in the future.
    """
    bound = parse_bound(since)
    if bound > f"{_now():%Y/%m/%d}":
        raise UsageError(f"--since {since} lies in the future; nothing is new yet.")
    return bound


def _words(names: Sequence[str], to: Sequence[str], *, offline: bool) -> list[str]:
    """Return the words by which a timer asks for the same."""
    channels = [word for name in to for word in ("--to", name)]
    return [*names, *channels, *(["--offline"] if offline else [])]


def _resend(session: Session) -> int:
    """Hand over what waits; return the exit status."""
    made = resend(session, _now)
    if not (session.as_json or any(made)):
        session.say("Nothing waits to be handed over.")
        return 0
    return _give(session, made)


def _give(session: Session, made: Made) -> int:
    """Show what came of a run; return the exit status."""
    if session.as_json:
        session.write(import_module(RUN).render_run_json(*made))
    elif made.digest is not None and not session.asked.get("quiet"):
        import_module(TERMINAL).print_digest(made.digest, session.out)
    if session.asked.get("quiet") and not session.as_json:
        for line in import_module(RUN).say_failed(made.digest, made.problems):
            session.complain(line)
    elif not session.as_json:
        for line in import_module(RUN).say_run(*made):
            session.say(line)
    return NOT_ALL if made.partial else 0

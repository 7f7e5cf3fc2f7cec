"""The command line: one module a command, one place where errors become sentences.

A command's module is imported when the command is used, so `assay --help` stays quick.
"""

import gc
import io
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import typer

from assay.cli.frame import build_group
from assay.cli.session import ERROR, INTERRUPTED, USAGE, Session
from assay.errors import AssayError, UsageError

RUBBISH = (50_000, 20, 100)
"""After how many new values Python looks for rings of them that nobody holds. Records
are frozen trees without rings; by Python's own 700 a check takes a twentieth longer, in
the same memory."""

COMMANDS = {
    "check": ("assay.cli.check", "Test an article's claims against the research."),
    "search": (
        "assay.cli.search",
        "Ask PubMed and other sources; list what they have.",
    ),
    "digest": (
        "assay.cli.digest",
        "Tell what is new on saved queries, and which verdicts moved.",
    ),
    "show": ("assay.cli.show", "Show one record, all of it."),
    "queries": ("assay.cli.queries", "List, show, add, remove and lint saved queries."),
    "library": (
        "assay.cli.library",
        "Say what lies in the library; add to it, export it.",
    ),
    "bundle": ("assay.cli.bundle", "Pack what a report rests on into one file."),
    "replay": (
        "assay.cli.replay",
        "Repeat a bundle; say whether it comes out the same.",
    ),
    "watch": ("assay.cli.watch", "Watch an article's claims for a change of verdict."),
    "history": ("assay.cli.history", "Draw a watched claim's verdict over time."),
    "retractions": (
        "assay.cli.retractions",
        "Check a bibliography for retractions and other notices.",
    ),
    "related": ("assay.cli.related", "Follow references and citations one step."),
    "serve": (
        "assay.cli.serve",
        "Serve the records at hand to programs written for PubMed.",
    ),
    "cache": ("assay.cli.cache", "Say what is kept on disk; clear it."),
}
"""Every command: the module whose `app` it is, and its line in `assay --help`."""

_MISTAKE: type[Exception] = typer.BadParameter.__mro__[1]
"""typer's error for words on the command line that it cannot place."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status (docs/reference/exit-status.md)."""
    words = list(sys.argv[1:] if argv is None else argv)
    options = words[: words.index("--")] if "--" in words else words
    if "--no-color" in options:
        os.environ["NO_COLOR"] = "1"  # also for the help texts, which typer prints
    with Session() as session:
        try:
            return _run(words, session)
        except BrokenPipeError:  # the reader of a pipe had enough, which is no error
            session.mute()
            return 0
        except Exception as error:
            status = _report(error, options, session)
            with suppress(Exception):  # what is wrong was told
                session.resources.close()
            session.mute()
            return status


def entry() -> None:
    """Start from the console script."""
    if sys.stdout is None or sys.stderr is None:  # closed by who started assay
        nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # files and pipes hold UTF-8
            known = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=known, errors="backslashreplace")
    gc.set_threshold(*RUBBISH)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _run(words: list[str], session: Session) -> int:
    try:
        outcome = build_group(COMMANDS).main(
            args=words or ["--help"],
            prog_name="assay",
            obj=session,
            standalone_mode=False,
        )
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        outcome = INTERRUPTED
    if outcome == INTERRUPTED:
        session.complain(
            "assay: interrupted. What was done so far is kept; run the same command "
            "again to go on."
        )
    session.resources.close()  # here, where what goes wrong becomes a sentence
    return outcome if isinstance(outcome, int) else 0


def _report(error: Exception, options: list[str], session: Session) -> int:
    """Tell the person what stopped the run; return the exit status."""
    known = _as_known(error)
    status = USAGE if isinstance(known, UsageError) else ERROR
    if "--debug" in options:
        session.complain("".join(traceback.format_exception(error)).rstrip())
    session.complain(f"assay: {known}")
    if "--json" in options:
        output = import_module("assay.output.json")  # most runs need it not, or later
        with suppress(OSError):  # which may be the very error
            session.write(session.hide(output.render_error_json(known, status)))
    return status


def _as_known(error: Exception) -> AssayError:
    """Return the error as one of the project's own, whose text is for people."""
    if isinstance(error, AssayError):
        return error
    if isinstance(error, _MISTAKE):
        said = getattr(error, "format_message", error.__str__)().rstrip(".")
        command = getattr(getattr(error, "ctx", None), "command_path", "assay")
        end = "" if said.endswith("?") else "."
        return UsageError(f"{said}{end} `{command} --help` tells what there is.")
    if isinstance(error, OSError) and error.strerror:
        place = f": {error.filename}" if error.filename else ""
        return AssayError(f"{error.strerror}{place}.")
    return AssayError(
        f"something went wrong inside assay ({type(error).__name__}: {error}). "
        "That is a fault of ours: run the same command with --debug and report it."
    )

"""What makes this machine call `assay digest`: shown, or put in place."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from assay.cli.session import Session
from assay.edge.files import write_atomically
from assay.edge.workspace import Workspace
from assay.errors import AssayError, UsageError
from assay.output.timers import (
    put_cron,
    render_cron,
    render_github,
    render_systemd,
    unit_of,
)

KINDS = ("cron", "systemd", "github")
"""What `--install` takes."""
WORKFLOW = Path(".github/workflows/assay-digest.yml")
"""In the workspace."""
PATIENCE = 20.0
"""Seconds that crontab and systemctl may take."""


def install(session: Session, kind: str, words: Sequence[str], *, write: bool) -> None:
    """Show what calls `assay digest` with these words every hour, or put it in place.

    Raises:
        UsageError: there is no such kind, or the workspace's name cannot be written
            into it.
        AssayError: it could not be put in place; says what to do by hand.
    """
    if kind not in KINDS:
        raise UsageError(f"--install takes one of {', '.join(KINDS)}.")
    root = str(session.workspace.root)
    if any(not char.isprintable() for char in root):
        raise UsageError(
            "The workspace's path holds a line break or another sign that no timer "
            "can hold; name another folder with --workspace."
        )
    command = (*program(), "--workspace", root, *words, "--quiet")
    shown = _show(kind, command, root, words)
    if not write:
        session.write(shown)
        return
    writers = {"cron": _write_cron, "systemd": _write_systemd, "github": _write_github}
    session.write(writers[kind](session.workspace, command, words))


def program() -> tuple[str, ...]:
    """Return the words that start this very assay, wherever it is called from."""
    found = Path(sys.argv[0])
    if found.name.startswith("assay") and found.is_file():
        return (str(found.resolve().parent / found.name),)
    return (sys.executable, "-m", "assay")


def _show(kind: str, command: Sequence[str], root: str, words: Sequence[str]) -> str:
    if kind == "cron":
        return render_cron(command, root)
    if kind == "github":
        return render_github(words)
    units = render_systemd(command, root)
    parts = [f"# {_units()}/{name}\n{text}" for name, text in units.items()]
    return (
        "\n".join(parts) + f"\n# systemctl --user enable --now {unit_of(root)}.timer\n"
    )


def _write_cron(
    workspace: Workspace, command: Sequence[str], _words: Sequence[str]
) -> str:
    root = str(workspace.root)
    if not shutil.which("crontab"):
        raise AssayError(
            "There is no program crontab on this machine; install cron, or use "
            "--install systemd."
        )
    held = _run(["crontab", "-l"])
    if held.returncode and "no crontab" not in held.stderr.lower():
        raise AssayError(
            f"crontab -l failed ({_said(held)}); nothing was changed. Put the lines in "
            "by hand: run the same command without --write."
        )
    table = held.stdout if held.returncode == 0 else ""
    done = _run(["crontab", "-"], put_cron(table, render_cron(command, root), root))
    if done.returncode:
        raise AssayError(
            f"crontab refused the lines ({_said(done)}); run the same command without "
            "--write and put them in by hand."
        )
    return (
        "cron calls assay digest every hour now; `crontab -l` shows it, "
        "`crontab -e` changes it.\n"
    )


def _units() -> Path:
    """Return the folder of a person's own units (systemd.unit(5))."""
    base = os.environ.get("XDG_CONFIG_HOME", "")
    home = Path(base) if Path(base).is_absolute() else Path.home() / ".config"
    return home / "systemd" / "user"


def _write_systemd(
    workspace: Workspace, command: Sequence[str], _words: Sequence[str]
) -> str:
    root = str(workspace.root)
    for name, text in render_systemd(command, root).items():
        _write(_units() / name, text)
    enable = ["systemctl", "--user", "enable", "--now", f"{unit_of(root)}.timer"]
    written = f"Written to {_units()}: {unit_of(root)}.service and .timer.\n"
    if shutil.which("systemctl"):
        _run(["systemctl", "--user", "daemon-reload"])
        if not _run(enable).returncode:
            return f"{written}systemd calls assay digest every hour now.\n"
    return f"{written}systemd was not reached; to start it: {' '.join(enable)}\n"


def _write_github(
    workspace: Workspace, _command: Sequence[str], words: Sequence[str]
) -> str:
    path = workspace.root / WORKFLOW
    _write(path, render_github(words))
    return (
        f"Written to {path}. Commit it; set the secrets that it names in the "
        "repository's settings.\n"
    )


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise AssayError(f"{path} cannot be written: {error.strerror}.") from error


def _run(command: Sequence[str], given: str = "") -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            command,
            input=given,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AssayError(
            f"{command[0]} could not be run ({type(error).__name__}); run the same "
            "command without --write and follow what it shows."
        ) from error


def _said(done: "subprocess.CompletedProcess[str]") -> str:
    return (done.stderr or done.stdout).strip()[:200] or f"status {done.returncode}"

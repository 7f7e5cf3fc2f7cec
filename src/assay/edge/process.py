"""Which process this is, and whether another one on this machine still lives."""

import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")


class Process(NamedTuple):
    """A process, so that it is never taken for a later one with its number."""

    host: str
    """Name of its machine."""
    pid: int
    born: str = ""
    """When it started, in the system's ticks; "" where the system does not tell."""
    boot: str = ""
    """Id of the machine's last start; "" where the system does not tell."""
    space: str = ""
    """Id of the space its number counts in: a container has its own; "" likewise."""


def this_process() -> Process:
    """Return the process that asks."""
    pid = os.getpid()
    return Process(
        host=socket.gethostname(),
        pid=pid,
        born=_read_stat(pid)[1],
        boot=_read_boot(),
        space=_read_space(),
    )


def count_processors() -> int:
    """Return how many processors this process may use, 1 or more."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def is_gone(process: Process, me: Process) -> bool:
    """Tell whether a process has surely ended; False where `me` cannot know."""
    if process.host != me.host:
        return False
    if process.boot and me.boot and process.boot != me.boot:
        return True
    return process.space == me.space and not _lives(process)


def _lives(process: Process) -> bool:
    """Tell whether a process of this machine and space lives; True if not known."""
    if os.name == "nt":  # where os.kill with 0 is no question, but interrupts
        return True
    if process.pid < 1:  # which would ask about whole groups of processes
        return False
    try:
        os.kill(process.pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # somebody else's lives too
        pass
    state, born = _read_stat(process.pid)
    if state in {"Z", "X"}:  # ended, and nobody has asked for its status yet
        return False
    return not (born and process.born and born != process.born)


def _read_stat(pid: int) -> tuple[str, str]:
    """Return state and start of a process after proc(5); "" where it is not told."""
    try:
        text = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return "", ""
    fields = text.rpartition(")")[2].split()  # a program's name may hold anything
    return (fields[0], fields[19]) if len(fields) > 19 else ("", "")


def _read_boot() -> str:
    try:
        return (PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _read_space() -> str:
    with suppress(OSError):
        return os.readlink(PROC / "self/ns/pid")  # noqa: PTH115 -- a name, no file
    return ""

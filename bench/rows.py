"""What every part of the table gives: rows; and how a command is measured."""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Row(NamedTuple):
    """One figure of the table."""

    part: str
    """parse, ingest, store, fetch, query, check, digest or live."""
    who: str
    """assay, or the name of the peer."""
    records: int
    """Size of the input."""
    value: float
    unit: str
    """E.g. "records/CPU s": more is better; or "ms CPU": less is."""
    cpu: float = 0.0
    """Processor seconds of the whole step, user and system: the median of the runs."""
    wall: float = 0.0
    """Seconds on the clock: the median of the runs."""
    memory: float = 0.0
    """Megabytes, the largest resident set of a process; 0 where not measured."""
    runs: int = 1
    note: str = ""
    """What is to be known to read it right."""


class Options(NamedTuple):
    """What is measured with."""

    real: Path | None
    """The folder of NLM's two files; None leaves out what needs them."""
    sizes: tuple[int, ...]
    """Records of the files that are made, the smallest first."""
    runs: int = 3
    peers: str = ""
    """The interpreter of an environment with the peers written in Python."""
    workspaces: tuple[Path, ...] = ()
    """Workspaces with larger mirrors, made before."""
    articles: tuple[Path, ...] = ()
    """Articles to check; () for the example that ships."""
    small: bool = False


class Taken(NamedTuple):
    """What a command took: medians of its runs."""

    cpu: float
    wall: float
    memory: float
    said: str
    """The standard output of the last run."""


def take(command: Sequence[str | Path], runs: int = 1) -> Taken | None:
    """Run a command some times; None when it fails."""
    found = [take_once(command) for _ in range(runs)]
    whole = [each for each in found if each is not None]
    if len(whole) < len(found):
        return None
    return median_of(whole)


def median_of(runs: Sequence[Taken]) -> Taken:
    """Return the medians of several runs."""
    cpu, wall, memory = (
        statistics.median(each[at] for each in runs) for at in range(3)
    )
    return Taken(cpu, wall, memory, runs[-1].said)


def take_once(command: Sequence[str | Path]) -> Taken | None:
    """Run a command; None when it fails."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            [*map(str, command)], stdout=output, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - start
        output.seek(0)
        said = output.read().decode(errors="replace")
    if process.returncode:
        return None
    cpu = usage.ru_utime + usage.ru_stime
    return Taken(cpu, wall, usage.ru_maxrss / 1024, said)

"""Runs of the digest in forked processes that die when they are told to.

A process of its own reads one order a line and forks for it: it has no threads, so
that forking is safe. An order says at which executed line of assay's own code the run
is killed (0: never; COUNT: never, but the lines are counted), and how many runs start
at once.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple

PARTS = ("digest", "edge", "cli", "output")
TRACED = tuple(f"{os.sep}assay{os.sep}{part}{os.sep}" for part in PARTS)
"""Folders whose lines are counted."""
COUNT = -1
OFTEN = 3
"""How often a line counts."""
MANY = 30
"""Calls of a function after which its lines are not looked at any more."""


class Ended(NamedTuple):
    """How one forked run ended."""

    killed: bool
    status: int
    """Exit status; 0 when it was killed."""
    said: Mapping[str, Any]
    """What it made: digest, holder, problems, lines, error; at: where it was killed."""


class Forks:
    """The process that forks."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def run(
        self, folder: Path, now: datetime, *, die_at: int = 0, together: int = 1
    ) -> tuple[Ended, ...]:
        """Make so many runs at once; each is killed at its `die_at`-th line."""
        order = {
            "folder": str(folder),
            "now": now.astimezone(UTC).isoformat(),
            "die_at": die_at,
            "together": together,
        }
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError("the process that forks has ended")
        return tuple(Ended(*each) for each in json.loads(answer))


@contextmanager
def open_forks(environ: Mapping[str, str]) -> Iterator[Forks]:
    """Start the process that forks, with this environment."""
    command = [sys.executable, "-m", "bench.digest.forks"]
    with subprocess.Popen(
        command,
        env={**os.environ, **environ},
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Forks(process)
        finally:
            process.kill()


# --- in the process that forks --------------------------------------------------------


class _Tracer:
    """Counts the lines of assay that are executed, and kills at one of them.

    A line counts the first `OFTEN` times only: else the loops that read JSON would be
    nearly all there is.
    """

    def __init__(self, die_at: int, out: int) -> None:
        self.die_at, self.out, self.lines = die_at, out, 0
        self.seen: Counter[tuple[CodeType, int]] = Counter()
        self.calls: Counter[CodeType] = Counter()

    def start(self) -> None:
        threading.settrace(self.call)
        sys.settrace(self.call)

    def call(self, frame: FrameType, _event: str, _arg: object) -> Any:
        code = frame.f_code
        self.calls[code] += 1
        if self.calls[code] > MANY:  # all its lines have been counted
            return None
        inside = any(part in code.co_filename for part in TRACED)
        return self.line if inside else None

    def line(self, frame: FrameType, event: str, _arg: object) -> Any:
        place = frame.f_code, frame.f_lineno
        if event == "line" and self.seen[place] < OFTEN:
            self.seen[place] += 1
            self.lines += 1
            if self.lines == self.die_at:
                at = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
                os.write(self.out, json.dumps({"at": at}).encode())
                os.kill(os.getpid(), signal.SIGKILL)
        return self.line


def _child(order: Mapping[str, Any], out: int) -> None:
    """Make one run and write what came of it."""
    from bench.digest.place import make_digest, quickly  # noqa: PLC0415

    moment = datetime.fromisoformat(order["now"])
    said: dict[str, Any] = {}
    tracer = _Tracer(order["die_at"], out)
    ticks = iter(range(1_000_000))

    def now() -> datetime:
        return moment + timedelta(milliseconds=next(ticks))

    try:
        with quickly():
            if tracer.die_at:
                tracer.start()
            made = make_digest(Path(order["folder"]), now)
            sys.settrace(None)
        said["digest"] = made.digest.number if made.digest else 0
        said["holder"] = str(made.holder or "")
        said["problems"] = [problem.what for problem in made.problems]
    except Exception as error:  # told to whoever gave the order
        said["error"] = f"{type(error).__name__}: {error}"
    sys.settrace(None)
    said["lines"] = tracer.lines
    os.write(out, json.dumps(said).encode())
    os._exit(1 if "error" in said else 0)


def _follow(order: Mapping[str, Any]) -> list[tuple[bool, int, Any]]:
    """Fork as often as told; return how each ended."""
    started = []
    for _ in range(order["together"]):
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read)
            with suppress(BaseException):
                _child(order, write)
            os._exit(2)
        os.close(write)
        started.append((pid, read))
    ended = []
    for pid, read in started:
        with os.fdopen(read, "rb") as pipe:
            said = pipe.read()
        _, status = os.waitpid(pid, 0)
        killed = os.WIFSIGNALED(status)
        code = 0 if killed else os.WEXITSTATUS(status)
        ended.append((killed, code, json.loads(said or b"{}")))
    return ended


def main() -> None:
    """Follow orders until there are none."""
    import bench.digest.place  # noqa: F401, PLC0415  (loaded once, for all forks)

    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a run prints is no answer
    for line in sys.stdin:
        print(json.dumps(_follow(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()

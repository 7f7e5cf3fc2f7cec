"""A real Dask cluster on this machine, for tests: a scheduler and worker processes."""

import os
import re
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent


class Cluster:
    """Processes that a test may kill."""

    def __init__(self, address, scheduler, workers):
        self.address, self.scheduler, self.workers = address, scheduler, workers


@contextmanager
def start_cluster(workers=2):
    """Give a cluster that listens on loopback; end it afterwards."""
    with ExitStack() as stack:
        scheduler = _start(stack, "scheduler", "--host", "127.0.0.1", "--port", "0")
        address = _wait_for(scheduler, r"Scheduler at: +(tcp://\S+)")
        started = [
            _start(stack, "worker", address, "--nthreads", "1", "--no-nanny")
            for _ in range(workers)
        ]
        for worker in started:
            _wait_for(worker, r"Registered to: +(\S+)")
        yield Cluster(address, scheduler, started)


def _start(stack, kind, *words):
    path = os.pathsep.join((str(ROOT), str(ROOT / "src")))
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            f"distributed.cli.dask_{kind}",
            *words,
            "--no-dashboard",
        ],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    stack.callback(_end, process)
    return process


def _end(process):
    process.kill()
    process.wait()
    process.stderr.close()


def _wait_for(process, pattern):
    for line in process.stderr:
        if found := re.search(pattern, line):
            return found[1]
    raise AssertionError(f"it ended with {process.wait()}")

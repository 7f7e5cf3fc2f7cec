"""What a digest costs: requests and memory of a quiet week, the bookkeeping of many."""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from tests.standin.living_records import Wish

from bench.digest.place import (
    environment,
    make_digest,
    quickly,
    set_environment,
    write_query,
    write_settings,
)
from bench.digest.services import serve_others

MOST_REQUESTS = 2.0
"""For each query of a quiet week."""
MOST_MB = 60
MOST_SECONDS = 10.0
MANY = 1_000
"""Queries whose bookkeeping is timed."""
QUIET = ("html", "atom")
"""The channels where nothing is said."""


class Ran(NamedTuple):
    """One process `assay digest` as it was."""

    status: int
    megabytes: float
    """Most memory that it had at a time."""
    seconds: float
    said: str


MEASURE = """
import json, os, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(pid, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), usage.ru_maxrss]), file=sys.stderr)
"""
"""Starts a process from a small one: Linux counts as a process's own memory what its
parent had when it was started."""


def run_fresh(folder: Path, *words: str) -> Ran:
    """Run `assay digest` in a process of its own, as a timer does."""
    command = [sys.executable, "-m", "assay", "--workspace", str(folder), "digest"]
    began = time.perf_counter()
    ran = subprocess.run(
        [sys.executable, "-S", "-c", MEASURE, *command, *words],
        capture_output=True,
        text=True,
        check=True,
    )
    told, _, measured = ran.stderr.rstrip().rpartition("\n")
    status, kilobytes = json.loads(measured)
    seconds = time.perf_counter() - began
    return Ran(status, kilobytes / 1024, seconds, ran.stdout + told)


@contextmanager
def serving(*words: str) -> Iterator[str]:
    """Serve PubMed from a process of its own; give its address."""
    command = [sys.executable, "-m", "tests.standin", "--port", "0", *words]
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout
            found = re.search(r"http://\S+", server.stdout.readline())
            assert found
            yield found[0]
        finally:
            server.terminate()


class Booked(NamedTuple):
    """The bookkeeping of one run over many queries."""

    queries: int
    processor: float
    """Seconds of processor time of the process that runs the digest."""
    wall: float


def time_bookkeeping(queries: int, folder: Path) -> tuple[Booked, ...]:
    """Time two runs, a week apart, of so many queries that find nothing."""
    with ExitStack() as stack:
        url = stack.enter_context(serving("--synthetic", "50"))
        others = stack.enter_context(serve_others())
        environ = environment({"eutils": url, **others}, folder / "data")
        stack.enter_context(set_environment(environ))
        stack.enter_context(quickly())
        for number in range(queries):
            write_query(folder, Wish(number))
        write_settings(folder, QUIET)
        booked = []
        for week in range(2):
            now = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=40 * week)
            wall, processor = time.perf_counter(), time.process_time()
            made = make_digest(folder, lambda now=now: now)
            assert made.digest is not None
            asked = len(made.digest.receipt.asked)
            used = time.process_time() - processor
            booked.append(Booked(asked, used, time.perf_counter() - wall))
        return tuple(booked)


def print_cost(queries: int = MANY) -> list[str]:
    """Measure and print the bookkeeping; return what is beyond its bounds."""
    wrong = []
    with tempfile.TemporaryDirectory(prefix="assay-cost-") as name:
        for number, booked in enumerate(time_bookkeeping(queries, Path(name)), 1):
            print(
                f"  run {number} over {booked.queries:,} queries, nothing new, a "
                f"stand-in that answers at once, no pace: {booked.processor:.1f} s of "
                f"this process (bound {MOST_SECONDS:g} s), {booked.wall:.1f} s in all"
            )
            if booked.processor > MOST_SECONDS:
                wrong.append(f"the bookkeeping took {booked.processor:.1f} s")
    return wrong


def print_quiet(folder: Path, requests: Sequence[object], queries: int) -> list[str]:
    """Run a week in which nothing is new, print its cost; return what is too much.

    folder: a workspace in which all was delivered. requests: the log of the stand-in
    for PubMed.
    """
    before = len(requests)
    ran = run_fresh(folder)
    each = (len(requests) - before) / queries
    print(
        f"  a quiet week of {queries} queries in a fresh process: {each:.2f} requests "
        f"a query (bound {MOST_REQUESTS:g}), {ran.megabytes:.0f} MB at most (bound "
        f"{MOST_MB} MB), {ran.seconds:.1f} s at PubMed's pace, exit {ran.status}"
    )
    wrong = [f"a quiet week ended with {ran.status}: {ran.said}"] if ran.status else []
    if each > MOST_REQUESTS:
        wrong.append(f"a quiet week took {each:.2f} requests a query")
    if ran.megabytes > MOST_MB:
        wrong.append(f"a quiet week took {ran.megabytes:.0f} MB")
    return wrong

"""How fast one search over five services goes, against the slowest one's own pace.

    python -m bench.search [--records 10000] [--latency 0.1] [--each] [--offline-only]

Each service is a stand-in in a process of its own, all serving the same generated
records, each answer after `latency`. `--records` is what is wanted from each source;
with --total it is what is wanted from all together. assay asks all five side by side,
at the paces that the services publish, records every answer and finds the duplicates.

- floor of a service: what its own pace alone costs. With n requests that start `pause`
  apart (or, for a list that is followed by cursor, each after the answer before it),
  the last answer cannot be there before. n is what this search made of it.
- ratio: the whole run against the highest of these floors.
- alone: the slowest service asked by itself, by the same code (--each).
- the second run: the same search again the same day: requests and credits it spent.
"""

import argparse
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from assay.edge.cache import Cache
from assay.edge.fetch import Fetcher
from assay.edge.pace import Pace
from assay.edge.services import Service, services_of
from assay.edge.settings import Settings
from assay.edge.side_by_side import run_side_by_side
from assay.library.dedupe import deduplicate
from assay.library.searching import search
from assay.search import Found, Query
from assay.sources import SOURCES

FIVE = ("pubmed", "europepmc", "openalex", "crossref", "clinicaltrials")
TERM = "sleep[tiab] OR kratom[tiab] OR study[ti]"
TARGET = 1.2
KEY = "k3y-of-nobody-at-all"
LISTS_TOGETHER = {"pubmed"}
"""Services whose requests may overlap; the others are followed by cursor."""

SERVE = """
import sys, time
name, records, latency = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
if name == "pubmed":
    from tests.standin import serve
    server = serve(synthetic=records, latency=latency)
else:
    from tests.standin.services import serve_service
    server = serve_service(name, synthetic=records, latency=latency)
with server as running:
    print(running.url, flush=True)
    time.sleep(3600)
"""


class Timed(NamedTuple):
    """One run."""

    found: Found
    seconds: float
    """Until every record was there."""
    sifted: float
    """Until the duplicates were found too."""


@contextmanager
def serving(name: str, records: int, latency: float) -> Iterator[str]:
    """Serve one source in a process of its own; give its address."""
    command = [sys.executable, "-c", SERVE, name, str(records), str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield re.search(r"http://\S+", server.stdout.readline())[0]
        finally:
            server.kill()


def services_at(urls: dict[str, str]) -> dict[str, Service]:
    """Return the services as a person with all keys has them, at these addresses."""
    settings = Settings(
        api_key=KEY, email="nobody@example.org", openalex_api_key=KEY,
        **{"eutils" if name == "pubmed" else name: url for name, url in urls.items()},
    )  # fmt: skip
    return {name: services_of(settings)[name] for name in urls}


def run(services: dict[str, Service], limit: int, folder: Path) -> Timed:
    """Make the search over these services and find the duplicates."""
    pace, cache = Pace(folder / "pace.db"), Cache(folder / "http.db")
    try:
        with Fetcher(list(services.values()), pace=pace, cache=cache) as fetcher:
            started = time.perf_counter()
            found = search(
                Query(text=TERM, limit=limit),
                [SOURCES[name] for name in services],
                fetcher,
                together=run_side_by_side,
            )
            seconds = time.perf_counter() - started
            works = deduplicate(found.records)
            sifted = time.perf_counter() - started
    finally:
        cache.close()
        pace.close()
    print(f"  {len(found.records):,} records, {len(works.merged):,} works")
    return Timed(found, seconds, sifted)


def floor_of(name: str, service: Service, requests: int, latency: float) -> float:
    """Return the least seconds in which so many requests can be answered."""
    pause = dict(service.pools).get("list", service).pause
    step = pause if name in LISTS_TOGETHER else max(pause, latency)
    return max(requests - 1, 0) * step + latency


def main() -> None:
    """Run the comparison and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--total", action="store_true", help="over all five together")
    parser.add_argument("--latency", type=float, default=0.1)
    parser.add_argument("--each", action="store_true", help="each by itself too")
    given = parser.parse_args()
    limit = given.records // len(FIVE) if given.total else given.records
    with ExitStack() as stack:
        enter = stack.enter_context
        urls = {n: enter(serving(n, limit, given.latency)) for n in FIVE}
        folder = Path(enter(tempfile.TemporaryDirectory()))
        report(services_at(urls), limit, given.latency, folder, each=given.each)


def report(
    services: dict[str, Service],
    limit: int,
    latency: float,
    folder: Path,
    *,
    each: bool,
) -> None:
    """Run everything and print the figures."""
    print(f"five services at once, {limit:,} records from each:")
    first = run(services, limit, folder)
    floors = {}
    for log in first.found.logs:
        floor = floor_of(log.source, services[log.source], log.requests, latency)
        floors[log.source] = floor
        print(
            f"  {log.source:>15}: {log.retrieved:6,} of {log.wanted:6,} records, "
            f"{log.requests:4} requests, {log.credits:5} credits, floor {floor:6.2f} s"
        )
    for problem in first.found.problems:
        print(f"  ! {problem.where}: {problem.what}")
    slowest = max(floors, key=floors.__getitem__)
    ratio = first.seconds / floors[slowest]
    print(
        f"  {first.seconds:.2f} s = {ratio:.2f} x the floor of {slowest} "
        f"(target {TARGET}); {first.sifted:.2f} s with the duplicates found"
    )
    if each:
        for name, service in services.items():
            (folder / name).mkdir()
            alone = run({name: service}, limit, folder / name)
            print(
                f"  {name} alone: {alone.seconds:.2f} s; all at once takes "
                f"{first.seconds / alone.seconds:.2f} x as long"
            )
    second = run(services, limit, folder)
    spent = sum(log.requests for log in second.found.logs)
    charged = sum(log.credits for log in second.found.logs)
    print(
        f"  again the same day: {second.seconds:.2f} s, {spent} requests, "
        f"{charged} credits"
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()

"""How fast 9,000 records come, against the pace's own floor and against two peers.

    python -m bench.fetch [--records 9000] [--latency 0.4] [--pymed PYTHON]

The stand-in serves generated records from a process of its own, each answer after
`latency`. Everybody asks with an API key, each at its own pace, and turns every record
into its own kind of value.

- floor: what the pace alone costs. With n requests whose starts are 0.11 s apart, the
  last answer cannot be there before (n - 1) x 0.11 s + latency. That the records cannot
  be asked for before the search has answered is not granted to the floor; the second
  figure ("waiting for the search") grants it.
- assay: search, overlapped fetching, parsing, every answer recorded on disk.
- Biopython's way (its tutorial): esearch with usehistory, then efetch by WebEnv in
  batches of the same size, one after the other, its own pause (0.1 s), `Entrez.read`;
  once more without reading the bytes, which shows its waiting alone.
- pymed-paperscraper's way: `PubMed().query(...)` as it is, 250 a request, one after the
  other, with its own sleeps; run by the interpreter given with --pymed (an environment
  that has it installed), left out otherwise. It knows no API key.
"""

import argparse
import math
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from Bio import Entrez

from assay.edge.cache import Cache
from assay.edge.fetch import Fetcher
from assay.edge.pace import Pace
from assay.edge.services import PAUSE_WITH_KEY, pubmed_service
from assay.record import Record
from assay.search import Query, SearchLog
from assay.sources import SOURCES
from assay.sources.pubmed import BATCHES, EUTILS

KEY = "invented-key"
TERM = "all[sb]"
TARGET = 1.15

PYMED = """
import sys, time, logging
import pymed_paperscraper.api as api
logging.disable(logging.CRITICAL)
api.BASE_URL = sys.argv[1].removesuffix("/entrez/eutils/")
started = time.perf_counter()
client = api.PubMed(tool="bench", email="nobody@example.org")
found = list(client.query(sys.argv[2], max_results=int(sys.argv[3])))
print(len(found), time.perf_counter() - started)
"""


@contextmanager
def serving(records: int, latency: float) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.standin", "--port", "0"]
    command += ["--synthetic", str(records), "--latency", str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield re.search(r"http://\S+", server.stdout.readline())[0]
        finally:
            server.terminate()


def run_assay(url: str, records: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        pace, cache = Pace(Path(folder, "pace.db")), Cache(Path(folder, "http.db"))
        service = pubmed_service(api_key=KEY, at=url)
        with Fetcher([service], pace=pace, cache=cache) as fetcher:
            query = Query(text=TERM, limit=records)
            found = list(SOURCES["pubmed"].search(query, fetcher))
        cache.close()
        pace.close()
    [log] = [each for each in found if isinstance(each, SearchLog)]
    assert not log.missing
    return sum(isinstance(each, Record) for each in found)


def run_biopython(records: int, *, read: bool) -> int:
    Entrez.email, Entrez.api_key, Entrez.tool = "nobody@example.org", KEY, "bench"
    found = Entrez.read(Entrez.esearch(db="pubmed", term=TERM, usehistory="y"))
    got = 0
    for start in range(0, records, BATCHES[0]):
        handle = Entrez.efetch(
            db="pubmed",
            retmode="xml",
            retstart=start,
            retmax=BATCHES[0],
            WebEnv=found["WebEnv"],
            query_key=found["QueryKey"],
        )
        body = handle.read() if not read else b""
        got += (
            len(Entrez.read(handle)["PubmedArticle"])
            if read
            else body.count(b"</PubmedArticle>")
        )
    return got


def redirect_biopython(url: str) -> None:
    """Make Bio.Entrez ask the stand-in: its addresses are fixed in its functions."""
    real = Entrez.urlopen

    def asking(request):
        request.full_url = request.full_url.replace(EUTILS, url)
        return real(request)

    Entrez.urlopen = asking


def run_pymed(url: str, records: int, python: str) -> int:
    command = [python, "-c", PYMED, url, TERM, str(records)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return int(said.split()[-2])


def timed(work: Callable[[], int]) -> tuple[float, float, int]:
    """Return wall seconds, CPU seconds of this process, and records."""
    wall, cpu = time.perf_counter(), time.process_time()
    got = work()
    return time.perf_counter() - wall, time.process_time() - cpu, got


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--records", type=int, default=9000)
    parser.add_argument("--latency", type=float, default=0.4)
    parser.add_argument("--repeat", type=int, default=3, help="runs of assay")
    parser.add_argument("--pymed", default="", help="a Python with pymed-paperscraper")
    parser.add_argument("--only-assay", action="store_true")
    given = parser.parse_args()
    requests = 1 + math.ceil(given.records / BATCHES[0])
    floor = (requests - 1) * PAUSE_WITH_KEY + given.latency
    ordered = (requests - 2) * PAUSE_WITH_KEY + 2 * given.latency
    print(f"{given.records} records, {BATCHES[0]} a request, {given.latency} s latency")
    print(f"floor: {requests} requests at {PAUSE_WITH_KEY} s = {floor:.2f} s")
    print(f"floor, waiting for the search: {ordered:.2f} s")
    with serving(given.records, given.latency) as url:
        redirect_biopython(url)
        run_assay(url, 1)  # the stand-in makes its index when first asked
        asked = (url, given.records)
        runs = [("assay", lambda: run_assay(*asked))] * given.repeat
        if not given.only_assay:
            read, raw = (
                lambda flag=flag: run_biopython(given.records, read=flag)
                for flag in (True, False)
            )
            runs += [("Biopython, Entrez.read", read), ("Biopython, bytes only", raw)]
        if given.pymed:
            python = given.pymed
            runs += [("pymed-paperscraper", lambda: run_pymed(*asked, python))]
        best = math.inf
        for name, work in runs:
            wall, cpu, got = timed(work)
            print(f"{name:24} {wall:7.2f} s  {cpu:6.2f} s CPU  {got} records", end="")
            print(f"  {wall / floor:6.2f} x floor ({wall / ordered:.2f})")
            best = min(best, wall / floor) if name == "assay" else best
    print(f"target {TARGET} x floor: {'reached' if best <= TARGET else 'missed'}")


if __name__ == "__main__":
    main()

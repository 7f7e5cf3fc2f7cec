"""A search of everything, killed again and again: it loses nothing but time."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from assay.edge.fetch import OVERLAP
from assay.sources.pubmed import BATCHES
from tests.standin import serve

COMMAND = [sys.executable, "-m", "assay", "search", "all[sb]", "--limit", "all"]
COMMAND += ["--source", "pubmed", "--log", "--json"]
DEADLINE = 300
"""Seconds after which a test gives up; none of them waits for time to pass."""
IDENTITY = {"api_key", "email", "tool"}


@pytest.fixture
def place(tmp_path):
    (tmp_path / "queries").mkdir()
    return tmp_path


def start(server, place):
    env = {**os.environ, "ASSAY_EUTILS": server.url, "NCBI_API_KEY": "k3y"}
    with (place / "out").open("wb") as out, (place / "err").open("wb") as err:
        return subprocess.Popen(COMMAND, cwd=place, env=env, stdout=out, stderr=err)


def asked(server):
    """Return the different requests so far: what is asked again counts once."""
    return {
        (r.program, *sorted(p for p in r.params.items() if p[0] not in IDENTITY))
        for r in list(server.requests)
    }


def kill_at(server, place, number, wait):
    """Run the search until so many different requests were made, then kill it."""
    end = time.monotonic() + DEADLINE
    with start(server, place) as running:
        while running.poll() is None and len(asked(server)) < number:
            assert time.monotonic() < end
            time.sleep(wait)
        running.send_signal(signal.SIGKILL)
    assert running.returncode == -signal.SIGKILL, "it was through before it was killed"


def run_to_the_end(server, place):
    """Run the search; return its log and the most memory that it had, in MB."""
    most = 0
    with start(server, place) as running:
        status = Path(f"/proc/{running.pid}/status")
        while running.poll() is None:
            if status.exists() and (said := status.read_text(encoding="utf-8")):
                found = re.search(r"VmHWM:\s*(\d+) kB", said)
                most = max(most, int(found[1]) // 1024 if found else 0)
            time.sleep(0.1)
    assert (running.returncode, (place / "err").read_bytes()) == (0, b"")
    return json.loads((place / "out").read_bytes()), most


def names_kept(place):
    """Return the PMIDs that the library has from PubMed, each as often as it has it."""
    sql = """SELECT key FROM identity JOIN provenance USING (id)
        WHERE source = 'pubmed' AND key LIKE 'pmid:%' ORDER BY key"""
    with closing(connect(place / "cache" / "library" / "records.db")) as library:
        return [key for (key,) in library.execute(sql)]


def kill_and_compare(place, *, kills, synthetic, busy_day, seed):
    """Kill a search so often, then let it end, and compare it with the truth."""
    chance = random.Random(seed)
    batches = -(-synthetic // BATCHES[0])
    began = time.monotonic()
    with serve(synthetic=synthetic, busy_day=busy_day) as server:
        moments = sorted(chance.uniform(0, 0.98) for _ in range(kills))
        for moment in moments:
            kill_at(server, place, 1 + int(moment * batches), chance.uniform(0, 0.2))
        run, memory = run_to_the_end(server, place)
        fetches, requests = server.count("efetch"), len(server.requests)
        different = len(asked(server))
        truth = {f"pmid:{pmid}" for pmid in server.pmids}
    [log] = run["logs"]
    assert (run["found"], run["sums"], run["problems"]) == (synthetic, [], [])
    assert log["count"] == log["count_after"] == log["retrieved"] == synthetic
    assert sum(part["listed"] for part in log["slices"]) == synthetic
    assert not log["difference"]
    assert names_kept(place) == sorted(truth)
    assert fetches <= batches + kills * OVERLAP, "what was fetched is not asked again"
    seconds = time.monotonic() - began
    return f"{seconds:.0f} s, {requests} requests ({different} different), {memory} MB"


def test_a_search_killed_three_times_ends_with_the_same_set(place):
    kill_and_compare(place, kills=3, synthetic=10_100, busy_day=0, seed=4)


@pytest.mark.long
def test_a_search_of_60_000_killed_twenty_times_ends_with_the_same_set(place, capsys):
    said = kill_and_compare(
        place, kills=20, synthetic=60_000, busy_day=12_000, seed=time.time_ns()
    )
    with capsys.disabled():
        print(f"\n60,000 records, 20 kills: {said}")  # noqa: T201

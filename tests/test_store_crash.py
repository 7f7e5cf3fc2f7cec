"""A process killed at any moment leaves a library with all that it had reported."""

import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assay.edge.index import open_index
from assay.edge.store import open_library
from tests.library_writer import record

WRITER = Path(__file__).parent / "library_writer.py"
SRC = Path(__file__).parent.parent / "src"


def write_and_kill(folder, first, after):
    """Run the writer for `after` seconds and kill it; return what it had reported."""
    environment = {**os.environ, "PYTHONPATH": str(SRC)}
    process = subprocess.Popen(
        [sys.executable, WRITER, folder, str(first)],
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    )
    time.sleep(after)
    process.kill()
    output, _ = process.communicate()
    whole = output.rpartition("\n")[0].splitlines()
    return [tuple(map(int, line.split())) for line in whole]


def check(folder, reported):
    """Assert that everything reported is there, found, and in order."""
    expected = {}
    for start, end, batch in reported:
        expected.update(dict.fromkeys(range(start, end), batch))
    with open_library(folder) as library:
        for number, batch in expected.items():
            kept = library.get(f"pmid:{90_000_000 + number}")
            # the batch that was being written when the kill came may be in as well
            assert kept == record(number, batch) or _later(kept, batch), number
        changes = list(library.since(0))
        assert len({change.seq for change in changes}) == len(changes)
        everything = {
            c.key for c in changes if c.record and "Record " in c.record.title
        }
        hits = open_index(folder, library).find([["tea"], ["batch*"]], limit=100_000)
        assert {hit.key for hit in hits} == everything
        last = [c for c in changes if c.record][-1].record
        words = last.abstract[0].text.split()[1] if last.abstract else "kratom"
        assert open_index(folder, library).find([[words]])
    with sqlite3.connect(folder / "records.db") as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    db.close()


def _later(kept, batch):
    return (
        kept is not None and int(kept.abstract[0].text.rpartition("batch")[2]) > batch
    )


def kill_many_times(folder, times, seed):
    """Kill writers at random moments, each going on where the last was killed."""
    moments = random.Random(seed)
    reported = []
    for turn in range(times):
        reported += write_and_kill(folder, turn * 100_000, moments.uniform(0.1, 0.6))
        check(folder, reported)
    assert reported, "no writer ever came so far as to report a batch"


def test_eight_kills_lose_nothing(tmp_path):
    kill_many_times(tmp_path, 8, seed=8)


@pytest.mark.long
def test_fifty_kills_lose_nothing(tmp_path):
    kill_many_times(tmp_path, 50, seed=50)
